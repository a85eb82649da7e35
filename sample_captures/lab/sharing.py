"""A computer shows its desktop on a room system as Proximity does: picture by picture, over one TLS connection.

What is known of Proximity on the network is no more than that. The paths and headers of the requests are not, so
those here are neutral ones.
"""

import socket
import ssl
import subprocess
import time
from pathlib import Path
from threading import Thread

from lab.network import PATIENCE_SECONDS, Host

HTTPS_PORT = 443
CERTIFICATE = "openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=sx20.example.com"
REQUEST = "POST /pictures HTTP/1.1\r\nHost: {host}\r\nContent-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n"
RESPONSE = b"HTTP/1.1 204 No Content\r\n\r\n"


def desktop(rate: int = 2, seconds: int = 3) -> list[bytes]:
    """Pictures of something that moves, as JPEG."""
    command = "ffmpeg -loglevel error -f lavfi -i testsrc2=size=1024x576 -c:v mjpeg -q:v 6 -f image2pipe"
    options = ["-r", str(rate), "-t", str(seconds), "pipe:1"]
    stream = subprocess.run([*command.split(), *options], check=True, capture_output=True).stdout
    begin = b"\xff\xd8\xff"
    return [begin + picture for picture in stream.split(begin)[1:]]


class RoomSystem:
    """The web server of a room system, with a certificate that it signed itself."""

    def __init__(self, host: Host) -> None:
        """Wait for one client."""
        key, certificate = host.folder / "key.pem", host.folder / "certificate.pem"
        files = ["-keyout", str(key), "-out", str(certificate)]
        subprocess.run([*CERTIFICATE.split(), *files], check=True, capture_output=True)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._socket = host.open_socket(socket.SOCK_STREAM, HTTPS_PORT)
        self._socket.listen()
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait until the client has gone."""
        self._thread.join(PATIENCE_SECONDS)

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with self._context.wrap_socket(connection, server_side=True) as client, client.makefile("rb") as stream:
            while head := stream.readline():
                while (line := stream.readline()) != b"\r\n":
                    head += line
                stream.read(int(head.rpartition(b"Content-Length:")[2].split()[0]))
                client.sendall(RESPONSE)
            client.unwrap()


class Desktop:
    """The computer: it connects by address, so that no name is in its hello, and takes any certificate."""

    def __init__(self, host: Host, room: Host, secrets: Path) -> None:
        """Connect, and write the secrets of the connection to a file."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        # What room systems of that time spoke.
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.keylog_filename = str(secrets)
        plain = host.open_socket(socket.SOCK_STREAM)
        plain.settimeout(PATIENCE_SECONDS)
        plain.connect((room.address, HTTPS_PORT))
        self._room = room
        self._socket = context.wrap_socket(plain)

    def show(self, picture: bytes) -> None:
        """Send one picture and wait until it was taken."""
        self._socket.sendall(REQUEST.format(host=self._room.address, length=len(picture)).encode() + picture)
        if not self._socket.recv(1024).startswith(b"HTTP/1.1 204"):
            raise RuntimeError("the room system did not take the picture")

    def close(self) -> None:
        """End the connection as TLS wants it (RFC 5246 §7.2.1)."""
        self._socket.unwrap().close()


def show(desktop: Desktop, pictures: list[bytes]) -> None:
    """Send pictures in bursts of two, with a pause after each."""
    for count, picture in enumerate(pictures):
        desktop.show(picture)
        time.sleep(0.2 if count % 2 == 0 else 1.5)
