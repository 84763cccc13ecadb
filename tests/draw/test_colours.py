"""Colours stay apart for colour-blind readers; outlines and texts stand out in both schemes."""

from __future__ import annotations

import itertools
import re

import pytest

from sysmap.core.schema import SCHEMA
from sysmap.draw import render
from tests.draw.colours import SIGHTS, contrast, distance, mixed

LINES_APART, NODES_APART = 14.0, 16.0
"""Greys that were tried first were 6 apart and could not be told; nodes have shapes besides."""

SCHEMES = ("light", "dark")


def looks(scheme: str) -> dict[str, str]:
    """The colours of the stage, as the script has them."""
    (text,) = re.findall(
        rf"const {scheme.upper()} = \{{(.*?)\n\}};", render.asset("marks.js"), re.S
    )
    signs = zip(("+", "-"), re.findall(r'"[+-]": "(#\w{6})"', text), strict=True)
    return {**dict(re.findall(r'(\w+): "(#\w{6})"', text)), **dict(signs)}


def styles(scheme: str) -> dict[str, str]:
    """The colours of everything else, as the style sheet has them."""
    blocks = re.findall(r":root \{(.*?)\}", render.asset("page.css"), re.S)
    return dict(re.findall(r"--(\w+): (#\w{6})", blocks[SCHEMES.index(scheme)]))


def legible(colour: str, look: dict[str, str]) -> str:
    """The hue, moved towards the ink until it stands out from the stage, as the script does."""
    tried = (mixed(colour, look["ink"], share) for share in (1, 0.85, 0.7, 0.55, 0.4))
    return next((c for c in tried if contrast(c, look["paper"]) >= 3), look["ink"])


def line_colours(scheme: str) -> list[str]:
    look = looks(scheme)
    return sorted({legible(kind.colour, look) for kind in SCHEMA.links})


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_at_most_four_line_colours_and_three_signs_stay_apart(scheme, sight):
    look = looks(scheme)
    lines = line_colours(scheme)
    assert len(lines) <= 4
    for group in (lines, [look[key] for key in ("+", "-", "unsigned")]):
        for one, other in itertools.combinations(group, 2):
            assert distance(one, other, sight) >= LINES_APART, (one, other)


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_colours_of_types_stay_apart(sight):
    types = [kind for kind in SCHEMA.nodes if kind.colour]
    assert len(types) == 8
    for one, other in itertools.combinations(types, 2):
        assert distance(one.colour, other.colour, sight) >= NODES_APART, (one.many, other.many)
        assert one.shape != other.shape


def test_two_greys_and_red_beside_green_would_be_found():
    """The guard is proved by colours that are known to be confused."""
    assert distance("#6b6b6b", "#7a7a7a", "usual") < LINES_APART
    apart = {sight: distance("#a05a2c", "#6b7a2c", sight) for sight in SIGHTS}
    assert apart["deuteranopia"] < LINES_APART < apart["usual"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_lines_and_outlines_have_a_contrast_of_three(scheme):
    """WCAG 2.2, 1.4.11: graphical objects."""
    look = looks(scheme)
    drawn = [look[key] for key in ("+", "-", "unsigned", "absent", "faint", "ink")]
    hues = [legible(kind.colour, look) for kind in SCHEMA.nodes if kind.colour]
    for colour in [*drawn, *hues, *line_colours(scheme)]:
        assert contrast(colour, look["paper"]) >= 3, colour


@pytest.mark.parametrize("scheme", SCHEMES)
def test_texts_have_a_contrast_of_four_and_a_half(scheme):
    """WCAG 2.2, 1.4.3; what is written on the canvas no other test can see."""
    look, style = looks(scheme), styles(scheme)
    for text in ("ink", "title", "area"):
        assert contrast(look[text], look["paper"]) >= 4.5, text
    assert contrast(look["ink"], look["column"]) >= 4.5
    for text, ground in itertools.product(
        ("ink", "soft", "deep", "accent", "warn"), ("paper", "wash", "hover")
    ):
        assert contrast(style[text], style[ground]) >= 4.5, (text, ground)
    assert contrast("#ffffff", style["bar"]) >= 4.5


def test_the_contrast_is_that_of_the_standard():
    """WCAG 2.2: black on white is 21; #767676 on white is the lightest grey that passes, 4.54."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
