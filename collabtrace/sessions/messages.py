"""SIP texts to the ``messages`` table.

Messages are added one at a time, while the capture is read, and kept as columns: with hundreds of
thousands of messages, an object each would cost more than parsing them.
"""

from typing import Any

import numpy as np

from collabtrace.capture.packets import Flows
from collabtrace.columns import MISSING, Table
from collabtrace.errors import ParseError
from collabtrace.protocols import sip
from collabtrace.schema import Message
from collabtrace.sessions import correlation
from collabtrace.sessions.texts import Texts

RECENT = 4096
"""Messages among which the first copy of a second copy is looked for."""


class MessageColumns:
    """The messages of one file, growing."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._frames: list[int] = []
        self._times: list[int] = []
        self._flows: list[int] = []
        self.websockets: set[int] = set()
        """Flows whose messages came through WebSocket (RFC 7118)."""
        self._facts: list[list[Any]] = [[] for _ in sip.Facts._fields]
        self._adders = [column.append for column in self._facts]
        self._starts: list[int] = []
        self._rare: dict[str, dict[int, Any]] = {"rseq": {}, "subscription_state": {}, "correlation": {}}
        self._copies: dict[int, int] = {}
        self._recent: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._frames)

    def add(self, frame: int, time: int, flow: int, data: bytes, *, lacking: int = 0, copy: bool = False) -> bool:
        """Keep one message; False where the bytes are no SIP.

        *time* is in nanoseconds; *lacking* is how many bytes of it the capture cut off; *copy* says that the
        packet is a second copy of an earlier one.
        """
        try:
            message = sip.parse(data)
        except ParseError:
            return False
        facts = message.facts()
        if lacking:
            facts = facts._replace(flaws=(*(facts.flaws or ()), f"the capture cut the last {lacking} bytes off"))
        row = len(self._frames)
        self._frames.append(frame)
        self._times.append(time)
        self._flows.append(flow)
        self._starts.append(self._texts.add(data))
        for add, value in zip(self._adders, facts, strict=True):
            add(value)
        self._keep_rare(row, message, facts)
        self._note_copy(row, frame, hash(data), copy)
        return True

    def _keep_rare(self, row: int, message: sip.Message, facts: sip.Facts) -> None:
        """Keep the headers that only a few kinds of message have."""
        found: dict[str, Any] = {}
        if facts.method == "INVITE":
            found["correlation"] = None if facts.to_tag else correlation.marks(message)
        elif facts.method == "NOTIFY":
            found["subscription_state"] = message.header("Subscription-State")
        elif facts.method == "PRACK":
            found["rseq"] = message.header("RAck")
        elif facts.status is not None and 100 < facts.status < 200:
            found["rseq"] = message.header("RSeq")
        for name, value in found.items():
            if value is not None:
                self._rare[name][row] = value

    def _note_copy(self, row: int, frame: int, digest: int, copy: bool) -> None:
        first = self._recent.get(digest)
        if copy and first is not None:
            self._copies[row] = first
            return
        if len(self._recent) >= RECENT:
            self._recent.clear()
        self._recent[digest] = frame

    def table(self, file: str, flows: Flows) -> Table[Message]:
        """The ``messages`` table of the file, in the order of frames."""
        frames = np.array(self._frames, dtype=np.int64)
        order = np.argsort(frames, kind="stable")
        rows = order.tolist()
        numbers = [self._flows[row] for row in rows]
        columns: dict[str, Any] = {
            name: [column[row] for row in rows] for name, column in zip(sip.Facts._fields, self._facts, strict=True)
        }
        for name, values in self._rare.items():
            columns[name] = [values.get(row) for row in rows]
        return Table(
            Message,
            columns
            | {
                "file": [file] * len(rows),
                "frame": frames[order],
                "time_epoch": np.array(self._times, dtype=np.int64)[order] / 1e9,
                "source": [flows.source[flow] for flow in numbers],
                "source_port": [flows.source_port[flow] for flow in numbers],
                "target": [flows.target[flow] for flow in numbers],
                "target_port": [flows.target_port[flow] for flow in numbers],
                "transport": ["ws" if flow in self.websockets else flows.transport[flow] for flow in numbers],
                "duplicate_of": [self._copies.get(row) for row in rows],
                "retransmission_of": np.full(len(rows), MISSING),
                "text_at": np.array(self._starts, dtype=np.int64)[order],
            },
        )
