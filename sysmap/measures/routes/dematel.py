"""Total influence as DEMATEL sums it, for comparison with studies that use it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sysmap.core.errors import UndecidableError
from sysmap.core.stats import FloatArray
from sysmap.measures.propagation import SignedLinks
from sysmap.measures.routes.perturbation import drawn_values

_SINGULAR = 1e12
# Dense matrices of so many entries are solved at a time.
_AT_ONCE = 1_000_000


def direct_relations(links: SignedLinks, value: FloatArray | None = None) -> FloatArray:
    """All values are divided by the largest sum of any node: X, dense, rows are causes.

    Parameters
    ----------
    links
        The influences of a map.
    value
        Link values in place of ``links.value``, shape ``(links,)`` or ``(draws, links)``.

    Notes
    -----
    The divisor is the larger of the largest row sum and the largest column sum of absolute
    values; without any value it is 1. Gabus and Fontela (1972).
    """
    values = links.value if value is None else value
    size = len(links.ids)
    found = np.zeros((*values.shape[:-1], size, size))
    found[..., links.cause, links.effect] = values
    strength = np.abs(found)
    largest = np.maximum(
        strength.sum(axis=-1).max(axis=-1, initial=0), strength.sum(axis=-2).max(axis=-1, initial=0)
    )
    shares: FloatArray = found / np.where(largest > 0, largest, 1.0)[..., None, None]
    return shares


def total_relations(direct: FloatArray, onto: npt.ArrayLike | None = None) -> FloatArray:
    """Influence over chains of any length, without attenuation: T = X (I - X)^-1.

    Parameters
    ----------
    direct
        X, square.
    onto
        What T is multiplied by, as in `propagation.total`.

    Raises
    ------
    UndecidableError
        If I - X is singular: then a loop hands on all that it receives, and the sum has no end.

    Examples
    --------
    >>> total_relations(np.array([[0, 1.0], [0, 0]]), [0, 1])
    array([1., 0.])
    """
    size = len(direct)
    start = np.eye(size) if onto is None else np.asarray(onto, dtype=float)
    rest = np.eye(size) - direct
    if size and not np.linalg.cond(rest, 1) < _SINGULAR:
        raise UndecidableError(
            "Total influence by method dematel has no value: a loop of influences hands on all "
            "that it receives, so the sum over longer and longer chains has no end (I - X is "
            "singular).",
            missing='Use method="attenuated", in which each further step counts less.',
        )
    found: FloatArray = direct @ np.linalg.solve(rest, start)
    return found


def drawn_relations(
    links: SignedLinks,
    onto: FloatArray,
    *,
    draws: int,
    random: np.random.Generator,
    absolute: bool = False,
) -> FloatArray:
    """Total influence once per draw of claims; the draws are those of `drawn_values`.

    Returns
    -------
    ndarray
        Shape ``(draws, nodes)``, without the draws in which the sum has no end.
    """
    at_once = max(1, _AT_ONCE // max(len(links.ids), 1) ** 2)
    identity, parts = np.eye(len(onto)), [np.zeros((0, len(onto)))]
    for values in drawn_values(links, draws=draws, random=random):
        for begin in range(0, len(values), at_once):
            some = values[begin : begin + at_once]
            direct = direct_relations(links, np.abs(some) if absolute else some)
            parts.append(_solved(identity - direct, onto) - onto)
    found = np.concatenate(parts)
    return found[np.isfinite(found).all(axis=1)]


def _solved(rest: FloatArray, onto: FloatArray) -> FloatArray:
    """One solution per matrix; NaN where it is singular."""
    column = onto[:, None]
    try:
        found = np.linalg.solve(rest, column)[..., 0]
    except np.linalg.LinAlgError:
        if len(rest) == 1:
            return np.full((1, len(onto)), np.nan)
        return np.concatenate([_solved(one[None], onto) for one in rest])
    return np.where(np.abs(found).max(axis=1, initial=0)[:, None] < _SINGULAR, found, np.nan)
