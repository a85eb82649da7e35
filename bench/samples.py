"""The captures to measure with: made once, kept in ``bench/captures``."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CAPTURES = HERE / "captures"
SIZES = {
    "S": ["--calls", "40"],
    "M": ["--calls", "2050"],
    "L": ["--calls", "10450"],
    "H": ["--calls", "42800", "--seconds", "0"],
}
"""Numbers for make_capture.py: a small, a large and a very large capture, and one of signalling alone (no RTP)."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One capture to measure with."""

    name: str
    """``M``, or ``M.pcapng`` where it is not a pcap file."""
    path: Path
    packets: int
    messages: int

    @property
    def size(self) -> str:
        """The letter of its size."""
        return self.name[0]


def sample(name: str) -> Sample:
    """The capture of one size, made now where it is not there yet."""
    size, _, form = name.partition(".")
    if size not in SIZES or form not in ("", "pcap", "pcapng"):
        raise SystemExit(f"there is no size {name}: choose from {', '.join(SIZES)}, and with .pcapng behind it")
    path = CAPTURES / f"{size}.{form or 'pcap'}"
    facts = path.with_name(f"{path.name}.json")
    if not facts.exists():
        CAPTURES.mkdir(exist_ok=True)
        sys.stderr.write(f"Making {path} ...\n")
        maker = [sys.executable, str(HERE / "make_capture.py"), str(path), *SIZES[size], "--format", form or "pcap"]
        facts.write_text(subprocess.run(maker, check=True, capture_output=True, text=True).stdout)
    return Sample(name, path, **json.loads(facts.read_text()))
