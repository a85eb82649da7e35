"""Cases that reports are written of, made as captures and read as any other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collabtrace.columns import Table
from collabtrace.findings import Diagnosis, Judgement, diagnose
from collabtrace.reports.anchors import Anchors
from collabtrace.reports.by_call import ByCall
from collabtrace.schema import Evidence, Finding
from collabtrace.sessions.case import Case, read_case
from collabtrace.testing import Quality, Scene, audio, bfcp, slides, video

HOSTILE = "<script>document.title=1</script><!--\"'&\u2028]]>"
"""What an attacker would write wherever text can be written."""


def read_scene(scene: Scene, folder: Path, name: str = "scene.pcapng") -> Case:
    """The case of what happened in *scene*."""
    path = folder / name
    path.write_bytes(scene.pcapng())
    return read_case([path])


@pytest.fixture(scope="session")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A call over a B2BUA with a lossy way back, a call that is busy, a registration, a keep-alive."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20", user_agent="Bobphone/2")
    pbx = scene.b2bua("pbx", "203.0.113.5", anchors_media=False)
    scene.request(alice, pbx, "REGISTER")
    call = scene.call(alice, bob, via=[pbx], media=[audio("PCMU"), video("H264")], answer_after=1.5)
    call.talk(alice, seconds=2)
    call.talk(bob, seconds=2, quality=Quality(loss=0.1))
    call.hang_up(alice)
    scene.dial(bob, alice).reject(486)
    scene.request(pbx, bob, "OPTIONS")
    with read_scene(scene, tmp_path_factory.mktemp("case")) as read:
        yield read


@pytest.fixture(scope="session")
def sharing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A call with slides and floor control."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, media=[audio("PCMU"), slides("H264"), bfcp()])
    call.hello(alice)
    call.share(alice, seconds=1)
    call.hang_up(alice)
    with read_scene(scene, tmp_path_factory.mktemp("sharing")) as read:
        yield read


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A call in which everything that a header can hold tries to run as code."""
    scene = Scene()
    written = HOSTILE.replace("\u2028", "")
    alice = scene.phone("alice", "192.0.2.10", user_agent=written, headers={"Reason": written, "Subject": written})
    bob = scene.phone(f"bob{written.replace('@', '')}".replace('"', ""), "198.51.100.20", user_agent=written)
    call = scene.call(alice, bob, media=[audio("PCMU")])
    call.request(alice, "INFO", headers={"X-Note": written, "Content-Type": "text/plain"}, body=HOSTILE.encode())
    call.talk(alice, seconds=1)
    call.hang_up(bob)
    scene.request(alice, bob, "MESSAGE", headers={"Content-Type": "text/html"}, body=HOSTILE.encode())
    with read_scene(scene, tmp_path_factory.mktemp("hostile"), "<img src=x onerror=alert(1)>.pcapng") as read:
        yield read


@pytest.fixture(scope="session")
def diagnosis(case: Case) -> Diagnosis:
    """One fault in the first call, beside what the rules decided."""
    call = case.calls[0]
    finding = Finding(
        rule="lossy-way-back",
        severity="major",
        confidence="proved",
        title="Packets are lost on the way back",
        message="A tenth of bob's packets is missing.",
        calls=call.call_ids,
        evidence=(Evidence("scene.pcapng", call.first_frame, "the INVITE"), Evidence("scene.pcapng", 9999, "a gap")),
        display_filter="rtp",
        remedy=("Look at the router.", "Look again."),
        references=("RFC 3550 §6.4.1",),
    )
    told = (
        Judgement("lossy-way-back", call.call_ids, "fault", "a tenth"),
        Judgement("one-way-audio", call.call_ids, "unknown", "the capture starts after the offer"),
        Judgement("one-way-audio", (), "clear", "both ways"),
    )
    return Diagnosis(Table.of(Finding, [finding]), told, ("lossy-way-back", "one-way-audio", "never-asked"))


@pytest.fixture(scope="session")
def nothing_found() -> Diagnosis:
    """No rule looked."""
    return Diagnosis(Table.empty(Finding), (), ())


@pytest.fixture(scope="session")
def by_call(case: Case, diagnosis: Diagnosis) -> ByCall:
    """The look-ups of the case."""
    return ByCall(Anchors(case), diagnosis)


@pytest.fixture(scope="session")
def anchors(by_call: ByCall) -> Anchors:
    """The anchors of the case."""
    return by_call.anchors


@pytest.fixture(scope="session")
def hostile_diagnosis(hostile: Case) -> Diagnosis:
    """What the rules say of the hostile case, and a finding that quotes it."""
    told = diagnose(hostile)
    quoting = Finding(
        *(HOSTILE, "major", "proved", HOSTILE, HOSTILE, (*hostile.calls[0].call_ids, HOSTILE)),
        *((Evidence(hostile.captures[0].file, 1, HOSTILE),), HOSTILE, (HOSTILE,), (HOSTILE,)),
    )
    judged = (*told.judgements, Judgement(HOSTILE, (HOSTILE,), "unknown", HOSTILE))
    return Diagnosis(Table.of(Finding, [*told.findings, quoting]), judged, (*told.checked, HOSTILE))
