"""The words on an arrow, and the line that says more about it."""

from collabtrace.schema import Digit, Floor, MediaLine, Message, Report, Stream, Unreachable
from collabtrace.views.wording import endpoint, one_line

BODIES = {
    "application/sdp": "SDP",
    "application/dtmf": "DTMF",
    "application/dtmf-relay": "DTMF",
    "application/kpml-request+xml": "KPML",
    "application/kpml-response+xml": "KPML",
    "application/media_control+xml": "media control",
    "application/x-cisco-remotecc-request+xml": "remotecc",
    "application/x-cisco-remotecc-response+xml": "remotecc",
    "audio/telephone-event": "DTMF",
}
"""Bodies by the name that the field gives them; every other one is called by its subtype."""

DIGITS = frozenset(["DTMF", "KPML"])
"""Bodies that carry digits."""

UNREACHABLE = {
    (4, 0): "network unreachable",
    (4, 1): "host unreachable",
    (4, 2): "protocol unreachable",
    (4, 3): "port unreachable",
    (4, 4): "packet too big",
    (6, 0): "no route",
    (6, 3): "address unreachable",
    (6, 4): "port unreachable",
    **dict.fromkeys([(4, 9), (4, 10), (4, 13), (6, 1), (6, 5), (6, 6)], "prohibited"),
}
"""What the codes of ICMP type 3 (RFC 792) and ICMPv6 type 1 (RFC 4443 §3.1) mean; a device on the way *prohibits*
(RFC 1812 §5.2.7.1)."""


def of_message(message: Message, body: str | None) -> str:
    """``INVITE (SDP)``, ``re-INVITE``, ``200 OK``, ``NOTIFY (sipfrag) terminated``."""
    if message.method is None:
        words = [str(message.status), one_line(message.reason or "")]
    else:
        again = "re-" if message.method == "INVITE" and message.to_tag else ""
        words = [again + one_line(message.method)]
    words.append(f"({body})" if body else "")
    words.append(one_line((message.subscription_state or "").partition(";")[0]))
    return " ".join(filter(None, words))


def body(content_type: str | None) -> str | None:
    """What a body is, by its media type; None where there is none."""
    if not content_type:
        return None
    known = BODIES.get(content_type)
    return known or one_line(content_type.rpartition("/")[2].removeprefix("vnd.").removesuffix("+xml"), 24)


def cseq(message: Message) -> str | None:
    """``1 INVITE``."""
    method = message.cseq_method or message.method
    return None if message.cseq is None or method is None else f"{message.cseq} {one_line(method)}"


def ports(row: Message | Stream | Report | Floor | Digit, transport: str) -> str:
    """``192.0.2.1:5060 → 192.0.2.2:5060 UDP``."""
    return f"{endpoint(row.source, row.source_port)} → {endpoint(row.target, row.target_port)} {transport}"


def tones(stream: Stream, line: MediaLine | None) -> bool:
    """Whether the stream carried telephone events (RFC 4733)."""
    named = {entry.partition("=")[0] for entry in (line.payload_types if line else ()) if "telephone-event" in entry}
    return any(str(payload_type) in named for payload_type in stream.payload_types)


def unreachable(error: Unreachable) -> str:
    """``ICMP port unreachable``; the numbers of the type and code where the field has no name for them."""
    version, kind = (6, 1) if ":" in error.source else (4, 3)
    meaning = UNREACHABLE.get((version, error.code)) if error.type == kind else None
    return f"ICMP {meaning or f'type {error.type} code {error.code}'}"
