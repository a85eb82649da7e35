"""Messages sorted into legs, where it is not plain; the plain ways are in ``test_dialogs``."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.sessions.leg_gathering import MOST_BRANCHES, MOST_FORKS, Gathering
from collabtrace.testing.conversation import conversation


def gather(lines: str) -> list[tuple[str, str | None, str, list[int]]]:
    """Method, To tag, state and rows of each leg of one Call-ID."""
    messages = conversation(lines).messages
    found = Gathering(messages).group(list(range(len(messages))))
    return [(leg.method, leg.to_tag, leg.state, leg.all_rows()) for leg in found]


def test_an_ack_that_comes_after_the_next_try_belongs_to_the_attempt() -> None:
    assert gather("""
        0.0 alice proxy INVITE     1 a
        0.1 proxy alice 407/INVITE 1 a>x
        0.2 alice proxy INVITE     2 a
        0.3 alice proxy ACK        1 a>x branch=z9hG4bK-call-1-1-INVITE-alice
        0.4 proxy alice 407/INVITE 1 a>x
        0.5 proxy alice 180/INVITE 2 a>b
    """) == [("INVITE", "b", "early", [0, 1, 2, 3, 4, 5])]


def test_a_request_within_a_dialog_whose_answer_is_missing() -> None:
    assert gather("""
        0.0 alice bob INVITE 1 a
        1.0 alice bob ACK    1 a>b
        5.0 bob alice BYE    1 b>a
    """) == [("INVITE", "b", "terminated", [0, 1, 2])]


def test_a_prack_shows_that_the_leg_is_early() -> None:
    assert gather("0.0 alice bob PRACK 2 a>b") == [("INVITE", "b", "early", [0])]
    assert gather("0.0 bob alice 200/PRACK 2 a>b") == [("INVITE", "b", "early", [0])]


def test_a_failure_without_its_request_is_an_attempt() -> None:
    assert gather("""
        0.0 bob   alice 100/INVITE 1 a
        0.1 bob   alice 486/INVITE 1 a>b
        0.2 alice bob   ACK        1 a>b of=INVITE
    """) == [("INVITE", "b", "failed", [0, 1, 2])]


def test_a_provisional_response_within_a_dialog_is_no_attempt() -> None:
    assert gather("0.0 bob alice 100/INVITE 3 a>b") == [("INVITE", "b", "confirmed", [0])]


def test_a_provisional_response_that_rings_after_one_is() -> None:
    assert gather("""
        0.0 bob alice 100/INVITE 3 a>b
        0.1 bob alice 180/INVITE 3 a>b
    """) == [("INVITE", "b", "early", [0, 1])]


def test_a_re_invite_that_rings_leaves_the_dialog_confirmed() -> None:
    assert gather("""
        0.0 alice bob   INFO       2 a>b
        0.1 bob   alice 100/INVITE 3 a>b
        0.2 bob   alice 180/INVITE 3 a>b
    """) == [("INVITE", "b", "confirmed", [0, 1, 2])]


def test_an_early_dialog_may_be_ended_by_bye() -> None:
    assert gather("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 180/INVITE 1 a>b
        0.2 alice bob   BYE        2 a>b
    """) == [("INVITE", "b", "terminated", [0, 1, 2])]


def test_a_late_request_tells_of_what_usage_a_stray_dialog_is() -> None:
    assert gather("""
        0.0 alice bob NOTIFY 7 a>b Subscription-State=active
        0.1 alice bob BYE    8 a>b
    """) == [("INVITE", "b", "terminated", [0, 1])]


def test_a_failed_stray_leg() -> None:
    assert gather("""
        0.0 alice bob   PRACK      2 a>b
        0.1 bob   alice 486/INVITE 1 a>b
    """) == [("INVITE", "b", "failed", [0, 1])]


def test_a_cancel_whose_invite_is_missing() -> None:
    assert gather("""
        0.0 alice bob   CANCEL     1 a   of=INVITE
        0.1 bob   alice 200/CANCEL 1 a>b of=INVITE
        0.2 bob   alice 487/INVITE 1 a>b
    """) == [("INVITE", "b", "failed", [0, 1, 2])]


def test_an_invite_without_tag_after_an_answered_one_is_another_call() -> None:
    assert gather("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 200/INVITE 1 a>b
        9.0 alice bob   INVITE     2 a
    """) == [("INVITE", "b", "confirmed", [0, 1]), ("INVITE", None, "trying", [2])]


def test_a_subscription_that_is_refreshed_without_tag() -> None:
    assert gather("""
        0.0 alice bob   SUBSCRIBE     1 a
        0.1 bob   alice 200/SUBSCRIBE 1 a>b
        9.0 alice bob   SUBSCRIBE     2 a
        9.1 bob   alice 200/SUBSCRIBE 2 a>c
    """) == [("SUBSCRIBE", "b", "confirmed", [0, 1]), ("SUBSCRIBE", "c", "confirmed", [2, 3])]


def test_a_message_of_no_dialog_is_in_no_leg() -> None:
    assert gather("""
        0.0 alice bob   INVITE      1 a
        0.1 alice bob   OPTIONS     2 a
        0.2 bob   alice 200/OPTIONS 2 a>x
        0.3 bob   alice 200/CANCEL  1 q>x
    """) == [("INVITE", None, "trying", [0])]


METHODS = ["INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE", "NOTIFY", "SUBSCRIBE", "REFER", "OPTIONS"]
STATUSES = [100, 180, 200, 302, 401, 481, 487, 500]
ANSWERED = ["INVITE", "BYE", "NOTIFY", "SUBSCRIBE"]
LINES = st.lists(
    st.tuples(
        st.sampled_from([*METHODS, *(f"{status}/{method}" for status in STATUSES for method in ANSWERED)]),
        st.sampled_from(["alice bob", "bob alice", "alice proxy", "proxy bob"]),
        st.integers(1, 3),
        st.sampled_from(["a", "a>b", "b>a", "a>c", "-", "->b"]),
    ),
    max_size=12,
)


@given(LINES)
def test_any_messages_in_any_order_give_legs(lines: list[tuple[str, str, int, str]]) -> None:
    said = "\n".join(f"{n}.0 {ends} {what} {cseq} {tags}" for n, (what, ends, cseq, tags) in enumerate(lines))
    messages = conversation(said).messages
    for leg in Gathering(messages).group(list(range(len(messages)))):
        rows = leg.all_rows()
        assert rows
        assert rows == sorted(set(rows))
        assert (leg.state in ("failed", "terminated")) == (leg.end_reason is not None)


def test_more_forks_than_there_can_be_share_a_leg() -> None:
    lines = ["0.0 alice proxy INVITE 1 a", *(f"1.0 proxy alice 180/INVITE 1 a>{n}" for n in range(MOST_FORKS + 5))]
    found = gather("\n".join(lines))
    assert len(found) == MOST_FORKS
    assert len(found[-1][3]) == 7


def test_a_failure_under_a_branch_that_was_not_remembered_ends_its_leg() -> None:
    hops = [f"1.0 bob alice 180/INVITE 1 a>b branch=z9hG4bK-{n}" for n in range(MOST_BRANCHES + 1)]
    failure = f"2.0 bob alice 486/INVITE 1 a>b branch=z9hG4bK-{MOST_BRANCHES}"
    ((_, to_tag, state, rows),) = gather("\n".join(["0.0 alice bob INVITE 1 a", *hops, failure]))
    assert (to_tag, state, len(rows)) == ("b", "failed", MOST_BRANCHES + 3)
