"""The explorer's Python side: it answers with what the report shows."""

from collections.abc import Iterator

import pytest

import collabtrace as ct
from tests.reports.markup_reader import read

pytest.importorskip("anywidget", reason="anywidget is not installed")


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
