"""Rows of who does what, and of who needs what, as Parquet files of any size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

WORKSHOP, REGION, WORLD = (60, 300, 40), (1_000, 1_000, 200), (10_000, 300, 200)
"""Numbers of organizations, elements and contexts."""

LEVELS = 3
NEEDS_EACH = 5


def shape(rows: int) -> tuple[int, int, int]:
    """Who and what so many rows are about."""
    return WORKSHOP if rows < 10_000 else REGION if rows < 1_000_000 else WORLD


def works(rows: int) -> pd.DataFrame:
    """Organizations keep to neighbouring elements and contexts; some are busy."""
    size, elements, contexts = shape(rows)
    rng = np.random.default_rng(1)
    who = (size * rng.random(rows) ** 2).astype(int)
    return _near(who, size, elements, contexts, rng)


def needs(rows: int) -> pd.DataFrame:
    """Some needs of every organization, each with a level."""
    size, elements, contexts = shape(rows)
    rng = np.random.default_rng(2)
    who = rng.integers(size, size=NEEDS_EACH * size)
    found = _near(who, size, elements, contexts, rng).assign(level=0)
    return found.assign(level=rng.integers(1, LEVELS + 1, len(found)))


def written(rows: int, folder: Path) -> None:
    """Put both tables into a folder, as `works.parquet` and `needs.parquet`."""
    works(rows).to_parquet(folder / "works.parquet", index=False)
    needs(rows).to_parquet(folder / "needs.parquet", index=False)


def _near(
    who: np.ndarray, size: int, elements: int, contexts: int, rng: np.random.Generator
) -> pd.DataFrame:
    home, place = rng.integers(elements, size=size), rng.integers(contexts, size=size)
    what = (home[who] + rng.geometric(0.05, len(who))) % elements
    where = (place[who] + rng.geometric(0.2, len(who)) - 1) % contexts
    columns = {"organization": (who, "o"), "element": (what, "e"), "context": (where, "c")}
    return pd.DataFrame({name: _labelled(*pair) for name, pair in columns.items()})


def _labelled(codes: np.ndarray, letter: str) -> pd.Series:
    names = pd.array([f"{letter}{i:05d}" for i in range(codes.max() + 1)], dtype="str")
    return pd.Series(names.take(codes))
