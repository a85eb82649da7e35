"""What a capture cannot show is said in words."""

import typing
from dataclasses import replace

import pytest

from collabtrace.columns import Table
from collabtrace.schema import Capture, Flow
from collabtrace.views.contents import Case
from collabtrace.views.limits import limits
from tests.views.cases import ALICE, BOB, blank, call, case, media_line, message, stream

AUDIO = stream(2, 1, ALICE, BOB, clock_rate=8000)
WHOLE = blank(Capture, file="x.pcapng", packets=100, dropped=0)


def limited(capture: Capture = WHOLE, flows: tuple[Flow, ...] = (), **tables: typing.Any) -> str:
    """What is said of a case of one file."""
    given: dict[str, typing.Any] = {"messages": [message(1, 0, ALICE, BOB, "INVITE")], "streams": [AUDIO]}
    made = typing.cast("typing.Any", case(**{**given, **tables}))
    made.captures, made.flows = Table.of(Capture, [capture]), Table.of(Flow, flows)
    return " ".join(limits(typing.cast("Case", made)))


def test_a_whole_capture_has_no_limits() -> None:
    assert limited() == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"truncated": True}, "x.pcapng ends in the middle of a packet"),
        ({"dropped": 5}, "dropped 5 packets"),
        ({"dropped": None}, "does not record whether"),
        ({"snapped": 1}, "kept only the beginning of 1 packet"),
        ({"duplicates": 2}, "2 packets of x.pcapng are a second copy"),
        ({"secrets": 1}, "1 block of decryption secrets"),
        ({"flaws": ("a block of 2 GiB at 48",)}, "x.pcapng: a block of 2 GiB at 48"),
    ],
)
def test_each_flaw_of_a_file_is_said(change: dict[str, typing.Any], said: str) -> None:
    assert said in limited(replace(WHOLE, **change))


def test_what_the_packets_hide_is_said() -> None:
    assert "1 flow is encrypted with TLS" in limited(flows=(blank(Flow, protocol="tls"),))
    assert "keys by sdes" in limited(media=[media_line(security="sdes")])
    assert "No SIP message was seen" in limited(messages=[])
    gateway = blank(Flow, source_port=2427, target_port=2427)
    assert "1 flow at a port of MGCP: signalling that collabtrace does not read" in limited(
        messages=[], flows=(gateway,)
    )
    assert "No RTP stream of 8 packets or more was seen" in limited(streams=[])
    assert "The end of 1 call is not in the capture" in limited(calls=[call(result="ongoing")])
    assert "its jitter is missing" in limited(streams=[replace(AUDIO, clock_rate=None)])


def test_files_of_a_ring_buffer_are_told_to_be_read_one_by_one() -> None:
    ring = [replace(WHOLE, file=f"trunk_0000{number}_2026010510000{number}.pcapng") for number in (1, 2)]
    made = typing.cast("typing.Any", case(messages=[message(1, 0, ALICE, BOB, "INVITE")], streams=[AUDIO]))
    made.captures = Table.of(Capture, ring)
    (told,) = limits(made)
    assert told.startswith(
        "trunk_00001_20260105100001.pcapng, trunk_00002_20260105100002.pcapng are one after the other"
    )
