"""The explorer's Python side: it answers with what the report shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import collabtrace as ct
from collabtrace import samples
from tests.reports.markup_reader import read

pytest.importorskip("anywidget", reason="anywidget is not installed")

from collabtrace.widgets.explorer import Explorer


@pytest.fixture
def trace() -> Iterator[ct.Trace]:
    opened = ct.example("sipp-udp")
    yield opened
    opened.case.close()


def test_it_opens_a_call_and_lists_all(trace: ct.Trace) -> None:
    explorer = trace.explore()
    assert [row["result"] for row in explorer.calls] == ["answered", "busy", "cancelled"]
    assert explorer.chosen >= 1
    assert "Ladder" in explorer.article


def test_choosing_a_call_answers_with_its_article(trace: ct.Trace) -> None:
    explorer = trace.explore()
    explorer.chosen = 2
    assert "486 Busy Here" in read(explorer.article).text
    explorer.chosen = 99
    assert explorer.article == ""


def test_asking_for_a_message_answers_with_its_text(trace: ct.Trace) -> None:
    explorer = trace.explore()
    explorer.asked = 0
    assert "INVITE sip:" in read(explorer.message).text
    explorer.chosen = 2
    assert explorer.message == ""


def test_an_exported_document_has_the_static_twin(trace: ct.Trace) -> None:
    data, _ = trace.explore()._repr_mimebundle_()
    twin = read(data["text/html"])
    assert len(twin.all("details", class_="article")) == 3
    assert not twin.all("script")
    assert data["text/plain"] == "<Explorer of 3 calls>"


def test_a_case_without_calls_can_be_explored() -> None:
    explorer = ct.example("kamailio-register-auth").explore()
    assert (explorer.calls, explorer.chosen, explorer.article) == ([], 0, "")


def test_the_button_reads_what_came_and_leaves_open_what_was(tmp_path: Path) -> None:
    whole, growing = samples.find("sipp-udp").read_bytes(), tmp_path / "x.pcapng"
    growing.write_bytes(whole[: len(whole) // 3])
    trace = ct.open(growing)
    explorer = trace.explore()
    explorer.asked = 0
    seen = (len(explorer.calls), explorer.article, explorer.message)
    growing.write_bytes(whole)
    press(explorer)
    assert explorer.told.endswith("new calls")
    assert len(explorer.calls) == 3 > seen[0]
    assert (explorer.chosen, explorer.asked) == (1, 0)
    assert explorer.article != seen[1]
    assert explorer.message == seen[2]
    press(explorer)
    assert explorer.told == "nothing new"


def test_a_refresh_of_the_trace_is_shown_too(tmp_path: Path) -> None:
    growing = tmp_path / "x.pcapng"
    growing.write_bytes(samples.find("kamailio-register-auth").read_bytes())
    trace = ct.open(growing)
    explorer = trace.explore()
    growing.write_bytes(samples.find("sipp-udp").read_bytes())
    trace.refresh()
    assert (len(explorer.calls), explorer.chosen) == (3, 1)


def test_what_cannot_be_read_any_more_is_told(tmp_path: Path) -> None:
    capture = tmp_path / "x.pcapng"
    capture.write_bytes(samples.find("sipp-udp").read_bytes())
    explorer = ct.open(capture).explore()
    capture.write_bytes(b"")
    press(explorer)
    assert "x.pcapng: is empty" in explorer.told
    assert len(explorer.calls) == 3


def test_the_messages_of_a_call_come_when_they_are_asked_for(trace: ct.Trace) -> None:
    explorer = trace.explore()
    explorer.chosen = 2
    assert "<pre" not in explorer.article
    press(explorer, "list")
    assert len(read(explorer.listed).all("pre")) == explorer.calls[1]["messages"]
    explorer.chosen = 1
    assert explorer.listed == ""


def press(explorer: Explorer, button: str = "refresh") -> None:
    """What the browser sends when the reader presses a button."""
    explorer._handle_custom_msg(button, [])
