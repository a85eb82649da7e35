"""What an ICMP error says of the packet that it quotes."""


def undelivered(quoted_source: str, kind: int, code: int) -> bool:
    """Whether the error says that the packet did not reach its destination.

    The others are about size, lifetime and parameters (RFC 792, RFC 4443 §3).
    """
    return kind == 1 if ":" in quoted_source else (kind == 3 and code != 4)
