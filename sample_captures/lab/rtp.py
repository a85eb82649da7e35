"""One end of an RTP session: it sends by the clock, counts what comes, and reports both every 5 s (RFC 3550)."""

import secrets
import socket
import struct
import time
from collections.abc import Iterator
from itertools import cycle
from threading import Event, Thread

from lab.media import Encoded
from lab.network import Host

HEADER = struct.Struct("!BBHII")
MARKER = 0x80
REPORT_SECONDS = 5.0
NTP_EPOCH = 2_208_988_800
"""Seconds from 1900, where NTP begins, to 1970."""
EVENT_TYPE = 101
KEYS = "0123456789*#"
KEY_FRAMES, PAUSE_FRAMES = 6, 8
"""How long a key is pressed, and how long until the next."""


class Received:
    """What came from the peer (RFC 3550 §6.4.1, §A.3, §A.8)."""

    def __init__(self, clock_rate: int) -> None:
        """Nothing came yet."""
        self.packets = 0
        self.jitter = 0.0
        self._clock_rate = clock_rate
        self._ssrc = self._first = self._highest = 0
        self._transit: float | None = None
        self._packets_reported = self._expected_reported = 0

    def count(self, packet: bytes) -> None:
        """Count one packet; its sequence numbers may wrap once."""
        _, _, sequence, timestamp, self._ssrc = HEADER.unpack_from(packet)
        if not self.packets:
            self._first = self._highest = sequence
        if (sequence - self._highest) & 0xFFFF < 0x8000:
            self._highest += (sequence - self._highest) & 0xFFFF
        self.packets += 1
        transit = time.monotonic() * self._clock_rate - timestamp
        if self._transit is not None:
            self.jitter += (abs(transit - self._transit) - self.jitter) / 16
        self._transit = transit

    def block(self) -> bytes:
        """The report block, where anything came."""
        if not self.packets:
            return b""
        expected = self._highest - self._first + 1
        new, got = expected - self._expected_reported, self.packets - self._packets_reported
        self._expected_reported, self._packets_reported = expected, self.packets
        share = max(0, new - got) * 256 // max(1, new)
        lost = max(0, expected - self.packets)
        return struct.pack("!IIIIII", self._ssrc, share << 24 | lost, self._highest, int(self.jitter), 0, 0)


class Session:
    """The RTP and RTCP ports of one line of one machine."""

    def __init__(self, host: Host, port: int, content: Encoded) -> None:
        """Bind the ports; nothing is sent yet."""
        self.host, self.port, self.content = host, port, content
        self.sent = 0
        self.received = Received(content.clock_rate)
        self._remote: tuple[str, int] | None = None
        self._reports_to: tuple[str, int] | None = None
        self._latches = False
        self._rtp, self._rtcp = (
            host.open_socket(socket.SOCK_DGRAM, each, dscp=content.dscp) for each in (port, port + 1)
        )
        for each in (self._rtp, self._rtcp):
            each.setblocking(False)
        self._ssrc, self._sequence, self._timestamp = (secrets.randbits(bits) for bits in (32, 15, 31))
        self._octets = 0
        self._fresh = True
        """Whether the next packet begins a talk spurt."""
        self._step = round(content.interval * content.clock_rate)
        self._keys: list[tuple[int, tuple[bytes, ...]]] = []
        self._over = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def start(self, address: str = "", port: int = 0) -> "Session":
        """Send to an address; without one, wait until media come, and send to where they come from (RFC 7362)."""
        self._remote, self._latches = ((address, port), False) if address else (None, True)
        self._thread.start()
        return self

    def turn(self, other: "Session | None") -> None:
        """Send to another session from now on, or to nobody for a while."""
        self._remote = (other.host.address, other.port) if other else None
        self._fresh = True

    def press(self, digits: str) -> None:
        """Send keys in the place of sound (RFC 4733 §2.5.1)."""
        for digit in digits:
            self._keys += _key(KEYS.index(digit), self._step)

    def stop(self) -> None:
        """Send no more, and give the ports back."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._rtp.close()
        self._rtcp.close()

    @property
    def statistics(self) -> str:
        """The P-RTP-Stat of a phone's BYE: packets and octets sent and received, lost, jitter, latency, duration."""
        octets, seconds = len(self.content.frames[0][0]), round(self.sent * self.content.interval)
        got = self.received.packets
        figures = f"PS={self.sent},OS={self._octets},PR={got},OR={got * octets}"
        return f"{figures},PL=0,JI={int(self.received.jitter / 8)},LA=0,DU={seconds}"

    def _run(self) -> None:
        began = reported = time.monotonic()
        for count, frame in enumerate(cycle(self.content.frames)):
            due = began + count * self.content.interval
            if self._over.wait(max(0.0, due - time.monotonic())):
                return
            self._listen()
            if (remote := self._remote) is None:
                continue
            self._send(count, frame, remote)
            if due - reported >= REPORT_SECONDS:
                reported = due
                self._send_report(count, (remote[0], remote[1] + 1))

    def _listen(self) -> None:
        """Count what came, and learn from it where to send."""
        for packet, source in _waiting(self._rtp):
            self.received.count(packet)
            self._remote = source if self._latches else self._remote
        for _, source in _waiting(self._rtcp):
            self._reports_to = source if self._latches else self._reports_to

    def _send_report(self, count: int, beside: tuple[str, int]) -> None:
        """Report to the port *beside* that of the media, or where the peer's reports come from, once they do."""
        target = self._reports_to if self._latches else beside
        if target:
            self._rtcp.sendto(self._report(count), target)

    def _send(self, count: int, frame: tuple[bytes, ...], remote: tuple[str, int]) -> None:
        """Send the packets of one frame, or what takes its place while a key is pressed."""
        since, payloads = self._keys.pop(0) if self._keys else (-1, ())
        pressed = since >= 0
        payload_type = EVENT_TYPE if pressed else self.content.payload_type
        timestamp = self._timestamp + (count - max(0, since)) * self._step & 0xFFFFFFFF
        chosen = payloads if pressed else frame
        for place, payload in enumerate(chosen):
            # Marked are the last packet of a picture (RFC 6184 §5.1), and the first of an event and of a talk spurt.
            ends_picture = self.content.is_video and place == len(chosen) - 1
            begins = since == 0 if pressed else self._fresh and not self.content.is_video
            self._fresh = False
            kind = payload_type | (ends_picture or begins) * MARKER
            packet = HEADER.pack(0x80, kind, self._sequence & 0xFFFF, timestamp, self._ssrc) + payload
            self._rtp.sendto(packet, remote)
            self._sequence += 1
            self.sent += 1
            self._octets += len(payload)

    def _report(self, count: int) -> bytes:
        """A sender report and the name of the source (RFC 3550 §6.4.1, §6.5)."""
        now = time.time() + NTP_EPOCH
        block = self.received.block()
        words = 6 + len(block) // 4
        ntp = int(now), int(now % 1 * 2**32)
        stamp = self._timestamp + count * self._step & 0xFFFFFFFF
        head = struct.pack("!BBH", 0x80 | bool(block), 200, words)
        sender = struct.pack("!IIIIII", self._ssrc, *ntp, stamp, self.sent, self._octets)
        name = f"{self.host.name}@{self.host.address}".encode()
        item = struct.pack("!IBB", self._ssrc, 1, len(name)) + name
        padded = item + bytes(4 - len(item) % 4)
        return head + sender + block + struct.pack("!BBH", 0x81, 202, len(padded) // 4) + padded


def talk(one: Session, other: Session) -> None:
    """Let two ends of a line send to each other."""
    one.start(other.host.address, other.port)
    other.start(one.host.address, one.port)


def _waiting(port: socket.socket) -> Iterator[tuple[bytes, tuple[str, int]]]:
    """The packets that came since the port was last asked."""
    while True:
        try:
            yield port.recvfrom(65535)
        except BlockingIOError:
            return
        except ConnectionRefusedError:
            continue


def _key(event: int, step: int) -> Iterator[tuple[int, tuple[bytes, ...]]]:
    """What is sent in each frame of a key, with the frames since it was pressed; its end is told three times."""
    for frame in range(KEY_FRAMES):
        ended = frame == KEY_FRAMES - 1
        payload = struct.pack("!BBH", event, ended << 7 | 10, step * (frame + 1))
        yield frame, (payload,) * (3 if ended else 1)
    yield from [(-1, ())] * PAUSE_FRAMES
