"""Pairs ranked by affinity: score, kind, rank with its interval, and tier."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap
from sysmap.core.stats import BoolArray, FloatArray, IntArray, ranks, spearman
from sysmap.measures.affinity import Compared, Seen, drawn_weights, score, strength
from sysmap.measures.pairs.portfolio import Portfolio

JOIN_FORCES, COMPLEMENT, LEARN_FROM, BRIDGE = "join forces", "complement", "learn from", "bridge"
NEW, DEEPEN = "new", "deepen"

KEPT = 0.9
"""Probability with which a draw keeps a claim."""

_MUTUAL = 0.5
_AT_ONCE = 50_000
_DIGITS = 9

_COLUMNS = {
    "score": "float64",
    "shared": "float64",
    "fit": "float64",
    "reach": "float64",
    "expected": "float64",
    "lift": "float64",
    "kind": "str",
    "standing": "str",
    "rank": "int64",
    "rank_low": "Int64",
    "rank_high": "Int64",
    "top10": "float64",
    "helps": "float64",
    "helped": "float64",
    "direction": "str",
    "z_shared": "float64",
    "z_fit": "float64",
    "z_reach": "float64",
    "tier": "Int64",
}


def no_pairs() -> pd.DataFrame:
    """The frame of a map without two organizations."""
    index = pd.MultiIndex.from_arrays([[], []], names=["organization", "partner"])
    return pd.DataFrame({c: pd.Series(dtype=t) for c, t in _COLUMNS.items()}).set_index(index)


def ranked(
    m: SystemMap,
    found: Compared,
    used: FloatArray,
    draws: int,
    random: np.random.Generator,
    top: int | None,
) -> tuple[pd.DataFrame, dict[str, object]]:
    """The answer, and what was measured over all pairs.

    Parameters
    ----------
    used
        Weights of the parts, sum 1.
    top
        Keep the best so many pairs and the first one of every organization; all if None.
    """
    seen = found.seen()
    points = score(seen.z[:, None], used[None])[0]
    listed = apart(m, found)
    listed &= found.told.concerned(found.first, found.second, seen.helps, seen.helped)
    standings = [np.flatnonzero(listed & ~seen.tied), np.flatnonzero(listed & seen.tied)]
    rank = np.zeros(len(points), dtype=np.int64)
    for pairs in standings:
        rank[pairs] = ranks(points[pairs].round(_DIGITS))
    # ids follow the order of pairs, so a stable sort breaks ties by id
    order = np.concatenate([pairs[np.argsort(rank[pairs], kind="stable")] for pairs in standings])
    kept = order if top is None else order[_listed(found, order, points, top)]
    columns = _columns(found, seen, kept)
    columns |= {"score": points[kept], "rank": rank[kept]}
    columns |= _around(rank[kept], _intervals(found, used, standings, kept, draws, random))
    ids = found.told.organizations
    index = pd.MultiIndex.from_arrays(
        [ids[found.first[kept]], ids[found.second[kept]]], names=["organization", "partner"]
    )
    frame = pd.DataFrame(columns, index=index)
    frame["tier"] = _tiers(frame)
    size = found.told.claims_of()
    measured: dict[str, object] = {
        "pairs": int(listed.sum()),
        NEW: len(standings[0]),
        DEEPEN: len(standings[1]),
        "score_with_size": spearman(
            points[listed], (size[found.first] + size[found.second])[listed]
        ),
        "shared_with_fit": spearman(seen.shared[listed], seen.fit[listed])
        if not (np.isnan(seen.shared).all() or np.isnan(seen.fit).all())
        else float("nan"),
    }
    return frame.reindex(columns=list(_COLUMNS)).astype(_COLUMNS), measured


def apart(m: SystemMap, found: Compared) -> BoolArray:
    """Pairs of which neither is, directly or through others, a part of the other."""
    return ~part_of(parents(m, found.told), found.first, found.second)


def parents(m: SystemMap, told: Portfolio) -> IntArray:
    """The position of what each organization is a part of; -1 for none."""
    ids = told.organizations
    return np.asarray(ids.get_indexer(m.organizations["part_of"].reindex(ids)), dtype=np.int64)


def part_of(parent: IntArray, one: IntArray, other: IntArray) -> BoolArray:
    """Pairs of which one is, directly or through others, a part of the other."""
    found = np.zeros(np.broadcast_shapes(one.shape, other.shape), bool)
    above = parent.copy()
    for _ in parent:
        if (above < 0).all():
            break
        found |= (above[one] == other) | (above[other] == one)
        above = np.where(above < 0, -1, parent[above])
    return found


def _listed(found: Compared, order: IntArray, points: FloatArray, top: int) -> IntArray:
    """Places in `order` of the best pairs and of the first pair of each organization."""
    best = np.argsort(-points[order].round(_DIGITS), kind="stable")[:top]
    ends = np.concatenate([found.first[order], found.second[order]])
    places = np.tile(np.arange(len(order)), 2)
    leading = np.full(len(found.told.organizations), len(order))
    np.minimum.at(leading, ends, places)
    return np.union1d(best, leading[leading < len(order)]).astype(np.int64)


def _columns(found: Compared, seen: Seen, kept: IntArray) -> dict[str, np.ndarray]:
    i, j = found.first[kept], found.second[kept]
    columns: dict[str, np.ndarray] = {
        name: getattr(seen, name)[kept]
        for name in ("shared", "expected", "helps", "helped", "fit", "reach")
    }
    columns["lift"] = np.full(len(kept), np.nan)
    likely = columns["expected"] > 1e-12
    np.divide(columns["shared"], columns["expected"], out=columns["lift"], where=likely)
    columns |= dict(zip(("z_shared", "z_fit", "z_reach"), seen.z[:, kept], strict=True))
    columns["standing"] = np.where(seen.tied[kept], DEEPEN, NEW).astype(object)
    columns["kind"] = _kinds(columns, seen.far[kept])
    ids: np.ndarray = found.told.organizations.to_numpy(object)
    helper_first = np.nan_to_num(columns["helps"]) >= np.nan_to_num(columns["helped"])
    words = ids[np.where(helper_first, i, j)] + " -> " + ids[np.where(helper_first, j, i)]
    words[columns["kind"] != LEARN_FROM] = None
    return columns | {"direction": words}


def _kinds(columns: dict[str, np.ndarray], far: BoolArray) -> np.ndarray:
    """A bridge between distant sides; else the stronger of purpose and fit decides."""
    helps, helped = np.nan_to_num(columns["helps"]), np.nan_to_num(columns["helped"])
    more, less = np.maximum(helps, helped), np.minimum(helps, helped)
    above = (np.nan_to_num(columns["z_shared"]) > 0) | (np.nan_to_num(columns["z_fit"]) > 0)
    purpose, fit = strength(columns["z_shared"]), strength(columns["z_fit"])
    return np.select(
        [far & above, (purpose >= fit) | (more == 0), less >= _MUTUAL * more],
        [BRIDGE, JOIN_FORCES, COMPLEMENT],
        LEARN_FROM,
    ).astype(object)


def _intervals(
    found: Compared,
    used: FloatArray,
    standings: list[IntArray],
    kept: IntArray,
    draws: int,
    random: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Rank interval and share of draws among the first ten; missing without draws."""
    names = ("rank_low", "rank_high", "top10")
    if not draws:
        return dict.fromkeys(names, np.full(len(kept), np.nan))
    weights = drawn_weights(draws, (bool(used[0]), bool(used[1]), bool(used[2])), random)
    drawn: list[np.ndarray] = []
    for points in found.scores(draws, KEPT, weights, random):
        worse = -points.round(_DIGITS)
        placed = np.zeros((len(points), len(kept)), dtype=np.int32)
        for pairs in standings:
            asked = np.flatnonzero(np.isin(kept, pairs))
            ordered = np.sort(worse[:, pairs], axis=1)
            for draw, row in enumerate(ordered):
                placed[draw, asked] = 1 + np.searchsorted(row, worse[draw, kept[asked]])
        drawn.append(placed)
    every = np.concatenate(drawn)
    parts = [
        (*np.quantile(some, [0.05, 0.95], axis=0), (some <= 10).mean(axis=0))
        for some in np.array_split(every, range(_AT_ONCE, len(kept), _AT_ONCE), axis=1)
    ]
    low, high, first = np.concatenate(parts, axis=1)
    bounds = (np.floor(low + 1e-9), np.ceil(high - 1e-9), first)
    return dict(zip(names, bounds, strict=True))


def _around(rank: IntArray, bounds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Interval that also holds the rank of the full map: less is claimed, and none looks wrong."""
    low, high = bounds["rank_low"], bounds["rank_high"]
    return bounds | {"rank_low": np.minimum(low, rank), "rank_high": np.maximum(high, rank)}


def _tiers(frame: pd.DataFrame) -> pd.Series:
    """Pairs of one standing whose rank intervals overlap, also through others, are one tier."""
    tiers = pd.Series(pd.NA, frame.index, dtype="Int64")
    if frame["rank_low"].isna().any():
        return tiers
    for _, rows in frame.groupby("standing"):
        ordered = rows.sort_values(["rank_low", "rank_high"], kind="stable")
        reached = ordered["rank_high"].cummax().shift(fill_value=np.inf)
        tiers[ordered.index] = 1 + (ordered["rank_low"] > reached).cumsum()
    return tiers
