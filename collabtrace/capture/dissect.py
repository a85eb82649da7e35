"""Wireshark's own programs, for what they do better: reading rare capture formats, and checking our reading.

Everything else in the package works without them; what needs one says which.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from collabtrace.errors import CaptureError

TIMEOUT = 600
"""Seconds that a program may run; converting a GiB takes about ten."""

_PLACES = {
    "darwin": ["/Applications/Wireshark.app/Contents/MacOS"],
    "win32": [r"C:\Program Files\Wireshark", r"C:\Program Files (x86)\Wireshark"],
}
"""Where installers put the programs without adding the place to PATH."""


def find(program: str) -> str | None:
    """The path of one of Wireshark's programs (``tshark``, ``editcap``); None where it is not installed."""
    places = [os.environ.get("PATH", os.defpath), *_PLACES.get(sys.platform, [])]
    return shutil.which(program, path=os.pathsep.join(places))


@contextmanager
def convert(path: Path) -> Iterator[Path]:
    """A pcapng file made from *path*, whatever format that Wireshark reads it has; deleted after use.

    A CaptureError where Wireshark does not read it either, or editcap is not installed.
    """
    editcap = find("editcap")
    if editcap is None:
        raise CaptureError(f"{path.name}: neither pcap nor pcapng; other formats need editcap (part of Wireshark)")
    with tempfile.TemporaryDirectory(prefix="collabtrace-") as folder:
        made = Path(folder, "converted.pcapng")
        run = _run([editcap, "-F", "pcapng", str(path.absolute()), str(made)], path)
        # A file that ends within a packet is converted up to there, and editcap still tells of it.
        if not made.exists() or (run.returncode and not made.stat().st_size):
            raise CaptureError(f"{path.name}: no capture that Wireshark reads: {_complaint(run)}")
        yield made


def frame(path: Path, number: int, *, options: Sequence[str] = ()) -> Element:
    """The dissection of one frame: the ``packet`` element of tshark's PDML, whose ``proto`` and ``field`` nest.

    The packets before it are read too, as a message may begin there. *options* as for ``fields``. A CaptureError where
    tshark is not installed or refuses, a LookupError where the file has no such frame.
    """
    command = [_tshark(path), "-n", "-r", str(path.absolute()), "-c", str(number), "-Y", f"frame.number == {number}"]
    with tempfile.TemporaryDirectory(prefix="collabtrace-") as folder:
        run = _run([*command, *options, "-T", "pdml"], path, {"WIRESHARK_CONFIG_DIR": folder})
    if run.returncode:
        raise CaptureError(f"{path.name}: tshark refuses: {_complaint(run)}")
    packet: Element | None = ElementTree.fromstring(run.stdout).find("packet")
    if packet is None:
        raise LookupError(f"{path.name} has no frame {number}")
    return packet


def fields(
    path: Path, display_filter: str, names: Sequence[str], *, options: Sequence[str] = ()
) -> list[tuple[str, ...]]:
    """What tshark says of each packet that passes the filter, as text; several values are joined by commas.

    *options* are further arguments, such as ``-o tcp.check_checksum:TRUE``. The reader's own Wireshark settings do not
    count. A CaptureError where tshark is not installed or refuses.
    """
    wanted = [argument for name in names for argument in ("-e", name)]
    command = [_tshark(path), "-n", "-r", str(path.absolute()), "-Y", display_filter, *options, "-T", "fields", *wanted]
    with tempfile.TemporaryDirectory(prefix="collabtrace-") as folder:
        run = _run(command, path, {"WIRESHARK_CONFIG_DIR": folder})
    if run.returncode:
        raise CaptureError(f"{path.name}: tshark refuses: {_complaint(run)}")
    return [tuple(line.split("\t")) for line in run.stdout.splitlines()]


def _tshark(path: Path) -> str:
    tshark = find("tshark")
    if tshark is None:
        raise CaptureError(f"{path.name}: needs tshark (part of Wireshark), which is not installed")
    return tshark


def _run(
    command: list[str], path: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - a program found by name, with arguments of ours and no shell
            command,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "LC_ALL": "C", **(environment or {})},
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        raise CaptureError(f"{path.name}: {Path(command[0]).stem} took more than {TIMEOUT} s") from None
    except OSError as error:
        raise CaptureError(f"{path.name}: {Path(command[0]).stem} does not run ({error.strerror})") from None


def _complaint(run: subprocess.CompletedProcess[str]) -> str:
    """The first line of what a program said about its work, without its name."""
    lines = [line.split(": ", 1)[1] for line in run.stderr.splitlines() if re.match(r"\w+: ", line)]
    return lines[0].strip() if lines else f"exit status {run.returncode}"
