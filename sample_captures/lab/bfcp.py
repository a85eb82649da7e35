"""BFCP over UDP as room systems and Jabber speak it: version 1 with the R bit of version 2 (RFC 4582, RFC 8855)."""

import socket
import struct
import time
from threading import Event, Lock, Thread

from lab.network import Host

HEADER = struct.Struct("!BBHIHH")
REQUEST, RESPONSE = 0x20, 0x30
"""Version 1, without and with the R bit."""
FLOOR_REQUEST, FLOOR_RELEASE, FLOOR_REQUEST_STATUS, HELLO, HELLO_ACK = 1, 2, 4, 11, 12
FLOOR_ID, FLOOR_REQUEST_ID, REQUEST_STATUS, SUPPORTED_ATTRIBUTES, SUPPORTED_PRIMITIVES = 2, 3, 5, 10, 11
FLOOR_REQUEST_INFORMATION, OVERALL_REQUEST_STATUS = 15, 18
GRANTED, RELEASED = 3, 6
T1_SECONDS, TRANSMISSIONS = 0.5, 4
"""A request is sent again after 0.5, 1 and 2 s, and given up 4 s after that (RFC 8855 §8.3.1)."""
ALIVE_SECONDS = 5.0
"""Between two Hellos of a channel that lives."""
CONFERENCE, USER, FLOOR = 1, 2, 2


class Server:
    """The floor control server: it answers every request, and grants the floor."""

    def __init__(self, host: Host, port: int) -> None:
        """Bind the port and answer from now on."""
        self._socket = host.open_socket(socket.SOCK_DGRAM, port)
        self._socket.settimeout(0.1)
        self._over = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._over.set()
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                data, source = self._socket.recvfrom(1500)
            except TimeoutError:
                continue
            self._socket.sendto(_answer(data), source)


class Client:
    """The floor control client: it says Hello until it is answered, and later asks for the floor."""

    def __init__(self, host: Host, port: int, server: tuple[str, int]) -> None:
        """Bind the port."""
        self._socket = host.open_socket(socket.SOCK_DGRAM, port)
        self._server = server
        self._transaction = 0
        self._transacting = Lock()
        self._over = Event()
        self._thread = Thread(target=self._keep_alive, daemon=True)

    def start(self) -> None:
        """Say Hello, and again as long as it is answered."""
        self._thread.start()

    def stop(self) -> None:
        """Say no more."""
        self._over.set()
        self._thread.join()
        self._socket.close()

    def ask(self) -> None:
        """Ask for the floor; a RuntimeError where the request is not answered."""
        self._granted(FLOOR_REQUEST, attribute(FLOOR_ID, struct.pack("!H", FLOOR)))

    def release(self) -> None:
        """Give the floor back."""
        self._granted(FLOOR_RELEASE, attribute(FLOOR_REQUEST_ID, struct.pack("!H", 1)))

    def _granted(self, primitive: int, attributes: bytes) -> None:
        if not self._transact(primitive, attributes):
            raise RuntimeError("the floor control server did not answer")

    def _keep_alive(self) -> None:
        while self._transact(HELLO) and not self._over.wait(ALIVE_SECONDS):
            pass

    def _transact(self, primitive: int, attributes: bytes = b"") -> bool:
        """Send a request until it is answered; whether it was."""
        with self._transacting:
            self._transaction += 1
            data = message(REQUEST, primitive, self._transaction, attributes)
            for count in range(TRANSMISSIONS):
                self._socket.sendto(data, self._server)
                if self._answered(T1_SECONDS * 2**count):
                    return True
        return False

    def _answered(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and not self._over.is_set():
            self._socket.settimeout(min(left, 0.1))
            try:
                self._socket.recv(1500)
            except TimeoutError:
                continue
            return True
        return False


def message(first: int, primitive: int, transaction: int, attributes: bytes = b"") -> bytes:
    """One message."""
    return HEADER.pack(first, primitive, len(attributes) // 4, CONFERENCE, transaction, USER) + attributes


def attribute(kind: int, value: bytes, *, mandatory: bool = True) -> bytes:
    """One attribute, padded to whole words."""
    return bytes([kind << 1 | mandatory, len(value) + 2]) + value + bytes(-(len(value) + 2) % 4)


def _answer(data: bytes) -> bytes:
    _, primitive, _, _, transaction, _ = HEADER.unpack_from(data)
    if primitive == HELLO:
        primitives = attribute(SUPPORTED_PRIMITIVES, bytes([1, 2, 4, 7, 8, 11, 12, 13]), mandatory=False)
        attributes = attribute(SUPPORTED_ATTRIBUTES, bytes(kind << 1 for kind in (2, 3, 5, 6, 15, 18)), mandatory=False)
        return message(RESPONSE, HELLO_ACK, transaction, primitives + attributes)
    status = GRANTED if primitive == FLOOR_REQUEST else RELEASED
    request = struct.pack("!H", 1)
    value = attribute(REQUEST_STATUS, bytes([status, 0]))
    overall = attribute(OVERALL_REQUEST_STATUS, request + value)
    return message(RESPONSE, FLOOR_REQUEST_STATUS, transaction, attribute(FLOOR_REQUEST_INFORMATION, request + overall))
