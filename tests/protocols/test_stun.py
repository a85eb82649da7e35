"""STUN messages, with the vectors of RFC 5769 typed in from the RFC."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols import stun
from collabtrace.protocols.stun import Address, Message, StunError

# RFC 5769 §2.1: software, priority, ice-controlled, username, message-integrity, fingerprint.
REQUEST = bytes.fromhex(
    "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
    "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf"
)
# RFC 5769 §2.2: an IPv4 response.
RESPONSE = bytes.fromhex(
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
    "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96"
)
MESSAGES = st.builds(
    Message,
    method=st.integers(0, 0xFFF),
    kind=st.integers(0, 3),
    transaction=st.binary(min_size=12, max_size=12) | st.binary(min_size=16, max_size=16),
    attributes=st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=12)), max_size=5).map(tuple),
).filter(lambda message: not message.classic or message.transaction[:4] != stun.COOKIE_BYTES)


def test_the_request_of_rfc_5769() -> None:
    message = stun.parse(REQUEST)
    assert message.name == "Binding request"
    assert not message.classic
    assert message.value(stun.SOFTWARE) == b"STUN test client"
    assert message.username == "evtj:h6vY"
    assert message.value(stun.PRIORITY) == bytes.fromhex("6e0001ff")
    assert message.value(stun.ICE_CONTROLLED) is not None
    assert message.flaws == ()
    assert stun.fingerprint_matches(REQUEST)


def test_the_response_of_rfc_5769() -> None:
    message = stun.parse(RESPONSE)
    assert message.name == "Binding success response"
    assert message.mapped == Address("192.0.2.1", 32853)
    assert stun.fingerprint_matches(RESPONSE)
    assert stun.fingerprint_matches(RESPONSE[:-1] + b"\0") is False
    assert stun.fingerprint_matches(RESPONSE[:28]) is None


def test_an_ipv6_address_is_hidden_with_the_transaction() -> None:
    # RFC 5769 §2.3.
    hidden = bytes.fromhex("0002a1470113a9faa5d3f179bc25f4b5bed2b9d9")
    message = replace(stun.parse(RESPONSE), attributes=((stun.XOR_MAPPED_ADDRESS, hidden),))
    assert message.mapped == Address("2001:db8:1234:5678:11:2233:4455:6677", 32853)


def test_a_message_of_rfc_3489_has_a_long_transaction_and_a_plain_address() -> None:
    data = bytes.fromhex("0101000c") + bytes(range(16)) + bytes.fromhex("00010008 0001 1f90 c0000209")
    message = stun.parse(data)
    assert message.classic
    assert message.mapped == Address("192.0.2.9", 8080)


def test_an_error_response() -> None:
    attributes = ((stun.ERROR_CODE, b"\0\0\x04\x01Unauthorized"), (stun.LIFETIME, b"\0\0\x02\x58"))
    message = Message(0x003, stun.ERROR, bytes(12), attributes)
    assert message.name == "Allocate error response"
    assert message.error == StunError(401, "Unauthorized")
    assert message.lifetime == 600


def test_values_that_are_missing_or_too_short() -> None:
    message = Message(
        0x555, stun.REQUEST, bytes(12), ((stun.ERROR_CODE, b"\0"), (stun.MAPPED_ADDRESS, b"\0\x02\0\1abcd"))
    )
    assert (message.mapped, message.error, message.username, message.lifetime) == (None, None, None, None)
    assert message.name == "method 0x555 request"


def test_an_attribute_that_does_not_fit_ends_the_list() -> None:
    message = stun.parse(REQUEST[:30])
    assert message.attributes == ()
    assert message.flaws == (
        "the header says 88 bytes of attributes, 10 are there",
        "attribute 0x8022 of 16 bytes does not fit",
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (REQUEST[:19], "19 bytes are too few for the STUN header of 20"),
        (b"\x80" + REQUEST[1:], "the first two bits of a STUN message are not 0"),
    ],
)
def test_what_is_no_stun(data: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        stun.parse(data)


@given(MESSAGES)
def test_what_is_written_is_read_again(message: Message) -> None:
    assert stun.parse(bytes(message)) == message


@given(st.binary(max_size=80) | st.binary(max_size=60).map(lambda data: REQUEST[:8] + data))
def test_any_bytes_give_a_message_or_a_parse_error(data: bytes) -> None:
    try:
        message = stun.parse(data)
    except ParseError:
        return
    assert message.mapped is None or message.mapped.port >= 0
    assert bytes(message)[:2] == data[:2]
