"""Every answer about a workshop map, five of them beside plain loops with equal answers.

The map has 60 organizations, 300 elements and 40 contexts. Each answer must come within 0.25 s
with the default draws, and each about one map within 0.05 s without, in processor time, because
others may use the machine too. A naive twin computes one column of the answer the obvious way; its
values must agree. `what_if` is printed without a bound: its time is that of 10,000 systems, of
which each may come to rest or not, and has a bound of its own (`what_if.py`, record 34).
Run it as ``python tests/benchmarks/workshop.py``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from itertools import combinations
from math import log

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np  # the number of threads is read when numpy is loaded
import pandas as pd

import sysmap as sm
from sysmap.core import dates
from sysmap.core.model import SystemMap, from_tables

ORGANIZATIONS, ELEMENTS, CONTEXTS = 60, 300, 40
WITH_DRAWS, WITHOUT = 0.25, 0.05
TWO_MAPS = ("change",)
ROUNDS = 9

Ask = Callable[..., sm.Result]
Column = Callable[[SystemMap], pd.Series]


def workshop(seed: int = 0) -> dict[str, pd.DataFrame]:
    """The tables a workshop leaves: unequal portfolios, needs, ties, states, activities, groups."""
    rng = np.random.default_rng(seed)
    who = [f"o{i:03}" for i in range(ORGANIZATIONS)]
    elements = [f"e{i:03}" for i in range(ELEMENTS)]
    places = [f"c{i:03}" for i in range(CONTEXTS)]
    outcomes = [f"out{i:02}" for i in range(12)]
    activities, resources = ([f"{kind}{i:03}" for i in range(120)] for kind in ("act", "res"))
    size = rng.lognormal(0, 0.8, ORGANIZATIONS)

    def some(number: int, **columns: list[str]) -> pd.DataFrame:
        made = {
            c: rng.choice(v, number, p=size / size.sum() if v is who else None)
            for c, v in columns.items()
        }
        return pd.DataFrame(made).drop_duplicates(ignore_index=True)

    def nodes(ids: list[str], **more: object) -> pd.DataFrame:
        return pd.DataFrame({"id": ids, "name": [i.upper() for i in ids], **more})

    def told(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(source="s" + rows["organization"])

    cell = {"organization": who, "element": elements, "context": places}
    needs = {
        t: told(some(n, **cell)).assign(level=lambda f: rng.integers(1, 4, len(f)).astype(str))
        for t, n in (("priorities", 900), ("challenges", 600))
    }
    ties = some(150, organization=who, partner=who)
    causes = some(900, cause=elements, effect=[*elements, *outcomes])
    causes = causes[causes["cause"] != causes["effect"]]
    months = [f"2024-{1 + i % 12:02}" for i in range(len(activities))]
    questions = ("works_on", "priorities", "challenges", "collaborates")
    asked = pd.DataFrame(
        [(f"s{o}", q, rng.choice(["yes", "no"], p=[0.85, 0.15])) for o in who for q in questions],
        columns=["source", "question", "answered"],
    )
    speakers, networks = [f"s{o}" for o in who], [f"net{i}" for i in range(6)]
    return {
        "about": pd.DataFrame({"key": ["data date"], "value": ["2024-06-30"]}),
        "organizations": nodes(who, member="yes"),
        "elements": nodes(elements, area=[f"Area {i % 8}" for i in range(ELEMENTS)]),
        "contexts": nodes(places, kind="country", subregion=[f"r{i // 8}" for i in range(40)]),
        "outcomes": nodes(outcomes),
        "sources": nodes(speakers, organization=who),
        "activities": nodes(
            activities,
            status=rng.choice(["planned", "ongoing", "completed"], len(activities)),
            start=[f"{m}-05" for m in months],
            end=[f"{m}-25" for m in months],
        ),
        "resources": nodes(resources, kind=rng.choice(["research", "tool"], len(resources))),
        "seeks": told(some(300, organization=who, outcome=outcomes)),
        "works_on": told(some(3000, **cell)),
        **needs,
        "collaborates": ties[ties["organization"] != ties["partner"]],
        "takes_part": some(300, organization=who, activity=activities).assign(role="leads"),
        "held_in": some(200, activity=activities, context=places),
        "addresses": some(700, item=[*activities, *resources], target=elements),
        "asked": asked,
        "influences": causes.assign(
            sign=rng.choice(["+", "-"], len(causes), p=[0.8, 0.2]),
            strength=rng.choice(["1", "2", "3"], len(causes)),
            source=rng.choice(speakers, len(causes)),
        ),
        "observed": some(1500, element=elements, context=places, source=speakers).assign(
            state=lambda f: rng.choice(["present", "absent"], len(f), p=[0.7, 0.3])
        ),
        "groups": nodes(networks, kind="network"),
        "belongs_to": some(90, organization=who, group=networks),
    }


def next_round(tables: dict[str, pd.DataFrame], seed: int = 1) -> dict[str, pd.DataFrame]:
    """The tables a year later: of ten claims one is gone or says something else."""
    rng = np.random.default_rng(seed)

    def later(table: str, rows: pd.DataFrame) -> pd.DataFrame:
        kept = rows[rng.random(len(rows)) >= 0.05 * (table in links)].copy()
        for column in kept.columns.intersection(["level", "sign", "state", "status"]):
            turned = rng.random(len(kept)) < 0.05
            kept.loc[turned, column] = rng.choice(kept[column].unique(), turned.sum())
        return kept

    links = {kind.table for kind in sm.SCHEMA.links}
    return {table: later(table, rows) for table, rows in tables.items()}


def shared_naive(m: SystemMap) -> pd.Series:
    """The weighted Jaccard similarity of every pair, with sets."""
    held: dict[str, set[tuple[str, str]]] = {o: set() for o in m.organizations.index}
    for table, columns in (("seeks", ["outcome"]), ("works_on", ["element", "context"])):
        for _, row in m.links(table).iterrows():
            held[row["organization"]] |= {(c, row[c]) for c in columns}
    owners = [f for features in held.values() for f in features]
    number = pd.Series(owners).value_counts()
    anybody = sum(bool(f) for f in held.values())
    weight = {f: log(anybody / n) for f, n in number.items()}

    def total(features: set[tuple[str, str]]) -> float:
        return sum(weight[f] for f in features)

    return pd.Series(
        {
            (a, b): total(held[a] & held[b]) / total(held[a] | held[b])
            for a, b in combinations(sorted(held), 2)
            if held[a] or held[b]
        }
    )


def organizations_naive(m: SystemMap) -> pd.Series:
    """Organizations that work in each cell, with a groupby."""
    rows = m.links("works_on")
    rows = rows[~rows["status"].isin(["completed", "cancelled"])]
    return rows.groupby(["element", "context"])["organization"].nunique()


def score_naive(m: SystemMap) -> pd.Series:
    """Needs met by resources, pair after pair."""
    needs: dict[str, dict[str, float]] = {}
    for table in ("priorities", "challenges"):
        for _, row in m.links(table).iterrows():
            mine = needs.setdefault(row["organization"], {})
            mine[row["element"]] = max(mine.get(row["element"], 0), int(row["level"]) / 3)
    for _, row in m.links("seeks").iterrows():
        needs.setdefault(row["organization"], {})[row["outcome"]] = 1.0
    about = m.links("addresses")
    about = about[about["item"].isin(m.resources.index)].groupby("item")["target"].agg(set)
    found = {
        (r, o): 2 * sum(mine.get(t, 0) for t in aim) / (len(aim) + sum(mine.values()))
        for r, aim in about.items()
        for o, mine in needs.items()
    }
    return pd.Series({key: score for key, score in found.items() if score > 0})


def overlaps_naive(m: SystemMap) -> pd.Series:
    """Activities that meet in time and share somebody, or a target and a place."""
    links = {
        t: m.links(t).groupby(end)[other].agg(set)
        for t, end, other in (
            ("takes_part", "activity", "organization"),
            ("held_in", "activity", "context"),
            ("addresses", "item", "target"),
        )
    }

    def share(table: str, a: str, b: str) -> bool:
        return bool(links[table].get(a, set()) & links[table].get(b, set()))

    frame = m.activities
    days = {i: (dates.first_day(r["start"]), dates.last_day(r["end"])) for i, r in frame.iterrows()}
    found: dict[str, set[str]] = {a: set() for a in frame.index}
    for a, b in combinations(frame.index, 2):
        meet = days[a][0] <= days[b][1] and days[b][0] <= days[a][1]
        near = share("held_in", a, b) and share("addresses", a, b)
        if meet and (share("takes_part", a, b) or near):
            found[a].add(b)
            found[b].add(a)
    return pd.Series({a: len(others) for a, others in found.items()})


def claims_naive(m: SystemMap) -> pd.Series:
    """Claims of work of every pair, with a groupby."""
    return m.links("works_on").groupby(["organization", "element"]).size()


def shared(m: SystemMap) -> pd.Series:
    """The shared purpose of every pair."""
    return sm.opportunities(m, draws=0, top=None).frame["shared"]


def meeting(m: SystemMap) -> pd.Series:
    """How many activities overlap with each."""
    return sm.calendar(m).frame["overlaps"].map(lambda ids: len(ids.split("; ")) if ids else 0)


TWINS: dict[str, tuple[Column, Column]] = {
    "opportunities": (shared, shared_naive),
    "coverage": (lambda m: sm.coverage(m).frame["organizations"], organizations_naive),
    "exchange": (lambda m: sm.exchange(m).frame["score"], score_naive),
    "calendar": (meeting, overlaps_naive),
    "profiles": (lambda m: sm.profiles(m).frame["works_on"], claims_naive),
}
"""One column of an answer, and the same made with loops."""


def beside(m: SystemMap, fast: Column, naive: Column) -> tuple[float, bool]:
    """The processor time of the naive twin, and whether all values agree."""
    begin = time.process_time()
    expected = naive(m)
    slow = time.process_time() - begin
    found = fast(m)
    equal = bool(np.allclose(found.reindex(expected.index).astype(float), expected, atol=1e-9))
    return slow, equal and int((found > 0).sum()) == int((expected > 0).sum())


def best_seconds(ask: Callable[[], object]) -> float:
    """The least processor time of some rounds."""
    ask()
    times = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        ask()
        times.append(time.process_time() - begin)
    return min(times)


def answers(m: SystemMap, later: SystemMap) -> dict[str, tuple[Ask, bool]]:
    """Every question about the map, and whether it draws at random."""
    return {
        "opportunities": (partial(sm.opportunities, m), True),
        "coverage": (partial(sm.coverage, m), False),
        "exchange": (partial(sm.exchange, m), True),
        "calendar": (partial(sm.calendar, m), False),
        "profiles": (partial(sm.profiles, m), False),
        "common_outcomes": (partial(sm.common_outcomes, m), False),
        "universality": (partial(sm.universality, m), True),
        "influence": (partial(sm.influence, m), True),
        "loops": (partial(sm.loops, m), False),
        "pathways": (partial(sm.pathways, m, "e000", "out00", max_length=6), False),
        "perspectives": (partial(sm.perspectives, m), False),
        "coalitions": (partial(sm.coalitions, m), False),
        "of an outcome": (partial(sm.coalitions, m, outcome="out00"), False),
        "complementarity": (partial(sm.complementarity, m, us="net0"), True),
        "responses": (partial(sm.responses, m), False),
        "change": (partial(sm.change, m, later), False),
        "backtest": (partial(sm.backtest, m), True),
    }


def main() -> int:
    """Measure, print, and tell by the exit code whether bounds and twins are kept."""
    tables = workshop()
    m, later = from_tables(tables), from_tables(next_round(tables))
    kept = True
    print("answer           rows  default  without draws  naive twin  equal")
    for name, (ask, drawn) in answers(m, later).items():
        rows, default = len(ask().frame), best_seconds(ask)
        without = best_seconds(partial(ask, draws=0)) if drawn else default
        bare = WITH_DRAWS if name in TWO_MAPS else WITHOUT
        kept &= default <= WITH_DRAWS and without <= bare and rows > 0
        twin = "         -  -"
        if name in TWINS:
            slow, equal = beside(m, *TWINS[name])
            kept &= equal
            twin = f"{slow:10.3f}  {'yes' if equal else 'NO'}"
        print(f"{name:<15} {rows:5}  {default:7.3f}  {without:13.3f}  {twin}")
    print(f"bounds: {WITH_DRAWS} s with the default draws, {WITHOUT} s without, of one map")
    half = {**tables, "influences": tables["influences"].iloc[::2].assign(sign="+")}
    calm, begin = from_tables(half), time.process_time()
    sm.what_if(calm, {"e000": "+"})
    print(
        f"what_if, with half of the influences: {time.process_time() - begin:.1f} s, no bound here"
    )
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
