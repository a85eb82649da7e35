"""The states of a leg, as data (RFC 3261 §12, §13.2.2, §15; RFC 6665 §4.1.2).

What is not in the table changes nothing: a 488 to a re-INVITE leaves a confirmed dialog confirmed, and a
repeated 2xx does not answer it again.
"""

TRYING, EARLY, CONFIRMED, TERMINATED, FAILED = "trying", "early", "confirmed", "terminated", "failed"

PROVISIONAL = "101-199 to the opening request"
SUCCESS = "2xx to the opening request"
FAILURE = "3xx-6xx to the opening request"
BYE = "BYE"
GONE = "408 or 481 to a request within the dialog"
LAST_NOTIFY = "NOTIFY that ends the subscription"
FORK_ANSWERED = "2xx to the opening request under another To tag"

TRANSITIONS = {
    (TRYING, PROVISIONAL): EARLY,
    (TRYING, SUCCESS): CONFIRMED,
    (TRYING, FAILURE): FAILED,
    (TRYING, BYE): TERMINATED,
    (EARLY, SUCCESS): CONFIRMED,
    (EARLY, FAILURE): FAILED,
    (EARLY, FORK_ANSWERED): FAILED,  # §13.2.2.4, after 64·T1.
    (EARLY, BYE): TERMINATED,  # The caller may end an early dialog so (§15).
    (CONFIRMED, BYE): TERMINATED,
    (CONFIRMED, GONE): TERMINATED,  # §12.2.1.2
    (CONFIRMED, LAST_NOTIFY): TERMINATED,
    (FAILED, SUCCESS): CONFIRMED,  # The 2xx crossed the CANCEL on its way.
    (FAILED, BYE): TERMINATED,
}
"""State and event to the next state."""

OPEN = frozenset({TRYING, EARLY})
"""States in which the opening request has no final response."""

OPENING = frozenset({"INVITE", "SUBSCRIBE", "REFER"})
"""Methods that open a dialog (RFC 3261 §12.1, RFC 6665 §4, RFC 3515 §2.4.4)."""

SESSION = frozenset({"INVITE", "ACK", "BYE", "PRACK", "UPDATE", "INFO"})
"""Methods of which an INVITE is the origin."""

WITHIN = SESSION | {"REFER", "SUBSCRIBE", "NOTIFY"}
"""Methods that, with both tags, show that a dialog exists whose opening the capture does not hold."""

TELLING = WITHIN - {"NOTIFY"}
"""Methods whose responses alone show it; a NOTIFY outside dialogs is answered with a To tag too."""

RETRIED = frozenset(
    {401, 407, 413, 415, 416, 420, 421, 422, 423, 428, 429, 436, 437, 438, 470, 484, 485, 488, 491, 494, 500, 503}
)
"""Failures after which the caller tries again under the same Call-ID (RFC 3261 §8.1.3.5, RFC 4028 §7.4, RFC 3329);
the attempt goes on, as it does after a redirection."""


def is_retried(status: int) -> bool:
    """Whether the caller may try again under the same Call-ID after this failure."""
    return status in RETRIED or 300 <= status < 400
