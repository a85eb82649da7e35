"""SIP conversations written one message a line, for tests of what is made of messages.

    0.00 alice bob   INVITE     1 a    sdp="audio 4000 RTP/AVP 0"
    0.10 bob   alice 180/INVITE 1 a>b
    1.00 bob   alice 200/INVITE 1 a>b  sdp="audio 5000 RTP/AVP 0"
    1.05 alice bob   ACK        1 a>b

Time in seconds, source, target, method or status with its method, CSeq number, From tag and To tag (``-`` is
none); then options as ``name=value``. Every line becomes the text of a message that ``protocols.sip`` reads, so
that the table is what a capture of it would give. Machines have the documentation addresses of ``MACHINES``.

===========  ==============================================================================================
``call``     the Call-ID; ``call-1`` unless given
``users``    users of the From and To URIs as ``alice>bob``, which they are unless given
``of``       the method whose branch the request shares: ``INVITE`` for the ACK of a failure
``branch``   the branch itself; ``-`` is none
``vias``     how many Via values there are; 1 unless given
``sdp``      m-lines divided by ``|``, each with its attributes after commas
``at``       the address in the SDP: a machine or an address; the source unless given
``part``     any value: the SDP is one part of a multipart body
``body``     any other body; its type is given as a header
``file``     the capture file; ``inside.pcap`` unless given
``seen``     ``twice``: the capture layer knows the packet to be a second view
``over``     the transport; ``udp`` unless given
``Name``     any option that begins with an upper-case letter is a header
===========  ==============================================================================================
"""

import shlex
from dataclasses import dataclass

from collabtrace.columns import Table
from collabtrace.protocols import rtp_statistics, sip
from collabtrace.schema import Message
from collabtrace.sessions import correlation, retransmissions

MACHINES = {
    "alice": "192.0.2.1",
    "bob": "198.51.100.2",
    "carol": "198.51.100.3",
    "proxy": "203.0.113.4",
    "server": "203.0.113.5",
    "relay": "203.0.113.6",
}
"""Addresses of RFC 5737."""

START = 1_767_603_600.0
"""2026-01-05 09:00:00 UTC: second 0 of a conversation."""

_REASONS = {
    100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted", 302: "Moved Temporarily",
    401: "Unauthorized", 404: "Not Found", 407: "Proxy Authentication Required", 408: "Request Timeout",
    480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 486: "Busy Here", 487: "Request Terminated",
    488: "Not Acceptable Here", 491: "Request Pending", 503: "Service Unavailable", 603: "Decline",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conversation:
    """The messages of a conversation."""

    messages: Table[Message]
    texts: tuple[bytes, ...]

    def sip(self, row: int) -> sip.Message:
        """Message *row*, parsed."""
        return sip.parse(self.texts[row])

    def body(self, row: int) -> bytes:
        """The SDP of message *row*; empty where it has none."""
        return next((part.body for part in self.sip(row).parts if part.media_type.name == "application/sdp"), b"")


def conversation(lines: str) -> Conversation:
    """Make the messages that *lines* tell of, retransmissions marked; every file counts its own frames from 1."""
    said = [_Line(line) for line in lines.splitlines() if line.strip()]
    frames: dict[str, int] = {}
    records = []
    for line in said:
        frames[line.file] = frames.get(line.file, 0) + 1
        records.append(line.record(frames[line.file]))
    return Conversation(retransmissions.mark(Table.of(Message, records)), tuple(line.text for line in said))


class _Line:
    """One message."""

    def __init__(self, line: str) -> None:
        time, self.source, self.target, what, cseq, tags, *options = shlex.split(line)
        self.time = START + float(time)
        self.options = dict(option.split("=", 1) for option in options)
        self.status, self.method = what.split("/") if "/" in what else ("", what)
        self.cseq = cseq
        self.from_tag, _, self.to_tag = tags.partition(">")
        self.file = self.options.get("file", "inside.pcap")
        self.text = self._text()

    def record(self, frame: int) -> Message:
        """The row of the table."""
        message = sip.parse(self.text)
        return Message(
            **message.facts()._asdict(),
            file=self.file,
            frame=frame,
            time_epoch=self.time,
            source=MACHINES[self.source],
            source_port=5060,
            target=MACHINES[self.target],
            target_port=5060,
            transport=self.options.get("over", "udp"),
            rseq=message.header("RSeq") or message.header("RAck"),
            subscription_state=message.header("Subscription-State"),
            correlation=correlation.marks(message) if self.method == "INVITE" else None,
            statistics=rtp_statistics.written(message.headers) if self.method == "BYE" else None,
            duplicate_of=frame if "seen" in self.options else None,
            retransmission_of=None,
            text_at=0,
        )

    def _text(self) -> bytes:
        caller, called = self.options.get("users", "alice>bob").split(">")
        if self.status:
            start = f"SIP/2.0 {self.status} {_REASONS.get(int(self.status), 'Other')}"
        else:
            start = f"{self.method} sip:{called}@example.com SIP/2.0"
        call_id = self.options.get("call", "call-1")
        body_type, body = self._body()
        headers = [
            *self._vias(call_id),
            f"From: <sip:{caller}@example.com>{_tag(self.from_tag)}",
            f"To: <sip:{called}@example.com>{_tag(self.to_tag)}",
            f"Call-ID: {call_id}",
            f"CSeq: {self.cseq} {self.method}",
            *(f"{name}: {value}" for name, value in self.options.items() if name[0].isupper()),
            *([f"Content-Type: {body_type}"] if body_type else []),
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join((start, *headers, "", body)).encode()

    def _vias(self, call_id: str) -> list[str]:
        client = self.target if self.status else self.source
        shared = self.options.get("of", self.method)
        branch = self.options.get("branch", f"z9hG4bK-{call_id}-{self.cseq}-{shared}-{client}")
        top = f"Via: SIP/2.0/UDP {MACHINES[client]}:5060" + ("" if branch == "-" else f";branch={branch}")
        more = int(self.options.get("vias", "1")) - 1
        return [top, *(f"Via: SIP/2.0/UDP 192.0.2.{99 - n}:5060;branch=z9hG4bK-{n}" for n in range(more))]

    def _body(self) -> tuple[str, str]:
        if "sdp" not in self.options:
            return "", self.options.get("body", "")
        at = self.options.get("at", self.source)
        address = MACHINES.get(at, at)
        lines = ["v=0", f"o=- 1 1 IN IP4 {address}", "s=-", f"c=IN IP4 {address}", "t=0 0"]
        for block in self.options["sdp"].split("|"):
            media, *attributes = block.strip().split(",")
            lines += [f"m={media}", *(f"a={attribute}" for attribute in attributes)]
        text = "\r\n".join((*lines, ""))
        if "part" not in self.options:
            return "application/sdp", text
        parts = (f"Content-Type: application/sdp\r\n\r\n{text}", "Content-Type: text/plain\r\n\r\nhello")
        return "multipart/mixed;boundary=edge", "".join(f"--edge\r\n{part}\r\n" for part in parts) + "--edge--\r\n"


def _tag(tag: str) -> str:
    return f";tag={tag}" if tag not in ("", "-") else ""
