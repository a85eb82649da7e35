"""Captures for batches, and records of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from collabtrace.reports.site.record import DONE, FAILED, Record
from collabtrace.testing import Scene
from tests.reports.conftest import HOSTILE


@pytest.fixture
def captures(tmp_path: Path) -> Path:
    """A folder with three captures of a call each, and one file that is no capture."""
    folder = tmp_path / "captures"
    folder.mkdir()
    for number, name in enumerate(("one", "two", "three")):
        scene = Scene()
        scene.wait(number * 1000)
        alice, bob = scene.phone(f"alice{number}", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
        scene.call(alice, bob).hang_up(bob)
        (folder / f"{name}.pcapng").write_bytes(scene.pcapng())
    (folder / "broken.pcap").write_bytes(b"this is no capture")
    return folder


@pytest.fixture
def records() -> list[Record]:
    """A case with a finding whose every word is an attacker's, and one without a report."""
    finding = {
        "rule": "sip-no-reply", "severity": "critical", "confidence": "likely", "title": HOSTILE, "message": HOSTILE,
        "calls": ["a@b"], "evidence": [{"file": HOSTILE, "frame": 3, "shows": HOSTILE}], "display_filter": None,
        "remedy": [HOSTILE], "references": ["RFC 3261 §17"],
    }  # fmt: skip
    told = Record(
        "a/x", {HOSTILE: "00"}, {}, DONE, ("a/x.html", "a/x.ipynb"), None, 1, (HOSTILE,), 1.0, 3.5, (finding,)
    )
    return [told, Record("b", {"b.pcap": ""}, {}, FAILED, ("b.html",), HOSTILE)]


def notebook(path: Path, *sources: str) -> Path:
    """Write a report notebook with a cell of parameters and others of the given code."""
    cells = [("parameters", "captures = []"), *((f"cell-{count}", source) for count, source in enumerate(sources))]
    written: list[dict[str, Any]] = [
        {"cell_type": "code", "id": name, "source": source, "outputs": [], "execution_count": None,
         "metadata": {"tags": ["parameters"]} if name == "parameters" else {}}
        for name, source in cells
    ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    whole = {"cells": written, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path
