"""The command line keeps the promises that people script against: exit status, streams, JSON and columns."""

import csv
import json
import os
import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from collabtrace import samples
from collabtrace.columns import kinds
from collabtrace.rulebook import rules
from collabtrace.schema import TABLES

UDP = str(samples.find("sipp-udp"))
FRAGMENTS = str(samples.find("sipp-fragments"))


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "collabtrace", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def refused(*words: str) -> str:
    """Run a command that cannot work, and give the one line that it says."""
    done = run(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_report_writes_one_file_and_names_it(tmp_path: Path) -> None:
    target = tmp_path / "case.html"
    done = run("report", UDP, "-o", str(target))
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, str(target), "")
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_redact_writes_a_capture_that_names_nobody(tmp_path: Path) -> None:
    target = tmp_path / "out.pcapng"
    done = run("redact", UDP, str(target))
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, str(target), "")
    findings = [json.loads(run("diagnose", path, "--format", "json").stdout)["findings"] for path in (UDP, str(target))]
    assert [found["rule"] for found in findings[0]] == [found["rule"] for found in findings[1]]


def test_redact_writes_several_captures_into_a_folder(tmp_path: Path) -> None:
    done = run("redact", UDP, FRAGMENTS, str(tmp_path / "out"), "--key", "ours")
    assert done.stdout.split() == [str(tmp_path / "out" / Path(path).name) for path in (UDP, FRAGMENTS)]


def test_nothing_is_written_over_a_capture(tmp_path: Path) -> None:
    capture = tmp_path / "evidence.pcapng"
    capture.write_bytes(Path(UDP).read_bytes())
    commands: list[list[str]] = [["report"], ["tables", "--table", "calls"], ["ladder"], ["paths"]]
    for command in commands:
        assert "is the capture itself" in refused(*command, UDP, str(capture), "-o", str(capture))
    assert "is the capture itself" in refused("redact", str(capture), str(capture))
    assert capture.read_bytes() == Path(UDP).read_bytes()


def test_diagnose_as_json_has_what_the_contract_promises() -> None:
    document = json.loads(run("diagnose", UDP, "--format", "json").stdout)
    capture = document["captures"][0]
    assert capture["file"] == "sipp_udp.pcapng"
    assert capture["first"].endswith("Z")
    assert capture["truncated"] is False
    assert len(capture["sha256"]) == 64
    assert {judgement["rule"] for judgement in document["judgements"]} <= {rule.id for rule in rules()}
    assert {judgement["verdict"] for judgement in document["judgements"]} <= {"fault", "clear", "unknown"}


def test_a_rule_that_is_named_twice_looks_once() -> None:
    told = run("diagnose", UDP, "--rule", "sip-no-reply", "--rule", "sip-no-reply").stdout
    assert "; 1 of 1 rule had something to judge: sip-no-reply\n" in told


def test_diagnose_can_be_limited_to_one_rule() -> None:
    document = json.loads(run("diagnose", UDP, "--format", "json", "--rule", "capture-drops").stdout)
    assert {judgement["rule"] for judgement in document["judgements"]} == {"capture-drops"}


@pytest.mark.parametrize("name", [name for name in TABLES if name != "findings"])
def test_every_table_can_be_written_as_csv(name: str, tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    assert run("tables", UDP, "--table", name, "--format", "csv", "-o", str(target)).returncode == 0
    with target.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header == list(kinds(TABLES[name]))


def test_a_table_as_json_has_null_for_what_is_missing() -> None:
    rows = json.loads(run("tables", UDP, "--table", "messages", "--format", "json").stdout)
    request, response = (next(row for row in rows if (row["method"] is None) is answer) for answer in (False, True))
    assert request["status"] is None
    assert response["status"] >= 100
    assert request["transport"] == "udp"


def test_the_ladder_is_text_on_stdout_and_a_drawing_in_a_file(tmp_path: Path) -> None:
    assert "INVITE" in run("ladder", UDP).stdout
    for suffix, begin in ((".svg", b"<"), (".png", b"\x89PNG"), (".txt", b""), (".mmd", b"sequenceDiagram")):
        target = tmp_path / f"ladder{suffix}"
        assert run("ladder", UDP, "--call", "1", "-o", str(target)).returncode == 0
        assert target.read_bytes().startswith(begin)


def test_the_paths_are_a_graph_in_a_file(tmp_path: Path) -> None:
    for suffix, begin in ((".svg", b"<"), (".png", b"\x89PNG"), (".graphml", b"<?xml"), (".json", b"{")):
        target = tmp_path / f"paths{suffix}"
        assert run("paths", UDP, "-o", str(target)).returncode == 0
        assert target.read_bytes().startswith(begin)


def test_rules_and_explain_show_the_same_catalogue() -> None:
    listed = run("rules").stdout.splitlines()
    assert [line.split()[0] for line in listed] == [rule.id for rule in rules()]
    assert run("explain", "capture-drops").stdout.startswith("The capture itself has holes.")


def test_an_unknown_name_is_refused_with_those_that_exist() -> None:
    assert "the rules are: bfcp-blocked, " in refused("explain", "x")
    assert "did you mean bfcp-blocked?" in refused("diagnose", UDP, "--rule", "BFCP-block")
    assert "the tables are: captures, " in refused("tables", UDP, "--table", "no-such-table")
    assert "the suffixes are .svg" in refused("ladder", UDP, "-o", "ladder.docx")
    told = refused("ladder", UDP, "--call", "nobody")
    assert "there is no call 'nobody' in the capture; its calls are: 1, answered-1@example.com; 2, " in told


def test_without_arguments_the_program_says_what_it_can_do() -> None:
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    assert all(command in done.stdout for command in ("report", "diagnose", "tables", "ladder", "paths", "rules"))


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").stdout.strip() == f"collabtrace {version('collabtrace')}"


def test_wrong_arguments_are_refused_in_one_line() -> None:
    assert "collabtrace: " in refused("report")
    assert "collabtrace: " in refused("diagnose", UDP, "--format", "yaml")
    assert "name a table with --table; the tables are: " in refused("tables", UDP)
    assert "name a rule: bfcp-blocked, " in refused("explain")
    assert "Parquet is not text" in refused("tables", UDP, "--table", "calls", "--format", "parquet")


def test_bad_input_is_refused_in_one_line_that_names_the_file(tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.pcap", tmp_path / "notes.pcap"
    empty.touch()
    text.write_text("Dear diary, today the share button was grey again.", encoding="utf-8")
    for path in (empty, text, tmp_path, tmp_path / "missing.pcap"):
        assert path.name in refused("diagnose", str(path))


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    assert "cannot be written" in refused("report", UDP, "-o", str(tmp_path / "no" / "such" / "folder.html"))


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_error(closed: str) -> None:
    command = f"exec {shlex.quote(sys.executable)} -m collabtrace rules {closed}"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_suffix_of_a_file_tells_how_a_table_is_written(tmp_path: Path) -> None:
    for suffix in ("csv", "json"):
        assert run("tables", UDP, "--table", "calls", "-o", str(tmp_path / f"calls.{suffix}")).returncode == 0
    assert len(json.loads((tmp_path / "calls.json").read_text(encoding="utf-8"))) == 3
    assert (tmp_path / "calls.csv").read_text(encoding="utf-8").startswith("call,call_ids,")


def test_a_closed_pipe_is_no_error() -> None:
    shell = f"{sys.executable} -m collabtrace tables {UDP} --table messages | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell], capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_several_captures_are_points_of_one_case() -> None:
    rows = json.loads(run("tables", UDP, FRAGMENTS, "--table", "captures", "--format", "json").stdout)
    assert [row["file"] for row in rows] == ["sipp_udp.pcapng", "sipp_fragments.pcapng"]


def test_a_batch_makes_reports_an_index_and_a_table(tmp_path: Path) -> None:
    pytest.importorskip("papermill", reason="papermill is not installed")
    done = run("batch", UDP, FRAGMENTS, "-o", str(tmp_path / "out"))
    assert (done.returncode, done.stdout.strip()) == (0, str(tmp_path / "out" / "index.html"))
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"index.html", "findings.csv", "sipp_udp.html", "sipp_fragments.html"} <= made
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8", newline="") as table:
        assert next(csv.reader(table)) == ["case", *kinds(TABLES["findings"])]


def test_a_batch_with_a_capture_that_fails_says_so_and_makes_the_others(tmp_path: Path) -> None:
    pytest.importorskip("papermill", reason="papermill is not installed")
    (tmp_path / "broken.pcap").write_bytes(b"this is no capture")
    done = run("batch", UDP, str(tmp_path / "broken.pcap"), "-o", str(tmp_path / "out"))
    assert done.returncode == 2
    assert done.stdout.strip() == str(tmp_path / "out" / "index.html")
    assert done.stderr.startswith("collabtrace: 1 of 2 cases have no report; the first: ")


def test_a_batch_of_nothing_is_refused(tmp_path: Path) -> None:
    assert "no capture is in it" in refused("batch", str(tmp_path), "-o", str(tmp_path / "out"))
    assert "there is no such file or folder" in refused("batch", str(tmp_path / "gone"), "-o", "out")
    assert "the formats are html, ipynb, pdf" in refused("batch", UDP, "-o", "out", "--format", "docx")


def test_compare_shows_two_captures_of_the_same_traffic() -> None:
    inside, outside = (str(samples.find(f"nat-sdp-rewritten-{side}")) for side in ("inside", "outside"))
    done = run("compare", inside, outside)
    assert done.returncode == 0
    assert "9 messages in both, 9 of them with another text" in done.stdout
