"""Keys in SIP messages."""

from collections.abc import Callable
from pathlib import Path

import pytest

from collabtrace.protocols.kpml import KpmlReport
from collabtrace.protocols.telephone_event import TelephoneEvent
from collabtrace.schema import Digit
from collabtrace.sessions.case import read_case
from collabtrace.testing import Call, Machine, Scene

Read = Callable[[Scene], list[Digit]]
KPML = {"Event": "kpml", "Content-Type": "application/kpml-response+xml"}
RELAY = {"Content-Type": "application/dtmf-relay"}
NOTIFIED = {"Event": "telephone-event", "Content-Type": "audio/telephone-event"}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(scene: Scene) -> list[Digit]:
        scene.write(tmp_path / "x.pcapng")
        with read_case([tmp_path / "x.pcapng"]) as case:
            return list(case.digits)

    return read


@pytest.fixture
def call() -> Call:
    scene = Scene()
    return scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))


def keys(digits: list[Digit]) -> str:
    return "".join(each.digit or "?" for each in digits)


def notify(call: Call, duration: int, *, end: bool = False, after: float = 0.0) -> None:
    call.scene.wait(after)
    call.request(call.caller, "NOTIFY", headers=NOTIFIED, body=bytes(TelephoneEvent(7, end, 7, duration)))


def test_a_report_of_several_keys_is_a_press_each(read: Read, call: Call) -> None:
    call.request(call.caller, "NOTIFY", headers=KPML, body=bytes(KpmlReport(200, "12#R")))
    told = read(call.scene)
    assert [each.digit for each in told] == ["1", "2", "#", "flash"]
    assert len({each.message_row for each in told}) == 1


def test_a_report_without_keys_is_no_press(read: Read, call: Call) -> None:
    call.request(call.caller, "NOTIFY", headers=KPML, body=bytes(KpmlReport(487)))
    call.request(call.caller, "NOTIFY", headers={"Event": "kpml", "Subscription-State": "active"})
    assert read(call.scene) == []


def test_a_retransmission_and_a_second_copy_say_nothing_new(read: Read, call: Call) -> None:
    call.scene.span()
    call.request(call.caller, "INFO", headers=RELAY, body=b"Signal=5\r\nDuration=160\r\n", repeats=2)
    (told,) = read(call.scene)
    assert (told.digit, told.duration_ms, told.packets) == ("5", 160.0, 1)


def test_a_message_that_passes_a_proxy_is_one_press(read: Read) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, via=[scene.proxy("proxy", "203.0.113.5")])
    call.press(alice, "12", method="info")
    told = read(scene)
    assert [(each.digit, each.target) for each in told] == [("1", "203.0.113.5"), ("2", "203.0.113.5")]


def test_a_part_of_a_multipart_body(read: Read, call: Call) -> None:
    parts = (
        b"--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x\r\nContent-Type: application/dtmf\r\n\r\n*\r\n--x--\r\n"
    )
    call.request(call.caller, "INFO", headers={"Content-Type": "multipart/mixed;boundary=x"}, body=parts)
    assert keys(read(call.scene)) == "*"


@pytest.mark.parametrize(
    ("method", "headers", "body", "flaw"),
    [
        ("INFO", RELAY, b"Sgnl=7391\r\n", "the body has no line Signal="),
        ("NOTIFY", KPML, b'<kpml-response digits="7391"', "the kpml-response is not XML that can be read"),
        ("NOTIFY", NOTIFIED, b"\x07\x00\x07", "3 bytes are not the 4 of a telephone-event"),
    ],
)
def test_a_body_that_cannot_be_read_is_a_key_that_nobody_knows(
    read: Read, call: Call, method: str, headers: dict[str, str], body: bytes, flaw: str
) -> None:
    call.request(call.caller, method, headers=headers, body=body)
    (told,) = read(call.scene)
    assert (told.digit, told.flaws) == (None, (flaw,))


@pytest.mark.parametrize("headers", [{"Content-Type": "text/plain"}, {"Content-Type": "application/sdp"}])
def test_other_bodies_are_no_keys(read: Read, call: Call, headers: dict[str, str]) -> None:
    call.request(call.caller, "INFO", headers=headers, body=b"5")
    assert read(call.scene) == []


def test_the_begin_the_updates_and_the_end_of_a_notified_key_are_one_press(read: Read, call: Call) -> None:
    notify(call, 2000)
    notify(call, 2000, after=1.99)
    notify(call, 2000, after=1.99)
    notify(call, 4500, end=True, after=0.5)
    (told,) = read(call.scene)
    assert (told.packets, told.ended, told.duration_ms) == (4, True, 4500.0)
    assert told.last_frame > told.frame


def test_a_notified_key_of_which_no_end_came(read: Read, call: Call) -> None:
    notify(call, 2000)
    notify(call, 2000, after=0.7)
    notify(call, 2000, after=5.0)
    assert [(each.digit, each.ended) for each in read(call.scene)] == [("7", False)] * 3


def test_the_end_alone_is_a_press(read: Read, call: Call) -> None:
    notify(call, 100, end=True)
    notify(call, 2000, after=100)
    notify(call, 200, end=True, after=61)
    assert [(each.packets, each.ended) for each in read(call.scene)] == [(1, True), (1, False), (1, True)]


def test_a_notified_event_that_is_no_key(read: Read, call: Call) -> None:
    call.request(call.caller, "NOTIFY", headers=NOTIFIED, body=bytes(TelephoneEvent(36, True, 7, 100)))
    assert read(call.scene) == []


@pytest.mark.parametrize(
    ("event", "call_id"),
    [
        ('kpml ;remote-tag="sip:a@example.com;tag=j" ;call-id="other@192.0.2.1"', "other@192.0.2.1"),
        ("kpml;call-id", None),
        ("kpml;=", None),
    ],
)
def test_a_subscription_of_its_own_names_the_call(read: Read, event: str, call_id: str | None) -> None:
    scene = Scene()
    alice, pbx = scene.phone("alice", "192.0.2.10"), scene.phone("pbx", "203.0.113.5")
    own = notified(scene, alice, pbx, event)
    (told,) = read(scene)
    assert told.call_id == (call_id or own)


def notified(scene: Scene, phone: Machine, pbx: Machine, event: str) -> str:
    leg = scene.request(phone, pbx, "NOTIFY", headers={**KPML, "Event": event}, body=bytes(KpmlReport(200, "1")))
    return leg.call_id
