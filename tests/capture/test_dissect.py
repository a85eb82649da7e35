"""Wireshark's own programs, run for what they do better."""

from pathlib import Path

import pytest

from collabtrace.capture import dissect
from collabtrace.errors import CaptureError
from collabtrace.testing import files
from collabtrace.testing.carriers import ethernet
from collabtrace.testing.wire import ipv4, udp

FRAME = ethernet(ipv4("192.0.2.1", "198.51.100.2", udp(4000, 4002, b"a payload")))
SECOND = 1_000_000_000
needs_tshark = pytest.mark.skipif(dissect.find("tshark") is None, reason="tshark is not installed")
needs_editcap = pytest.mark.skipif(dissect.find("editcap") is None, reason="editcap is not installed")


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    path = tmp_path / "two.pcap"
    path.write_bytes(files.pcap([(SECOND, FRAME), (2 * SECOND, FRAME)]))
    return path


@needs_tshark
def test_fields_come_as_text_packet_by_packet(capture: Path) -> None:
    names = ["frame.number", "frame.time_epoch", "udp.port", "sip.Method"]
    assert dissect.fields(capture, "frame.number == 2", names) == [("2", "2.000000000", "4000,4002", "")]


@needs_tshark
def test_options_reach_tshark(capture: Path) -> None:
    wrong = ["-o", "udp.check_checksum:FALSE"]
    assert dissect.fields(capture, "udp.checksum.status == 2", ["frame.number"], options=wrong) == [("1",), ("2",)]


@needs_tshark
def test_a_filter_that_is_none_is_refused_in_one_line(capture: Path) -> None:
    with pytest.raises(CaptureError, match=r"^two\.pcap: tshark refuses: .+") as raised:
        dissect.fields(capture, "udp ==", ["frame.number"])
    assert "\n" not in str(raised.value)


@needs_editcap
def test_a_converted_capture_is_pcapng_and_gone_afterwards(capture: Path) -> None:
    with dissect.convert(capture) as made:
        assert made.read_bytes().startswith(b"\x0a\x0d\x0d\x0a")
    assert not made.exists()


@needs_editcap
def test_what_ends_within_a_packet_is_converted_up_to_there(capture: Path) -> None:
    capture.write_bytes(capture.read_bytes()[:-5])
    with dissect.convert(capture) as made:
        assert bytes(FRAME) in made.read_bytes()


@needs_editcap
def test_what_is_no_capture_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader")
    with pytest.raises(CaptureError, match=r"^letter\.txt: no capture that Wireshark reads: .+"), dissect.convert(path):
        pass


def test_without_wireshark_the_program_that_is_missing_is_named(capture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(CaptureError, match="other formats need editcap"), dissect.convert(capture):
        pass
    with pytest.raises(CaptureError, match="needs tshark"):
        dissect.fields(capture, "", ["frame.number"])


@needs_editcap
def test_a_program_that_takes_too_long_is_stopped(capture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dissect, "TIMEOUT", 0)
    with pytest.raises(CaptureError, match=r"two\.pcap: editcap took more than 0 s"), dissect.convert(capture):
        pass


@needs_tshark
def test_a_frame_is_dissected_to_its_fields(capture: Path) -> None:
    packet = dissect.frame(capture, 2)
    assert [part.get("name") for part in packet.findall("proto")][1:5] == ["frame", "eth", "ip", "udp"]
    with pytest.raises(LookupError, match=r"two\.pcap has no frame 3"):
        dissect.frame(capture, 3)
