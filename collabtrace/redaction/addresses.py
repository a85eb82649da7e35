"""Substitutes for addresses: of the same scope, in the same subnets as before, and as long when written as text.

IPv4 addresses of one /24 stay in one /24 and keep the number of digits of every octet. Private blocks stay private
(RFC 1918, RFC 6598, RFC 3927); public addresses become ones for benchmarks (RFC 2544) where those have that length and
last, else ones of blocks that are not routed on the Internet. Of IPv6 addresses every group that is not zero changes.
What names no other machine (unspecified, loopback, multicast, broadcast) stays.
"""

import ipaddress
import random
from functools import lru_cache

from collabtrace.redaction.words import Words

_REMEMBERED = 1 << 16
_HOSTS = ((1, 4), (5, 5), (6, 9), (10, 15), (16, 58), (59, 59), (60, 99), (100, 254))
"""Last octets that are exchanged with each other: as long in decimal, in hexadecimal, and, where CUCM hides the address
in a Call-ID or a Cisco-Guid, as the highest octet of a number in both."""
_OCTETS = ((0, 9), (10, 99), (100, 255))
_UNROUTED = (6, 7, 11, 21, 22, 26, 28, 29, 30, 33, 55, 214, 215)
"""First octets of blocks that the Internet hardly ever sees; for lengths that no block for documentation has."""
_TRIES = 4096


class Addresses:
    """The substitutes under the key of *words*."""

    def __init__(self, words: Words) -> None:
        """Make the same substitutes wherever the key is the same, but for public networks that clash."""
        self._words = words
        self._networks: dict[bytes, bytes] = {}
        self._taken: set[bytes] = set()
        self.ipv4 = lru_cache(_REMEMBERED)(self._ipv4)
        self.ipv6 = lru_cache(_REMEMBERED)(self._ipv6)
        self.mac = lru_cache(_REMEMBERED)(self._mac)
        self._cycle = lru_cache(_REMEMBERED)(self._make_cycle)

    def hidden(self, value: int, host: str = "") -> int | None:
        """The substitute of an IPv4 address written as a little-endian number; None for what is none.

        It is one where it is that of *host*, or in a private block, as those of CUCM's nodes are.
        """
        address = (value & 0xFFFFFFFF).to_bytes(4, "little")
        private = address[0] == 10 or address[:2] == b"\xc0\xa8" or (address[0] == 172 and 16 <= address[1] < 32)
        if not private and ".".join(map(str, address)) != host:
            return None
        return int.from_bytes(self.ipv4((value & 0xFFFFFFFF).to_bytes(4, "little")), "little")

    def _ipv4(self, address: bytes) -> bytes:
        first = address[0]
        if first in (0, 127) or first >= 224 or address == b"\xff\xff\xff\xff":
            return address
        network = self._networks.get(address[:3])
        if network is None:
            network = self._networks[address[:3]] = self._network(*address[:3])
        return network + bytes([self._of(_HOSTS, address[3], network)])

    def _network(self, first: int, second: int, third: int) -> bytes:
        """The first three octets of the substitute."""
        if first == 10:
            changed = self._of(_OCTETS, second, b"ten")
            return bytes([10, changed, self._of(_OCTETS, third, bytes([second]))])
        if (first, second) in ((192, 168), (169, 254)):
            return bytes([first, second, self._of(_OCTETS, third, bytes([first]))])
        if first == 172 and 16 <= second < 32:
            return bytes([172, self._of(((16, 31),), second, b"172"), self._of(_OCTETS, third, bytes([second]))])
        if first == 100 and 64 <= second < 128:
            blocks = ((64, 99), (100, 127))
            return bytes([100, self._of(blocks, second, b"100"), self._of(_OCTETS, third, bytes([second]))])
        return self._public(bytes([first, second, third]))

    def _public(self, network: bytes) -> bytes:
        """A network of that length as text that no other one has; by the key, whatever came before if possible."""
        length = len(".".join(map(str, network)))
        choice = random.Random(self._words.number("public", network))
        for attempt in range(_TRIES):
            reserved = 8 <= length <= 10 and attempt < _TRIES // 2
            found = (
                bytes([198, choice.choice((18, 19)), choice.randrange(256)])
                if reserved
                else bytes([choice.choice(_UNROUTED), choice.randrange(1, 256), choice.randrange(256)])
            )
            if len(".".join(map(str, found))) == length and found not in self._taken and found != network:
                break
        self._taken.add(found)
        return found

    def _of(self, blocks: tuple[tuple[int, int], ...], value: int, context: bytes) -> int:
        """The substitute of one octet, in the same block."""
        for low, high in blocks:
            if low <= value <= high:
                return self._cycle(low, high, context)[value - low]
        return value

    def _make_cycle(self, low: int, high: int, context: bytes) -> tuple[int, ...]:
        """A permutation of a range in which nothing stays where it is."""
        order = list(range(low, high + 1))
        random.Random(self._words.number("octet", bytes([low, high]) + context)).shuffle(order)
        following = dict(zip(order, order[1:] + order[:1], strict=True))
        return tuple(following[value] for value in range(low, high + 1))

    def _ipv6(self, address: bytes) -> bytes:
        given = ipaddress.IPv6Address(address)
        if given.ipv4_mapped is not None:
            return address[:12] + self.ipv4(address[12:])
        if given.is_multicast:
            # RFC 4291 §2.7.1: a solicited-node address ends like the address that it asks for.
            return address[:13] + self._tail(address[13:]) if address[:13] == SOLICITED else address
        if int(given) < 2:
            return address
        groups = [int.from_bytes(address[at : at + 2], "big") for at in range(0, 16, 2)]
        return b"".join(self._group(at, group, address[: at * 2]).to_bytes(2, "big") for at, group in enumerate(groups))

    def _group(self, at: int, group: int, before: bytes) -> int:
        """The substitute of one group: of as many hexadecimal digits; the first only tells the scope, and stays."""
        if at == 0 or group == 0:
            return group
        digits = f"{group:x}"
        low: int = 16 ** (len(digits) - 1)
        size = 15 * low
        shift = 1 + self._words.number("group", before + bytes([len(digits)])) % (size - 1)
        return low + (group - low + shift) % size

    def _tail(self, tail: bytes) -> bytes:
        return (self._words.number("tail", tail) & 0xFFFFFF).to_bytes(3, "big")

    def _mac(self, address: bytes) -> bytes:
        if address[0] & 1 or not any(address):
            if address[:3] == b"\x33\x33\xff":
                return address[:3] + self._tail(address[3:])
            return address
        return bytes([2]) + (self._words.number("mac", address) & 0xFFFFFFFFFF).to_bytes(5, "big")


SOLICITED = bytes.fromhex("ff0200000000000000000001ff")
"""Begins solicited-node multicast addresses (RFC 4291 §2.7.1)."""
