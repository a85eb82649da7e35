"""Edges from records."""

from collabtrace.views import path_edges
from collabtrace.views.contents import contents_of
from collabtrace.views.lanes import Ends
from tests.views.cases import ALICE, BOB, path, simple_case, stream
from tests.views.test_path_graph import edge

ENDS = Ends((), ())


def test_a_path_is_an_edge() -> None:
    (made, _) = path_edges.of_call(contents_of(simple_case()), 1, ENDS)
    assert (made.source, made.target, made.label, made.streams) == (ALICE, BOB, "audio PCMU", (0,))


def test_a_stream_of_no_call_is_an_edge_that_nobody_negotiated() -> None:
    contents = contents_of(simple_case(streams=[stream(1, 0, BOB, ALICE, call_id=None, kind=None)], paths=[]))
    (made,) = path_edges.strays(contents)
    assert (made.label, made.state) == ("RTP PCMU", "seen, never negotiated")


def test_media_within_one_address_is_a_loop() -> None:
    assert path_edges.loops(contents_of(simple_case(paths=[path(ALICE, ALICE)], streams=[])), 1)
    assert not path_edges.loops(contents_of(simple_case()), 1)


def test_paths_with_other_ports_or_content_are_others() -> None:
    assert path_edges.same_path(edge()) == path_edges.same_path(edge(packets=1))
    assert path_edges.same_path(edge()) != path_edges.same_path(edge(source_port=1))
    assert path_edges.same_path(edge()) != path_edges.same_path(edge(content="slides"))
