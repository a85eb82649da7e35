"""What is missing is said as far as the capture proves it."""

from typing import Any

from collabtrace.columns import Table
from collabtrace.schema import Flow
from collabtrace.views import ladder, paths, saving
from collabtrace.views.absence import NO_MEDIA, other_signalling, without_sip
from tests.views.cases import ALICE, BOB, blank, case, simple_case, stream

TLS = [blank(Flow, protocol="tls", source_port=5061)] * 4
GATEWAY = [blank(Flow, source_port=40000, target_port=2427)] * 2


def said(flows: list[Flow]) -> str:
    """What is said of a capture with these flows."""
    return without_sip(Table.of(Flow, flows))


def test_a_capture_without_sip_says_what_it_has_the_most_first() -> None:
    assert said([*GATEWAY, *TLS]) == (
        "no SIP message was seen; the capture has 4 flows of TLS, 2 flows at a port of MGCP"
    )


def test_flows_that_nothing_names_are_not_guessed_at() -> None:
    assert said([blank(Flow, source_port=4711, target_port=4712)]) == "no SIP message was seen"


def test_what_the_bytes_tell_counts_before_the_port() -> None:
    assert said([blank(Flow, protocol="tls", target_port=1720)]).endswith("1 flow of TLS")


def test_other_signalling_is_told_by_its_port_alone() -> None:
    assert list(other_signalling(Table.of(Flow, [*TLS, *GATEWAY]))) == ["2 flows at a port of MGCP"]


def test_pictures_of_a_capture_without_sip_say_so() -> None:
    nothing: Any = case(flows=TLS)
    remark = "no SIP message was seen; the capture has 4 flows of TLS"
    drawn = ladder.plan(nothing, None)
    assert drawn.remarks == (remark,)
    assert all("4 flows of TLS" in draw(drawn).decode() for suffix, draw in saving.LADDER.by_suffix.items()
               if suffix != ".png")  # fmt: skip
    found = paths.plan(nothing, None)
    assert found.remarks == (NO_MEDIA, remark)
    assert all("4 flows of TLS" in draw(found).decode() for suffix, draw in saving.PATHS.by_suffix.items()
               if suffix != ".png")  # fmt: skip


def test_media_without_sip_is_drawn_and_no_absence_of_media_is_claimed() -> None:
    lonely = case(streams=[stream(1, 0, ALICE, BOB, call_id=None)])
    assert paths.plan(lonely, None).remarks == ("no SIP message was seen",)
    assert ladder.plan(lonely, None).sections


def test_a_case_with_calls_has_nothing_to_say() -> None:
    assert ladder.plan(simple_case(), None).remarks == paths.plan(simple_case(), None).remarks == ()
