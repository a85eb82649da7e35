"""What is no call."""

from collabtrace.reports.by_call import ByCall
from collabtrace.reports.outside import Outside
from tests.reports.markup_reader import read


def test_each_conversation_is_a_row_with_its_final_responses(by_call: ByCall) -> None:
    table = read(Outside(by_call).html()).one("table")
    register, options = (dict(zip(table.headings(), row, strict=True)) for row in table.rows())
    assert (register["Method"], register["From"]) == ("REGISTER", "alice@example.com")
    assert register["Responses"] == "✓ 200 OK"
    assert (options["Method"], options["Between"]) == ("OPTIONS", "203.0.113.5, 198.51.100.20")


def test_a_conversation_is_found_by_its_call_id(by_call: ByCall) -> None:
    row = read(Outside(by_call).html()).one("tr", data_article="other-1")
    call_id = by_call.anchors.case.messages[by_call.anchors.conversations[0].rows[0]].call_id
    assert call_id is not None
    assert call_id in (row.attributes["data-words"] or "")
