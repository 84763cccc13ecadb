"""The same columns as loops over a networkx graph, as most scripts begin."""

from __future__ import annotations

import time
from collections import defaultdict
from math import log
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd

HERE, ELSEWHERE, LEVELS = 1.0, 0.25, 3


def graph(folder: Path) -> nx.MultiDiGraph:
    """One edge for each row; the key is the context, so a repeated claim is one edge."""
    found = nx.MultiDiGraph()
    rows = pd.read_parquet(folder / "works.parquet")
    for who, what, where in rows.itertuples(index=False):
        found.add_edge(who, what, where)
    return found


def by_networkx(
    folder: Path, wanted: pd.DataFrame, every: int
) -> tuple[dict[str, list[str]], pd.DataFrame, tuple[float, float]]:
    """The ten best partners of every so-manieth organization, the wanted pairs among them, and
    the seconds, on the clock and of the processor, that all organizations would take.
    """
    begun = np.array([time.perf_counter(), time.process_time()])
    found = graph(folder)
    needs: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for who, what, where, level in pd.read_parquet(folder / "needs.parquet").itertuples(
        index=False
    ):
        needs[who][what, where] = max(needs[who].get((what, where), 0.0), level / LEVELS)
    people = sorted({n for n, degree in found.out_degree if degree} | set(needs))
    features: dict[str, set[str]] = {o: set() for o in people}
    holders: dict[str, set[str]] = defaultdict(set)
    offers: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for who, what, where in found.edges(keys=True):
        features[who] |= {what, where}
        holders[what].add(who)
        holders[where].add(who)
        offers[what][who].add(where)
    workers = sum(bool(f) for f in features.values())
    weight = {f: log(workers / len(all_)) for f, all_ in holders.items()}
    own = {o: sum(weight[f] for f in features[o]) for o in people}
    whole = {o: sum(mine.values()) for o, mine in needs.items()}
    needed: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    for who, mine in needs.items():
        for (what, where), level in mine.items():
            needed[what].append((who, where, level))
    best, values = {}, []
    before = np.array([time.perf_counter(), time.process_time()])
    asked = wanted.groupby("organization")["partner"].agg(list)
    for one in people[every // 2 :: every]:
        together: dict[str, float] = defaultdict(float)
        helped: dict[str, float] = defaultdict(float)
        helps: dict[str, float] = defaultdict(float)
        for feature in features[one]:
            for other in holders[feature]:
                together[other] += weight[feature]
        for (what, where), level in needs.get(one, {}).items():
            for other, places in offers[what].items():
                helped[other] += level * (HERE if where in places else ELSEWHERE)
        for what in set(found.successors(one)) if one in found else ():
            mine_there = offers[what][one]
            for other, where, level in needed[what]:
                helps[other] += level * (HERE if where in mine_there else ELSEWHERE)
        scores = {}
        for other in (together.keys() | helped.keys() | helps.keys()) - {one}:
            shared = together[other] / (own[one] + own[other] - together[other])
            sides = [
                met[other] / whole[needer]
                for met, needer in ((helped, one), (helps, other))
                if needer in whole
            ]
            scores[other] = (shared + (sum(sides) / len(sides) if sides else 0.0)) / 2
        best[one] = sorted(scores, key=lambda o: -scores[o])[:10]
        for other in asked.get(one, []):
            values.append(
                (
                    one,
                    other,
                    together[other] / (own[one] + own[other] - together[other]),
                    helps[other] / whole[other] if other in whole else float("nan"),
                    helped[other] / whole[one] if one in whole else float("nan"),
                )
            )
    after = np.array([time.perf_counter(), time.process_time()])
    clock, processor = (before - begun + every * (after - before)).tolist()
    columns = ["organization", "partner", "shared", "helps", "helped"]
    return best, pd.DataFrame(values, columns=columns), (clock, processor)
