"""What is written below an m= line, or before the first one: lines that repeat from message to message.

A section does not know its m-line, so that one object serves every message that writes the same
attributes, whatever the ports; each typed value is made when it is first asked for and stays.
"""

import re
from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from collabtrace.errors import ParseError
from collabtrace.protocols.memo import Memo
from collabtrace.protocols.sdp.candidates import Candidate
from collabtrace.protocols.sdp.codecs import STATIC, Codec, split_fmtp
from collabtrace.protocols.sdp.feedback import Extension, Feedback
from collabtrace.protocols.sdp.floors import Floor
from collabtrace.protocols.sdp.keys import Crypto, Fingerprint
from collabtrace.protocols.sdp.origin import Connection

Value = TypeVar("Value")

DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
"""RFC 8866 §6.7."""
MOST_FORMATS = 16
"""Lists of formats for which one section keeps the codecs."""
LONGEST_FORMATS = 64
"""Formats of the longest list for which it does."""

_WORDS = re.compile(r"[\s,]+")


class Section:
    """The lines of one section, and their typed values."""

    def __init__(self, text: str) -> None:
        """Read the lines of *text*, which end in LF."""
        self.attributes: tuple[tuple[str, str | None], ...]
        """Name and value in order; the value of a property attribute is None."""
        self.connection: Connection | None = None
        """The c= line."""
        self.bandwidth: dict[str, int] = {}
        """By type: ``AS`` and ``CT`` in kilobits a second, ``TIAS`` in bits a second (RFC 3890)."""
        self.title: str | None = None
        """The i= line."""
        self.others: list[tuple[str, str]] = []
        """Type and value of all lines that are neither of these."""
        self._attributes: list[tuple[str, str | None]] = []
        self._flaws: list[str] = []
        self._codecs: dict[tuple[str, ...], tuple[Codec, ...]] = {}
        for line in text.split("\n"):
            if line:
                self._read(line)
        self.attributes = tuple(self._attributes)
        self.first: dict[str, str | None] = {}
        """The first value of each attribute, by its name in lower case."""
        for name, value in self.attributes:
            self.first.setdefault(name.lower(), value)

    def _read(self, line: str) -> None:
        kind, value = line[:2], line[2:].strip()
        if kind == "a=":
            name, colon, written = value.partition(":")
            self._attributes.append((name.strip(), written.strip() if colon else None))
        elif kind == "c=":
            self._read_connection(value)
        elif kind == "b=":
            modifier, _, amount = value.partition(":")
            if amount.isascii() and amount.isdigit() and len(amount) < 16:
                self.bandwidth.setdefault(modifier, int(amount))
            else:
                self._flaws.append(f"b={value[:40]} is not a bandwidth")
        elif kind == "i=":
            self.title = value
        elif kind[1:] == "=":
            self.others.append((kind[0], value))
        else:
            self._flaws.append(f"{line[:40]!r} is not a line of SDP")

    def _read_connection(self, value: str) -> None:
        try:
            connection = Connection.parse(value)
        except ParseError as error:
            self._flaws.append(str(error))
        else:
            self.connection = self.connection or connection

    @cached_property
    def flaws(self) -> tuple[str, ...]:
        """What is wrong with the lines."""
        found = list(self._flaws)
        for name, read in _PARSERS.items():
            for value in self.values(name):
                try:
                    read(value)
                except ParseError as error:
                    found.append(str(error))
        return tuple(found[:16])

    def values(self, name: str) -> list[str]:
        """All values of the attribute *name* (in lower case)."""
        if name not in self.first:
            return []
        return [value or "" for key, value in self.attributes if key.lower() == name]

    def _all(self, name: str, read: Callable[[str], Value]) -> tuple[Value, ...]:
        """The values of the attribute *name* that can be read."""
        found = []
        for value in self.values(name):
            try:
                found.append(read(value))
            except ParseError:
                continue
        return tuple(found)

    def codecs(self, formats: tuple[str, ...]) -> tuple[Codec, ...]:
        """What each of the *formats* of the m-line is."""
        codecs = self._codecs.get(formats)
        if codecs is None:
            codecs = tuple(self._codec(payload_type) for payload_type in formats)
            if len(self._codecs) >= MOST_FORMATS:
                self._codecs.clear()
            if len(formats) <= LONGEST_FORMATS:
                self._codecs[formats] = codecs
        return codecs

    def _codec(self, payload_type: str) -> Codec:
        mapped = self._mapped.get(payload_type) or STATIC.get(payload_type) or Codec(payload_type, None, None)
        parameters = self._parameters.get(payload_type)
        if parameters is None:
            return mapped
        return Codec(payload_type, mapped.name, mapped.clock_rate, mapped.channels, parameters, mapped.static)

    @cached_property
    def _mapped(self) -> dict[str, Codec]:
        return {codec.payload_type: codec for codec in reversed(self._all("rtpmap", Codec.parse))}

    @cached_property
    def _parameters(self) -> dict[str, str]:
        """By payload type; a sender may spread them over several fmtp lines."""
        found: dict[str, str] = {}
        for payload_type, parameters in self._all("fmtp", split_fmtp):
            before = found.get(payload_type)
            found[payload_type] = parameters if before is None else f"{before};{parameters}"
        return found

    @cached_property
    def direction(self) -> str | None:
        """``sendrecv sendonly recvonly inactive``, as the section says it; None where it says nothing."""
        return next((name for name in self.first if name in DIRECTIONS), None)

    @cached_property
    def floors(self) -> tuple[Floor, ...]:
        """The floorid attributes."""
        return self._all("floorid", Floor.parse)

    @cached_property
    def floorctrl(self) -> tuple[str, ...]:
        """The floorctrl attribute: ``c-only``, ``s-only``, ``c-s``."""
        return tuple(word for word in _WORDS.split((self.first.get("floorctrl") or "").lower()) if word)

    @cached_property
    def crypto(self) -> tuple[Crypto, ...]:
        """The crypto attributes."""
        return self._all("crypto", Crypto.parse)

    @cached_property
    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """The fingerprint attributes."""
        return self._all("fingerprint", Fingerprint.parse)

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """The candidate attributes."""
        return self._all("candidate", Candidate.parse)

    @cached_property
    def feedback(self) -> tuple[Feedback, ...]:
        """The rtcp-fb attributes."""
        return self._all("rtcp-fb", Feedback.parse)

    @cached_property
    def extensions(self) -> tuple[Extension, ...]:
        """The extmap attributes."""
        return self._all("extmap", Extension.parse)


_PARSERS: dict[str, Callable[[str], object]] = {
    "candidate": Candidate.parse,
    "crypto": Crypto.parse,
    "extmap": Extension.parse,
    "fingerprint": Fingerprint.parse,
    "floorid": Floor.parse,
    "fmtp": split_fmtp,
    "rtcp-fb": Feedback.parse,
    "rtpmap": Codec.parse,
}

SECTIONS: Memo[Section] = Memo(Section, entries=2048, longest=2048)
"""Sections already read."""
