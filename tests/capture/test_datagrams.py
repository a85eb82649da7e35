"""Payloads one by one and column by column."""

from ipaddress import ip_address

import numpy as np

from collabtrace.capture.datagrams import TCP, UDP, Datagram, columns


def datagram(row: int, source: str, target: str, protocol: int = UDP) -> Datagram:
    ends = ip_address(source).packed, ip_address(target).packed
    return Datagram(row, *ends, protocol, 5060 << 16 | 5062, 100, 10, 12, 64, 46, 7, sequence=1, flags=2)


def test_versions_of_ip_stand_apart() -> None:
    mixed = [datagram(0, "192.0.2.1", "192.0.2.2"), datagram(1, "2001:db8::1", "2001:db8::2", TCP)]
    four, six = columns(mixed)
    assert (four.row.tolist(), six.row.tolist()) == ([0], [1])
    assert four.ends.tolist() == [0xC0000201C0000202]
    assert four.wide.shape == (0, 1)
    assert [*six.ends.tolist(), *six.wide[:, 0].tolist()] == [0x20010DB800000000, 1, 0x20010DB800000000, 2]
    assert four.kind.tolist() == [5060 << 32 | 5062 << 16 | UDP << 8 | 4]
    assert six.kind.tolist() == [5060 << 32 | 5062 << 16 | TCP << 8 | 6]


def test_no_payloads_have_no_columns() -> None:
    assert columns([]) == []


def test_payloads_can_be_taken_in_any_order() -> None:
    (four,) = columns([datagram(row, "192.0.2.1", "192.0.2.2") for row in range(3)])
    assert four.taken(np.array([2, 0])).row.tolist() == [2, 0]
