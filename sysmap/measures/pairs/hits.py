"""How well values of pairs foretell which pairs are tied later, size set aside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sysmap.core.stats import BoolArray, FloatArray, IntArray, average_ranks
from sysmap.measures.affinity import score
from sysmap.measures.pairs.trial import Trial

SCORE, SHARED, FIT, PARTNERS, BOTH = "score", "shared", "fit", "adamic-adar", "rank sum"
DEGREE, RANDOM = "degree product", "random"
METHODS = (SCORE, SHARED, FIT, PARTNERS, BOTH, DEGREE, RANDOM)
FLOORS = (DEGREE, RANDOM)

NEAREST = 3
"""Places by which the partner of a comparison may differ, at least; see `comparisons`."""

FIRST = 10
"""How many pairs a reader looks at."""

_SAME = 1e-12
_PART = 50


@dataclass(frozen=True, slots=True, eq=False)
class Comparisons:
    """Each later pair beside pairs of one of its ends with a partner as well connected.

    Parameters
    ----------
    pair
        Positions of the later pairs, each twice: once for each end that stays.
    other
        Positions of the pairs beside it, shape ``(2 * pairs, places)``.
    valid
        Which of them are there and were never tied.
    """

    pair: IntArray
    other: IntArray
    valid: BoolArray

    @property
    def usable(self) -> BoolArray:
        """Which later pairs have something to be compared with; shape ``(pairs,)``."""
        return np.asarray(self.valid.any(axis=1).reshape(2, -1).any(axis=0))

    def above(self, value: FloatArray) -> FloatArray:
        """How often each later pair stands above the pairs beside it, equals counting a half.

        Shape ``(pairs,)``; the mean over both ends, NaN where nothing is beside it. A missing
        value is an equal.
        """
        gap = value[self.pair, None] - value[self.other]
        won = np.where(np.isnan(gap) | (np.abs(gap) <= _SAME), 0.5, gap > 0)
        number = self.valid.sum(axis=1)
        share = np.full(len(number), np.nan)
        np.divide((won * self.valid).sum(axis=1), number, out=share, where=number > 0)
        sides = share.reshape(2, -1)
        there = ~np.isnan(sides)
        mean = np.full(sides.shape[1], np.nan)
        np.divide(
            np.where(there, sides, 0).sum(axis=0),
            there.sum(axis=0),
            out=mean,
            where=there.any(axis=0),
        )
        return mean


def values(trial: Trial, rng: np.random.Generator) -> dict[str, FloatArray | None]:
    """What each method gives each pair; None where nothing is known that it rests on."""
    found = trial.found
    known = np.array(found.known, dtype=float)
    pairs = len(found.first)
    given: dict[str, FloatArray | None] = dict.fromkeys(METHODS)
    if known.any():
        given[SCORE] = score(found.excess(), (known / known.sum())[None])[0]
    if found.purpose is not None:
        given[SHARED] = found.square(found.purpose.similarity(found.purpose.together))
    if found.fit is not None:
        given[FIT] = found.fit.mutual(found.fit.share[None], found.first, found.second)[0][0]
    if found.reach is not None:
        given[PARTNERS] = found.square(found.reach.together)
    shared, partners = given[SHARED], given[PARTNERS]
    if shared is not None and partners is not None:
        both = np.full(pairs, np.nan)
        both[trial.listed] = sum(
            average_ranks(part[trial.listed].round(12)) for part in (shared, partners)
        )
        given[BOTH] = both
    given[DEGREE] = (trial.ties[found.first] * trial.ties[found.second]).astype(float)
    given[RANDOM] = rng.random(pairs)
    return given


def comparisons(trial: Trial, places: int | None = None) -> Comparisons:
    """Hold each later pair beside pairs that were never tied and are as well connected.

    One end stays, the other is replaced by every organization that stands near it in the order
    by known ties, so that being well connected decides little.

    Parameters
    ----------
    places
        How near; by default ``max(3, n / 50)``.
    """
    order, number = trial.order, len(trial.order)
    place = np.empty(number, dtype=np.int64)
    place[order] = np.arange(number)
    reach = max(NEAREST, number // _PART) if places is None else places
    steps = np.concatenate([np.arange(-reach, 0), np.arange(1, reach + 1)])
    later = np.flatnonzero(trial.positive)
    first, second = trial.found.first[later], trial.found.second[later]
    stays, leaves = np.concatenate([first, second]), np.concatenate([second, first])
    spot = place[leaves][:, None] + steps
    inside = (spot >= 0) & (spot < number)
    beside = order[np.clip(spot, 0, number - 1)]
    apart = inside & (beside != stays[:, None])
    other = np.zeros(spot.shape, dtype=np.int64)
    rows, _ = np.nonzero(apart)
    other[apart] = trial.pair(stays[rows], beside[apart])
    valid = apart & trial.never[other] if len(trial.never) else apart
    return Comparisons(np.tile(later, 2), other, valid)


def resampled(
    trial: Trial, above: dict[str, FloatArray], draws: int, rng: np.random.Generator
) -> dict[str, FloatArray]:
    """The mean of each method when organizations are drawn with replacement.

    A pair counts as often as its two ends are drawn, multiplied. All methods see the same draws;
    a draw without any pair is NaN.
    """
    number = len(trial.order)
    chosen = rng.multinomial(number, np.full(number, 1 / number), size=draws)
    later = np.flatnonzero(trial.positive)
    first, second = trial.found.first[later], trial.found.second[later]
    weight = (chosen[:, first] * chosen[:, second]).astype(float)
    drawn = {}
    for method, share in above.items():
        there = ~np.isnan(share)
        total = weight[:, there].sum(axis=1)
        drawn[method] = np.full(draws, np.nan)
        np.divide(weight[:, there] @ share[there], total, out=drawn[method], where=total > 0)
    return drawn


def precision(trial: Trial, value: FloatArray) -> float:
    """Share of later pairs among the first ten of all pairs; equals share the last places."""
    return float(_among_first(value[None], trial.positive[None], trial.listed[None])[0])


def recall(trial: Trial, value: FloatArray) -> float:
    """Share of its later pairs among the first ten of an organization, the mean over them."""
    size = len(trial.order)
    matrix, later = np.full((size, size), np.nan), np.zeros((size, size), bool)
    listed = np.zeros((size, size), bool)
    ends = (trial.found.first, trial.found.second)
    for square, row in ((matrix, value), (later, trial.positive), (listed, trial.listed)):
        square[ends] = square[ends[::-1]] = row
    some = later.any(axis=1)
    found = _among_first(matrix[some], later[some], listed[some])
    seen = np.minimum(FIRST, listed[some].sum(axis=1))
    shares = found * seen / (later & listed)[some].sum(axis=1)
    return float(np.mean(shares)) if len(shares) else float("nan")


def _among_first(value: FloatArray, hit: BoolArray, listed: BoolArray) -> FloatArray:
    """Share of hits among the first ten that are listed in each row; NaN where none is.

    Equals share the places that they dispute.
    """
    points = np.where(np.isnan(value), -np.inf, value.round(12))
    worse = np.where(listed, -points, np.nan)  # what is not listed sorts last
    most = min(FIRST, worse.shape[1])
    seen = np.minimum(most, listed.sum(axis=1))
    share = np.full(len(worse), np.nan)
    if not most:
        return share
    first = np.sort(np.partition(worse, most - 1, axis=1)[:, :most], axis=1)
    last = np.take_along_axis(first, np.maximum(seen - 1, 0)[:, None], axis=1)
    surely, equal = worse < last, worse == last
    disputed = (seen - surely.sum(axis=1)) / np.maximum(equal.sum(axis=1), 1)
    hits = (hit & surely).sum(axis=1) + disputed * (hit & equal).sum(axis=1)
    np.divide(hits, seen, out=share, where=seen > 0)
    return share
