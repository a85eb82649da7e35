"""What the tests of scenes ask of them."""

from collections.abc import Callable

import pytest

from collabtrace.protocols import sip
from collabtrace.testing import Scene
from collabtrace.testing.network import Sent


def payload(sent: Sent) -> bytes:
    """What a packet carries above UDP or TCP, without IP options or extension headers."""
    ip = 20 if sent.packet.ethertype == 0x0800 else 40
    protocol = sent.packet[9 if ip == 20 else 6]
    return bytes(sent.packet[ip + (8 if protocol == 17 else 20) :])


@pytest.fixture
def payloads() -> Callable[[Scene], list[bytes]]:
    return lambda scene: [payload(sent) for sent in scene.sent]


@pytest.fixture
def messages() -> Callable[[Scene], list[sip.Message]]:
    """The SIP messages that a scene sent."""
    return lambda scene: [sip.parse(data) for data in map(payload, scene.sent) if sip.starts(data)]


@pytest.fixture
def told() -> Callable[[Scene], list[str]]:
    """The SIP messages that a scene sent, one line each; ``+`` means with SDP."""

    def line(sent: Sent) -> str:
        message = sip.parse(payload(sent))
        what = message.method or f"{message.status} {message.cseq.method if message.cseq else ''}"
        return f"{sent.source.name} {sent.target.name} {what}{'+' * bool(message.body)}"

    return lambda scene: [line(sent) for sent in scene.sent if sip.starts(payload(sent))]
