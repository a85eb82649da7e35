"""A subscription to the keys that the other side presses: SUBSCRIBE with ``Event: kpml`` (RFC 4730)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from collabtrace.protocols import sip
from collabtrace.protocols.kpml import PACKAGE, REQUEST
from collabtrace.schema import Transaction
from collabtrace.sessions.case import Case
from collabtrace.sessions.sip_digits import call_id_of
from collabtrace.subjects.message import SipMessage

ENDS_IT = "0"
"""The Expires with which a subscription is given back (RFC 6665 §4.1.2.3)."""


class KeySubscription:
    """One SUBSCRIBE to key presses, with what became of it on all hops that a capture shows."""

    def __init__(self, case: Case, rows: Sequence[int]) -> None:
        self._case = case
        self.hops: tuple[Transaction, ...] = tuple(map(case.transactions.__getitem__, rows))
        """Its transactions, hop by hop, from the subscriber on."""

    def __repr__(self) -> str:
        return f"<KeySubscription of {self.subscriber} at {self.notifier}, {self.status or 'unanswered'}>"

    @property
    def file(self) -> str:
        """The capture that holds it."""
        return self.hops[0].file

    @property
    def subscriber(self) -> str:
        """Address of the machine that wants to be told."""
        return self.hops[0].source

    @property
    def notifier(self) -> str:
        """Address of the machine that should tell."""
        return self.hops[-1].target

    @cached_property
    def request(self) -> SipMessage:
        """The SUBSCRIBE on its first hop."""
        return SipMessage(self._case, next(hop.request_row for hop in self.hops if hop.request_row is not None))

    @cached_property
    def answer(self) -> SipMessage | None:
        """The final response that came back furthest; None where none did."""
        rows = (hop.answer_row for hop in self.hops if hop.answer_row is not None)
        return next((SipMessage(self._case, row) for row in rows), None)

    @property
    def status(self) -> int | None:
        """Of the final response."""
        return None if self.answer is None else self.answer.status

    @property
    def is_accepted(self) -> bool:
        """Whether the notifier said yes."""
        return self.status is not None and self.status < 300

    @property
    def retransmissions(self) -> int:
        """How often the subscriber sent it again."""
        return self.hops[0].requests_repeated

    @cached_property
    def gives_back(self) -> bool:
        """Whether it ends a subscription instead of asking for one."""
        return (self.request.header("Expires") or "").strip() == ENDS_IT


def by_call_id(case: Case, in_calls: Iterable[str]) -> Mapping[str, Sequence[KeySubscription]]:
    """The subscriptions to key presses by the Call-ID of the call whose keys they are about, in the order of time."""
    hops: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    call_ids: dict[tuple[object, ...], str] = {}
    tags = case.messages.columns["from_tag"]
    for row, request_row in _candidates(case, frozenset(in_calls)):
        message = case.sip(request_row)
        if not _is_about_keys(message):
            continue
        transaction = case.transactions[row]
        key: tuple[object, ...] = (transaction.file, transaction.call_id, tags[request_row], transaction.cseq)
        hops[key].append(row)
        call_ids.setdefault(key, call_id_of(message) or transaction.call_id)
    found: defaultdict[str, list[KeySubscription]] = defaultdict(list)
    for key, rows in hops.items():
        found[call_ids[key]].append(KeySubscription(case, rows))
    return {call_id: sorted(each, key=lambda one: one.hops[0].started) for call_id, each in found.items()}


def _candidates(case: Case, in_calls: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Rows of the SUBSCRIBE transactions that may be about keys, and of their requests: opening all would take long."""
    if "SUBSCRIBE" not in case.messages.columns["method"]:
        return
    table, kinds = case.transactions, case.messages.columns["content_type"]
    names = ("method", "call_id", "request_row")
    for row, (method, call_id, request_row) in enumerate(zip(*map(table.values, names), strict=True)):
        if method != "SUBSCRIBE" or request_row is None:
            continue
        kind = kinds[request_row] or ""
        if kind == REQUEST or kind.startswith("multipart/") or call_id in in_calls:
            yield row, request_row


def _is_about_keys(message: sip.Message) -> bool:
    return (message.header("Event") or "").partition(";")[0].strip().lower() == PACKAGE
