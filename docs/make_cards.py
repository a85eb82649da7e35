"""Write the card of every sample: what it is for, how it was made, what is found in it, and its ladder.

A case that was recorded at several places has a card for each, and one for all of them together.
"""

import ast
import sys
from pathlib import Path

from collabtrace import samples
from collabtrace.findings import diagnose
from collabtrace.schema import Capture, Finding
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


def purpose(name: str, maker: Path) -> str:
    """What a script says of all that it records, and what its function named like a case says of that one."""
    tree = ast.parse(maker.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and name.startswith(node.name)]
    closest = max(functions, key=lambda node: len(node.name), default=None)
    return "\n\n".join(text for node in (tree, closest) if node and (text := ast.get_docstring(node)))


def card(name: str) -> str:
    """The text of the card of one case, as ``ct.example`` takes its name."""
    captures = samples.case(name)
    maker = script(captures[0])
    with read_case(captures) as case:
        files = "\n".join(map(_file, case.captures))
        findings = diagnose(case).findings
        found = "\n".join(map(_finding, findings)) or "None."
        drawn = saving.LADDER.text(ladder.plan(case, None, hits=marks.of_findings(findings))).rstrip()
    return (
        f"# {name}\n\n{purpose(name.replace('-', '_'), maker)}\n\nMade by `{maker.name}`:\n\n{files}\n\n"
        f"## Findings\n\n```\n{found}\n```\n\n## Ladder\n\n```\n{drawn}\n```\n"
    )


def target(name: str) -> Path:
    """The file of the card of one case."""
    return SAMPLES / f"{name.replace('-', '_')}.md"


def _file(record: Capture) -> str:
    seconds = (record.last or 0.0) - (record.first or 0.0)
    return f"* `{record.file}`: {record.packets} frames, {seconds:.1f} s"


def _finding(found: Finding) -> str:
    files = {proof.file for proof in found.evidence}
    named = [f"{proof.file} {proof.frame}" if len(files) > 1 else str(proof.frame) for proof in found.evidence]
    return f"{found.severity}  {found.rule}  {found.message}  (frames {', '.join(named)})"


def main() -> None:
    """Write them all."""
    for name in samples.names():
        target(name).write_text(card(name), encoding="utf-8")
        sys.stdout.write(f"{target(name).relative_to(SAMPLES.parent)}\n")


if __name__ == "__main__":
    main()
