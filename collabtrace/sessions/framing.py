"""How long the packets of one stream are beside the time that they carry: what tells SRTP from RTP without a key.

A codec of constant rate needs a certain number of bytes for the samples between a timestamp and the next. SRTP leaves
timestamp and payload type as they are and appends an authentication tag (RFC 3711 §3.1), so that its payloads are
longer by that; plain RTP has exactly what the codec needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import Flows
from collabtrace.columns import Table
from collabtrace.protocols.rtp import MARKER_BIT, PAYLOAD_TYPE_MASK
from collabtrace.schema import Stream
from collabtrace.sessions.formats import Format
from collabtrace.sessions.media_packets import MediaPackets

NANO = 1e9
"""Nanoseconds in a second."""
RATES = {"pcmu": (1, 1), "pcma": (1, 1), "g722": (1, 1), "l16": (2, 1), "g729": (1, 8), "g726-32": (1, 2)}
"""Bytes for a number of timestamp units, by encoding name: the codecs of constant rate (RFC 3551 §4.5)."""
MOST_DIGITS = 3
"""Of a number of channels."""
LONGEST_TAG = 32
"""Bytes that SRTP appends at most: a tag of up to 16, and a key identifier (RFC 3711 §3.1, RFC 7714 §13.1)."""


@dataclass(frozen=True, slots=True)
class Framing:
    """What the lengths of a stream's packets tell, in a span of time."""

    compared: int
    """Packets of codecs of constant rate, of which the next one shows how much time they carry."""
    plain: int
    """Of these, those whose payload has exactly what the codec needs."""
    plain_frame: int | None
    """The first of them."""
    tag: int | None
    """Bytes beyond that, which most of the longer ones have."""
    tagged: int
    """Packets that are longer by just that."""
    tagged_frame: int | None
    """The first of them."""
    payload: int
    """Bytes of the payload that most packets compared have; 0 where none was compared."""


def rate(meant: Format) -> tuple[int, int] | None:
    """Bytes for a number of timestamp units of a codec of constant rate; None for any other, or if it is not told."""
    known = RATES.get(meant.name)
    channels = meant.encoding.split("/")[2:3]
    if known is None or not channels or meant.name != "l16":
        return known
    readable = channels[0].isdecimal() and len(channels[0]) <= MOST_DIGITS and int(channels[0]) > 0
    return (known[0] * int(channels[0]), known[1]) if readable else None


def extra_bytes(streams: Table[Stream]) -> NDArray[np.float64]:
    """Bytes by which the packets of each stream are longer on average than its codec needs; 0 where that is not known.

    The average counts pauses as time that packets carry, so that it may miss what is longer, and finds nothing else.
    """
    needed = {codec: _bytes_a_second(codec) for codec in set(streams.columns["codec"])}
    bytes_a_second = np.array([needed[codec] for codec in streams.columns["codec"]])
    steps = streams.numbers("packets") - 1 + streams.numbers("lost")
    spans = streams.numbers("last") - streams.numbers("first")
    known = (bytes_a_second > 0) & (steps > 0)
    length = streams.numbers("bytes") / np.maximum(streams.numbers("packets"), 1)
    return np.where(known, length - spans / np.maximum(steps, 1) * bytes_a_second, 0.0)


def _bytes_a_second(codec: str | None) -> float:
    """What a codec of constant rate sends; 0 for any other."""
    parts = (codec or "").split("/")
    known = rate(Format(codec or "", None, "sdp"))
    if known is None or len(parts) < 2 or not parts[1].isdecimal():
        return 0.0
    return int(parts[1][:9]) * known[0] / known[1]


def build(
    packets: MediaPackets, flows: Flows, stream: Stream, formats: Mapping[int, Format], begin: float, end: float
) -> Framing:
    """Compare the packets of *stream* from *begin* to *end*; *formats* say what its payload types mean."""
    own = packets.of_stream(flows, stream)
    kinds = own.mark & np.uint8(PAYLOAD_TYPE_MASK)
    ticks = np.diff(own.timestamp).astype(np.int64)
    follows = (np.diff(own.sequence) == 1) & (kinds[1:] == kinds[:-1]) & (own.mark[1:] < MARKER_BIT)
    follows &= (own.time[:-1] >= begin * NANO) & (own.time[:-1] <= end * NANO)
    needed = np.full(len(ticks), -1, dtype=np.int64)
    for kind, meant in formats.items():
        known = rate(meant)
        if known is not None and meant.clock_rate:
            whole = (kinds[:-1] == kind) & (ticks > 0) & (ticks < meant.clock_rate) & (ticks * known[0] % known[1] == 0)
            needed[whole] = ticks[whole] * known[0] // known[1]
    chosen = np.flatnonzero(follows & (needed >= 0))
    length = own.length[chosen].astype(np.int64)
    more = length - needed[chosen]
    tag = _mode(more[(more > 0) & (more <= LONGEST_TAG)])
    plain, tagged = chosen[more == 0], chosen[more == (tag or -1)]
    frames = (int(own.frame[found[0]]) if len(found) else None for found in (plain, tagged))
    plain_frame, tagged_frame = frames
    return Framing(len(chosen), len(plain), plain_frame, tag, len(tagged), tagged_frame, _mode(length) or 0)


def _mode(numbers: NDArray[np.int64]) -> int | None:
    """The number that is there most often."""
    return int(np.bincount(numbers).argmax()) if len(numbers) else None
