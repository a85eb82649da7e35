"""Both decoders give the same payloads, whatever the packets are."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture.chunks import MARGIN
from collabtrace.capture.cursor import Cursor
from collabtrace.capture.datagrams import Payloads, columns
from collabtrace.capture.decoder import Decoder
from collabtrace.capture.records import Records
from collabtrace.capture.shapes import usual
from collabtrace.testing.carriers import cooked, cooked2, erspan, ethernet, gre, gtpu, ppp, pppoe, pptp_gre
from collabtrace.testing.wire import Layer, fragments, ipv4, ipv6, tcp, udp

pytestmark = pytest.mark.usefixtures("both_ways")

ALICE, BOB = "192.0.2.1", "198.51.100.2"
ALICE6, BOB6 = "2001:db8::1", "2001:db8::2"
CALL, SEGMENT = udp(5060, 5062, b"OPTIONS"), tcp(5060, 40000, b"OPTIONS", sequence=7, options=b"\1\1\1\1")
FOUR, SIX = ipv4(ALICE, BOB, CALL, dscp=46, identification=9), ipv6(ALICE6, BOB6, SEGMENT, dscp=24, hop_limit=60)

USUAL = {
    "ethernet": (1, ethernet(FOUR)),
    "ethernet, IPv6": (1, ethernet(SIX)),
    "TCP": (1, ethernet(ipv4(ALICE, BOB, SEGMENT))),
    "UDP over IPv6": (1, ethernet(ipv6(ALICE6, BOB6, CALL))),
    "padded": (1, ethernet(FOUR) + bytes(11)),
    "VLAN": (1, ethernet(FOUR, vlans=[100])),
    "QinQ": (1, ethernet(SIX, vlans=[100, 200], tag_type=0x88A8)),
    "cooked": (113, cooked(FOUR)),
    "cooked 2": (276, cooked2(SIX)),
    "raw": (101, FOUR),
    "loopback": (0, b"\2\0\0\0" + FOUR),
    "loopback, big-endian": (108, b"\0\0\0\x1e" + SIX),
    "raw IPv6": (229, SIX),
}
TUNNELS = {
    "IP in IP": (1, ethernet(ipv4(ALICE, BOB, SIX))),
    "6in4 in a VLAN": (1, ethernet(ipv4(ALICE, BOB, SIX), vlans=[7])),
    "GRE": (1, ethernet(ipv4(ALICE, BOB, gre(FOUR)))),
    "GRE with key and number": (113, cooked(ipv6(ALICE6, BOB6, gre(FOUR, key=1, sequence=2)))),
    "Ethernet in GRE": (1, ethernet(ipv4(ALICE, BOB, gre(ethernet(SIX, vlans=[1, 2]))))),
    "ERSPAN I": (1, ethernet(ipv4(ALICE, BOB, erspan(ethernet(FOUR), version=1)))),
    "ERSPAN II": (1, ethernet(ipv4(ALICE, BOB, erspan(ethernet(FOUR, vlans=[3]), version=2)))),
    "ERSPAN III": (1, ethernet(ipv4(ALICE, BOB, erspan(ethernet(SIX), version=3)))),
    "GTP-U": (1, ethernet(ipv4(ALICE, BOB, udp(2152, 2152, gtpu(SIX))))),
    "GTP-U with number": (1, ethernet(ipv6(ALICE6, BOB6, udp(40000, 2152, gtpu(FOUR, sequence=4))))),
    "VXLAN": (1, ethernet(ipv4(ALICE, BOB, udp(40000, 4789, b"\x08" + bytes(7) + ethernet(FOUR))))),
    "GTP-U in ERSPAN": (1, ethernet(ipv4(ALICE, BOB, erspan(ethernet(ipv4(ALICE, BOB, udp(2152, 1, gtpu(FOUR)))))))),
}
UNUSUAL = {
    "options": (1, ethernet(ipv4(ALICE, BOB, CALL, options=b"\x94\x04\0\0"))),
    "fragment": (1, ethernet(fragments(FOUR, 8)[0])),
    "three tags": (1, ethernet(FOUR, vlans=[1, 2, 3])),
    "PPP in GRE": (1, ethernet(ipv4(ALICE, BOB, pptp_gre(ppp(FOUR))))),
    "a fragment in GRE": (1, ethernet(ipv4(ALICE, BOB, gre(fragments(FOUR, 8)[0])))),
    "PPPoE": (1, ethernet(pppoe(FOUR))),
    "loopback of an unknown family": (0, b"\3\0\0\0" + FOUR),
    "unknown link type": (147, FOUR),
}


SAMPLES = [*USUAL.values(), *TUNNELS.values(), *UNUSUAL.values()]


def records(packets: Sequence[tuple[int, bytes]], *, snaplen: int = 1 << 16) -> Records:
    kept = [packet[:snaplen] for _, packet in packets]
    lengths = np.array([len(packet) for packet in kept], np.int64)
    return Records(
        buffer=np.frombuffer(bytearray(b"".join(kept) + bytes(MARGIN)), np.uint8),
        first_frame=1,
        start=np.cumsum(lengths) - lengths,
        captured=lengths,
        wire=np.array([len(packet) for _, packet in packets], np.int64),
        time=np.arange(len(packets)),
        link=np.array([link for link, _ in packets], np.int32),
    )


def one_by_one(given: Records) -> list[Payloads]:
    decoder = Decoder("x.pcap")
    decoder.begin(len(given.buffer))
    for row in range(len(given)):
        start, captured = int(given.start[row]), int(given.captured[row])
        packet = Cursor(given.buffer[start : start + captured].tobytes(), int(given.wire[row]), start)
        decoder.decode(packet, int(given.link[row]), row=row, frame=row + 1, time=row)
    return columns(decoder.datagrams)


def rows(parts: Sequence[Payloads]) -> list[tuple[object, ...]]:
    return sorted(
        tuple(column[..., place].tolist() for column in part) for part in parts for place in range(len(part.row))
    )


def agree(given: Records) -> None:
    """What is decoded by columns is what is decoded one by one, and only what holds nothing is passed over."""
    found, left = usual(given, few=0)
    truth = rows(one_by_one(given))
    decoded = {row for part in found for row in part.row.tolist()}
    assert rows(found) == [row for row in truth if row[0] in decoded]
    assert {row[0] for row in truth} <= decoded | set(left.tolist())


@pytest.mark.parametrize("name", USUAL | TUNNELS)
def test_usual_packets_are_decoded_by_columns(name: str) -> None:
    given = records([(USUAL | TUNNELS)[name]])
    found, left = usual(given, few=0)
    assert len(left) == 0
    assert rows(found) == rows(one_by_one(given)) != []


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_packets_are_left(name: str) -> None:
    found, left = usual(records([UNUSUAL[name]]))
    assert found == []
    assert left.tolist() == [0]


def test_address_resolution_is_passed_over() -> None:
    found, left = usual(records([(1, ethernet(Layer(bytes(28), 0, 0x0806)))]), few=0)
    assert found == []
    assert len(left) == 0


def test_several_shapes_keep_their_rows() -> None:
    agree(records([*SAMPLES, *SAMPLES[::-1]]))


@pytest.mark.parametrize("snaplen", range(0, 160, 5))
def test_cut_packets_are_decoded_alike(snaplen: int) -> None:
    agree(records(SAMPLES, snaplen=snaplen))


@given(st.lists(st.tuples(st.sampled_from(SAMPLES), st.integers(0, 120), st.integers(0, 255)), min_size=1, max_size=20))
def test_damaged_packets_are_decoded_alike(damages: list[tuple[tuple[int, bytes], int, int]]) -> None:
    packets = []
    for (link, packet), at, value in damages:
        broken = bytearray(packet)
        broken[at % len(broken)] = value
        packets.append((link, bytes(broken)))
    agree(records(packets))
