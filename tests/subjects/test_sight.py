"""An absence tells something only where the thing could have been seen."""

from collabtrace.sessions.case import Case
from collabtrace.subjects.sight import Sight
from collabtrace.testing import Scene
from tests.subjects.conftest import Opened

ALICE, BOB, CAROL = "192.0.2.10", "198.51.100.20", "203.0.113.30"


def two_phones(opened: Opened) -> Case:
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    bob.hops = 2
    call = scene.call(alice, bob)
    call.talk(seconds=2)
    return opened(scene)


def test_a_time_within_the_capture_was_seen(opened: Opened) -> None:
    case = two_phones(opened)
    (capture,) = case.captures
    assert capture.first is not None
    assert Sight(case).time("x.pcapng", capture.first, capture.first + 3) is None


def test_a_time_before_or_after_the_capture_was_not(opened: Opened) -> None:
    case = two_phones(opened)
    (capture,) = case.captures
    assert capture.first is not None
    assert capture.last is not None
    sight = Sight(case)
    assert sight.time("x.pcapng", capture.first - 5, capture.last) == "x.pcapng begins 5.0 s too late to show it"
    assert sight.time("x.pcapng", capture.first, capture.last + 7) == "x.pcapng ends 7.0 s too early to show it"


def test_packets_between_two_machines_could_be_seen_where_others_were(opened: Opened) -> None:
    sight = Sight(two_phones(opened))
    assert sight.between("x.pcapng", ALICE, BOB) is None
    assert sight.towards("x.pcapng", BOB, ALICE) is None


def test_a_machine_on_the_capture_link_shows_all_its_packets(opened: Opened) -> None:
    sight = Sight(two_phones(opened))
    assert sight.is_near("x.pcapng", ALICE)
    assert not sight.is_near("x.pcapng", BOB)
    assert sight.between("x.pcapng", ALICE, CAROL) is None
    reason = sight.between("x.pcapng", BOB, CAROL)
    assert reason == f"x.pcapng holds no packet between {BOB} and {CAROL}, so it may not be on their path"


def test_an_icmp_error_is_found_by_the_endpoint_that_it_is_about(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    scene.datagram(alice, bob, (20000, 5904), b"x" * 20)
    scene.unreachable(bob)
    (error,) = Sight(opened(scene)).unreachables(BOB, 5904)
    assert (error.source, error.quoted_source_port) == (BOB, 20000)


def test_the_connection_of_a_message_is_the_one_that_was_open_then(opened: Opened) -> None:
    scene = Scene()
    alice, bob = (scene.phone(name, address, transport="tcp") for name, address in (("alice", ALICE), ("bob", BOB)))
    for _ in range(2):
        scene.request(alice, bob, "OPTIONS")
        scene.disconnect(alice, bob)
    case = opened(scene)
    sight = Sight(case)
    found = [sight.connection(message) for message in case.messages]
    assert [each and each.first_frame for each in found] == [1, 1, 11, 11]


def test_datagrams_have_no_connection(opened: Opened) -> None:
    case = two_phones(opened)
    assert Sight(case).connection(case.messages[0]) is None


def test_messages_of_one_call_id(opened: Opened) -> None:
    case = two_phones(opened)
    call_id = case.messages.values("call_id")[0]
    assert [each.frame for each in Sight(case).messages_of(call_id)] == case.messages.values("frame")
    assert Sight(case).messages_of("unknown") == ()


def test_streams_that_arrive_at_a_machine_are_of_any_call(opened: Opened) -> None:
    sight = Sight(two_phones(opened))
    (stream,) = sight.arriving("x.pcapng", ALICE)
    assert (stream.source, stream.target) == (BOB, ALICE)
    assert sight.arriving("x.pcapng", CAROL) == ()


def test_a_port_mirrored_one_way_hears_nothing(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    scene.call(alice, bob)
    scene.sent[:] = [each for each in scene.sent if each.source is alice]
    sight = Sight(opened(scene))
    assert sight.hears("x.pcapng", BOB) is None
    assert (
        sight.hears("x.pcapng", ALICE) == f"x.pcapng holds no packet to {ALICE}, so it would not show an answer either"
    )


def test_a_capture_of_udp_alone_leaves_out_what_goes_by_tcp(opened: Opened) -> None:
    sight = Sight(two_phones(opened))
    assert sight.left_out("x.pcapng", "udp") is None
    assert sight.left_out("x.pcapng", "tcp") == "x.pcapng holds no TCP at all"


def test_who_registers_is_known_with_its_registrar(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    scene.request(alice, bob, "REGISTER", status=401)
    scene.request(bob, alice, "OPTIONS")
    assert Sight(opened(scene)).registered == {(ALICE, BOB)}


def test_the_captures_that_were_given_earlier(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    scene.request(alice, bob, "OPTIONS")
    sight = Sight(opened(scene, alice, bob))
    assert sight.earlier("alice.pcapng") == frozenset()
    assert sight.earlier("bob.pcapng") == {"alice.pcapng"}


def test_incomplete_packets_are_found_by_the_call_id_that_they_begin_with(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    scene.block_fragments(bob)
    scene.request(alice, bob, "REGISTER", status=None, headers={"Subject": "x" * 3000})
    sight = Sight(opened(scene, bob))
    (partial,) = sight.case.partials
    assert partial.call_id is not None
    assert sight.partials_of(partial.call_id) == (partial,)
    assert sight.partials_of("another") == ()
