"""A stream lost more packets, or came more unevenly, than a call bears.

## What it finds
RTP of which more packets are missing than people do not notice (1 % of sound, 0.5 % of picture), of which a second or
more is missing at once, or which arrives with a jitter above 30 ms for a good part of the call; and on which side of
the capture point the packets were lost, as far as it can be told.

## Why it matters
Voice becomes choppy at about one packet in a hundred; a picture is predicted from the one before, so a single lost
packet may spoil seconds. A jitter buffer that adapts to 30 ms and more adds as much delay, or drops what comes late.

## How it decides
* Loss is counted by sequence numbers (RFC 3550 §A.3) in streams of which at least 250 packets and 5 s were seen, with
  at least five packets missing; in less, a handful of packets is a large share. A capture that begins in the middle, a
  new SSRC, a sender that begins anew, silence suppression and comfort noise are no loss: numbers go on where nothing is
  missing. Numbers are skipped rather than lost where a round of offer and answer led the stream to another address
  meanwhile, or held it, and in sound where far less time passed than so many packets take. If it is those that make the
  loss: `unknown`. Where more than half is missing, and the receiver does not say so too, somebody thinned the capture:
  `unknown`.
* One fault is told for each stream, at the capture point that misses most.
* What the receiver says of the same SSRC by RTCP decides where: if it misses about as many, they were lost before the
  capture point (`proved`); if it misses many more, behind it (`proved`); if it got what the capture lacks, the capture
  lost them and nothing is wrong (`clear`). A second capture that has the packets proves it too.
* Packets that are missing in both directions at the same instants, at least seven in ten, are holes of the capture
  rather than of the network: `unknown`. So it is where the interface statistics say that the capture dropped packets.
* On the sender's own link, without RTCP and without statistics of the capture, it is `possible` only, else `likely`.
* Jitter (RFC 3550 §6.4.1) counts for sound alone, as a picture is sent in bursts: above 30 ms in a fifth of the time.
  One late packet or a jump of the clock fades within a second or two, and is far from that.
* A gap counts from one second on, if as much time passed as packets are missing.

## When it is wrong
A link that fails in both directions for a moment looks like a hole of the capture. A receiver that reports wrong
numbers misleads. Without RTCP the loss may be that of a busy capture port (SPAN oversubscribed).

## What to do next
1. Capture at both ends, or on both sides of the WAN, and compare: `collabtrace report near.pcapng far.pcapng`.
2. Look for drops on the interfaces of the segment: `show interfaces | include drops|CRC`, and for the queue of the
   marking that the media has: `show policy-map interface` (rule rtp-dscp-wrong tells how it is marked).
3. Duplex mismatch, Wi-Fi with few signal, and a policed video queue are the usual causes.
4. CUCM › System › Region Information, Location Info: less bandwidth for a call, or none where the link is full.
5. Cisco phone › Settings › Status › Call Statistics: lost packets and jitter as the phone sees them.

## References
- RFC 3550 §6.4.1, §A.3, §A.8: loss and jitter, and what reports say of them
- ITU-T G.114, G.107: delay and loss that speech bears
- Cisco, Enterprise QoS design: voice 1 % loss, 30 ms jitter; interactive video 0.1 to 1 %
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from collabtrace.schema import Evidence, Report
from collabtrace.subjects import RtpStream, Sight
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

BEARABLE = {"audio": 0.01, "video": 0.005}
"""Share of packets that may be missing."""
MIN_PACKETS = 250
"""Packets that must have been seen: five seconds of sound."""
MIN_SECONDS = 5.0
"""How long it must have lasted."""
THINNED = 0.5
"""Share of packets missing from which on the capture is doubted: nobody stays in such a call."""
MIN_LOST = 5
"""Packets that must be missing, whatever share they are."""
LONG_GAP = 1.0
"""Seconds without any packet that everybody hears or sees."""
ROUGH_MS = 30.0
"""Jitter above which buffers drop or delay (RFC 3550, in milliseconds)."""
ROUGH_SHARE = 0.2
"""Share of the time that it must be so."""
TOGETHER = 0.7
"""Share of what is missing, from which on holes in both directions at once are the capture's."""
ALIKE = 2.0
"""By which factor the receiver's loss and that of the capture may differ and be the same loss."""
PICTURE_CLOCK = 90_000
"""Hz; the clock of all video formats (RFC 3551 §5)."""


class Reported(NamedTuple):
    """What the receiver's reports say of the time between the first and the last of them."""

    lost: int
    share: float
    last: Report


@rule(Severity.MAJOR)
def rtp_loss(stream: RtpStream, sight: Sight) -> Iterator[Verdict]:
    """Judge one stream, in one direction and at one capture point."""
    record = stream.record
    if record.packets < MIN_PACKETS or stream.seconds < MIN_SECONDS or record.clock_rate is None:
        return
    reported = _reported(stream)
    if _is_lossy(stream, record.lost) and not _is_lossy(stream, record.lost - stream.skipped):
        yield unknown(
            f"{stream.skipped} of {record.lost} missing packets are missing where its sender was told to send "
            "elsewhere for a while, or jumped in its numbers"
        )
    elif _is_lossy(stream, record.lost):
        yield from _lost_before(stream, reported, sight)
    elif reported and reported.share > _bearable(stream) and reported.lost >= MIN_LOST:
        yield _lost_behind(stream, reported)
    else:
        well = clear(f"{record.lost} of {record.expected} packets are missing, {record.longest_gap} at once")
        yield _gap(stream, sight) or _jitter(stream) or well


def _kind(stream: RtpStream) -> str:
    return stream.record.kind or ("video" if stream.record.clock_rate == PICTURE_CLOCK else "audio")


def _bearable(stream: RtpStream) -> float:
    return BEARABLE.get(_kind(stream), BEARABLE["audio"])


def _is_lossy(stream: RtpStream, lost: int) -> bool:
    return lost >= MIN_LOST and lost > _bearable(stream) * stream.record.expected


def _reported(stream: RtpStream) -> Reported | None:
    """The receiver's own count; None where its reports are too few or cannot be right."""
    blocks = [each for each in stream.reports if each.lost is not None]
    if len(blocks) < 2:
        return None
    first, last = blocks[0], blocks[-1]
    lost, seconds = (last.lost or 0) - (first.lost or 0), last.time_epoch - first.time_epoch
    expected = stream.record.expected * min(1.0, seconds / stream.seconds)
    return Reported(lost, lost / expected, last) if 0 <= lost <= expected and expected >= MIN_PACKETS / 2 else None


def _lost_before(stream: RtpStream, reported: Reported | None, sight: Sight) -> Iterator[Verdict]:
    """Packets are missing at this capture point."""
    record = stream.record
    if any((-view.record.lost, view.row) < (-record.lost, stream.row) for view in stream.views):
        return
    share = record.lost / record.expected
    if reported and reported.share < _bearable(stream) / ALIKE and reported.share < share / ALIKE:
        yield clear(f"{record.target} reports {reported.lost} packets lost: what is missing here, the capture missed")
        return
    complete = [
        view for view in stream.views if not _is_lossy(view, view.record.lost) and view.record.file != record.file
    ]
    known = bool(complete) or (reported is not None and reported.share > share / ALIKE)
    if not known and (reason := _doubt(stream, sight)):
        yield unknown(reason)
        return
    evidence = [_after_gap(stream)]
    where = _where(stream, reported, sight)
    if complete:
        where = f"; {complete[0].record.file} has them, so they were lost between the two capture points"
        evidence.append(_first(complete[0], "the same stream, with the packets that are missing elsewhere"))
    if reported:
        where += f"; {record.target} reports {reported.lost} lost"
        evidence.append(proof(reported.last, f"{record.target} reports {reported.last.lost} packets lost"))
    yield fault(
        f"{record.lost} of {record.expected} {_kind(stream)} packets ({share:.1%}) from {record.source} to "
        f"{record.target} port {record.target_port} are missing, in {record.gaps} gaps of up to {record.longest_gap} "
        f"packets{where}.",
        *evidence,
        confidence=Confidence.PROVED if known else _confidence(stream, sight),
    )


def _doubt(stream: RtpStream, sight: Sight) -> str | None:
    """Why the capture may have lost what is missing."""
    record = stream.record
    if record.lost > THINNED * record.expected:
        return f"{record.lost} of {record.expected} packets are missing, so the capture may have been thinned"
    if holes := sight.holes(record.file):
        return holes
    if stream.missed_together >= TOGETHER:
        return (
            f"{stream.missed_together:.0%} of the {record.lost} missing packets are missing just when packets of the "
            "other direction are missing too, as when the capture itself has holes"
        )
    return None


def _is_at_sender(stream: RtpStream, sight: Sight) -> bool:
    """Whether the capture was taken on the sender's link, and not on that of both."""
    record = stream.record
    far = sight.vantage(record.file, record.target)
    return sight.is_near(record.file, record.source) and far is not None and bool(far.hops)


def _confidence(stream: RtpStream, sight: Sight) -> Confidence:
    counted = sight.capture(stream.record.file).dropped is not None
    return Confidence.POSSIBLE if _is_at_sender(stream, sight) and not counted else Confidence.LIKELY


def _where(stream: RtpStream, reported: Reported | None, sight: Sight) -> str:
    record = stream.record
    if reported and reported.share > ALIKE * record.lost / record.expected:
        return f": some before {record.file}, more behind it"
    if _is_at_sender(stream, sight):
        return f": on the link of {record.source} itself, where the capture was taken"
    return f": between {record.source} and the capture point"


def _lost_behind(stream: RtpStream, reported: Reported) -> Verdict:
    record = stream.record
    return fault(
        f"{record.target} reports {reported.lost} lost {_kind(stream)} packets ({reported.share:.1%}) of those from "
        f"{record.source}, of which the capture misses {record.lost}: they are lost between the capture point and it.",
        proof(reported.last, f"{record.target} reports {reported.last.lost} packets lost"),
        _first(stream, f"the stream, of which {record.lost} packets are missing here"),
    )


def _gap(stream: RtpStream, sight: Sight) -> Verdict | None:
    """A second or more missing at once, in a stream that lost little else."""
    record = stream.record
    if record.longest_gap * stream.seconds / record.expected < LONG_GAP:
        return None
    gaps = stream.gaps
    longest = int(np.argmax(gaps.missing))
    seconds = float(gaps.end[longest] - gaps.begin[longest])
    if seconds < LONG_GAP or stream.skips_longest:
        return None
    if reason := _doubt(stream, sight):
        return unknown(reason)
    return fault(
        f"{record.longest_gap} {_kind(stream)} packets in a row, {seconds:.1f} s, from {record.source} to "
        f"{record.target} are missing{_where(stream, None, sight)}.",
        _after_gap(stream),
        confidence=_confidence(stream, sight),
    )


def _jitter(stream: RtpStream) -> Verdict | None:
    record = stream.record
    if _kind(stream) != "audio" or (record.max_jitter_ms or 0.0) <= ROUGH_MS:
        return None
    steps = stream.timeline.max_jitter_ms[stream.timeline.packets > 0]
    share = float(np.mean(steps > ROUGH_MS))
    if share < ROUGH_SHARE:
        return None
    told = [each.jitter * 1000 / (record.clock_rate or 1) for each in stream.reports if each.jitter is not None]
    if told and max(told) < ROUGH_MS / ALIKE:
        return unknown(
            f"{record.target} reports a jitter of {max(told):.0f} ms at most, so the capture's clock may be to blame"
        )
    more = f"; {record.target} reports up to {max(told):.0f} ms" if told else ""
    return fault(
        f"The sound from {record.source} to {record.target} port {record.target_port} arrives with a jitter above "
        f"{ROUGH_MS:.0f} ms for {share:.0%} of {stream.seconds:.0f} s (up to {record.max_jitter_ms:.0f} ms){more}.",
        _first(stream, "the first packet of the stream"),
        Evidence(record.file, record.last_frame, "its last packet"),
        confidence=Confidence.LIKELY,
    )


def _first(stream: RtpStream, shows: str) -> Evidence:
    return Evidence(stream.record.file, stream.record.first_frame, shows)


def _after_gap(stream: RtpStream) -> Evidence:
    record = stream.record
    frame = record.longest_gap_frame or record.first_frame
    return Evidence(
        record.file, frame, f"the first packet after {record.longest_gap} missing ones (SSRC {record.ssrc})"
    )
