"""BFCP messages of both versions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols import bfcp
from collabtrace.protocols.bfcp import Attribute, Fragment, Message

HELLO = bytes.fromhex("200b0000 00000001 0007 0003")
GRANTED = bytes.fromhex(
    "300400070000000100080003"  # version 1 with the R bit, FloorRequestStatus, 7 words
    "1f1c0009"  # FLOOR-REQUEST-INFORMATION of request 9, 28 bytes
    "25080009 0b040300"  # OVERALL-REQUEST-STATUS: Granted
    "23040002"  # FLOOR-REQUEST-STATUS of floor 2
    "1d070003 616263 00"  # BENEFICIARY-INFORMATION of user 3, whose content is no attribute
    "0a030000"  # a REQUEST-STATUS without a queue position, one byte of padding
)

leaves = st.builds(
    Attribute,
    type=st.sampled_from(sorted(set(bfcp.ATTRIBUTES) - bfcp.GROUPED)) | st.integers(19, 127),
    value=st.binary(max_size=8),
    mandatory=st.booleans(),
)
groups = st.builds(
    Attribute,
    type=st.sampled_from(sorted(bfcp.GROUPED)),
    value=st.binary(min_size=2, max_size=2),
    mandatory=st.booleans(),
    attributes=st.lists(leaves, max_size=3).map(tuple),
)
MESSAGES = st.builds(
    Message,
    version=st.sampled_from(bfcp.VERSIONS),
    primitive=st.integers(0, 255),
    conference=st.integers(0, 0xFFFFFFFF),
    transaction=st.integers(0, 0xFFFF),
    user=st.integers(0, 0xFFFF),
    attributes=st.lists(leaves | groups, max_size=4).map(tuple),
    responder=st.booleans(),
)


def test_a_hello() -> None:
    message = bfcp.parse(HELLO)
    assert message == Message(version=1, primitive=11, conference=1, transaction=7, user=3)
    assert message.name == "Hello"
    assert not message.response
    assert (message.floors, message.floor_request, message.status, message.error) == ((), None, None, None)


def test_a_floor_granted_within_grouped_attributes() -> None:
    message = bfcp.parse(GRANTED)
    assert message.flaws == ()
    assert message.name == "FloorRequestStatus"
    assert message.response
    assert (message.floor_request, message.floors, message.status) == (9, (2,), "Granted")
    information = message.attributes[0]
    assert information.name == "FLOOR-REQUEST-INFORMATION"
    assert information.mandatory
    assert [each.name for each in information.attributes] == [
        "OVERALL-REQUEST-STATUS",
        "FLOOR-REQUEST-STATUS",
        "BENEFICIARY-INFORMATION",
        "REQUEST-STATUS",
    ]
    assert information.attributes[2].value == b"\x00\x03abc"


def test_an_error_by_name() -> None:
    unsupported = Message(2, 13, 1, 1, 1, (Attribute(bfcp.ERROR_CODE, b"\x0c", mandatory=True),), responder=True)
    assert bfcp.parse(bytes(unsupported)).error == "Unsupported Version"
    assert bytes(unsupported)[:1] == b"\x50"


def test_names_of_what_no_rfc_numbers() -> None:
    attributes = (Attribute(bfcp.ERROR_CODE, b"\xc8"), Attribute(bfcp.REQUEST_STATUS, b"\x63\0"), Attribute(99, b""))
    message = Message(1, 77, 1, 1, 1, attributes)
    assert (message.name, message.error, message.status) == ("primitive 77", "error 200", "status 99")
    assert (attributes[2].name, attributes[2].number) == ("attribute 99", None)
    empty = Message(1, 13, 1, 1, 1, (Attribute(bfcp.ERROR_CODE, b""), Attribute(bfcp.REQUEST_STATUS, b"")))
    assert (empty.error, empty.status) == (None, None)


@pytest.mark.parametrize(
    ("version", "primitive", "transaction", "responder", "response"),
    [
        (1, 12, 5, False, True),  # HelloAck over TCP, where the R bit is reserved
        (1, 8, 0, False, False),  # FloorStatus that nobody asked for
        (1, 11, 5, True, True),
        (2, 8, 5, False, False),  # FloorStatus in a transaction of the server
        (2, 16, 5, False, True),  # FloorStatusAck, whatever its R bit
    ],
)
def test_what_is_a_response(version: int, primitive: int, transaction: int, responder: bool, response: bool) -> None:
    assert Message(version, primitive, 1, transaction, 1, responder=responder).response is response


def test_a_fragment_keeps_its_part_of_the_payload() -> None:
    fragment = Message(2, 4, 1, 1, 1, fragment=Fragment(offset=2, length=1, total=3), rest=b"abcd")
    data = bytes(fragment)
    assert data[:4] == bytes.fromhex("48040003")
    assert bfcp.parse(data) == fragment


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (HELLO + b"more", "the header says 0 bytes of payload, 4 are there"),
        (GRANTED[:-4], "the header says 28 bytes of payload, 24 are there"),
        (HELLO[:3] + b"\x01" + HELLO[4:] + b"\x05\x01\0\0", "4 bytes at the end are no attribute"),
    ],
)
def test_flaws(data: bytes, flaw: str) -> None:
    assert flaw in bfcp.parse(data).flaws


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (HELLO[:11], "11 bytes are too few for the BFCP header of 12"),
        (b"\x60" + HELLO[1:], "BFCP version 3 is neither 1 nor 2"),
        (b"\x48" + HELLO[1:], "12 bytes are too few for the header of a BFCP fragment"),
    ],
)
def test_what_is_no_bfcp(data: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        bfcp.parse(data)


def test_frames_of_a_byte_stream() -> None:
    assert bfcp.frames(HELLO + GRANTED + HELLO[:7]) == ([HELLO, GRANTED], HELLO[:7])
    assert bfcp.frames(GRANTED[:20]) == ([], GRANTED[:20])
    with pytest.raises(ParseError, match="bytes 47455420 begin no BFCP message"):
        bfcp.frames(b"GET / HTTP/1.1\r\n")


@given(MESSAGES)
def test_what_is_written_is_read_again(message: Message) -> None:
    assert bfcp.parse(bytes(message)) == message


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda data: b"\x20\x04\x00\x40" + data))
def test_any_bytes_give_a_message_or_a_parse_error(data: bytes) -> None:
    try:
        message = bfcp.parse(data)
    except ParseError:
        return
    assert len(message.floors) <= len(data)
    assert message.status is None or message.status
