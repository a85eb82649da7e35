"""SDP as text (RFC 8866): m-lines with what belongs to them, offers and answers (RFC 3264).

>>> audio("PCMU", "telephone-event").rejected().port
0
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

REVERSED = {"sendonly": "recvonly", "recvonly": "sendonly"}
"""What an answer makes of a direction (RFC 3264 §6.1)."""
_ROLES = {"c-s": "s-only", "c-only": "s-only", "s-only": "c-only"}
"""What an answer makes of a floor control role (RFC 8856 §5.1)."""
_SETUPS = {"actpass": "active", "active": "passive", "passive": "active", "holdconn": "holdconn"}
"""What an answer makes of who opens the connection (RFC 4145 §4.1)."""


class Codec(NamedTuple):
    """One format of an RTP m-line."""

    name: str
    payload_type: int
    clock_rate: int = 8000
    parameters: str = ""
    """Of a=fmtp."""


CODECS = {
    codec.name: codec
    for codec in (
        Codec("PCMU", 0),
        Codec("PCMA", 8),
        Codec("G722", 9),
        Codec("G729", 18),
        Codec("telephone-event", 101, 8000, "0-15"),
        Codec("opus", 114, 48000),
        Codec("H264", 97, 90000, "profile-level-id=42e01f;packetization-mode=1"),
        Codec("VP8", 98, 90000),
    )
}
"""Codecs that an m-line may name by their names."""


@dataclass(frozen=True, slots=True)
class Line:
    """One m-line with its attributes."""

    kind: str
    codecs: tuple[Codec, ...] = ()
    protocol: str = "RTP/AVP"
    direction: str = "sendrecv"
    attributes: tuple[str, ...] = ()
    """Further attributes, without ``a=``."""
    port: int | None = None
    """None takes the next free port of the machine that sends it."""
    address: str | None = None
    """None takes the machine's."""
    place: int = -1
    """Position in the first offer, which keeps its counterparts on other legs together."""

    @property
    def is_rtp(self) -> bool:
        """Whether it negotiates RTP."""
        return "RTP/" in self.protocol

    def rejected(self) -> "Line":
        """The same line with port 0."""
        return replace(self, port=0)

    def directed(self, direction: str) -> "Line":
        """The same line in another direction."""
        return replace(self, direction=direction)

    def value(self, name: str) -> str | None:
        """The value of the first attribute *name*."""
        values = (value for key, _, value in (each.partition(":") for each in self.attributes) if key == name)
        return next(values, None)

    def text(self) -> list[str]:
        """Its lines from m= on."""
        formats = " ".join(str(codec.payload_type) for codec in self.codecs) or "*"
        lines = [f"m={self.kind} {self.port} {self.protocol} {formats}"]
        if self.address:
            lines.append(_connection(self.address))
        for codec in self.codecs:
            channels = "/2" if codec.name == "opus" else ""
            lines.append(f"a=rtpmap:{codec.payload_type} {codec.name}/{codec.clock_rate}{channels}")
            if codec.parameters:
                lines.append(f"a=fmtp:{codec.payload_type} {codec.parameters}")
        lines += [f"a={attribute}" for attribute in self.attributes]
        return [*lines, f"a={self.direction}"] if self.is_rtp else lines


def audio(*codecs: str | Codec, direction: str = "sendrecv", attributes: Sequence[str] = ()) -> Line:
    """A line for sound; by default PCMU and telephone-event."""
    chosen = codecs or ("PCMU", "telephone-event")
    return Line("audio", _named(chosen), direction=direction, attributes=tuple(attributes))


def video(*codecs: str | Codec, direction: str = "sendrecv", attributes: Sequence[str] = ()) -> Line:
    """A line for the main picture; by default H264."""
    return Line("video", _named(codecs or ("H264",)), direction=direction, attributes=("content:main", *attributes))


def slides(*codecs: str | Codec, label: int = 12, direction: str = "sendrecv") -> Line:
    """A line for shared content (RFC 4796), which a floor names by its label (RFC 4574)."""
    chosen = codecs or (CODECS["H264"]._replace(payload_type=126),)
    return Line("video", _named(chosen), direction=direction, attributes=("content:slides", f"label:{label}"))


def bfcp(
    protocol: str = "UDP/BFCP",
    *,
    floorctrl: str | None = "c-s",
    floors: Mapping[int, int] | None = None,
    version: int = 2,
    setup: str = "actpass",
) -> Line:
    """A line for floor control (RFC 8856); *floors* maps floors to the labels of their streams."""
    attributes = [f"floorctrl:{floorctrl}"] if floorctrl else []
    attributes += ["confid:1", "userid:1"]
    attributes += [f"floorid:{floor} mstrm:{label}" for floor, label in ({2: 12} if floors is None else floors).items()]
    attributes += [f"bfcpver:{version}", f"setup:{setup}", "connection:new"]
    return Line("application", (), protocol, attributes=tuple(attributes))


def answered(line: Line) -> Line:
    """What a phone that can do everything answers: the first codec, telephone-event, the reverse direction."""
    if line.port == 0:
        return line
    events = tuple(codec for codec in line.codecs[1:] if codec.name == "telephone-event")
    attributes = tuple(_answered(attribute) for attribute in line.attributes)
    direction = REVERSED.get(line.direction, line.direction)
    return replace(
        line, codecs=line.codecs[:1] + events, attributes=attributes, direction=direction, port=None, address=None
    )


@dataclass(frozen=True, slots=True)
class Description:
    """A session description that one machine sends."""

    user: str
    address: str
    lines: tuple[Line, ...]
    version: int = 1
    attributes: tuple[str, ...] = ()
    """Of the session, without ``a=``."""

    def __bytes__(self) -> bytes:
        kind = "IP6" if ":" in self.address else "IP4"
        head = [
            "v=0",
            f"o={self.user} 1 {self.version} IN {kind} {self.address}",
            "s=-",
            _connection(self.address),
            "t=0 0",
        ]
        head += [f"a={attribute}" for attribute in self.attributes]
        lines = [replace(line, address=None) if line.address == self.address else line for line in self.lines]
        return "".join(f"{text}\r\n" for text in [*head, *(text for line in lines for text in line.text())]).encode()


def _named(codecs: Sequence[str | Codec]) -> tuple[Codec, ...]:
    return tuple(CODECS[codec] if isinstance(codec, str) else codec for codec in codecs)


def _connection(address: str) -> str:
    return f"c=IN {'IP6' if ':' in address else 'IP4'} {address}"


def _answered(attribute: str) -> str:
    name, _, value = attribute.partition(":")
    if name == "floorctrl":
        return f"floorctrl:{_ROLES.get(value, value)}"
    return f"setup:{_SETUPS[value]}" if name == "setup" else attribute
