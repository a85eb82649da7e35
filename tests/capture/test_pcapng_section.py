"""What pcapng files say about their interfaces and about themselves."""

import struct

import numpy as np
import pytest

from collabtrace.capture import pcapng_section as module
from collabtrace.capture.pcapng_section import INTERFACE, SECRETS, STATISTICS, Section, byte_order
from collabtrace.capture.records import InterfaceNotes, Notes
from collabtrace.testing.files import Pcapng

START = 28
"""Bytes of a section header without options."""


def bodies(data: bytes) -> list[tuple[int, bytes]]:
    """Type and body of each block behind the section header."""
    found, at = [], START
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        found.append((kind, data[at + 8 : at + length - 4]))
        at += length
    return found


def read(file: Pcapng) -> Notes:
    notes = Notes()
    section = Section(notes, "<")
    for kind, body in bodies(file.finish()):
        section.read(kind, body)
    return notes


def test_an_interface_is_described_by_its_options() -> None:
    file = Pcapng().interface(
        link_type=113, snaplen=96, name="eth0", capture_filter="udp port 5060", resolution=9, offset=-3600
    )
    assert read(file).interfaces == [
        InterfaceNotes(113, 96, resolution=9, shift=-3600, name="eth0", filter="udp port 5060")
    ]


def test_statistics_add_the_drops_of_interface_and_system() -> None:
    notes = read(Pcapng().interface().statistics(0, received=1000, dropped=3, system_dropped=4))
    assert (notes.interfaces[0].received, notes.interfaces[0].lost()) == (1000, 7)


def test_the_last_statistics_count() -> None:
    notes = read(Pcapng().interface().statistics(0, dropped=1).statistics(1, dropped=5).statistics(2, received=9))
    assert (notes.interfaces[0].received, notes.interfaces[0].lost()) == (9, 5)


def test_statistics_of_an_unknown_interface_say_nothing() -> None:
    notes = Notes()
    Section(notes, "<").read(STATISTICS, struct.pack("<III", 3, 0, 0))
    assert notes == Notes()


@pytest.mark.parametrize("kind", [INTERFACE, STATISTICS, SECRETS, 77])
@pytest.mark.parametrize("size", range(0, 24, 3))
def test_blocks_of_any_length_are_read(kind: int, size: int) -> None:
    notes = Notes([InterfaceNotes(1, 0)])
    if kind != INTERFACE or size >= 8:
        Section(notes, "<").read(kind, b"\1" * size)


def test_secrets_are_kept() -> None:
    assert read(Pcapng().secrets(b"CLIENT_RANDOM 0 0\n")).secrets == [(0x544C534B, b"CLIENT_RANDOM 0 0\n")]


def test_interfaces_are_described_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_INTERFACES", 2)
    assert len(read(Pcapng().interface().interface().interface()).interfaces) == 2


def test_each_interface_has_its_clock() -> None:
    notes = read(Pcapng().interface().interface(resolution=9, offset=10).interface(resolution=0x80 | 1))
    times = Section(Notes(), "<").times
    section = Section(notes, "<")
    section.first_interface = 0
    assert times(np.zeros(0, np.uint64), np.zeros(0, np.int64)).tolist() == []
    stamps = np.array([5, 5, 5], np.uint64)
    assert section.times(stamps, np.array([0, 1, 2])).tolist() == [5000, 10 * 10**9 + 5, 2_500_000_000]


@pytest.mark.parametrize(
    ("head", "order"),
    [
        (Pcapng().finish(), "<"),
        (Pcapng(big_endian=True).finish(), ">"),
        (Pcapng().finish()[:15], None),
        (b"\n\r\r\n" + bytes(12), None),
        (struct.pack("<IIIHH", 0x0A0D0D0A, 28, 0x1A2B3C4D, 2, 0), None),
    ],
)
def test_sections_are_recognised(head: bytes, order: str | None) -> None:
    assert byte_order(head) == order
