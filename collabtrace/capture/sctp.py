"""SCTP packets taken apart into user messages (RFC 9260): chunks, fragments, repetitions.

Fragments of a user message have consecutive TSNs, the first with the B bit and the last with the E bit, in ordered and
unordered delivery alike (§6.9), so the TSN alone puts them together. A message is whole in the packet
that brings its last missing fragment.
"""

import struct
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

DATA = 0
"""Chunk type (§3.2)."""
BEGINS, ENDS = 0x02, 0x01
"""Flags of a DATA chunk (§3.3.1)."""
REMEMBERED = 256
"""TSNs of an association that are remembered in order to know a repetition; a usual window and more."""
WAITING_FRAGMENTS = 256
"""Fragments of an association that wait for others."""
ALL_WAITING_BYTES = 16 * 1024 * 1024
"""Bytes of fragments that wait in all associations of a file together."""

_COMMON_HEADER = struct.Struct("!HHII")
_CHUNK_HEADER = struct.Struct("!BBH")
_DATA_HEADER = struct.Struct("!IHHI")


class UserMessage(NamedTuple):
    """What one side handed to SCTP as one message."""

    data: bytes
    wire_length: int
    """Bytes sent; more than ``data`` has where the capture cut the packet."""
    protocol: int
    """Payload protocol identifier (§3.3.1); 0 for SIP (RFC 4168 §7)."""
    fragments: tuple[tuple[int, int], ...] = ()
    """TSN of each of its fragments and the bytes that the capture holds of it; none where it came in one chunk."""


class _Fragment(NamedTuple):
    flags: int
    message: UserMessage


@dataclass(slots=True)
class _Association:
    tag: int
    """The verification tag of this direction (§8.5)."""
    seen: dict[int, None] = field(default_factory=dict)
    """TSNs in the order in which they came."""
    fragments: dict[int, _Fragment] = field(default_factory=dict)
    """Those that wait, by TSN."""


class SctpAssembler:
    """The SCTP associations of one file."""

    def __init__(self) -> None:
        """Begin without associations."""
        self._associations: dict[Hashable, _Association] = {}
        self._waiting_bytes = 0

    def feed(self, key: Hashable, packet: bytes) -> list[UserMessage]:
        """Take one SCTP packet, from its common header on, and give the user messages that are whole now.

        *key* names one direction between two ends: addresses and ports. Anything malformed is passed over.
        """
        if len(packet) < _COMMON_HEADER.size:
            return []
        tag = _COMMON_HEADER.unpack_from(packet)[2]
        association = self._associations.get(key)
        if association is None or association.tag != tag:
            if association is not None:
                for tsn in list(association.fragments):
                    self._drop(association, tsn)
            association = self._associations[key] = _Association(tag)
        messages = []
        for tsn, fragment in _data_chunks(packet):
            if not self._is_new(association, tsn):
                continue
            if fragment.flags & (BEGINS | ENDS) == BEGINS | ENDS:
                messages.append(fragment.message)
            elif whole := self._join(association, tsn, fragment):
                messages.append(whole)
        return messages

    @staticmethod
    def _is_new(association: _Association, tsn: int) -> bool:
        if tsn in association.seen:
            return False
        association.seen[tsn] = None
        if len(association.seen) > REMEMBERED:
            del association.seen[next(iter(association.seen))]
        return True

    def _join(self, association: _Association, tsn: int, fragment: _Fragment) -> UserMessage | None:
        """Keep a fragment, and give the message that it completes."""
        if len(association.fragments) == WAITING_FRAGMENTS:
            self._drop(association, next(iter(association.fragments)))
        association.fragments[tsn] = fragment
        self._waiting_bytes += len(fragment.message.data)
        tsns = _run(association.fragments, tsn)
        if tsns is None:
            if self._waiting_bytes > ALL_WAITING_BYTES:
                self._drop(association, tsn)
            return None
        parts = [self._drop(association, tsn).message for tsn in tsns]
        data = b"".join(part.data for part in parts)
        fragments = tuple((tsn, len(part.data)) for tsn, part in zip(tsns, parts, strict=True))
        return UserMessage(data, sum(part.wire_length for part in parts), parts[0].protocol, fragments)

    def _drop(self, association: _Association, tsn: int) -> _Fragment:
        fragment = association.fragments.pop(tsn)
        self._waiting_bytes -= len(fragment.message.data)
        return fragment


def _run(fragments: dict[int, _Fragment], tsn: int) -> list[int] | None:
    """The TSNs from the first to the last fragment around *tsn*; None while one is missing."""
    first = last = tsn
    while not fragments[first].flags & BEGINS:
        first = first - 1 & 0xFFFFFFFF
        if first not in fragments or fragments[first].flags & ENDS:
            return None
    while not fragments[last].flags & ENDS:
        last = last + 1 & 0xFFFFFFFF
        if last not in fragments or fragments[last].flags & BEGINS:
            return None
    return [first + count & 0xFFFFFFFF for count in range((last - first & 0xFFFFFFFF) + 1)]


def _data_chunks(packet: bytes) -> Iterator[tuple[int, _Fragment]]:
    """The DATA chunks of a packet, by TSN; the last may be cut by the capture."""
    at = _COMMON_HEADER.size
    while at + _CHUNK_HEADER.size <= len(packet):
        kind, flags, length = _CHUNK_HEADER.unpack_from(packet, at)
        if length < _CHUNK_HEADER.size:
            return
        begin = at + _CHUNK_HEADER.size + _DATA_HEADER.size
        if kind == DATA and begin <= len(packet) and at + length > begin:
            tsn, _, _, protocol = _DATA_HEADER.unpack_from(packet, at + _CHUNK_HEADER.size)
            message = UserMessage(packet[begin : at + length], at + length - begin, protocol)
            yield tsn, _Fragment(flags, message)
        at += length + -length % 4
