"""What is said where something is missing: only what a capture can prove, and what it has instead."""

from collections import Counter
from collections.abc import Iterator

from collabtrace.columns import Table
from collabtrace.schema import Flow
from collabtrace.sessions.streams import MIN_PACKETS
from collabtrace.views.wording import counted

NO_STREAM = f"no RTP stream of {MIN_PACKETS} packets or more was seen"
"""Fewer packets are not told from chance, so nothing can be said of them."""

NO_MEDIA = f"no agreement on media and {NO_STREAM}"
"""For a picture of media paths without any."""

NAMES = {"tls": "TLS", "dtls": "DTLS", "rtp": "RTP", "rtcp": "RTCP", "stun": "STUN", "bfcp": "BFCP",
         "websocket": "WebSocket", "http": "HTTP"}  # fmt: skip
"""Protocols as the field writes them, by ``Flow.protocol``."""

PORTS = {1719: "H.323", 1720: "H.323", 2000: "SCCP", 2443: "secure SCCP", 2427: "MGCP", 2727: "MGCP", 2944: "Megaco",
         2945: "Megaco"}  # fmt: skip
"""Other signalling that this program does not read, by the port that its servers listen on."""


def without_sip(flows: Table[Flow]) -> str:
    """What a capture without a SIP message has: ``no SIP message was seen; the capture has 4 flows of TLS``."""
    kinds = _kinds(flows)
    seen = [counted(number, "flow") + kind for kind, number in kinds.most_common() if kind]
    return "no SIP message was seen" + (f"; the capture has {', '.join(seen)}" if seen else "")


def other_signalling(flows: Table[Flow]) -> Iterator[str]:
    """``7 flows at a port of MGCP``, for each protocol whose port was used by what nothing else tells."""
    kinds = _kinds(flows)
    return (counted(number, "flow") + kind for kind, number in kinds.items() if kind.startswith(" at "))


def _kinds(flows: Table[Flow]) -> Counter[str]:
    return Counter(map(_kind, *(flows.values(name) for name in ("protocol", "source_port", "target_port"))))


def _kind(protocol: str | None, source_port: int, target_port: int) -> str:
    """What follows the number of flows; empty where nothing tells what they are."""
    if protocol in NAMES:
        return f" of {NAMES[protocol]}"
    signalling = PORTS.get(target_port) or PORTS.get(source_port)
    return f" at a port of {signalling}" if signalling else ""
