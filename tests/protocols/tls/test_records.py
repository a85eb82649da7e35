"""Records of TLS and DTLS, and a stream that falls into them."""

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols.tls import records
from collabtrace.protocols.tls.records import DatagramRecord, Record, RecordFramer

RECORDS = st.builds(Record, st.sampled_from(records.TYPES), st.integers(0x0300, 0x03FF), st.binary(max_size=50))
DATAGRAM_RECORDS = st.builds(
    DatagramRecord,
    st.sampled_from(records.TYPES),
    st.sampled_from([0xFEFF, 0xFEFD]),
    st.integers(0, 0xFFFF),
    st.integers(0, (1 << 48) - 1),
    st.binary(max_size=50),
)


@given(RECORDS)
def test_a_record_comes_back(record: Record) -> None:
    assert records.parse(bytes(record)) == record


@given(st.lists(DATAGRAM_RECORDS, max_size=4))
def test_a_datagram_holds_several(found: list[DatagramRecord]) -> None:
    assert records.datagram(b"".join(map(bytes, found))) == found


@given(st.binary(max_size=60))
def test_any_bytes_are_records_or_a_parse_error(data: bytes) -> None:
    for read in (records.parse, records.datagram):
        with contextlib.suppress(ParseError):
            read(data)


@pytest.mark.parametrize("data", ["1603010001", "1603", "5003010000", "16030100010203", "1602010000", "1603015001"])
def test_what_no_record_is(data: str) -> None:
    with pytest.raises(ParseError):
        records.parse(bytes.fromhex(data))


@given(st.lists(RECORDS, max_size=5), st.lists(st.integers(0, 200), max_size=6))
def test_a_stream_cut_anywhere_gives_the_same_records(found: list[Record], cuts: list[int]) -> None:
    stream = b"".join(map(bytes, found))
    bounds = sorted({0, *(min(cut, len(stream)) for cut in cuts), len(stream)})
    framer: RecordFramer[int] = RecordFramer()
    given = [each for begin, end in itertools.pairwise(bounds) for each in framer.push(stream[begin:end], end)]
    ends = [sum(len(bytes(each)) for each in found[: number + 1]) for number in range(len(found))]
    assert given == [
        (bytes(record), next(bound for bound in bounds if bound >= end))
        for record, end in zip(found, ends, strict=True)
    ]


def test_a_stream_that_is_no_records_is_lost_until_a_gap() -> None:
    framer: RecordFramer[int] = RecordFramer()
    whole = bytes(Record(22, 0x0303, b"abc"))
    assert framer.push(whole + b"HTTP/1.1 400", 1) == [(whole, 1)]
    assert framer.lost
    assert framer.push(whole, 2) == []
    assert framer.gap() == []
    assert framer.push(whole, 3) == [(whole, 3)]
