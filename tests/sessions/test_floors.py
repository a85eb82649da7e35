"""BFCP messages and the m-lines they belong to."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.columns import Table
from collabtrace.protocols.bfcp import Attribute, Fragment, Message
from collabtrace.schema import Floor, MediaLine
from collabtrace.sessions import floors

TALK = "192.0.2.1:4000 192.0.2.2:5000"
HELLO = Message(2, 11, 1, 7, 3)
REQUEST = Message(1, 1, 1, 8, 3, (Attribute(2, b"\0\x02", mandatory=True), Attribute(12, b"Alice in the lab")))


class Item(NamedTuple):
    frame: int
    time: int
    flow: int
    data: bytes


@pytest.fixture(scope="session")
def build(seen: Callable[..., Any]) -> Callable[..., list[Floor]]:
    def build(payloads: list[bytes], *lines: MediaLine) -> list[Floor]:
        _, flows = seen([(0.0, TALK, b"")])
        items = [Item(frame, 12_000_000_000 + frame, 0, data) for frame, data in enumerate(payloads, 1)]
        return list(floors.build("x.pcap", items, flows, Table.of(MediaLine, lines)))

    return build


Build = Callable[..., list[Floor]]


def test_a_message_of_a_negotiated_channel(build: Build, audio: MediaLine) -> None:
    line = replace(audio, kind="application", protocol="UDP/BFCP", payload_types=())
    assert build([bytes(REQUEST)], line) == [
        Floor(
            file="x.pcap",
            frame=1,
            time_epoch=12.000000001,
            source="192.0.2.1",
            source_port=4000,
            target="192.0.2.2",
            target_port=5000,
            transport="udp",
            version=1,
            primitive=1,
            name="FloorRequest",
            response=False,
            conference=1,
            transaction=8,
            user=3,
            floors=(2,),
            floor_request=None,
            status=None,
            error=None,
            flaws=None,
            call_id="call-1",
            media_row=0,
        )
    ]


def test_without_sdp_only_what_is_flawless_counts(build: Build, audio: MediaLine) -> None:
    strange = replace(HELLO, attributes=(Attribute(99, b""),))
    flawed = bytes(HELLO) + b"more"
    assert [floor.frame for floor in build([bytes(HELLO), bytes(strange), flawed, b"no BFCP"])] == [1]
    found = build([bytes(HELLO), bytes(strange), flawed, b"no BFCP"], replace(audio, protocol="UDP/BFCP"))
    assert [(floor.frame, floor.flaws) for floor in found] == [
        (1, None),
        (2, None),
        (3, ("the header says 0 bytes of payload, 4 are there",)),
    ]


def test_the_m_line_of_audio_names_no_floor(build: Build, audio: MediaLine) -> None:
    assert build([bytes(HELLO)], audio)[0].media_row is None


def pieces(message: Message, size: int) -> list[bytes]:
    """*message* in fragments of *size* words."""
    payload = bytes(message)[12:]
    total = len(payload) // 4
    return [
        bytes(
            replace(
                message,
                attributes=(),
                fragment=Fragment(at, min(size, total - at), total),
                rest=payload[4 * at : 4 * (at + size)],
            )
        )
        for at in range(0, total, size)
    ]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1], [1, 1, 2, 0]])
def test_fragments_make_one_message_where_the_last_came(build: Build, order: list[int]) -> None:
    parts = pieces(REQUEST, 2)
    assert len(parts) == 3
    (floor,) = build([parts[number] for number in order])
    assert (floor.frame, floor.floors, floor.flaws) == (len(order), (2,), None)


def test_a_fragment_that_never_came(build: Build, audio: MediaLine) -> None:
    (floor,) = build(pieces(REQUEST, 2)[:2], replace(audio, protocol="UDP/BFCP"))
    assert (floor.frame, floor.name, floor.flaws) == (1, "FloorRequest", ("fragments of it are missing",))


def test_fragments_that_never_fit_do_not_pile_up(build: Build, audio: MediaLine) -> None:
    first, last = pieces(REQUEST, 4)
    found = build([last] * floors.MOST_FRAGMENTS + [first, last], replace(audio, protocol="UDP/BFCP"))
    assert [floor.flaws for floor in found] == [("fragments of it are missing",), None]


@given(st.lists(st.binary(max_size=24).map(lambda data: b"\x48\x01" + data) | st.binary(max_size=40), max_size=8))
def test_any_payloads(build: Build, audio: MediaLine, payloads: list[bytes]) -> None:
    assert len(build(payloads, replace(audio, protocol="UDP/BFCP"))) <= len(payloads)
