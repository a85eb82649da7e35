"""Link layers and tunnels built in code, held against what tshark sees in them."""

from pathlib import Path

import pytest

from collabtrace.capture import dissect
from collabtrace.testing import carriers, files
from collabtrace.testing.carriers import erspan, ethernet, gre, gtpu, ppp, pppoe, pptp_gre
from collabtrace.testing.wire import ipv4, ipv6, udp

A, B = "192.0.2.1", "198.51.100.2"
INNER = ipv4("192.0.2.10", "198.51.100.20", udp(1, 2, b"inner"))
INNER6 = ipv6("2001:db8::1", "2001:db8::2", udp(1, 2, b"inner"))
needs_tshark = pytest.mark.skipif(dissect.find("tshark") is None, reason="tshark is not installed")


@needs_tshark
@pytest.mark.parametrize(
    ("link_type", "frame", "protocols"),
    [
        (carriers.ETHERNET, ethernet(INNER), "eth:ethertype:ip"),
        (carriers.ETHERNET, ethernet(INNER, vlans=[7]), "eth:ethertype:vlan:ethertype:ip"),
        (
            carriers.ETHERNET,
            ethernet(INNER6, vlans=[7, 8], tag_type=0x88A8),
            "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ipv6",
        ),
        (carriers.LINUX_SLL, carriers.cooked(INNER), "sll:ethertype:ip"),
        (carriers.LINUX_SLL2, carriers.cooked2(INNER6), "sll:ethertype:ipv6"),
        (carriers.NULL, carriers.loopback(INNER, big_endian=False), "null:ip"),
        (carriers.NULL, carriers.loopback(INNER6, big_endian=True), "null:ipv6"),
        (carriers.LOOP, carriers.loopback(INNER, big_endian=True), "null:ip"),
        (carriers.RAW, INNER6, "raw:ipv6"),
        (carriers.PPP, ppp(INNER), "ppp:ip"),
        (carriers.ETHERNET, ethernet(pppoe(INNER6)), "eth:ethertype:pppoes:ppp:ipv6"),
        (carriers.RAW, ipv4(A, B, INNER), "raw:ip:ip"),
        (carriers.RAW, ipv4(A, B, INNER6), "raw:ip:ipv6"),
        (carriers.RAW, ipv4(A, B, gre(INNER)), "raw:ip:gre:ip"),
        (carriers.RAW, ipv4(A, B, gre(ppp(INNER), key=1, sequence=2)), "raw:ip:gre:ppp:ip"),
        (carriers.RAW, ipv4(A, B, gre(ethernet(INNER))), "raw:ip:gre:eth:ethertype:ip"),
        (carriers.RAW, ipv4(A, B, pptp_gre(ppp(INNER))), "raw:ip:gre:ppp:ip"),
        (carriers.RAW, ipv4(A, B, erspan(ethernet(INNER), version=1)), "raw:ip:gre:erspan:eth:ethertype:ip"),
        (carriers.RAW, ipv4(A, B, erspan(ethernet(INNER), version=2)), "raw:ip:gre:erspan:eth:ethertype:ip"),
        (carriers.RAW, ipv4(A, B, erspan(ethernet(INNER), version=3)), "raw:ip:gre:erspan:eth:ethertype:ip"),
        (carriers.RAW, ipv4(A, B, udp(2152, 2152, gtpu(INNER))), "raw:ip:udp:gtp:ip"),
        (carriers.RAW, ipv4(A, B, udp(2152, 2152, gtpu(INNER6, sequence=1))), "raw:ip:udp:gtp:ipv6"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_tshark_finds_the_datagram_inside(tmp_path: Path, link_type: int, frame: bytes, protocols: str) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(files.pcap([(0, frame)], link_type=link_type))
    names = ["frame.protocols", "data.data", "_ws.expert.message"]
    assert dissect.fields(path, "frame", names) == [(f"{protocols}:udp:data", b"inner".hex(), "")]
