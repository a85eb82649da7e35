"""Legs: one row for each dialog and each attempt at one (RFC 3261 §12).

``leg_gathering`` sorts the messages, ``dialog_states`` is the state machine; here the rows are filled.

caller, callee
    The machine that sent the opening request first, and the one that answered under the To tag first: where
    the capture shows several hops, the two ends, and not the proxies between them. Where it shows only hops behind
    a proxy, the proxy; what it sends on names the agent of someone else, and so it has none here.
answered
    Only where the capture shows that it was the opening request which the 2xx answers.
"""

from collections.abc import Callable

import numpy as np

from collabtrace.columns import Table
from collabtrace.protocols import sip
from collabtrace.schema import Dialog, Message
from collabtrace.sessions.grouping import by_call_id
from collabtrace.sessions.leg_gathering import Gathering
from collabtrace.sessions.legs import NONE, Leg
from collabtrace.sessions.rows import Rows


def build(messages: Table[Message], sip_of: Callable[[int], sip.Message] | None = None) -> Table[Dialog]:
    """All legs, in the order in which their Call-IDs appear; ``call`` stays empty until ``calls`` has joined them.

    *sip_of* gives a message of the table, parsed; without it, what has several Vias is taken to have passed a proxy.
    """
    gathering = Gathering(messages, sip_of)
    fill = _Rows(messages)
    for rows in by_call_id(messages):
        for leg in gathering.group(rows):
            fill.add(leg)
    return fill.rows.table()


class _Rows:
    """The columns of the table while they grow."""

    def __init__(self, messages: Table[Message]) -> None:
        self.messages = messages
        self.rows = Rows(Dialog)
        column = messages.values
        self.file, self.call_id, self.frame = column("file"), column("call_id"), column("frame")
        self.source: list[str] = column("source")
        self.target: list[str] = column("target")
        self.agent: list[str | None] = column("user_agent")
        self.from_uri, self.to_uri = column("from_uri"), column("to_uri")
        self.time, self.vias = column("time_epoch"), column("vias")
        self.passed_on = frozenset(np.flatnonzero(messages.numbers("vias") > 1).tolist())
        self.method, self.cseq, self.cseq_method = column("method"), column("cseq"), column("cseq_method")

    def add(self, leg: Leg) -> None:
        """Fill one row."""
        rows = leg.all_rows()
        first = leg.opened
        caller = self.target[first] if leg.to_caller else self.source[first]
        callee = self._callee(leg, rows)
        proxies = self._proxies(rows)
        self.rows.add(
            self.file[first],
            self.call_id[first],
            leg.method,
            self.from_uri[first],
            self.to_uri[first],
            leg.from_tag,
            leg.to_tag,
            caller,
            callee,
            None if caller in proxies else self._agent(rows, caller),
            None if callee in proxies else self._agent(leg.rows, callee) or self._agent(rows, callee),
            leg.state,
            self.time[rows[0]],
            None if leg.answered == NONE else self.time[leg.answered],
            None if leg.ended == NONE else self.time[leg.ended],
            leg.end_reason,
            leg.ended_by,
            tuple([self.frame[row] for row in rows]),
            None,
            tuple(rows),
        )

    def _callee(self, leg: Leg, rows: list[int]) -> str:
        """The other end: the first to answer under the To tag, else the last machine that the request went to."""
        if leg.to_caller:
            return self.source[leg.opened]
        cseq = self.cseq[leg.opened]
        if leg.attempt is not None:
            cseq = leg.attempt.cseq
            for row in leg.rows:
                if self.method[row] is None and self.cseq_method[row] == leg.method:
                    return self.source[row]
        sent = (self.method[leg.opened], cseq)
        copies = [row for row in rows if (self.method[row], self.cseq[row]) == sent] or [leg.opened]
        return self.target[max(copies, key=self.vias.__getitem__)]

    def _proxies(self, rows: list[int]) -> set[str]:
        """The machines that sent a request on: with more than one Via it has passed one (RFC 3261 §16.6)."""
        return {self.source[row] for row in rows if row in self.passed_on and self.method[row] is not None}

    def _agent(self, rows: list[int], address: str) -> str | None:
        for row in rows:
            if self.source[row] == address and self.agent[row] is not None:
                return self.agent[row]
        return None
