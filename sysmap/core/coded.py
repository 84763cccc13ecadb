"""Columns held as codes: each distinct value once, and one small number per row.

A table of millions of claims is held this way; what a map hands out is always plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

_ROOM = 2**62


def coded(codes: np.ndarray, values: pd.Index) -> pd.Series:
    """A column from positions in its distinct values; -1 is blank.

    Examples
    --------
    >>> column = coded(np.array([1, 0, -1]), pd.Index(["a", "b"], dtype="str"))
    >>> is_coded(column), plain(column.to_frame("who"))["who"].tolist()
    (True, ['b', 'a', nan])
    """
    return pd.Series(pd.Categorical.from_codes(codes, categories=values), copy=False)


def is_coded(column: pd.Series) -> bool:
    """Tell whether a column is held as codes."""
    return isinstance(column.dtype, pd.CategoricalDtype)


def split(column: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Positions in the distinct values of any column, -1 for a blank; and those values."""
    if is_coded(column):
        return column.array.codes, column.array.categories
    codes, values = pd.factorize(column)
    return codes, pd.Index(values)


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every column written out; a lazy copy where none is held as codes."""
    held = [n for n, kind in frame.dtypes.items() if isinstance(kind, pd.CategoricalDtype)]
    if not held:
        return frame.copy(deep=False)
    return frame.assign(**{str(name): _written(frame[name]) for name in held})


def equal(one: pd.Series, other: pd.Series) -> np.ndarray:
    """True for each row where two columns hold the same value; a blank equals nothing."""
    codes, values = split(one)
    others, known = split(other)
    place = np.append(known.get_indexer(values), -1)
    same: np.ndarray = (place[codes] == others) & (others >= 0)
    return same


def repeated(frame: pd.DataFrame) -> np.ndarray:
    """True for each row that stands further up already; blanks are alike."""
    columns = ((codes, len(values)) for codes, values in (split(frame[name]) for name in frame))
    words = [word for word, _ in packed((c, size) for c, size in columns if size)]
    if not words:
        return np.arange(len(frame)) > 0
    if len(words) == 1 and (words[0][1:] > words[0][:-1]).all():
        return np.zeros(len(frame), bool)
    again: np.ndarray = pd.DataFrame(dict(enumerate(words)), copy=False).duplicated().to_numpy()
    return again


def packed(columns: Iterable[tuple[np.ndarray, int]]) -> list[tuple[np.ndarray, list[int]]]:
    """Rows of codes as whole numbers that sort as the rows do; as few as have room for them.

    Parameters
    ----------
    columns
        Codes from -1, and how many values there are; the first column sorts first.

    Returns
    -------
    list
        Numbers, one per row, and the sizes of the columns in them, for `unpacked`.

    Examples
    --------
    >>> (number, sizes), = packed([(np.array([1, -1]), 2), (np.array([0, 3]), 4)])
    >>> number.tolist(), [codes.tolist() for codes in unpacked(number, sizes)]
    ([11, 4], [[1, -1], [0, 3]])
    """
    words: list[tuple[np.ndarray, list[int]]] = []
    room = 0
    for codes, size in columns:
        radix = size + 1
        if radix > room:
            words.append((codes.astype(np.int64) + 1, [size]))
            room = _ROOM // radix
            continue
        word, sizes = words[-1]
        word *= radix
        word += codes
        word += 1
        sizes.append(size)
        room //= radix
    return words


def unpacked(word: np.ndarray, sizes: Sequence[int]) -> list[np.ndarray]:
    """The columns of codes that `packed` put into one number."""
    columns = []
    for size in reversed(sizes):
        word, codes = np.divmod(word, size + 1)
        columns.append(codes - 1)
    return columns[::-1]


def _written(column: pd.Series) -> pd.Series:
    codes, values = split(column)
    return pd.Series(values.array.take(codes, allow_fill=True), index=column.index, copy=False)
