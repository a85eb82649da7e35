"""SCTP packets (RFC 9260): SIP in whole DATA chunks is rewritten, addresses are replaced, all other contents zeroed."""

from collections.abc import Callable

from collabtrace.capture.sctp import BEGINS, ENDS, UserMessage
from collabtrace.protocols import sip
from collabtrace.redaction import sip_text
from collabtrace.redaction.text import Text
from collabtrace.sessions.texts import Texts

_DATA, _INIT, _INIT_ACK, _SACK, _HEARTBEATS = 0, 1, 2, 3, (4, 5)
_WHOLE = BEGINS | ENDS
_FOUR, _SIX = 5, 6
"""Parameters of INIT with addresses."""
_POLYNOMIAL = 0x82F63B78
_HEADER = 12
ASSOCIATION = 8
"""Bytes of the header that tell the associations between two machines apart: ports and verification tag (§3.1)."""


def _table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _table()


def crc32c(data: bytes) -> int:
    """The checksum of RFC 9260 Appendix A, as it stands in the packet read as a little-endian number."""
    value = 0xFFFFFFFF
    for octet in data:
        value = value >> 8 ^ _TABLE[(value ^ octet) & 0xFF]
    return value ^ 0xFFFFFFFF


Fragment = Callable[[int, bytes], bytes]
"""What a fragment of a user message with that TSN becomes."""


def rewrite(data: bytes, wire: int, text: Text, fragment: Fragment) -> bytes:
    """One packet; its checksum is right again where it was right."""
    out = bytearray(data[:_HEADER]) + bytes(max(len(data) - _HEADER, 0))
    at = _HEADER
    while at + 4 <= len(data):
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        if size < 4:
            break
        chunk = data[at : at + size]
        out[at : at + len(chunk)] = _chunk(chunk, text, fragment)
        at += size + -size % 4
    out = out[: len(data)]
    if len(data) == wire >= _HEADER and _checksum(data) == data[8:12]:
        out[8:12] = _checksum(bytes(out))
    return bytes(out)


def _checksum(data: bytes) -> bytes:
    return crc32c(data[:8] + bytes(4) + data[12:]).to_bytes(4, "little")


def _chunk(chunk: bytes, text: Text, fragment: Fragment) -> bytes:
    kind, flags = chunk[0], chunk[1]
    if kind == _DATA:
        content = chunk[16:]
        if flags & _WHOLE != _WHOLE:
            return chunk[:16] + fragment(int.from_bytes(chunk[4:8], "big"), content)
        return chunk[:16] + message(content, text)
    if kind in (_INIT, _INIT_ACK):
        return chunk[:20] + _parameters(chunk[20:], text)
    return chunk if kind == _SACK else chunk[:4] + bytes(len(chunk) - 4)


def message(content: bytes, text: Text) -> bytes:
    """A whole user message."""
    return sip_text.rewrite(content, text) if sip.starts(content) else bytes(len(content))


class Messages:
    """The SIP messages of one file that came in fragments, written anew and kept until their packets are."""

    def __init__(self, text: Text) -> None:
        self._text, self._texts = text, Texts()
        self._fragments: dict[tuple[bytes, int], tuple[int, int]] = {}
        """Where what becomes of each fragment begins in the texts, and its bytes."""

    def add(self, key: bytes, message: UserMessage) -> None:
        """Take a message; *key* names the association's direction."""
        if message.fragments and sip.starts(message.data):
            at = self._texts.add(sip_text.rewrite(message.data, self._text))
            for tsn, size in message.fragments:
                self._fragments[key, tsn] = at, size
                at += size

    def fragment(self, key: bytes, tsn: int, data: bytes) -> bytes:
        """What a fragment becomes; zeros where it is of no SIP message that became whole."""
        at, size = self._fragments.get((key, tsn), (0, 0))
        return self._texts.read(at, size) if size == len(data) else bytes(len(data))

    def close(self) -> None:
        """Give the temporary space back."""
        self._texts.close()


def _parameters(data: bytes, text: Text) -> bytes:
    out, at = bytearray(len(data)), 0
    while at + 4 <= len(data):
        kind, size = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at + 2 : at + 4], "big")
        if size < 4:
            break
        value = data[at + 4 : at + size]
        out[at : at + 4] = data[at : at + 4]
        if kind == _FOUR and len(value) == 4:
            out[at + 4 : at + 8] = text.addresses.ipv4(value)
        elif kind == _SIX and len(value) == 16:
            out[at + 4 : at + 20] = text.addresses.ipv6(value)
        at += size + -size % 4
    return bytes(out[: len(data)])
