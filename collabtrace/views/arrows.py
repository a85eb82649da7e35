"""Arrows of one call, made from the rows of the tables.

Labels hold no digits and no URIs: what was dialled, and PINs with it, stays in the text of the message.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from collabtrace.schema import Digit, Floor, MediaLine, Message, Report, Stream, Unreachable
from collabtrace.views import labels
from collabtrace.views.folding import alike, sendings, sent
from collabtrace.views.lanes import Ends
from collabtrace.views.masking import KEY
from collabtrace.views.material import Material, flow
from collabtrace.views.rows import Arrow
from collabtrace.views.wording import codec, counted, duration, endpoint, loss


def of_messages(
    rows: Iterable[tuple[int, Message]], ends: Ends, described: Collection[int | None], legs: Mapping[str, int]
) -> Iterator[Arrow]:
    """Arrows for SIP messages, which come in the order of time with their row in ``messages``.

    *described* are the rows that hold an SDP, in whatever body; *legs* numbers the legs by Call-ID.
    """
    for group in sendings(rows):
        row, message = group[0]
        count = sent([each.file for _, each in group]) if len(group) > 1 else 1
        body = "SDP" if row in described else labels.body(message.content_type)
        yield Arrow(
            time=message.time_epoch,
            source=ends.key(message.source, message.source_port),
            target=ends.key(message.target, message.target_port),
            label=labels.of_message(message, body),
            seen=tuple([(each.file, each.frame) for _, each in group]),
            kind="dtmf" if body in labels.DIGITS else "sip",
            answer=message.method is None,
            status=message.status,
            cseq=labels.cseq(message),
            detail=labels.ports(message, message.transport.upper()) + f", {counted(message.size, 'byte')}",
            count=count,
            again=count - 1,
            until=group[-1][1].time_epoch if len(group) > 1 else None,
            about=message.from_uri,
            leg=legs.get(message.call_id) if message.call_id else None,
            row=row,
        )


def of_media(own: Material, ends: Ends) -> list[Arrow]:
    """Arrows for all media, keys and floor control, in the order of time."""
    drawn = [*of_streams(own.streams, ends, own.lines), *of_reports(own.reports, ends)]
    drawn += [*of_floors(own.floors, ends), *of_digits(own.digits, ends)]
    return sorted(drawn, key=lambda arrow: arrow.time)


def of_streams(rows: Iterable[tuple[int, Stream]], ends: Ends, media: Mapping[int, MediaLine]) -> Iterator[Arrow]:
    """Arrows for RTP streams, at the time of their first packet."""
    for group in alike(rows, lambda stream: (stream.ssrc, *flow(stream))):
        row, stream = group[0]
        line = None if stream.media_row is None else media.get(stream.media_row)
        content = f"({stream.content})" if stream.content else None
        lasted = duration(stream.last - stream.first) if stream.packets > 1 else None
        tones = "DTMF" if labels.tones(stream, line) else None
        yield Arrow(
            time=stream.first,
            source=ends.key(stream.source, stream.source_port),
            target=ends.key(stream.target, stream.target_port),
            label=" ".join(filter(None, ["RTP", stream.kind, content, codec(stream.codec)])),
            seen=tuple([(each.file, frame) for _, each in group for frame in _telling(each)]),
            kind="rtp",
            info=", ".join(filter(None, [_heard(group), loss(stream.packets, stream.lost), lasted, tones])),
            detail=f"{labels.ports(stream, 'UDP')}, SSRC {stream.ssrc}",
            until=stream.last,
            table="streams",
            row=row,
        )


def of_reports(rows: Iterable[tuple[int, Report]], ends: Ends) -> Iterator[Arrow]:
    """One arrow for all RTCP from one machine to another."""
    groups: dict[tuple[str, str], list[tuple[int, Report]]] = defaultdict(list)
    for row, report in rows:
        way = ends.key(report.source, report.source_port), ends.key(report.target, report.target_port)
        groups[way].append((row, report))
    for (source, target), group in groups.items():
        row, first = group[0]
        seen = tuple(dict.fromkeys((each.file, each.frame) for _, each in group))
        kinds = dict.fromkeys(each.kind.upper() for _, each in group)
        yield Arrow(
            time=first.time_epoch,
            source=source,
            target=target,
            label=f"RTCP {', '.join(kinds)}",
            seen=seen,
            kind="rtcp",
            detail=labels.ports(first, "UDP"),
            count=sent([file for file, _ in seen]),
            until=group[-1][1].time_epoch,
            table="reports",
            row=row,
        )


def of_floors(rows: Iterable[tuple[int, Floor]], ends: Ends) -> Iterator[Arrow]:
    """Arrows for BFCP messages; the same message sent again is one arrow."""
    for group in alike(rows, _primitive):
        row, floor = group[0]
        count = sent([each.file for _, each in group])
        yield Arrow(
            time=floor.time_epoch,
            source=ends.key(floor.source, floor.source_port),
            target=ends.key(floor.target, floor.target_port),
            label=" ".join(filter(None, ["BFCP", floor.name, floor.status, floor.error])),
            seen=tuple([(each.file, each.frame) for _, each in group]),
            kind="bfcp",
            answer=floor.response,
            detail=labels.ports(floor, floor.transport.upper())
            + f", user {floor.user}, floors {floor.floors or 'none'}",
            count=count,
            again=count - 1,
            until=group[-1][1].time_epoch if len(group) > 1 else None,
            table="floors",
            row=row,
        )


def of_digits(rows: Iterable[tuple[int, Digit]], ends: Ends) -> Iterator[Arrow]:
    """Arrows for keys in RTP; those in SIP messages are arrows already."""
    in_rtp = ((row, digit) for row, digit in rows if digit.message_row is None)
    for group in alike(in_rtp, lambda digit: (digit.ssrc, digit.timestamp, digit.digit, *flow(digit))):
        row, digit = group[0]
        yield Arrow(
            time=digit.time_epoch,
            source=ends.key(digit.source, digit.source_port),
            target=ends.key(digit.target, digit.target_port),
            label=f"DTMF {KEY} RFC 4733",
            seen=tuple([(each.file, frame) for _, each in group for frame in sorted({each.frame, each.last_frame})]),
            kind="dtmf",
            info=", ".join([f"payload type {digit.payload_type}", *(digit.flaws or ())]),
            detail=f"{labels.ports(digit, 'UDP')}, SSRC {digit.ssrc}",
            table="digits",
            row=row,
        )


def of_unreachables(rows: Iterable[tuple[int, Unreachable]], ends: Ends) -> Iterator[Arrow]:
    """Arrows for ICMP errors, from the device that reports to the machine that it tells."""
    for group in alike(rows, lambda error: (error.source, error.type, error.code, *_quoted(error))):
        row, error = group[0]
        reporter = error.source if error.source != error.quoted_target else None
        yield Arrow(
            time=error.time_epoch,
            source=reporter or ends.key(error.quoted_target, error.quoted_target_port or 0),
            target=ends.key(error.quoted_source, error.quoted_source_port or 0),
            label=labels.unreachable(error),
            seen=tuple([(each.file, each.frame) for _, each in group]),
            kind="event",
            info=f"{error.quoted_transport or 'packet'} to {endpoint(error.quoted_target, error.quoted_target_port)}",
            count=sent([each.file for _, each in group]),
            until=group[-1][1].time_epoch if len(group) > 1 else None,
            table="unreachables",
            row=row,
        )


def _heard(group: Sequence[tuple[int, Stream]]) -> str:
    """``500 packets``; ``500 / 480 packets`` where capture points differ, in the order of their letters."""
    counts = [stream.packets for _, stream in sorted(group, key=lambda entry: entry[1].file)]
    if len(set(counts)) == 1:
        return counted(counts[0], "packet")
    return " / ".join(f"{count:,}" for count in counts) + " packets"


def _telling(stream: Stream) -> list[int]:
    """The frames of a stream that findings refer to: the first, the one after its longest gap, the last."""
    frames = (stream.first_frame, stream.longest_gap_frame, stream.last_frame)
    return list(dict.fromkeys(frame for frame in frames if frame))


def _primitive(floor: Floor) -> tuple[object, ...]:
    return floor.primitive, floor.transaction, floor.user, floor.status, *flow(floor)


def _quoted(error: Unreachable) -> tuple[object, ...]:
    return error.quoted_source, error.quoted_source_port, error.quoted_target, error.quoted_target_port
