"""Payload formats: rtpmap and fmtp (RFC 8866 §6.6, §6.15) and the static payload types (RFC 3551 §6)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from collabtrace.errors import ParseError

# rtpmap-value = payload-type SP encoding-name "/" clock-rate [ "/" encoding-params ]
_RTPMAP = re.compile(r"\s*+([0-9]{1,3})\s++([^\s/]++)(?:/([1-9][0-9]{0,9})(?:/([^\s/]++))?+)?+\s*+")
_FMTP = re.compile(r"\s*+(\S++)(?:\s++(.*+))?", re.DOTALL)


AUXILIARY = frozenset(
    (
        "telephone-event",
        "tone",
        "cn",
        "red",
        "rtx",
        "ulpfec",
        "parityfec",
        "flexfec",
        "flexfec-03",
        "x-ulpfecuc",
        "rtploopback",
    )
)
"""Formats that carry no media of their own but accompany others, in lower case: keys, silence, repair."""

SYNONYMS = {
    "g729a": "g729",
    "g729b": "g729",
    "g729ab": "g729",
    "g729r8": "g729",
    "g.729": "g729",
    "g7231": "g723",
    "g723.1": "g723",
    "h263-2000": "h263-1998",
}
"""Other names, in lower case, of what decodes alike."""


@dataclass(frozen=True, slots=True)
class Codec:
    """One format of an m-line."""

    payload_type: str
    """The format as the m-line writes it: ``0``, ``101``; ``*`` or ``t38`` where it is no payload type."""
    name: str | None
    """Encoding name as written; None for a dynamic payload type without rtpmap."""
    clock_rate: int | None
    """Hz."""
    channels: int | None = None
    """Audio channels; None where not written, which means 1."""
    format_parameters: str | None = None
    """The fmtp line without its payload type."""
    static: bool = False
    """Whether only RFC 3551 tells what it is."""

    @classmethod
    def parse(cls, text: str) -> "Codec":
        """Read the value of an rtpmap attribute, ``0 PCMU/8000``."""
        match = _RTPMAP.fullmatch(text)
        if match is None:
            raise ParseError(f"rtpmap {text[:60]!r} is not payload type, name and clock rate")
        payload_type, name, clock_rate, channels = match.groups()
        count = int(channels) if channels and channels.isascii() and channels.isdigit() and len(channels) < 4 else None
        return cls(payload_type, name, int(clock_rate) if clock_rate else None, count)

    @property
    def parameters(self) -> Mapping[str, str | None]:
        """The fmtp parameters by name in lower case; a value without a name is a name without a value."""
        return format_parameters(self.format_parameters or "")

    @property
    def encoding(self) -> str:
        """``PCMU/8000``, ``opus/48000/2``; the payload type where the name is not known."""
        if self.name is None:
            return self.payload_type
        rate = "" if self.clock_rate is None else f"/{self.clock_rate}"
        return f"{self.name}{rate}" + ("" if self.channels is None else f"/{self.channels}")

    @property
    def is_media(self) -> bool:
        """Whether it carries sound, pictures or text itself; what is not known by name may."""
        return self.name is None or self.name.lower() not in AUXILIARY

    def is_same(self, other: "Codec") -> bool:
        """Whether the two are one codec: the name in any case, the clock, and the channels where they count.

        opus is always written with two channels (RFC 7587 §7), whatever it carries. The clock of G722 is 8000 Hz by an
        old error (RFC 3551 §4.5.2) that some senders correct. A static number means one codec, however it is named.
        """
        if self.name is None or other.name is None:
            return False
        if self.payload_type == other.payload_type and self.payload_type in STATIC:
            return True
        names = [SYNONYMS.get(name.lower(), name.lower()) for name in (self.name, other.name)]
        clocks = {self.clock_rate, other.clock_rate} - {None}
        channels = {self.channels or 1, other.channels or 1}
        same_clock = len(clocks) < 2 or names[0] == "g722"
        return names[0] == names[1] and same_clock and (len(channels) == 1 or names[0] == "opus")

    def __str__(self) -> str:
        return f"{self.payload_type} {self.encoding}"


def format_parameters(text: str) -> dict[str, str | None]:
    """Take ``profile-level-id=42e01f;packetization-mode=1`` apart; ``0-15`` has no value."""
    found: dict[str, str | None] = {}
    for item in text.split(";"):
        name, equals, value = item.strip().partition("=")
        if name:
            found.setdefault(name.strip().lower(), value.strip() if equals else None)
    return found


def split_fmtp(text: str) -> tuple[str, str]:
    """Take the value of an fmtp attribute apart: the payload type and its parameters."""
    match = _FMTP.fullmatch(text)
    if match is None:
        raise ParseError("fmtp without a format")
    return match[1], (match[2] or "").strip()


def _static(number: int, name: str, clock_rate: int, channels: int | None = None) -> Codec:
    return Codec(str(number), name, clock_rate, channels, static=True)


STATIC = {
    codec.payload_type: codec
    for codec in (
        _static(0, "PCMU", 8000),
        _static(3, "GSM", 8000),
        _static(4, "G723", 8000),
        _static(5, "DVI4", 8000),
        _static(6, "DVI4", 16000),
        _static(7, "LPC", 8000),
        _static(8, "PCMA", 8000),
        _static(9, "G722", 8000),
        _static(10, "L16", 44100, 2),
        _static(11, "L16", 44100),
        _static(12, "QCELP", 8000),
        _static(13, "CN", 8000),
        _static(14, "MPA", 90000),
        _static(15, "G728", 8000),
        _static(16, "DVI4", 11025),
        _static(17, "DVI4", 22050),
        _static(18, "G729", 8000),
        _static(25, "CelB", 90000),
        _static(26, "JPEG", 90000),
        _static(28, "nv", 90000),
        _static(31, "H261", 90000),
        _static(32, "MPV", 90000),
        _static(33, "MP2T", 90000),
        _static(34, "H263", 90000),
    )
}
"""The payload types that need no rtpmap (RFC 3551 tables 4 and 5), by their number as text."""
