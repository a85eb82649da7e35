"""Internet checksums after a change (RFC 1624): one that was right is right again, one that was wrong stays wrong.

So the kernel's unfinished checksums, by which one knows that a capture was taken on the sender, are still to be seen,
and packets that the capture cut need not be whole.
"""

from typing import NamedTuple

_ONES = 0xFFFF


class Checksum(NamedTuple):
    """Where a checksum stands, and what it covers, as positions in the packet."""

    at: int
    begin: int
    end: int
    addresses: tuple[int, int] | None = None
    """Where the addresses of the pseudo header stand."""
    absent: bool = False
    """Whether 0 says that there is none (RFC 768)."""


def total(data: bytes | bytearray | memoryview) -> int:
    """The one's complement sum of 16-bit words, 0 for 65535; a last odd octet is followed by a zero."""
    number = int.from_bytes(data, "big")
    return (number << 8 if len(data) % 2 else number) % _ONES


def mend(old: bytes, new: bytearray, checksum: Checksum) -> None:
    """Make a checksum of *new* as right as that of *old* was."""
    at = checksum.at
    if at + 2 > len(old):
        return
    before = int.from_bytes(old[at : at + 2], "big")
    if checksum.absent and before == 0:
        return
    pieces = [(checksum.begin, checksum.end)]
    if checksum.addresses:
        pieces.append(checksum.addresses)
    change = sum(total(old[begin:end]) - total(new[begin:end]) for begin, end in pieces)
    if change % _ONES == 0:
        return
    after = (before + change) % _ONES
    new[at : at + 2] = (after or (_ONES if checksum.absent else 0)).to_bytes(2, "big")
