"""One side encrypts the media, the other does not.

## What it finds
- An offer of SRTP alone that is refused (488, 606, or port 0 for the sound), and a plain offer to a side that wants
  SRTP.
- An answer whose profile differs from the offer's: RTP/SAVP answered by RTP/AVP, or the other way round.
- Keys that do not fit: no key in the answer, a crypto line with a tag or a suite that was not offered, SDES on one
  side and DTLS on the other.
- Media that contradicts what was agreed: plain RTP on an encrypted line, or SRTP on a plain one.

## Why it matters
The call fails, or it is answered and both sides hear nothing or loud noise: the one plays encrypted bytes, the other
drops packets whose authentication tag is missing.

## How it decides
1. Both descriptions of every agreed line that is not on hold are compared: profile, crypto tags and suites, and
   fingerprints.
2. Legal ways to do without encryption are no fault: RTP/AVP with crypto lines (OSRTP, RFC 8643), an offer with one
   encrypted and one plain line, key-mgmt (RFC 4567), ZRTP, and X-cisco-srtp-fallback in the Supported of any INVITE
   of the same leg or of a response to one. The INVITE may say it where the 200 makes the offer, and the refreshes of a
   session need not repeat it.
3. A refusal counts if the call is not answered later, also at a second try within 5 s of the first. It is `proved`
   where its words speak of encryption, `likely` where the offers of the refuser itself are of the other kind or the
   offer has PCMU or PCMA, which nearly everything can do, and else `possible`. A refusal that names formats is left to
   `codec-mismatch`.
4. Media is compared only where the length of packets tells: PCMU, PCMA, G.722, G.729, L16 and G.726 need a fixed
   number of bytes for the time between two timestamps. SRTP appends a tag (4, 8, 10 or 16 bytes) and perhaps a key
   identifier of up to 4. On plain lines only streams are looked at whose packets are longer by 3 bytes on average: no
   tag is shorter than 4. At least 50 packets (a second of sound) are needed, of which 9 in 10 must be exactly as long
   as the codec needs, or longer by the same number. It looks at packets from 2 s after the answer on: those before may
   be of another round.

## When it is wrong
Other codecs (Opus, H.264, AAC) have packets of any length: there the rule sees only what the descriptions say. An
Expressway is reported to answer RTP/SAVPF without a crypto line in healthy calls; that is `unknown`. Some receivers
take a suite under another tag; this is only `likely`. Two programs may agree on ZRTP in the media alone, without a
word in SDP: the packets of a plain line are encrypted then, and all is well. Different encryption on the two legs of a
server that media flows through is as it should be.

## What to do next
1. Compare the m= and a=crypto lines in the frames of the finding (never pass the keys in them on).
2. CUCM › System › Security › Phone Security Profile › Device Security Mode; CUCM › Device › Trunk › SRTP Allowed. Both
   devices must be encrypted for the media to be.
3. Expressway › Configuration › Zones › Zones › Media encryption mode (Force encrypted, Best effort, Force unencrypted)
   on both sides. CE endpoints: Conference Encryption Mode (BestEffort, On, Off). CMS: SIP media encryption.
4. CUBE: `srtp` and `srtp fallback` in the dial-peer, `srtp-crypto` for the suites; SRTP-RTP interworking in between.
5. If a suite or tag is wrong: the same suites on both sides (AES_CM_128_HMAC_SHA1_80 is understood by nearly all).

## References
- RFC 3264 §6 (the answer keeps the transport of the offer), RFC 4568 §5.1.2, §6 (crypto tags and suites)
- RFC 3711 §3.1 (SRTP packets), RFC 5763, RFC 5764 (DTLS-SRTP), RFC 8643 (opportunistic SRTP)
- Cisco Unified Communications Manager, Security Guide: media encryption; X-cisco-srtp-fallback
"""

from collections.abc import Iterator

from collabtrace.protocols.sdp import Media
from collabtrace.schema import Evidence, Stream
from collabtrace.sessions.framing import Framing
from collabtrace.sessions.offer_answer import AGREED
from collabtrace.subjects import Call, Line, Refusal, Side
from collabtrace.subjects.refusal import FALLBACK
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

MIN_PACKETS = 50
"""Packets that are compared with what their codec needs: a second of sound."""
SHARE = 0.9
"""Share of them that must be alike."""
TAGS = frozenset({4, 8, 10, 16})
"""Bytes of authentication tags (RFC 3711 §5.2, RFC 4568 §6.2, RFC 7714 §13.1)."""
LONGEST_IDENTIFIER = 4
"""Bytes of a key identifier (MKI) as senders use it, behind the tag."""
MORE_BYTES = 3.0
"""Bytes by which packets must be longer on average than their codec needs before each of them is looked at."""
UNIVERSAL = frozenset({"pcmu", "pcma"})
"""Codecs that nearly everything can do, so that a refusal is hardly about codecs; in lower case."""
UNAUTHENTICATED = "UNAUTHENTICATED_SRTP"
"""Session parameter by which packets have no tag (RFC 4568 §6.3.3)."""


@rule(Severity.CRITICAL)
def srtp_mismatch(call: Call) -> Iterator[Verdict]:
    """Judge one call."""
    suspect = _suspect(call)
    if not suspect and not call.refusals:
        return
    told = [_refused(refusal) for refusal in call.refusals]
    told += [_negotiated(line, call) or _carried(line) for line in call.lines if line.row in suspect]
    verdicts = [verdict for verdict in told if verdict is not None]
    faults = [verdict for verdict in verdicts if verdict.verdict == "fault"]
    if faults:
        yield min(faults, key=lambda verdict: list(Confidence).index(verdict.confidence))
    elif verdicts:
        yield next((verdict for verdict in verdicts if verdict.verdict == "unknown"), verdicts[-1])


def _suspect(call: Call) -> set[int]:
    """The lines, by row, that have to do with encryption; and plain ones whose packets are longer than they should."""
    long = {row for row in call.line_rows if call.extra_bytes(row) >= MORE_BYTES}
    states, ports = (call.case.media.columns[name] for name in ("state", "answer_port"))
    return {row for row in call.secured_rows | long if states[row] == AGREED or ports[row] == 0}


# Offers refused as a whole


def _refused(refusal: Refusal) -> Verdict | None:
    if not refusal.is_about_encryption or refusal.request is None:
        return None
    if refusal.is_first and refusal.is_made_good:
        return clear(
            f"the {refusal.response.status} in frame {refusal.response.frame} did not end the call: it is answered"
        )
    said = refusal.speaks_of_encryption
    if not refusal.is_first and not said:
        return unknown(
            f"the {refusal.response.status} in frame {refusal.response.frame} gives no reason, and the call goes on"
        )
    request, known = refusal.request, [each for each in refusal.known if not each.media.rejected]
    offered = "SRTP alone" if refusal.wants_srtp_alone else "plain RTP" if refusal.offers_plain_rtp else "encryption"
    theirs = f", and offers {known[0].media.protocol} itself" if known else ""
    usual = any((codec.name or "").lower() in UNIVERSAL for media in refusal.offered for codec in media.codecs)
    confidence = Confidence.LIKELY if known or usual else Confidence.POSSIBLE
    reason = f" ({said})" if said else ""
    return fault(
        f"{request.record.source} offers {offered} ({_profiles(refusal)}), and {refusal.refuser} refuses it with "
        f"{refusal.response.status}{reason}{theirs}.",
        proof(refusal.response, f"the {refusal.response.status} to {refusal.response.answers}"),
        proof(request, f"the offer: {_profiles(refusal)}"),
        *(
            proof(each.message, f"{refusal.refuser} or the side behind it offers {each.media.protocol}")
            for each in known[:1]
        ),
        confidence=Confidence.PROVED if said else confidence,
    )


def _profiles(refusal: Refusal) -> str:
    return ", ".join(dict.fromkeys(media.protocol for media in refusal.offered))


# What was negotiated


def _negotiated(line: Line, call: Call) -> Verdict | None:
    offer, answer = line.offer, line.answer
    if offer is None or answer is None or offer.media is None or answer.media is None or not offer.media.is_rtp:
        return None
    if answer.port == 0:
        return _switched_off(line, offer, answer, call)
    if not line.is_agreed or line.record.direction == "inactive":
        return None
    mine, theirs = offer.media, answer.media
    if mine.is_srtp != theirs.is_srtp:
        return _profile(line, mine, theirs)
    cut = next((side for side in (offer, answer) if mine.is_srtp and not side.is_whole), None)
    if cut is not None:
        return unknown(
            f"the description in frame {cut.frame} is not whole, so its keys may be missing from the capture"
        )
    return _keys(line, mine, theirs) if mine.is_srtp else None


def _switched_off(line: Line, offer: Side, answer: Side, call: Call) -> Verdict | None:
    """The sound refused by port 0 where only SRTP was offered, and nothing else stands for it."""
    kind, media = line.record.kind, offer.media
    stands = any(other.is_agreed and other.record.kind == kind for other in line.beside)
    if kind != "audio" or stands or media is None or not media.is_srtp or not offer.port:
        return None
    plain = [known for known in call.offers_of(answer.machine) if known.media.kind == kind and not known.media.is_srtp]
    if not plain:
        return unknown(
            f"{answer.machine} switches the encrypted line off in frame {answer.frame}, and does not say why"
        )
    return fault(
        f"{offer.machine} offers SRTP alone ({media.protocol}), and {answer.machine}, which offers "
        f"{plain[0].media.protocol} itself, switches the sound off (port 0).",
        proof(answer, "the answer: port 0 for audio"),
        proof(offer, f"the offer: {media.protocol}"),
        proof(plain[0].message, f"{answer.machine} offers {plain[0].media.protocol}"),
        confidence=Confidence.LIKELY,
    )


def _profile(line: Line, mine: Media, theirs: Media) -> Verdict | None:
    """One side says SAVP, the other AVP."""
    if mine.has_keys and theirs.has_keys:
        return clear(f"both sides give keys, though one writes {mine.protocol} and the other {theirs.protocol}")
    if mine.is_srtp and _may_fall_back(line):
        return clear("the offer of SRTP allows an answer without encryption (X-cisco-srtp-fallback)")
    which = "the answerer does not encrypt" if mine.is_srtp else "the offerer does not encrypt"
    return _fault(line, f"offers {mine.protocol}", f"answers {theirs.protocol}: {which}, the other side does")


def _may_fall_back(line: Line) -> bool:
    said = (each for each in line.leg.messages if "INVITE" in (each.method, each.answers))
    return any(FALLBACK in value.lower() for each in said for value in each.values("Supported"))


def _keys(line: Line, mine: Media, theirs: Media) -> Verdict | None:
    """Both say SAVP: whether each can know the other's key."""
    if not theirs.has_keys:
        if "SAVPF" in theirs.protocol.upper():
            return unknown(
                f"the answer says {theirs.protocol} without a key; Expressway is reported to do so in good calls"
            )
        return _fault(line, f"offers {mine.protocol} with {_means(mine)}", f"answers {theirs.protocol} without a key")
    if not mine.has_keys:
        return _fault(line, f"offers {mine.protocol} without a key", f"answers with {_means(theirs)}")
    if mine.crypto and theirs.crypto:
        return _suites(line, mine, theirs)
    sdes, dtls = (bool(mine.crypto), bool(theirs.crypto)), (bool(mine.fingerprints), bool(theirs.fingerprints))
    if not all(sdes) and not all(dtls) and any(sdes) and any(dtls):
        return _fault(line, f"offers keys by {_means(mine)}", f"answers with {_means(theirs)}")
    return None


def _suites(line: Line, mine: Media, theirs: Media) -> Verdict | None:
    """The chosen crypto line must be one of those offered: its tag, and with it its suite (RFC 4568 §5.1.2)."""
    offered = {crypto.tag: crypto.suite.upper() for crypto in mine.crypto}
    if any(offered.get(crypto.tag) == crypto.suite.upper() for crypto in theirs.crypto):
        return None
    chosen = theirs.crypto[0]
    names = ", ".join(f"{tag} {suite}" for tag, suite in offered.items())
    confidence = Confidence.LIKELY if chosen.suite.upper() in offered.values() else Confidence.PROVED
    said = f"answers crypto {chosen.tag} {chosen.suite}, which is not among them"
    return _fault(line, f"offers crypto {names}", said, confidence)


def _means(media: Media) -> str:
    return "SDES (crypto)" if media.crypto else "DTLS (fingerprint)" if media.fingerprints else "another key exchange"


def _fault(line: Line, offered: str, answered: str, confidence: Confidence = Confidence.PROVED) -> Verdict:
    offer, answer = line.offer, line.answer
    sides = [side for side in (answer, offer) if side is not None]
    says = zip(sides, (answered, offered), strict=True)
    first = "" if offer is None else offer.machine
    second = "" if answer is None else answer.machine
    return fault(
        f"{first} {offered} for {line.record.kind}, and {second} {answered}.",
        *(proof(side, said.split(":")[0]) for side, said in says),
        confidence=confidence,
    )


# What was carried


def _carried(line: Line) -> Verdict | None:
    """Whether the packets are as they were agreed, in one direction after the other."""
    offer, answer = line.offer, line.answer
    if not line.is_agreed or offer is None or answer is None or offer.media is None or answer.media is None:
        return None
    secure = offer.media.is_srtp and answer.media.is_srtp
    open_ = not any(media.is_srtp or media.has_keys for media in (offer.media, answer.media))
    if not (secure or open_) or _without_tag(offer.media) or _without_tag(answer.media):
        return None
    compared = 0
    for row in line.timed_rows:
        framing, stream = line.framing(row), line.leg.call.case.streams[row]
        if framing.compared < MIN_PACKETS:
            continue
        compared += 1
        verdict = _plain(line, stream, framing) if secure else _encrypted(line, stream, framing)
        if verdict is not None:
            return verdict
    if secure:
        how = f"; the packets of {compared} streams have their tags" if compared else ""
        return clear(f"both sides agree on {line.record.protocol} for {line.record.kind}, and their keys fit{how}")
    return None


def _plain(line: Line, stream: Stream, framing: Framing) -> Verdict | None:
    if framing.plain < SHARE * framing.compared or framing.plain_frame is None:
        return None
    return fault(
        f"{line.record.protocol} was agreed, but {framing.plain} of {framing.compared} packets from {stream.source} "
        f"to {stream.target} have exactly the {framing.payload} bytes that {stream.codec} needs, without an "
        "authentication tag: they are plain RTP.",
        Evidence(stream.file, framing.plain_frame, f"payload of {framing.payload} bytes, no tag"),
        *_agreement(line),
    )


def _encrypted(line: Line, stream: Stream, framing: Framing) -> Verdict | None:
    if framing.tagged < SHARE * framing.compared or framing.tagged_frame is None or not _is_tag(framing.tag):
        return None
    return fault(
        f"{line.record.protocol} was agreed, but {framing.tagged} of {framing.compared} packets from {stream.source} "
        f"to {stream.target} have {framing.tag} bytes more than {stream.codec} needs, as SRTP appends them: they are "
        "encrypted.",
        Evidence(stream.file, framing.tagged_frame, f"payload of {framing.payload} bytes, {framing.tag} too many"),
        *_agreement(line),
        confidence=Confidence.LIKELY,
    )


def _without_tag(media: Media) -> bool:
    return any(UNAUTHENTICATED in (crypto.session_parameters or "").upper() for crypto in media.crypto)


def _is_tag(more: int | None) -> bool:
    return more is not None and any(0 <= more - tag <= LONGEST_IDENTIFIER for tag in TAGS)


def _agreement(line: Line) -> list[Evidence]:
    return [proof(side, f"{line.record.protocol} for {line.record.kind}") for side in (line.offer, line.answer) if side]
