"""IEEE 802.11 frames as monitor mode captures them, as far as they are not encrypted."""

from collabtrace.capture.cursor import Cursor, Layer

_DATA, _NO_DATA, _QOS = 0x08, 0x40, 0x80
"""Bits of the first octet of frame control: data frame, without data, with QoS (IEEE 802.11 §9.2.4.1)."""
_TYPE = 0x0C
_TO_AND_FROM, _PROTECTED, _HT_CONTROL = 0x03, 0x40, 0x80
"""Bits of the second octet: between access points, encrypted, with HT control."""
_AGGREGATED = 0x80
"""Bit of the QoS field: several frames in one (A-MSDU)."""


def frame(packet: Cursor) -> Layer | None:
    """A data frame; what it carries begins with an LLC header."""
    if not packet.holds(24):
        return None
    first, second = packet.number(0, 1), packet.number(1, 1)
    if first & (_TYPE | _NO_DATA) != _DATA or second & _PROTECTED:
        return None
    length = 30 if second & _TO_AND_FROM == _TO_AND_FROM else 24
    if first & _QOS:
        if packet.number(length, 1) & _AGGREGATED:
            return None
        length += 6 if second & _HT_CONTROL else 2
    packet.at += length
    return Layer.LLC


def radiotap(packet: Cursor) -> Layer | None:
    """A frame behind a radiotap header, whose length is little-endian."""
    if not packet.holds(4):
        return None
    packet.at += int.from_bytes(packet.data[packet.at + 2 : packet.at + 4], "little")
    return frame(packet)
