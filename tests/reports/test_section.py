"""Every section shows itself alike on the page and in a notebook."""

import re

from markupsafe import Markup

from collabtrace.reports.section import Section, asset, style
from tests.reports.markup_reader import read


class Note(Section):
    """A section with a word in it."""

    title = "Note"

    def html(self) -> Markup:
        return Markup("<p>word</p>")


def test_on_the_page_a_section_is_a_landmark_named_by_its_heading() -> None:
    shown = read(Note().framed("note", 3, before=Markup("<p>first</p>")))
    assert shown.one("section").attributes == {"aria-labelledby": "note"}
    assert shown.one("h3", id="note").text == "Note"
    assert [node.text for node in shown.all("p")] == ["first", "word"]


def test_in_a_notebook_a_section_brings_its_look_and_the_same_content() -> None:
    shown = read(Note()._repr_html_())
    assert shown.one("style").text == style()
    assert shown.one("div", class_="collabtrace").one("p").text == "word"


def test_the_look_of_sections_reaches_no_further_than_sections() -> None:
    rules = re.sub(r"/\*.*?\*/", "", asset("sections.css"), flags=re.DOTALL).replace("@media print {", "")
    selectors = [part for rule in rules.split("}") for part in rule.split("{")[0].split(",") if part.strip()]
    assert len(selectors) > 40
    assert all(selector.strip().startswith(".collabtrace") for selector in selectors)
