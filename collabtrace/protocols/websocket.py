"""WebSocket connections taken apart into messages (RFC 6455), for SIP over WebSocket (RFC 7118).

One direction of a connection is an HTTP head (request or response) and then frames. Frames cannot be found
again in the midst of a stream, so after a gap the framer waits for a segment that begins with a plausible one.
"""

import re
import zlib
from typing import Generic, NamedTuple

from collabtrace.protocols.framing import Mark

MOST_HEAD = 64 * 1024
"""Bytes of the HTTP head."""
MOST_MESSAGE = 1024 * 1024
"""Bytes of a message; longer ones are passed over."""
MOST_INFLATED = 128 * 1024
"""Bytes that a compressed message may become; no SIP message is longer, and inflating costs time."""
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
"""Opcodes (§5.2)."""
FINAL, COMPRESSED, RESERVED, OPCODE = 0x80, 0x40, 0x30, 0x0F
"""Bits of a frame's first octet (§5.2; the second is RSV1, as RFC 7692 §6 uses it)."""

_UPGRADE = re.compile(rb"\nupgrade:[ \t]*websocket[ \t]*\r?\n", re.IGNORECASE)
_PROTOCOL = re.compile(rb"\nsec-websocket-protocol:[ \t]*([^\r\n]*)", re.IGNORECASE)
_FLUSHED = b"\0\0\xff\xff"
"""What a sender leaves out at the end of a compressed message (RFC 7692 §7.2.1)."""


class _Head(NamedTuple):
    """The fixed part of a frame."""

    first: int
    """The first octet: flags and opcode."""
    masked: bool
    payload: int
    """Where the payload begins."""
    length: int
    """Bytes of payload."""


class WebSocketFramer(Generic[Mark]):
    """The messages of one direction of a WebSocket connection; bytes go in by ``push``."""

    def __init__(self) -> None:
        """Begin at the HTTP head, or at any frame."""
        self.protocol: str | None = None
        """The Sec-WebSocket-Protocol header of the head: offered in a request, chosen in a response (``sip``)."""
        self.unreadable = 0
        """Messages that could not be inflated: the capture does not hold the whole connection."""
        self._buffer = bytearray()
        self._mark: Mark | None = None
        """The greatest mark of the message under way."""
        self._skip = 0
        """Bytes still to come of a frame that is too long to keep."""
        self._lost = True
        """Whether the next bytes may be the midst of a frame."""
        self._message: bytearray | None = None
        """What there is of the message under way."""
        self._compressed = False
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)

    def push(self, data: bytes, mark: Mark) -> list[tuple[bytes, Mark]]:
        """Take the bytes that follow and give the messages that are whole now, each with its greatest mark."""
        if self._lost and not (_is_http(data) or _is_plausible(data)):
            return []
        self._lost = False
        if self._skip:
            self._skip, data = max(0, self._skip - len(data)), data[self._skip :]
        self._mark = mark if self._mark is None or self._mark < mark else self._mark
        self._buffer += data
        messages = []
        while (frame := self._frame()) is not None:
            message = self._take(*frame)
            if message is not None:
                messages.append((message, self._mark))
            if self._message is None:
                self._mark = mark
        if not self._buffer and self._message is None:
            self._mark = None
        return messages

    def gap(self) -> list[tuple[bytes, Mark]]:
        """Note that bytes are lost; of what is under way nothing can be given."""
        self._lose()
        return []

    def _lose(self) -> None:
        self._buffer.clear()
        self._skip = 0
        self._lost = True
        self._message = self._mark = None

    def _frame(self) -> tuple[int, bytes] | None:
        """Take the first octet and the payload of the next frame out of the buffer; None while it is not whole."""
        if _is_http(self._buffer) and not self._handshake():
            return None
        if not self._buffer:
            return None
        if not _is_plausible(self._buffer):
            self._lose()
            return None
        head = _head(self._buffer)
        if head is None:
            return None
        end = head.payload + head.length
        if head.length > MOST_MESSAGE:
            self._skip = max(0, end - len(self._buffer))
            del self._buffer[:end]
            return head.first | FINAL, b""
        if end > len(self._buffer):
            return None
        payload = bytes(self._buffer[head.payload : end])
        if head.masked:
            payload = _unmasked(payload, bytes(self._buffer[head.payload - 4 : head.payload]))
        del self._buffer[:end]
        return head.first, payload

    def _handshake(self) -> bool:
        """Take the HTTP head out of the buffer; False while it is not whole, or upgrades nothing."""
        end = self._buffer.find(b"\r\n\r\n") + 4
        if end < 4:
            if len(self._buffer) > MOST_HEAD:
                self._lose()
            return False
        head = bytes(self._buffer[:end])
        if not _UPGRADE.search(head):
            self._lose()
            return False
        chosen = _PROTOCOL.search(head)
        self.protocol = chosen[1].decode("latin-1").strip() if chosen else None
        del self._buffer[:end]
        return True

    def _take(self, first: int, payload: bytes) -> bytes | None:
        """Add a frame to the message under way, and give the message that it ends (§5.4)."""
        opcode = first & OPCODE
        if opcode >= CLOSE:
            return None
        if opcode != CONTINUATION:
            self._message, self._compressed = bytearray(), bool(first & COMPRESSED)
        if self._message is None:
            return None
        self._message += payload
        if len(self._message) > MOST_MESSAGE:
            self._message = None
            return None
        if not first & FINAL:
            return None
        message, self._message = bytes(self._message), None
        return self._inflate(message) if self._compressed else message or None

    def _inflate(self, message: bytes) -> bytes | None:
        """Undo permessage-deflate (RFC 7692 §7.2.2), whose window goes on from message to message."""
        try:
            inflated = self._inflater.decompress(message + _FLUSHED, MOST_INFLATED)
        except zlib.error:
            inflated = b""
        if self._inflater.unconsumed_tail:
            inflated = b""
        if not inflated or self._inflater.eof:
            self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self.unreadable += not inflated
        return inflated or None


def _is_http(data: bytes | bytearray) -> bool:
    """Whether *data* begins like a request or a response, as far as it goes."""
    return bool(data) and (b"GET ".startswith(data[:4]) or b"HTTP/1.1 ".startswith(data[:9]))


def _is_plausible(data: bytes | bytearray) -> bool:
    """Whether *data* can begin with a frame: a known opcode, no reserved bits (§5.2), control frames short (§5.5)."""
    if not data or data[0] & RESERVED or data[0] & OPCODE not in (0, 1, 2, 8, 9, 10):
        return False
    return not data[0] & 0x08 or (bool(data[0] & FINAL) and (len(data) < 2 or data[1] & 0x7F < 126))


def _head(data: bytes | bytearray) -> _Head | None:
    """The fixed part of the frame at the beginning of *data*; None while it is not whole."""
    if len(data) < 2:
        return None
    extended = {126: 2, 127: 8}.get(data[1] & 0x7F, 0)
    masked = bool(data[1] & 0x80)
    payload = 2 + extended + 4 * masked
    if len(data) < payload:
        return None
    length = int.from_bytes(data[2 : 2 + extended], "big") if extended else data[1] & 0x7F
    return _Head(data[0], masked, payload, length)


def _unmasked(payload: bytes, key: bytes) -> bytes:
    """Undo the mask of the client (§5.3)."""
    repeated = (key * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(len(payload), "big")
