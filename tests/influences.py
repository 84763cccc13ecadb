"""Maps and links of influences for the tests of loops, chains and what-if."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.propagation import SignedLinks

COLUMNS = ("cause", "effect", "sign", "strength", "source", "date")


def influence_map(
    *rows: tuple[object, ...], outcomes: Sequence[str] = (), more: Sequence[str] = ()
) -> SystemMap:
    """A map of claims (cause, effect, sign, strength, source, date); elements are what they name.

    `more` are elements that no claim names.
    """
    padded = [(*row, *[None] * (len(COLUMNS) - len(row))) for row in rows]
    told = pd.DataFrame(padded, columns=list(COLUMNS), dtype=object)
    named = {*told["cause"], *told["effect"], *more} - set(outcomes)
    sources = sorted(set(told["source"].dropna()))
    tables = {
        name: pd.DataFrame({"id": sorted(ids), "name": [i.capitalize() for i in sorted(ids)]})
        for name, ids in (("elements", named), ("outcomes", outcomes), ("sources", sources))
    }
    return from_tables({**tables, "influences": told})


def random_map(
    seed: int, *, elements: int = 6, outcomes: int = 2, links: int = 14, blank: float = 0.1
) -> SystemMap:
    """Random claims of three sources; some agree, some contradict, some give no sign."""
    rng = np.random.default_rng(seed)
    ids = [f"e{i}" for i in range(elements)] + [f"o{i}" for i in range(outcomes)]
    pairs = [(a, b) for a in ids for b in ids if a != b]
    rows = []
    for at in rng.choice(len(pairs), links, replace=False):
        for source in rng.choice(["s", "t", "u"], rng.integers(1, 4), replace=False):
            sign = None if rng.random() < blank else str(rng.choice(["+", "+", "-"]))
            rows.append((*pairs[at], sign, int(rng.integers(1, 4)), str(source)))
    return influence_map(*rows, outcomes=ids[elements:], more=ids[:elements])


def signs_as_links(signs: Mapping[tuple[int, int], int], size: int) -> SignedLinks:
    """Links between nodes a, b, c ... without a map: 1, -1, or 0 for one vote on each side."""
    pairs = sorted(signs)
    sign = np.array([signs[p] for p in pairs], np.int64)
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    return SignedLinks(
        ids=pd.Index([chr(97 + i) for i in range(size)]),
        outcomes=np.zeros(0, np.int64),
        cause=ends[:, 0],
        effect=ends[:, 1],
        positive=(sign >= 0).astype(np.int64),
        negative=(sign <= 0).astype(np.int64),
        unsigned=np.zeros(len(pairs), np.int64),
        strength=np.full(len(pairs), 2.0),
        value=2.0 * sign,
        votes=pd.DataFrame({"link": [], "reporter": [], "sign": [], "strength": []}),
    )


def every_sign_pattern(size: int) -> list[dict[tuple[int, int], int]]:
    """All signed digraphs of so many nodes: each pair has no link, a + or a -."""
    pairs = list(itertools.permutations(range(size), 2))
    return [
        {pair: sign for pair, sign in zip(pairs, chosen, strict=True) if sign is not None}
        for chosen in itertools.product((None, 1, -1), repeat=len(pairs))
    ]


def reordered(m: SystemMap, seed: int = 0, prefix: str = "") -> SystemMap:
    """The same map with shuffled rows and, with a prefix, other ids."""
    own = {i for t in ("elements", "outcomes", "sources") for i in m.table(t)["id"]}
    return from_tables(
        {
            name: frame.sample(frac=1, random_state=seed)
            .reset_index(drop=True)
            .map(lambda cell: f"{prefix}{cell}" if cell in own else cell)
            for name, frame in m.tables.items()
            if len(frame)
        }
    )
