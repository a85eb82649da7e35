"""The plan of a ladder diagram: what ``text``, ``ladder_svg``, ``mermaid`` and ``plots`` draw.

A ladder of one call is one section. A ladder of a whole case is a section for every call, and more for what belongs
to none; beyond ``MOST_ROWS`` messages each leg is one arrow instead, so that it stays a picture that can be read.
"""

from collections.abc import Iterable, Mapping

from collabtrace.views import absence, sections
from collabtrace.views.contents import Case, Contents, contents_of
from collabtrace.views.rows import Arrow, Gap, Ladder, Lane, Note, Row, Section, Sighting
from collabtrace.views.wording import counted

__all__ = ["Arrow", "Gap", "Ladder", "Lane", "Note", "Row", "Section", "plan"]

MOST_ROWS = 5000
"""Messages of a whole case that its ladder shows one by one, and legs that it shows as one arrow each."""


def plan(case: Case, call: int | None, *, hits: Mapping[Sighting, str] | None = None, most: int = MOST_ROWS) -> Ladder:
    """The ladder of the call with that number, or of the whole case; a KeyError where there is no such call.

    *hits* says of frames, by file and number, what a finding says of them.
    """
    contents, hits = contents_of(case), hits or {}
    if call is not None:
        section = sections.of_call(contents, call, hits)
        return Ladder(section.title, (section,), _files([section], contents))
    if len(contents.messages) > most:
        return _overview(contents, most)
    parts = sections.aligned([*sections.of_calls(contents, hits), *sections.of_rest(contents, hits)], contents.hosts)
    remarks = () if len(contents.messages) else (absence.without_sip(contents.flows),)
    return Ladder("All calls", tuple(parts), _files(parts, contents), remarks)


def _overview(contents: Contents, most: int) -> Ladder:
    """Each leg as one arrow, for a case with more messages than anyone scrolls through."""
    parts = list(sections.of_legs(contents, most))
    remarks = [f"{counted(len(contents.messages), 'message')}: each leg is one arrow, the ladder of its call shows all"]
    if len(contents.dialogs) > most:
        remarks.append(f"the first {most:,} of {len(contents.dialogs):,} legs")
    if contents.messages_outside:
        remarks.append(f"{counted(len(contents.messages_outside), 'message')} outside calls left out")
    return Ladder("All calls, a leg an arrow", tuple(parts), _files(parts, contents), tuple(remarks))


def _files(parts: Iterable[Section], contents: Contents) -> tuple[str, ...]:
    """The files in which anything was seen, in the order in which they are given letters."""
    arrows = (row for part in parts for row in part.rows if isinstance(row, Arrow))
    seen = {file for arrow in arrows for file, _ in arrow.seen}
    return tuple(file for file in contents.files if file in seen)
