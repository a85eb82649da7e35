"""Conductor: it takes CUCM's order for a conference by XML-RPC, and answers for the bridge whose media it names."""

import socket

from lab import sdp
from lab.dialog import Body, Dialog
from lab.network import PATIENCE_SECONDS, Host
from lab.products import CONDUCTOR
from lab.sip import Tcp, listen, token

HTTP_PORT = 80
ORDER = """\
<?xml version="1.0"?>
<methodCall><methodName>conference.create</methodName><params><param><value><struct>
<member><name>authenticationUser</name><value><string>cucm</string></value></member>
<member><name>authenticationPassword</name><value><string>not-a-password</string></value></member>
<member><name>conferenceName</name><value><string>{number}</string></value></member>
<member><name>numericId</name><value><string>{number}</string></value></member>
</struct></value></param></params></methodCall>
"""
RECEIPT = """\
<?xml version="1.0"?>
<methodResponse><params><param><value><struct>
<member><name>status</name><value><string>operation successful</string></value></member>
</struct></value></param></params></methodResponse>
"""


class Conductor:
    """Conductor, and the bridge that it manages."""

    def __init__(self, host: Host, bridge: Host) -> None:
        """Listen for SIP and HTTP."""
        self.host, self.bridge = host, bridge
        self.listener = listen(host)
        self._web = host.open_socket(socket.SOCK_STREAM, HTTP_PORT)
        self._web.listen()

    def take_order(self, cucm: Host, number: str) -> None:
        """Let CUCM create the conference *number*."""
        with cucm.open_socket(socket.SOCK_STREAM) as client:
            client.settimeout(PATIENCE_SECONDS)
            client.connect((self.host.address, HTTP_PORT))
            server, _ = self._web.accept()
            with server:
                _say(client, server, f"POST /RPC2 HTTP/1.1\r\nHost: {self.host.address}", ORDER.format(number=number))
                _say(server, client, "HTTP/1.1 200 OK", RECEIPT)

    def answering(self, wire: Tcp, number: str) -> Dialog:
        """Its side of a call into the conference: it is the focus of it (RFC 4579 §5.2)."""
        dialog = Dialog.answering(wire, CONDUCTOR, "INVITE", contact=number, tag=token())
        dialog.parameters = ";isfocus"
        return dialog

    def offer(self, port: int, *, events: bool) -> Body:
        """What the bridge offers, with or without telephone-events."""
        return sdp.description(
            "tandberg", self.host.address, *sdp.sound(port, events=events), connection=self.bridge.address
        )


def _say(sender: socket.socket, receiver: socket.socket, head: str, body: str) -> None:
    """Send an HTTP message and read it at the other end."""
    data = f"{head}\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    sender.sendall(data)
    left = len(data)
    while left:
        left -= len(receiver.recv(left))
