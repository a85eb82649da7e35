"""Messages that open to their text."""

from pathlib import Path

from collabtrace.reports.anchors import Anchors
from collabtrace.reports.messages import LONGEST_TEXT, Messages, in_time, readable
from collabtrace.testing import Scene
from tests.reports.conftest import read_scene
from tests.reports.markup_reader import read


def test_each_message_is_a_line_that_opens_to_its_text(anchors: Anchors) -> None:
    rows = anchors.contents.message_rows(1)
    entries = read(Messages(anchors, rows).html()).all("details")
    assert len(entries) == len(rows)
    assert entries[0].one("summary").one("b").text == "INVITE (SDP)"
    text = entries[0].one("pre", id=f"call-1-m{rows[0]}").text
    assert text.startswith("INVITE sip:bob@example.com SIP/2.0\n")
    assert "\nm=audio " in text
    assert "192.0.2.10:5060 → 203.0.113.5:5060 UDP" in entries[0].one("summary").text


def test_a_message_sent_again_names_the_first(tmp_path: Path) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.request(alice, bob, "OPTIONS", repeats=1, status=None)
    with read_scene(scene, tmp_path) as case:
        first, again = read(Messages(Anchors(case), [0, 1]).html()).all("li")
    assert "sent again" not in first.text
    assert "sent again, first in frame 1" in again.one("summary").text


def test_secrets_are_masked() -> None:
    assert readable(b'Authorization: Digest response="abc"\r\n\r\n') == 'Authorization: Digest response="[masked]"'


def test_bytes_that_are_no_utf8_are_written_as_numbers() -> None:
    assert readable(b"X: \xff\xc3\xa4\r\nY: 1\r\n\r\n") == "X: \\xffä\nY: 1"


def test_an_endless_text_is_cut_and_the_rest_counted(tmp_path: Path) -> None:
    scene = Scene()
    alice = scene.phone("alice", "192.0.2.10", transport="tcp")
    bob = scene.phone("bob", "198.51.100.20", transport="tcp")
    scene.request(alice, bob, "MESSAGE", body=b"x" * (LONGEST_TEXT + 2_000), headers={"Content-Type": "text/plain"})
    with read_scene(scene, tmp_path) as case:
        text = read(Messages(Anchors(case), [0]).html()).one("pre").text
    assert len(text) < LONGEST_TEXT + 100
    assert text.endswith(" kB more")


def test_rows_are_put_in_the_order_of_time(anchors: Anchors) -> None:
    rows = anchors.contents.message_rows(1)
    assert in_time(anchors.case, rows[::-1]) == rows


def test_no_message_is_said(anchors: Anchors) -> None:
    assert Messages(anchors, ()).html() == '<p class="empty">No SIP message.</p>'
