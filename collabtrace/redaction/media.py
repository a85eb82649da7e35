"""RTP, RTCP and floor control without what they carry; headers stay, so that loss, jitter and turns are the same."""

from collabtrace.redaction.text import Text

_EVENT_BYTES, _NO_EVENT = 4, 255
_DYNAMIC = 96
"""The first payload type whose meaning is agreed on (RFC 3551 §6)."""
_SDES, _BYE, _APP, _FEEDBACK, _REPORTS = 202, 203, 204, (205, 206), (200, 201)
_EXTENDED = 207
_TEXTS = frozenset((7, 8, 9, 12, 13))
"""BFCP attributes of text: error info, participant-provided info, status info, display name, URI (RFC 8855 §5.2)."""
_NUMBERS = frozenset((1, 2, 3, 4, 5, 6, 10, 11))
_GROUPS = frozenset((14, 15, 16, 17, 18))
"""BFCP attributes that begin with a number and go on with attributes."""


def rtp(data: bytes) -> bytes:
    """One RTP packet: the payload becomes zeros, and of telephone-events the key a 1 (RFC 3550 §5.1, RFC 4733 §2.3)."""
    out, begin = bytearray(len(data)), 12 + 4 * (data[0] & 15)
    # Contributing sources and the contents of extensions may be anything, where this is no RTP after all.
    out[:12] = data[:12]
    if data[0] & 0x10 and begin + 4 <= len(data):
        out[begin : begin + 4] = data[begin : begin + 4]
        begin += 4 + 4 * int.from_bytes(data[begin + 2 : begin + 4], "big")
    payload = data[begin:]
    if is_event(data[1] & 0x7F, payload):
        out[begin:] = event(payload)
    elif len(payload) == _EVENT_BYTES:
        # Zeros would be a telephone-event, of the key 0.
        out[begin] = _NO_EVENT
    elif data[0] & 0x20 and payload:
        # The last octet says how many are padding.
        out[-1] = data[-1]
    return bytes(out[: len(data)])


def is_event(payload_type: int, payload: bytes) -> bool:
    """Whether a payload may be a telephone-event: nothing else is so short, and one bit is 0 (RFC 4733 §2.3.3)."""
    return len(payload) == _EVENT_BYTES and payload_type >= _DYNAMIC and not payload[1] & 0x40


def event(payload: bytes) -> bytes:
    """The same event with another key; * and #, which end what is entered, stay."""
    return (b"\x01" if payload[0] < 10 or 12 <= payload[0] < 16 else payload[:1]) + payload[1:]


def rtcp(data: bytes, text: Text) -> bytes:
    """RTCP packets one behind another (RFC 3550 §6): reports stay, names are replaced, all else becomes zeros."""
    out, at = bytearray(len(data)), 0
    while at + 8 <= len(data) and data[at] >> 6 == 2:
        end = min(at + 4 + 4 * int.from_bytes(data[at + 2 : at + 4], "big"), len(data))
        out[at : at + 8] = data[at : at + 8]
        kind, count = data[at + 1], data[at] & 31
        if kind in _REPORTS:
            kept = at + (28 if kind == _REPORTS[0] else 8) + 24 * count
            out[at : min(kept, end)] = data[at : min(kept, end)]
        elif kind == _SDES:
            out[at:end] = _descriptions(data[at:end], text)
        elif kind == _BYE:
            kept = min(at + 4 + 4 * count, end)
            out[at:kept] = data[at:kept]
            if kept < end:
                out[kept] = data[kept]
        elif kind == _APP:
            out[at : min(at + 12, end)] = data[at : min(at + 12, end)]
        elif kind in _FEEDBACK or kind == _EXTENDED:
            out[at:end] = data[at:end]
        if data[at] & 0x20 and end > at:
            out[end - 1] = data[end - 1]
        at = max(end, at + 4)
    return bytes(out[: len(data)])


def _descriptions(data: bytes, text: Text) -> bytes:
    """SDES (RFC 3550 §6.5): chunks of a source and items, each ended by a zero and padded."""
    out, at = bytearray(data[:4]) + bytes(max(len(data) - 4, 0)), 4
    while at + 4 <= len(data):
        out[at : at + 4] = data[at : at + 4]
        at += 4
        while at + 2 <= len(data) and data[at]:
            size = data[at + 1]
            out[at : at + 2] = data[at : at + 2]
            value = data[at + 2 : at + 2 + size]
            out[at + 2 : at + 2 + len(value)] = text.private(value.decode("latin-1")).encode("latin-1")
            at += 2 + size
        at += 4 - at % 4
    return bytes(out[: len(data)])


def bfcp(data: bytes, text: Text) -> bytes:
    """BFCP messages one behind another (RFC 8855 §5): texts are replaced, attributes that are not known zeroed."""
    out, at = bytearray(len(data)), 0
    while at + 12 <= len(data):
        begin = at + (16 if data[at] & 0x08 else 12)
        end = min(at + 12 + 4 * int.from_bytes(data[at + 2 : at + 4], "big"), len(data))
        out[at : min(begin, len(data))] = data[at:begin]
        if not data[at] & 0x08:
            _attributes(data, out, begin, end, text)
        at = max(end, begin)
    return bytes(out[: len(data)])


def _attributes(data: bytes, out: bytearray, at: int, end: int, text: Text) -> None:
    while at + 2 <= end:
        kind, size = data[at] >> 1, data[at + 1]
        stop = min(at + size, end)
        if size < 2:
            return
        out[at : at + 2] = data[at : at + 2]
        if kind in _NUMBERS:
            out[at:stop] = data[at:stop]
        elif kind in _TEXTS:
            out[at + 2 : stop] = text.private(data[at + 2 : stop].decode("latin-1")).encode("latin-1")
        elif kind in _GROUPS:
            out[at : min(at + 4, stop)] = data[at : min(at + 4, stop)]
            _attributes(data, out, at + 4, stop, text)
        at += size + -size % 4
