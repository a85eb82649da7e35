"""The plan of a media-path picture."""

from dataclasses import replace

import pytest

from collabtrace.views.path_graph import FLOWED, NEVER_NEGOTIATED, UNAGREED, UNKNOWN, UNSEEN
from collabtrace.views.paths import plan
from tests.views.cases import ALICE, BOB, call, dialog, media_line, path, simple_case, stream


def test_the_machines_stand_from_the_caller_to_the_callee() -> None:
    paths = plan(simple_case(), 1)
    assert [(node.address, node.role) for node in paths.nodes] == [(ALICE, "caller"), (BOB, "callee")]
    assert paths.title == "Media paths of call 1: alice@example.com → bob@example.com"


def test_what_flowed_is_an_edge_with_what_was_counted() -> None:
    forth, back = plan(simple_case(), 1).edges
    assert (forth.source, forth.target, forth.state, forth.label) == (ALICE, BOB, FLOWED, "audio PCMU")
    assert (back.packets, back.lost, back.ports) == (495, 5, "16384 → 16384")


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"packets": 0}, UNSEEN),
        ({"agreed": False, "media_row": 0}, UNAGREED),
    ],
)
def test_what_was_promised_and_what_was_seen_can_differ(values: dict[str, object], state: str) -> None:
    (edge,) = plan(simple_case(paths=[path(ALICE, BOB, **values)]), 1).edges
    assert edge.state == state


def test_what_was_neither_agreed_nor_seen_is_no_edge() -> None:
    assert plan(simple_case(paths=[path(ALICE, BOB, agreed=False, packets=0)]), 1).edges == ()


def test_the_codec_is_the_streams_or_else_the_agreed_one() -> None:
    paths = [path(ALICE, BOB, stream_rows=(0,)), path(BOB, ALICE, packets=0, media_row=0)]
    made = simple_case(paths=paths, streams=[stream(5, 1, ALICE, BOB, codec="opus/48000/2")])
    assert [edge.codec for edge in plan(made, 1).edges] == ["opus", "PCMU"]


def test_a_media_address_stands_beside_the_machine_whose_sdp_named_it() -> None:
    line = media_line(offer_address="192.0.2.77")
    node = plan(simple_case(media=[line], paths=[path("192.0.2.77", BOB)]), 1).nodes[1]
    assert (node.address, node.role, node.owner) == ("192.0.2.77", "media", ALICE)


def test_two_legs_that_describe_one_path_are_one_edge() -> None:
    same = [path(ALICE, BOB, packets=0), path(ALICE, BOB, stream_rows=(0,))]
    (edge,) = plan(simple_case(paths=same), 1).edges
    assert (edge.state, edge.packets) == (FLOWED, 500)


def test_an_end_that_nothing_tells_is_a_node_of_its_own() -> None:
    (edge,) = plan(simple_case(paths=[replace(path(ALICE, BOB), receiver=None)]), 1).edges
    assert edge.target == UNKNOWN


def test_who_sends_sip_to_whom_is_context() -> None:
    assert plan(simple_case(), 1).signalling == ((ALICE, BOB), (BOB, ALICE))


def test_all_calls_together_count_how_often_a_path_is_the_same() -> None:
    calls = [call(), call(2, call_ids=("two@example.com",), dialog_rows=(1,))]
    dialogs = [dialog(range(6)), dialog([], call_id="two@example.com")]
    paths = [path(ALICE, BOB), path(ALICE, BOB, call=2, sender_port=20000)]
    (edge,) = plan(simple_case(calls=calls, dialogs=dialogs, paths=paths, streams=[]), None).edges
    assert (edge.calls, edge.packets, edge.source_port) == (2, 1000, None)


def test_media_of_no_call_is_in_the_picture_of_the_case() -> None:
    made = simple_case(streams=[stream(9, 0, "192.0.2.99", BOB, call_id=None)], paths=[])
    paths = plan(made, None)
    assert [(edge.source, edge.state) for edge in paths.edges] == [("192.0.2.99", NEVER_NEGOTIATED)]
    assert {node.role for node in paths.nodes} == {"machine"}


def test_a_call_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        plan(simple_case(), 7)


def test_text_of_the_capture_stays_on_one_line() -> None:
    made = simple_case(paths=[path(ALICE, BOB, kind="au\x00dio\n" * 20, content="x" * 99)], hosts=[])
    (edge,) = plan(made, 1).edges
    assert len(edge.label) < 50
    assert edge.label.isprintable()
