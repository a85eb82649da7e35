"""One session description beside another: what was kept, added, dropped and changed, line by line (RFC 8866 §5).

A description is compared with what the other side said in the same round, with what the same side said in the round
before, and with the same step on the other legs of the call. Keys are masked before anything is compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from collabtrace.columns import Table
from collabtrace.schema import CallRecord, Dialog, MediaLine, Message
from collabtrace.views.masking import mask

KEPT, CHANGED, DROPPED, ADDED = "kept", "changed", "dropped", "added"
"""What became of a line, read from left to right."""


class Case(Protocol):
    """What descriptions are looked up in; ``sessions.case.Case`` has it."""

    @property
    def messages(self) -> Table[Message]: ...  # noqa: D102 - the tables are described in schema.py
    @property
    def dialogs(self) -> Table[Dialog]: ...  # noqa: D102
    @property
    def calls(self) -> Table[CallRecord]: ...  # noqa: D102
    @property
    def media(self) -> Table[MediaLine]: ...  # noqa: D102

    def sdp(self, row: int) -> bytes:
        """The session description in a message."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of each description; None where one has nothing beside the other's."""

    left: str | None
    right: str | None

    @property
    def state(self) -> str:
        """``kept changed dropped added``"""
        if self.left is None:
            return ADDED
        if self.right is None:
            return DROPPED
        return KEPT if self.left == self.right else CHANGED


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two descriptions side by side."""

    left: str
    """``frame 3 (offer)``"""
    right: str
    pairs: tuple[Pair, ...]


def plan(case: Case, row: int) -> tuple[Comparison, ...]:
    """The description in the message of that row beside each that it is worth being compared with."""
    own = _lines(case, row)
    if not own:
        return ()
    named = dict(_others(case, row))
    return tuple(
        Comparison(
            _named(case, other, why), _named(case, row, "this message"), tuple(compared(_lines(case, other), own))
        )
        for other, why in named.items()
    )


def compared(left: list[str], right: list[str]) -> Iterator[Pair]:
    """The lines of two descriptions, those that belong together beside each other."""
    for _, begin, end, start, stop in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        old, new = left[begin:end], right[start:stop]
        for place in range(max(len(old), len(new))):
            yield Pair(old[place] if place < len(old) else None, new[place] if place < len(new) else None)


def _others(case: Case, row: int) -> Iterator[tuple[int, str]]:
    """The rows of other descriptions, and what each is to this one."""
    media = case.media
    names = ("dialog_row", "round", "offer_row", "answer_row")
    rounds = dict.fromkeys(zip(*map(media.values, names), strict=True))
    mine = [each for each in rounds if row in each[2:]]
    for leg, number, offer, answer in mine:
        offers = row == offer
        other = answer if offers else offer
        if other is not None:
            yield other, "answer to it" if offers else "the offer"
        for there, before, *sides in reversed(rounds):
            if there == leg and before < number:
                yield from (
                    (side, "the round before") for side in sides if side is not None and _same_side(case, side, row)
                )
                break
        yield from _on_other_legs(case, rounds, leg, number, 2 if offers else 3)


def _on_other_legs(
    case: Case, rounds: dict[tuple[int, ...], None], leg: int, number: int, side: int
) -> Iterator[tuple[int, str]]:
    """The same step of the same round on the other legs of the call."""
    call = case.dialogs.values("call")[leg]
    for each in rounds:
        if each[0] != leg and each[1] == number and call is not None and case.dialogs.values("call")[each[0]] == call:
            other = each[side]
            if other is not None:
                yield other, f"the same on the leg to {case.dialogs[each[0]].callee}"


def _same_side(case: Case, one: int, other: int) -> bool:
    source = case.messages.columns["source"]
    return bool(source[one] == source[other])


def _lines(case: Case, row: int) -> list[str]:
    return mask(case.sdp(row)).decode("utf-8", "backslashreplace").splitlines()


def _named(case: Case, row: int, why: str) -> str:
    message = case.messages[row]
    return f"{why}: {message.method or message.status}, frame {message.frame}, from {message.source}"
