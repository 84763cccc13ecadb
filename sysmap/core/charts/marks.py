"""How one word of an answer looks in every figure, and never by colour alone."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypedDict

from sysmap.core.charts import labels

if TYPE_CHECKING:
    from matplotlib.artist import Artist

PALETTE: Mapping[str, str] = MappingProxyType(
    {
        "black": "#000000",
        "orange": "#E69F00",
        "sky": "#56B4E9",
        "green": "#009E73",
        "yellow": "#F0E442",
        "blue": "#0072B2",
        "vermilion": "#D55E00",
        "purple": "#CC79A7",
        "grey": "#6B6B6B",
    }
)
"""Okabe-Ito by name: colours that stay apart for colour-blind readers (Okabe and Ito 2008)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How one class looks, on points and on areas.

    Parameters
    ----------
    colour, edge
        Fill and outline, as ``#RRGGBB``.
    marker, hatch
        The matplotlib marker of a point and hatch of an area; they tell classes apart in grey.
    label
        The word in the legend.
    """

    colour: str
    edge: str
    marker: str
    hatch: str
    label: str


WHITE, INK, FAINT = "#FFFFFF", "#222222", "#D9D9D9"
_BLUE, _PALE_BLUE, _DARK_BLUE = PALETTE["blue"], "#BBDDF2", "#004B76"
_GREEN, _PALE_GREEN, _DARK_GREEN = PALETTE["green"], "#BDE6D8", "#00664A"
_RED, _PALE_RED, _DARK_RED = PALETTE["vermilion"], "#F7D3BB", "#8F3F00"
_PURPLE, _DARK_PURPLE = "#E3B5CF", "#7D3B5E"
_ORANGE, _DARK_ORANGE = PALETTE["orange"], "#7A5400"
GREY, PALE_GREY = PALETTE["grey"], "#EDEDED"

# Hatches are straight lines: a dotted one alone adds 150 kB to an SVG.
_LOOKS: tuple[tuple[str, str, str, str, str], ...] = (
    # verdicts on elements and outcomes
    ("universal", _BLUE, _DARK_BLUE, "o", ""),
    ("intermediate", _PALE_BLUE, _BLUE, "D", "///"),
    ("context-specific", WHITE, _BLUE, "s", "---"),
    ("common", _GREEN, _DARK_GREEN, "o", ""),
    ("shared", _PALE_GREEN, _DARK_GREEN, "D", "///"),
    ("niche", WHITE, _DARK_GREEN, "s", "---"),
    ("undetermined", WHITE, GREY, "^", ""),
    # what was reported about an element in a context, and how far sources agree
    ("present", _BLUE, _DARK_BLUE, "o", ""),
    ("absent", _PALE_RED, _DARK_RED, "X", "\\\\\\"),
    ("strengthens", _BLUE, _DARK_BLUE, "^", ""),
    ("weakens", _PALE_RED, _DARK_RED, "D", "\\\\\\"),
    ("consensus", _GREEN, _DARK_GREEN, "o", ""),
    ("majority", _PALE_GREEN, _DARK_GREEN, "D", "---"),
    ("contested", _PURPLE, _DARK_PURPLE, "P", "xxx"),
    ("silent", PALE_GREY, GREY, "v", "|||"),
    ("not named", WHITE, GREY, "d", "//"),
    ("not asked", WHITE, GREY, "s", ""),
    # coverage
    ("uncovered", _RED, _DARK_RED, "X", "xxx"),
    ("single", "#FAF3A8", _DARK_ORANGE, "^", "///"),
    ("covered", _GREEN, _DARK_GREEN, "o", ""),
    ("crowded", _BLUE, _DARK_BLUE, "P", "+++"),
    ("unconnected", _ORANGE, _DARK_ORANGE, "D", "\\\\\\"),
    ("unknown", WHITE, GREY, "d", ""),
    ("not needed", PALE_GREY, GREY, "s", "-"),
    # opportunities
    ("join forces", _BLUE, _DARK_BLUE, "o", ""),
    ("complement", _GREEN, _DARK_GREEN, "s", "///"),
    ("learn from", _ORANGE, _DARK_ORANGE, "^", "---"),
    ("bridge", _PURPLE, _DARK_PURPLE, "D", "xxx"),
    ("new", _GREEN, _DARK_GREEN, "o", ""),
    ("deepen", PALE_GREY, GREY, "s", "///"),
    # activities
    ("overdue", _RED, _DARK_RED, "X", "xxx"),
    ("ongoing", _BLUE, _DARK_BLUE, "s", ""),
    ("upcoming", _PALE_BLUE, _BLUE, "o", "///"),
    ("planned", _PALE_BLUE, _BLUE, "o", "///"),
    ("done", PALE_GREY, GREY, "D", "---"),
    ("completed", PALE_GREY, GREY, "D", "---"),
    ("cancelled", WHITE, GREY, "X", "xxx"),
    # effects and loops
    ("up", _BLUE, _DARK_BLUE, "^", ""),
    ("down", _PALE_RED, _DARK_RED, "v", "\\\\\\"),
    ("none", PALE_GREY, GREY, "o", "---"),
    ("ambiguous", _PURPLE, _DARK_PURPLE, "D", "xxx"),
    ("reinforcing", _BLUE, _DARK_BLUE, "o", ""),
    ("balancing", _PALE_RED, _DARK_RED, "s", "///"),
    ("determinant", _BLUE, _DARK_BLUE, "o", ""),
    ("relay", _PURPLE, _DARK_PURPLE, "D", "xxx"),
    ("result", _ORANGE, _DARK_ORANGE, "s", "///"),
    ("autonomous", PALE_GREY, GREY, "^", "---"),
    # change between rounds
    ("added", _GREEN, _DARK_GREEN, "^", ""),
    ("removed", _PALE_RED, _DARK_RED, "v", "\\\\\\"),
    ("changed", _ORANGE, _DARK_ORANGE, "D", "///"),
    ("reality", _BLUE, _DARK_BLUE, "o", ""),
    ("respondents", _ORANGE, _DARK_ORANGE, "s", "///"),
    ("coding", PALE_GREY, GREY, "D", "---"),
    # levels and answers
    ("low", "#DCECF7", _BLUE, "v", "---"),
    ("medium", "#7FB8DA", _DARK_BLUE, "o", "///"),
    ("high", _DARK_BLUE, "#002B45", "^", ""),
    ("answered", _BLUE, _DARK_BLUE, "o", ""),
    ("in part", _PALE_BLUE, _BLUE, "D", "///"),
    ("asked", WHITE, GREY, "s", ""),
)

MARKS: Mapping[str, Mark] = MappingProxyType(
    {word: Mark(colour, edge, marker, hatch, word) for word, colour, edge, marker, hatch in _LOOKS}
)
"""How the words used in answers look; legends keep this order."""

_NEUTRAL = tuple(
    Mark(colour, "#333333", marker, hatch, "")
    for colour, marker, hatch in (
        ("#8C8C8C", "o", ""),
        ("#EDEDED", "s", "///"),
        ("#BFBFBF", "^", "///---"),
        ("#FFFFFF", "D", "xxx"),
        ("#D9D9D9", "v", "---"),
        ("#A6A6A6", "P", "\\\\\\"),
        ("#F5F5F5", "X", "+++"),
        ("#CCCCCC", "h", "|||"),
    )
)
_BLANK = Mark(WHITE, "#A6A6A6", ".", "", "not stated")


def mark(word: object) -> Mark:
    """A word of an answer looks the same in every figure.

    Parameters
    ----------
    word
        A class, such as ``"universal"``. A blank is "not stated"; a word that `MARKS` does not
        know gets a grey mark that depends on the word alone.

    Examples
    --------
    >>> mark("universal").marker, mark("").label, mark("pilot") == mark("pilot")
    ('o', 'not stated', True)
    """
    return marks([word])[labels.word(word)]


def marks(words: Iterable[object]) -> dict[str, Mark]:
    """Words that are drawn together look different, as far as eight neutral marks reach.

    Returns
    -------
    dict
        Mark by word in legend order: the words of `MARKS` first, then others by code point.

    Examples
    --------
    >>> list(marks(["pilot", "undetermined", "universal"]))
    ['universal', 'undetermined', 'pilot']
    """
    asked = {labels.word(w) for w in words}
    drawn = {word: MARKS[word] for word in MARKS if word in asked}
    taken: set[int] = set()
    for word in sorted(asked - set(drawn)):
        if not word:
            drawn[word] = _BLANK
            continue
        first = zlib.crc32(word.encode("utf-8", "replace")) % len(_NEUTRAL)
        order = [(first + step) % len(_NEUTRAL) for step in range(len(_NEUTRAL))]
        chosen = next((i for i in order if i not in taken), first)
        taken.add(chosen)
        look = _NEUTRAL[chosen]
        drawn[word] = Mark(look.colour, look.edge, look.marker, look.hatch, word)
    return drawn


def plain(label: str = "") -> Mark:
    """The one mark of a figure without classes; a legend names it only where it has a label."""
    return Mark(_BLUE, _DARK_BLUE, "o", "", label)


class PointLook(TypedDict):
    """What matplotlib calls the look of a point."""

    marker: str
    markersize: float
    markerfacecolor: str
    markeredgecolor: str
    markeredgewidth: float


class AreaLook(TypedDict):
    """What matplotlib calls the look of an area."""

    facecolor: str
    edgecolor: str
    hatch: str
    linewidth: float


def as_point(look: Mark) -> PointLook:
    """A mark on a point."""
    return {
        "marker": look.marker,
        "markersize": 6.0,
        "markerfacecolor": look.colour,
        "markeredgecolor": look.edge,
        "markeredgewidth": 1.2,
    }


def as_area(look: Mark) -> AreaLook:
    """A mark on an area."""
    return {
        "facecolor": look.colour,
        "edgecolor": look.edge,
        "hatch": look.hatch,
        "linewidth": 0.7,
    }


def point_entries(looks: Mapping[str, Mark]) -> list[Artist]:
    """Legend entries for points; one plain class needs none."""
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], linestyle="none", label=labels.shorten(look.label), **as_point(look))
        for look in looks.values()
        if look.label
    ]


def area_entries(looks: Mapping[str, Mark]) -> list[Artist]:
    """Legend entries for areas; one plain class needs none."""
    from matplotlib.patches import Patch

    return [
        Patch(label=labels.shorten(look.label), **as_area(look))
        for look in looks.values()
        if look.label
    ]
