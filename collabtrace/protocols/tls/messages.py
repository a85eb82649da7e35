"""Handshake messages and alerts (RFC 8446 §4 and §6, RFC 5246 §7; with the header of RFC 6347 §4.2.2 in DTLS)."""

import struct
from dataclasses import dataclass

from collabtrace.errors import ParseError
from collabtrace.protocols.tls.numbers import LEVELS, alert_name
from collabtrace.protocols.tls.vectors import Vectors, vector

HEADER = 4
"""Bytes of type and length before a handshake message."""
_DATAGRAM = struct.Struct("!HBHBH")
"""Message number, fragment offset and fragment length, behind type and length."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """One handshake message."""

    type: int
    body: bytes

    def __bytes__(self) -> bytes:
        return bytes([self.type]) + vector(3, self.body)


@dataclass(frozen=True, slots=True)
class Part:
    """A handshake message of DTLS, or a fragment of one."""

    type: int
    length: int
    """Bytes of the whole message."""
    number: int
    """Of the message: a retransmission has the same."""
    offset: int
    fragment: bytes

    def __bytes__(self) -> bytes:
        place = (self.number, self.offset >> 16, self.offset & 0xFFFF)
        head = bytes([self.type]) + self.length.to_bytes(3, "big")
        size = len(self.fragment)
        return head + _DATAGRAM.pack(*place, size >> 16, size & 0xFFFF) + self.fragment


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that is not encrypted."""

    level: int
    description: int

    @property
    def name(self) -> str:
        """``unknown_ca`` …"""
        return alert_name(self.description)

    def __bytes__(self) -> bytes:
        return bytes([self.level, self.description])


def take(data: bytes | bytearray, at: int = 0) -> tuple[Handshake | None, int]:
    """The handshake message that begins at *at*, None while it is not whole, and where it ends."""
    if len(data) < at + HEADER:
        return None, at + HEADER
    end = at + HEADER + int.from_bytes(data[at + 1 : at + HEADER], "big")
    return (Handshake(data[at], bytes(data[at + HEADER : end])) if len(data) >= end else None), end


def parts(data: bytes) -> list[Part]:
    """The handshake messages, or fragments of them, in one record of DTLS."""
    found = []
    reader = Vectors(data)
    while reader.more():
        kind, length, number, offset = reader.number(1), reader.number(3), reader.number(2), reader.number(3)
        fragment = reader.vector(3)
        if offset + len(fragment) > length:
            raise ParseError(f"a fragment ends at {offset + len(fragment)} of a message of {length} bytes")
        found.append(Part(kind, length, number, offset, fragment))
    return found


def alert(fragment: bytes) -> Alert:
    """The alert in a record that is not encrypted."""
    if len(fragment) != 2 or fragment[0] not in LEVELS:
        raise ParseError(f"{fragment[:8].hex(' ')} is no alert in the clear")
    return Alert(fragment[0], fragment[1])


def certificates(body: bytes) -> tuple[bytes, ...]:
    """The certificates of a Certificate message before TLS 1.3, the sender's own first (RFC 5246 §7.4.2)."""
    reader = Vectors(body)
    chain = Vectors(reader.vector(3))
    reader.end()
    found = []
    while chain.more():
        found.append(chain.vector(3))
    return tuple(found)
