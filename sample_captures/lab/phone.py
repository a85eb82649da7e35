"""A phone, a Jabber or a room system that registers with CUCM over one TCP connection, which carries all its calls."""

import socket
from uuid import uuid4

from lab.dialog import Dialog, Product
from lab.network import Host
from lab.sip import connect, token

ASKED_SECONDS, GRANTED_SECONDS = 3600, 120
"""CUCM lets every phone register again after two minutes, whatever it asked for."""


class Phone:
    """One device with one line."""

    def __init__(self, host: Host, product: Product, number: str, name: str, mac: str) -> None:
        """Describe it; *mac* is its hardware address in hexadecimal digits."""
        self.host, self.product, self.number, self.name, self.mac = host, product, number, name, mac
        self.user = str(uuid4())
        """In its Contact."""
        self.session = uuid4().hex
        self.calls = 0

    def register(self, cucm: Host, listener: socket.socket, registrar: Product) -> None:
        """Connect and register."""
        self.domain = cucm.address
        self.wire, self.trunk = connect(self.host, cucm, listener)
        mine = self.dial(self.number)
        mine.target, mine.session = f"sip:{self.domain}", ""
        mine.parameters = f';+sip.instance="<urn:uuid:00000000-0000-0000-0000-{self.mac}>"{mine.parameters}'
        mine.request("REGISTER", headers=[("Supported", self.product.supported), ("Expires", str(ASKED_SECONDS))])
        theirs = Dialog.answering(self.trunk, registrar, "REGISTER", contact=self.number, tag=token(8))
        theirs.contact, theirs.parameters = mine.contact + mine.parameters, ""
        theirs.respond(200, headers=[("Expires", str(GRANTED_SECONDS))])
        mine.expect(200)

    def address(self, number: str = "", name: str = "") -> str:
        """A name-addr at the domain of CUCM, by default its own."""
        shown = f'"{name}" ' if name else ""
        return f"{shown}<sip:{number}@{self.domain}>" if number else f'"{self.name}" <sip:{self.number}@{self.domain}>'

    def dial(self, number: str) -> Dialog:
        """Its side of a call to *number*; nothing is sent yet."""
        self.calls += 1
        call = f"{self.mac[:8]}-{self.mac[8:]}{self.calls:04x}-{token(8)}-{token(8)}"
        return Dialog(
            self.wire,
            self.product,
            local=self.address(),
            remote=self.address(number),
            target=f"sip:{number}@{self.domain};user=phone",
            contact=self.user,
            call_id=f"{call}@{self.host.address}",
            tag=f"{self.mac}{self.calls:04x}{token(8)}-{token(8)}",
            session=self.session,
        )

    def answering(self) -> Dialog:
        """Its side of a call that comes in."""
        tag = f"{self.mac}{self.calls:04x}{token(8)}-{token(8)}"
        return Dialog.answering(self.wire, self.product, "INVITE", contact=self.user, tag=tag, session=self.session)
