"""The keys pressed in all captures of a case, by every method that a capture can show, and what was entered with them.

Tones within the sound are none of them: they would have to be heard (RFC 4733 §1.1).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from collabtrace.columns import Table
from collabtrace.schema import Digit

PAUSE = 5.0
"""Seconds after which the next key begins another entry."""
TERMINATOR = "#"
"""The key with which people end what they enter."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Keys pressed one after another, as one method tells them on one hop: a PIN, a number, an answer to a menu."""

    keys: tuple[Digit, ...]

    @property
    def is_terminated(self) -> bool:
        """Whether it ends with ``#``."""
        return self.keys[-1].digit == TERMINATOR


def table(files: Iterable[str], presses: Iterable[Digit]) -> Table[Digit]:
    """The *presses*, file by file in the order of *files*, within a file by frame."""
    places = {file: place for place, file in enumerate(files)}
    return Table.of(Digit, sorted(presses, key=lambda press: (places[press.file], press.frame)))


def entries(presses: Iterable[Digit]) -> list[Entry]:
    """The *presses* put together to what was entered, in the order in which the entries began."""
    hops: dict[tuple[object, ...], list[Digit]] = {}
    for press in sorted(presses, key=lambda press: (press.time_epoch, press.frame)):
        hop = (press.file, press.source, press.target, press.method, press.call_id)
        hops.setdefault(hop, []).append(press)
    found = [Entry(keys) for keys_of_hop in hops.values() for keys in _divided(keys_of_hop)]
    return sorted(found, key=lambda entry: entry.keys[0].time_epoch)


def _divided(presses: list[Digit]) -> Iterator[tuple[Digit, ...]]:
    """The presses of one hop, cut after each terminator and at each pause."""
    current: list[Digit] = []
    for press in presses:
        if current and press.time_epoch - current[-1].time_epoch >= PAUSE:
            yield tuple(current)
            current = []
        current.append(press)
        if press.digit == TERMINATOR:
            yield tuple(current)
            current = []
    if current:
        yield tuple(current)
