"""Findings as text for a terminal and as the JSON of the public contract."""

import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from collabtrace.console import CONTROL
from collabtrace.findings import Diagnosis, Judgement
from collabtrace.schema import Capture
from collabtrace.views.contents import Case
from collabtrace.views.limits import limits
from collabtrace.views.tables import rows
from collabtrace.views.wording import counted, duration, moment


def as_text(case: Case, diagnosis: Diagnosis) -> str:
    """What was found, for a person: what was captured and what that cannot show, then the gravest faults first."""
    lines = [_held(capture) for capture in case.captures]
    seen = (len(case.messages), "SIP message"), (len(case.calls), "call"), (len(case.streams), "RTP stream")
    lines += [", ".join(counted(number, what) for number, what in seen), *(f"  {limit}" for limit in limits(case)), ""]
    for found in diagnosis.findings:
        lines += [f"{found.severity}  {found.rule}  ({found.confidence})", f"  {found.message}"]
        lines += [f"  {proof.file} frame {proof.frame}: {proof.shows}" for proof in found.evidence]
        lines += [f"  calls: {', '.join(found.calls)}"] if found.calls else []
        lines += [f"  Wireshark: {found.display_filter}"] if found.display_filter else []
        lines += [f"  {number}. {step}" for number, step in enumerate(found.remedy, 1)]
        lines.append("")
    judged = list(dict.fromkeys(told.rule for told in diagnosis.judgements))
    found_any = counted(len(diagnosis.findings), "finding") if len(diagnosis.findings) else "No rule found a fault"
    named = f": {', '.join(judged)}" if judged else ""
    lines.append(
        f"{found_any}; {len(judged)} of {counted(len(diagnosis.checked), 'rule')} had something to judge{named}"
    )
    unknown = Counter((told.rule, told.because) for told in diagnosis.judgements if told.verdict == "unknown")
    lines += [
        f"  cannot tell  {rule}: {because}{f' ({times}×)' if times > 1 else ''}"
        for (rule, because), times in unknown.items()
    ]
    return "".join(line.translate(CONTROL) + "\n" for line in lines)


def _held(capture: Capture) -> str:
    when = None if capture.first is None or capture.last is None else (capture.first, capture.last)
    lasted = f", {moment(when[0])}, {duration(when[1] - when[0])}" if when else ""
    return f"{capture.file}: {counted(capture.packets, 'packet')}{lasted}"


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
