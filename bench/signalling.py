"""What the hosts of one call say to each other besides RTP: SIP over UDP or TCP, STUN and RTCP."""

import socket
import struct
from dataclasses import dataclass, field

import packets
from texts import CHALLENGE, Parties, description, message

SEGMENT = 1420
"""Octets of SIP in a TCP segment at most."""
SYN, FIN, ACK, PUSH_ACK = 0x02, 0x11, 0x10, 0x18
REFUSALS = ("486 Busy Here", "503 Service Unavailable", "488 Not Acceptable Here", "404 Not Found")


@dataclass(slots=True)
class Call:
    """One call: who, how, when, and the frames it has put on the wire so far."""

    number: int
    start: float
    """Seconds since the capture began."""
    route: packets.Route
    """From the caller to the callee."""
    tcp: bool
    large: bool
    """Whether the offer is too large for one packet."""
    video: bool
    refused: bool
    challenged: bool
    ports: tuple[int, int]
    """RTP ports of caller and callee."""
    frames: list[tuple[float, bytes]] = field(default_factory=list)
    messages: int = 0
    sequence: list[int] = field(default_factory=lambda: [1000, 5000])
    """Next TCP sequence number of caller and callee."""

    @property
    def parties(self) -> Parties:
        """What the texts of its messages need to know."""
        family = socket.AF_INET if len(self.route.source) == 4 else socket.AF_INET6
        hosts = socket.inet_ntop(family, self.route.source), socket.inet_ntop(family, self.route.target)
        return Parties(self.number, hosts, self.ports, "TCP" if self.tcp else "UDP")


def signal(call: Call, seconds: float) -> float | None:
    """Put the whole signalling of a call on the wire; the time when media begins, None where it never does."""
    if call.tcp:
        _segment(call, call.start, 0, SYN)
        _segment(call, call.start + 0.001, 1, SYN | ACK)
        _segment(call, call.start + 0.002, 0, ACK)
    now, sequence = call.start + 0.003, 101
    offer = description(call.parties, 0, video=call.video, large=call.large)
    if call.challenged:
        challenge = CHALLENGE.format(nonce=call.number * 7919)
        _request(call, now, "INVITE", sequence, offer)
        _response(call, now + 0.008, "401 Unauthorized", "INVITE", sequence, more=challenge)
        _request(call, now + 0.012, "ACK", sequence)
        now, sequence = now + 0.02, sequence + 1
    _request(call, now, "INVITE", sequence, offer)
    _response(call, now + 0.01, "100 Trying", "INVITE", sequence)
    if call.refused:
        _response(call, now + 0.2, REFUSALS[call.number % 4], "INVITE", sequence)
        _request(call, now + 0.21, "ACK", sequence)
        return None
    answer = description(call.parties, 1, video=call.video, large=False)
    _response(call, now + 0.1, "180 Ringing", "INVITE", sequence)
    _response(call, now + 0.5, "200 OK", "INVITE", sequence, answer)
    _request(call, now + 0.51, "ACK", sequence)
    if seconds:
        _beside_media(call, now + 0.512, seconds)
    end = now + 0.6 + max(seconds, 0.5)
    _request(call, end, "BYE", sequence + 1)
    _response(call, end + 0.02, "200 OK", "BYE", sequence + 1)
    if call.tcp:
        _segment(call, end + 0.03, 0, FIN)
        _segment(call, end + 0.04, 1, FIN)
        _segment(call, end + 0.05, 0, ACK)
    return now + 0.52


def _request(call: Call, time: float, method: str, sequence: int, body: str = "") -> None:
    _message(
        call, time, 0, f"{method} sip:{6000 + call.number % 3000}@example.com SIP/2.0", f"{sequence} {method}", body
    )


def _response(call: Call, time: float, status: str, method: str, sequence: int, body: str = "", more: str = "") -> None:
    _message(call, time, 1, f"SIP/2.0 {status}", f"{sequence} {method}", body, more)


def _message(call: Call, time: float, sender: int, start: str, sequence: str, body: str, more: str = "") -> None:
    call.messages += 1
    _carry(call, time, sender, message(call.parties, sender, start, sequence, body, more))


def _carry(call: Call, time: float, sender: int, data: bytes) -> None:
    if not call.tcp:
        _put(call, time, packets.udp(call.route.back if sender else call.route, 5060, 5060, data))
        return
    for offset in range(0, len(data), SEGMENT):
        _segment(call, time + offset * 1e-8, sender, PUSH_ACK, data[offset : offset + SEGMENT])
    _segment(call, time + 1e-4, 1 - sender, ACK)


def _segment(call: Call, time: float, sender: int, flags: int, data: bytes = b"") -> None:
    caller_port = 33000 + call.number % 30000
    ports = (5060, caller_port) if sender else (caller_port, 5060)
    numbers = call.sequence[sender], call.sequence[1 - sender]
    _put(call, time, [packets.tcp(call.route.back if sender else call.route, ports, numbers, flags, data)])
    call.sequence[sender] += len(data) + bool(flags & 0x03)


def _beside_media(call: Call, time: float, seconds: float) -> None:
    """A STUN check each way on the RTP ports (RFC 8489), and RTCP sender reports every five seconds (RFC 3550)."""
    check = struct.pack("!HHI", 1, 0, 0x2112A442) + struct.pack("!QI", call.number * 7919, call.number)
    _put(call, time, packets.udp(call.route, *call.ports, check))
    _put(call, time + 0.002, packets.udp(call.route.back, *call.ports[::-1], b"\x01\x01" + check[2:]))
    for end, route in enumerate((call.route, call.route.back)):
        source, target = call.ports[end] + 1, call.ports[1 - end] + 1
        report = struct.pack("!BBH6I", 0x80, 200, 6, source_id(call.number, end), 0, 0, 0, 250, 40000)
        name = struct.pack("!BBHIBB4s2x", 0x81, 202, 3, source_id(call.number, end), 1, 4, b"host")
        for report_number in range(1, int(seconds // 5) + 1):
            _put(call, time + report_number * 4.9, packets.udp(route, source, target, report + name))


def source_id(number: int, stream: int) -> int:
    """The SSRC of one stream of a call: different for each, without a pattern."""
    return (number * 4 + stream + 1) * 2654435761 % 2**32


def _put(call: Call, time: float, frames: list[bytes]) -> None:
    call.frames.extend((time + place * 1e-6, frame) for place, frame in enumerate(frames))
