"""Which message offers and which answers, as a state machine.

RFC 3264; RFC 3261 §13.2.1, RFC 3262 §5, RFC 3311 §5, RFC 6337 §2.

Each INVITE, UPDATE or PRACK that may carry a session description is an exchange:

* The request offers. A reliable provisional response or the 2xx answers; what an unreliable one says is a preview of
  the answer (RFC 6337 §3.1.1). After the answer, later descriptions of the same exchange say nothing new.
* Or the INVITE asks: the first reliable response offers, and the PRACK or ACK answers.
* A failure refuses the offer, and what was agreed before stays (RFC 3261 §14.1).
* A capture that begins too late shows an answer alone. Where an ACK with a description follows, it was an offer.

Several exchanges may be under way at once, as a PRACK is within its INVITE; a ``Round`` is one offer with what became
of it.
"""


class State:
    """How far an exchange is."""

    NEW = "new"
    OFFERED = "offered"
    """The request offers."""
    PREVIEWED = "previewed"
    """An unreliable provisional response shows an answer."""
    ASKED = "asked"
    """The INVITE has no description: the other side shall offer."""
    OFFERED_BACK = "offered back"
    """A response offers."""
    LONE = "lone"
    """A response describes, and what it answers is not in the capture."""
    OVER = "over"


class Event:
    """A message, by what it means to the exchange; ``_SDP`` carries a description."""

    REQUEST = "request"
    REQUEST_SDP = "request with SDP"
    UNRELIABLE_SDP = "unreliable provisional response with SDP"
    RELIABLE_SDP = "reliable provisional response with SDP"
    SUCCESS = "2xx"
    SUCCESS_SDP = "2xx with SDP"
    ACK = "ACK"
    ACK_SDP = "ACK with SDP"
    """Also the PRACK of a reliable response that offers."""
    FAILURE = "failure"


class Act:
    """What the message does to the round."""

    OFFER = "offer"
    ANSWER = "answer"
    PREVIEW = "preview"
    SETTLE = "settle"
    """The preview stands: the 2xx does not repeat it."""
    REFUSE = "refuse"
    ANSWER_ALONE = "answer alone"
    TURN = "turn"
    """What looked like an answer was the offer, and this is the answer."""
    LACK = "lack"
    """No answer where there must be one."""
    NOTHING = "nothing"


STEPS = {
    (State.NEW, Event.REQUEST): (Act.NOTHING, State.ASKED),
    (State.NEW, Event.REQUEST_SDP): (Act.OFFER, State.OFFERED),
    (State.NEW, Event.UNRELIABLE_SDP): (Act.ANSWER_ALONE, State.LONE),
    (State.NEW, Event.RELIABLE_SDP): (Act.ANSWER_ALONE, State.LONE),
    (State.NEW, Event.SUCCESS_SDP): (Act.ANSWER_ALONE, State.LONE),
    (State.NEW, Event.ACK_SDP): (Act.ANSWER_ALONE, State.OVER),
    (State.OFFERED, Event.UNRELIABLE_SDP): (Act.PREVIEW, State.PREVIEWED),
    (State.OFFERED, Event.RELIABLE_SDP): (Act.ANSWER, State.OVER),
    (State.OFFERED, Event.SUCCESS_SDP): (Act.ANSWER, State.OVER),
    (State.OFFERED, Event.SUCCESS): (Act.LACK, State.OVER),
    (State.OFFERED, Event.FAILURE): (Act.REFUSE, State.OVER),
    (State.PREVIEWED, Event.UNRELIABLE_SDP): (Act.PREVIEW, State.PREVIEWED),
    (State.PREVIEWED, Event.RELIABLE_SDP): (Act.ANSWER, State.OVER),
    (State.PREVIEWED, Event.SUCCESS_SDP): (Act.ANSWER, State.OVER),
    (State.PREVIEWED, Event.SUCCESS): (Act.SETTLE, State.OVER),
    (State.PREVIEWED, Event.FAILURE): (Act.NOTHING, State.OVER),
    (State.ASKED, Event.RELIABLE_SDP): (Act.OFFER, State.OFFERED_BACK),
    (State.ASKED, Event.SUCCESS_SDP): (Act.OFFER, State.OFFERED_BACK),
    (State.OFFERED_BACK, Event.ACK_SDP): (Act.ANSWER, State.OVER),
    (State.OFFERED_BACK, Event.ACK): (Act.LACK, State.OVER),
    (State.OFFERED_BACK, Event.FAILURE): (Act.REFUSE, State.OVER),
    (State.LONE, Event.UNRELIABLE_SDP): (Act.ANSWER, State.LONE),
    (State.LONE, Event.RELIABLE_SDP): (Act.ANSWER, State.LONE),
    (State.LONE, Event.SUCCESS_SDP): (Act.ANSWER, State.LONE),
    (State.LONE, Event.ACK_SDP): (Act.TURN, State.OVER),
}
"""State and event to act and next state; what is not here changes nothing."""

OFFERED, EARLY, AGREED, REJECTED, ANSWER_ONLY = "offered", "early", "agreed", "rejected", "answer-only"
"""States of a round, as the table of media lines names them."""


class Round:
    """One offer and what became of it; messages are rows, each as often as hops show it."""

    __slots__ = ("answers", "flaws", "offers", "refusal", "state", "superseded")

    def __init__(self, state: str) -> None:
        self.state = state
        self.offers: list[int] = []
        self.answers: list[int] = []
        self.refusal: int | None = None
        """The failure that refused the offer."""
        self.flaws: list[str] = []
        self.superseded = False
        """Whether the same offer was made again after a challenge."""


class Exchange:
    """One INVITE, UPDATE or PRACK with its responses and its ACK."""

    __slots__ = ("round", "state")

    def __init__(self) -> None:
        self.state = State.NEW
        self.round: Round | None = None

    def take(self, event: str, row: int) -> list[int] | None:
        """Do what the table says.

        Gives the list of rows that the message went to, ``offers`` or ``answers`` of the round: the same message on
        the next hop goes there too. None for a message that is in neither.
        """
        act, self.state = STEPS.get((self.state, event), (Act.NOTHING, self.state))
        if act == Act.NOTHING:
            return None
        if act in (Act.OFFER, Act.ANSWER_ALONE):
            self.round = Round(OFFERED if act == Act.OFFER else ANSWER_ONLY)
            rows = self.round.offers if act == Act.OFFER else self.round.answers
            rows.append(row)
            return rows
        return None if self.round is None else _change(self.round, act, row)


def _change(round_: Round, act: str, row: int) -> list[int] | None:
    """Do to a round what a later message does."""
    if act == Act.REFUSE:
        round_.refusal = row
    elif act == Act.SETTLE:
        round_.state = AGREED
        round_.flaws.append("the 2xx has no answer; that of the provisional response stands")
    elif act == Act.LACK:
        round_.flaws.append("the offer was never answered, though the exchange is over")
    else:
        if act == Act.TURN:
            round_.offers = round_.answers
        round_.answers = [row]
        if act == Act.PREVIEW:
            round_.state = EARLY
        elif act == Act.TURN or round_.offers:
            round_.state = AGREED
        return round_.answers
    return None
