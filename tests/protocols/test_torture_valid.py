"""RFC 4475 §3.1.1 and §3.3: messages that are right, however strange they look."""

from textwrap import dedent

import pytest

from collabtrace.protocols import sip
from collabtrace.protocols.cseq import CSeq
from collabtrace.protocols.uri import Uri


def wire(text: str) -> bytes:
    """The message as it is sent: lines end in CR LF."""
    return dedent(text).encode().replace(b"\n", b"\r\n")


def test_wsinv() -> None:
    """A short tortuous INVITE: folding, odd spaces, compact forms, any case, escapes, several Via values in a line."""
    message = sip.parse(
        wire("""\
        INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
        TO :
         sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
        from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>
          ;
          tag = 98asjd8
        MaX-fOrWaRdS: 0068
        Call-ID: wsinv.ndaksdj@192.0.2.1
        Content-Length   : 150
        cseq: 0009
          INVITE
        Via  : SIP  /   2.0
         /UDP
            192.0.2.2;branch=390skdjuw
        s :
        NewFangledHeader:   newfangled value
         continued newfangled value
        UnknownHeaderWithUnusualValue: ;;,,;;,;
        Content-Type: application/sdp
        Route:
         <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
        v:  SIP  / 2.0  / TCP     spindle.example.com   ;
          branch  =   z9hG4bK9ikj8  ,
         SIP  /    2.0   / UDP  192.168.255.111   ; branch=
         z9hG4bK30239
        m:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =
              newvalue ;
          secondparam ; q = 0.33

        v=0
        o=mhandley 29739 7272939 IN IP4 192.0.2.3
        s=-
        c=IN IP4 192.0.2.4
        t=0 0
        m=audio 49217 RTP/AVP 0 12
        m=video 3227 RTP/AVP 31
        a=rtpmap:31 LPC
        """)
    )
    assert message.flaws == ()
    assert message.method == "INVITE"
    assert message.cseq == CSeq(9, "INVITE")
    assert message.from_ is not None
    assert message.from_.display_name == 'J Rosenberg \\"'
    assert message.from_.tag == "98asjd8"
    assert message.to is not None
    assert (message.to.uri, message.to.tag) == ("sip:vivekg@chair-dnrc.example.com", "1918181833n")
    assert [via.branch for via in message.vias] == ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"]
    assert [via.transport for via in message.vias] == ["UDP", "TCP", "UDP"]
    assert message.contacts[0].parameters.get("q") == "0.33"
    assert message.header("NewFangledHeader") == "newfangled value continued newfangled value"
    assert message.facts().vias == 3
    assert message.sdp is not None
    assert [media.kind for media in message.sdp.media] == ["audio", "video"]


def test_intmeth() -> None:
    """Every character that a method, a user, a tag and a header name may have."""
    message = sip.parse(
        wire("""\
        !interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0
        Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~
        To: "BEL:\x07 NUL:\x00 DEL:\x7f" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>
        From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%="\u0440\u0430\u0431\u043e\u0442\u0430\u044e\u0449\u0438\u0439";tag=_token~1'+`*%!-.
        Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/"][?}{
        CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~
        Max-Forwards: 255
        extensionHeader-!.%*+_`'~:\ufeff\u5927\u505c\u96fb
        Content-Length: 0

        """)  # noqa: E501 - one start line and one header
    )
    assert message.flaws == ()
    assert message.method == "!interesting-Method0123456789_*+`.%indeed'~"
    assert message.call_id == "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{"
    assert message.from_ is not None
    assert message.from_.display_name == "token1~` token2'+_ token3*%!.-"
    assert message.from_.tag == "_token~1'+`*%!-."
    assert message.vias[0].branch == "z9hG4bK-.!%66*_+`'~"
    assert message.uri is not None
    uri = Uri.parse(message.uri)
    assert uri.user == "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"
    assert uri.password == "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"
    assert uri.host == "example.com"


def test_esc01() -> None:
    """Escapes in URIs stay as they are written, and can be undone."""
    message = sip.parse(
        wire("""\
        INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0
        To: sip:%75se%72@example.com
        From: <sip:I%20have%20spaces@example.net>;tag=938
        Max-Forwards: 87
        i: esc01.239409asdfakjkn23onasd0-3234
        CSeq: 234234 INVITE
        Via: SIP/2.0/UDP host5.example.net;branch=z9hG4bKkdjuw
        C: application/sdp
        Contact:
          <sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>
        Content-Length: 0

        """)
    )
    assert message.flaws == ()
    assert Uri.parse(message.uri or "").name == "sips:user@example.com"
    assert message.to is not None
    assert Uri.parse(message.to.uri).name == "user"
    assert Uri.parse(message.contacts[0].uri).parameters.items == (("%6C%72", None), ("n%61me", "v%61lue%25%34%31"))


def test_escnull() -> None:
    """An escaped NUL is a character like another."""
    message = sip.parse(
        wire("""\
        REGISTER sip:example.com SIP/2.0
        To: sip:null-%00-null@example.com
        From: sip:null-%00-null@example.com;tag=839923423
        Max-Forwards: 70
        Call-ID: escnull.39203ndfvkjdasfkq3w4otrq0adsfdfnavd
        CSeq: 14398234 REGISTER
        Via: SIP/2.0/UDP host5.example.com;branch=z9hG4bKkdjuw
        Contact: <sip:%00@host5.example.com>
        Contact: <sip:%00%00@host5.example.com>
        L:0

        """)
    )
    assert message.flaws == ()
    assert [Uri.parse(contact.uri).name for contact in message.contacts] == ["\0", "\0\0"]
    assert message.facts().contact == "sip:%00@host5.example.com"


def test_esc02() -> None:
    """A per cent sign that escapes nothing, in a method and a display name."""
    message = sip.parse(
        wire("""\
        RE%47IST%45R sip:registrar.example.com SIP/2.0
        To: "%Z%45" <sip:resource@example.com>
        From: "%Z%45" <sip:resource@example.com>;tag=f232jadfj23
        Call-ID: esc02.asdfnqwo34rq23i34jrjasdcnl23nrlknsdf
        Via: SIP/2.0/TCP host.example.com;branch=z9hG4bK209%fzsnel234
        CSeq: 29344 RE%47IST%45R
        Max-Forwards: 70
        Contact: <sip:alias1@host1.example.com>
        C%6Fntact: <sip:alias2@host2.example.com>
        Contact: <sip:alias3@host3.example.com>
        l: 0

        """)
    )
    assert message.flaws == ()
    assert message.method == "RE%47IST%45R"
    assert [contact.uri for contact in message.contacts] == [
        "sip:alias1@host1.example.com",
        "sip:alias3@host3.example.com",
    ]
    assert message.header("C%6Fntact") == "<sip:alias2@host2.example.com>"


def test_lwsdisp() -> None:
    """No space between the display name and the bracket."""
    message = sip.parse(
        wire("""\
        OPTIONS sip:user@example.com SIP/2.0
        To: sip:user@example.com
        From: caller<sip:caller@example.com>;tag=323
        Max-Forwards: 70
        Call-ID: lwsdisp.1234abcd@funky.example.com
        CSeq: 60 OPTIONS
        Via: SIP/2.0/UDP funky.example.com;branch=z9hG4bKkdjuw
        l: 0

        """)
    )
    assert message.flaws == ()
    assert message.from_ is not None
    assert (message.from_.display_name, message.from_.uri) == ("caller", "sip:caller@example.com")


def test_longreq() -> None:
    """Long values in every header, and 34 Via values."""
    unknown = "-".join(["unknown"] * 40)
    name = f"I have a user name of {'extreme' * 60} proportion"
    vias = "\n".join(f"v: SIP/2.0/TCP sip{number}.example.com" for number in range(33, 0, -1))
    message = sip.parse(
        wire(
            f"""\
INVITE sip:user@example.com SIP/2.0
To: "{name}" <sip:user@example.com:6000;{unknown}=very{"long" * 20}value;short>
F: sip:{"amazinglylongcallername" * 10}@example.net;tag=12{"982" * 50}424;{unknown}=so{"much" * 5}
Call-ID: longreq.one{"really" * 20}longcallid
CSeq: 3882340 INVITE
Unknown-{"Long" * 20}-Name: unknown-{"long" * 20}-value
{vias}
Via: SIP/2.0/TCP host.example.com;received=192.0.2.5;branch=very{"long" * 50}branchvalue
Max-Forwards: 70
Contact: <sip:{"amazinglylongcallername" * 10}@host5.example.net>
Content-Type: application/sdp
l: 0

"""
        )
    )
    assert message.flaws == ()
    assert message.to is not None
    assert message.to.display_name == name
    assert message.facts().vias == 34
    assert message.facts().sent_by == "sip33.example.com"
    assert message.vias[-1].received == "192.0.2.5"
    assert message.from_ is not None
    assert message.from_.tag == "12" + "982" * 50 + "424"
    assert message.call_id == "longreq.one" + "really" * 20 + "longcallid"


def test_dblreq() -> None:
    """What follows the body in a datagram is no second message."""
    first = wire("""\
        REGISTER sip:example.com SIP/2.0
        To: sip:j.user@example.com
        From: sip:j.user@example.com;tag=43251j3j324
        Max-Forwards: 8
        I: dblreq.0ha0isndaksdj99sdfafnl3lk233412
        Contact: sip:j.user@host.example.com
        CSeq: 8 REGISTER
        Via: SIP/2.0/UDP 192.0.2.125;branch=z9hG4bKkdjuw23492
        Content-Length: 0

        """)
    second = b"INVITE sip:joe@example.com SIP/2.0\r\nt: sip:joe@example.com\r\n\r\n"
    message = sip.parse(first + second)
    assert (message.method, message.body) == ("REGISTER", b"")
    assert message.flaws == (f"{len(second)} bytes after the body",)


def test_semiuri() -> None:
    """A semicolon in the user part is part of the user."""
    message = sip.parse(
        wire("""\
        OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0
        To: sip:j_user@example.com
        From: sip:caller@example.org;tag=33242
        Max-Forwards: 3
        Call-ID: semiuri.0ha0isndaksdj
        CSeq: 8 OPTIONS
        Accept: application/sdp, application/pkcs7-mime,
                multipart/mixed, multipart/signed,
                message/sip, message/sipfrag
        Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkdjuw
        l: 0

        """)
    )
    assert message.flaws == ()
    assert Uri.parse(message.uri or "").user == "user;par=u%40example.net"
    assert len(message.values("Accept")) == 6


def test_transports() -> None:
    """Transports nobody knows."""
    message = sip.parse(
        wire("""\
        OPTIONS sip:user@example.com SIP/2.0
        To: sip:user@example.com
        From: <sip:caller@example.com>;tag=323
        Max-Forwards: 70
        Call-ID:  transports.kijh4akdnaqjkwendsasfdj
        Accept: application/sdp
        CSeq: 60 OPTIONS
        Via: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw
        Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf
        Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj
        Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en
        Via: SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee
        l: 0

        """)
    )
    assert message.flaws == ()
    assert [via.transport for via in message.vias] == ["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"]
    assert message.facts().vias == 5


def test_mpart01() -> None:
    """A multipart with a text and a binary part."""
    signature = bytes(range(256))
    body = (
        b"--7a9cbec02ceef655\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\nHello\r\n"
        b"--7a9cbec02ceef655\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment;\r\n"
        b" filename=signature;handling=optional\r\n\r\n" + signature + b"\r\n--7a9cbec02ceef655--\r\n"
    )
    head = wire("""\
        MESSAGE sip:kumiko@example.org SIP/2.0
        Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK-d87543-4dade06d0bdb11ee-1--d87543-;rport
        Max-Forwards: 70
        Route: <sip:127.0.0.1:5080>
        Identity: r5mwreLuyDRYBi/0TiPwEsY3rEVsk/G2WxhgTV1PF7hHuL
        Contact: <sip:fluffy@127.0.0.1:5070>
        To: <sip:kumiko@example.org>
        From: <sip:fluffy@example.com>;tag=2fb0dcc9
        Call-ID: 3d9485ad0c49859b@Zmx1ZmZ5LW1hYy0xNi5sb2NhbA..
        CSeq: 1 MESSAGE
        Content-Transfer-Encoding: binary
        Content-Type: multipart/mixed;boundary=7a9cbec02ceef655
        Date: Sat, 15 Oct 2005 04:44:56 GMT
        User-Agent: SIPimp.org/0.2.5 (curses)
        """) + b"Content-Length: %d\r\n\r\n" % len(body)
    message = sip.parse(head + body)
    assert message.flaws == ()
    assert message.vias[0].parameters.get("rport") is None
    text, binary = message.parts
    assert (text.media_type.name, text.body) == ("text/plain", b"Hello")
    assert binary.body == signature
    assert binary.header("Content-Disposition") == "attachment; filename=signature;handling=optional"


def test_unreason() -> None:
    """A reason phrase in Cyrillic."""
    message = sip.parse(
        wire("""\
        SIP/2.0 200 = 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e \u0434\u0435\u0432\u044f\u043d\u043e\u0441\u0442\u043e
        Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923
        Call-ID: unreason.1234ksdfak3j2erwedfsASdf
        CSeq: 35 INVITE
        From: sip:user@example.com;tag=11141343
        To: sip:user@example.edu;tag=2229
        Content-Length: 154
        Content-Type: application/sdp
        Contact: <sip:user@host198.example.com>

        """)
        + b"v" * 154
    )
    assert message.flaws == ()
    assert message.status == 200
    assert message.reason == "= 2**3 * 5**2 но сто девяносто"


def test_noreason() -> None:
    """An empty reason phrase; the space before it is there."""
    message = sip.parse(
        wire("""\
        SIP/2.0 100\x20
        Via: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK2398ndaoe
        Call-ID: noreason.asndj203insdf99223ndf
        CSeq: 35 INVITE
        From: <sip:user@example.com>;tag=39ansfi3
        To: <sip:user@example.edu>;tag=902jndnke3
        Content-Length: 0
        Contact: <sip:user@host105.example.com>

        """)
    )
    assert message.flaws == ()
    assert (message.status, message.reason) == (100, "")


@pytest.mark.parametrize(
    ("name", "start_line", "more"),
    [
        ("unkscm", "OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0", "Max-Forwards: 70"),
        ("novelsc", "OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0", "Max-Forwards: 70"),
        ("bext01", "OPTIONS sip:user@example.com SIP/2.0", "Require: nothingSupportsThis, nothingSupportsThisEither"),
        ("zeromf", "OPTIONS sip:user@example.com SIP/2.0", "Max-Forwards: 0"),
        ("invut", "OPTIONS sip:user@example.com SIP/2.0", "Accept: application/unknownformat"),
    ],
)
def test_unusual_but_readable(name: str, start_line: str, more: str) -> None:
    message = sip.parse(
        wire(f"""\
        {start_line}
        To: sip:user@example.com
        From: sip:caller@example.net;tag=384
        Call-ID: {name}.3q4ewrt0dsfg
        CSeq: 3923423 OPTIONS
        Via: SIP/2.0/TCP host9.example.com;branch=z9hG4bKkdjuw39234
        {more}
        Content-Length: 0

        """)
    )
    assert message.flaws == ()
    assert message.uri == start_line.split(" ")[1]
    name, value = more.split(": ")
    assert ", ".join(message.values(name)) == value


def test_unksm2() -> None:
    """Unknown schemes in To, From and Contact."""
    message = sip.parse(
        wire("""\
        REGISTER sip:example.com SIP/2.0
        To: isbn:2983792873
        From: <http://www.example.com>;tag=3234233
        Call-ID: unksm2.daksdj@hyphenated-host.example.com
        CSeq: 234902 REGISTER
        Max-Forwards: 70
        Via: SIP/2.0/UDP 192.0.2.21:5060;branch=z9hG4bKkdjuw
        Contact: <name:John_Smith>
        l: 0

        """)
    )
    assert message.flaws == ()
    facts = message.facts()
    assert (facts.to_uri, facts.from_uri, facts.contact) == (
        "isbn:2983792873",
        "http://www.example.com",
        "name:John_Smith",
    )


def test_bcast() -> None:
    """A second Via in a response is a fact; whether it should be there is not for the parser to say."""
    message = sip.parse(
        wire("""\
        SIP/2.0 200 OK
        Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923
        Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23
        Call-ID: bcast.0384840201234ksdfak3j2erwedfsASdf
        CSeq: 35 INVITE
        From: sip:user@example.com;tag=11141343
        To: sip:user@example.edu;tag=2229
        Content-Length: 0
        Contact: <sip:user@host28.example.com>

        """)
    )
    assert message.flaws == ()
    assert [via.host for via in message.vias] == ["192.0.2.198", "255.255.255.255"]


def _register(contact: str) -> bytes:
    return wire(f"""\
        REGISTER sip:example.com SIP/2.0
        Via: SIP/2.0/UDP saturn.example.com:5060;branch=z9hG4bKkdjuw
        Max-Forwards: 70
        From: sip:watson@example.com;tag=DkfVgjkrtMwaerKKpe
        To: sip:watson@example.com
        Call-ID: cparam.70710@saturn.example.com
        CSeq: 2 REGISTER
        Contact: {contact}
        l: 0

        """)


def test_cparam01() -> None:
    """Without brackets, parameters belong to the Contact."""
    contact = sip.parse(_register("sip:+19725552222@gw1.example.net;unknownparam")).contacts[0]
    assert contact.uri == "sip:+19725552222@gw1.example.net"
    assert "unknownparam" in contact.parameters


def test_cparam02() -> None:
    """Inside brackets, they belong to the URI."""
    contact = sip.parse(_register("<sip:+19725552222@gw1.example.net;unknownparam>")).contacts[0]
    assert len(contact.parameters) == 0
    assert "unknownparam" in Uri.parse(contact.uri).parameters


def test_regescrt() -> None:
    """Escaped headers in a Contact URI."""
    contact = sip.parse(_register("<sip:user@example.com?Route=%3Csip:sip.example.com%3E>")).contacts[0]
    assert Uri.parse(contact.uri).headers == "Route=%3Csip:sip.example.com%3E"


def test_sdp01() -> None:
    """A session description that the Accept header does not admit is read all the same."""
    message = sip.parse(
        wire("""\
        INVITE sip:user@example.com SIP/2.0
        To: sip:j_user@example.com
        Contact: <sip:caller@host15.example.net>
        From: sip:caller@example.net;tag=234
        Max-Forwards: 5
        Call-ID: sdp01.ndaksdj9342dasdd
        Accept: text/nobodyKnowsThis
        CSeq: 8 INVITE
        Via: SIP/2.0/UDP 192.0.2.15;branch=z9hG4bKkdjuw
        Content-Length: 154
        Content-Type: application/sdp

        v=0
        o=mhandley 29739 7272939 IN IP4 192.0.2.5
        s=-
        c=IN IP4 192.0.2.5
        t=0 0
        m=audio 49217 RTP/AVP 0 12
        m=video 3227 RTP/AVP 31
        a=rtpmap:31 LPC
        """)
    )
    assert message.sdp is not None
    assert [(media.address, media.port) for media in message.sdp.media] == [("192.0.2.5", 49217), ("192.0.2.5", 3227)]


def test_inv2543() -> None:
    """An INVITE of RFC 2543: no branch, no tag, no Max-Forwards."""
    message = sip.parse(
        wire("""\
        INVITE sip:UserB@example.com SIP/2.0
        Via: SIP/2.0/UDP iftgw.example.com
        From: <sip:+13035551111@ift.client.example.net;user=phone>
        Record-Route: <sip:UserB@example.com;maddr=ss1.example.com>
        To: sip:+16505552222@ss1.example.net;user=phone
        Call-ID: inv2543.1717@ift.client.example.com
        CSeq: 56 INVITE
        Content-Type: application/sdp

        v=0
        o=mhandley 29739 7272939 IN IP4 192.0.2.5
        s=-
        c=IN IP4 192.0.2.5
        t=0 0
        m=audio 49217 RTP/AVP 0
        """)
    )
    assert message.flaws == ("Content-Length is missing",)
    facts = message.facts()
    assert (facts.branch, facts.from_tag, facts.to_tag) == (None, None, None)
    assert facts.to_uri == "sip:+16505552222@ss1.example.net"
    assert message.sdp is not None
