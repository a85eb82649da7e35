"""A phone at home calls through a border element on the Internet, recorded on both sides of the router between them.

The router masquerades: it gives the phone its own public address, 203.0.113.1.
"""

from pathlib import Path

from lab.nat import ALG, MASQUERADE, record

HERE = Path(__file__).parent


def nat_sdp_rewritten() -> None:
    """The router's SIP ALG (the Linux kernel's) writes its public address into Via, Contact, o= and c=, adding no Via.

    It lets in media from the address that sent the SIP messages alone. The border element sends its media from
    another one: the router answers them with ICMP port unreachable, and then gives the phone's own media another
    port than the SDP says. Alice is heard, but hears nothing.
    """
    record(HERE, "nat_sdp_rewritten", ALG, MASQUERADE)


def nat_sdp_healthy() -> None:
    """The healthy twin: no ALG. The text passes unchanged, private addresses and all; it does not matter, because the
    border element answers by rport (RFC 3581) and sends its media to where the phone's come from (RFC 7362).
    """
    record(HERE, "nat_sdp_healthy", MASQUERADE, latches=True)


def main() -> None:
    """Record both."""
    nat_sdp_rewritten()
    nat_sdp_healthy()


if __name__ == "__main__":
    main()
