"""Who is client and who is server of a floor control channel."""

import pytest

from collabtrace.protocols.sdp.floor_roles import BOTH, CLIENT, SERVER, roles


@pytest.mark.parametrize(
    ("offer", "answer", "expected"),
    [
        ("c-only", "s-only", (CLIENT, SERVER)),
        ("s-only", "c-only", (SERVER, CLIENT)),
        ("c-s", "c-only", (SERVER, CLIENT)),
        ("c-s", "s-only", (CLIENT, SERVER)),
    ],
)
def test_the_table_of_rfc_8856(offer: str, answer: str, expected: tuple[str, str]) -> None:
    assert roles([offer], [answer]) == expected


def test_what_rfc_4583_allowed_leaves_the_roles_open() -> None:
    assert roles(["c-s"], ["c-s"]) == (BOTH, BOTH)
    assert roles(["c-only", "s-only"], ["c-s"]) == (BOTH, BOTH)


def test_without_the_attribute_the_offerer_is_the_client() -> None:
    assert roles([], []) == (CLIENT, SERVER)


@pytest.mark.parametrize(
    ("offer", "answer", "expected"),
    [
        (["c-s"], [], (BOTH, BOTH)),
        (["c-only"], [], (CLIENT, SERVER)),
        (["s-only"], ["c-s"], (SERVER, CLIENT)),
        ([], ["c-only"], (SERVER, CLIENT)),
        ([], ["s-only"], (CLIENT, SERVER)),
        (["c-only", "s-only"], ["c-only"], (SERVER, CLIENT)),
        (["dunno"], ["s-only"], (CLIENT, SERVER)),
    ],
)
def test_what_one_side_leaves_out_the_other_may_tell(
    offer: list[str], answer: list[str], expected: tuple[str, str]
) -> None:
    assert roles(offer, answer) == expected


def test_two_of_a_kind_are_two_of_a_kind() -> None:
    assert roles(["c-only"], ["c-only"]) == (CLIENT, CLIENT)
    assert roles(["s-only"], ["s-only"]) == (SERVER, SERVER)
