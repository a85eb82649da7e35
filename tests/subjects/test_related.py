"""Rows that belong together are found without searching."""

from collabtrace.sessions.case import Case
from collabtrace.subjects.related import Related
from collabtrace.testing import Scene
from tests.subjects.conftest import Opened


def test_every_stream_and_floor_with_a_line_is_grouped_under_it(video_call: Case) -> None:
    related = Related(video_call)
    streams = {row for rows in related.streams_of_line.values() for row in rows}
    assert streams == {row for row, line in enumerate(video_call.streams.values("media_row")) if line is not None}
    assert sum(map(len, related.floors_of_line.values())) == len(video_call.floors)


def test_every_call_id_leads_to_its_call(video_call: Case) -> None:
    assert set(Related(video_call).calls_of_id) == set(video_call.messages.values("call_id"))


def test_repetitions_are_found_by_what_they_repeat(opened: Opened) -> None:
    scene = Scene()
    scene.request(scene.phone("a", "192.0.2.1"), scene.phone("b", "192.0.2.2"), "OPTIONS", status=None, repeats=2)
    related = Related(opened(scene))
    assert related.repeats_of == {("x.pcapng", 1): [1, 2]}
    assert related.sip_machines == {"192.0.2.1", "192.0.2.2"}
    assert list(related.transactions_between) == [("x.pcapng", "192.0.2.1", "192.0.2.2")]


def test_a_transaction_is_like_itself_in_another_capture(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.1"), scene.phone("bob", "192.0.2.2")
    scene.request(alice, bob, "OPTIONS")
    assert list(Related(opened(scene, alice, bob)).transactions_like.values()) == [[0, 1]]
