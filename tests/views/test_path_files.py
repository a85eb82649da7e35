"""Media paths as files for other tools."""

import json

import networkx as nx
from defusedxml.ElementTree import fromstring

from collabtrace.views.path_files import graphml, node_link
from collabtrace.views.path_graph import UNSEEN
from collabtrace.views.paths import plan
from tests.views.cases import ALICE, BOB, simple_case
from tests.views.test_path_graph import edge
from tests.views.test_path_tracks import graph


def test_graphml_is_read_back_as_the_same_graph() -> None:
    paths = plan(simple_case(), 1)
    back = nx.parse_graphml(graphml(paths), force_multigraph=True)
    assert sorted(back.edges()) == sorted(paths.graph.edges())
    assert dict(back.nodes[ALICE]) == {"name": "Softphone 1.2", "role": "caller"}
    (forth,) = back[ALICE][BOB].values()
    assert (forth["state"], forth["packets"]) == ("flowed", 500)


def test_graphml_is_well_formed_whatever_the_names() -> None:
    paths = graph("ab", edge("a", "b", codec="<script>"))
    assert "<script>" in {element.text for element in fromstring(graphml(paths)).iter()}


def test_json_is_what_networkx_reads() -> None:
    paths = graph("ab", edge("a", "b"), edge("a", "b", state=UNSEEN), edge("b", "a"))
    back = nx.node_link_graph(json.loads(node_link(paths)), edges="edges")  # type: ignore[call-arg]
    assert list(back.edges(keys=True, data=True)) == list(paths.graph.edges(keys=True, data=True))
    assert list(back.nodes(data=True)) == list(paths.graph.nodes(data=True))
