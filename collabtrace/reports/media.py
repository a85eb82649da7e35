"""What was negotiated: every m-line of every offer/answer round (RFC 3264)."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.reports.anchors import Anchors
from collabtrace.reports.format import endpoint
from collabtrace.reports.parts import Row, badge, empty, link, table
from collabtrace.reports.section import Section
from collabtrace.reports.tones import state_tone
from collabtrace.schema import MediaLine
from collabtrace.views.markup import element, join
from collabtrace.views.wording import counted

HEADINGS = ("m-line", "State", "Direction", "Codecs", "Protocol", "Offered at", "Answered at", "Security", "ICE",
            "Label", "Floor control", "Setup", "Floors", "Flaws")  # fmt: skip

DIRECTIONS = {"sendrecv": "⇄ sendrecv", "sendonly": "→ sendonly", "recvonly": "← recvonly", "inactive": "✕ inactive"}
"""As the offerer sees them."""


@dataclass(frozen=True)
class Media(Section):
    """Some m-lines of a case, round by round."""

    anchors: Anchors
    rows: Sequence[int]
    title: str = "Media negotiated"

    def html(self) -> Markup:
        """A table for each offer/answer round of each leg."""
        if not self.rows:
            return empty("No media was described: no message of the call in the capture carries SDP.")
        lines = self.anchors.case.media
        rounds: dict[tuple[int, int], list[MediaLine]] = {}
        for row in self.rows:
            line = lines[row]
            rounds.setdefault((line.dialog_row, line.round), []).append(line)
        legs = {dialog: number for number, dialog in enumerate(dict.fromkeys(dialog for dialog, _ in rounds), 1)}
        return join(
            self._round(legs[dialog] if len(legs) > 1 else None, found) for (dialog, _), found in rounds.items()
        )

    def _round(self, leg: int | None, lines: Sequence[MediaLine]) -> Markup:
        first = lines[0]
        title = f"Leg {leg}, round {first.round}" if leg else f"Round {first.round}"
        heading = element("h5", title, element("small", " · ", self._frames(first)))
        return join(
            [heading, table(f"{title}: {counted(len(lines), 'm-line')}", HEADINGS, [_line(line) for line in lines])]
        )

    def _frames(self, line: MediaLine) -> Markup:
        return join(
            [self._frame("offer", line.file, line.offer_frame), self._frame("answer", line.file, line.answer_frame)],
            ", ",
        )

    def _frame(self, what: str, file: str, frame: int | None) -> Markup:
        if frame is None:
            return join([f"no {what} seen"])
        return join([f"{what} in frame ", link(f"{frame}", self.anchors.frame(file, frame))])


def _line(line: MediaLine) -> Row:
    return Row(
        (
            f"{line.index} {line.kind}{f' ({line.content})' if line.content else ''}",
            badge(line.state, state_tone(line.state)),
            DIRECTIONS.get(line.direction, line.direction),
            line.codecs,
            line.protocol,
            None if line.offer_address is None else endpoint(line.offer_address, line.offer_port),
            None if line.answer_address is None else endpoint(line.answer_address, line.answer_port),
            line.security.upper() if line.security else None,
            "yes" if line.ice else None,
            line.label,
            line.floorctrl,
            line.setup,
            line.floors,
            "; ".join(line.flaws) if line.flaws else None,
        )
    )
