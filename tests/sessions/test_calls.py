"""Calls: the legs that belong together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.columns import Table
from collabtrace.schema import CallRecord, Dialog, Flow, Stream, Unreachable
from collabtrace.sessions import calls, dialogs, media, paths, transactions
from collabtrace.testing.conversation import MACHINES, START, conversation

AUDIO = '"audio 4000 RTP/AVP 0"'
REPLY = '"audio 5000 RTP/AVP 0"'
A_UUID, B_UUID, NIL = "a" * 32, "b" * 32, "0" * 32


def build(lines: str) -> Table[CallRecord]:
    return both(lines)[0]


def both(lines: str) -> tuple[Table[CallRecord], Table[Dialog]]:
    """The calls, and the dialogs with their numbers."""
    said = conversation(lines)
    legs = dialogs.build(said.messages)
    lines_of_media = media.build(said.messages, legs, said.body)
    found = calls.build(said.messages, legs, lines_of_media, Table.empty(Unreachable), said.sip)
    return found, calls.number(legs, found)


def joined(lines: str) -> list[tuple[tuple[str, ...], str | None]]:
    """Call-IDs and what joined them, of each call."""
    return [(each.call_ids, each.joined_by) for each in build(lines)]


def leg(
    call_id: str, ends: str, start: float = 0, end: float = 9, *, users: str = "alice>bob", invite: str = ""
) -> str:
    """A leg that is answered half a second after its INVITE and ended by the caller; *invite* are options of that."""
    source, target = ends.split(">")
    common = f"call={call_id} users={users}"
    return f"""
        {start} {source} {target} INVITE 1 {call_id}a {common} {invite}
        {start + 0.5} {target} {source} 200/INVITE 1 {call_id}a>{call_id}b {common}
        {end} {source} {target} BYE 2 {call_id}a>{call_id}b {common}
    """


def test_one_leg_is_a_call() -> None:
    (call,), legs = both(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        0.1 bob   alice 180/INVITE 1 a>b
        1.0 bob   alice 200/INVITE 1 a>b sdp={REPLY}
        1.1 alice bob   ACK        1 a>b
        9.0 alice bob   BYE        2 a>b
    """)
    assert (call.call, call.call_ids, call.joined_by, call.dialog_rows) == (1, ("call-1",), None, (0,))
    assert (call.caller, call.callee) == ("sip:alice@example.com", "sip:bob@example.com")
    assert (call.started, call.answered, call.ended) == (START, START + 1, START + 9)
    assert (call.result, call.end_reason) == ("answered", f"BYE from {MACHINES['alice']}")
    assert (call.files, call.media, call.messages, call.first_frame) == (("inside.pcap",), "audio", 5, 1)
    assert legs.values("call") == [1]


def test_the_fork_that_answered_tells_how_the_call_went() -> None:
    (call,) = build("""
        0.0 alice proxy INVITE     1 a
        0.1 proxy alice 180/INVITE 1 a>b
        0.2 proxy alice 180/INVITE 1 a>c
        1.0 proxy alice 200/INVITE 1 a>c
    """)
    assert (call.call_ids, call.result, call.answered, call.messages) == (("call-1",), "ongoing", START + 1, 4)
    assert call.joined_by is None


def test_two_capture_points_are_one_call() -> None:
    found = build("""
        0.0 alice bob   INVITE     1 a   file=inside.pcap
        0.1 bob   alice 200/INVITE 1 a>b file=inside.pcap
        0.0 alice bob   INVITE     1 a   file=outside.pcap
        0.1 bob   alice 200/INVITE 1 a>b file=outside.pcap
        9.0 bob   alice BYE        1 b>a file=outside.pcap
    """)
    (call,) = found
    assert (call.call_ids, call.files, call.dialog_rows) == (("call-1",), ("inside.pcap", "outside.pcap"), (0, 1))
    assert (call.result, call.messages) == ("answered", 5)


def test_calls_are_numbered_in_the_order_in_which_they_began() -> None:
    found, legs = both(leg("one", "alice>bob", 5, users="alice>bob") + leg("two", "carol>bob", 3, users="carol>bob"))
    assert found.values("call_ids") == [("two",), ("one",)]
    assert legs.values("call") == [2, 1]


def test_session_ids_join_legs() -> None:
    """RFC 7989: the two ends of a call have the same pair of UUIDs on every leg, in whichever order."""
    said = f"Session-ID={A_UUID};remote={NIL}"
    answered = f"Session-ID={B_UUID};remote={A_UUID}"
    assert joined(f"""
        0.0 alice  server INVITE     1 a   call=one {said}
        0.1 server bob    INVITE     1 x   call=two users=x>y {said}
        0.2 bob    server 200/INVITE 1 x>y call=two users=x>y {answered}
        0.3 server alice  200/INVITE 1 a>b call=one {answered}
    """) == [(("one", "two"), "Session-ID")]


def test_half_a_session_id_joins_a_leg_that_was_never_answered() -> None:
    said = f"Session-ID={A_UUID};remote={NIL}"
    assert joined(f"""
        0.0 alice  server INVITE     1 a   call=one {said}
        0.1 server bob    INVITE     1 x   call=two users=x>y {said}
        0.2 bob    server 486/INVITE 1 x>y call=two users=x>y
        0.3 server alice  486/INVITE 1 a>b call=one
    """) == [(("one", "two"), "Session-ID")]


def test_the_uuid_of_a_conference_joins_nobody() -> None:
    assert (
        len(
            build(f"""
        0.0 server alice INVITE 1 a call=one users=conf>alice Session-ID={A_UUID};remote={NIL}
        0.1 server bob   INVITE 1 x call=two users=conf>bob   Session-ID={A_UUID};remote={NIL}
    """)
        )
        == 2
    )


def test_the_nil_uuid_joins_nobody() -> None:
    said = f"Session-ID={NIL};remote={NIL}"
    assert (
        len(
            build(f"""
        0.0 alice  server INVITE 1 a call=one {said}
        0.1 server bob    INVITE 1 x call=two users=x>y {said}
    """)
        )
        == 2
    )


@pytest.mark.parametrize(
    "header",
    [
        "Cisco-Guid=2881195520-0000065536-0000000001-1512058894",
        "X-TAATag=0a1b2c3d-0000-4000-8000-1234567890ab",
        "P-Charging-Vector=icid-value=1234567890;icid-generated-at=192.0.2.1",
    ],
)
def test_an_identifier_of_the_call_joins_legs(header: str) -> None:
    ((call_ids, reason),) = joined(
        leg("one", "alice>server", 0, invite=header) + leg("two", "relay>bob", 1, users="x>y", invite=header)
    )
    assert (call_ids, reason) == (("one", "two"), header.split("=")[0] if "icid" not in header else "icid-value")


def test_a_call_id_of_cucm_tells_the_cisco_guid() -> None:
    guid = "Cisco-Guid=2881195520-0000065536-0000000001-1512058894"
    assert joined(
        leg("abbb8e00-10001-2f-5a20300e@192.0.2.1", "alice>server")
        + leg("ABBB8E00-00010000-2f-5A20300E@192.0.2.1", "alice>server", 100, 101, users="x>y")
        + leg("two", "relay>bob", 1, users="x>y", invite=guid)
    ) == [
        (("abbb8e00-10001-2f-5a20300e@192.0.2.1",), None),
        (("two", "ABBB8E00-00010000-2f-5A20300E@192.0.2.1"), "Cisco-Guid"),
    ]


def test_the_number_of_the_call_in_cucm_joins_legs_of_the_same_time() -> None:
    info = "'Call-Info=<urn:x-cisco-remotecc:callinfo>; gci= 1-4270'"
    assert joined(f"""
        0.0 alice  server INVITE     1 a   call=one
        0.1 server bob    INVITE     1 x   call=two users=x>y {info}
        0.2 bob    server 200/INVITE 1 x>y call=two users=x>y
        0.3 server alice  200/INVITE 1 a>b call=one {info}
        0.4 alice  server BYE        2 a>b call=one
        0.4 server bob    BYE        2 x>y call=two users=x>y
        9.0 server carol  INVITE     1 v   call=three users=v>w {info}
    """) == [(("one", "two"), "gci"), (("three",), None)]


def test_a_guid_of_zeros_joins_nobody() -> None:
    guid = "Cisco-Guid=0-0-0-0"
    assert len(build(leg("one", "alice>server", invite=guid) + leg("two", "relay>bob", users="x>y", invite=guid))) == 2


def test_an_invite_that_replaces_a_leg_belongs_to_its_call() -> None:
    assert joined(
        leg("one", "alice>bob", 0, 5) + leg("two", "carol>bob", 4, users="carol>bob", invite="Replaces=one;to-tag=oneb")
    ) == [(("one", "two"), "Replaces")]


def test_a_blind_transfer_belongs_to_the_call() -> None:
    assert joined(
        leg("one", "alice>bob", 0, 4)
        + "3 alice bob REFER 2 onea>oneb call=one Refer-To=<sip:carol@example.com>"
        + leg("two", "bob>carol", 3.5, users="bob>carol")
        + leg("three", "bob>carol", 50, 60, users="bob>carol")
    ) == [(("one", "two"), "REFER"), (("three",), None)]


def test_an_attended_transfer_joins_both_calls() -> None:
    assert joined(
        leg("one", "alice>bob", 0, 9)
        + leg("two", "alice>carol", 2, 9, users="alice>carol")
        + "5 alice bob REFER 2 onea>oneb call=one 'Refer-To=<sip:carol@example.com?Replaces=two%3Bto-tag%3Dtwob>'"
    ) == [(("one", "two"), "REFER")]


def test_tags_that_a_border_controller_passes_on_join_legs() -> None:
    assert joined("""
        0.0 alice server INVITE     1 12345678 call=one
        0.1 relay bob    INVITE     1 SDabc1234-12345678 call=two users=x>y
        0.2 bob   relay  200/INVITE 1 SDabc1234-12345678>abcdefgh call=two users=x>y
        0.3 server alice 200/INVITE 1 12345678>SDdef5678-abcdefgh call=one
    """) == [(("one", "two"), "same tags")]


def test_the_same_media_address_on_both_legs_joins_them() -> None:
    assert joined(
        leg("one", "alice>server", invite=f"sdp={AUDIO}")
        + leg("two", "server>bob", 1, users="x>y", invite=f"sdp={AUDIO} at=alice")
    ) == [(("one", "two"), "same media")]


def test_the_same_media_address_in_another_call_joins_nobody() -> None:
    """Phones use a port again, and private addresses exist many times."""
    assert len(build(
        leg("one", "alice>server", 0, 5, invite=f"sdp={AUDIO}")
        + leg("two", "server>bob", 6, 9, users="x>y", invite=f"sdp={AUDIO} at=alice")
        + leg("three", "carol>server", 7, 9, users="v>w", invite=f"sdp={AUDIO} at=alice")
    )) == 3  # fmt: skip


def test_users_and_times_join_what_no_header_does() -> None:
    assert joined(leg("one", "alice>server") + leg("two", "server>bob", 0.1)) == [(("one", "two"), "users and times")]


def test_a_subscription_for_key_presses_belongs_to_the_call_that_it_names() -> None:
    (call,), legs = both(
        leg("one", "alice>bob")
        + """
        2.0 bob   alice SUBSCRIBE     1 k   call=kpml Event="kpml;call-id=one;remote-tag=onea;local-tag=oneb"
        2.1 alice bob   200/SUBSCRIBE 1 k>l call=kpml
        3.0 bob   alice SUBSCRIBE     1 m   call=other Event=presence
        4.0 bob   alice SUBSCRIBE     1 n   call=more  Event=kpml;call-id=elsewhere
        """
    )
    assert (call.call_ids, call.dialog_rows, call.joined_by) == (("one", "kpml"), (0, 1), None)
    assert legs.values("call") == [1, 1, None, None]


def test_a_call_of_several_kinds_of_media() -> None:
    offer = (
        "audio 4000 RTP/AVP 0|video 4002 RTP/AVP 97|video 4004 RTP/AVP 97,content:slides|application 4006 UDP/BFCP *"
    )
    answer = offer.replace("400", "500").replace("5004", "0")
    (call,) = build(f"""
        0.0 alice bob   INVITE     1 a   sdp="{offer}"
        0.1 bob   alice 200/INVITE 1 a>b sdp="{answer}"
    """)
    assert call.media == "audio, video"


def test_media_before_an_answer_that_never_came_is_not_what_the_call_carried() -> None:
    """The callee sent early media, and refused after all."""
    early = f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        0.1 bob   alice 183/INVITE 1 a>b sdp={REPLY}
    """
    assert build(early).values("media") == ["audio"]
    assert build(early + "0.2 bob alice 480/INVITE 1 a>b").values("media") == [None]


def test_without_invites_there_are_no_calls() -> None:
    found, legs = both("0.0 alice bob SUBSCRIBE 1 a")
    assert (len(found), legs.values("call")) == (0, [None])
    assert len(build("")) == 0


WHAT = st.sampled_from(
    ["INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE", "NOTIFY", "SUBSCRIBE", "REFER"]
    + [f"{status}/{method}" for status in (100, 183, 200, 407, 481, 487, 491) for method in ("INVITE", "BYE", "UPDATE")]
)
LINES = st.lists(
    st.tuples(
        WHAT,
        st.sampled_from(["alice server", "server alice", "server bob", "bob server"]),
        st.integers(1, 2),
        st.sampled_from(["a", "a>b", "b>a", "a>c", "-"]),
        st.sampled_from(["call=one", "call=two", "call=two X-CID=one", "call=three RSeq=1"]),
        st.sampled_from(["", f"sdp={AUDIO}", "sdp='audio 0 RTP/AVP 0|video 4000 RTP/AVP 97'", "sdp=''"]),
    ),
    max_size=12,
)


@given(LINES)
def test_any_messages_give_consistent_tables(lines: list[tuple[str, str, int, str, str, str]]) -> None:
    said = conversation(
        "\n".join(f"{n}.0 {ends} {what} {' '.join(map(str, more))}" for n, (what, ends, *more) in enumerate(lines))
    )
    legs = dialogs.build(said.messages)
    lines_of_media = media.build(said.messages, legs, said.body)
    found = calls.build(said.messages, legs, lines_of_media, Table.empty(Unreachable), said.sip)
    numbered = calls.number(legs, found)
    transactions.build(said.messages)
    assert found.values("call") == list(range(1, len(found) + 1))
    assert sum(len(rows) for rows in found.values("dialog_rows")) == sum(
        each is not None for each in numbered.values("call")
    )
    assert all(
        call
        for call, method in zip(numbered.values("call"), numbered.values("method"), strict=True)
        if method == "INVITE"
    )
    ids = [call_id for call in found.values("call_ids") for call_id in call]
    assert len(ids) == len(set(ids))
    paths.build(found, numbered, lines_of_media, Table.empty(Stream), Table.empty(Flow))
