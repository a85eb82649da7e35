"""Media of a scene's call: RTP and RTCP (RFC 3550)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from collabtrace.protocols.rtcp import (
    CNAME,
    Description,
    Report,
    ReportBlock,
    SenderInfo,
    SourceDescription,
)
from collabtrace.protocols.rtp import Rtp
from collabtrace.testing.machines import Machine
from collabtrace.testing.negotiation import Address, Route
from collabtrace.testing.sdp_text import Codec, Line

if TYPE_CHECKING:
    from collabtrace.testing.calls import Call
    from collabtrace.testing.dialogs import Party

Hop: TypeAlias = tuple[Address, Address]
"""From one machine to the next."""

NTP_EPOCH = 2_208_988_800
"""Seconds from 1900, where NTP begins, to 1970."""
RTCP_SECONDS = 5.0
TAG = 10
"""Bytes of the authentication tag of SRTP as most agree on it."""
SECOND = 10**9


@dataclass(frozen=True, slots=True)
class Quality:
    """What happens to the packets of a stream, and what its sender does wrong."""

    loss: float = 0.0
    """Share of the packets that never reaches the capture point, at random."""
    jitter_ms: float = 0.0
    """Greatest delay of a frame, at random; none overtakes another."""
    payload_type: int | None = None
    """Instead of the one that the receiver named."""
    dscp: int | None = None
    """46 for sound and 34 for pictures by default (RFC 4594)."""
    rtcp: bool = True
    """Whether both sides report every 5 s."""
    tag: int | None = None
    """Bytes that SRTP appends to each payload; by default 10 on encrypted lines (RFC 3711 §5.2) and none on others."""


class _Pace(NamedTuple):
    """How a kind of media is cut into packets."""

    interval: int
    """Nanoseconds from one frame to the next."""
    packets: int
    """Of one frame."""
    payload: bytes
    """The same in every packet."""
    dscp: int


PACES = {
    "audio": _Pace(SECOND // 50, 1, b"\xff" * 160, 46),
    # A fragment of an H.264 picture (RFC 6184 §5.8), neither its first nor its last.
    "video": _Pace(SECOND // 25, 2, b"\x7c\x01" + b"\xff" * 698, 34),
}


@dataclass(eq=False, slots=True)
class Stream:
    """One RTP stream: it goes on from one talk to the next."""

    ssrc: int
    sequence: int
    timestamp: int
    began: int
    """Nanoseconds since the scene's start."""
    packets: int = 0
    octets: int = 0
    lost: int = 0
    latest: int = 0
    """When the frame sampled last was sampled."""

    def next(self, codec: Codec, elapsed: int, payload: bytes, *, marker: bool, payload_type: int | None) -> Rtp:
        """The next packet, sampled at *elapsed*."""
        if elapsed < self.latest:
            raise ValueError("a stream cannot send twice at the same time: let one talk end before the next")
        self.latest = elapsed
        self.sequence = self.sequence + 1 & 0xFFFF
        timestamp = self.timestamp + (elapsed - self.began) * codec.clock_rate // SECOND & 0xFFFFFFFF
        chosen = codec.payload_type if payload_type is None else payload_type
        return Rtp(chosen, self.sequence, timestamp, self.ssrc, payload, marker=marker)


def talk(call: "Call", by: Machine | None, seconds: float, only: str | None, quality: Quality) -> None:
    """Send RTP for *seconds* on every agreed line, and move the clock on once."""
    for sender in (call.caller, call.callee) if by is None else (by,):
        for line, codecs, hops in paths(call, sender):
            if (
                codecs
                and line.is_rtp
                and only in (None, line.kind, line.value("content"))
                and (by or "send" in line.direction)
            ):
                for hop in hops:
                    with call.scene.meanwhile():
                        pace = _secured(PACES[line.kind], line, quality)
                        _flow(call, pace, codecs[0], hop, round(seconds * SECOND), quality)
    call.scene.wait(seconds)


def _secured(pace: _Pace, line: Line, quality: Quality) -> _Pace:
    """The pace with payloads as long as SRTP makes them (RFC 3711 §3.1)."""
    usual = TAG if "SAVP" in line.protocol else 0
    return pace._replace(payload=pace.payload + b"\xaa" * (usual if quality.tag is None else quality.tag))


def paths(call: "Call", by: Machine, legs: Route | None = None) -> Iterator[tuple[Line, tuple[Codec, ...], list[Hop]]]:
    """Each m-line that *by* may send on: the line, the codecs by the receiver's numbers, and the way over *legs*."""
    legs = legs or call.legs_from(by)
    for line in call.agreed.said[legs[0][1]].lines:
        hops: list[Hop] = []
        codecs: tuple[Codec, ...] = ()
        for leg, party in legs:
            ends = [_line(call, each, line.place) for each in (party, leg.other(party))]
            if not all(end is not None and end.port for end in ends):
                break
            mine, theirs = (end for end in ends if end is not None)
            names = {codec.name for codec in mine.codecs}
            codecs = codecs or tuple(codec for codec in theirs.codecs if codec.name in names)
            hop = ((mine.address or "", mine.port or 0), (theirs.address or "", theirs.port or 0))
            hops += [hop] if hop not in hops else []
        else:
            yield line, codecs, hops


def _line(call: "Call", party: "Party", place: int) -> Line | None:
    description = call.agreed.said.get(party)
    lines = description.lines if description else ()
    return next((line for line in lines if line.place == place), None)


def stream_of(call: "Call", hop: Hop) -> Stream:
    """The stream on one hop, begun now where there is none yet."""
    if hop not in call.streams:
        bits = call.scene.chance.getrandbits
        call.streams[hop] = Stream(bits(32), bits(15), bits(32), call.scene.elapsed)
    return call.streams[hop]


def _flow(call: "Call", pace: _Pace, codec: Codec, hop: Hop, duration: int, quality: Quality) -> None:
    """Send one stream over one hop, and the reports of both of its ends."""
    scene, stream, began = call.scene, stream_of(call, hop), call.scene.elapsed
    source, target = call.agreed.owners[hop[0]], _listener(call, hop[1])
    dscp = pace.dscp if quality.dscp is None else quality.dscp
    reported, earliest = 0, 0
    for at in range(0, duration, pace.interval):
        earliest = max(earliest, began + at + round(scene.chance.random() * quality.jitter_ms * 10**6))
        for count in range(pace.packets):
            marker = count == pace.packets - 1 if pace.packets > 1 else stream.packets == 0
            packet = stream.next(codec, began + at, pace.payload, marker=marker, payload_type=quality.payload_type)
            stream.packets += 1
            stream.octets += len(pace.payload)
            if scene.chance.random() < quality.loss:
                stream.lost += 1
                continue
            scene.elapsed = earliest
            earliest += 1000
            scene.datagram(source, target, (hop[0][1], hop[1][1]), bytes(packet), dscp=dscp)
        if quality.rtcp and at // round(RTCP_SECONDS * SECOND) > reported:
            reported += 1
            scene.elapsed = began + at
            _report(call, codec, hop, stream)


def _listener(call: "Call", end: Address) -> Machine:
    """Who gets what is sent to *end*: a machine of no name where nobody is."""
    owner = call.agreed.owners[end]
    return Machine("nobody", end[0]) if owner.stranded else owner


def _report(call: "Call", codec: Codec, hop: Hop, stream: Stream) -> None:
    """A sender report, and 20 ms later the receiver's report on what came (RFC 3550 §6.4)."""
    scene = call.scene
    source, target = call.agreed.owners[hop[0]], _listener(call, hop[1])
    time = scene.start + scene.elapsed
    ntp = (time // SECOND + NTP_EPOCH) << 32 | (time % SECOND << 32) // SECOND
    stamp = stream.timestamp + (scene.elapsed - stream.began) * codec.clock_rate // SECOND & 0xFFFFFFFF
    sender = Report(stream.ssrc, sender=SenderInfo(ntp, stamp, stream.packets, stream.octets))
    ports = (hop[0][1] + 1, hop[1][1] + 1)
    scene.datagram(source, target, ports, bytes(sender) + _description(stream.ssrc, source))
    if target is not call.agreed.owners[hop[1]]:
        return
    back = stream_of(call, (hop[1], hop[0]))
    share = 256 * stream.lost // max(1, stream.packets)
    block = ReportBlock(stream.ssrc, share, stream.lost, stream.sequence, 0, ntp >> 16 & 0xFFFFFFFF, 1311)
    scene.elapsed += SECOND // 50
    receiver = Report(back.ssrc, (block,))
    scene.datagram(target, _listener(call, hop[0]), ports[::-1], bytes(receiver) + _description(back.ssrc, target))


def _description(ssrc: int, machine: Machine) -> bytes:
    return bytes(SourceDescription((Description(ssrc, ((CNAME, f"{machine.name}@example.com".encode()),)),)))
