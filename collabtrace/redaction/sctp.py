"""SCTP packets (RFC 9260): SIP in whole DATA chunks is rewritten, addresses are replaced, all other contents zeroed."""

from collections.abc import Callable

from collabtrace.protocols import sip
from collabtrace.redaction import sip_text
from collabtrace.redaction.text import Text

_DATA, _INIT, _INIT_ACK, _SACK, _HEARTBEATS = 0, 1, 2, 3, (4, 5)
_BEGINS, _ENDS, _WHOLE = 2, 1, 3
_TSN = 0xFFFFFFFF
_FOUR, _SIX = 5, 6
"""Parameters of INIT with addresses."""
_POLYNOMIAL = 0x82F63B78
_HEADER = 12


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
    """User messages in fragments (§6.9): TSNs from the one with the B bit to the one with the E bit."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._waiting: dict[tuple[bytes, int], tuple[int, bytes]] = {}
        self._written: dict[tuple[bytes, int], tuple[bytes, bytes]] = {}

    def feed(self, key: bytes, data: bytes) -> None:
        """Take the fragments of one packet; *key* names the association's direction."""
        at = _HEADER
        while at + 16 <= len(data):
            size = int.from_bytes(data[at + 2 : at + 4], "big")
            if size < 4:
                return
            if data[at] == _DATA and data[at + 1] & _WHOLE != _WHOLE:
                tsn = int.from_bytes(data[at + 4 : at + 8], "big")
                self._waiting[key, tsn] = data[at + 1] & _WHOLE, data[at + 16 : at + size]
                self._join(key, tsn)
            at += size + -size % 4

    def _join(self, key: bytes, tsn: int) -> None:
        """Write the message around a fragment, if it is whole."""
        first = tsn
        while (key, first) in self._waiting and not self._waiting[key, first][0] & _BEGINS:
            first = first - 1 & _TSN
        run = first
        parts = []
        while found := self._waiting.get((key, run)):
            parts.append(found[1])
            if found[0] & _ENDS:
                break
            run = run + 1 & _TSN
        else:
            return
        written, at = message(b"".join(parts), self._text), 0
        for number, part in enumerate(parts):
            place = key, first + number & _TSN
            self._written[place] = part, written[at : at + len(part)]
            del self._waiting[place]
            at += len(part)

    def fragment(self, key: bytes, tsn: int, data: bytes) -> bytes:
        """What a fragment becomes; zeros where its message never became whole."""
        part, written = self._written.get((key, tsn), (b"", b""))
        return written if part == data else bytes(len(data))


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
