"""XML bodies with everything private replaced."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.redaction import xml_text
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words

ANY = Text(Words(b"a key"), Addresses(Words(b"a key")))


def changed(text: Text, document: str) -> str:
    return xml_text.rewrite(document.encode(), text).decode()


@given(st.text("<>/=\"'! a1?", max_size=60))
def test_anything_keeps_its_length(document: str) -> None:
    assert len(xml_text.rewrite(document.encode(), ANY)) == len(document)


def test_identifiers_are_those_of_the_headers(text: Text) -> None:
    call_id = "a84b4c76e66710@pc33.atlanta.example"
    assert changed(text, f"<callid>{call_id}</callid>") == f"<callid>{text.private(call_id)}</callid>"


def test_states_stay(text: Text) -> None:
    document = '<dialog id="x"><state event="cancelled">terminated</state></dialog>'
    assert "<state" in changed(text, document)
    assert ">terminated</state>" in changed(text, document)


def test_digits_pins_and_passwords_are_masked(text: Text) -> None:
    assert changed(text, '<kpml-response code="200" digits="7*5#"/>') == '<kpml-response code="200" digits="1*1#"/>'
    assert changed(text, "<guestPin>4711</guestPin>") == "<guestPin>xxxx</guestPin>"
    assert changed(text, '<user password="secret"/>') == '<user password="xxxxxx"/>'


def test_a_pattern_stays_and_a_number_does_not(text: Text) -> None:
    assert changed(text, '<regex tag="dtmf">[x*#ABCD]</regex>').endswith(">[x*#ABCD]</regex>")
    assert changed(text, "<regex>0049301</regex>") == "<regex>1111111</regex>"


def test_comments_hold_anything(text: Text) -> None:
    assert "alice" not in changed(text, "<a><!-- alice --></a><![CDATA[alice]]>")
