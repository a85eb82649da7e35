"""Five-tuples numbered in the order in which they appear."""

from ipaddress import ip_address

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture import flow_numbers as module
from collabtrace.capture.datagrams import TRANSPORTS, Datagram, columns
from collabtrace.capture.flow_numbers import FlowNumbers
from collabtrace.capture.packets import Flows

pytestmark = pytest.mark.usefixtures("both_ways")

Tuple = tuple[str, int, str, int, int]


def number(numbers: FlowNumbers, chunk: list[Tuple]) -> list[int]:
    """The flow of each five-tuple of a chunk."""
    datagrams = [
        Datagram(row, ip_address(source).packed, ip_address(target).packed, protocol, port << 16 | other, *[0] * 6)
        for row, (source, port, target, other, protocol) in enumerate(chunk)
    ]
    parts = columns(datagrams)
    order = np.argsort(np.concatenate([part.row for part in parts]))
    return [int(flow) for flow in np.concatenate(numbers.number(parts))[order]]


FOUR: Tuple = ("192.0.2.1", 5060, "198.51.100.2", 5062, 17)
BACK: Tuple = ("198.51.100.2", 5062, "192.0.2.1", 5060, 17)
SIX: Tuple = ("2001:db8::1", 5060, "2001:db8::2", 5061, 6)


def test_flows_are_numbered_in_the_order_of_the_packets() -> None:
    flows = Flows()
    numbers = FlowNumbers(flows)
    assert number(numbers, [SIX, FOUR, SIX, BACK]) == [0, 1, 0, 2]
    assert number(numbers, [BACK, ("192.0.2.1", 5060, "198.51.100.2", 5062, 132), FOUR]) == [2, 3, 1]
    assert flows.source == ["2001:db8::1", "192.0.2.1", "198.51.100.2", "192.0.2.1"]
    assert flows.source_port == [5060, 5060, 5062, 5060]
    assert flows.target == ["2001:db8::2", "198.51.100.2", "192.0.2.1", "198.51.100.2"]
    assert flows.target_port == [5061, 5062, 5060, 5062]
    assert flows.transport == ["tcp", "udp", "udp", "sctp"]


def test_every_part_of_the_address_counts() -> None:
    addresses = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "::c000:201"]
    pairs = [(source, 1, target, 1, 17) for source in addresses for target in addresses]
    assert number(FlowNumbers(Flows()), pairs) == list(range(16))


addresses = st.sampled_from(["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"])
tuples = st.tuples(addresses, st.integers(1, 6), addresses, st.integers(1, 3), st.sampled_from(sorted(TRANSPORTS)))
versions = tuples.filter(lambda each: (":" in each[0]) == (":" in each[2]))


@pytest.mark.parametrize("slot_bits", [1, 16], ids=["every slot shared", "hardly any slot shared"])
@given(chunks=st.lists(st.lists(versions, min_size=1, max_size=60), max_size=5))
def test_numbers_are_those_of_a_dictionary(slot_bits: int, chunks: list[list[Tuple]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_FEWEST_SLOT_BITS", slot_bits)
        patch.setattr(module, "_LEADER_BITS", slot_bits)
        numbers = FlowNumbers(Flows())
        truth: dict[Tuple, int] = {}
        for chunk in chunks:
            assert number(numbers, chunk) == [truth.setdefault(each, len(truth)) for each in chunk]


def test_tables_grow_with_the_flows() -> None:
    many = [("192.0.2.1", port % 60000, "192.0.2.2", port // 60000, 17) for port in range(70_000)]
    numbers = FlowNumbers(Flows())
    assert number(numbers, many) == list(range(70_000))
    assert number(numbers, many[::-1]) == list(range(70_000))[::-1]
