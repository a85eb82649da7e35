"""What a payload is, told by its first bytes (RFC 7983 demultiplexing, and the text protocols beside it).

Whole chunks of datagrams are classified at once; the first bytes of a TCP connection are told one by one.
A class says what a payload may be: whoever reads it decides (``sip.starts``, ``streams``, ``floors``).
"""

import re
import string
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from collabtrace import compiled
from collabtrace.capture.packets import Flows, Packets
from collabtrace.protocols import bfcp, rtp


class Payload(IntEnum):
    """What a payload looks like; the names in lower case are those of ``Flow.protocol``."""

    OTHER = 0
    SIP = 1
    """A token and a space, as a request line begins, or a status line; other text protocols look the same."""
    RTP = 2
    RTCP = 3
    STUN = 4
    BFCP = 5
    DTLS = 6
    TURN_CHANNEL = 7
    """ChannelData of TURN (RFC 8656 §12.4)."""
    KEEP_ALIVE = 8
    """Nothing, or nothing but line ends or zeros (RFC 5626 §3.5.1)."""


HEAD = 16
"""Bytes of each payload that are looked at."""
MAGIC_COOKIE = np.frombuffer(b"\x21\x12\xa4\x42", dtype=np.uint32)[0]
"""Of STUN (RFC 8489 §5), as the machine reads it from memory."""
CLASSIC_TYPES = np.array([0x0001, 0x0101, 0x0111, 0x0002, 0x0102, 0x0112])
"""The message types of RFC 3489 §11.1, which has no magic cookie."""
RTCP_TYPES = np.zeros(256, dtype=np.bool_)
RTCP_TYPES[[192, 193, 194, 195, *range(200, 214)]] = True
"""The RTCP packet types assigned by IANA; as RTP they would be payload types 64 to 95 (RFC 5761 §4)."""
DTLS_TYPES = (20, 26)
"""First and last of the content types of records (RFC 9147 §4); of the further ones that RFC 7983 leaves to DTLS none
is assigned."""
DTLS_VERSIONS = np.array([0xFEFF, 0xFEFD, 0x0100])
"""1.0 and 1.2, whose records 1.3 has too (RFC 9147 §4), and what OpenSSL sent before RFC 4347."""
SERVICES = frozenset([53, 67, 68, 69, 88, 123, 137, 138, 161, 162, 389, 500, 514, 1900, 4500, 5353, 5355])
"""UDP ports of services, from DNS to LLMNR, whose messages may begin like RTP: where every query is a flow of its
own, as in DNS, they would be many sources of one packet."""
BFCP_PRIMITIVES = max(bfcp.PRIMITIVES)

REFUSED = {
    "udp": np.isin(np.arange(len(Payload)), (Payload.RTP, Payload.RTCP)),
    "sctp": np.arange(len(Payload)) != Payload.SIP,
    "tcp": np.ones(len(Payload), dtype=np.bool_),
}
"""By transport: the kinds of payload that a restricted flow cannot carry."""

_MEDIA_KINDS = np.array([Payload.RTP, Payload.RTCP], np.uint8)
_BLANK = np.isin(np.arange(256), list(b"\r\n\0"))
_LETTER = np.isin(np.arange(256), list(string.ascii_letters.encode()))
_TOKEN = np.isin(np.arange(256), list((string.ascii_letters + string.digits + "-.!%*_+`'~").encode()))
"""RFC 3261 §25.1 token."""


def classify(packets: Packets, flows: Flows) -> NDArray[np.int8]:
    """The ``Payload`` of each packet that came by UDP or SCTP; ``OTHER`` for TCP segments."""
    kinds = np.zeros(len(packets), dtype=np.int8)
    if not len(packets):
        return kinds
    if compiled.core is None:
        head = rtp.heads(packets.buffer, packets.start, HEAD)
        version = head[:, 0] >> 6
        media = (version == rtp.VERSION) & (packets.length > 0)
        _media(kinds, head, media, packets)
        rest = np.flatnonzero(~media)
        head = head[rest]
    else:
        others = np.empty(len(packets), np.bool_)
        columns = (packets.start, packets.length, packets.wire_length, kinds, others)
        compiled.core.media(packets.buffer, RTCP_TYPES, _MEDIA_KINDS, *columns)
        rest = np.flatnonzero(others)
        head = rtp.heads(packets.buffer, packets.start[rest], HEAD)
    kinds[rest] = _rest(head, packets.length[rest], packets.wire_length[rest])
    _restrict(kinds, packets.flow, flows)
    return kinds


def _restrict(kinds: NDArray[np.int8], flow: NDArray[np.int32], flows: Flows) -> None:
    """Take back what a flow cannot carry: TCP is told elsewhere, SCTP carries SIP alone, a known service no media."""
    refused = np.zeros((int(flow.max()) + 1, len(Payload)), dtype=np.bool_)
    restricted = False
    for number in np.flatnonzero(np.bincount(flow)).tolist():
        transport = flows.transport[number]
        if transport == "udp" and SERVICES.isdisjoint((flows.source_port[number], flows.target_port[number])):
            continue
        restricted = True
        refused[number] = REFUSED[transport]
    if restricted:
        kinds[refused[flow, kinds]] = Payload.OTHER


def _media(kinds: NDArray[np.int8], head: NDArray[np.uint8], media: NDArray[np.bool_], packets: Packets) -> None:
    """Tell RTP from RTCP among the payloads of version 2 (RFC 5761 §4)."""
    kinds[media & (packets.length >= rtp.HEADER.size)] = Payload.RTP
    control = np.flatnonzero(media & RTCP_TYPES[head[:, 1]])
    words = head[control, 2].astype(np.int64) << 8 | head[control, 3]
    fits = ((words + 1) * 4 <= packets.wire_length[control]) & (packets.length[control] >= 8)
    kinds[control] = np.where(fits, Payload.RTCP, Payload.OTHER)


def _rest(head: NDArray[np.uint8], length: NDArray[np.int32], wire: NDArray[np.int32]) -> NDArray[np.int8]:
    """Classify payloads whose first two bits are not 10."""
    first = head[:, 0]
    kinds = np.zeros(len(head), dtype=np.int8)
    kinds[_is_text(head, length)] = Payload.SIP
    kinds[_is_channel(head, length, wire)] = Payload.TURN_CHANNEL
    kinds[_is_bfcp(head, length, wire)] = Payload.BFCP
    version = head[:, 1].astype(np.int64) << 8 | head[:, 2]
    record = (first >= DTLS_TYPES[0]) & (first <= DTLS_TYPES[1]) & (version[:, None] == DTLS_VERSIONS).any(axis=1)
    kinds[record & (length >= 13)] = Payload.DTLS
    kinds[_is_stun(head, length, wire)] = Payload.STUN
    blank = _BLANK[head] | (np.arange(HEAD) >= length[:, None])
    kinds[blank.all(axis=1) & (length <= HEAD)] = Payload.KEEP_ALIVE
    return kinds


def _is_text(head: NDArray[np.uint8], length: NDArray[np.int32]) -> NDArray[np.bool_]:
    """A letter and further token characters up to a space, or a status line; line ends may come before."""
    told = np.zeros(len(head), dtype=np.bool_)
    letters = np.flatnonzero(_LETTER[head[:, 0]])
    bodies = head[letters]
    stop = np.argmin(np.concatenate([_TOKEN[bodies], np.zeros((len(bodies), 1), np.bool_)], axis=1), axis=1)
    ends = np.take_along_axis(bodies, np.minimum(stop, HEAD - 1)[:, None], axis=1)[:, 0]
    told[letters] = ((stop == HEAD) | (ends == ord(" ")) | (bodies[:, :4] == list(b"SIP/")).all(axis=1)) & (
        length[letters] > HEAD
    )
    blank = np.flatnonzero(_BLANK[head[:, 0]] & (head[:, 0] != 0) & (length > HEAD))
    after = np.argmin(_BLANK[head[blank]], axis=1)
    told[blank] = _LETTER[np.take_along_axis(head[blank], after[:, None], axis=1)[:, 0]]
    return told


def _is_channel(head: NDArray[np.uint8], length: NDArray[np.int32], wire: NDArray[np.int32]) -> NDArray[np.bool_]:
    """A channel number and a length that fits, with up to 3 bytes of padding (RFC 8656 §12.4 and §12.5)."""
    size = (head[:, 2].astype(np.int64) << 8 | head[:, 3]) + 4
    told: NDArray[np.bool_] = (head[:, 0] >> 6 == 1) & (length >= 4) & (wire >= size) & (wire - size < 4)
    return told


def _is_bfcp(head: NDArray[np.uint8], length: NDArray[np.int32], wire: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Version 1 or 2, and exactly the length that the header tells (RFC 8855 §5.1).

    Whether a primitive that no RFC names is BFCP, the conversation around it tells (``floors``).
    """
    version = head[:, 0] & 0xE7
    fragment = head[:, 0] & bfcp.FRAGMENT_BIT != 0
    units = head[:, 2].astype(np.int64) << 8 | head[:, 3]
    part = head[:, 14].astype(np.int64) << 8 | head[:, 15]
    size = np.where(fragment, bfcp.HEADER.size + bfcp.FRAGMENT.size + part * 4, bfcp.HEADER.size + units * 4)
    known = (version == 0x20) | (version == 0x40)
    told: NDArray[np.bool_] = known & (length >= bfcp.HEADER.size) & (wire == size)
    return told


def _is_stun(head: NDArray[np.uint8], length: NDArray[np.int32], wire: NDArray[np.int32]) -> NDArray[np.bool_]:
    """The magic cookie and a fitting length (RFC 8489 §5), or a message of RFC 3489 of exactly its length."""
    size = (head[:, 2].astype(np.int64) << 8 | head[:, 3]) + 20
    cookie = np.ascontiguousarray(head[:, 4:8]).view(np.uint32)[:, 0] == MAGIC_COOKIE
    classic = ((head[:, 0].astype(np.int64) << 8 | head[:, 1])[:, None] == CLASSIC_TYPES).any(axis=1)
    fits = (cookie & (size <= wire)) | (classic & (size == wire))
    told: NDArray[np.bool_] = (head[:, 0] < 4) & (length >= 20) & fits
    return told


_REQUEST = re.compile(rb"[A-Z][A-Za-z0-9._!%*+`'~-]{0,63} [^\r\n]{1,2000} (SIP/2\.0|RTSP/\d\.\d|HTTP/1\.[01])\r?\n")
_STATUS = re.compile(rb"(SIP/2\.0|RTSP/\d\.\d|HTTP/1\.[01]) \d{3}[ \r\n]")
_UPGRADE = re.compile(rb"\nupgrade:[ \t]*websocket", re.IGNORECASE)
_START = re.compile(rb"[A-Z][A-Za-z0-9._!%*+`'~-]{0,63} (sips?|tel|rtsp):", re.IGNORECASE)


def sniff(data: bytes) -> str:
    """What a TCP connection carries, by the first payload *data* of one direction.

    ``sip rtsp http websocket tls bfcp stun tpkt`` or ``unknown``; ``websocket`` is the HTTP upgrade to it.
    """
    text = data.lstrip(b"\r\n\0")
    match = _REQUEST.match(text) or _STATUS.match(text)
    if match:
        name = match[1][:4].decode().rstrip("/").lower()
        return "websocket" if name == "http" and _UPGRADE.search(text) else name
    if start := _START.match(text):
        return "rtsp" if start[1].lower() == b"rtsp" else "sip"
    return _sniff_binary(data)


def _sniff_binary(data: bytes) -> str:
    if len(data) < 4:
        return "unknown"
    size = int.from_bytes(data[2:4], "big")
    if 20 <= data[0] <= 24 and data[1] == 3 and data[2] <= 4:
        return "tls"
    if data[0] == 3 and data[1] == 0 and size >= 7:
        return "tpkt"
    if data[0] & 0xEF == 0x20 and 1 <= data[1] <= BFCP_PRIMITIVES and 12 + 4 * size >= len(data) >= 12:
        return "bfcp"
    if data[0] < 2 and data[4:8] == b"\x21\x12\xa4\x42":
        return "stun"
    return "unknown"
