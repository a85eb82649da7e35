"""Runs of RTP packets that report one telephone-event: same source, payload type, event and timestamp (RFC 4733 §2.5).

A key is reported every few tens of milliseconds while it is down, and its end three times, all with the timestamp of
its beginning. Runs are found for all packets of a file at once; only what is then taken for a key becomes an object.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from collabtrace.protocols.rtp import MARKER_BIT, PAYLOAD_TYPE_MASK
from collabtrace.protocols.telephone_event import DIGITS, END_BIT, FLASH, RESERVED_BIT
from collabtrace.sessions.media_packets import EVENT_BYTES, Columns, Events

REUSED = 5_000_000_000
"""Nanoseconds of silence after which the same timestamp is another press: recordings of tones are played again."""
MIN_ORDERLY = 3
"""Packets of a run that shows by itself what it is: an end is sent three times (RFC 4733 §2.5.1.4)."""
LONGEST = 40
"""Bytes of a payload that may be an event in SRTP: 4, a tag of at most 16 (RFC 7714 §13.1), and a key identifier."""
UNREADABLE = -1
"""Stands for the event of a packet of which only the header can be read."""


class Run(NamedTuple):
    """One run, in the order of its packets."""

    source: int
    """Number of the source (``Sources``)."""
    payload_type: int
    event: int
    """Event code; ``UNREADABLE`` where only the header can be read."""
    timestamp: int
    end_timestamp: int
    """The same, until another run is found to go on with this one."""
    frame: int
    last_frame: int
    time: int
    """Of the first packet, in nanoseconds."""
    last_time: int
    packets: int
    marked: bool
    """Whether the first packet has the marker bit."""
    begins_ended: bool
    """Whether the first packet seen says already that the event is over."""
    ended: bool
    """Whether any packet says so."""
    first_duration: int
    duration: int
    """Of the first packet that ends the event, else the longest; in timestamp units."""
    length: int
    """Bytes of the longest payload."""
    orderly: bool
    """Whether the packets could be nothing else than a key."""


@dataclass(frozen=True, slots=True)
class Runs:
    """The columns of many runs, one for each field of ``Run``."""

    columns: dict[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.columns["source"])

    def __iter__(self) -> Iterator[Run]:
        return map(Run._make, zip(*(self.columns[name].tolist() for name in Run._fields), strict=True))

    def key(self) -> NDArray[np.int64]:
        """Source and payload type in one number."""
        key: NDArray[np.int64] = self.columns["source"] << 8 | self.columns["payload_type"]
        return key

    def only(self, chosen: NDArray[np.bool_]) -> "Runs":
        """Some of them."""
        return Runs({name: column[chosen] for name, column in self.columns.items()})


PACKET = ("source", "time", "frame", "timestamp", "mark", "payload", "length")
"""What is known of each packet."""


def readable(parts: Sequence[Events]) -> Runs:
    """The runs of payloads of four bytes whose event is a key."""
    names = PACKET[:-1]
    joined = {name: np.concatenate([getattr(part, name) for part in parts], dtype=np.int64) for name in names if parts}
    if not joined:
        return _runs({})
    is_key = joined["payload"] >> 24 <= FLASH
    columns = {name: column[is_key] for name, column in joined.items()}
    return _runs({**columns, "length": np.full(np.count_nonzero(is_key), EVENT_BYTES)})


def unreadable(chunks: Sequence[Columns], types: NDArray[np.bool_]) -> Runs:
    """The runs of short payloads of the payload types in *types* (a flag for each) that are longer than four bytes."""
    found: dict[str, list[NDArray[Any]]] = {name: [] for name in PACKET}
    for chunk in chunks:
        short = (chunk.length > EVENT_BYTES) & (chunk.length <= LONGEST)
        at = np.flatnonzero(short & types[chunk.mark & PAYLOAD_TYPE_MASK])
        found["source"].append(chunk.sources[np.searchsorted(chunk.bounds, at, side="right") - 1])
        found["payload"].append(np.full(len(at), UNREADABLE, dtype=np.int64))
        for name in ("time", "frame", "timestamp", "mark", "length"):
            found[name].append(getattr(chunk, name)[at])
    return _runs({name: np.concatenate(parts, dtype=np.int64) for name, parts in found.items() if parts})


def _runs(packets: dict[str, NDArray[np.int64]]) -> Runs:
    """The runs of *packets*, which are in the order of arrival."""
    if not len(packets.get("source", ())):
        return Runs({name: np.empty(0, dtype=np.int64) for name in Run._fields})
    packets["kind"], packets["event"] = packets["mark"] & PAYLOAD_TYPE_MASK, packets["payload"] >> 24
    order = np.lexsort([packets[name] for name in SAME])
    packets = {name: column[order] for name, column in packets.items()}
    begins = _begins(packets)
    last = np.append(begins[1:], len(order)) - 1
    reports = _reports(packets, begins, last)
    return Runs(
        {
            **{name: packets[name][begins] for name in ("source", "event", "timestamp", "frame", "time")},
            "payload_type": packets["kind"][begins],
            "end_timestamp": packets["timestamp"][begins],
            "last_frame": packets["frame"][last],
            "last_time": packets["time"][last],
            "packets": last - begins + 1,
            "marked": packets["mark"][begins] >= MARKER_BIT,
            "length": np.maximum.reduceat(packets["length"], begins),
            **reports,
        }
    )


SAME = ("timestamp", "event", "kind", "source")
"""What all packets of a run share; the last is sorted by first."""


def _begins(packets: dict[str, NDArray[np.int64]]) -> NDArray[np.int64]:
    """Where in the sorted packets each run begins."""
    alike = [packets[name][1:] == packets[name][:-1] for name in SAME]
    goes_on = np.logical_and.reduce([*alike, np.diff(packets["time"]) <= REUSED])
    return np.flatnonzero(np.append(True, ~goes_on))


def _reports(
    packets: dict[str, NDArray[np.int64]], begins: NDArray[np.int64], last: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """What the payloads of each run say."""
    payload = packets["payload"]
    known = payload != UNREADABLE
    end, duration = known & (payload >> 16 & END_BIT > 0), np.where(known, payload & 0xFFFF, 0)
    first_end = np.minimum.reduceat(np.where(end, np.arange(len(end)), len(end)), begins)
    goes_back = np.append(False, np.diff(duration) < 0)
    goes_back[begins] = False
    odd = np.logical_or.reduceat(goes_back | (payload >> 16 & RESERVED_BIT > 0), begins)
    is_digit = known[begins] & (packets["event"][begins] < len(DIGITS))
    shown = (last - begins + 1 >= MIN_ORDERLY) & end[last] & (duration[last] > 0)
    longest = np.maximum.reduceat(duration, begins)
    return {
        "begins_ended": end[begins],
        "ended": first_end <= last,
        "first_duration": duration[begins],
        "duration": np.where(first_end <= last, duration[np.minimum(first_end, last)], longest),
        "orderly": shown & is_digit & ~odd,
    }
