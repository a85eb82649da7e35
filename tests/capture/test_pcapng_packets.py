"""Packet blocks of pcapng, many at a time."""

import numpy as np
import pytest

from collabtrace.capture.pcapng_packets import Batch, Blocks
from collabtrace.capture.pcapng_section import Section
from collabtrace.capture.records import Damage, Notes
from collabtrace.capture.timestamps import NO_TIME
from collabtrace.capture.walk import Layout, walk
from collabtrace.testing.files import Pcapng

TIME = 1_700_000_000_123_456_000


def read(file: Pcapng, order: str = "<", *, cut: int = 0) -> tuple[Batch, Notes, Damage | None]:
    """Read all blocks behind the section header as one run."""
    data = file.finish()
    buffer = np.frombuffer(data[: len(data) - cut] + bytes(64), np.uint8)
    at = walk(buffer, len(data) - cut, 28, Layout(order, 4, 0, 12, 1 << 20, padding=4)).at
    notes = Notes()
    blocks = Blocks(buffer, at, Section(notes, order))
    return blocks.read(first_frame=1), notes, blocks.damage


@pytest.mark.parametrize("big_endian", [False, True])
def test_all_kinds_of_packet_blocks(big_endian: bool) -> None:
    file = Pcapng(big_endian=big_endian).interface(link_type=1).interface(link_type=101, snaplen=4)
    file.packet(TIME, b"enhanced", interface=1).obsolete_packet(TIME + 1000, b"obsolete", interface=1)
    file.simple_packet(b"simple")
    batch, _, damage = read(file, ">" if big_endian else "<")
    assert damage is None
    assert batch.captured.tolist() == [4, 4, 6]
    assert batch.wire.tolist() == [8, 8, 6]
    assert batch.time.tolist() == [TIME, TIME + 1000, NO_TIME]
    assert batch.link.tolist() == [101, 101, 1]
    assert np.diff(batch.start).tolist() == [36, 20]


def test_a_simple_packet_is_cut_at_the_snaplen() -> None:
    batch, _, _ = read(Pcapng().interface(snaplen=4).simple_packet(b"simple"))
    assert (batch.captured.tolist(), batch.wire.tolist()) == ([4], [6])


def test_comments_have_the_frame_they_are_about() -> None:
    file = Pcapng().interface().packet(TIME, b"a").packet(TIME, b"b", comment="here it breaks")
    assert read(file)[1].comments == ["frame 2: here it breaks"]


@pytest.mark.parametrize("big_endian", [False, True])
def test_drops_before_packets_are_added(big_endian: bool) -> None:
    file = Pcapng(big_endian=big_endian).interface().packet(TIME, b"a", drops=2).packet(TIME, b"b", drops=3)
    file.obsolete_packet(TIME, b"c", drops=4).obsolete_packet(TIME, b"d")
    assert read(file, ">" if big_endian else "<")[1].interfaces[0].lost() == 9


def test_what_the_interface_says_about_drops_comes_first() -> None:
    file = Pcapng().interface().packet(TIME, b"a", drops=2).statistics(TIME, dropped=1)
    assert read(file)[1].interfaces[0].lost() == 1


def test_damage_keeps_what_was_before_it() -> None:
    file = Pcapng().interface().packet(TIME, b"good")
    at = len(file.finish())
    batch, _, damage = read(file.block(6, b"\1" * 20).packet(TIME, b"lost"))
    assert len(batch.start) == 1
    assert damage == Damage(at, "its packet is longer than the block")


def test_a_packet_larger_than_any_is_damage() -> None:
    _, _, damage = read(Pcapng().interface().packet(TIME, bytes(262145)))
    assert damage
    assert damage.why == "no packet has more than 262144 bytes"


def test_the_direction_of_a_packet_is_passed_over() -> None:
    direction = bytes.fromhex("0200040001000000 00000000")
    packet = bytes(12) + b"\4\0\0\0" * 2 + b"abcd"
    batch, notes, damage = read(Pcapng().interface().block(6, packet + direction))
    assert (batch.captured.tolist(), notes.comments, damage) == ([4], [], None)
