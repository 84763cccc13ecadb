"""What stands behind one pair: the claims of both, and what each of them counts in."""

from __future__ import annotations

import pandas as pd

from sysmap.core import coded
from sysmap.core.model import SystemMap, held
from sysmap.core.result import evidence_rows, no_evidence
from sysmap.core.schema import (
    CANCELLED,
    CHALLENGES,
    COLLABORATES,
    CONTEXTS,
    ELEMENTS,
    OUTCOMES,
    PRIORITIES,
    SEEKS,
    TAKES_PART,
    WORKS_ON,
)
from sysmap.measures.pairs.matches import NOWHERE, common, met
from sysmap.measures.pairs.needed import Spill
from sysmap.measures.pairs.scope import Scope
from sysmap.measures.pairs.ties import tie_claims


def pair_claims(
    m: SystemMap, one: str, other: str, stated: tuple[str, ...], spill: Spill, about: Scope
) -> pd.DataFrame:
    """The evidence of one pair, in the columns of every evidence frame.

    Parameters
    ----------
    stated
        Which directions are known: ``helps`` if the other one states needs, ``helped`` if the
        first one does.
    spill
        What an offer is worth in the same context, in the same subregion, and elsewhere.
    about
        The subject of the ranking.

    Returns
    -------
    pandas.DataFrame
        counts_in names shared, fit with the direction, reach or standing; the unit is the feature,
        the cell, or the partner.
    """
    parts = [*_in_common(m, one, other, about), *_tied(m, one, other)]
    for helper, needer, column in ((one, other, "helps"), (other, one, "helped")):
        if column in stated:
            parts += _met(m, helper, needer, f"fit; {column}", spill, about)
    return pd.concat([p for p in parts if len(p)] or [no_evidence()], ignore_index=True)


def _in_common(m: SystemMap, one: str, other: str, about: Scope) -> list[pd.DataFrame]:
    features = common(m, one, other, about)
    parts = []
    for nodes, table, column in (
        (OUTCOMES, SEEKS, "outcome"),
        (ELEMENTS, WORKS_ON, "element"),
        (CONTEXTS, WORKS_ON, "context"),
    ):
        ids = features.loc[features["nodes"] == nodes, "id"]
        frame = held(m, table)
        rows = frame[frame["organization"].isin([one, other]) & frame[column].isin(ids)]
        rows = coded.plain(rows[about.holds(rows)])
        parts.append(evidence_rows(m, table, rows, rows[column], _counted(rows, "shared")))
    return parts


def _met(
    m: SystemMap, helper: str, needer: str, counts_in: str, spill: Spill, about: Scope
) -> list[pd.DataFrame]:
    parts = []
    cells = met(m, needer, helper, spill, about=about)
    for table in (PRIORITIES, CHALLENGES):
        frame = held(m, table)
        rows = coded.plain(frame[(frame["organization"] == needer) & about.holds(frame)])
        parts.append(evidence_rows(m, table, rows, _units(rows), counts_in))
    frame = held(m, WORKS_ON)
    wanted = cells.loc[cells["place"] != NOWHERE, "element"]
    rows = coded.plain(frame[(frame["organization"] == helper) & frame["element"].isin(wanted)])
    parts.append(evidence_rows(m, WORKS_ON, rows, _units(rows), _counted(rows, counts_in)))
    return parts


def _tied(m: SystemMap, one: str, other: str) -> list[pd.DataFrame]:
    """Claims that tie the two, and those that tie both to a third organization."""
    told = tie_claims(m)
    ids = m.organizations.index
    ends = ids.get_indexer([one, other])
    between = told["organization"].isin(ends) & told["partner"].isin(ends)
    mine = told[told["organization"].isin(ends) ^ told["partner"].isin(ends)]
    third = mine["partner"].where(mine["organization"].isin(ends), mine["organization"])
    end = mine["organization"].where(mine["organization"].isin(ends), mine["partner"])
    both = third.map(end.groupby(third).nunique()) == 2
    chosen = pd.concat(
        [
            told[between].assign(unit=other, counts_in="standing"),
            mine[both].assign(unit=ids[third[both]], counts_in="reach"),
        ]
    )
    parts = []
    for table, rows in (
        (COLLABORATES, chosen[chosen["activity"] < 0]),
        (TAKES_PART, chosen[chosen["activity"] >= 0]),
    ):
        claims = pd.concat([rows, rows.assign(row=rows["other_row"])])
        claims = claims.drop_duplicates(["row", "unit", "counts_in"]).sort_values(
            ["counts_in", "unit", "row"]
        )
        frame = coded.plain(held(m, table).loc[claims["row"]])
        unit, counts = (claims[c].set_axis(frame.index) for c in ("unit", "counts_in"))
        parts.append(evidence_rows(m, table, frame, unit, counts))
    return parts


def _units(rows: pd.DataFrame) -> pd.Series:
    """The cell of each claim in words."""
    where = (" in " + rows["context"]).astype("str").fillna("")
    return rows["element"] + where


def _counted(rows: pd.DataFrame, columns: str) -> pd.Series:
    """The columns that each claim counts in; none where the work was cancelled."""
    counts = pd.Series(columns, rows.index, dtype="str")
    return counts.mask(rows["status"] == CANCELLED, "") if "status" in rows else counts
