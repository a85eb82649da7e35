"""The pieces that sections are made of."""

from collabtrace.reports.parts import Keyed, Row, badge, code, empty, facts, items, link, prose, table
from tests.reports.markup_reader import read


def test_a_table_names_itself_its_columns_and_its_rows() -> None:
    shown = read(table("Calls", ("Call", "Legs"), [Row((1, 2), {"data_article": "call-1"})], ("Legs",)))
    assert shown.one("caption").text == "Calls"
    assert [heading.attributes["scope"] for heading in shown.one("thead").all("th")] == ["col", "col"]
    assert shown.one("tbody").one("th").attributes == {"scope": "row"}
    assert shown.one("td", class_="n").text == "2"
    assert len(shown.all("tr", data_article="call-1")) == 1


def test_columns_without_any_value_are_left_out_and_single_gaps_are_dashes() -> None:
    rows = [Row((1, None, None)), Row((2, "x", Keyed(None, None)))]
    shown = read(table("T", ("A", "B", "C"), rows))
    assert shown.headings() == ["A", "B"]
    assert shown.one("table").rows() == [["1", "–"], ["2", "x"]]


def test_a_keyed_cell_sorts_by_its_key() -> None:
    shown = read(table("T", ("A", "B"), [Row((1, Keyed("3 min", 180.0)))], sortable=True))
    assert shown.one("td").attributes["data-key"] == "180.0"
    assert len(shown.all("table", class_="sortable")) == 1


def test_a_badge_says_in_words_and_by_a_symbol_what_its_colour_says() -> None:
    shown = read(badge("busy", "warn"))
    assert shown.text == "! busy"
    assert shown.all("span")[1].attributes == {"aria-hidden": "true"}


def test_facts_leave_out_what_is_missing() -> None:
    shown = read(facts([("Result", "busy"), ("Media", None)]))
    assert [node.text for node in shown.walk() if node.name in ("dt", "dd")] == ["Result", "busy"]


def test_words_between_backticks_are_code() -> None:
    assert prose("run `a<b` now") == "run <code>a&lt;b</code> now"
    assert prose("one ` alone") == "one ` alone"
    assert prose("tick *Media & Point* now, 2 * 3 * 4") == "tick <em>Media &amp; Point</em> now, 2 * 3 * 4"


def test_links_lists_and_remarks() -> None:
    assert link("7", "call-1-m7") == '<a href="#call-1-m7">7</a>'
    assert link("7", None) == "7"
    assert items(["a", "b"], "ol") == "<ol><li>a</li><li>b</li></ol>"
    assert empty("Nothing.") == '<p class="empty">Nothing.</p>'
    assert code("a<b") == '<code class="copy">a&lt;b</code>'
