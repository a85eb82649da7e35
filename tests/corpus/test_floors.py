"""Floor control of the corpus: as many messages as tshark finds with its heuristics on, all of them well-formed."""

import json
from typing import Any

from collabtrace.sessions.case import read_case


def test_as_many_messages_as_tshark_finds(truth: Any) -> None:
    record = truth.path.parent.with_name("truth") / f"{truth.name}.json"
    expected = json.loads(record.read_text(encoding="utf-8"))["counts"].get("bfcp_heuristic", 0)
    with read_case([truth.path]) as case:
        assert len(case.floors) == expected
        assert case.floors.values("flaws") == [None] * expected
