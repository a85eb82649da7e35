"""Substitutes for addresses."""

import ipaddress
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols.scope import scope
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.words import Words

ADDRESSES = Addresses(Words(b"a key"))


def changed(address: str) -> str:
    packed = ip_address(address).packed
    return str(ip_address(ADDRESSES.ipv4(packed) if len(packed) == 4 else ADDRESSES.ipv6(packed)))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_keeps_its_length_and_its_scope(address: ipaddress.IPv4Address) -> None:
    assert len(changed(str(address))) == len(str(address))
    assert scope(changed(str(address))) is scope(str(address))


@given(st.ip_addresses(v=6))
def test_an_ipv6_address_keeps_its_length_and_its_scope(address: ipaddress.IPv6Address) -> None:
    assert len(ip_address(changed(str(address))).exploded.replace("0", "")) <= len(address.exploded)
    assert scope(changed(str(address))) is scope(str(address))


@pytest.mark.parametrize("address", ["10.1.2.3", "172.16.0.9", "192.168.1.77", "203.0.113.8", "2001:db8::1", "fe80::1"])
def test_an_address_changes(address: str) -> None:
    assert changed(address) != address


@pytest.mark.parametrize("address", ["0.0.0.0", "127.0.0.1", "255.255.255.255", "239.1.2.3", "::", "::1", "ff02::1"])
def test_what_names_no_other_machine_stays(address: str) -> None:
    assert changed(address) == address


def test_one_subnet_stays_one() -> None:
    assert changed("10.1.2.3").rpartition(".")[0] == changed("10.1.2.200").rpartition(".")[0]
    assert changed("2001:db8:7:1::a").rpartition("::")[0] == changed("2001:db8:7:1::b").rpartition("::")[0]


def test_no_two_addresses_become_one() -> None:
    for network in ("10.20.30", "192.168.1", "203.0.113"):
        hosts = [f"{network}.{host}" for host in range(256)]
        assert len(set(map(changed, hosts))) == 256


def test_public_addresses_are_those_of_benchmarks_where_they_fit() -> None:
    assert ip_address(changed("203.0.113.8")) in ipaddress.ip_network("198.18.0.0/15")


def test_more_public_networks_than_there_is_room_for_stay_apart() -> None:
    few = Addresses(Words(b"a key"))
    networks = {few.ipv4(bytes([93, 184, third, 1])) for third in range(256)}
    networks |= {few.ipv4(bytes([93, second, third, 1])) for second in (185, 186, 187) for third in range(256)}
    assert len(networks) == 1024


def test_the_address_that_cucm_hides_is_as_long_in_every_form() -> None:
    for address in ("172.17.16.13", "10.1.1.5", "10.1.1.59", "10.1.1.200"):
        hidden = int.from_bytes(ip_address(address).packed, "little")
        other = ADDRESSES.hidden(hidden)
        assert other is not None
        assert str(ip_address(other.to_bytes(4, "little"))) == changed(address)
        assert (len(f"{other:x}"), len(str(other))) == (len(f"{hidden:x}"), len(str(hidden)))


def test_a_mac_address_becomes_a_local_one() -> None:
    assert ADDRESSES.mac(bytes.fromhex("001122334455"))[0] == 2
    assert ADDRESSES.mac(b"\xff" * 6) == b"\xff" * 6
    assert ADDRESSES.mac(bytes.fromhex("01005e010203")) == bytes.fromhex("01005e010203")


def test_solicited_node_addresses_and_their_frames_stay_together() -> None:
    address = ip_address(changed("ff02::1:ff12:3456")).packed
    assert ADDRESSES.mac(bytes.fromhex("3333ff123456"))[3:] == address[13:] != bytes.fromhex("123456")
