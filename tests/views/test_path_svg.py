"""Media paths as SVG."""

from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from collabtrace.views.path_graph import NEVER_NEGOTIATED, UNSEEN, Node, PathGraph
from collabtrace.views.path_svg import render
from collabtrace.views.paths import plan
from tests.views.cases import simple_case
from tests.views.test_path_graph import edge
from tests.views.test_path_tracks import graph

SVG = "{http://www.w3.org/2000/svg}"


def ways(root: Element) -> list[Element]:
    return [group for group in root.iter(f"{SVG}g") if (group.get("class") or "").startswith("way ")]


def texts(root: Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def test_every_direction_of_media_is_a_way_with_what_was_counted() -> None:
    root = fromstring(render(plan(simple_case(), 1)))
    assert [way.get("class") for way in ways(root)] == ["way audio flowed"] * 2
    assert {"audio PCMU", "500 packets, no loss", "495 packets, 5 lost (1 %)"} <= set(texts(root))


def test_what_was_not_seen_is_drawn_differently_and_said() -> None:
    root = fromstring(render(graph("ab", edge("a", "b", state=UNSEEN), edge("b", "a", state=NEVER_NEGOTIATED))))
    assert [way.get("class") for way in ways(root)] == ["way audio unseen", "way audio unagreed"]
    assert texts(root).count("agreed, not seen") == 2
    assert "seen, never negotiated" in texts(root)


def test_where_all_flowed_no_legend_is_needed() -> None:
    assert "flowed" not in texts(fromstring(render(graph("ab", edge("a", "b")))))


def test_machines_that_exchange_sip_are_joined_by_a_thin_line() -> None:
    assert "SIP" in texts(fromstring(render(graph("ab", signalling=(("a", "b"),)))))


def test_a_case_without_media_is_a_picture_too() -> None:
    assert "no media" in texts(fromstring(render(PathGraph("t", (), (), remarks=("no media",)))))


def test_in_a_page_it_has_no_style() -> None:
    assert "<style" not in render(graph("ab"), standalone=False)


@settings(max_examples=50)
@given(st.text(alphabet=st.characters(codec=None)))
def test_any_text_gives_well_formed_xml(said: str) -> None:
    nodes = (Node("a", said, "caller", None), Node("b", None, said, said))
    root = fromstring(render(PathGraph(said, nodes, (edge("a", "b", kind=said, content=said, codec=said),))))
    assert len(ways(root)) == 1
