"""A case: every table of the captures given together, and the texts behind them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collabtrace.columns import Table
from collabtrace.errors import CaptureError
from collabtrace.schema import TABLES
from collabtrace.sessions.case import Case, read_case
from collabtrace.testing.scene import Scene


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, answer_after=1.9)
    call.talk(alice, seconds=2)
    call.hang_up(alice)
    path = tmp_path_factory.mktemp("case") / "call.pcapng"
    scene.write(path)
    return path


@pytest.fixture(scope="module")
def case(capture: Path) -> Iterator[Case]:
    with read_case([capture]) as opened:
        yield opened


@pytest.mark.parametrize("name", [name for name in TABLES if name != "findings"])
def test_every_table_is_there_and_of_its_kind(case: Case, name: str) -> None:
    table = getattr(case, name)
    assert isinstance(table, Table)
    assert table.record is TABLES[name]


def test_a_call_leads_to_its_legs_messages_media_and_streams(case: Case) -> None:
    (call,) = case.calls
    (dialog_row,) = call.dialog_rows
    leg = case.dialogs[dialog_row]
    assert leg.call == call.call == 1
    assert [case.messages[row].method for row in leg.message_rows if case.messages[row].method] == [
        "INVITE",
        "ACK",
        "BYE",
    ]
    (line,) = case.media
    assert line.dialog_row == dialog_row
    (stream,) = case.streams
    assert (stream.call_id, stream.media_row, stream.packets) == (leg.call_id, 0, 100)
    assert stream.lost == 0


def test_the_text_of_a_message_is_its_bytes_and_its_sdp_the_body(case: Case) -> None:
    assert case.text(0).startswith(b"INVITE sip:bob@")
    assert case.sip(0).method == "INVITE"
    assert case.sdp(0) == case.sip(0).body
    assert case.sdp(0).startswith(b"v=0\r\n")


@pytest.mark.parametrize(("before", "behind"), [(b"", b""), (b"\r\n\r\n", b""), (b"", b"m=video 9 RTP/AVP 96\r\n")])
def test_the_sdp_is_the_body_whatever_stands_around_the_message(tmp_path: Path, before: bytes, behind: bytes) -> None:
    sdp = b"v=0\r\nm=audio 9 RTP/AVP 0\r\n"
    head = (
        b"INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1\r\nCall-ID: 1\r\n"
        b"From: <sip:alice@example.com>;tag=a\r\nTo: <sip:bob@example.com>\r\nCSeq: 1 INVITE\r\n"
        b"Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n"
    )
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.datagram(alice, bob, (5060, 5060), before + head % len(sdp) + sdp + behind)
    scene.write(tmp_path / "one.pcap")
    with read_case([tmp_path / "one.pcap"]) as case:
        assert (case.messages[0].flaws is None) is (not behind)
        assert case.sdp(0) == sdp


def test_a_call_is_known_by_its_call_id_and_by_its_number(case: Case) -> None:
    (call_id,) = case.calls[0].call_ids
    assert case.call_number(call_id) == case.call_number("1") == 1
    assert case.call_number("2") is None
    assert case.call_number("9" * 5000) is None
    assert case.call_number("nobody@example.com") is None


def test_a_stream_has_a_timeline(case: Case) -> None:
    assert sum(case.timeline(0).packets) == 100


def test_progress_is_told_in_bytes(capture: Path) -> None:
    told: list[int] = []
    read_case([capture], told.append).close()
    assert sum(told) == capture.stat().st_size


def test_two_points_of_one_case_are_one_call(capture: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pcapng"
    other.write_bytes(capture.read_bytes())
    with read_case([capture, other]) as case:
        assert case.captures.values("file") == ["call.pcapng", "other.pcapng"]
        assert len(case.calls) == 1
        assert set(case.messages.values("file")) == {"call.pcapng", "other.pcapng"}


def test_captures_of_one_name_in_two_folders_are_told_apart(capture: Path, tmp_path: Path) -> None:
    other = tmp_path / capture.name
    other.write_bytes(capture.read_bytes())
    with read_case([capture, other]) as case:
        assert case.captures.values("file") == ["call.pcapng", "call.pcapng (2)"]
        assert set(case.streams.values("file")) == {"call.pcapng", "call.pcapng (2)"}
        assert len(case.interfaces) == 2


def test_a_case_needs_a_capture() -> None:
    with pytest.raises(ValueError, match="at least one capture"):
        read_case([])


def test_a_file_that_is_no_capture_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a capture at all, just some words")
    with pytest.raises(CaptureError, match=r"notes\.txt"):
        read_case([path])
