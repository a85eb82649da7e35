"""The start line of a SIP message (RFC 3261 §7.1, §7.2)."""

import re
from typing import NamedTuple

from collabtrace.errors import ParseError
from collabtrace.protocols.grammar import TOKEN
from collabtrace.protocols.memo import Memo

_TOKEN = TOKEN.encode()

# Request-Line = Method SP Request-URI SP SIP-Version CRLF
# Status-Line = SIP-Version SP Status-Code SP Reason-Phrase CRLF
# Before it come line ends that keep a connection alive (RFC 3261 §7.5), and with broken senders blanks and zero bytes.
_BEGINS = re.compile(
    rb"[\0\t\n\r ]*+(?:(?i:SIP)/[0-9]++\.[0-9]++ ++[0-9]{3}(?![^ \r\n])"
    rb"|" + _TOKEN + rb" [^\r\n]* (?i:SIP)/[0-9]++\.[0-9]++[ \t]*+(?![^\r\n]))"
)
_USUAL_REQUEST_LINE = re.compile(rf"({TOKEN}) ([^\s:<]++:[^\s<]++) SIP/2\.0")
_STATUS_LINE = re.compile(r"(?i:SIP)/([0-9]++\.[0-9]++) +([0-9]{3})(?: ([^\r\n]*))?")
_REQUEST_LINE = re.compile(rf"({TOKEN}) ([^\r\n]*) (?i:SIP)/([0-9]++\.[0-9]++)([ \t]*+)")


class StartLine(NamedTuple):
    """The first line of a message."""

    method: str | None
    """None in a response."""
    uri: str | None
    """The Request-URI as written; None in a response."""
    status: int | None
    """None in a request."""
    reason: str | None
    """The reason phrase; None in a request."""
    version: str
    """``2.0``"""
    flaws: tuple[str, ...]


def starts(data: bytes) -> bool:
    """Tell whether *data* begins like a SIP message, without reading more than its first line."""
    return _BEGINS.match(data) is not None


def parse(line: str) -> StartLine:
    """Read a Request-Line or Status-Line, leniently; a ParseError where it is neither."""
    usual = _USUAL_REQUEST_LINE.fullmatch(line)
    if usual is not None:
        return StartLine(usual[1], usual[2], None, None, "2.0", ())
    match = _STATUS_LINE.fullmatch(line)
    if match is not None:
        version, status, reason = match.groups()
        flaws = [] if reason is not None else ["no space after the status code"]
        if not 100 <= int(status) <= 699:
            flaws.append(f"status code {status} is not between 100 and 699")
        return StartLine(None, None, int(status), (reason or "").strip(), version, (*flaws, *_version_flaws(version)))
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise ParseError(f"{line[:60]!r} is neither a SIP request line nor a status line")
    method, written, version, blanks = match.groups()
    uri = written.strip()
    flaws = [] if uri == written and not blanks else ["the request line holds too many spaces"]
    if " " in uri or "\t" in uri or "<" in uri:
        flaws.append("the Request-URI holds spaces or angle brackets")
    elif ":" not in uri:
        flaws.append("the Request-URI has no scheme")
    return StartLine(method, uri, None, None, version, (*flaws, *_version_flaws(version)))


def _version_flaws(version: str) -> tuple[str, ...]:
    return () if version == "2.0" else (f"SIP version {version[:20]} is not 2.0",)


START_LINES: Memo[StartLine] = Memo(parse)
"""Start lines already read."""
