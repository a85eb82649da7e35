"""One session description of a leg, as it was offered or answered (RFC 3264)."""

from typing import TYPE_CHECKING

from collabtrace.schema import Message
from collabtrace.subjects.line import Line, Side

if TYPE_CHECKING:
    from collabtrace.subjects.leg import Leg


class Description:
    """What one side said of all m-lines of a round."""

    def __init__(self, lines: tuple[Line, ...], side: Side, *, is_answer: bool) -> None:
        self.lines = lines
        """The m-lines of the round; those that the other side alone has are among them."""
        self.message: Message = side.message
        """The message that carried it."""
        self.is_answer = is_answer
        self._side = side
        self.other: Description | None = None
        """The offer that it answers, or the answer to it; None where the capture shows none."""

    def __repr__(self) -> str:
        return f"<Description, {'answer' if self.is_answer else 'offer'} in frame {self.message.frame}>"

    @property
    def leg(self) -> "Leg":
        """The leg that it is of."""
        return self.lines[0].leg

    @property
    def by_caller(self) -> bool | None:
        """Whether the caller of the leg said it; None where the capture does not tell."""
        offered = self.lines[0].offered_by_caller
        return None if offered is None else offered != self.is_answer

    @property
    def is_whole(self) -> bool:
        """Whether nothing shows that its end is missing."""
        return self._side.is_whole

    @property
    def features(self) -> frozenset[str]:
        """The parameters of its Contact, in lower case: what the device can do (RFC 3840 §9)."""
        contacts = self._side.sip.contacts
        return frozenset(name.lower() for contact in contacts for name, _ in contact.parameters)

    @property
    def is_held(self) -> bool:
        """Whether its round puts the call on hold."""
        return self.lines[0].is_held

    def port(self, line: Line) -> int | None:
        """The port of an m-line as this side says it: 0 switches it off, None is no such m-line."""
        return line.record.answer_port if self.is_answer else line.record.offer_port

    def address(self, line: Line) -> str | None:
        """Where this side wants what an m-line is about."""
        return line.record.answer_address if self.is_answer else line.record.offer_address

    @property
    def floor_control(self) -> Line | None:
        """The m-line of floor control that this side describes, be it switched off."""
        return next((line for line in self.lines if line.is_bfcp and self.port(line) is not None), None)

    @property
    def wants_floor_control(self) -> bool:
        """Whether it names a port for floor control."""
        return any(line.is_bfcp and self.port(line) for line in self.lines)

    @property
    def has_picture(self) -> bool:
        """Whether it names a port for any picture."""
        return any(line.record.kind == "video" and self.port(line) for line in self.lines)

    @property
    def slides(self) -> Line | None:
        """The m-line for shared content (RFC 4796), where it names a port for it."""
        return next((line for line in self.lines if line.record.content == "slides" and self.port(line)), None)


def descriptions(rounds: tuple[tuple[Line, ...], ...]) -> tuple[Description, ...]:
    """Every description of the rounds of a leg once, in order; of one that was rewritten on its way each text."""
    found: dict[tuple[int, bool], Description] = {}
    for lines in rounds:
        for line in lines:
            if line.beside[0] is not line:
                continue
            pair = []
            for side, is_answer in ((line.offer, False), (line.answer, True)):
                if side is not None:
                    made = Description(line.beside, side, is_answer=is_answer)
                    pair.append(found.setdefault((side.row, is_answer), made))
            if len(pair) == 2:
                offer, answer = pair
                offer.other, answer.other = offer.other or answer, answer.other or offer
    return tuple(found.values())
