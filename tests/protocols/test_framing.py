"""Every framer keeps the same promises, whatever its protocol."""

from collections.abc import Callable

import pytest

from collabtrace.protocols.bfcp_stream import BfcpFramer
from collabtrace.protocols.framing import Framer
from collabtrace.protocols.sip_stream import SipFramer
from collabtrace.protocols.websocket import WebSocketFramer

OPTIONS = b"OPTIONS sip:example.com SIP/2.0\r\nCall-ID: 1@192.0.2.1\r\nContent-Length: 0\r\n\r\n"
HELLO = bytes.fromhex("200b0000000000010002000a")
TEXT = b"\x81\x05hello"

FRAMERS: list[tuple[Callable[[], Framer[int]], bytes, bytes]] = [
    (SipFramer, OPTIONS, OPTIONS),
    (BfcpFramer, HELLO, HELLO),
    (WebSocketFramer, TEXT, b"hello"),
]

every_framer = pytest.mark.parametrize(
    ("make", "sent", "message"), FRAMERS, ids=["SipFramer", "BfcpFramer", "WebSocketFramer"]
)


@every_framer
def test_a_message_is_whole_at_the_greatest_mark_of_its_bytes(
    make: Callable[[], Framer[int]], sent: bytes, message: bytes
) -> None:
    framer = make()
    assert framer.push(sent[:3], 7) == []
    assert framer.push(sent[3:] + sent, 5) == [(message, 7), (message, 5)]


@every_framer
def test_after_lost_bytes_the_next_message_is_found(
    make: Callable[[], Framer[int]], sent: bytes, message: bytes
) -> None:
    framer = make()
    framer.push(sent[:3], 1)
    assert framer.gap() == []
    assert framer.push(sent, 2) == [(message, 2)]
