"""An address belongs to the narrowest block that a standard gives it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols.scope import Scope, is_inside, is_multicast, is_public, scope


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.1.2.3", Scope.PRIVATE),
        ("172.15.255.255", Scope.PUBLIC),
        ("172.16.0.0", Scope.PRIVATE),
        ("172.31.255.255", Scope.PRIVATE),
        ("172.32.0.0", Scope.PUBLIC),
        ("192.168.1.10", Scope.PRIVATE),
        ("192.169.0.1", Scope.PUBLIC),
        ("100.63.255.255", Scope.PUBLIC),
        ("100.64.0.1", Scope.SHARED),
        ("100.127.255.255", Scope.SHARED),
        ("100.128.0.0", Scope.PUBLIC),
        ("169.254.7.7", Scope.LINK),
        ("8.8.8.8", Scope.PUBLIC),
        ("0.0.0.0", Scope.NOWHERE),
        ("127.0.0.1", Scope.NOWHERE),
        ("224.0.1.75", Scope.NOWHERE),
        ("255.255.255.255", Scope.NOWHERE),
        ("fe80::1", Scope.LINK),
        ("fd12:3456::1", Scope.UNIQUE_LOCAL),
        ("2a00:1450::8", Scope.PUBLIC),
        ("::", Scope.NOWHERE),
        ("::1", Scope.NOWHERE),
        ("ff02::1", Scope.NOWHERE),
        ("::ffff:10.0.0.1", Scope.PRIVATE),
    ],
)
def test_blocks_end_where_their_standards_say(address: str, expected: Scope) -> None:
    assert scope(address) is expected


@pytest.mark.parametrize("address", ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1"])
def test_documentation_means_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", [None, "", "sbc.example.com", "1.2.3", "10.0.0.256", "abc.local"])
def test_what_is_no_address_reaches_nothing(address: str | None) -> None:
    assert scope(address) is Scope.NOWHERE
    assert not is_inside(address)


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    assert isinstance(scope(text), Scope)


def test_groups_are_told_from_machines() -> None:
    assert [is_multicast(each) for each in ("224.0.1.75", "ff02::1", "192.0.2.1", "example.com", None)] == [
        True, True, False, False, False,
    ]  # fmt: skip
