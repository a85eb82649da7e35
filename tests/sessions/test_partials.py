"""IP packets that lack fragments, and what their beginning says."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture.fragments import Remains
from collabtrace.columns import Table
from collabtrace.schema import Interface, Partial
from collabtrace.sessions.case import read_case
from collabtrace.sessions.partials import build, names_ports
from collabtrace.testing.carriers import ethernet
from collabtrace.testing.files import Pcapng
from collabtrace.testing.wire import Layer, fragments, ipv4, ipv6, tcp, udp

INVITE = (
    b"INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
    b"From: <sip:a@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: long\r\nCSeq: 7 INVITE\r\n"
    b"Subject: " + b"x" * 3000 + b"\r\n\r\n"
)


def partials(*packets: Layer, keep: str, snaplen: int = 0, capture_filter: str | None = None) -> Table[Partial]:
    """What a capture shows of packets of three fragments each, of which only those named in *keep* came."""
    file = Pcapng().interface(snaplen=snaplen, capture_filter=capture_filter)
    for number, packet in enumerate(packets):
        pieces = fragments(packet, 1240, identification=number + 1)
        for name, piece in zip(("first", "middle", "last"), pieces, strict=True):
            if name in keep:
                file.packet(number * 10**9, ethernet(piece))
    path = Path("partials.pcapng")
    path.write_bytes(file.finish())
    with read_case([path]) as case:
        return case.partials


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


FOUR = ipv4("192.0.2.1", "192.0.2.2", udp(5060, 5062, INVITE))
SIX = ipv6("2001:db8::1", "2001:db8::2", udp(5060, 5062, INVITE))


@pytest.mark.parametrize("packet", [FOUR, SIX])
def test_the_first_fragment_names_the_message_that_was_lost(packet: Layer) -> None:
    (only,) = partials(packet, keep="first last")
    assert (only.source_port, only.target_port, only.transport) == (5060, 5062, "udp")
    assert (only.method, only.call_id, only.cseq, only.branch) == ("INVITE", "long", 7, "z9hG4bK1")
    assert (only.missing, only.frames, only.total) == (("middle",), (1, 2), len(INVITE) + 8)


def test_the_udp_header_tells_how_much_is_missing() -> None:
    (only,) = partials(FOUR, keep="first")
    assert (only.missing, only.bytes, only.total) == (("last",), 1240, len(INVITE) + 8)


def test_without_the_first_fragment_nothing_is_known_but_the_machines() -> None:
    (only,) = partials(FOUR, keep="middle")
    assert only.ttl == 64
    assert (only.source, only.target, only.source_port, only.method) == ("192.0.2.1", "192.0.2.2", None, None)
    assert (only.missing, only.total) == (("first", "last"), None)


def test_other_protocols_have_their_ports_and_no_message() -> None:
    (only,) = partials(ipv4("192.0.2.1", "192.0.2.2", tcp(5060, 5062, INVITE)), keep="first")
    assert (only.transport, only.source_port, only.method) == ("tcp", 5060, None)
    (only,) = partials(ipv4("192.0.2.1", "192.0.2.2", Layer(bytes(3000), 50)), keep="first middle")
    assert (only.transport, only.source_port) == ("50", None)


def test_whole_packets_are_counted_and_not_listed() -> None:
    assert len(partials(FOUR, keep="first middle last")) == 0
    with read_case([Path("partials.pcapng")]) as case:
        assert (case.captures[0].fragmented, len(case.messages)) == (1, 1)


def test_fragments_of_which_the_capture_kept_the_beginning_came_all_the_same() -> None:
    assert len(partials(FOUR, keep="first middle last", snaplen=600)) == 0
    (only,) = partials(FOUR, keep="first last", snaplen=600)
    assert (only.cut, only.method) == (True, "INVITE")


@pytest.mark.parametrize(
    ("capture_filter", "expected"),
    [
        ("udp port 5060", True),
        ("host 192.0.2.1 and (tcp or udp portrange 16384-32767)", True),
        ("udp dst port sip", True),
        ("udp", False),
        ("host 192.0.2.1 and not port 22", False),
        ("not (tcp port 22 or tcp port 3389)", False),
        ("!port 22", False),
        ("udp port 5060 or (ip[6:2] & 0x1fff != 0)", False),
    ],
)
def test_filters_that_ask_for_ports_let_no_later_fragment_in(capture_filter: str, *, expected: bool) -> None:
    assert names_ports(capture_filter) is expected
    assert partials(FOUR, keep="first", capture_filter=capture_filter)[0].filtered is expected


@given(st.binary(max_size=200), st.sampled_from([6, 17, 132, 1]), st.booleans())
def test_any_beginning_gives_a_row(head: bytes, protocol: int, whole: bool) -> None:
    remains = Remains(b"aaaa", b"bbbb", protocol, 64, 1, 2, (3,), 1, head, ((0, 8),), 16 if whole else None, cut=False)
    assert build("x", [remains], Table.empty(Interface))[0].frame == 3
