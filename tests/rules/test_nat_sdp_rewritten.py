"""nat-sdp-rewritten: what a router writes into messages that are not its own."""

import re
from collections.abc import Callable

import pytest

from collabtrace.testing import Machine, Nat, Scene, audio, files
from tests.rules.conftest import BothSides, Tell

RULE = "nat-sdp-rewritten"
INSIDE, OUTSIDE, BOB = "10.0.0.5", "203.0.113.200", "198.51.100.20"
Alg = Callable[[bytes], bytes]


def alg(*, everywhere: bool = True, lengths: bool = True) -> Alg:
    """An ALG that writes the outside address: everywhere but into the Call-ID, or into the description alone."""

    def rewrite(data: bytes) -> bytes:
        head, blank, body = data.partition(b"\r\n\r\n")
        if everywhere:
            lines = [line if line.startswith(b"Call-ID") else _replaced(line) for line in head.split(b"\r\n")]
            head = b"\r\n".join(lines)
        body = _replaced(body)
        if lengths:
            head = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(body), head)
        return head + blank + body

    return rewrite


def _replaced(text: bytes) -> bytes:
    return text.replace(INSIDE.encode(), OUTSIDE.encode())


def called(rewrite: Alg = bytes, **transport: str) -> tuple[Scene, Machine, Machine]:
    scene = Scene()
    alice = scene.phone("alice", INSIDE, nat=Nat(OUTSIDE, rewrite), **transport)  # type: ignore[arg-type]
    bob = scene.phone("bob", BOB, **transport)  # type: ignore[arg-type]
    call = scene.call(alice, bob)
    call.talk(seconds=1)
    call.hang_up(alice)
    return scene, alice, bob


def test_two_captures_prove_what_changed(tell: Tell) -> None:
    scene, alice, bob = called(alg())
    told = tell(RULE, scene, alice, bob)
    assert told.finding.confidence == "proved"
    proof = [(each.file, each.frame) for each in told.finding.evidence[:2]]
    assert proof == [("alice.pcapng", 1), ("bob.pcapng", 1)]
    assert f"c=IN IP4 {INSIDE} became c=IN IP4 {OUTSIDE}" in told.finding.message
    for field in ("o=", "Contact", "Via", "Content-Length"):
        assert field in told.finding.message


def test_the_order_in_which_captures_are_given_does_not_matter(tell: Tell) -> None:
    scene, alice, bob = called(alg())
    assert tell(RULE, scene, bob, alice).finding.evidence[0].file == "alice.pcapng"


def test_a_description_alone_is_enough(tell: Tell) -> None:
    scene, alice, bob = called(alg(everywhere=False))
    assert tell(RULE, scene, alice, bob).finding.message.endswith("differ, in c=, o=, Content-Length.")


def test_both_sides_of_the_nat_in_one_capture_prove_it_too(tell: Tell, both_sides: BothSides) -> None:
    scene, alice, _ = called(alg())
    told = tell(RULE, both_sides(scene, alice))
    assert told.finding.confidence == "proved"
    assert told.frames[:2] == (1, 2)
    assert "within x.pcapng" in told.finding.message


def test_a_header_that_disappears_and_lines_in_another_order(tell: Tell) -> None:
    def change(data: bytes) -> bytes:
        data = data.replace(b"User-Agent: Phone/1.0\r\n", b"")
        return data.replace(b"s=-\r\nc=IN IP4 10.0.0.5\r\n", b"c=IN IP4 10.0.0.5\r\ns=-\r\n")

    scene, alice, bob = called(change)
    message = tell(RULE, scene, alice, bob).finding.message
    assert "User-Agent Phone/1.0 was removed" in message
    assert "order of the body changed" in message


def test_a_nat_that_leaves_the_text_alone_is_well(tell: Tell) -> None:
    scene, alice, bob = called()
    told = tell(RULE, scene, alice, bob)
    assert told.verdicts == ("clear",)
    assert told.reasons == ("7 messages that two places saw are the same, byte by byte",)


def test_two_captures_of_one_link_are_well(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", BOB)
    scene.call(alice, bob).hang_up(bob)
    assert tell(RULE, scene, alice, bob).verdicts == ("clear",)


def test_a_proxy_may_change_what_it_passes_on(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", BOB)
    scene.call(alice, bob, via=[scene.proxy("proxy", "203.0.113.5")])
    told = tell(RULE, scene, alice, bob)
    assert told.verdicts == ("unknown",)
    assert "two places of one hop" in told.reasons[0]


def test_a_back_to_back_user_agent_makes_messages_of_its_own(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", INSIDE), scene.phone("bob", BOB)
    scene.call(alice, bob, via=[scene.b2bua("sbc", "203.0.113.5", anchors_media=True)])
    assert "fault" not in tell(RULE, scene, alice, bob).verdicts


def test_one_capture_that_nothing_is_wrong_in_says_nothing(tell: Tell) -> None:
    scene, alice, bob = called(alg())
    assert tell(RULE, scene, alice).verdicts == ()
    assert tell(RULE, scene, bob).verdicts == ()


def test_a_length_that_was_left_alone_is_likely(tell: Tell) -> None:
    scene, _, bob = called(alg(lengths=False))
    told = tell(RULE, scene, bob)
    assert told.finding.confidence == "likely"
    assert told.frames == (1,)
    assert f"by 2 times {OUTSIDE} instead of {INSIDE}" in told.finding.message


def test_two_bytes_may_be_a_line_end_that_was_not_counted(tell: Tell) -> None:
    scene = Scene()
    alice = scene.phone("alice", "203.0.113.9")
    wrong = {"Content-Length": str(108 + 2 * len("10.10.1.10")), "P-Asserted-Identity": "<sip:alice@10.10.1.10>"}
    call = scene.dial(alice, scene.phone("bob", BOB), media=[audio("PCMU")], headers=wrong)
    call.reject(400)
    assert tell(RULE, scene).finding.confidence == "possible"


@pytest.mark.parametrize("public", [OUTSIDE, "1.2.3.4"])
def test_over_tcp_the_length_tells_where_the_next_message_begins(tell: Tell, public: str) -> None:
    """Too short a length leaves the rest of the body behind the message, too long a one takes from the next."""
    scene = Scene()
    alice = scene.phone("alice", public, transport="tcp")
    bob = scene.phone("bob", BOB, transport="tcp")
    body = 108 + 2 * len(public)
    wrong = {"Content-Length": str(body - 2 * (len(public) - len(INSIDE))), "P-Asserted-Identity": f"<sip:a@{INSIDE}>"}
    call = scene.dial(alice, bob, media=[audio("PCMU")], headers=wrong)
    call.request(alice, "INFO")
    told = tell(RULE, scene)
    assert told.finding.confidence == "likely"
    assert f"by 2 times {public} instead of {INSIDE}" in told.finding.message


def test_a_length_that_no_address_explains_is_unknown(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", BOB)
    call = scene.dial(alice, bob, headers={"Content-Length": "150"})
    call.reject(400)
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "no address explains it" in told.reasons[0]


def test_a_message_that_the_capture_cut_is_not_compared(tell: Tell) -> None:
    scene, alice, bob = called()
    short = files.Pcapng().interface(resolution=9, snaplen=300)
    for time, frame in scene.packets(alice):
        short.packet(time, frame)
    assert tell(RULE, {"alice": short.finish(), "bob": scene.pcapng(bob)}).verdicts == ("clear",)


@pytest.mark.parametrize("soon", [0.1, 5.0])
def test_a_client_that_tries_another_server_is_no_nat(tell: Tell, soon: float) -> None:
    scene = Scene()
    alice = scene.phone("alice", INSIDE)
    first, second = scene.phone("one", "10.0.0.1"), scene.phone("two", "10.0.0.2")
    scene.dial(alice, first)
    invite = scene.sent[0].packet[28:]
    scene.wait(soon)
    scene.datagram(alice, second, (5060, 5060), invite.replace(b"one@", b"two@"))
    assert tell(RULE, scene).verdicts == ()
