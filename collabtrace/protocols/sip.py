"""SIP (RFC 3261), read from the bytes of a datagram or of one framed message of a stream.

A message is read leniently: whatever begins like SIP becomes a ``Message``, and what is wrong with it
is noted in ``flaws``, in plain words. This is the hot path of a capture full of signalling, so the
lines and values that messages repeat are remembered (``memo``), one pass over the lines finds
everything, and an oddity is looked for only where a line is not what it should be.
"""

import re
from collections.abc import Iterable

from collabtrace import compiled
from collabtrace.errors import ParseError
from collabtrace.protocols.flaws import quoted
from collabtrace.protocols.headers import COMPACT, FIELDS, IRREGULAR, MANDATORY, SINGLE, canonical
from collabtrace.protocols.message import Facts, Fields, Message, Read
from collabtrace.protocols.readings import CSEQS, LENGTHS, MEDIA_TYPES, PARTIES, VIA_HEADERS
from collabtrace.protocols.start_line import START_LINES, StartLine, starts

__all__ = ["Facts", "Message", "canonical", "names", "parse", "starts", "usual"]

MOST_LINES = 4096
"""Header lines that are read of one message."""

_PADDING = b"\0\t\n\r "
_LINE_END = re.compile(r"\r\n|\n|\r")
_END_OF_HEAD = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")
_FOLD = re.compile(r"(?>\r\n|\n|\r)[ \t]++")


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
    read = (
        CSEQS[get("CSeq", "")],
        PARTIES[get("From", "")],
        PARTIES[get("To", "")],
        VIA_HEADERS[get("Via", "")],
        MEDIA_TYPES[get("Content-Type", "")],
    )
    if start.flaws or "Call-ID" not in first or _doubtful(start.method, read):
        flaws += _misread(start, first, read)
    length = get("Content-Length")
    tail = b""
    if length is None or LENGTHS[length] != len(body):
        body, tail, wrong = _sized(length, body)
        flaws += wrong
    return Message(start, fields, first, read, body, len(data), flaws, tail)


def usual(data: bytes, watched: bytes = b"") -> tuple[Facts, bool] | None:
    """The facts of a message without anything unusual, as ``parse(data).facts()`` gives them, several times as fast.

    The second is whether it has one of the headers *watched* (as ``names`` gives them), or a mark ``proxy-call-id``.
    None where the message has to be parsed; otherwise *data* is this one message, whole and with its Content-Length.
    """
    return None if compiled.core is None else compiled.core.facts(data, Facts, watched)


def names(headers: Iterable[str]) -> bytes:
    """Names of *headers*, with their compact forms, as ``usual`` looks for them."""
    wanted = {name.lower() for name in headers}
    wanted |= {short for short, name in COMPACT.items() if name.lower() in wanted}
    return b"".join(bytes([len(name)]) + name.encode() for name in sorted(wanted, key=len))


def _doubtful(method: str | None, read: Read) -> bool:
    """Whether one of the headers that are always read cannot be read, or denies the start line."""
    cseq, sender, target, top, kind = read
    if cseq.flaw or sender.flaw or target.flaw or top.flaw or kind.flaw:
        return True
    return method is not None and method != cseq.method


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
    flaws.extend(f"{quoted(line, 40)} is not a header" for line in lines[1:] if FIELDS[line] is IRREGULAR)
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


def _sized(written: str | None, body: bytes) -> tuple[bytes, bytes, tuple[str, ...]]:
    """Hold the body against a Content-Length that is missing or differs (RFC 3261 §18.3, §20.14)."""
    if written is None:
        return body, b"", ("Content-Length is missing",) if body else ()
    length = LENGTHS[written]
    if length is None:
        return body, b"", (f"Content-Length {quoted(written, 20)} is not a number",)
    if length > len(body):
        return body, b"", (f"the body is cut: {len(body)} of {length} bytes",)
    return body[:length], body[length:], (f"{len(body) - length} bytes after the body",)


def _misread(start: StartLine, first: dict[str, str], read: Read) -> tuple[str, ...]:
    """Say what is wrong with the start line, and which headers are missing or cannot be read."""
    flaws = [*start.flaws, *(f"no {name} header" for name in MANDATORY if name not in first)]
    wrong = zip(("CSeq", "From", "To", "Via", "Content-Type"), (reading.flaw for reading in read), strict=True)
    flaws.extend(f"{name} {flaw}" for name, flaw in wrong if flaw and name in first)
    method = read[0].method
    if start.method is not None and method is not None and start.method != method:
        flaws.append(f"CSeq is of {method[:40]}, the request is {start.method[:40]}")
    return tuple(flaws)
