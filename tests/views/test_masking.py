"""What must never be readable in a shared report, and what must stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.columns import Table
from collabtrace.schema import Digit, Host
from collabtrace.views.masking import mask, mask_uri, masked
from tests.views.cases import blank

MESSAGE = b"INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1\r\n%b\r\n\r\n%b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            b'\r\nAuthorization: Digest username="b", nonce="aa", response="bb", cnonce=cc',
            b'\r\nAuthorization: Digest username="b", nonce="[masked]", response="[masked]", cnonce=[masked]',
        ),
        (
            b'\r\nproxy-authorization:\r\n Digest\r\n RESPONSE = "b\\"b"',
            b'\r\nproxy-authorization:\r\n Digest\r\n RESPONSE = "[masked]"',
        ),
        (
            b'\nWWW-Authenticate: Digest realm="r", nonce="aa"',
            b'\nWWW-Authenticate: Digest realm="r", nonce="[masked]"',
        ),
        (b"\r\nAuthorization: Basic Ym9iOnNlY3JldA==", b"\r\nAuthorization: Basic [masked]"),
        (b"\r\nAuthorization: Bearer a.b.c\r\nTo: x", b"\r\nAuthorization: Bearer [masked]\r\nTo: x"),
        (b"sip:bob:hunter2@example.com", b"sip:bob:[masked]@example.com"),
        (b"<sips:bob:hunter2@example.com>", b"<sips:bob:[masked]@example.com>"),
        (b"<sip:8500;postd=1234p@example.com>", b"<sip:8500;postd=[masked]>"),
        (
            b"\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0|2^20|1:4;inline:bW9yZQ==|2^20|2:4\r\n",
            b"\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:[masked]|2^20|1:4;inline:[masked]|2^20|2:4\r\n",
        ),
        (b"\r\nk=base64:c2VjcmV0\r\n", b"\r\nk=base64:[masked]\r\n"),
        (b"\r\na=key-mgmt:mikey AQAFgM0X\r\n", b"\r\na=key-mgmt:mikey [masked]\r\n"),
        (b"\r\na=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgp\r\n", b"\r\na=ice-ufrag:8hhY\r\na=ice-pwd:[masked]\r\n"),
        (b"\r\n\r\nSignal= 5\r\nDuration=160\r\n", b"\r\n\r\nSignal= [masked]\r\nDuration=160\r\n"),
        (b"\r\n\r\nsignal=#\r\n", b"\r\n\r\nsignal=[masked]\r\n"),
        (
            b'<kpml-response code="200" digits="12" tag="dtmf"/>',
            b'<kpml-response code="200" digits="[masked]" tag="dtmf"/>',
        ),
        (b"<kpml-response digits='1'/>", b"<kpml-response digits='[masked]'/>"),
        (b"<pin>1234</pin>", b"<pin>[masked]</pin>"),
        (b'<c:Password type="x">hunter2</c:Password>', b'<c:Password type="x">[masked]</c:Password>'),
        (
            b"<name>authenticationPassword</name>\n <value><string>hunter2</string></value>",
            b"<name>authenticationPassword</name>\n <value><string>[masked]</string></value>",
        ),
        (b'{"pin": 1234, "room": 5}', b'{"pin": [masked], "room": 5}'),
        (b'{"passcode" :"12\\"34"}', b'{"passcode" :"[masked]"}'),
    ],
)
def test_hides_the_secret_and_nothing_else(text: bytes, shown: bytes) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize(
    "kind", [b"application/dtmf", b"audio/telephone-event", b"application/vnd.nortelnetworks.digits"]
)
@pytest.mark.parametrize("name", [b"Content-Type", b"c"])
def test_hides_a_body_that_is_nothing_but_digits(kind: bytes, name: bytes) -> None:
    message = MESSAGE % (name + b": " + kind, b"\x05\x80\x00\xa0")
    assert mask(message) == MESSAGE % (name + b": " + kind, b"[masked]")


def test_hides_digits_in_one_part_of_a_multipart_body_only() -> None:
    parts = (
        b"--x\r\nContent-Type: application/dtmf\r\n\r\n%b\r\n--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--x--"
    )
    assert mask(parts % b"5") == parts % b"[masked]"


@pytest.mark.parametrize(
    "text",
    [
        MESSAGE
        % (
            b"Content-Type: application/sdp",
            b"v=0\r\nm=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n",
        ),
        MESSAGE % (b"Contact: <sip:bob@192.0.2.1:5060;transport=tcp>;x=a@b", b""),
        MESSAGE % (b"Accept: application/dtmf-relay, application/dtmf", b"pings and mapping"),
        MESSAGE % (b"Content-Type: application/kpml-request+xml", b'<regex tag="dtmf">[x*#ABCD]</regex>'),
        b"",
        b"sip:",
    ],
)
def test_leaves_alone_what_is_no_secret(text: bytes) -> None:
    assert mask(text) == text


def test_hides_the_password_of_a_uri_in_a_table() -> None:
    assert mask_uri("sip:bob:hunter2@example.com;transport=tcp") == "sip:bob:[masked]@example.com;transport=tcp"
    assert mask_uri("sip:bob@example.com:5060") == "sip:bob@example.com:5060"
    assert mask_uri("sip:bob\udcff:hunter2@example.com") == "sip:bob\udcff:[masked]@example.com"


def test_hides_keys_in_their_table_and_leaves_other_tables_alone() -> None:
    keys = Table.of(Digit, [blank(Digit, digit=digit, frame=9) for digit in ("7", "flash", None)])
    hosts = Table.of(Host, [blank(Host, address="192.0.2.1")])
    assert [(key.digit, key.frame) for key in masked(keys)] == [("•", 9), ("•", 9), (None, 9)]
    assert keys.values("digit") == ["7", "flash", None]
    assert list(masked(hosts)) == list(hosts)


PIECES = st.sampled_from(
    [
        b"Authorization: ",
        b'nonce="',
        b'"',
        b"\\",
        b"\r\n",
        b"\r\n ",
        b"=",
        b"sip:",
        b":",
        b"@",
        b"<pin",
        b">",
        b"<",
        b"digits=",
        b"Signal=",
        b"inline:",
        b"a=crypto:",
        b"Content-Type: application/dtmf",
        b"--",
        b"<name>",
        b"</name>",
        b"<value>",
        b"password",
        b"\xff",
        b"\x00",
        b"x",
    ]
)


@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_any_bytes_are_masked_and_masking_again_hides_no_more_of_them(text: bytes) -> None:
    shown = mask(text)
    # What is left of the text is what was there, in its order.
    rest = iter(text)
    assert all(byte in rest for byte in shown.replace(b"[masked]", b""))


@given(st.text(alphabet="0123456789*#ABCD", min_size=4))
def test_no_digit_survives_wherever_digits_are_sent(digits: str) -> None:
    sent = digits.encode()
    for text in (b'<x digits="%b"/>', b"\r\nSignal=%b\r\n", b"c: application/dtmf\r\n\r\n%b", b"<pin>%b</pin>"):
        assert sent not in mask(text % sent)


@pytest.mark.parametrize(
    "piece",
    [
        b"<",
        b"<name>pin ",
        b"pin",
        b"sip:",
        b"content-type: application/dtmf\r\n",
        b"authorization: a ",
        b"\n ",
        b'nonce="',
        b"\\",
        b"signal",
        b"<pin ",
        b"a.b",
        b"pin =  ",
        b"postd=",
        b'"password":"',
        b"a=crypto:inline:",
        b"c:audio/telephone-event\n\n",
    ],
)
def test_a_hostile_text_of_a_megabyte_is_masked_all_the_same(piece: bytes) -> None:
    text = b"Authorization: " + piece * (1_000_000 // len(piece))
    assert mask(text).startswith(b"Authorization: ")
