"""SIP, HTTP and RTSP messages with everything private replaced; every message keeps its length.

What stays: methods, status codes, header and parameter names, values of the protocol, products, ports, and numbers
whose place gives them a meaning. Bodies go to the writer of their type; one of a type that is not known is blanked.
"""

import re
from collections.abc import Callable

from collabtrace.protocols import rtp_statistics
from collabtrace.redaction import media, sdp_text, xml_text
from collabtrace.redaction.text import Text
from collabtrace.redaction.vocabulary import PRODUCT_HEADERS, PUBLIC_HEADERS, SECRET_HEADERS

_BREAK = re.compile(rb"\r?\n\r?\n")
_LINE = re.compile(r"(?<![^\r\n])([!#-9;-~]++)([ \t]*+:)((?:[^\r\n]|(?:\r\n?|\n)[ \t])*+)")
"""A header with what is folded into it; nothing else than the beginning of a line begins one."""
_REQUEST = re.compile(
    r"([\r\n\0]*[A-Za-z0-9_!*.%~+-]{1,32} )(.*)( (?:SIP|HTTP|RTSP)/\d\.\d\s*)", re.DOTALL | re.IGNORECASE
)
_STATUS = re.compile(r"([\r\n\0]*(?:SIP|HTTP|RTSP)/\d\.\d \d{3})(.*)", re.DOTALL | re.IGNORECASE)
_TYPE = re.compile(rb"(?:^|\n)(?:content-type|c)[ \t]*:[ \t]*([^\r\n;]*)([^\r\n]*)", re.IGNORECASE)
_ENCODED = re.compile(rb"\n(?:content-encoding|e)[ \t]*:[ \t]*(?!identity)\w", re.IGNORECASE)
_BOUNDARY = re.compile(rb"boundary=\"?([^\";\r\n]{1,70})", re.IGNORECASE)
_SIGNAL = re.compile(r"(signal\s*[=:]\s*)([^\r\n]*)", re.IGNORECASE)
_KEY = re.compile(r"[0-9A-Da-d]")
_SECRET = re.compile(
    r"((?:response|nonce|cnonce|opaque|uri|username|realm)\s*=\s*)(\"[^\"]*\"?|[^,\s]*)"
    r"|(?:algorithm|qop|nc|stale)\s*=\s*\"?[\w-]+|\w+",
    re.IGNORECASE,
)
_MARKED = {"username", "realm", "uri"}
_SCHEMES = {"digest", "basic", "bearer", "ntlm", "negotiate", "kerberos", "pkcs"}
_DEEPEST = 4


def rewrite(data: bytes, text: Text, depth: int = 0) -> bytes:
    """One message, or the beginning of one."""
    gap = _BREAK.search(data)
    head, body = (data[: gap.end()], data[gap.end() :]) if gap else (data, b"")
    start, line, rest = head.decode("latin-1").partition("\n")
    changed = _start(start, text) + line + headers(rest, text)
    return _fitting(changed, head) + (_body(head, body, text, depth) if body else b"")


def headers(lines: str, text: Text) -> str:
    """Header lines; what is no header is private text."""
    done, at = [], 0
    for found in _LINE.finditer(lines):
        done.append(text.private(lines[at : found.start()]))
        done.append(text.stays(found[1]) + found[2] + _value(found[1].lower(), found[3], text))
        at = found.end()
    return "".join(done) + text.private(lines[at:])


def _start(line: str, text: Text) -> str:
    if found := _REQUEST.fullmatch(line):
        return text.stays(found[1]) + text.private(found[2]) + found[3]
    if found := _STATUS.match(line):
        return found[1] + text.private(found[2])
    return text.private(line)


def _value(name: str, value: str, text: Text) -> str:
    if name in PUBLIC_HEADERS or name in rtp_statistics.NAMES:
        return text.of_protocol(value)
    if name in PRODUCT_HEADERS:
        return text.product(value)
    if name in SECRET_HEADERS:
        return _credentials(value, text)
    if name == "warning":
        # RFC 3261 §20.43: code, who warns, text.
        code, gap, rest = value.lstrip().partition(" ")
        front = value[: len(value) - len(value.lstrip())]
        return front + (code if code.isdecimal() else text.private(code)) + gap + text.private(rest)
    if name == "cisco-guid":
        return text.cisco_guid(value)
    if name in ("event", "o"):
        package, mark, rest = value.partition(";")
        return text.stays(package) + mark + text.private(rest)
    if name in ("content-type", "c"):
        kind, mark, rest = value.partition(";")
        return text.stays(kind) + mark + text.private(rest)
    return text.private(value)


def _credentials(value: str, text: Text) -> str:
    """Parameters of credentials: names of people and machines as everywhere, all else so that nothing is left of it."""

    def change(found: re.Match[str]) -> str:
        if found[1] is None:
            public = "=" in found[0] or found[0].lower() in _SCHEMES
            return found[0] if public else text.words.secret(found[0])
        marked = found[1].split("=")[0].strip().lower() in _MARKED
        return found[1] + (text.private(found[2]) if marked else text.words.secret(found[2]))

    return _SECRET.sub(change, value)


def _body(head: bytes, body: bytes, text: Text, depth: int) -> bytes:
    kind = _TYPE.search(head)
    if _ENCODED.search(head):
        return bytes(len(body))
    if kind is None:
        return sdp_text.rewrite(body, text) if body.startswith(b"v=0") else _blank(body)
    name = kind[1].strip().lower()
    boundary = _BOUNDARY.search(kind[2])
    if name.startswith(b"multipart/") and boundary and depth < _DEEPEST:
        return _parts(b"--" + boundary[1].rstrip(), body, text, depth)
    return _WRITERS.get(name, _other(name))(body, text)


def _parts(boundary: bytes, body: bytes, text: Text, depth: int) -> bytes:
    """The parts of a body with several; the lines between them as the header names them."""
    between = text.private(boundary.decode("latin-1")[2:])
    mark = b"--" + between.encode("latin-1")
    parts = body.split(boundary)
    done = [_blank(parts[0])]
    for part in parts[1:]:
        ends = part.startswith(b"--")
        gap = _BREAK.search(part)
        if ends or gap is None:
            done.append(part[:2] * ends + _blank(part[2 * ends :]))
            continue
        head = part[: gap.end()]
        changed = headers(head.decode("latin-1"), text)
        done.append(_fitting(changed, head) + _body(b"\n" + head.lstrip(), part[gap.end() :], text, depth + 1))
    return mark.join(done)


def _blank(body: bytes) -> bytes:
    """Nothing left but line ends."""
    return re.sub(rb"[^\r\n]", b" ", body)


def _digits(body: bytes, _: Text) -> bytes:
    """The keys of INFO bodies: each becomes 1, but * and #, which end what is entered."""
    shown = body.decode("latin-1")
    if _SIGNAL.search(shown):
        return _SIGNAL.sub(lambda found: found[1] + _KEY.sub("1", found[2]), shown).encode("latin-1")
    return re.sub(rb"[0-9A-Da-d]", b"1", body) if len(body.strip()) <= 1 else _blank(body)


def _events(body: bytes, _: Text) -> bytes:
    """Telephone-events in a NOTIFY: four bytes each, the first is the key."""
    return b"".join(media.event(body[at : at + 4]) for at in range(0, len(body), 4))


def _fragment(body: bytes, text: Text) -> bytes:
    return rewrite(body, text, _DEEPEST)


def _private(body: bytes, text: Text) -> bytes:
    return text.private(body.decode("latin-1")).encode("latin-1")


_Writer = Callable[[bytes, Text], bytes]
_WRITERS: dict[bytes, _Writer] = {
    b"application/sdp": sdp_text.rewrite,
    b"application/dtmf-relay": _digits,
    b"application/dtmf": _digits,
    b"audio/telephone-event": _events,
    b"message/sipfrag": _fragment,
    b"message/sip": _fragment,
    b"application/simple-message-summary": _private,
    b"application/x-www-form-urlencoded": _private,
}


def _other(name: bytes) -> _Writer:
    if name.endswith(b"xml"):
        return xml_text.rewrite
    return lambda body, _: _blank(body)


def _fitting(text: str, original: bytes) -> bytes:
    """The text as bytes, or nothing of it should its length have changed."""
    data = text.encode("latin-1", "replace")
    return data if len(data) == len(original) else _blank(original)
