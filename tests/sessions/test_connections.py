"""Signalling is found in TCP connections by content; everything else is let go of soon."""

import numpy as np

from collabtrace.capture.packets import SYN, Flows, Packets
from collabtrace.columns import Table
from collabtrace.protocols.tls.hello import ClientHello
from collabtrace.protocols.tls.messages import Handshake
from collabtrace.protocols.tls.records import Record
from collabtrace.schema import Connection
from collabtrace.sessions.connections import TRIALS, Connections, Found, Place

OPTIONS = b"OPTIONS sip:example.com SIP/2.0\r\nCall-ID: 1@192.0.2.1\r\nContent-Length: 0\r\n\r\n"
HELLO = bytes.fromhex("200b0000000000010002000a")
TLS_DATA = bytes.fromhex("1703030010") + bytes(16)
CLIENT_HELLO = Record(22, 0x0303, bytes(Handshake(1, bytes(ClientHello(0x0303, bytes(32), (0xC02F,))))))


def one_flow() -> Flows:
    flows = Flows()
    flows.add("192.0.2.1", 40000, "192.0.2.2", 5060, "tcp")
    return flows


def segments(*payloads: bytes, flags: int = 0) -> Packets:
    """Segments of one flow, one after another."""
    sizes = np.array([len(payload) for payload in payloads], dtype=np.int32)
    ends = np.cumsum(sizes)
    count = len(payloads)
    return Packets(
        buffer=np.frombuffer(b"".join(payloads) or b"\0", dtype=np.uint8),
        frame=np.arange(1, count + 1),
        time=np.arange(count) * 1000,
        flow=np.zeros(count, np.int32),
        start=(ends - sizes).astype(np.int64),
        length=sizes,
        wire_length=sizes,
        ttl=np.full(count, 64, np.uint8),
        dscp=np.zeros(count, np.uint8),
        duplicate=np.zeros(count, np.bool_),
        sequence=(ends - sizes).astype(np.uint32),
        flags=np.full(count, flags, np.uint8),
    )


def read(connections: Connections, packets: Packets) -> list[Found]:
    found = []
    for row in connections.rows(packets).tolist():
        place = Place(
            int(packets.frame[row]), int(packets.time[row]), int(packets.flow[row]),
            int(packets.sequence[row]), int(packets.flags[row]), int(packets.wire_length[row]),
        )  # fmt: skip
        found += connections.feed(place, packets.payload(row))
    return found + list(connections.finish())


def test_a_message_cut_into_segments_is_whole_at_the_last_of_them() -> None:
    connections = Connections(one_flow())
    (found,) = read(connections, segments(OPTIONS[:20], OPTIONS[20:50], OPTIONS[50:]))
    assert (found.protocol, found.transport, found.frame, found.data) == ("sip", "tcp", 3, OPTIONS)
    assert connections.protocols == {0: "sip"}


def test_bfcp_over_tcp_is_cut_by_its_length_field() -> None:
    found = read(Connections(one_flow()), segments(HELLO[:5] + b"", HELLO[5:] + HELLO, HELLO))
    assert [(each.protocol, each.data) for each in found[-1:]] == [("bfcp", HELLO)]


def test_tls_under_way_is_let_go_of_at_once_and_a_new_connection_on_its_ports_is_looked_at() -> None:
    connections = Connections(one_flow())
    assert read(connections, segments(TLS_DATA)) == []
    assert connections.protocols == {0: "tls"}
    assert connections.rows(segments(TLS_DATA)).tolist() == []
    assert connections.rows(segments(b"", flags=SYN)).tolist() == [0]


def test_of_tls_the_handshake_is_read() -> None:
    connections = Connections(one_flow())
    hello = bytes(CLIENT_HELLO)
    read(connections, segments(hello[:20], hello[20:]))
    assert [each.hello_frame for each in connections.handshakes.table("x", Table.empty(Connection))] == [2]
    assert connections.carried == [(0, 1, "tls")]


def test_tls_may_begin_behind_the_request_for_a_tunnel() -> None:
    connections = Connections(one_flow())
    read(connections, segments(b"CONNECT cucm.example.com:443 HTTP/1.1\r\n\r\n"))
    read(connections, segments(bytes(CLIENT_HELLO)))
    assert len(connections.handshakes.table("x", Table.empty(Connection))) == 1
    assert [name for _, _, name in connections.carried] == ["http", "tls"]


def test_a_flow_that_tells_nothing_is_let_go_of_until_a_payload_looks_like_sip() -> None:
    connections = Connections(one_flow())
    read(connections, segments(*[b"\x01\x02\x03\x04"] * TRIALS))
    assert connections.rows(segments(b"\x05more of the same")).tolist() == []
    (found,) = read(connections, segments(OPTIONS))
    assert found.data == OPTIONS


def test_a_new_connection_on_the_same_ports_may_carry_another_protocol() -> None:
    connections = Connections(one_flow())
    read(connections, segments(OPTIONS, OPTIONS[:30]))
    connections.feed(Place(3, 3000, 0, 5_000_000, SYN, 0), b"")
    found = connections.feed(Place(4, 4000, 0, 5_000_001, 0, len(HELLO)), HELLO)
    assert [(each.protocol, each.data) for each in found] == [("bfcp", HELLO)]


def test_other_transports_are_none_of_its_business() -> None:
    flows = Flows()
    flows.add("192.0.2.1", 5060, "192.0.2.2", 5060, "udp")
    assert Connections(flows).rows(segments(OPTIONS)).tolist() == []


def test_what_follows_a_message_and_is_no_sip_is_kept_with_its_number() -> None:
    connections = Connections(one_flow())
    read(connections, segments(OPTIONS, OPTIONS + b"=0\r\n", OPTIONS))
    assert connections.slips == [(0, 1, b"=0\r\n")]


def test_numbers_go_on_over_connections_on_the_same_ports() -> None:
    connections = Connections(one_flow())
    read(connections, segments(OPTIONS))
    connections.feed(Place(2, 0, 0, 5000, SYN, 0), b"")
    connections.feed(Place(3, 0, 0, 5001, 0, len(OPTIONS) + 4), OPTIONS + b"=0\r\n")
    assert connections.slips == [(0, 1, b"=0\r\n")]
