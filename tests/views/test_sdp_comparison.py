"""Two session descriptions side by side."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collabtrace.sessions.case import Case, read_case
from collabtrace.testing import Scene, audio, video
from collabtrace.views.sdp_comparison import Pair, compared, plan


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Case]:
    """A call over a B2BUA that is put on hold."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    pbx = scene.b2bua("pbx", "203.0.113.5", edit_offer=lambda lines: lines[:1])
    call = scene.call(alice, bob, via=[pbx], media=[audio("PCMU"), video()])
    scene.wait(2)
    call.hold(alice)
    (tmp_path / "x.pcapng").write_bytes(scene.pcapng())
    with read_case([tmp_path / "x.pcapng"]) as case:
        yield case


def test_lines_that_belong_together_stand_beside_each_other() -> None:
    pairs = list(compared(["v=0", "m=audio 4000", "a=sendrecv"], ["v=0", "m=audio 4002", "a=sendrecv", "a=ptime:20"]))
    assert [pair.state for pair in pairs] == ["kept", "changed", "kept", "added"]
    assert pairs[1] == Pair("m=audio 4000", "m=audio 4002")
    assert [pair.state for pair in compared(["a"], [])] == ["dropped"]


def test_an_offer_is_compared_with_its_answer_the_round_before_and_the_other_leg(held: Case) -> None:
    offers = dict.fromkeys(row for row in held.media.values("offer_row") if row is not None)
    hold = [row for row in offers if held.messages[row].source == "192.0.2.10"][-1]
    others = [comparison.left.partition(":")[0] for comparison in plan(held, hold)]
    assert others == ["answer to it", "the round before", "the same on the leg to 198.51.100.20"]


def test_what_a_b2bua_drops_is_shown_as_dropped(held: Case) -> None:
    onward = next(row for row in held.media.values("offer_row") if held.messages[row].source == "203.0.113.5")
    other_leg = plan(held, onward)[-1]
    assert other_leg.left.startswith("the same on the leg to 203.0.113.5")
    assert any(pair.state == "dropped" and (pair.left or "").startswith("m=video") for pair in other_leg.pairs)


def test_a_message_without_a_description_is_compared_with_nothing(held: Case) -> None:
    trying = held.messages.values("status").index(100)
    assert plan(held, trying) == ()
