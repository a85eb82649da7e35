"""Streams: what is one, what it lost, and whose it is."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.columns import Table
from collabtrace.protocols.rtp import Rtp
from collabtrace.schema import Dialog, MediaLine, Stream
from collabtrace.sessions import streams
from collabtrace.sessions.media_packets import MediaPackets

TALK, BACK = "192.0.2.1:4000 192.0.2.2:5000", "192.0.2.2:5000 192.0.2.1:4000"
Datagrams = list[tuple[Any, ...]]


def talk(path: str = TALK, start: float = 11.0, packets: int = 10, **changes: Any) -> Datagrams:
    """A steady PCMU stream of *packets* from *start* on."""
    plain = Rtp(0, 0, 0, 7, bytes(160))
    each = (replace(plain, sequence=100 + number, timestamp=160 * number, **changes) for number in range(packets))
    return [(start + 0.02 * number, path, bytes(packet)) for number, packet in enumerate(each)]


@pytest.fixture(scope="session")
def build(seen: Callable[..., Any]) -> Callable[..., list[Stream]]:
    def build(datagrams: Datagrams, *lines: MediaLine, dialogs: Table[Dialog] | None = None) -> list[Stream]:
        packets, flows = seen(sorted(datagrams, key=lambda each: each[0]))
        media = MediaPackets()
        media.add(packets, np.arange(len(packets)))
        return list(streams.build("x.pcap", media, flows, Table.of(MediaLine, lines), dialogs))

    return build


Build = Callable[..., list[Stream]]


def test_a_stream_that_the_sdp_names(build: Build, audio: MediaLine) -> None:
    (stream,) = build(talk(), audio)
    times = ("max_delta_ms", "mean_delta_ms", "max_jitter_ms", "mean_jitter_ms", "last")
    assert replace(stream, **{name: round(getattr(stream, name), 6) for name in times}) == Stream(
        file="x.pcap",
        source="192.0.2.1",
        source_port=4000,
        target="192.0.2.2",
        target_port=5000,
        ssrc="0x00000007",
        payload_types=(0,),
        codec="PCMU/8000",
        clock_rate=8000,
        clock_source="sdp",
        packets=10,
        bytes=1600,
        expected=10,
        lost=0,
        repeated=0,
        reordered=0,
        max_delta_ms=20.0,
        mean_delta_ms=20.0,
        max_jitter_ms=0.0,
        mean_jitter_ms=0.0,
        gaps=0,
        longest_gap=0,
        longest_gap_frame=None,
        marked=0,
        dscp=46,
        ttl=64,
        first_frame=1,
        last_frame=10,
        first=11.0,
        last=11.18,
        kind="audio",
        content=None,
        call_id="call-1",
        media_row=0,
        follows=None,
    )


def test_no_packets_no_streams(build: Build) -> None:
    assert build([]) == []


def test_loss_and_the_frame_after_it(build: Build) -> None:
    sent = talk()
    (stream,) = build([*sent[:4], *sent[6:]])
    assert (stream.packets, stream.expected, stream.lost) == (8, 10, 2)
    assert (stream.gaps, stream.longest_gap, stream.longest_gap_frame) == (1, 2, 5)
    assert stream.max_delta_ms == pytest.approx(60.0)


def test_the_clock_of_a_dynamic_payload_type_is_in_the_sdp(build: Build, audio: MediaLine) -> None:
    (unnamed,) = build(talk(payload_type=96))
    assert (unnamed.codec, unnamed.clock_rate, unnamed.max_jitter_ms) == (None, None, None)
    (named,) = build(talk(payload_type=96), replace(audio, payload_types=("96=L16/16000",)))
    assert (named.codec, named.clock_rate, named.clock_source) == ("L16/16000", 16000, "sdp")
    # 160 units of a 16 kHz clock are 10 ms, and the packets come every 20.
    assert named.max_jitter_ms == pytest.approx(10 * (1 - (15 / 16) ** 9))


def test_a_payload_type_of_an_earlier_round(build: Build, audio: MediaLine) -> None:
    lines = (replace(audio, payload_types=("96=L16/8000",)), replace(audio, round=2, offer_time=10.5))
    (stream,) = build(talk(payload_type=96), *lines)
    assert (stream.codec, stream.media_row) == ("L16/8000", 1)


def test_digits_within_talk(build: Build, audio: MediaLine) -> None:
    sent = talk()
    digit = Rtp(101, 110, 1600, 7, b"\x05\x0a\x00\xa0", marker=True)
    late = [(11.2 + 0.02 * number, TALK, bytes(replace(digit, sequence=110 + number))) for number in range(3)]
    resumed = [(11.26, TALK, bytes(Rtp(0, 113, 2080, 7, bytes(160))))]
    (stream,) = build([*sent, *late, *resumed], audio)
    assert stream.payload_types == (0, 101)
    assert stream.codec == "PCMU/8000"
    assert stream.max_jitter_ms == pytest.approx(0.0, abs=1e-9)
    assert stream.marked == 3


def test_digits_alone_have_no_codec(build: Build, audio: MediaLine) -> None:
    (stream,) = build(talk(payload_type=101), audio)
    assert (stream.codec, stream.clock_rate, stream.clock_source) == (None, None, None)


def test_one_packet_is_a_stream_if_the_sdp_names_it(build: Build, audio: MediaLine) -> None:
    assert len(build(talk(packets=1), audio)) == 1
    assert build(talk(packets=7)) == []
    assert len(build(talk(packets=8))) == 1


def test_a_few_packets_beside_a_stream_are_a_stream(build: Build) -> None:
    assert [stream.ssrc for stream in build(talk() + talk(BACK, packets=2, ssrc=9))] == ["0x00000007", "0x00000009"]
    elsewhere = "198.51.100.1:4000 198.51.100.2:5000"
    assert [stream.ssrc for stream in build(talk() + talk(elsewhere, packets=2, ssrc=9))] == ["0x00000007"]


@pytest.mark.parametrize("numbers", [[5] * 20, [0, 9000] * 10, [0, 1, 20_000, 40_000] * 5])
def test_numbers_that_do_not_count_are_no_rtp(build: Build, numbers: list[int]) -> None:
    packets = [(float(at), TALK, bytes(Rtp(0, number, 0, 7, b"data"))) for at, number in enumerate(numbers)]
    assert build(packets) == []


def test_a_payload_type_that_nobody_assigned_is_no_rtp(build: Build, audio: MediaLine) -> None:
    assert build(talk(payload_type=77)) == []
    assert build(talk(payload_type=77), audio)[0].payload_types == (77,)


def test_a_new_ssrc_follows_the_old(build: Build) -> None:
    found = build(talk() + talk(start=20.0, ssrc=8) + talk(start=20.01, ssrc=9) + talk(BACK, start=30.0, ssrc=10))
    assert [(stream.ssrc[-2:], stream.follows and stream.follows[-2:]) for stream in found] == [
        ("07", None),
        ("08", "07"),
        ("09", "07"),
        ("0a", None),
    ]


def test_streams_are_in_the_order_of_their_first_frames(build: Build) -> None:
    found = build(talk(ssrc=1, start=11.005) + talk(BACK, ssrc=2) + talk(ssrc=3, start=11.001))
    assert [stream.first_frame for stream in found] == [1, 2, 3]


def ended(*times: float | None) -> Table[Dialog]:
    columns: dict[str, Sequence[Any]] = {name: [None] * len(times) for name in Dialog.__dataclass_fields__}
    return Table(Dialog, {**columns, "started": [0.0] * len(times), "ended": times})


def test_calls_that_use_one_ssrc_on_the_same_ports(build: Build, audio: MediaLine) -> None:
    lines = [replace(audio, call_id=f"call-{row}", offer_time=10.0 + 10 * row, dialog_row=row) for row in range(2)]
    found = build(talk(start=11.0) + talk(start=21.0), *lines, dialogs=ended(12.0, 22.0))
    assert [(stream.call_id, stream.packets, stream.lost, stream.repeated) for stream in found] == [
        ("call-0", 10, 0, 0),
        ("call-1", 10, 0, 0),
    ]
    assert [stream.follows for stream in found] == [None, None]
    found = build(talk(start=10.5, ssrc=6) + talk(start=11.0) + talk(start=21.0), *lines, dialogs=ended(12.0, 22.0))
    assert [stream.follows and stream.follows[-2:] for stream in found] == [None, "06", "06"]


def test_a_few_packets_before_the_call_that_took_over(build: Build, audio: MediaLine) -> None:
    lines = [replace(audio, call_id=f"call-{row}", offer_time=10.0 + 90 * row, dialog_row=row) for row in range(2)]
    found = build(talk(start=90.0, packets=3) + talk(start=101.0), *lines, dialogs=ended(12.0, None))
    assert [(stream.call_id, stream.packets) for stream in found] == [(None, 3), ("call-1", 10)]


PACKETS = st.builds(
    Rtp,
    payload_type=st.sampled_from([0, 8, 13, 96, 101]),
    sequence=st.integers(0, 40) | st.integers(0, 65535),
    timestamp=st.integers(0, 2**32 - 1),
    ssrc=st.integers(0, 2),
    payload=st.binary(max_size=4),
    marker=st.booleans(),
)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.sampled_from([TALK, BACK]), PACKETS.map(bytes)), max_size=40))
def test_what_holds_of_any_packets(build: Build, audio: MediaLine, datagrams: Datagrams) -> None:
    found = build(datagrams, replace(audio, offer_time=0.0))
    assert sum(stream.packets for stream in found) == len(datagrams)
    for stream in found:
        assert stream.lost == stream.expected - stream.packets + stream.repeated >= 0
        assert stream.longest_gap <= stream.lost
        assert (stream.longest_gap_frame is None) == (stream.gaps == 0)
        assert 0 <= stream.mean_delta_ms <= stream.max_delta_ms + 1e-6
        assert stream.max_jitter_ms is None or 0 <= (stream.mean_jitter_ms or 0) <= stream.max_jitter_ms + 1e-6
