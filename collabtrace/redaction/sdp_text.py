"""Session descriptions (RFC 8866) with addresses, names and keys replaced; every line keeps its length."""

import re

from collabtrace.redaction.text import Text
from collabtrace.redaction.vocabulary import PUBLIC_ATTRIBUTES

_LINE = re.compile(r"([a-zA-Z])=([^\r\n]*)")
_PUBLIC = frozenset("vmbtrz")
_PRODUCT = re.compile(r"-$|cisco|tandberg|polycom|lifesize|yealink|avaya|sony|huawei|acano|radvision", re.IGNORECASE)
_INLINE = re.compile(r"(inline:)([^|\s;]*)")
_HEX = re.compile(r"[0-9A-Fa-f]{2}(?=:|\s|$)")


def rewrite(body: bytes, text: Text) -> bytes:
    """A description, or the beginning of one."""
    lines = body.decode("latin-1").split("\n")
    return "\n".join(_line(line, text) for line in lines).encode("latin-1")


def _line(line: str, text: Text) -> str:
    found = _LINE.match(line)
    if found is None:
        return text.private(line)
    kind, value, end = found[1], found[2], line[found.end() :]
    if kind == "a":
        value = _attribute(value, text)
    elif kind == "o":
        value = _origin(value, text)
    elif kind == "k":
        value = text.words.secret(value)
    elif kind in _PUBLIC:
        text.stays(value)
    else:
        value = text.private(value)
    return f"{kind}={value}{text.private(end)}"


def _origin(value: str, text: Text) -> str:
    """RFC 8866 §5.2: the two numbers tell versions apart, and stay; the names of products do too."""
    user, *rest = value.split(" ")
    if len(rest) < 5:
        return text.private(value)
    shown = text.product(user) if _PRODUCT.match(user) else text.private(user)
    return " ".join((shown, *rest[:4], text.private(" ".join(rest[4:]))))


def _attribute(value: str, text: Text) -> str:
    name, mark, rest = value.partition(":")
    known = name.lower()
    if known in PUBLIC_ATTRIBUTES or not mark:
        return text.stays(value) if mark or re.fullmatch(r"[a-z0-9-]{1,24}\s*", known) else text.private(value)
    writer = _WRITERS.get(known)
    return text.stays(name) + mark + (writer(rest, text) if writer else text.private(rest))


def _crypto(value: str, text: Text) -> str:
    return _INLINE.sub(lambda found: found[1] + text.words.secret(found[2]), value)


def _secret(value: str, text: Text) -> str:
    return text.words.secret(value)


def _fingerprint(value: str, text: Text) -> str:
    """RFC 8122 §5: the function stays."""
    function, gap, digest = value.partition(" ")
    return function + gap + _HEX.sub(lambda found: text.plain(found[0]) if found[0].isdecimal() else "AA", digest)


def _candidate(value: str, text: Text) -> str:
    """RFC 8839 §5.1: foundation, component, transport, priority, address and port, then pairs."""
    fields = value.split(" ")
    if len(fields) < 6:
        return text.private(value)
    behind, address = fields[6:], [text.private(fields[4])]
    for at, name in enumerate(behind[:-1]):
        if name == "raddr" or (at % 2 == 0 and name in ("ufrag", "pwd")):
            behind[at + 1] = text.private(behind[at + 1])
    return " ".join((*fields[:4], *address, fields[5], *behind))


def _candidates(value: str, text: Text) -> str:
    """RFC 8839 §5.2: component, address and port, again and again; what is no number is private."""
    return re.sub(r"\S+", lambda found: found[0] if found[0].isdecimal() else text.private(found[0]), value)


def _source(value: str, text: Text) -> str:
    """RFC 5576 §4.1: the SSRC stays, what is said of it is private."""
    number, gap, rest = value.partition(" ")
    return number + gap + text.private(rest)


def _rtcp(value: str, text: Text) -> str:
    """RFC 3605 §2.1: a port, and perhaps an address."""
    port, gap, rest = value.partition(" ")
    return port + gap + text.private(rest)


_WRITERS = {
    "crypto": _crypto,
    "ice-pwd": _secret,
    "key-mgmt": _secret,
    "identity": _secret,
    "fingerprint": _fingerprint,
    "candidate": _candidate,
    "remote-candidates": _candidates,
    "ssrc": _source,
    "rtcp": _rtcp,
}
