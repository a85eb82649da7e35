"""What changed in the text of a SIP message between two places that saw it (``sessions.sightings``).

What a router may change stands before the text: addresses and ports of IP, UDP and TCP. Headers are compared by name,
session descriptions line by line; of what is secret, and of bodies that are no description, the table only says that
they differ.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from collabtrace.columns import Table
from collabtrace.protocols import sip
from collabtrace.schema import Message, Rewrite
from collabtrace.sessions.messages import is_cut
from collabtrace.sessions.rows import Rows
from collabtrace.sessions.sightings import Sighting

NOT_SHOWN = "(not shown)"
"""Stands for a secret."""
SECRET_HEADERS = frozenset({"Authorization", "Proxy-Authorization"})
SECRET_LINES = ("a=crypto", "a=ice-pwd", "a=key-mgmt", "k=")
_SECRET_IN_URI = re.compile(r'(sips?:[^\s@:;?/<>"]{0,256}:)[^\s@:;?/<>"]{1,256}@|(postd=)[^\s;?>"]+', re.IGNORECASE)
"""A password (RFC 3261 §19.1.1), and digits dialled after the number (RFC 2806)."""
LONGEST = 200
"""Characters of a value that are kept."""


class Change(NamedTuple):
    """One difference."""

    field: str
    before: str | None
    after: str | None


def build(messages: Table[Message], sightings: Sequence[Sighting], text: Callable[[int], bytes]) -> Table[Rewrite]:
    """A row for each difference; *text* gives the bytes of a message. Messages that the capture cut are left out."""
    rows = Rows(Rewrite)
    file, frame, call_id = (messages.values(name) for name in ("file", "frame", "call_id"))
    transport, flaws = messages.values("transport"), messages.values("flaws")
    for before, after in sightings:
        if any(is_cut(flaws[row], transport[row]) for row in (before, after)):
            continue
        one, other = text(before), text(after)
        if one != other:
            for change in changes(sip.parse(one), sip.parse(other)):
                rows.add(
                    call_id[before], file[before], frame[before], file[after], frame[after], *change, before, after
                )
    return rows.table()


def changes(before: sip.Message, after: sip.Message) -> Iterator[Change]:
    """What differs between two messages that are not equal byte by byte; at least one change."""
    found = [*_start(before, after), *_headers(before, after), *_body(before, after)]
    if not found:
        found.append(Change("layout", None, None))
    yield from found


def _start(before: sip.Message, after: sip.Message) -> Iterator[Change]:
    lines = [str(each.start.uri or f"{each.status} {each.reason}") for each in (before, after)]
    if lines[0] != lines[1]:
        yield Change("Request-URI" if before.method else "status line", *map(_shown, lines))


def _headers(before: sip.Message, after: sip.Message) -> Iterator[Change]:
    values = _by_name(before), _by_name(after)
    for name in values[0] | values[1]:
        for one, other in zip_longest(*(each.get(name, ()) for each in values)):
            if one != other:
                hidden = name in SECRET_HEADERS
                yield Change(name, *(value and (NOT_SHOWN if hidden else _shown(value)) for value in (one, other)))


def _by_name(message: sip.Message) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in message.headers:
        values.setdefault(name, []).append(value)
    return values


def _body(before: sip.Message, after: sip.Message) -> Iterator[Change]:
    bodies = [each.body + each.tail for each in (before, after)]
    if bodies[0] == bodies[1]:
        return
    if not all(body.startswith(b"v=0") for body in bodies):
        yield Change("body", *(f"{len(body)} bytes" for body in bodies))
        return
    lines = [body.decode("utf-8", "replace").splitlines() for body in bodies]
    if lines[0] != lines[1] and sorted(lines[0]) == sorted(lines[1]):
        yield Change("order of the body", None, None)
    elif len(lines[0]) == len(lines[1]):
        for one, other in zip(*lines, strict=True):
            if one != other:
                yield Change(_line_name(one), _line(one), _line(other))
    else:
        counts = [Counter(each) for each in lines]
        yield from (Change(_line_name(line), _line(line), None) for line in (counts[0] - counts[1]))
        yield from (Change(_line_name(line), None, _line(line)) for line in (counts[1] - counts[0]))


def _line_name(line: str) -> str:
    """``c=``, ``m=audio``, ``a=rtcp`` …"""
    kind, _, value = line.partition("=")
    if kind == "m":
        return f"m={value.partition(' ')[0]}"
    return f"a={value.partition(':')[0]}" if kind == "a" else f"{kind}="


def _line(line: str) -> str:
    return NOT_SHOWN if line.lower().startswith(SECRET_LINES) else _shown(line)


def _shown(value: str) -> str:
    return _SECRET_IN_URI.sub(_without_secret, value)[:LONGEST]


def _without_secret(found: re.Match[str]) -> str:
    return f"{found[1]}{NOT_SHOWN}@" if found[1] else f"{found[2]}{NOT_SHOWN}"
