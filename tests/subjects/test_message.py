"""A message opens its headers and its body when a rule asks."""

from collabtrace.subjects.call import Call
from collabtrace.subjects.related import Related
from collabtrace.testing import Scene
from tests.subjects.conftest import Opened


def test_headers_and_body_are_read_from_the_capture(opened: Opened) -> None:
    scene = Scene()
    alice = scene.phone("alice", "192.0.2.10", contact_parameters=";isFocus")
    bob = scene.phone("bob", "198.51.100.20", headers={"Allow-Events": "presence, kpml"})
    scene.call(alice, bob)
    leg = Call(Related(opened(scene)), 0).legs[0]
    (invite,), answer = leg.requests("INVITE"), leg.responses("INVITE")[-1]
    assert "isfocus" in invite.contacts[0].parameters
    assert answer.values("Allow-Events") == ["presence", "kpml"]
    assert [part.media_type.name for part in answer.parts] == ["application/sdp"]


def test_a_response_tells_what_it_answers(opened: Opened) -> None:
    scene = Scene()
    scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))
    ringing = Call(Related(opened(scene)), 0).legs[0].responses("INVITE")[1]
    assert (ringing.method, ringing.status, ringing.answers, ringing.is_copy) == (None, 180, "INVITE", False)


def test_where_requests_to_a_sender_go(opened: Opened) -> None:
    scene = Scene()
    scene.call(scene.phone("alice", "2001:db8::10"), scene.phone("bob", "2001:db8::20"))
    invite, *_, bye = Call(Related(opened(scene)), 0).legs[0].messages
    assert (invite.reached_at, bye.reached_at) == ("[2001:db8::10]:5060", None)


def test_a_length_that_is_wrong_is_a_slip_unless_the_capture_cut_the_message(opened: Opened) -> None:
    scene = Scene()
    scene.dial(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"), headers={"Content-Length": "9"})
    invite = Call(Related(opened(scene)), 0).legs[0].messages[0]
    assert invite.slip is not None
    assert invite.slip.excess > 100
