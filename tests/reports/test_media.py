"""Media as negotiated."""

from collabtrace.reports.anchors import Anchors
from collabtrace.reports.media import Media
from collabtrace.sessions.case import Case
from tests.reports.markup_reader import read


def test_each_round_of_each_leg_is_a_table(anchors: Anchors) -> None:
    shown = read(Media(anchors, anchors.contents.media_of[1]).html())
    assert [heading.text.partition(" · ")[0] for heading in shown.all("h5")] == ["Leg 1, round 1", "Leg 2, round 1"]
    table = shown.all("table")[0]
    audio, video = (dict(zip(table.headings(), row, strict=True)) for row in table.rows())
    assert (audio["m-line"], audio["State"], audio["Direction"]) == ("0 audio", "✓ agreed", "⇄ sendrecv")
    assert (video["m-line"], video["Codecs"], video["Protocol"]) == ("1 video (main)", "H264/90000", "RTP/AVP")


def test_the_frames_of_offer_and_answer_are_linked(anchors: Anchors) -> None:
    shown = read(Media(anchors, anchors.contents.media_of[1]).html())
    line = anchors.case.media[0]
    assert [link.text for link in shown.all("h5")[0].all("a")] == [str(line.offer_frame), str(line.answer_frame)]
    assert all((link.attributes["href"] or "").startswith("#call-1-m") for link in shown.all("a"))


def test_slides_and_floor_control_name_what_joins_them(sharing: Case) -> None:
    anchors = Anchors(sharing)
    table = read(Media(anchors, anchors.contents.media_of[1]).html()).one("table")
    assert "1 video (slides)" in [row[0] for row in table.rows()]
    assert "Floor control" in table.headings()


def test_an_unanswered_offer_says_so(anchors: Anchors) -> None:
    rows = anchors.contents.media_of.get(2, [])
    assert "no answer seen" in Media(anchors, rows).html()


def test_no_media_is_said(anchors: Anchors) -> None:
    assert "No media was described" in Media(anchors, ()).html()
