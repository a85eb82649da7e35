"""What the sender of a BYE, or of the response to it, says of the RTP that it sent and received.

No RFC defines these headers: ``P-RTP-Stat`` and ``X-RTP-Stat`` (gateways, many phones), ``X-Siemens-RTP-stats``, and
the pair ``RTP-RxStat`` and ``RTP-TxStat`` (Cisco's and other phones). The names of their numbers are read in any case.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

NAMES = frozenset({"p-rtp-stat", "x-rtp-stat", "x-siemens-rtp-stats", "rtp-rxstat", "rtp-txstat"})
"""The headers, in lower case."""
LONGEST = 1024
"""Characters of a header that are kept."""

_NUMBER = re.compile(r"(?:^|[,;\s])([a-z_]{2,16})=([0-9]{1,12})(?![0-9])", re.IGNORECASE)
_PACKETS = {"rtp-rxstat": ("pkt", "total_rx_pkts"), "rtp-txstat": ("pkt", "total_tx_pkts")}


@dataclass(frozen=True, slots=True)
class RtpStatistics:
    """Numbers of the call as one end counted them; None where it does not say."""

    sent: int | None
    """RTP packets."""
    received: int | None
    """RTP packets."""
    lost: int | None
    """Packets that the receiver missed."""


def written(headers: Iterable[tuple[str, str]]) -> tuple[str, ...] | None:
    """Those of the *headers* of a message that carry statistics, each as ``name: value``; None where none does."""
    return tuple(f"{name}: {value[:LONGEST]}" for name, value in headers if name.lower() in NAMES) or None


def parse(lines: Iterable[str]) -> RtpStatistics:
    """Read what ``written`` found; what is not there or cannot be read is None."""
    sent = received = lost = None
    for line in lines:
        name, _, value = line.partition(":")
        told: dict[str, int] = {}
        for key, number in _NUMBER.findall(value):
            told.setdefault(key.lower(), int(number))
        kind = name.strip().lower()
        if kind in _PACKETS:
            packets = next((told[key] for key in _PACKETS[kind] if key in told), None)
            received, sent = (packets, sent) if kind == "rtp-rxstat" else (received, packets)
            lost = told.get("lostpkt", lost)
        else:
            sent, received, lost = told.get("ps", sent), told.get("pr", received), told.get("pl", lost)
    return RtpStatistics(sent, received, lost)
