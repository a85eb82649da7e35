"""Where a media-path picture puts things."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.views.path_graph import Edge, Node, PathGraph
from collabtrace.views.path_tracks import MOST_EDGES, MOST_NODES, layout
from tests.views.test_path_graph import edge


def graph(names: str, *edges: Edge, signalling: tuple[tuple[str, str], ...] = ()) -> PathGraph:
    return PathGraph("t", tuple(Node(name, None, "machine", None) for name in names), edges, signalling)


def test_what_goes_to_the_right_is_above_and_what_goes_to_the_left_below() -> None:
    forth, back = layout(graph("ab", edge("a", "b"), edge("b", "a"))).tracks
    assert (forth.above, back.above) == (True, False)


def test_two_ways_between_the_same_machines_have_a_track_each() -> None:
    plan = layout(graph("ab", edge("a", "b"), edge("a", "b")))
    assert [track.level for track in plan.tracks] == [0, 1]
    assert (plan.levels(above=True), plan.levels(above=False)) == (2, 0)


def test_ways_that_only_share_a_machine_share_a_track() -> None:
    assert [track.level for track in layout(graph("abc", edge("a", "b"), edge("b", "c"))).tracks] == [0, 0]


def test_long_ways_run_outside_of_short_ones() -> None:
    levels = {track.edge.target: track.level for track in layout(graph("abc", edge("a", "c"), edge("a", "b"))).tracks}
    assert levels == {"b": 0, "c": 1}


def test_lines_nest_where_they_leave_a_machine() -> None:
    short, long = layout(graph("abc", edge("a", "b"), edge("a", "c"))).tracks
    assert long.leaves < short.leaves
    assert short.arrives == 0.5


def test_media_to_itself_has_its_place() -> None:
    (track,) = layout(graph("a", edge("a", "a"))).tracks
    assert (track.first, track.last) == (0, 0)
    assert track.leaves != track.arrives


def test_neighbours_are_machines_that_exchange_sip_with_none_between_that_does() -> None:
    plan = layout(graph("axbc"))
    assert plan.neighbours([("a", "b"), ("b", "c"), ("c", "a")]) == [(0, 2), (2, 3)]


def test_too_many_machines_leave_the_busiest_and_say_so() -> None:
    names = [f"m{n}" for n in range(MOST_NODES + 5)]
    busy = [edge(names[n], names[n + 1], packets=n) for n in range(len(names) - 1)]
    plan = layout(PathGraph("t", tuple(Node(name, None, "machine", None) for name in names), tuple(busy)))
    assert plan.addresses == tuple(names[5:])
    assert plan.remarks == ("the 12 busiest of 17 machines; GraphML and JSON have all",)


def test_too_many_edges_leave_the_busiest_and_say_so() -> None:
    plan = layout(graph("ab", *(edge("a", "b", packets=n) for n in range(MOST_EDGES + 1))))
    assert len(plan.tracks) == MOST_EDGES
    assert plan.remarks == ("the 80 busiest of 81 ways of media; GraphML and JSON have all",)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=30))
def test_no_two_ways_overlap_on_a_track(ways: list[tuple[int, int]]) -> None:
    plan = layout(graph("abcdef", *(edge("abcdef"[source], "abcdef"[target]) for source, target in ways)))
    taken: dict[tuple[bool, int], set[float]] = {}
    for track in plan.tracks:
        # Half places: a way takes what lies between machines, one to itself takes the machine.
        own = {place + 0.5 for place in range(track.first, track.last)} or {float(track.first)}
        assert taken.setdefault((track.above, track.level), set()).isdisjoint(own)
        taken[track.above, track.level] |= own
    assert len(plan.tracks) == len(ways)
