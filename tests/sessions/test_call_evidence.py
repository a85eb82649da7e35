"""What shows that two legs are one call; how it joins them is in ``test_calls``."""

from collabtrace.sessions import call_evidence, dialogs
from collabtrace.sessions.call_legs import CallLegs
from collabtrace.testing.conversation import Conversation, conversation


def legs(said: Conversation) -> CallLegs:
    return CallLegs(said.messages, dialogs.build(said.messages))


REMOTECC = (
    "<x-cisco-remotecc-request><softkeymsg><softkeyevent>Conference</softkeyevent>"
    "<dialogid><callid>one</callid><localtag>a</localtag></dialogid>"
    "<consultdialogid><callid> two&amp;a </callid></consultdialogid></softkeymsg></x-cisco-remotecc-request>"
)


def test_a_softkey_names_the_calls_that_it_is_about() -> None:
    said = conversation(f"""
        0 alice server REFER 1 r call=key Content-Type=application/x-cisco-remotecc-request+xml body="{REMOTECC}"
    """)
    found = list(call_evidence.referred(said.messages, legs(said), said.sip))
    assert found == [("remotecc", ["key", "one", "two&a"])]


def test_a_transfer_to_nobody_who_was_called_is_about_its_own_call_only() -> None:
    said = conversation("""
        0 alice bob REFER 2 a>b call=one Refer-To=sip:carol@example.com
    """)
    assert list(call_evidence.referred(said.messages, legs(said), said.sip)) == [("REFER", ["one"])]


def test_a_transfer_to_a_machine_without_users() -> None:
    said = conversation("""
        0 alice bob   REFER 2 a>b call=one Refer-To=sip:carol@example.com
        1 bob   alice 180/INVITE 1 c>d call=two users=anonymous>anonymous
    """)
    assert list(call_evidence.referred(said.messages, legs(said), said.sip)) == [("REFER", ["one"])]


def test_a_transfer_without_target_is_read_too() -> None:
    said = conversation("0 alice bob REFER 2 a>b call=one")
    assert list(call_evidence.referred(said.messages, legs(said), said.sip)) == [("REFER", ["one"])]


def test_forks_and_capture_points_share_their_call_id() -> None:
    said = conversation("""
        0 alice bob   INVITE     1 a
        1 bob   alice 180/INVITE 1 a>b
        2 bob   alice 180/INVITE 1 a>c
        3 alice bob   INVITE     1 d call=other
    """)
    assert list(call_evidence.same_call_id(legs(said))) == [[0, 1]]


def test_without_any_headers_nothing_is_looked_for() -> None:
    said = conversation("0 alice bob INVITE 1 a")
    found = legs(said)
    for evidence in (call_evidence.same_session_id, call_evidence.same_mark, call_evidence.named_leg):
        assert list(evidence(found)) == []


def test_an_identifier_that_one_leg_repeats_is_its_own() -> None:
    said = conversation("""
        0 alice server INVITE 1 a         X-TAATag=tag
        1 server bob   INVITE 1 a vias=2  X-TAATag=tag
    """)
    assert list(call_evidence.same_mark(legs(said))) == []


def test_a_cisco_guid_that_is_none_is_no_identifier() -> None:
    said = conversation("""
        0 alice server INVITE 1 a call=one Cisco-Guid=1-2-three-4
        1 server bob   INVITE 1 b call=two Cisco-Guid=1-2-three-4
    """)
    assert list(call_evidence.same_mark(legs(said))) == []


def test_a_call_id_that_another_leg_names() -> None:
    said = conversation("""
        0 alice server INVITE 1 a call=one
        1 server bob   INVITE 1 b call=two   X-CID=one
        2 server bob   INVITE 1 c call=three X-Call-ID=elsewhere
    """)
    assert list(call_evidence.named_leg(legs(said))) == [("X-CID", [0, 1])]


def test_short_tags_are_no_proof() -> None:
    said = conversation("""
        0 alice server INVITE     1 a   call=one
        1 server alice 200/INVITE 1 a>b call=one
        2 relay bob    INVITE     1 a   call=two
        3 bob   relay  200/INVITE 1 a>b call=two
    """)
    assert list(call_evidence.same_tags(legs(said))) == []
