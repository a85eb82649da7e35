"""When packets of a stream were missing."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from collabtrace.columns import Table
from collabtrace.protocols.rtp import Rtp
from collabtrace.schema import MediaLine
from collabtrace.sessions import gaps, streams
from collabtrace.sessions.gaps import Gaps
from collabtrace.sessions.media_packets import MediaPackets

Build = Callable[..., Gaps]


@pytest.fixture(scope="session")
def build(seen: Callable[..., Any]) -> Build:
    def build(*numbers: int) -> Gaps:
        """The gaps of a stream of which the packets with *numbers* came, each at its time."""
        packets, flows = seen(
            (100 + 0.02 * number, "192.0.2.1:4000 192.0.2.2:5000", bytes(Rtp(0, number, 160 * number, 7, bytes(160))))
            for number in numbers
        )
        media = MediaPackets()
        media.add(packets, np.arange(len(packets)))
        (stream,) = streams.build("x.pcap", media, flows, Table.empty(MediaLine))
        return gaps.build(media, flows, stream)

    return build


def test_each_run_of_missing_numbers_is_a_gap(build: Build) -> None:
    found = build(*range(10), *range(12, 20), *range(23, 30))
    assert found.missing.tolist() == [2, 3]
    assert found.frame.tolist() == [11, 19]
    assert found.begin.tolist() == pytest.approx([100.18, 100.38])
    assert found.end.tolist() == pytest.approx([100.24, 100.46])


def test_a_stream_without_loss_has_none(build: Build) -> None:
    assert len(build(*range(20))) == 0


def test_a_packet_that_came_late_is_not_missing(build: Build) -> None:
    assert build(*range(10), 11, 10, *range(12, 20), *range(22, 30)).missing.tolist() == [2]


def test_what_two_streams_miss_at_once_is_counted_by_packets(build: Build) -> None:
    one = build(*range(10), *range(12, 40), *range(45, 60))
    other = build(*range(10), *range(11, 42), *range(43, 60))
    apart = build(*range(20), *range(22, 60))
    assert one.missing_during(other) == 7
    assert one.missing_during(apart) == 0
    assert one.missing_during(build(*range(60))) == 0


def test_the_time_in_gaps_is_that_within_a_span(build: Build) -> None:
    found = build(*range(10), *range(20, 30))
    assert found.seconds_within(100, 101) == pytest.approx(0.22)
    assert found.seconds_within(100.3, 101) == pytest.approx(0.1)
    assert found.seconds_within(102, 103) == 0
