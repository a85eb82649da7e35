"""Keys in RTP, whatever their sender got wrong."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from collabtrace.columns import Table
from collabtrace.protocols.rtp import Rtp
from collabtrace.protocols.telephone_event import TelephoneEvent
from collabtrace.schema import Digit, MediaLine
from collabtrace.sessions import rtp_digits
from collabtrace.sessions.media_packets import MediaPackets

FORTH, BACK = "192.0.2.1:4000 192.0.2.2:5000", "192.0.2.2:5000 192.0.2.1:4000"
Packet = tuple[float, Rtp]
Build = Callable[..., list[Digit]]


@pytest.fixture(scope="session")
def build(seen: Callable[..., Any]) -> Build:
    """The keys in packets that are sent from 20 s on."""

    def build(sent: Iterable[Packet], *lines: MediaLine, way: str = FORTH) -> list[Digit]:
        packets, flows = seen([(20 + seconds, way, bytes(packet)) for seconds, packet in sent])
        held = MediaPackets()
        held.add(packets, np.arange(len(packets.frame)))
        return rtp_digits.build("x.pcap", held, flows, Table.of(MediaLine, lines))

    return build


def report(at: float, duration: int, timestamp: int = 1000, *, end: bool = False, **more: Any) -> Packet:
    """A report of the key 5 at *at* seconds."""
    payload = more.pop("payload", bytes(TelephoneEvent(5, end, 10, duration)))
    return at, Rtp(more.pop("payload_type", 101), round(at * 100), timestamp, 7, payload, **more)


def press(at: float = 0.0, timestamp: int = 1000, **more: Any) -> list[Packet]:
    """A key that is down for 100 ms."""
    down = [report(at + step / 50, 160 * (step + 1), timestamp, marker=not step, **more) for step in range(4)]
    return [*down, *(report(at + 0.1, 800, timestamp, end=True, **more) for _ in range(3))]


def test_a_press_with_all_that_is_known_of_it(build: Build, audio: MediaLine) -> None:
    assert build(press(), audio) == [
        Digit(
            file="x.pcap",
            frame=1,
            last_frame=7,
            time_epoch=20.0,
            source="192.0.2.1",
            source_port=4000,
            target="192.0.2.2",
            target_port=5000,
            method="rtp-event",
            digit="5",
            duration_ms=100.0,
            ended=True,
            packets=7,
            payload_type=101,
            receiver_types=(101,),
            sender_types=(101,),
            ssrc="0x00000007",
            timestamp=1000,
            flaws=None,
            call_id="call-1",
            media_row=0,
            message_row=None,
        )
    ]


def test_the_same_key_twice_is_two_presses(build: Build, audio: MediaLine) -> None:
    assert [each.frame for each in build([*press(), *press(0.2, 2600)], audio)] == [1, 8]
    unmarked = [(at, replace(packet, marker=False)) for at, packet in press(0.2, 2600)]
    assert [each.frame for each in build([*press(), *unmarked], audio)] == [1, 8]


@pytest.mark.parametrize(
    ("sent", "flaws", "duration_ms"),
    [
        (press()[:4], ("no packet says that it ended",), 80.0),
        ([report(0.1 * step, 0, end=step > 0) for step in range(3)], ("its duration is 0",), 0.0),
        ([report(0.02 * n, 160 * (n + 1), 1000 + 160 * n, end=n > 2) for n in range(5)], (rtp_digits.MOVES,), 100.0),
    ],
    ids=["no end", "no duration", "the timestamp moves"],
)
def test_events_that_are_malformed(
    build: Build, audio: MediaLine, sent: list[Packet], flaws: tuple[str, ...], duration_ms: float
) -> None:
    (told,) = build(sent, audio)
    assert (told.flaws, told.last_frame, told.packets) == (flaws, len(sent), len(sent))
    assert told.duration_ms == pytest.approx(duration_ms)


def test_a_long_press_goes_on_where_its_first_event_ends(build: Build, audio: MediaLine) -> None:
    first = [report(0, 160, marker=True), report(4, 32000), report(8.19, 0xFFFF)]
    rest = [report(8.2, 160, 1000 + 0xFFFF), report(8.3, 960, 1000 + 0xFFFF, end=True)]
    (told,) = build([*first, *rest], audio)
    assert (told.flaws, told.ended, told.packets) == (None, True, 5)
    assert told.duration_ms == pytest.approx((0xFFFF + 960) / 8)


def test_each_side_may_name_another_number(build: Build, audio: MediaLine) -> None:
    named = ("0=PCMU/8000", "96=telephone-event/8000")
    line = replace(audio, answer_payload_types=named, payload_types=(*audio.payload_types, named[1]))
    (told,) = build(press(payload_type=96), line)
    assert (told.payload_type, told.receiver_types, told.sender_types) == (96, (96,), (101,))
    (back,) = build(press(), line, way=BACK)
    assert (back.payload_type, back.receiver_types, back.sender_types) == (101, (101,), (96,))


def test_a_number_that_nobody_named_is_told_by_what_it_carries(build: Build, audio: MediaLine) -> None:
    (told,) = build(press(payload_type=97), audio)
    assert (told.payload_type, told.digit, told.receiver_types, told.duration_ms) == (97, "5", (101,), 100.0)
    shown_by_another = [*press(payload_type=97), report(0.5, 160, 9000, payload_type=97)]
    assert len(build(shown_by_another, audio)) == 2
    assert build(press(payload_type=97)[:2], audio) == []
    assert build(press(payload_type=97), replace(audio, kind="video")) == []


def test_without_sdp_only_what_it_carries_tells(build: Build) -> None:
    (told,) = build(press())
    assert (told.digit, told.duration_ms, told.receiver_types, told.call_id, told.media_row) == ("5", *[None] * 4)
    assert build(press()[:3]) == []


def test_of_srtp_the_press_is_known_and_not_the_key(build: Build, audio: MediaLine) -> None:
    sealed = [(at, replace(packet, payload=bytes(14))) for at, packet in press()]
    (told,) = build(sealed, replace(audio, security="sdes", protocol="RTP/SAVP"))
    assert (told.frame, told.last_frame, told.packets, told.payload_type) == (1, 7, 7, 101)
    assert (told.digit, told.duration_ms, told.ended, told.flaws) == (None, None, False, None)


def test_where_srtp_was_agreed_a_payload_of_four_bytes_is_not_read_either(build: Build, audio: MediaLine) -> None:
    (told,) = build(press(), replace(audio, security="dtls"))
    assert (told.digit, told.flaws) == (None, None)


def test_a_payload_of_another_length_is_an_event_that_cannot_be_read(build: Build, audio: MediaLine) -> None:
    longer = [(at, replace(packet, payload=packet.payload + b"\0\0")) for at, packet in press()]
    (told,) = build(longer, audio)
    assert (told.digit, told.flaws) == (None, ("its payload has 6 bytes, a telephone-event 4",))
    assert build(longer[:1], audio) == []
    assert build(longer, replace(audio, answer_payload_types=("101=opus/48000",))) == []
    assert build(longer) == []


def test_sdp_that_came_later_names_no_numbers_of_before(build: Build, audio: MediaLine) -> None:
    """Its line begins while the stream goes on: a capture that starts within the call."""
    sent = [*press(), *press(30, 241_000)]
    first, second = build(sent, replace(audio, offer_time=40.0, answer_time=41.0))
    assert (first.digit, first.receiver_types, first.sender_types, first.call_id) == ("5", None, None, "call-1")
    assert second.receiver_types == (101,)


def test_no_media_is_no_key(build: Build, audio: MediaLine) -> None:
    assert build([], audio) == []
    assert build([report(0, 0, payload=bytes(160), payload_type=0)], audio) == []
