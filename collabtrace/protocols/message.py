"""What a SIP message says: its headers by name, the values that make dialogs of messages, its body (RFC 3261 §7).

``sip.parse`` makes messages. What only a few of them are asked for is made when it is asked for.
"""

import re
from typing import NamedTuple

from collabtrace.errors import ParseError
from collabtrace.protocols import multipart, sdp
from collabtrace.protocols.address import Address
from collabtrace.protocols.cseq import CSeq
from collabtrace.protocols.grammar import split_list
from collabtrace.protocols.headers import KNOWN, LISTS, canonical
from collabtrace.protocols.media_type import MediaType
from collabtrace.protocols.multipart import Part
from collabtrace.protocols.readings import ADDRESSES, LENGTHS, PARTIES, VIA_HEADERS, VIAS, Hops, Kind, Order, Party
from collabtrace.protocols.start_line import StartLine
from collabtrace.protocols.via import Via

Fields = tuple[tuple[str, str], ...]
"""Name and value of each header, in order."""
Read = tuple[Order, Party, Party, Hops, Kind]
"""CSeq, From, To, the first Via header, Content-Type."""

FOCUS = "isfocus"
"""The feature of who holds a conference together (RFC 3840 §10.18)."""

_SDP = MediaType("application", "sdp")

# Where the value is no Contact by the grammar, such as one that ends with a semicolon
_SAYS_FOCUS = re.compile(rf";\s*{FOCUS}\s*+(?:=\s*\"?true\"?\s*)?(?=[;,>]|\Z)", re.IGNORECASE)


def _is_focus(contact: str) -> bool:
    """Whether one value of a Contact header says it."""
    address, flaw = ADDRESSES[contact]
    if address is None or flaw is not None:
        return _SAYS_FOCUS.search(contact) is not None
    return address.has_feature(FOCUS) or f";{FOCUS}" in address.uri.lower()


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
    focus: bool
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

    __slots__ = ("_first", "_read", "body", "flaws", "headers", "size", "start", "tail")

    def __init__(
        self,
        start: StartLine,
        headers: Fields,
        first: dict[str, str],
        read: Read,
        body: bytes,
        size: int,
        flaws: tuple[str, ...],
        tail: bytes = b"",
    ) -> None:
        """Hold what ``parse`` has read: *first* has the first value of each header, *read* those that say most."""
        self.start = start
        self.headers = headers
        self._first = first
        self._read = read
        self.body = body
        self.tail = tail
        """What follows the body that Content-Length tells."""
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
        known = KNOWN.get(name) or KNOWN.get(name.lower())
        if known is not None:
            return self._first.get(known)
        wanted = name.lower()
        return next((value for key, value in self._first.items() if key.lower() == wanted), None)

    def values(self, name: str) -> list[str]:
        """All values of the header *name*; those written as one comma-separated list are taken apart."""
        name = canonical(name)
        if name in KNOWN:
            written = [value for key, value in self.headers if key == name]
        else:
            written = [value for key, value in self.headers if key.lower() == name.lower()]
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
    def is_focus(self) -> bool:
        """Whether a Contact says that its sender is the focus of a conference (RFC 4579 §4.2).

        A URI that carries the word as a parameter of its own counts as well: it says the same, in the wrong place. So
        does one among parameters of which another is not written as it should be.
        """
        return any(_is_focus(value) for value in self.values("Contact"))

    @property
    def content_type(self) -> MediaType | None:
        """What the body is; None where nothing readable says it."""
        return self._read[4].value

    @property
    def excess(self) -> int:
        """Bytes behind the headers beyond those that Content-Length tells; negative where they are fewer."""
        length = LENGTHS[self._first.get("Content-Length", "")]
        return 0 if length is None else len(self.body) + len(self.tail) - length

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
        contact, focus = get("Contact"), False
        if contact is not None:
            focus = "isfocus" in contact.lower() and self.is_focus
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
            focus,
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
