"""Capturing: a thin call to dumpcap, which comes with Wireshark and needs no other rights than it was given."""

import os
import signal
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
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, errors="replace") as dumpcap:  # noqa: S603
        said = _to_its_end(dumpcap)
    if dumpcap.returncode:
        raise CaptureError(f"{interface}: {_reason(said)}")


def _to_its_end(dumpcap: "subprocess.Popen[str]") -> str:
    """What dumpcap says until it ends by itself: Ctrl-C tells it to, and it still has packets to write then."""
    while True:
        try:
            return dumpcap.communicate()[1]
        except KeyboardInterrupt:
            # A terminal tells both of us; who signals this program alone means dumpcap.
            if os.name == "posix":
                dumpcap.send_signal(signal.SIGINT)


def _reason(said: str) -> str:
    """The first line that is no progress, and what to do where a right is missing."""
    lines = [line.removeprefix("dumpcap: ").strip() for line in said.splitlines()]
    reason = next((line for line in lines if line and not line.startswith(("Capturing on", "File:"))), "no capture")
    if "permission" in said.lower() or "not permitted" in said.lower():
        return f"{reason.rstrip('.')}; run as root, or let your user (Debian: dpkg-reconfigure wireshark-common)"
    return reason
