"""Make a capture to measure with: many calls between two sites, the same bytes for the same numbers.

80 % of the calls use UDP, 20 % TCP; 10 % IPv6; 25 % a VLAN; 10 % an offer that needs fragments; 2 % send video;
30 % are challenged with 401, 6 % refused. Every answered call has RTP both ways, of which 1 % is lost.
"""

import argparse
import json
import socket
from pathlib import Path

import numpy as np
from capture_file import in_order, write
from media import media
from packets import Route
from signalling import Call, signal

SHARES = {"ipv6": 0.1, "vlan": 0.25, "tcp": 0.2, "large": 0.1, "video": 0.02, "refused": 0.06, "challenged": 0.3}
LOSS = 0.01
CALLS_PER_SECOND = 20


def make(path: Path, calls: int, seconds: float, form: str) -> tuple[int, int]:
    """Write a capture of *calls* calls with *seconds* of RTP each; the number of packets and of SIP messages."""
    random = np.random.default_rng(1)
    starts = np.sort(random.random(calls)) * max(30.0, calls / CALLS_PER_SECOND)
    draws = {name: random.random(calls) < share for name, share in SHARES.items()}
    made = [
        _call(number + 1, start, {name: bool(draw[number]) for name, draw in draws.items()})
        for number, start in enumerate(starts.tolist())
    ]
    begins = [(call, signal(call, seconds)) for call in made]
    talking = [(call, begin) for call, begin in begins if begin is not None] if seconds else []
    frames = in_order(frame for call in made for frame in call.frames)
    number = write(path, form, frames, media(talking, seconds, LOSS, random), random)
    return number, sum(call.messages for call in made)


def _call(number: int, start: float, is_: dict[str, bool]) -> Call:
    if is_["ipv6"]:
        caller, callee = f"2001:db8::{number % 4000 + 1:x}", f"2001:db8:1::{number % 4 + 1:x}"
    else:
        caller, callee = f"10.{number >> 14 & 255}.{number >> 7 & 127}.{number & 127}", f"172.16.0.{number % 4 + 1}"
    family = socket.AF_INET6 if is_["ipv6"] else socket.AF_INET
    ends = socket.inet_pton(family, caller), socket.inet_pton(family, callee)
    return Call(
        number,
        start,
        Route(*ends, 100 if is_["vlan"] else None),
        tcp=is_["tcp"],
        large=is_["large"],
        video=is_["video"],
        refused=is_["refused"],
        challenged=is_["challenged"],
        ports=(16384 + 10 * (number % 1600), 32768 + 10 * (number // 4 % 3200)),
    )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--calls", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=5.0, help="RTP of each call")
    parser.add_argument("--format", choices=("pcap", "pcapng"), default="pcap")
    options = parser.parse_args()
    packets, messages = make(options.out, options.calls, options.seconds, options.format)
    print(json.dumps({"packets": packets, "messages": messages}))


if __name__ == "__main__":
    main()
