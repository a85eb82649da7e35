"""One capture file as a subject: what was recorded, whatever call it belongs to."""

from functools import cached_property

from collabtrace.schema import Capture, Interface
from collabtrace.sessions.case import Case
from collabtrace.subjects.related import Related


class Recording:
    """A capture file and what belongs to no call alone."""

    def __init__(self, related: Related, row: int) -> None:
        self._related = related
        self.row = row
        """In the table ``captures``."""
        self.record: Capture = related.case.captures[row]

    def __repr__(self) -> str:
        return f"<Recording {self.file}, {self.record.packets} packets>"

    @property
    def case(self) -> Case:
        """The case that it is in."""
        return self._related.case

    @property
    def file(self) -> str:
        """Its name."""
        return self.record.file

    @cached_property
    def interfaces(self) -> tuple[Interface, ...]:
        """The interfaces that captured it."""
        return tuple(each for each in self.case.interfaces if each.file == self.file)
