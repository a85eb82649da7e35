"""Floor control of the corpus: the messages that tshark finds with its heuristics on, all of them well-formed.

Beside them are those of primitives that no RFC names, which tshark takes for no BFCP.
"""

import json
from typing import Any

from collabtrace.sessions.case import read_case


def test_as_many_messages_as_tshark_finds(truth: Any) -> None:
    record = truth.path.parent.with_name("truth") / f"{truth.name}.json"
    expected = json.loads(record.read_text(encoding="utf-8"))["counts"].get("bfcp_heuristic", 0)
    with read_case([truth.path]) as case:
        named = [floor for floor in case.floors if not floor.name.startswith("primitive")]
        assert len(named) == expected
        assert {floor.flaws for floor in named} <= {None}
