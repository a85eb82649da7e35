"""SIP messages with everything private replaced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols import sip
from collabtrace.redaction import sip_text
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words

ANY = Text(Words(b"a key"), Addresses(Words(b"a key")))
INVITE = b"""\
INVITE sip:bob@biloxi.example SIP/2.0\r
Via: SIP/2.0/TCP 10.1.2.3:5060;branch=z9hG4bKnashds8\r
From: "Alice A." <sip:alice@atlanta.example>;tag=1928301774\r
To: Bob <sip:bob@biloxi.example>\r
Call-ID: a84b4c76e66710@pc33.atlanta.example\r
CSeq: 314159 INVITE\r
Contact: <sip:alice@10.1.2.3:5060;transport=tcp>;+sip.instance="<urn:uuid:00000000-0000-0000-0000-001122aabbcc>"\r
Authorization: Digest username="alice", realm="atlanta.example", nonce="84a4cc6f3082121f32b42a2187831a9e", \
response="7587245234b3434cc3412213e5f113a5", nc=00000001, qop=auth\r
User-Agent: Cisco-CP8841/12.6.1\r
X-Farm: shed-17\r
Content-Type: application/sdp\r
Content-Length: 26\r
\r
v=0\r
c=IN IP4 10.1.2.3\r
t="""


def test_a_message_names_nobody(text: Text) -> None:
    changed = sip_text.rewrite(INVITE, text)
    for private in (b"alice", b"Alice", b"bob", b"Bob", b"atlanta", b"biloxi", b"10.1.2.3", b"a84b4c76e66710",
                    b"1928301774", b"nashds8", b"001122aabbcc", b"84a4cc6f", b"7587245", b"shed"):  # fmt: skip
        assert private not in changed


def test_a_message_says_the_same(text: Text) -> None:
    before, after = sip.parse(INVITE), sip.parse(sip_text.rewrite(INVITE, text))
    assert [name for name, _ in after.headers] == [name for name, _ in before.headers]
    for name in ("CSeq", "User-Agent", "Content-Type", "Content-Length"):
        assert after.header(name) == before.header(name)
    assert (after.method, after.size, after.flaws) == (before.method, before.size, before.flaws)


@given(st.binary(max_size=200), st.integers(0, 700))
def test_whatever_is_cut_or_broken_keeps_its_length(noise: bytes, cut: int) -> None:
    for data in (noise, INVITE[:cut], INVITE[:cut] + noise):
        assert len(sip_text.rewrite(data, ANY)) == len(data)


def test_a_warning_keeps_its_code(text: Text) -> None:
    changed = sip_text.headers('Warning: 399 pub7.example "unable"\r\n', text)
    assert changed.startswith("Warning: 399 ")
    assert "pub7" not in changed


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_header_is_one_whatever_ends_its_line(text: Text, end: str) -> None:
    changed = sip_text.headers(f"Allow: INVITE,{end} ACK{end}Subject: Alice{end}CSeq: 7 INVITE{end}", text)
    assert changed.startswith(f"Allow: INVITE,{end} ACK{end}Subject: ")
    assert changed.endswith(f"{end}CSeq: 7 INVITE{end}")
    assert "Alice" not in changed


@pytest.mark.parametrize("letters", ["a", "a.", "a "])
def test_a_line_without_a_colon_is_read_once(letters: str) -> None:
    """It would take hours if each letter might begin a header."""
    line = letters * 200_000
    assert len(sip_text.headers(line + "\r\n", ANY)) == len(line) + 2


def body(text: Text, kind: bytes, content: bytes) -> bytes:
    head = b"INFO sip:x SIP/2.0\r\nContent-Type: " + kind + b"\r\n\r\n"
    return sip_text.rewrite(head + content, text)[len(head) :]


def test_keys_become_ones(text: Text) -> None:
    assert body(text, b"application/dtmf-relay", b"Signal=5\r\nDuration=160\r\n") == b"Signal=1\r\nDuration=160\r\n"
    assert body(text, b"application/dtmf", b"7") == b"1"
    assert body(text, b"application/dtmf", b"#") == b"#"
    assert body(text, b"audio/telephone-event", b"\x07\x8a\x03\xc0") == b"\x01\x8a\x03\xc0"


def test_a_body_of_a_type_that_is_not_known_is_blank(text: Text) -> None:
    assert body(text, b"text/plain", b"meet me\r\nat 8") == b"       \r\n    "


def test_all_parts_of_a_body_are_rewritten(text: Text) -> None:
    parts = (b"--frontier\r\nContent-Type: application/sdp\r\n\r\nc=IN IP4 10.1.2.3\r\n"
             b"--frontier\r\nContent-Type: text/plain\r\n\r\nhello\r\n--frontier--\r\n")  # fmt: skip
    head = b"INVITE sip:x SIP/2.0\r\nContent-Type: multipart/mixed;boundary=frontier\r\n\r\n"
    changed = sip_text.rewrite(head + parts, text)
    assert len(changed) == len(head + parts)
    assert [part.media_type.name for part in sip.parse(changed).parts] == ["application/sdp", "text/plain"]
    assert b"10.1.2.3" not in changed
    assert b"hello" not in changed


def test_a_response_within_a_notify_is_rewritten(text: Text) -> None:
    changed = body(text, b"message/sipfrag", b"SIP/2.0 200 OK\r\nTo: <sip:bob@biloxi.example>\r\n")
    assert changed.startswith(b"SIP/2.0 200 OK\r\nTo: <sip:")
    assert b"bob" not in changed
