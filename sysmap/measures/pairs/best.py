"""The best partners of each organization so far, while pairs come block after block."""

from __future__ import annotations

import numpy as np

from sysmap.core.stats import BoolArray, FloatArray, IntArray

_DIGITS = 9
"""Values that are equal to so many digits are equal."""

_CROWD = 1
"""So many candidates per place to fill are first sifted row by row."""


class Best:
    """A few partners of each organization, those of the lowest value, the earlier one of equals.

    Blocks must come in ascending order of their rows, and begin at the diagonal: later partners
    then have higher positions, and an equal value does not displace an earlier one.

    Parameters
    ----------
    size
        Number of organizations.
    number
        Partners of each.
    below
        Only values below this one are taken.
    """

    def __init__(self, size: int, number: int, below: float = np.inf) -> None:
        self._size, self._number = size, number
        self._value = np.full((size, number), below)
        self._partner = np.full((size, number), size)

    def candidates(self, worse: FloatArray, begin: int) -> tuple[IntArray, IntArray, FloatArray]:
        """Rows, columns and values of a block that may be better than what is known.

        Parameters
        ----------
        worse
            Values of the organizations from `begin` on, beside all from `begin` on; NaN and inf
            are no pairs.
        """
        rows, columns = worse.shape
        limit = self._value[begin:, -1] + 10.0**-_DIGITS  # rounded a value may pass
        row, column = np.nonzero((worse < limit[:rows, None]) | (worse < limit))
        if len(row) > _CROWD * self._number * (rows + columns):
            worse = np.round(worse, _DIGITS)
            row, column = np.nonzero(first(worse, self._number) | first(worse.T, self._number).T)
        return row, column, np.round(worse[row, column], _DIGITS)

    def offer(self, one: IntArray, other: IntArray, value: FloatArray) -> None:
        """Keep what is better for each first end.

        Parameters
        ----------
        one, other, value
            Organizations, partners that no earlier block has named, ascending for each of them,
            and their value.
        """
        better = value < self._value[one, -1]
        one, other, value = one[better], other[better], value[better]
        touched = np.unique(one)
        who = np.concatenate([np.repeat(touched, self._number), one])
        whom = np.concatenate([self._partner[touched].ravel(), other])
        what = np.concatenate([self._value[touched].ravel(), value])
        # partners of one organization stand in ascending order, which equal values keep
        order = np.lexsort((what, who))
        # what was known fills every place, so the first so many of each are there
        ends = np.searchsorted(who[order], touched)[:, None] + np.arange(self._number)
        self._partner[touched] = whom[order[ends]]
        self._value[touched] = what[order[ends]]

    def offers(self) -> tuple[IntArray, IntArray, FloatArray]:
        """What another list can be offered: organizations, partners and values."""
        one, other = self.pairs()
        order = np.lexsort((other, one))
        value = self._value[self._partner < self._size]
        return one[order], other[order], value[order]

    def pairs(self) -> tuple[IntArray, IntArray]:
        """Organizations and their partners."""
        one, place = np.nonzero(self._partner < self._size)
        return one, self._partner[one, place]


def first(worse: FloatArray, number: int) -> BoolArray:
    """The lowest so many of each row, the earlier one of equals; NaN and inf are left out."""
    there = np.where(np.isnan(worse), np.inf, worse)
    if number >= worse.shape[1]:
        return np.isfinite(there)
    limit = np.partition(there, number - 1, axis=1)[:, number - 1 : number]
    below, equal = there < limit, there == limit
    room = number - below.sum(axis=1, keepdims=True)
    chosen: BoolArray = below | (equal & (np.cumsum(equal, axis=1) <= room))
    return chosen & np.isfinite(there)
