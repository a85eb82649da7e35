"""Telephone events in RTP: DTMF digits and hook flash (RFC 4733 §2.3)."""

import struct
from dataclasses import dataclass

from collabtrace.errors import ParseError

PAYLOAD = struct.Struct("!BBH")
END_BIT, RESERVED_BIT, VOLUME_MASK = 0x80, 0x40, 0x3F

DIGITS = "0123456789*#ABCD"
"""DTMF, by event code (RFC 4733 §3.2)."""
FLASH = 16


@dataclass(frozen=True, slots=True)
class TelephoneEvent:
    """One report of an event; a digit is reported many times while it lasts."""

    event: int
    """0 to 15 are ``DIGITS``, 16 is a hook flash."""
    end: bool
    """Whether the event is over."""
    volume: int
    """Power level of a tone, in -dBm0, 0 to 63."""
    duration: int
    """Since the event began, in timestamp units."""
    reserved: bool = False

    @property
    def digit(self) -> str | None:
        """The key pressed, ``flash`` for a hook flash, None for any other event."""
        return name(self.event)

    def __bytes__(self) -> bytes:
        flags = self.end * END_BIT | self.reserved * RESERVED_BIT | self.volume
        return PAYLOAD.pack(self.event, flags, self.duration)


def name(event: int) -> str | None:
    """The key of an event code, ``flash`` for a hook flash, None for any other event."""
    if event < len(DIGITS):
        return DIGITS[event]
    return "flash" if event == FLASH else None


def parse(data: bytes) -> TelephoneEvent:
    """Parse one payload; it has exactly four bytes."""
    if len(data) != PAYLOAD.size:
        raise ParseError(f"{len(data)} bytes are not the {PAYLOAD.size} of a telephone-event")
    event, flags, duration = PAYLOAD.unpack(data)
    return TelephoneEvent(event, bool(flags & END_BIT), flags & VOLUME_MASK, duration, bool(flags & RESERVED_BIT))
