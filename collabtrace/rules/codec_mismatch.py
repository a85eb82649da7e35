"""The two sides have no codec in common.

## What it finds
- An INVITE that is refused with 488 or 606 because of the media that it offers, so that the call fails.
- An answer that names none of the codecs that were offered, or keeps only telephone-event of them.
- An m-line for sound or pictures that the answer switches off (port 0) while its sender has no codec in common with
  it, and an answer that switches off all media.
- A re-INVITE or UPDATE refused for its codecs, where the refusal or the refuser's own offers show it.

## Why it matters
The call fails, or it is answered and one kind of media is missing. The status code tells no user why.

## How it decides
1. Encryption comes first: an offer of SRTP alone, or one of RTP alone to a side that wants SRTP, is refused for that
   reason (see `srtp-mismatch`), unless the refusal names formats.
2. What the refusal says decides: Warning 304 (media type) or 305 (media format), or a session description in it:
   `proved`. Another Warning (370 bandwidth, 301 addresses …) is no codec mismatch.
3. Else both sides are compared: the codecs offered, with those that whoever refused offers itself, in this case or on
   the other leg of the same call. Two codecs are the same if name and clock rate are (and channels, but for opus);
   static payload types count without rtpmap (RFC 3551). None in common: `likely`. Some in common: the reason is another
   one, and the rule says `unknown`. Only offers tell all that a side can do; an answer chooses.
4. If nothing is known of the other side, a refused offer is `likely` a codec mismatch, and only `possible` if it names
   PCMU or PCMA, which nearly everything can do.
5. A call that is answered in the end (on another leg, or at a second try within 5 s of the first, which no person is
   fast enough for) had no such fault. Refused fax (T.38), iX, far-end camera control and floor control are no codecs.
   Where a picture was to be added to a call that has none and goes on without it, the rule says `unknown`, whatever the
   refusal says: a device may have no camera, and its user may not want to be seen. A picture that a device without
   video refuses is refused on purpose: port 0 counts only against what the same machine offers itself, or if no media
   is left.

## When it is wrong
A server may refuse with 488 for reasons that it does not tell: bandwidth of a region, packet times, a missing
transcoder, an attribute that it does not like. Formats of the same name that cannot be decoded all the same (H.264
profiles, G.729 annex B) are not told apart.

## What to do next
1. Compare the two lists in the finding; add a codec that the other side has, or remove the restriction on it.
2. CUCM › System › Region Information › Region: the maximum audio bit rate between the two regions decides which codecs
   stay; Audio Codec Preference List; CUCM › System › Service Parameters › Cisco CallManager (G.722, Opus … enabled).
3. Where the codecs cannot be the same: a transcoder in the Media Resource Group List of the device that lacks one.
4. CUBE: `voice class codec` of both dial-peers; Expressway: Configuration › Zones (interworking), links and pipes.
5. If the two have codecs in common: bandwidth (CUCM › System › Location), and the trace of the refuser.

## References
- RFC 3264 §6 (the answer), §5.1; RFC 3261 §21.4.26 (488), §21.6.4 (606), §20.43 (Warning)
- RFC 3551 §6 (static payload types), RFC 8866 §6.6 (rtpmap)
"""

from collections.abc import Iterator, Sequence

from collabtrace.protocols.sdp import Codec, Media
from collabtrace.sessions.formats import shared_encoding
from collabtrace.sessions.offer_answer import AGREED
from collabtrace.subjects import Call, Line, Refusal, Side
from collabtrace.subjects.refusal import Known
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

MEDIA_WARNINGS = frozenset({304, 305})
"""Warnings that speak of media types and formats (RFC 3261 §20.43)."""
UNIVERSAL = frozenset({"pcmu", "pcma"})
"""Codecs that nearly everything that speaks can do, in lower case."""
KINDS = ("audio", "video")
"""What has codecs of which a call misses one."""
MOST_NAMED = 12
"""Codecs of one side that are named in a message."""


@rule(Severity.MAJOR)
def codec_mismatch(call: Call) -> Iterator[Verdict]:
    """Judge one call."""
    common, suspect = _by_columns(call)
    verdicts = [_refused(refusal) for refusal in call.refusals]
    verdicts += [_answered(line) or _off(line, call) for line in call.lines if line.row in suspect] if suspect else []
    told = [verdict for verdict in verdicts if verdict is not None]
    faults = [verdict for verdict in told if verdict.verdict == "fault"]
    if faults:
        yield min(faults, key=lambda verdict: list(Confidence).index(verdict.confidence))
    elif told:
        yield next((verdict for verdict in told if verdict.verdict == "unknown"), told[0])
    elif common is not None:
        yield clear(f"both sides can do {common}")


def _by_columns(call: Call) -> tuple[str | None, set[int]]:
    """A codec that both sides of a line have; and the lines, by row, that have none in common or are switched off."""
    names = ("kind", "state", "offer_payload_types", "answer_payload_types", "offer_port", "answer_port")
    columns = [call.case.media.columns[name] for name in names]
    common, suspect = None, set()
    for row in call.line_rows:
        kind, state, offered, answered, offer_port, answer_port = (column[row] for column in columns)
        if kind not in KINDS or offered is None or answered is None:
            continue
        if state == AGREED:
            shared = shared_encoding(offered, answered)
            common = common or shared
            if shared is None:
                suspect.add(row)
        elif answer_port == 0 and offer_port > 0:
            suspect.add(row)
    return common, suspect


# Offers refused as a whole


def _refused(refusal: Refusal) -> Verdict | None:
    if refusal.is_first and refusal.is_made_good:
        return clear(f"{_what(refusal)} in frame {refusal.response.frame} did not end the call, which is answered")
    if refusal.request is None:
        return unknown(f"the offer that {refusal.refuser} refuses in frame {refusal.response.frame} was not captured")
    if not refusal.lines:
        return unknown(f"{_what(refusal)} in frame {refusal.response.frame} answers a request without an offer")
    if refusal.is_about_encryption:
        return None
    offered = [media for media in refusal.offered if media.kind in KINDS]
    if not offered:
        return _nothing_offered(refusal)
    if not refusal.is_first and _adds_picture(refusal, offered):
        return unknown(f"{_what(refusal)} in frame {refusal.response.frame} refuses a picture that was to be added")
    said = [warning for warning in refusal.warnings if warning.code != 399]
    if any(warning.code in MEDIA_WARNINGS for warning in said):
        return _refused_for(refusal, offered, f"and says why: {said[0].code} {said[0].meaning}", Confidence.PROVED)
    if said:
        return clear(f"{_what(refusal)} in frame {refusal.response.frame} is about {said[0].meaning}, not about codecs")
    return _by_what_is_known(refusal, offered)


def _adds_picture(refusal: Refusal, offered: Sequence[Media]) -> bool:
    """Whether a call without picture was to get one: a device may have none, or its user may not want to be seen."""
    first = refusal.lines[0]
    before = (line for line in first.leg.lines if line.record.round < first.record.round)
    had = {line.record.kind for line in before if line.is_agreed}
    return "video" in {media.kind for media in offered} - had


def _nothing_offered(refusal: Refusal) -> Verdict | None:
    """An offer without sound and pictures: of an ordinary call when nothing is switched on, else of a fax."""
    request = refusal.request
    if request is None or not refusal.is_first or any(line.record.offer_port for line in refusal.lines):
        return None
    return fault(
        f"{request.record.source} offers no media at all, every m-line has port 0, and {refusal.refuser} refuses that "
        f"with {refusal.response.status}: no codec is enabled on the caller's side.",
        proof(refusal.response, _what(refusal)),
        proof(request, "the offer: port 0 in every m-line"),
    )


def _by_what_is_known(refusal: Refusal, offered: Sequence[Media]) -> Verdict | None:
    theirs = [known for known in refusal.known if known.media.kind in {media.kind for media in offered}]
    mine = [codec for media in offered for codec in media.codecs if _is_media(codec)]
    for kind in KINDS:
        known = [each for each in theirs if each.media.kind == kind]
        asked = [codec for media in offered if media.kind == kind for codec in media.codecs]
        if known and asked and not _all_named(asked, known):
            return unknown(
                f"a format of the two sides has no name, so the refusal in frame {refusal.response.frame} stays open"
            )
        if known and asked and not _common(asked, [codec for each in known for codec in each.media.codecs]):
            by_itself = any(each.message is refusal.response.record for each in known)
            confidence = Confidence.PROVED if by_itself else Confidence.LIKELY
            return _refused_for(refusal, offered, f"and can do {_named(known)} for {kind} only", confidence, known)
    if not refusal.is_first:
        return unknown(f"{_what(refusal)} in frame {refusal.response.frame} gives no reason, and the call goes on")
    if theirs:
        common = _common(mine, [codec for each in theirs for codec in each.media.codecs])
        shared = ", ".join(codec.encoding for codec in common[:3])
        return unknown(
            f"both sides can do {shared}, so {_what(refusal)} in frame {refusal.response.frame} has another reason"
        )
    usual = any((codec.name or "").lower() in UNIVERSAL for codec in mine)
    confidence = Confidence.POSSIBLE if usual else Confidence.LIKELY
    return _refused_for(refusal, offered, "and does not say which it could do", confidence)


def _refused_for(
    refusal: Refusal, offered: Sequence[Media], why: str, confidence: Confidence, known: Sequence[Known] = ()
) -> Verdict:
    request = refusal.request
    asker = "" if request is None else request.record.source
    lists = "; ".join(f"{media.kind}: {_listed(media.codecs)}" for media in offered)
    effect = "so the call fails" if refusal.is_first else "so what it had before goes on"
    told = {
        id(each.message): proof(each.message, f"what {refusal.refuser} or the side behind it can do") for each in known
    }
    return fault(
        f"{asker} offers {lists}; {refusal.refuser} refuses it with {refusal.response.status} {why}, {effect}.",
        proof(refusal.response, _what(refusal)),
        *([] if request is None else [proof(request, "the offer")]),
        *(each for each in list(told.values())[:2] if each.frame != refusal.response.frame),
        confidence=confidence,
    )


def _what(refusal: Refusal) -> str:
    return f"the {refusal.response.status} to {refusal.response.answers} from {refusal.refuser}"


# Answers


def _answered(line: Line) -> Verdict | None:
    """An answer without any codec of the offer, though both want the line."""
    offer, answer = line.offer, line.answer
    if not line.is_agreed or offer is None or answer is None or offer.media is None or answer.media is None:
        return None
    offered, answered = offer.media.codecs, answer.media.codecs
    if any(codec.name is None for codec in (*offered, *answered)) or not any(map(_is_media, offered)):
        return None
    common = _common(offered, answered)
    if common:
        return clear(f"both sides can do {common[0].encoding}")
    return fault(
        f"{offer.machine} offers {_listed(offered)} for {line.record.kind}, and {answer.machine} answers with "
        f"{_listed(answered)}: no codec is in both, so neither can hear the other.",
        proof(answer, f"the answer: {_listed(answered)}"),
        proof(offer, f"the offer: {_listed(offered)}"),
    )


def _off(line: Line, call: Call) -> Verdict | None:
    """A line that the answer switches off, unless another one of its kind stands for it."""
    offer, answer, kind = line.offer, line.answer, line.record.kind
    media = None if offer is None else offer.media
    if line.is_agreed or media is None or offer is None or answer is None or media.is_srtp:
        return None
    if any(other.is_agreed and other.record.kind == kind for other in line.beside):
        return None
    theirs = [known for known in call.offers_of(answer.machine) if known.media.kind == kind]
    if theirs:
        common = _common(media.codecs, [codec for each in theirs for codec in each.media.codecs])
        if common or not _all_named(media.codecs, theirs):
            return None
        return _fault_off(line, offer, answer, f"it can do {_named(theirs)} only", Confidence.LIKELY, theirs)
    if kind == "audio" and not any(other.is_agreed for other in line.leg.lines):
        return _fault_off(line, offer, answer, "no media is left of the call", Confidence.POSSIBLE, ())
    return None


def _fault_off(
    line: Line, offer: Side, answer: Side, why: str, confidence: Confidence, known: Sequence[Known]
) -> Verdict:
    codecs = offer.media.codecs if offer.media is not None else ()
    return fault(
        f"{offer.machine} offers {_listed(codecs)} for {line.record.kind}, and {answer.machine} switches the line off "
        f"in its answer (port 0); {why}.",
        proof(answer, f"the answer: port 0 for {line.record.kind}"),
        proof(offer, f"the offer: {_listed(codecs)}"),
        *(proof(each.message, f"what {answer.machine} offers itself") for each in known[:1]),
        confidence=confidence,
    )


# Codecs


def _common(mine: Sequence[Codec], theirs: Sequence[Codec]) -> list[Codec]:
    """The media formats of *mine* that are in *theirs* too, each encoding once."""
    found = {codec.encoding: codec for codec in mine if codec.is_media and any(map(codec.is_same, theirs))}
    return list(found.values())


def _is_media(codec: Codec) -> bool:
    return codec.is_media


def _all_named(mine: Sequence[Codec], theirs: Sequence[Known]) -> bool:
    """Whether the meaning of every format is known: what is not may be the one in common."""
    return all(codec.name is not None for codec in (*mine, *(codec for each in theirs for codec in each.media.codecs)))


def _listed(codecs: Sequence[Codec]) -> str:
    names = list(dict.fromkeys(codec.encoding for codec in codecs))
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _named(known: Sequence[Known]) -> str:
    return _listed([codec for each in known for codec in each.media.codecs])
