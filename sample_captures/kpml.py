"""An ad hoc conference as in ``isfocus``, and how its legs to Conductor carry the digits that people press.

Where the bridge offers no telephone-events, CUCM asks Conductor for digits by KPML (RFC 4730). This Conductor of
XC4.0 does not answer that, and ends the conference.
Recorded at CUCM, which sees all the signalling and no media; captures named ``phone`` were recorded at Alice's phone.
"""

import time
from pathlib import Path

from lab.conference import Conference, Member, leave
from lab.cucm import CLEARED
from lab.dialog import Body, exchange
from lab.network import Host, Network
from lab.recorder import recording

HERE = Path(__file__).parent
SURVIVED_SECONDS, TALK_SECONDS = 10, 12.5
SUBSCRIPTION = b"""\
<?xml version="1.0" encoding="UTF-8"?>
<kpml-request xmlns="urn:ietf:params:xml:ns:kpml-request" version="1.0">
 <pattern criticaldigittimer="1000" extradigittimer="500" interdigittimer="500" persist="persist">
  <regex tag="dtmf">[x*#ABCD]</regex>
 </pattern>
</kpml-request>
"""


def ask_for_keys(member: Member) -> None:
    """CUCM subscribes to key presses; Conductor takes the request and says nothing."""
    headers = [("Event", "kpml"), ("Accept", "application/kpml-response+xml"), ("Expires", "7200")]
    member.trunk.cucm.request("SUBSCRIBE", Body(SUBSCRIPTION, "application/kpml-request+xml"), headers)
    member.trunk.phone.expect("SUBSCRIBE")


def drop(member: Member) -> None:
    """Conductor ends the leg of one participant, and CUCM ends that of the phone."""
    exchange(member.trunk.phone, member.trunk.cucm, "BYE")
    exchange(member.leg.cucm, member.leg.phone, "BYE", headers=CLEARED)
    member.sound.turn(None)
    member.bridge_sound.turn(None)


def kpml_to_conductor() -> None:
    """No telephone-events: CUCM sends SUBSCRIBE for KPML on every leg, none is answered, and after 10 s all end."""
    with Network() as network:
        conference = Conference(network, focus=";isFocus", events=False)
        with recording(places(conference, "kpml_to_conductor")):
            members = conference.begin()
            for member in members:
                ask_for_keys(member)
            time.sleep(SURVIVED_SECONDS)
            for member in members:
                drop(member)
            conference.end()


def kpml_healthy() -> None:
    """The healthy twin: the bridge offers telephone-events, Alice's keys go by RFC 4733, people hang up themselves."""
    with Network() as network:
        conference = Conference(network, focus=";isFocus", events=True)
        with recording(places(conference, "kpml_healthy")):
            members = conference.begin()
            time.sleep(3)
            members[0].sound.press("42#")
            time.sleep(TALK_SECONDS - 3)
            for member in members:
                leave(member)
            conference.end()


def places(conference: Conference, name: str) -> dict[Host, Path]:
    """Where to record: at CUCM and at Alice's phone."""
    return {
        conference.cucm_host: HERE / f"{name}.pcapng",
        conference.phones[0].host: HERE / f"{name}_phone.pcapng",
    }


def main() -> None:
    """Record both."""
    kpml_to_conductor()
    kpml_healthy()


if __name__ == "__main__":
    main()
