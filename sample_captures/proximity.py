"""An SX20 talks to a phone through CUCM while a computer in the room shows its desktop on it, as Proximity does.

The desktop goes over TLS to port 443 in bursts of pictures; the secrets of the connection are in the capture, so
that Wireshark shows what is inside. The paths of the requests are neutral ones: those of Proximity are not public.
No capture can show whether a mouse cursor is in a picture. What it shows is the version of the software, in
User-Agent and Server. Recorded at the SX20.
"""

from pathlib import Path

from lab import products, sdp
from lab.cucm import Cucm, hang_up
from lab.media import sound
from lab.network import Network
from lab.phone import Phone
from lab.recorder import recording
from lab.rtp import Session, talk
from lab.sharing import Desktop, RoomSystem, desktop, show

HERE = Path(__file__).parent
PHONE_PORT, SX20_PORT = 24580, 2332


def record(name: str, version: str) -> None:
    """Record a call and the sharing meanwhile, with the given software on the SX20."""
    with Network() as network:
        codec, computer = network.host("sx20", "10.10.3.30"), network.host("computer", "10.10.2.40")
        desk, cucm = network.host("desk", "10.10.11.21"), Cucm(network.host("cucm", "10.10.1.10"))
        room = Phone(codec, products.endpoint(version), "2001", "Room", "02005e100002")
        alice = Phone(desk, products.phone("SEP02005E100011"), "1001", "Alice", "02005e100011")
        ends = Session(codec, SX20_PORT, sound("g722", 600)), Session(desk, PHONE_PORT, sound("g722", 400))
        web, pictures = RoomSystem(codec), desktop()
        secrets = computer.folder / "keys.log"
        with recording({codec: HERE / f"{name}.pcapng"}, secrets=secrets):
            cucm.register(room, alice)
            legs = cucm.dial(
                room,
                alice,
                sdp.description("tandberg", codec.address, *sdp.sound(SX20_PORT)),
                sdp.description("Cisco-SIPUA", desk.address, *sdp.sound(PHONE_PORT)),
            )
            talk(*ends)
            client = Desktop(computer, codec, secrets)
            show(client, pictures)
            client.close()
            web.wait()
            hang_up(legs)
            for each in ends:
                each.stop()


def proximity_cursor() -> None:
    """The SX20 has CE8.0, which is reported to show the desktop without the mouse cursor."""
    record("proximity_cursor", "ce8.0.0.5d0f7a1")


def proximity_healthy() -> None:
    """The healthy twin: the same with CE9.1."""
    record("proximity_healthy", "ce9.1.4.3ae3106")


def main() -> None:
    """Record both."""
    proximity_cursor()
    proximity_healthy()


if __name__ == "__main__":
    main()
