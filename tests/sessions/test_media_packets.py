"""RTP packets as columns."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture.packets import Packets
from collabtrace.protocols.rtp import Rtp
from collabtrace.protocols.telephone_event import TelephoneEvent
from collabtrace.sessions.media_packets import MediaPackets
from collabtrace.sessions.sources import MOST_IN_FLOW

PATHS = ("192.0.2.1:4000 192.0.2.2:5000", "192.0.2.2:5000 192.0.2.1:4000", "192.0.2.3:4000 192.0.2.2:5002")


def packet(sequence: int, ssrc: int = 7, **changes: Any) -> bytes:
    return bytes(replace(Rtp(0, sequence, 160 * sequence, ssrc, bytes(160)), **changes))


def kept(*chunks: Packets) -> MediaPackets:
    media = MediaPackets()
    for chunk in chunks:
        media.add(chunk, np.arange(len(chunk)))
    return media


def test_the_columns_of_a_packet(seen: Callable[..., Any]) -> None:
    chunk, _ = seen([(1.5, PATHS[0], packet(9, marker=True, payload_type=8))])
    columns = kept(chunk).take(0, 1)
    assert columns.time.tolist() == [1_500_000_000]
    assert columns.frame.tolist() == [1]
    assert (columns.sequence.tolist(), columns.timestamp.tolist()) == ([9], [1440])
    assert (columns.mark.tolist(), columns.length.tolist()) == ([0x88], [160])


def test_sources_are_taken_out_of_all_chunks_in_order_of_arrival(seen: Callable[..., Any]) -> None:
    first, _ = seen([(0.0, PATHS[1], packet(1)), (0.1, PATHS[0], packet(50)), (0.2, PATHS[1], packet(2))])
    second, _ = seen([(0.3, PATHS[1], packet(4)), (0.4, PATHS[0], packet(51)), (0.5, PATHS[1], packet(3))])
    media = kept(first, second)
    both = media.take(0, 2)
    assert both.sources.tolist() == [0, 1]
    assert both.bounds.tolist() == [0, 4, 6]
    assert both.sequence.tolist() == [1, 2, 4, 3, 50, 51]
    assert media.take(1, 2).sequence.tolist() == [50, 51]
    assert media.counts().tolist() == [4, 2]
    assert media.last_times().tolist() == [500_000_000, 400_000_000]


def test_second_copies_are_counted_and_not_kept(seen: Callable[..., Any]) -> None:
    chunk, _ = seen([(0.0, PATHS[0], packet(1)), (0.0, PATHS[0], packet(1), True), (0.1, PATHS[0], packet(2))])
    media = kept(chunk)
    assert media.second_copies == 1
    assert media.take(0, 1).frame.tolist() == [1, 3]


def test_a_header_that_does_not_fit_is_no_rtp(seen: Callable[..., Any]) -> None:
    chunk, _ = seen([(0.0, PATHS[0], b"\x8f" + packet(1)[1:40])])
    assert len(kept(chunk).sources) == 0


def test_padding_that_cannot_be_is_encrypted_payload(seen: Callable[..., Any]) -> None:
    srtp = packet(1)[:-1] + b"\xff"
    chunk, _ = seen([(0.0, PATHS[0], b"\xa0" + srtp[1:]), (0.0, PATHS[0], packet(2, padding=8))])
    assert kept(chunk).take(0, 1).length.tolist() == [160, 160]


def test_payloads_of_four_bytes_are_kept(seen: Callable[..., Any]) -> None:
    event = TelephoneEvent(5, end=True, volume=10, duration=1600)
    data = packet(2, payload_type=101, payload=bytes(event))
    chunk, _ = seen([(0.0, PATHS[0], packet(1)), (0.1, PATHS[0], data), (0.2, PATHS[0], data, False, 1)])
    (events,) = kept(chunk).events
    assert events.payload.tolist() == [int.from_bytes(bytes(event), "big")]
    assert (events.source.tolist(), events.frame.tolist(), events.mark.tolist()) == ([0], [2], [101])
    assert (events.timestamp.tolist(), events.time.tolist()) == ([320], [100_000_000])


def test_packets_of_sources_that_are_one_too_many_are_left_out(seen: Callable[..., Any]) -> None:
    full, _ = seen((0.0, PATHS[0], packet(1, ssrc)) for ssrc in range(MOST_IN_FLOW))
    late, _ = seen([(1.0, PATHS[0], packet(1, 1000))])
    media = kept(full, late)
    assert len(media.chunks) == 1
    assert len(media.sources) == MOST_IN_FLOW


def test_nothing_to_add(seen: Callable[..., Any]) -> None:
    empty, _ = seen([])
    copy, _ = seen([(0.0, PATHS[0], packet(1), True)])
    media = kept(empty, copy)
    assert (media.chunks, media.counts().tolist(), list(media.groups(10, 10))) == ([], [], [])


def test_some_packets_of_many(seen: Callable[..., Any]) -> None:
    chunk, _ = seen([(float(at), PATHS[at % 2], packet(at)) for at in range(8)])
    whole = kept(chunk).take(0, 2)
    pieces = whole.cut(np.array([2, 4, 5]))
    assert pieces.sources.tolist() == [0, 0, 1, 1]
    assert pieces.bounds.tolist() == [0, 2, 4, 5, 8]
    assert whole.of({1}).frame.tolist() == [2, 4, 6, 8]
    assert (whole.of({1}).sources.tolist(), whole.of({1}).bounds.tolist()) == ([1], [0, 4])
    assert len(whole.of({7})) == 0
    assert kept(chunk).take(1, 2).between(4, 6).frame.tolist() == [4, 6]


@given(
    st.lists(st.lists(st.tuples(st.sampled_from(PATHS), st.integers(0, 3)), max_size=12), max_size=4),
    st.integers(1, 12),
    st.integers(1, 4),
)
def test_groups_hold_every_packet_once(
    seen: Callable[..., Any], layout: list[list[tuple[str, int]]], size: int, sources: int
) -> None:
    every = [(path, ssrc, number) for number, (path, ssrc) in enumerate(each for part in layout for each in part)]
    media = MediaPackets()
    at = 0
    for part in layout:
        rows = every[at : at + len(part)]
        # All chunks name the same flows, as those of one file do.
        chunk, _ = seen([(0.0, path, b"") for path in PATHS] + [(0.0, path, packet(n, ssrc)) for path, ssrc, n in rows])
        media.add(chunk, np.arange(3, 3 + len(rows)))
        at += len(part)
    names = [(PATHS[flow], ssrc) for flow, ssrc in zip(media.sources.flow, media.sources.ssrc, strict=True)]
    found = []
    for group in media.groups(size, sources):
        assert len(group.sources) <= sources
        owners = np.repeat(group.sources, group.counts()).tolist()
        found += [(*names[owner], number) for owner, number in zip(owners, group.sequence.tolist(), strict=True)]
    assert sorted(found) == sorted(every)
    by_source = [[number for *name, number in found if tuple(name) == each] for each in names]
    assert all(numbers == sorted(numbers) for numbers in by_source)
