"""Sources: one SSRC in one flow."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from collabtrace.sessions.sources import MOST_IN_FLOW, Sources

ONE, OTHER = "192.0.2.1:4000 192.0.2.2:5000", "192.0.2.2:5000 192.0.2.1:4000"


def number(seen: Callable[..., Any], sources: Sources, *packets: tuple[str, int]) -> list[int]:
    """Number *packets* (path and SSRC) as one chunk."""
    chunk, _ = seen([(0.0, path, b"") for path, _ in packets])
    numbers = sources.number(chunk, np.arange(len(packets)), np.array([ssrc for _, ssrc in packets], dtype=np.uint32))
    return [int(each) for each in numbers]


def test_flows_and_ssrcs_are_told_apart(seen: Callable[..., Any]) -> None:
    sources = Sources()
    assert number(seen, sources, (ONE, 7), (OTHER, 7), (ONE, 7), (ONE, 8), (ONE, 7), (OTHER, 7)) == [0, 1, 0, 2, 0, 1]
    assert [list(column) for column in (sources.flow, sources.ssrc, sources.ttl)] == [[0, 1, 0], [7, 7, 8], [64] * 3]


def test_a_source_keeps_its_number_from_chunk_to_chunk(seen: Callable[..., Any]) -> None:
    sources = Sources()
    assert number(seen, sources, (ONE, 7)) == [0]
    assert number(seen, sources, (ONE, 8), (ONE, 8), (OTHER, 7)) == [2, 2, 1]
    assert number(seen, sources, (ONE, 7), (OTHER, 7)) == [0, 1]
    assert len(sources) == 3


def test_a_flow_with_an_ssrc_in_every_packet_does_not_fill_the_memory(seen: Callable[..., Any]) -> None:
    sources = Sources()
    numbers = number(seen, sources, *((ONE, ssrc) for ssrc in range(MOST_IN_FLOW + 50)))
    assert sum(each >= 0 for each in numbers) == MOST_IN_FLOW == len(sources)
    assert number(seen, sources, (ONE, 0), (OTHER, 1), (ONE, 2**31)) == [0, MOST_IN_FLOW, -1]


def test_a_source_by_its_name(seen: Callable[..., Any]) -> None:
    sources = Sources()
    number(seen, sources, (ONE, 7), (OTHER, 7))
    _, flows = seen([(0.0, ONE, b""), (0.0, OTHER, b"")])
    assert sources.find(flows, ("192.0.2.2", 5000, "192.0.2.1", 4000), 7) == 1
    with pytest.raises(KeyError):
        sources.find(flows, ("192.0.2.2", 5000, "192.0.2.1", 4000), 8)
