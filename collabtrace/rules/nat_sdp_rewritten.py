"""A device that added no Via changed the SIP or SDP text.

## What it finds
Addresses, ports or headers of SIP messages that are not what the sender wrote, although no proxy says that it passed
them on: the work of a SIP ALG (application layer gateway, "SIP inspection", "SIP helper", "fixup") in a router or
firewall.

## Why it matters
An ALG guesses. It rewrites what it knows and leaves the rest: Content-Length, a second m-line, `a=rtcp`, ICE
candidates, Route headers, what is encrypted. Then one direction of media is missing, calls drop when they are
refreshed, registrations point nowhere, and Expressway's or the phone's own NAT traversal works against it.

## How it decides
* Two places saw the same message: same Call-ID, CSeq, method or status, and the same branch of the same number of
  Vias. Every proxy adds a Via with a branch of its own (RFC 3261 §16.6), so nothing that may change the text stood
  between them. A NAT may change addresses and ports of IP, UDP and TCP alone, which are not compared. Any difference
  of the text is `proved`. Two places are two captures, or both sides of the NAT in one.
* One place: the Content-Length is wrong by exactly the difference in length between a private address that is still in
  the headers of the sender and the public address that stands in the session description, times how often it stands
  there: `likely`; of one or two bytes `possible`, as some programs do not count the last line end. Over TCP, where the
  length decides where the next message begins, what follows the body, or what the body took of the next message, is
  counted.

## When it is wrong
* A transparent proxy or session border controller that neither adds a Via nor changes the branch looks the same, and is
  as wrong: RFC 3261 knows no such element.
* An ALG that changes every address and length alike cannot be seen in one capture.
* A Content-Length that no address explains is `unknown`.
* A message that the capture cut is not compared.

## What to do next
1. Switch the SIP ALG off on the device between the two places. Cisco ASA and FTD: `no inspect sip` in
   `policy-map global_policy`; IOS NAT: `no ip nat service sip udp port 5060` and `… tcp port 5060`; Linux: unload
   `nf_nat_sip` and `nf_conntrack_sip`; FortiGate: `set sip-helper disable` and remove session helper 13; Juniper: `set
   security alg sip disable`; home routers: "SIP ALG" under NAT or WAN settings.
2. Clear the NAT sessions of the phone, or restart it: old sessions keep the helper.
3. Let the endpoint or the server deal with the NAT instead: MRA through Expressway, STUN or TURN, static NAT on
   Expressway-E (System › Network interfaces), symmetric RTP on the far side.
4. Where the ALG cannot be switched off, use SIP over TLS: it cannot read that.

## References
- RFC 3261 §16.6 (every proxy adds a Via), §18.3 and §20.14 (Content-Length)
- RFC 3581: what a server does instead, `rport` and `received`
- RFC 2663 §3.8, RFC 3235 §3: application layer gateways and what breaks behind them
- Cisco Expressway, Basic Configuration: SIP and H.323 inspection must be off on firewalls before it
"""

from collections.abc import Iterator, Sequence

from collabtrace.schema import Evidence, Rewrite
from collabtrace.subjects import Call
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

FIRST = ("c=", "m=", "o=", "Contact", "Via", "Request-URI", "Record-Route", "Content-Length")
"""Fields that harm most, and are named first."""
MOST_SHOWN = 4
"""Differences that are spelled out."""
LONGEST = 64
"""Characters of a value that are spelled out."""
MOST_MESSAGES = 3
"""Messages that are shown at both places."""


@rule(Severity.MAJOR)
def nat_sdp_rewritten(call: Call) -> Iterator[Verdict]:
    """Judge one call: what two places saw of it, then what one tells alone."""
    slips = [each for leg in call.legs for each in leg.slips]
    explained = [(message, slip) for message, slip in slips if slip.before is not None]
    if call.rewrites:
        yield _proved(call.rewrites)
    elif explained:
        message, slip = explained[0]
        yield fault(
            f"The session description from {message.record.source} names {slip.after}, and its Content-Length is wrong "
            f"by {slip.excess} bytes: by {slip.times} times {slip.after} instead of {slip.before}, which is still in "
            "the headers. A device without a Via replaced the address and left the length.",
            *(proof(each, f"{wrong.excess} bytes more than Content-Length says") for each, wrong in explained),
            confidence=Confidence.POSSIBLE if slip.is_habit else Confidence.LIKELY,
        )
    elif slips:
        message, slip = slips[0]
        yield unknown(
            f"Content-Length is wrong by {slip.excess} bytes in frame {message.frame}, and no address explains it"
        )
    elif call.sightings:
        yield clear(f"{call.sightings} messages that two places saw are the same, byte by byte")
    elif len(call.record.files) > 1:
        yield unknown("no message of this call was seen at two places of one hop")


def _proved(rewrites: Sequence[Rewrite]) -> Verdict:
    chosen = sorted(rewrites, key=_harm)
    first = chosen[0]
    told = [each for each in chosen if (each.row_a, each.row_b) == (first.row_a, first.row_b)]
    names = list(dict.fromkeys(each.field for each in chosen))
    messages = len({(each.row_a, each.row_b) for each in rewrites})
    where = f"from {first.file_a} to {first.file_b}" if first.file_a != first.file_b else f"within {first.file_a}"
    return fault(
        f"{_spelled(told)} on the way {where}, though no hop added a Via: {messages} messages differ, in "
        f"{', '.join(names)}.",
        *_evidence(chosen),
    )


def _harm(change: Rewrite) -> tuple[int, int]:
    place = next((rank for rank, field in enumerate(FIRST) if change.field.startswith(field)), len(FIRST))
    return place, change.row_a


def _spelled(told: Sequence[Rewrite]) -> str:
    """``c=IN IP4 192.168.1.20 became c=IN IP4 203.0.113.1``, for a few."""
    parts = []
    for each in told[:MOST_SHOWN]:
        field = _named(each)
        if each.before is None and each.after is None:
            parts.append(f"{each.field} changed")
        elif each.before is None:
            parts.append(f"{field}{_short(each.after)} was added")
        elif each.after is None:
            parts.append(f"{field}{_short(each.before)} was removed")
        else:
            parts.append(f"{field}{_short(each.before)} became {_short(each.after)}")
    return "; ".join(parts)


def _evidence(chosen: Sequence[Rewrite]) -> Iterator[Evidence]:
    """Both sightings of the messages that changed most gravely."""
    pairs: dict[tuple[int, int], list[Rewrite]] = {}
    for each in chosen:
        pairs.setdefault((each.row_a, each.row_b), []).append(each)
    for changes in list(pairs.values())[:MOST_MESSAGES]:
        first = changes[0]
        yield Evidence(first.file_a, first.frame_a, f"{_named(first)}{_short(first.before)}")
        yield Evidence(first.file_b, first.frame_b, f"{_named(first)}{_short(first.after)}")


def _named(change: Rewrite) -> str:
    """The field before its value; a line of a description begins with its name itself."""
    return "" if "=" in change.field else f"{change.field} "


def _short(value: str | None) -> str:
    if value is None:
        return "not there"
    return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
