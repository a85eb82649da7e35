"""SIP messages (RFC 3261), read from the bytes of a datagram or of one framed message of a stream.

A message is read leniently: whatever begins like SIP becomes a ``Message``, and what is wrong with it
is noted in ``flaws``, in plain words. This is the hot path of a capture full of signalling, so the
lines and values that messages repeat are remembered (``memo``), one pass over the lines finds
everything, and an oddity is looked for only where a line is not what it should be.
"""

import re
from typing import NamedTuple

from collabtrace.errors import ParseError
from collabtrace.protocols import multipart, sdp
from collabtrace.protocols.address import Address
from collabtrace.protocols.cseq import CSeq
from collabtrace.protocols.grammar import split_list
from collabtrace.protocols.headers import FIELDS, IRREGULAR, LISTS, MANDATORY, SINGLE, canonical
from collabtrace.protocols.media_type import MediaType
from collabtrace.protocols.multipart import Part
from collabtrace.protocols.readings import (
    ADDRESSES,
    CSEQS,
    LENGTHS,
    MEDIA_TYPES,
    PARTIES,
    VIA_HEADERS,
    VIAS,
    Hops,
    Kind,
    Order,
    Party,
)
from collabtrace.protocols.start_line import START_LINES, StartLine, starts
from collabtrace.protocols.via import Via

__all__ = ["Facts", "Message", "canonical", "parse", "starts"]

MOST_LINES = 4096
"""Header lines that are read of one message."""

_PADDING = b"\0\t\n\r "
_LINE_END = re.compile(r"\r\n|\n|\r")
_END_OF_HEAD = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")
_FOLD = re.compile(r"(?>\r\n|\n|\r)[ \t]++")
_SDP = MediaType("application", "sdp")

Fields = tuple[tuple[str, str], ...]
Read = tuple[Order, Party, Party, Hops, Kind]
"""CSeq, From, To, the first Via header, Content-Type."""


class Facts(NamedTuple):
    """What the table of messages says of a message; the names are those of ``schema.Message``."""

    method: str | None
    status: int | None
    reason: str | None
    call_id: str | None
    cseq: int | None
    cseq_method: str | None
    request_uri: str | None
    from_uri: str | None
    from_tag: str | None
    to_uri: str | None
    to_tag: str | None
    branch: str | None
    sent_by: str | None
    contact: str | None
    user_agent: str | None
    content_type: str | None
    session_id: str | None
    cause: str | None
    warning: str | None
    vias: int
    size: int
    flaws: tuple[str, ...] | None


class Message:
    """One SIP request or response."""

    __slots__ = ("_first", "_read", "body", "flaws", "headers", "size", "start")

    def __init__(
        self,
        start: StartLine,
        headers: Fields,
        first: dict[str, str],
        read: Read,
        body: bytes,
        size: int,
        flaws: tuple[str, ...],
    ) -> None:
        """Hold what ``parse`` has read: *first* has the first value of each header, *read* those that say most."""
        self.start = start
        self.headers = headers
        self._first = first
        self._read = read
        self.body = body
        self.size = size
        self.flaws = flaws

    def __repr__(self) -> str:
        shown = f"{self.start.method} {self.start.uri}" if self.start.method else f"{self.status} {self.reason}"
        return f"<SIP {shown}, {len(self.headers)} headers, {len(self.body)} bytes of body>"

    @property
    def method(self) -> str | None:
        """The method of a request; None for a response."""
        return self.start.method

    @property
    def uri(self) -> str | None:
        """The Request-URI as written; None for a response."""
        return self.start.uri

    @property
    def status(self) -> int | None:
        """The status code of a response; None for a request."""
        return self.start.status

    @property
    def reason(self) -> str | None:
        """The reason phrase of a response; None for a request."""
        return self.start.reason

    @property
    def version(self) -> str:
        """The SIP version: ``2.0``."""
        return self.start.version

    def header(self, name: str) -> str | None:
        """The first value of the header *name*, in any case or compact form; None where there is none."""
        name = canonical(name)
        value = self._first.get(name)
        if value is not None:
            return value
        wanted = name.lower()
        return next((value for key, value in self._first.items() if key.lower() == wanted), None)

    def values(self, name: str) -> list[str]:
        """All values of the header *name*; those written as one comma-separated list are taken apart."""
        name = canonical(name)
        wanted = name.lower()
        written = [value for key, value in self.headers if key.lower() == wanted]
        return [item for value in written for item in split_list(value)] if name in LISTS else written

    @property
    def call_id(self) -> str | None:
        """The Call-ID header (RFC 3261 §20.8)."""
        return self._first.get("Call-ID") or None

    @property
    def cseq(self) -> CSeq | None:
        """The CSeq header; None where it is missing or unreadable."""
        return self._read[0].value

    @property
    def from_(self) -> Address | None:
        """The From header; None where it is missing or unreadable."""
        return ADDRESSES[self._first.get("From", "")][0]

    @property
    def to(self) -> Address | None:
        """The To header; None where it is missing or unreadable."""
        return ADDRESSES[self._first.get("To", "")][0]

    @property
    def vias(self) -> tuple[Via, ...]:
        """All Via values that can be read, the latest hop first."""
        return tuple(via for value in self.values("Via") if (via := VIAS[value]) is not None)

    @property
    def contacts(self) -> tuple[Address, ...]:
        """All Contact values that can be read."""
        return tuple(address for value in self.values("Contact") if (address := ADDRESSES[value][0]) is not None)

    @property
    def content_type(self) -> MediaType | None:
        """What the body is; None where nothing readable says it."""
        return self._read[4].value

    @property
    def parts(self) -> tuple[Part, ...]:
        """The body, or the parts of a body that has several; empty where there is none."""
        media_type = self.content_type
        if not self.body or (media_type is None and not self.body.startswith(b"v=0")):
            return ()
        try:
            return multipart.parse(media_type or _SDP, self.body)
        except ParseError:
            return (Part(media_type or _SDP, (), self.body),)

    @property
    def sdp(self) -> sdp.Session | None:
        """The first session description of the body; None where there is none."""
        for part in self.parts:
            if part.media_type.name == "application/sdp":
                return sdp.parse(part.body)
        return None

    def facts(self) -> Facts:
        """The columns of the table of messages, all at once."""
        first = self._first
        get = first.get
        method, uri, status, reason, _, _ = self.start
        cseq, sender, target, top, kind = self._read
        vias = top.hops
        if len(first) != len(self.headers):
            vias = sum([VIA_HEADERS[value].hops for name, value in self.headers if name == "Via"])
        contact = get("Contact")
        if contact is not None:
            contact = PARTIES[contact].uri if "," not in contact else self._first_contact()
        return Facts(
            method,
            status,
            reason,
            get("Call-ID") or None,
            cseq.number,
            cseq.method,
            uri,
            sender.uri,
            sender.tag,
            target.uri,
            target.tag,
            top.branch,
            top.sent_by,
            contact,
            get("User-Agent") or get("Server") or None,
            kind.name,
            get("Session-ID") or None,
            get("Reason") or None,
            get("Warning") or None,
            vias,
            self.size,
            self.flaws or None,
        )

    def _first_contact(self) -> str | None:
        return next((address.uri for address in self.contacts), None)


def parse(data: bytes) -> Message:
    """Read one message: a datagram, or what ``sip_stream`` framed; a ParseError where the start line is not SIP's."""
    end = data.find(b"\r\n\r\n")
    lines = data[:end].decode("utf-8", "replace").split("\r\n") if end > 0 else [""]
    fields = tuple(map(FIELDS.__getitem__, lines[1:]))
    first = dict(fields)
    flaws: tuple[str, ...] = ()
    body = data[end + 4 :]
    try:
        start = START_LINES[lines[0]]
        regular = "" not in first and len(lines) <= MOST_LINES
    except ParseError:
        regular = False
    if not regular:
        lines, body, flaws = _regular(data)
        start = START_LINES[lines[0]]
        fields = tuple(field for field in map(FIELDS.__getitem__, lines[1:]) if field is not IRREGULAR)
        first = dict(fields)
    if len(first) != len(fields):
        first = dict(reversed(fields))
        flaws += _repeated(fields)
    get = first.get
    cseq = CSEQS[get("CSeq", "")]
    sender, target = PARTIES[get("From", "")], PARTIES[get("To", "")]
    top, kind = VIA_HEADERS[get("Via", "")], MEDIA_TYPES[get("Content-Type", "")]
    read = (cseq, sender, target, top, kind)
    if (
        cseq.flaw
        or sender.flaw
        or target.flaw
        or top.flaw
        or kind.flaw
        or start.flaws
        or "Call-ID" not in first
        or start.method not in (None, cseq.method)
    ):
        flaws += _misread(start, first, read)
    length = get("Content-Length")
    if length is None or LENGTHS[length] != len(body):
        body, wrong = _sized(length, body)
        flaws += wrong
    return Message(start, fields, first, read, body, len(data), flaws)


def _regular(data: bytes) -> tuple[list[str], bytes, tuple[str, ...]]:
    """Take an irregular message apart: the unfolded lines of its head, its body, its flaws."""
    flaws = []
    message = data.lstrip(_PADDING)
    before = data[: len(data) - len(message)]
    if before.strip(b"\r\n"):
        flaws.append(f"{len(before)} bytes before the start line")
    end = _END_OF_HEAD.search(message)
    if end is None:
        flaws.append("no empty line ends the headers")
    head = message[: end.start()] if end else message
    body = message[end.end() :] if end else b""
    text = head.decode("utf-8", "replace").rstrip("\r\n")
    first, *rest = _LINE_END.split(text, 1)
    lines = [first, *_LINE_END.split(_FOLD.sub(" ", rest[0]), MOST_LINES)] if rest else [first]
    if text.count("\n") + text.count("\r") > 2 * text.count("\r\n"):
        flaws.append("a line ends without CR LF")
    if len(lines) > MOST_LINES:
        flaws.append(f"more than {MOST_LINES} header lines")
        lines = lines[:MOST_LINES]
    flaws.extend(f"{line[:40]!r} is not a header" for line in lines[1:] if FIELDS[line] is IRREGULAR)
    return lines, body, tuple(flaws[:16])


def _repeated(fields: Fields) -> tuple[str, ...]:
    """Name the headers that occur twice though they must not."""
    seen: set[str] = set()
    twice: dict[str, None] = {}
    for name, _ in fields:
        if name in seen and name in SINGLE:
            twice[name] = None
        seen.add(name)
    return tuple(f"more than one {name} header" for name in twice)


def _sized(written: str | None, body: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Hold the body against a Content-Length that is missing or differs (RFC 3261 §18.3, §20.14)."""
    if written is None:
        return body, ("Content-Length is missing",) if body else ()
    length = LENGTHS[written]
    if length is None:
        return body, (f"Content-Length {written[:20]!r} is not a number",)
    if length > len(body):
        return body, (f"the body is cut: {len(body)} of {length} bytes",)
    return body[:length], (f"{len(body) - length} bytes after the body",)


def _misread(start: StartLine, first: dict[str, str], read: Read) -> tuple[str, ...]:
    """Say what is wrong with the start line, and which headers are missing or cannot be read."""
    flaws = [*start.flaws, *(f"no {name} header" for name in MANDATORY if name not in first)]
    wrong = zip(("CSeq", "From", "To", "Via", "Content-Type"), (reading.flaw for reading in read), strict=True)
    flaws.extend(f"{name} {flaw}" for name, flaw in wrong if flaw and name in first)
    method = read[0].method
    if start.method is not None and method is not None and start.method != method:
        flaws.append(f"CSeq is of {method[:40]}, the request is {start.method[:40]}")
    return tuple(flaws)
