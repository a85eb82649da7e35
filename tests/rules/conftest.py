"""How rules are tested: on captures, through the engine; and a capture in which nothing is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

from collabtrace.findings import diagnose
from collabtrace.schema import Capture, Finding
from collabtrace.sessions.case import read_case
from collabtrace.testing import Machine, Scene, files


class Told(NamedTuple):
    """What one rule said of a scene."""

    findings: tuple[Finding, ...]
    verdicts: tuple[str, ...]
    """``fault clear unknown``, one for each subject that it looked at."""
    reasons: tuple[str, ...]
    """Why, for each verdict."""

    @property
    def finding(self) -> Finding:
        """The only finding."""
        (only,) = self.findings
        return only

    @property
    def frames(self) -> tuple[int, ...]:
        """The frames that prove the only finding."""
        return tuple(each.frame for each in self.finding.evidence)


Tell: TypeAlias = Callable[..., Told]


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    """Let the rule named judge a scene: all of it, or as the machines *near* see it, a capture each."""

    def judge(rule: str, scene: Scene | bytes | dict[str, bytes], *near: Machine, missing: float = 0.0) -> Told:
        if isinstance(scene, dict):
            captures = scene
        elif isinstance(scene, bytes):
            captures = {"x": scene}
        else:
            captures = {each.name: scene.pcapng(each) for each in near} or {"x": scene.pcapng(missing=missing)}
        files = [tmp_path / f"{name}.pcapng" for name in captures]
        for file, data in zip(files, captures.values(), strict=True):
            file.write_bytes(data)
        with read_case(files) as case:
            diagnosis = diagnose(case, [rule])
        judgements = diagnosis.judgements
        return Told(
            tuple(diagnosis.findings),
            tuple(each.verdict for each in judgements),
            tuple(each.because for each in judgements),
        )

    return judge


@pytest.fixture
def healthy() -> Capture:
    """A capture in which nothing is wrong; each test says what is different in its own."""
    return Capture(
        file="x.pcapng",
        sha256="0" * 64,
        bytes=100_000,
        format="pcapng",
        compressed=False,
        packets=1000,
        first=0.0,
        last=60.0,
        truncated=False,
        flaws=(),
        snapped=0,
        dropped=0,
        duplicates=0,
        duplicate_frames=(),
        fragmented=0,
        secrets=0,
        comments=(),
    )


BothSides: TypeAlias = Callable[[Scene, Machine], bytes]


@pytest.fixture
def both_sides() -> BothSides:
    """Make one capture of what both sides of a machine's NAT show."""

    def captured(scene: Scene, machine: Machine) -> bytes:
        return files.pcapng(sorted(scene.packets() + scene.packets(machine)))

    return captured
