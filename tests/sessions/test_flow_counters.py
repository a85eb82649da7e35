"""Flows are counted chunk by chunk: the first packet tells the TTL, most packets the DSCP, payloads the protocol."""

import numpy as np

from collabtrace.capture.packets import Flows, Packets
from collabtrace.sessions.detection import Payload
from collabtrace.sessions.flow_counters import FlowCounters


def chunk(first_frame: int, flow: list[int], ttl: list[int]) -> Packets:
    count = len(flow)
    return Packets(
        buffer=np.zeros(1, np.uint8),
        frame=np.arange(first_frame, first_frame + count),
        time=np.arange(first_frame, first_frame + count) * 1_000_000_000,
        flow=np.array(flow, np.int32),
        start=np.zeros(count, np.int64),
        length=np.full(count, 10, np.int32),
        wire_length=np.full(count, 12, np.int32),
        ttl=np.array(ttl, np.uint8),
        dscp=np.full(count, 46, np.uint8),
        duplicate=np.zeros(count, np.bool_),
        sequence=np.zeros(count, np.uint32),
        flags=np.zeros(count, np.uint8),
    )


def test_counts_go_on_from_chunk_to_chunk() -> None:
    flows, counters = Flows(), FlowCounters()
    flows.add("192.0.2.1", 1, "192.0.2.2", 2, "udp")
    counters.add(chunk(1, [0, 0], [64, 63]), np.array([Payload.RTP, Payload.STUN], np.int8), flows)
    flows.add("192.0.2.3", 3, "192.0.2.4", 4, "tcp")
    counters.add(
        chunk(3, [0, 1, 0], [62, 255, 61]), np.array([Payload.RTP, Payload.OTHER, Payload.RTP], np.int8), flows
    )
    first, second = counters.table("x.pcap", flows, {1: "tls"})
    assert (first.packets, first.bytes, first.first_frame, first.last_frame) == (4, 48, 1, 5)
    assert (first.first, first.last, first.ttl, first.dscp, first.protocol) == (1.0, 5.0, 64, 46, "rtp")
    assert (second.packets, second.first_frame, second.last_frame, second.protocol) == (1, 4, 4, "tls")


def test_a_flow_whose_payloads_tell_nothing_has_no_protocol() -> None:
    flows, counters = Flows(), FlowCounters()
    flows.add("192.0.2.1", 1, "192.0.2.2", 2, "udp")
    counters.add(chunk(1, [0], [64]), np.array([Payload.OTHER], np.int8), flows)
    assert counters.table("x.pcap", flows, {})[0].protocol is None


def test_what_only_looks_like_sip_is_not_called_so() -> None:
    flows, counters = Flows(), FlowCounters()
    for port in (1947, 5060):
        flows.add("192.0.2.1", port, "192.0.2.2", port, "udp")
    counters.add(chunk(1, [0, 1], [64, 64]), np.array([Payload.SIP, Payload.SIP], np.int8), flows)
    assert counters.table("x.pcap", flows, {}, {Payload.SIP: {1}}).values("protocol") == [None, "sip"]


def test_an_empty_chunk_counts_nothing() -> None:
    flows, counters = Flows(), FlowCounters()
    counters.add(chunk(1, [], []), np.zeros(0, np.int8), flows)
    assert len(counters.table("x.pcap", flows, {})) == 0
