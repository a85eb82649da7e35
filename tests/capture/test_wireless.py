"""IEEE 802.11 frames."""

import pytest

from collabtrace.capture.cursor import Cursor, Layer
from collabtrace.capture.wireless import frame, radiotap

LLC = b"\xaa\xaa\3\0\0\0\x08\0"


def header(first: int, second: int, length: int) -> bytes:
    return bytes([first, second]) + bytes(length - 2) + LLC


@pytest.mark.parametrize(
    ("first", "second", "length"),
    [(0x08, 0x01, 24), (0x08, 0x03, 30), (0x88, 0x02, 26), (0x88, 0x82, 30), (0x88, 0x03, 32)],
    ids=["to an access point", "between access points", "QoS", "HT control", "QoS between access points"],
)
def test_data_frames_lead_to_llc(first: int, second: int, length: int) -> None:
    packet = Cursor(header(first, second, length), 100)
    assert frame(packet) is Layer.LLC
    assert packet.at == length


@pytest.mark.parametrize(
    ("first", "second"),
    [(0x80, 0), (0xB4, 0), (0x48, 0), (0x08, 0x41)],
    ids=["beacon", "request to send", "no data", "encrypted"],
)
def test_other_frames_lead_nowhere(first: int, second: int) -> None:
    assert frame(Cursor(header(first, second, 24), 100)) is None


def test_several_frames_in_one_lead_nowhere() -> None:
    assert frame(Cursor(bytes([0x88, 1]) + bytes(22) + b"\x80\0" + LLC, 100)) is None


def test_radiotap_says_how_long_it_is() -> None:
    packet = Cursor(b"\0\0\x0a\0" + bytes(6) + header(0x08, 1, 24), 100)
    assert radiotap(packet) is Layer.LLC
    assert packet.at == 34


@pytest.mark.parametrize("size", [0, 3, 4, 12, 23])
def test_cut_frames_lead_nowhere(size: int) -> None:
    assert radiotap(Cursor(b"\0\0\4\0\x08\1".ljust(size, b"\0")[:size], size)) is None
    assert frame(Cursor(b"\x08\1".ljust(size, b"\0")[:size], size)) is None
