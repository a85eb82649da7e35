"""The offer/answer rounds of a leg, from its messages.

``offer_answer`` holds the state machine; here messages become its events. Retransmissions and second views say
nothing again. A message that passes a proxy is seen once a hop: the later views go where the first one went.
"""

from collections.abc import Callable, Sequence

from collabtrace.columns import MISSING, Table
from collabtrace.schema import Message
from collabtrace.sessions.offer_answer import Event, Exchange, Round, State

OFFERING = frozenset({"INVITE", "UPDATE", "PRACK"})
"""Methods whose requests may offer (RFC 3261 §13.2.1, RFC 3311, RFC 3262)."""

CHALLENGES = frozenset({401, 407, 420, 421, 422, 494})
"""Failures that do not speak of the media, beside redirections: the next try makes the same offer."""

Key = tuple[str, int | None, str | None]
"""Method, CSeq number and tag of the requester: one exchange."""

Hop = tuple[str, int, str, int]
"""Address and port of the sender and of the receiver."""


class Rounds:
    """Finds the rounds of one leg after the other."""

    def __init__(self, messages: Table[Message], body: Callable[[int], bytes]) -> None:
        """*body* gives the session description of a message, empty where it has none."""
        column = messages.values
        self.method, self.status = column("method"), column("status")
        self.cseq, self.cseq_method = column("cseq"), column("cseq_method")
        self.from_tag, self.rseq = column("from_tag"), column("rseq")
        self.source, self.source_port = column("source"), column("source_port")
        self.target, self.target_port = column("target"), column("target_port")
        self.may_describe = [
            name is not None and (name == "application/sdp" or name.startswith("multipart/"))
            for name in column("content_type")
        ]
        copies = (messages.numbers("duplicate_of") != MISSING) | (messages.numbers("retransmission_of") != MISSING)
        self.is_copy = copies.tolist()
        self.body = body

    def of(self, rows: Sequence[int]) -> list[Round]:
        """The rounds of the leg with the messages *rows*, in order; those that a further try replaced are left out."""
        leg = _Leg(self, len({(self.source[row], self.source_port[row]) for row in rows}) > 2)
        for row in rows:
            method = self.method[row]
            name = self.cseq_method[row] if method is None else method
            if (name in OFFERING or name == "ACK") and not self.is_copy[row]:
                event = self._event(row, method)
                if event is not None:
                    leg.see(row, event, name)
        return [each for each in leg.found if not each.superseded]

    def hop(self, row: int) -> Hop:
        """Between whom the message went."""
        return self.source[row], self.source_port[row], self.target[row], self.target_port[row]

    def _event(self, row: int, method: str | None) -> str | None:
        describes = self.may_describe[row] and bool(self.body(row))
        if method == "ACK":
            return Event.ACK_SDP if describes else Event.ACK
        if method is not None:
            return Event.REQUEST_SDP if describes else Event.REQUEST
        status = self.status[row]
        if status >= 300:
            return Event.FAILURE
        if status >= 200:
            return Event.SUCCESS_SDP if describes else Event.SUCCESS
        if not describes:
            return None
        return Event.UNRELIABLE_SDP if self.rseq[row] is None else Event.RELIABLE_SDP


class _Leg:
    """The exchanges of one leg while they go on."""

    def __init__(self, columns: Rounds, several_hops: bool) -> None:
        self.columns = columns
        self.several_hops = several_hops
        self.found: list[Round] = []
        self.exchanges: dict[Key, Exchange] = {}
        self.offered_back: Exchange | None = None
        self.refused: dict[tuple[str, str | None], Round] = {}
        self.views: dict[tuple[object, ...], tuple[list[int] | None, set[Hop]]] = {}

    def see(self, row: int, event: str, name: str) -> None:
        """Take in one message, on its first hop or on a further one."""
        if not self.several_hops:
            self._take(row, event, name)
            return
        columns = self.columns
        status, cseq, tag, rseq = columns.status[row], columns.cseq[row], columns.from_tag[row], columns.rseq[row]
        identity = (event, name, status, cseq, tag, rseq)
        hop = columns.hop(row)
        rows, hops = self.views.get(identity, (None, set()))
        if not hops or hop in hops:
            self.views[identity] = (self._take(row, event, name), {hop})
            return
        hops.add(hop)
        if rows is not None:
            rows.append(row)

    def _take(self, row: int, event: str, name: str) -> list[int] | None:
        """Step the exchange that the message belongs to; gives the rows of the round that it went to."""
        tag = self.columns.from_tag[row]
        exchange, event = self._exchange(row, event, name, tag)
        if exchange is None:
            return None
        before = exchange.round
        rows = exchange.take(event, row)
        if exchange.state == State.OFFERED_BACK:
            self.offered_back = exchange
        if exchange.round is not None and exchange.round is not before:
            self.found.append(exchange.round)
            replaced = self.refused.pop((name, tag), None)
            if replaced is not None:
                replaced.superseded = True
        elif exchange.round is not None and exchange.round.refusal == row:
            status = self.columns.status[row]
            if status in CHALLENGES or status < 400:
                self.refused[name, tag] = exchange.round
        return rows

    def _exchange(self, row: int, event: str, name: str, tag: str | None) -> tuple[Exchange | None, str]:
        """The exchange of a message; a PRACK may answer what a reliable response offered (RFC 3262 §5)."""
        if name == "PRACK" and event == Event.REQUEST_SDP and self.offered_back is not None:
            exchange, self.offered_back = self.offered_back, None
            if exchange.state == State.OFFERED_BACK:
                return exchange, Event.ACK_SDP
        if event == Event.REQUEST and name != "INVITE":
            return None, event
        key = ("INVITE" if name == "ACK" else name, self.columns.cseq[row], tag)
        known = self.exchanges.get(key)
        if known is None and event not in (Event.SUCCESS, Event.FAILURE, Event.ACK):
            known = self.exchanges[key] = Exchange()
        return known, event
