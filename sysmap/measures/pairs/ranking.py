"""Pairs ranked by affinity: score, kind, rank with its interval, and tier."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap
from sysmap.core.progress import Progress, teller
from sysmap.core.stats import BoolArray, FloatArray, IntArray, ranks, spearman
from sysmap.measures.affinity import PARTS, Compared, Seen, drawn_weights, score, strength
from sysmap.measures.pairs.portfolio import Portfolio

JOIN_FORCES, COMPLEMENT, LEARN_FROM, BRIDGE = "join forces", "complement", "learn from", "bridge"
NEW, DEEPEN = "new", "deepen"

KEPT = 0.9
"""Probability with which a draw keeps a claim."""

FIRST = 10
"""How many pairs of each standing are listed by each part alone."""

_MUTUAL = 0.5
_AT_ONCE = 50_000
_BOUNDS = ("rank_low", "rank_high", "top10")
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
_OF_PART = {"excess": "float64", "rank": "int64", "rank_low": "Int64", "rank_high": "Int64"}


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Pairs in order, and what was measured over all of them.

    Parameters
    ----------
    frame
        The pairs by score, new ones first.
    by_part
        The first pairs by each part of the score alone, indexed by (part, organization, partner),
        columns excess, rank (within the standing, over all pairs), rank_low and rank_high; new
        ones first. Pairs that a part puts no higher than size does are not in it.
    measured
        Numbers of pairs, and rank correlations.
    """

    frame: pd.DataFrame
    by_part: pd.DataFrame
    measured: dict[str, object]


def no_pairs() -> pd.DataFrame:
    """The frame of a map without two organizations."""
    index = pd.MultiIndex.from_arrays([[], []], names=["organization", "partner"])
    return pd.DataFrame({c: pd.Series(dtype=t) for c, t in _COLUMNS.items()}).set_index(index)


def no_parts() -> pd.DataFrame:
    """The same for the pairs by part."""
    names = ["part", "organization", "partner"]
    index = pd.MultiIndex.from_arrays([[], [], []], names=names)
    return pd.DataFrame({c: pd.Series(dtype=t) for c, t in _OF_PART.items()}).set_index(index)


def ranked(
    m: SystemMap,
    found: Compared,
    used: FloatArray,
    draws: int,
    random: np.random.Generator,
    top: int | None,
    progress: Progress = None,
) -> Ranking:
    """Order the pairs by score, and by each part alone.

    Parameters
    ----------
    used
        Weights of the parts, sum 1.
    top
        Keep the best so many pairs, the first ones by each part and the first one of every
        organization; all if None.
    progress
        Called with draws done and in all.
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
    most = FIRST if top is None else min(top, FIRST)
    leading = list(_leading(seen.z, standings, most))
    kept = order if top is None else order[_listed(found, order, points, top, leading)]
    columns = _columns(found, seen, kept)
    columns |= {"score": points[kept], "rank": rank[kept]}
    with teller(progress, draws) as tell:
        bounds, by_part = _intervals(found, used, standings, kept, leading, draws, random, tell)
    columns |= _around(rank[kept], bounds)
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
    return Ranking(
        frame.reindex(columns=list(_COLUMNS)).astype(_COLUMNS),
        _by_part(found, seen.z, leading, by_part),
        measured,
    )


def apart(m: SystemMap, found: Compared) -> BoolArray:
    """Pairs of which neither is, directly or through others, a part of the other."""
    return ~part_of(parents(m, found.told), found.first, found.second)


def parents(m: SystemMap, told: Portfolio) -> IntArray:
    """The position of the next organization with claims that each is a part of; -1 for none."""
    ids, above = told.organizations, m.organizations["part_of"]
    parent = above.reindex(ids)
    for _ in range(len(above)):
        silent = parent.notna() & ~parent.isin(ids)
        if not silent.any():
            break
        parent = parent.mask(silent, parent.map(above))
    return np.asarray(ids.get_indexer(parent), dtype=np.int64)


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


@dataclass(frozen=True, slots=True, eq=False)
class _Leading:
    """The first pairs of one standing by one part: its place in `PARTS`, all pairs, the first."""

    part: int
    pairs: IntArray
    first: IntArray


def _leading(z: FloatArray, standings: list[IntArray], most: int) -> Iterator[_Leading]:
    """The first pairs by each part alone, as far as they exceed what size gives; ties by id."""
    for part, excess in enumerate(z.round(_DIGITS)):
        for pairs in standings:
            above = pairs[excess[pairs] > 0]
            if len(above):
                ordered = above[np.argsort(-excess[above], kind="stable")]
                yield _Leading(part, pairs, ordered[:most])


def _worse(excess: FloatArray) -> FloatArray:
    """What sorts the highest excess first; a missing one is no more than size gives."""
    return np.asarray(-np.nan_to_num(excess).round(_DIGITS))


def _by_part(
    found: Compared,
    z: FloatArray,
    leading: Sequence[_Leading],
    bounds: Sequence[dict[str, np.ndarray]],
) -> pd.DataFrame:
    """The frame of the first pairs by part."""
    if not leading:
        return no_parts()
    told = []
    for some, ends in zip(leading, bounds, strict=True):
        worse = _worse(z[some.part])
        rank = 1 + np.searchsorted(np.sort(worse[some.pairs]), worse[some.first])
        told.append({"excess": z[some.part, some.first], "rank": rank} | _around(rank, ends))
    columns = {name: np.concatenate([one[name] for one in told]) for name in _OF_PART}
    pairs = np.concatenate([some.first for some in leading])
    parts = np.repeat([PARTS[some.part] for some in leading], [len(s.first) for s in leading])
    ids = found.told.organizations
    index = pd.MultiIndex.from_arrays(
        [pd.Index(parts, dtype="str"), ids[found.first[pairs]], ids[found.second[pairs]]],
        names=no_parts().index.names,
    )
    return pd.DataFrame(columns, index=index).astype(_OF_PART)


def _listed(
    found: Compared, order: IntArray, points: FloatArray, top: int, leading: Sequence[_Leading]
) -> IntArray:
    """Places in `order` of the best pairs, the first by part, and the first of each end."""
    best = np.argsort(-points[order].round(_DIGITS), kind="stable")[:top]
    ends = np.concatenate([found.first[order], found.second[order]])
    places = np.tile(np.arange(len(order)), 2)
    own = np.full(len(found.told.organizations), len(order))
    np.minimum.at(own, ends, places)
    first = [np.flatnonzero(np.isin(order, some.first)) for some in leading]
    every = np.concatenate([best, own[own < len(order)], *first])
    return np.unique(every).astype(np.int64)


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
    leading: Sequence[_Leading],
    draws: int,
    random: np.random.Generator,
    tell: Callable[[int], None],
) -> tuple[dict[str, np.ndarray], list[dict[str, np.ndarray]]]:
    """Rank interval and share of draws among the first ten; missing without draws.

    By score for `kept`, and by one part each for `leading`.
    """
    if not draws:
        return _no_bounds(len(kept)), [_no_bounds(len(some.first)) for some in leading]
    weights = drawn_weights(draws, (bool(used[0]), bool(used[1]), bool(used[2])), random)
    drawn = np.zeros((draws, len(kept)), dtype=np.int32)
    by_part: list[list[np.ndarray]] = [[] for _ in leading]
    done = 0
    asked = [np.flatnonzero(np.isin(kept, pairs)) for pairs in standings]
    for z in found.drawn(draws, KEPT, random):
        worse = -score(z, weights[done : done + z.shape[1]]).round(_DIGITS)
        placed = drawn[done : done + z.shape[1]]
        done += z.shape[1]
        tell(done)
        for pairs, mine in zip(standings, asked, strict=True):
            for row, place in zip(worse, placed, strict=True):
                place[mine] = _places(np.sort(row[pairs]), row[kept[mine]])
        for some, places in zip(leading, by_part, strict=True):
            alone = _worse(z[some.part])
            others = alone[:, some.pairs]
            better = [(others < alone[:, [pair]]).sum(axis=1) for pair in some.first]
            places.append(1 + np.column_stack(better))
    return _bounds(drawn), [_bounds(np.concatenate(p)) for p in by_part]


def _places(ordered: FloatArray, asked: FloatArray) -> IntArray:
    """The rank of each value among all, which are sorted; neighbours are looked up together."""
    order = np.argsort(asked)
    place = np.empty(len(asked), np.int64)
    place[order] = 1 + np.searchsorted(ordered, asked[order])
    return place


def _no_bounds(number: int) -> dict[str, np.ndarray]:
    return dict.fromkeys(_BOUNDS, np.full(number, np.nan))


def _bounds(every: np.ndarray) -> dict[str, np.ndarray]:
    """What ranks of shape ``(draws, pairs)`` span."""
    parts = [
        (*np.quantile(some, [0.05, 0.95], axis=0), (some <= 10).mean(axis=0))
        for some in np.array_split(every, range(_AT_ONCE, every.shape[1], _AT_ONCE), axis=1)
    ]
    low, high, first = np.concatenate(parts, axis=1)
    return dict(zip(_BOUNDS, (np.floor(low + 1e-9), np.ceil(high - 1e-9), first), strict=True))


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
