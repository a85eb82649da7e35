"""Messages are kept as columns, in the order of frames."""

import pytest

from collabtrace.capture.packets import Flows
from collabtrace.schema import Message
from collabtrace.sessions.messages import MessageColumns
from collabtrace.sessions.rows import AT_ONCE
from collabtrace.sessions.texts import Texts

pytestmark = pytest.mark.usefixtures("both_ways")

FLOWS = Flows()
UDP = FLOWS.add("192.0.2.1", 5060, "192.0.2.2", 5070, "udp")
WEB = FLOWS.add("192.0.2.3", 40000, "192.0.2.2", 80, "tcp")

INVITE = (
    b"INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
    b"From: <sip:alice@example.com>;tag=a\r\nTo: <sip:bob@example.com>\r\nCall-ID: 1@192.0.2.1\r\nCSeq: 1 INVITE\r\n"
    b"Cisco-Guid: 1-2-3-4\r\nContent-Length: 0\r\n\r\n"
)
TRYING = INVITE.replace(b"INVITE sip:bob@example.com SIP/2.0", b"SIP/2.0 100 Trying", 1)


def rows(columns: MessageColumns) -> list[Message]:
    return list(columns.table("x.pcapng", FLOWS))


def test_a_request_and_its_response() -> None:
    columns = MessageColumns(Texts())
    assert columns.add(7, 1_500_000_000, UDP, INVITE)
    assert columns.add(8, 2_000_000_000, UDP, TRYING)
    request, response = rows(columns)
    assert (request.frame, request.time_epoch, request.method, request.status) == (7, 1.5, "INVITE", None)
    assert (request.source, request.source_port, request.target, request.target_port) == (
        "192.0.2.1",
        5060,
        "192.0.2.2",
        5070,
    )
    assert request.correlation == ("Cisco-Guid: 1-2-3-4",)
    assert (response.method, response.status, response.reason) == (None, 100, "Trying")
    assert response.flaws is None


def test_bytes_that_are_no_sip_are_refused() -> None:
    columns = MessageColumns(Texts())
    assert not columns.add(1, 0, UDP, b"GET / HTTP/1.1\r\n\r\n")
    assert rows(columns) == []


def test_a_message_that_the_capture_cut_says_so() -> None:
    columns = MessageColumns(Texts())
    columns.add(1, 0, UDP, INVITE, lacking=300)
    (message,) = rows(columns)
    assert message.flaws is not None
    assert "the capture cut the last 300 bytes off" in message.flaws


def test_a_second_copy_names_the_first() -> None:
    columns = MessageColumns(Texts())
    columns.add(1, 0, UDP, INVITE)
    columns.add(2, 100, UDP, INVITE, copy=True)
    columns.add(3, 200, UDP, TRYING, copy=True)
    assert [message.duplicate_of for message in rows(columns)] == [None, 1, None]


def test_websocket_is_a_transport_of_its_own() -> None:
    columns = MessageColumns(Texts())
    columns.websockets.add(WEB)
    columns.add(1, 0, WEB, INVITE)
    assert rows(columns)[0].transport == "ws"


def test_messages_come_in_the_order_of_frames_with_their_texts() -> None:
    texts = Texts()
    columns = MessageColumns(texts)
    for frame in reversed(range(AT_ONCE + 3)):
        columns.add(frame, frame, UDP, TRYING if frame % 2 else INVITE)
    assert len(columns) == AT_ONCE + 3
    messages = rows(columns)
    assert [message.frame for message in messages] == list(range(AT_ONCE + 3))
    assert texts.read(messages[5].text_at, messages[5].size) == TRYING
    assert [message.status for message in messages[:2]] == [None, 100]


def test_what_followed_a_message_becomes_part_of_its_text() -> None:
    texts = Texts()
    columns = MessageColumns(texts)
    for frame in (1, 2):
        columns.add(frame, frame, UDP, INVITE)
    columns.follow(0, b"=0\r\n")
    first, second = rows(columns)
    assert texts.read(first.text_at, first.size) == INVITE + b"=0\r\n"
    assert first.flaws == ("4 bytes after the body",)
    assert texts.read(second.text_at, second.size) == INVITE
    assert second.flaws is None
