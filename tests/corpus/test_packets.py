"""Every transport payload of every capture is where tshark sees it."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from collabtrace.capture.cursor import Cursor
from collabtrace.capture.datagrams import Payloads, columns
from collabtrace.capture.decoder import Decoder
from collabtrace.capture.dissect import fields, find
from collabtrace.capture.opening import opened
from collabtrace.capture.reader import open_capture
from collabtrace.capture.shapes import usual

pytestmark = pytest.mark.skipif(find("tshark") is None, reason="tshark is not installed")

FIELDS = ["frame.number", "frame.protocols", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst"]
FIELDS += ["udp.srcport", "udp.dstport", "udp.length", "tcp.srcport", "tcp.dstport", "tcp.len"]
PLAIN = ["-o", "tcp.desegment_tcp_streams:FALSE", "--disable-protocol", "sip", "--disable-protocol", "h245"]


class Seen(NamedTuple):
    """One payload: the frame, the innermost addresses and ports, the length on the wire."""

    frame: int
    source: str
    source_port: int
    target: str
    target_port: int
    transport: str
    length: int


def ours(path: Path) -> Iterator[Seen]:
    reader = open_capture(path)
    for packets in reader:
        flows = reader.flows
        for frame, flow, length in zip(packets.frame, packets.flow, packets.wire_length, strict=True):
            source, target = flows.source[flow], flows.target[flow]
            ports = flows.source_port[flow], flows.target_port[flow]
            yield Seen(int(frame), source, ports[0], target, ports[1], flows.transport[flow], int(length))


def tsharks(path: Path) -> Iterator[Seen]:
    for row in fields(path, "udp || tcp", FIELDS, options=PLAIN):
        value = dict(zip(FIELDS, row, strict=True))
        layers = value["frame.protocols"].split(":")
        inner = [layer for layer in layers if layer in ("ip", "ipv6", "udp", "tcp", "icmp", "icmpv6")]
        # What an ICMP error quotes was not sent here, and a tunnel may hold nothing that has ports.
        if "icmp" in inner or "icmpv6" in inner or inner[-1] not in ("udp", "tcp"):
            continue
        network, transport = inner[-2:]
        source, target = (value[f"{network}.{end}"].split(",")[-1] for end in ("src", "dst"))
        ports = [int(value[f"{transport}.{end}port"].split(",")[-1]) for end in ("src", "dst")]
        length = value["tcp.len"] if transport == "tcp" else value["udp.length"]
        bytes_sent = int(length.split(",")[-1]) - (8 if transport == "udp" else 0)
        yield Seen(int(value["frame.number"]), source, ports[0], target, ports[1], transport, bytes_sent)


def test_packets_are_counted(truth: Any) -> None:
    reader = open_capture(truth.path)
    list(reader)
    assert reader.capture().packets == truth.packets


def test_payloads_are_where_tshark_sees_them(truth: Any) -> None:
    mine = Counter(seen for seen in ours(truth.path) if seen.transport != "sctp")
    theirs = Counter(tsharks(truth.path))
    assert not mine - theirs
    assert not theirs - mine


def test_both_decoders_give_the_same_payloads(truth: Any) -> None:
    given = opened(truth.path, None)
    for records in given.form.read(given.chunks):
        quick, left = usual(records)
        found = {row for part in quick for row in part.row.tolist()}
        decoder = Decoder(truth.name)
        decoder.begin(len(records.buffer))
        for row in range(len(records)):
            start, end = int(records.start[row]), int(records.start[row] + records.captured[row])
            packet = Cursor(records.buffer[start:end].tobytes(), int(records.wire[row]), start)
            decoder.decode(packet, int(records.link[row]), row=row, frame=row + 1, time=0)
        slow = columns(decoder.datagrams)
        assert listed(quick) == [each for each in listed(slow) if each[0] in found]
        assert {each[0] for each in listed(slow)} <= found | set(left.tolist())
    given.cleaning.close()


def listed(parts: list[Payloads]) -> list[tuple[Any, ...]]:
    """The payloads one by one, in the order of their packets."""
    return sorted(tuple(column[..., at].tolist() for column in part) for part in parts for at in range(len(part.row)))
