"""What the capture layer hands on."""

import numpy as np

from collabtrace.capture.packets import Flows, Packets


def test_a_payload_is_cut_out_of_the_buffer() -> None:
    one = np.ones(1, np.int64)
    small = {name: one.astype(np.uint8) for name in ("ttl", "dscp", "flags")}
    packets = Packets(
        buffer=np.frombuffer(b"..INVITE..", np.uint8),
        frame=one,
        time=one,
        flow=one.astype(np.int32),
        start=one * 2,
        length=one.astype(np.int32) * 6,
        wire_length=one.astype(np.int32) * 9,
        duplicate=one.astype(np.bool_),
        sequence=one.astype(np.uint32),
        **small,
    )
    assert len(packets) == 1
    assert packets.payload(0) == b"INVITE"


def test_flows_are_numbered() -> None:
    flows = Flows()
    assert flows.add("192.0.2.1", 5060, "192.0.2.2", 5060, "udp") == 0
    assert flows.add("192.0.2.2", 5060, "192.0.2.1", 5060, "udp") == 1
    assert len(flows) == 2
