"""The one pass over a file hands every payload to the reader of its protocol."""

from pathlib import Path

import pytest

from collabtrace.sessions.texts import Texts
from collabtrace.sessions.traffic import Traffic, read
from collabtrace.testing.scene import Scene
from collabtrace.testing.sdp_text import audio, bfcp, slides, video

pytestmark = pytest.mark.usefixtures("both_ways")


@pytest.fixture(scope="module")
def traffic(tmp_path_factory: pytest.TempPathFactory) -> Traffic:
    scene = Scene()
    alice = scene.phone("alice", "192.0.2.10", transport="tcp")
    bob = scene.phone("bob", "198.51.100.20", transport="tcp")
    call = scene.call(alice, bob, media=[audio(), video(), bfcp(), slides()])
    call.hello(alice)
    call.talk(alice, seconds=6, only="audio")
    call.hang_up(bob)
    scene.request(alice, bob, "OPTIONS")
    path = tmp_path_factory.mktemp("traffic") / "call.pcapng"
    scene.write(path)
    return read(path, Texts())


def test_sip_over_tcp_becomes_messages(traffic: Traffic) -> None:
    methods = [message.method for message in traffic.messages if message.method]
    assert methods == ["INVITE", "ACK", "BYE", "OPTIONS"]
    assert {message.transport for message in traffic.messages} == {"tcp"}


def test_media_floor_control_and_rtcp_are_kept_apart(traffic: Traffic) -> None:
    assert traffic.media.counts().sum() == 300
    assert len(traffic.bfcp) == 2
    assert traffic.rtcp
    assert {flow.protocol for flow in traffic.flows} >= {"sip", "rtp", "rtcp", "bfcp"}


def test_every_packet_is_in_a_flow(traffic: Traffic) -> None:
    assert sum(traffic.flows.values("packets")) == traffic.capture.packets


def test_the_rest_of_a_body_belongs_to_the_message_before_it(tmp_path: Path) -> None:
    scene = Scene()
    alice = scene.phone("alice", "192.0.2.10", transport="tcp")
    bob = scene.phone("bob", "198.51.100.20", transport="tcp")
    scene.request(alice, bob, "MESSAGE", body=b"v=0\r\n", headers={"Content-Length": "2"})
    scene.request(alice, bob, "OPTIONS")
    scene.write(tmp_path / "slip.pcapng")
    flaws = read(tmp_path / "slip.pcapng", Texts()).messages.values("flaws")
    assert flaws == [("3 bytes after the body",), None, None, None]
