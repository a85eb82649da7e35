"""The edges of a media-path picture, from the tables ``paths`` and ``streams``."""

from collections.abc import Hashable, Iterator

from collabtrace.schema import Path
from collabtrace.views.contents import Contents
from collabtrace.views.lanes import Ends
from collabtrace.views.path_graph import FLOWED, NEVER_NEGOTIATED, UNAGREED, UNKNOWN, UNSEEN, Edge
from collabtrace.views.wording import codec, one_line


def of_call(contents: Contents, number: int, ends: Ends) -> Iterator[Edge]:
    """The directions of media lines of a call that were agreed or seen."""
    for row in contents.paths_of.get(number, ()):
        path = contents.paths[row]
        if not path.agreed and not path.packets:
            continue
        yield Edge(
            source=UNKNOWN if path.sender is None else ends.key(path.sender, path.sender_port or 0),
            target=UNKNOWN if path.receiver is None else ends.key(path.receiver, path.receiver_port or 0),
            kind=one_line(path.kind, 16),
            content=one_line(path.content, 16) if path.content else None,
            protocol=one_line(path.protocol, 24),
            codec=_codec(contents, path),
            state=_state(path),
            packets=path.packets,
            lost=path.lost,
            source_port=path.sender_port,
            target_port=path.receiver_port,
            first_frame=path.first_frame,
            streams=path.stream_rows,
        )


def strays(contents: Contents) -> Iterator[Edge]:
    """RTP streams that belong to no call."""
    for row in contents.streams_of.get(None, ()):
        stream = contents.streams[row]
        yield Edge(
            source=stream.source,
            target=stream.target,
            kind=one_line(stream.kind or "RTP", 16),
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


def same_path(edge: Edge) -> Hashable:
    """The same for two legs that describe one path."""
    return edge.kind, edge.content, edge.source, edge.source_port, edge.target, edge.target_port


def loops(contents: Contents, number: int) -> bool:
    """Whether a call has media between two ports of one address."""
    sender, receiver = contents.paths.columns["sender"], contents.paths.columns["receiver"]
    return any(sender[row] == receiver[row] for row in contents.paths_of.get(number, ()))


def _codec(contents: Contents, path: Path) -> str | None:
    """Of the streams, else what was agreed."""
    names = [contents.streams.columns["codec"][row] for row in path.stream_rows]
    if not names:
        names = [contents.media.columns["codecs"][path.media_row]]
    return next((codec(name) for name in names if name), None)


def _state(path: Path) -> str:
    if path.agreed:
        return FLOWED if path.packets else UNSEEN
    return UNAGREED
