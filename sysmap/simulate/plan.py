"""What a simulated map is made of, and how wrong numbers are told."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sysmap.core import dates
from sysmap.core.countries import GROUPINGS as USUAL

GROUPINGS: Mapping[str, Sequence[float]] = {
    "region": (12, 10, 8, 7),
    "sids": (12, 25),
    "group_power": (13, 12, 12),
}
"""The groupings of a simulated map, unless others are wanted: sizes of groups in 37 contexts."""

LOOP, TRADED = 3, 4
"""Elements in a planted loop, and cells that either side of a planted pair offers the other."""

FLAGS = ("ldc", "lldc", "sids")
"""Groupings whose groups are yes and no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The numbers behind a simulated map; `planted` says what they mean.

    Raises
    ------
    ValueError
        If a number cannot be: the message names it, what came, and what would do.
    """

    elements: int
    contexts: int
    organizations: int
    outcomes: int
    respondents: int
    asked: int
    silence: float
    skipped: float
    sensitivity: float
    false: float
    sigma: float
    mix: tuple[float, float, float] | None
    patterned: int
    inside: float
    outside: float
    groupings: Mapping[str, Sequence[float]]
    portfolio: float
    focus: float
    links: int
    loops: int
    pairs: int
    ties: int
    at: str

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if not least <= value < math.inf:
                raise ValueError(f"{name} is {value}; give {least} or more")
        for name in ("silence", "skipped"):
            value = getattr(self, name)
            if not 0 <= value < 1:
                raise ValueError(
                    f"{name} is {value}; give a share from 0 up to, but not with, 1, such as 0.1"
                )
        for name in ("sensitivity", "false", "inside", "outside", "focus"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ValueError(f"{name} is {value}; give a share between 0 and 1")
        for name, most, of in self._bounds():
            value = getattr(self, name)
            if value > most:
                raise ValueError(f"{name} is {value}; {of} allow {most} at most")
        if not dates.is_date(self.at):
            raise ValueError(f"at is {self.at!r}; give a date such as 2024-01-01")
        self._check_mix()
        self._check_groupings()

    @property
    def day(self) -> np.datetime64:
        """The first day of `at`."""
        return np.datetime64(dates.first_day(self.at), "D")

    @property
    def free(self) -> int:
        """Elements that are in no planted loop."""
        return self.elements - LOOP * self.loops

    def _bounds(self) -> list[tuple[str, int, str]]:
        """The largest numbers that the others allow."""
        pairs = self.organizations * (self.organizations - 1) // 2
        ways = self.free * (self.free - 1) // 2 + self.free * self.outcomes
        return [
            ("asked", self.contexts, f"{self.contexts} contexts"),
            ("respondents", self.organizations, f"{self.organizations} organizations"),
            ("patterned", self.elements, f"{self.elements} elements"),
            ("loops", self.elements // LOOP, f"{self.elements} elements, {LOOP} to a loop,"),
            ("links", ways, f"{self.free} elements beside loops and {self.outcomes} outcomes"),
            ("ties", pairs, f"{self.organizations} organizations"),
            (
                "pairs",
                min(self.organizations // 2, self.elements * self.contexts // (2 * TRADED)),
                f"{self.organizations} organizations and {self.elements} by {self.contexts} cells",
            ),
        ]

    def _check_mix(self) -> None:
        if self.mix is None:
            return
        if len(self.mix) != 3 or min(self.mix) < 0 or not math.isclose(sum(self.mix), 1):
            raise ValueError(
                f"mix is {self.mix}; give three shares that sum to 1: universal, intermediate, "
                "context-specific, such as (0.4, 0.3, 0.3)"
            )

    def _check_groupings(self) -> None:
        for name, sizes in self.groupings.items():
            if name not in (*USUAL, "income_group") and not name.startswith("group_"):
                raise ValueError(
                    f"groupings names {name!r}; give region, subregion, ldc, lldc, sids, "
                    "income_group or a name that begins with group_"
                )
            if len(sizes) < 2 or min(sizes) <= 0:
                raise ValueError(
                    f"groupings gives {name} the sizes {tuple(sizes)}; give two or more numbers "
                    "above 0"
                )
            if name in FLAGS and len(sizes) != 2:
                raise ValueError(f"groupings gives {name} {len(sizes)} groups; it has two, yes, no")
        if self.patterned and not self.groupings:
            raise ValueError("patterned is above 0 and groupings is empty; give a grouping")


_LEAST: Mapping[str, int] = {
    "elements": 0,
    "contexts": 1,
    "organizations": 1,
    "outcomes": 0,
    "respondents": 1,
    "asked": 0,
    "sigma": 0,
    "patterned": 0,
    "portfolio": 0,
    "links": 0,
    "loops": 0,
    "pairs": 0,
    "ties": 0,
}
