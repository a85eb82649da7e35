"""Findings as text for a terminal and as the JSON of the public contract."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from collabtrace.console import CONTROL
from collabtrace.findings import Diagnosis, Judgement
from collabtrace.schema import Capture
from collabtrace.sessions.case import Case
from collabtrace.views.tables import rows


def as_text(diagnosis: Diagnosis) -> str:
    """What was found, for a person: the gravest first, each with its frames and what to do."""
    lines: list[str] = []
    for found in diagnosis.findings:
        lines += [f"{found.severity}  {found.rule}  ({found.confidence})", f"  {found.message}"]
        lines += [f"  {proof.file} frame {proof.frame}: {proof.shows}" for proof in found.evidence]
        lines += [f"  calls: {', '.join(found.calls)}"] if found.calls else []
        lines += [f"  Wireshark: {found.display_filter}"] if found.display_filter else []
        lines += [f"  {number}. {step}" for number, step in enumerate(found.remedy, 1)]
        lines.append("")
    rules = ", ".join(diagnosis.checked) or "none"
    lines.append(
        f"{_some(len(diagnosis.findings), 'finding')}; {_some(len(diagnosis.checked), 'rule')} looked: {rules}"
    )
    lines += [
        f"  cannot tell  {told.rule}: {told.because}" for told in diagnosis.judgements if told.verdict == "unknown"
    ]
    return "".join(line.translate(CONTROL) + "\n" for line in lines)


def _some(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def as_json(case: Case, diagnosis: Diagnosis) -> str:
    """Captures, findings and judgements, each on a line; missing values are null."""
    parts = {
        "captures": map(_capture, case.captures),
        "findings": map(_finding, rows(diagnosis.findings)),
        "judgements": map(_judgement, diagnosis.judgements),
    }
    # Without indentation the encoder runs in C, many times as fast.
    encode = json.JSONEncoder(ensure_ascii=False).encode
    written = (f' "{name}": [\n  ' + ",\n  ".join(map(encode, items)) + "\n ]" for name, items in parts.items())
    return "{\n" + ",\n".join(written) + "\n}\n"


def _finding(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "evidence": [asdict(proof) for proof in row["evidence"]]}


def _judgement(told: Judgement) -> dict[str, Any]:
    return {"rule": told.rule, "calls": told.calls, "verdict": told.verdict, "because": told.because}


def _capture(capture: Capture) -> dict[str, Any]:
    return {
        "file": capture.file,
        "sha256": capture.sha256,
        "packets": capture.packets,
        "first": _moment(capture.first),
        "last": _moment(capture.last),
        "truncated": capture.truncated,
        "flaws": capture.flaws,
    }


def _moment(epoch: float | None) -> str | None:
    """A time as RFC 3339 in UTC with microseconds."""
    return (
        None
        if epoch is None
        else datetime.fromtimestamp(epoch, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    )
