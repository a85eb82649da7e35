"""Writes frames into a pcap or pcapng file in the order of their times, a chunk at a time."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from media import Media
from numpy.typing import NDArray

CHUNK = 200_000
"""Packets that are put together in memory at once."""
EPOCH = 1_767_607_200
"""The captures begin on 2026-01-05 at 10:00 UTC."""
SNAPLEN = 262_144


@dataclass(frozen=True, slots=True)
class Signalling:
    """Frames that exist already as bytes."""

    frames: list[bytes]
    time: NDArray[np.float64]


def write(path: Path, form: str, signalling: Signalling, media: list[Media], random: np.random.Generator) -> int:
    """Write everything in the order of time, and return the number of packets."""
    parts: list[Signalling | Media] = [signalling, *media]
    part = np.repeat(np.arange(len(parts), dtype=np.int16), [len(one.time) for one in parts])
    row = np.concatenate([np.arange(len(one.time)) for one in parts])
    time = np.concatenate([one.time for one in parts])
    sizes = [np.array([len(frame) for frame in signalling.frames], dtype=np.int64)]
    sizes += [np.full(len(one.time), one.headers.shape[1] + one.octets) for one in media]
    size = np.concatenate(sizes)
    order = np.argsort(time, kind="stable")
    form_of = {"pcap": _pcap, "pcapng": _pcapng}[form]
    with path.open("wb") as file:
        file.write(_pcap_start() if form == "pcap" else _pcapng_start())
        for begin in range(0, len(order), CHUNK):
            chosen = order[begin : begin + CHUNK]
            buffer, place = form_of(time[chosen], size[chosen])
            for number, one in enumerate(parts):
                mine = np.nonzero(part[chosen] == number)[0]
                _fill(buffer, place[mine], one, row[chosen[mine]], random)
            file.write(buffer.tobytes())
    return len(order)


def _fill(
    buffer: NDArray[np.uint8],
    place: NDArray[np.int64],
    part: Signalling | Media,
    rows: NDArray[np.int64],
    random: np.random.Generator,
) -> None:
    if isinstance(part, Signalling):
        for start, row in zip(place.tolist(), rows.tolist(), strict=True):
            frame = part.frames[row]
            buffer[start : start + len(frame)] = np.frombuffer(frame, np.uint8)
    elif len(rows):
        frames = part.frames(rows, random)
        buffer[place[:, None] + np.arange(frames.shape[1])] = frames


def _pcap_start() -> bytes:
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, SNAPLEN, 1)


def _pcap(time: NDArray[np.float64], size: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The buffer of one chunk with its record headers, and where each frame begins in it."""
    microseconds = np.round(time * 1e6).astype(np.int64)
    header = np.stack([EPOCH + microseconds // 1_000_000, microseconds % 1_000_000, size, size], axis=1)
    begin = np.cumsum(size + 16) - (size + 16)
    buffer = np.zeros(int((size + 16).sum()), np.uint8)
    buffer[begin[:, None] + np.arange(16)] = header.astype("<u4").view(np.uint8)
    return buffer, begin + 16


def _pcapng_start() -> bytes:
    """A section with two interfaces: time stamps in microseconds and in nanoseconds."""
    blocks = _block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    for name, resolution in ((b"eth0", 6), (b"eth1", 9)):
        options = struct.pack("<HH4sHHB3xHH", 2, 4, name, 9, 1, resolution, 0, 0)
        blocks += _block(1, struct.pack("<HHI", 1, 0, SNAPLEN) + options)
    return blocks


def _block(kind: int, body: bytes) -> bytes:
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def _pcapng(time: NDArray[np.float64], size: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The same for enhanced packet blocks; the interface changes from packet to packet."""
    interface = np.arange(len(time)) & 1
    microseconds = EPOCH * 1_000_000 + np.round(time * 1e6).astype(np.int64)
    stamp = np.where(interface == 1, microseconds * 1000, microseconds)
    length = 32 + (size + 3) // 4 * 4
    begin = np.cumsum(length) - length
    header = np.stack([np.full_like(size, 6), length, interface, stamp >> 32, stamp & 0xFFFFFFFF, size, size], axis=1)
    buffer = np.zeros(int(length.sum()), np.uint8)
    buffer[begin[:, None] + np.arange(28)] = header.astype("<u4").view(np.uint8)
    buffer[(begin + length - 4)[:, None] + np.arange(4)] = length.astype("<u4")[:, None].view(np.uint8)
    return buffer, begin + 28


def in_order(frames: Iterator[tuple[float, bytes]]) -> Signalling:
    """Signalling frames of many calls."""
    listed = list(frames)
    return Signalling([frame for _, frame in listed], np.array([time for time, _ in listed]))
