"""Conversations written one message a line."""

from collabtrace.protocols import sip
from collabtrace.testing.conversation import MACHINES, START, conversation


def test_a_line_is_a_message() -> None:
    said = conversation('1.5 bob alice 183/INVITE 7 a>b users=carol>dave RSeq=3 vias=2 "Server=Phone 1"')
    (message,) = said.messages
    assert (message.time_epoch, message.source, message.target) == (START + 1.5, MACHINES["bob"], MACHINES["alice"])
    assert (message.status, message.reason, message.cseq, message.cseq_method) == (183, "Session Progress", 7, "INVITE")
    assert (message.from_uri, message.from_tag) == ("sip:carol@example.com", "a")
    assert (message.to_uri, message.to_tag) == ("sip:dave@example.com", "b")
    assert (message.vias, message.rseq, message.user_agent, message.flaws) == (2, "3", "Phone 1", None)


def test_a_response_has_the_branch_of_its_request() -> None:
    request, response, ack, other = conversation("""
        0 alice bob   INVITE     1 a
        1 bob   alice 486/INVITE 1 a>b
        2 alice bob   ACK        1 a>b of=INVITE
        3 alice bob   ACK        1 a>b
    """).messages
    assert request.branch == response.branch == ack.branch != other.branch
    assert request.sent_by == response.sent_by


def test_a_session_description_by_its_m_lines() -> None:
    said = conversation('0 alice bob INVITE 1 a sdp="audio 4000 RTP/AVP 0,ptime:20|video 0 RTP/AVP 97" at=relay')
    assert said.body(0) == (
        b"v=0\r\no=- 1 1 IN IP4 203.0.113.6\r\ns=-\r\nc=IN IP4 203.0.113.6\r\nt=0 0\r\n"
        b"m=audio 4000 RTP/AVP 0\r\na=ptime:20\r\nm=video 0 RTP/AVP 97\r\n"
    )
    assert said.messages[0].content_type == "application/sdp"


def test_a_session_description_in_one_part() -> None:
    said = conversation('0 alice bob INVITE 1 a sdp="audio 4000 RTP/AVP 0" part=yes')
    assert said.messages[0].content_type == "multipart/mixed"
    assert said.body(0).startswith(b"v=0\r\n")
    assert len(said.sip(0).parts) == 2


def test_any_other_body() -> None:
    said = conversation('0 alice bob INFO 1 a>b Content-Type=application/dtmf-relay body="Signal=5"')
    assert (said.sip(0).body, said.body(0)) == (b"Signal=5", b"")


def test_a_message_without_branch_tag_or_body() -> None:
    (message,) = conversation("0 alice bob INVITE 1 - branch=-").messages
    assert (message.branch, message.from_tag, message.to_tag, message.content_type) == (None, None, None, None)


def test_every_file_counts_its_frames() -> None:
    found = conversation("""
        0 alice bob OPTIONS 1 a
        1 alice bob OPTIONS 2 a file=outside.pcap
        2 alice bob OPTIONS 3 a over=tcp
        2 alice bob OPTIONS 3 a over=tcp seen=twice
    """).messages
    assert [(each.file, each.frame, each.transport, each.duplicate_of) for each in found] == [
        ("inside.pcap", 1, "udp", None),
        ("outside.pcap", 1, "udp", None),
        ("inside.pcap", 2, "tcp", None),
        ("inside.pcap", 3, "tcp", 2),
    ]


def test_an_empty_conversation_is_an_empty_table() -> None:
    assert len(conversation("").messages) == 0


def test_every_text_is_sip() -> None:
    assert all(sip.starts(text) for text in conversation("0 alice bob INVITE 1 a\n1 bob alice 200/INVITE 1 a>b").texts)
