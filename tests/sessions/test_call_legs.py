"""The legs as the search for calls sees them."""

import pytest

from collabtrace.sessions import dialogs
from collabtrace.sessions.call_legs import CallLegs, session_pair, user
from collabtrace.testing.conversation import START, conversation

A_UUID, B_UUID, NIL = "a" * 32, "b" * 32, "0" * 32


def legs(lines: str) -> CallLegs:
    said = conversation(lines)
    return CallLegs(said.messages, dialogs.build(said.messages))


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("sip:Alice@example.com", "alice"),
        ("sips:alice;phone-context=x@example.com", "alice"),
        ("sip:+4930123@example.com;user=phone", "+4930123"),
        ("tel:+4930123;phone-context=x", "+4930123"),
        ("sip:example.com", None),
        ("sip:anonymous@anonymous.invalid", None),
        ("sip:@example.com", None),
        ("alice", None),
        (None, None),
    ],
)
def test_the_user_of_a_uri(uri: str | None, name: str | None) -> None:
    assert user(uri) == name


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        (f"{A_UUID};remote={B_UUID}", {A_UUID, B_UUID}),
        (f"{A_UUID.upper()} ; Remote={B_UUID}", {A_UUID, B_UUID}),
        (f"{A_UUID};remote={NIL}", {A_UUID}),
        (A_UUID, {A_UUID}),
        (f"{NIL};remote={NIL}", set()),
        ("", set()),
    ],
)
def test_the_uuids_of_a_session_id(text: str, pair: set[str]) -> None:
    assert session_pair(text) == pair


def test_a_leg_lasts_until_its_end_else_its_last_message() -> None:
    found = legs("""
        0 alice bob   INVITE     1 a call=one
        5 bob   alice 180/INVITE 1 a>b call=one
        1 alice bob   INVITE     1 c call=two
        3 bob   alice 486/INVITE 1 c>d call=two
        4 alice bob   ACK        1 c>d call=two of=INVITE
        6 alice bob   INVITE     1 e call=three
    """)
    assert [found.last(leg) - START for leg in found.invites] == [5, 3, 6]
    assert (found.overlap(0, 1), found.overlap(1, 2)) == (True, False)


def test_a_leg_is_named_by_its_call_id() -> None:
    found = legs("""
        0 alice bob SUBSCRIBE 1 a call=one
        1 alice bob INVITE    1 b call=one
        2 alice bob SUBSCRIBE 1 c call=two
    """)
    assert (found.invites, found.others) == ([1], [0, 2])
    assert (found.named("one"), found.named("two"), found.named("three")) == (1, 2, None)


def test_what_a_leg_says_of_others() -> None:
    found = legs(f"""
        0 alice bob   INVITE     1 a   Session-ID={A_UUID};remote={NIL} X-TAATag=tag Replaces=other
        1 bob   alice 200/INVITE 1 a>b Session-ID={B_UUID};remote={A_UUID}
    """)
    assert list(found.marks(0)) == ["X-TAATag: tag", "Replaces: other"]
    assert found.session_ids(0) == {frozenset({A_UUID}), frozenset({A_UUID, B_UUID})}
    assert (found.has_marks, found.has_session_ids, found.has_session_id(0)) == (True, True, True)


def test_the_request_uri_of_a_leg() -> None:
    found = legs("""
        0 alice bob   INVITE     1 a   users=alice>2000
        1 bob   alice 200/INVITE 1 c>d call=late
    """)
    assert (found.request_uri(0), found.request_uri(1)) == ("sip:2000@example.com", None)
