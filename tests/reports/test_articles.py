"""What opens for a call or a conversation."""

from collabtrace.reports.articles import articles
from collabtrace.reports.by_call import ByCall
from tests.reports.markup_reader import read


def test_calls_come_first_then_conversations(by_call: ByCall) -> None:
    assert [article.anchor for article in articles(by_call)] == ["call-1", "call-2", "other-1", "other-2"]


def test_an_article_is_a_line_that_opens(by_call: ByCall) -> None:
    call, _, register, _ = (read(article.markup).one("details", class_="article") for article in articles(by_call))
    assert call.one("h3").text == "Call 1: alice@example.com → bob@example.com"
    assert "✓ answered" in call.all("summary")[0].text
    assert len(call.all("div", id="call-1")) == 1
    assert register.one("h3").text == "REGISTER alice@example.com → alice@example.com"
