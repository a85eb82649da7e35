"""The notebook's face: plain DataFrames, and objects that show themselves."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import collabtrace as ct
from collabtrace import samples
from collabtrace.capture import dissect
from collabtrace.columns import kinds
from collabtrace.schema import TABLES


@pytest.fixture(scope="module")
def trace() -> Iterator[ct.Trace]:
    opened = ct.example("baresip-video-caller")
    yield opened
    opened.case.close()


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_a_plain_frame_with_the_columns_declared(trace: ct.Trace, name: str) -> None:
    frame = getattr(trace, name)
    assert type(frame) is pd.DataFrame
    assert list(frame.columns) == list(kinds(TABLES[name]))


def test_pandas_works_on_the_tables(trace: ct.Trace) -> None:
    requests = trace.messages[trace.messages["method"].notna()]
    assert requests.groupby("method").size()["INVITE"] >= 1
    assert trace.streams["lost"].sum() >= 0


def test_a_call_is_found_by_number_and_by_call_id(trace: ct.Trace) -> None:
    call_id = trace.calls["call_ids"].tolist()[0][0]
    assert trace.call(call_id).number == trace.call(1).number == 1
    with pytest.raises(KeyError, match="no call 'nobody'"):
        trace.call("nobody")


def test_a_call_shows_its_ladder_its_paths_and_its_findings(trace: ct.Trace) -> None:
    call = trace.call(1)
    assert "INVITE" in str(call.ladder())
    assert call.ladder()._repr_svg_().startswith("<svg")
    assert len(call.paths().graph.nodes) >= 2
    assert list(call.findings.columns) == list(trace.findings.columns)
    assert "answered" in repr(call)


def test_the_trace_says_what_it_is(trace: ct.Trace) -> None:
    assert repr(trace).startswith("<Trace of baresip_video_caller.pcapng: ")
    assert "INVITE" in str(trace.ladder())
    assert len(trace.media_paths().graph.edges) >= 2


def test_the_report_is_written_where_asked(trace: ct.Trace, tmp_path: Path) -> None:
    assert trace.report(tmp_path / "case.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_open_takes_paths_and_names_what_it_cannot_read(tmp_path: Path) -> None:
    with pytest.raises(ct.CaptureError, match=r"nothing\.pcap"):
        ct.open(tmp_path / "nothing.pcap")


def test_an_unknown_example_lists_those_there_are() -> None:
    with pytest.raises(KeyError, match="sipp-udp"):
        ct.example("no-such-example")


def test_an_unknown_name_of_the_package_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        ct.missing  # noqa: B018


def test_a_verdict_shows_itself_as_cards_and_as_text() -> None:
    trace = ct.example("sipp-udp")
    shown = trace.verdict("capture-duplicates")
    assert "capture-duplicates" in repr(shown)
    assert "capture-drops" not in shown._repr_html_()
    assert 'href="#' not in trace.verdict()._repr_html_()


@pytest.mark.skipif(dissect.find("tshark") is None, reason="tshark is not installed")
def test_wireshark_looks_deeper_at_a_frame_without_its_secrets() -> None:
    trace = ct.example("kamailio-register-auth")
    frame = next(iter(trace.filter("sip.auth.digest.response")["frame"]))
    outline = str(trace.frame(frame))
    assert "Session Initiation Protocol (REGISTER)" in outline
    assert "Digest Authentication Response: [masked]" in outline
    secret = re.search(rb'response="(\w+)"', trace.case.text(list(trace.messages["frame"]).index(frame)))
    assert secret is not None
    assert secret[1].decode() not in outline


@pytest.mark.skipif(dissect.find("tshark") is None, reason="tshark is not installed")
def test_a_frame_that_is_not_there_is_named() -> None:
    with pytest.raises(LookupError, match=r"sipp_udp\.pcapng has no frame 99999"):
        ct.example("sipp-udp").frame(99999)
    with pytest.raises(LookupError, match=r"which file\? none is not one of sipp_tcp_caller\.pcapng, sipp_udp\.pcapng"):
        ct.open(samples.find("sipp-tcp-caller"), samples.find("sipp-udp")).frame(1)


def test_a_refresh_shows_what_was_captured_since(tmp_path: Path) -> None:
    whole, growing = samples.find("sipp-udp").read_bytes(), tmp_path / "x.pcapng"
    growing.write_bytes(whole[: len(whole) // 3])
    trace = ct.open(growing)
    before, call = (len(trace.messages), trace.captures["packets"][0]), trace.call(1)
    ladder, checked = str(call.ladder()), len(trace.diagnosis.judgements)
    assert not trace.refresh()
    with growing.open("ab") as writer:
        writer.write(whole[len(whole) // 3 :])
    came = trace.refresh()
    assert came.packets == trace.captures["packets"][0] - before[1] > 0
    assert came.messages == len(trace.messages) - before[0] > 0
    assert len(trace.calls) == 3
    assert str(call.ladder()) != ladder
    assert len(trace.diagnosis.judgements) > checked
    assert trace.section("calls")._repr_html_().count("<tr") > 3


def test_a_refresh_that_fails_leaves_all_as_it_was(tmp_path: Path) -> None:
    capture = tmp_path / "x.pcapng"
    capture.write_bytes(samples.find("sipp-udp").read_bytes())
    trace = ct.open(capture)
    capture.write_bytes(b"")
    with pytest.raises(ct.CaptureError, match="is empty"):
        trace.refresh()
    assert len(trace.calls) == 3


def test_a_call_that_a_ring_buffer_dropped_says_so(tmp_path: Path) -> None:
    capture = tmp_path / "x.pcapng"
    capture.write_bytes(samples.find("sipp-udp").read_bytes())
    trace = ct.open(capture)
    call = trace.call(1)
    capture.write_bytes(samples.find("kamailio-register-auth").read_bytes())
    trace.refresh()
    with pytest.raises(LookupError, match="is not in the captures any more"):
        call.ladder()
