"""Sound and pictures, encoded by ffmpeg and cut into RTP payloads."""

import subprocess
from dataclasses import dataclass
from functools import cache

EF, AF41 = 46, 34
"""Code points of sound and of pictures (RFC 4594 §4.1, §4.3)."""
DELIMITER = b"\x09"
"""A NAL unit that begins a picture (H.264 §7.3.2.4): its first byte, of priority 0."""


@dataclass(frozen=True)
class Encoded:
    """What a line sends, frame by frame; it begins again when it is over."""

    payload_type: int
    clock_rate: int
    interval: float
    """Seconds from one frame to the next."""
    dscp: int
    frames: tuple[tuple[bytes, ...], ...]
    """The payloads of each frame."""

    @property
    def is_video(self) -> bool:
        """Whether its frames are pictures."""
        return self.clock_rate == 90000


@cache
def sound(codec: str, tone: int, seconds: int = 10) -> Encoded:
    """A tone of so many Hz as ``g722`` or ``mulaw`` (PCMU), in frames of 20 ms."""
    payload_type, rate = {"g722": (9, 16000), "mulaw": (0, 8000)}[codec]
    data = _ffmpeg(f"sine={tone}:duration={seconds}", "-ar", str(rate), "-f", codec)
    frames = tuple((data[at : at + 160],) for at in range(0, len(data), 160))
    # RFC 3551 §4.5.2: the RTP clock of G.722 runs at 8000 Hz although it samples at 16000 Hz.
    return Encoded(payload_type, 8000, 0.02, EF, frames)


@cache
def pictures(payload_type: int, source: str, rate: int, kilobits: int, seconds: int = 12) -> Encoded:
    """A test picture of ffmpeg as H.264; every NAL unit fits into one packet (RFC 6184 §5.6)."""
    options = "-c:v libx264 -profile:v baseline -tune zerolatency -pix_fmt yuv420p"
    rates = f"-b:v {kilobits}k -maxrate {kilobits}k -bufsize {kilobits}k"
    parameters = f"-x264-params slice-max-size=900:aud=1:keyint={rate * 5} -f h264"
    data = _ffmpeg(f"{source}:rate={rate}:duration={seconds}", *f"{options} {rates} {parameters}".split())
    return Encoded(payload_type, 90000, 1 / rate, AF41, _pictures(data))


def _pictures(stream: bytes) -> tuple[tuple[bytes, ...], ...]:
    """The NAL units of each picture of a byte stream (H.264 annex B), without delimiters."""
    found: list[list[bytes]] = []
    for unit in (piece.rstrip(b"\0") for piece in stream.split(b"\0\0\1")):
        if unit.startswith(DELIMITER):
            found.append([])
        elif unit:
            found[-1].append(unit)
    return tuple(map(tuple, found))


def _ffmpeg(source: str, *options: str) -> bytes:
    command = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", source, *options, "pipe:1"]
    return subprocess.run(command, check=True, capture_output=True).stdout
