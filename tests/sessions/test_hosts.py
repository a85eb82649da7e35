"""Machines and what they are."""

import pytest

from collabtrace.columns import Table
from collabtrace.schema import Flow, Host, Stream
from collabtrace.sessions import hosts
from collabtrace.sessions.hosts import hops
from collabtrace.testing.conversation import MACHINES, conversation

ALICE, BOB, PROXY, SERVER = (MACHINES[name] for name in ("alice", "bob", "proxy", "server"))


def flow(
    source: str, target: str, *, protocol: str | None = "sip", ttl: int = 64, packets: int = 1, frame: int = 1
) -> Flow:
    return Flow(
        "inside.pcap", source, 5060, target, 5060, "udp", packets, 100, frame, frame, 0.0, 0.0, protocol, ttl, 0
    )  # fmt: skip


def build(lines: str, *flows: Flow) -> dict[str, Host]:
    found = hosts.build(conversation(lines).messages, Table.of(Flow, flows), Table.empty(Stream))
    return {host.address: host for host in found}


def test_a_machine_is_what_its_messages_say() -> None:
    found = build("""
        0 alice bob   INVITE     1 a   User-Agent="TANDBERG/529 (ce9.2.1) Cisco-SX80"
        1 bob   alice 200/INVITE 1 a>b Server=Cisco-CUCM11.5
    """)
    assert (found[ALICE].name, found[ALICE].kind, found[ALICE].first_frame) == ("TANDBERG/529", "CE endpoint", 1)
    assert (found[BOB].name, found[BOB].kind, found[BOB].file) == ("Cisco-CUCM11.5", "CUCM", "inside.pcap")


def test_a_proxy_is_not_what_it_passes_on() -> None:
    found = build("""
        0 alice proxy INVITE     1 a          User-Agent=Phone
        1 proxy alice 100/INVITE 1 a          Server=kamailio
        2 proxy bob   INVITE     1 a   vias=2 User-Agent=Phone
        3 bob   proxy 200/INVITE 1 a>b vias=2 Server=Asterisk
        4 proxy alice 200/INVITE 1 a>b        Server=Asterisk
    """)
    assert {address: host.kind for address, host in found.items()} == {ALICE: None, PROXY: "Kamailio", BOB: "Asterisk"}


def test_a_relay_without_via_is_not_what_it_passes_on() -> None:
    found = build("""
        0.0 alice  server REGISTER     1 a   call=one User-Agent=MicroSIP/3.14.5
        0.1 server bob    REGISTER     1 c   call=two User-Agent=MicroSIP/3.14.5
        0.2 bob    server 401/REGISTER 1 c>d call=two Server=Asterisk
        0.3 server alice  401/REGISTER 1 a>b call=one Server=Asterisk
    """)
    assert {address: host.name for address, host in found.items()} == {
        ALICE: "MicroSIP/3.14.5", SERVER: None, BOB: "Asterisk",
    }  # fmt: skip


def test_machines_that_talk_to_each_other_may_be_of_one_make() -> None:
    found = build("""
        0.0 alice bob   INVITE     1 a   User-Agent=Asterisk
        0.1 bob   alice 200/INVITE 1 a>b Server=Asterisk
        0.2 bob   alice INVITE     2 b>a User-Agent=Asterisk
    """)
    assert {host.name for host in found.values()} == {"Asterisk"}


def test_the_header_that_a_machine_writes_most_often_counts() -> None:
    found = build("""
        0 alice bob OPTIONS 1 a call=one   User-Agent=old
        1 alice bob OPTIONS 1 a call=two   User-Agent=new
        2 alice bob OPTIONS 1 a call=three User-Agent=new
    """)
    assert found[ALICE].name == "new"


def test_the_ttl_of_most_packets_tells_the_hops() -> None:
    found = build(
        "0 alice bob OPTIONS 1 a",
        flow(ALICE, BOB, ttl=62, packets=10),
        flow(ALICE, PROXY, ttl=255, packets=2, protocol="dns"),
        flow(PROXY, BOB, ttl=0, protocol=None),
    )
    assert (found[ALICE].ttl, found[ALICE].hops) == (62, 2)
    assert (found[BOB].ttl, found[BOB].hops) == (None, None)
    assert PROXY not in found


@pytest.mark.parametrize(
    ("ttl", "passed"), [(64, 0), (63, 1), (128, 0), (120, 8), (255, 0), (254, 1), (90, None), (200, None)]
)
def test_how_many_routers_a_packet_has_passed(ttl: int, passed: int | None) -> None:
    assert hops(ttl) == passed


def test_floor_control_and_rtcp_show_machines_too() -> None:
    found = build("", flow(ALICE, BOB, protocol="bfcp", frame=7), flow(PROXY, BOB, protocol="rtcp", frame=5))
    assert {address: host.first_frame for address, host in found.items()} == {ALICE: 7, BOB: 5, PROXY: 5}


def test_every_file_has_its_own_machines() -> None:
    said = conversation("""
        0 alice bob OPTIONS 1 a file=outside.pcap
        0 alice bob OPTIONS 1 a file=inside.pcap
    """)
    found = hosts.build(said.messages, Table.empty(Flow), Table.empty(Stream))
    assert [(host.file, host.address) for host in found] == [
        ("inside.pcap", ALICE), ("inside.pcap", BOB), ("outside.pcap", ALICE), ("outside.pcap", BOB),
    ]  # fmt: skip
