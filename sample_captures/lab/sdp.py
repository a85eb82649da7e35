"""Session descriptions as text (RFC 8866), and what CUCM makes of them on their way."""

from collections.abc import Sequence

from lab.dialog import Body

G722 = ("a=rtpmap:9 G722/8000",)
PCMU = ("a=rtpmap:0 PCMU/8000",)
EVENTS = ("a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15")
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - the connection address of a call on hold (RFC 3264 §8.4)


def description(owner: str, address: str, *lines: str, version: int = 1, connection: str = "") -> Body:
    """A description of the given m-lines and attributes."""
    head = [
        "v=0",
        f"o={owner} 2000 {version} IN IP4 {address}",
        "s=SIP Call",
        f"c=IN IP4 {connection or address}",
        "t=0 0",
    ]
    return Body("".join(f"{line}\r\n" for line in [*head, *lines]).encode())


def sound(port: int, *, events: bool = True, direction: str = "sendrecv") -> list[str]:
    """A line for G.722 and PCMU, with or without telephone-events (RFC 4733)."""
    formats = "9 0 101" if events else "9 0"
    return [f"m=audio {port} RTP/AVP {formats}", *G722, *PCMU, *(EVENTS if events else ()), f"a={direction}"]


def relayed(body: Body, address: str, *, version: int = 1, user: str = "CiscoSystemsCCM-SIP") -> Body:
    """A description as CUCM sends it on: its own origin, the media addresses as they were."""
    return Body(b"\r\n".join(_relayed(body.data.split(b"\r\n"), f"o={user} 2000 {version} IN IP4 {address}")))


def _relayed(lines: Sequence[bytes], origin: str) -> list[bytes]:
    return [origin.encode() if line.startswith(b"o=") else line for line in lines]
