"""Signed link values from claims, and what they add up to over chains of influence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from sysmap.core.claims import Claims, claims
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap
from sysmap.core.names import alike
from sysmap.core.schema import ELEMENTS, INFLUENCES, NEGATIVE, OUTCOMES, POSITIVE, SEEKS
from sysmap.core.stats import FloatArray, IntArray
from sysmap.measures.reporting.votes import standing
from sysmap.measures.seeking import seeking

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ATTENUATION = 0.5
"""Each further step of a chain counts half of the one before, unless told otherwise."""

MIDDLE_STRENGTH, TOP_STRENGTH = 2, 3
"""A blank strength counts as the middle of the scale 1 to 3."""

Weights: TypeAlias = str | Mapping[str, float] | Sequence[float] | FloatArray
"""How outcomes are weighed: a word, or numbers."""

_RANKABLE = 2
_DENSE = 200
_TOLERANCE = 1e-15


@dataclass(frozen=True, slots=True, eq=False)
class SignedLinks:
    """The influences of a map, one link per pair that is claimed; arrays have one entry per link.

    Parameters
    ----------
    ids
        Elements, then outcomes, in map order.
    outcomes
        Positions of the outcomes in `ids`.
    cause, effect
        Positions in `ids`; the links are sorted by them.
    positive, negative, unsigned
        Reporters who say +, who say -, and who say only that there is a link.
    strength
        Mean strength, 1 to 3, over the reporters of the larger side; NaN where there is none.
    value
        Sign of the larger side x agreement x strength; 0 where the sides are equal.
    votes
        One row per reporter and link with a sign: columns link (position), reporter (position in
        ``claims(m, "influences").reporters``), sign (1 or -1) and strength.
    """

    ids: pd.Index
    outcomes: IntArray
    cause: IntArray
    effect: IntArray
    positive: IntArray
    negative: IntArray
    unsigned: IntArray
    strength: FloatArray
    value: FloatArray
    votes: pd.DataFrame

    def __len__(self) -> int:
        """Count the links."""
        return len(self.cause)

    @property
    def contested(self) -> np.ndarray:
        """True where as many reporters say + as say -, and some do."""
        tied: np.ndarray = (self.positive == self.negative) & (self.positive > 0)
        return tied


class Balance(NamedTuple):
    """What helps and what harms, both from 0 up: T+ and T- of a signed series."""

    gain: FloatArray
    loss: FloatArray


def signed_links(m: SystemMap) -> SignedLinks:
    """Every claimed influence becomes one signed value.

    With p and q reporters for + and -, the value is the sign of the larger side, times
    |p - q| / (p + q), times the mean strength of the larger side. Claims with and without a
    context speak about the same link; a blank strength is 2.

    Notes
    -----
    A reporter has one vote per link. Of several rows the latest date counts; an undated row could
    be older or newer, so it must agree with the latest one. Where that leaves two signs the
    reporter has no vote.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": ["law", "tax"], "name": ["Law", "Tax"]}),
    ...     "influences": pd.DataFrame(
    ...         {"cause": ["law"], "effect": ["tax"], "sign": ["-"], "strength": ["3"]}),
    ... })
    >>> signed_links(m).value
    array([-3.])
    """
    told = claims(m, INFLUENCES)
    size = len(told.first_ids)
    pairs = told.first * size + told.second
    known, link = np.unique(pairs, return_inverse=True)
    votes = _votes(told, link)
    each = votes["link"].to_numpy(np.int64)
    up = votes["sign"].to_numpy() > 0
    positive = np.bincount(each[up], minlength=len(known))
    negative = np.bincount(each[~up], minlength=len(known))
    larger = np.where(up, positive[each] > negative[each], negative[each] > positive[each])
    weight = votes["strength"].to_numpy(float)[larger]
    total = np.bincount(each[larger], weights=weight, minlength=len(known))
    most = np.maximum(positive, negative)
    strength = np.full(len(known), np.nan)
    np.divide(total, most, out=strength, where=positive != negative)
    agreement = (positive - negative) / np.maximum(positive + negative, 1)
    voices = np.unique(np.column_stack([link, told.reporter]), axis=0)[:, 0]
    everyone = np.bincount(voices, minlength=len(known))
    return SignedLinks(
        ids=told.first_ids,
        outcomes=np.arange(len(m.tables[ELEMENTS]), size, dtype=np.int64),
        cause=known // max(size, 1),
        effect=known % max(size, 1),
        positive=positive,
        negative=negative,
        unsigned=everyone - _voices_with_sign(told, link, len(known)),
        strength=strength,
        value=agreement * np.nan_to_num(strength),
        votes=votes,
    )


def _votes(told: Claims, link: IntArray) -> pd.DataFrame:
    """One row per reporter and link: its sign and the mean strength of the rows that count."""
    sign = _signs(told)
    strength = told.frame["strength"].fillna(MIDDLE_STRENGTH).to_numpy(float)
    rows = np.flatnonzero(sign)
    rows = rows[standing(link[rows], told.reporter[rows], sign[rows], told.day[rows])]
    width = max(len(told.reporters), 1)
    voices, first, voice = np.unique(
        link[rows] * width + told.reporter[rows], return_index=True, return_inverse=True
    )
    summed = np.bincount(voice, weights=strength[rows], minlength=len(voices))
    return pd.DataFrame(
        {
            "link": voices // width,
            "reporter": voices % width,
            "sign": sign[rows][first],
            "strength": summed / np.bincount(voice, minlength=len(voices)),
        }
    )


def _signs(told: Claims) -> IntArray:
    said = told.frame["sign"]
    up, down = (said == POSITIVE).to_numpy(bool), (said == NEGATIVE).to_numpy(bool)
    signs: IntArray = up.astype(np.int64) - down
    return signs


def _voices_with_sign(told: Claims, link: IntArray, size: int) -> IntArray:
    signed = _signs(told) != 0
    voices = np.unique(np.column_stack([link[signed], told.reporter[signed]]), axis=0)[:, 0]
    found: IntArray = np.bincount(voices, minlength=size)
    return found


def pushes(links: SignedLinks, value: FloatArray | None = None) -> csr_array:
    """Each cause has a share in all the pushes on an effect: Y, rows are causes.

    Each value is divided by the sum of absolute values on its effect, or by 3, the top of the
    scale, if that is more: a lone weak influence stays weak. Column sums of |Y| are at most 1.

    Parameters
    ----------
    value
        One value per link in place of ``links.value``, as draws need it.
    """
    from scipy.sparse import coo_array

    values = links.value if value is None else value
    size = len(links.ids)
    received = np.bincount(links.effect, weights=np.abs(values), minlength=size)
    shares = values / np.maximum(received, TOP_STRENGTH)[links.effect]
    return coo_array((shares, (links.cause, links.effect)), shape=(size, size)).tocsr()


def shares(links: SignedLinks, of: csr_array | None = None) -> FloatArray:
    """One step along each link: its signed share in all the pushes on its effect.

    Parameters
    ----------
    of
        Another matrix than Y to read them from.
    """
    if not len(links):
        return np.zeros(0)
    matrix = pushes(links) if of is None else of
    found: FloatArray = np.asarray(matrix[links.cause, links.effect], dtype=float).ravel()
    return found


def total(
    pushes: csr_array, onto: npt.ArrayLike | None = None, *, attenuation: float = ATTENUATION
) -> FloatArray:
    """Influence over chains of any length: T = Y + a Y^2 + a^2 Y^3 + ... = Y (I - a Y)^-1.

    Parameters
    ----------
    pushes
        Y, square, column sums of |Y| at most 1.
    onto
        What T is multiplied by: weights of nodes, shape ``(nodes,)``, or several of them, shape
        ``(nodes, k)``. None gives T itself.
    attenuation
        What each further step counts, from 0 (direct influence only) to below 1.

    Raises
    ------
    ValueError
        If `attenuation` is not in that range.

    Notes
    -----
    Katz (1953); Hubbell (1965). Up to 200 nodes by a linear solve, above by the series, which
    stops when what is left is below rounding.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> total(csr_array([[0, 1, 0], [0, 0, 1], [0, 0, 0.0]]), [0, 0, 1])
    array([0.5, 1. , 0. ])
    """
    if not 0 <= attenuation < 1:
        raise ValueError(f"attenuation is {attenuation}; give a number from 0 to below 1")
    size = pushes.shape[0]
    start = np.eye(size) if onto is None else np.asarray(onto, dtype=float)
    if size <= _DENSE:
        dense = pushes.toarray()
        solved: FloatArray = dense @ np.linalg.solve(np.eye(size) - attenuation * dense, start)
        return solved
    term = np.asarray(pushes @ start, dtype=float)
    summed = term.copy()
    scale, left = np.abs(start).sum(), 1.0
    while term.any() and left * scale > _TOLERANCE * (1 - attenuation):
        term = attenuation * (pushes @ term)
        summed += term
        left *= attenuation
    return summed


def gains_and_losses(
    pushes: csr_array, onto: npt.ArrayLike | None = None, *, attenuation: float = ATTENUATION
) -> Balance:
    """The series split into chains that help and chains that harm: T+ and T-, T = T+ - T-.

    Arguments are those of `total`; weights in `onto` are not negative.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> b = gains_and_losses(csr_array([[0, 0.5, 0.5], [0, 0, -1], [0, 0, 0.0]]), [0, 0, 1])
    >>> b.gain[0], b.loss[0]
    (np.float64(0.5), np.float64(0.25))
    """
    signed = total(pushes, onto, attenuation=attenuation)
    absolute = total(abs(pushes), onto, attenuation=attenuation)
    return Balance((absolute + signed) / 2, (absolute - signed) / 2)


def given_and_received(
    pushes: csr_array, *, attenuation: float = ATTENUATION
) -> tuple[FloatArray, FloatArray]:
    """Row sums and column sums of |T|: how much each node moves, and is moved."""
    absolute, everyone = abs(pushes), np.ones(pushes.shape[0])
    given = total(absolute, everyone, attenuation=attenuation)
    return given, total(absolute.T.tocsr(), everyone, attenuation=attenuation)


def outcome_weights(m: SystemMap, weights: Weights) -> FloatArray:
    """How much each outcome counts; shape ``(outcomes,)``, from 0 up, sum 1.

    Parameters
    ----------
    weights
        ``equal``; ``seeking``, by the number of organizations that seek it; ``priority``, by its
        mean place among the members that rank; or numbers: one per outcome in map order, or by
        id, where an outcome that is not named counts 0.

    Raises
    ------
    UndecidableError
        If ``seeking`` is asked for and nobody seeks anything, or ``priority`` and nobody ranks.
    UnknownIdError
        If a number is given for something that is no outcome.
    ValueError
        If the numbers are too few or too many, below 0, or all 0.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({"outcomes": pd.DataFrame({"id": ["light", "heat"], "name": ["L", "H"]})})
    >>> outcome_weights(m, "equal"), outcome_weights(m, {"heat": 3})
    (array([0.5, 0.5]), array([0., 1.]))
    """
    size = len(m.tables[OUTCOMES])
    if isinstance(weights, str):
        if weights not in _WEIGHTS:
            raise ValueError(
                f"weights {weights!r} is unknown; write equal, seeking, priority or numbers"
            )
        given = _WEIGHTS[weights](m)
    elif isinstance(weights, Mapping):
        given = _by_id(m, weights)
    else:
        given = np.asarray(weights, dtype=float)
    usable = given.shape == (size,) and bool((np.isfinite(given) & (given >= 0)).all())
    if not usable or (size and not given.sum() > 0):
        raise ValueError(
            f"weights: {size} numbers from 0 up that are not all 0 are expected, one per outcome"
        )
    return given / given.sum() if size else given


def _equally(m: SystemMap) -> FloatArray:
    return np.ones(len(m.tables[OUTCOMES]))


def _by_seeking(m: SystemMap) -> FloatArray:
    """How many organizations seek each outcome, in map order."""
    told = claims(m, SEEKS)
    if not len(told):
        raise UndecidableError(
            "Outcomes cannot be weighed by who seeks them: nobody seeks any.",
            missing="Add the sheet seeks.",
        )
    pairs = np.unique(np.column_stack([told.first, told.second]), axis=0)
    return np.bincount(pairs[:, 1], minlength=len(m.tables[OUTCOMES])).astype(float)


def _by_priority(m: SystemMap) -> FloatArray:
    """Mean place of each outcome among those who rank; a single outcome counts alone."""
    if len(m.tables[OUTCOMES]) < _RANKABLE:
        return _equally(m)
    places = seeking(m).priority()
    if np.isnan(places).any():
        raise UndecidableError(
            "Outcomes cannot be weighed by their priority: no member ranks them.",
            missing="Fill the column priority of the sheet seeks.",
        )
    return places


def _by_id(m: SystemMap, weights: Mapping[str, float]) -> FloatArray:
    ids = m.tables[OUTCOMES]["id"]
    for id in weights:
        if id not in set(ids):
            raise UnknownIdError(id, table=OUTCOMES, near=alike(str(id), ids))
    return np.array([float(weights.get(id, 0.0)) for id in ids])


_WEIGHTS: Mapping[str, Callable[[SystemMap], FloatArray]] = {
    "equal": _equally,
    "seeking": _by_seeking,
    "priority": _by_priority,
}


def on_outcomes(
    m: SystemMap,
    *,
    weights: Weights = "equal",
    attenuation: float = ATTENUATION,
) -> FloatArray:
    """What happens to the outcomes when each node grows, over all chains; shape ``(nodes,)``.

    Nodes are elements, then outcomes, in map order. NaN everywhere if the map has no outcome;
    0 for a node from which no chain of claims leads to one.

    Parameters
    ----------
    weights
        As in `outcome_weights`.
    attenuation
        As in `total`.
    """
    links = signed_links(m)
    if not len(links.outcomes):
        return np.full(len(links.ids), np.nan)
    onto = np.zeros(len(links.ids))
    onto[links.outcomes] = outcome_weights(m, weights)
    return total(pushes(links), onto, attenuation=attenuation)
