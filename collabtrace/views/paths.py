"""The plan of a media-path picture: which machines should exchange which media, and what of it was seen.

Nodes are machines, edges are directions of media lines. Each edge says by its ``state`` whether it flowed, was agreed
and not seen, or was seen though nobody had agreed to it; ``graph`` has the same as a networkx graph.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from collabtrace.views import absence, arrows, material, path_edges
from collabtrace.views.contents import Case, Contents, contents_of
from collabtrace.views.lanes import Ends, completed, machine_name, ordered
from collabtrace.views.path_graph import Edge, Node, PathGraph, merged, of_one_path, of_two_calls
from collabtrace.views.wording import party

__all__ = ["Edge", "Node", "PathGraph", "plan"]


def plan(case: Case, call: int | None) -> PathGraph:
    """The media paths of the call with that number, or of all calls; a KeyError where there is no such call."""
    contents = contents_of(case)
    return _of_case(contents) if call is None else _of_call(contents, call)


def _of_case(contents: Contents) -> PathGraph:
    """The same paths in several calls are one; media of no known call is there as well."""
    found = [replace(edge, source_port=None, target_port=None) for edge in _edges(contents)]
    edges = merged(found, lambda edge: (path_edges.same_path(edge), edge.state, edge.codec), of_two_calls)
    signalling = _signalling(contents)
    order = dict.fromkeys(address for pair in signalling for address in pair)
    order |= dict.fromkeys(address for edge in edges for address in (edge.source, edge.target))
    nodes = [Node(address, machine_name(address, contents.hosts), "machine", None) for address in order]
    remarks = [] if edges else [absence.NO_MEDIA]
    if not len(contents.messages):
        remarks.append(absence.without_sip(contents.flows))
    return PathGraph("Media paths of all calls", tuple(nodes), edges, signalling, tuple(remarks))


def _edges(contents: Contents) -> Iterator[Edge]:
    for number in contents.call_rows:
        ends = Ends((), ())
        if path_edges.loops(contents, number):
            own = material.of(contents, number)
            ends = Ends([message for _, message in own.messages], own.described)
        yield from merged(path_edges.of_call(contents, number, ends), path_edges.same_path, of_one_path)
    yield from path_edges.strays(contents)


def _signalling(contents: Contents) -> tuple[tuple[str, str], ...]:
    """Who sends requests to whom in any call, by the first hop of each leg."""
    names = ("caller", "callee", "call")
    legs = zip(*map(contents.dialogs.values, names), strict=True)
    pairs = ((caller, callee) for caller, callee, call in legs if call is not None and caller != callee)
    return tuple(dict.fromkeys(pairs))


def _of_call(contents: Contents, number: int) -> PathGraph:
    call, own = contents.call(number), material.of(contents, number)
    ends = Ends([message for _, message in own.messages], own.described)
    sent = list(arrows.of_messages(own.messages, ends, contents.described, {}))
    spoken = ordered(sent, {})
    edges = merged(path_edges.of_call(contents, number, ends), path_edges.same_path, of_one_path)
    order = completed(list(spoken), (key for edge in edges for key in (edge.source, edge.target)), ends.owners)
    signalling = dict.fromkeys((a.source, a.target) for a in sent if not a.answer and a.source != a.target)
    return PathGraph(
        f"Media paths of call {number}: {party(call.caller)} → {party(call.callee)}",
        tuple(_node(key, spoken, contents, ends.owners) for key in order),
        edges,
        tuple(signalling),
        () if edges else (f"{absence.NO_MEDIA} in this call",),
    )


def _node(key: str, spoken: list[str], contents: Contents, owners: Mapping[str, str]) -> Node:
    role = "media"
    if key in spoken:
        role = {0: "caller", len(spoken) - 1: "callee"}.get(spoken.index(key), "between")
    owner = owners.get(key)
    return Node(key, machine_name(key, contents.hosts), role, owner if role == "media" else None)
