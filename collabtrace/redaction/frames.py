"""MAC addresses of link layers, and frames that carry no IP: of those only ARP is understood."""

from collabtrace.capture.cursor import Cursor
from collabtrace.redaction.addresses import Addresses

_ETHERNET, _COOKED, _COOKED2 = 1, 113, 276
_WIRELESS, _RADIOTAP = 105, 127
_ARP = b"\x08\x06"
_ARP_ETHERNET = b"\0\x01\x08\0\x06\x04"
"""Hardware Ethernet, protocol IPv4, and their lengths (RFC 826)."""
_ETHERNET_HEADER = 14
_TAGS = (b"\x81\0", b"\x88\xa8", b"\x91\0")


class Frames:
    """Writes what is no IP."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._link = 0

    def first(self, link_type: int) -> None:
        """Remember the link layer of the packet that comes now."""
        self._link = link_type

    def addresses(self, begin: int, packet: Cursor, out: bytearray) -> None:
        """The MAC addresses of a header just passed that began at *begin*: the first, or that within a tunnel."""
        if begin == 0:
            self._outer(packet.data, out)
        elif packet.at - begin == _ETHERNET_HEADER and not _is_ip(packet.data, begin):
            self._two(packet.data, begin, out)

    def _outer(self, data: bytes, out: bytearray) -> None:
        if self._link == _ETHERNET:
            self._two(data, 0, out)
        elif self._link == _COOKED:
            self._one(data, 6, out)
        elif self._link == _COOKED2:
            self._one(data, 12, out)
        elif self._link in (_WIRELESS, _RADIOTAP):
            begin = int.from_bytes(data[2:4], "little") if self._link == _RADIOTAP else 0
            for at in (begin + 4, begin + 10, begin + 16):
                self._one(data, at, out)

    def _two(self, data: bytes, at: int, out: bytearray) -> None:
        self._one(data, at, out)
        self._one(data, at + 6, out)

    def _one(self, data: bytes, at: int, out: bytearray) -> None:
        if at + 6 <= len(data):
            out[at : at + 6] = self._addresses.mac(data[at : at + 6])

    def last(self, packet: Cursor, out: bytearray) -> None:
        """What follows the last header that was read: ARP, or nothing that is understood."""
        data, at = packet.data, packet.at
        if data[at - 2 : at] == _ARP and data[at : at + 6] == _ARP_ETHERNET and at + 28 <= len(data):
            out[at : at + 8] = data[at : at + 8]
            for begin in (at + 8, at + 18):
                self._one(data, begin, out)
                out[begin + 6 : begin + 10] = self._addresses.ipv4(data[begin + 6 : begin + 10])


def _is_ip(data: bytes, begin: int) -> bool:
    return data[begin] >> 4 in (4, 6) and begin > 0 and data[begin - 2 : begin] in (b"\x08\0", b"\x86\xdd")
