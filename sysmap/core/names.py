"""Comparison keys and near names: how two spellings are held against each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_ENOUGH = 0.8
LETTERS = 5
"""A text with fewer letters is near to too many others."""

_NUMBERED = re.compile(r"^[^\d]*\d+$")


def key(text: str) -> str:
    r"""The form of a text that is used to compare, never to store.

    Compatibility forms are folded, format and control characters left out, blanks collapsed and
    case ignored.

    Examples
    --------
    >>> key("  Teacher\u00a0Training\u200b ")
    'teacher training'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split()).casefold()
    folded = unicodedata.normalize("NFKC", text)
    kept = "".join(
        " " if c.isspace() else c
        for c in folded
        if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf")
    )
    return " ".join(kept.split()).casefold()


def is_broken(text: str) -> bool:
    r"""Tell whether a text holds half a character or a NUL, which no file of ours can carry.

    Examples
    --------
    >>> is_broken("a\ud800b"), is_broken("naïve")
    (True, False)
    """
    return "\0" in text or any("\ud800" <= c <= "\udfff" for c in text)


def header(text: str) -> str:
    """The key of a column name: blanks and hyphens count as underscores.

    Examples
    --------
    >>> header("Income Group")
    'income_group'
    """
    return re.sub(r"[\s\-]+", "_", key(text))


def slug(text: str) -> str:
    """An id made from a name: lower-case letters, digits and hyphens.

    Examples
    --------
    >>> slug("Éducation & formation (TVET)")
    'education-formation-tvet'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")
    return made or re.sub(r"\s+", "-", key(text))


def numbered(text: str) -> bool:
    """Tell whether a text is told from others by a number at its end.

    Examples
    --------
    >>> numbered("e12"), numbered("Grade 7"), numbered("4th grade")
    (True, True, False)
    """
    return _NUMBERED.match(text) is not None


def near(text: str, candidates: Iterable[str]) -> str | None:
    """The one candidate that the text surely misspells, if there is exactly one.

    Parameters
    ----------
    text
        What somebody wrote; at least five letters, and no numbered id such as ``e12``.
    candidates
        What would have been right.

    Returns
    -------
    str or None
        The only candidate at a normalised similarity of 0.8 or more; None when there is none or
        more than one.

    Notes
    -----
    The similarity is that of the longest common subsequence, as rapidfuzz computes it.

    Examples
    --------
    >>> near("teacher-traning", ["teacher-training", "costing"])
    'teacher-training'
    >>> near("e12", ["e13"]) is None
    True
    """
    found = alike(text, candidates)
    return found[0] if len(found) == 1 else None


def alike(text: str, candidates: Iterable[str], *, top: int = 3) -> tuple[str, ...]:
    """Candidates at a similarity of 0.8 or more, best first; empty for short or numbered texts.

    Examples
    --------
    >>> alike("connectivty", ["connectivity", "costing"])
    ('connectivity',)
    """
    from rapidfuzz import fuzz, process

    wanted = key(text)
    if sum(c.isalpha() for c in wanted) < LETTERS or numbered(wanted):
        return ()
    options = sorted(set(candidates))
    hits = process.extract(
        wanted, [key(c) for c in options], scorer=fuzz.ratio, score_cutoff=_ENOUGH * 100, limit=top
    )
    return tuple(options[i] for _, _, i in hits)
