"""Which m-line names an endpoint at a time."""

from dataclasses import replace
from typing import Any

import pytest

from collabtrace.columns import Table
from collabtrace.schema import Dialog, MediaLine
from collabtrace.sessions.negotiated import canonical, negotiated

PHONE, SERVER, BEHIND_NAT = ("192.0.2.1", 4000), ("192.0.2.2", 5000), ("198.51.100.7", 62000)


def find(
    lines: list[MediaLine], source: tuple[str, int], target: tuple[str, int], *span: float, **more: object
) -> int | None:
    finder = negotiated(Table.of(MediaLine, lines), "x.pcap", protocol="RTP")
    return finder.find(source, target, (span[0], span[-1]), **more)  # type: ignore[arg-type]


def ended(*times: float | None) -> Table[Dialog]:
    """Dialogs that ended at *times*."""
    columns: dict[str, list[Any]] = {name: [None] * len(times) for name in Dialog.__dataclass_fields__}
    columns |= {"started": [0.0] * len(times), "ended": list(times)}
    return Table(Dialog, columns)


def test_both_ways_between_offer_and_answer(audio: MediaLine) -> None:
    assert find([audio], PHONE, SERVER, 11.5) == 0
    assert find([audio], SERVER, PHONE, 11.5) == 0


def test_the_target_alone_names_the_line_when_the_source_is_behind_a_nat(audio: MediaLine) -> None:
    assert find([audio], BEHIND_NAT, SERVER, 11.5) == 0


def test_the_source_alone_names_it_too(audio: MediaLine) -> None:
    assert find([audio], SERVER, BEHIND_NAT, 11.5) == 0


def test_other_ports_and_other_protocols_are_not_named(audio: MediaLine) -> None:
    assert find([audio], PHONE, ("192.0.2.2", 5002), 11.5, 12.0) == 0
    assert find([audio], BEHIND_NAT, ("192.0.2.2", 5002), 11.5) is None
    assert find([replace(audio, protocol="UDP/BFCP")], PHONE, SERVER, 11.5) is None
    assert find([replace(audio, protocol="rtp/avp")], PHONE, SERVER, 11.5) == 0


@pytest.mark.parametrize("address", [None, "0.0.0.0"])
def test_an_unspecified_address_names_nothing(audio: MediaLine, address: str | None) -> None:
    held = replace(audio, answer_address=address)
    assert find([held], BEHIND_NAT, ("0.0.0.0", 5000), 11.5) is None
    assert find([replace(held, offer_port=0)], PHONE, SERVER, 11.5) is None


def test_a_port_used_again_belongs_to_the_later_call(audio: MediaLine) -> None:
    again = replace(audio, call_id="call-2", offer_time=100.0, offer_address="192.0.2.9")
    assert find([again, audio], BEHIND_NAT, SERVER, 50.0) == 1
    assert find([again, audio], BEHIND_NAT, SERVER, 101.0) == 0
    assert find([again, audio], PHONE, SERVER, 101.0) == 1


def test_media_a_moment_before_its_sdp(audio: MediaLine) -> None:
    again = replace(audio, call_id="call-2", offer_time=100.0)
    assert find([audio, again], PHONE, SERVER, 99.8) == 1
    assert find([audio, again], PHONE, SERVER, 99.0) == 0


def test_a_capture_that_starts_in_the_middle_of_a_call(audio: MediaLine) -> None:
    assert find([audio], PHONE, SERVER, 2.0, 30.0) == 0
    assert find([audio], PHONE, SERVER, 2.0, 3.0) is None


def test_a_call_that_ended_names_nothing_any_more(audio: MediaLine) -> None:
    finder = negotiated(Table.of(MediaLine, [audio]), "x.pcap", protocol="RTP", dialogs=ended(60.0))
    assert finder.find(PHONE, SERVER, (70.0, 80.0)) == 0
    assert finder.find(PHONE, SERVER, (100.0, 110.0)) is None


def test_a_refused_round_leaves_what_was_agreed(audio: MediaLine) -> None:
    refused = replace(audio, round=2, state="rejected", offer_time=20.0, answer_address=None)
    assert find([audio, refused], PHONE, SERVER, 21.0) == 0
    assert find([audio, replace(refused, state="agreed")], BEHIND_NAT, PHONE, 21.0) == 1


def test_the_lines_of_a_bundle_are_told_apart_by_what_fits(audio: MediaLine) -> None:
    lines = [audio, replace(audio, index=1, kind="video")]
    assert find(lines, PHONE, SERVER, 12.0, fits=lambda row: row == 1) == 1
    assert find(lines, PHONE, SERVER, 12.0, fits=lambda row: False) == 0


def test_another_capture_point_is_asked_last(audio: MediaLine) -> None:
    elsewhere = replace(audio, file="y.pcap", offer_time=12.0)
    assert find([elsewhere, audio], PHONE, SERVER, 13.0) == 1
    assert find([elsewhere], PHONE, SERVER, 13.0) == 0


def test_an_answer_alone_counts_from_its_own_time(audio: MediaLine) -> None:
    alone = replace(audio, state="answer-only", offer_time=None, offer_address=None, offer_port=None)
    assert find([alone], PHONE, SERVER, 11.2) == 0
    assert find([replace(alone, answer_time=None)], PHONE, SERVER, 11.2) is None


def test_calls_that_take_over_the_ports_of_ended_ones(audio: MediaLine) -> None:
    lines = [replace(audio, call_id=f"call-{row}", offer_time=10.0 * row, dialog_row=row) for row in range(4)]
    finder = negotiated(Table.of(MediaLine, lines), "x.pcap", protocol="RTP", dialogs=ended(9.9, 19.9, None, 39.0))
    assert finder.takeovers(PHONE, SERVER, (1.0, 35.0)) == [10.0, 20.0]
    assert finder.takeovers(PHONE, SERVER, (1.0, 9.0)) == []
    assert finder.takeovers(BEHIND_NAT, ("203.0.113.1", 9), (1.0, 35.0)) == []


def test_addresses_are_compared_as_wireshark_prints_them() -> None:
    assert canonical("2001:DB8:0:0::1") == "2001:db8::1"
    assert canonical("no:address") == "no:address"
    assert canonical("sbc.example.com") == "sbc.example.com"
