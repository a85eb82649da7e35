"""Shared content or the ability to share was offered, but no floor control.

## What it finds
A video call in which no description names a port for floor control, although the offer has an m-line for slides
(`a=content:slides`), or the Contacts of both ends say `bfcp`.

## Why it matters
Slides without floor control leave nobody to ask for the floor: Cisco endpoints do not let their users share then, or
share in place of the main picture.

## How it decides
- An answered offer that names a port for slides (RFC 4796) and has no BFCP m-line with a port, in any round of any
  leg: the offer proves it.
- An answered offer of pictures without floor control, where the Contacts of both ends have the parameter `bfcp`, as
  that of Jabber has where BFCP is enabled: `likely`. Where only the offerer says so, the other end may be a phone that
  shares nothing, and the rule says `unknown`.

The call must go on for 5 s after the answer in the capture, because some endpoints add slides and floor control in a
second round.

## When it is wrong
An ordinary video phone offers one picture, no slides, and no such Contact: nothing is said about it, nor about audio
calls. Slides of WebRTC (SAVPF with ICE and DTLS) are shared without BFCP, and not judged; neither is the sign
language picture (`a=content:sl`), nor a second picture that does not say what it shows. Calls in which floor
control stands on any leg are the business of `bfcp-stripped` and `bfcp-rejected`. An offer whose end is missing from
the capture is not judged. Some systems outside the Cisco world send slides without asking for a floor; there the
finding is true and harmless.

## What to do next
1. CUCM › Device › Device Settings › SIP Profile: tick *Allow Presentation Sharing using BFCP* in the profile of the
   device that offers, and of every trunk in the path; reset the devices. The *Standard SIP Profile For TelePresence*
   profiles have it.
2. Jabber: the SIP profile of its CSF, TCT, BOT or TAB device counts; sign out and in again.
3. A room system: switch presentation and BFCP on in the settings of the endpoint (menu names differ by product).
4. If one leg only was captured: capture at the endpoint that offers, to see whether it or a machine behind it leaves
   floor control out.

## References
- RFC 8856 §4 (the m-line), RFC 4796 (content), RFC 3840 §9 (feature parameters of a Contact)
- Cisco, Feature Configuration Guide for Unified Communications Manager: Presentation Sharing using BFCP
"""

from collections.abc import Iterator, Sequence

from collabtrace.subjects import Call, Description, Line
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

SETTLED_SECONDS = 5.0
"""After the answer: what is offered in a second round comes within a few seconds."""
FEATURE = "bfcp"
"""Contact parameter of a device on which floor control is enabled."""


@rule(Severity.MAJOR)
def bfcp_not_offered(call: Call) -> Iterator[Verdict]:
    """Judge the offers of all answered legs together."""
    kinds = call.record.media or ""
    if "video" not in kinds and "slides" not in kinds:
        return
    said = [each for leg in call.legs if leg.record.answered is not None for each in leg.descriptions]
    offers = [each for each in said if not each.is_answer and each.other is not None and each.has_picture]
    beside = next((each for each in said if each.wants_floor_control), None)
    if beside is not None:
        if any(each.slides for each in offers):
            yield clear(
                f"floor control is offered beside slides (frame {beside.message.frame} of {beside.message.file})"
            )
        return
    with_slides = next((each for each in offers if each.slides and not _is_browser(each.slides)), None)
    able = [each for each in said if FEATURE in each.features]
    offer = with_slides or next((each for each in offers if each in able), None)
    if offer is not None:
        yield _doubt(offer) or _fault(offer, able)


def _is_browser(slides: Line) -> bool:
    """Whether WebRTC sends them: there the application itself says who may share."""
    return slides.record.ice and slides.record.protocol.upper().endswith("SAVPF")


def _doubt(offer: Description) -> Verdict | None:
    frame, seconds = f"frame {offer.message.frame} of {offer.message.file}", offer.leg.talk_seconds
    if not offer.is_whole:
        return unknown(f"the offer in {frame} is not whole: its end may hold floor control")
    if seconds < SETTLED_SECONDS:
        return unknown(
            f"the capture shows {seconds:.1f} s of the call after its answer: floor control may be offered later"
        )
    return None


def _fault(offer: Description, able: Sequence[Description]) -> Verdict:
    frames = {(each.message.file, each.message.frame): each for each in able}
    contacts = [proof(each.message, "its Contact says bfcp") for each in frames.values() if each is not offer]
    if offer.slides:
        return fault(
            f"{offer.message.source} offers slides at port {offer.port(offer.slides)} and no floor control, and no "
            "other description of the call brings it: nobody can ask for the floor.",
            proof(offer.message, "offers slides, and no floor control"),
            *contacts,
        )
    if all(each.by_caller == offer.by_caller for each in able):
        return unknown(
            f"{offer.message.source} says in its Contact that it can do BFCP and offers pictures without; whether the "
            "other end could share is not said"
        )
    return fault(
        f"{offer.message.source} and the other end say in their Contacts that they can do BFCP, and pictures are "
        "offered, but no description of the call has slides or floor control.",
        proof(offer.message, "offers pictures and no floor control; its Contact says bfcp"),
        *contacts,
        confidence=Confidence.LIKELY,
    )
