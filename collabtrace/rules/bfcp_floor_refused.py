"""Somebody asked for the floor, and did not get it, or got it and no slides followed.

## What it finds
A floor control channel that is up, on which a request for the floor was denied, revoked, answered by an error, left
pending or not answered; a Hello that was answered by an error; and a floor that was granted while the slides, which
could have been seen, never came.

## Why it matters
The user presses share, and nothing appears at the other end, or the presentation stops by itself.

## How it decides
- Error in answer to a FloorRequest, or to a Hello after which nothing works: `proved`. An endpoint that tries one
  version, is told *Unsupported Version* and succeeds with the other is no fault.
- Denied: a fault, unless somebody else held the floor at that moment or slides came from the other side: then it was
  busy. It is `proved` where an endpoint denies it to the only other one of a call that was captured from its beginning.
  In a conference (isfocus, a bridge), behind a server, and in a call that began before the capture, somebody else may
  hold the floor and not be seen: `likely`.
- Revoked: `likely`, unless somebody else got the floor or began to show slides within 5 s, or the channel ended within
  2 s. One who presents takes the floor from the other: that is how Cisco endpoints hand it over.
- Pending or Accepted and nothing more for 10 s: `possible`, as a chair may have to decide.
- No answer to a FloorRequest while the server goes on speaking: `likely` for three transmissions, `possible` for fewer.
  A server that says nothing at all is the business of `bfcp-blocked`.
- Granted, and no RTP on the line for slides for 5 s while the floor was held: `likely` where RTP from the same machine
  to the same machine was captured in that time. Slides that the answer refused: `proved`.

What the same end asked again later and was granted is forgotten.

## When it is wrong
A user who gives up at once releases the floor before slides begin; less than 5 s prove nothing. Over ICE slides may
take other ports than those of the m-lines, and are not missed. An endpoint that puts the presentation into its main
picture sends no slides: that is what the finding then shows. Inside DTLS or TLS nothing of this can be seen. A bridge
may deny by policy of the conference (only the chair shows slides).

## What to do next
1. Denied or pending: look at the roles in the conference (guest, host, chair) and at its lock for presentations, and
   who held the floor.
2. Error *Conference Does Not Exist* or *User Does Not Exist*: compare `a=confid` and `a=userid` of the SDP with
   the frames; a machine between the legs may have changed them.
3. Error *Unsupported Version*, *Unable to Parse*, *Incorrect Message Length*: upgrade the endpoint or the bridge, or
   set its BFCP version.
4. Granted without slides: open the RTP port of the slides m-line in the firewall like that of the main picture; see
   whether the sender has a source to share, and whether the codec of the slides line is one that it can send.
5. Not answered: look at the log of the server for the time of the frames.

## References
- RFC 8855 §5.2.5 (request status), §5.2.6 (errors), §10.1 (requesting a floor), §13.5 (granting)
- RFC 8856 §5.4 (floorid and its streams), RFC 4796 (content)
"""

from collections.abc import Iterator

from collabtrace.schema import Evidence, Floor, FloorTransaction
from collabtrace.sessions.products import BRIDGES, SERVERS, product
from collabtrace.subjects import Call, Channel, Sight
from collabtrace.subjects.channel_view import View
from collabtrace.subjects.floor_request import FloorRequest
from collabtrace.subjects.passage import best_view
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

WAITING_SECONDS = 10.0
"""How long a request may be pending without being worth a word."""
HELD_SECONDS = 5.0
"""A floor held for so long should show slides."""
HANDOVER_SECONDS = 5.0
"""Between a floor that is taken back and the slides of who got it."""
CLOSING = 2.0
"""Seconds before the end of the channel in which floors are taken back because it ends."""
PATIENCE = 2.0
"""Seconds that the capture must go on after a request before its answer is missing."""
MANY = SERVERS | BRIDGES | {"Webex"}
"""Products that have more parties in a conference, or behind them, than one leg shows."""
CERTAIN = 3
"""Transmissions without answer that no loss explains."""


@rule(Severity.MAJOR)
def bfcp_floor_refused(call: Call, sight: Sight) -> Iterator[Verdict]:
    """Judge all requests of each channel; one fault is told for the channels of the same legs."""
    for channels in call.floor_control:
        verdicts = [each for channel in channels for each in _judged(channel, call, sight)]
        faults = sorted((each for each in verdicts if each.verdict == "fault"), key=_doubt)
        for kind in ("unknown", "clear"):
            faults += [each for each in verdicts if each.verdict == kind]
        yield from faults[:1]


def _doubt(verdict: Verdict) -> int:
    return list(Confidence).index(verdict.confidence)


def _judged(channel: Channel, call: Call, sight: Sight) -> Iterator[Verdict]:
    view = best_view(channel, sight)
    if view is None:
        return
    hello = _hello(channel, view)
    if hello is not None:
        yield hello
    requests = [FloorRequest(channel, view, each) for each in view.asked if each.name == "FloorRequest"]
    for number, request in enumerate(requests):
        later = [each for each in requests[number + 1 :] if each.transaction.source == request.transaction.source]
        if request.first("Granted") is None and any(each.first("Granted") for each in later):
            continue
        verdict = _judge(request, call, sight)
        if verdict is not None:
            yield verdict


def _hello(channel: Channel, view: View) -> Verdict | None:
    """A Hello that was answered by an error, where nothing works after it."""
    wrong = [each for each in view.asked if each.name == "Hello" and each.error]
    fine = [each.started for each in view.answered if each.error is None]
    if not wrong or (fine and max(fine) > wrong[-1].started):
        return None
    return _error(channel, view, wrong[-1])


def _error(channel: Channel, view: View, asked: FloorTransaction) -> Verdict:
    answer = next(each for each in view.responses(asked) if each.error)
    return fault(
        f"{asked.target} answers {asked.name} of {asked.source} with the error {asked.error} (version "
        f"{answer.version}; asked with version {asked.version}, conference {asked.conference}, user {asked.user}).",
        proof(answer, f"Error: {asked.error}"),
        proof(view.requests(asked)[0], f"{asked.name}, version {asked.version}, conference {asked.conference}"),
        *channel.agreement,
        display_filter=channel.display_filter,
    )


def _judge(request: FloorRequest, call: Call, sight: Sight) -> Verdict | None:
    """What became of one request."""
    if request.transaction.error:
        return _error(request.channel, request.view, request.transaction)
    granted, denied = request.first("Granted"), request.first("Denied")
    if granted is not None:
        return _revoked(request, granted) or _granted(request, granted, call, sight)
    if denied is not None:
        return _denied(request, denied)
    if request.messages:
        return _pending(request, sight)
    return _unanswered(request, sight)


def _fault(request: FloorRequest, because: str, shown: Floor, *more: Evidence, confidence: Confidence) -> Verdict:
    asked = request.view.requests(request.transaction)[0]
    return fault(
        because,
        proof(shown, f"{shown.name}{f': {shown.status}' if shown.status else ''}"),
        *([proof(asked, "FloorRequest")] if asked.frame != shown.frame else []),
        *more,
        confidence=confidence,
        display_filter=request.channel.display_filter,
    )


def _denied(request: FloorRequest, denied: Floor) -> Verdict:
    time = denied.time_epoch
    if request.is_held_by_another(time) or request.shown(time, time, by_asker=False):
        return clear(f"the floor was denied (frame {denied.frame} of {denied.file}) while another held it")
    asked = request.transaction
    return _fault(
        request,
        f"{asked.target} denies {asked.source} the floor, though nobody else was seen to hold it.",
        denied,
        confidence=Confidence.PROVED if _is_between_two(request) else Confidence.LIKELY,
    )


def _is_between_two(request: FloorRequest) -> bool:
    """Whether who decides is an endpoint by its own words, the other one of a call of two seen from its beginning."""
    channel, server = request.channel, request.transaction.target
    if channel.began_before or any(each.record.focus for line in channel.lines for each in line.leg.messages):
        return False
    agents: set[str | None] = set()
    for line in channel.lines:
        leg = line.leg.record
        for by_caller, agent in ((True, leg.caller_agent), (False, leg.callee_agent)):
            if channel.end_of(line, by_caller=by_caller)[0] == server:
                agents.add(agent)
    kinds = {product(agent) for agent in agents if agent}
    return bool(kinds - MANY - {None})


def _revoked(request: FloorRequest, granted: Floor) -> Verdict | None:
    revoked = request.first("Revoked")
    if revoked is None or request.released is not None or revoked.time_epoch > request.channel.end - CLOSING:
        return None
    after = revoked.time_epoch + HANDOVER_SECONDS
    if request.is_held_by_another(after) or request.shown(revoked.time_epoch, after, by_asker=False):
        return clear(f"the floor was taken back (frame {revoked.frame} of {revoked.file}) for another who presents")
    asked, held = request.transaction, revoked.time_epoch - granted.time_epoch
    return _fault(
        request,
        f"{asked.target} takes the floor back from {asked.source} after {held:.1f} s; nobody else is seen to get it.",
        revoked,
        proof(granted, "the floor was granted"),
        confidence=Confidence.LIKELY,
    )


def _pending(request: FloorRequest, sight: Sight) -> Verdict | None:
    last = request.messages[-1]
    until = min(request.held_until, sight.capture(last.file).last or request.channel.end)
    if request.last_status not in ("Pending", "Accepted") or until - last.time_epoch < WAITING_SECONDS:
        return None
    asked = request.transaction
    return _fault(
        request,
        f"{asked.target} says {request.last_status} to {asked.source}, who asks for the floor, and nothing more in "
        f"{until - last.time_epoch:.0f} s.",
        last,
        confidence=Confidence.POSSIBLE,
    )


def _unanswered(request: FloorRequest, sight: Sight) -> Verdict | None:
    """No answer, from a server that goes on speaking."""
    asked, floors = request.transaction, request.channel.floors
    sent = request.view.requests(asked)
    heard = [each for each in floors if each.file == request.view.file and each.source == asked.target]
    after = [each for each in heard if each.time_epoch > asked.started]
    if not after or any(each.status == "Granted" for each in after):
        return None
    blind = sight.holes(request.view.file)
    waited = min(request.channel.end, sight.capture(request.view.file).last or 0.0) - asked.last_sent
    if blind is not None or waited < PATIENCE:
        return unknown(
            f"FloorRequest in frame {sent[0].frame} has no answer, but {blind or 'the capture ends soon after it'}"
        )
    return _fault(
        request,
        f"{asked.source} asks {asked.target} for the floor {len(sent)} times and gets no answer, though {asked.target} "
        f"speaks afterwards (frame {after[0].frame}).",
        sent[0],
        proof(after[0], f"{after[0].name} of the same server, later"),
        confidence=Confidence.LIKELY if len(sent) >= CERTAIN else Confidence.POSSIBLE,
    )


def _granted(request: FloorRequest, granted: Floor, call: Call, sight: Sight) -> Verdict | None:
    """Whether slides came while the floor was held."""
    line, asked = request.slides, request.transaction
    if line is None:
        return None
    if line.answer is not None and not line.is_agreed:
        return _fault(
            request,
            f"{asked.source} was granted the floor, but offer and answer refused the m-line for slides.",
            granted,
            proof(line.answer.message, "the m-line for slides has port 0"),
            confidence=Confidence.PROVED,
        )
    begin, end = granted.time_epoch, min(request.held_until, sight.capture(granted.file).last or granted.time_epoch)
    sent = request.shown(begin, end, by_asker=True)
    if sent:
        return clear(f"the floor was granted (frame {granted.frame}) and slides came (frame {sent[0].first_frame})")
    if line.record.ice:
        return unknown("the floor was granted, and ICE chose the ports of the slides, which may be others than agreed")
    if end - begin < HELD_SECONDS:
        return unknown(f"the floor was granted and held for {end - begin:.1f} s, too short to expect slides")
    beside = [
        each
        for each in call.streams
        if (each.file, each.source) == (granted.file, asked.source)
        and each.target in (line.record.offer_address, line.record.answer_address)
        and min(each.last, end) - max(each.first, begin) >= HELD_SECONDS - 1
    ]
    if not beside or sight.holes(granted.file) is not None:
        return unknown(
            "the floor was granted, and the capture shows no other media of the same way, so slides may be hidden"
        )
    return _fault(
        request,
        f"{asked.source} was granted the floor and held it for {end - begin:.1f} s, and no RTP came on the line for "
        f"slides (ports {line.record.offer_port} and {line.record.answer_port}), while its other media to "
        f"{beside[0].target} flow.",
        granted,
        Evidence(beside[0].file, beside[0].first_frame, "other RTP on the same way"),
        confidence=Confidence.LIKELY,
    )
