"""Framing of SIP in a byte stream (RFC 3261 §18.3): where each message begins and ends.

A message ends where its Content-Length says. RFC 3261 §20.14 demands that header in a stream; where it is missing
or no number, the body reaches to the next start line in the bytes at hand, as far as Wireshark takes it, and whoever
parses the message notes the flaw. Bytes that are no SIP, and what follows a gap, are skipped up to the next start line.
"""

import re
from typing import Generic

from collabtrace.protocols.framing import Mark
from collabtrace.protocols.grammar import TOKEN
from collabtrace.protocols.sip import usual

MOST_HEAD = 64 * 1024
"""Bytes of start line and headers; what is longer is no SIP."""
MOST_BODY = 1024 * 1024
"""Bytes of a body; a greater Content-Length is taken for none."""
MOST_LINE = 8 * 1024
"""Bytes of a start line."""
MOST_SLIP = 256
"""Bytes behind a message that may belong to its body."""

_TOKEN = TOKEN.encode()
_KNOWN = b"ACK|BYE|CANCEL|INFO|INVITE|MESSAGE|NOTIFY|OPTIONS|PRACK|PUBLISH|REFER|REGISTER|SUBSCRIBE|UPDATE"
_STATUS = rb"SIP/\d\.\d [1-6]\d\d[ \r\n]"
_BLANK = re.compile(rb"[\r\n\0]*+")
# Where a message must begin, a Request-URI with spaces is still a request; elsewhere only a start line without
# fault is one, and even within a line, behind the remains of a body, only if the method is a known one.
_EXPECTED = re.compile(rb"%b|%b [^\r\n]+ SIP/\d\.\d[ \t]*\r?\n" % (_STATUS, _TOKEN), re.IGNORECASE)
_AT_LINE_START = re.compile(rb"%b|%b [^ \r\n]++ SIP/\d\.\d\r?\n" % (_STATUS, _TOKEN))
_WITHIN_LINE = re.compile(rb"%b|(?:%b) [^ \r\n]++ SIP/\d\.\d\r?\n" % (_STATUS, _KNOWN))
_HEADER = re.compile(_TOKEN + rb"[ \t]*:")
_LENGTH = re.compile(rb"\n(?:content-length|l)[ \t]*:[ \t]*(?:\r?\n[ \t]+)?(\d{1,9})[ \t]*\r?\n", re.IGNORECASE)


class SipFramer(Generic[Mark]):
    """The messages of one direction of a connection; bytes go in by ``push``."""

    __slots__ = ("_buffer", "_given", "_lost", "_mark", "_needed", "_rest", "_scanned", "slips")

    def __init__(self) -> None:
        """Begin at the start of a message, or anywhere."""
        self._buffer = bytearray()
        self._mark: Mark | None = None
        """The greatest mark of the bytes in the buffer."""
        self._lost = False
        """Whether the next bytes may be the midst of a message."""
        self._needed = 0
        """Size of the message that the buffer begins with; 0 while its head is not whole."""
        self._scanned = 0
        """Position before which no head ends."""
        self._rest = 0
        """Position from which bytes have to be kept for the next ``push``."""
        self._given = 0
        """Messages so far."""
        self.slips: list[tuple[int, bytes]] = []
        """Lines that followed a message, by its number from 0, and are no SIP: the rest of a body that is longer than
        its Content-Length says."""

    def push(self, data: bytes, mark: Mark) -> list[tuple[bytes, Mark]]:
        """Take the bytes that follow and give the messages that are whole now, each with its greatest mark."""
        if not self._buffer and not self._lost and len(data) <= MOST_BODY and usual(data) is not None:
            self._rest, self._mark = len(data), mark
            self._given += 1
            return [(data, mark)]
        view: bytes | bytearray = data
        first = mark
        if self._buffer:
            view = self._buffer
            view += data
            if self._mark is not None and mark < self._mark:
                first = self._mark
        messages = []
        at = 0
        if len(view) >= self._needed:
            while (ends := self._message(view, at)) is not None:
                start, at = ends
                messages.append((bytes(view[start:at]), first))
                self._given += 1
                first = mark
            self._keep(view)
        self._mark = first
        return messages

    def gap(self) -> list[tuple[bytes, Mark]]:
        """Note that bytes are lost, or that the stream ended: a message whose head is whole is given as it is."""
        cut = [(bytes(self._buffer), self._mark)] if self._needed and self._mark is not None else []
        self._given += len(cut)
        self._buffer.clear()
        self._needed = self._scanned = 0
        self._lost = True
        return cut

    def _keep(self, view: bytes | bytearray) -> None:
        self._scanned = max(0, self._scanned - self._rest)
        if isinstance(view, bytearray):
            del view[: self._rest]
        else:
            self._buffer += view[self._rest :]

    def _message(self, view: bytes | bytearray, at: int) -> tuple[int, int] | None:
        """Where the next message begins and ends; None where more bytes are needed."""
        self._needed = 0
        while (start := self._start(view, at)) is not None:
            self._rest = start
            body = self._body(view, start)
            if body:
                return self._whole(view, start, body)
            if len(view) - start <= MOST_HEAD:
                break
            self._lost, at = True, start + 1
        return None

    def _whole(self, view: bytes | bytearray, start: int, body: int) -> tuple[int, int] | None:
        """The ends of the message that begins at *start* and whose body begins at *body*; None while it is cut."""
        written = _LENGTH.search(view, start, body)
        length = int(written[1]) if written else None
        if length is None or length > MOST_BODY:
            following = self._search(view, body)
            self._lost = following is None
            return start, len(view) if following is None else following
        if body + length > len(view):
            self._needed = body + length - start
            return None
        return start, body + length

    def _start(self, view: bytes | bytearray, at: int) -> int | None:
        """Where the next start line begins; None where it is not there, or not yet."""
        behind = at if self._given and not self._lost else None
        if not self._lost:
            blank = _BLANK.match(view, at)
            at = blank.end() if blank else at
            if _EXPECTED.match(view, at):
                return at
            if len(view) - at < MOST_LINE and view.find(b"\n", at) < 0:
                self._rest = at
                return None
            self._lost = True
        found = self._search(view, at)
        self._lost = found is None
        if behind is not None:
            self._note_slip(view, behind, found)
        return found

    def _note_slip(self, view: bytes | bytearray, at: int, found: int | None) -> None:
        """Keep what stands between a message and the next, as far as it is at hand and whole lines."""
        end = view.rfind(b"\n", at) + 1 if found is None else found
        if 0 < end - at <= MOST_SLIP:
            self.slips.append((self._given - 1, bytes(view[at:end])))

    def _search(self, view: bytes | bytearray, at: int) -> int | None:
        """The first start line from *at* that a header follows; None leaves the last two lines for the next try."""
        position = at
        while (found := view.find(b"SIP/", position)) >= 0:
            line = max(view.rfind(b"\n", position, found) + 1, position)
            end = view.find(b"\n", found) + 1
            if not end:
                break
            match = _AT_LINE_START.match(view, line, end) or _WITHIN_LINE.search(view, line, end)
            if match and _HEADER.match(view, end):
                return match.start()
            position = end
        last = view.rfind(b"\n", at)
        before = view.rfind(b"\n", at, max(last, at))
        self._rest = max(before + 1, at, len(view) - MOST_LINE)
        return None

    def _body(self, view: bytes | bytearray, start: int) -> int:
        """Where the body of the message begins; 0 while its head is not whole."""
        begin = max(start, self._scanned)
        end = view.find(b"\r\n\r\n", begin)
        bare = view.find(b"\n\n", begin, end if end >= 0 else len(view))
        if bare >= 0:
            return bare + 2
        if end >= 0:
            return end + 4
        self._scanned = max(start, len(view) - 3)
        return 0
