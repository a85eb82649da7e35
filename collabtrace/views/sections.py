"""The sections of a ladder: one for each call, and for what belongs to no call one for each pair of machines."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from collabtrace.schema import CallRecord, Dialog, Host, Message
from collabtrace.views import arrows, material, notes
from collabtrace.views.contents import Contents
from collabtrace.views.folding import repeats, timed
from collabtrace.views.lanes import Ends, lanes, ordered
from collabtrace.views.material import Rows
from collabtrace.views.rows import Arrow, Section, Sighting
from collabtrace.views.wording import counted, one_line, party

SHARED_LANES = 6
"""So few machines in a case are the lanes of all its sections, so that every machine keeps its place."""

MOST_LANES = 24
"""More machines in one call than that fit on no screen: then every row says its machines."""

MOST_PAIRS = 20
"""More pairs of machines than that are not worth lanes of their own each: then every row says its machines."""

MARK_LENGTH = 160
"""Characters of what findings say about one arrow."""

Hits = Mapping[Sighting, str]


def of_call(contents: Contents, number: int, hits: Hits) -> Section:
    """The ladder of one call, its legs side by side."""
    call, own = contents.call(number), material.of(contents, number)
    ends = Ends([message for _, message in own.messages], own.described)
    legs = {call_id: leg for leg, call_id in enumerate(call.call_ids, 1)} if len(call.call_ids) > 1 else {}
    drawn = repeats(list(arrows.of_messages(own.messages, ends, contents.described, legs)))
    drawn += [*repeats(arrows.of_media(own, ends)), *arrows.of_unreachables(own.errors, ends)]
    start = min((arrow.time for arrow in drawn), default=call.started)
    drawn = timed(drawn, start)
    order = ordered(drawn, ends.owners)
    said = [*notes.of_media(own.described, ends), *notes.of_call(call, order, drawn)]
    return Section(
        anchor=f"call-{number}",
        title=_title(call),
        lanes=lanes(order, contents.hosts, _media_only(drawn, ends)) if len(order) <= MOST_LANES else (),
        rows=notes.interleaved(_marked(drawn, hits), said),
        legs=tuple(_legs(contents, call)),
        remarks=_copies(own.messages),
        start=start,
    )


def of_calls(contents: Contents, hits: Hits) -> Iterator[Section]:
    """A section for every call, in their order."""
    for number in contents.call_rows:
        yield of_call(contents, number, hits)


def of_rest(contents: Contents, hits: Hits) -> list[Section]:
    """What belongs to no call, each kind of message once with how often it was sent."""
    own = material.of(contents, None)
    ends = Ends([message for _, message in own.messages], ())
    drawn = [*arrows.of_messages(own.messages, ends, contents.described, {}), *arrows.of_media(own, ends)]
    drawn = [*repeats(drawn, everything=True), *arrows.of_unreachables(own.errors, ends)]
    return _by_pair(contents, _marked(drawn, hits), "Outside calls", _copies(own.messages))


def of_legs(contents: Contents, most: int) -> list[Section]:
    """One arrow for each of the first *most* legs."""
    rows = range(min(len(contents.dialogs), most))
    return _by_pair(contents, [_whole(row, contents.dialogs[row]) for row in rows], "Legs", ())


def aligned(parts: Sequence[Section], hosts: Mapping[str, Host]) -> list[Section]:
    """The same sections, all with the same lanes if the case has few."""
    keys = list(dict.fromkeys(lane.key for part in parts for lane in part.lanes))
    if len(keys) > SHARED_LANES:
        return list(parts)
    shared = lanes(keys, hosts)
    return [replace(part, lanes=shared) if part.lanes else part for part in parts]


def _by_pair(contents: Contents, drawn: Sequence[Arrow], title: str, remarks: tuple[str, ...]) -> list[Section]:
    """A section for all machines if there are few; one for each pair if those are few; else one without lanes."""
    pairs: dict[frozenset[str], list[Arrow]] = defaultdict(list)
    for arrow in drawn:
        pairs[frozenset((arrow.source, arrow.target))].append(arrow)
    keys = frozenset().union(*pairs)
    groups = [drawn] if len(keys) <= SHARED_LANES or len(pairs) > MOST_PAIRS else list(pairs.values())
    anchor = title.partition(" ")[0].lower()
    return [
        _group(contents, group, title, f"{anchor}-{number}", remarks) for number, group in enumerate(groups, 1) if group
    ]


def _group(contents: Contents, drawn: Sequence[Arrow], title: str, anchor: str, remarks: tuple[str, ...]) -> Section:
    order = ordered(drawn, {})
    between = f": {' – '.join(order)}" if len(order) <= 2 else ""
    start = min(arrow.time for arrow in drawn)
    return Section(
        anchor=anchor,
        title=title + between,
        lanes=lanes(order, contents.hosts) if len(order) <= SHARED_LANES else (),
        rows=notes.interleaved(timed(drawn, start), ()),
        remarks=remarks,
        start=start,
    )


def _whole(row: int, dialog: Dialog) -> Arrow:
    """A whole leg as one arrow."""
    number = f"call {dialog.call}: " if dialog.call is not None else ""
    end = dialog.ended if dialog.ended is not None else dialog.started
    messages = counted(len(dialog.frames), "message")
    return Arrow(
        time=dialog.started,
        source=dialog.caller,
        target=dialog.callee,
        label=number + dialog.method,
        seen=tuple((dialog.file, frame) for frame in dialog.frames[:1]) or ((dialog.file, 0),),
        info=", ".join([dialog.state, one_line(dialog.end_reason or "no end seen"), messages]),
        until=end,
        table="dialogs",
        row=row,
    )


def _media_only(drawn: Iterable[Arrow], ends: Ends) -> dict[str, str]:
    """The owners of addresses that sent and received no SIP."""
    spoken = {key for arrow in drawn if arrow.table == "messages" for key in (arrow.source, arrow.target)}
    return {key: owner for key, owner in ends.owners.items() if key not in spoken}


def _marked(drawn: list[Arrow], hits: Hits) -> list[Arrow]:
    """The arrows, with what findings say of any of their frames."""
    if not hits:
        return drawn
    told = [dict.fromkeys(hits[sighting] for sighting in arrow.seen if sighting in hits) for arrow in drawn]
    return [
        replace(arrow, mark=one_line("; ".join(texts), MARK_LENGTH)) if texts else arrow
        for arrow, texts in zip(drawn, told, strict=True)
    ]


def _title(call: CallRecord) -> str:
    return f"Call {call.call}: {party(call.caller)} → {party(call.callee)}, {one_line(call.result)}"


def _legs(contents: Contents, call: CallRecord) -> list[str]:
    """A line about each leg; none where the call has one only, as the title says it all."""
    lines: dict[tuple[str | None, ...], str] = {}
    for row in call.dialog_rows:
        dialog = contents.dialogs[row]
        number = call.call_ids.index(dialog.call_id) + 1 if dialog.call_id in call.call_ids else 0
        end = f", {one_line(dialog.end_reason)}" if dialog.end_reason else ""
        who = f"{party(dialog.from_uri)} → {party(dialog.to_uri)}"
        # A leg that several capture points saw is a dialog at each of them.
        leg = (dialog.call_id, dialog.from_tag, dialog.to_tag)
        lines.setdefault(leg, f"leg {number}: {who}, {dialog.state}{end}, Call-ID {one_line(dialog.call_id, 80)}")
    return list(lines.values()) if len(lines) > 1 else []


def _copies(messages: Rows[Message]) -> tuple[str, ...]:
    copies = sum(message.duplicate_of is not None for _, message in messages)
    return (f"{counted(copies, 'second copy', 'second copies')} left out",) if copies else ()
