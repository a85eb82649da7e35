"""RTP streams and their charts."""

import pytest

from collabtrace.reports import streams
from collabtrace.reports.anchors import Anchors
from collabtrace.reports.streams import Streams
from tests.reports.markup_reader import read


def test_each_stream_is_a_row_and_a_chart(anchors: Anchors) -> None:
    rows = anchors.contents.streams_of[1]
    shown = read(Streams(anchors, rows).html())
    table = shown.one("table")
    told = [dict(zip(table.headings(), row, strict=True)) for row in table.rows()]
    assert [row["SSRC"] for row in told] == [anchors.case.streams[row].ssrc for row in rows]
    assert len(shown.all("figure")) == len(rows)
    assert all(figure.one("figcaption").text and figure.one("svg") for figure in shown.all("figure"))


def test_loss_is_told_with_its_share_and_its_longest_gap(anchors: Anchors) -> None:
    row = max(anchors.contents.streams_of[1], key=lambda row: anchors.case.streams[row].lost)
    stream = anchors.case.streams[row]
    (told,) = read(Streams(anchors, [row]).html()).one("table").rows()
    assert any(cell.startswith(f"{stream.lost} (") and cell.endswith(" %)") for cell in told)
    assert any(f"before frame {stream.longest_gap_frame}" in cell for cell in told)


def test_many_charts_are_left_out_and_counted(anchors: Anchors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_CHARTS", 1)
    rows = anchors.contents.streams_of[1]
    shown = read(Streams(anchors, rows).html())
    assert len(shown.all("figure")) == 1
    assert shown.all("p")[-1].text == f"The charts of {len(rows) - 1} streams are left out."


def test_what_is_said_of_no_stream_is_up_to_the_place(anchors: Anchors) -> None:
    assert Streams(anchors, ()).html() == '<p class="empty">No RTP stream of 8 packets or more was seen.</p>'
    assert "Every stream" in Streams(anchors, (), "Rest", "Every stream has a call.").html()
