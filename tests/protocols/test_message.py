"""Messages asked for what they say."""

import pytest

from collabtrace.protocols import sip
from collabtrace.protocols.address import Address
from collabtrace.protocols.cseq import CSeq
from collabtrace.protocols.media_type import MediaType
from collabtrace.protocols.message import Facts
from collabtrace.protocols.parameters import Parameters
from tests.protocols.samples import INVITE, RINGING


def test_a_request() -> None:
    message = sip.parse(INVITE)
    assert (message.method, message.uri, message.status, message.reason) == (
        "INVITE",
        "sip:bob@example.com",
        None,
        None,
    )
    assert message.version == "2.0"
    assert message.call_id == "one@192.0.2.10"
    assert message.cseq == CSeq(101, "INVITE")
    assert message.from_ == Address("sip:alice@example.com", "Alice", Parameters((("tag", "a1"),)))
    assert message.to == Address("sip:bob@example.com")
    assert [via.sent_by for via in message.vias] == ["192.0.2.10:5060"]
    assert [contact.uri for contact in message.contacts] == ["sip:alice@192.0.2.10:5060;transport=udp"]
    assert message.content_type == MediaType("application", "sdp", Parameters((("charset", "utf-8"),)))
    assert message.body.startswith(b"v=0")
    assert message.flaws == ()
    assert repr(message) == "<SIP INVITE sip:bob@example.com, 13 headers, 102 bytes of body>"


def test_the_facts_of_a_request() -> None:
    assert sip.parse(INVITE).facts() == Facts(
        method="INVITE",
        status=None,
        reason=None,
        call_id="one@192.0.2.10",
        cseq=101,
        cseq_method="INVITE",
        request_uri="sip:bob@example.com",
        from_uri="sip:alice@example.com",
        from_tag="a1",
        to_uri="sip:bob@example.com",
        to_tag=None,
        branch="z9hG4bK-1",
        sent_by="192.0.2.10:5060",
        contact="sip:alice@192.0.2.10:5060;transport=udp",
        focus=False,
        user_agent="Example/1.0",
        content_type="application/sdp",
        session_id="0123456789abcdef0123456789abcdef;remote=00000000000000000000000000000000",
        cause=None,
        warning=None,
        vias=1,
        size=len(INVITE),
        flaws=None,
    )


def test_the_facts_of_a_response() -> None:
    facts = sip.parse(RINGING).facts()
    assert (facts.method, facts.status, facts.reason, facts.request_uri) == (None, 180, "Ringing", None)
    assert (facts.branch, facts.sent_by, facts.vias) == ("z9hG4bK-2", "proxy.example.com", 2)
    assert (facts.user_agent, facts.cause) == ("Example/2.0", "Q.850;cause=16")
    assert facts.warning == '399 example.com "a note"'
    assert (facts.to_tag, facts.contact, facts.content_type) == ("b1", None, None)


def test_headers_by_any_name() -> None:
    message = sip.parse(INVITE)
    assert message.headers[0] == ("Via", "SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-1;rport")
    assert message.header("i") == message.header("CALL-ID") == "one@192.0.2.10"
    assert message.values("Allow") == ["INVITE", "ACK", "BYE"]
    assert message.values("k") == ["timer", "100rel"]
    assert message.header("Subject") is None
    assert message.values("Subject") == []


def test_a_header_that_is_not_known_is_found_in_any_case() -> None:
    message = sip.parse(INVITE.replace(b"Max-Forwards: 70", b"x-Test: 1, 2\r\nX-TEST: 3"))
    assert message.header("X-Test") == "1, 2"
    assert message.values("X-Test") == ["1, 2", "3"]


def test_a_list_spread_over_several_headers() -> None:
    message = sip.parse(
        INVITE.replace(b"Max-Forwards: 70", b"Allow: UPDATE\r\nRoute: <sip:a;lr>, <sip:b;lr>\r\nRoute: <sip:c>")
    )
    assert message.values("Allow") == ["UPDATE", "INVITE", "ACK", "BYE"]
    assert message.values("Route") == ["<sip:a;lr>", "<sip:b;lr>", "<sip:c>"]
    assert message.flaws == ()


def test_several_contacts() -> None:
    contacts = b'"A, B" <sip:a@192.0.2.1>;q=0.5, sip:b@192.0.2.2\r\nContact: <sip:c@192.0.2.3>'
    message = sip.parse(RINGING.replace(b"Server: Example/2.0", b"Contact: " + contacts))
    assert [contact.uri for contact in message.contacts] == ["sip:a@192.0.2.1", "sip:b@192.0.2.2", "sip:c@192.0.2.3"]
    assert message.facts().contact == "sip:a@192.0.2.1"


def test_the_session_description() -> None:
    sdp = sip.parse(INVITE).sdp
    assert sdp is not None
    assert (sdp.media[0].kind, sdp.media[0].port, sdp.media[0].address) == ("audio", 16384, "192.0.2.10")
    assert sip.parse(RINGING).sdp is None


def test_the_session_description_within_a_multipart() -> None:
    body = (
        b"--b\r\nContent-Type: application/isup;version=x\r\n\r\n\x01\x02\r\n"
        b"--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\nm=audio 4000 RTP/AVP 8\r\n\r\n--b--\r\n"
    )
    head, _, _ = RINGING.partition(b"Content-Length")
    message = sip.parse(
        head + b"Content-Type: multipart/mixed;boundary=b\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    )
    assert [part.media_type.name for part in message.parts] == ["application/isup", "application/sdp"]
    assert message.sdp is not None
    assert message.sdp.media[0].port == 4000


def test_a_multipart_without_its_boundary_is_one_part() -> None:
    message = sip.parse(INVITE.replace(b"Application/SDP;charset=utf-8", b"multipart/mixed"))
    assert [part.media_type.name for part in message.parts] == ["multipart/mixed"]
    assert message.sdp is None


def test_a_session_description_without_content_type() -> None:
    message = sip.parse(INVITE.replace(b"Content-Type: Application/SDP;charset=utf-8\r\n", b""))
    assert message.content_type is None
    assert message.sdp is not None


def test_an_empty_header_is_no_value() -> None:
    message = sip.parse(RINGING.replace(b"Example/2.0", b"").replace(b"one@192.0.2.10", b""))
    assert (message.call_id, message.facts().user_agent) == (None, None)


def test_what_follows_the_body_and_by_how_much_its_length_is_wrong() -> None:
    longer = sip.parse(INVITE.replace(b"Content-Length: 102", b"Content-Length: 100"))
    assert (longer.tail, longer.excess) == (b"\r\n", 2)
    shorter = sip.parse(INVITE[:-10])
    assert (shorter.tail, shorter.excess) == (b"", -10)
    assert sip.parse(INVITE).excess == 0


@pytest.mark.parametrize(
    "contact",
    [
        "<sip:a@example.com>;isfocus",
        "<sip:a@example.com>;video; isFocus ;bfcp",
        '<sip:a@example.com>;isfocus="TRUE"',
        '"b;isfocus=false" <sip:a@example.com>;isfocus',
        "<sip:a@example.com;isfocus>",
        "sip:a@example.com;isfocus",
        "<sip:a@example.com>;isFocus;",
        "<sip:a@example.com>;isFocus;+sip.instance=<urn:uuid:1>",
        "<sip:b@example.com>,<sip:a@example.com>;isfocus",
    ],
)
def test_a_contact_that_says_to_be_a_focus(contact: str) -> None:
    facts = sip.parse(f"UPDATE sip:a SIP/2.0\r\nm: {contact}\r\n\r\n".encode()).facts()
    assert facts.focus


@pytest.mark.parametrize(
    "contact",
    [
        "<sip:a@example.com>",
        "<sip:isfocus@example.com>",
        "<sip:a@example.com>;isfocus=false",
        "<sip:a@example.com>;isfocus2",
        '"b;isfocus" <sip:a@example.com>;video',
        "<sip:a@example.com>;isfocus=false;",
        "<<",
    ],
)
def test_a_contact_that_does_not(contact: str) -> None:
    facts = sip.parse(f"UPDATE sip:a SIP/2.0\r\nContact: {contact}\r\n\r\n".encode()).facts()
    assert not facts.focus
