"""A phone at home calls through a border element on the Internet, recorded on both sides of the router between them.

The router masquerades and leaves the text of messages alone. The border element sends its media to where the SDP says.
"""

from pathlib import Path

from lab.nat import FORWARDED, MASQUERADE, ROUTER, record

HERE = Path(__file__).parent


def nat_one_way_media() -> None:
    """The phone's SDP names its private address, which the Internet does not reach: Alice is heard, but hears nothing.

    Outside, the media toward that address are seen to leave; inside they are not seen to arrive.
    """
    record(HERE, "nat_one_way_media", MASQUERADE)


def nat_one_way_healthy() -> None:
    """The healthy twin: the phone knows its public address and names that in its SDP; the router forwards the ports."""
    record(HERE, "nat_one_way_healthy", MASQUERADE, FORWARDED, announced=ROUTER)


def main() -> None:
    """Record both."""
    nat_one_way_media()
    nat_one_way_healthy()


if __name__ == "__main__":
    main()
