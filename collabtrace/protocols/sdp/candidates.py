"""ICE candidates (RFC 8839 §5.1)."""

import re
from dataclasses import dataclass

from collabtrace.errors import ParseError

# candidate-attribute = "candidate:" foundation SP component-id SP transport SP priority SP connection-address SP port
#                       SP cand-type [SP rel-addr] [SP rel-port] *(SP cand-extension)
_CANDIDATE = re.compile(
    r"\s*+(\S++)\s++([0-9]{1,5})\s++(\S++)\s++([0-9]{1,10})\s++(\S++)\s++([0-9]{1,5})\s++(?i:typ)\s++(\S++)(?:\s++(.*+))?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One address at which a party may be reached."""

    foundation: str
    component: int
    """1 is RTP, 2 is RTCP."""
    transport: str
    """``UDP`` or ``TCP`` as written."""
    priority: int
    address: str
    port: int
    type: str
    """``host srflx prflx relay``"""
    extensions: tuple[tuple[str, str], ...] = ()
    """``raddr``, ``rport``, ``tcptype``, ``generation`` … with their values."""

    @classmethod
    def parse(cls, text: str) -> "Candidate":
        """Read ``1 1 UDP 2130706431 192.0.2.1 5000 typ host``."""
        match = _CANDIDATE.fullmatch(text.rstrip())
        if match is None:
            raise ParseError(f"candidate {text[:60]!r} is not what RFC 8839 §5.1 describes")
        foundation, component, transport, priority, address, port, kind, more = match.groups()
        if int(port) > 65535:
            raise ParseError(f"candidate port {port} is more than 65535")
        words = (more or "").split()
        pairs = tuple(zip(words[::2], words[1::2], strict=False))
        return cls(foundation, int(component), transport, int(priority), address, int(port), kind, pairs)

    @property
    def related_address(self) -> str | None:
        """The address behind a reflexive or relayed one."""
        return dict(self.extensions).get("raddr")

    @property
    def related_port(self) -> int | None:
        """The port behind a reflexive or relayed one."""
        port = dict(self.extensions).get("rport", "")
        return int(port) if port.isascii() and port.isdigit() and len(port) < 6 else None

    def __str__(self) -> str:
        words = (
            self.foundation,
            self.component,
            self.transport,
            self.priority,
            self.address,
            self.port,
            "typ",
            self.type,
        )
        return " ".join(map(str, (*words, *(word for pair in self.extensions for word in pair))))
