"""What is compiled gives what Python and numpy give."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace import compiled, samples
from collabtrace.errors import CaptureError, ParseError
from collabtrace.protocols import sip
from collabtrace.sessions.texts import Texts
from collabtrace.sessions.traffic import read

needs_core = pytest.mark.skipif(compiled.core is None, reason="nothing is compiled here")
SAMPLES = sorted({path for name in samples.names() for path in samples.case(name)})

INVITE = (
    b"INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/TLS [2001:db8::1]:50611;branch=z9hG4bK1;rport\r\n"
    b"Via: SIP/2.0/UDP b.example;alias;branch=z9hG4bK0\r\n"
    b'From: "Alice" <sip:alice@example.com>;tag=a1\r\nTo: Bob B <sip:bob@example.com>\r\n'
    b"Call-ID: 1@192.0.2.1\r\nCSeq: 1 INVITE\r\nContact: <sip:alice@192.0.2.1>\r\nUser-Agent: phone\r\n"
    b"X-Any: thing\r\nm: <sip:second@192.0.2.1>\r\nReason: Q.850;cause=16\r\nRecord-Route: <sip:p;lr>\r\n"
    b"Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n"
)
OK = (
    b"SIP/2.0 200 OK\r\nv: SIP/2.0/UDP a.example:5060;branch=z9hG4bK1;received=192.0.2.1\r\n"
    b"f: <sip:a@example.com>;tag=1\r\nt: <sip:b@example.com>;tag=2\r\ni: 1\r\nCSeq: 1 INVITE\r\n"
    b"Server: pbx\r\nCall-Info: <sip:c>;gci=1-2\r\nl: 0\r\n\r\n"
)
PIECES = [b"\r\n", b" ", b":", b";", b",", b"<", b">", b'"', b"\\", b"\t", b"=", b"\n", b"0", b"9999", b"%", b"/", b"*"]
PIECES += [b";branch=x", b";BRANCH=y", b";branch", b";tag=t", b"\xc3\xa9", b"Via: x\r\n", b"l: 0\r\n"]
PIECES += [b"Contact: *\r\n", b"To : <sip:x>\r\n", b"CSEQ: 2 ACK\r\n", b"c: Application/SDP;a=b\r\n", b"SIP/2.0"]
PIECES += [b"[::1]", b"proxy-call-id=1"]


@st.composite
def damaged(draw: st.DrawFn, text: bytes) -> bytes:
    """A message in which something is cut out, put in or written over."""
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, len(text)))
        end = min(begin + draw(st.integers(0, 4)), len(text))
        text = text[:begin] + draw(st.sampled_from([b"", *PIECES])) + text[end:]
    return text


@contextmanager
def interpreted() -> Iterator[None]:
    """Leave alone what is compiled."""
    core, compiled.core = compiled.core, None
    try:
        yield
    finally:
        compiled.core = core


def content(capture: Path) -> list[object]:
    """All that is read of a capture, in a form that can be compared."""
    try:
        traffic = read(capture, Texts())
    except CaptureError as error:
        return [str(error)]
    chunks = [getattr(chunk, name) for chunk in traffic.media.chunks for name in chunk.__slots__]
    tables: list[Any] = [traffic.interfaces, traffic.unreachables, traffic.messages, traffic.flows]
    columns = [column for table in tables for column in table.columns.values()] + chunks
    plain = [column.tolist() if isinstance(column, np.ndarray) else column for column in columns]
    return [*map(repr, plain), traffic.capture, traffic.rtcp, traffic.bfcp, list(traffic.media.sources.ssrc)]


def same(make: Callable[[], list[object]]) -> bool:
    with interpreted():
        expected = make()
    return make() == expected


@needs_core
@pytest.mark.parametrize("capture", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_read_alike(capture: Path) -> None:
    assert same(lambda: content(capture))


@needs_core
@given(st.data())
def test_a_damaged_capture_is_read_alike(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    capture = data.draw(st.sampled_from(SAMPLES))
    whole = bytearray(capture.read_bytes()[:40_000])
    for _ in range(data.draw(st.integers(1, 20))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(whole)

    assert same(lambda: content(path))


@needs_core
@given(st.sampled_from([INVITE, OK]).flatmap(damaged))
def test_facts_are_those_of_the_parser(data: bytes) -> None:
    found = sip.usual(data)

    assert found is None or found[0] == sip.parse(data).facts()


@needs_core
@given(st.binary())
def test_other_bytes_are_left_to_the_parser(data: bytes) -> None:
    assert sip.usual(data) is None


@needs_core
@pytest.mark.parametrize(("message", "may_be_rare"), [(INVITE, False), (OK, True)])
def test_usual_messages_are_known(message: bytes, may_be_rare: bool) -> None:
    assert sip.usual(message, sip.names(["RSeq", "Call-Info"])) == (sip.parse(message).facts(), may_be_rare)


@needs_core
@given(st.binary(max_size=300), st.lists(st.integers(-5, 400), max_size=20))
def test_places_outside_are_not_looked_at(data: bytes, places: list[int]) -> None:
    start = np.array(places, np.int64)
    length = np.full(len(places), 300, np.int32)
    kinds, other = np.empty(len(places), np.int8), np.empty(len(places), np.bool_)
    control, codes = np.zeros(256, np.bool_), np.array([2, 3], np.uint8)

    assert compiled.core is not None
    compiled.core.media(np.frombuffer(data, np.uint8), control, codes, start, length, length, kinds, other)
    inside = (start >= 0) & (start + 4 <= len(data))
    assert other[~inside].all()


@needs_core
def test_arrays_have_to_fit_each_other() -> None:
    assert compiled.core is not None
    with pytest.raises(TypeError):
        compiled.core.rtp(np.zeros(9, np.uint8), *(np.zeros(count, np.int64) for count in (1, 2, 3)))


def test_the_environment_can_leave_it_alone() -> None:
    asked = [sys.executable, "-c", "from collabtrace import compiled; print(compiled.core)"]
    environment = {**os.environ, "COLLABTRACE_PURE": "1"}

    assert subprocess.run(asked, env=environment, capture_output=True, text=True, check=True).stdout == "None\n"


@pytest.mark.parametrize("data", [b"", INVITE[:40]])
def test_without_it_nothing_is_usual(data: bytes) -> None:
    with interpreted():
        assert sip.usual(data) is None
        with pytest.raises(ParseError):
            sip.parse(data[:10])
