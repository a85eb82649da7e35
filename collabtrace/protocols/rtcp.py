"""RTCP packets (RFC 3550 §6), feedback headers (RFC 4585 §6.1) and extended reports (RFC 3611).

A datagram holds several packets one after another. SRTCP (RFC 3711 §3.4) shows no more than the first header
and the sender: ``parse`` refuses it, and ``head`` reads what is in clear.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from collabtrace.errors import ParseError

VERSION = 2
HEADER = struct.Struct("!BBH")
SR, RR, SDES, BYE, APP, RTPFB, PSFB, XR = 200, 201, 202, 203, 204, 205, 206, 207
PADDING_BIT, COUNT_MASK = 0x20, 0x1F

SENDER = struct.Struct("!IIIII")
"""NTP seconds and fraction, RTP timestamp, packets, bytes (RFC 3550 §6.4.1)."""
BLOCK = struct.Struct("!IIIIII")
"""SSRC, fraction lost and cumulative loss, highest sequence number, jitter, LSR, DLSR (RFC 3550 §6.4.1)."""
VOIP = struct.Struct("!IBBBBHHHHBBBBBBBBBBHHH")
"""RFC 3611 §4.7."""

CNAME = 1
"""The item of a source description that names the participant (RFC 3550 §6.5.1)."""
UNAVAILABLE = 127
"""A quality score of the VoIP metrics that the receiver does not give."""
VOIP_METRICS = 7
"""Block type of the VoIP metrics report (RFC 3611 §4.7)."""


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says of one source (RFC 3550 §6.4.1)."""

    ssrc: int
    fraction_lost: int
    """In 1/256, since the report before."""
    lost: int
    """Since the beginning; negative where packets came twice."""
    highest: int
    """Extended sequence number received."""
    jitter: int
    """In timestamp units."""
    last_report: int
    """LSR: the middle 32 bits of the NTP time of the last sender report; 0 for none."""
    delay: int
    """DLSR: since that report came, in 1/65536 s."""

    def __bytes__(self) -> bytes:
        loss = self.fraction_lost << 24 | self.lost & 0xFFFFFF
        return BLOCK.pack(self.ssrc, loss, self.highest, self.jitter, self.last_report, self.delay)


@dataclass(frozen=True, slots=True)
class SenderInfo:
    """What a sender says of itself (RFC 3550 §6.4.1)."""

    ntp: int
    """64-bit NTP time."""
    rtp_timestamp: int
    packets: int
    octets: int

    @property
    def middle(self) -> int:
        """The middle 32 bits of the NTP time, as LSR repeats them."""
        return self.ntp >> 16 & 0xFFFFFFFF

    def __bytes__(self) -> bytes:
        return SENDER.pack(self.ntp >> 32, self.ntp & 0xFFFFFFFF, self.rtp_timestamp, self.packets, self.octets)


@dataclass(frozen=True, slots=True)
class Report:
    """A sender report, or a receiver report where ``sender`` is None."""

    ssrc: int
    blocks: tuple[ReportBlock, ...] = ()
    sender: SenderInfo | None = None
    extension: bytes = b""
    """Of a profile."""

    def __bytes__(self) -> bytes:
        sender = b"" if self.sender is None else bytes(self.sender)
        body = self.ssrc.to_bytes(4, "big") + sender + b"".join(map(bytes, self.blocks)) + self.extension
        return _pack(RR if self.sender is None else SR, len(self.blocks), body)


@dataclass(frozen=True, slots=True)
class Description:
    """The items about one source (RFC 3550 §6.5)."""

    ssrc: int
    items: tuple[tuple[int, bytes], ...] = ()
    """Type and text of each."""

    def __bytes__(self) -> bytes:
        items = b"".join(bytes([kind, len(text)]) + text for kind, text in self.items)
        return self.ssrc.to_bytes(4, "big") + items + bytes(4 - len(items) % 4)


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """SDES (RFC 3550 §6.5)."""

    sources: tuple[Description, ...] = ()

    def __bytes__(self) -> bytes:
        return _pack(SDES, len(self.sources), b"".join(map(bytes, self.sources)))


@dataclass(frozen=True, slots=True)
class Goodbye:
    """BYE (RFC 3550 §6.6)."""

    ssrcs: tuple[int, ...]
    reason: bytes | None = None

    def __bytes__(self) -> bytes:
        body = b"".join(ssrc.to_bytes(4, "big") for ssrc in self.ssrcs)
        if self.reason is not None:
            body += bytes([len(self.reason)]) + self.reason
        return _pack(BYE, len(self.ssrcs), body + bytes(-len(body) % 4))


@dataclass(frozen=True, slots=True)
class Feedback:
    """Transport-layer or payload-specific feedback (RFC 4585 §6.1); ``control`` is left as it is."""

    type: int
    """``RTPFB`` or ``PSFB``."""
    format: int
    ssrc: int
    """Of the sender of the feedback."""
    media_ssrc: int
    control: bytes = b""

    def __bytes__(self) -> bytes:
        body = self.ssrc.to_bytes(4, "big") + self.media_ssrc.to_bytes(4, "big") + self.control
        return _pack(self.type, self.format, body)


@dataclass(frozen=True, slots=True)
class ExtendedBlock:
    """One block of an extended report (RFC 3611 §3)."""

    type: int
    specific: int
    """The byte after the type, whose meaning depends on it."""
    content: bytes

    def __bytes__(self) -> bytes:
        return HEADER.pack(self.type, self.specific, len(self.content) // 4) + self.content


@dataclass(frozen=True, slots=True)
class ExtendedReport:
    """XR (RFC 3611)."""

    ssrc: int
    blocks: tuple[ExtendedBlock, ...] = ()

    def __bytes__(self) -> bytes:
        return _pack(XR, 0, self.ssrc.to_bytes(4, "big") + b"".join(map(bytes, self.blocks)))


@dataclass(frozen=True, slots=True)
class Other:
    """A packet that is left as it is: APP (RFC 3550 §6.7) and the types of later RFCs."""

    type: int
    count: int
    """The five bits after version and padding: a subtype."""
    content: bytes

    def __bytes__(self) -> bytes:
        return _pack(self.type, self.count, self.content)


Packet: TypeAlias = Report | SourceDescription | Goodbye | Feedback | ExtendedReport | Other


@dataclass(frozen=True, slots=True)
class VoipMetrics:
    """The VoIP metrics report block (RFC 3611 §4.7)."""

    ssrc: int
    """The source it is about."""
    loss_rate: int
    """Packets lost, in 1/256."""
    discard_rate: int
    """Packets that came too late, in 1/256."""
    burst_density: int
    gap_density: int
    burst_duration: int
    """ms"""
    gap_duration: int
    """ms"""
    round_trip_delay: int
    """ms"""
    end_system_delay: int
    """ms"""
    signal_level: int
    noise_level: int
    echo_return_loss: int
    gmin: int
    r_factor: int
    external_r_factor: int
    mos_listening: int
    """In tenths; ``UNAVAILABLE`` where not given."""
    mos_conversational: int
    """In tenths; ``UNAVAILABLE`` where not given."""
    receiver_configuration: int
    reserved: int
    jitter_buffer_nominal: int
    """ms"""
    jitter_buffer_maximum: int
    """ms"""
    jitter_buffer_absolute: int
    """ms"""

    @classmethod
    def parse(cls, content: bytes) -> "VoipMetrics":
        """Read the content of a block of type ``VOIP_METRICS``."""
        if len(content) != VOIP.size:
            raise ParseError(f"{len(content)} bytes are not the {VOIP.size} of VoIP metrics")
        return cls(*VOIP.unpack(content))

    def __bytes__(self) -> bytes:
        return VOIP.pack(*(getattr(self, name) for name in self.__slots__))


def parse(data: bytes) -> tuple[Packet, ...]:
    """Parse all packets of one datagram; padding, and up to three bytes that some leave behind it, are not kept."""
    found: list[Packet] = []
    at = 0
    while len(data) - at >= HEADER.size or not found:
        first, kind, end = _header(data, at)
        body = data[at + HEADER.size : end]
        if first & PADDING_BIT:
            if len(data) - end >= HEADER.size or not 4 <= (body[-1] if body else 0) <= len(body):
                raise ParseError("RTCP padding is not at the end of the last packet")
            body = body[: -body[-1]]
        reader = _READERS.get(kind)
        found.append(reader(kind, first & COUNT_MASK, body) if reader else Other(kind, first & COUNT_MASK, body))
        at = end
    return tuple(found)


def head(data: bytes) -> tuple[int, int | None]:
    """Type of the first packet and the SSRC behind it, all that SRTCP leaves in clear; None where it is cut off."""
    _, kind, end = _header(data, 0, cut=True)
    return kind, int.from_bytes(data[4:8], "big") if len(data) >= 8 and end >= 8 else None


def _header(data: bytes, at: int, *, cut: bool = False) -> tuple[int, int, int]:
    """First byte and type of the packet at *at*, and where it ends; with *cut* it may reach behind the data."""
    if len(data) - at < HEADER.size:
        raise ParseError(f"{len(data) - at} bytes are too few for the RTCP header of {HEADER.size}")
    first, kind, words = HEADER.unpack_from(data, at)
    if first >> 6 != VERSION:
        raise ParseError(f"RTCP version {first >> 6} is not {VERSION}")
    end = at + HEADER.size + 4 * words
    if end > len(data) and not cut:
        raise ParseError(f"an RTCP packet of {end - at} bytes does not fit into {len(data) - at}")
    return first, kind, end


def _report(kind: int, count: int, body: bytes) -> Report:
    start = 4 + (SENDER.size if kind == SR else 0)
    end = start + count * BLOCK.size
    if len(body) < end:
        raise ParseError(f"{count} report blocks do not fit into {len(body)} bytes")
    sender = None
    if kind == SR:
        seconds, fraction, timestamp, packets, sent = SENDER.unpack_from(body, 4)
        sender = SenderInfo(seconds << 32 | fraction, timestamp, packets, sent)
    blocks = tuple(_block(*numbers) for numbers in BLOCK.iter_unpack(body[start:end]))
    return Report(_word(body, 0), blocks, sender, body[end:])


def _block(ssrc: int, loss: int, highest: int, jitter: int, last_report: int, delay: int) -> ReportBlock:
    lost = loss & 0xFFFFFF
    signed = lost - 0x1000000 if lost & 0x800000 else lost
    return ReportBlock(ssrc, loss >> 24, signed, highest, jitter, last_report, delay)


def _description(_kind: int, count: int, body: bytes) -> SourceDescription:
    sources: list[Description] = []
    at = 0
    for _ in range(count):
        ssrc, at = _word(body, at), at + 4
        items: list[tuple[int, bytes]] = []
        while at < len(body) and body[at]:
            end = at + 2 + (body[at + 1] if at + 1 < len(body) else len(body))
            if end > len(body):
                raise ParseError("an item of a source description does not fit")
            items.append((body[at], body[at + 2 : end]))
            at = end
        sources.append(Description(ssrc, tuple(items)))
        at += 4 - at % 4
    return SourceDescription(tuple(sources))


def _goodbye(_kind: int, count: int, body: bytes) -> Goodbye:
    ssrcs = tuple(_word(body, 4 * number) for number in range(count))
    rest = body[4 * count :]
    if not rest:
        return Goodbye(ssrcs)
    if rest[0] >= len(rest):
        raise ParseError(f"a reason of {rest[0]} bytes does not fit into {len(rest) - 1}")
    return Goodbye(ssrcs, rest[1 : 1 + rest[0]])


def _feedback(kind: int, form: int, body: bytes) -> Feedback:
    return Feedback(kind, form, _word(body, 0), _word(body, 4), body[8:])


def _extended(_kind: int, _count: int, body: bytes) -> ExtendedReport:
    ssrc = _word(body, 0)
    blocks: list[ExtendedBlock] = []
    at = 4
    while at < len(body):
        if at + HEADER.size > len(body):
            raise ParseError("an extended report ends within the header of a block")
        kind, specific, words = HEADER.unpack_from(body, at)
        end = at + HEADER.size + 4 * words
        if end > len(body):
            raise ParseError(f"a block of {4 * words} bytes does not fit into an extended report")
        blocks.append(ExtendedBlock(kind, specific, body[at + HEADER.size : end]))
        at = end
    return ExtendedReport(ssrc, tuple(blocks))


def _word(data: bytes, at: int) -> int:
    if at + 4 > len(data):
        raise ParseError("an RTCP packet ends within an SSRC")
    return int.from_bytes(data[at : at + 4], "big")


def _pack(kind: int, count: int, body: bytes) -> bytes:
    return HEADER.pack(VERSION << 6 | count, kind, len(body) // 4) + body


_READERS: dict[int, Callable[[int, int, bytes], Packet]] = {
    SR: _report,
    RR: _report,
    SDES: _description,
    BYE: _goodbye,
    RTPFB: _feedback,
    PSFB: _feedback,
    XR: _extended,
}
