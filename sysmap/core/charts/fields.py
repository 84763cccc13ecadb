"""What a figure reads from the columns of a frame: texts, classes, numbers and days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sysmap.core.charts import labels
from sysmap.core.charts.labels import FloatArray
from sysmap.core.charts.marks import Mark, marks, plain


def texts(frame: pd.DataFrame, label: str, most: int = labels.LETTERS) -> list[str]:
    """The labels of the rows: a column, else the index."""
    values = frame[label] if label in frame.columns else frame.index
    return labels.distinct(map(labels.heading, values), most)


def words(frame: pd.DataFrame, texts: str | Sequence[str] | None) -> list[str]:
    """Texts of a column, or given ones; an unknown column is blank."""
    if texts is None:
        return []
    values = (frame[texts] if texts in frame.columns else []) if isinstance(texts, str) else texts
    return [labels.word(v) for v in values]


def classes(
    frame: pd.DataFrame, kind: str | None, label: str = ""
) -> tuple[NDArray[np.str_], dict[str, Mark]]:
    """The class of each row and the marks of the classes; without a column one plain mark."""
    if kind is None or kind not in frame.columns:
        return np.full(len(frame), ""), {"": plain(label)}
    words = np.array([labels.word(w) for w in frame[kind]])
    return words, marks(words)


def numbers(frame: pd.DataFrame, column: str | None) -> FloatArray:
    """A column as numbers, NaN where there are none; all NaN if it is absent."""
    if column is None or column not in frame.columns:
        return np.full(len(frame), np.nan)
    numbers: FloatArray = pd.to_numeric(frame[column]).to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def days(frame: pd.DataFrame, column: str) -> FloatArray:
    """Dates as days since 1970, NaN where there is none."""
    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    dates = pd.to_datetime(frame[column], format="ISO8601").to_numpy("datetime64[D]")
    return np.where(np.isnat(dates), np.nan, dates.astype(np.int64).astype(np.float64))


def finite(parts: Iterable[ArrayLike]) -> FloatArray:
    """All finite numbers of several arrays in one row."""
    joined: FloatArray = np.concatenate([np.asarray(p, np.float64).ravel() for p in parts])
    return joined[np.isfinite(joined)]


def extent(numbers: FloatArray) -> tuple[float, float]:
    """From zero, or the least if it is negative, to the most; never empty."""
    least, most = min(numbers.min(initial=0.0), 0.0), max(numbers.max(initial=0.0), 0.0)
    return float(least), float(most) if most > least else float(least) + 1.0
