"""Certificates (X.509 in DER) that keep their form: names are replaced, keys, numbers and signatures become zeros."""

from collabtrace.redaction.text import Text

_BOOLEAN, _INTEGER, _BITS, _OCTETS, _NULL, _OBJECT = 1, 2, 3, 4, 5, 6
_KEPT = frozenset((_BOOLEAN, _NULL, _OBJECT, 10, 23, 24))
"""With times: rules ask whether a certificate had expired."""
_STRINGS = frozenset((12, 19, 20, 22, 26, 28, 30, 0x81, 0x82, 0x86))
"""The last are names of machines, mail addresses and URIs among subjectAltNames (RFC 5280 §4.2.1.6)."""
_ADDRESS = 0x87
_CONSTRUCTED = 0x20
_DEEPEST = 24


def rewrite(data: bytes, text: Text) -> bytes:
    """The Certificate message of TLS up to 1.2 (RFC 5246 §7.4.2): a list of certificates, each with its length."""
    out = bytearray(data[:3]) + bytes(max(len(data) - 3, 0))
    at = 3
    while at + 3 <= len(data):
        end = at + 3 + int.from_bytes(data[at : at + 3], "big")
        out[at : at + 3] = data[at : at + 3]
        if end > len(data):
            break
        out[at + 3 : end] = _values(data[at + 3 : end], text, 0) or bytes(end - at - 3)
        at = end
    return bytes(out[: len(data)])


def _values(data: bytes, text: Text, depth: int) -> bytes | None:
    """Values one behind another; None where they are none."""
    out, at = bytearray(data), 0
    while at < len(data):
        begin, end = _ends(data, at)
        if begin == 0 or end > len(data) or depth > _DEEPEST:
            return None
        changed = _value(data[at], data[begin:end], text, depth)
        if changed is None:
            return None
        out[begin:end] = changed
        at = end
    return bytes(out)


def _ends(data: bytes, at: int) -> tuple[int, int]:
    """Where the content of the value at a place begins and ends; 0 where there is none (X.690 §8.1.3)."""
    if at + 2 > len(data) or data[at] & 31 == 31:
        return 0, 0
    size, begin = data[at + 1], at + 2
    if size >= 0x80:
        width = size & 0x7F
        if not 1 <= width <= 4 or begin + width > len(data):
            return 0, 0
        size, begin = int.from_bytes(data[begin : begin + width], "big"), begin + width
    return begin, begin + size


def _value(tag: int, content: bytes, text: Text, depth: int) -> bytes | None:
    if tag & _CONSTRUCTED:
        return _values(content, text, depth + 1)
    if tag in _KEPT or not content:
        return content
    if tag in _STRINGS:
        return text.private(content.decode("latin-1")).encode("latin-1")
    if tag == _ADDRESS and len(content) in (4, 16):
        return text.addresses.ipv4(content) if len(content) == 4 else text.addresses.ipv6(content)
    if tag == _INTEGER:
        return content if len(content) == 1 else b"\x01" * len(content)
    if tag == _OCTETS:
        return _values(content, text, depth + 1) or bytes(len(content))
    if tag == _BITS:
        return content[:1] + (_values(content[1:], text, depth + 1) or bytes(len(content) - 1))
    return bytes(len(content))
