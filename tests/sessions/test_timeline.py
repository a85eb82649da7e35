"""A stream over time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from collabtrace.columns import Table
from collabtrace.protocols.rtp import Rtp
from collabtrace.schema import MediaLine
from collabtrace.sessions import streams, timeline
from collabtrace.sessions.media_packets import MediaPackets
from collabtrace.sessions.timeline import MOST_STEPS, Timeline

TALK, OTHER = "192.0.2.1:4000 192.0.2.2:5000", "192.0.2.3:4000 192.0.2.2:5000"


@pytest.fixture(scope="session")
def build(seen: Callable[..., Any]) -> Callable[..., Timeline]:
    def build(arrivals: list[tuple[float, int]], *lines: MediaLine, **changes: Any) -> Timeline:
        plain = replace(Rtp(0, 0, 0, 7, bytes(160)), **changes)
        packets, flows = seen(
            (time, path, bytes(replace(plain, sequence=number, timestamp=160 * number)))
            for time, number in arrivals
            for path in (OTHER, TALK)
        )
        media = MediaPackets()
        media.add(packets, np.arange(len(packets)))
        table = Table.of(MediaLine, lines)
        (_, stream) = streams.build("x.pcap", media, flows, table)
        return timeline.build(media, flows, stream, table if lines else None)

    return build


Build = Callable[..., Timeline]


def steady(seconds: float, start: float = 100.0) -> list[tuple[float, int]]:
    return [(start + 0.02 * number, number) for number in range(round(seconds * 50))]


def test_packets_and_loss_in_each_step(build: Build) -> None:
    arrivals = steady(1.0)
    line = build(arrivals[:7] + arrivals[12:])
    assert (line.first, line.step, len(line)) == (100.0, 0.1, 10)
    assert line.packets.tolist() == [5, 2, 3, 5, 5, 5, 5, 5, 5, 5]
    assert line.lost.tolist() == [0, 0, 5, 0, 0, 0, 0, 0, 0, 0]
    assert line.expected.tolist() == [5, 2, 8, 5, 5, 5, 5, 5, 5, 5]


def test_jitter_rises_where_a_packet_is_late(build: Build) -> None:
    arrivals = steady(1.0)
    arrivals[22] = (arrivals[22][0] + 0.016, 22)
    line = build(arrivals)
    assert line.max_jitter_ms[:4] == pytest.approx([0.0] * 4, abs=1e-6)
    assert line.max_jitter_ms[4] == pytest.approx(1 + 15 / 16, abs=1e-6)
    assert line.max_jitter_ms[5] < 2


def test_a_long_stream_has_no_more_steps_than_a_chart_shows(build: Build) -> None:
    line = build([(60.0 * number, number) for number in range(100)])
    assert line.step == 50.0
    assert len(line) == 119 < MOST_STEPS
    assert line.packets.sum() == 100
    assert np.isnan(line.max_jitter_ms).tolist()[4:7] == [False, True, False]


def test_the_clock_is_that_of_the_sdp(build: Build, audio: MediaLine) -> None:
    assert np.isnan(build(steady(0.2), payload_type=96).max_jitter_ms).all()
    named = build(steady(0.2), replace(audio, offer_time=99.0, payload_types=("96=L16/8000",)), payload_type=96)
    assert named.max_jitter_ms == pytest.approx([0.0, 0.0], abs=1e-6)


def test_a_single_moment(build: Build) -> None:
    line = build([(100.0, number) for number in range(8)])
    assert line.packets.tolist() == [8]
