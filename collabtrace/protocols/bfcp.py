"""Binary Floor Control Protocol, version 1 (RFC 4582) and version 2 (RFC 8855).

Version 1 was made for TCP, and in the field it is spoken over UDP as well, with the R bit of version 2.
A message is read leniently: what does not fit is kept in ``rest`` and told in ``flaws``.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from collabtrace.errors import ParseError

HEADER = struct.Struct("!BBHIHH")
FRAGMENT = struct.Struct("!HH")
RESPONDER_BIT, FRAGMENT_BIT = 0x10, 0x08
VERSIONS = (1, 2)
UNIT = 4
"""Bytes in which the header counts lengths, and to which attributes are padded."""

PRIMITIVES = {
    1: "FloorRequest",
    2: "FloorRelease",
    3: "FloorRequestQuery",
    4: "FloorRequestStatus",
    5: "UserQuery",
    6: "UserStatus",
    7: "FloorQuery",
    8: "FloorStatus",
    9: "ChairAction",
    10: "ChairActionAck",
    11: "Hello",
    12: "HelloAck",
    13: "Error",
    14: "FloorRequestStatusAck",
    15: "ErrorAck",
    16: "FloorStatusAck",
    17: "Goodbye",
    18: "GoodbyeAck",
}
"""RFC 8855 §5.1, table 1."""
ANSWERS = {6, 10, 12, 14, 15, 16, 18}
"""Primitives that are never sent unasked: the acknowledgements, and UserStatus (RFC 8855 §13)."""
SPOKEN = {4, 8, 13}
"""Primitives by which a floor control server answers or speaks of itself, over TCP then without a transaction."""

BENEFICIARY_ID, FLOOR_ID, FLOOR_REQUEST_ID, PRIORITY, REQUEST_STATUS, ERROR_CODE = 1, 2, 3, 4, 5, 6
FLOOR_REQUEST_INFORMATION, FLOOR_REQUEST_STATUS, OVERALL_REQUEST_STATUS = 15, 17, 18
ATTRIBUTES = {
    BENEFICIARY_ID: "BENEFICIARY-ID",
    FLOOR_ID: "FLOOR-ID",
    FLOOR_REQUEST_ID: "FLOOR-REQUEST-ID",
    PRIORITY: "PRIORITY",
    REQUEST_STATUS: "REQUEST-STATUS",
    ERROR_CODE: "ERROR-CODE",
    7: "ERROR-INFO",
    8: "PARTICIPANT-PROVIDED-INFO",
    9: "STATUS-INFO",
    10: "SUPPORTED-ATTRIBUTES",
    11: "SUPPORTED-PRIMITIVES",
    12: "USER-DISPLAY-NAME",
    13: "USER-URI",
    14: "BENEFICIARY-INFORMATION",
    FLOOR_REQUEST_INFORMATION: "FLOOR-REQUEST-INFORMATION",
    16: "REQUESTED-BY-INFORMATION",
    FLOOR_REQUEST_STATUS: "FLOOR-REQUEST-STATUS",
    OVERALL_REQUEST_STATUS: "OVERALL-REQUEST-STATUS",
}
"""RFC 8855 §5.2, table 2."""
GROUPED = {14, FLOOR_REQUEST_INFORMATION, 16, FLOOR_REQUEST_STATUS, OVERALL_REQUEST_STATUS}
"""Attributes that hold a 16-bit identifier and then attributes."""

STATUSES = {1: "Pending", 2: "Accepted", 3: "Granted", 4: "Denied", 5: "Cancelled", 6: "Released", 7: "Revoked"}
"""RFC 8855 §5.2.5, table 4."""
ERRORS = {
    1: "Conference Does Not Exist",
    2: "User Does Not Exist",
    3: "Unknown Primitive",
    4: "Unknown Mandatory Attribute",
    5: "Unauthorized Operation",
    6: "Invalid Floor ID",
    7: "Floor Request ID Does Not Exist",
    8: "You have Already Reached the Maximum Number of Ongoing Floor Requests for This Floor",
    9: "Use TLS",
    10: "Unable to Parse Message",
    11: "Use DTLS",
    12: "Unsupported Version",
    13: "Incorrect Message Length",
    14: "Generic Error",
}
"""RFC 8855 §5.2.6, table 5."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute (RFC 8855 §5.2)."""

    type: int
    """0 to 127."""
    value: bytes
    """Without padding; of a grouped attribute its identifier."""
    mandatory: bool = False
    attributes: tuple["Attribute", ...] = ()
    """Of a grouped attribute."""

    @property
    def name(self) -> str:
        """As the RFC writes it."""
        return ATTRIBUTES.get(self.type, f"attribute {self.type}")

    @property
    def number(self) -> int | None:
        """The first 16 bits of the value, an identifier in most attributes."""
        return int.from_bytes(self.value[:2], "big") if len(self.value) >= 2 else None

    def __bytes__(self) -> bytes:
        body = self.value + b"".join(bytes(attribute) for attribute in self.attributes)
        return bytes([self.type << 1 | self.mandatory, len(body) + 2]) + body + bytes(-(len(body) + 2) % UNIT)


@dataclass(frozen=True, slots=True)
class Fragment:
    """Which part of a message a datagram holds, in units of four bytes (RFC 8855 §6.2.3)."""

    offset: int
    length: int
    total: int
    """Of the payload of the whole message."""


@dataclass(frozen=True, slots=True)
class Message:
    """One BFCP message."""

    version: int
    primitive: int
    conference: int
    transaction: int
    user: int
    attributes: tuple[Attribute, ...] = ()
    responder: bool = False
    """The R bit."""
    fragment: Fragment | None = None
    """Where the F bit is set; the payload is then all in ``rest``."""
    rest: bytes = b""
    """What is no attribute: a fragment, or what follows an attribute that does not fit."""
    flaws: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The primitive as the RFC writes it."""
        return PRIMITIVES.get(self.primitive, f"primitive {self.primitive}")

    @property
    def response(self) -> bool:
        """Whether it answers: by the R bit or its primitive, or for version 1 by its transaction (RFC 4582 §8).

        Version 1 over UDP has no R bit, and the server numbers transactions of its own: there only the request tells.
        """
        answering = self.version == 1 and self.primitive in SPOKEN and self.transaction != 0
        return self.responder or self.primitive in ANSWERS or answering

    def find(self, kind: int) -> Iterator[Attribute]:
        """The attributes of type *kind*, nested ones too, in their order."""
        return (attribute for attribute in walk(self.attributes) if attribute.type == kind)

    @property
    def floors(self) -> tuple[int, ...]:
        """The floors that it is about, each once."""
        both = (each for each in walk(self.attributes) if each.type in (FLOOR_ID, FLOOR_REQUEST_STATUS))
        return tuple(dict.fromkeys(number for each in both if (number := each.number) is not None))

    @property
    def floor_request(self) -> int | None:
        """The floor request that it is about."""
        kinds = (FLOOR_REQUEST_ID, FLOOR_REQUEST_INFORMATION, OVERALL_REQUEST_STATUS)
        numbers = (each.number for each in walk(self.attributes) if each.type in kinds)
        return next(numbers, None)

    @property
    def status(self) -> str | None:
        """The first request status by name."""
        for each in self.find(REQUEST_STATUS):
            if each.value:
                return STATUSES.get(each.value[0], f"status {each.value[0]}")
        return None

    @property
    def error(self) -> str | None:
        """The error by name."""
        for each in self.find(ERROR_CODE):
            if each.value:
                return ERRORS.get(each.value[0], f"error {each.value[0]}")
        return None

    def __bytes__(self) -> bytes:
        payload = b"".join(bytes(attribute) for attribute in self.attributes) + self.rest
        first = self.version << 5 | self.responder * RESPONDER_BIT | (self.fragment is not None) * FRAGMENT_BIT
        units, extra = len(payload) // UNIT, b""
        if self.fragment is not None:
            units, extra = self.fragment.total, FRAGMENT.pack(self.fragment.offset, self.fragment.length)
        header = HEADER.pack(first, self.primitive, units, self.conference, self.transaction, self.user)
        return header + extra + payload


def walk(attributes: tuple[Attribute, ...]) -> Iterator[Attribute]:
    """All *attributes*, each followed by those nested in it."""
    for attribute in attributes:
        yield attribute
        yield from walk(attribute.attributes)


def parse(data: bytes) -> Message:
    """Parse one message; ParseError where *data* cannot begin one."""
    if len(data) < HEADER.size:
        raise ParseError(f"{len(data)} bytes are too few for the BFCP header of {HEADER.size}")
    first, primitive, units, conference, transaction, user = HEADER.unpack_from(data)
    if first >> 5 not in VERSIONS:
        raise ParseError(f"BFCP version {first >> 5} is neither 1 nor 2")
    fragment, start = None, HEADER.size
    if first & FRAGMENT_BIT:
        fragment, start = _fragment(data, units), start + FRAGMENT.size
    expected = units if fragment is None else fragment.length
    payload = data[start : start + expected * UNIT]
    flaws = _length_flaws(len(data) - start, expected * UNIT)
    attributes, rest = ((), payload) if fragment else _attributes(payload)
    if rest and not fragment:
        flaws += (f"{len(rest)} bytes at the end are no attribute",)
    return Message(
        version=first >> 5,
        primitive=primitive,
        conference=conference,
        transaction=transaction,
        user=user,
        attributes=attributes,
        responder=bool(first & RESPONDER_BIT),
        fragment=fragment,
        rest=rest,
        flaws=flaws,
    )


def _fragment(data: bytes, total: int) -> Fragment:
    if len(data) < HEADER.size + FRAGMENT.size:
        raise ParseError(f"{len(data)} bytes are too few for the header of a BFCP fragment")
    offset, length = FRAGMENT.unpack_from(data, HEADER.size)
    return Fragment(offset, length, total)


def _length_flaws(held: int, expected: int) -> tuple[str, ...]:
    return () if held == expected else (f"the header says {expected} bytes of payload, {held} are there",)


def _attributes(data: bytes) -> tuple[tuple[Attribute, ...], bytes]:
    """The attributes in *data*, and what is left where one does not fit."""
    found: list[Attribute] = []
    at = 0
    while at + 2 <= len(data):
        length = data[at + 1]
        end = at + length
        padded = end + -length % UNIT
        if length < 2 or padded > len(data):
            break
        attribute = _attribute(data[at] >> 1, bool(data[at] & 1), data[at + 2 : end])
        found.append(attribute)
        at = padded
    return tuple(found), data[at:]


def _attribute(kind: int, mandatory: bool, value: bytes) -> Attribute:
    if kind in GROUPED and len(value) > 2:
        nested, rest = _attributes(value[2:])
        if not rest:
            return Attribute(kind, value[:2], mandatory, nested)
    return Attribute(kind, value, mandatory)


def size(data: bytes) -> int:
    """Bytes of the message that begins with the header *data*; ParseError where none can begin."""
    first, primitive, units = HEADER.unpack_from(data)[:3]
    if first >> 5 not in VERSIONS or primitive not in PRIMITIVES:
        raise ParseError(f"bytes {data[:4].hex()} begin no BFCP message")
    return HEADER.size + int(units) * UNIT


def frames(data: bytes) -> tuple[list[bytes], bytes]:
    """Cut a byte stream (TCP) into whole messages by their lengths; the second value is what awaits more bytes.

    ParseError where no message can begin.
    """
    found: list[bytes] = []
    at = 0
    while len(data) - at >= HEADER.size:
        end = at + size(data[at : at + HEADER.size])
        if end > len(data):
            break
        found.append(data[at:end])
        at = end
    return found, data[at:]
