"""Random maps of organizations, and the parts of affinity in plain loops."""

from functools import cache
from itertools import combinations
from math import log

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.pairs.null_model import null_model

Rows = list[tuple[str | None, ...]]
Pair = tuple[str, str]

REGIONS = {"X": "north", "Y": "north", "Z": "south", "W": None}


@cache
def random_map(seed: int, organizations: int = 7) -> SystemMap:
    """Blank contexts and levels, cancelled work, repeated claims, ties of both kinds."""
    rng = np.random.default_rng(seed)
    ids = [f"o{i}" for i in rng.permutation(organizations)]
    elements, outcomes = [f"e{i}" for i in range(5)], [f"u{i}" for i in range(3)]
    places: list[str | None] = [*REGIONS, None]

    def pick(*lists: list[str | None], most: int) -> Rows:
        return [
            tuple(options[rng.integers(len(options))] for options in lists)
            for _ in range(rng.integers(most + 1))
        ]

    who: list[str | None] = list(ids)
    what: list[str | None] = list(elements)
    levels: list[str | None] = ["1", "2", "3", None]
    collaborates = [r for r in pick(who, who, most=5) if r[0] != r[1]]
    tables: dict[str, tuple[str, Rows]] = {
        "seeks": ("organization outcome", list(dict.fromkeys(pick(who, list(outcomes), most=12)))),
        "works_on": (
            "organization element context status",
            pick(who, what, places, ["ongoing", None, "cancelled"], most=30),
        ),
        "priorities": (
            "organization element context level",
            pick(who, what, places, levels, most=12),
        ),
        "challenges": (
            "organization element context level",
            pick(who, what, places, levels, most=8),
        ),
        "collaborates": ("organization partner", collaborates),
        "takes_part": (
            "organization activity role",
            pick(who, ["a0", "a1"], ["leads", "implements", "attends"], most=6),
        ),
    }
    frames = {t: pd.DataFrame(r, columns=c.split(), dtype=object) for t, (c, r) in tables.items()}
    nodes = {"organizations": ids, "elements": elements, "outcomes": outcomes}
    frames |= {t: pd.DataFrame({"id": v, "name": [x.upper() for x in v]}) for t, v in nodes.items()}
    frames["contexts"] = pd.DataFrame(
        {"id": list(REGIONS), "name": list(REGIONS), "subregion": list(REGIONS.values())}
    )
    frames["activities"] = pd.DataFrame({"id": ["a0", "a1"], "name": ["A0", "A1"]})
    return from_tables(frames)


def rows(m: SystemMap, table: str, *columns: str) -> list[tuple[str | None, ...]]:
    """Rows of a table as plain tuples; blanks are None."""
    frame = m.links(table)[list(columns)].astype(object)
    return [tuple(None if pd.isna(v) else v for v in r) for r in frame.itertuples(index=False)]


def pairs(m: SystemMap) -> list[Pair]:
    """All pairs of organizations with claims, each with the id first that sorts first."""
    return list(combinations(sorted(heard(m)), 2))


def heard(m: SystemMap) -> set[str]:
    """Organizations that seek, do or need something, or are tied to somebody."""
    tied = [*rows(m, "collaborates", "organization", "partner"), *together(m)]
    found = {who for who, *_ in works(m)} | {who for pair in tied for who in pair}
    for table in ("seeks", "priorities", "challenges"):
        found |= {who for (who,) in rows(m, table, "organization")}
    return found


def together(m: SystemMap) -> list[Pair]:
    """Who carries an activity with whom, in either order: leading or implementing it."""
    stage = dict(m.activities["status"].astype(object))
    told = rows(m, "takes_part", "organization", "activity", "role")
    roles = ("leads", "co-leads", "implements")
    carried = [(o, a) for o, a, role in told if role in roles and stage[a] != "cancelled"]
    return [(o, p) for o, a in carried for p, b in carried if a == b and o != p]


def works(m: SystemMap) -> set[tuple[str | None, ...]]:
    """Organization, element and context of what is not cancelled."""
    told = rows(m, "works_on", "organization", "element", "context", "status")
    return {(o, e, c) for o, e, c, s in told if s != "cancelled"}


def blocks(m: SystemMap) -> list[set[tuple[str | None, ...]]]:
    """Organization and feature of each block."""
    return [
        set(rows(m, "seeks", "organization", "outcome")),
        {(o, e) for o, e, _ in works(m)},
        {(o, c) for o, _, c in works(m) if c is not None},
    ]


def chances(
    held: set[tuple[str | None, ...]], organizations: list[str]
) -> dict[tuple[str, object], float]:
    """p of each organization and feature of a block; a feature is all but the first entry."""
    features = sorted({h[1:] for h in held}, key=str)
    table = [[(o, *f) in held for f in features] for o in organizations]
    p = null_model(np.sum(table, axis=1), np.sum(table, axis=0)).dense()
    return {
        (o, f): float(p[i, j]) for i, o in enumerate(organizations) for j, f in enumerate(features)
    }


def purpose(m: SystemMap) -> dict[Pair, tuple[float, float, float, float]]:
    """Shared, E, V and the z of every pair."""
    everyone = list(m.organizations.index)
    filled = [b for b in blocks(m) if b]
    n = len({h[0] for b in filled for h in b})
    found, squares = {}, []
    weights = []
    for b in filled:
        features = {h[1:] for h in b}
        w = {f: log(n / sum((o, *f) in b for o in everyone)) for f in features}
        weights.append(w)
        squares += [x**2 for x in w.values()]
    null = [chances(b, everyone) for b in filled]
    for one, other in pairs(m):
        together = own = expected = variance = 0.0
        for b, w, p in zip(filled, weights, null, strict=True):
            for f, weight in w.items():
                has = [(o, *f) in b for o in (one, other)]
                together += weight * (has[0] and has[1])
                own += weight * (has[0] + has[1])
                q = p[one, f] * p[other, f]
                expected += weight * q
                variance += weight**2 * q * (1 - q)
        shared = together / (own - together) if own - together > 1e-12 else 0.0
        spread = (variance + np.mean(squares) / 4) ** 0.5
        z = (together - expected) / spread if spread > 1e-12 else float("nan")
        found[one, other] = (shared, expected, variance, z)
    return found


def needs(m: SystemMap) -> dict[tuple[str | None, ...], float]:
    """The need of each organization, element and context."""
    found: dict[tuple[str | None, ...], float] = {}
    for table in ("priorities", "challenges"):
        for o, e, c, level in rows(m, table, "organization", "element", "context", "level"):
            need = (2 if level is None else int(level)) / 3
            found[o, e, c] = max(need, found.get((o, e, c), 0.0))
    return found


def kappa(one: str | None, other: str | None, spill: tuple[float, float, float]) -> float:
    """What an offer in one place is worth for a need in another."""
    if one is None or other is None:
        return spill[2]
    if one == other:
        return spill[0]
    near = REGIONS[one] is not None and REGIONS[one] == REGIONS[other]
    return spill[1] if near else spill[2]


def fits(m: SystemMap, spill: tuple[float, float, float]) -> dict[Pair, tuple[float, ...]]:
    """fit(needer <- helper), E, V and the prior, for all ordered pairs with needs."""
    need, offered = needs(m), works(m)
    everyone = list(m.organizations.index)
    null = chances(offered, everyone) if offered else {}
    found = {}
    for needer in everyone:
        own = {(e, c): x for (o, e, c), x in need.items() if o == needer}
        total = sum(own.values())
        if not total:
            continue
        prior = (sum(x**2 for x in own.values()) / total**2) ** 2 / 4  # 1/(4 r²)
        for helper in everyone:
            met = expected = variance = 0.0
            for element in {e for e, _ in own}:
                deviation = 0.0
                for (e, c), x in own.items():
                    if e != element:
                        continue
                    offers = [kappa(c, p, spill) for o, f, p in offered if (o, f) == (helper, e)]
                    met += x * max(offers, default=0.0)
                    mean, square = moments(e, c, helper, null, spill)
                    expected += x * mean
                    deviation += x / total * (square - mean**2) ** 0.5
                variance += deviation**2
            found[needer, helper] = (met / total, expected / total, variance, prior)
    return found


def moments(
    element: str | None,
    context: str | None,
    helper: str,
    null: dict[tuple[str, object], float],
    spill: tuple[float, float, float],
) -> tuple[float, float]:
    """Mean and mean square of the best offer, the cells being independent: layer by layer."""
    left, mean, square = 1.0, 0.0, 0.0
    for worth in sorted(set(spill), reverse=True):
        none = 1.0
        for (o, feature), p in null.items():
            e, c = feature  # type: ignore[misc]  # a cell is a pair
            if o == helper and e == element and kappa(context, c, spill) == worth:
                none *= 1 - p
        mean += left * (1 - none) * worth
        square += left * (1 - none) * worth**2
        left *= none
    return mean, max(square, mean**2)
