"""ICMP (RFC 792), ICMPv6 (RFC 4443) and neighbour discovery (RFC 4861) with their addresses replaced."""

from collabtrace.capture.cursor import Cursor
from collabtrace.redaction.addresses import Addresses

_ERRORS = {False: (3, 4, 5, 11, 12), True: (1, 2, 3, 4)}
_REDIRECT = 5
_ECHO = {False: (0, 8), True: (128, 129)}
_SOLICITATION, _ADVERTISEMENT, _ROUTER_SOLICITATION, _ROUTER_ADVERTISEMENT = 135, 136, 133, 134
_OPTIONS_AT = {_SOLICITATION: 24, _ADVERTISEMENT: 24, _ROUTER_SOLICITATION: 8, _ROUTER_ADVERTISEMENT: 16}
_SOURCE_LINK, _TARGET_LINK, _PREFIX, _MTU = 1, 2, 3, 5


def rewrite(packet: Cursor, out: bytearray, addresses: Addresses, *, six: bool) -> int | None:
    """Write the message at the cursor; where the packet begins that it quotes, None where it quotes none."""
    data, begin = packet.data, packet.at
    end = min(packet.end, len(data))
    head = min(begin + 8, end)
    if begin >= end:
        return None
    kind = data[begin]
    known = kind in _ERRORS[six] or kind in _ECHO[six] or kind in _OPTIONS_AT
    kept = head if known else min(begin + 4, end)
    out[begin:kept] = data[begin:kept]
    if kind in _ERRORS[six] and packet.holds(28):
        if kind == _REDIRECT and not six:
            out[begin + 4 : begin + 8] = addresses.ipv4(data[begin + 4 : begin + 8])
        return begin + 8
    if six and kind in _OPTIONS_AT:
        _discovery(kind, data[begin:end], begin, out, addresses)
    return None


def _discovery(kind: int, data: bytes, begin: int, out: bytearray, addresses: Addresses) -> None:
    at = _OPTIONS_AT[kind]
    if at > len(data):
        return
    if at == 24:
        out[begin + 8 : begin + 24] = addresses.ipv6(data[8:24])
    else:
        out[begin + 8 : begin + at] = data[8:at]
    while at + 8 <= len(data) and data[at + 1]:
        end = min(at + data[at + 1] * 8, len(data))
        option = data[at:end]
        out[begin + at : begin + end] = option[:2] + _option(option, addresses)
        at = end


def _option(option: bytes, addresses: Addresses) -> bytes:
    """What follows type and length (RFC 4861 §4.6)."""
    if option[0] in (_SOURCE_LINK, _TARGET_LINK) and len(option) == 8:
        return addresses.mac(option[2:])
    if option[0] == _PREFIX and len(option) == 32:
        return option[2:16] + addresses.ipv6(option[16:])
    return option[2:] if option[0] == _MTU else bytes(len(option) - 2)
