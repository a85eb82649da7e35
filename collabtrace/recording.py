"""Capturing: a thin call to dumpcap, which comes with Wireshark and needs no other rights than it was given."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from collabtrace.capture import dissect
from collabtrace.errors import CaptureError

BUFFER_MEBIBYTES = 64
"""The kernel's buffer: bursts of video fill the usual one while the disk is busy."""


def command(interface: str, target: Path, *, megabytes: int | None = None, files: int | None = None,
            capture_filter: str | None = None, seconds: float | None = None) -> list[str]:  # fmt: skip
    """How dumpcap is called; with *megabytes* a ring buffer of *files* files. A CaptureError without it."""
    dumpcap = dissect.find("dumpcap")
    if dumpcap is None:
        raise CaptureError(f"{interface}: needs dumpcap (part of Wireshark), which is not installed")
    words = [dumpcap, "-i", interface, "-w", str(target), "-B", str(BUFFER_MEBIBYTES), "-q"]
    words += ["-f", capture_filter] if capture_filter else []
    words += ["-b", f"filesize:{megabytes * 1000}"] if megabytes else []
    words += ["-b", f"files:{files}"] if files else []
    words += ["-a", f"duration:{seconds:g}"] if seconds else []
    return words


def run(words: Sequence[str], interface: str) -> None:
    """Capture until ended; a CaptureError says in one line why nothing can be captured."""
    done = subprocess.run(words, check=False, stderr=subprocess.PIPE, text=True, errors="replace")  # noqa: S603
    if done.returncode not in (0, 130):
        raise CaptureError(f"{interface}: {_reason(done.stderr)}")


def _reason(said: str) -> str:
    """The first line that is no progress, and what to do where a right is missing."""
    lines = [line.removeprefix("dumpcap: ").strip() for line in said.splitlines()]
    reason = next((line for line in lines if line and not line.startswith(("Capturing on", "File:"))), "no capture")
    if "permission" in said.lower() or "not permitted" in said.lower():
        return f"{reason.rstrip('.')}; run as root, or let your user (Debian: dpkg-reconfigure wireshark-common)"
    return reason
