import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols import multipart
from collabtrace.protocols.media_type import MediaType
from collabtrace.protocols.multipart import Part

CISCO = MediaType.parse("multipart/mixed;boundary=uniqueBoundary")


def test_what_is_no_multipart_is_its_own_part() -> None:
    sdp = MediaType("application", "sdp")
    assert multipart.parse(sdp, b"v=0\r\n") == (Part(sdp, (), b"v=0\r\n"),)


def test_two_parts() -> None:
    body = (
        b"--uniqueBoundary\r\nContent-Type: application/sdp\r\nContent-Disposition: session\r\n\r\nv=0\r\n\r\n"
        b"--uniqueBoundary\r\nContent-Type:application/x-cisco-remotecc-request+xml\r\n\r\n<xml/>\r\n"
        b"--uniqueBoundary--\r\n"
    )
    sdp, xml = multipart.parse(CISCO, body)
    assert (sdp.media_type.name, sdp.body) == ("application/sdp", b"v=0\r\n")
    assert sdp.header("content-disposition") == "session"
    assert (xml.media_type.name, xml.body) == ("application/x-cisco-remotecc-request+xml", b"<xml/>")
    assert xml.header("Content-Disposition") is None


def test_lines_that_end_in_lf_alone() -> None:
    body = (
        b"preamble\n--uniqueBoundary\nContent-Type: text/html;\n charset=utf-8\n\nhello\n--uniqueBoundary--\nepilogue"
    )
    (part,) = multipart.parse(CISCO, body)
    assert (str(part.media_type), part.body) == ("text/html;charset=utf-8", b"hello")


def test_a_part_without_headers_is_plain_text() -> None:
    (part,) = multipart.parse(CISCO, b"--uniqueBoundary\r\n\r\nhello\r\n--uniqueBoundary--")
    assert (part.media_type.name, part.headers, part.body) == ("text/plain", (), b"hello")


def test_a_part_of_an_unreadable_type_is_plain_text() -> None:
    (part,) = multipart.parse(CISCO, b"--uniqueBoundary\r\nContent-Type: ?\r\n\r\nhello\r\n--uniqueBoundary--")
    assert (part.media_type.name, part.header("Content-Type"), part.body) == ("text/plain", "?", b"hello")


def test_a_multipart_that_is_cut() -> None:
    parts = multipart.parse(CISCO, b"--uniqueBoundary\r\n\r\nwhole\r\n--uniqueBoundary\r\n\r\nhal")
    assert [part.body for part in parts] == [b"whole", b"hal"]


def test_a_multipart_in_a_multipart() -> None:
    inner = b"--uniqueBoundary2\r\n\r\ndeep\r\n--uniqueBoundary2--"
    body = (
        b"--uniqueBoundary \r\nContent-Type: multipart/alternative;boundary=uniqueBoundary2\r\n\r\n"
        + inner
        + b"\r\n--uniqueBoundary\r\n\r\nflat\r\n--uniqueBoundary--\r\n"
    )
    assert [part.body for part in multipart.parse(CISCO, body)] == [b"deep", b"flat"]


def test_nesting_is_bounded() -> None:
    body = b"bottom"
    for level in range(20, 0, -1):
        body = b"--x%d\r\nContent-Type: multipart/mixed;boundary=x%d\r\n\r\n%s\r\n" % (level, level + 1, body)
    (part,) = multipart.parse(MediaType.parse("multipart/mixed;boundary=x1"), body)
    assert str(part.media_type) == f"multipart/mixed;boundary=x{multipart.DEEPEST + 1}"


def test_an_inner_multipart_without_boundary_stays_whole() -> None:
    body = b"--uniqueBoundary\r\nContent-Type: multipart/mixed\r\n\r\nwhole\r\n--uniqueBoundary--"
    assert [part.body for part in multipart.parse(CISCO, body)] == [b"whole"]


@pytest.mark.parametrize(
    ("content_type", "body"), [("multipart/mixed", b"--x\r\n"), ("multipart/mixed;boundary=x", b"--y\r\n\r\n--y--")]
)
def test_no_boundary(content_type: str, body: bytes) -> None:
    with pytest.raises(ParseError, match="boundary"):
        multipart.parse(MediaType.parse(content_type), body)


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=5))
def test_any_contents_come_back(contents: list[bytes]) -> None:
    contents = [content.replace(b"--uniqueBoundary", b"") for content in contents]
    body = b"".join(b"--uniqueBoundary\r\n\r\n" + content + b"\r\n" for content in contents) + b"--uniqueBoundary--\r\n"
    assert [part.body for part in multipart.parse(CISCO, body)] == contents


@given(st.binary(), st.text(max_size=5))
def test_any_bytes_are_parts_or_a_parse_error(body: bytes, boundary: str) -> None:
    try:
        multipart.parse(
            MediaType("multipart", "mixed", CISCO.parameters), body + b"--uniqueBoundary" + boundary.encode()
        )
    except ParseError:
        return
