"""The media of one m-line, each way, as one capture shows it while the line was in force."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from collabtrace.schema import Capture, Stream
from collabtrace.sessions.negotiated import canonical
from collabtrace.sessions.path_lines import Endpoint, goes_to_answerer, likeness

if TYPE_CHECKING:
    from collabtrace.subjects.line import Line, Side


class Way(NamedTuple):
    """One direction."""

    receiver: "Side"
    streams: tuple[Stream, ...]
    packets: int
    """Of the time that is looked at; taken in proportion where a stream goes beyond it."""


class MediaFlow:
    """Both directions of a line in one capture, from its answer to its end or that of the capture."""

    def __init__(self, line: "Line", capture: Capture) -> None:
        self.line = line
        self.file = capture.file
        answered = line.record.answer_time or 0.0
        self.begin = answered if capture.first is None else max(answered, capture.first)
        self.end = line.end if capture.last is None else min(line.end, capture.last)

    def __repr__(self) -> str:
        return f"<MediaFlow of {self.line.record.kind} in {self.file}, {self.seconds:.1f} s>"

    @property
    def seconds(self) -> float:
        """How long the capture could show it."""
        return max(0.0, self.end - self.begin)

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """To the offerer and to the answerer; empty where one of the two is not known."""
        offer, answer = self.line.offer, self.line.answer
        if offer is None or answer is None:
            return ()
        forth = self._to_answerer((_end(offer), _end(answer)))
        sides: tuple[list[Stream], list[Stream]] = ([], [])
        for stream in self._streams:
            sides[stream.first_frame in forth].append(stream)
        return tuple(Way(side, tuple(of), self.packets(of)) for side, of in zip((offer, answer), sides, strict=True))

    @cached_property
    def _streams(self) -> tuple[Stream, ...]:
        return tuple(stream for stream in self.line.streams if stream.file == self.file)

    def _to_answerer(self, ends: tuple[Endpoint, Endpoint]) -> set[int]:
        """First frames of the streams that go to the answerer.

        What two machines send each other goes opposite ways, even if both fit the same way.
        """
        between: defaultdict[tuple[str, str], list[Stream]] = defaultdict(list)
        for stream in self._streams:
            between[stream.source, stream.target].append(stream)
        found: list[Stream] = []
        for (source, target), forth in between.items():
            back = between.get((target, source), ()) if source != target else ()
            if not back:
                found += [stream for stream in forth if goes_to_answerer(*_path(stream), *ends) is not False]
            elif source < target:
                fits = sum(likeness(*_path(each), *ends) for each in forth)
                fits -= sum(likeness(*_path(each), *ends) for each in back)
                found += forth if fits >= 0 else back
        return {stream.first_frame for stream in found}

    def packets(self, streams: Iterable[Stream]) -> int:
        """About how many packets of *streams* came while it lasted."""
        return round(sum(self._share(stream) * stream.packets for stream in streams))

    def _share(self, stream: Stream) -> float:
        overlap = min(stream.last, self.end) - max(stream.first, self.begin)
        if overlap < 0:
            return 0.0
        duration = stream.last - stream.first
        return overlap / duration if duration > 0 else 1.0


def _path(stream: Stream) -> tuple[Endpoint, Endpoint]:
    return (stream.source, stream.source_port), (stream.target, stream.target_port)


def _end(side: "Side") -> Endpoint:
    return (None if side.address is None else canonical(side.address), side.port)
