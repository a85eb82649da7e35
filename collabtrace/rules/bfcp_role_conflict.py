"""Both ends of floor control act as the same: client meets client, or server meets server.

## What it finds
Floor control that was agreed, and whose two ends do not have different roles: by the descriptions themselves, because
a machine in the middle changed `a=floorctrl` on its way from one leg to the other, or because the end that the
descriptions make the client sends what only a server sends.

## Why it matters
A client asks for the floor, a server grants it. Two clients wait for each other's grant; two servers announce the
floor to each other and ignore what they hear. Content of one end is not shown at the other, or goes into the main
picture.

## How it decides
The roles follow from the table of RFC 8856 §5.1 (`c-s` answered by `c-only` makes the offerer the server, and so
on); without the attribute the offerer is the client.

- Offer and answer that leave both sides the same role (`c-only` to `c-only`, `s-only` to `s-only`): `proved`,
  unless one side answers the requests of the other all the same.
- A call over two legs with the same two media endpoints: the role that each end must take by the description that
  reached it. Both the same: `proved`. An end that said `c-s`, of which the other end was told `c-only` or
  `s-only`: `likely`, because it goes on acting as both (RFC 4583 allowed that answer, RFC 8856 does not). CUCM does
  this by design, as reported for CUCM 11.5. Where the capture shows the channel at work for 8 s, and that end sends
  nothing that a server sends, it is clear.
- FloorStatus or FloorRequestStatus that answer nothing, from the end that is the client by the descriptions:
  `proved`, unless both ends have simply changed places and the requests of the other are answered.

## When it is wrong
`c-s` on both sides of one leg leaves the roles open, and is not judged unless the channel is seen at work. A B2BUA
through which media flows has a channel of its own on each leg, with roles of its own; these are not compared. Version
1 of BFCP has no bit that marks responses; there a status counts as unasked where no request has its transaction.

## What to do next
1. Let the far end answer `c-only` or `s-only` instead of `c-s`: look for the BFCP role in the settings of the
   third-party endpoint or bridge, or upgrade it to a release that follows RFC 8856.
2. CUCM in between: a SIP normalization script on CUCM › Device › Device Settings › SIP Normalization Script can write
   the `floorctrl` that the far end expects; open a case with Cisco where the change is the fault.
3. Cisco endpoints log `Ignoring floor status` for a server session; look for it in the logs of the codec.

## References
- RFC 8856 §5.1 (roles), RFC 4583 §4 (the older table)
- RFC 8855 §5.1 (primitives: FloorRequestStatus and FloorStatus are sent by servers)
- Cisco Community, thread 3387356: CUCM changes floorctrl c-s to c-only
"""

from collections.abc import Iterator

from collabtrace.protocols.sdp.floor_roles import BOTH, CLIENT, SERVER
from collabtrace.schema import Evidence, Floor
from collabtrace.subjects import Call, Channel, Endpoint, Line, Relay
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

SERVERS_ALONE = frozenset({"FloorStatus", "FloorRequestStatus"})
"""Primitives that only a server sends, and also unasked."""
SEEN_SECONDS = 8.0
"""At work for so long: an end that is a server has announced its floor by then, as it does when a client appears."""


@rule(Severity.MAJOR)
def bfcp_role_conflict(call: Call) -> Iterator[Verdict]:
    """Judge each channel by what passed on it, by what each end was told, and by its offer and answer."""
    for channels in call.floor_control:
        verdicts = [_judge(channel, call) for channel in channels]
        for kind in ("fault", "clear", "unknown"):
            told = next((each for each in verdicts if each.verdict == kind), None)
            if told is not None:
                yield told
                break


def _judge(channel: Channel, call: Call) -> Verdict:
    relayed = (_told_apart(relay, channel) for relay in call.relays)
    return (
        _acts_as_server(channel)
        or next((verdict for verdict in relayed if verdict is not None), None)
        or _same_role(channel)
        or _open(channel)
    )


def _acts_as_server(channel: Channel) -> Verdict | None:
    """What the client by the descriptions sends as a server, where the other end does not play the client instead."""
    client, server = channel.client, channel.server
    if client is None or server is None:
        return None
    wrong = [each for each in channel.floors if _is_unasked(each) and channel.is_from(each, client)]
    if not wrong or _is_answered(channel, server):
        return None
    return fault(
        f"By offer and answer {client} is the client of floor control and {server} the server. Yet {client} sends "
        f"{wrong[0].name}, which answers nothing: it acts as a server, and so both ends do.",
        *(proof(each, f"{each.name} of the client, unasked") for each in wrong[:3]),
        *channel.agreement,
        display_filter=channel.display_filter,
    )


def _is_unasked(floor: Floor) -> bool:
    return floor.name in SERVERS_ALONE and not floor.response


def _is_answered(channel: Channel, asking: Endpoint) -> bool:
    """Whether what an end asked as a client was answered."""
    return any(
        each.answered is not None and channel.is_from(each, asking) for view in channel.views for each in view.asked
    )


def _told_apart(relay: Relay, channel: Channel) -> Verdict | None:
    """What the two ends have to be by the description that each of them got over its own leg."""
    before, behind = (_last(channel, leg.call_id) for leg in (relay.before, relay.behind))
    if before is None or behind is None:
        return None
    near, far = before.floor_role(by_caller=True), behind.floor_role(by_caller=False)
    if near == far and near in (CLIENT, SERVER):
        return fault(
            f"{relay.machine} passed floor control on so that both ends are {near}: {_words(before)} on the leg of "
            f"the caller, {_words(behind)} on the other.",
            *_answers(before, behind),
            display_filter=channel.display_filter,
        )
    for line, other, by_caller in ((before, behind, False), (behind, before, True)):
        if _was_changed(line, other, by_caller=by_caller):
            return _changed(relay, channel, (line, other), by_caller=by_caller)
    return None


def _last(channel: Channel, call_id: str) -> Line | None:
    """The latest round of a leg that agreed on the channel."""
    return next((line for line in reversed(channel.lines) if line.leg.call_id == call_id and not line.is_held), None)


def _was_changed(line: Line, other: Line, *, by_caller: bool) -> bool:
    """Whether one end said on its own leg, *other*, that it is both, and the other end was told one role."""
    said, told = other.floorctrl(by_caller=by_caller), line.floorctrl(by_caller=by_caller)
    settled = line.floor_role(by_caller=not by_caller) != BOTH
    return said == "c-s" and told in ("c-only", "s-only") and settled and other.floor_role(by_caller=by_caller) == BOTH


def _changed(relay: Relay, channel: Channel, lines: tuple[Line, Line], *, by_caller: bool) -> Verdict:
    """What an end does of which another role was told than it took."""
    line, other = lines
    end = channel.end_of(other, by_caller=by_caller)
    sent = [each for each in channel.floors if channel.is_from(each, end)]
    wrong = [each for each in sent if _is_unasked(each)]
    begin, until = channel.spell
    told = line.floorctrl(by_caller=by_caller)
    if sent and not wrong and until - begin >= SEEN_SECONDS:
        return clear(
            f"{relay.machine} tells {told} of {end}, which said c-s, but {end} sends nothing that a server sends"
        )
    seen = f" It sends {wrong[0].name}, which answers nothing: it acts as a server." if wrong else ""
    return fault(
        f"{end} says floorctrl c-s, and {relay.machine} tells the other end {told} of it: that one takes the other "
        f"role alone, while {end} goes on acting as both.{seen}",
        *(proof(each, f"{each.name} of {end}, unasked") for each in wrong[:3]),
        *_answers(line, other),
        confidence=Confidence.PROVED if wrong else Confidence.LIKELY,
        display_filter=channel.display_filter,
    )


def _same_role(channel: Channel) -> Verdict | None:
    """Two clients or two servers by the descriptions of one leg."""
    role = channel.roles[0]
    if role == BOTH or role != channel.roles[1]:
        return None
    if any(_is_answered(channel, end) for end in (channel.offerer, channel.answerer)):
        return clear(f"both ends are {role} by their descriptions, but requests are answered")
    lack = "nobody grants the floor" if role == CLIENT else "nobody asks for the floor"
    return fault(
        f"Offer and answer make both {channel.offerer} and {channel.answerer} the {role} ({_words(channel.line)}): "
        f"{lack}.",
        *reversed(channel.agreement),
        display_filter=channel.display_filter,
    )


def _open(channel: Channel) -> Verdict:
    """A channel on which nothing speaks against the roles."""
    if channel.client is not None:
        return clear(f"{channel.client} is the client and {channel.server} the server ({_words(channel.line)})")
    if any(_is_answered(channel, end) for end in (channel.offerer, channel.answerer)):
        return clear(f"the descriptions leave the roles open ({_words(channel.line)}), and requests are answered")
    return unknown(
        f"the descriptions leave the roles open ({_words(channel.line)}), and no request shows who is the client"
    )


def _words(line: Line) -> str:
    offer, _, answer = (line.record.floorctrl or "-/-").partition("/")
    return f"floorctrl {offer} offered, {answer} answered"


def _answers(*lines: Line) -> list[Evidence]:
    """The frames of the answers, which decide on the roles."""
    sides = [(line, line.answer) for line in lines]
    return [proof(side.message, _words(line)) for line, side in sides if side is not None]
