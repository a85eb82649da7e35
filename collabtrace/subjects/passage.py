"""Which capture tells most of the requests on a channel, and where one of them got lost, as other captures show."""

from typing import NamedTuple

from collabtrace.schema import Floor, FloorTransaction
from collabtrace.subjects.channel import Channel
from collabtrace.subjects.channel_view import View
from collabtrace.subjects.sight import Sight


class Passage(NamedTuple):
    """What the capture at the end to which a request went shows of it."""

    file: str
    arrived: Floor | None
    """The request there; None where it never came."""
    answer: Floor | None
    """The response that left there; None where none did."""


def best_view(channel: Channel, sight: Sight) -> View | None:
    """The view that tells most of what those who asked got to hear; None where nothing was asked or answered."""
    return max(channel.views, key=lambda view: _worth(view, sight), default=None)


def _worth(view: View, sight: Sight) -> tuple[bool, int, int]:
    sources = {each.source for each in view.asked}
    heard = any(sight.is_near(view.file, each) and sight.hears(view.file, each) is None for each in sources)
    return heard, len(view.answered), len(view.asked)


def passage(channel: Channel, view: View, request: FloorTransaction, sight: Sight) -> Passage | None:
    """What became of a request of *view*; None where no other capture could show it."""
    for capture in sight.case.captures:
        if capture.file == view.file or not _is_at(channel, capture.file, request.target, sight):
            continue
        other = next((each for each in channel.views if each.file == capture.file), None)
        same = () if other is None else [each for each in other.transactions if _name(each) == _name(request)]
        if other is not None and same:
            return Passage(capture.file, other.requests(same[0])[0], next(iter(other.responses(same[0])), None))
        blind = sight.time(capture.file, request.started, request.last_sent)
        if blind is None and sight.hears(capture.file, request.target) is None:
            return Passage(capture.file, None, None)
    return None


def _is_at(channel: Channel, file: str, address: str, sight: Sight) -> bool:
    """Whether a capture was taken at a machine: near it, and with its media.

    What a server on the same network captures of its own looks near too, and shows the machine's signalling alone.
    """
    streams = channel.line.leg.call.streams
    return sight.is_near(file, address) and any(
        each.file == file and address in (each.source, each.target) for each in streams
    )


def _name(request: FloorTransaction) -> tuple[str, int, int, int]:
    """By which it is known wherever it is seen, whatever a NAT does to its addresses."""
    return request.name, request.conference, request.transaction, request.user
