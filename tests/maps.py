"""The shipped maps, read without the readers under test."""

from functools import cache
from pathlib import Path

import pandas as pd

from sysmap.core.model import SystemMap, from_tables

DATASETS = Path(__file__).parent.parent / "datasets"


@cache
def shipped(name: str) -> SystemMap:
    """A map of the top-level folder datasets, by folder name."""
    files = sorted((DATASETS / name).glob("*.csv"))
    return from_tables(
        {f.stem: pd.read_csv(f, dtype=str, keep_default_na=False).replace("", None) for f in files}
    )
