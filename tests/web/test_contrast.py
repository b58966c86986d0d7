"""Every pair of colours that the pages put together can be told apart, by WCAG 2.2 §1.4.3 and §1.4.11."""

import re
from itertools import product
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"
TOKENS = (STATIC / "css" / "tokens.css").read_text("utf-8")
CONTRAST = (STATIC / "css" / "contrast.css").read_text("utf-8")
GROUNDS = ("paper", "ground", "sunken")
TEXT_PAIRS = [
    *product(("ink", "ink-soft", "link", "link-strong", "accent-ink", "red", "green"), GROUNDS),
    *((colour, f"{colour}-tint") for colour in ("green", "amber", "red", "slate")),
    *product(("ink", "ink-soft"), ("blue-tint", "amber-tint", "mark")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("green", "mark"),
    ("link", "blue-tint"),
]
CONTROL_PAIRS = [
    *product(("control", "accent-ink", "focus", "red"), GROUNDS),
    ("focus", "mark"),
    ("focus", "blue-tint"),
]
SCHEMES = ("light", "dark")


def named_in(sheet: str, scheme: str) -> dict[str, str]:
    light, _, dark = sheet.partition("@media (prefers-color-scheme: dark)")
    named = dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6});", light))
    return named | (dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6});", dark)) if scheme == "dark" else {})


def colours(scheme: str) -> dict[str, str]:
    return named_in(TOKENS, scheme)


def strong_colours(scheme: str) -> dict[str, str]:
    """Those of 关怀模式 and of `prefers-contrast: more`, laid over the others as the pages do."""
    return colours(scheme) | named_in(CONTRAST, scheme)


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, WCAG 2.2 glossary."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_the_formula_gives_the_known_extremes() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_stands_out_from_its_ground(scheme: str, text: str, ground: str) -> None:
    named = colours(scheme)
    assert contrast(named[text], named[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_stands_out_strongly_where_that_is_asked_for(scheme: str, text: str, ground: str) -> None:
    """WCAG 2.2 §1.4.6."""
    named = strong_colours(scheme)
    assert contrast(named[text], named[ground]) >= 7


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("edge", "ground"), CONTROL_PAIRS)
def test_borders_of_controls_and_focus_stand_out(scheme: str, edge: str, ground: str) -> None:
    named = colours(scheme)
    assert contrast(named[edge], named[ground]) >= 3


def test_the_dark_scheme_renames_only_colours_that_exist() -> None:
    assert colours("dark").keys() == colours("light").keys()
    assert named_in(CONTRAST, "light").keys() == named_in(CONTRAST, "dark").keys() <= colours("light").keys()


@pytest.mark.parametrize("sheet", ["public.css", "staff.css", "care.css"])
def test_sheets_name_no_colour_of_their_own(sheet: str) -> None:
    rules = (STATIC / "css" / sheet).read_text("utf-8")
    assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b(?=[;, )])|\brgba?\(|\bhsla?\(", rules)
    assert set(re.findall(r"var\(--([a-z0-9-]+)\)", rules)) <= set(re.findall(r"--([a-z0-9-]+):", TOKENS))


@pytest.mark.parametrize("sheet", ["public.css", "staff.css", "care.css"])
def test_nothing_moves_for_longer_than_the_token_says(sheet: str) -> None:
    rules = (STATIC / "css" / sheet).read_text("utf-8")
    assert re.search(r"prefers-reduced-motion: reduce\) \{\s*:root \{\s*--quick: 0ms;", TOKENS)
    assert int(re.findall(r"--quick: (\d+)ms;", TOKENS)[0]) <= 150
    assert all("var(--quick)" in move for move in re.findall(r"transition:[^;]+;", rules))
    assert "animation" not in rules
