"""Write the card of every sample capture: what it is for, how it was made, what is found in it, and its ladder."""

import ast
import sys
from pathlib import Path

from collabtrace.findings import diagnose
from collabtrace.schema import Finding
from collabtrace.sessions.case import read_case
from collabtrace.views import ladder, marks, saving

SAMPLES = Path(__file__).parents[1] / "sample_captures"


def captures() -> list[Path]:
    """Every sample capture."""
    return sorted(path for path in SAMPLES.iterdir() if path.suffix in (".pcap", ".pcapng"))


def script(capture: Path) -> Path:
    """The script that made a capture: the one of its name, or of the name that it begins with; else a KeyError."""
    scripts = {path.stem: path for path in SAMPLES.glob("*.py")}
    return scripts[max((stem for stem in scripts if capture.stem.startswith(stem)), key=len, default=capture.stem)]


def card(capture: Path) -> str:
    """The text of one card."""
    maker = script(capture)
    purpose = ast.get_docstring(ast.parse(maker.read_text(encoding="utf-8")))
    with read_case([capture]) as case:
        record = case.captures[0]
        seconds = (record.last or 0.0) - (record.first or 0.0)
        findings = diagnose(case).findings
        found = "\n".join(map(_finding, findings)) or "None."
        drawn = saving.LADDER.text(ladder.plan(case, None, hits=marks.of_findings(findings))).rstrip()
    return (
        f"# {capture.stem.replace('_', '-')}\n\n{purpose}\n\n"
        f"Made by `{maker.name}`: {record.packets} frames, {seconds:.1f} s.\n\n"
        f"## Findings\n\n```\n{found}\n```\n\n## Ladder\n\n```\n{drawn}\n```\n"
    )


def _finding(found: Finding) -> str:
    frames = ", ".join(str(proof.frame) for proof in found.evidence)
    return f"{found.severity}  {found.rule}  {found.message}  (frames {frames})"


def main() -> None:
    """Write them all."""
    for capture in captures():
        target = capture.with_suffix(".md")
        target.write_text(card(capture), encoding="utf-8")
        sys.stdout.write(f"{target.relative_to(SAMPLES.parent)}\n")


if __name__ == "__main__":
    main()
