"""Tags of the humanitarian exchange language: which column of a table holds what.

Source: the HXL standard 1.1; a tag is ``#`` and a word, then attributes with ``+`` in any order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sysmap.core.schema import CANCELLED, COMPLETED, ONGOING, PLANNED

WITHIN = 25
"""Rows in which the tag row is looked for."""

_WORD = r"[A-Za-z][A-Za-z0-9_]*"
_TAG = re.compile(rf"#\s*({_WORD})((?:\s*\+\s*{_WORD})*)\s*")
_BARE = re.compile(rf"{_WORD}(?:\+{_WORD})+")
_ENOUGH = 2


WHAT = ("sector", "subsector", "activity")
"""Tags of what is done, the widest first."""

WHERE = ("country", "adm1", "adm2", "adm3", "adm4", "adm5")
"""Tags of places, the widest first."""

STATUSES = MappingProxyType(
    {s: s for s in (PLANNED, ONGOING, COMPLETED, CANCELLED)} | {"canceled": CANCELLED}
)
"""What words for a status mean."""

KINDS = MappingProxyType(
    {
        "un": "un_agency",
        "un_agency": "un_agency",
        "un agency": "un_agency",
        "united nations": "un_agency",
        "intergovernmental": "intergovernmental",
        "igo": "intergovernmental",
        "government": "government",
        "gov": "government",
        "national government": "government",
        "donor": "donor",
        "ngo": "ngo",
        "ingo": "ngo",
        "nngo": "ngo",
        "international ngo": "ngo",
        "national ngo": "ngo",
        "local ngo": "ngo",
        "civil society": "ngo",
        "private": "private",
        "private sector": "private",
        "academia": "academia",
        "academic": "academia",
        "other": "other",
    }
)
"""What words for a kind of organization mean; any other word means other."""

DRAFTED = MappingProxyType(
    {
        "organisation": "#org",
        "organization": "#org",
        "agency": "#org",
        "partner": "#org",
        "organisation type": "#org+type",
        "organization type": "#org+type",
        "sector": "#sector",
        "cluster": "#sector",
        "subsector": "#subsector",
        "activity": "#activity",
        "service": "#service",
        "country": "#country",
        "status": "#status",
        "start": "#date+start",
        "start date": "#date+start",
        "end": "#date+end",
        "end date": "#date+end",
    }
    | {f"{level}": f"#{level}" for level in WHERE}
    | {f"{level} {word}": f"#{level}+{word}" for level in WHERE for word in ("code", "name")}
)
"""Tags that headers of untagged tables suggest; they are shown and never applied."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: its word and its attributes, both in lower case.

    Examples
    --------
    >>> tag = parsed(" #Org +acronym+En")
    >>> tag.word, sorted(tag.attributes), str(tag)
    ('org', ['acronym', 'en'], '#org+acronym+en')
    """

    word: str
    attributes: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """The tag as it is written, attributes sorted."""
        return "#" + "+".join([self.word, *sorted(self.attributes)])


def parsed(text: str) -> Tag | None:
    """The tag that a cell holds; None if it holds none.

    Examples
    --------
    >>> parsed("# adm1 + code"), parsed("org+es") is None, parsed("#1") is None
    (Tag(word='adm1', attributes=frozenset({'code'})), True, True)
    """
    found = _TAG.fullmatch(text.strip())
    if not found:
        return None
    attributes = re.findall(_WORD, found[2])
    return Tag(found[1].lower(), frozenset(a.lower() for a in attributes))


def almost(text: str) -> bool:
    """Tell whether a cell looks like a tag whose ``#`` was forgotten.

    Examples
    --------
    >>> almost("org+es"), almost("C+"), almost("Education")
    (True, False, False)
    """
    return _BARE.fullmatch(text.strip()) is not None


def tag_row(rows: Sequence[Sequence[object]]) -> int | None:
    """Position of the tag row: the first with two tags or more and nothing but tags or near tags.

    Examples
    --------
    >>> tag_row([["Who", "What"], ["#org", "#sector"], ["Aurora", "Water"]])
    1
    """
    for i, row in enumerate(rows[:WITHIN]):
        cells = [str(cell).strip() for cell in row if cell is not None and str(cell).strip()]
        tags = sum(parsed(cell) is not None for cell in cells)
        if tags >= _ENOUGH and all(parsed(c) or almost(c) for c in cells):
            return i
    return None
