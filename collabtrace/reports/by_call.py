"""What the report says of a call beside its own row: its findings, its worst stream, the words that find it."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from collabtrace.findings import Diagnosis
from collabtrace.reports.anchors import Anchors
from collabtrace.schema import CallRecord, Finding


class Worst(NamedTuple):
    """The highest values of several streams; None where no stream has one."""

    loss: float | None
    """Share of the packets expected, 0 to 1."""
    jitter: float | None
    """Milliseconds."""


class ByCall:
    """Looks things up for one call after another."""

    def __init__(self, anchors: Anchors, diagnosis: Diagnosis) -> None:
        self.anchors = anchors
        self.diagnosis = diagnosis

    def findings(self, call: CallRecord) -> list[Finding]:
        """The findings about any leg of a call, the gravest first."""
        rows = {row for call_id in call.call_ids for row in self._finding_rows.get(call_id, ())}
        return [self.diagnosis.findings[row] for row in sorted(rows)]

    def worst(self, number: int) -> Worst:
        """Of the streams of a call."""
        rows = self.anchors.contents.streams_of.get(number, [])
        shares, jitters = self._stream_values
        known = [jitter for row in rows if (jitter := jitters[row]) is not None]
        return Worst(max((shares[row] for row in rows), default=None), max(known, default=None))

    def words(self, call: CallRecord) -> str:
        """What a reader may search a call by and its row does not show: Call-IDs, addresses, agents, methods."""
        return " ".join([*call.call_ids, *self.words_of_messages(self.anchors.contents.message_rows(call.call))])

    def words_of_messages(self, rows: Iterable[int]) -> list[str]:
        """Addresses, agents and methods of some messages, each once."""
        return list(dict.fromkeys(word for row in rows for column in self._word_columns if (word := column[row])))

    @cached_property
    def _finding_rows(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = defaultdict(list)
        for row, call_ids in enumerate(self.diagnosis.findings.values("calls")):
            for call_id in call_ids:
                rows[call_id].append(row)
        return rows

    @cached_property
    def _stream_values(self) -> tuple[list[float], list[float | None]]:
        streams = self.anchors.contents.streams
        counted = zip(streams.values("lost"), streams.values("expected"), strict=True)
        return [lost / max(expected, 1) for lost, expected in counted], streams.values("max_jitter_ms")

    @cached_property
    def _word_columns(self) -> list[list[str | None]]:
        return [self.anchors.contents.messages.values(name) for name in ("source", "target", "user_agent", "method")]
