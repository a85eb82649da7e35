"""Captures that can leave the house."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from collabtrace import samples
from collabtrace.capture import dissect
from collabtrace.errors import CaptureError
from collabtrace.findings import diagnose
from collabtrace.redaction import rewriting
from collabtrace.redaction.redact import redact
from collabtrace.sessions.case import read_case
from collabtrace.testing import Scene, audio

SAMPLES = sorted({path for name in samples.names() for path in samples.case(name)})


def keys_pressed(path: Path) -> Path:
    """A call over a B2BUA and TCP, with keys."""
    scene = Scene()
    alice = scene.phone("alexandra", "192.0.2.10", transport="tcp", user_agent="Cisco-CP8841/12.6.1")
    bob = scene.phone("bobby", "198.51.100.20")
    call = scene.call(alice, bob, via=[scene.b2bua("pbx", "203.0.113.5", anchors_media=True)], media=[audio()])
    call.press(alice, "7*77")
    call.hang_up(alice)
    scene.write(path)
    return path


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_passes_the_proof(sample: Path, tmp_path: Path) -> None:
    redact([sample], [tmp_path / "out.pcapng"])
    assert [path.name for path in tmp_path.iterdir()] == ["out.pcapng"]


def test_nobody_is_named_and_the_call_is_the_same(tmp_path: Path) -> None:
    source, target = keys_pressed(tmp_path / "in.pcapng"), tmp_path / "out.pcapng"
    redact([source], [target])
    data = target.read_bytes()
    assert not any(private in data for private in (b"alexandra", b"bobby", b"192.0.2.10", b"203.0.113.5"))
    assert b"Cisco-CP8841/12.6.1" in data
    with read_case([source]) as before, read_case([target]) as after:
        assert after.calls.values("result") == before.calls.values("result")
        assert after.streams.values("lost") == before.streams.values("lost")
        assert len(after.digits) == len(before.digits)
        assert set(after.digits.values("digit")) <= {"1", "*", "#"}


@pytest.mark.parametrize("line", ["Hello Peter", 'it\'s "Peter"', f"X-Trace: {'Ab' * 150}", f"X-Count: {'7' * 300}"])
def test_messages_that_are_broken_or_odd_can_leave_too(line: str, tmp_path: Path) -> None:
    scene = Scene()
    alice, bob = scene.phone("alexandra", "192.0.2.10"), scene.phone("bobby", "198.51.100.20")
    head = "MESSAGE sip:bobby@b SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1\r\nCall-ID: 1@x\r\n"
    message = f"{head}CSeq: 1 MESSAGE\r\nFrom: <sip:alexandra@b>;tag=1\r\nTo: <sip:bobby@b>\r\n{line}\r\n\r\n"
    scene.datagram(alice, bob, (5060, 5060), message.encode())
    scene.write(tmp_path / "in.pcapng")
    redact([tmp_path / "in.pcapng"], [tmp_path / "out.pcapng"])
    assert line.encode() not in (tmp_path / "out.pcapng").read_bytes()


def test_a_name_that_is_shown_is_gone_from_headers_of_the_protocol_too(tmp_path: Path) -> None:
    said = {
        "P-Asserted-Identity": '"Kowalczyk Peter" <sip:1001@192.0.2.10>',
        "Content-Disposition": 'session;filename="salary-2026-kowalczyk.pdf"',
        "Recv-Info": "kowalczyk",
        "Retry-After": "5 (Kowalczyk is at the dentist)",
    }
    scene = Scene()
    alice = scene.phone("1001", "192.0.2.10", user_agent="Cisco-Jabber/14 (Laptop of Kowalczyk)")
    scene.call(alice, scene.phone("1002", "198.51.100.20"), headers=said).hang_up(alice)
    scene.write(tmp_path / "in.pcapng")
    redact([tmp_path / "in.pcapng"], [tmp_path / "out.pcapng"])

    written = (tmp_path / "out.pcapng").read_bytes()
    assert not re.findall(rb"(?i)kowalczyk|salary|dentist", written)
    assert re.findall(rb"Content-Disposition: session;filename=", written)
    assert re.findall(rb"Retry-After: 5 \(", written)
    assert re.findall(rb"User-Agent: Cisco-Jabber/14 \(Laptop of ", written)


def test_two_capture_points_stay_one_case(tmp_path: Path) -> None:
    sources = [samples.find(name) for name in ("sipp-tcp-caller", "sipp-tcp-callee")]
    targets = [tmp_path / source.name for source in sources]
    redact(sources, targets)
    with read_case(sources) as before, read_case(targets) as after:
        assert len(after.calls) == len(before.calls)
        assert len(diagnose(after).findings) == len(diagnose(before).findings)


def test_one_key_gives_the_same_substitutes_again(tmp_path: Path) -> None:
    one, two, other = (tmp_path / name for name in ("one", "two", "other"))
    for target, key in ((one, b"key"), (two, b"key"), (other, None)):
        redact([samples.find("sipp-udp")], [target], key)
    assert one.read_bytes() == two.read_bytes() != other.read_bytes()


def test_what_fails_the_proof_is_not_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def copied(path: Path, out: "object", text: object, *, compressed: bool) -> None:
        out.write(path.read_bytes())  # type: ignore[attr-defined]

    monkeypatch.setattr(rewriting, "rewrite", copied)
    with pytest.raises(CaptureError, match=r"sipp_udp.pcapng: not redacted, because the address .* is still"):
        redact([samples.find("sipp-udp")], [tmp_path / "out.pcapng"])
    assert not list(tmp_path.iterdir())


@pytest.fixture
def fields() -> Callable[[Path], list[tuple[str, ...]]]:
    if dissect.find("tshark") is None:
        pytest.skip("tshark is not installed")
    wanted = ["frame.number", "frame.time_epoch", "frame.len", "udp.srcport", "tcp.seq_raw", "tcp.len", "sip.CSeq"]
    return lambda path: [tuple(row) for row in dissect.fields(path, "frame", wanted)]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_tshark_reads_the_same_frames(
    sample: Path, tmp_path: Path, fields: Callable[[Path], list[tuple[str, ...]]]
) -> None:
    redact([sample], [tmp_path / "out.pcapng"])
    assert fields(tmp_path / "out.pcapng") == fields(sample)
