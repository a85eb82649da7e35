"""Link layers and tunnels around the packets of ``wire``.

Link layers give what a capture file of their link type holds; tunnels give a ``Layer`` for the next one outwards.
"""

import struct
import sys
from collections.abc import Sequence

from collabtrace.testing.wire import Layer

NULL, ETHERNET, PPP, RAW, LOOP, LINUX_SLL, LINUX_SLL2 = 0, 1, 9, 101, 108, 113, 276
"""LINKTYPE_ values of the formats below."""

_ALICE, _BOB = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
_PPP_PROTOCOL = {0x0800: 0x0021, 0x86DD: 0x0057}
_BSD_FAMILY = {0x0800: 2, 0x86DD: 30}


def ethernet(
    payload: Layer,
    *,
    source: bytes = _ALICE,
    target: bytes = _BOB,
    vlans: Sequence[int] = (),
    tag_type: int = 0x8100,
) -> Layer:
    """An Ethernet II frame; several *vlans* are QinQ, the outermost first, tagged *tag_type* (802.1ad: 0x88A8)."""
    types = [tag_type, *[0x8100] * (len(vlans) - 1)]
    tags = b"".join(struct.pack("!HH", kind, vlan) for kind, vlan in zip(types, vlans, strict=False))
    return Layer(target + source + tags + struct.pack("!H", payload.ethertype) + payload, 143, 0x6558)


def cooked(payload: Layer) -> bytes:
    """Linux cooked capture, version 1: sent to us, from an Ethernet address."""
    return struct.pack("!HHH8sH", 0, 1, 6, _ALICE, payload.ethertype) + payload


def cooked2(payload: Layer, *, interface: int = 2) -> bytes:
    """Linux cooked capture, version 2."""
    return struct.pack("!HHIHBB8s", payload.ethertype, 0, interface, 1, 0, 6, _ALICE) + payload


def loopback(payload: Layer, *, big_endian: bool = sys.byteorder == "big") -> bytes:
    """BSD loopback: link type NULL in the order of the capturing machine, LOOP always big-endian."""
    return struct.pack(">I" if big_endian else "<I", _BSD_FAMILY[payload.ethertype]) + payload


def ppp(payload: Layer, *, framed: bool = True) -> Layer:
    """PPP (RFC 1661), with the address and control octets of RFC 1662 where *framed*; rides in GRE as 0x880B."""
    protocol = struct.pack("!H", _PPP_PROTOCOL[payload.ethertype])
    return Layer((b"\xff\x03" if framed else b"") + protocol + payload, 0, 0x880B)


def pppoe(payload: Layer, *, session: int = 1) -> Layer:
    """A PPPoE session packet (RFC 2516 §4)."""
    inner = ppp(payload, framed=False)
    return Layer(struct.pack("!BBHH", 0x11, 0, session, len(inner)) + inner, 0, 0x8864)


def gre(payload: Layer, *, key: int | None = None, sequence: int | None = None) -> Layer:
    """Generic routing encapsulation (RFC 2784) with the optional fields of RFC 2890."""
    flags = (key is not None) << 13 | (sequence is not None) << 12
    optional = b"".join(struct.pack("!I", number) for number in (key, sequence) if number is not None)
    return Layer(struct.pack("!HH", flags, payload.ethertype) + optional + payload, 47)


def pptp_gre(payload: Layer, *, call: int = 1, sequence: int = 0) -> Layer:
    """Enhanced GRE around PPP (RFC 2637 §4.1)."""
    return Layer(struct.pack("!HHHHI", 0x3001, 0x880B, len(payload), call, sequence) + payload, 47)


def erspan(frame: bytes, *, version: int = 2, session: int = 1, sequence: int = 0) -> Layer:
    """A mirrored Ethernet frame in ERSPAN type I, II or III, GRE header included (draft-foschiano-erspan)."""
    if version == 1:
        return Layer(struct.pack("!HH", 0, 0x88BE) + frame, 47)
    header = struct.pack("!HHI", (version - 1) << 12, session, 0) + (bytes(4) if version == 3 else b"")
    return gre(Layer(header + frame, 0, 0x22EB if version == 3 else 0x88BE), sequence=sequence)


def gtpu(packet: bytes, *, tunnel: int = 1, sequence: int | None = None) -> bytes:
    """A GTP-U G-PDU (3GPP TS 29.281 §5.1), the payload of UDP port 2152."""
    optional = b"" if sequence is None else struct.pack("!HBB", sequence, 0, 0)
    return struct.pack("!BBHI", 0x30 | 2 * bool(optional), 255, len(optional) + len(packet), tunnel) + optional + packet
