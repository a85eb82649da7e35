"""DNS messages (RFC 1035) with names and addresses replaced; what other records hold becomes zeros."""

from collabtrace.errors import ParseError
from collabtrace.redaction.text import Text

_A, _NS, _CNAME, _SOA, _PTR, _MX, _AAAA, _SRV, _OPT = 1, 2, 5, 6, 12, 15, 28, 33, 41
_NAMES = {_NS: 0, _CNAME: 0, _PTR: 0, _MX: 2, _SRV: 6, 39: 0}
"""Records that end in a name, and the bytes of numbers before it."""
_HEADER = 12


def rewrite(data: bytes, text: Text) -> bytes:
    """One message, or the beginning of one; from the first byte that cannot be read it becomes zeros."""
    out = bytearray(data[:_HEADER]) + bytes(max(len(data) - _HEADER, 0))
    if len(data) >= _HEADER:
        questions, *records = (int.from_bytes(data[at : at + 2], "big") for at in (4, 6, 8, 10))
        try:
            at = _HEADER
            for _ in range(questions):
                at = _kept(data, out, _name(data, out, at, text), 4)
            for _ in range(sum(records)):
                at = _record(data, out, _name(data, out, at, text), text)
        except ParseError:
            pass
    return bytes(out[: len(data)])


def _kept(data: bytes, out: bytearray, at: int, count: int) -> int:
    if at + count > len(data):
        raise ParseError("the DNS message ends early")
    out[at : at + count] = data[at : at + count]
    return at + count


def _name(data: bytes, out: bytearray, at: int, text: Text) -> int:
    """A name label by label; the rest of it may stand elsewhere (§4.1.4)."""
    while True:
        at = _kept(data, out, at, 1)
        size = data[at - 1]
        if size == 0:
            return at
        if size >= 0xC0:
            return _kept(data, out, at, 1)
        label = data[at : at + size]
        if size > 63 or len(label) < size:
            raise ParseError("a DNS label does not fit")
        if label.startswith(b"_") or label in (b"arpa", b"in-addr", b"ip6"):
            out[at : at + size] = label
        else:
            out[at : at + size] = text.private(label.decode("latin-1")).encode("latin-1")
        at += size


def _record(data: bytes, out: bytearray, at: int, text: Text) -> int:
    at = _kept(data, out, at, 10)
    kind, size = int.from_bytes(data[at - 10 : at - 8], "big"), int.from_bytes(data[at - 2 : at], "big")
    end = at + size
    value = data[at:end]
    if kind == _A and len(value) == size == 4:
        out[at:end] = text.addresses.ipv4(value)
    elif kind == _AAAA and len(value) == size == 16:
        out[at:end] = text.addresses.ipv6(value)
    elif kind in _NAMES and size > _NAMES[kind]:
        _name(data, out, _kept(data, out, at, _NAMES[kind]), text)
    elif kind == _SOA:
        _kept(data, out, _name(data, out, _name(data, out, at, text), text), 20)
    if end > len(data):
        raise ParseError("the DNS message ends early")
    return end
