"""The plan of a media-path picture: which machines should exchange which media, and what of it was seen.

Nodes are machines, edges are directions of media lines. Each edge says by its ``state`` whether it flowed, was agreed
and not seen, or was seen though nobody had agreed to it; ``graph`` has the same as a networkx graph.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace

from collabtrace.schema import Path
from collabtrace.views import arrows, material
from collabtrace.views.contents import Case, Contents, contents_of
from collabtrace.views.lanes import Ends, completed, machine_name, ordered
from collabtrace.views.path_graph import (
    FLOWED,
    NEVER_NEGOTIATED,
    UNAGREED,
    UNKNOWN,
    UNSEEN,
    Edge,
    Node,
    PathGraph,
    merged,
    of_one_path,
    of_two_calls,
)
from collabtrace.views.wording import codec, one_line, party

__all__ = ["Edge", "Node", "PathGraph", "plan"]


def plan(case: Case, call: int | None) -> PathGraph:
    """The media paths of the call with that number, or of all calls; a KeyError where there is no such call."""
    contents = contents_of(case)
    return _of_case(contents) if call is None else _of_call(contents, call)


def _of_case(contents: Contents) -> PathGraph:
    """The same paths in several calls are one; media of no known call is there as well."""
    parts = [_of_call(contents, number) for number in contents.call_rows]
    nodes = {node.address: replace(node, role="machine") for part in parts for node in part.nodes}
    edges = [replace(edge, source_port=None, target_port=None) for part in parts for edge in part.edges]
    edges += _strays(contents)
    for key in (key for edge in edges for key in (edge.source, edge.target) if key not in nodes):
        nodes[key] = Node(key, machine_name(key, contents.hosts), "machine", None)
    signalling = dict.fromkeys(pair for part in parts for pair in part.signalling)
    alike = merged(edges, lambda edge: (_same_path(edge), edge.state, edge.codec), of_two_calls)
    return PathGraph("Media paths of all calls", tuple(nodes.values()), alike, tuple(signalling))


def _of_call(contents: Contents, number: int) -> PathGraph:
    call, own = contents.call(number), material.of(contents, number)
    ends = Ends([message for _, message in own.messages], own.described)
    sent = list(arrows.of_messages(own.messages, ends, contents.described, {}))
    spoken = ordered(sent, {})
    edges = merged(_edges(contents, number, ends), _same_path, of_one_path)
    order = completed(list(spoken), (key for edge in edges for key in (edge.source, edge.target)), ends.owners)
    signalling = dict.fromkeys((a.source, a.target) for a in sent if not a.answer and a.source != a.target)
    return PathGraph(
        f"Media paths of call {number}: {party(call.caller)} → {party(call.callee)}",
        tuple(_node(key, spoken, contents, ends.owners) for key in order),
        edges,
        tuple(signalling),
    )


def _node(key: str, spoken: list[str], contents: Contents, owners: Mapping[str, str]) -> Node:
    role = "media"
    if key in spoken:
        role = {0: "caller", len(spoken) - 1: "callee"}.get(spoken.index(key), "between")
    owner = owners.get(key)
    return Node(key, machine_name(key, contents.hosts), role, owner if role == "media" else None)


def _edges(contents: Contents, number: int, ends: Ends) -> Iterator[Edge]:
    """The directions of media lines that were agreed or seen."""
    for row in contents.paths_of.get(number, ()):
        path = contents.paths[row]
        if not path.agreed and not path.packets:
            continue
        codecs = [contents.streams[stream].codec for stream in path.stream_rows]
        if not codecs and path.media_row is not None:
            codecs = [contents.media[path.media_row].codecs]
        yield Edge(
            source=UNKNOWN if path.sender is None else ends.key(path.sender, path.sender_port or 0),
            target=UNKNOWN if path.receiver is None else ends.key(path.receiver, path.receiver_port or 0),
            kind=one_line(path.kind, 16),
            content=one_line(path.content, 16) if path.content else None,
            protocol=one_line(path.protocol, 24),
            codec=next((codec(name) for name in codecs if name), None),
            state=_state(path),
            packets=path.packets,
            lost=path.lost,
            source_port=path.sender_port,
            target_port=path.receiver_port,
            first_frame=path.first_frame,
            streams=path.stream_rows,
        )


def _state(path: Path) -> str:
    if path.agreed:
        return FLOWED if path.packets else UNSEEN
    return NEVER_NEGOTIATED if path.media_row is None else UNAGREED


def _strays(contents: Contents) -> list[Edge]:
    """RTP streams that belong to no call."""
    strays = [contents.streams[row] for row in contents.streams_of.get(None, ())]
    return [
        Edge(
            source=stream.source,
            target=stream.target,
            kind=stream.kind or "RTP",
            content=None,
            protocol="RTP",
            codec=codec(stream.codec) or None,
            state=NEVER_NEGOTIATED,
            packets=stream.packets,
            lost=stream.lost,
            source_port=None,
            target_port=None,
            first_frame=stream.first_frame,
        )
        for stream in strays
    ]


def _same_path(edge: Edge) -> Hashable:
    """The same for two legs that describe one path."""
    return edge.kind, edge.content, edge.source, edge.source_port, edge.target, edge.target_port
