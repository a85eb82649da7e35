"""TCP streams rewritten message by message."""

from collections.abc import Iterator

import pytest

from collabtrace.capture.packets import ACK, SYN
from collabtrace.redaction import sip_text
from collabtrace.redaction.patches import Patches
from collabtrace.redaction.streams import Streams
from collabtrace.redaction.text import Text

BYE = b"BYE sip:bob@biloxi.example SIP/2.0\r\nCall-ID: 1@biloxi\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def patches() -> Iterator[Patches]:
    made = Patches()
    yield made
    made.close()


def sent(text: Text, patches: Patches, *segments: tuple[int, bytes]) -> None:
    streams = Streams(text, patches)
    streams.feed(0, b"key", 1, 999, SYN, b"", 0)
    for frame, (at, data) in enumerate(segments, 2):
        streams.feed(0, b"key", frame, 1000 + at, ACK, data, len(data))
    streams.finish()


def read(patches: Patches, size: int) -> bytes:
    out = bytearray(size)
    patches.apply((b"key", 0), 1000, out)
    return bytes(out)


@pytest.mark.parametrize("cut", [20, 60, len(BYE) - 1])
def test_a_message_in_two_segments_is_rewritten_whole(text: Text, patches: Patches, cut: int) -> None:
    sent(text, patches, (0, BYE[:cut]), (cut, BYE[cut:]))
    assert read(patches, len(BYE)) == sip_text.rewrite(BYE, text)


def test_swapped_segments_are_put_in_order(text: Text, patches: Patches) -> None:
    sent(text, patches, (50, BYE[50:]), (0, BYE[:50]))
    assert read(patches, len(BYE)) == sip_text.rewrite(BYE, text)


def test_messages_follow_each_other(text: Text, patches: Patches) -> None:
    sent(text, patches, (0, BYE + b"\r\n\r\n" + BYE))
    changed = sip_text.rewrite(BYE, text)
    assert read(patches, 2 * len(BYE) + 4) == changed + bytes(4) + changed


def test_records_of_tls_keep_their_headers(text: Text, patches: Patches) -> None:
    data = b"\x17\3\3\0\x08" + b"secret!!"
    sent(text, patches, (0, b"\x14\3\3\0\1\1" + data[:7]), (13, data[7:] + data))
    assert read(patches, 32) == b"\x14\3\3\0\1\1" + (data[:5] + bytes(8)) * 2


def test_what_nobody_knows_gets_no_patch(text: Text, patches: Patches) -> None:
    sent(text, patches, (0, b"\xfe\xedhello"))
    assert read(patches, 7) == bytes(7)
