"""A phone behind a router with NAT calls through a border element (CUBE), whose media have an address of their own.

Beyond the router is what stands for the Internet: it carries no packet to a private address.
"""

import re
import time
from dataclasses import replace
from pathlib import Path

from lab import products, sdp
from lab.dialog import Dialog, acknowledge, exchange
from lab.media import sound
from lab.network import Network
from lab.recorder import recording
from lab.rtp import Session
from lab.sip import Udp, token

PHONE, ROUTER, BORDER, BORDER_MEDIA = "192.168.1.20", "203.0.113.1", "203.0.113.10", "203.0.113.11"
PHONE_PORT, BORDER_PORT = 20000, 16500
MAC = "02005e100021"
RING_SECONDS, TALK_SECONDS = 1.0, 6.0
READY_SECONDS = 0.03
"""Until the phone, answered, has its sound ready; by then it hears the other side."""
MASQUERADE = 'chain outgoing {\ntype nat hook postrouting priority 100\noifname "to-border" masquerade\n}'
ALG = (
    'ct helper alg {\ntype "sip" protocol udp\n}\n'
    'chain helped {\ntype filter hook prerouting priority 0\nudp dport 5060 ct helper set "alg"\n}'
)
"""The Linux kernel's SIP helper, which home routers call SIP ALG."""
FORWARDED = (
    "chain incoming {\ntype nat hook prerouting priority -100\n"
    f'iifname "to-border" udp dport {PHONE_PORT}-{PHONE_PORT + 1} dnat to {PHONE}\n'
    "}"
)
INTERNET = (
    'chain unroutable {\ntype filter hook prerouting priority -300\niifname "to-border" ip daddr 192.168.0.0/16 drop\n}'
)


class HomeOffice:
    """The phone, its router, and the border element."""

    def __init__(self, network: Network, *chains: str) -> None:
        """Place them; *chains* are the router's rules beside those of the Internet."""
        self.phone, self.border = network.host("phone", PHONE), network.host("border", BORDER)
        self.border.run("ip", "address", "add", f"{BORDER_MEDIA}/24", "dev", "eth0")
        network.nft("table ip home {", *chains, INTERNET, "}")
        self.near, self.far = Udp(self.phone, self.border), Udp(self.border)
        self.speaking = Session(self.phone, PHONE_PORT, sound("mulaw", 400))
        self.answering = Session(replace(self.border, address=BORDER_MEDIA), BORDER_PORT, sound("mulaw", 600))

    def call(self, *, announced: str = PHONE, latches: bool = False) -> None:
        """Register, call, talk and hang up.

        The phone announces the address *announced* for its media. The border element sends its own to where the SDP
        says, or, where it *latches*, to where the phone's come from.
        """
        self._register()
        mine = self._dialog("2001")
        mine.request("INVITE", sdp.description("Cisco-SIPUA", announced, *_pcmu(PHONE_PORT)))
        theirs = Dialog.answering(self.far, products.GATEWAY, "INVITE", contact="2001", tag=token(8))
        for status in (100, 180):
            theirs.respond(status)
            mine.expect(status)
        time.sleep(RING_SECONDS)
        owner = "CiscoSystemsSIP-GW-UserAgent"
        theirs.respond(200, sdp.description(owner, BORDER, *_pcmu(BORDER_PORT), connection=BORDER_MEDIA))
        self.answering.start(*(() if latches else _media_address(theirs.asked.body)))
        mine.expect(200)
        acknowledge(mine, theirs)
        time.sleep(READY_SECONDS)
        self.speaking.start(BORDER_MEDIA, BORDER_PORT)
        time.sleep(TALK_SECONDS)
        for each in (self.speaking, self.answering):
            each.turn(None)
        exchange(
            mine,
            theirs,
            "BYE",
            headers=[("P-RTP-Stat", self.speaking.statistics)],
            more=[("P-RTP-Stat", self.answering.statistics)],
        )
        for each in (self.speaking, self.answering):
            each.stop()

    def _register(self) -> None:
        mine = self._dialog("1001")
        mine.target = "sip:example.com"
        mine.request("REGISTER", headers=[("Expires", "3600")])
        theirs = Dialog.answering(self.far, products.GATEWAY, "REGISTER", contact="1001", tag=token(8))
        theirs.contact = theirs.asked["Contact"]
        theirs.respond(200, headers=[("Expires", "120")])
        mine.expect(200)

    def _dialog(self, number: str) -> Dialog:
        """The phone's side of a dialog."""
        dialog = Dialog(
            self.near,
            products.phone(f"SEP{MAC.upper()}"),
            local='"Alice" <sip:1001@example.com>',
            remote=f"<sip:{number}@example.com>",
            target=f"sip:{number}@{BORDER};user=phone",
            contact="1001",
            call_id=f"{MAC[:8]}-{MAC[8:]}0001-{token(8)}-{token(8)}@{PHONE}",
            tag=f"{MAC}{token(12)}",
        )
        dialog.via_parameters = ";rport"
        return dialog


def record(folder: Path, name: str, *chains: str, announced: str = PHONE, latches: bool = False) -> None:
    """Record one call on both sides of the router."""
    with Network() as network:
        office = HomeOffice(network, *chains)
        places = {office.phone: folder / f"{name}_inside.pcapng", office.border: folder / f"{name}_outside.pcapng"}
        with recording(places):
            office.call(announced=announced, latches=latches)


def _pcmu(port: int) -> list[str]:
    return [f"m=audio {port} RTP/AVP 0 101", *sdp.PCMU, *sdp.EVENTS, "a=ptime:20", "a=sendrecv"]


def _media_address(body: bytes) -> tuple[str, int]:
    """Where a description with one line wants its media."""
    address, port = re.search(rb"c=IN IP4 (\S+)", body), re.search(rb"m=audio (\d+)", body)
    if not address or not port:
        raise ValueError("the description names no address")
    return address[1].decode(), int(port[1])
