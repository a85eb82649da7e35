"""What phones are asked to report of key presses, and what they report."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols import kpml
from collabtrace.protocols.kpml import KpmlReport, KpmlRequest, Regex

# Of an IP phone, and of a gateway, which writes no namespace.
PHONE = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<kpml-response xmlns="urn:ietf:params:xml:ns:kpml-response" version="1.0" code="200" text="OK" '
    b'suppressed="false" forced_flush="false" digits="1" tag="dtmf"/>'
)
GATEWAY = (
    b'<?xml version="1.0" encoding="UTF-8"?><kpml-response version="1.0" code="200" text="OK" digits="*" tag="dtmf"/>'
)
ASKED = (
    b'<?xml version="1.0" encoding="UTF-8" ?><kpml-request xmlns="urn:ietf:params:xml:ns:kpml-request" version="1.0">'
    b'<pattern criticaldigittimer="1000" persist="persist"><regex tag="dtmf">[x*#ABCD]</regex></pattern></kpml-request>'
)


@pytest.mark.parametrize(("document", "digits"), [(PHONE, "1"), (GATEWAY, "*"), (PHONE + b"\0\r\n", "1")])
def test_the_report_of_a_key(document: bytes, digits: str) -> None:
    assert kpml.parse_report(document) == KpmlReport(200, digits, "OK", "dtmf")


def test_the_end_of_a_subscription_reports_no_key() -> None:
    assert kpml.parse_report(b'<kpml-response version="1.0" code="487"/>').digits is None


def test_the_request_of_any_key() -> None:
    assert kpml.parse_request(ASKED) == KpmlRequest((Regex("[x*#ABCD]", "dtmf"),), "persist")


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "the kpml-response is not XML that can be read"),
        (PHONE[:-2], "the kpml-response is not XML that can be read"),
        (ASKED, "the document is not a kpml-response"),
        (b'<kpml-response digits="1"/>', "the kpml-response has no code of three digits"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + GATEWAY[38:], "the kpml-response is not XML that can be read"),
        (b'<?xml version="1.0" encoding="none"?><kpml-response code="200"/>', "not XML that can be read"),
        (b" " * 70_000, "70000 bytes are no kpml-response"),
    ],
)
def test_what_is_no_report(document: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        kpml.parse_report(document)


TEXT = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Cn"]), max_size=12)


@given(st.builds(KpmlReport, st.integers(100, 999), st.none() | TEXT, st.none() | TEXT, st.none() | TEXT))
def test_a_report_is_read_as_it_was_written(report: KpmlReport) -> None:
    assert kpml.parse_report(bytes(report)) == report


@given(TEXT.map(str.strip), st.none() | TEXT, st.none() | TEXT)
def test_a_request_is_read_as_it_was_written(pattern: str, tag: str | None, persist: str | None) -> None:
    request = KpmlRequest((Regex(pattern, tag), Regex("x#")), persist)
    assert kpml.parse_request(bytes(request)) == request


@given(st.binary(max_size=60) | st.builds(bytes.__add__, st.sampled_from([PHONE[:80], ASKED[:60]]), st.binary()))
def test_any_bytes_are_a_document_or_a_parse_error(data: bytes) -> None:
    with contextlib.suppress(ParseError):
        kpml.parse_report(data)
    with contextlib.suppress(ParseError):
        kpml.parse_request(data)
