"""SIP texts to the ``messages`` table.

Messages are added one at a time, while the capture is read, and kept as columns: with hundreds of
thousands of messages, an object each would cost more than parsing them.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from collabtrace.capture.packets import Flows
from collabtrace.capture.timestamps import in_seconds
from collabtrace.columns import MISSING, Kind, Table, kinds
from collabtrace.errors import ParseError
from collabtrace.protocols import rtp_statistics, sip
from collabtrace.schema import Message
from collabtrace.sessions import correlation
from collabtrace.sessions.rows import Growing
from collabtrace.sessions.texts import Texts

RECENT = 256
"""Messages among which the first copy of a second copy is looked for."""
STORED = {name: kinds(Message)[name] for name in sip.Facts._fields} | dict.fromkeys(
    ("frame", "time", "flow", "text_at"), Kind(np.dtype(np.int64), optional=False)
)
"""What is kept of a message: the facts of its text, and where it was."""
RARE = ("rseq", "subscription_state", "correlation", "statistics")
"""Columns that only a few kinds of message fill."""
WATCHED = sip.names(["RSeq", "RAck", "Subscription-State", *correlation.HEADERS, *rtp_statistics.NAMES])
"""The headers that fill them: a usual message without any is not taken apart further."""
CUT = "the capture cut"
"""What begins the flaw of a message of which the capture kept only the beginning."""
LACKING = "the body is cut"
"""What begins the flaw of a message whose body is shorter than its length says (``sip.parse``)."""


def is_cut(flaws: Sequence[str] | None, transport: str) -> bool:
    """Whether a message may be cut by the capture: by its snap length, or in a stream by segments that were lost."""
    begins = (CUT,) if transport == "udp" else (CUT, LACKING)
    return any(flaw.startswith(begins) for flaw in flaws or ())


class MessageColumns:
    """The messages of one file, growing."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self.websockets: set[int] = set()
        """Flows whose messages came through WebSocket (RFC 7118)."""
        self._growing = Growing(STORED)
        self._rare: dict[str, dict[int, Any]] = {name: {} for name in RARE}
        self._copies: dict[int, int] = {}
        self._recent: deque[tuple[int, bytes]] = deque(maxlen=RECENT)
        self._tails: dict[int, bytes] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @staticmethod
    def usual(data: bytes) -> tuple[sip.Facts, bool] | None:
        """The facts of a usual message, and whether it may have headers that only a few have; None for others."""
        return sip.usual(data, WATCHED)

    def add(
        self,
        frame: int,
        time: int,
        flow: int,
        data: bytes,
        *,
        usual: tuple[sip.Facts, bool] | None = None,
        lacking: int = 0,
        copy: bool = False,
    ) -> bool:
        """Keep one message; False where the bytes are no SIP.

        *time* is in nanoseconds; *usual* is what ``usual`` gives, where it was asked; *lacking* is how many bytes
        of it the capture cut off; *copy* says that the packet is a second copy of an earlier one.
        """
        usual = usual or self.usual(data)
        message = None
        if usual is None:
            try:
                message = sip.parse(data)
            except ParseError:
                return False
            usual = message.facts(), True
        facts, may_be_rare = usual
        if lacking:
            facts = facts._replace(flaws=(*(facts.flaws or ()), f"{CUT} the last {lacking} bytes off"))
        self._growing.add(*facts, frame, time, flow, self._texts.add(data))
        if may_be_rare:
            self._keep_rare(self._count, lambda: message or sip.parse(data), facts)
        if copy:
            self._note_copy(self._count, data)
        else:
            self._recent.append((frame, data))
        self._count += 1
        return True

    def follow(self, row: int, tail: bytes) -> None:
        """Note that *tail*, which is no SIP, followed the message in *row* where a message should have begun."""
        self._tails[row] = tail

    def _keep_rare(self, row: int, message: Callable[[], sip.Message], facts: sip.Facts) -> None:
        """Keep the headers that only a few kinds of message have; they must be among ``WATCHED``."""
        found: dict[str, Any] = {}
        if facts.method == "INVITE":
            found["correlation"] = None if facts.to_tag else correlation.marks(message())
        elif facts.method == "NOTIFY":
            found["subscription_state"] = message().header("Subscription-State")
        elif facts.method == "PRACK":
            found["rseq"] = message().header("RAck")
        elif facts.status is not None and 100 < facts.status < 300:
            if facts.status < 200:
                found["rseq"] = message().header("RSeq")
            if facts.cseq_method == "INVITE" and correlation.is_marked_in_responses(facts.user_agent):
                found["correlation"] = correlation.marks(message())
        if "BYE" in (facts.method, facts.cseq_method):
            found["statistics"] = rtp_statistics.written(message().headers)
        for name, value in found.items():
            if value is not None:
                self._rare[name][row] = value

    def _note_copy(self, row: int, data: bytes) -> None:
        """Find the message that this one is a second copy of."""
        for frame, earlier in reversed(self._recent):
            if earlier == data:
                self._copies[row] = frame
                return

    def _lengthen(self, columns: dict[str, Any]) -> None:
        """Store the texts that something followed anew, together with it."""
        for row, tail in self._tails.items():
            text = self._texts.read(int(columns["text_at"][row]), int(columns["size"][row])) + tail
            columns["text_at"][row], columns["size"][row] = self._texts.add(text), len(text)
            columns["flaws"][row] = (*(columns["flaws"][row] or ()), f"{len(tail)} bytes after the body")

    def table(self, file: str, flows: Flows) -> Table[Message]:
        """The ``messages`` table of the file, in the order of frames; nothing can be added afterwards."""
        columns = self._growing.columns()
        self._lengthen(columns)
        times, flow = np.asarray(columns.pop("time")), np.asarray(columns.pop("flow")).tolist()
        rows = range(self._count)
        for name, values in (*self._rare.items(), ("duplicate_of", self._copies)):
            columns[name] = [values.get(row) for row in rows]
        place: dict[str, Any] = {
            "file": [file] * len(flow),
            "time_epoch": in_seconds(times),
            "source": [flows.source[each] for each in flow],
            "source_port": [flows.source_port[each] for each in flow],
            "target": [flows.target[each] for each in flow],
            "target_port": [flows.target_port[each] for each in flow],
            "transport": ["ws" if each in self.websockets else flows.transport[each] for each in flow],
            "retransmission_of": np.full(len(flow), MISSING),
        }
        table = Table(Message, columns | place)
        frames = table.numbers("frame")
        # Connections give what they still hold at the end of the file.
        return table if (frames[1:] >= frames[:-1]).all() else table.take(np.argsort(frames, kind="stable"))
