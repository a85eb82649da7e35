"""How calls went and ended."""

import pytest

from collabtrace.columns import Table
from collabtrace.schema import CallRecord, Unreachable
from collabtrace.sessions import calls, dialogs, media
from collabtrace.testing.conversation import MACHINES, START, conversation

ALICE, BOB, CAROL, SERVER = (MACHINES[name] for name in ("alice", "bob", "carol", "server"))
SUBSCRIPTION = """
    1.0 bob   alice SUBSCRIBE     1 k   call=kpml Event="kpml;call-id=call-1"
    1.1 alice bob   200/SUBSCRIBE 1 k>l call=kpml
"""


def build(lines: str, *errors: Unreachable) -> Table[CallRecord]:
    said = conversation(lines)
    legs = dialogs.build(said.messages)
    lines_of_media = media.build(said.messages, legs, said.body)
    return calls.build(said.messages, legs, lines_of_media, Table.of(Unreachable, errors), said.sip)


def port_unreachable(after: float, *, type_: int = 3, code: int = 3, port: int = 5060) -> Unreachable:
    """Bob's machine says, so many seconds after the start, that nobody listens where alice sent something."""
    return Unreachable(
        file="inside.pcap",
        frame=9,
        time_epoch=START + after,
        source=BOB,
        target=ALICE,
        type=type_,
        code=code,
        quoted_source=ALICE,
        quoted_source_port=5060,
        quoted_target=BOB,
        quoted_target_port=port,
        quoted_transport="udp",
    )


@pytest.mark.parametrize(
    ("responses", "result"),
    [
        ("", "no response"),
        ("100", "trying"),
        ("180", "ringing"),
        ("100 183 180 183", "ringing"),
        ("183", "session progress"),
        ("181", "being forwarded"),
        ("182", "queued"),
        ("199", "proceeding"),
        ("200", "ongoing"),
        ("486", "busy"),
        ("600", "busy"),
        ("408", "no answer"),
        ("480", "unavailable"),
        ("487", "cancelled"),
        ("603", "declined"),
        ("488", "failed 488"),
    ],
)
def test_how_a_call_went(responses: str, result: str) -> None:
    lines = ["0.0 alice bob INVITE 1 a"]
    lines += [f"1.0 bob alice {status}/INVITE 1 {'a' if status == '100' else 'a>b'}" for status in responses.split()]
    assert build("\n".join(lines)).values("result") == [result]


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (port_unreachable(0.1), "unreachable"),
        (port_unreachable(31.0), "unreachable"),
        (port_unreachable(-1.0), "no response"),
        (port_unreachable(60.0), "no response"),
        (port_unreachable(0.1, port=4000), "no response"),
        (port_unreachable(0.1, code=4), "no response"),
        (port_unreachable(0.1, type_=11), "no response"),
    ],
)
def test_an_icmp_error_that_quotes_the_invite_says_that_nobody_was_reached(error: Unreachable, result: str) -> None:
    assert build("0.0 alice bob INVITE 1 a", error).values("result") == [result]


def test_a_call_that_was_answered_was_reached_whatever_icmp_said() -> None:
    found = build("0.0 alice bob INVITE 1 a\n1.0 bob alice 200/INVITE 1 a>b", port_unreachable(0.1))
    assert found.values("result") == ["ongoing"]


def test_a_cancelled_call() -> None:
    (call,) = build("""
        0.0 alice bob   INVITE     1 a
        3.0 alice bob   CANCEL     1 a   of=INVITE Reason="Q.850;cause=31"
        3.1 bob   alice 487/INVITE 1 a>b
    """)
    assert (call.result, call.end_reason, call.ended) == ("cancelled", "cancelled (Q.850;cause=31)", START + 3.1)


def test_a_cancelled_call_whose_server_gives_another_failure() -> None:
    (call,) = build("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 100/INVITE 1 a
        3.0 alice bob   CANCEL     1 a   of=INVITE
        5.0 bob   alice 408/INVITE 1 a>b
    """)
    assert (call.result, call.end_reason) == ("cancelled", "cancelled, then 408 Request Timeout")


def test_across_a_back_to_back_user_agent_the_first_bye_says_who_hung_up() -> None:
    """Bob hangs up; the server ends alice's leg because of it."""
    (call,) = build("""
        0.0 alice  server INVITE     1 a   call=one
        0.1 server bob    INVITE     1 x   call=two
        1.0 bob    server 200/INVITE 1 x>y call=two
        1.1 server alice  200/INVITE 1 a>b call=one
        9.0 bob    server BYE        1 y>x call=two
        9.1 server alice  BYE        1 b>a call=one
    """)
    assert (call.result, call.ended, call.end_reason) == ("answered", START + 9, f"BYE from {BOB}")


TRANSFER = """
    0.0 alice bob   INVITE     1 a   call=one
    0.1 bob   alice 200/INVITE 1 a>b call=one
    3.0 bob   alice REFER      1 b>a call=one users=bob>alice Refer-To=<sip:carol@example.com>
    3.1 alice carol INVITE     1 x   call=two users=alice>carol
    3.2 bob   alice BYE        2 b>a call=one
    4.0 carol alice 200/INVITE 1 x>y call=two users=alice>carol
"""


def test_after_a_transfer_the_leg_that_lived_longest_says_who_hung_up() -> None:
    (call,) = build(TRANSFER + "9.0 carol alice BYE 1 y>x call=two users=carol>alice")
    assert (call.result, call.answered, call.ended) == ("answered", START + 0.1, START + 9)
    assert call.end_reason == f"BYE from {CAROL}"


def test_a_call_that_goes_on_after_a_transfer_has_no_end() -> None:
    (call,) = build(TRANSFER)
    assert (call.result, call.ended, call.end_reason) == ("ongoing", None, None)


def test_the_end_of_a_subscription_is_not_the_end_of_the_call() -> None:
    (call,) = build(
        "0.0 alice bob INVITE 1 a\n0.5 bob alice 200/INVITE 1 a>b"
        + SUBSCRIPTION
        + "9.0 alice bob BYE 2 a>b\n9.5 alice bob NOTIFY 1 l>k call=kpml Subscription-State=terminated"
    )
    assert (call.dialog_rows, call.ended, call.end_reason) == ((0, 1), START + 9, f"BYE from {ALICE}")


def test_a_subscription_under_the_call_id_of_an_open_call() -> None:
    (call,) = build("""
        0.0 alice bob   SUBSCRIBE     1 k
        0.1 bob   alice 200/SUBSCRIBE 1 k>l
        0.2 bob   alice NOTIFY        1 l>k Subscription-State=terminated
        1.0 alice bob   INVITE        1 a
        1.1 bob   alice 180/INVITE    1 a>b
    """)
    assert (call.result, call.ended, call.end_reason) == ("ringing", None, None)


def test_a_failed_call_ended_as_the_caller_was_told() -> None:
    """The far leg goes on for a moment: its time does not belong to what alice was told."""
    (call,) = build("""
        0.0 alice  server INVITE     1 a   call=one
        0.1 server bob    INVITE     1 x   call=two
        0.2 bob    server 180/INVITE 1 x>y call=two
        5.0 server alice  480/INVITE 1 a>b call=one
        5.1 server bob    CANCEL     1 x   call=two of=INVITE
        5.2 bob    server 487/INVITE 1 x>y call=two
    """)
    assert (call.result, call.ended, call.end_reason) == ("unavailable", START + 5, "480 Temporarily Unavailable")


def test_of_several_answers_the_one_that_the_caller_took_counts() -> None:
    """Two forks answered; alice heard of one and ended that."""
    (call,) = build("""
        0.0 alice proxy INVITE     1 a
        0.1 proxy bob   INVITE     1 a   vias=2 branch=z9hG4bK-b
        0.1 proxy carol INVITE     1 a   vias=2 branch=z9hG4bK-c
        3.0 bob   proxy 200/INVITE 1 a>b vias=2 branch=z9hG4bK-b
        4.0 carol proxy 200/INVITE 1 a>c vias=2 branch=z9hG4bK-c
        4.1 proxy alice 200/INVITE 1 a>c
        9.0 alice carol BYE        2 a>c
    """)
    assert (call.answered, call.ended) == (START + 4, START + 9)
