"""Small random rounds in which reporters speak of influences, and speak again."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from sysmap.core.model import SystemMap, from_tables
from tests.surveys import survey


@cache
def opinions(seed: int, *, claims: int = 50) -> SystemMap:
    """A survey with influences, some of them without sign, place, date or source."""
    rng = np.random.default_rng([seed, 1])
    m = survey(seed)
    ends = [*m.elements.index, *m.outcomes.index[:1]]
    cause, effect = (rng.choice(ends, claims) for _ in range(2))

    def pick(words: list[str | None]) -> list[str | None]:
        return [words[i] for i in rng.integers(len(words), size=claims)]

    links = pd.DataFrame(
        {
            "cause": cause,
            "effect": effect,
            "sign": pick(["+", "+", "-", None]),
            "context": pick(["c0", "c1", None, None]),
            "source": pick([*m.sources.index, None]),
            "date": pick(["2023", "2024-05", "2024-05-31", None]),
        }
    )
    links = links[links["cause"] != links["effect"]].drop_duplicates()
    frames = {name: frame for name, frame in m.tables.items() if len(frame)}
    return from_tables({**frames, "influences": links})


@cache
def next_round(m: SystemMap, seed: int) -> SystemMap:
    """The same map some time later: claims left, others came, a reporter fell silent."""
    rng = np.random.default_rng([seed, 2])
    frames = {name: frame for name, frame in m.tables.items() if len(frame)}
    silent = rng.choice(m.sources.index)
    turn = {"present": "absent", "absent": "present", "+": "-", "-": "+"}
    for table, column in (("observed", "state"), ("influences", "sign")):
        claims = frames[table]
        kept = claims[(rng.random(len(claims)) < 0.8) & (claims["source"] != silent).to_numpy()]
        turned = rng.random(len(kept)) < 0.2
        said = kept[column].where(~turned, kept[column].map(turn))
        new = opinions(seed + 100).links(table).head(5)
        frames[table] = pd.concat([kept.assign(**{column: said}), new]).drop_duplicates()
    nodes = frames["elements"]
    frames["elements"] = nodes.assign(name=nodes["name"].replace("Element e1", "Element one"))
    return from_tables(frames)
