"""SIP messages as text."""

from collabtrace.testing.sip_text import content_type, merged, text


def test_a_message_has_the_length_of_its_body_unless_told_otherwise() -> None:
    assert text("OPTIONS sip:a SIP/2.0", [("To", "x")], b"body") == (
        b"OPTIONS sip:a SIP/2.0\r\nTo: x\r\nContent-Length: 4\r\n\r\nbody"
    )
    assert text("SIP/2.0 200 OK", [("Content-Length", "9")], b"x") == b"SIP/2.0 200 OK\r\nContent-Length: 9\r\n\r\nx"


def test_headers_take_the_place_of_others_or_come_last() -> None:
    lines = [("From", "a"), ("Contact", "b"), ("To", "c")]
    assert merged(lines, {"Contact": "new", "X": "y"}) == [("From", "a"), ("Contact", "new"), ("To", "c"), ("X", "y")]


def test_the_type_of_a_body_is_told_by_its_beginning() -> None:
    assert content_type(b"") == []
    assert content_type(b"v=0\r\n") == [("Content-Type", "application/sdp")]
    assert content_type(b"hello") == [("Content-Type", "text/plain")]
