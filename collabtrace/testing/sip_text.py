"""SIP messages as text (RFC 3261 §7)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

Headers: TypeAlias = Mapping[str, str]
"""Headers to set, by name; they take the place of those that would be there."""
Lines: TypeAlias = list[tuple[str, str]]

REASONS = {
    100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 183: "Session Progress", 200: "OK", 202: "Accepted",
    302: "Moved Temporarily", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 407: "Proxy Authentication Required", 408: "Request Timeout",
    415: "Unsupported Media Type", 480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist",
    482: "Loop Detected", 484: "Address Incomplete", 485: "Ambiguous", 486: "Busy Here", 487: "Request Terminated",
    488: "Not Acceptable Here", 489: "Bad Event", 491: "Request Pending", 500: "Server Internal Error",
    501: "Not Implemented", 503: "Service Unavailable", 504: "Server Time-out", 603: "Decline", 606: "Not Acceptable",
}  # fmt: skip
"""Reason phrases (RFC 3261 §21, RFC 6665 §8.3.2)."""


def text(start: str, lines: Iterable[tuple[str, str]], body: bytes = b"") -> bytes:
    """A message of a start line, headers and a body; Content-Length is right unless *lines* says otherwise."""
    listed = list(lines)
    if not any(name == "Content-Length" for name, _ in listed):
        listed.append(("Content-Length", str(len(body))))
    head = "".join(f"{name}: {value}\r\n" for name, value in listed)
    return f"{start}\r\n{head}\r\n".encode() + body


def merged(lines: Sequence[tuple[str, str]], headers: Headers) -> Lines:
    """The lines with *headers* in the place of those of the same name, and behind them where there is none."""
    names = {name for name, _ in lines}
    kept = [(name, headers.get(name, value)) for name, value in lines]
    return [*kept, *((name, value) for name, value in headers.items() if name not in names)]


def content_type(body: bytes) -> Lines:
    """The Content-Type of a body: SDP, or plain text."""
    if not body:
        return []
    return [("Content-Type", "application/sdp" if body.startswith(b"v=") else "text/plain")]
