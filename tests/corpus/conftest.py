"""Captures that other people made, and what tshark 4.0 says of each; not part of the project.

``COLLABTRACE_CORPUS`` names the folder, with ``captures/`` and ``truth/`` (one JSON file a capture) inside.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from collabtrace.capture import dissect

CORPUS = Path(os.environ.get("COLLABTRACE_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")

NEED_EDITCAP = {"rtsp_netmon_format.cap"}
"""Captures that are neither pcap nor pcapng."""


@dataclass(frozen=True)
class Truth:
    """One capture and what is known of it."""

    name: str
    path: Path
    sip: list[dict[str, Any]]
    """Its SIP messages, those quoted in ICMP errors too."""
    rtp: list[dict[str, Any]]
    """The rows of ``tshark -q -z rtp,streams``."""
    packets: int


def load(file: Path) -> Truth:
    record = json.loads(file.read_text(encoding="utf-8"))
    capture = CORPUS / "captures" / record["file"]
    return Truth(record["file"], capture, record["sip"], record["rtp"], record["packets"])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for ``truth`` runs once for every capture."""
    if "truth" not in metafunc.fixturenames:
        return
    files = sorted((CORPUS / "truth").glob("*.json"))
    skip = pytest.mark.skip(reason="no corpus here: COLLABTRACE_CORPUS names its folder")
    cases = [case(load(file)) for file in files] or [pytest.param(None, id="corpus", marks=skip)]
    metafunc.parametrize("truth", cases)


def case(truth: Truth) -> Any:
    foreign = truth.name in NEED_EDITCAP and dissect.find("editcap") is None
    return pytest.param(truth, id=truth.name, marks=[pytest.mark.skip(reason="editcap is not installed")] * foreign)
