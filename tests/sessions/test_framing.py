"""Lengths of packets beside the time that they carry."""

from pathlib import Path

import pytest

from collabtrace.sessions import framing
from collabtrace.sessions.formats import Format
from collabtrace.testing import Scene
from tests.sessions.scenes import read_scene

PCMU = Format("PCMU/8000", 8000, "sdp")


def test_plain_packets_have_exactly_what_the_codec_needs(tmp_path: Path) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob).talk(alice, seconds=1)
    with read_scene(scene, tmp_path) as case:
        (stream,) = case.streams
        (traffic,) = case.traffic
        told = framing.build(traffic.media, traffic.numbers, stream, {0: PCMU}, stream.first, stream.last)
        assert (told.compared, told.plain, told.plain_frame) == (49, 49, stream.first_frame)
        assert (told.tag, told.tagged, told.payload) == (None, 0, 160)
        assert framing.extra_bytes(case.streams).tolist() == pytest.approx([0.0], abs=0.01)


@pytest.mark.parametrize(("encoding", "rate"), [("PCMU/8000", (1, 1)), ("G729/8000", (1, 8)), ("L16/44100/2", (4, 1))])
def test_codecs_of_constant_rate_are_known(encoding: str, rate: tuple[int, int]) -> None:
    assert framing.rate(Format(encoding, None, "sdp")) == rate


def test_others_are_not() -> None:
    assert framing.rate(Format("opus/48000/2", 48000, "sdp")) is None


@pytest.mark.parametrize("channels", ["", "abc", "-1", "0", "9" * 5000])
def test_channels_that_are_no_number_tell_no_rate(channels: str) -> None:
    assert framing.rate(Format(f"L16/8000/{channels}", 8000, "sdp")) is None
