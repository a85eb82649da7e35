"""STUN and TURN messages (RFC 8489, RFC 8656) with their addresses and names replaced, and the fingerprint right."""

import zlib

from collabtrace.protocols.stun import COOKIE_BYTES, FINGERPRINT, FINGERPRINT_XOR
from collabtrace.redaction.text import Text

_PLAIN = frozenset((0x01, 0x02, 0x04, 0x05, 0x0B, 0x8023, 0x802B, 0x802C))
"""MAPPED-ADDRESS and others that hold an address as it is."""
_XORED = frozenset((0x12, 0x16, 0x20, 0x8020))
_TEXTS = frozenset((0x06, 0x14))
"""USERNAME, REALM."""
_KEPT = frozenset((0x03, 0x0A, 0x0C, 0x0D, 0x17, 0x18, 0x19, 0x1A, 0x24, 0x25, 0x27, 0x8027, 0x8029, 0x802A, 0xC057))
"""Numbers of the protocol."""
_ERROR = 0x09


def rewrite(data: bytes, text: Text) -> bytes:
    """One message, or the beginning of one; attributes that are not known become zeros."""
    out = bytearray(data[:20]) + bytes(max(len(data) - 20, 0))
    end = min(20 + int.from_bytes(data[2:4], "big"), len(data))
    at = 20
    while at + 4 <= end:
        kind, size = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at + 2 : at + 4], "big")
        out[at : at + 4] = data[at : at + 4]
        value = data[at + 4 : min(at + 4 + size, end)]
        if kind == FINGERPRINT and at + 8 == end and end == len(data):
            right = zlib.crc32(data[:at]) ^ FINGERPRINT_XOR == int.from_bytes(value, "big")
            crc = zlib.crc32(out[:at]) ^ FINGERPRINT_XOR
            value = (crc if right else ~crc & 0xFFFFFFFF).to_bytes(4, "big")
        else:
            value = _value(kind, value, data, text)
        out[at + 4 : at + 4 + len(value)] = value
        at += 4 + size + -size % 4
    return bytes(out[: len(data)])


def _value(kind: int, value: bytes, data: bytes, text: Text) -> bytes:
    if kind in _KEPT:
        return value
    if kind in _PLAIN:
        return _address(value, text)
    if kind in _XORED:
        key = b"\0\0" + COOKIE_BYTES[:2] + COOKIE_BYTES + data[8:20]
        return _xor(_address(_xor(value, key), text), key)
    if kind in _TEXTS:
        return text.private(value.decode("latin-1")).encode("latin-1")
    if kind == _ERROR:
        return value[:4] + text.private(value[4:].decode("latin-1")).encode("latin-1")
    return bytes(len(value))


def _address(value: bytes, text: Text) -> bytes:
    if len(value) == 8 and value[1] == 1:
        return value[:4] + text.addresses.ipv4(value[4:])
    if len(value) == 20 and value[1] == 2:
        return value[:4] + text.addresses.ipv6(value[4:])
    return bytes(len(value))


def _xor(value: bytes, key: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(value, key, strict=False))
