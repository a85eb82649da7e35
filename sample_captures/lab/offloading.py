"""Let one interface of this network namespace compute checksums and cut segments itself, as a real link does."""

import array
import fcntl
import socket
import struct
import sys

SIOCETHTOOL = 0x8946
SWITCHES = {"receive checksum": 0x15, "transmit checksum": 0x17, "TSO": 0x1F, "GSO": 0x24, "GRO": 0x2C}
"""Commands of linux/ethtool.h that set a switch."""


def switch_off(interface: str) -> None:
    """Switch every kind of offloading off; an OSError where the driver refuses."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for command in SWITCHES.values():
            value = array.array("I", [command, 0])
            request = struct.pack("16sP16x", interface.encode(), value.buffer_info()[0])
            fcntl.ioctl(control, SIOCETHTOOL, request)


if __name__ == "__main__":
    switch_off(sys.argv[1])
