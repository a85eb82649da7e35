"""Packets that report one event, found for a whole file at once."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols.rtp import Rtp
from collabtrace.protocols.telephone_event import TelephoneEvent
from collabtrace.sessions.event_runs import UNREADABLE, Run, readable, unreadable
from collabtrace.sessions.media_packets import MediaPackets

WAY = "192.0.2.1:4000 192.0.2.2:5000"
Packet = tuple[float, Rtp]
Hold = Callable[[Iterable[Packet]], MediaPackets]


@pytest.fixture(scope="session")
def hold(seen: Callable[..., Any]) -> Hold:
    def hold(sent: Iterable[Packet]) -> MediaPackets:
        packets, _ = seen([(seconds, WAY, bytes(packet)) for seconds, packet in sent])
        held = MediaPackets()
        held.add(packets, np.arange(len(packets.frame)))
        return held

    return hold


def report(at: float, duration: int, *, event: int = 5, timestamp: int = 1000, **odd: Any) -> Packet:
    """A report of an event at *at* ms; it ends when its duration is 800."""
    payload = TelephoneEvent(event, odd.pop("end", duration >= 800), 10, duration, odd.pop("reserved", False))
    packet = Rtp(odd.pop("payload_type", 101), round(at), timestamp, 7, odd.pop("payload", bytes(payload)), **odd)
    return at / 1000, packet


PRESS = [report(0, 160, marker=True), *(report(duration / 8, duration) for duration in (320, 480, 800, 800, 800))]


def test_one_press_is_one_run(hold: Hold) -> None:
    assert list(readable(hold(PRESS).events)) == [
        Run(
            source=0,
            payload_type=101,
            event=5,
            timestamp=1000,
            end_timestamp=1000,
            frame=1,
            last_frame=6,
            time=0,
            last_time=100_000_000,
            packets=6,
            marked=True,
            begins_ended=False,
            ended=True,
            first_duration=160,
            duration=800,
            length=4,
            orderly=True,
        )
    ]


@pytest.mark.parametrize("different", [{"event": 6}, {"timestamp": 2000}, {"payload_type": 96}])
def test_another_event_timestamp_or_payload_type_is_another_run(hold: Hold, different: dict[str, int]) -> None:
    assert len(readable(hold([*PRESS, report(200, 160, **different)]).events)) == 2


def test_the_same_timestamp_after_a_silence_is_another_run(hold: Hold) -> None:
    again = [(seconds + 6, packet) for seconds, packet in PRESS]
    assert [run.frame for run in readable(hold([*PRESS, *again]).events)] == [1, 7]


def test_what_is_no_key_is_left_out(hold: Hold) -> None:
    assert len(readable(hold([report(0, 160, event=32)]).events)) == 0
    assert len(readable([])) == 0


@pytest.mark.parametrize(
    ("sent", "orderly"),
    [
        (PRESS, True),
        (PRESS[-3:], True),
        (PRESS[-2:], False),
        (PRESS[:3], False),
        ([report(0, 0), report(20, 0), report(40, 0, end=True)], False),
        ([report(0, 480), report(20, 160), report(40, 800)], False),
        ([*PRESS[:3], report(80, 800, reserved=True)], False),
        ([report(duration / 8, duration, event=16) for duration in (160, 480, 800)], False),
    ],
    ids=["whole", "ends alone", "too few", "no end", "no duration", "goes back", "reserved bit", "hook flash"],
)
def test_a_run_that_could_be_nothing_else_is_orderly(hold: Hold, sent: list[Packet], orderly: bool) -> None:
    (run,) = readable(hold(sent).events)
    assert run.orderly is orderly


def test_the_duration_is_that_of_the_first_end_else_the_longest(hold: Hold) -> None:
    (ended,) = readable(hold([report(0, 160), report(20, 400, end=True), report(40, 800)]).events)
    (cut,) = readable(hold([report(0, 160), report(20, 320)]).events)
    assert (ended.duration, ended.ended) == (400, True)
    assert (cut.duration, cut.ended) == (320, False)


def test_of_longer_payloads_only_the_header_is_read(hold: Hold) -> None:
    types = np.zeros(128, dtype=np.bool_)
    types[101] = True
    sealed = [report(at, 0, payload=bytes(14)) for at in (0, 20)]
    sound = [report(40, 0, payload=bytes(160)), report(60, 0, payload=bytes(20), payload_type=0)]
    held = hold([*sealed, *sound, *PRESS])
    (run,) = unreadable(held.chunks, types)
    assert (run.event, run.frame, run.packets, run.length) == (UNREADABLE, 1, 2, 14)
    assert (run.ended, run.duration, run.orderly) == (False, 0, False)
    assert len(unreadable([], types)) == 0


@given(st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 3), st.binary(min_size=4, max_size=4)), max_size=12))
def test_every_packet_of_a_key_is_in_one_run(hold: Hold, sent: list[tuple[int, int, bytes]]) -> None:
    packets = [report(at, 0, timestamp=stamp, payload=payload) for at, stamp, payload in sorted(sent)]
    runs = list(readable(hold(packets).events))
    assert sum(run.packets for run in runs) == sum(payload[0] <= 16 for *_, payload in sent)
    assert all(run.frame <= run.last_frame for run in runs)
