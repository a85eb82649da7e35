"""The frame of every SVG."""

from defusedxml.ElementTree import fromstring

from collabtrace.views.canvas import NAMESPACE, box, document, fitted, group, length, number, words


def test_a_drawing_that_stands_alone_brings_its_style_and_ground() -> None:
    root = fromstring(document(100.4, 50, "a < b", words("x", 1, 2), standalone=True, class_="ct-x"))
    assert root.tag == f"{{{NAMESPACE}}}svg"
    assert [child.tag.rpartition("}")[2] for child in root] == ["style", "rect", "text"]
    assert (root.get("viewBox"), root.get("aria-label"), root.get("class")) == ("0 0 100 50", "a < b", "ct ct-x")


def test_a_drawing_in_a_page_brings_neither() -> None:
    assert document(1, 1, "t", standalone=False, class_="ct-x") == (
        '<svg width="1" height="1" viewBox="0 0 1 1" class="ct ct-x" role="group" aria-label="t"></svg>'
    )


def test_coordinates_have_no_more_digits_than_a_screen() -> None:
    assert [number(1.0), number(1.26), number(-0.04)] == [1, 1.3, 0]


def test_text_is_cut_to_its_width() -> None:
    assert fitted("INVITE (SDP)", 50) == "INVITE…"
    assert fitted("INVITE", 50) == "INVITE"


def test_wide_letters_are_longer() -> None:
    assert length("会議") == length("abcd") > length("ab")


def test_boxes_and_groups() -> None:
    assert group(box(0, 1.25, 10, 5, "panel", 3), id="g") == (
        '<g id="g"><rect rx="3" class="panel" x="0" y="1.2" width="10" height="5"/></g>'
    )
