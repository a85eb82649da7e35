"""The one door into markup: whatever the text, the element stays one element."""

import json
import math

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from collabtrace.views.markup import data_island, element, join, text, verbatim, visible

ANY_TEXT = st.text(alphabet=st.characters(codec=None))


def test_text_and_attributes_are_escaped() -> None:
    assert element("text", "<script>alert(1)</script>", class_='a"b') == (
        '<text class="a&#34;b">&lt;script&gt;alert(1)&lt;/script&gt;</text>'
    )


def test_markup_inside_is_kept() -> None:
    assert element("p", "Tom & ", element("b", "Jerry"), None, 3) == "<p>Tom &amp; <b>Jerry</b>3</p>"


def test_python_names_become_names_of_markup() -> None:
    assert element("a", data_frame=7, class_="arrow", aria_label="x") == (
        '<a data-frame="7" class="arrow" aria-label="x"></a>'
    )


def test_only_elements_that_never_hold_anything_close_themselves() -> None:
    assert join([element("line", x1=1, y1=2.5), element("div")]) == '<line x1="1" y1="2.5"/><div></div>'


def test_true_is_an_empty_attribute_and_false_or_none_is_no_attribute() -> None:
    assert element("details", open=True, hidden=False, title=None) == '<details open=""></details>'


def test_forbidden_characters_are_shown_as_pictures() -> None:
    assert visible("a\0b\x1bc\x7f") == "a␀b␛c␡"


def test_characters_that_turn_reading_around_are_replaced() -> None:
    assert visible("sip:\u202emoc.elpmaxe") == "sip:\N{REPLACEMENT CHARACTER}moc.elpmaxe"


@pytest.mark.parametrize("name", ["script", "style", "a b", "", "p><script", "é"])
def test_an_element_that_could_run_code_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"element|escaped"):
        element(name, "x")


@pytest.mark.parametrize("attribute", ["onclick", "onLoad", "a b", "_"])
def test_an_attribute_that_could_run_code_is_refused(attribute: str) -> None:
    with pytest.raises(ValueError, match="attribute"):
        element("p", **{attribute: "x"})


@pytest.mark.parametrize("address", ["javascript:alert(1)", " javascript:x", "data:text/html,x", "http://x", "//x"])
def test_an_address_that_could_run_code_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="href begins"):
        element("a", "x", href=address)


def test_markup_cannot_end_the_attribute_that_it_is_put_in() -> None:
    assert element("p", title=element("b", "x", class_="y")) == (
        '<p title="&lt;b class=&#34;y&#34;&gt;x&lt;/b&gt;"></p>'
    )
    assert element("p", title=text("a & b")) == '<p title="a &amp; b"></p>'


def test_pieces_are_joined_and_escaped() -> None:
    assert join(["<", Markup("<br/>"), None, "\0"], " & ") == "&lt; &amp; <br/> &amp; ␀"


def test_our_own_style_is_written_as_it_is() -> None:
    assert verbatim("style", "a > b{}") == "<style>a > b{}</style>"


@pytest.mark.parametrize(
    ("name", "code"), [("style", "</style>"), ("style", "a&b"), ("script", "x='</Script>'"), ("script", "<!--")]
)
def test_code_that_could_end_its_element_is_refused(name: str, code: str) -> None:
    with pytest.raises(ValueError, match="could end"):
        verbatim(name, code)


def test_verbatim_is_for_code_only() -> None:
    with pytest.raises(ValueError, match="element"):
        verbatim("p", "x")


def test_data_cannot_leave_its_island() -> None:
    island = data_island("calls", {"agent": "</script><script>alert(1)</script><!-- & é"})
    assert island.count("<") == 2
    assert json.loads(fromstring(island).text or "") == {"agent": "</script><script>alert(1)</script><!-- & é"}


def test_data_that_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        data_island("x", math.nan)


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_gives_well_formed_xml(inside: str, attribute: str) -> None:
    root = fromstring(element("text", inside, data_note=attribute))
    assert list(root) == []
    assert (root.text or "") == visible(inside).replace("\r\n", "\n").replace("\r", "\n")


@given(ANY_TEXT)
def test_escaping_happens_once(value: str) -> None:
    assert text(text(value)) == text(value)
