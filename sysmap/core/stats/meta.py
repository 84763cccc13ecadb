"""Means over contexts that differ among themselves: random effects."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from sysmap.core.stats.arrays import FloatArray, IntArray

Estimator: TypeAlias = Literal["reml", "dl"]

_STEPS, _STEP_TOLERANCE = 200, 1e-12


@dataclass(frozen=True, eq=False)
class RandomEffects:
    """Means with their intervals and what lies between contexts; each of shape ``(subjects,)``.

    Parameters
    ----------
    k
        Contexts with a value.
    mean, se, low, high
        The mean over contexts, its standard error and its interval.
    expected_low, expected_high
        The prediction interval: where the value of one more context is expected.
    tau2
        The variance between contexts.
    i2
        Its share in the variance of a typical context, 0 to 1.
    Q, p
        Cochran's test that all contexts have one value.
    """

    k: IntArray
    mean: FloatArray
    se: FloatArray
    low: FloatArray
    high: FloatArray
    expected_low: FloatArray
    expected_high: FloatArray
    tau2: FloatArray
    i2: FloatArray
    Q: FloatArray
    p: FloatArray


def random_effects(
    y: npt.ArrayLike, v: npt.ArrayLike, *, level: float = 0.95, estimator: Estimator = "reml"
) -> RandomEffects:
    """A mean over contexts comes with an interval for the next context, not for itself alone.

    Parameters
    ----------
    y, v
        One value per subject and context, and its variance above 0; shape
        ``(subjects, contexts)``. NaN in `y` is no value, and its variance is not read.
    level
        Two-sided level of both intervals, between 0 and 1.
    estimator
        Of the variance between contexts: ``reml`` (restricted likelihood) or ``dl``
        (DerSimonian and Laird, where the iteration starts).

    Returns
    -------
    RandomEffects
        With one context there is a mean and nothing else; without any, all is NaN and `k` is 0.

    Raises
    ------
    ValueError
        If the shapes differ, a variance of a value is not above 0, or `level` is not in between.

    Notes
    -----
    Hartung-Knapp-Sidik-Jonkman intervals (IntHout et al. 2014), prediction intervals and I2 after
    Higgins, Thompson and Spiegelhalter (2009); t has k - 1 degrees of freedom for both.

    Examples
    --------
    >>> found = random_effects([[1.0, 2.0, 3.0]], [[0.5, 0.5, 0.5]])
    >>> found.mean.round(4), found.tau2.round(4), found.p.round(4)
    (array([2.]), array([0.5]), array([0.1353]))
    """
    from scipy.special import chdtrc, stdtrit

    values, known, weights = _checked(y, v, level)
    k = known.sum(axis=1)
    df = np.maximum(k - 1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        w = weights.sum(axis=1)
        spread = w - (weights**2).sum(axis=1) / w
        Q = (weights * (values - _mean(weights, values)[:, None]) ** 2).sum(axis=1)
        tau2 = np.where(k >= 2, np.maximum(0, (Q - (k - 1)) / spread), 0.0)
        if estimator == "reml":
            tau2 = _reml(values, known, weights, tau2)
        full = _with_variance(weights, known, tau2)
        mean = _mean(full, values)
        squares = (full * (values - mean[:, None]) ** 2).sum(axis=1)
        se = np.sqrt(squares / (df * full.sum(axis=1)))
        typical = (k - 1) * w / (w**2 - (weights**2).sum(axis=1))
        i2 = tau2 / (tau2 + typical)
    t = stdtrit(df, (1 + level) / 2)
    further = t * np.sqrt(tau2 + se**2)
    several = np.where(k >= 2, 1.0, np.nan)
    return RandomEffects(
        k=k,
        mean=mean,
        se=se * several,
        low=(mean - t * se) * several,
        high=(mean + t * se) * several,
        expected_low=(mean - further) * several,
        expected_high=(mean + further) * several,
        tau2=tau2 * several,
        i2=i2 * several,
        Q=Q * several,
        p=chdtrc(df, Q) * several,
    )


def _checked(
    y: npt.ArrayLike, v: npt.ArrayLike, level: float
) -> tuple[FloatArray, npt.NDArray[np.bool_], FloatArray]:
    """Values with 0 for none, which there are, and one over their variances."""
    values, variances = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    if values.ndim != 2 or values.shape != variances.shape:
        raise ValueError(
            f"random_effects, y: shape {values.shape} came with v of shape {variances.shape}. "
            "Give both as (subjects, contexts)."
        )
    if not 0 < level < 1:
        raise ValueError(f"random_effects, level: {level} is not between 0 and 1. Give 0.95, say.")
    known = ~np.isnan(values)
    if not (variances[known] > 0).all():
        raise ValueError(
            "random_effects, v: every value needs a variance above 0. Give NaN in y for no value."
        )
    weights = np.zeros(values.shape)
    np.divide(1, variances, out=weights, where=known)
    return np.where(known, values, 0.0), known, weights


def _mean(weights: FloatArray, values: FloatArray) -> FloatArray:
    mean: FloatArray = (weights * values).sum(axis=1) / weights.sum(axis=1)
    return mean


def _with_variance(
    weights: FloatArray, known: npt.NDArray[np.bool_], tau2: FloatArray
) -> FloatArray:
    """Weights that hold the variance between contexts as well: 1 / (v + tau2)."""
    full = np.zeros(weights.shape)
    np.divide(weights, 1 + weights * tau2[:, None], out=full, where=known)
    return full


def _reml(
    values: FloatArray, known: npt.NDArray[np.bool_], weights: FloatArray, start: FloatArray
) -> FloatArray:
    """Restricted likelihood by Fisher scoring; steps below 0 end at 0."""
    tau2 = start
    for _ in range(_STEPS):
        full = _with_variance(weights, known, tau2)
        w, w2, w3 = (np.power(full, power).sum(axis=1) for power in (1, 2, 3))
        residual = full * (values - _mean(full, values)[:, None])
        slope = (residual**2).sum(axis=1) - (w - w2 / w)
        curve = w2 - 2 * w3 / w + (w2 / w) ** 2
        step = np.divide(slope, curve, out=np.zeros_like(w), where=curve > 0)
        moved: FloatArray = np.maximum(0, tau2 + step)
        if np.nanmax(np.abs(moved - tau2), initial=0) <= _STEP_TOLERANCE:
            return moved
        tau2 = moved
    return tau2
