"""Two captures side by side, for a terminal."""

from pathlib import Path

from collabtrace.sessions import comparison
from collabtrace.sessions.case import read_case
from collabtrace.testing import Nat, Quality, Scene
from collabtrace.views.comparison import as_text


def shown(folder: Path, scene: Scene) -> str:
    machines = {sent.source.name: sent.source for sent in scene.sent}
    paths = [folder / f"{name}.pcapng" for name in ("alice", "bob")]
    for path in paths:
        scene.write(path, machines[path.stem])
    with read_case(paths) as case:
        return as_text(case, comparison.build(case, ("alice.pcapng", "bob.pcapng")))


def test_differences_stand_below_each_other(tmp_path: Path) -> None:
    scene = Scene()
    alice = scene.phone(
        "alice", "192.168.1.10", nat=Nat("203.0.113.9", lambda data: data.replace(b"Phone/1", b"Fon/2"))
    )
    bob = scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    scene.block(bob, 20000)
    call.talk(seconds=1, quality=Quality(rtcp=False))
    text = shown(tmp_path, scene)
    assert text.startswith("A = alice.pcapng\nB = bob.pcapng\n\nThe clock of B is 0.000 ms ")
    assert "5 messages in both, 4 of them with another text\n  INVITE  A#1 → B#1  " in text
    assert "    User-Agent       Phone/1.0\n                     Fon/2.0\n" in text
    assert "1 RTP streams in both\n" in text
    assert "1 RTP streams only in A\n  0x" in text


def test_what_cannot_be_told_is_said(tmp_path: Path) -> None:
    scene = Scene()
    alice, bob, carol = (scene.phone(name, f"192.0.2.{at}") for at, name in enumerate(("alice", "bob", "carol"), 10))
    scene.request(alice, carol, "OPTIONS")
    scene.request(carol, bob, "OPTIONS")
    assert "No SIP message is in both" in shown(tmp_path, scene)
    scene.request(alice, bob, "OPTIONS", status=None)
    assert "the way between them included (1 messages, all of one direction)" in shown(tmp_path, scene)


def test_long_lists_are_cut(tmp_path: Path) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    scene.block(bob)
    for _ in range(45):
        call.request(alice, "INFO", status=None)
    assert "45 messages only in A, though others of the same hop are in both\n" in shown(tmp_path, scene)
    assert "  and 5 more\n" in shown(tmp_path, scene)
