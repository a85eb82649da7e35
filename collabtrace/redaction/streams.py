"""TCP streams rewritten message by message, and kept as patches.

A stream is put in order as everywhere, its messages are taken out, and each is written back where it stood, whatever
segments cut it. What is no message of a known protocol gets no patch and so becomes zeros.
"""

from collections.abc import Callable

from collabtrace.capture.tcp import Piece, TcpStreams
from collabtrace.protocols.bfcp_stream import BfcpFramer
from collabtrace.protocols.framing import Framer
from collabtrace.protocols.sip_stream import SipFramer
from collabtrace.redaction import media, payloads, sip_text, tls
from collabtrace.redaction.patches import Generations, Patches
from collabtrace.redaction.text import Text
from collabtrace.redaction.websockets import WebSocketTape
from collabtrace.sessions.detection import sniff

_LONGEST = 2 << 20
"""Bytes of a stream in which a message that is whole now began."""
_TPKT = 4

Put = Callable[[int, bytes], None]
"""Puts bytes at a position of the stream."""


class _Tape:
    """The bytes of a stream that may still be part of a message, with their position."""

    def __init__(self, framer: Framer[int], write: Callable[[bytes, Text], bytes], text: Text) -> None:
        self._framer, self._write, self._text = framer, write, text
        self._bytes, self._base = bytearray(), 0

    def read(self, piece: Piece | None, put: Put) -> None:
        """Take a piece, or the end of the stream."""
        if piece is None or piece.gap_before:
            self._place(self._framer.gap(), put)
            self._bytes.clear()
        if piece is None:
            return
        if not self._bytes:
            self._base = piece.position
        self._bytes += piece.data
        self._place(self._framer.push(piece.data, piece.frame), put)
        if len(self._bytes) > _LONGEST:
            self._drop(len(self._bytes) - _LONGEST // 2)

    def _place(self, messages: list[tuple[bytes, int]], put: Put) -> None:
        for message, _ in messages:
            at = self._bytes.find(message)
            if at >= 0:
                put(self._base + at, self._write(message, self._text))
                self._drop(at + len(message))

    def _drop(self, count: int) -> None:
        del self._bytes[:count]
        self._base += count


class _TlsTape:
    """The records of TLS; a record longer than what the capture holds of it stays zero."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._bytes, self._base = bytearray(), 0
        self._sealed = False
        self._skip = 0

    def read(self, piece: Piece | None, put: Put) -> None:
        if piece is None:
            return
        data = piece.data
        if piece.gap_before:
            self._bytes.clear()
            self._skip = 0
        if not self._bytes:
            passed = min(self._skip, len(data))
            self._skip -= passed
            self._base = piece.position + passed
            data = data[passed:]
        self._bytes += data
        while self._record(put):
            pass

    def _record(self, put: Put) -> bool:
        if len(self._bytes) < tls.HEADER:
            return False
        kind, size = self._bytes[0], int.from_bytes(self._bytes[3:5], "big")
        if not 20 <= kind <= 24 or self._bytes[1] != 3:
            self._bytes.clear()
            return False
        end = tls.HEADER + size
        if kind == 23 or self._sealed:
            put(self._base, bytes(self._bytes[: tls.HEADER]))
            self._skip = max(end - len(self._bytes), 0)
        elif len(self._bytes) < end:
            return False
        else:
            body = bytes(self._bytes[tls.HEADER : end])
            put(self._base, bytes(self._bytes[: tls.HEADER]) + tls.record(kind, body, self._text))
            self._sealed = kind == 20
        held = min(end, len(self._bytes))
        del self._bytes[:held]
        self._base += held
        return not self._skip


class _Simple:
    """Protocols of which every piece stands for itself."""

    def __init__(self, write: Callable[[bytes, Text], bytes], text: Text) -> None:
        self._write, self._text = write, text

    def read(self, piece: Piece | None, put: Put) -> None:
        if piece is not None and sniff(piece.data) != "unknown":
            put(piece.position, self._write(piece.data, self._text))


def _tape(name: str, text: Text) -> "_Tape | _TlsTape | _Simple | WebSocketTape":
    if name == "sip":
        return _Tape(SipFramer(), sip_text.rewrite, text)
    if name == "bfcp":
        return _Tape(BfcpFramer(), media.bfcp, text)
    if name == "websocket":
        return WebSocketTape(text)
    if name == "tls":
        return _TlsTape(text)
    if name == "stun":
        return _Simple(_stun, text)
    if name == "tpkt":
        return _Simple(lambda data, _: data[:_TPKT] + bytes(max(len(data) - _TPKT, 0)), text)
    return _Simple(payloads.message, text)


def _stun(data: bytes, text: Text) -> bytes:
    """STUN messages one behind another, with ChannelData between them (RFC 8656 §12.5)."""
    written = bytearray()
    while len(written) < len(data):
        rest = data[len(written) :]
        size = int.from_bytes(rest[2:4], "big") + (20 if rest[0] < 4 else 4)
        if rest[0] >= 4:
            size += -size % 4
        written += payloads.datagram(rest[:size], 0, 0, text) if size <= len(rest) else bytes(len(rest))
    return bytes(written)


class Streams:
    """The TCP flows of one file."""

    def __init__(self, text: Text, patches: Patches) -> None:
        self._text, self._patches = text, patches
        self._streams = TcpStreams()
        self._generations = Generations()
        self._tapes: dict[int, _Tape | _TlsTape | _Simple | WebSocketTape] = {}
        self._connections: dict[int, tuple[bytes, int]] = {}

    def feed(self, flow: int, key: bytes, frame: int, sequence: int, flags: int, data: bytes, wire: int) -> None:
        """Take one segment; *key* are the addresses and ports of its flow."""
        connection = self._generations.of(key, sequence, flags)
        if self._connections.get(flow, connection) != connection:
            self._end(flow)
        pieces = self._streams.feed(flow, frame, 0, sequence, flags, data, wire)
        self._connections[flow] = connection
        for piece in pieces:
            self._read(flow, piece)

    def _end(self, flow: int) -> None:
        for piece in self._streams.end(flow):
            self._read(flow, piece)
        if tape := self._tapes.pop(flow, None):
            tape.read(None, self._put(flow))

    def _read(self, flow: int, piece: Piece) -> None:
        tape = self._tapes.get(flow)
        if tape is None or isinstance(tape, _Simple):
            name = sniff(piece.data)
            if name == "unknown":
                return
            tape = self._tapes[flow] = _tape(name, self._text)
        tape.read(piece, self._put(flow))

    def _put(self, flow: int) -> Put:
        connection = self._connections[flow]
        return lambda position, data: self._patches.add(connection, position, data)

    def finish(self) -> None:
        """Write what is still under way at the end of the file."""
        for flow in list(self._connections):
            self._end(flow)
