"""Times between packets, and which of them count."""

from collections.abc import Sequence

import numpy as np
import pytest

from collabtrace.sessions.media_packets import Columns
from collabtrace.sessions.timing import Timing, timing


def packets(*streams: Sequence[tuple[float, int, int]]) -> Columns:
    """Streams of packets: milliseconds, timestamp, marker bit and payload type."""
    listed = [packet for stream in streams for packet in stream]
    bounds = np.cumsum([0, *(len(stream) for stream in streams)])
    return Columns(
        sources=np.arange(len(streams), dtype=np.int32),
        bounds=bounds,
        time=np.array([round(time * 1e6) for time, _, _ in listed], dtype=np.int64),
        frame=np.arange(len(listed), dtype=np.uint32),
        sequence=np.arange(len(listed), dtype=np.uint16),
        timestamp=np.array([stamp % 2**32 for _, stamp, _ in listed], dtype=np.uint32),
        mark=np.array([mark for _, _, mark in listed], dtype=np.uint8),
        length=np.zeros(len(listed), dtype=np.uint16),
    )


def measure(columns: Columns, ticks: dict[int, float], silence: int = 13) -> Timing:
    kinds = columns.mark & 127
    return timing(columns, np.array([ticks.get(kind, 0.0) for kind in kinds.tolist()]), kinds == silence)


PCMU = {0: 1 / 8}
MARKED = 128


def test_a_steady_stream() -> None:
    result = measure(packets([(0, 0, 0), (20, 160, 0), (40, 320, 0)]), PCMU)
    assert (result.max_delta[0], result.mean_delta[0]) == (20.0, 20.0)
    assert (result.max_jitter[0], result.mean_jitter[0]) == (0.0, 0.0)


def test_a_late_packet() -> None:
    result = measure(packets([(0, 0, 0), (36, 160, 0), (40, 320, 0)]), PCMU)
    assert result.max_delta[0] == 36.0
    assert result.mean_delta[0] == 20.0
    assert result.max_jitter[0] == pytest.approx(1 + 15 / 16)
    assert result.mean_jitter[0] == pytest.approx((1 + 1 + 15 / 16) / 2)


def test_the_first_packet_of_a_talkspurt_is_not_counted() -> None:
    result = measure(packets([(0, 0, MARKED), (20, 160, 0), (520, 4160, MARKED), (541, 4320, 0)]), PCMU)
    assert result.max_delta[0] == 21.0
    assert result.max_jitter[0] == pytest.approx(1 / 16)


def test_comfort_noise_and_the_packet_after_it_are_not_counted() -> None:
    result = measure(packets([(0, 0, 0), (20, 160, 0), (120, 960, 13), (620, 4960, 0), (640, 5120, 0)]), PCMU)
    assert result.max_delta[0] == 20.0


def test_telephone_events_are_no_part_of_jitter() -> None:
    talk = [(0, 0, 0), (20, 160, 0), (40, 320, 101), (60, 320, 101), (80, 640, 0), (100, 800, 0)]
    result = measure(packets(talk), PCMU)
    assert result.max_jitter[0] == 0.0
    assert result.max_delta[0] == 20.0


def test_a_timestamp_that_wraps() -> None:
    result = measure(packets([(0, 2**32 - 160, 0), (20, 2**32, 0), (40, 2**32 + 160, 0)]), PCMU)
    assert result.max_jitter[0] == 0.0


def test_a_change_of_the_clock_is_not_measured_across() -> None:
    ticks = {0: 1 / 8, 96: 1 / 48}
    result = measure(packets([(0, 0, 0), (20, 160, 0), (40, 9000, 96), (60, 9960, 96)]), ticks)
    assert result.max_jitter[0] == 0.0


def test_without_a_clock_there_is_no_jitter() -> None:
    result = measure(packets([(0, 0, 96), (20, 160, 96)], [(5, 0, 0), (26, 160, 0)]), PCMU)
    assert np.isnan(result.max_jitter).tolist() == [True, False]
    assert np.isnan(result.mean_jitter).tolist() == [True, False]
    assert result.max_delta.tolist() == [20.0, 21.0]
    assert np.isnan(measure(packets([(0, 0, 96)]), PCMU).max_jitter[0])


def test_a_single_packet() -> None:
    result = measure(packets([(0, 0, 0)]), PCMU)
    assert (result.max_delta[0], result.mean_delta[0], result.max_jitter[0]) == (0.0, 0.0, 0.0)
