"""Random maps of influences for the tests of how they travel; equal seeds make equal maps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap, from_tables


def network(
    seed: int,
    *,
    elements: int = 12,
    outcomes: int = 2,
    links: int = 30,
    negative: float = 0.3,
    reporters: int = 0,
    hubs: float = 0.0,
) -> SystemMap:
    """Signed links between random ends; outcomes may be causes.

    With `reporters`, each link is told by one to so many of them, some of whom differ or name no
    sign, and some claims name a context. With `hubs`, effects are drawn by a power law.
    """
    rng = np.random.default_rng(seed)
    ids = [f"e{i:04}" for i in range(elements)] + [f"o{i}" for i in range(outcomes)]
    names = [f"Node {id}" for id in ids]
    draw = (1.0 + np.arange(len(ids))) ** -hubs
    chosen: dict[tuple[int, int], None] = {}
    most = len(ids) * (len(ids) - 1)
    while len(chosen) < min(links, most):
        cause = int(rng.integers(len(ids)))
        effect = (
            int(rng.choice(len(ids), p=draw / draw.sum())) if hubs else int(rng.integers(len(ids)))
        )
        if cause != effect:
            chosen[cause, effect] = None
    sources = [f"s{i}" for i in range(reporters)]
    rows = []
    for cause, effect in chosen:
        sign = "-" if rng.random() < negative else "+"
        voices = rng.permutation(reporters)[: rng.integers(1, reporters + 1)] if reporters else [-1]
        for voice in voices:
            said: str | None = sign
            if voice >= 0 and rng.random() < 0.3:
                said = (None, "+", "-")[rng.integers(3)]
            strength = (None, "1", "2", "3")[rng.integers(reporters == 0, 4)]
            place = ("c0", "c1", None)[rng.integers(3)] if reporters else None
            source = sources[voice] if voice >= 0 else None
            rows.append((ids[cause], ids[effect], said, strength, source, place))
    columns = ["cause", "effect", "sign", "strength", "source", "context"]
    return from_tables(
        {
            "elements": pd.DataFrame({"id": ids, "name": names}).head(elements),
            "outcomes": pd.DataFrame({"id": ids, "name": names}).tail(outcomes),
            "contexts": pd.DataFrame({"id": ["c0", "c1"], "name": ["C0", "C1"]}),
            "sources": pd.DataFrame({"id": sources, "name": sources}, dtype=object),
            "influences": pd.DataFrame(rows, columns=columns, dtype=object),
        }
    )


def shuffled(m: SystemMap, seed: int = 0) -> SystemMap:
    """The same map with the rows of every table in another order."""
    tables = {
        name: frame.sample(frac=1, random_state=seed).reset_index(drop=True)
        for name, frame in m.tables.items()
        if len(frame)
    }
    return from_tables(tables)


def renamed(m: SystemMap) -> SystemMap:
    """The same map with z before every id."""
    own = {id for frame in m.tables.values() if "id" in frame for id in frame["id"]}
    tables = {
        name: frame.map(lambda cell: f"z{cell}" if cell in own else cell)
        for name, frame in m.tables.items()
        if len(frame)
    }
    return from_tables(tables)
