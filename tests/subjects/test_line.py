"""An m-line knows what each side said, what flowed on it, and how long it was in force."""

from collabtrace.sessions.case import Case
from collabtrace.subjects.call import Call
from collabtrace.subjects.related import Related
from collabtrace.testing import Scene, audio, bfcp, slides
from tests.subjects.conftest import Opened


def test_the_sides_name_the_machine_and_the_message_of_each_description(video_call: Case) -> None:
    line = Call(Related(video_call), 0).legs[1].lines[0]
    assert line.offer is not None
    assert line.answer is not None
    assert (line.offer.machine, line.answer.machine) == ("203.0.113.5", "198.51.100.20")
    assert (line.offer.frame, line.answer.frame) == (line.record.offer_frame, line.record.answer_frame)
    assert line.answer.media is not None
    assert line.answer.media.kind == "audio"


def test_it_knows_who_of_the_leg_offered(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    call.offer(bob, [audio("PCMA")])
    scene.call(bob, alice, delayed_offer=True)
    related = Related(opened(scene))
    assert [line.offered_by_caller for line in Call(related, 0).lines] == [True, False]
    assert [line.offered_by_caller for line in Call(related, 1).lines] == [False]


def test_an_answer_without_its_offer_tells_it_too(opened: Opened) -> None:
    scene = Scene()
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))
    scene.sent[:] = scene.sent[1:]
    call.hang_up(call.caller)
    (line,) = Call(Related(opened(scene)), 0).lines
    assert (line.offer, line.record.answer_frame is None) == (None, False)
    assert line.offered_by_caller is not None


def test_an_endpoint_is_written_as_packets_show_it(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "2001:db8::10"), scene.phone("bob", "2001:db8::20", advertises="2001:DB8:0::20")
    scene.call(alice, bob)
    (line,) = Call(Related(opened(scene)), 0).lines
    assert line.answer is not None
    assert line.answer.endpoint == ("2001:db8::20", 20000)


def test_floor_control_is_told_from_other_application_lines(video_call: Case) -> None:
    lines = Call(Related(video_call), 0).legs[0].lines
    assert [line.is_bfcp for line in lines] == [False, False, False, True]
    assert [line.is_rtp for line in lines] == [True, True, True, False]
    assert lines[3].floors
    assert not lines[0].floors


def test_streams_are_those_of_both_directions(video_call: Case) -> None:
    leg = Call(Related(video_call), 0).legs[0]
    assert {(stream.source, stream.kind) for stream in leg.lines[0].streams} == {
        ("192.0.2.10", "audio"), ("198.51.100.20", "audio"),
    }  # fmt: skip


def test_a_line_ends_where_the_next_answered_round_begins(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, media=[audio(), slides(), bfcp()])
    scene.wait(5)
    call.hold(alice)
    scene.wait(5)
    call.hang_up(bob)
    first, held = (lines[0] for lines in Call(Related(opened(scene)), 0).legs[0].rounds)
    assert first.end == held.begin
    assert held.end == held.leg.record.ended


def test_both_legs_of_a_b2bua_show_media_that_passes_it_by(video_call: Case) -> None:
    one, other = Call(Related(video_call), 0).legs
    assert one.lines[0].ends == other.lines[0].ends
    assert one.lines[0].streams == other.lines[0].streams != ()
    assert one.lines[3].floors == other.lines[3].floors != ()


def test_what_was_agreed_lets_media_flow_to_one_side_or_both(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    scene.wait(1)
    call.hold(alice)
    both, held = (lines[0] for lines in Call(Related(opened(scene)), 0).legs[0].rounds)
    flows = [[side is not None and line.lets_flow(side) for side in (line.offer, line.answer)] for line in (both, held)]
    assert flows == [[True, True], [False, True]]


def test_a_line_knows_its_round_and_the_roles_of_both_sides(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob, media=[audio(), bfcp(floorctrl="c-s")], delayed_offer=True)
    sound, floors = Call(Related(opened(scene)), 0).lines
    assert floors.beside == (sound, floors)
    assert (floors.floorctrl(by_caller=True), floors.floorctrl(by_caller=False)) == ("s-only", "c-s")
    assert (floors.floor_role(by_caller=True), floors.floor_role(by_caller=False)) == ("server", "client")
    assert sound.floor_role(by_caller=True) is None


def test_sound_in_one_direction_is_a_hold(opened: Opened) -> None:
    scene = Scene()
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))
    call.hold(call.caller)
    call.resume(call.caller)
    assert [line.is_held for line in Call(Related(opened(scene)), 0).lines] == [False, True, False]


def test_two_captures_of_one_leg_each_show_the_line_at_their_own_times(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob).talk(seconds=2)
    case = opened(scene, alice, bob)
    for leg in Call(Related(case), 0).legs:
        line = leg.lines[0]
        assert {case.streams[row].file for row in line.stream_rows} == {"alice.pcapng", "bob.pcapng"}
        assert {case.streams[row].file for row in line.timed_rows} == {leg.file}
        assert {flow.file: flow.line.leg.file for flow in line.media_flows} == {
            "alice.pcapng": "alice.pcapng",
            "bob.pcapng": "bob.pcapng",
        }


def test_a_capture_without_the_leg_shows_its_streams_by_the_times_of_another(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    server = scene.b2bua("server", "203.0.113.5")
    call = scene.call(alice, bob, via=[server])
    call.talk(seconds=2)
    call.hang_up(alice)
    case = opened(scene, server, bob)
    line = next(leg.lines[0] for leg in Call(Related(case), 0).legs if leg.record.caller == "192.0.2.10")
    assert {flow.file: flow.line.leg.file for flow in line.media_flows} == {
        "server.pcapng": "server.pcapng",
        "bob.pcapng": "server.pcapng",
    }
