"""A capture file written again: any bytes give a capture, or a CaptureError."""

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace import samples
from collabtrace.capture.reader import open_capture
from collabtrace.errors import CaptureError
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.rewriting import rewrite
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words
from collabtrace.testing import carriers, files, wire

ANY = Text(Words(b"a key"), Addresses(Words(b"a key")))
FRAME = carriers.ethernet(wire.ipv4("192.0.2.1", "192.0.2.2", wire.udp(5060, 5060, b"BYE sip:a SIP/2.0\r\n\r\n")))


def written(path: Path, *, compressed: bool = False) -> bytes:
    out = io.BytesIO()
    rewrite(path, out, ANY, compressed=compressed)
    return out.getvalue()


@pytest.mark.parametrize("make", [files.pcap, files.pcapng])
@given(noise=st.binary(max_size=40), at=st.integers(0, 300), cut=st.integers(0, 300))
def test_whatever_the_file_holds_a_capture_comes_of_it(
    tmp_path_factory: pytest.TempPathFactory, make: "type", noise: bytes, at: int, cut: int
) -> None:
    path = tmp_path_factory.mktemp("any") / "x"
    data = bytearray(make([(1, FRAME), (2, FRAME)]))
    data[at : at + len(noise)] = noise
    path.write_bytes(data[: max(cut, 30)])
    try:
        path.write_bytes(written(path))
    except CaptureError:
        return
    for _ in open_capture(path):
        pass


def test_an_output_may_be_compressed() -> None:
    plain = written(samples.find("sipp-udp"))
    assert gzip.decompress(written(samples.find("sipp-udp"), compressed=True)) == plain


def test_the_size_of_the_case_stays() -> None:
    sample = samples.find("baresip-video-caller")
    assert len(written(sample)) <= sample.stat().st_size
