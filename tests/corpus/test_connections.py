"""TCP connections of the corpus: the streams that tshark finds, with as many packets and bytes."""

from collections import Counter
from typing import Any

import pytest

from collabtrace.capture.dissect import fields, find
from collabtrace.sessions.case import read_case


@pytest.mark.skipif(find("tshark") is None, reason="tshark is not installed")
def test_packets_and_bytes_are_those_of_tsharks_streams(truth: Any) -> None:
    packets: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for stream, size in fields(truth.path, "tcp && !icmp", ["tcp.stream", "tcp.len"]):
        packets[stream] += 1
        sizes[stream] += int(size)
    with read_case([truth.path]) as case:
        if case.captures[0].duplicates:
            pytest.skip("tshark counts second copies")
        ours = [(c.client_packets + c.server_packets, c.client_bytes + c.server_bytes) for c in case.connections]
    assert sorted(ours) == sorted((packets[stream], sizes[stream]) for stream in packets)
