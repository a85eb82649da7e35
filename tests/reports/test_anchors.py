"""Every message has its place on the page, and frames lead to it."""

from collabtrace.reports.anchors import Anchors
from collabtrace.sessions.case import Case


def test_a_message_of_a_call_is_in_the_article_of_the_call(anchors: Anchors) -> None:
    row = anchors.contents.message_rows(1)[0]
    assert anchors.message(row) == f"call-1-m{row}"
    assert anchors.frame("scene.pcapng", anchors.case.messages[row].frame) == f"call-1-m{row}"


def test_frames_that_hold_no_message_and_foreign_call_ids_lead_nowhere(anchors: Anchors) -> None:
    assert anchors.frame("scene.pcapng", 99_999) is None
    assert anchors.call_of("nobody@example.com") is None
    assert anchors.call_of(anchors.case.calls[1].call_ids[0]) == "call-2"


def test_messages_outside_calls_are_grouped_by_who_says_what_to_whom(anchors: Anchors) -> None:
    assert [(each.anchor, each.method, each.from_uri) for each in anchors.conversations] == [
        ("other-1", "REGISTER", "sip:alice@example.com"),
        ("other-2", "OPTIONS", "sip:pbx@example.com"),
    ]
    assert anchors.message(anchors.conversations[1].rows[0]) == f"other-2-m{anchors.conversations[1].rows[0]}"
    assert anchors.conversations_left_out == 0


def test_calls_that_are_not_detailed_have_no_anchor(case: Case) -> None:
    anchors = Anchors(case, [2])
    assert (anchors.call(1), anchors.call(2)) == (None, "call-2")
    assert anchors.message(anchors.contents.message_rows(1)[0]) is None
