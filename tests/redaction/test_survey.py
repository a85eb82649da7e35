"""The first pass over a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collabtrace.capture.cursor import Fragment
from collabtrace.redaction import sip_text
from collabtrace.redaction.survey import Survey
from collabtrace.redaction.text import Text
from collabtrace.testing import carriers, files, wire

BYE = b"BYE sip:bob@biloxi.example SIP/2.0\r\nCall-ID: 1@biloxi\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n"
ENDS = bytes([10, 1, 2, 3, 10, 1, 2, 4])


@pytest.fixture
def survey(tmp_path: Path, text: Text) -> Iterator[Survey]:
    segments = [wire.tcp(5060, 5060, BYE[at : at + 40], sequence=7 + at) for at in range(0, len(BYE), 40)]
    packets = [wire.ipv4("10.1.2.3", "10.1.2.4", segment) for segment in segments]
    packets += wire.fragments(wire.ipv4("10.1.2.3", "10.1.2.4", wire.udp(5060, 5060, BYE)), 64, identification=9)
    path = tmp_path / "x.pcap"
    path.write_bytes(files.pcap([(number, carriers.ethernet(packet)) for number, packet in enumerate(packets)]))
    made = Survey(path, text)
    yield made
    made.close()


def test_a_segment_knows_its_part_of_a_message(survey: Survey) -> None:
    parts = [survey.segment(ENDS + b"\x13\xc4" * 2, 7 + at, 0, BYE[at : at + 40]) for at in range(0, len(BYE), 40)]
    changed = b"".join(parts)
    assert changed.startswith(b"BYE sip:")
    assert b"biloxi" not in changed
    assert len(changed) == len(BYE)


def test_a_fragment_knows_its_packet(survey: Survey) -> None:
    fragment = Fragment((ENDS[:4], ENDS[4:], 17, 9, 0), 64, more=False)
    whole = survey.whole(fragment, BYE[56:])
    assert whole is not None
    assert whole[8:] == BYE
    assert survey.whole(fragment, b"other") is None


def test_fragments_of_one_association_after_another_do_not_mix(tmp_path: Path, text: Text) -> None:
    """Each packet holds one fragment; the second association begins with the TSN of the first one."""
    packets, sent = [], []
    for tag, message in ((7, BYE), (8, BYE.replace(b"biloxi", b"atlant"))):
        for tsn, part, flags in ((1, message[:20], "B"), (2, message[20:], "E")):
            packet = wire.sctp(5060, 5060, wire.data_chunk(part, tsn=tsn, flags=flags), tag=tag)
            packets.append(carriers.ethernet(wire.ipv4("10.1.2.3", "10.1.2.4", packet)))
            sent.append((ENDS + bytes(packet[:8]), tsn, part))
    path = tmp_path / "x.pcap"
    path.write_bytes(files.pcap(list(enumerate(packets))))
    survey = Survey(path, text)
    one, other, *others = (survey.part(*fragment) for fragment in sent)
    survey.close()
    assert one + other == sip_text.rewrite(BYE, text)
    assert b"".join(others) == sip_text.rewrite(BYE.replace(b"biloxi", b"atlant"), text)


def test_keep_alives_stay(survey: Survey) -> None:
    assert survey.segment(b"any", 1, 0, b"\r\n\r\n") == b"\r\n\r\n"
    assert survey.segment(b"any", 1, 0, b"hello") == bytes(5)
