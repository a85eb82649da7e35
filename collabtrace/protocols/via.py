"""The Via header (RFC 3261 §20.42)."""

import re
from dataclasses import dataclass

from collabtrace.errors import ParseError
from collabtrace.protocols.grammar import HOST, PORT, SWS, TOKEN
from collabtrace.protocols.parameters import Parameters

# via-parm = sent-protocol LWS sent-by *( SEMI via-params )
# sent-protocol = protocol-name SLASH protocol-version SLASH transport
_VIA = re.compile(
    rf"{SWS}({TOKEN}){SWS}/{SWS}({TOKEN}){SWS}/{SWS}({TOKEN})[ \t]++"
    rf"({HOST})(?:{SWS}:{SWS}({PORT}))?+{SWS}(;.*+)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Via:
    """One hop that the request has taken, and by which its responses return."""

    transport: str
    """``UDP TCP TLS SCTP WS WSS`` as written."""
    host: str
    """Where the hop says it sent from; an IPv6 address with its brackets."""
    port: int | None
    """None where it is not written."""
    parameters: Parameters
    """``branch``, ``received``, ``rport``, ``maddr``, ``ttl`` and others."""
    protocol: str = "SIP"
    version: str = "2.0"

    @classmethod
    def parse(cls, text: str) -> "Via":
        """Read one Via value, ``SIP/2.0/UDP host:port;branch=…``."""
        match = _VIA.fullmatch(text)
        if match is None:
            raise ParseError(f"Via {text[:60]!r} is not protocol, version, transport, host and parameters")
        protocol, version, transport, host, port, parameters = match.groups()
        if port is not None and int(port) > 65535:
            raise ParseError(f"Via port {port} is more than 65535")
        return cls(
            transport,
            host,
            int(port) if port else None,
            Parameters.parse((parameters or "").rstrip()),
            protocol,
            version,
        )

    @property
    def branch(self) -> str | None:
        """Names the transaction (RFC 3261 §8.1.1.7)."""
        return self.parameters.get("branch")

    @property
    def received(self) -> str | None:
        """The address that the request really came from (RFC 3261 §18.2.1)."""
        return self.parameters.get("received")

    @property
    def rport(self) -> int | None:
        """The port that the request really came from (RFC 3581); None while it is only asked for."""
        value = self.parameters.get("rport")
        return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else None

    @property
    def sent_by(self) -> str:
        """Host and port as written."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.protocol}/{self.version}/{self.transport} {self.sent_by}{self.parameters}"
