"""Keys pressed in a scene's call: telephone-events (RFC 4733), KPML (RFC 4730), INFO, Cisco's unsolicited NOTIFY."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from collabtrace.protocols.dtmf_relay import PLAIN, RELAY, Signal
from collabtrace.protocols.kpml import REQUEST, RESPONSE, KpmlReport, KpmlRequest, Regex
from collabtrace.protocols.telephone_event import DIGITS, TelephoneEvent
from collabtrace.testing import media
from collabtrace.testing.dialogs import Leg, Party
from collabtrace.testing.machines import Machine
from collabtrace.testing.sdp_text import Codec
from collabtrace.testing.sip_text import Headers

if TYPE_CHECKING:
    from collabtrace.testing.calls import Call

KEY_SECONDS, PAUSE_SECONDS = 0.1, 0.1
"""How long a key is pressed, and how long until the next."""
UPDATES = 4
"""Reports of an event while the key is down; three more of its end follow (RFC 4733 §2.5.1.4)."""
INTERVAL_MS = 2000
"""Until an unsolicited NOTIFY says that a key is still down: what gateways agree on by default."""
TAG = 16
"""Bytes by which SRTP makes a payload longer: the tag of AES-GCM (RFC 7714 §13.1)."""
ANY_KEY = KpmlRequest((Regex("[x*#ABCD]", "dtmf"),), "persist")
"""What CUCM asks for: to be told every key by itself."""
SUBSCRIPTION: Headers = {"Event": "kpml", "Expires": "7200", "Content-Type": REQUEST}


class Told(NamedTuple):
    """A message that tells a key."""

    method: str
    headers: Headers
    body: bytes
    after: float = 0.0
    """Seconds after the key went down."""


def _kpml(digit: str) -> list[Told]:
    headers = {"Event": "kpml", "Subscription-State": "active;expires=7200", "Content-Type": RESPONSE}
    return [Told("NOTIFY", headers, bytes(KpmlReport(200, digit, "OK", "dtmf")))]


def _info(digit: str) -> list[Told]:
    return [Told("INFO", {"Content-Type": RELAY}, bytes(Signal(digit, round(KEY_SECONDS * 1000))))]


def _plain_info(digit: str) -> list[Told]:
    return [Told("INFO", {"Content-Type": PLAIN}, digit.encode())]


def _notify(digit: str) -> list[Told]:
    headers = {
        "Event": "telephone-event",
        "Subscription-State": "active",
        "Content-Type": "audio/telephone-event",
    }
    event = DIGITS.index(digit)
    begin = TelephoneEvent(event, end=False, volume=7, duration=INTERVAL_MS)
    end = TelephoneEvent(event, end=True, volume=7, duration=round(KEY_SECONDS * 1000))
    return [Told("NOTIFY", headers, bytes(begin)), Told("NOTIFY", headers, bytes(end), KEY_SECONDS)]


MESSAGES: dict[str, Callable[[str], list[Told]]] = {
    "kpml": _kpml,
    "info": _info,
    "plain-info": _plain_info,
    "notify": _notify,
}
"""The messages of one key, by the method."""


def press(
    call: "Call", by: Machine, digits: str, method: str, payload_type: int | None, legs: Sequence[Leg] | None
) -> None:
    """Press keys one after another, and send them over all legs or some of them."""
    route = [(leg, party) for leg, party in call.legs_from(by) if legs is None or leg in legs]
    for digit in digits:
        with call.scene.meanwhile():
            if method == "rtp-event":
                _events(call, route, DIGITS.index(digit), payload_type)
            else:
                _messages(call, route, MESSAGES[method](digit))
        call.scene.wait(KEY_SECONDS + PAUSE_SECONDS)


def subscribe(
    call: "Call", by: Machine, legs: Sequence[Leg] | None, status: int | None, repeats: int, headers: Headers | None
) -> None:
    """Ask to be told the keys that the other end of each leg presses (RFC 4730); None gets no answer."""
    wanted = {**SUBSCRIPTION, **(headers or {})}
    for leg in call.legs if legs is None else legs:
        for party in (leg.caller, leg.callee):
            if party.machine is by:
                leg.exchange(party, "SUBSCRIBE", headers=wanted, body=bytes(ANY_KEY), status=status, repeats=repeats)
                if status in (200, 202):
                    state = {"Event": "kpml", "Subscription-State": "active;expires=7200"}
                    leg.exchange(leg.other(party), "NOTIFY", headers=state)


def _messages(call: "Call", route: Sequence[tuple[Leg, Party]], messages: Sequence[Told]) -> None:
    began = call.scene.clock
    for told in messages:
        call.scene.wait(max(0.0, began + told.after - call.scene.clock))
        for leg, party in route:
            leg.exchange(party, told.method, headers=told.headers, body=told.body)


def _events(call: "Call", route: Sequence[tuple[Leg, Party]], event: int, payload_type: int | None) -> None:
    """Send one event on the sound of each leg, by the number that its receiver named."""
    done: list[media.Hop] = []
    for line, codecs, hops in (found for step in route for found in media.paths(call, step[1].machine, [step])):
        events = [codec for codec in codecs if codec.name == "telephone-event"]
        if line.kind == "audio" and (events or payload_type is not None):
            for hop in (hop for hop in hops if hop not in done):
                done.append(hop)
                with call.scene.meanwhile():
                    _event(call, (events or list(codecs))[0], hop, event, payload_type, secure="SAVP" in line.protocol)


def _event(call: "Call", codec: Codec, hop: media.Hop, event: int, payload_type: int | None, *, secure: bool) -> None:
    """One event: reports while the key is down, three of its end; all have the timestamp of its beginning."""
    scene, stream, began = call.scene, media.stream_of(call, hop), call.scene.elapsed
    source, target = call.agreed.owners[hop[0]], call.agreed.owners[hop[1]]
    step = round(codec.clock_rate * KEY_SECONDS) // (UPDATES + 1)
    for count in range(1, UPDATES + 4):
        ended = count > UPDATES
        payload = bytes(TelephoneEvent(event, ended, 10, step * min(count, UPDATES + 1)))
        if secure:
            payload = scene.chance.randbytes(len(payload) + TAG)
        packet = stream.next(codec, began, payload, marker=count == 1, payload_type=payload_type)
        stream.packets += 1
        scene.datagram(source, target, (hop[0][1], hop[1][1]), bytes(packet), dscp=media.PACES["audio"].dscp)
        scene.wait(0.0 if ended else KEY_SECONDS / (UPDATES + 1))
