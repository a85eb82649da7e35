"""Capture files from the first byte to the tables."""

import gzip
import hashlib
import struct
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collabtrace.capture import opening, records
from collabtrace.capture.chunks import Chunks
from collabtrace.capture.reader import CaptureReader, open_capture
from collabtrace.errors import CaptureError
from collabtrace.testing.carriers import erspan, ethernet, gre
from collabtrace.testing.files import Pcapng, pcap, pcapng
from collabtrace.testing.wire import (
    Layer,
    data_chunk,
    fragments,
    icmp_error,
    ipv4,
    ipv6,
    sctp,
    tcp,
    udp,
)

ALICE, BOB = "192.0.2.1", "198.51.100.2"
TIME = 1_700_000_000_250_000_000
CALL = ipv4(ALICE, BOB, udp(5060, 5062, b"OPTIONS sip:bob@example.com SIP/2.0\r\n\r\n"), identification=3)
SIX = ipv6("2001:db8::1", "2001:db8::2", tcp(5060, 40000, b"SIP/2.0 200 OK"))
LAYERS: list[Layer] = [
    CALL,
    SIX,
    *fragments(CALL, 24),
    ipv4(ALICE, BOB, gre(SIX)),
    ipv4(ALICE, BOB, erspan(ethernet(CALL, vlans=[5]))),
    ipv4(ALICE, BOB, sctp(5060, 5060, data_chunk(b"INVITE"))),
    ipv4(BOB, ALICE, icmp_error(CALL)),
]
PACKETS = [(TIME + number * 10**9, ethernet(layer)) for number, layer in enumerate(LAYERS)]
FRAMES = {1: "udp", 2: "tcp", 4: "udp", 5: "tcp", 6: "udp", 7: "sctp"}
"""Frames that hold a payload."""


def write(folder: Path, data: bytes) -> Path:
    path = folder / "x.pcap"
    path.write_bytes(data)
    return path


def read(path: Path) -> tuple[dict[int, str], CaptureReader]:
    """The transport of the payload of each frame that has one."""
    reader = open_capture(path)
    found = {
        int(frame): reader.flows.transport[flow]
        for packets in reader
        for frame, flow in zip(packets.frame, packets.flow, strict=True)
    }
    return found, reader


@pytest.mark.parametrize("size", [100, 1000, 1 << 20])
@pytest.mark.parametrize("data", [pcap(PACKETS), pcapng(PACKETS), gzip.compress(pcap(PACKETS), mtime=0)])
def test_a_capture_is_read_whatever_its_container_and_the_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, size: int
) -> None:
    monkeypatch.setattr(opening, "Chunks", partial(Chunks, chunk=size))
    found, reader = read(write(tmp_path, data))
    assert found == FRAMES
    assert [error.frame for error in reader.unreachables()] == [8]


def test_what_was_put_together_stays_when_the_chunk_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_MOST_AT_ONCE", 2)
    calls = [ipv4(ALICE, BOB, udp(5060, 5060, bytes([65 + number]) * 40), identification=9) for number in range(9)]
    frames = [
        ethernet(piece) for number, call in enumerate(calls) for piece in fragments(call, 24, identification=number)
    ]
    reader = open_capture(write(tmp_path, pcap([(0, frame) for frame in frames])))
    chunks = list(reader)
    found = [packets.payload(row) for packets in chunks for row in range(len(packets))]
    assert found == [bytes([65 + number]) * 40 for number in range(9)]


def test_a_capture_says_what_it_is(tmp_path: Path) -> None:
    data = gzip.compress(pcap(PACKETS, snaplen=70), mtime=0)
    _, reader = read(write(tmp_path, data))
    capture = reader.capture()
    assert (capture.file, capture.format, capture.compressed) == ("x.pcap", "pcap", True)
    assert (capture.bytes, capture.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert (capture.packets, capture.first, capture.last) == (8, TIME / 10**9, TIME / 10**9 + 7)
    assert capture.snapped == sum(len(frame) > 70 for _, frame in PACKETS)
    assert (capture.truncated, capture.flaws, capture.comments) == (False, (), ())
    assert (capture.dropped, capture.duplicates, capture.secrets) == (None, 0, 0)


def test_a_pcapng_file_says_more(tmp_path: Path) -> None:
    file = Pcapng(comment="before the upgrade").secrets(b"CLIENT_RANDOM 0 0\n")
    file.interface(name="eth0", snaplen=96, resolution=9, capture_filter="port 5060")
    file.packet(TIME, PACKETS[0][1], comment="here").statistics(TIME, received=5, dropped=4)
    _, reader = read(write(tmp_path, file.finish()))
    capture, (interface,) = reader.capture(), reader.interfaces()
    assert capture.comments == ("before the upgrade", "frame 1: here")
    assert (capture.dropped, capture.secrets) == (4, 1)
    assert reader.secrets == [(0x544C534B, b"CLIENT_RANDOM 0 0\n")]
    assert (interface.file, interface.interface, interface.name) == ("x.pcap", 0, "eth0")
    assert (interface.link_type, interface.snaplen, interface.filter) == (1, 96, "port 5060")
    assert (interface.units_per_second, interface.received, interface.dropped) == (10**9, 5, 4)


def test_a_capture_without_packets_has_no_times(tmp_path: Path) -> None:
    found, reader = read(write(tmp_path, pcap([])))
    assert (found, reader.capture().packets, reader.capture().first) == ({}, 0, None)


def test_times_that_are_missing_are_said_to_be(tmp_path: Path) -> None:
    _, reader = read(write(tmp_path, Pcapng().interface().simple_packet(PACKETS[0][1]).finish()))
    capture = reader.capture()
    assert (capture.first, capture.last) == (None, None)
    assert capture.flaws == ("1 packets have no time stamp; they are given that of the packet before them",)


def test_progress_tells_every_byte_once(tmp_path: Path) -> None:
    data, told = gzip.compress(pcap(PACKETS), mtime=0), list[int]()
    list(open_capture(write(tmp_path, data), told.append))
    assert sum(told) == len(data)


def test_a_cut_gzip_file_is_read_up_to_the_cut(tmp_path: Path) -> None:
    data = gzip.compress(pcap(PACKETS), compresslevel=0, mtime=0)
    found, reader = read(write(tmp_path, data[:300]))
    capture = reader.capture()
    assert found == {1: "udp", 2: "tcp"}
    assert capture.truncated
    assert capture.flaws[0] == "the gzip data ends early, at byte 300 of the file"


def test_reading_may_stop_early(tmp_path: Path) -> None:
    reader = open_capture(write(tmp_path, pcap(PACKETS)))
    next(iter(reader))
    reader.close()


@pytest.mark.parametrize(("header", "data"), [(24, pcap(PACKETS)), (28, pcapng(PACKETS))], ids=["pcap", "pcapng"])
def test_every_prefix_gives_the_packets_that_are_whole(tmp_path: Path, header: int, data: bytes) -> None:
    before: dict[int, str] = {}
    for size in range(header, len(data) + 1, 5):
        found, _ = read(write(tmp_path, data[:size]))
        assert found == {frame: transport for frame, transport in FRAMES.items() if frame <= max(found, default=0)}
        assert before.items() <= found.items()
        before = found
    assert found == FRAMES or size < len(data)


SAMPLES = [pcap(PACKETS), pcap(PACKETS, big_endian=True, nanoseconds=True), pcapng(PACKETS)]
SAMPLES += [Pcapng(big_endian=True).interface().packet(0, PACKETS[0][1], comment="x").obsolete_packet(0, b"y").finish()]
WORDS = [0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x0A0D0D0A, 6, 12, 28]
words = st.sampled_from([struct.pack("<I", word) for word in WORDS])
damages = st.tuples(st.integers(0, 1200), st.binary(min_size=1, max_size=4) | words)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(data=st.sampled_from(SAMPLES), changes=st.lists(damages, min_size=1, max_size=6), packed=st.booleans())
def test_damaged_files_are_read_or_refused(
    tmp_path: Path, data: bytes, changes: list[tuple[int, bytes]], packed: bool
) -> None:
    broken = bytearray(gzip.compress(data, mtime=0) if packed else data)
    for at, value in changes:
        begin = at % len(broken)
        broken[begin : begin + len(value)] = value
    try:
        _, reader = read(write(tmp_path, bytes(broken)))
    except CaptureError:
        return
    assert reader.capture().bytes == len(broken)
    assert len(reader.interfaces()) <= len(broken)
