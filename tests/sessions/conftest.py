"""Datagrams as the capture layer hands them on, and m-lines as the media table has them."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

import numpy as np
import pytest

from collabtrace.capture.packets import Flows, Packets
from collabtrace.schema import MediaLine


class Datagram(NamedTuple):
    """One UDP payload; frames are numbered from 1 in the order given."""

    seconds: float
    path: str
    """``192.0.2.1:4000 192.0.2.2:5000``"""
    payload: bytes
    duplicate: bool = False
    cut: int = 0
    """Bytes at the end that the capture did not keep."""
    sequence: int = 0
    flags: int = 0
    """Of TCP."""


class Seen(Protocol):
    def __call__(self, datagrams: Iterable[Datagram], *, transport: str = "udp") -> tuple[Packets, Flows]: ...


@pytest.fixture(scope="session")
def seen() -> Seen:
    """Make one chunk of datagrams, and the flows they belong to."""
    return _seen


def _seen(datagrams: Iterable[Datagram], *, transport: str = "udp") -> tuple[Packets, Flows]:
    listed = [Datagram(*each) for each in datagrams]
    flows = Flows()
    paths = list(dict.fromkeys(each.path for each in listed))
    for path in paths:
        (source, source_port), (target, target_port) = (end.rsplit(":", 1) for end in path.split())
        flows.add(source, int(source_port), target, int(target_port), transport)
    kept = [each.payload[: len(each.payload) - each.cut] for each in listed]
    lengths = np.array([len(data) for data in kept], dtype=np.int32)
    count = len(listed)
    packets = Packets(
        buffer=np.frombuffer(b"".join(kept), dtype=np.uint8),
        frame=np.arange(1, count + 1),
        time=np.array([round(each.seconds * 1e9) for each in listed], dtype=np.int64),
        flow=np.array([paths.index(each.path) for each in listed], dtype=np.int32),
        start=np.cumsum(lengths, dtype=np.int64) - lengths,
        length=lengths,
        wire_length=np.array([len(each.payload) for each in listed], dtype=np.int32),
        ttl=np.full(count, 64, dtype=np.uint8),
        dscp=np.full(count, 46, dtype=np.uint8),
        duplicate=np.array([each.duplicate for each in listed], dtype=np.bool_),
        sequence=np.array([each.sequence for each in listed], dtype=np.uint32),
        flags=np.array([each.flags for each in listed], dtype=np.uint8),
    )
    return packets, flows


AUDIO = MediaLine(
    file="x.pcap",
    call_id="call-1",
    round=1,
    index=0,
    offer_frame=1,
    answer_frame=2,
    offer_time=10.0,
    answer_time=11.0,
    state="agreed",
    kind="audio",
    content=None,
    label=None,
    protocol="RTP/AVP",
    offer_protocol="RTP/AVP",
    offer_address="192.0.2.1",
    offer_port=4000,
    answer_address="192.0.2.2",
    answer_port=5000,
    offer_rtcp_port=4001,
    answer_rtcp_port=5001,
    direction="sendrecv",
    codecs="PCMU/8000",
    payload_types=("0=PCMU/8000", "101=telephone-event/8000"),
    offer_payload_types=("0=PCMU/8000", "101=telephone-event/8000"),
    answer_payload_types=("0=PCMU/8000", "101=telephone-event/8000"),
    security=None,
    ice=False,
    floorctrl=None,
    floor_roles=None,
    setup=None,
    floors=None,
    flaws=None,
    offer_row=None,
    answer_row=None,
    dialog_row=0,
)


@pytest.fixture(scope="session")
def audio() -> MediaLine:
    """An m-line for audio between 192.0.2.1:4000 and 192.0.2.2:5000, offered at 10 s; tests change what they need."""
    return AUDIO
