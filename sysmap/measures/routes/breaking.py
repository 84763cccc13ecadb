"""The fewest reporters without whose claims no path is left."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sysmap.core.claims import incidence
from sysmap.core.stats import BoolArray, FloatArray, IntArray
from sysmap.measures.routes.paths import LinkClaims, Paths

_FIRST, _MOST = 200, 2_000
_NODES = 20_000


class Breaking(NamedTuple):
    """Reporters who hold all paths together.

    Parameters
    ----------
    reporters
        Positions in ``told.reporters``, ascending.
    lost
        Positions of the links that nobody else claims.
    at_least
        No smaller set breaks all paths; equal to the size of the set where it is proven.
    """

    reporters: IntArray
    lost: IntArray
    at_least: int


def breaking(of: LinkClaims, paths: Paths, *, most: int = _MOST) -> Breaking:
    """The fewest reporters whose claims, taken away, would break every path.

    A path breaks when one of its links loses all of its reporters; a link whose reporters are
    taken away is lost in every path at once.

    Parameters
    ----------
    of
        The links and their claims.
    paths
        The paths to break; without any the set is empty.
    most
        The most paths in the program; others join only while the set found leaves them whole.

    Notes
    -----
    A hitting set whose items, the links, share their costs. One variable x per reporter and one
    z per link: least sum of x, with z <= x for each reporter of a link, and the z of each path
    adding up to at least 1. With x whole, z may be a fraction: a path is met only where some z
    can be 1. Solved by branch and bound (scipy.optimize.milp, HiGHS).
    """
    used, found = np.unique(paths.steps[paths.steps >= 0], return_inverse=True)
    steps = paths.steps.copy()
    steps[steps >= 0] = found
    claimed: BoolArray = np.asarray(of.voices()[used].toarray() > 0)
    voices = np.flatnonzero(claimed.any(axis=0))
    claimed = claimed[:, voices]
    taken: BoolArray = np.zeros(len(voices), dtype=bool)
    at_least = 0
    chosen: list[int] = []
    while (whole := _whole(steps, claimed, taken)).any():
        room = min(_FIRST, most - len(chosen))
        if room <= 0:
            taken = _greedy(steps[whole], claimed, taken)
            break
        chosen += np.flatnonzero(whole)[:room].tolist()
        taken, at_least = _solved(claimed, steps[chosen])
    return Breaking(voices[taken], used[_lost(claimed, taken)], at_least)


def _whole(steps: IntArray, claimed: BoolArray, taken: BoolArray) -> BoolArray:
    """Paths that keep all their links; the entry after the last link stands for the blanks."""
    lost = np.append(_lost(claimed, taken), False)
    kept: BoolArray = np.logical_not(lost[steps].any(axis=1))
    return kept


def _greedy(steps: IntArray, claimed: BoolArray, taken: BoolArray) -> BoolArray:
    """More reporters, path by path, until all are broken; not the fewest."""
    more = taken.copy()
    for path in steps:
        links = path[path >= 0]
        if not _lost(claimed[links], more).any():
            more |= claimed[links[(claimed[links] & ~more).sum(axis=1).argmin()]]
    return more


def _lost(claimed: BoolArray, taken: BoolArray) -> BoolArray:
    """Links whose reporters are all taken away."""
    gone: BoolArray = np.logical_not((claimed & ~taken).any(axis=1))
    return gone


def _solved(claimed: BoolArray, steps: IntArray) -> tuple[BoolArray, int]:
    """The least set for some paths, and the number below which there is none."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import hstack

    links, voices = claimed.shape
    link, voice = np.nonzero(claimed)
    each = np.arange(len(link))
    backed = incidence(
        np.tile(each, 2),
        np.concatenate([voice, voices + link]),
        (len(link), voices + links),
        np.repeat([1.0, -1.0], len(link)),
    )
    path, step = np.nonzero(steps >= 0)
    passes = incidence(path, steps[path, step], (len(steps), links))
    none = incidence(path[:0], path[:0], (len(steps), voices))
    found = milp(
        np.repeat([1.0, 0.0], [voices, links]),
        integrality=np.repeat([1, 0], [voices, links]),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(backed, lb=0),
            LinearConstraint(hstack([none, passes], format="csr"), lb=1),
        ],
        options={"node_limit": _NODES, "mip_rel_gap": 0},
    )
    if found.x is None:
        return np.ones(voices, dtype=bool), 1
    values: FloatArray = found.x[:voices]
    least = int(np.ceil(found.mip_dual_bound - 1e-6))
    return values > 0.5, max(least, 1)
