"""Opens scenes as cases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from collabtrace.sessions.case import Case, read_case
from collabtrace.testing import Machine, Scene, audio, bfcp, slides, video


class Opened(Protocol):
    def __call__(self, scene: Scene, *near: Machine, missing: float = 0.0) -> Case: ...


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Open what a scene shows, whole or at each machine of *near* (``alice.pcapng`` …)."""
    cases: list[Case] = []

    def open_scene(scene: Scene, *near: Machine, missing: float = 0.0) -> Case:
        captures = {machine.name: scene.pcapng(machine) for machine in near} or {"x": scene.pcapng(missing=missing)}
        files = [tmp_path / f"{name}.pcapng" for name in captures]
        for file, data in zip(files, captures.values(), strict=True):
            file.write_bytes(data)
        cases.append(read_case(files))
        return cases[-1]

    yield open_scene
    for case in cases:
        case.close()


@pytest.fixture
def video_call(opened: Opened) -> Case:
    """Alice calls Bob through a B2BUA with sound, picture, slides and floor control; both talk; Bob shares."""
    scene = Scene()
    alice, bob = (
        scene.phone("alice", "192.0.2.10"),
        scene.phone("bob", "198.51.100.20"),
    )
    server = scene.b2bua("server", "203.0.113.5", user_agent="Cisco-CUCM12.5")
    call = scene.call(alice, bob, via=[server], media=[audio(), video(), slides(), bfcp()])
    call.hello(bob)
    call.talk(seconds=2)
    call.share(bob, seconds=1)
    call.hang_up(alice)
    return opened(scene)
