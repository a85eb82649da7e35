"""What payload types mean."""

from collabtrace.columns import Table
from collabtrace.schema import MediaLine
from collabtrace.sessions.formats import UNNAMED, Format, Formats, read, tick


def test_the_sdp_comes_before_the_static_payload_types() -> None:
    formats = read(("0=PCMU/8000", "9=G722/16000", "96=opus/48000/2", "96=VP8/90000"))
    assert formats[0] == Format("PCMU/8000", 8000, "sdp")
    assert formats[9] == Format("G722/16000", 16000, "sdp")
    assert formats[96] == Format("opus/48000/2", 48000, "sdp")
    assert formats[8] == Format("PCMA/8000", 8000, "static")


def test_what_is_no_payload_type_is_left_out() -> None:
    assert read(("*", "t38=", "x=PCMU/8000", "9999=PCMU/8000")) == UNNAMED


def test_an_encoding_without_a_clock() -> None:
    assert read(("100=odd", "101=odd/0"))[101] == Format("odd/0", None, "sdp")


def test_the_tick_of_media_and_of_events() -> None:
    assert tick(Format("opus/48000/2", 48000, "sdp")) == 1 / 48
    assert tick(Format("telephone-event/8000", 8000, "sdp")) == 0
    assert tick(Format("odd", None, "sdp")) == 0


def test_a_stream_that_no_sdp_names() -> None:
    formats = Formats(Table.empty(MediaLine))
    assert formats.types(None, [0, 19, 96]) == {
        0: Format("PCMU/8000", 8000, "static"),
        19: Format("CN/8000", 8000, "static"),
    }
