"""What the columns of answers are called, what they mean, and what their cells and parameters say.

Sheets and CSV files keep the names of the frame; what people read on a page has words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from sysmap.measures.reporting.patterns import spoken


class Term(NamedTuple):
    """A column in words, and what it means where the words do not tell."""

    head: str
    meaning: str = ""


_RANKS = "the ranks that other answers could have given"
_DRAWS = "the share of draws in which it is among the first ten"
_BEYOND = "beyond what the sizes explain, in standard deviations"

_TERMS: Mapping[str, Term] = MappingProxyType(
    {
        "agree": Term("agree", "reporters of the larger side"),
        "assessed": Term("assessed", "places with a report"),
        "at_most": Term("at most", "what no coalition of this size can exceed"),
        "auc": Term("comparisons won", "half is what chance wins"),
        "basis": Term("known from"),
        "both": Term("in both rounds", "reporters who took part in both rounds"),
        "consensus": Term("consensus", "of importance, from 0 to 1"),
        "contested": Term("contested", "places where as many say yes as no"),
        "context": Term("place"),
        "contexts": Term("places"),
        "covered": Term("covered", "pieces of work in which a member works, by their worth"),
        "direct": Term("direct influence", "the part of the influence that takes one step"),
        "direction": Term("direction"),
        "effective": Term("effective number", "organizations, if all worked equally much"),
        "expected": Term("expected", "shared purpose that the sizes of the two explain"),
        "expected_high": Term("one more place to"),
        "expected_low": Term("one more place from", "the strength to expect in one more place"),
        "fit": Term("fit", "how far one offers what the other needs, from 0 to 1"),
        "gain": Term("gain"),
        "gap": Term("gap", "need that work does not meet, from 0 to 1"),
        "gap_high": Term("largest gap", "the gap if those who were silent do not work there"),
        "given": Term("moves others", "the sum of what it moves directly and along chains"),
        "group": Term("found in group", "where it is found most clearly"),
        "grouping": Term("grouped by"),
        "helped": Term("is helped", "the share of its needs that the partner meets"),
        "helps": Term("helps", "the share of the partner's needs that it meets"),
        "indval": Term(
            "indicator value",
            "1 where it is found in every place of the group and nowhere else, 0 where in none",
        ),
        "influence": Term(
            "influence", "where the outcomes go when it grows, over all chains; below 0 is down"
        ),
        "leaning": Term("leans to", "the class that the share alone would give"),
        "left_out": Term("left out", "pieces of work in which no member works"),
        "length": Term("links"),
        "lift": Term("times expected", "shared purpose over what the sizes explain"),
        "low": Term("90 % interval"),
        "mean": Term("mean strength", "over places, from -3 to 3"),
        "mean_high": Term("mean to"),
        "mean_low": Term("mean from"),
        "members": Term("members"),
        "named": Term("named it", "organizations that call it a priority or a challenge there"),
        "need": Term("need", "the share of those who answered that name it"),
        "none": Term("not reached", "no chain of links leads there"),
        "offered": Term("offered", "our needs that it covers and we do not"),
        "optimal": Term("proved best"),
        "polarity": Term(
            "polarity", "reinforcing: a change comes back as more of it; balancing: as its opposite"
        ),
        "precision_at_10": Term("right among ten", "the share of its first ten that came true"),
        "prominence": Term("moves and is moved", "both sums together"),
        "q": Term("false discovery rate", "chance finds to expect among patterns this clear"),
        "quadrant": Term(
            "quadrant",
            "determinant: moves much, is moved little; result: the reverse; relay: both; "
            "autonomous: neither",
        ),
        "rank_low": Term("rank interval", _RANKS),
        "reach": Term("reach", "how much they are near through partners, from 0 to 1"),
        "recall_at_10": Term("found by ten", "the share of later ties among its first ten"),
        "received": Term("is moved", "the sum of what moves it directly and along chains"),
        "redundancy": Term("redundancy", "what both cover, over what the smaller side covers"),
        "relation": Term("moves more than is moved", "the first sum less the second"),
        "reporters": Term("reporters", "who told the chains that lead from it to an outcome"),
        "responding": Term("heard", "organizations that answered or named one"),
        "robust": Term("robust", "yes where missing answers could not change the class"),
        "rolled_up": Term("with its parts", "yes where what is said of its parts counts for it"),
        "score": Term("score", "from 0 to 1"),
        "seeking": Term("seeking", "organizations that seek it"),
        "shared": Term("shared", "purpose in common: the rarer, the more it counts, from 0 to 1"),
        "split": Term("split", "whether both sides speak of one place"),
        "strength": Term("strength", "from 0 to 1: how much each step weighs in what it moves"),
        "table": Term("kind of statement"),
        "tau": Term("spread", "how much the strength differs between places"),
        "tier": Term("tier", "pairs of one tier cannot be told apart"),
        "told_whole": Term("told it whole", "sources that claimed every link"),
        "top10": Term("among first ten", _DRAWS),
        "trade_off": Term(
            "mixed effects", "yes where over a quarter of what moves an outcome runs against it"
        ),
        "unsigned": Term("no sign", "reporters of a link who do not say which way it works"),
        "wanted": Term("wanted", "its needs that we cover and it does not"),
        "works_on": Term("claims of work"),
        "z_fit": Term("fit beyond chance", _BEYOND),
        "z_reach": Term("reach beyond chance", _BEYOND),
        "z_shared": Term("shared beyond chance", _BEYOND),
    }
)
"""Columns by their name in the frame."""

_OF_ANSWER: Mapping[str, Mapping[str, Term]] = MappingProxyType(
    {
        "universality": {"contexts": Term("places listed"), "area": Term("area")},
        "common_outcomes": {
            "priority": Term("priority", "1 where all who rank put it first"),
        },
        "complementarity": {
            "gain": Term("gain", "pieces of work that it covers and we do not"),
            "group": Term("group"),
            "members": Term("other members"),
            "shared": Term("shared", "our organizations in it"),
        },
        "coverage": {
            "leaning": Term("leans to", "the state if those who were silent do not work there"),
            "responding": Term("heard of need", "organizations that answered what they need"),
        },
        "exchange": {"need": Term("need met"), "elements": Term("matched by")},
        "influence": {
            "gain": Term("raises", "the part of the influence that raises outcomes"),
            "loss": Term("lowers", "the part of the influence that lowers outcomes"),
        },
        "loops": {
            "path": Term("elements on the loop"),
        },
        "pathways": {
            "contexts": Term("places in common", "for which every link is claimed"),
            "sources": Term("sources", "who claimed any of the links"),
        },
        "perspectives": {
            "claim": Term("statement", "both ends in one; files hold it by its ids"),
            "sources": Term("reporters"),
            "state": Term("agreement"),
        },
        "profiles": {
            "challenge": Term("challenge", "the highest level named, 3 is most"),
            "priority": Term("priority", "the highest level named, 3 is most"),
        },
        "responses": {"rate": Term("share answered")},
        "what_if": {
            "table": Term("kind"),
            "up": Term("up", "the share of plausible systems in which it goes up"),
            "down": Term("down", "the share of plausible systems in which it goes down"),
        },
    }
)
"""Columns that mean something of their own in one answer."""

_CODES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "sign": {"+": "strengthens (+)", "-": "weakens (\u2212)", "unknown": "not settled"},
        "answer": {"+": "strengthens (+)", "-": "weakens (\u2212)", "unsigned": "no sign given"},
    }
)
"""Cells that are signs in the frame."""

_PARAMETERS: Mapping[str, str] = MappingProxyType(
    {
        "at": "day",
        "by": "groups",
        "cells": "pieces of work",
        "complete_to": "complete up to links",
        "crowded": "crowded from organizations",
        "deepen": "pairs that work together",
        "exact": "exact up to organizations",
        "exhaustive": "all were found",
        "keep": "claims kept in a draw",
        "level": "level of the intervals",
        "limit": "looked for at most",
        "max_length": "links at most",
        "new": "new pairs",
        "of": "about",
        "q": "false discovery rate",
        "rng": "seed of the draws",
        "score_with_size": "correlation of score and size",
        "shared_with_fit": "correlation of shared purpose and fit",
        "size": "members at most",
        "specific": "context-specific up to",
        "spill": "weights of near places",
        "target": "organizations aimed at",
        "top": "rows at most",
        "universal": "universal from",
        "us": "counted as us",
        "value": "worth of pieces of work",
    }
)

_BETWEEN = re.compile(r"(; | -> |: | in )")
_LINK = " -> "


def term(column: str, answer: str = "") -> Term:
    """A column in words, and what it means where they do not tell.

    Parameters
    ----------
    column
        Its name in the frame.
    answer
        The function that gave the frame, because one name can mean two things.

    Examples
    --------
    >>> term("indval").head, term("gain", "influence").head, term("reached_by").head
    ('indicator value', 'raises', 'reached by')
    """
    own = _OF_ANSWER.get(answer, {}).get(column)
    return own or _TERMS.get(column) or Term(column.replace("_", " "))


def text(column: str, value: str, named: Mapping[str, str]) -> str:
    """The text of a cell: words for signs and groupings, names for ids.

    Examples
    --------
    >>> text("sign", "-", {}), text("grouping", "group_coast_line", {})
    ('weakens (−)', 'coast line')
    >>> text("item", "works_on: fji -> law", {"fji": "Fiji", "law": "Law"})
    'works on: Fiji → Law'
    """
    if value in named:
        return named[value]
    if column in _CODES and value in _CODES[column]:
        return _CODES[column][value]
    if column == "grouping":
        return spoken(value).removeprefix("by ")
    if column in ("item", "question", "table"):
        value = re.sub(r"^\w+", lambda table: table[0].replace("_", " "), value)
    if column == "item" or _LINK in value:
        parts = (named.get(part, part) for part in _BETWEEN.split(value))
        return "".join(parts).replace(_LINK, " → ")
    return " in ".join(named.get(part, part) for part in value.split(" in ", 1))


def parameter(name: str, value: object) -> str:
    """A parameter as it was used, in words.

    Examples
    --------
    >>> parameter("exhaustive", True), parameter("by", "group_coast_line, sids")
    ('all were found: yes', 'groups: coast line, SIDS')
    >>> parameter("shared_with_fit", float("nan")), parameter("weights", (0.5, 0.0))
    ('correlation of shared purpose and fit: not defined', 'weights: 0.5, 0')
    """
    said = _said(value)
    if name == "by":
        said = ", ".join(spoken(one).removeprefix("by ") for one in said.split(", "))
    return f"{_PARAMETERS.get(name, name.replace('_', ' '))}: {said}"


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "not defined" if math.isnan(value) else f"{value:.4g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, tuple):
        return ", ".join(map(_said, value))
    return str(value)
