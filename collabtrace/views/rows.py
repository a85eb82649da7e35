"""What a ladder consists of: a ladder is sections, a section is lanes and rows, a row is an arrow, a note or a gap.

Plain values without a drawing in them; a lane is named by its ``key``, which arrows and notes refer to.
"""

from dataclasses import dataclass
from typing import TypeAlias

from collabtrace.views.wording import moment

Sighting: TypeAlias = tuple[str, int]
"""A frame in a file."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One machine."""

    key: str
    """Its address; with the SIP port where one address talks to itself."""
    name: str | None = None
    """What it is, or what it calls itself."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """Something that one machine sent to another, perhaps several times."""

    time: float
    """Seconds since the epoch, of the first."""
    source: str
    """Key of a lane."""
    target: str
    """Key of a lane."""
    label: str
    """``INVITE (SDP)``, ``200 OK``, ``RTP audio PCMU``"""
    seen: tuple[Sighting, ...]
    """Every frame that shows it: repetitions, and other capture points."""
    kind: str = "sip"
    """``sip rtp rtcp bfcp dtmf event``"""
    answer: bool = False
    """Whether it answers another arrow: a SIP response, a BFCP acknowledgement."""
    status: int | None = None
    """Of a SIP response."""
    cseq: str | None = None
    """``1 INVITE``"""
    info: str = ""
    """A few words more, beside the arrow."""
    detail: str = ""
    """A line more, for who asks: ports, transport, size."""
    count: int = 1
    """How often it was sent."""
    again: int = 0
    """How many of these were retransmissions."""
    until: float | None = None
    """Time of the last of several, or the end of a stream."""
    about: str | None = None
    """Whose request it is, or answers: the From URI."""
    leg: int | None = None
    """Number of the leg in its call, from 1; None where the call has one leg only."""
    table: str = "messages"
    """The table that *row* is a row of."""
    row: int | None = None
    mark: str | None = None
    """What a finding says about it."""
    delta: float | None = None
    """Seconds since the arrow before."""

    @property
    def file(self) -> str:
        """The file that shows it first."""
        return self.seen[0][0]

    @property
    def frame(self) -> int:
        """The frame that shows it first."""
        return self.seen[0][1]


@dataclass(frozen=True, slots=True)
class Note:
    """A state that begins, ends or holds at a time: ``talking 12.3 s``."""

    time: float
    text: str
    source: str
    """Key of the lane where the note begins."""
    target: str
    """Key of the lane where it ends."""
    closes: bool = False
    """Whether the state ends at this time, with the arrow that follows."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nothing was seen."""

    seconds: float


Row: TypeAlias = Arrow | Note | Gap


@dataclass(frozen=True, slots=True)
class Section:
    """One call, or what belongs to none."""

    anchor: str
    """``call-3``: unique in the ladder."""
    title: str
    lanes: tuple[Lane, ...]
    """From the caller on the left to the callee on the right; none where there are too many, and each row says its
    machines instead."""
    rows: tuple[Row, ...]
    legs: tuple[str, ...] = ()
    """A line about each leg, if there are several."""
    remarks: tuple[str, ...] = ()
    """What was left out."""
    start: float = 0.0
    """Seconds since the epoch of the first arrow: rows show their time since."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What is said below the title."""
        return (f"begins {moment(self.start)}", *self.legs, *self.remarks)

    def places(self) -> dict[str, int]:
        """The position of each lane by its key."""
        return {lane.key: place for place, lane in enumerate(self.lanes)}


@dataclass(frozen=True, slots=True)
class Ladder:
    """What a ladder shows, ready to be drawn."""

    title: str
    sections: tuple[Section, ...]
    files: tuple[str, ...] = ()
    """The capture points, in the order of their letters; one file needs no letter."""
    remarks: tuple[str, ...] = ()
    """What was left out or put together."""

    def frames(self, arrow: Arrow) -> str:
        """``#12``, or ``A#12 B#40``: the first frame of *arrow* in each file that shows it."""
        if len(self.files) < 2:
            return f"#{arrow.frame}"
        first: dict[str, int] = {}
        for file, frame in arrow.seen:
            first.setdefault(file, frame)
        return " ".join(f"{self.letter(file)}#{first[file]}" for file in self.files if file in first)

    def letter(self, file: str) -> str:
        """``A`` for the first capture point, ``B`` for the second; after ``Z`` comes ``27``."""
        place = self.files.index(file)
        return chr(ord("A") + place) if place < 26 else str(place + 1)


def shown(arrow: Arrow) -> str:
    """The label of an arrow with how often it was sent: ``OPTIONS ×57``."""
    return f"{arrow.label} ×{arrow.count}" if arrow.count > 1 else arrow.label


def beside(arrow: Arrow, ladder: Ladder) -> str:
    """Frame, CSeq and leg, which stand on the right."""
    leg = f"leg {arrow.leg}" if arrow.leg else None
    return "  ".join(filter(None, [ladder.frames(arrow), arrow.cseq, leg]))


def way(arrow: Arrow) -> str:
    """``192.0.2.10 → 203.0.113.20``: from where to where, for rows without lanes."""
    return f"{arrow.source} → {arrow.target}"
