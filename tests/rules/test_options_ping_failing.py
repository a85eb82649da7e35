"""options-ping-failing needs two keep-alives in a row that show the peer dead."""

from collections.abc import Sequence

import pytest

from collabtrace.testing import Machine, Scene
from collabtrace.testing.dialogs import Leg
from tests.rules.conftest import Tell

RULE = "options-ping-failing"


def trunk(
    scene: Scene,
    outcomes: Sequence[int | None],
    *,
    every: float = 60.0,
    six: bool = False,
    transport: str = "udp",
    repeats: int = 3,
) -> tuple[Machine, Machine]:
    """Keep-alives of CUCM to an Expressway, each with its status, or None for no answer."""
    cucm = scene.phone("cucm", "2001:db8::5" if six else "192.0.2.5", user_agent="Cisco-CUCM14.0", transport=transport)
    peer = scene.phone("peer", "2001:db8::9" if six else "203.0.113.9", transport=transport)
    peer.port = 5065
    for status in outcomes:
        began = scene.clock
        scene.request(
            cucm, peer, "OPTIONS", headers={"Max-Forwards": "0"}, status=status, repeats=0 if status else repeats
        )
        scene.wait(began + every - scene.clock)
    return cucm, peer


@pytest.mark.parametrize("six", [False, True])
def test_two_without_an_answer(tell: Tell, six: bool) -> None:
    scene = Scene()
    trunk(scene, [200, None, None], six=six)
    told = tell(RULE, scene)
    assert (told.finding.severity, told.finding.confidence, told.frames) == ("critical", "likely", (3, 7))
    assert ":5065 2 keep-alives (OPTIONS over UDP) one after another in 60 s" in told.finding.message
    assert "it gives no answer" in told.finding.message
    assert "Before that it answered, last in frame 2" in told.finding.message
    assert len(told.finding.calls) == 2


@pytest.mark.parametrize("status", [408, 503, 504])
def test_two_that_are_told_of_nobody(tell: Tell, status: int) -> None:
    scene = Scene()
    trunk(scene, [status, status, status, 200])
    told = tell(RULE, scene)
    assert (told.finding.confidence, told.frames) == ("proved", (1, 2, 3, 4, 5, 6))
    assert f"it answers {status}" in told.finding.message
    assert "It answers again from frame 8 on" in told.finding.message


@pytest.mark.parametrize(("others", "confidence"), [([], "possible"), ([200], "proved"), ([None], "proved")])
def test_a_standby_server_always_answers_503(tell: Tell, others: list[int | None], confidence: str) -> None:
    """One that also answers otherwise, or not at all, is none."""
    scene = Scene()
    trunk(scene, [*others, 503, 503, 503])
    told = tell(RULE, scene)
    assert told.finding.confidence == confidence
    assert ("as a standby server does" in told.finding.message) == (confidence == "possible")


def qualified(
    scene: Scene, uri: str = "sip:200@198.51.100.50:5060", *, agent: str = "", registers: bool = False
) -> None:
    """A PBX asks a machine that answered once, and is off since."""
    pbx, phone = scene.phone("pbx", "203.0.113.5"), scene.phone("200", "198.51.100.50", user_agent=agent)
    if registers:
        scene.request(phone, pbx, "REGISTER")
    for status in (200, None, None, None):
        leg = Leg(scene, [pbx, phone], (pbx.uri, uri))
        leg.exchange(leg.caller, "OPTIONS", status=status, repeats=0 if status else 3)
        scene.wait(60)


@pytest.mark.parametrize("address", ["198.51.100.50", "2001:db8::50"])
def test_a_registered_contact_may_be_switched_off(tell: Tell, address: str) -> None:
    scene = Scene()
    host = f"[{address}]" if ":" in address else address
    pbx = scene.phone("pbx", "2001:db8::5" if ":" in address else "203.0.113.5")
    leg = Leg(scene, [pbx, scene.phone("200", address)], (pbx.uri, f"sip:200@{host}:5060"))
    for _ in range(3):
        leg.exchange(leg.caller, "OPTIONS", status=None, repeats=3)
        leg.call_id += "x"
        scene.wait(60)
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "is asked at the contact of a user" in told.reasons[0]


@pytest.mark.parametrize("agent", ["Cisco-CUCM14.0", "TANDBERG/4137 (X12.5.7)"])
def test_who_asks_trunks_alone_asks_no_telephone(tell: Tell, agent: str) -> None:
    scene = Scene()
    asker, peer = scene.phone("cucm", "203.0.113.5", user_agent=agent), scene.phone("trunk", "198.51.100.50")
    for _ in range(2):
        leg = Leg(scene, [asker, peer], (asker.uri, "sip:trunk@198.51.100.50:5060"))
        leg.exchange(leg.caller, "OPTIONS", status=None, repeats=3)
        scene.wait(60)
    assert tell(RULE, scene).finding.confidence == "likely"


def test_a_contact_that_answers_503_is_not_switched_off(tell: Tell) -> None:
    scene = Scene()
    pbx, phone = scene.phone("pbx", "203.0.113.5"), scene.phone("200", "198.51.100.50")
    for status in (200, 503, 503):
        leg = Leg(scene, [pbx, phone], (pbx.uri, "sip:200@198.51.100.50:5060"))
        leg.exchange(leg.caller, "OPTIONS", status=status)
        scene.wait(60)
    assert tell(RULE, scene).finding.confidence == "proved"


SERVER = "sip:198.51.100.50:5060"


def test_who_registers_with_the_asker_may_be_switched_off(tell: Tell) -> None:
    scene = Scene()
    qualified(scene, SERVER, registers=True)
    told = tell(RULE, scene)
    assert "198.51.100.50 registers with 203.0.113.5; it may be switched off" in told.reasons


def test_a_telephone_by_its_own_words_may_be_switched_off(tell: Tell) -> None:
    scene = Scene()
    qualified(scene, SERVER, agent="Cisco-CP8841/12.6.1")
    assert "198.51.100.50 is a Cisco IP phone; it may be switched off" in tell(RULE, scene).reasons


@pytest.mark.parametrize(
    "uri", [SERVER, "sip:trunk.example.com", "sip:peer@example.com", "tel:+4930123", "198.51.100.50"]
)
def test_a_server_that_stops_answering_is_a_fault(tell: Tell, uri: str) -> None:
    scene = Scene()
    qualified(scene, uri, agent="Asterisk PBX 18.2")
    assert tell(RULE, scene).finding.confidence == "likely"


def test_both_kinds_of_failure_count_together(tell: Tell) -> None:
    scene = Scene()
    trunk(scene, [None, 503])
    assert "it gives no answer, then answers 503" in tell(RULE, scene).finding.message


def test_an_icmp_error_is_a_failure(tell: Tell) -> None:
    scene = Scene()
    for _ in range(2):
        trunk(scene, [None], every=0.1, repeats=0)
        scene.unreachable(scene.sent[-1].target)
        scene.wait(30)
    told = tell(RULE, scene)
    assert (told.finding.confidence, told.frames) == ("proved", (1, 2, 3, 4))


def test_tcp_repeats_nothing(tell: Tell) -> None:
    scene = Scene()
    trunk(scene, [200, None, None, None], transport="tcp")
    told = tell(RULE, scene)
    assert told.finding.confidence == "likely"
    assert "3 keep-alives (OPTIONS over TCP)" in told.finding.message


def test_every_port_is_a_trunk_of_its_own(tell: Tell) -> None:
    scene = Scene()
    cucm, peer = trunk(scene, [200, 200])
    peer.port = 5061
    for _ in range(2):
        scene.request(cucm, peer, "OPTIONS", status=503)
        scene.wait(60)
    assert tell(RULE, scene).verdicts == ("clear", "fault")


def test_two_captures_of_one_trunk_are_one_finding(tell: Tell) -> None:
    scene = Scene()
    machines = trunk(scene, [503, 503])
    assert len(tell(RULE, scene, *machines).findings) == 1


def test_what_the_peer_answered_and_the_client_never_got(tell: Tell) -> None:
    scene = Scene()
    cucm, peer = trunk(scene, [200])
    scene.block(cucm)
    for _ in range(2):
        leg = scene.request(cucm, peer, "OPTIONS", repeats=3)
        assert leg.call_id
        scene.wait(60)
    told = tell(RULE, scene, cucm, peer)
    assert told.verdicts == ("fault", "clear")


@pytest.mark.parametrize("status", [200, 401, 403, 404, 405, 481, 483, 488, 500, 501])
def test_any_other_answer_is_a_sign_of_life(tell: Tell, status: int) -> None:
    scene = Scene()
    trunk(scene, [status, status, status])
    assert tell(RULE, scene).verdicts == ("clear",)


def test_one_failure_between_answers_is_none(tell: Tell) -> None:
    scene = Scene()
    trunk(scene, [200, None, 200, 503, 200])
    assert tell(RULE, scene).verdicts == ("clear",)


def test_tries_at_once_are_one_keep_alive(tell: Tell) -> None:
    scene = Scene()
    trunk(scene, [503, 503, 200], every=1)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_keep_alives_within_a_call_are_no_trunk(tell: Tell) -> None:
    scene = Scene()
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))
    for _ in range(2):
        call.request(call.caller, "OPTIONS", status=503)
        scene.wait(30)
    assert tell(RULE, scene).verdicts == ()


def test_one_keep_alive_tells_nothing(tell: Tell) -> None:
    scene = Scene()
    trunk(scene, [None])
    assert "shows one keep-alive of 192.0.2.5 to 203.0.113.9 that failed" in tell(RULE, scene).reasons[0]


def test_a_client_that_repeats_nothing_may_have_been_answered(tell: Tell) -> None:
    scene = Scene()
    trunk(scene, [200, None, None, None], repeats=0)
    assert tell(RULE, scene).verdicts == ("clear",)
    scene = Scene()
    trunk(scene, [None, None], repeats=0)
    scene.request(scene.phone("other", "192.0.2.77"), scene.phone("third", "192.0.2.78"), "OPTIONS")
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown", "clear")


def test_the_last_keep_alive_of_a_capture_may_still_be_answered(tell: Tell) -> None:
    scene = Scene()
    trunk(scene, [200, None, None], every=3.0, transport="tcp", repeats=0)
    assert tell(RULE, scene).verdicts == ("clear",)
    scene = Scene()
    trunk(scene, [None, None], every=3.0, transport="tcp", repeats=0)
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "no answer to the OPTIONS in frame 6 was captured, but x.pcapng ends 4.0 s too early" in told.reasons[0]
