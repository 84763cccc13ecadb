"""Countries and areas of ISO 3166-1 with their United Nations groups.

The table is public domain and describes the groups of 2024; `GROUPS_OF` is printed wherever a
group of it is used.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from sysmap.core import names

GROUPS_OF = "2024"
"""The year that the country groups describe."""

USER_ASSIGNED = frozenset({"XKX"})
"""Codes in wide use that ISO leaves to users: accepted, never filled."""

GROUPINGS = ("region", "subregion", "ldc", "lldc", "sids")
"""Columns of contexts that the table can fill."""

_SPOKEN = MappingProxyType(
    {
        "uk": "GBR",
        "usa": "USA",
        "lao pdr": "LAO",
        "laos": "LAO",
        "viet nam": "VNM",
        "vietnam": "VNM",
        "turkey": "TUR",
        "burma": "MMR",
        "south korea": "KOR",
        "north korea": "PRK",
        "iran": "IRN",
        "syria": "SYR",
        "bolivia": "BOL",
        "tanzania": "TZA",
        "moldova": "MDA",
        "russia": "RUS",
        "brunei": "BRN",
        "micronesia": "FSM",
        "east timor": "TLS",
        "kosovo": "XKX",
        "swaziland": "SWZ",
        "cape verde": "CPV",
        "ivory coast": "CIV",
        "czech republic": "CZE",
    }
)


@cache
def table() -> Mapping[str, Mapping[str, str]]:
    """One row per country by alpha-3 code.

    Examples
    --------
    >>> table()["NPL"]["subregion"], table()["NAM"]["alpha2"], len(table())
    ('Southern Asia', 'NA', 249)
    """
    text = files("sysmap.core").joinpath("countries.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {row["alpha3"]: MappingProxyType(row) for row in csv.DictReader(text.splitlines())}
    )


def looks_like_code(id: str) -> bool:
    """Tell whether an id has the form of an alpha-3 code.

    Examples
    --------
    >>> looks_like_code("NPL"), looks_like_code("northland")
    (True, False)
    """
    return len(id) == 3 and id.isascii() and id.isalpha() and id.isupper()


def code_of(text: str) -> str | None:
    """The alpha-3 code that a name or another code of a country suggests; never applied unasked.

    Examples
    --------
    >>> code_of("Viet nam"), code_of("NA"), code_of("Global")
    ('VNM', 'NAM', None)
    """
    wanted = names.key(text)
    if wanted in _SPOKEN:
        return _SPOKEN[wanted]
    return _by_name().get(wanted)


def spoken() -> Mapping[str, str]:
    """Every text that may mean a country, codes left out: its key and the alpha-3 code.

    Examples
    --------
    >>> spoken()["viet nam"], spoken()["lao pdr"], "np" in spoken()
    ('VNM', 'LAO', False)
    """
    rows = table().items()
    named = {names.key(row[c]): code for code, row in rows for c in ("name", "name_fr") if row[c]}
    return MappingProxyType({**named, **_SPOKEN})


@cache
def _by_name() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for code, row in table().items():
        for column in ("alpha2", "alpha3", "name", "name_fr"):
            if row[column]:
                found.setdefault(names.key(row[column]), code)
    return MappingProxyType(found)
