"""No door tells which keys were pressed, unless it is asked to: two calls that differ in nothing else look alike."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import collabtrace as ct
from collabtrace.capture import dissect
from collabtrace.cli import app
from collabtrace.findings import diagnose
from collabtrace.schema import TABLES
from collabtrace.testing import Scene, audio
from collabtrace.testing.keys import MESSAGES
from collabtrace.views import findings

METHODS = ("rtp-event", *MESSAGES)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two captures of one name, in which other keys are pressed."""
    return written(tmp_path_factory.mktemp("one"), "7*77"), written(tmp_path_factory.mktemp("other"), "3D33")


def written(folder: Path, keys: str) -> Path:
    """A call over a B2BUA with keys told by every method, and some that nothing but their form tells."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, via=[scene.b2bua("pbx", "203.0.113.5", anchors_media=True)], media=[audio()])
    call.subscribe(bob)
    for method in METHODS:
        call.press(alice, keys, method=method)
        call.press(bob, keys, method=method, legs=call.legs[:1])
    call.press(alice, keys, payload_type=96)
    call.request(alice, "INFO", headers={"Content-Type": "application/dtmf-relay"}, body=f"Signal={keys}".encode())
    call.hang_up(alice)
    scene.write(folder / "keys.pcapng")
    return folder


def doors(folder: Path) -> Iterator[tuple[str, str]]:
    """Everything that the program shows of a capture, by the name of the door; check sums of the file are left out."""
    trace = ct.open(folder / "keys.pcapng")
    sum_of_file = trace.case.captures[0].sha256
    diagnosis = diagnose(trace.case)
    for name in set(TABLES) - {"captures", "digits"}:
        yield name, getattr(trace, name).to_csv()
    yield "digits", trace.digits.to_csv()
    yield "cells", trace.digits.to_html() + repr(trace.digits)
    yield "ladder", str(trace.ladder()) + str(trace.call(1).ladder()._repr_html_())
    for drawing in (trace.ladder(), trace.media_paths()):
        for suffix in drawing.drawings.by_suffix:
            yield f"{drawing!r}{suffix}", repr(drawing.save(folder / f"drawing{suffix}").read_bytes())
    yield "report", trace.report(folder / "report.html").read_text(encoding="utf-8").replace(sum_of_file, "")
    yield "findings", findings.as_text(trace.case, diagnosis)
    yield "judgements", findings.as_json(trace.case, diagnosis).replace(sum_of_file, "")
    for style in ("text", "csv", "json"):
        yield f"tables as {style}", run(folder, "--format", style)
    trace.case.close()


def run(folder: Path, *options: str) -> str:
    return CliRunner().invoke(app, ["tables", str(folder / "keys.pcapng"), "--table", "digits", *options]).output


def test_no_door_tells_the_keys(folders: tuple[Path, Path]) -> None:
    one, other = (dict(doors(folder)) for folder in folders)
    assert one["digits"].count("•") >= 4 * len(METHODS)
    assert [name for name in one if one[name] != other[name]] == []


@pytest.mark.skipif(dissect.find("tshark") is None, reason="tshark is not installed")
def test_no_dissection_tells_the_keys(folders: tuple[Path, Path]) -> None:
    one, other = (ct.open(folder / "keys.pcapng") for folder in folders)
    told: dict[tuple[object, ...], int] = {}
    for key in one.case.digits:
        told.setdefault((key.method, key.source, key.payload_type, len(told) > 10), key.last_frame)
    assert [frame for frame in told.values() if str(one.frame(frame)) != str(other.frame(frame))] == []
    assert one.filter("rtp or sip").to_csv() == other.filter("rtp or sip").to_csv()


def test_a_written_table_tells_no_keys(folders: tuple[Path, Path]) -> None:
    for folder in folders:
        run(folder, "--format", "parquet", "-o", str(folder / "keys.parquet"))
    one, other = ((folder / "keys.parquet").read_bytes() for folder in folders)
    assert one == other


def test_who_asks_for_the_keys_gets_them(folders: tuple[Path, Path]) -> None:
    trace = ct.open(folders[0] / "keys.pcapng", reveal_digits=True)
    assert set(trace.digits["digit"].dropna()) == {"7", "*"}
    assert "," + "7" + "," in run(folders[0], "--format", "csv", "--reveal-digits")
    assert "•" not in run(folders[0], "--reveal-digits")


@pytest.mark.parametrize("asked", [(), ("--reveal-digits",)])
def test_no_written_table_tells_the_password_of_a_uri(tmp_path: Path, asked: tuple[str, ...]) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.request(alice, bob, "REGISTER", headers={"From": "<sip:alice:hunter2@example.com>;tag=1"})
    scene.write(tmp_path / "keys.pcapng")
    for table in ("messages", "transactions"):
        arguments = ["tables", str(tmp_path / "keys.pcapng"), "--table", table, "--format", "json", *asked]
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0
        assert "hunter2" not in result.output
        frame = getattr(ct.open(tmp_path / "keys.pcapng", reveal_digits=bool(asked)), table)
        assert len(frame)
        assert "hunter2" not in frame.to_csv()
