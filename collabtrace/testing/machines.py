"""The machines of a scene: phones, proxies, B2BUAs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from collabtrace.testing.sdp_text import Line

Edit: TypeAlias = Callable[[tuple[Line, ...]], tuple[Line, ...]]
"""What a machine in the middle makes of the m-lines that it passes on."""


@dataclass(frozen=True, slots=True)
class Nat:
    """A router that gives a machine's packets another address (RFC 3022); ports stay as they are."""

    address: str
    """Where the machine's packets come from as others see them."""
    rewrite: Callable[[bytes], bytes] = bytes
    """What it makes of the text of a datagram on the way out; on the way in it is undone."""


@dataclass(eq=False, slots=True)
class Machine:
    """One machine of a scene; what it says of itself is set here once."""

    name: str
    """Also the user part of its URI."""
    address: str
    """Where its packets come from."""
    port: int = 5060
    transport: str = "udp"
    """``udp`` or ``tcp``, for SIP."""
    user_agent: str = "Phone/1.0"
    advertises: str = ""
    """The address in its Via, Contact and SDP, where a NAT stands before it; its own by default."""
    contact_parameters: str = ""
    """Behind its Contact URI, as in ``;isfocus`` or ``;video;bfcp``."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Further headers of its INVITEs and of its responses to them."""
    session_attributes: tuple[str, ...] = ()
    """Of its session descriptions, before the first m-line; without ``a=``."""
    hops: int = 0
    """Routers between it and the capture point; each takes one from the TTL of 64."""
    back_to_back: bool = False
    """Whether it is a B2BUA: ends every dialog and begins one of its own."""
    anchors_media: bool = False
    """Whether media flows through it."""
    edit_offer: Edit | None = None
    edit_answer: Edit | None = None
    nat: Nat | None = None
    """What stands between it and the others; captures near it show what it sends and gets, all others what they do."""
    stranded: bool = False
    """Whether its peers send media to the address that it advertises, though nobody is there."""
    next_port: int = 20000
    """For media; every m-line takes two."""

    @property
    def advertised(self) -> str:
        """The address that it says of itself."""
        return self.advertises or self.address

    @property
    def host(self) -> str:
        """The same as it stands in a URI."""
        return f"[{self.advertised}]" if ":" in self.advertised else self.advertised

    @property
    def outside(self) -> str:
        """The address that others see its packets come from."""
        return self.nat.address if self.nat else self.address

    @property
    def uri(self) -> str:
        """Its address of record."""
        return f"sip:{self.name}@example.com"

    @property
    def target(self) -> str:
        """The URI that reaches it."""
        transport = "" if self.transport == "udp" else f";transport={self.transport}"
        return f"sip:{self.name}@{self.host}:{self.port}{transport}"

    @property
    def contact(self) -> str:
        """The value of its Contact header."""
        return f"<{self.target}>{self.contact_parameters}"

    @property
    def mac(self) -> bytes:
        """A locally administered Ethernet address made from its own."""
        packed = self.address.encode()
        return b"\x02" + (int.from_bytes(packed, "big") % 0xFFFFFFFFFB).to_bytes(5, "big")

    def take_port(self) -> int:
        """The next pair of ports for media."""
        self.next_port += 2
        return self.next_port - 2
