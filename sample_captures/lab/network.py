"""Hosts in network namespaces of their own, joined by one router: real IP stacks without any other machine.

Needs Linux, root, iproute2 and nftables. Every namespace is made here and removed at the end;
nothing that the hosts send can leave them.
"""

import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_interface
from pathlib import Path
from types import TracebackType

OFFLOADING = Path(__file__).with_name("offloading.py")
PATIENCE_SECONDS = 20.0
"""How long a program may need to start or to end, and an agent to hear what it waits for."""
PRIORITY = -10
"""Media has to leave on time, whatever else the machine is doing."""
CLONE_NEWNET = 0x40000000


@dataclass(eq=False)
class Host:
    """One machine with one interface, ``eth0``."""

    name: str
    address: str
    namespace: str
    folder: Path
    """For what its programs read and write; removed at the end."""
    programs: list[subprocess.Popen[bytes]] = field(default_factory=list)
    sockets: list[socket.socket] = field(default_factory=list)
    """Those of this program on the host; closed at the end, so that nothing closes a connection during a recording."""

    @property
    def url_address(self) -> str:
        """The address as it stands in front of a port."""
        return f"[{self.address}]" if ":" in self.address else self.address

    def run(self, *command: str | Path) -> str:
        """Run a program to its end on this host and return what it printed."""
        done = subprocess.run(self._inside(command), check=True, capture_output=True, text=True)
        return done.stdout

    def start(self, *command: str | Path) -> subprocess.Popen[bytes]:
        """Start a program on this host; the network ends it if nobody did before."""
        log = (self.folder / f"{Path(command[0]).name}.log").open("ab")
        program = subprocess.Popen(
            self._inside(command), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        self.programs.append(program)
        return program

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Let this thread be on this host for a while; a socket stays where it was made."""
        with Path("/proc/thread-self/ns/net").open() as here, Path(f"/run/netns/{self.namespace}").open() as there:
            _enter(there.fileno())
            try:
                yield
            finally:
                _enter(here.fileno())

    def open_socket(self, kind: socket.SocketKind, port: int = 0, *, dscp: int = 0) -> socket.socket:
        """A socket of this program at the host's IPv4 address, marked *dscp* (RFC 2474)."""
        with self.entered():
            made = socket.socket(socket.AF_INET, kind)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, dscp << 2)
        made.bind((self.address, port))
        self.sockets.append(made)
        return made

    def wait_for_port(self, port: int) -> None:
        """Wait until a program on this host listens on *port*, by UDP or TCP."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not re.search(rf":{port}\s", self.run("ss", "-Hlntu")):
            if time.monotonic() > deadline:
                raise TimeoutError(f"nobody listens on port {port} of {self.name}")
            time.sleep(0.05)

    def wait_for_text(self, program: str, text: str) -> None:
        """Wait until a program that was started here has printed *text*."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while text not in (self.folder / f"{program}.log").read_text(errors="replace"):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{program} on {self.name} never said {text!r}")
            time.sleep(0.05)

    def _inside(self, command: tuple[str | Path, ...]) -> list[str]:
        return ["ip", "netns", "exec", self.namespace, *map(str, command)]


class Network:
    """A router and the hosts around it, each in a subnet of its own (the router has its first address)."""

    def __init__(self) -> None:
        if not sys.platform.startswith("linux") or os.geteuid() != 0:
            raise SystemExit("Recording needs Linux and root: it makes network namespaces.")
        os.setpriority(os.PRIO_PROCESS, 0, PRIORITY)
        self.folder = Path(tempfile.mkdtemp(prefix="collabtrace-"))
        self.hosts: list[Host] = []
        self.router = self._namespace("router")

    def __enter__(self) -> "Network":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for host in self.hosts:
            for each in host.sockets:
                each.close()
            for program in host.programs:
                end(program, signal.SIGTERM)
            if kind is not None:
                for log in sorted(host.folder.glob("*.log")):
                    print(f"--- {host.name}: {log.name}\n{log.read_text(errors='replace')[-2000:]}", file=sys.stderr)
        for host in [*self.hosts, self.router]:
            _ip("netns", "delete", host.namespace)
        shutil.rmtree(self.folder)

    def host(self, name: str, address: str) -> Host:
        """Add a host in a subnet (/24 or /64) that no other host is in."""
        host = self._namespace(name, address)
        self.hosts.append(host)
        number, there = len(self.hosts), f"to-{name}"
        near, far = ("netns", host.namespace), ("netns", self.router.namespace)
        _ip("link", "add", "eth0", *near, "type", "veth", "peer", there, *far)
        bits = 64 if ":" in address else 24
        gateway = str(ip_interface(f"{address}/{bits}").network[1])
        own, gateways = (f"02:00:00:00:{number:02x}:{end:02x}" for end in (2, 1))
        self._connect(host, "eth0", f"{address}/{bits}", own)
        self._connect(self.router, there, f"{gateway}/{bits}", gateways)
        if ":" in address:
            # Finding its neighbours, a new IPv6 host holds the first packets up for seconds.
            host.run("ip", "neighbour", "add", gateway, "lladdr", gateways, "dev", "eth0")
            self.router.run("ip", "neighbour", "add", address, "lladdr", own, "dev", there)
        host.run("ip", "route", "add", "default", "via", gateway)
        return host

    def cut(self, host: Host, seconds: float) -> None:
        """Let the router lose everything that *host* sends, for a while."""
        self.router.run("nft", "add table ip cut; add chain ip cut c { type filter hook forward priority 0; }")
        self.router.run("nft", f"add rule ip cut c ip saddr {host.address} drop")
        time.sleep(seconds)
        self.router.run("nft", "delete table ip cut")

    def filter(self, *rules: str) -> None:
        """Let the router judge, by each rule of nftables, every packet that it forwards."""
        self.nft("table ip filtered {", "chain judged {", "type filter hook forward priority 0", *rules, "}", "}")

    def nft(self, *lines: str) -> None:
        """Add to the router's nftables rules."""
        file = self.router.folder / "rules.nft"
        file.write_text("\n".join([*lines, ""]))
        self.router.run("nft", "-f", file)

    def _namespace(self, name: str, address: str = "") -> Host:
        folder = self.folder / name
        folder.mkdir()
        host = Host(name, address, f"collabtrace-{os.getpid()}-{name}", folder)
        _ip("netns", "add", host.namespace)
        host.run("ip", "link", "set", "lo", "up")
        # Where nobody uses IPv6, its neighbour discovery would be noise in the captures.
        host.run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv4.ip_forward=1")
        if name == "router":
            host.run("sysctl", "-qw", "net.ipv6.conf.all.forwarding=1")
        return host

    @staticmethod
    def _connect(host: Host, interface: str, address: str, mac: str) -> None:
        host.run("ip", "link", "set", interface, "address", mac)
        # Without this, the captures show checksums and segment sizes that only a virtual link has.
        host.run(sys.executable, OFFLOADING, interface)
        if ":" in address:
            host.run("sysctl", "-qw", f"net.ipv6.conf.{interface}.disable_ipv6=0")
            host.run("ip", "address", "add", address, "dev", interface, "nodad")
        else:
            host.run("ip", "address", "add", address, "dev", interface)
        host.run("ip", "link", "set", interface, "up")


def end(program: subprocess.Popen[bytes], how: signal.Signals = signal.SIGINT) -> None:
    """End a program that was started here, gently at first."""
    if program.poll() is None:
        program.send_signal(how)
        try:
            program.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


def _enter(namespace: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
