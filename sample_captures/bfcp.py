"""A video call between a Jabber and an SX20 through CUCM, in which both sides agreed on sharing by BFCP over UDP.

CUCM relays the SDP and never sees BFCP itself. The SX20 answered ``floorctrl:c-only``: it is the client, and
opens the channel by a Hello to the port that Jabber named, 5904.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab import products, sdp
from lab.bfcp import Client, Server
from lab.cucm import Cucm, hang_up
from lab.media import pictures, sound
from lab.network import Network
from lab.phone import Phone
from lab.recorder import recording
from lab.rtp import Session, talk

HERE = Path(__file__).parent
JABBER_AUDIO, JABBER_VIDEO, JABBER_SLIDES, JABBER_BFCP = 24580, 24582, 24584, 5904
SX20_AUDIO, SX20_VIDEO, SX20_SLIDES, SX20_BFCP = 2332, 2334, 2336, 2438
"""Room systems take all their media ports from 2326 to 2487."""
TALK_SECONDS = 12
"""The fourth Hello goes out after 3.5 s, and 7.5 s after the first the client gives up (RFC 8855 §8.3.1)."""
H264 = "packetization-mode=0;profile-level-id=42800d;max-mbps=35000;max-fs=3600"


def lines(audio: int, video: int, slides: int, bfcp: int, role: str) -> list[str]:
    """What each side offers or answers."""
    return [
        *sdp.sound(audio),
        f"m=video {video} RTP/AVP 97",
        "b=TIAS:768000",
        "a=label:11",
        "a=rtpmap:97 H264/90000",
        f"a=fmtp:97 {H264}",
        "a=content:main",
        "a=sendrecv",
        f"m=application {bfcp} UDP/BFCP *",
        f"a=floorctrl:{role}",
        "a=confid:1",
        "a=floorid:2 mstrm:12",
        "a=userid:2",
        "a=setup:" + ("actpass" if role == "c-s" else "active"),
        "a=connection:new",
        f"m=video {slides} RTP/AVP 126",
        "a=label:12",
        "a=rtpmap:126 H264/90000",
        f"a=fmtp:126 {H264}",
        "a=content:slides",
        "a=sendrecv",
    ]


class Call:
    """The two ends of the call, and the network between them."""

    def __init__(self, network: Network) -> None:
        """Place the machines."""
        self.jabber, self.codec = network.host("jabber", "10.10.2.20"), network.host("sx20", "10.10.3.30")
        self.cucm = network.host("cucm", "10.10.1.10")
        self.sound = (
            Session(self.jabber, JABBER_AUDIO, sound("g722", 400)),
            Session(self.codec, SX20_AUDIO, sound("g722", 600)),
        )
        self.video = (
            Session(self.jabber, JABBER_VIDEO, pictures(97, "testsrc2=size=192x108", 6, 32)),
            Session(self.codec, SX20_VIDEO, pictures(97, "smptebars=size=192x108", 6, 32)),
        )
        content = pictures(126, "testsrc=size=512x288", 2, 60)
        self.slides = Session(self.jabber, JABBER_SLIDES, content), Session(self.codec, SX20_SLIDES, content)
        self.server = Server(self.jabber, JABBER_BFCP)
        self.client = Client(self.codec, SX20_BFCP, (self.jabber.address, JABBER_BFCP))

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Register, call, and let sound and pictures flow until Jabber hangs up."""
        cucm = Cucm(self.cucm)
        alice = Phone(self.jabber, products.jabber("CSFALICE"), "1001", "Alice", "02005e100001")
        room = Phone(self.codec, products.endpoint("ce8.3.4.99243f7"), "2001", "Room", "02005e100002")
        cucm.register(alice, room)
        offer = lines(JABBER_AUDIO, JABBER_VIDEO, JABBER_SLIDES, JABBER_BFCP, "c-s")
        answer = lines(SX20_AUDIO, SX20_VIDEO, SX20_SLIDES, SX20_BFCP, "c-only")
        legs = cucm.dial(
            alice,
            room,
            sdp.description("Cisco-SIPUA", self.jabber.address, *offer),
            sdp.description("tandberg", self.codec.address, *answer),
        )
        self.client.start()
        talk(*self.sound)
        talk(*self.video)
        yield
        hang_up(legs)
        for each in (*self.sound, *self.video, *self.slides, self.client, self.server):
            each.stop()

    def share(self, seconds: float) -> None:
        """Let the SX20 ask for the floor, show slides, and give the floor back."""
        self.client.ask()
        to_jabber = self.slides[1].start(self.jabber.address, JABBER_SLIDES)
        time.sleep(seconds)
        to_jabber.stop()
        self.client.release()


def bfcp_blocked() -> None:
    """A firewall drops what goes to UDP port 5904 and says nothing: four Hellos go out, no answer comes.

    ``bfcp_blocked`` was recorded at the SX20, ``bfcp_blocked_server`` at Jabber, where no Hello ever arrives.
    """
    with Network() as network:
        call = Call(network)
        network.filter(f"udp dport {JABBER_BFCP} drop")
        places = {call.codec: HERE / "bfcp_blocked.pcapng", call.jabber: HERE / "bfcp_blocked_server.pcapng"}
        with recording(places), call.connected():
            time.sleep(TALK_SECONDS)


def bfcp_blocked_icmp() -> None:
    """The same, but the firewall answers each Hello with ICMP: communication administratively prohibited."""
    with Network() as network:
        call = Call(network)
        network.filter(f"udp dport {JABBER_BFCP} reject with icmp admin-prohibited")
        with recording({call.codec: HERE / "bfcp_blocked_icmp.pcapng"}), call.connected():
            time.sleep(TALK_SECONDS)


def bfcp_healthy() -> None:
    """The healthy twin: Hello is answered, the SX20 is granted the floor and shows slides. Recorded at the SX20."""
    with Network() as network:
        call = Call(network)
        with recording({call.codec: HERE / "bfcp_healthy.pcapng"}), call.connected():
            time.sleep(3)
            call.share(seconds=6)
            time.sleep(3)


def main() -> None:
    """Record them all."""
    for record in (bfcp_blocked, bfcp_blocked_icmp, bfcp_healthy):
        record()


if __name__ == "__main__":
    main()
