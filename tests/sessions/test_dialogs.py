"""Legs: dialogs and attempts at one (RFC 3261 §12)."""

from collabtrace.columns import Table
from collabtrace.schema import Dialog
from collabtrace.sessions import dialogs
from collabtrace.testing.conversation import MACHINES, START, conversation

ALICE, BOB, CAROL, PROXY = (MACHINES[name] for name in ("alice", "bob", "carol", "proxy"))


def build(lines: str) -> Table[Dialog]:
    return dialogs.build(conversation(lines).messages)


def ends(lines: str) -> list[tuple[str | None, str, str | None, str | None]]:
    """To tag, state, reason and author of the end of each leg."""
    return [(each.to_tag, each.state, each.end_reason, each.ended_by) for each in build(lines)]


def test_a_call_is_made_answered_and_ended() -> None:
    (leg,) = build("""
        0.00 alice bob   INVITE     1 a    User-Agent="Phone A"
        0.01 bob   alice 100/INVITE 1 a    Server="Phone B"
        0.10 bob   alice 180/INVITE 1 a>b  Server="Phone B"
        2.00 bob   alice 200/INVITE 1 a>b
        2.01 alice bob   ACK        1 a>b
        9.00 bob   alice BYE        1 b>a  users=bob>alice Reason="Q.850;cause=16"
        9.01 alice bob   200/BYE    1 b>a  users=bob>alice
    """)
    assert (leg.state, leg.end_reason, leg.ended_by) == ("terminated", f"BYE from {BOB} (Q.850;cause=16)", BOB)
    assert (leg.started, leg.answered, leg.ended) == (START, START + 2, START + 9)
    assert (leg.from_uri, leg.to_uri) == ("sip:alice@example.com", "sip:bob@example.com")
    assert (leg.from_tag, leg.to_tag) == ("a", "b")
    assert (leg.caller, leg.callee, leg.caller_agent, leg.callee_agent) == (ALICE, BOB, "Phone A", "Phone B")
    assert (leg.frames, leg.message_rows) == ((1, 2, 3, 4, 5, 6, 7), (0, 1, 2, 3, 4, 5, 6))
    assert (leg.method, leg.call_id, leg.call) == ("INVITE", "call-1", None)


def test_a_call_that_rings_when_the_capture_ends() -> None:
    assert ends("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 180/INVITE 1 a>b
    """) == [("b", "early", None, None)]


def test_an_invite_without_answer_is_tried() -> None:
    (leg,) = build("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 100/INVITE 1 a
    """)
    assert (leg.state, leg.to_tag, leg.caller, leg.callee, leg.ended) == ("trying", None, ALICE, BOB, None)


def test_busy() -> None:
    (leg,) = build("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 486/INVITE 1 a>b
        0.2 alice bob   ACK        1 a>b of=INVITE
    """)
    assert (leg.state, leg.end_reason, leg.ended_by, leg.ended) == ("failed", "486 Busy Here", BOB, START + 0.1)
    assert (leg.answered, leg.frames) == (None, (1, 2, 3))


def test_the_caller_cancels() -> None:
    assert ends("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 180/INVITE 1 a>b
        3.0 alice bob   CANCEL     1 a   of=INVITE
        3.1 bob   alice 200/CANCEL 1 a>b of=INVITE
        3.2 bob   alice 487/INVITE 1 a>b
        3.3 alice bob   ACK        1 a>b of=INVITE
    """) == [("b", "failed", "cancelled", ALICE)]


def test_a_cancel_without_a_final_response_in_the_capture() -> None:
    assert ends("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 180/INVITE 1 a>b
        3.0 alice bob   CANCEL     1 a   of=INVITE Reason="Q.850;cause=31"
    """) == [("b", "failed", "cancelled (Q.850;cause=31)", ALICE)]


def test_a_cancel_of_a_call_that_nobody_rang_for() -> None:
    assert ends("""
        0.0 alice bob   INVITE     1 a
        3.0 alice bob   CANCEL     1 a   of=INVITE
    """) == [(None, "failed", "cancelled", ALICE)]


def test_a_cancel_that_is_answered_with_another_failure() -> None:
    """A server that knows nothing of CANCEL, or gives up by itself in the same moment."""
    assert ends("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 180/INVITE 1 a>b
        3.0 alice bob   CANCEL     1 a   of=INVITE
        5.0 bob   alice 408/INVITE 1 a>b
    """) == [("b", "failed", "cancelled, then 408 Request Timeout", ALICE)]


def test_a_cancel_that_crosses_the_answer_cancels_nothing() -> None:
    assert ends("""
        0.0 alice bob   INVITE     1 a
        3.0 alice bob   CANCEL     1 a   of=INVITE
        3.0 bob   alice 200/INVITE 1 a>b
        3.1 alice bob   ACK        1 a>b
        3.2 alice bob   BYE        2 a>b
    """) == [("b", "terminated", f"BYE from {ALICE}", ALICE)]


def test_a_challenge_is_no_leg_of_its_own() -> None:
    (leg,) = build("""
        0.0 alice proxy INVITE     1 a
        0.1 proxy alice 407/INVITE 1 a>x
        0.2 alice proxy ACK        1 a>x of=INVITE
        0.3 alice proxy INVITE     2 a
        0.4 proxy alice 180/INVITE 2 a>b
        0.5 proxy alice 200/INVITE 2 a>b
    """)
    assert (leg.state, leg.to_tag, leg.started, leg.answered) == ("confirmed", "b", START, START + 0.5)
    assert leg.frames == (1, 2, 3, 4, 5, 6)


def test_a_challenge_that_the_caller_gives_up_on() -> None:
    assert ends("""
        0.0 alice proxy INVITE     1 a
        0.1 proxy alice 401/INVITE 1 a>x
    """) == [("x", "failed", "401 Unauthorized", PROXY)]


def test_the_same_tag_for_the_challenge_and_for_the_answer() -> None:
    assert ends("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 401/INVITE 1 a>b
        0.2 alice bob   INVITE     2 a
        0.3 bob   alice 200/INVITE 2 a>b
    """) == [("b", "confirmed", None, None)]


def test_a_redirection_goes_on_in_the_same_leg() -> None:
    (leg,) = build("""
        0.0 alice proxy INVITE     1 a
        0.1 proxy alice 302/INVITE 1 a>x
        0.2 alice bob   INVITE     2 a
        0.3 bob   alice 200/INVITE 2 a>b
    """)
    assert (leg.state, leg.callee, leg.frames) == ("confirmed", BOB, (1, 2, 3, 4))


def test_another_call_under_the_same_call_id_is_another_leg() -> None:
    assert ends("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 486/INVITE 1 a>b
        9.0 alice bob   INVITE     2 a
        9.1 bob   alice 200/INVITE 2 a>c
    """) == [("b", "failed", "486 Busy Here", BOB), ("c", "confirmed", None, None)]


def test_a_call_through_a_proxy_is_one_leg() -> None:
    (leg,) = build("""
        0.00 alice proxy INVITE     1 a
        0.01 proxy alice 100/INVITE 1 a           Server=Proxy
        0.02 proxy bob   INVITE     1 a   vias=2
        0.03 bob   proxy 180/INVITE 1 a>b vias=2  Server=Phone
        0.04 proxy alice 180/INVITE 1 a>b         Server=Phone
        1.00 bob   proxy 200/INVITE 1 a>b vias=2
        1.01 proxy alice 200/INVITE 1 a>b
        1.02 alice proxy ACK        1 a>b
        1.03 proxy bob   ACK        1 a>b vias=2
        5.00 bob   proxy BYE        1 b>a
        5.01 proxy alice BYE        1 b>a vias=2
    """)
    assert (leg.caller, leg.callee, leg.callee_agent) == (ALICE, BOB, "Phone")
    assert (leg.state, leg.ended_by, leg.answered) == ("terminated", BOB, START + 1)
    assert leg.frames == tuple(range(1, 12))


def test_a_failure_that_passes_a_proxy_is_one_leg() -> None:
    assert ends("""
        0.00 alice proxy INVITE     1 a
        0.01 proxy bob   INVITE     1 a   vias=2
        0.02 bob   proxy 486/INVITE 1 a>b vias=2
        0.03 proxy bob   ACK        1 a>b vias=2 of=INVITE
        0.04 proxy alice 486/INVITE 1 a>b
        0.05 alice proxy ACK        1 a>b of=INVITE
    """) == [("b", "failed", "486 Busy Here", BOB)]


def test_a_proxy_that_words_the_failure_anew_makes_no_second_leg() -> None:
    (leg,) = build("""
        0.00 alice proxy INVITE     1 a
        0.01 proxy bob   INVITE     1 a   vias=2
        0.02 bob   proxy 503/INVITE 1 a>b vias=2
        0.03 proxy alice 480/INVITE 1 a>x
    """)
    assert (leg.to_tag, leg.end_reason, leg.frames) == ("b", "503 Service Unavailable", (1, 2, 3, 4))


def test_every_fork_is_a_leg() -> None:
    first, second = build("""
        0.0 alice proxy INVITE     1 a
        0.1 proxy bob   INVITE     1 a   vias=2 branch=z9hG4bK-b
        0.1 proxy carol INVITE     1 a   vias=2 branch=z9hG4bK-c
        0.2 bob   proxy 180/INVITE 1 a>b vias=2 branch=z9hG4bK-b
        0.2 carol proxy 180/INVITE 1 a>c vias=2 branch=z9hG4bK-c
        1.0 carol proxy 200/INVITE 1 a>c vias=2 branch=z9hG4bK-c
        1.1 proxy alice 200/INVITE 1 a>c
        1.2 proxy bob   CANCEL     1 a   vias=2 branch=z9hG4bK-b Reason="SIP;cause=200;text=elsewhere"
        1.3 bob   proxy 487/INVITE 1 a>b vias=2 branch=z9hG4bK-b
    """)
    assert (first.callee, first.state, first.end_reason, first.ended_by) == (BOB, "failed", "answered elsewhere", PROXY)
    assert (second.callee, second.state, second.end_reason) == (CAROL, "confirmed", None)


def test_a_fork_that_gives_up_behind_the_proxy_ends_alone() -> None:
    assert ends("""
        0.0 alice proxy INVITE     1 a
        0.1 proxy bob   INVITE     1 a   vias=2 branch=z9hG4bK-b
        0.1 proxy carol INVITE     1 a   vias=2 branch=z9hG4bK-c
        0.2 carol proxy 180/INVITE 1 a>c vias=2 branch=z9hG4bK-c
        0.3 proxy alice 180/INVITE 1 a>c
        1.0 bob   proxy 486/INVITE 1 a>b vias=2 branch=z9hG4bK-b
    """) == [("c", "early", None, None), ("b", "failed", "486 Busy Here", BOB)]


def test_a_final_failure_ends_all_forks_that_the_caller_heard_of() -> None:
    assert ends("""
        0.0 alice proxy INVITE     1 a
        0.1 proxy alice 180/INVITE 1 a>b
        0.2 proxy alice 180/INVITE 1 a>c
        9.0 proxy alice 408/INVITE 1 a>x
    """) == [("b", "failed", "408 Request Timeout", PROXY), ("c", "failed", "408 Request Timeout", PROXY)]


def test_a_fork_that_rang_while_another_answered_is_over() -> None:
    assert ends("""
        0.0 alice proxy INVITE     1 a
        0.1 proxy alice 180/INVITE 1 a>b
        0.2 proxy alice 180/INVITE 1 a>c
        1.0 proxy alice 200/INVITE 1 a>c
    """) == [("b", "failed", "answered under another To tag", None), ("c", "confirmed", None, None)]


def test_a_failed_re_invite_leaves_the_call_up() -> None:
    assert ends("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 200/INVITE 1 a>b
        5.0 alice bob   INVITE     2 a>b
        5.1 bob   alice 491/INVITE 2 a>b
        5.2 alice bob   ACK        2 a>b of=INVITE
    """) == [("b", "confirmed", None, None)]


def test_a_peer_that_knows_nothing_of_the_call_ends_it() -> None:
    assert ends("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 200/INVITE 1 a>b
        5.0 alice bob   UPDATE     2 a>b
        5.1 bob   alice 481/UPDATE 2 a>b
    """) == [("b", "terminated", "481 Call/Transaction Does Not Exist to UPDATE", BOB)]


def test_a_re_invite_is_not_the_answer_of_the_call() -> None:
    (leg,) = build("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 200/INVITE 1 a>b
        5.0 bob   alice INVITE     1 b>a
        5.1 alice bob   200/INVITE 1 b>a
    """)
    assert (leg.state, leg.answered) == ("confirmed", START + 0.1)


def test_a_capture_that_begins_in_the_middle_of_a_call() -> None:
    (leg,) = build("""
        0.0 bob   alice INVITE     7 b>a  users=bob>alice
        0.1 alice bob   200/INVITE 7 b>a  users=bob>alice
        0.2 bob   alice ACK        7 b>a  users=bob>alice
        5.0 alice bob   BYE        3 a>b
    """)
    assert (leg.method, leg.state, leg.answered, leg.ended_by) == ("INVITE", "terminated", None, ALICE)
    assert (leg.caller, leg.callee, leg.from_uri) == (BOB, ALICE, "sip:bob@example.com")


def test_a_capture_that_begins_with_the_ringing() -> None:
    (leg,) = build("""
        0.0 bob   alice 180/INVITE 1 a>b
        1.0 bob   alice 200/INVITE 1 a>b
        1.1 alice bob   ACK        1 a>b
    """)
    assert (leg.state, leg.answered, leg.caller, leg.callee) == ("confirmed", START + 1, ALICE, BOB)


def test_a_100_with_to_tag_before_the_ringing() -> None:
    (leg,) = build("""
        0.0 bob   alice 100/INVITE 1 a>b
        0.1 bob   alice 180/INVITE 1 a>b
        1.0 bob   alice 200/INVITE 1 a>b
        1.1 bob   alice 180/INVITE 1 a>b
    """)
    assert (leg.state, leg.answered, leg.caller, leg.callee) == ("confirmed", START + 1, ALICE, BOB)


def test_behind_a_proxy_the_end_comes_from_the_callers_side() -> None:
    """The capture is on bob's side: what the proxy passes on names alice's phone, which is not the proxy."""
    (leg,) = build("""
        0.0 proxy bob   INVITE     1 a   vias=2 User-Agent=Phone-A
        0.1 bob   proxy 200/INVITE 1 a>b vias=2 Server=Phone-B
        0.2 proxy bob   ACK        1 a>b vias=2
        9.0 proxy bob   BYE        2 a>b vias=2 User-Agent=Phone-A
    """)
    assert (leg.caller, leg.caller_agent, leg.callee, leg.callee_agent) == (PROXY, None, BOB, "Phone-B")
    assert (leg.end_reason, leg.ended_by) == (f"BYE from the caller's side (via {PROXY})", PROXY)


def test_behind_a_proxy_the_end_comes_from_the_callees_side() -> None:
    (leg,) = build("""
        0.0 alice proxy INVITE     1 a    User-Agent=Phone-A
        0.1 proxy alice 200/INVITE 1 a>b  Server=Phone-B
        9.0 proxy alice BYE        1 b>a  vias=2 Reason="Q.850;cause=16"
    """)
    assert (leg.caller, leg.caller_agent, leg.callee, leg.callee_agent) == (ALICE, "Phone-A", PROXY, None)
    assert leg.end_reason == f"BYE from the callee's side (via {PROXY}) (Q.850;cause=16)"


def test_a_capture_that_begins_with_a_2xx_does_not_know_what_it_answers() -> None:
    (leg,) = build("""
        0.0 bob   alice 200/INVITE 4 a>b
        0.1 alice bob   ACK        4 a>b
    """)
    assert (leg.state, leg.answered, leg.caller, leg.callee) == ("confirmed", None, ALICE, BOB)


def test_a_capture_that_begins_with_the_end() -> None:
    (leg,) = build("0.0 bob alice 200/BYE 2 a>b")
    assert (leg.state, leg.end_reason, leg.ended_by) == ("terminated", f"BYE from {ALICE}", ALICE)


def test_the_last_request_through_a_proxy_shows_the_far_end() -> None:
    (leg,) = build("""
        0.0 alice proxy BYE 2 a>b
        0.1 proxy bob   BYE 2 a>b vias=2
    """)
    assert (leg.caller, leg.callee) == (ALICE, BOB)


def test_a_subscription_lives_until_its_last_notify() -> None:
    (leg,) = build("""
        0.0 alice bob   SUBSCRIBE     1 a
        0.1 bob   alice 200/SUBSCRIBE 1 a>b
        0.2 bob   alice NOTIFY        1 b>a Subscription-State=active;expires=60
        0.3 alice bob   200/NOTIFY    1 b>a
        9.0 bob   alice NOTIFY        2 b>a Subscription-State=terminated;reason=timeout
    """)
    assert (leg.method, leg.state, leg.answered) == ("SUBSCRIBE", "terminated", START + 0.1)
    assert (leg.end_reason, leg.ended_by) == ("subscription terminated;reason=timeout", BOB)


def test_a_notify_may_come_before_the_answer() -> None:
    (leg,) = build("""
        0.0 alice bob   SUBSCRIBE     1 a
        0.1 bob   alice NOTIFY        1 b>a Subscription-State=active
        0.2 alice bob   200/NOTIFY    1 b>a
        0.3 bob   alice 202/SUBSCRIBE 1 a>b
    """)
    assert (leg.state, leg.to_tag, leg.callee, leg.answered) == ("confirmed", "b", BOB, START + 0.3)


def test_a_transfer_within_a_call_is_part_of_it() -> None:
    (leg,) = build("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 200/INVITE 1 a>b
        3.0 alice bob   REFER      2 a>b
        3.1 bob   alice 202/REFER  2 a>b
        3.2 bob   alice NOTIFY     1 b>a Subscription-State=terminated
        3.3 alice bob   200/NOTIFY 1 b>a
    """)
    assert (leg.method, leg.state, len(leg.frames)) == ("INVITE", "confirmed", 6)


def test_a_refer_outside_a_call_opens_a_dialog() -> None:
    (leg,) = build("""
        0.0 alice bob   REFER     1 a
        0.1 bob   alice 202/REFER 1 a>b
    """)
    assert (leg.method, leg.state) == ("REFER", "confirmed")


def test_what_opens_no_dialog_is_no_leg() -> None:
    lines = "\n".join(
        f"""
        {n}.0 alice bob   {method}     1 a   call={method}
        {n}.1 bob   alice 200/{method} 1 a>b call={method}
        """
        for n, method in enumerate(("REGISTER", "OPTIONS", "PUBLISH", "MESSAGE", "NOTIFY", "INFO"))
    )
    assert len(build(lines)) == 0


def test_without_to_tags_the_attempt_is_the_leg() -> None:
    """RFC 2543 did not ask for tags."""
    assert ends("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 180/INVITE 1 a
        1.0 bob   alice 200/INVITE 1 a
        1.1 alice bob   ACK        1 a
        9.0 alice bob   BYE        2 a
    """) == [(None, "terminated", f"BYE from {ALICE}", ALICE)]


def test_a_tag_that_comes_with_the_answer_only() -> None:
    assert ends("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 180/INVITE 1 a
        1.0 bob   alice 200/INVITE 1 a>b
    """) == [("b", "confirmed", None, None)]


def test_copies_change_nothing_but_are_listed() -> None:
    (leg,) = build("""
        0.000 alice bob   INVITE     1 a
        0.001 alice bob   INVITE     1 a
        0.500 alice bob   INVITE     1 a
        0.600 bob   alice 200/INVITE 1 a>b
        5.000 alice bob   BYE        2 a>b
        5.500 alice bob   BYE        2 a>b
    """)
    assert (leg.state, leg.ended, leg.frames) == ("terminated", START + 5, (1, 2, 3, 4, 5, 6))


def test_two_capture_points_are_a_leg_each() -> None:
    inside, outside = build("""
        0.0 alice bob   INVITE     1 a   file=inside.pcap
        0.1 bob   alice 200/INVITE 1 a>b file=inside.pcap
        0.0 alice bob   INVITE     1 a   file=outside.pcap
        0.1 bob   alice 200/INVITE 1 a>b file=outside.pcap
    """)
    assert (inside.file, outside.file) == ("inside.pcap", "outside.pcap")
    assert inside.frames == outside.frames == (1, 2)
