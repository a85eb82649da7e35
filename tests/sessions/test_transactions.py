"""Transactions, hop by hop (RFC 3261 §17)."""

from collabtrace.columns import Table
from collabtrace.schema import Transaction
from collabtrace.sessions import transactions
from collabtrace.testing.conversation import MACHINES, START, conversation

ALICE, BOB, PROXY = MACHINES["alice"], MACHINES["bob"], MACHINES["proxy"]


def build(lines: str) -> Table[Transaction]:
    return transactions.build(conversation(lines).messages)


def test_an_invite_is_answered_and_acknowledged() -> None:
    (invite,) = build("""
        0.00 alice bob   INVITE     1 a
        0.01 bob   alice 100/INVITE 1 a
        0.10 bob   alice 180/INVITE 1 a>b
        2.00 bob   alice 200/INVITE 1 a>b
        2.01 alice bob   ACK        1 a>b
    """)
    assert (invite.method, invite.source, invite.target, invite.status, invite.reason) == (
        "INVITE",
        ALICE,
        BOB,
        200,
        "OK",
    )
    assert (invite.request_frame, invite.answer_frame, invite.ack_frame) == (1, 4, 5)
    assert (invite.started, invite.first_provisional, invite.answered) == (START, START + 0.01, START + 2.0)
    assert (invite.request_row, invite.answer_row) == (0, 3)


def test_a_failure_is_acknowledged_under_the_same_branch() -> None:
    (invite,) = build("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 486/INVITE 1 a>b
        0.2 alice bob   ACK        1 a>b of=INVITE
    """)
    assert (invite.status, invite.ack_frame) == (486, 3)


def test_repetitions_are_counted() -> None:
    (invite,) = build("""
        0.0 alice bob   INVITE     1 a
        0.5 alice bob   INVITE     1 a
        1.5 alice bob   INVITE     1 a
        1.6 bob   alice 200/INVITE 1 a>b
        2.1 bob   alice 200/INVITE 1 a>b
        2.2 alice bob   ACK        1 a>b
        2.3 alice bob   ACK        1 a>b
    """)
    assert (invite.requests_repeated, invite.answers_repeated, invite.answer_frame, invite.ack_frame) == (2, 1, 4, 6)


def test_a_second_view_is_counted_nowhere() -> None:
    (options,) = build("""
        0.000 alice bob   OPTIONS     1 a
        0.001 alice bob   OPTIONS     1 a    seen=twice
        0.100 bob   alice 200/OPTIONS 1 a>b
        0.101 bob   alice 200/OPTIONS 1 a>b  seen=twice
    """)
    assert (options.requests_repeated, options.answers_repeated, options.answer_frame) == (0, 0, 3)


def test_a_cancel_is_a_transaction_of_its_own() -> None:
    invite, cancel = build("""
        0.0 alice bob   INVITE     1 a
        1.0 alice bob   CANCEL     1 a   of=INVITE
        1.1 bob   alice 200/CANCEL 1 a>b of=INVITE
        1.2 bob   alice 487/INVITE 1 a>b
        1.3 alice bob   ACK        1 a>b of=INVITE
    """)
    assert (invite.method, invite.status, invite.ack_frame) == ("INVITE", 487, 5)
    assert (cancel.method, cancel.status, cancel.ack_frame) == ("CANCEL", 200, None)


def test_every_hop_of_a_proxy_is_a_transaction() -> None:
    near, far = build("""
        0.00 alice proxy INVITE     1 a
        0.01 proxy alice 100/INVITE 1 a
        0.02 proxy bob   INVITE     1 a   vias=2
        0.50 bob   proxy 200/INVITE 1 a>b vias=2
        0.51 proxy alice 200/INVITE 1 a>b
    """)
    assert [(each.source, each.target, each.answer_frame) for each in (near, far)] == [
        (ALICE, PROXY, 5),
        (PROXY, BOB, 4),
    ]


def test_one_branch_on_two_hops_is_told_apart_by_the_ends() -> None:
    """A device that rewrites addresses only, seen from both of its sides."""
    inside, outside = build("""
        0.000 alice bob   OPTIONS     1 a   branch=z9hG4bK-1
        0.010 relay bob   OPTIONS     1 a   branch=z9hG4bK-1
        0.100 bob   relay 200/OPTIONS 1 a>b branch=z9hG4bK-1
        0.110 bob   alice 200/OPTIONS 1 a>b branch=z9hG4bK-1
    """)
    assert (inside.source, inside.answer_frame) == (ALICE, 4)
    assert (outside.source, outside.answer_frame) == (MACHINES["relay"], 3)


def test_without_branches_the_cseq_remains() -> None:
    invite, bye = build("""
        0.0 alice bob   INVITE     1 a   branch=-
        0.1 bob   alice 200/INVITE 1 a>b branch=-
        0.2 alice bob   ACK        1 a>b branch=-
        5.0 bob   alice BYE        1 b>a branch=-
        5.1 alice bob   200/BYE    1 b>a branch=-
    """)
    assert (invite.method, invite.ack_frame, bye.method, bye.answer_frame) == ("INVITE", 3, "BYE", 5)


def test_a_capture_that_starts_late_shows_responses_only() -> None:
    (bye,) = build("0.0 bob alice 200/BYE 2 a>b")
    assert (bye.source, bye.target, bye.request_frame, bye.request_uri) == (ALICE, BOB, None, None)
    assert (bye.status, bye.requests_repeated, bye.request_row, bye.answer_row) == (200, 0, None, 0)


def test_a_response_that_overtook_its_request_belongs_to_it() -> None:
    (options,) = build("""
        0.0 bob   alice 200/OPTIONS 1 a>b
        0.1 alice bob   OPTIONS     1 a
    """)
    assert (options.source, options.request_frame, options.answer_frame) == (ALICE, 2, 1)


def test_a_response_may_come_from_another_address_of_the_server() -> None:
    (options,) = build("""
        0.0 alice server OPTIONS     1 a
        0.1 relay alice  200/OPTIONS 1 a>b
    """)
    assert options.answer_frame == 2


def test_an_ack_that_goes_past_the_proxy_belongs_to_the_callers_invite() -> None:
    near, far = build("""
        0.0 alice proxy INVITE     1 a
        0.1 proxy bob   INVITE     1 a   vias=2
        0.2 bob   proxy 200/INVITE 1 a>b vias=2
        0.3 proxy alice 200/INVITE 1 a>b
        0.4 alice bob   ACK        1 a>b
    """)
    assert (near.ack_frame, far.ack_frame) == (5, None)


def test_a_fork_answers_twice_and_the_first_counts() -> None:
    (invite,) = build("""
        0.0 alice proxy INVITE     1 a
        0.1 proxy alice 200/INVITE 1 a>b
        0.2 proxy alice 200/INVITE 1 a>c
    """)
    assert (invite.answer_frame, invite.answers_repeated) == (2, 0)


def test_a_branch_that_is_used_again_is_another_transaction() -> None:
    first, second = build("""
        0   alice bob   OPTIONS     1 a
        1   bob   alice 200/OPTIONS 1 a>b
        100 alice bob   OPTIONS     1 a
        101 bob   alice 200/OPTIONS 1 a>b
    """)
    assert (first.answer_frame, second.answer_frame) == (2, 4)


def test_transactions_come_in_the_order_in_which_they_began() -> None:
    found = build("""
        0 alice bob REGISTER 1 a call=one
        1 carol bob REGISTER 1 c call=two
        2 alice bob REGISTER 2 a call=one
    """)
    assert found.values("request_frame") == [1, 2, 3]


def test_a_lone_ack_is_no_transaction() -> None:
    assert len(build("0.0 alice bob ACK 1 a>b")) == 0
