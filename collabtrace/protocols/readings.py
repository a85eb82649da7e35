"""Header values as a message gives them: the value, what can be told of it where it is misspelt, and the flaw.

An empty text stands for a header that is not there.
"""

from typing import NamedTuple

from collabtrace.errors import ParseError
from collabtrace.protocols.address import Address, salvage
from collabtrace.protocols.cseq import CSeq
from collabtrace.protocols.grammar import split_list
from collabtrace.protocols.media_type import MediaType
from collabtrace.protocols.memo import Memo
from collabtrace.protocols.via import Via


class Party(NamedTuple):
    """A From, To or Contact value."""

    value: Address | None
    uri: str | None
    tag: str | None
    flaw: str | None


class Order(NamedTuple):
    """A CSeq value."""

    value: CSeq | None
    number: int | None
    method: str | None
    flaw: str | None


class Hops(NamedTuple):
    """The values of one Via header."""

    values: tuple[Via, ...]
    branch: str | None
    """Of the topmost."""
    sent_by: str | None
    """Of the topmost."""
    count: int
    """Values, readable or not."""
    flaw: str | None


class Kind(NamedTuple):
    """A Content-Type value."""

    value: MediaType | None
    name: str | None
    flaw: str | None


def _party(text: str) -> Party:
    flaw = None
    value: Address | None
    try:
        value = Address.parse(text)
    except ParseError:
        value = salvage(text)
        flaw = "cannot be read" if value is None else "is not written as it should be"
    return Party(value, value.uri if value else None, value.tag if value else None, flaw)


def _order(text: str) -> Order:
    try:
        value = CSeq.parse(text)
    except ParseError:
        return Order(None, None, None, "cannot be read")
    return Order(value, value.number, value.method, None)


def _hops(text: str) -> Hops:
    values = []
    flaw = None if text else "is empty"
    items = split_list(text)
    for item in items:
        try:
            values.append(Via.parse(item))
        except ParseError:
            flaw = "cannot be read"
    top = values[0] if values else None
    return Hops(tuple(values), top.branch if top else None, top.sent_by if top else None, len(items), flaw)


def _kind(text: str) -> Kind:
    if not text:
        return Kind(None, None, None)
    try:
        value = MediaType.parse(text)
    except ParseError:
        return Kind(None, None, "cannot be read")
    return Kind(value, value.name, None)


def _length(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


PARTIES: Memo[Party] = Memo(_party)
CSEQS: Memo[Order] = Memo(_order)
VIAS: Memo[Hops] = Memo(_hops)
MEDIA_TYPES: Memo[Kind] = Memo(_kind)
LENGTHS: Memo[int | None] = Memo(_length)
