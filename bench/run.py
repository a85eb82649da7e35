"""Measure collabtrace beside tshark, sngrep and pyshark on captures of several sizes, and hold it to its bar.

The captures are made once and kept in ``bench/captures``; the results are not kept. Every figure is the median of
several runs, each a new process. Processor time counts all processes of a program.
"""

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from measure import Cost, FailedError, measure, read

HERE = Path(__file__).parent
CAPTURES = HERE / "captures"
SIZES = {
    "S": ["--calls", "40"],
    "M": ["--calls", "2050"],
    "L": ["--calls", "10450"],
    "H": ["--calls", "42800", "--seconds", "0"],
}
"""Numbers for make_capture.py: a small, a large and a very large capture, and one of signalling alone (no RTP)."""

COLD_START_SECONDS = 0.8
TSHARK_RATIO = {"M": 5.0, "H": 2.0}
"""How many times less processor time than tshark."""
PYSHARK_RATIO = 20.0
MEBIBYTES_PER_MILLION = 140.0
GROWTH_EXPONENT = 1.1
PYSHARK = """
import sys, pyshark
with pyshark.FileCapture(sys.argv[1], display_filter="sip", use_ek=True, keep_packets=False) as capture:
    print(sum(1 for packet in capture if packet.sip.layer_name))
"""


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


def programs(of: Sample) -> Iterator[tuple[str, list[str]]]:
    """The programs that are here, by the name in the table, ours first."""
    ours, file = str(Path(sys.executable).with_name("collabtrace")), str(of.path)
    yield "collabtrace diagnose", [ours, "diagnose", file, "--format", "json"]
    yield "collabtrace streams", [ours, "tables", file, "--table", "streams"]
    if shutil.which("tshark"):
        media = ["--enable-heuristic", "rtp_udp", "-z", "rtp,streams"] if of.size != "H" else []
        yield "tshark", ["tshark", "-n", "-q", "-r", file, *media, "-z", "sip,stat"]
    if shutil.which("sngrep"):
        yield "sngrep", ["sngrep", "-N", "-q", "-r", "-I", file]
    # On the largest captures pyshark takes many minutes.
    if shutil.which("tshark") and of.size in "SM" and _importable("pyshark"):
        yield "pyshark", [sys.executable, "-c", PYSHARK, file]


def _importable(module: str) -> bool:
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def measured(of: Sample, repetitions: int) -> dict[str, Cost]:
    """What each program costs on one capture; prints a line for each."""
    print(f"\n{of.name}: {of.packets:,} packets, {of.messages:,} SIP messages, {of.path.stat().st_size / 1e6:,.1f} MB")
    print(f"{'':<24}{'CPU s':>8}{'wall s':>8}{'MiB':>8}{'MiB/10^6':>10}{'CPU':>10}")
    read(of.path)
    costs: dict[str, Cost] = {}
    for name, command in programs(of):
        try:
            cost = costs[name] = measure(command, repetitions, {**os.environ, "TERM": "xterm"})
        except FailedError as error:
            print(f"  {name:<22} failed: {error}")
            continue
        ours = costs.get("collabtrace diagnose")
        ratio = f"{cost.seconds / ours.seconds:9.1f}x" if ours else ""
        per_million = f"{cost.mebibytes / of.packets * 1e6:10.0f}" if of.packets >= 1e6 else " " * 10
        print(f"  {name:<22}{cost.seconds:8.2f}{cost.wall_seconds:8.2f}{cost.mebibytes:8.0f}{per_million}{ratio}")
    return costs


def verdicts(samples: list[Sample], costs: dict[str, dict[str, Cost]]) -> Iterator[tuple[str, float, str, bool]]:
    """The bar: what was asked, what was measured, the limit, and whether it holds."""
    for of in samples:
        ours = costs[of.name].get("collabtrace diagnose")
        if ours is None:
            yield f"{of.name}: diagnose runs", math.nan, "yes", False
            continue
        if of.size == "S":
            limit = COLD_START_SECONDS
            yield f"{of.name}: seconds from cold start to findings", ours.seconds, f"<= {limit}", ours.seconds <= limit
        for other, least in (
            ("tshark", TSHARK_RATIO.get(of.size)),
            ("pyshark", PYSHARK_RATIO if of.size == "M" else None),
        ):
            if least is not None and other in costs[of.name]:
                ratio = costs[of.name][other].seconds / ours.seconds
                yield f"{of.name}: times less than {other}", ratio, f">= {least:g}", ratio >= least
        if of.size in "ML":
            memory = max(cost.mebibytes for name, cost in costs[of.name].items() if name.startswith("collabtrace"))
            per_million, limit = memory / of.packets * 1e6, MEBIBYTES_PER_MILLION
            yield f"{of.name}: MiB per million packets", per_million, f"<= {limit:g}", per_million <= limit
    yield from _growth({of.name: (of, costs[of.name].get("collabtrace diagnose")) for of in samples})


def _growth(ours: dict[str, tuple[Sample, Cost | None]]) -> Iterator[tuple[str, float, str, bool]]:
    if "M" not in ours or "L" not in ours:
        return
    (small, small_cost), (large, large_cost) = ours["M"], ours["L"]
    if small_cost and large_cost:
        exponent = math.log(large_cost.seconds / small_cost.seconds) / math.log(large.packets / small.packets)
        yield "M to L: exponent of growth", exponent, f"<= {GROWTH_EXPONENT}", exponent <= GROWTH_EXPONENT


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["S", "M", "H"], help=f"{' '.join(SIZES)}, as pcap or S.pcapng ...")
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    samples = [sample(name) for name in options.sizes]
    costs = {of.name: measured(of, options.repetitions) for of in samples}
    print("\nThe bar")
    for what, value, limit, holds in verdicts(samples, costs):
        print(f"  {'holds ' if holds else 'MISSED'}  {what:<45}{value:8.2f}   {limit}")


if __name__ == "__main__":
    main()
