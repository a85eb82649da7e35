"""IP fragments put together."""

import random
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture import fragments as module
from collabtrace.capture.cursor import Cursor, Fragment
from collabtrace.capture.dissect import fields, find
from collabtrace.capture.fragments import TIMEOUT, Fragments
from collabtrace.capture.reader import open_capture
from collabtrace.testing.carriers import ethernet
from collabtrace.testing.files import pcap
from collabtrace.testing.wire import Layer, fragments, ipv4, ipv6, udp


def feed(
    fragments: Fragments, *pieces: tuple[int, bytes, bool], key: str = "a", time: int = 0, cut: int = 0
) -> list[bytes | None]:
    """Give pieces (offset, bytes, whether more follows) and hear what is whole after each; frames count from 1."""
    return [
        fragments.add(Cursor(data, len(data) + cut, source=ALICE), Fragment((key,), offset, more), frame, time)
        for frame, (offset, data, more) in enumerate(pieces, 1)
    ]


ALICE = bytes([192, 0, 2, 1])
FIRST, SECOND, THIRD = (0, b"aaaaaaaa", True), (8, b"bbbbbbbb", True), (16, b"ccc", False)
WHOLE = b"aaaaaaaabbbbbbbbccc"


@pytest.mark.parametrize("order", [(FIRST, SECOND, THIRD), (THIRD, FIRST, SECOND), (SECOND, THIRD, FIRST)])
def test_the_last_to_come_completes_the_packet(order: tuple[tuple[int, bytes, bool], ...]) -> None:
    assert feed(Fragments(), *order) == [None, None, WHOLE]


def test_repetitions_change_nothing() -> None:
    assert feed(Fragments(), FIRST, FIRST, SECOND, FIRST, THIRD)[-1] == WHOLE


def test_what_begins_earlier_wins_an_overlap() -> None:
    assert feed(Fragments(), (8, b"BBBBBBBBBBB", False), (0, b"aaaaaaaaaaaaaaaa", True))[-1] == b"a" * 16 + b"BBB"


def test_what_came_first_wins_the_same_place() -> None:
    assert feed(Fragments(), (8, b"bbbbbbbb", True), (8, b"xxxxxxxx", True), FIRST, THIRD)[-1] == WHOLE


def test_the_first_end_is_the_end() -> None:
    assert feed(Fragments(), (8, b"bb", False), (8, b"bbbb", False), FIRST)[-1] == b"aaaaaaaabb"


def test_packets_do_not_mix() -> None:
    fragments = Fragments()
    feed(fragments, FIRST, SECOND)
    assert feed(fragments, THIRD, key="b") == [None]
    assert feed(fragments, THIRD) == [WHOLE]


def test_an_identification_is_used_again_after_a_minute() -> None:
    fragments = Fragments()
    feed(fragments, (0, b"oldoldol", True))
    assert feed(fragments, FIRST, SECOND, THIRD, time=TIMEOUT + 1)[-1] == WHOLE
    assert fragments.flaw() == "1 fragmented IP packet lacks fragments, the first in frame 1"


def test_what_is_missing_is_counted() -> None:
    fragments = Fragments()
    feed(fragments, FIRST)
    feed(fragments, FIRST, key="b")
    assert fragments.flaw() == "2 fragmented IP packets lack fragments, the first in frame 1"


def test_the_remains_tell_what_came() -> None:
    fragments = Fragments()
    feed(fragments, THIRD, FIRST, time=5)
    feed(fragments, (8, b"bbbbbbbb", True), key="b", time=9)
    first, second = fragments.remains()
    assert (first.source, first.time, first.frames, first.fragments) == (ALICE, 5, (1, 2), 2)
    assert (first.head, first.stretches, first.total) == (b"aaaaaaaa", ((0, 8), (16, 19)), 19)
    assert (second.head, second.stretches, second.total) == (b"", ((8, 16),), None)


def test_a_packet_whose_fragments_were_all_cut_lacks_none_but_is_not_whole() -> None:
    fragments = Fragments()
    assert feed(fragments, (0, b"aaaa", True), (8, b"bb", True), cut=4) == [None, None]
    assert feed(fragments, (14, b"cc", False)) == [None]
    assert (fragments.remains(), fragments.whole) == ([], 1)


def test_a_cut_packet_that_lacks_fragments_says_so() -> None:
    fragments = Fragments()
    feed(fragments, (0, b"aaaa", True), cut=4)
    (remains,) = fragments.remains()
    assert (remains.cut, remains.head, remains.stretches) == (True, b"aaaa", ((0, 8),))


def test_the_beginnings_that_are_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_HEADS", 10)
    fragments = Fragments()
    for key in "abc":
        feed(fragments, FIRST, key=key)
    assert [each.head for each in fragments.remains()] == [b"aaaaaaaa", b"aa", b""]


def test_late_copies_lack_nothing() -> None:
    fragments = Fragments()
    feed(fragments, FIRST, SECOND, THIRD, THIRD)
    assert fragments.flaw() is None


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1000)
    fragments = Fragments()
    for number in range(100):
        feed(fragments, FIRST, key=str(number))
    assert feed(fragments, SECOND, THIRD, key="0")[-1] is None
    assert feed(fragments, SECOND, THIRD, key="99")[-1] == WHOLE


def test_a_packet_has_only_so_many_fragments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_PIECES", 4)
    assert feed(Fragments(), *[FIRST] * 4, SECOND, THIRD)[-1] is None


def test_of_a_flood_of_beginnings_the_first_are_kept_and_the_rest_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_REMAINS", 3)
    waiting = Fragments()
    for number in range(10):
        feed(waiting, FIRST, key=str(number))
    assert len(waiting.remains()) == 3
    assert waiting.flaw() == "10 fragmented IP packets lack fragments, the first in frame 1"


@given(st.binary(min_size=1, max_size=200), st.integers(1, 6), st.randoms(use_true_random=False))
def test_any_order_gives_the_packet(data: bytes, words: int, chance: random.Random) -> None:
    size = words * 8
    pieces = [(at, data[at : at + size], at + size < len(data)) for at in range(0, len(data), size)]
    chance.shuffle(pieces)
    assert feed(Fragments(), *pieces)[-1] == data


def overlapping(packet: Layer, identification: int, chance: random.Random) -> list[bytes]:
    """Fragments of a packet in any order, some repeated, some lying about what they overlap."""
    pieces = [bytearray(piece) for piece in fragments(packet, 8 * chance.randint(1, 3), identification=identification)]
    header = 20 if packet[0] >> 4 == 4 else 48
    for piece in chance.choices(pieces[:-1], k=chance.randint(0, 3)) if len(pieces) > 1 else []:
        copy = piece[:header] + bytes(chance.randint(0, 255) for _ in piece[header:])
        if chance.random() < 0.5:
            copy += bytes(8)
            at, length = (2, len(copy)) if header == 20 else (4, len(copy) - 40)
            struct.pack_into("!H", copy, at, length)
        pieces.append(copy)
    chance.shuffle(pieces)
    return [ethernet(Layer(bytes(piece), packet.protocol, packet.ethertype)) for piece in pieces]


@pytest.mark.skipif(find("tshark") is None, reason="tshark is not installed")
@pytest.mark.parametrize("version", [4, 6])
def test_overlaps_are_settled_as_tshark_does(tmp_path: Path, version: int) -> None:
    chance, frames = random.Random(version), []
    for identification in range(1, 200):
        call = udp(4000, 4001, bytes(chance.randint(0, 255) for _ in range(chance.randint(20, 60))))
        four, six = ipv4("192.0.2.1", "192.0.2.2", call), ipv6("2001:db8::1", "2001:db8::2", call)
        frames += overlapping(four if version == 4 else six, identification, chance)
    path = tmp_path / "x.pcap"
    path.write_bytes(pcap([(number * 10**6, frame) for number, frame in enumerate(frames)]))
    reader = open_capture(path)
    ours = [(str(packets.frame[row]), packets.payload(row).hex()) for packets in reader for row in range(len(packets))]
    assert ours == fields(path, "udp", ["frame.number", "udp.payload"])
    assert len(ours) > 150
