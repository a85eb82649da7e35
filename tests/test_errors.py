"""What callers may catch."""

from pathlib import Path

import pytest

from collabtrace.errors import CaptureError, ParseError
from collabtrace.protocols import sip
from collabtrace.sessions.case import read_case


def test_bytes_that_are_no_sip_are_a_value_error() -> None:
    with pytest.raises(ValueError, match="line"):
        sip.parse(b"no SIP at all\r\n\r\n")


def test_a_file_that_is_no_capture_is_named_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam")

    with pytest.raises(CaptureError, match=r"^letter\.txt: [^\n]+$"):
        read_case([file])


def test_the_two_are_told_apart() -> None:
    assert not issubclass(ParseError, CaptureError)
    assert not issubclass(CaptureError, ValueError)
