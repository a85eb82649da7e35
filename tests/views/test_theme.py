"""Colours can be read, and told apart."""

import itertools
from collections.abc import Mapping

import pytest

from collabtrace.views import theme

TEXT = [role for role in theme.LIGHT if role not in ("ground", "rail", "panel", "alarm")]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "panel", "alarm"])
@pytest.mark.parametrize("role", TEXT)
def test_text_can_be_read_on_every_ground(palette: Mapping[str, str], ground: str, role: str) -> None:
    assert contrast(palette[role], palette[ground]) >= 4.5


def test_both_palettes_have_the_same_roles() -> None:
    assert set(theme.LIGHT) == set(theme.DARK)


@pytest.mark.parametrize("kind", theme.KINDS)
def test_every_kind_has_a_colour(kind: str) -> None:
    assert kind in theme.LIGHT


def test_no_two_kinds_are_told_apart_by_colour_alone() -> None:
    # Signalling has a full line, media a double one; all others are broken, each in its own way.
    dashes = [theme.ANSWER, *theme.DASHES.values()]
    assert set(theme.KINDS) - set(theme.DASHES) == {"sip", "rtp"}
    assert all(one != other for one, other in itertools.combinations(dashes, 2))


def test_the_style_names_every_role() -> None:
    assert all(f"--ct-{role}:" in theme.VARIABLES for role in theme.LIGHT)
    assert "prefers-color-scheme:dark" in theme.VARIABLES


def test_the_flat_style_needs_no_custom_properties() -> None:
    style = theme.flat()
    assert "--ct" not in style
    assert f".ct .bfcp .line{{stroke:{theme.LIGHT['bfcp']}}}" in style
    assert f".ct .panel{{fill:{theme.LIGHT['panel']};stroke:{theme.LIGHT['rail']}}}" in style
