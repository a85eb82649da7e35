"""What a payload is, by its first bytes."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols import bfcp, rtcp, rtp, stun
from collabtrace.sessions.detection import Payload, classify, sniff

pytestmark = pytest.mark.usefixtures("both_ways")

PATH = "192.0.2.1:4000 192.0.2.2:5000"
RTP = bytes(rtp.Rtp(0, 1, 160, 0xDEADBEEF, bytes(160)))
SAMPLES = [
    (Payload.SIP, b"INVITE sip:bob@example.com SIP/2.0\r\n"),
    (Payload.SIP, b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP"),
    (Payload.SIP, b"\r\n\r\nOPTIONS sip:example.com SIP/2.0\r\n"),
    (Payload.SIP, b"X-A-METHOD-WITH-A-LONG-NAME sip:example.com SIP/2.0\r\n"),
    (Payload.OTHER, b"<?xml version='1.0'?><a/>"),
    (Payload.OTHER, b"INVITE"),
    (Payload.OTHER, b"INVITE:sip:bob@example.com"),
    (Payload.RTP, RTP),
    (Payload.RTP, bytes(rtp.Rtp(101, 1, 160, 7, b"\x05\x0a\x00\xa0", marker=True))),
    (Payload.OTHER, RTP[:11]),
    (Payload.RTCP, bytes(rtcp.Report(7)) + bytes(rtcp.SourceDescription())),
    (Payload.RTCP, bytes(rtcp.Feedback(rtcp.PSFB, 1, 7, 8))),
    (Payload.OTHER, bytes(rtcp.Report(7))[:4]),
    (Payload.OTHER, b"\x80\xc8\x00\x40" + bytes(20)),
    (Payload.STUN, bytes(stun.Message(1, stun.REQUEST, bytes(12)))),
    (Payload.STUN, bytes(stun.Message(1, stun.SUCCESS, bytes(16), ((stun.MAPPED_ADDRESS, bytes(8)),)))),
    (Payload.OTHER, bytes(stun.Message(1, stun.REQUEST, bytes(16))) + b"more"),
    (Payload.BFCP, bytes(bfcp.Message(1, 11, 1, 7, 3))),
    (Payload.BFCP, bytes(bfcp.Message(2, 12, 1, 7, 3, (bfcp.Attribute(10, b"\x02"),), responder=True))),
    (Payload.BFCP, bytes(bfcp.Message(2, 4, 1, 7, 3, fragment=bfcp.Fragment(0, 1, 3), rest=b"abcd"))),
    (Payload.BFCP, bytes(bfcp.Message(1, 1, 1, 7, 3, (bfcp.Attribute(2, b"\0\1"),)))),
    (Payload.OTHER, bytes(bfcp.Message(1, 11, 1, 7, 3)) + b"more"),
    (Payload.BFCP, bytes(bfcp.Message(1, 93, 1, 7, 3, responder=True))),
    (Payload.DTLS, bytes.fromhex("16fefd0000000000000000000c") + bytes(12)),
    (Payload.DTLS, bytes.fromhex("1601000000000000000000000c") + bytes(12)),
    (Payload.OTHER, bytes.fromhex("16030100000000000000000000") + bytes(12)),
    (Payload.TURN_CHANNEL, b"\x40\x00\x00\x05hello\0\0\0"),
    (Payload.OTHER, b"\x40\x00\x00\x05hello\0\0\0\0"),
    (Payload.KEEP_ALIVE, b""),
    (Payload.KEEP_ALIVE, b"\0\0\0\0"),
    (Payload.KEEP_ALIVE, b"\r\n\r\n"),
]


@pytest.mark.parametrize(("kind", "data"), SAMPLES)
def test_one_datagram(seen: Callable[..., Any], kind: Payload, data: bytes) -> None:
    packets, flows = seen([(0.0, PATH, data)])
    assert classify(packets, flows).tolist() == [kind]


def test_many_datagrams_at_once(seen: Callable[..., Any]) -> None:
    packets, flows = seen([(0.0, PATH, data) for _, data in SAMPLES])
    assert classify(packets, flows).tolist() == [kind for kind, _ in SAMPLES]


def test_no_datagram(seen: Callable[..., Any]) -> None:
    assert classify(*seen([])).tolist() == []


def test_segments_of_tcp_are_told_elsewhere(seen: Callable[..., Any]) -> None:
    packets, flows = seen([(0.0, PATH, data) for _, data in SAMPLES], transport="tcp")
    assert set(classify(packets, flows).tolist()) == {Payload.OTHER}


def test_sctp_carries_sip_alone(seen: Callable[..., Any]) -> None:
    packets, flows = seen([(0.0, PATH, SAMPLES[0][1]), (0.0, PATH, RTP)], transport="sctp")
    assert classify(packets, flows).tolist() == [Payload.SIP, Payload.OTHER]


@pytest.mark.parametrize("path", ["192.0.2.1:4000 192.0.2.2:53", "192.0.2.2:53 192.0.2.1:4000"])
def test_a_known_service_carries_no_media(seen: Callable[..., Any], path: str) -> None:
    packets, flows = seen([(0.0, path, RTP), (0.0, PATH, RTP), (0.0, path, b"\0")])
    assert classify(packets, flows).tolist() == [Payload.OTHER, Payload.RTP, Payload.KEEP_ALIVE]


def test_a_datagram_that_the_capture_cut(seen: Callable[..., Any]) -> None:
    packets, flows = seen([(0.0, PATH, RTP, False, 150), (0.0, PATH, RTP, False, 161)])
    assert classify(packets, flows).tolist() == [Payload.RTP, Payload.OTHER]


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_any_bytes_have_a_kind(seen: Callable[..., Any], payloads: list[bytes]) -> None:
    packets, flows = seen([(0.0, PATH, data) for data in payloads])
    alone = [classify(*seen([(0.0, PATH, data)])).tolist()[0] for data in payloads]
    assert classify(packets, flows).tolist() == alone


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("sip", b"REGISTER sip:example.com SIP/2.0\r\n"),
        ("sip", b"\r\n\r\nSIP/2.0 401 Unauthorized\r\n"),
        ("sip", b"INVITE sip:a-very-long-uri-cut-by-the-segment@exam"),
        ("rtsp", b"ANNOUNCE rtsp://192.0.2.1/live RTSP/1.0\r\n"),
        ("rtsp", b"DESCRIBE rtsp://192.0.2.1/liv"),
        ("rtsp", b"RTSP/1.0 200 OK\r\n"),
        ("http", b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"),
        ("websocket", b"GET /ws HTTP/1.1\r\nHost: example.com\r\nUpgrade: WebSocket\r\n\r\n"),
        ("websocket", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
        ("tls", bytes.fromhex("1603010200010001fc0303")),
        ("tpkt", bytes.fromhex("0300001608020001")),
        ("bfcp", bytes(bfcp.Message(1, 11, 1, 7, 3))),
        ("stun", bytes(stun.Message(3, stun.REQUEST, bytes(12)))),
        ("unknown", b"SSH-2.0-OpenSSH_9.2\r\n"),
        ("unknown", b"\x16\x03"),
        ("unknown", b""),
    ],
)
def test_the_first_bytes_of_a_connection(name: str, data: bytes) -> None:
    assert sniff(data) == name


@given(st.binary(max_size=60))
def test_any_first_bytes_have_a_name(data: bytes) -> None:
    assert sniff(data)
