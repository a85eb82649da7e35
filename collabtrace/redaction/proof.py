"""Proof that a redacted capture says the same and names nobody: what is wrong is listed, in words.

Nothing is taken from the writing: both captures are read and judged anew, and the tables are laid side by side.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from collabtrace.capture.opening import opened
from collabtrace.findings import Diagnosis
from collabtrace.protocols.flaws import kind
from collabtrace.redaction.bulk import distinct
from collabtrace.redaction.text import Text
from collabtrace.redaction.vocabulary import PRODUCTS, WORDS
from collabtrace.redaction.words import FEWEST_TELLING
from collabtrace.sessions.case import Case

_WORD = re.compile(rb"[A-Za-z0-9]{%d,}" % FEWEST_TELLING)
_ETHERNET = 1
"""LINKTYPE_ value."""
_SCHEME = re.compile(r"^(?:(?:sips?|tel|urn):|z9hG4bK)", re.IGNORECASE)
_PARTS = re.compile(r"[A-Za-z0-9]+")
_NAMING = ("from", "to", "contact", "p-asserted-identity", "p-preferred-identity", "remote-party-id", "diversion")
_URIS = ("from_uri", "to_uri", "request_uri", "contact", "call_id", "from_tag", "to_tag", "branch", "sent_by")
_SAME = ("frame", "time_epoch", "method", "status", "cseq", "cseq_method", "transport", "source_port", "target_port",
         "vias", "size", "flaws")  # fmt: skip
_MOST_SHOWN = 5


def names(case: Case) -> set[str]:
    """Words of which the tables say that they name people, machines and calls."""
    named: set[str] = set()
    for column in _URIS:
        for value in set(case.messages.values(column)):
            named.update(_PARTS.findall(_SCHEME.sub("", re.split("[;?]", value)[0] if value else "")))
    for row in range(len(case.messages)):
        named.update(_PARTS.findall(_shown_names(case, row)))
    return {word for word in named if word.lower() not in WORDS}


def _shown_names(case: Case, row: int) -> str:
    """What a message calls people beside their addresses (RFC 3261 §20.10: display names)."""
    message = case.sip(row)
    return " ".join(value.partition("<")[0] for header in _NAMING for value in message.values(header) if "<" in value)


def tokens(known: set[str], text: Text) -> set[str]:
    """Words of the original that nothing of the output may hold, as far as they are too long to be met by chance."""
    found = ({word for word in known if word.lower() not in PRODUCTS} | text.words.replaced) - text.public
    telling = {word for word in found if len(word) >= FEWEST_TELLING and not word.isdecimal()}
    telling = {word for word in telling if word.lower() not in WORDS}
    # A word that stands for another one proves nothing.
    return telling - {text.private(word) for word in telling}


def hardware(path: Path, text: Text) -> set[bytes]:
    """The MAC addresses of the Ethernet headers, but those that stay."""
    given, found = opened(path, None), set[bytes]()
    try:
        for records in given.form.read(given.chunks):
            starts = records.start[(records.link == _ETHERNET) & (records.captured >= 12)]
            for at in (0, 6):
                if len(starts):
                    found.update(distinct(records.buffer, starts + at, 6)[0])
    finally:
        given.cleaning.close()
    return {address for address in found if text.addresses.mac(address) != address}


def same_hardware(source: Path, written: Path, text: Text) -> list[str]:
    """MAC addresses that were not replaced."""
    before = hardware(source, text)
    left = (before & hardware(written, text)) - {text.addresses.mac(address) for address in before}
    return [f"the MAC address {address.hex(':')} is still there" for address in sorted(left)]


def leaks(path: Path, private: set[str]) -> list[str]:
    """Private words that stand anywhere in the file, packet or not."""
    given, found, tail = opened(path, None), set(), b""
    wanted = {word.encode("latin-1", "replace") for word in private}
    longest = max(map(len, wanted), default=1)
    try:
        while True:
            data = tail + given.chunks.data[: given.chunks.size].tobytes()
            found.update(wanted.intersection(_WORD.findall(data)))
            # A word may go on behind the end of the chunk.
            tail = data[-longest:]
            if not given.chunks.advance(given.chunks.size):
                break
    finally:
        given.cleaning.close()
    return [f"{word.decode('latin-1')!r} is still there" for word in sorted(found)]


def differences(before: tuple[Case, Diagnosis], after: tuple[Case, Diagnosis], text: Text) -> list[str]:
    """What the redacted case says otherwise, or says of the same machines and people."""
    return [
        *_tables(before[0], after[0]),
        *_kept(before[0], after[0], text),
        *_digits(after[0]),
        *_findings(before, after, text),
    ]


def _tables(before: Case, after: Case) -> Iterator[str]:
    """Packets and messages that are not where they were."""
    for one, other in zip(before.captures, after.captures, strict=True):
        if (one.packets, one.first, one.last) != (other.packets, other.first, other.last):
            yield f"{one.file} had {one.packets} packets and has {other.packets}"
    if len(before.messages) != len(after.messages):
        yield f"{len(before.messages)} SIP messages became {len(after.messages)}"
        return
    for column in _SAME:
        pairs = zip(_said(before, column), _said(after, column), strict=True)
        for row, (was, told) in enumerate(pairs):
            if was != told:
                frame = before.messages.values("frame")[row]
                yield f"the {column} of the message in frame {frame} was {was!r} and is {told!r}"
                break


def _said(case: Case, column: str) -> Sequence[object]:
    """A column of the messages; of flaws their kind alone, as what they quote was replaced with the rest."""
    values = case.messages.values(column)
    return [flaws and tuple(map(kind, flaws)) for flaws in values] if column == "flaws" else values


def _kept(before: Case, after: Case, text: Text) -> Iterator[str]:
    """Addresses and names that were not replaced."""
    for table in ("flows", "unreachables"):
        old, new = getattr(before, table), getattr(after, table)
        for column in ("source", "target"):
            addresses = {value for value in old.values(column) if value and text.private(value) != value}
            images = {text.private(value) for value in addresses}
            if same := sorted((addresses & set(new.values(column))) - images):
                yield f"the address {same[0]} is still in the headers of packets"
    if len(before.messages) == len(after.messages):
        for column in _URIS:
            pairs = zip(before.messages.values(column), after.messages.values(column), strict=True)
            left = [one for one, other in pairs if one and one == other and text.private(one) != one]
            if left:
                yield f"the {column} {left[0]!r} is still there"


def _digits(after: Case) -> Iterator[str]:
    """Keys that still can be read."""
    shown = set(after.digits.values("digit")) - set("1*#") - {None}
    if shown & set("0123456789ABCD"):
        yield "pressed keys can still be read"


def _findings(before: tuple[Case, Diagnosis], after: tuple[Case, Diagnosis], text: Text) -> Iterator[str]:
    """Faults that only one of the two shows."""
    old = _keys(before, text, changed=True)
    new = _keys(after, text, changed=False)
    for missing in (key for key in old if key not in new):
        yield f"the finding {missing[0]} in frame {_frame(missing)} is lost"
    for extra in (key for key in new if key not in old):
        yield f"the finding {extra[0]} in frame {_frame(extra)} is new"


_Key = tuple[str, str, str, tuple[str, ...], tuple[tuple[int, int], ...]]


def _keys(judged: tuple[Case, Diagnosis], text: Text, *, changed: bool) -> list[_Key]:
    case, diagnosis = judged
    files = {name: number for number, name in enumerate(case.captures.values("file"))}
    return [
        (
            finding.rule,
            finding.severity,
            finding.confidence,
            tuple(sorted(call_id(call, text) if changed else call for call in finding.calls)),
            tuple((files[proof.file], proof.frame) for proof in finding.evidence),
        )
        for finding in diagnosis.findings
    ]


def call_id(value: str, text: Text) -> str:
    """The Call-ID that stands for *value* after redaction."""
    return text.private(value)


def _frame(key: _Key) -> int | str:
    return key[4][0][1] if key[4] else "?"


def shown(wrong: Sequence[str]) -> str:
    """The list in one line."""
    more = f" and {len(wrong) - _MOST_SHOWN} more" if len(wrong) > _MOST_SHOWN else ""
    return "; ".join(wrong[:_MOST_SHOWN]) + more
