"""Measure collabtrace beside tshark, sngrep and pyshark on captures of several sizes, and hold it to its bar.

Every figure is the median of several runs, each a new process; nothing of ours is kept from one run to the next.
Processor time counts all processes of a program. The bar counts the dearest of our commands.
"""

import argparse
import compileall
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bar import Costs, verdicts
from measure import FailedError, measure, read
from samples import SIZES, Sample, sample

PYSHARK = """
import sys, pyshark
with pyshark.FileCapture(sys.argv[1], display_filter="sip", use_ek=True, keep_packets=False) as capture:
    print(sum(1 for packet in capture if packet.sip.layer_name))
"""


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


def measured(of: Sample, repetitions: int) -> Costs:
    """What each program costs on one capture; prints a line for each, with its time as a multiple of the first."""
    print(f"\n{of.name}: {of.packets:,} packets, {of.messages:,} SIP messages, {of.path.stat().st_size / 1e6:,.1f} MB")
    print(f"{'':<24}{'CPU s':>8}{'wall s':>8}{'MiB':>8}{'MiB/10^6':>10}{'CPU':>10}")
    read(of.path)
    costs: Costs = {}
    for name, command in programs(of):
        try:
            cost = costs[name] = measure(command, repetitions, {**os.environ, "TERM": "xterm"})
        except FailedError as error:
            costs[name] = None
            print(f"  {name:<22} failed: {error}")
            continue
        first = next((known for known in costs.values() if known), cost)
        per_million = f"{cost.mebibytes / of.packets * 1e6:10.0f}" if of.packets >= 1e6 else " " * 10
        times = f"{cost.seconds:8.2f}{cost.wall_seconds:8.2f}{cost.mebibytes:8.0f}{per_million}"
        print(f"  {name:<22}{times}{cost.seconds / first.seconds:9.1f}x")
    return costs


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["S", "M", "H"], help=f"{' '.join(SIZES)}, as pcap or S.pcapng ...")
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args()
    # pip compiles what it installs, but not what stays where it is to be worked on.
    compileall.compile_dir(Path(__file__).parents[1] / "collabtrace", quiet=1)
    samples = [sample(name) for name in options.sizes]
    costs = [(of, measured(of, options.repetitions)) for of in samples]
    print("\nThe bar")
    for verdict in verdicts(costs):
        kept = "holds " if verdict.holds else "MISSED"
        print(f"  {kept}  {verdict.what:<45}{verdict.value:8.2f}   {verdict.limit}")


if __name__ == "__main__":
    main()
