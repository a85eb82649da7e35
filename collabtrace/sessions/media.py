"""Media lines: one row for each m-line of each offer/answer round of each leg (RFC 3264).

``rounds`` finds which messages offer and answer, ``media_line`` what a pair of m-lines amounts to.

* A round that passes proxies unchanged is one set of rows, with the frames of the hop nearest to the offerer. Where a
  device between the hops rewrote a description, every hop with a text of its own gives a set of rows, as the media
  goes other ways there; the later ones say so in ``flaws``.
* An offer that a failure of its request ended stays as a round without an answer; what was agreed before holds on.
  Its lines are ``rejected`` where the failure is about the media, else ``offered``; ``flaws`` name it. An offer that is
  made again after a challenge is listed once.
* A line that the answer gives port 0 is ``rejected`` too; so is one that the offer itself switches off.
"""

from collections.abc import Callable, Sequence

from collabtrace.columns import Table
from collabtrace.protocols import sdp
from collabtrace.protocols.sdp import Media, Session
from collabtrace.schema import Dialog, MediaLine, Message
from collabtrace.sessions.media_line import Outcome, Outcomes
from collabtrace.sessions.offer_answer import AGREED, ANSWER_ONLY, EARLY, OFFERED, REJECTED, Round
from collabtrace.sessions.rounds import Rounds
from collabtrace.sessions.rows import Rows

REWRITTEN = "the description was rewritten between two hops"

ABOUT_MEDIA = frozenset({406, 415, 488, 491, 493, 580, 606})
"""Failures that speak of the session that was offered (RFC 3261 §21, RFC 3312 §8)."""

MOST_VIEWS = 16
"""Hops of one message that are compared."""


def build(messages: Table[Message], dialogs: Table[Dialog], body: Callable[[int], bytes]) -> Table[MediaLine]:
    """All media lines, leg by leg; *body* gives the session description of a message, empty where it has none."""
    fill = _Rows(messages, dialogs, body)
    rounds = Rounds(messages, fill.text)
    for dialog_row, rows in enumerate(dialogs.values("message_rows")):
        fill.begin(dialog_row)
        for number, round_ in enumerate(rounds.of(rows), 1):
            fill.add(number, round_)
    return fill.rows.table()


class _Rows:
    """The columns of the table while they grow, leg by leg."""

    def __init__(self, messages: Table[Message], dialogs: Table[Dialog], body: Callable[[int], bytes]) -> None:
        self.rows = Rows(MediaLine)
        self._outcomes = Outcomes()
        self._body = body
        self._file, self._call_id = dialogs.values("file"), dialogs.values("call_id")
        self._frame, self._time = messages.values("frame"), messages.values("time_epoch")
        self._status, self._reason = messages.values("status"), messages.values("reason")
        self._source, self._source_port = messages.values("source"), messages.values("source_port")
        self._target, self._target_port = messages.values("target"), messages.values("target_port")
        self._dialog_row = 0
        self._texts: dict[int, bytes] = {}
        self._sessions: dict[bytes, Session] = {}

    def begin(self, dialog_row: int) -> None:
        """Begin the next leg."""
        self._dialog_row = dialog_row
        self._texts, self._sessions = {}, {}

    def text(self, row: int) -> bytes:
        """The session description of a message of this leg, fetched once."""
        text = self._texts.get(row)
        if text is None:
            text = self._texts[row] = self._body(row)
        return text

    def add(self, number: int, round_: Round) -> None:
        """Fill the rows of one round."""
        for view, (offer, answer) in enumerate(self._views(round_)):
            flaws = list(round_.flaws)
            if view:
                flaws.append(REWRITTEN)
            if round_.refusal is not None:
                reason = self._reason[round_.refusal] or ""
                flaws.append(f"ended by {self._status[round_.refusal]} {reason}".rstrip())
            self._lines(number, self._state(round_), (offer, answer), flaws)

    def _views(self, round_: Round) -> list[tuple[int | None, int | None]]:
        """The pairs of offer and answer that differ, hop by hop, from the hop nearest to the offerer on."""
        offers, answers = round_.offers[:MOST_VIEWS], round_.answers[:MOST_VIEWS]
        if len(offers) < 2 and len(answers) < 2:
            return [(offers[0] if offers else None, answers[0] if answers else None)]
        pairs: list[tuple[int | None, int | None]] = [(offer, self._at_same_hop(offer, answers)) for offer in offers]
        answered = {answer for _, answer in pairs}
        first = offers[0] if offers else None
        pairs += [(first, answer) for answer in answers if answer not in answered]
        told: dict[tuple[bytes, bytes], tuple[int | None, int | None]] = {}
        for offer, answer in pairs:
            texts = (b"" if offer is None else self.text(offer), b"" if answer is None else self.text(answer))
            told.setdefault(texts, (offer, answer))
        return list(told.values())

    def _at_same_hop(self, offer: int, answers: Sequence[int]) -> int | None:
        """The answer that came back where the offer went; the first where none did."""
        ends = (self._target[offer], self._source[offer])
        ports = (self._target_port[offer], self._source_port[offer])
        back = [row for row in answers if (self._source[row], self._target[row]) == ends]
        exact = [row for row in back if (self._source_port[row], self._target_port[row]) == ports]
        return next(iter([*exact, *back, *answers]), None)

    def _session(self, row: int | None) -> Session | None:
        """The description of message *row*, parsed once for all rounds of the leg that repeat it."""
        if row is None:
            return None
        text = self.text(row)
        session = self._sessions.get(text)
        if session is None:
            session = self._sessions[text] = sdp.parse(text)
        return session

    def _state(self, round_: Round) -> str:
        return REJECTED if round_.refusal is not None and self._status[round_.refusal] in ABOUT_MEDIA else round_.state

    def _lines(self, number: int, state: str, pair: tuple[int | None, int | None], flaws: list[str]) -> None:
        offer, answer = pair
        offered, answered = self._session(offer), self._session(answer)
        offer_lines = offered.media if offered is not None else ()
        answer_lines = answered.media if answered is not None else ()
        if offered is not None and answered is not None and len(offer_lines) != len(answer_lines):
            flaws.append(f"{len(offer_lines)} m-lines are offered, {len(answer_lines)} answered")  # RFC 3264 §6
        for session, side in ((offered, "offer"), (answered, "answer")):
            if session is not None:
                flaws += [f"{side}: {flaw}" for flaw in session.flaws]
        said: list[str] | None = flaws
        for index in range(max(len(offer_lines), len(answer_lines))):
            mine = offer_lines[index] if index < len(offer_lines) else None
            theirs = answer_lines[index] if index < len(answer_lines) else None
            self._line((number, index, offer, answer), state, mine, theirs, tuple(said) if said else None)
            said = None

    def _line(
        self,
        place: tuple[int, int, int | None, int | None],
        state: str,
        mine: Media | None,
        theirs: Media | None,
        flaws: tuple[str, ...] | None,
    ) -> None:
        number, index, offer, answer = place
        out = self._outcomes.of(mine, theirs)
        settled = _state(state, mine, theirs, out)
        self.rows.add(
            self._file[self._dialog_row],
            self._call_id[self._dialog_row],
            number,
            index,
            None if offer is None else self._frame[offer],
            None if answer is None else self._frame[answer],
            None if offer is None else self._time[offer],
            None if answer is None else self._time[answer],
            settled,
            out.kind,
            out.content,
            out.label,
            out.protocol,
            out.offer_protocol,
            None if mine is None else mine.address,
            None if mine is None else mine.port,
            None if theirs is None else theirs.address,
            None if theirs is None else theirs.port,
            _rtcp_port(mine, out),
            _rtcp_port(theirs, out),
            "inactive" if settled == REJECTED else out.direction,
            out.codecs,
            out.payload_types,
            out.offer_payload_types,
            out.answer_payload_types,
            out.security,
            out.ice,
            out.floorctrl,
            out.floor_roles,
            out.setup,
            out.floors,
            flaws,
            offer,
            answer,
            self._dialog_row,
        )


def _rtcp_port(side: Media | None, outcome: Outcome) -> int | None:
    """Where a side wants RTCP; None where it has no port or no RTP."""
    if side is None or not side.port or not side.is_rtp:
        return None
    return side.port if outcome.muxed else side.rtcp_port


def _state(state: str, mine: Media | None, theirs: Media | None, outcome: Outcome) -> str:
    """The state of a line: that of its round, unless one side switched the line off or has no such line."""
    if state in (AGREED, EARLY, ANSWER_ONLY):
        if outcome.is_off:
            return REJECTED
        if state != ANSWER_ONLY:
            return OFFERED if theirs is None else ANSWER_ONLY if mine is None else state
    return state
