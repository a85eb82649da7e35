"""What every section of a report is: an object that shows itself as HTML, on the page and in a notebook alike."""

import functools
from abc import ABC, abstractmethod
from importlib import resources
from typing import Protocol

from markupsafe import Markup

from collabtrace.columns import Table
from collabtrace.schema import Transaction
from collabtrace.sessions.timeline import Timeline
from collabtrace.views import contents, theme
from collabtrace.views.markup import element, join, verbatim

CLASS = "collabtrace ct"
"""Of the element around sections; ``ct`` brings the colours of the drawings."""


class Case(contents.Case, Protocol):
    """What the sections show; ``sessions.case.Case`` has it all."""

    @property
    def transactions(self) -> Table[Transaction]: ...  # noqa: D102 - the tables are described in schema.py

    def text(self, row: int) -> bytes:
        """The bytes of a message of ``messages``."""

    def timeline(self, row: int) -> Timeline:
        """Loss and jitter over time of a stream of ``streams``."""


class Section(ABC):
    """One section; it holds what it shows and computes nothing."""

    @property
    @abstractmethod
    def title(self) -> str:
        """Its heading."""

    @abstractmethod
    def html(self) -> Markup:
        """The section without its heading."""

    def framed(self, anchor: str, level: int = 2, before: Markup | None = None) -> Markup:
        """The section with its heading, as a landmark of the page; *before* stands between the two."""
        heading = element(f"h{level}", self.title, id=anchor)
        return element("section", heading, before, self.html(), aria_labelledby=anchor)

    def _repr_html_(self) -> str:
        body = element("div", element("h3", self.title), self.html(), class_=CLASS)
        return str(join([verbatim("style", style()), body]))


def style() -> str:
    """What sections and the drawings in them look like, below elements of the class ``CLASS``."""
    return theme.STYLE + asset("sections.css")


@functools.cache
def asset(name: str) -> str:
    """The text of a file that the page is made of."""
    return resources.files("collabtrace.reports").joinpath("assets", name).read_text(encoding="utf-8")
