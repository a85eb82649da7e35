"""A ladder as a Mermaid sequence diagram, for wikis and tickets that draw it."""

import re
from collections.abc import Iterator

from collabtrace.views.rows import Arrow, Gap, Ladder, Note, Row, Section, shown
from collabtrace.views.wording import duration

LONGEST = 50_000
"""Characters that Mermaid draws unless told otherwise (its setting maxTextSize)."""

_SPECIAL = re.compile(r"[^\w .,()+=/@→×·–…!?%_'-]|\bend\b", re.IGNORECASE)
"""What could end a statement, begin another or become HTML, and the keyword that closes blocks."""

ARROWS = {"sip": "->>", "dtmf": "->>", "rtp": "-)", "rtcp": "--)", "bfcp": "->>", "event": "-x"}
"""Arrows by kind: full heads for signalling, open ones for media, a cross for what says that something failed."""


def render(ladder: Ladder) -> str:
    """The diagram, with one participant for each machine of any section."""
    lines = ["sequenceDiagram"]
    numbers: dict[str, str] = {}
    for section in ladder.sections:
        for lane in section.lanes:
            if lane.key not in numbers:
                numbers[lane.key] = f"m{len(numbers)}"
                name = f"{escape(lane.name)}<br/>{escape(lane.key)}" if lane.name else escape(lane.key)
                lines.append(f"    participant {numbers[lane.key]} as {name}")
    if not ladder.sections:
        lines += [f"    title: {escape(remark)}" for remark in ladder.remarks]
    for section in ladder.sections:
        lines += _section(ladder, section, numbers)
    text = "\n".join(lines) + "\n"
    return f"%%{{init: {{'maxTextSize': {len(text) + 100}}} }}%%\n{text}" if len(text) > LONGEST else text


def escape(text: str) -> str:
    """*text* with entity codes for whatever Mermaid would read as more than text."""
    return _SPECIAL.sub(lambda found: f"#{ord(found[0][0])};{found[0][1:]}", text)


def _section(ladder: Ladder, section: Section, numbers: dict[str, str]) -> Iterator[str]:
    if not section.lanes:
        yield f"    %% {escape(section.title)} has too many machines for a diagram"
        return
    lanes = [numbers[lane.key] for lane in section.lanes]
    across = lanes[0] if len(lanes) == 1 else f"{lanes[0]},{lanes[-1]}"
    for line in (section.title, *section.legs):
        yield f"    Note over {across}: {escape(line)}"
    for row in section.rows:
        yield f"    {_row(ladder, section, row, numbers, across)}"
        if isinstance(row, Arrow) and row.mark:
            ends = dict.fromkeys([numbers[row.source], numbers[row.target]])
            yield f"    Note over {','.join(ends)}: {escape('!! ' + row.mark)}"


def _row(ladder: Ladder, section: Section, row: Row, numbers: dict[str, str], across: str) -> str:
    if isinstance(row, Gap):
        return f"Note over {across}: {escape(duration(row.seconds) + ' without a message')}"
    if isinstance(row, Note):
        ends = dict.fromkeys([numbers[row.source], numbers[row.target]])
        return f"Note over {','.join(ends)}: {escape(row.text)}"
    arrow = "-->>" if row.answer and row.kind in ("sip", "dtmf", "bfcp") else ARROWS[row.kind]
    info = f" {row.info}" if row.info else ""
    said = escape(f"{shown(row)}{info} ({row.time - section.start:.3f} s {ladder.frames(row)})")
    return f"{numbers[row.source]}{arrow}{numbers[row.target]}: {said}"
