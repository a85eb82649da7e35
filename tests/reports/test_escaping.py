"""Whatever stands in a text of a table, the page shows it as text: tried with every table at once."""

import re
import typing
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from collabtrace.columns import Table
from collabtrace.findings import Diagnosis
from collabtrace.reports.page import render
from collabtrace.schema import TABLES
from collabtrace.sessions.case import Case
from tests.reports.conftest import HOSTILE
from tests.reports.markup_reader import Node, read

WORDS_OF_OURS = {
    "transport",
    "state",
    "direction",
    "format",
    "ssrc",
    "protocol",
    "security",
    "joined_by",
    "clock_source",
}
"""Columns whose words are ours, never a capture's."""


class Poisoned:
    """A case in which every text of the capture is followed by one of an attacker's choice."""

    def __init__(self, case: Case, poison: str) -> None:
        self.case, self.poison = case, poison
        for name in set(TABLES) - {"findings"}:
            setattr(self, name, self._table(getattr(case, name)))

    def text(self, row: int) -> bytes:
        return self.case.text(row) + self.poison.encode("utf-8", "surrogatepass")

    def timeline(self, row: int) -> Any:
        return self.case.timeline(row)

    def _table(self, table: Table[Any]) -> Table[Any]:
        lists = {name: column for name, column in table.columns.items() if isinstance(column, list)}
        return table.replace(
            **{name: [self._value(v) for v in column] for name, column in lists.items() if name not in WORDS_OF_OURS}
        )

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return value + self.poison
        return tuple(map(self._value, value)) if isinstance(value, tuple) else value


def page_of(case: Case, diagnosis: Diagnosis, poison: str) -> Node:
    return read("".join(render(typing.cast("Case", Poisoned(case, poison)), diagnosis)))


def attributes(page: Node) -> set[tuple[str, str]]:
    return {(node.name, name) for node in page.walk() for name in node.attributes}


@settings(max_examples=12)
@given(st.text(alphabet=st.one_of(st.sampled_from("<>&\"'=/!-;:#(){}[]\\\r\n\t\0 "), st.characters()), max_size=30))
@example(HOSTILE)
@example("</script><script>document.title=1</script>")
@example("</style><img src=x onerror=document.title=1>")
@example('" autofocus onfocus="document.title=1')
@example("]]></svg><svg/onload=document.title=1>")
def test_no_text_of_any_table_becomes_markup(case: Case, diagnosis: Diagnosis, poison: str) -> None:
    clean, poisoned = (page_of(case, diagnosis, each) for each in ("x", poison))
    assert {node.name for node in poisoned.walk()} == {node.name for node in clean.walk()}
    assert attributes(poisoned) == attributes(clean)
    assert all(re.fullmatch(r"#[\w-]*", node.attributes.get("href") or "#") for node in poisoned.walk())
