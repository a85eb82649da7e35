"""TLS and DTLS records: headers, versions and the form of handshakes stay, names are replaced, all else is zeroed."""

from collabtrace.redaction import certificates
from collabtrace.redaction.text import Text

_HANDSHAKE, _ALERT, _CHANGE_CIPHER = 22, 21, 20
_CLIENT_HELLO, _SERVER_HELLO, _CERTIFICATE = 1, 2, 11
_SERVER_NAME, _ALPN, _VERSIONS, _SIGNATURES, _GROUPS, _FORMATS, _SRTP = 0, 16, 43, 13, 10, 11, 14
_PUBLIC_EXTENSIONS = frozenset((_ALPN, _VERSIONS, _SIGNATURES, _GROUPS, _FORMATS, _SRTP, 1, 5, 22, 23, 45, 50, 0xFF01))
HEADER = 5
_DTLS_HEADER = 13


def record(kind: int, body: bytes, text: Text) -> bytes:
    """What one TLS record carries behind its header."""
    if kind == _CHANGE_CIPHER and len(body) == 1:
        return body
    if kind == _ALERT and len(body) == 2:
        return body
    return _messages(body, 4, text) if kind == _HANDSHAKE else bytes(len(body))


def datagram(data: bytes, text: Text) -> bytes:
    """DTLS records one behind another (RFC 6347 §4.1)."""
    out, at = bytearray(len(data)), 0
    while at + _DTLS_HEADER <= len(data):
        begin = at + _DTLS_HEADER
        end = begin + int.from_bytes(data[at + 11 : begin], "big")
        out[at:begin] = data[at:begin]
        body = data[begin:end]
        plain = data[at + 3 : at + 5] == b"\0\0"
        out[begin : begin + len(body)] = _one(data[at], body, text) if plain else bytes(len(body))
        at = end
    return bytes(out[: len(data)])


def _one(kind: int, body: bytes, text: Text) -> bytes:
    if kind == _HANDSHAKE:
        return _messages(body, 12, text)
    return body if kind in (_CHANGE_CIPHER, _ALERT) and len(body) <= 2 else bytes(len(body))


def _messages(body: bytes, header: int, text: Text) -> bytes:
    """Handshake messages one behind another; those of DTLS tell which part of one they are."""
    out, at = bytearray(len(body)), 0
    while at + header <= len(body):
        kind, size = body[at], int.from_bytes(body[at + 1 : at + 4], "big")
        if kind > 24 or (header == 4 and at + header + size > len(body) and kind not in (_CERTIFICATE, _CLIENT_HELLO)):
            # Encrypted: nothing tells where the next message begins.
            break
        part = int.from_bytes(body[at + 9 : at + 12], "big") if header == 12 else size
        out[at : at + header] = body[at : at + header]
        at += header
        content = body[at : at + part]
        out[at : at + len(content)] = (
            _message(kind, content, header == 12, text) if part == size else bytes(len(content))
        )
        at += part
    return bytes(out[: len(body)])


def _message(kind: int, data: bytes, datagrams: bool, text: Text) -> bytes:
    if kind in (_CLIENT_HELLO, _SERVER_HELLO):
        return _hello(data, kind == _CLIENT_HELLO, datagrams, text)
    if kind == _CERTIFICATE:
        return certificates.rewrite(data, text)
    return bytes(len(data))


def _hello(data: bytes, client: bool, datagrams: bool, text: Text) -> bytes:
    """Version, random, session, ciphers, compression, extensions (RFC 8446 §4.1.2, RFC 6347 §4.2.1)."""
    out = bytearray(len(data))
    out[:2] = data[:2]
    at = 34
    at = _vector(data, out, at, 1, keep=False)
    if client:
        if datagrams:
            at = _vector(data, out, at, 1, keep=False)
        at = _vector(data, out, _vector(data, out, at, 2, keep=True), 1, keep=True)
    else:
        out[at : at + 3] = data[at : at + 3]
        at += 3
    out[at : at + 2] = data[at : at + 2]
    at += 2
    while at + 4 <= len(data):
        kind, size = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at + 2 : at + 4], "big")
        out[at : at + 4] = data[at : at + 4]
        value = data[at + 4 : at + 4 + size]
        out[at + 4 : at + 4 + len(value)] = _extension(kind, value, text)
        at += 4 + size
    return bytes(out[: len(data)])


def _vector(data: bytes, out: bytearray, at: int, width: int, *, keep: bool) -> int:
    """Pass a vector whose length stands before it."""
    size = int.from_bytes(data[at : at + width], "big")
    end = at + width + size
    kept = end if keep else at + width
    out[at:kept] = data[at:kept]
    return end


def _extension(kind: int, value: bytes, text: Text) -> bytes:
    if kind in _PUBLIC_EXTENSIONS:
        return value
    if kind == _SERVER_NAME and len(value) > 5:
        return value[:5] + text.private(value[5:].decode("latin-1")).encode("latin-1")
    return bytes(len(value))
