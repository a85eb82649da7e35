"""SIP transactions, hop by hop (RFC 3261 §17).

A request and its responses share the branch and sent-by of the topmost Via and the CSeq (§17.1.3, §17.2.3;
for RFC 2543 peers, whose branches say nothing, Call-ID and CSeq remain). The same branch may be seen on several
hops, before and behind a device that rewrites nothing but addresses: there the two ends tell them apart.

A CANCEL is a transaction of its own. The ACK of a 3xx-6xx belongs to its INVITE by branch; that of a 2xx is no
part of it by the RFC, but is listed with it because one looks for it there.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from collabtrace.columns import MISSING, Table
from collabtrace.schema import Message, Transaction
from collabtrace.sessions.grouping import by_call_id

NONE = -1
"""No row."""

MOST_HOPS = 8
"""Hops with the same branch among which a response is looked for whose ends match none of them exactly."""

Ends = tuple[str, int, str, int]
"""Address and port of the client, address and port of the server."""


class _Exchange:
    """One transaction while its messages are gathered; all but ``ends`` are rows of the messages table or counts."""

    __slots__ = ("ack", "answers_repeated", "ends", "final", "first", "provisional", "request", "requests_repeated")

    def __init__(self, first: int, ends: Ends) -> None:
        self.first = first
        self.ends = ends
        self.request = self.provisional = self.final = self.ack = NONE
        self.requests_repeated = self.answers_repeated = 0

    def respond(self, row: int, status: int, *, repeated: bool) -> None:
        """Take in one response; of several final ones, as forks send them, the first counts."""
        if status < 200:
            if self.provisional == NONE:
                self.provisional = row
        elif self.final == NONE:
            self.final = row
        elif repeated:
            self.answers_repeated += 1


class _Gathering:
    """Sorts the messages of one Call-ID after the other into transactions."""

    def __init__(self, messages: Table[Message]) -> None:
        column = messages.values
        self.method, self.status = column("method"), column("status")
        self.cseq, self.cseq_method = column("cseq"), column("cseq_method")
        self.branch, self.sent_by = column("branch"), column("sent_by")
        self.source, self.source_port = column("source"), column("source_port")
        self.target, self.target_port = column("target"), column("target_port")
        self.duplicate = (messages.numbers("duplicate_of") != MISSING).tolist()
        self.repeated = (messages.numbers("retransmission_of") != MISSING).tolist()

    def group(self, rows: list[int]) -> list[_Exchange]:
        """The transactions of one Call-ID."""
        found: list[_Exchange] = []
        exact: dict[tuple[Any, ...], _Exchange] = {}
        near: dict[tuple[Any, ...], list[_Exchange]] = {}
        for row in rows:
            cseq, cseq_method = self.cseq[row], self.cseq_method[row]
            if cseq is None or cseq_method is None or self.duplicate[row]:
                continue
            method = self.method[row]
            if method == "ACK":
                self._acknowledge(exact, near, row)
                continue
            identity = (self.branch[row], self.sent_by[row], cseq, cseq_method)
            here, there = (self.source[row], self.source_port[row]), (self.target[row], self.target_port[row])
            ends = (*here, *there) if method is not None else (*there, *here)
            exchange = exact.get((identity, ends))
            if exchange is None and method is None:
                exchange = _nearest(near.get(identity, ()), ends)
            if exchange is None or (method is not None and exchange.request != NONE and not self.repeated[row]):
                exchange = exact[identity, ends] = _Exchange(row, ends)
                found.append(exchange)
                near.setdefault(identity, []).append(exchange)
                if cseq_method == "INVITE":
                    near.setdefault((cseq,), []).append(exchange)
            if method is None:
                exchange.respond(row, self.status[row], repeated=self.repeated[row])
            elif exchange.request == NONE:
                exchange.request = row
            else:
                exchange.requests_repeated += 1
        return found

    def _acknowledge(
        self, exact: dict[tuple[Any, ...], _Exchange], near: dict[tuple[Any, ...], list[_Exchange]], row: int
    ) -> None:
        """Give an ACK to its INVITE: by branch for a 3xx-6xx, by CSeq and ends for a 2xx (RFC 3261 §13.2.2.4)."""
        ends = (self.source[row], self.source_port[row], self.target[row], self.target_port[row])
        exchange = exact.get(((self.branch[row], self.sent_by[row], self.cseq[row], "INVITE"), ends))
        if exchange is None:
            exchange = _nearest(near.get((self.cseq[row],), ()), ends)
        if exchange is not None and exchange.ack == NONE:
            exchange.ack = row


def _nearest(candidates: "list[_Exchange] | tuple[()]", ends: Ends) -> _Exchange | None:
    """The transaction whose ends are most like *ends*: both addresses the same, else the client's, else the server's.

    A response may come from another address of the server or go to the port of the Via, and the ACK of a 2xx goes
    to the Contact, past the proxies.
    """
    best, most = None, 0
    for exchange in candidates[-MOST_HOPS:]:
        client, server = exchange.ends[0] == ends[0], exchange.ends[2] == ends[2]
        likeness = 4 * (client and server) + 2 * client + server + (client and exchange.ends[1] == ends[1])
        if likeness > most:
            best, most = exchange, likeness
    return best


def build(messages: Table[Message]) -> Table[Transaction]:
    """All transactions in the order in which they began; messages without Call-ID or CSeq belong to none."""
    gathering = _Gathering(messages)
    flat: list[int] = []
    for rows in by_call_id(messages):
        for exchange in gathering.group(rows):
            flat += (
                exchange.first,
                exchange.request,
                exchange.provisional,
                exchange.final,
                exchange.ack,
                exchange.requests_repeated,
                exchange.answers_repeated,
            )
    found = np.array(flat, dtype=np.int64).reshape(-1, 7)
    return _table(messages, found[np.argsort(found[:, 0], kind="stable")])


def _table(messages: Table[Message], found: NDArray[np.int64]) -> Table[Transaction]:
    """The columns of the transactions, from the rows of their messages."""
    first, request, _, final, ack, requests_repeated, answers_repeated = found.T
    # Where a response comes first, or alone, the client is where it went to.
    forward = first == request
    client, server = _ends(messages, first, forward), _ends(messages, first, ~forward)
    return Table(
        Transaction,
        {
            "file": _texts(messages, "file", first),
            "call_id": _texts(messages, "call_id", first),
            "cseq": messages.numbers("cseq")[first],
            "method": _texts(messages, "cseq_method", first),
            "branch": _texts(messages, "branch", first),
            "source": client[0],
            "source_port": client[1],
            "target": server[0],
            "target_port": server[1],
            "transport": _texts(messages, "transport", first),
            "request_uri": _texts(messages, "request_uri", request),
            "request_frame": _numbers(messages, "frame", request),
            "started": messages.numbers("time_epoch")[first],
            "first_provisional": _numbers(messages, "time_epoch", found[:, 2]),
            "status": _numbers(messages, "status", final),
            "reason": _texts(messages, "reason", final),
            "answer_frame": _numbers(messages, "frame", final),
            "answered": _numbers(messages, "time_epoch", final),
            "ack_frame": _numbers(messages, "frame", ack),
            "requests_repeated": requests_repeated,
            "answers_repeated": answers_repeated,
            "request_row": np.where(request == NONE, MISSING, request),
            "answer_row": np.where(final == NONE, MISSING, final),
        },
    )


def _texts(messages: Table[Message], name: str, rows: NDArray[np.int64]) -> list[Any]:
    """Values of a column of text, None where there is no row."""
    column = messages.values(name)
    return [None if row == NONE else column[row] for row in rows.tolist()]


def _numbers(messages: Table[Message], name: str, rows: NDArray[np.int64]) -> NDArray[Any]:
    """Values of a column of numbers, missing where there is no row."""
    column = messages.numbers(name)
    return np.where(rows == NONE, MISSING if column.dtype.kind == "i" else np.nan, column[rows])


def _ends(
    messages: Table[Message], rows: NDArray[np.int64], forward: NDArray[np.bool_]
) -> tuple[list[str], NDArray[np.int64]]:
    """Address and port of one end: where the messages came from, or went to where they are not *forward*."""
    source, target = messages.values("source"), messages.values("target")
    ports = np.where(forward, messages.numbers("source_port")[rows], messages.numbers("target_port")[rows])
    pairs = zip(rows.tolist(), forward.tolist(), strict=True)
    return [source[row] if ahead else target[row] for row, ahead in pairs], ports
