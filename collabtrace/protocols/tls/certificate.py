"""The names in an X.509 certificate (RFC 5280 §4.1), and for how long it is valid.

Only what lies on the way to them is read of its DER (X.690): no key, no signature, no chain.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from collabtrace.errors import ParseError

COMMON_NAME = bytes.fromhex("550403")
SUBJECT_ALTERNATIVE_NAME = bytes.fromhex("551d11")
"""Object identifiers 2.5.4.3 and 2.5.29.17."""
MOST_NAMES = 100
"""Alternative names that are read."""

_OCTETS, _OBJECT, _SEQUENCE = 0x04, 0x06, 0x30
_VERSION, _EXTENSIONS, _DNS_NAME = 0xA0, 0xA3, 0x82
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_TIME = re.compile(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z")
"""A GeneralizedTime as RFC 5280 §4.1.2.5.2 wants it; a UTCTime lacks the century."""
_WIDE = {0x1E: "utf-16-be", 0x1C: "utf-32-be"}
"""BMPString and UniversalString; the others are ASCII, or UTF-8, which holds it."""


class Element(NamedTuple):
    """One element of DER."""

    tag: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says of whom it was given to, and by whom."""

    common_name: str | None
    """The last one of the subject."""
    issuer: str | None
    """The common name of who issued it."""
    host_names: tuple[str, ...]
    """The DNS names of the subject alternative name."""
    begins: float | None
    """Since when it is valid, in seconds since the epoch; None for a time that cannot be read, here and below."""
    ends: float | None

    @property
    def names(self) -> tuple[str, ...]:
        """The names that it stands for, each once, the common name first."""
        return tuple(dict.fromkeys(name for name in (self.common_name, *self.host_names) if name))


def parse(data: bytes) -> Certificate:
    """Parse one certificate in DER."""
    whole = _elements(_only(data, _SEQUENCE))
    signed = _elements(_expect(next(whole, None), _SEQUENCE))
    first = next(signed, None)
    if first is not None and first.tag == _VERSION:
        first = next(signed, None)
    # The serial number was there; the signature algorithm, issuer, validity, subject and key follow in this order.
    next(signed, None)
    issuer = _expect(next(signed, None), _SEQUENCE)
    begins, ends = _validity(_expect(next(signed, None), _SEQUENCE))
    subject = _expect(next(signed, None), _SEQUENCE)
    extensions = next((each.content for each in signed if each.tag == _EXTENSIONS), None)
    hosts = () if extensions is None else _host_names(extensions)
    return Certificate(_common_name(subject), _common_name(issuer), hosts, begins, ends)


def _elements(data: bytes) -> Iterator[Element]:
    at = 0
    while at < len(data):
        if at + 2 > len(data):
            raise ParseError("an element of DER is cut")
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            width = length & 0x7F
            if not 1 <= width <= 4 or at + width > len(data):
                raise ParseError(f"an element of DER says its length in {width} bytes")
            length = int.from_bytes(data[at : at + width], "big")
            at += width
        if at + length > len(data):
            raise ParseError(f"an element of DER has {length} bytes, {len(data) - at} are there")
        yield Element(tag, data[at : at + length])
        at += length


def _only(data: bytes, tag: int) -> bytes:
    return _expect(next(_elements(data), None), tag)


def _expect(element: Element | None, tag: int) -> bytes:
    if element is None or element.tag != tag:
        there = "nothing" if element is None else f"0x{element.tag:02x}"
        raise ParseError(f"{there} is where DER's 0x{tag:02x} is expected")
    return element.content


def _validity(data: bytes) -> tuple[float | None, float | None]:
    times = list(_elements(data))
    if len(times) != 2:
        raise ParseError(f"a validity of {len(times)} times")
    return _time(times[0]), _time(times[1])


def _time(element: Element) -> float | None:
    text = element.content
    if element.tag == _UTC_TIME:
        # RFC 5280 §4.1.2.5.1: years from 50 on are of the last century.
        text = (b"19" if text[:1] >= b"5" else b"20") + text
    elif element.tag != _GENERALIZED_TIME:
        return None
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _common_name(subject: bytes) -> str | None:
    """The last common name of a Name (RFC 5280 §4.1.2.4)."""
    found = None
    for part in _elements(subject):
        for attribute in _elements(part.content):
            kind, value = (*_elements(attribute.content), None, None)[:2]
            if kind is not None and kind == (_OBJECT, COMMON_NAME) and value is not None:
                found = value.content.decode(_WIDE.get(value.tag, "utf-8"), "replace")
    return found


def _host_names(extensions: bytes) -> tuple[str, ...]:
    for extension in _elements(_only(extensions, _SEQUENCE)):
        parts = list(_elements(extension.content))
        if (_OBJECT, SUBJECT_ALTERNATIVE_NAME) not in parts[:1]:
            continue
        octets = next((each.content for each in parts if each.tag == _OCTETS), b"")
        names = _elements(_only(octets, _SEQUENCE))
        found = (each.content.decode("ascii", "replace") for each in names if each.tag == _DNS_NAME)
        return tuple(name for name, _ in zip(found, range(MOST_NAMES), strict=False))
    return ()
