"""Shares of units with their interval and their class in words: one rule for every question."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sysmap.core import stats
from sysmap.core.stats import CodeArray

UNDETERMINED = "undetermined"
"""The word where the interval crosses a bound."""


@dataclass(frozen=True, slots=True)
class Classes:
    """What makes a share high, middle or low, and what that is called.

    Parameters
    ----------
    words
        The high, the middle and the low class.
    upper, lower
        Shares from which on the class is high, and down to which it is low.
    level
        Two-sided level of the interval, between 0 and 1.
    """

    words: tuple[str, str, str]
    upper: float
    lower: float
    level: float

    def __post_init__(self) -> None:
        """Two bounds in order, or ValueError in the words that the caller knows."""
        high, _, low = self.words
        if not 0 <= self.lower <= self.upper <= 1:
            raise ValueError(
                f"the bound of {high} is {self.upper} and that of {low} is {self.lower}; give two "
                f"shares between 0 and 1, that of {high} not below the other"
            )

    def frame(
        self, k: npt.ArrayLike, n: npt.ArrayLike, N: npt.ArrayLike | None, index: pd.Index
    ) -> pd.DataFrame:
        """Share, interval and class of each subject.

        Parameters
        ----------
        k, n, N
            Units that say yes, that answered, and that are listed, as in `stats.prevalence`.
        index
            The subjects.

        Returns
        -------
        pandas.DataFrame
            Columns share, low, high, verdict, leaning and robust.

        Raises
        ------
        ValueError
            As `stats.prevalence` does.

        Examples
        --------
        >>> rule = Classes(("common", "shared", "niche"), 0.5, 0.25, 0.9)
        >>> rule.frame([9, 0], [10, 0], 12, pd.Index(["a", "b"]))[["share", "verdict", "leaning"]]
           share       verdict leaning
        a    0.9        common  common
        b    NaN  undetermined
        """
        found = stats.prevalence(k, n, N, level=self.level, upper=self.upper, lower=self.lower)
        return pd.DataFrame(
            {
                "share": found.share,
                "low": found.low,
                "high": found.high,
                "verdict": self._in_words(found.verdict, UNDETERMINED),
                "leaning": self._in_words(found.leaning, ""),
                "robust": found.robust,
            },
            index=index,
        )

    def verdicts(
        self, k: npt.ArrayLike, n: npt.ArrayLike, N: npt.ArrayLike | None
    ) -> npt.NDArray[np.object_]:
        """The class of each subject alone, in words; arguments and errors are those of `frame`.

        Examples
        --------
        >>> Classes(("common", "shared", "niche"), 0.5, 0.25, 0.9).verdicts([9, 0], [10, 0], 12)
        array(['common', 'undetermined'], dtype=object)
        """
        found = stats.prevalence(k, n, N, level=self.level, upper=self.upper, lower=self.lower)
        return self._words(found.verdict, UNDETERMINED)

    def _in_words(self, codes: CodeArray, none: str) -> pd.api.extensions.ExtensionArray:
        return pd.array(self._words(codes, none), dtype="str")

    def _words(self, codes: CodeArray, none: str) -> npt.NDArray[np.object_]:
        high, middle, low = self.words
        word = {stats.HIGH: high, stats.MIDDLE: middle, stats.LOW: low, stats.UNDETERMINED: none}
        return np.array([word[int(code)] for code in np.atleast_1d(codes)], dtype=object)
