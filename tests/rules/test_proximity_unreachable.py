"""proximity-unreachable judges what clients get at port 443 of a codec."""

import pytest

from collabtrace.testing import Machine, Scene
from collabtrace.testing.wire import ACK, RST, SYN, tcp
from tests.rules.conftest import Tell

RULE = "proximity-unreachable"
CE = "TANDBERG/529 (ce9.6.1.abcdef0) Cisco-SX80"


def room(scene: Scene, agent: str = CE, *, six: bool = False) -> tuple[Machine, Machine]:
    """A laptop, and a codec that says in SIP what it is."""
    codec = scene.phone("codec", "2001:db8::20" if six else "198.51.100.20", user_agent=agent)
    cucm = scene.phone("cucm", "2001:db8::5" if six else "192.0.2.5", user_agent="Cisco-CUCM12.5")
    scene.request(codec, cucm, "REGISTER")
    return scene.phone("laptop", "2001:db8::77" if six else "192.0.2.77"), codec


def knock(scene: Scene, laptop: Machine, codec: Machine, syns: int = 1, *, port: int = 443, answer: int = 0) -> None:
    """Ask for a connection; *answer* has the flags of what the codec answers each time."""
    source = 50000 + len(scene.sent)
    for number in range(syns):
        scene.transmit(laptop, codec, tcp(source, port, sequence=1000, flags=SYN))
        if answer:
            scene.wait(0.01)
            scene.transmit(codec, laptop, tcp(port, source, sequence=7000, acknowledgement=1001, flags=answer))
        if number + 1 < syns:
            scene.wait(2.0**number)


@pytest.mark.parametrize("six", [False, True])
def test_no_answer_to_three_syns(tell: Tell, six: bool) -> None:
    scene = Scene()
    laptop, codec = room(scene, six=six)
    knock(scene, laptop, codec, 3)
    told = tell(RULE, scene)
    assert (told.finding.severity, told.finding.confidence, told.frames) == ("major", "likely", (3,))
    assert f"{laptop.address} tried once to connect to port 443 of the codec {codec.address}" in told.finding.message
    assert "with 3 SYN in 3 s, and got no answer" in told.finding.message


def test_a_refusal_is_proved(tell: Tell) -> None:
    scene = Scene()
    knock(scene, *room(scene), answer=RST | ACK)
    told = tell(RULE, scene)
    assert (told.finding.confidence, told.frames) == ("proved", (4, 3))
    assert "was refused: the codec, or a firewall in its name, answers with RST" in told.finding.message


def test_a_device_that_says_no(tell: Tell) -> None:
    scene = Scene()
    knock(scene, *room(scene))
    scene.unreachable(scene.phone("router", "192.0.2.254"), code=13)
    told = tell(RULE, scene)
    assert (told.finding.confidence, told.frames) == ("proved", (4, 3))
    assert "192.0.2.254 reported by ICMP that it cannot (type 3, code 13)" in told.finding.message


def test_an_answer_that_does_not_reach_the_client(tell: Tell) -> None:
    scene = Scene()
    knock(scene, *room(scene), 4, answer=SYN | ACK)
    assert "the answer in frame 4 did not reach it" in tell(RULE, scene).finding.message


def test_several_tries_are_one_finding(tell: Tell) -> None:
    scene = Scene()
    laptop, codec = room(scene)
    for _ in range(4):
        knock(scene, laptop, codec, 3)
        scene.wait(30)
    assert "192.0.2.77 tried 4 times" in tell(RULE, scene).finding.message
    assert len(tell(RULE, scene, laptop, codec).findings) == 1


def test_a_connection_makes_earlier_failures_good(tell: Tell) -> None:
    scene = Scene()
    laptop, codec = room(scene)
    knock(scene, laptop, codec, 3)
    scene.connect(laptop, codec, 443)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_few_syns_cannot_tell(tell: Tell) -> None:
    scene = Scene()
    laptop, codec = room(scene)
    knock(scene, laptop, codec, 2)
    assert "with 2 SYN, and got no answer, but x.pcapng ends 2.0 s too early" in tell(RULE, scene).reasons[0]
    scene.wait(9)
    scene.datagram(laptop, codec, (9, 9), b"later")
    assert "gave up too soon to tell" in tell(RULE, scene).reasons[0]


def test_jabber_on_the_same_laptop_changes_nothing(tell: Tell) -> None:
    scene = Scene()
    laptop, codec = room(scene)
    laptop.user_agent = "Cisco-CSF"
    scene.request(laptop, scene.phone("cucm", "192.0.2.5"), "REGISTER")
    knock(scene, laptop, codec, answer=RST)
    assert tell(RULE, scene).verdicts == ("fault",)


def test_call_servers_are_no_desktop_clients(tell: Tell) -> None:
    scene = Scene()
    _, codec = room(scene)
    cucm = scene.phone("cucm", "192.0.2.5", user_agent="Cisco-CUCM12.5")
    scene.request(cucm, codec, "OPTIONS")
    knock(scene, cucm, codec, 4)
    assert tell(RULE, scene).verdicts == ()


@pytest.mark.parametrize(("agent", "port"), [("Cisco-CP8841/12.6.1", 443), (CE, 80)])
def test_other_machines_and_ports_are_none_of_its_business(tell: Tell, agent: str, port: int) -> None:
    scene = Scene()
    laptop, codec = room(scene, agent)
    knock(scene, laptop, codec, 4, port=port)
    assert tell(RULE, scene).verdicts == ()
