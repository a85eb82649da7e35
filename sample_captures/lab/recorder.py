"""Recording what passes the interfaces of hosts, with tcpdump, into pcapng files made by editcap."""

import re
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.network import Host, end

SETTLE_SECONDS = 0.3
"""How long packets and files may need to get where they belong."""
RECEIVED, DROPPED = 4, 7
"""Options isb_ifrecv and isb_osdrop of an Interface Statistics Block (draft-ietf-opsawg-pcapng §4.6)."""


@contextmanager
def recording(places: dict[Host, Path], *, secrets: Path | None = None) -> Iterator[None]:
    """Record what passes the interface of each host, into one file for each.

    *secrets* is a key log of TLS connections, which becomes part of the files.
    """
    running = [(host, target, _tcpdump(host)) for host, target in places.items()]
    yield
    time.sleep(SETTLE_SECONDS)
    injected = ("--inject-secrets", f"tls,{secrets}") if secrets else ()
    for host, target, program in running:
        end(program)
        subprocess.run(["editcap", "-F", "pcapng", *injected, host.folder / "eth0.pcap", target], check=True)
        with target.open("ab") as file:
            file.write(_statistics((host.folder / "tcpdump.log").read_text()))


def _tcpdump(host: Host) -> subprocess.Popen[bytes]:
    program = host.start("tcpdump", "-i", "eth0", "-U", "--immediate-mode", "-Z", "root", "-w", "eth0.pcap")
    host.wait_for_text("tcpdump", "listening on")
    return program


def _statistics(log: str) -> bytes:
    """What tcpdump says last of received and dropped packets, as an Interface Statistics Block."""
    counts = [re.search(rf"(\d+) packets? {what}", log) for what in ("received by filter", "dropped by kernel")]
    received, dropped = (int(count[1]) for count in counts if count)
    options = [struct.pack("<HHQ", kind, 8, count) for kind, count in ((RECEIVED, received), (DROPPED, dropped))]
    high, low = divmod(time.time_ns() // 1000, 2**32)
    body = struct.pack("<III", 0, high, low) + b"".join(options) + bytes(4)
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", 5) + length + body + length
