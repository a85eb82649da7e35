"""What an ICMP error says of the packet that it quotes."""


def undelivered(quoted_source: str, kind: int, code: int) -> bool:
    """Whether the error says that the packet did not reach its destination.

    The others are about size, lifetime and parameters (RFC 792, RFC 4443 §3).
    """
    return kind == 1 if ":" in quoted_source else (kind == 3 and code != 4)


PORT_UNREACHABLE = "port unreachable"
"""Of the machine itself: it is up, and nothing listens there."""

REASONS = {
    (4, 0): "network unreachable",
    (4, 1): "host unreachable",
    (4, 2): "protocol unreachable",
    (4, 3): PORT_UNREACHABLE,
    (4, 9): "network administratively prohibited",
    (4, 10): "host administratively prohibited",
    (4, 13): "communication administratively prohibited",
    (6, 0): "no route to the destination",
    (6, 1): "communication administratively prohibited",
    (6, 3): "address unreachable",
    (6, 4): PORT_UNREACHABLE,
    (6, 5): "source address failed the policy",
    (6, 6): "route rejected",
}
"""Codes of destination unreachable by version of IP (RFC 792, RFC 1812 §5.2.7.1, RFC 4443 §3.1)."""


def reason(quoted_source: str, code: int) -> str:
    """Why the packet did not reach its destination, in the words of the RFCs."""
    return REASONS.get((6 if ":" in quoted_source else 4, code), f"destination unreachable, code {code}")
