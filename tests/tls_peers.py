"""Real TLS peers (OpenSSL) that talk to each other in memory, so that what we read was not written by us."""

import shutil
import ssl
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from collabtrace.testing import Machine, Scene

OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")


class Flight(NamedTuple):
    """Bytes that one side sent at once."""

    by: str
    """``client`` or ``server``"""
    data: bytes


class Identity(NamedTuple):
    """A certificate that nobody but itself issued, and its key."""

    certificate: Path
    key: Path


def identity(folder: Path, name: str, *hosts: str, days: int = 30) -> Identity:
    """Let openssl issue a certificate for a common name and host names."""
    made = Identity(folder / f"{name}.pem", folder / f"{name}.key")
    alternatives = ["-addext", "subjectAltName=" + ",".join(f"DNS:{host}" for host in hosts)] if hosts else []
    command = [str(OPENSSL), "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    files = ["-keyout", str(made.key), "-out", str(made.certificate)]
    subject = ["-days", str(days), "-subj", f"/O=Example/CN={name}"]
    subprocess.run([*command, *files, *subject, *alternatives], check=True, capture_output=True)
    return made


def server(own: Identity, *, version: ssl.TLSVersion, trusts: Identity | None = None) -> ssl.SSLContext:
    """A server; one that *trusts* somebody asks the client for a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)
    context.minimum_version = context.maximum_version = version
    if trusts:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(trusts.certificate)
    return context


def client(trusts: Identity | None, *, newest: ssl.TLSVersion, own: Identity | None = None) -> ssl.SSLContext:
    """A client; one that trusts nobody refuses every server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = newest
    if trusts:
        context.load_verify_locations(trusts.certificate)
    if own:
        context.load_cert_chain(own.certificate, own.key)
    return context


def talk(
    asking: ssl.SSLContext, answering: ssl.SSLContext, host: str, *, request: bytes = b"", answer: bytes = b""
) -> list[Flight]:
    """What both sides send until they are through or one gives up, and then a request and its answer, if given."""
    wires = {side: (ssl.MemoryBIO(), ssl.MemoryBIO()) for side in ("client", "server")}
    peers = {
        "client": asking.wrap_bio(*wires["client"], server_hostname=host),
        "server": answering.wrap_bio(*wires["server"], server_side=True),
    }
    flights: list[Flight] = []

    def carry(side: str) -> bool:
        data = wires[side][1].read()
        if data:
            flights.append(Flight(side, data))
            wires["server" if side == "client" else "client"][0].write(data)
        return bool(data)

    def step(side: str) -> bool:
        """Go on with the handshake of one side; whether it still may."""
        try:
            peers[side].do_handshake()
            peers[side].read(0)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            carry(side)
            return False
        return True

    moved = True
    while moved:
        moved = False
        for side in ("client", "server"):
            going = step(side)
            moved |= carry(side)
            if not going:
                return flights
    for side, text in (("client", request), ("server", answer)):
        if text:
            peers[side].write(text)
            carry(side)
    return flights


def play(
    scene: Scene,
    one: Machine,
    other: Machine,
    flights: Iterable[Flight],
    *,
    port: int = 5061,
    closes: str | None = None,
    after: float = 0.0,
) -> None:
    """Send over one connection from *one* what the peers said; *closes* it *after* so many seconds."""
    sides = {"client": (one, other), "server": (other, one)}
    scene.connect(one, other, port, purpose="tls")
    for by, data in flights:
        scene.stream(*sides[by], port, data, purpose="tls")
    scene.wait(after)
    if closes:
        scene.disconnect(*sides[closes], purpose="tls")
