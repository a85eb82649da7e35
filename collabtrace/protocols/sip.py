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
from collabtrace.protocols.readings import CSEQS, LENGTHS, MEDIA_TYPES, PARTIES, VIAS
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

    __slots__ = ("_first", "body", "flaws", "headers", "size", "start")

    def __init__(
        self, start: StartLine, headers: Fields, first: dict[str, str], body: bytes, size: int, flaws: tuple[str, ...]
    ) -> None:
        """Hold what ``parse`` has read; *first* has the first value of each header."""
        self.start = start
        self.headers = headers
        self._first = first
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
        return CSEQS[self._first.get("CSeq", "")].value

    @property
    def from_(self) -> Address | None:
        """The From header; None where it is missing or unreadable."""
        return PARTIES[self._first.get("From", "")].value

    @property
    def to(self) -> Address | None:
        """The To header; None where it is missing or unreadable."""
        return PARTIES[self._first.get("To", "")].value

    @property
    def vias(self) -> tuple[Via, ...]:
        """All Via values that can be read, the latest hop first."""
        return tuple(via for value in self._written("Via") for via in VIAS[value].values)

    @property
    def contacts(self) -> tuple[Address, ...]:
        """All Contact values that can be read."""
        found = (PARTIES[item].value for value in self._written("Contact") for item in split_list(value))
        return tuple(address for address in found if address is not None)

    @property
    def content_type(self) -> MediaType | None:
        """What the body is; None where nothing readable says it."""
        return MEDIA_TYPES[self._first.get("Content-Type", "")].value

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
        start = self.start
        cseq = CSEQS[get("CSeq", "")]
        sender = PARTIES[get("From", "")]
        target = PARTIES[get("To", "")]
        top = VIAS[get("Via", "")]
        vias = (
            top.count if len(first) == len(self.headers) else sum(VIAS[value].count for value in self._written("Via"))
        )
        contact = get("Contact")
        if contact is not None:
            contact = PARTIES[contact].uri or next((address.uri for address in self.contacts), None)
        return Facts(
            start.method,
            start.status,
            start.reason,
            get("Call-ID") or None,
            cseq.number,
            cseq.method,
            start.uri,
            sender.uri,
            sender.tag,
            target.uri,
            target.tag,
            top.branch,
            top.sent_by,
            contact,
            get("User-Agent") or get("Server") or None,
            MEDIA_TYPES[get("Content-Type", "")].name,
            get("Session-ID") or None,
            get("Reason") or None,
            get("Warning") or None,
            vias,
            self.size,
            self.flaws or None,
        )

    def _written(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


def parse(data: bytes) -> Message:
    """Read one message: a datagram, or what ``sip_stream`` framed; a ParseError where the start line is not SIP's."""
    end = data.find(b"\r\n\r\n")
    lines = data[:end].decode("utf-8", "replace").split("\r\n") if end > 0 else [""]
    fields = tuple(map(FIELDS.__getitem__, lines[1:]))
    first = dict(fields)
    flaws: tuple[str, ...]
    if "" in first or not lines[0] or lines[0][0] in "\0\t\n\r " or len(lines) > MOST_LINES:
        lines, body, flaws = _regular(data)
        fields = tuple(field for field in map(FIELDS.__getitem__, lines[1:]) if field is not IRREGULAR)
        first = dict(fields)
    else:
        body, flaws = data[end + 4 :], ()
    start = START_LINES[lines[0]]
    if len(first) != len(fields):
        first = dict(reversed(fields))
        flaws += _repeated(fields)
    if start.flaws:
        flaws += start.flaws
    body, wrong = _sized(first.get("Content-Length"), body)
    flaws += wrong + _misread(start, first)
    return Message(start, fields, first, body, len(data), flaws)


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
    text = _FOLD.sub(" ", head.decode("utf-8", "replace").rstrip("\r\n"))
    lines = _LINE_END.split(text, MOST_LINES)
    if len(lines) - 1 > text.count("\r\n"):
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
    """Hold the body against its Content-Length (RFC 3261 §18.3, §20.14)."""
    if written is None:
        return body, ("Content-Length is missing",) if body else ()
    length = LENGTHS[written]
    if length == len(body):
        return body, ()
    if length is None:
        return body, (f"Content-Length {written[:20]!r} is not a number",)
    if length > len(body):
        return body, (f"the body is cut: {len(body)} of {length} bytes",)
    return body[:length], (f"{len(body) - length} bytes after the body",)


def _misread(start: StartLine, first: dict[str, str]) -> tuple[str, ...]:
    """Name the headers that are missing or cannot be read."""
    get = first.get
    cseq = CSEQS[get("CSeq", "")]
    if (
        "Call-ID" in first
        and cseq.flaw is None
        and PARTIES[get("From", "")].flaw is None
        and PARTIES[get("To", "")].flaw is None
        and VIAS[get("Via", "")].flaw is None
        and MEDIA_TYPES[get("Content-Type", "")].flaw is None
        and (start.method is None or start.method == cseq.method)
    ):
        return ()
    flaws = [f"no {name} header" for name in MANDATORY if name not in first]
    readings = (("CSeq", cseq), ("From", PARTIES[get("From", "")]), ("To", PARTIES[get("To", "")]))
    others = (("Via", VIAS[get("Via", "")]), ("Content-Type", MEDIA_TYPES[get("Content-Type", "")]))
    flaws.extend(f"{name} {reading.flaw}" for name, reading in (*readings, *others) if reading.flaw and name in first)
    if start.method is not None and cseq.method is not None and start.method != cseq.method:
        flaws.append(f"CSeq is of a {cseq.method[:40]}, the request is {start.method[:40]}")
    return tuple(flaws)
