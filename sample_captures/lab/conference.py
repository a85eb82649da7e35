"""An ad hoc conference: Alice talks to Bob, calls Carol, and presses Conference; CUCM moves all three to a bridge."""

import time
from dataclasses import dataclass, field
from secrets import token_hex

from lab import products, sdp
from lab.conductor import Conductor
from lab.cucm import CLEARED, Cucm, Leg, hang_up
from lab.dialog import Body, Dialog, acknowledge, exchange
from lab.media import sound
from lab.network import Network
from lab.phone import Phone
from lab.rtp import Session
from lab.sip import connect

NUMBER = "00101234501"
"""By which CUCM and Conductor know the conference."""
TALK_SECONDS = 1.5
CALL_PORT, CONSULTATION_PORT, BRIDGE_PORT = 24580, 24584, 50000

SOFTKEY = """\
<?xml version="1.0" encoding="UTF-8"?>
<x-cisco-remotecc-request>
 <softkeyeventmsg>
  <softkeyevent>Conference</softkeyevent>
  <dialogid>
{dialog}
  </dialogid>
  <linenumber>0</linenumber>
  <participantnum>0</participantnum>
  <consultdialogid>
{consultation}
  </consultdialogid>
  <state>false</state>
  <joindialogid>
   <callid></callid>
   <localtag></localtag>
   <remotetag></remotetag>
  </joindialogid>
  <eventdata>
   <invocationtype>explicit</invocationtype>
  </eventdata>
  <userdata></userdata>
  <softkeyid>0</softkeyid>
  <applicationid>0</applicationid>
 </softkeyeventmsg>
</x-cisco-remotecc-request>
"""
DIALOG = """\
   <callid>{0.call_id}</callid>
   <localtag>{0.tag}</localtag>
   <remotetag>{0.remote_tag}</remotetag>"""
ROSTER = """\
<?xml version="1.0" encoding="UTF-8"?>
<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:{number}@{domain}" state="full" version="1">
 <users>
{users}
 </users>
</conference-info>
"""
USER = '  <user entity="sip:{0.number}@{0.domain}" state="full"><display-text>{0.name}</display-text></user>'


@dataclass
class Member:
    """One participant, from the moment when CUCM moves them to the bridge."""

    phone: Phone
    leg: Leg
    """Between phone and CUCM."""
    sound: Session
    bridge_sound: Session
    trunk: Leg = field(init=False)
    """Between Conductor (in the place of the phone) and CUCM."""


class Conference:
    """The machines, and what they do one after the other."""

    def __init__(self, network: Network, *, focus: str, events: bool) -> None:
        """Place them.

        *focus* is what CUCM adds to its Contact toward the phones once they are in a conference, *events* is whether
        the bridge offers telephone-events.
        """
        self.focus, self.events = focus, events
        self.cucm_host = network.host("cucm", "10.10.1.10")
        self.conductor = Conductor(network.host("conductor", "10.10.4.40"), network.host("bridge", "10.10.5.50"))
        people = (("1001", "Alice"), ("1002", "Bob"), ("1003", "Carol"))
        self.phones = []
        for count, (number, name) in enumerate(people, 1):
            host = network.host(name.lower(), f"10.10.1{count}.2{count}")
            mac = f"02005e10001{count}"
            self.phones.append(Phone(host, products.phone(f"SEP{mac.upper()}"), number, name, mac))
        alice, bob, carol = (phone.host for phone in self.phones)
        tones = [sound("g722", tone) for tone in (400, 500, 600)]
        self.sounds = [Session(host, CALL_PORT, tone) for host, tone in zip((alice, bob, carol), tones, strict=True)]
        self.consultation = Session(alice, CONSULTATION_PORT, tones[0])
        mixed = sound("g722", 300)
        self.mixed = [Session(self.conductor.bridge, BRIDGE_PORT + 2 * count, mixed) for count in range(3)]

    def begin(self) -> list[Member]:
        """Do all that comes before people talk in the conference."""
        self.cucm = Cucm(self.cucm_host)
        self.cucm.register(*self.phones)
        alice, bob, carol = self.phones
        first = self._call(alice, self.sounds[0], bob, self.sounds[1])
        self._hold_by_phone(first)
        for silent in self.sounds[:2]:
            silent.turn(None)
        second = self._call(alice, self.consultation, carol, self.sounds[2])
        self._press_conference(alice, first[0].phone, second[0].phone)
        for silent in (self.consultation, self.sounds[2]):
            silent.turn(None)
        self.conductor.take_order(self.cucm_host, NUMBER)
        exchange(second[0].cucm, second[0].phone, "BYE", headers=CLEARED)
        legs = (first[0], first[1], second[1])
        members = [Member(*each) for each in zip(self.phones, legs, self.sounds, self.mixed, strict=True)]
        for member in members:
            self._move(member)
        for member in members:
            self._tell_roster(member)
        return members

    def end(self) -> None:
        """Let nobody send any more."""
        for each in (*self.sounds, self.consultation, *self.mixed):
            each.stop()

    def _call(self, caller: Phone, near: Session, callee: Phone, far: Session) -> tuple[Leg, Leg]:
        """Call, and talk for a moment."""
        legs = self.cucm.dial(caller, callee, _plain(near), _plain(far))
        for one, other in ((near, far), (far, near)):
            one.start(other.host.address, other.port)
        time.sleep(TALK_SECONDS)
        return legs

    def _hold_by_phone(self, legs: tuple[Leg, Leg]) -> None:
        """Pressing Conference for the first time puts the call on hold."""
        (mine, near), far = legs
        held, silent = (sdp.sound(CALL_PORT, direction=direction) for direction in ("sendonly", "inactive"))
        offer = sdp.description("Cisco-SIPUA", mine.wire.address, *held, version=mine.version())
        answer = sdp.description("CiscoSystemsCCM-SIP", near.wire.address, *silent, version=near.version())
        exchange(mine, near, "INVITE", offer, answer=answer)
        acknowledge(mine, near)
        _hold(far)

    def _press_conference(self, alice: Phone, first: Dialog, second: Dialog) -> None:
        """Pressing it again asks CUCM to join the two calls."""
        asks = alice.dial(alice.number)
        asks.target = f"sip:{self.cucm_host.address}"
        body = SOFTKEY.format(dialog=DIALOG.format(first), consultation=DIALOG.format(second))
        name = f"{token_hex(4)}@{alice.host.address}"
        asks.request(
            "REFER",
            Body(body.encode(), "application/x-cisco-remotecc-request+xml"),
            [
                ("Refer-To", f"cid:{name}"),
                ("Referred-By", alice.address()),
                ("Content-Id", f"<{name}>"),
                ("Require", "norefersub"),
                ("Expires", "60"),
                ("Content-Disposition", "session;handling=required"),
            ],
        )
        asked = self.cucm.answering(alice.trunk, alice.number, "", "REFER")
        asked.respond(202)
        asks.expect(202)

    def _move(self, member: Member) -> None:
        """Move a phone to the bridge: hold it, name the focus, call Conductor, and renegotiate with a delayed offer."""
        leg, address = member.leg, self.cucm_host.address
        _hold(leg)
        leg.cucm.parameters = self.focus
        party = f'"Conference" <sip:{NUMBER}@{address}>;party=calling;screen=yes;privacy=off'
        exchange(leg.cucm, leg.phone, "UPDATE", headers=[("Remote-Party-ID", party)])
        member.trunk = trunk = self._dial_conductor(member)
        offer = self.conductor.offer(member.bridge_sound.port, events=self.events)
        trunk.phone.respond(200, offer)
        trunk.cucm.expect(200)
        leg.cucm.request("INVITE")
        leg.phone.expect("INVITE")
        mine = sdp.sound(member.sound.port)
        version = leg.phone.version()
        leg.phone.respond(200, sdp.description("Cisco-SIPUA", member.phone.host.address, *mine, version=version))
        leg.cucm.expect(200)
        both = sdp.sound(member.sound.port, events=self.events)
        answer = sdp.description("CiscoSystemsCCM-SIP", address, *both, connection=member.phone.host.address)
        acknowledge(trunk.cucm, trunk.phone, answer)
        acknowledge(leg.cucm, leg.phone, sdp.relayed(offer, address, version=leg.cucm.version()))
        member.sound.turn(member.bridge_sound)
        member.bridge_sound.start(member.phone.host.address, member.sound.port)

    def _dial_conductor(self, member: Member) -> Leg:
        """Call the conference for one participant, with a delayed offer."""
        wire, theirs = connect(self.cucm_host, self.conductor.host, self.conductor.listener, trunk=True)
        phone, there = member.phone, self.conductor.host.address
        dialog = self.cucm.calling(
            wire,
            caller=phone.address(),
            number=phone.number,
            callee=f"<sip:{NUMBER}@{there}>",
            target=f"sip:{NUMBER}@{there}:5060;transport=tcp",
            session=phone.session,
        )
        dialog.request("INVITE", headers=self.cucm.greeting(dialog))
        focus = self.conductor.answering(theirs, NUMBER)
        for status in (100, 180):
            focus.respond(status)
            dialog.expect(status)
        return Leg(focus, dialog)

    def _tell_roster(self, member: Member) -> None:
        """CUCM tells a phone who is in the conference (the content type of this INFO is our guess)."""
        users = "\n".join(USER.format(phone) for phone in self.phones)
        body = ROSTER.format(number=NUMBER, domain=self.cucm_host.address, users=users)
        roster = Body(body.encode(), "application/conference-info+xml")
        headers = [("Info-Package", "conference"), ("Content-Disposition", "Info-Package")]
        exchange(member.leg.cucm, member.leg.phone, "INFO", roster, headers)


def _hold(leg: Leg) -> None:
    """CUCM puts a phone on hold."""
    silent = sdp.sound(CALL_PORT, direction="inactive")
    version = leg.cucm.version()
    offer = sdp.description(
        "CiscoSystemsCCM-SIP", leg.cucm.wire.address, *silent, version=version, connection=sdp.NO_ADDRESS
    )
    answer = sdp.description("Cisco-SIPUA", leg.phone.wire.address, *silent, version=leg.phone.version())
    exchange(leg.cucm, leg.phone, "INVITE", offer, answer=answer)
    acknowledge(leg.cucm, leg.phone)


def leave(member: Member) -> None:
    """A participant hangs up."""
    hang_up((member.leg, member.trunk))
    member.sound.turn(None)
    member.bridge_sound.turn(None)


def _plain(line: Session) -> Body:
    return sdp.description("Cisco-SIPUA", line.host.address, *sdp.sound(line.port))
