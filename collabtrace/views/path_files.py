"""Media paths as files for other tools: GraphML, and networkx's node-link JSON."""

import io
import json

from collabtrace.views.path_graph import PathGraph, attributes


def graphml(paths: PathGraph) -> str:
    """The graph as GraphML, which yEd, Gephi and Cytoscape open."""
    import networkx as nx

    written = io.BytesIO()
    nx.write_graphml_xml(paths.graph, written)
    return written.getvalue().decode()


def node_link(paths: PathGraph) -> str:
    """The graph as JSON in the node-link form that ``networkx.node_link_graph(..., edges="edges")`` reads."""
    keys: dict[tuple[str, str], int] = {}
    edges = []
    for edge in paths.edges:
        ends = (edge.source, edge.target)
        key = keys[ends] = keys.get(ends, -1) + 1
        edges.append({"source": edge.source, "target": edge.target, "key": key, **attributes(edge)})
    document = {
        "directed": True,
        "multigraph": True,
        "graph": paths.about,
        "nodes": [{"id": node.address, **attributes(node)} for node in paths.nodes],
        "edges": edges,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
