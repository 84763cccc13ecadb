"""The columns `shared`, `helps` and `helped` of opportunities as joins, pair after pair.

What an analyst would write with pandas, DuckDB or Polars: integer codes, one block of
organizations at a time, so that a block fits in memory. Every pair is compared once; the ten best
partners of each organization are kept, and what each of these pairs shares and offers is listed. No
null model, no ranks and no sentences, which opportunities has.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

TOP, HERE, ELSEWHERE, LEVELS = 10, 1.0, 0.25, 3
JOINED = 20_000_000
"""Rows that the joins of one block may give, about."""

_EXPLAINED = 10_000
"""Pairs that pandas explains at once."""


def by_pandas(folder: Path, wanted: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """The best partners; the values of the wanted pairs; and seconds spent on the latter."""
    works, needs, ids = _coded(folder)
    held = pd.concat(
        [
            works[["o", "e"]].drop_duplicates().rename(columns={"e": "f"}),
            works[["o", "c"]].drop_duplicates().rename(columns={"c": "f"}).eval("f = -1 - f"),
        ],
        ignore_index=True,
    )
    weight = np.log(works["o"].nunique() / held.groupby("f")["o"].size()).rename("w")
    held = held.join(weight, on="f")
    own = held.groupby("o")["w"].sum().reindex(range(len(ids)), fill_value=0.0)
    need = needs.groupby(["o", "e", "c"], as_index=False)["level"].max()
    need["level"] /= LEVELS
    whole = need.groupby("o")["level"].sum().reindex(range(len(ids)))
    anywhere, cells = works[["o", "e"]].drop_duplicates(), works.drop_duplicates()

    def met(
        need: pd.DataFrame, anywhere: pd.DataFrame, cells: pd.DataFrame, which: str
    ) -> pd.Series:
        """Needs of `o_x` that `o_y` meets, of pairs in one order."""
        far = need.merge(anywhere, on="e").query(which)
        here = need.merge(cells, on=["e", "c"]).query(which)
        both = [far.assign(level=far["level"] * ELSEWHERE)]
        both.append(here.assign(level=here["level"] * (HERE - ELSEWHERE)))
        return pd.concat(both).groupby(["o_x", "o_y"], sort=False)["level"].sum()

    best, found, checking = [], [], 0.0
    for low, high in blocks(held, len(ids)):
        inside = f"{low} <= o < {high}"
        mine = held.query(inside)
        pairs = mine[["o", "f"]].merge(held, on="f").query("o_x < o_y")
        pairs = pairs.groupby(["o_x", "o_y"], sort=False)["w"].sum().to_frame("together")
        helped = met(need.query(inside), anywhere, cells, "o_x < o_y")
        helps = met(need, anywhere.query(inside), cells.query(inside), "o_x > o_y")
        pairs = pairs.join(helped.rename("helped"), how="outer")
        helps = helps.swaplevel().rename_axis(pairs.index.names).rename("helps")
        pairs = pairs.join(helps, how="outer").reset_index()
        pairs = _scored(pairs, own, whole)
        best.append(_best_of(_both_ways(pairs)))
        begun = time.perf_counter()
        found.append(wanted.merge(pairs, left_on=["one", "other"], right_on=["o_x", "o_y"]))
        checking += time.perf_counter() - begun
    kept = _best_of(pd.concat(best))
    _explained(_pairs(kept), held, need, anywhere)
    return kept, pd.concat(found), checking


def _explained(
    kept: pd.DataFrame, held: pd.DataFrame, need: pd.DataFrame, anywhere: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What each pair shares, and which needs of either end the other meets."""
    shared, met = [], []
    mine, theirs = (held.rename(columns={"o": end}) for end in ("o_x", "o_y"))
    needed, offered = need.rename(columns={"o": "o_x"}), anywhere.rename(columns={"o": "o_y"})
    for begin in range(0, len(kept), _EXPLAINED):
        some = kept.iloc[begin : begin + _EXPLAINED]
        shared.append(some.merge(mine, on="o_x").merge(theirs[["o_y", "f"]], on=["o_y", "f"]))
        turned = some.rename(columns={"o_x": "o_y", "o_y": "o_x"})
        either = pd.concat([some, turned])
        met.append(either.merge(needed, on="o_x").merge(offered, on=["o_y", "e"]))
    return pd.concat(shared), pd.concat(met)


def _pairs(kept: pd.DataFrame) -> pd.DataFrame:
    """Each pair once, the lower code first."""
    ends = np.sort(kept[["o_x", "o_y"]].to_numpy(), axis=1)
    return pd.DataFrame(ends, columns=["o_x", "o_y"]).drop_duplicates()


def _both_ways(pairs: pd.DataFrame) -> pd.DataFrame:
    """Each pair seen from both ends, with its score."""
    seen = pairs[["o_x", "o_y", "score"]]
    return pd.concat([seen, seen.rename(columns={"o_x": "o_y", "o_y": "o_x"})])


def _best_of(seen: pd.DataFrame) -> pd.DataFrame:
    """The best partners of each organization."""
    return seen.sort_values("score", ascending=False).groupby("o_x").head(TOP)


def by_duckdb(folder: Path, wanted: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """As `by_pandas`, in SQL."""
    import duckdb

    base = duckdb.connect()
    base.execute("SET memory_limit = '5GB'")
    for name in ("works", "needs"):
        base.execute(f"CREATE VIEW {name}_rows AS FROM '{folder / name}.parquet'")
    for name, rows in CODES.items():
        base.execute(f"CREATE TABLE {name} AS {rows}")
    size = base.execute("SELECT count(*) FROM ids").fetchall()[0][0]
    held = base.execute("SELECT o, f FROM held").df()
    best, found, checking = [], [], 0.0
    for low, high in blocks(held, size):
        base.execute(f"CREATE OR REPLACE TEMP TABLE pairs AS {PAIRS.format(low=low, high=high)}")
        best.append(base.execute(_BEST).df())
        begun = time.perf_counter()
        base.register("wanted", wanted)
        found.append(
            base.execute(
                "SELECT * FROM wanted JOIN pairs ON wanted.one = o_x AND wanted.other = o_y"
            ).df()
        )
        checking += time.perf_counter() - begun
    kept = _best_of(pd.concat(best))
    base.register("kept", _pairs(kept))
    for name, listed in _WHY.items():
        base.execute(f"CREATE TEMP TABLE {name} AS {listed}")
    return kept, pd.concat(found), checking


def blocks(held: pd.DataFrame, size: int) -> Iterator[tuple[int, int]]:
    """Ranges of organizations whose join has a bounded number of rows."""
    holders = held.groupby("f")["o"].transform("size")
    cost = holders.groupby(held["o"]).sum().reindex(range(size), fill_value=0).cumsum().to_numpy()
    part = cost // JOINED
    starts = [*np.flatnonzero(np.diff(part, prepend=-1)), size]
    yield from pairwise(starts)


def _scored(pairs: pd.DataFrame, own: pd.Series, whole: pd.Series) -> pd.DataFrame:
    """Nothing in common is 0; help of somebody without needs is unknown."""
    together = pairs["together"].fillna(0.0)
    one, other = pairs["o_x"].to_numpy(), pairs["o_y"].to_numpy()
    weight = own.to_numpy()
    pairs["shared"] = together / (weight[one] + weight[other] - together)
    for column, needer in (("helped", one), ("helps", other)):
        pairs[column] = pairs[column].fillna(0.0) / whole.to_numpy()[needer]
    fit = pairs[["helps", "helped"]].mean(axis=1)
    pairs["score"] = (pairs["shared"] + fit.fillna(0.0)) / 2
    return pairs


def _coded(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame, list[Any]]:
    """Both tables in codes that sort as the ids do."""
    tables = [pd.read_parquet(folder / f"{name}.parquet") for name in ("works", "needs")]
    ids: list[Any] = []
    for old, new in (("organization", "o"), ("element", "e"), ("context", "c")):
        every = sorted(set().union(*(t[old].unique() for t in tables)))
        for table in tables:
            codes, values = pd.factorize(table.pop(old))
            table[new] = pd.Index(every).get_indexer(values)[codes]
        ids = ids or every
    return tables[0], tables[1], ids


CODES = {
    "ids": """
        SELECT id, CAST(row_number() OVER (ORDER BY id) - 1 AS INTEGER) AS o FROM (
        SELECT organization AS id FROM works_rows UNION SELECT organization FROM needs_rows)""",
    "es": """
        SELECT id, CAST(row_number() OVER (ORDER BY id) - 1 AS INTEGER) AS e FROM (
        SELECT element AS id FROM works_rows UNION SELECT element FROM needs_rows)""",
    "cs": """
        SELECT id, CAST(row_number() OVER (ORDER BY id) - 1 AS INTEGER) AS c FROM (
        SELECT context AS id FROM works_rows UNION SELECT context FROM needs_rows)""",
    "cells": """
        SELECT DISTINCT o, e, c FROM works_rows
        JOIN ids ON ids.id = organization JOIN es ON es.id = element JOIN cs ON cs.id = context""",
    "need": """
        SELECT o, e, c, max(level) / 3 AS level FROM needs_rows
        JOIN ids ON ids.id = organization JOIN es ON es.id = element JOIN cs ON cs.id = context
        GROUP BY ALL""",
    "anywhere": "SELECT DISTINCT o, e FROM cells",
    "features": """
        SELECT o, e AS f FROM anywhere UNION ALL SELECT DISTINCT o, -1 - c AS f FROM cells""",
    "weights": """
        SELECT f, ln((SELECT count(DISTINCT o) FROM cells) / count(*)) AS w
        FROM features GROUP BY f""",
    "held": "SELECT o, f, w FROM features JOIN weights USING (f)",
    "own": "SELECT o, coalesce(sum(w), 0) AS w FROM ids LEFT JOIN held USING (o) GROUP BY o",
    "whole": "SELECT o, sum(level) AS level FROM need GROUP BY o",
}
"""Tables in integer codes, each from those before it; DuckDB and Spark read the same."""

PAIRS = """
WITH parts AS (
    SELECT a.o AS o_x, b.o AS o_y, sum(b.w) AS together, NULL AS helped, NULL AS helps
    FROM held a JOIN held b USING (f) WHERE a.o >= {low} AND a.o < {high} AND a.o < b.o
    GROUP BY ALL
    UNION ALL
    SELECT n.o, b.o, NULL, sum(n.level) * 0.25, NULL FROM need n JOIN anywhere b USING (e)
    WHERE n.o >= {low} AND n.o < {high} AND n.o < b.o GROUP BY n.o, b.o
    UNION ALL
    SELECT n.o, b.o, NULL, sum(n.level) * 0.75, NULL FROM need n JOIN cells b USING (e, c)
    WHERE n.o >= {low} AND n.o < {high} AND n.o < b.o GROUP BY n.o, b.o
    UNION ALL
    SELECT b.o, n.o, NULL, NULL, sum(n.level) * 0.25 FROM need n JOIN anywhere b USING (e)
    WHERE b.o >= {low} AND b.o < {high} AND b.o < n.o GROUP BY n.o, b.o
    UNION ALL
    SELECT b.o, n.o, NULL, NULL, sum(n.level) * 0.75 FROM need n JOIN cells b USING (e, c)
    WHERE b.o >= {low} AND b.o < {high} AND b.o < n.o GROUP BY n.o, b.o
), summed AS (
    SELECT o_x, o_y, coalesce(sum(together), 0) AS together, coalesce(sum(helped), 0) AS helped,
        coalesce(sum(helps), 0) AS helps
    FROM parts GROUP BY o_x, o_y
)
SELECT o_x, o_y, together / (x.w + y.w - together) AS shared,
    helped / wx.level AS helped, helps / wy.level AS helps,
    (shared + coalesce((helped / wx.level + helps / wy.level) / 2, helped / wx.level,
        helps / wy.level, 0)) / 2 AS score
FROM summed JOIN own x ON x.o = o_x JOIN own y ON y.o = o_y
LEFT JOIN whole wx ON wx.o = o_x LEFT JOIN whole wy ON wy.o = o_y
"""

BOTH_WAYS = "SELECT o_x, o_y, score FROM pairs UNION ALL SELECT o_y, o_x, score FROM pairs"

_BEST = f"""
SELECT o_x, o_y, score FROM ({BOTH_WAYS})
QUALIFY row_number() OVER (PARTITION BY o_x ORDER BY score DESC) <= {TOP}
"""

_WHY = {
    "shared": """
        SELECT o_x, o_y, a.f, a.w FROM kept JOIN held a ON a.o = o_x
        JOIN held b ON b.o = o_y AND b.f = a.f""",
    "met": """
        SELECT x, y, need.e, need.c, level FROM (
            SELECT o_x AS x, o_y AS y FROM kept UNION ALL SELECT o_y, o_x FROM kept)
        JOIN need ON need.o = x JOIN anywhere b ON b.o = y AND b.e = need.e""",
}
"""What each kept pair shares, and which needs of either end the other meets."""
