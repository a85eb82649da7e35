"""Captures that are still written are read as far as they go, and again when they grew."""

from pathlib import Path

import pytest

from collabtrace import samples
from collabtrace.errors import CaptureError
from collabtrace.sessions.case import read_case
from collabtrace.sessions.following import Following
from collabtrace.testing.files import pcap
from collabtrace.testing.scene import Scene

SAMPLES = ("sipp-tcp-caller", "sipp-fragments", "baresip-video-caller")
PIECES = 12
SMALLEST = 24
"""Bytes of the header of a file."""


def conversation() -> list[tuple[int, bytes]]:
    """The packets of one call."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob).hang_up(alice)
    return scene.packets()


def ring(folder: Path, number: int) -> Path:
    return folder / f"trunk_{number:05}_2026010510{number:02}00.pcapng"


def files(following: Following) -> list[str]:
    with following.read() as case:
        return list(case.files)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_that_grows_in_pieces_tells_the_same_as_one_that_is_whole(name: str, tmp_path: Path) -> None:
    whole = samples.find(name).read_bytes()
    growing = tmp_path / samples.find(name).name
    following, packets = Following([growing]), []
    with growing.open("ab", buffering=0) as writer:
        writer.write(whole[:SMALLEST])
        for piece in range(PIECES):
            begin, end = (SMALLEST + (len(whole) - SMALLEST) * part // PIECES for part in (piece, piece + 1))
            writer.write(whole[begin:end])
            assert following.changed()
            with following.read() as case:
                packets.append(case.captures[0].packets)
            assert not following.changed()
    with following.read() as grown, read_case([samples.find(name)]) as known:
        assert packets == sorted(packets)
        assert list(grown.captures) == list(known.captures)
        assert list(grown.messages) == list(known.messages)
        assert list(grown.streams) == list(known.streams)


def test_it_is_read_up_to_the_packet_that_is_not_whole_yet(tmp_path: Path) -> None:
    packets = conversation()
    whole, growing = pcap(packets), tmp_path / "x.pcap"
    last = len(whole) - 16 - len(packets[-1][1])
    for cut in range(last, len(whole)):
        growing.write_bytes(whole[:cut])
        with Following([growing]).read() as case:
            assert case.captures[0].packets == len(packets) - 1
            assert case.captures[0].truncated == (cut > last)


def test_a_ring_buffer_is_opened_by_the_name_given_to_dumpcap(tmp_path: Path) -> None:
    for number in (1, 2):
        ring(tmp_path, number).write_bytes(samples.find("sipp-udp").read_bytes())
    following = Following([tmp_path / "trunk.pcapng"])
    assert files(following) == [ring(tmp_path, 1).name, ring(tmp_path, 2).name]


def test_a_file_that_appears_in_a_ring_buffer_joins_once_it_has_a_header(tmp_path: Path) -> None:
    capture = samples.find("sipp-udp").read_bytes()
    ring(tmp_path, 1).write_bytes(capture)
    following = Following([ring(tmp_path, 1)])
    assert files(following) == [ring(tmp_path, 1).name]
    ring(tmp_path, 2).touch()
    assert not following.changed()
    ring(tmp_path, 2).write_bytes(capture)
    assert following.changed()
    assert files(following) == [ring(tmp_path, 1).name, ring(tmp_path, 2).name]


def test_a_file_that_a_ring_buffer_deleted_is_left_out(tmp_path: Path) -> None:
    for number in (1, 2):
        ring(tmp_path, number).write_bytes(samples.find("sipp-udp").read_bytes())
    following = Following([ring(tmp_path, 1), ring(tmp_path, 2)])
    assert len(files(following)) == 2
    ring(tmp_path, 1).unlink()
    assert following.changed()
    assert files(following) == [ring(tmp_path, 2).name]


def test_what_was_beside_a_file_when_it_was_opened_was_not_asked_for(tmp_path: Path) -> None:
    for number in (1, 2):
        ring(tmp_path, number).write_bytes(samples.find("sipp-udp").read_bytes())
    assert files(Following([ring(tmp_path, 1)])) == [ring(tmp_path, 1).name]


def test_a_file_that_another_took_the_name_of_has_changed(tmp_path: Path) -> None:
    capture, new = tmp_path / "x.pcapng", tmp_path / "new"
    capture.write_bytes(samples.find("sipp-udp").read_bytes())
    new.write_bytes(capture.read_bytes())
    following = Following([capture])
    following.read().close()
    new.replace(capture)
    assert following.changed()


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"nothing\.pcap"):
        Following([tmp_path / "nothing.pcap"]).read()
