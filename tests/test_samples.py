"""The sample captures: found by name, small, explained, and read as tshark reads them."""

import runpy
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collabtrace import samples
from collabtrace.capture import dissect
from collabtrace.sessions.case import read_case

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "sample_captures"
CARDS = runpy.run_path(str(ROOT / "docs" / "make_cards.py"))
CAPTURES: list[Path] = CARDS["captures"]()
MOST_BYTES = 10_000_000
TSHARK = dissect.find("tshark")

needs_tshark = pytest.mark.skipif(TSHARK is None, reason="tshark is not installed")
every_capture = pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.stem)


def test_names_are_those_of_the_files_and_of_cases_recorded_at_several_places() -> None:
    names = set(samples.names())

    assert names >= {path.stem.replace("_", "-") for path in CAPTURES}
    assert names >= {"sipp-tcp", "sipp-tcp-caller", "sipp-tcp-callee"}


def test_hyphens_and_underscores_are_alike() -> None:
    assert samples.find("sipp-udp") == samples.find("sipp_udp") == FOLDER / "sipp_udp.pcapng"


def test_a_case_has_all_places_at_which_it_was_recorded() -> None:
    assert [path.name for path in samples.case("sipp-tcp")] == ["sipp_tcp_caller.pcapng", "sipp_tcp_callee.pcapng"]


def test_a_case_of_a_file_s_own_name_is_that_file() -> None:
    assert [path.name for path in samples.case("bfcp-blocked")] == ["bfcp_blocked.pcapng"]


def test_files_are_all_captures_by_name() -> None:
    assert samples.files() == CAPTURES


@pytest.mark.parametrize("name", samples.names())
def test_every_name_is_a_case(name: str) -> None:
    assert all(path.is_file() for path in samples.case(name))


def test_a_name_that_is_none_gets_the_list() -> None:
    with pytest.raises(KeyError, match=r"there are: .*sipp-udp"):
        samples.case("nothing")


def test_all_together_are_small() -> None:
    assert sum(path.stat().st_size for path in CAPTURES) < MOST_BYTES


@every_capture
def test_script_is_there(capture: Path) -> None:
    assert CARDS["script"](capture).is_file()


@pytest.mark.parametrize("name", samples.names())
def test_card_is_current(name: str) -> None:
    written = CARDS["target"](name).read_text(encoding="utf-8")

    assert written == CARDS["card"](name), "make cards writes it again"


def test_every_card_has_its_case() -> None:
    cards = {path.name for path in FOLDER.glob("*.md")} - {"README.md"}

    assert cards == {CARDS["target"](name).name for name in samples.names()}


@needs_tshark
@every_capture
def test_messages_are_as_tshark_says(capture: Path) -> None:
    with read_case([capture]) as case:
        columns = [
            case.messages.values(name) for name in ("frame", "method", "status", "call_id", "cseq", "cseq_method")
        ]

    assert list(zip(*columns, strict=True)) == list(messages_by_tshark(capture))


@needs_tshark
@every_capture
def test_streams_are_as_tshark_says(capture: Path) -> None:
    with read_case([capture]) as case:
        names = ("source", "source_port", "target", "target_port", "ssrc", "packets", "lost")
        columns = [case.streams.values(name) for name in names]
        figures = [case.streams.values(name) for name in ("max_delta_ms", "max_jitter_ms", "payload_types")]
    ours = dict(zip(zip(*columns, strict=True), zip(*figures, strict=True), strict=True))
    theirs = dict(streams_by_tshark(capture))

    assert ours.keys() == theirs.keys()
    for stream, (delta, jitter) in theirs.items():
        our_delta, our_jitter, payload_types = ours[stream]
        assert our_delta == pytest.approx(delta, abs=0.01)
        # After key presses Wireshark takes the length of the key for jitter: tests/corpus/test_streams.py.
        assert our_jitter == pytest.approx(jitter, abs=0.1) or len(payload_types) > 1


def messages_by_tshark(capture: Path) -> Iterator[tuple[Any, ...]]:
    """Frame, method, status, Call-ID, CSeq of each SIP message that is not only quoted in an ICMP error."""
    for packet in ET.fromstring(tshark(capture, "-Y", "sip && !icmp", "-T", "pdml")):
        for layer in packet.iterfind("proto[@name='sip']"):
            shown: dict[str | None, list[str | None]] = {}
            for field in layer.iter("field"):
                shown.setdefault(field.get("name"), []).append(field.get("show"))
            said = {name: values[0] for name, values in shown.items()}
            (frame,) = (field.get("show") for field in packet.iter("field") if field.get("name") == "frame.number")
            yield (
                int(frame or 0),
                said["sip.Method"] if "sip.Status-Code" not in said else None,
                int(said["sip.Status-Code"] or 0) if "sip.Status-Code" in said else None,
                said["sip.Call-ID"],
                int(said["sip.CSeq.seq"] or 0),
                said["sip.CSeq.method"],
            )


def streams_by_tshark(capture: Path) -> Iterator[tuple[tuple[Any, ...], tuple[float, float]]]:
    """Each RTP stream with what was received and lost, and its largest delta and jitter in milliseconds."""
    for line in tshark(capture, "-q", "-z", "rtp,streams").splitlines():
        words = line.split()
        if len(words) < 14 or not words[6].startswith("0x"):
            continue
        # Names of codecs may hold blanks: the figures are counted from the end.
        figures = words[7:] if words[-1] != "X" else words[7:-1]
        packets, lost, _, _, _, delta, _, _, jitter = figures[-9:]
        address = (words[2], int(words[3]), words[4], int(words[5]), words[6].lower())
        yield (*address, int(packets), int(lost)), (float(delta), float(jitter))


def tshark(capture: Path, *options: str) -> str:
    assert TSHARK is not None
    command = [TSHARK, "-n", "-r", str(capture), *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
