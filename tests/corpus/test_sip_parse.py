"""Every datagram that tshark takes for SIP is SIP and says the same to ``sip.parse``; no other begins like SIP."""

from collections.abc import Iterator
from typing import Any

from collabtrace.capture.reader import open_capture
from collabtrace.protocols import sip

FLAWED = {
    "sip_ipv6_fragments_linux_cooked.pcap": 1,
    "sip_junk_before_request.pcap": 1,
    "sip_minisipserver_eyebeam_stun.pcap": 1,
    "sip_multi_value_headers.pcap": 1,
    "sip_sdp_two_offers.pcap": 2,
    "sip_user_defined_method.pcap": 1,
}
"""Messages with flaws, by capture: lengths and methods that differ, headers missing, misspelt or there twice."""

NO_DESCRIPTION = {"sip_user_defined_method.pcap"}
"""Captures with a body that is called a session description and is none."""


def datagrams(truth: Any) -> Iterator[tuple[int, bytes]]:
    """Frame and payload of every UDP datagram."""
    reader = open_capture(truth.path)
    for packets in reader:
        for row, flow in enumerate(packets.flow.tolist()):
            if reader.flows.transport[flow] == "udp":
                yield int(packets.frame[row]), packets.payload(row)


def test_every_message_says_what_tshark_says(truth: Any) -> None:
    expected = {
        entry["frame"]: tuple(entry[name] for name in ("method", "status", "call_id", "cseq", "cseq_method"))
        for entry in truth.sip
        if entry["transport"] == "udp" and not entry["quoted_in"]
    }
    messages = {frame: sip.parse(data) for frame, data in datagrams(truth) if sip.starts(data)}
    facts = {frame: message.facts() for frame, message in messages.items()}

    said = {
        frame: (fact.method, fact.status, fact.call_id, fact.cseq, fact.cseq_method) for frame, fact in facts.items()
    }
    assert said == expected
    assert sum(fact.flaws is not None for fact in facts.values()) == FLAWED.get(truth.name, 0)


def test_every_session_description_can_be_read(truth: Any) -> None:
    for _, data in datagrams(truth):
        session = sip.parse(data).sdp if sip.starts(data) else None
        if session is not None and truth.name not in NO_DESCRIPTION:
            assert session.flaws == ()
            assert all(line.address is not None or line.port == 0 for line in session.media)
