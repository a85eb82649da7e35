"""What the machines of a scene say of themselves."""

from collabtrace.testing import Machine


def test_a_contact_names_address_port_and_transport() -> None:
    assert Machine("alice", "192.0.2.10").contact == "<sip:alice@192.0.2.10:5060>"
    phone = Machine("alice", "192.0.2.10", 5070, "tcp", contact_parameters=";video;bfcp")
    assert phone.contact == "<sip:alice@192.0.2.10:5070;transport=tcp>;video;bfcp"
    assert Machine("alice", "2001:db8::10").contact == "<sip:alice@[2001:db8::10]:5060>"


def test_a_machine_behind_a_nat_says_its_inner_address() -> None:
    machine = Machine("alice", "203.0.113.1", advertises="192.0.2.10")
    assert (machine.host, machine.address) == ("192.0.2.10", "203.0.113.1")


def test_ports_for_media_come_in_pairs() -> None:
    machine = Machine("alice", "192.0.2.10", next_port=2326)
    assert [machine.take_port(), machine.take_port()] == [2326, 2328]


def test_ethernet_addresses_are_local_and_differ() -> None:
    macs = {Machine("x", f"192.0.2.{last}").mac for last in range(256)}
    assert len(macs) == 256
    assert {len(mac) for mac in macs} == {6}
    assert {mac[0] for mac in macs} == {2}
