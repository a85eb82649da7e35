"""WebSocket connections (RFC 6455) rewritten frame by frame: the masks stay, what they cover is rewritten.

Messages in several frames and compressed ones become zeros: their length could not stay.
"""

from collections.abc import Callable

from collabtrace.capture.tcp import Piece
from collabtrace.protocols import sip
from collabtrace.redaction import sip_text
from collabtrace.redaction.text import Text

_FINAL, _COMPRESSED = 0x80, 0x40
_LONGEST = 1 << 20


class WebSocketTape:
    """One direction of one connection."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._bytes, self._base = bytearray(), 0

    def read(self, piece: Piece | None, put: Callable[[int, bytes], None]) -> None:
        """Take a piece of the stream, or its end."""
        if piece is None:
            return
        if piece.gap_before or len(self._bytes) > _LONGEST:
            self._bytes.clear()
        if not self._bytes:
            self._base = piece.position
        self._bytes += piece.data
        while (size := self._next(put)) and self._bytes:
            del self._bytes[:size]
            self._base += size

    def _next(self, put: Callable[[int, bytes], None]) -> int:
        """Write what the buffer begins with; its size, 0 while it is not whole."""
        if self._bytes[:4] == b"GET " or self._bytes[:5] == b"HTTP/":
            size = self._bytes.find(b"\r\n\r\n") + 4
            if size < 4:
                return 0
            put(self._base, sip_text.rewrite(bytes(self._bytes[:size]), self._text))
            return size
        return self._frame(put)

    def _frame(self, put: Callable[[int, bytes], None]) -> int:
        data = self._bytes
        if len(data) < 2:
            return 0
        extended = {126: 2, 127: 8}.get(data[1] & 0x7F, 0)
        size = int.from_bytes(data[2 : 2 + extended], "big") if extended else data[1] & 0x7F
        masked = bool(data[1] & 0x80)
        begin = 2 + extended + 4 * masked
        if len(data) < begin + size:
            return 0
        key = bytes(data[begin - 4 : begin]) if masked else bytes(4)
        plain = _masked(bytes(data[begin : begin + size]), key)
        whole = data[0] & (_FINAL | _COMPRESSED) == _FINAL and sip.starts(plain)
        written = sip_text.rewrite(plain, self._text) if whole else _without_text(plain)
        put(self._base, bytes(data[:begin]) + _masked(written, key))
        return begin + size


def _without_text(plain: bytes) -> bytes:
    """Keep-alives of SIP stay (RFC 7118 §6), everything else becomes zeros."""
    return bytes(len(plain)) if plain.strip(b"\r\n") else plain


def _masked(payload: bytes, key: bytes) -> bytes:
    """Put the mask of the client on, or take it off (§5.3)."""
    repeated = (key * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(len(payload), "big")
