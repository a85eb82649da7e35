"""The keys pressed in all captures of a case, by every method that a capture can show.

Tones within the sound are none of them: they would have to be heard (RFC 4733 §1.1).
"""

from collections.abc import Iterable

from collabtrace.columns import Table
from collabtrace.schema import Digit


def table(files: Iterable[str], presses: Iterable[Digit]) -> Table[Digit]:
    """The *presses*, file by file in the order of *files*, within a file by frame."""
    places = {file: place for place, file in enumerate(files)}
    return Table.of(Digit, sorted(presses, key=lambda press: (places[press.file], press.frame)))
