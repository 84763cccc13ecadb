"""Groups of contexts that an element indicates, tested over every grouping at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sysmap.core import countries, stats
from sysmap.core.stats import RNG, BoolArray, CodeArray, FloatArray, IntArray
from sysmap.core.words import first_few, number_of
from sysmap.measures.reporting.votes import MISSING, THERE

_ABBREVIATIONS = ("ldc", "lldc", "sids")
_FEWEST_GROUPS, _MOST_GROUPS, _FEWEST_CELLS = 2, 12, 3


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """The clearest pattern of each subject, and what the tests left out.

    Parameters
    ----------
    frame
        One row per subject: ``grouping`` and ``group`` (missing if not tested), ``indval``, ``q``.
    tests
        Pairs of subject and grouping that were put to the test.
    draws
        Shuffles per test, as really used.
    unlabelled
        By grouping, units with a report and without a label.
    thin
        By grouping, groups that were left out of a test, with the number of subjects concerned.
    """

    frame: pd.DataFrame
    tests: int
    draws: int
    unlabelled: Mapping[str, list[str]]
    thin: Mapping[str, dict[str, int]]

    def untested(self, units: str, noun: str) -> Iterator[str]:
        """What the tests could not see, in sentences.

        Parameters
        ----------
        units, noun
            What a unit is called in the plural, and a subject in the singular.
        """
        if self.tests:
            yield (
                "No pattern found is no proof that there is none: 80 % in a group of 12 in 37 "
                "against 30 % elsewhere is found in 50 % of cases where 20 of 200 elements have "
                "such a pattern and in 15 % where one has, and for a group of 8 in 28 % and 9 %."
            )
        blank = [f"{spoken(g)} ({first_few(names)})" for g, names in self.unlabelled.items()]
        if blank:
            yield f"Tests leave out {units} without a label: {'; '.join(blank)}."
        thin = [
            f"{spoken(g)} ({first_few([f'{a} for {number_of(n, noun)}' for a, n in sorted(few)])})"
            for g, few in ((g, groups.items()) for g, groups in self.thin.items())
            if few
        ]
        if thin:
            yield f"Tests leave out groups with fewer than two assessed {units}: {'; '.join(thin)}."


def groupings(contexts: pd.DataFrame, by: str | Sequence[str] | None = None) -> list[str]:
    """Names of the columns of contexts that group them, sorted.

    Parameters
    ----------
    contexts
        The units, indexed by id.
    by
        One name or several; by default every grouping column with 2 to 12 groups.

    Raises
    ------
    ValueError
        If a name is no column that groups contexts.

    Examples
    --------
    >>> contexts = pd.DataFrame({"region": ["Asia", "Oceania"], "group_sea": ["yes", "yes"]})
    >>> groupings(contexts), groupings(contexts, "group_sea")
    (['region'], ['group_sea'])
    """
    usual = (*countries.GROUPINGS, "income_group")
    known = sorted(c for c in contexts.columns if c in usual or c.startswith("group_"))
    if by is None:
        sizes = contexts[known].nunique()
        return [c for c in known if _FEWEST_GROUPS <= sizes[c] <= _MOST_GROUPS]
    wanted = sorted({by} if isinstance(by, str) else set(by))
    for name in wanted:
        if name not in known:
            raise ValueError(
                f"by names {name!r}, which is no grouping of contexts; "
                f"there are: {', '.join(known) or 'none'}"
            )
    return wanted


def patterns(
    status: CodeArray,
    contexts: pd.DataFrame,
    by: Sequence[str],
    *,
    draws: int,
    rng: RNG,
    q: float,
) -> Patterns:
    """The group of units that each subject indicates best, over all groupings.

    Subjects present in three or more units and absent in three or more are tested. At least
    ``tests / q`` shuffles are drawn, so that a lone hit can pass.

    Parameters
    ----------
    status
        Codes of cells, shape ``(subjects, units)``.
    contexts
        The units in the order of the columns of `status`.
    by
        Columns of `contexts`.
    draws, rng
        Shuffles and their randomness.
    q
        The false discovery rate that matters to the reader.
    """
    presence = np.where(status == THERE, 1.0, np.where(status == MISSING, 0.0, np.nan))
    enough = ((presence == 1).sum(axis=1) >= _FEWEST_CELLS) & (
        (presence == 0).sum(axis=1) >= _FEWEST_CELLS
    )
    subjects = np.flatnonzero(enough)
    candidates = len(subjects) * len(by)
    drawn = max(draws, math.ceil(candidates / q)) if candidates else draws
    coded = [pd.factorize(contexts[name], sort=True) for name in by]
    cells = presence[subjects]
    seen = ~np.isnan(cells)
    p, value = np.full((2, len(status), len(by)), np.nan)
    group = np.full((len(status), len(by)), None, dtype=object)
    unlabelled: dict[str, list[str]] = {}
    thin: dict[str, dict[str, int]] = {}
    if coded:
        codes = np.stack([codes for codes, _ in coded])
        most = max(len(labels) for _, labels in coded)
        test = stats.indicator_test(cells, codes, most, draws=drawn, rng=rng)
        p[subjects], value[subjects] = test.p.T, test.indval.T
    for column, (name, (codes, labels)) in enumerate(zip(by, coded, strict=True)):
        tested = test.group[column] >= 0
        group[subjects[tested], column] = np.asarray(labels, dtype=object)[
            test.group[column, tested]
        ]
        blank = (codes < 0) & seen.any(axis=0)
        if blank.any():
            unlabelled[name] = sorted(contexts["name"][blank])
        thin[name] = _thin(seen, codes, [str(label) for label in labels])
    adjusted = stats.benjamini_hochberg(p)
    return Patterns(
        _clearest(adjusted, value, group, by), int((~np.isnan(p)).sum()), drawn, unlabelled, thin
    )


def _thin(seen: BoolArray, codes: np.ndarray, labels: Sequence[str]) -> dict[str, int]:
    """Groups with fewer than two assessed units, and for how many subjects."""
    few = {
        label: int((seen[:, codes == i].sum(axis=1) < 2).sum()) for i, label in enumerate(labels)
    }
    return {label: n for label, n in few.items() if n}


def _clearest(
    q: FloatArray, value: FloatArray, group: np.ndarray, by: Sequence[str]
) -> pd.DataFrame:
    """Of each subject the pair with the smallest q, then the largest value, then the first."""
    known = ~np.isnan(q)
    tested = known.any(axis=1)
    best = np.zeros(len(q), dtype=np.int64)
    if len(by):
        best = np.lexsort((-np.round(value, 12), np.where(known, q, np.inf)), axis=1)[:, 0]
    pairs = pd.DataFrame(
        {
            "grouping": pd.Series(np.array([*by, None], dtype=object)[best], dtype="str"),
            "group": pd.Series(_picked(group, best), dtype="str"),
            "indval": _picked(value, best).astype(float),
            "q": _picked(q, best).astype(float),
        }
    )
    return pairs.where(pd.Series(tested))


def _picked(cells: np.ndarray, column: IntArray) -> np.ndarray:
    """One cell per row; missing where there are no columns."""
    if cells.shape[1] == 0:
        return np.full(len(cells), np.nan)
    picked: np.ndarray = cells[np.arange(len(cells)), column]
    return picked


def spoken(grouping: str) -> str:
    """A grouping as people say it.

    Examples
    --------
    >>> spoken("sids"), spoken("group_coast_line")
    ('by SIDS', 'by coast line')
    """
    short = grouping.removeprefix("group_")
    return f"by {short.upper() if short in _ABBREVIATIONS else short.replace('_', ' ')}"
