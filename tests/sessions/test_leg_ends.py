"""How legs end, in words."""

import pytest

from collabtrace.protocols import sip
from collabtrace.sessions.dialog_states import CONFIRMED, EARLY
from collabtrace.sessions.leg_ends import LegEnds
from collabtrace.sessions.legs import Attempt, Leg
from collabtrace.testing.conversation import MACHINES, conversation


def leg(state: str, method: str = "INVITE") -> Leg:
    return Leg(method, "a", "b", 0, state=state, to_caller=False)


def ended(line: str, how: str, *, state: str = CONFIRMED, method: str = "INVITE") -> tuple[str, str | None, str | None]:
    """State, reason and author after the message *line*."""
    found = leg(state, method)
    getattr(LegEnds(conversation(line).messages), how)(found, 0)
    return found.state, found.end_reason, found.ended_by


def test_a_bye_with_its_cause() -> None:
    line = '0 alice bob BYE 2 a>b Reason="Q.850;cause=16"'
    assert ended(line, "bye") == ("terminated", f"BYE from {MACHINES['alice']} (Q.850;cause=16)", MACHINES["alice"])


def test_a_bye_of_which_only_the_response_is_seen() -> None:
    line = "0 bob alice 200/BYE 2 a>b"
    assert ended(line, "bye_answered") == ("terminated", f"BYE from {MACHINES['alice']}", MACHINES["alice"])


def test_a_bye_that_passed_a_proxy_where_nothing_tells_who_called() -> None:
    line = "0 proxy bob BYE 2 a>b vias=2"
    assert ended(line, "bye") == ("terminated", f"BYE via {MACHINES['proxy']}", MACHINES["proxy"])
    line = "0 bob proxy 200/BYE 2 a>b vias=2"
    assert ended(line, "bye_answered") == ("terminated", f"BYE via {MACHINES['proxy']}", MACHINES["proxy"])


def test_a_server_that_adds_a_via_of_its_own() -> None:
    """The first hop names the sender itself, by its host or as the next hop saw it."""
    said = conversation("0 proxy bob BYE 2 a>b vias=2")
    for first_hop in ("203.0.113.4:7000", "server.example.com;received=203.0.113.4"):
        text = said.texts[0].replace(b"192.0.2.99:5060", first_hop.encode())
        found = leg(CONFIRMED)
        LegEnds(said.messages, [sip.parse(text)].__getitem__).bye(found, 0)
        assert found.end_reason == f"BYE from {MACHINES['proxy']}"


@pytest.mark.parametrize(
    ("what", "state"),
    [
        ("481/UPDATE", "terminated"),
        ("408/INFO", "terminated"),
        ("481/BYE", CONFIRMED),
        ("500/INFO", CONFIRMED),
        ("481/SUBSCRIBE", CONFIRMED),
        ("481/NOTIFY", CONFIRMED),
    ],
)
def test_a_dialog_that_is_no_more(what: str, state: str) -> None:
    found = leg(CONFIRMED)
    LegEnds(conversation(f"0 bob alice {what} 2 a>b").messages).gone(found, 0, what.partition("/")[2])
    assert found.state == state


@pytest.mark.parametrize(
    ("method", "header", "state"),
    [
        ("SUBSCRIBE", "Terminated;reason=giveup", "terminated"),
        ("SUBSCRIBE", "active", CONFIRMED),
        ("INVITE", "terminated", CONFIRMED),
    ],
)
def test_a_notify_ends_a_subscription_and_no_call(method: str, header: str, state: str) -> None:
    line = f"0 bob alice NOTIFY 2 b>a Subscription-State={header}"
    assert ended(line, "last_notify", method=method)[0] == state


def test_a_failure_without_reason_phrase_of_a_leg_without_attempt() -> None:
    messages = conversation("0 bob alice 486/INVITE 1 a>b").messages.replace(reason=[None])
    found = leg(EARLY)
    LegEnds(messages).failure([found], None, 0)
    assert (found.state, found.end_reason) == ("failed", "486")


def test_the_callers_own_cancel_is_named_before_the_proxys() -> None:
    messages = conversation("""
        0 alice proxy CANCEL 1 a
        0 proxy bob   CANCEL 1 a vias=2
        1 bob   proxy 487/INVITE 1 a>b vias=2 branch=far
    """).messages
    attempt = Attempt("INVITE", "a", 0, cseq=1, branch="near", to_caller=False)
    attempt.cancels = {"near": 0, "far": 1}
    found = Leg.of(attempt, "b")
    LegEnds(messages).failure([found], attempt, 2)
    assert (found.end_reason, found.ended_by) == ("cancelled", MACHINES["alice"])
