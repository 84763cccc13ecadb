"""Who speaks, told by kind of organization or source, so that nobody is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import pandas as pd

from sysmap.core.claims import reporters
from sysmap.core.model import SystemMap
from sysmap.core.words import number_of

NOT_STATED = "not stated"
"""The constituency of an organization without a kind, and of a claim without a source."""

_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "un_agency": ("UN agency", "UN agencies"),
        "intergovernmental": ("intergovernmental organization", "intergovernmental organizations"),
        "ngo": ("NGO", "NGOs"),
        "private": ("private organization", "private organizations"),
        "academia": ("academic organization", "academic organizations"),
        "other": ("other organization", "other organizations"),
        NOT_STATED: ("reporter of no stated kind", "reporters of no stated kind"),
    }
)
"""Singular and plural of the kinds whose word alone would not read well."""


def constituencies(m: SystemMap) -> pd.Series:
    """The constituency of each reporter, by reporter.

    It is the kind of the organization that speaks; where none does, the kind of the source, such
    as ``workshop``. An organization that was narrowed away has the constituency `NOT_STATED`.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a"], "name": ["Aurora"], "kind": ["donor"]}),
    ...     "sources": pd.DataFrame({
    ...         "id": ["s", "w"], "name": ["Survey", "Workshop"], "kind": ["survey", "workshop"],
    ...         "organization": ["a", None],
    ...     }),
    ... })
    >>> constituencies(m).to_dict()
    {'a': 'donor', 'w': 'workshop'}
    """
    voice, sources = reporters(m), m.sources
    own = sources["kind"].where(voice == voice.index.to_series())
    told = pd.Series(own.fillna(NOT_STATED).to_numpy(object), voice.to_numpy(object), dtype="str")
    kinds = m.organizations["kind"].fillna(NOT_STATED)
    return pd.concat([kinds, told[~told.index.isin(kinds.index)]]).groupby(level=0).first()


def in_words(kinds: Iterable[str]) -> str:
    """Constituencies counted: the most frequent first, then by name.

    Examples
    --------
    >>> in_words(["ngo", "un_agency", "ngo"])
    '2 NGOs, 1 UN agency'
    """
    counted = sorted(Counter(kinds).items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(number_of(n, *word(kind)) for kind, n in counted)


def word(kind: str) -> tuple[str, str]:
    """A constituency in the singular and the plural.

    Examples
    --------
    >>> word("un_agency"), word("donor")
    (('UN agency', 'UN agencies'), ('donor', 'donors'))
    """
    plain = kind.replace("_", " ")
    return _WORDS.get(kind, (plain, f"{plain}s"))
