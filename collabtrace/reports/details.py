"""The details of the calls one after another, for documents whose calls cannot be opened one by one."""

from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup

from collabtrace.reports.articles import articles
from collabtrace.reports.by_call import ByCall
from collabtrace.reports.parts import empty
from collabtrace.reports.section import Section
from collabtrace.views.markup import join

MOST_ARTICLES = 200
"""Calls and conversations that one document holds: a notebook of some ten megabytes still opens."""


@dataclass(frozen=True)
class Details(Section):
    """Every call that the report lists, each to be unfolded."""

    by_call: ByCall
    title: str = "Details"

    def html(self) -> Markup:
        """The articles."""
        shown = [article.markup for article in islice(articles(self.by_call), MOST_ARTICLES)]
        if not shown:
            return empty("No call, and nothing outside calls.")
        if len(shown) < MOST_ARTICLES:
            return join(shown)
        return join([*shown, empty(f"The first {MOST_ARTICLES}; “collabtrace report” makes a page that opens all.")])
