"""RFC 4475 §3.1.2, §3.2 and §3.3: messages that are wrong, read as far as they go, with what is wrong named."""

from textwrap import dedent

import pytest

from collabtrace.errors import ParseError
from collabtrace.protocols import sip
from collabtrace.protocols.cseq import CSeq


def wire(text: str) -> bytes:
    """The message as it is sent: lines end in CR LF."""
    return dedent(text).encode().replace(b"\n", b"\r\n")


def options(**changed: str) -> bytes:
    """An OPTIONS request in which some lines are changed; an underscore in a name stands for a hyphen."""
    lines = {
        "start": "OPTIONS sip:user@example.com SIP/2.0",
        "Via": "SIP/2.0/UDP host5.example.net;branch=z9hG4bKkdju43234",
        "From": '"Bell, Alexander" <sip:a.g.bell@example.com>;tag=433423',
        "To": '"Watson, Thomas" <sip:t.watson@example.org>',
        "Call-ID": "torture.sdf0ksd09fksdf",
        "CSeq": "3923239 OPTIONS",
        "Max-Forwards": "70",
        "Content-Length": "0",
    } | {name.replace("_", "-"): value for name, value in changed.items()}
    start = lines.pop("start")
    return "\r\n".join([start, *(f"{name}: {value}" for name, value in lines.items()), "", ""]).encode()


def test_the_message_that_the_others_change_is_right() -> None:
    assert sip.parse(options()).flaws == ()


def test_badinv01() -> None:
    """Extraneous separators in Via and Contact."""
    message = sip.parse(
        wire("""\
        INVITE sip:user@example.com SIP/2.0
        To: sip:j.user@example.com
        From: sip:caller@example.net;tag=134161461246
        Max-Forwards: 7
        Call-ID: badinv01.0ha0isndaksdjasdf3234nas
        CSeq: 8 INVITE
        Via: SIP/2.0/UDP 192.0.2.15;;,;,,
        Contact: "Joe" <sip:joe@example.org>;;;;
        Content-Length: 0

        """)
    )
    assert message.flaws == ("Via cannot be read",)
    facts = message.facts()
    assert (facts.method, facts.cseq, facts.sent_by, facts.branch) == ("INVITE", 8, "192.0.2.15", None)
    assert facts.contact == "sip:joe@example.org"


def test_clerr() -> None:
    """Content-Length is larger than the body."""
    message = sip.parse(options(Content_Length="9999") + b"v=0\r\n")
    assert message.body == b"v=0\r\n"
    assert message.flaws == ("the body is cut: 5 of 9999 bytes",)


def test_ncl() -> None:
    """Content-Length is negative."""
    message = sip.parse(options(Content_Length="-999") + b"v=0\r\n")
    assert message.body == b"v=0\r\n"
    assert message.flaws == ("Content-Length '-999' is not a number",)


def test_scalar02() -> None:
    """Numbers that no integer of the protocol can hold, in a request."""
    message = sip.parse(options(CSeq="36893488147419103232 OPTIONS", Max_Forwards="300", Expires="1" + "0" * 90))
    assert message.cseq is None
    assert message.facts().cseq is None
    assert message.flaws == ("CSeq cannot be read",)


def test_scalarlg() -> None:
    """The same in a response."""
    message = sip.parse(
        wire("""\
        SIP/2.0 503 Service Unavailable
        Via: SIP/2.0/TCP host129.example.com;branch=z9hG4bKzzxdiwo34sw;received=192.0.2.129
        To: <sip:user@example.com>
        From: <sip:other@example.net>;tag=2easdjfejw
        CSeq: 9292394834772304023312 OPTIONS
        Call-ID: scalarlg.noase0of0234hn2qofoaf0232aewf2394r
        Retry-After: 949302838503028349304023988
        Warning: 1812 overture "In Progress"
        Content-Length: 0

        """)
    )
    assert (message.status, message.cseq) == (503, None)
    assert message.facts().warning == '1812 overture "In Progress"'
    assert message.flaws == ("CSeq cannot be read",)


def test_quotbal() -> None:
    """A quoted string without end."""
    message = sip.parse(options(To='"Mr. J. User <sip:j.user@example.com>'))
    assert message.flaws == ("To is not written as it should be",)
    assert message.facts().to_uri == "sip:j.user@example.com"


def test_ltgtruri() -> None:
    """Brackets around the Request-URI."""
    message = sip.parse(options(start="OPTIONS <sip:user@example.com> SIP/2.0"))
    assert message.uri == "<sip:user@example.com>"
    assert message.flaws == ("the Request-URI holds spaces or angle brackets",)


def test_lwsruri() -> None:
    """Spaces inside the Request-URI."""
    message = sip.parse(options(start="OPTIONS sip:user@example.com; lr SIP/2.0"))
    assert message.uri == "sip:user@example.com; lr"
    assert message.flaws == ("the Request-URI holds spaces or angle brackets",)


def test_lwsstart() -> None:
    """Two spaces between the parts of the start line."""
    message = sip.parse(options(start="OPTIONS  sip:user@example.com  SIP/2.0"))
    assert (message.method, message.uri) == ("OPTIONS", "sip:user@example.com")
    assert message.flaws == ("the request line holds too many spaces",)


def test_trws() -> None:
    """Spaces at the end of the start line."""
    message = sip.parse(options(start="OPTIONS sip:remote-target@example.com SIP/2.0  "))
    assert message.uri == "sip:remote-target@example.com"
    assert message.flaws == ("the request line holds too many spaces",)


def test_regbadct() -> None:
    """A Contact URI with a header part but without brackets."""
    contact = "sip:user@example.com?Route=%3Csip:sip.example.com%3E"
    message = sip.parse(options(Contact=contact))
    assert message.flaws == ()
    assert message.facts().contact == contact


def test_badaspec() -> None:
    """Spaces inside the brackets of an address."""
    message = sip.parse(
        options(From="<sip:caller@example.com> ; tag=1", To='"Watson, Thomas" < sip:t.watson@example.org >')
    )
    assert message.facts().to_uri == "sip:t.watson@example.org"


def test_baddn() -> None:
    """A display name that ought to be quoted."""
    message = sip.parse(options(From="Bell, Alexander <sip:a.g.bell@example.com>;tag=43"))
    assert message.flaws == ("From is not written as it should be",)
    assert (message.facts().from_uri, message.facts().from_tag) == ("sip:a.g.bell@example.com", "43")


def test_badvers() -> None:
    """SIP version 7."""
    message = sip.parse(options(start="OPTIONS sip:t.watson@example.org SIP/7.0"))
    assert message.version == "7.0"
    assert message.flaws == ("SIP version 7.0 is not 2.0",)


def test_mismatch01() -> None:
    """The method of the request and of the CSeq differ."""
    message = sip.parse(options(CSeq="8 INVITE"))
    assert message.cseq == CSeq(8, "INVITE")
    assert message.flaws == ("CSeq is of INVITE, the request is OPTIONS",)


def test_mismatch02() -> None:
    """The same with a method that nobody knows."""
    message = sip.parse(options(start="NEWMETHOD sip:user@example.com SIP/2.0", CSeq="8 INVITE"))
    assert message.flaws == ("CSeq is of INVITE, the request is NEWMETHOD",)


def test_bigcode() -> None:
    """A status code of ten digits is no status line."""
    with pytest.raises(ParseError, match="neither a SIP request line nor a status line"):
        sip.parse(options(start="SIP/2.0 4294967301 better not break the receiver"))


def test_badbranch() -> None:
    """A branch that is only the magic cookie."""
    message = sip.parse(options(Via="SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK"))
    assert message.flaws == ()
    assert message.facts().branch == "z9hG4bK"


def test_insuf() -> None:
    """No From, no To, no Call-ID."""
    message = sip.parse(
        wire("""\
        INVITE sip:user@example.com SIP/2.0
        CSeq: 193942 INVITE
        Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf
        Content-Length: 0

        """)
    )
    assert message.flaws == ("no From header", "no To header", "no Call-ID header")
    assert (message.call_id, message.from_, message.to) == (None, None, None)


def test_multi01() -> None:
    """Every header that may occur only once occurs twice; the first one counts."""
    message = sip.parse(
        wire("""\
        INVITE sip:user@company.example.com SIP/2.0
        Contact: <sip:caller@host25.example.net>
        Via: SIP/2.0/UDP 192.0.2.25;branch=z9hG4bKkdjuw
        Max-Forwards: 70
        CSeq: 5 INVITE
        Call-ID: multi01.98asdh@192.0.2.1
        CSeq: 59 INVITE
        Call-ID: multi01.98asdh@192.0.2.2
        From: sip:caller@example.com;tag=3413415
        To: sip:user@example.com
        To: sip:other@example.net
        From: sip:caller@example.net;tag=2923420123
        Content-Length: 0
        Contact: <sip:caller@host36.example.net>
        Max-Forwards: 5

        """)
    )
    assert message.call_id == "multi01.98asdh@192.0.2.1"
    assert message.cseq == CSeq(5, "INVITE")
    assert message.facts().from_tag == "3413415"
    assert [contact.uri for contact in message.contacts] == [
        "sip:caller@host25.example.net",
        "sip:caller@host36.example.net",
    ]
    assert message.flaws == tuple(
        f"more than one {name} header" for name in ("CSeq", "Call-ID", "To", "From", "Max-Forwards")
    )


def test_mcl01() -> None:
    """Two different Content-Length headers."""
    message = sip.parse(options(Content_Length="0\r\nContent-Length: 5") + b"v=0\r\n")
    assert message.flaws == ("more than one Content-Length header", "5 bytes after the body")
