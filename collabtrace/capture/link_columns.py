"""Link layers of many packets at once: where IP begins, as far as they are the usual ones."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.gather import words
from collabtrace.capture.records import Records

IPV4, IPV6, ARP, ETHERNET = 0x0800, 0x86DD, 0x0806, 0x6558
"""EtherTypes; the last is that of Ethernet in a tunnel."""
_TAGS = (0x8100, 0x88A8, 0x9100)
_MOST_TAGS = 2
ETHERTYPE_AT = {1: (12, 14), 113: (14, 16), 276: (0, 20)}
"""By LINKTYPE_: where the EtherType stands, and how long the header is."""
_BARE = (12, 14, 101, 228, 229)
"""LINKTYPE_ values without a header."""
_LOOPBACK = (0, 108)
"""LINKTYPE_ values with an address family of four bytes, in either byte order."""
_AF_INET, _AF_INET6 = (2, 2 << 24), tuple(family << shift for family in (10, 24, 28, 30) for shift in (0, 24))

Bytes: TypeAlias = NDArray[np.uint8]
Rows: TypeAlias = NDArray[np.int64]
Kinds: TypeAlias = NDArray[np.uint16]
Mask: TypeAlias = NDArray[np.bool_]


class Front(NamedTuple):
    """Packets decoded up to the same kind of place; positions are those in the chunk."""

    row: Rows
    """Number of each packet."""
    kind: Kinds
    """EtherType of what comes next; 0 where nothing that is usual does."""
    begin: Rows
    """Where that begins."""
    held: Rows
    """Where the capture ends."""
    end: Rows
    """Where the packet ends on the wire."""

    def taken(self, places: Rows) -> "Front":
        """Some of the packets."""
        row, kind, begin, held, end = self
        return Front(row[places], kind[places], begin[places], held[places], end[places])


def front(records: Records) -> Front:
    """The packets of a chunk behind their link layers."""
    start, links = records.start, records.link
    kind, begin = np.zeros(len(links), np.uint16), start.copy()
    uniform = len(links) > 0 and bool((links == links[0]).all())
    for link in links[:1].tolist() if uniform else np.unique(links).tolist():
        rows = slice(None) if uniform else np.flatnonzero(links == link)
        if link in ETHERTYPE_AT:
            field, length = ETHERTYPE_AT[link]
            kind[rows] = words(records.buffer, start[rows] + field, 1, ">u2")[0]
            begin[rows] += length
        elif link in _BARE:
            kind[rows] = version_kind(records.buffer, start[rows])
        elif link in _LOOPBACK:
            family = words(records.buffer, start[rows], 1, ">u4")[0]
            begin[rows] += 4
            four = np.isin(family, _AF_INET) * version_kind(records.buffer, begin[rows])
            kind[rows] = four + np.isin(family, _AF_INET6) * np.uint16(IPV6)
    pass_tags(records.buffer, kind, begin)
    return Front(np.arange(len(links)), kind, begin, start + records.captured, start + records.wire)


def version_kind(data: Bytes, begin: Rows) -> Kinds:
    """The EtherType of IP without one, by its version."""
    version = data[begin] >> 4
    kind: Kinds = (version == 4) * np.uint16(IPV4) + (version == 6) * np.uint16(IPV6)
    return kind


def pass_ethernet(data: Bytes, kind: Kinds, begin: Rows, rows: Rows) -> None:
    """Move *rows* behind their Ethernet headers and tags."""
    kind[rows] = words(data, begin[rows] + 12, 1, ">u2")[0]
    begin[rows] += 14
    pass_tags(data, kind, begin)


def pass_tags(data: Bytes, kind: Kinds, begin: Rows) -> None:
    """Move behind VLAN tags; each ends with the EtherType of what follows."""
    tagged = np.flatnonzero(_is_tag(kind))
    for _ in range(_MOST_TAGS):
        if not len(tagged):
            return
        kind[tagged] = words(data, begin[tagged] + 2, 1, ">u2")[0]
        begin[tagged] += 4
        tagged = tagged[_is_tag(kind[tagged])]


def _is_tag(kind: Kinds) -> Mask:
    tagged: Mask = (kind == _TAGS[0]) | (kind == _TAGS[1]) | (kind == _TAGS[2])
    return tagged
