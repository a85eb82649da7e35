"""The values of a media-path picture, and its networkx graph."""

from collabtrace.views.path_graph import (
    FLOWED,
    NEVER_NEGOTIATED,
    UNSEEN,
    Edge,
    Node,
    PathGraph,
    merged,
    of_one_path,
    of_two_calls,
)
from tests.views.cases import ALICE, BOB


def edge(source: str = ALICE, target: str = BOB, **values: object) -> Edge:
    given: dict[str, object] = {
        "kind": "audio",
        "content": None,
        "protocol": "RTP/AVP",
        "codec": "PCMU",
        "state": FLOWED,
        "packets": 500,
        "lost": 0,
        "source_port": 16384,
        "target_port": 16386,
        "first_frame": 5,
    }
    return Edge(source, target, **{**given, **values})  # type: ignore[arg-type]


def test_a_label_says_which_media() -> None:
    slides = edge(kind="video", content="slides", codec="H264")
    bfcp = edge(kind="application", protocol="UDP/BFCP", codec=None)
    assert [edge().label, slides.label, bfcp.label] == ["audio PCMU", "video (slides) H264", "BFCP"]


def test_what_was_observed_says_what_became_of_the_promise() -> None:
    assert edge(lost=5, packets=495).observed == "495 packets, 5 lost (1 %)"
    assert edge(state=UNSEEN, packets=0).observed == "agreed, not seen"
    assert edge(state=NEVER_NEGOTIATED, lost=None).observed == "seen, never negotiated: 500 packets"
    assert edge(calls=3).observed == "500 packets, no loss in 3 calls"


def test_ports_that_are_not_known_are_left_out() -> None:
    assert [edge().ports, edge(source_port=None).ports] == ["16384 → 16386", "? → 16386"]
    assert edge(source_port=None, target_port=None).ports == ""


def test_alike_edges_are_one_and_what_was_seen_counts() -> None:
    unseen = edge(state=UNSEEN, packets=0, lost=None)
    (one,) = merged([unseen, edge(streams=(1,), first_frame=3)], lambda _: 0, of_one_path)
    assert (one.state, one.packets, one.lost, one.first_frame, one.streams) == (FLOWED, 500, 0, 3, (1,))


def test_a_stream_that_both_name_counts_once() -> None:
    (one,) = merged([edge(streams=(1,)), edge(streams=(1,))], lambda _: 0, of_one_path)
    assert one.packets == 500


def test_what_has_no_streams_counts_once_in_a_call_and_adds_up_over_calls() -> None:
    both = [edge(streams=(), lost=None, packets=9), edge(streams=(), lost=None, packets=8)]
    assert [edge.packets for edge in merged(both, lambda _: 0, of_one_path)] == [9]
    assert [(edge.packets, edge.calls) for edge in merged(both, lambda _: 0, of_two_calls)] == [(17, 2)]


def test_different_streams_add_up() -> None:
    (one,) = merged([edge(streams=(1,), lost=2), edge(streams=(2,), lost=None)], lambda _: 0, of_one_path)
    assert (one.packets, one.lost, one.streams) == (1000, 2, (1, 2))


def test_the_graph_has_the_same_nodes_and_edges() -> None:
    nodes = (Node(ALICE, "Softphone", "caller", None), Node(BOB, None, "callee", None))
    graph = PathGraph("t", nodes, (edge(), edge(state=UNSEEN, streams=(3, 4)), edge(BOB, ALICE))).graph
    assert sorted(graph.edges()) == [(ALICE, BOB), (ALICE, BOB), (BOB, ALICE)]
    assert graph.nodes[ALICE] == {"name": "Softphone", "role": "caller"}
    assert [graph[ALICE][BOB][key]["state"] for key in (0, 1)] == [FLOWED, UNSEEN]
    assert graph[ALICE][BOB][1]["streams"] == "3 4"
