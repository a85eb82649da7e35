"""What a datagram carries, rewritten by whoever knows its protocol; everything else becomes zeros."""

import re

from collabtrace.protocols import sip
from collabtrace.redaction import dns, media, sip_text, stun, tls
from collabtrace.redaction.text import Text
from collabtrace.sessions.detection import RTCP_TYPES, SERVICES, sniff

_DNS = frozenset((53, 5353, 5355))
_BLANK = b"\r\n\0"
_BREAK = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"\ncontent-length[ \t]*:[ \t]*(\d{1,9})", re.IGNORECASE)
_LONGEST = 1 << 20


def datagram(data: bytes, source_port: int, target_port: int, text: Text) -> bytes:
    """The payload of one datagram, as far as the capture holds it."""
    if not data.strip(_BLANK):
        return data
    if sip.starts(data):
        return sip_text.rewrite(data, text)
    if _DNS & {source_port, target_port}:
        return dns.rewrite(data, text)
    if SERVICES & {source_port, target_port}:
        return bytes(len(data))
    if sniff(data) in ("http", "rtsp"):
        return message(data, text)
    return _binary(data, text)


def _binary(data: bytes, text: Text) -> bytes:
    """Told by the first octet (RFC 7983)."""
    first = data[0]
    if first >> 6 == 2 and len(data) >= 8:
        if RTCP_TYPES[data[1]] and (int.from_bytes(data[2:4], "big") + 1) * 4 <= len(data):
            return media.rtcp(data, text)
        return media.rtp(data) if len(data) >= 12 else bytes(len(data))
    if first < 4 and len(data) >= 20 and int.from_bytes(data[2:4], "big") + 20 <= len(data) + 1500:
        return stun.rewrite(data, text)
    if 20 <= first <= 26 and len(data) >= 13:
        return tls.datagram(data, text)
    if 0x40 <= first < 0x50 and len(data) >= 4 and int.from_bytes(data[2:4], "big") + 4 <= len(data) + 1500:
        channel = int.from_bytes(data[2:4], "big") + 4
        if channel <= len(data) < channel + 4:
            return data[:4] + _inner(data[4:], text)
    if first & 0xE7 in (0x20, 0x40) and len(data) >= 12:
        return media.bfcp(data, text)
    return bytes(len(data))


def _inner(data: bytes, text: Text) -> bytes:
    """What a TURN channel carries (RFC 8656 §12.4)."""
    return _binary(data, text) if data and data[0] >> 6 in (0, 2) else bytes(len(data))


def message(data: bytes, text: Text) -> bytes:
    """An HTTP or RTSP message; what follows it in the same segment becomes zeros."""
    gap = _BREAK.search(data)
    length = _LENGTH.search(data, 0, gap.end()) if gap else None
    end = gap.end() + min(int(length[1]) if length else 0, _LONGEST) if gap else len(data)
    return sip_text.rewrite(data[:end], text) + bytes(len(data[end:]))
