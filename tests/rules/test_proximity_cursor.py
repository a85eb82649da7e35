"""proximity-cursor knows of versions, and says that a capture shows no cursor."""

import pytest

from collabtrace.testing import Machine, Scene
from collabtrace.testing.files import Pcapng
from tests.rules.conftest import Tell

RULE = "proximity-cursor"
CE_8_0 = "TANDBERG/529 (ce8.0.1.8f4ed4d) Cisco-SX20"


def codec_call(scene: Scene, agent: str = CE_8_0, *, address: str = "198.51.100.20", transport: str = "udp") -> Machine:
    """A call from CUCM to a codec."""
    cucm = scene.phone("cucm", "192.0.2.5", user_agent="Cisco-CUCM11.5", transport=transport)
    codec = scene.phone("codec", address, user_agent=agent, transport=transport)
    if ":" in address:
        cucm.address = "2001:db8::5"
    scene.call(cucm, codec)
    return codec


def share(scene: Scene, codec: Machine, *, up: int, down: int = 5_000, port: int = 443) -> None:
    """A TLS session of a laptop with the codec."""
    laptop = scene.phone("laptop", "192.0.2.77")
    scene.connect(laptop, codec, port, purpose="web")
    record = b"\x16\x03\x03\x40\x00"
    scene.stream(laptop, codec, port, record + bytes(up), purpose="web")
    scene.stream(codec, laptop, port, record + bytes(down), purpose="web")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("address", ["198.51.100.20", "2001:db8::20"])
def test_the_release_that_was_reported(tell: Tell, address: str, transport: str) -> None:
    scene = Scene()
    codec_call(scene, address=address, transport=transport)
    told = tell(RULE, scene)
    assert (told.finding.severity, told.finding.confidence, len(told.frames)) == ("info", "likely", 1)
    assert f"{address} says that it runs CE8.0.1" in told.finding.message
    assert "No session with its port 443 was captured" in told.finding.message
    assert "A capture cannot show a cursor: this is knowledge of a version, not an observation" in told.finding.message
    assert "which release first sends it is not known" in told.finding.message


def test_the_message_that_names_it_is_the_proof(tell: Tell) -> None:
    scene = Scene()
    codec_call(scene)
    told = tell(RULE, scene)
    assert told.frames == (3,)
    assert len(told.finding.calls) == 1


def test_a_session_that_looks_like_a_share_is_a_statement_of_its_own(tell: Tell) -> None:
    scene = Scene()
    share(scene, codec_call(scene), up=600_000)
    told = tell(RULE, scene)
    assert "192.0.2.77 sent its port 443 600 kB and got 5 kB, as a desktop share would" in told.finding.message
    assert told.frames[1] > told.frames[0]


@pytest.mark.parametrize(("up", "down"), [(3_000, 40_000), (300_000, 100_000)])
def test_a_session_that_does_not_look_like_one(tell: Tell, up: int, down: int) -> None:
    scene = Scene()
    share(scene, codec_call(scene), up=up, down=down)
    assert "none of which looks like a desktop share" in tell(RULE, scene).finding.message


def test_secrets_in_the_file_can_be_used(tell: Tell) -> None:
    scene = Scene()
    share(scene, codec_call(scene), up=300_000)
    file = Pcapng().interface(resolution=9).secrets(b"CLIENT_RANDOM 00 00\n")
    for time, frame in scene.packets():
        file.packet(time, frame)
    assert "The file holds decryption secrets" in tell(RULE, file.finish()).finding.message


@pytest.mark.parametrize("release", ["ce8.1.0.b8c0ca3", "ce8.3.4.99243f7", "ce9.1.4.3ae3106", "ce11.40.1.1.10bdaa5"])
def test_of_other_releases_nothing_is_known(tell: Tell, release: str) -> None:
    scene = Scene()
    codec_call(scene, f"TANDBERG/529 ({release}) Cisco-MX700ST")
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "the release that first sends the cursor is not known" in told.reasons[0]


@pytest.mark.parametrize("agent", ["TANDBERG/520 (TC7.3.0.8cb420c)", "TANDBERG/529", "", "Cisco-CP8841/12.6.1"])
def test_what_shares_no_desktop_or_names_no_release_is_not_judged(tell: Tell, agent: str) -> None:
    scene = Scene()
    codec_call(scene, agent)
    assert tell(RULE, scene).verdicts == ()


def test_two_captures_name_it_once(tell: Tell) -> None:
    scene = Scene()
    codec = codec_call(scene)
    assert len(tell(RULE, scene, codec, scene.sent[0].source).findings) == 1
