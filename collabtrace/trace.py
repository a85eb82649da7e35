"""The notebook's face of a case: plain DataFrames, and objects that show themselves.

Nothing is computed here: each property hands over to the case, each drawing to ``views``.
"""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from collabtrace import findings as engine
from collabtrace import samples
from collabtrace.capture.source import spare
from collabtrace.findings import Diagnosis
from collabtrace.schema import CallRecord
from collabtrace.sessions import growth
from collabtrace.sessions.following import Following
from collabtrace.sessions.growth import Growth
from collabtrace.views import frames, ladder, marks, paths
from collabtrace.views.drawing import LadderDrawing, PathsDrawing
from collabtrace.views.masking import masked

if TYPE_CHECKING:
    import pandas as pd

    from collabtrace.columns import Table
    from collabtrace.reports.findings import Findings
    from collabtrace.reports.section import Section
    from collabtrace.views.dissection import Dissection
    from collabtrace.widgets.explorer import Explorer


def open_captures(*captures: str | Path, reveal_digits: bool = False) -> "Trace":
    """Read captures (pcap or pcapng, gzip-compressed or not); several are capture points of one case.

    A capture that is still being written is read as far as it goes, and ``Trace.refresh`` reads it again. The name
    under which dumpcap writes a ring buffer opens all the files that there are of it.
    The table ``digits`` shows a dot for each key pressed, unless *reveal_digits* asks for the keys themselves.
    A ``CaptureError`` says in one line what is wrong with a file that cannot be read.
    """
    return Trace(Following(captures), reveal_digits=reveal_digits)


def example(*names: str) -> "Trace":
    """Open a sample capture by name, so that every snippet runs without a file of one's own.

    A case that was recorded at several places is opened with all of them; several *names* make one case.
    """
    return open_captures(*(path for name in names for path in samples.case(name)))


class Trace:
    """One case in a notebook: its tables as pandas DataFrames (columns: ``collabtrace.schema``)."""

    def __init__(self, captures: Following, *, reveal_digits: bool = False) -> None:
        self.case = captures.read()
        self._captures = captures
        self._reveal_digits = reveal_digits
        self._explorers: WeakSet[Explorer] = WeakSet()

    def __repr__(self) -> str:
        files = ", ".join(self.case.captures.values("file"))
        packets = sum(self.case.captures.values("packets"))
        return (
            f"<Trace of {files}: {packets} packets, {len(self.case.messages)} SIP messages, "
            f"{len(self.case.calls)} calls, {len(self.case.streams)} RTP streams>"
        )

    def refresh(self) -> Growth:
        """Read the captures again where they grew; tables, calls and explorers then show it.

        Gives what came, which shows itself and is false where nothing did. Where a file cannot be read any more, a
        ``CaptureError`` says so and all stays as it was.
        """
        if not self._captures.changed():
            return Growth()
        before, self.case = self.case, self._captures.read()
        for name in [name for name in vars(self) if isinstance(getattr(Trace, name, None), cached_property)]:
            delattr(self, name)
        for explorer in self._explorers:
            explorer.show(self.case, self.diagnosis)
        return growth.between(before, self.case)

    @cached_property
    def captures(self) -> "pd.DataFrame":
        """The table ``captures``: the files."""
        return self._shown(self.case.captures)

    @cached_property
    def interfaces(self) -> "pd.DataFrame":
        """The table ``interfaces``: the capturing interfaces."""
        return self._shown(self.case.interfaces)

    @cached_property
    def flows(self) -> "pd.DataFrame":
        """The table ``flows``: every five-tuple seen."""
        return self._shown(self.case.flows)

    @cached_property
    def unreachables(self) -> "pd.DataFrame":
        """The table ``unreachables``: ICMP errors."""
        return self._shown(self.case.unreachables)

    @cached_property
    def connections(self) -> "pd.DataFrame":
        """The table ``connections``: TCP connections."""
        return self._shown(self.case.connections)

    @cached_property
    def handshakes(self) -> "pd.DataFrame":
        """The table ``handshakes``: TLS and DTLS handshakes."""
        return self._shown(self.case.handshakes)

    @cached_property
    def partials(self) -> "pd.DataFrame":
        """The table ``partials``: IP packets that lack fragments."""
        return self._shown(self.case.partials)

    @cached_property
    def messages(self) -> "pd.DataFrame":
        """The table ``messages``: every SIP message."""
        return self._shown(self.case.messages)

    @cached_property
    def rewrites(self) -> "pd.DataFrame":
        """The table ``rewrites``: what changed in the text of messages between two places that saw them."""
        return self._shown(self.case.rewrites)

    @cached_property
    def transactions(self) -> "pd.DataFrame":
        """The table ``transactions``: SIP transactions, hop by hop."""
        return self._shown(self.case.transactions)

    @cached_property
    def dialogs(self) -> "pd.DataFrame":
        """The table ``dialogs``: every leg."""
        return self._shown(self.case.dialogs)

    @cached_property
    def calls(self) -> "pd.DataFrame":
        """The table ``calls``: legs joined to calls."""
        return self._shown(self.case.calls)

    @cached_property
    def media(self) -> "pd.DataFrame":
        """The table ``media``: every m-line of every offer/answer round."""
        return self._shown(self.case.media)

    @cached_property
    def conferences(self) -> "pd.DataFrame":
        """The table ``conferences``: calls moved to a mixer."""
        return self._shown(self.case.conferences)

    @cached_property
    def streams(self) -> "pd.DataFrame":
        """The table ``streams``: RTP streams."""
        return self._shown(self.case.streams)

    @cached_property
    def reports(self) -> "pd.DataFrame":
        """The table ``reports``: RTCP reports."""
        return self._shown(self.case.reports)

    @cached_property
    def floors(self) -> "pd.DataFrame":
        """The table ``floors``: BFCP messages."""
        return self._shown(self.case.floors)

    @cached_property
    def floor_transactions(self) -> "pd.DataFrame":
        """The table ``floor_transactions``: what BFCP asked and what was answered."""
        return self._shown(self.case.floor_transactions)

    @cached_property
    def digits(self) -> "pd.DataFrame":
        """The table ``digits``: keys pressed, each a dot unless the captures were opened with ``reveal_digits``."""
        return self._shown(self.case.digits)

    @cached_property
    def paths(self) -> "pd.DataFrame":
        """The table ``paths``: media promised and media seen."""
        return self._shown(self.case.paths)

    @cached_property
    def hosts(self) -> "pd.DataFrame":
        """The table ``hosts``: the machines."""
        return self._shown(self.case.hosts)

    @cached_property
    def vantages(self) -> "pd.DataFrame":
        """The table ``vantages``: what each capture could show of each machine."""
        return self._shown(self.case.vantages)

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """What every rule said of the case."""
        return engine.diagnose(self.case)

    @cached_property
    def findings(self) -> "pd.DataFrame":
        """The faults found, the gravest first."""
        return self._shown(self.diagnosis.findings)

    def _shown(self, table: "Table[Any]") -> "pd.DataFrame":
        """A table as it leaves the program."""
        return frames.shown(masked(table, reveal_digits=self._reveal_digits).frame())

    def call(self, name: str | int) -> "Call":
        """The call with that Call-ID (of any leg), or that number; a KeyError where there is none."""
        number = self.case.call_number(str(name))
        if number is None:
            raise KeyError(f"no call {name!r}; Trace.calls lists the {len(self.case.calls)} calls there are")
        return Call(self, number)

    def verdict(self, *rules: str) -> "Findings":
        """What some rules say, or all: the faults, the frames that prove them, what to do, and what was checked."""
        from collabtrace.reports.findings import Findings

        return Findings.of(self.case, self.diagnosis.of(rules) if rules else self.diagnosis)

    @cached_property
    def _sections(self) -> "Mapping[str, Section]":
        from collabtrace.reports.overview import document

        return document(self.case, self.diagnosis)

    def section(self, name: str) -> "Section":
        """One section of the report, which shows itself; a KeyError for a name unknown lists the names."""
        if name not in self._sections:
            raise KeyError(f"there is no section {name!r}; the sections are: {', '.join(self._sections)}")
        return self._sections[name]

    def frame(self, number: int, file: str | None = None) -> "Dissection":
        """Wireshark's dissection of a frame as a folding outline, secrets masked; *file* says in which of several.

        A ``CaptureError`` where tshark is not installed, a LookupError where the file has no such frame.
        """
        from collabtrace.capture import dissect
        from collabtrace.views import dissection

        path = self._file(file)
        messages = self.case.messages
        here = zip(messages.values("file"), messages.values("frame"), strict=True)
        texts = [self.case.text(row) for row, place in enumerate(here) if place == (path.name, number)]
        outline, title = dissect.frame(path, number), f"Frame {number} of {path.name}"
        return dissection.plan(outline, title, texts, holds_keys=self._holds_keys(path.name, number))

    def filter(self, display_filter: str) -> "pd.DataFrame":
        """The frames that pass a Wireshark display filter, with Wireshark's columns Protocol and Info, secrets masked.

        A ``CaptureError`` where tshark is not installed or does not take the filter.
        """
        import pandas as pd

        from collabtrace.capture import dissect
        from collabtrace.views import dissection

        rows = [
            (name, *dissection.summary(fields))
            for name, path in self.case.files.items()
            for fields in dissect.fields(path, display_filter, dissection.SUMMARY)
        ]
        return frames.shown(pd.DataFrame(rows, columns=["file", *dissection.COLUMNS]))

    def _holds_keys(self, file: str, number: int) -> bool:
        """Whether a frame is among those that tell of a key pressed."""
        digits = self.case.digits
        first, last, files = digits.numbers("frame"), digits.numbers("last_frame"), digits.columns["file"]
        return any(files[row] == file for row in ((first <= number) & (number <= last)).nonzero()[0])

    def _file(self, name: str | None) -> Path:
        """The path of a capture of the case."""
        files = self.case.files
        if name is None and len(files) == 1:
            return next(iter(files.values()))
        if name is None or name not in files:
            raise LookupError(f"which file? {name or 'none'} is not one of {', '.join(files)}")
        return files[name]

    def ladder(self) -> LadderDrawing:
        """The ladder of the whole case; what a finding says of a frame stands at its arrow."""
        return LadderDrawing(ladder.plan(self.case, None, hits=marks.of_findings(self.diagnosis.findings)))

    def media_paths(self) -> PathsDrawing:
        """The media paths of all calls, as a picture."""
        return PathsDrawing(paths.plan(self.case, None))

    def explore(self) -> "Explorer":
        """Click through the case: calls, ladders, messages, media, findings; needs ``collabtrace[lab]``."""
        from collabtrace.widgets.explorer import Explorer

        explorer = Explorer(self.case, self.diagnosis, self.refresh)
        self._explorers.add(explorer)
        return explorer

    def report(self, target: str | Path) -> Path:
        """Write the self-contained HTML report to *target*; a ``CaptureError`` where that is one of the captures."""
        from collabtrace.reports import page

        written = Path(target)
        spare(written, self.case.files.values())
        page.write(self.case, self.diagnosis, written)
        return written


class Call:
    """One call of a trace, the same one after a refresh."""

    def __init__(self, trace: Trace, number: int) -> None:
        self.trace = trace
        self._taken = trace.case.calls[number - 1]

    @property
    def number(self) -> int:
        """Its number as the captures now are; a LookupError where a ring buffer has dropped it."""
        number = self.trace.case.call_again(self._taken)
        if number is None:
            raise LookupError(f"call {self._taken.call_ids[0]} is not in the captures any more")
        return number

    @property
    def record(self) -> CallRecord:
        """Its row of the table ``calls``."""
        return self.trace.case.calls[self.number - 1]

    def __repr__(self) -> str:
        call = self.record
        return f"<Call {call.call}: {call.caller} to {call.callee}, {call.result}, {len(call.call_ids)} legs>"

    def ladder(self) -> LadderDrawing:
        """Its ladder, the legs side by side; what a finding says of a frame stands at its arrow."""
        hits = marks.of_findings(self.trace.diagnosis.findings)
        return LadderDrawing(ladder.plan(self.trace.case, self.number, hits=hits))

    def paths(self) -> PathsDrawing:
        """Where its media should flow, and where it was seen."""
        return PathsDrawing(paths.plan(self.trace.case, self.number))

    @property
    def findings(self) -> "pd.DataFrame":
        """The faults found in this call."""
        own = set(self.record.call_ids)
        found = self.trace.findings
        return found.take([row for row, calls in enumerate(found["calls"]) if own & set(calls)])
