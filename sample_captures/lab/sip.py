"""SIP messages, and the two ways in which agents exchange them: UDP datagrams and TCP connections (RFC 3261 §7, §18).

Written apart from the package, which reads what is recorded here: two readers share no mistake.
"""

import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from lab.network import PATIENCE_SECONDS, Host

Headers: TypeAlias = Iterable[tuple[str, str]]
PORT = 5060
CS3 = 24
"""The code point of signalling at Cisco (RFC 4594 §3.3)."""
MOST_BYTES = 65535


@dataclass(frozen=True)
class Message:
    """A request or a response."""

    start: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def kind(self) -> str | int:
        """The method of a request, the status of a response."""
        first, second = self.start.split()[:2]
        return int(second) if first == "SIP/2.0" else first

    def __getitem__(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> list[str]:
        """The values of every header *name*."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def __bytes__(self) -> bytes:
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers), f"Content-Length: {len(self.body)}"]
        return "".join(f"{line}\r\n" for line in [*lines, ""]).encode() + self.body


def parse(head: bytes, body: bytes) -> Message:
    """Read a message without its Content-Length."""
    start, *lines = head.decode().split("\r\n")
    pairs = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    return Message(start, tuple(pair for pair in pairs if pair[0] != "Content-Length"), body)


class Udp:
    """A UDP port that talks to one peer; without a *peer* it waits for one and answers whoever spoke last."""

    transport = "UDP"

    def __init__(self, host: Host, peer: Host | None = None) -> None:
        """Bind port 5060."""
        self.address, self.port = host.address, PORT
        self.peer = (peer.address, PORT) if peer else ("", 0)
        self._socket = host.open_socket(socket.SOCK_DGRAM, PORT, dscp=CS3)
        self._socket.settimeout(PATIENCE_SECONDS)

    def send(self, message: Message) -> None:
        """Send one datagram."""
        self._socket.sendto(bytes(message), self.peer)

    def receive(self) -> Message:
        """Wait for the next message."""
        data, self.peer = self._socket.recvfrom(MOST_BYTES)
        head, _, body = data.partition(b"\r\n\r\n")
        return parse(head, body)


class Tcp:
    """One end of a TCP connection."""

    transport = "TCP"

    def __init__(self, connection: socket.socket, sent_by: int = 0) -> None:
        """Speak over *connection*, in Via and Contact of its own port or of *sent_by*."""
        self.address, own_port = connection.getsockname()
        self.port = sent_by or own_port
        self.peer = connection.getpeername()
        self._socket = connection
        self._waiting = b""
        connection.settimeout(PATIENCE_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, message: Message) -> None:
        """Send one message."""
        self._socket.sendall(bytes(message))

    def receive(self) -> Message:
        """Wait for the next message, and take it out of the stream by its Content-Length."""
        while b"\r\n\r\n" not in self._waiting:
            self._more()
        head, _, rest = self._waiting.partition(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        while len(rest) < length:
            self._more()
            rest = self._waiting[len(head) + 4 :]
        self._waiting = rest[length:]
        return parse(head, rest[:length])

    def _more(self) -> None:
        data = self._socket.recv(MOST_BYTES)
        if not data:
            raise EOFError("the peer closed the connection")
        self._waiting += data


Wire: TypeAlias = Udp | Tcp


def listen(host: Host) -> socket.socket:
    """A TCP socket that accepts connections to port 5060."""
    listener = host.open_socket(socket.SOCK_STREAM, PORT, dscp=CS3)
    listener.listen()
    return listener


def connect(host: Host, peer: Host, listener: socket.socket, *, trunk: bool = False) -> tuple[Tcp, Tcp]:
    """Connect a host to a listening peer: both ends. Ends of a *trunk* name port 5060, phones the one they have."""
    client = host.open_socket(socket.SOCK_STREAM, dscp=CS3)
    client.settimeout(PATIENCE_SECONDS)
    client.connect((peer.address, PORT))
    server, _ = listener.accept()
    peer.sockets.append(server)
    return Tcp(client, PORT if trunk else 0), Tcp(server, PORT)


def token(digits: int = 12) -> str:
    """Random hexadecimal digits, for branches and tags."""
    return secrets.token_hex(digits)[:digits]
