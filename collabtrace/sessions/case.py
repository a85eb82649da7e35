"""One case: the captures given together, and every table of them.

Reading sorts the packets by protocol in one pass over each file; each table is made when it is first
asked for, by the function that its module holds.
"""

import gc
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType

import numpy as np

from collabtrace.columns import MISSING, Table, join
from collabtrace.protocols import sip
from collabtrace.schema import (
    CallRecord,
    Capture,
    ConferenceRecord,
    Connection,
    Dialog,
    Digit,
    Floor,
    FloorTransaction,
    Flow,
    Handshake,
    Host,
    Interface,
    MediaLine,
    Message,
    Partial,
    Report,
    Rewrite,
    Stream,
    Transaction,
    Unreachable,
    Vantage,
)
from collabtrace.schema import Path as MediaPath
from collabtrace.sessions import (
    calls,
    conferences,
    dialogs,
    digits,
    floor_transactions,
    floors,
    framing,
    gaps,
    hosts,
    media,
    paths,
    reports,
    retransmissions,
    rewrites,
    rtp_digits,
    sightings,
    sip_digits,
    streams,
    timeline,
    transactions,
    types_between,
    vantages,
)
from collabtrace.sessions.formats import Formats
from collabtrace.sessions.texts import Texts
from collabtrace.sessions.traffic import Traffic, read

MOST_DIGITS = 9
"""Digits of the number of a call."""


def read_case(captures: Sequence[Path | str], progress: Callable[[int], None] | None = None) -> "Case":
    """Read one or more captures as the capture points of one case.

    *progress* is told the bytes read since it was last told. A CaptureError names the first file that
    cannot be read.
    """
    if not captures:
        raise ValueError("a case needs at least one capture")
    texts = Texts()
    files = [Path(capture) for capture in captures]
    with _uncollected():
        traffic = [read(file, texts, progress, name) for file, name in zip(files, _names(files), strict=True)]
        return Case(traffic, texts, dict(zip(_names(files), files, strict=True)))


def _names(files: Sequence[Path]) -> list[str]:
    """The names of the files without folders; one that is taken already gets a number."""
    names: list[str] = []
    for file in files:
        name, number = file.name, 1
        while name in names:
            number += 1
            name = f"{file.name} ({number})"
        names.append(name)
    return names


class Case:
    """The tables of one case (``collabtrace.schema``), and the texts behind them."""

    def __init__(self, traffic: Sequence[Traffic], texts: Texts, files: Mapping[str, Path]) -> None:
        self.traffic = tuple(traffic)
        """What each capture file holds, in the order given."""
        self.files = files
        """Where each file is, by its name in the tables."""
        self._texts = texts

    def __enter__(self) -> "Case":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the temporary space; no message can be opened afterwards."""
        self._texts.close()

    @cached_property
    def captures(self) -> Table[Capture]:
        """The files."""
        return Table.of(Capture, [each.capture for each in self.traffic])

    @cached_property
    def interfaces(self) -> Table[Interface]:
        """The interfaces that captured them."""
        return join(Interface, [each.interfaces for each in self.traffic])

    @cached_property
    def flows(self) -> Table[Flow]:
        """Every directed five-tuple."""
        return join(Flow, [each.flows for each in self.traffic])

    @cached_property
    def unreachables(self) -> Table[Unreachable]:
        """ICMP errors."""
        return join(Unreachable, [each.unreachables for each in self.traffic])

    @cached_property
    def connections(self) -> Table[Connection]:
        """TCP connections, file by file in the order in which they began."""
        return join(Connection, [each.connections for each in self.traffic])

    @cached_property
    def handshakes(self) -> Table[Handshake]:
        """TLS and DTLS handshakes; ``connection_row`` counts through all files."""
        offsets = itertools.accumulate((len(each.connections) for each in self.traffic), initial=0)
        parts = [_moved(each.handshakes, offset) for each, offset in zip(self.traffic, offsets, strict=False)]
        return join(Handshake, parts)

    @cached_property
    def partials(self) -> Table[Partial]:
        """IP packets that lack fragments."""
        return join(Partial, [each.partials for each in self.traffic])

    @cached_property
    def messages(self) -> Table[Message]:
        """SIP messages, file by file in the order of frames."""
        return retransmissions.mark(join(Message, [each.messages for each in self.traffic]))

    @cached_property
    def sightings(self) -> list[sightings.Sighting]:
        """The SIP messages that were seen at two places, by their rows in ``messages``."""
        return sightings.build(self.messages, self.flows)

    @cached_property
    def rewrites(self) -> Table[Rewrite]:
        """What changed in the text of messages between two places that saw them."""
        return rewrites.build(self.messages, self.sightings, self.text)

    @cached_property
    def transactions(self) -> Table[Transaction]:
        """SIP transactions, hop by hop."""
        return transactions.build(self.messages)

    @cached_property
    def _legs(self) -> Table[Dialog]:
        """The dialogs, before they are joined to calls."""
        return dialogs.build(self.messages, self.sip)

    @cached_property
    def media(self) -> Table[MediaLine]:
        """Every m-line of every offer/answer round."""
        return media.build(self.messages, self._legs, self.sdp)

    @cached_property
    def calls(self) -> Table[CallRecord]:
        """The legs joined to calls."""
        return calls.build(self.messages, self._legs, self.media, self.unreachables, self.sip)

    @cached_property
    def dialogs(self) -> Table[Dialog]:
        """Every leg, with the number of its call."""
        return calls.number(self._legs, self.calls)

    @cached_property
    def conferences(self) -> Table[ConferenceRecord]:
        """Ad hoc conferences."""
        return conferences.build(self.messages, self.transactions, self.dialogs, self.media, self.sip)

    @cached_property
    def streams(self) -> Table[Stream]:
        """RTP streams."""
        parts = [
            streams.build(each.capture.file, each.media, each.numbers, self.media, self._legs)
            for each in self.traffic
            if each.media.sources  # Else no m-line is asked for, and none has to be read.
        ]
        return join(Stream, parts)

    @cached_property
    def reports(self) -> Table[Report]:
        """RTCP."""
        parts = [
            reports.build(each.capture.file, each.rtcp, each.numbers, self.media, self._legs)
            for each in self.traffic
            if each.rtcp
        ]
        return join(Report, parts)

    @cached_property
    def floors(self) -> Table[Floor]:
        """BFCP."""
        parts = [
            floors.build(each.capture.file, each.bfcp, each.numbers, self.media, self._legs)
            for each in self.traffic
            if each.bfcp
        ]
        return join(Floor, parts)

    @cached_property
    def floor_transactions(self) -> Table[FloorTransaction]:
        """What BFCP asked and what was answered."""
        return floor_transactions.build(self.floors)

    @cached_property
    def digits(self) -> Table[Digit]:
        """Keys pressed; masked in whatever is shown (``views.masking``)."""
        presses = sip_digits.build(self.messages, self.sip)
        for each in self.traffic:
            presses += rtp_digits.build(each.capture.file, each.media, each.numbers, self.media, self._legs)
        return digits.table(self.captures.values("file"), presses)

    @cached_property
    def hosts(self) -> Table[Host]:
        """The machines that sent or received SIP, media or floor control."""
        return hosts.build(self.messages, self.flows, self.streams)

    @cached_property
    def vantages(self) -> Table[Vantage]:
        """What each capture could show of each machine."""
        return vantages.build(self.captures, self.flows)

    @cached_property
    def paths(self) -> Table[MediaPath]:
        """What each last answered round promised, and what was seen of it."""
        return paths.build(self.calls, self.dialogs, self.media, self.streams, self.flows)

    def text(self, row: int) -> bytes:
        """The bytes of a message, by its row in ``messages``."""
        messages = self.messages
        return self._texts.read(int(messages.numbers("text_at")[row]), int(messages.numbers("size")[row]))

    def sip(self, row: int) -> sip.Message:
        """A message read anew, by its row in ``messages``."""
        return sip.parse(self.text(row))

    def sdp(self, row: int) -> bytes:
        """The session description in a message, by its row in ``messages``; empty where it has none."""
        media_type = self.messages.columns["content_type"][row]
        if media_type is None:
            return b""
        if media_type == "application/sdp" and self.messages.columns["flaws"][row] is None:
            # Without any flaw all behind the headers is the body, and only line ends may come before them.
            return self.text(row).lstrip().partition(b"\r\n\r\n")[2]
        parts = (part.body for part in self.sip(row).parts if part.media_type.name == "application/sdp")
        return next(parts, b"")

    def timeline(self, row: int) -> timeline.Timeline:
        """Loss and jitter over time of a stream, by its row in ``streams``."""
        stream = self.streams[row]
        source = self._source(stream)
        return timeline.build(source.media, source.numbers, stream, self.media)

    def gaps(self, row: int) -> gaps.Gaps:
        """When packets of a stream were missing, by its row in ``streams``."""
        stream = self.streams[row]
        source = self._source(stream)
        return gaps.build(source.media, source.numbers, stream)

    def framing(self, row: int, begin: float, end: float) -> framing.Framing:
        """How long the packets of a stream were from *begin* to *end*, by its row in ``streams``."""
        stream = self.streams[row]
        source = self._source(stream)
        meant = Formats(self.media).types(stream.media_row, stream.payload_types)
        return framing.build(source.media, source.numbers, stream, meant, begin, end)

    def types_between(self, row: int, begin: float, end: float) -> dict[int, types_between.Use]:
        """Which payload types a stream used from *begin* to *end*, by its row in ``streams``."""
        stream = self.streams[row]
        source = self._source(stream)
        return types_between.build(source.media, source.numbers, stream, begin, end)

    def _source(self, stream: Stream) -> Traffic:
        """The file that shows a stream."""
        return next(each for each in self.traffic if each.capture.file == stream.file)

    def call_number(self, name: str) -> int | None:
        """The number of the call with that Call-ID, of any leg, or that number; None where there is none."""
        for number, call_ids in zip(self.calls.values("call"), self.calls.values("call_ids"), strict=True):
            if name in call_ids:
                return int(number)
        known = name.isdecimal() and len(name) <= MOST_DIGITS and 1 <= int(name) <= len(self.calls)
        return int(name) if known else None

    def call_again(self, call: CallRecord) -> int | None:
        """The number of a call of an earlier reading; of several with its Call-ID the one that began when it did."""
        rows = [row for row, call_ids in enumerate(self.calls.values("call_ids")) if call.call_ids[0] in call_ids]
        started = self.calls.values("started")
        nearest = min(rows, key=lambda row: abs(started[row] - call.started), default=None)
        return None if nearest is None else nearest + 1


def _moved(handshakes: Table[Handshake], offset: int) -> Table[Handshake]:
    """The handshakes of one file among those of all: their connections stand *offset* rows later."""
    rows = handshakes.numbers("connection_row")
    return handshakes.replace(connection_row=np.where(rows == MISSING, MISSING, rows + offset))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from walking over the growing columns again and again: they hold no cycles."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
