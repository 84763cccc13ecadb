"""Rows of who does what, and of who needs what, as Parquet files of any size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

WORKSHOP, REGION, WORLD = (60, 300, 40), (1_000, 1_000, 200), (10_000, 300, 200)
"""Numbers of organizations, elements and contexts."""

HARD = (10_000, 5_000, 200)
"""The same with more elements, among which portfolios are broad."""

_FURTHER = 0.05
"""Chance that an element is the next one further away from home."""

_AWAY, _FAR_AWAY = 0.2, 0.05
"""Chance that a place is the next one further away from home; the same for broad portfolios."""

_POPULAR = 1.17
"""Exponent of Zipf's law, by which broad portfolios choose elements; 10,000,000 rows then have
7,000,000 distinct claims. Real data fall with 0.75 to 1.2 (docs/decisions, record 30).
"""

LEVELS = 3
NEEDS_EACH = 5


def shape(rows: int) -> tuple[int, int, int]:
    """Who and what so many rows are about."""
    return WORKSHOP if rows < 10_000 else REGION if rows < 1_000_000 else WORLD


def works(rows: int, *, hard: bool = False) -> pd.DataFrame:
    """Organizations keep to neighbouring elements, or popular ones, and contexts; some are busy."""
    size = (HARD if hard else shape(rows))[0]
    rng = np.random.default_rng(1)
    who = (size * rng.random(rows) ** 2).astype(int)
    return _near(who, rows, rng, hard=hard)


def needs(rows: int, *, hard: bool = False) -> pd.DataFrame:
    """Some needs of every organization, each with a level."""
    size = (HARD if hard else shape(rows))[0]
    rng = np.random.default_rng(2)
    who = rng.integers(size, size=NEEDS_EACH * size)
    found = _near(who, rows, rng, hard=hard).assign(level=0)
    return found.assign(level=rng.integers(1, LEVELS + 1, len(found)))


def written(rows: int, folder: Path, *, hard: bool = False) -> None:
    """Put both tables into a folder, as `works.parquet` and `needs.parquet`."""
    works(rows, hard=hard).to_parquet(folder / "works.parquet", index=False)
    needs(rows, hard=hard).to_parquet(folder / "needs.parquet", index=False)


def _near(who: np.ndarray, rows: int, rng: np.random.Generator, *, hard: bool) -> pd.DataFrame:
    size, elements, contexts = HARD if hard else shape(rows)
    home, place = rng.integers(elements, size=size), rng.integers(contexts, size=size)
    if hard:
        popular = np.arange(1, elements + 1) ** -_POPULAR
        what = rng.choice(elements, size=len(who), p=popular / popular.sum())
    else:
        what = (home[who] + rng.geometric(_FURTHER, len(who))) % elements
    away = _FAR_AWAY if hard else _AWAY
    where = (place[who] + rng.geometric(away, len(who)) - 1) % contexts
    columns = {"organization": (who, "o"), "element": (what, "e"), "context": (where, "c")}
    return pd.DataFrame({name: _labelled(*pair) for name, pair in columns.items()})


def _labelled(codes: np.ndarray, letter: str) -> pd.Series:
    names = pd.array([f"{letter}{i:05d}" for i in range(codes.max() + 1)], dtype="str")
    return pd.Series(names.take(codes))
