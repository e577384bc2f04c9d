"""Every pair of colours that the site uses can be read, in the light and in the dark."""

import re
from pathlib import Path

import pytest

from croqualim.ui.colours import PAIRS, Pair
from croqualim.ui.drawings import CATEGORIES

STATIC = Path(__file__).parents[2] / "croqualim/ui/static/ui"
TOKENS = (STATIC / "tokens.css").read_text()
SITE = (STATIC / "site.css").read_text()


def colours_in(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css))


LIGHT_CSS, rest = TOKENS.split("@media (prefers-color-scheme: dark)")
LIGHT = colours_in(LIGHT_CSS)
DARK = LIGHT | colours_in(rest.split("@media print")[0])


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    shares = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.front} on {pair.back}")
def test_a_pair_of_colours_can_be_told_apart(pair: Pair, scheme: dict[str, str]) -> None:
    assert contrast(scheme[pair.front], scheme[pair.back]) >= pair.needs, pair.role


def test_every_colour_of_text_is_in_the_table() -> None:
    """A `color` set somewhere without its pair in the table would never be measured."""
    used = set(re.findall(r"(?<![-\w])color: var\(--([a-z-]+)\)", SITE))
    accents = {name for name in LIGHT if name.endswith("-fill")}
    assert used - accents <= {pair.front for pair in PAIRS}


def test_dark_redefines_every_colour_but_the_saffron_of_focus() -> None:
    dark_only = colours_in(rest.split("@media print")[0])
    assert {n for n in LIGHT if dark_only.get(n) == LIGHT[n]} == {"saffron"}
    assert dark_only.keys() == LIGHT.keys()


def test_nine_categories_have_nine_colours() -> None:
    for scheme in (LIGHT, DARK):
        assert len({scheme[f"category-{name}"] for name in CATEGORIES}) == 9


def test_every_token_is_used_and_every_use_has_its_token() -> None:
    defined = set(re.findall(r"(--[a-z0-9-]+):", TOKENS))
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", TOKENS + SITE))
    assert used == defined


def test_the_styles_stay_light() -> None:
    assert len((TOKENS + SITE).encode()) <= 40 * 1024
