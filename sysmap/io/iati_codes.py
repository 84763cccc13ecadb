"""What the codes of IATI mean in a map.

Source: the code lists of IATI version 2.03; `iati_sectors.csv` is made from two of them.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from sysmap.core import countries
from sysmap.core.schema import CANCELLED, COMPLETED, ONGOING, PLANNED

STATUSES = MappingProxyType(
    {
        "1": PLANNED,
        "2": ONGOING,
        "3": ONGOING,
        "4": COMPLETED,
        "5": CANCELLED,
        "6": ONGOING,
    }
)
SUSPENDED = "6"

ROLES = MappingProxyType({"1": "funds", "2": "leads", "3": "supports", "4": "implements"})
"""What a role in an activity means in `takes_part`; see docs/decisions/0021."""

WORKING = MappingProxyType({"1": "funds", "4": "implements"})
"""Roles in which an organization also works on what the activity is about."""

KINDS = MappingProxyType(
    {
        "10": "government",
        "11": "government",
        "15": "government",
        "21": "ngo",
        "22": "ngo",
        "23": "ngo",
        "24": "ngo",
        "30": "other",
        "40": "intergovernmental",
        "60": "other",
        "70": "private",
        "71": "private",
        "72": "private",
        "73": "private",
        "80": "academia",
        "90": "other",
    }
)

DATES = MappingProxyType(
    {"1": "planned start", "2": "actual start", "3": "planned end", "4": "actual end"}
)


@cache
def sectors() -> Mapping[str, Mapping[str, str]]:
    """Purpose codes and categories of the OECD DAC, withdrawn ones too, by code.

    Examples
    --------
    >>> sectors()["11130"]["name"], sectors()["11130"]["category"], len(sectors())
    ('Teacher training', '111', 369)
    """
    text = files("sysmap.io").joinpath("iati_sectors.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({row["code"]: MappingProxyType(row) for row in rows})


@cache
def alpha3() -> Mapping[str, str]:
    """Alpha-3 codes by alpha-2 codes; XK, which ISO leaves to users, too.

    Examples
    --------
    >>> alpha3()["NA"], alpha3()["XK"]
    ('NAM', 'XKX')
    """
    rows = countries.table().items()
    return MappingProxyType({row["alpha2"]: code for code, row in rows} | {"XK": "XKX"})
