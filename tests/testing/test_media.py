"""Media of a scene's call."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from collabtrace.protocols import rtcp, rtp
from collabtrace.testing import Call, Line, Quality, Scene, audio, slides, video
from collabtrace.testing.network import Sent

Payloads = Callable[[Scene], list[bytes]]


def make_call(*media: Line, **middle: object) -> Call:
    scene = Scene()
    via = [scene.b2bua("sbc", "203.0.113.9", **middle)] if middle else []  # type: ignore[arg-type]
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, via=via, media=media or [audio()])
    scene.sent.clear()
    return call


def ways(scene: Scene) -> set[tuple[str, str]]:
    return {(sent.source.name, sent.target.name) for sent in scene.sent}


def test_a_second_of_sound_is_fifty_packets(payloads: Payloads) -> None:
    call = make_call()
    began = call.scene.clock
    call.talk(call.caller, seconds=1)
    packets = [rtp.parse(data) for data in payloads(call.scene)]
    assert len(packets) == 50
    assert [packet.timestamp - packets[0].timestamp for packet in packets] == list(range(0, 8000, 160))
    assert [packet.marker for packet in packets] == [True] + [False] * 49
    assert call.scene.clock == pytest.approx(began + 1)


def test_both_sides_talk_by_default_on_every_line_that_lets_them() -> None:
    call = make_call(audio(), video(direction="sendonly"))
    call.talk(seconds=0.2)
    ports = [(sent.source.name, int.from_bytes(sent.packet[20:22], "big")) for sent in call.scene.sent]
    assert set(ports) == {("alice", 20000), ("bob", 20000), ("alice", 20002)}


def test_only_one_kind_or_content_may_talk() -> None:
    call = make_call(audio(), video(), slides())
    call.talk(call.caller, seconds=0.2, only="slides")
    assert {int.from_bytes(sent.packet[20:22], "big") for sent in call.scene.sent} == {20004}


def test_a_stream_goes_on_where_it_stopped(payloads: Payloads) -> None:
    call = make_call()
    call.talk(call.caller, seconds=0.1)
    call.scene.wait(1)
    call.talk(call.caller, seconds=0.1)
    packets = [rtp.parse(data) for data in payloads(call.scene)]
    assert len({packet.ssrc for packet in packets}) == 1
    assert [packet.sequence - packets[0].sequence for packet in packets] == list(range(10))
    assert packets[5].timestamp - packets[4].timestamp == 160 + 8000


def test_a_stream_cannot_send_twice_at_once() -> None:
    call = make_call()
    with call.scene.meanwhile():
        call.talk(seconds=1)
    with pytest.raises(ValueError, match="a stream cannot send twice at the same time"):
        call.press(call.caller, "1")


def test_media_goes_from_end_to_end_or_through_the_one_that_anchors_it() -> None:
    direct, anchored = make_call(user_agent="CUCM"), make_call(anchors_media=True)
    for call in (direct, anchored):
        call.talk(call.caller, seconds=0.1)
    assert ways(direct.scene) == {("alice", "bob")}
    assert ways(anchored.scene) == {("alice", "sbc"), ("sbc", "bob")}


def test_loss_leaves_holes_in_the_sequence(payloads: Payloads) -> None:
    call = make_call()
    call.talk(call.caller, seconds=4, quality=Quality(loss=0.1))
    sequences = [rtp.parse(data).sequence for data in payloads(call.scene)]
    assert 150 < len(sequences) < 200
    assert sequences == sorted(sequences)


def test_jitter_delays_packets_that_keep_their_order_and_timestamps(payloads: Payloads) -> None:
    call = make_call()
    call.talk(call.caller, seconds=1, quality=Quality(jitter_ms=60))
    times = [sent.time for sent in call.scene.sent]
    assert times == sorted(times)
    assert len({late - early for early, late in pairwise(times)}) > 10
    assert rtp.parse(payloads(call.scene)[1]).timestamp - rtp.parse(payloads(call.scene)[0]).timestamp == 160


def test_a_sender_may_use_a_payload_type_that_nobody_named(payloads: Payloads) -> None:
    call = make_call()
    call.talk(call.caller, seconds=0.1, quality=Quality(payload_type=99, dscp=0))
    assert {rtp.parse(data).payload_type for data in payloads(call.scene)} == {99}
    assert {sent.packet[1] for sent in call.scene.sent} == {0}


def is_report(sent: Sent) -> bool:
    return sent.packet[20:22] == b"\x4e\x21"  # port 20001


def test_both_ends_report_every_five_seconds() -> None:
    call = make_call()
    call.talk(call.caller, seconds=11, quality=Quality(loss=0.1))
    reports = [rtcp.parse(bytes(sent.packet[28:])) for sent in call.scene.sent if is_report(sent)]
    assert len(reports) == 4
    sent, received = reports[2][0], reports[3][0]
    assert isinstance(sent, rtcp.Report)
    assert isinstance(received, rtcp.Report)
    assert sent.sender is not None
    assert sent.sender.packets == 501
    assert received.blocks[0].ssrc == sent.ssrc
    assert received.blocks[0].last_report == sent.sender.middle
    assert received.blocks[0].lost > 20


def test_reports_may_be_left_out() -> None:
    call = make_call()
    call.talk(call.caller, seconds=6, quality=Quality(rtcp=False))
    assert not any(map(is_report, call.scene.sent))


def test_nothing_flows_on_a_rejected_line() -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, answer=[audio().rejected()])
    scene.sent.clear()
    call.talk(seconds=1)
    assert scene.sent == []


def test_media_for_a_stranded_phone_goes_to_the_address_that_it_advertises() -> None:
    scene = Scene()
    alice = scene.phone("alice", "203.0.113.9", advertises="192.168.1.10", stranded=True)
    bob = scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    scene.sent.clear()
    call.talk(seconds=6)
    assert {(sent.source.address, sent.target.address) for sent in scene.sent} == {
        ("203.0.113.9", "198.51.100.20"),
        ("198.51.100.20", "192.168.1.10"),
    }
