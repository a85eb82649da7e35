"""Conferences as scenes, for the modules that find them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collabtrace.sessions.case import Case, read_case
from collabtrace.testing import Scene
from collabtrace.testing.conferences import AdHoc

MIXER = "203.0.113.50"
CUCM = "203.0.113.5"


def meeting() -> tuple[Scene, AdHoc]:
    """Alice has called Bob and Carol through CUCM; nobody has pressed a key yet."""
    scene = Scene()
    alice, bob, carol = (scene.phone(name, f"192.0.2.{n}") for name, n in (("alice", 11), ("bob", 12), ("carol", 13)))
    cucm = scene.b2bua("cucm", CUCM, user_agent="Cisco-CUCM12.5")
    first, second = scene.call(alice, bob, via=[cucm]), scene.call(alice, carol, via=[cucm])
    return scene, AdHoc(scene, first, second, mixer=MIXER)


@contextmanager
def read_scene(scene: Scene, folder: Path) -> Iterator[Case]:
    """What a capture of it holds."""
    (folder / "x.pcapng").write_bytes(scene.pcapng())
    with read_case([folder / "x.pcapng"]) as case:
        yield case
