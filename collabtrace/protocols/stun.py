"""STUN and TURN messages: RFC 8489 and RFC 8656 with the magic cookie, RFC 3489 without it.

Messages are read leniently as to attributes: one that does not fit ends the list and is told in ``flaws``.
"""

import ipaddress
import struct
import zlib
from dataclasses import dataclass
from typing import NamedTuple

from collabtrace.errors import ParseError

HEADER = struct.Struct("!HHI12s")
ATTRIBUTE = struct.Struct("!HH")
MAGIC_COOKIE = 0x2112A442
COOKIE_BYTES = MAGIC_COOKIE.to_bytes(4, "big")
FINGERPRINT_XOR = 0x5354554E
"""RFC 8489 §14.7."""

REQUEST, INDICATION, SUCCESS, ERROR = 0, 1, 2, 3
CLASSES = ("request", "indication", "success response", "error response")
METHODS = {
    0x001: "Binding",
    0x002: "Shared Secret",
    0x003: "Allocate",
    0x004: "Refresh",
    0x006: "Send",
    0x007: "Data",
    0x008: "CreatePermission",
    0x009: "ChannelBind",
    0x00A: "Connect",
    0x00B: "ConnectionBind",
    0x00C: "ConnectionAttempt",
}
"""RFC 8489 §18.2, RFC 8656 §17, RFC 6062 §6.1; Shared Secret is RFC 3489's."""

MAPPED_ADDRESS, CHANGE_REQUEST, USERNAME, ERROR_CODE, CHANNEL_NUMBER, LIFETIME = 0x01, 0x03, 0x06, 0x09, 0x0C, 0x0D
XOR_PEER_ADDRESS, XOR_RELAYED_ADDRESS, XOR_MAPPED_ADDRESS, PRIORITY, USE_CANDIDATE = 0x12, 0x16, 0x20, 0x24, 0x25
OLD_XOR_MAPPED_ADDRESS = 0x8020
"""Of drafts of RFC 5389, still sent."""
SOFTWARE, FINGERPRINT, ICE_CONTROLLED, ICE_CONTROLLING = 0x8022, 0x8028, 0x8029, 0x802A
IPV4, IPV6 = 1, 2


class Address(NamedTuple):
    """A transport address."""

    address: str
    port: int


class StunError(NamedTuple):
    """The ERROR-CODE attribute (RFC 8489 §14.8)."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    method: int
    kind: int
    """``REQUEST INDICATION SUCCESS ERROR``"""
    transaction: bytes
    """12 bytes; 16 where there is no magic cookie (RFC 3489)."""
    attributes: tuple[tuple[int, bytes], ...] = ()
    """Type and value of each, in order."""
    flaws: tuple[str, ...] = ()

    @property
    def classic(self) -> bool:
        """Whether it is of RFC 3489."""
        return len(self.transaction) == 16

    @property
    def name(self) -> str:
        """``Binding request``, ``Allocate error response`` …"""
        return f"{METHODS.get(self.method, f'method 0x{self.method:03x}')} {CLASSES[self.kind]}"

    def value(self, kind: int) -> bytes | None:
        """The value of the first attribute of type *kind*."""
        return next((value for number, value in self.attributes if number == kind), None)

    def address(self, kind: int) -> Address | None:
        """The address in the first attribute of type *kind*; those whose name begins with XOR are decoded."""
        value = self.value(kind)
        if value is None or len(value) not in (8, 20) or len(value) != (8 if value[1] == IPV4 else 20):
            return None
        if kind in (XOR_MAPPED_ADDRESS, OLD_XOR_MAPPED_ADDRESS, XOR_PEER_ADDRESS, XOR_RELAYED_ADDRESS):
            key = COOKIE_BYTES + self.transaction
            value = value[:2] + _xor(value[2:4], key) + _xor(value[4:], key)
        return Address(str(ipaddress.ip_address(value[4:])), int.from_bytes(value[2:4], "big"))

    @property
    def mapped(self) -> Address | None:
        """The address from which the server saw the request come."""
        kinds = (XOR_MAPPED_ADDRESS, OLD_XOR_MAPPED_ADDRESS, MAPPED_ADDRESS)
        return next((found for kind in kinds if (found := self.address(kind))), None)

    @property
    def username(self) -> str | None:
        """The USERNAME; in ICE the fragments of receiver and sender with a colon between."""
        value = self.value(USERNAME)
        return None if value is None else value.decode("utf-8", "replace")

    @property
    def error(self) -> StunError | None:
        """Why the request failed."""
        value = self.value(ERROR_CODE)
        if value is None or len(value) < 4:
            return None
        return StunError((value[2] & 7) * 100 + value[3], value[4:].decode("utf-8", "replace"))

    @property
    def lifetime(self) -> int | None:
        """Seconds that an allocation lives."""
        value = self.value(LIFETIME)
        return int.from_bytes(value, "big") if value is not None and len(value) == 4 else None

    def __bytes__(self) -> bytes:
        body = b"".join(
            ATTRIBUTE.pack(kind, len(value)) + value + bytes(-len(value) % 4) for kind, value in self.attributes
        )
        cookie = b"" if self.classic else COOKIE_BYTES
        return ATTRIBUTE.pack(_type(self.method, self.kind), len(body)) + cookie + self.transaction + body


def parse(data: bytes) -> Message:
    """Parse one message; bytes after its length are ignored."""
    if len(data) < HEADER.size:
        raise ParseError(f"{len(data)} bytes are too few for the STUN header of {HEADER.size}")
    kind, length, cookie, rest = HEADER.unpack_from(data)
    if kind >> 14:
        raise ParseError("the first two bits of a STUN message are not 0")
    method = kind & 0xF | kind >> 1 & 0x70 | kind >> 2 & 0xF80
    transaction = rest if cookie == MAGIC_COOKIE else data[4:20]
    attributes, flaws = _attributes(data[HEADER.size : HEADER.size + length])
    if HEADER.size + length > len(data):
        flaws = (f"the header says {length} bytes of attributes, {len(data) - HEADER.size} are there", *flaws)
    return Message(method, kind >> 4 & 1 | kind >> 7 & 2, transaction, attributes, flaws)


def fingerprint_matches(data: bytes) -> bool | None:
    """Whether the FINGERPRINT that ends the message is right; None where there is none (RFC 8489 §14.7)."""
    if len(data) < HEADER.size + 8 or data[-8:-4] != ATTRIBUTE.pack(FINGERPRINT, 4):
        return None
    return zlib.crc32(data[:-8]) ^ FINGERPRINT_XOR == int.from_bytes(data[-4:], "big")


def _attributes(data: bytes) -> tuple[tuple[tuple[int, bytes], ...], tuple[str, ...]]:
    found: list[tuple[int, bytes]] = []
    at = 0
    while at + ATTRIBUTE.size <= len(data):
        kind, length = ATTRIBUTE.unpack_from(data, at)
        start = at + ATTRIBUTE.size
        if start + length > len(data):
            return tuple(found), (f"attribute 0x{kind:04x} of {length} bytes does not fit",)
        found.append((kind, data[start : start + length]))
        at = start + length + -length % 4
    return tuple(found), ()


def _type(method: int, kind: int) -> int:
    """The message type: method and class with their bits interleaved (RFC 8489 §5)."""
    return method & 0xF | (kind & 1) << 4 | (method & 0x70) << 1 | (kind & 2) << 7 | (method & 0xF80) << 2


def _xor(value: bytes, key: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(value, key, strict=False))
