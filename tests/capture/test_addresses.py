"""Addresses as Wireshark prints them."""

from ipaddress import ip_address

import pytest

from collabtrace.capture.addresses import address


@pytest.mark.parametrize("text", ["192.0.2.1", "2001:db8::1", "::", "2001:db8:0:1:1:1:1:1", "::ffff:192.0.2.1"])
def test_addresses(text: str) -> None:
    assert address(ip_address(text).packed) == text
