"""What a case gained between two readings of its captures."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from collabtrace.sessions.case import Case


@dataclass(frozen=True)
class Growth:
    """How much came; true where anything did, or where a file went."""

    packets: int = 0
    messages: int = 0
    """SIP messages."""
    calls: int = 0
    files: tuple[str, ...] = ()
    """Files that appeared."""
    gone: tuple[str, ...] = ()
    """Files that a ring buffer deleted to make room, and what they held with them."""
    anew: tuple[str, ...] = ()
    """Files that were written anew under the same name: what they held before is not there any more."""

    def __bool__(self) -> bool:
        return self != Growth()

    def __str__(self) -> str:
        if not self:
            return "nothing new"
        counts = (self.packets, "packet"), (self.messages, "SIP message"), (self.calls, "call")
        told = ", ".join(f"{count:,} new {name}{'' if count == 1 else 's'}" for count, name in counts)
        appeared = f"; new file: {', '.join(self.files)}" if self.files else ""
        gone = f"; not there any more: {', '.join(self.gone)}" if self.gone else ""
        anew = f"; written anew: {', '.join(self.anew)}" if self.anew else ""
        return told + appeared + gone + anew

    __repr__ = __str__


def between(before: Case, after: Case) -> Growth:
    """What *after* has that *before* had not."""
    return Growth(
        packets=_more(_packets(before), _packets(after)),
        messages=_more(_messages(before), _messages(after)),
        calls=_more(_calls(before), _calls(after)),
        files=tuple(file for file in after.files if file not in before.files),
        gone=tuple(file for file in before.files if file not in after.files),
        anew=tuple(_anew(before, after)),
    )


def _anew(before: Case, after: Case) -> Iterator[str]:
    """A capture that grows keeps its beginning."""
    known = {each.file: each for each in before.captures}
    for each in after.captures:
        old = known.get(each.file)
        if old is not None and old.packets and (each.packets < old.packets or each.first != old.first):
            yield each.file


def _more(before: "Counter[str]", after: "Counter[str]") -> int:
    """What is new is not set off against what went."""
    return (after - before).total()


def _packets(case: Case) -> "Counter[str]":
    return Counter(dict(zip(case.captures.values("file"), case.captures.values("packets"), strict=True)))


def _messages(case: Case) -> "Counter[str]":
    return Counter(case.messages.values("file"))


def _calls(case: Case) -> "Counter[str]":
    """By their first Call-ID: legs that join a call later make no call of their own."""
    call_ids: Sequence[tuple[str, ...]] = case.calls.values("call_ids")
    return Counter(call_id for call_id, *_ in call_ids)
