"""What a media-path picture consists of: machines, and directions of media lines between them."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from collabtrace.views.wording import counted, loss

if TYPE_CHECKING:
    import networkx as nx

FLOWED, UNSEEN, UNAGREED, NEVER_NEGOTIATED = "flowed", "agreed, not seen", "seen, not agreed", "seen, never negotiated"
"""What became of a direction of a media line; the earlier ones say more where two lines describe the same path."""

UNKNOWN = "unknown"
"""The node for an end that neither SDP nor packets tell."""


@dataclass(frozen=True, slots=True)
class Node:
    """One machine."""

    address: str
    """With the SIP port where one address talks to itself."""
    name: str | None
    """What it is, or what it calls itself."""
    role: str
    """``caller between callee``, or ``media`` for an address that is known from SDP or packets only; ``machine`` where
    many calls are drawn together."""
    owner: str | None
    """The machine whose SDP named this media address."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One direction of one media line, or of several that are alike."""

    source: str
    """Address of a node."""
    target: str
    """Address of a node."""
    kind: str
    content: str | None
    protocol: str
    codec: str | None
    state: str
    """``flowed``; ``agreed, not seen``; ``seen, not agreed``; ``seen, never negotiated``"""
    packets: int
    lost: int | None
    source_port: int | None
    """None where several are meant."""
    target_port: int | None
    first_frame: int | None
    streams: tuple[int, ...] = ()
    """Rows of ``streams``."""
    calls: int = 1
    """Calls in which it is like this."""

    @property
    def label(self) -> str:
        """``audio PCMU``, ``video (slides) H264``, ``BFCP``."""
        kind = self.protocol.rpartition("/")[2] if self.kind == "application" else self.kind
        return " ".join(filter(None, [kind, f"({self.content})" if self.content else "", self.codec or ""]))

    @property
    def observed(self) -> str:
        """``500 packets, no loss``, or that there is nothing to count."""
        calls = f" in {counted(self.calls, 'call')}" if self.calls > 1 else ""
        if self.state == UNSEEN:
            return UNSEEN + calls
        said = (
            counted(self.packets, "packet")
            + ("" if self.lost is None else f", {loss(self.packets, self.lost)}")
            + calls
        )
        return said if self.state == FLOWED else f"{self.state}: {said}"

    @property
    def ports(self) -> str:
        """``16384 → 16384``; empty where several are meant."""
        both = (self.source_port, self.target_port)
        return " → ".join("?" if port is None else str(port) for port in both) if any(both) else ""


@dataclass(frozen=True)
class PathGraph:
    """Machines from the caller to the callee, and what goes between them."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    signalling: tuple[tuple[str, str], ...] = ()
    """Who sends SIP requests to whom: context for a picture, no edges of the graph."""
    remarks: tuple[str, ...] = ()
    """What the capture does not have."""

    @property
    def about(self) -> dict[str, str]:
        """The attributes of the graph itself."""
        return {"title": self.title} | ({"remarks": "; ".join(self.remarks)} if self.remarks else {})

    @cached_property
    def graph(self) -> "nx.MultiDiGraph":
        """The same as a networkx graph; attributes are text and numbers, and a missing one is left out."""
        import networkx as nx

        graph: nx.MultiDiGraph = nx.MultiDiGraph(**self.about)
        for node in self.nodes:
            graph.add_node(node.address, **attributes(node))
        for edge in self.edges:
            graph.add_edge(edge.source, edge.target, **attributes(edge))
        return graph


def attributes(part: Node | Edge) -> dict[str, str | int]:
    """The fields of a node or an edge that are there, as text and numbers."""
    values: dict[str, Any] = {
        name: " ".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in asdict(part).items()
        if value is not None and name not in ("address", "source", "target")
    }
    return values | {"label": part.label} if isinstance(part, Edge) else values


def merged(
    edges: Iterable[Edge], same: Callable[[Edge], Hashable], together: Callable[[Edge, Edge], Edge]
) -> tuple[Edge, ...]:
    """One edge for all of which *same* says the same, made of two at a time by *together*."""
    known: dict[Hashable, Edge] = {}
    for edge in edges:
        key = same(edge)
        known[key] = together(known[key], edge) if key in known else edge
    return tuple(known.values())


def of_one_path(one: Edge, other: Edge) -> Edge:
    """Two descriptions of the same path: what both of them count, counts once."""
    if one.streams and other.streams and set(one.streams).isdisjoint(other.streams):
        return _together(one, other, one.packets + other.packets, _sum(one.lost, other.lost))
    more = max(one, other, key=lambda edge: edge.packets)
    return _together(one, other, more.packets, more.lost)


def of_two_calls(one: Edge, other: Edge) -> Edge:
    """The same path in two calls, or in more."""
    both = _together(one, other, one.packets + other.packets, _sum(one.lost, other.lost))
    return replace(both, calls=one.calls + other.calls)


def _together(one: Edge, other: Edge, packets: int, lost: int | None) -> Edge:
    frames = [edge.first_frame for edge in (one, other) if edge.first_frame is not None]
    states = {one.state, other.state}
    return replace(
        one,
        codec=one.codec or other.codec,
        state=next(state for state in (FLOWED, UNAGREED, NEVER_NEGOTIATED, UNSEEN) if state in states),
        packets=packets,
        lost=lost,
        first_frame=min(frames, default=None),
        streams=tuple(dict.fromkeys(one.streams + other.streams)),
    )


def _sum(one: int | None, other: int | None) -> int | None:
    return one if other is None else other if one is None else one + other
