"""Header values as a message gives them: what can be told of a value, and what is wrong with it.

An empty text stands for a header that is not there. What is written in the usual way is recognised
whole by one expression; everything else goes through the strict parser of its type.
"""

import re
from typing import NamedTuple

from collabtrace.errors import ParseError
from collabtrace.protocols.address import Address, salvage
from collabtrace.protocols.cseq import CSeq
from collabtrace.protocols.grammar import split_list
from collabtrace.protocols.media_type import MediaType
from collabtrace.protocols.memo import Memo
from collabtrace.protocols.via import Via

_TOKEN = r"[A-Za-z0-9\-.!%*_+`'~]++"  # noqa: S105 - a production of the grammar, not a secret

_USUAL_PARTY = re.compile(rf"""(?:"[^"\\]*+" ?|(?:{_TOKEN} )*+)<([^<>"\s]++)>(?:;tag=({_TOKEN}))?+""")

_NOT_BRANCH = rf"(?:;(?!(?i:branch)[;=]){_TOKEN}(?:=[A-Za-z0-9\-.!%*_+:]++)?+)*+"
_USUAL_VIA = re.compile(
    rf"SIP/2\.0/[A-Z]++ ((?:[A-Za-z0-9_\-.]++|\[[0-9A-Fa-f:.]++\])(?::[1-5][0-9]{{4}}+|:[0-9]{{1,4}}+)?+)"
    rf"{_NOT_BRANCH};branch=({_TOKEN}){_NOT_BRANCH}"
)

# What can be told of a Via that is not written as it should be.
_SENT_BY = re.compile(r"\A[^ \t;,]*+(?:[ \t]*+/[ \t]*+[^ \t;,/]++)*+[ \t]++([^\s;,]++)")
_BRANCH = re.compile(r"\A[^,]*?;[ \t]*+(?i:branch)[ \t]*+=[ \t]*+([^\s;,]++)")


class Party(NamedTuple):
    """A From, To or Contact value."""

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

    branch: str | None
    """Of the topmost."""
    sent_by: str | None
    """Of the topmost."""
    hops: int
    """Values, readable or not."""
    flaw: str | None


class Kind(NamedTuple):
    """A Content-Type value."""

    value: MediaType | None
    name: str | None
    flaw: str | None


def _party(text: str) -> Party:
    usual = _USUAL_PARTY.fullmatch(text)
    if usual is not None:
        return Party(usual[1], usual[2], None)
    value, flaw = _address(text)
    return Party(None, None, flaw) if value is None else Party(value.uri, value.tag, flaw)


def _address(text: str) -> tuple[Address | None, str | None]:
    try:
        return Address.parse(text), None
    except ParseError:
        value = salvage(text)
        return value, "cannot be read" if value is None else "is not written as it should be"


def _order(text: str) -> Order:
    try:
        value = CSeq.parse(text)
    except ParseError:
        return Order(None, None, None, "cannot be read")
    return Order(value, value.number, value.method, None)


def _hops(text: str) -> Hops:
    usual = _USUAL_VIA.fullmatch(text)
    if usual is not None:
        return Hops(usual[2], usual[1], 1, None)
    values = [_via(item) for item in split_list(text)]
    flaw = None if values and None not in values else "cannot be read"
    if values and values[0] is not None:
        return Hops(values[0].branch, values[0].sent_by, len(values), flaw)
    sent_by, branch = _SENT_BY.search(text), _BRANCH.search(text)
    return Hops(branch[1] if branch else None, sent_by[1] if sent_by else None, len(values), flaw)


def _via(text: str) -> Via | None:
    try:
        return Via.parse(text)
    except ParseError:
        return None


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
ADDRESSES: Memo[tuple[Address | None, str | None]] = Memo(_address)
CSEQS: Memo[Order] = Memo(_order)
VIA_HEADERS: Memo[Hops] = Memo(_hops)
VIAS: Memo[Via | None] = Memo(_via)
MEDIA_TYPES: Memo[Kind] = Memo(_kind)
LENGTHS: Memo[int | None] = Memo(_length)
