"""One section of a pcapng file: what its blocks other than packets say."""

import struct

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.pcapng_options import COMMENT, number, options, text
from collabtrace.capture.records import InterfaceNotes, Notes
from collabtrace.capture.timestamps import LATEST, nanoseconds, shifted, units_per_second

SECTION, INTERFACE, OBSOLETE, SIMPLE, STATISTICS, ENHANCED, SECRETS = 0x0A0D0D0A, 1, 2, 3, 5, 6, 10
"""Block types (draft-ietf-opsawg-pcapng §4)."""
_BYTE_ORDER_MAGIC = 0x1A2B3C4D
_MOST_INTERFACES = 65536
"""Interfaces that are described in all sections together."""
_MINOR_VERSIONS = (0, 2)
"""Minor versions of pcapng 1; they mean the same."""


def byte_order(head: bytes) -> str | None:
    """``<`` or ``>`` where *head*, at least 16 bytes, begins a section of version 1; else None."""
    if len(head) >= 16 and struct.unpack_from("<I", head)[0] == SECTION:
        for order in "<>":
            magic, major, minor = struct.unpack_from(f"{order}IHH", head, 8)
            if magic == _BYTE_ORDER_MAGIC and major == 1 and minor in _MINOR_VERSIONS:
                return order
    return None


class Section:
    """The interfaces of one section; what it learns goes into the *notes* of the whole file."""

    def __init__(self, notes: Notes, order: str) -> None:
        self.order = order
        self.first_interface = len(notes.interfaces)
        """Number in the file of the section's interface 0."""
        self._notes = notes
        self._readers = {INTERFACE: self._interface, STATISTICS: self._statistics, SECRETS: self._secrets}

    def interfaces(self) -> int:
        """How many interfaces the section has described so far."""
        return len(self._notes.interfaces) - self.first_interface

    def times(self, stamps: NDArray[np.uint64], interface: NDArray[np.int64]) -> NDArray[np.int64]:
        """Time stamps of packets of the given interfaces as nanoseconds since the epoch."""
        noted = self._notes.interfaces[self.first_interface :]
        resolutions = {each.resolution for each in noted}
        if len(resolutions) == 1:
            times = nanoseconds(stamps, units_per_second(resolutions.pop()))
        else:
            times = np.zeros(len(stamps), np.int64)
            resolution = np.array([each.resolution for each in noted], np.uint8)[interface]
            for value in resolutions:
                rows = resolution == value
                times[rows] = nanoseconds(stamps[rows], units_per_second(value))
        if not any(each.shift for each in noted):
            return times
        shifts = np.array([max(-LATEST, min(each.shift, LATEST)) for each in noted], np.int64)
        return shifted(times, shifts[interface])

    def link_types(self, interface: NDArray[np.int64]) -> NDArray[np.int32]:
        """The LINKTYPE_ value of each of the given interfaces."""
        noted = self._notes.interfaces[self.first_interface :]
        return np.array([each.link_type for each in noted], np.int32)[interface]

    def interface(self, number: int) -> InterfaceNotes | None:
        """The section's interface of that number."""
        at = self.first_interface + number
        return self._notes.interfaces[at] if at < len(self._notes.interfaces) else None

    def read(self, kind: int, body: bytes) -> None:
        """Read a block that is no packet; *body* is what stands between its two lengths."""
        if reader := self._readers.get(kind):
            reader(body)

    def comments(self, data: bytes, about: str = "") -> None:
        """Note the comments among the options in *data*."""
        for code, value in options(data, self.order):
            if code == COMMENT:
                self._notes.comment(about + text(value))

    def missed(self, number: int, count: int) -> None:
        """Add packets that were dropped before one that was kept (epb_dropcount)."""
        if (noted := self.interface(number)) is not None:
            noted.missed = (noted.missed or 0) + count

    def _interface(self, body: bytes) -> None:
        if len(self._notes.interfaces) == _MOST_INTERFACES:
            return
        link_type, snaplen = struct.unpack_from(f"{self.order}HxxI", body)
        noted = InterfaceNotes(link_type, snaplen)
        for code, value in options(body[8:], self.order):
            if code == 2:
                noted.name = text(value)
            elif code == 9 and value:
                noted.resolution = value[0]
            elif code == 11 and value[:1] == b"\0":
                noted.filter = text(value[1:])
            elif code == 14 and len(value) == 8:
                noted.shift = struct.unpack(f"{self.order}q", value)[0]
        self._notes.interfaces.append(noted)
        self.comments(body[8:])

    def _statistics(self, body: bytes) -> None:
        if len(body) < 12:
            return
        noted = self.interface(struct.unpack_from(f"{self.order}I", body)[0])
        if noted is None:
            return
        counts = {code: number(value, self.order) for code, value in options(body[12:], self.order)}
        dropped = [count for code in (5, 7) if (count := counts.get(code)) is not None]
        noted.received = counts.get(4, noted.received)
        noted.dropped = sum(dropped) if dropped else noted.dropped

    def _secrets(self, body: bytes) -> None:
        if len(body) >= 8:
            kind, length = struct.unpack_from(f"{self.order}II", body)
            self._notes.secret(kind, body[8 : 8 + length])
