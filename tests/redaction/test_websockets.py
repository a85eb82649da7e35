"""SIP over WebSocket, frame by frame."""

from collabtrace.capture.tcp import Piece
from collabtrace.redaction import sip_text
from collabtrace.redaction.text import Text
from collabtrace.redaction.websockets import WebSocketTape

BYE = b"BYE sip:bob@biloxi.example SIP/2.0\r\nCall-ID: 1@biloxi\r\nCSeq: 1 BYE\r\n\r\n"
MASK = b"\x11\x22\x33\x44"


def masked(data: bytes) -> bytes:
    return bytes(octet ^ MASK[at % 4] for at, octet in enumerate(data))


def read(text: Text, *pieces: bytes) -> bytes:
    tape, out, at = WebSocketTape(text), bytearray(sum(map(len, pieces))), 0

    def put(position: int, data: bytes) -> None:
        out[position : position + len(data)] = data

    for piece in pieces:
        tape.read(Piece(1, 0, piece, False, at), put)
        at += len(piece)
    tape.read(None, put)
    return bytes(out)


def test_a_masked_message_is_rewritten_under_its_mask(text: Text) -> None:
    head = bytes([0x81, 0x80 | 0x7E]) + len(BYE).to_bytes(2, "big") + MASK
    frame = head + masked(BYE)
    changed = read(text, frame[:9], frame[9:])
    assert changed == head + masked(sip_text.rewrite(BYE, text))


def test_the_handshake_is_rewritten(text: Text) -> None:
    changed = read(text, b"GET /ws HTTP/1.1\r\nHost: pbx7.example\r\nUpgrade: websocket\r\n\r\n")
    assert b"Upgrade: websocket" in changed
    assert b"pbx7" not in changed


def test_a_compressed_message_becomes_zeros(text: Text) -> None:
    assert read(text, b"\xc1\x05hello") == b"\xc1\x05" + bytes(5)
