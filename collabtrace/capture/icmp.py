"""ICMP (RFC 792) and ICMPv6 (RFC 4443) errors: which packet did not get through, and who says so."""

from collabtrace.capture.addresses import address
from collabtrace.capture.cursor import Cursor, Layer
from collabtrace.capture.network import ip, ipv4, ipv6, upper
from collabtrace.schema import Unreachable

_ERRORS = {Layer.ICMP: (3, 4, 5, 11, 12), Layer.ICMPV6: (1, 2, 3, 4)}
"""Types that quote the packet that they are about (RFC 1122 §3.2.2, RFC 4443 §2.1)."""
_TRANSPORTS = {Layer.UDP: "udp", Layer.TCP: "tcp", Layer.SCTP: "sctp"}


def error(packet: Cursor, layer: Layer, frame: int, time: int, file: str) -> Unreachable | None:
    """The error at the cursor; None for other messages and where the quotation cannot be read."""
    if not packet.holds(8) or packet.number(0, 1) not in _ERRORS[layer]:
        return None
    quoted = Cursor(packet.data, packet.end, at=packet.at + 8)
    carried = _quoted(quoted)
    if not quoted.source:
        return None
    transport = _TRANSPORTS.get(carried) if carried else None
    ports = quoted.number(0, 4) if transport and quoted.holds(4) else None
    return Unreachable(
        file=file,
        frame=frame,
        time_epoch=time / 10**9,
        source=address(packet.source),
        target=address(packet.target),
        type=packet.number(0, 1),
        code=packet.number(1, 1),
        quoted_source=address(quoted.source),
        quoted_source_port=None if ports is None else ports >> 16,
        quoted_target=address(quoted.target),
        quoted_target_port=None if ports is None else ports & 0xFFFF,
        quoted_transport=transport,
    )


def _quoted(packet: Cursor) -> Layer | None:
    """Read the quoted IP header; what it carries, where that begins in the quotation."""
    layer = ip(packet)
    layer = ipv4(packet) if layer is Layer.IPV4 else ipv6(packet) if layer is Layer.IPV6 else None
    if layer is Layer.FRAGMENT and packet.fragment and packet.fragment.offset == 0:
        layer = upper(packet)
    return layer
