"""Capture files as bytes: pcap and pcapng in all their variants.

``pcap([(0, frame)])`` and ``pcapng([(0, frame)])`` serve most tests; ``Pcapng`` builds the rarer blocks one by one.
Times are nanoseconds since the epoch; a file keeps as much of them as its resolution allows.
"""

import struct
from collections.abc import Iterable

from collabtrace.testing.carriers import ETHERNET

TLS_KEY_LOG = 0x544C534B
"""Secrets type of an SSLKEYLOGFILE (pcapng §4.7)."""

_SECTION, _INTERFACE, _OBSOLETE, _SIMPLE, _STATISTICS, _ENHANCED, _SECRETS = 0x0A0D0D0A, 1, 2, 3, 5, 6, 10


def pcap(
    packets: Iterable[tuple[int, bytes]],
    *,
    link_type: int = ETHERNET,
    snaplen: int = 262144,
    nanoseconds: bool = False,
    big_endian: bool = False,
) -> bytes:
    """A classic pcap file of (time, frame) pairs, each frame cut to *snaplen*."""
    order = ">" if big_endian else "<"
    magic, unit = (0xA1B23C4D, 1) if nanoseconds else (0xA1B2C3D4, 1000)
    parts = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, snaplen, link_type)]
    record = struct.Struct(order + "IIII")
    for time, frame in packets:
        kept = frame[:snaplen]
        parts += (record.pack(time // 10**9, time % 10**9 // unit, len(kept), len(frame)), kept)
    return b"".join(parts)


def pcapng(packets: Iterable[tuple[int, bytes]], *, link_type: int = ETHERNET) -> bytes:
    """A pcapng file of (time, frame) pairs: one section, one interface with nanoseconds."""
    file = Pcapng().interface(link_type=link_type, resolution=9)
    for time, frame in packets:
        file.packet(time, frame)
    return file.finish()


class Pcapng:
    """A pcapng file, block by block; every method appends one block and gives the file back."""

    def __init__(self, *, big_endian: bool = False, comment: str | None = None) -> None:
        """Begin the first section."""
        self._blocks: list[bytes] = []
        self.section(big_endian=big_endian, comment=comment)

    def section(self, *, big_endian: bool = False, comment: str | None = None) -> "Pcapng":
        """Begin a section; its interfaces count from 0 again."""
        self._order = ">" if big_endian else "<"
        self._interfaces: list[tuple[int, int, int]] = []
        fixed = struct.pack(self._order + "IHHq", 0x1A2B3C4D, 1, 0, -1)
        return self.block(_SECTION, fixed + self._options((1, _text(comment))))

    def interface(
        self,
        *,
        link_type: int = ETHERNET,
        resolution: int | None = None,
        offset: int | None = None,
        snaplen: int = 0,
        name: str | None = None,
        capture_filter: str | None = None,
    ) -> "Pcapng":
        """Describe an interface; *resolution* is the if_tsresol octet (9, or 0x80 | 20), *offset* if_tsoffset in s."""
        bits = 6 if resolution is None else resolution
        units = 2 ** (bits & 0x7F) if bits & 0x80 else 10**bits
        self._interfaces.append((units, offset or 0, snaplen or 2**31))
        options = self._options(
            (2, _text(name)),
            (9, None if resolution is None else bytes([resolution])),
            (11, None if capture_filter is None else b"\0" + capture_filter.encode()),
            (14, None if offset is None else struct.pack(self._order + "q", offset)),
        )
        return self.block(_INTERFACE, struct.pack(self._order + "HHI", link_type, 0, snaplen) + options)

    def packet(
        self,
        time: int,
        frame: bytes,
        *,
        interface: int = 0,
        comment: str | None = None,
        drops: int | None = None,
    ) -> "Pcapng":
        """Append an enhanced packet block; *drops* is epb_dropcount."""
        high, low, kept = self._stamp(time, frame, interface)
        fixed = struct.pack(self._order + "IIIII", interface, high, low, len(kept), len(frame))
        count = None if drops is None else struct.pack(self._order + "Q", drops)
        return self.block(_ENHANCED, fixed + _padded(kept) + self._options((1, _text(comment)), (4, count)))

    def obsolete_packet(self, time: int, frame: bytes, *, interface: int = 0, drops: int = 0xFFFF) -> "Pcapng":
        """Append a packet block of the kind that the enhanced one replaced."""
        high, low, kept = self._stamp(time, frame, interface)
        fixed = struct.pack(self._order + "HHIIII", interface, drops, high, low, len(kept), len(frame))
        return self.block(_OBSOLETE, fixed + _padded(kept))

    def simple_packet(self, frame: bytes) -> "Pcapng":
        """Append a simple packet block: no time, interface 0."""
        kept = frame[: self._interfaces[0][2]]
        return self.block(_SIMPLE, struct.pack(self._order + "I", len(frame)) + _padded(kept))

    def statistics(
        self,
        time: int,
        *,
        interface: int = 0,
        received: int | None = None,
        dropped: int | None = None,
        system_dropped: int | None = None,
    ) -> "Pcapng":
        """Append interface statistics: isb_ifrecv, isb_ifdrop, isb_osdrop."""
        high, low, _ = self._stamp(time, b"", interface)
        counts = ((4, received), (5, dropped), (7, system_dropped))
        options = self._options(*((code, self._counter(count)) for code, count in counts))
        return self.block(_STATISTICS, struct.pack(self._order + "III", interface, high, low) + options)

    def secrets(self, secrets: bytes, *, kind: int = TLS_KEY_LOG) -> "Pcapng":
        """Append decryption secrets."""
        return self.block(_SECRETS, struct.pack(self._order + "II", kind, len(secrets)) + _padded(secrets))

    def block(self, kind: int, body: bytes) -> "Pcapng":
        """Append a block of any type; *body* is padded to whole words."""
        padded = _padded(body)
        length = struct.pack(self._order + "I", len(padded) + 12)
        self._blocks.append(struct.pack(self._order + "I", kind) + length + padded + length)
        return self

    def finish(self) -> bytes:
        """All blocks so far, as the file's bytes."""
        return b"".join(self._blocks)

    def _stamp(self, time: int, frame: bytes, interface: int) -> tuple[int, int, bytes]:
        units, offset, snaplen = self._interfaces[interface]
        stamp = (time - offset * 10**9) * units // 10**9
        return stamp >> 32 & 0xFFFFFFFF, stamp & 0xFFFFFFFF, frame[:snaplen]

    def _counter(self, count: int | None) -> bytes | None:
        return None if count is None else struct.pack(self._order + "Q", count)

    def _options(self, *options: tuple[int, bytes | None]) -> bytes:
        given = [(code, value) for code, value in options if value is not None]
        coded = [struct.pack(self._order + "HH", code, len(value)) + _padded(value) for code, value in given]
        return b"".join([*coded, bytes(4)]) if coded else b""


def _text(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def _padded(value: bytes) -> bytes:
    return value + b"\0" * (-len(value) % 4)
