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
BACK = "192.0.2.2:5000 192.0.2.1:4000"
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


def test_without_sdp_a_flawless_message_shows_what_the_others_are(build: Build, audio: MediaLine) -> None:
    strange = replace(HELLO, attributes=(Attribute(99, b""),))
    flawed = bytes(HELLO) + b"more"
    assert build([bytes(strange), flawed, b"no BFCP"]) == []
    assert [floor.frame for floor in build([bytes(strange), flawed, b"no BFCP", bytes(HELLO)])] == [1, 2, 4]
    found = build([bytes(HELLO), bytes(strange), flawed, b"no BFCP"], replace(audio, protocol="UDP/BFCP"))
    assert [(floor.frame, floor.flaws) for floor in found] == [
        (1, None),
        (2, None),
        (3, ("the header says 0 bytes of payload, 4 are there",)),
    ]


def talk(seen: Callable[..., Any], *said: tuple[int, Message]) -> list[Floor]:
    """What goes there (0) and back (1) between two ports that no SDP names."""
    _, flows = seen([(0.0, TALK, b""), (0.0, BACK, b"")])
    items = [Item(frame, frame, way, bytes(message)) for frame, (way, message) in enumerate(said, 1)]
    return list(floors.build("x.pcap", items, flows, Table.empty(MediaLine)))


def test_a_primitive_that_no_rfc_names_is_kept_among_others(seen: Callable[..., Any]) -> None:
    """Endpoints acknowledge with primitives of their own."""
    answer = Message(1, 93, 1, 7, 3, responder=True)
    assert talk(seen, (1, answer)) == []
    _, found = talk(seen, (0, HELLO), (1, answer))
    assert (found.name, found.response, found.flaws) == ("primitive 93", True, ("no RFC names primitive 93",))


def test_over_udp_a_status_answers_only_what_was_asked(seen: Callable[..., Any]) -> None:
    """Version 1 has no R bit, and the server numbers the transactions that it begins."""
    query, status = Message(1, 7, 1, 8, 3), Message(1, 8, 1, 8, 3)
    unasked = replace(status, transaction=20001)
    acknowledged = Message(1, 16, 1, 20001, 3)
    found = talk(seen, (0, query), (1, status), (1, unasked), (0, acknowledged))
    assert [floor.response for floor in found] == [False, True, False, True]


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
