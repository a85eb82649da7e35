"""The form of a page's filters."""

from markupsafe import Markup

from collabtrace.reports.form import choice, filters, labelled
from collabtrace.views.markup import element


def test_a_choice_offers_any_before_the_others_and_escapes_their_words() -> None:
    assert choice("Result", "result", [("busy", "busy <2>")]) == Markup(
        '<label><span>Result</span><select name="result"><option value="">any</option>'
        '<option value="busy">busy &lt;2&gt;</option></select></label>'
    )


def test_a_form_is_hidden_until_code_runs_and_clears_before_it_acts() -> None:
    form = filters([labelled("Search", element("input", name="q"))], [element("button", "Open")])

    assert form.startswith('<form id="filters" role="search" hidden="">')
    assert form.index("Search") < form.index("Clear") < form.index("Open") < form.index('id="shown"')
