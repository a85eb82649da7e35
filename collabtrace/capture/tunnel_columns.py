"""Tunnels of many packets at once: GRE, ERSPAN, IP in IP, GTP-U and VXLAN, as far as they are the usual ones.

Each function gives the EtherType of what is inside (0 where the tunnel is unusual) and where that begins.
"""

import numpy as np

from collabtrace.capture.datagrams import UDP
from collabtrace.capture.gather import words
from collabtrace.capture.link_columns import (
    ETHERNET,
    IPV4,
    IPV6,
    Bytes,
    Front,
    Kinds,
    Rows,
    pass_ethernet,
    version_kind,
)
from collabtrace.capture.network_columns import Headers
from collabtrace.capture.tunnels import GTPU_PORT, UDP_TUNNELS, VXLAN_PORT

_IP_IN_IP, _IPV6_IN_IP, _GRE = 4, 41, 47
TUNNELS = (_IP_IN_IP, UDP, _IPV6_IN_IP, _GRE)
"""IP protocol numbers of what may be a tunnel."""
_CHECKSUM, _KEY, _SEQUENCE, _UNUSUAL = 0x8000, 0x2000, 0x1000, 0x4007
"""GRE flags; the last are routing and the version."""
_ERSPAN, _ERSPAN3 = 0x88BE, 0x22EB


def inner(data: Bytes, packets: Front, headers: Headers) -> Front:
    """What the tunnels among *packets* carry."""
    total = headers.total
    places = np.flatnonzero(headers.plain & (total <= packets.end - packets.begin))
    row, _, begin, held, _ = packets.taken(places)
    end = begin + total[places]
    begin = begin + headers.length
    protocol = headers.protocol[places]
    kind = np.zeros(len(row), np.uint16)
    kind[protocol == _IP_IN_IP], kind[protocol == _IPV6_IN_IP] = IPV4, IPV6
    gre = np.flatnonzero(protocol == _GRE)
    kind[gre], begin[gre] = _gre(data, begin[gre])
    udp = np.flatnonzero(protocol == UDP)
    end[udp] = np.minimum(end[udp], begin[udp] + headers.size[places[udp]].astype(np.int64))
    kind[udp], begin[udp], end[udp] = _udp(data, headers.ports[places[udp]], begin[udp] + 8, end[udp])
    frames = np.flatnonzero((kind == ETHERNET) & (begin + 14 <= np.minimum(held, end)))
    pass_ethernet(data, kind, begin, frames)
    plain = ((kind == IPV4) | (kind == IPV6)) & (begin + 20 <= np.minimum(held, end))
    return Front(row, kind, begin, held, end).taken(np.flatnonzero(plain))


def _gre(data: Bytes, begin: Rows) -> tuple[Kinds, Rows]:
    """GRE (RFC 2784, RFC 2890) and ERSPAN on it."""
    flags, carried = words(data, begin, 2, ">u2")
    optional = sum(((flags & flag) > 0).astype(np.int64) for flag in (_CHECKSUM, _KEY, _SEQUENCE))
    behind = begin + 4 + optional * 4
    mirrored = carried == _ERSPAN
    behind += 8 * (mirrored & (flags & _SEQUENCE > 0))
    third = carried == _ERSPAN3
    behind += third * (12 + 8 * (data[behind + 11] & 1).astype(np.int64))
    kind = np.where(mirrored | third, np.uint16(ETHERNET), carried)
    return np.where(flags & _UNUSUAL, np.uint16(0), kind).astype(np.uint16), behind


def _udp(data: Bytes, ports: np.ndarray, begin: Rows, end: Rows) -> tuple[Kinds, Rows, Rows]:
    """Tunnels on UDP, by their ports."""
    kind, begin, end = np.zeros(len(begin), np.uint16), begin.copy(), end.copy()
    target = ports & 0xFFFF
    port = np.where(np.isin(target, list(UDP_TUNNELS)), target, ports >> 16)
    gtpu, vxlan = np.flatnonzero(port == GTPU_PORT), np.flatnonzero(port == VXLAN_PORT)
    kind[gtpu], begin[gtpu], end[gtpu] = _gtpu(data, begin[gtpu], end[gtpu])
    kind[vxlan] = np.where(data[begin[vxlan]] & 8, ETHERNET, 0)
    begin[vxlan] += 8
    return kind, begin, end


def _gtpu(data: Bytes, begin: Rows, end: Rows) -> tuple[Kinds, Rows, Rows]:
    """G-PDUs without extension headers (3GPP TS 29.281 §5.1)."""
    first, length = words(data, begin, 2, ">u2")
    last = begin + 8 + length
    behind = begin + 8 + 4 * ((first & 0x0300) > 0)
    plain = (first & 0xF4FF == 0x30FF) & (last <= end) & (behind < last)
    return np.where(plain, version_kind(data, behind), 0).astype(np.uint16), behind, last
