"""Which other groups cover what we do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, coded, names
from sysmap.core.claims import claims
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, held
from sysmap.core.parameters import seed_of
from sysmap.core.progress import Progress, teller
from sysmap.core.result import Result, evidence_rows, joined, no_evidence, usual_caveats
from sysmap.core.schema import (
    ADDRESSES,
    BELONGS_TO,
    CHALLENGES,
    PRIORITIES,
    WORKS_ON,
)
from sysmap.core.stats import RNG, IntArray, check_draws, generator, rank_interval, ranks
from sysmap.core.words import number_of
from sysmap.measures.cover.complements import Cell, Side, compared, gains, met_by, side
from sysmap.measures.ledger import members
from sysmap.measures.needs import needs_caveats, states_needs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FROM_MEMBERS, FROM_SCOPE, FROM_BOTH = "members", "stated scope", "members and stated scope"
NOTHING_KNOWN = "nothing known"

_KEPT = 0.9
_SHOWN = 5
_OVERLAP = 0.5

_COLUMNS = {
    "name": "str",
    "gain": "Int64",
    "redundancy": "float64",
    "shared": "str",
    "offered": "str",
    "wanted": "str",
    "rank": "Int64",
    "rank_low": "Int64",
    "rank_high": "Int64",
    "members": "int64",
    "basis": "str",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Complementarity(Result):
    """Other groups, by how much they cover that we do not."""

    us: tuple[str, ...] = ()
    question: ClassVar[str] = "Which other groups complement us?"

    def summary(self) -> str:
        """The answer in one sentence, computed from the frame."""
        known = self.table["gain"].notna().sum()
        text = (
            f"{number_of(len(self.table), 'other group')} "
            f"{'was' if len(self.table) == 1 else 'were'} compared with our "
            f"{number_of(len(self.us), 'organization')}"
        )
        if not known:
            return f"{text}; of none is known what it covers."
        first = self.table.iloc[0]
        return (
            f"{text}; the first to discuss a link with is {first['name']}, which adds "
            f"{number_of(int(first['gain']), 'cell')} to ours."
        )

    def methods(self) -> str:
        """How the answer was computed, with the parameters of this run and references."""
        return (
            "A group covers the cells (element in a place) in which one of its members works, "
            "cancelled work left out, and the elements that it addresses (its stated scope); "
            "where one of the two sides states no place, the element as a whole is one more cell, "
            "covered by work on it anywhere. "
            f"Us: {self.params['us']}. Our organizations are left out of the other group and named "
            "as the bridge (shared). Gain is the number of cells that the group covers and we do "
            "not; redundancy is the number of cells that both cover, divided by the smaller of "
            "the two coverages. "
            "Offered are needs (priorities and challenges) of ours that the group covers and we do "
            "not; wanted is the reverse. Rank intervals are the 5 % and 95 % quantiles over "
            f"{self.params['draws']:,} draws (seed {self.params['rng']}) that keep each claim of "
            f"works_on, addresses and belongs_to with probability {_KEPT}; who is us stays."
        )

    def alt_text(self) -> str:
        """The figure in words: kind, axes, finding, two or three values."""
        first = [f"{row['name']} {row['gain']}" for _, row in self.table.head(3).iterrows()]
        return (
            "Dot plot with one group per row and its rank by gain, with the interval of the rank, "
            f"on the horizontal axis. {self.summary()} Gain of the first rows: {'; '.join(first)}. "
            "Values in sheet complementarity."
        )

    def _sides(self, group: str) -> tuple[Side, Side]:
        ours = self.map.organizations.index.get_indexer(list(self.us))
        return side(self.map, ours), _their_side(self.map, group, ours)

    def _sentences(self, key: object, row: pd.Series) -> str:
        us, them = self._sides(str(key))
        said = [f"{row['name']}: {self._known(row)}."]
        if row["shared"]:
            bridge = [self.map.name(i) for i in row["shared"].split("; ")]
            said.append(f"Members of both, a bridge: {', '.join(bridge)}.")
        if pd.isna(row["gain"]):
            return " ".join([*said, "What it covers is not known, so it has no rank."])
        mine, theirs = compared(us, them)
        said.append(
            f"It covers {number_of(len(theirs), 'cell')}, {row['gain']:,} of which we do not "
            f"cover; we cover {len(mine):,}."
        )
        said.append(self._rank(row))
        if pd.notna(row["redundancy"]):
            meaning = (
                "a division of labour to discuss"
                if row["redundancy"] >= _OVERLAP
                else "a link to discuss"
            )
            said.append(
                f"Redundancy is {100 * row['redundancy']:.0f} % of the smaller coverage "
                f"({number_of(len(mine & theirs), 'cell')} in common): {meaning}."
            )
        for start, needing, offering in (
            ("It covers what we need and do not cover", us, them),
            ("We cover what it needs and does not cover", them, us),
        ):
            cells = met_by(needing, offering)
            if cells:
                more = f" and {len(cells) - _SHOWN:,} more" if len(cells) > _SHOWN else ""
                listed = "; ".join(self._cell(cell) for cell in cells[:_SHOWN])
                said.append(f"{start}: {listed}{more}.")
        return " ".join(said)

    def _known(self, row: pd.Series) -> str:
        others = f"{number_of(row['members'], 'member')} beside ours"
        if row["basis"] == FROM_SCOPE:
            return f"{others} known; compared by its stated scope"
        if row["basis"] == FROM_BOTH:
            return f"{others} known; compared by their work and its stated scope"
        if row["basis"] == FROM_MEMBERS:
            return f"{others} known; compared by their work"
        return f"{others} known, and neither their work nor a stated scope"

    def _rank(self, row: pd.Series) -> str:
        text = f"Rank {row['rank']} of {self.table['rank'].notna().sum():,} groups"
        if pd.isna(row["rank_low"]):
            return f"{text}."
        spread = f"between {row['rank_low']} and {row['rank_high']}"
        if row["rank_low"] == row["rank_high"]:
            spread = f"{row['rank_low']}"
        return f"{text} ({spread} in 90 % of {self.params['draws']:,} draws)."

    def _cell(self, cell: Cell) -> str:
        name = str(self.map.elements["name"][cell[0]])
        return name if cell[1] is None else f"{name} in {self.map.contexts['name'][cell[1]]}"

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        group = str(key)
        us, them = self._sides(group)
        mine, theirs = compared(us, them)
        gained = theirs - mine if pd.notna(row["gain"]) else set()
        parts = []
        belongs = self.map.links(BELONGS_TO)
        rows = belongs[belongs["group"] == group]
        counts = rows["organization"].isin(self.us).map({True: "shared", False: "members"})
        parts.append(evidence_rows(self.map, BELONGS_TO, rows, rows["organization"], counts))
        for offers, table in (
            (them.works, WORKS_ON),
            (them.scope, ADDRESSES),
            (us.works, WORKS_ON),
        ):
            cells = [
                _own_cell(e, c) for e, c in zip(offers["element"], offers["context"], strict=True)
            ]
            theirs_too = [c in mine and c in theirs for c in cells]
            columns = [
                "gain; redundancy" if c in gained else "redundancy" if both else ""
                for c, both in zip(cells, theirs_too, strict=True)
            ]
            keep = np.array([bool(c) or offers is not us.works for c in columns], bool)
            told = coded.plain(held(self.map, table).loc[offers.index])
            units, counted = (
                pd.Series(v, told.index, dtype="str") for v in ([_text(c) for c in cells], columns)
            )
            parts.append(evidence_rows(self.map, table, told[keep], units[keep], counted[keep]))
        sides = ((us, them, "offered"), (them, us, "wanted")) if pd.notna(row["gain"]) else ()
        for needing, offering, column in sides:
            parts += self._needs(needing, set(met_by(needing, offering)), column)
        return pd.concat([p for p in parts if len(p)] or [no_evidence()], ignore_index=True)

    def _needs(self, needing: Side, cells: set[Cell], column: str) -> list[pd.DataFrame]:
        parts = []
        for table in (PRIORITIES, CHALLENGES):
            rows = needing.needs[needing.needs["table"] == table]
            own = [_own_cell(e, c) for e, c in zip(rows["element"], rows["context"], strict=True)]
            found = [c if c in cells else (c[0], None) for c in own]
            keep = np.array([c in cells for c in found], bool)
            told = coded.plain(held(self.map, table).loc[rows.index[keep]])
            units = pd.Series([_text(c) for c in found], rows.index, dtype="str")[keep]
            parts.append(evidence_rows(self.map, table, told, units, column))
        return parts

    def _draw(self, ax: Axes) -> Axes:
        known = self.table[self.table["rank"].notna()].reset_index()
        frame = known.astype(dict.fromkeys(("rank", "rank_low", "rank_high"), "float"))
        right = [
            f"adds {gain:,}" if pd.isna(both) else f"adds {gain:,}, {100 * both:.0f} % in common"
            for gain, both in zip(known["gain"], known["redundancy"], strict=True)
        ]
        note = (
            f"Known of {len(known):,} of {number_of(len(self.table), 'group')}. Lines are rank "
            "intervals; adds: cells that the group covers and we do not."
        )
        return charts.dots(
            ax,
            frame,
            value="rank",
            low="rank_low",
            high="rank_high",
            kind="basis",
            right=right,
            title=(
                f"First: {known['name'].iloc[0]}, which adds "
                f"{number_of(int(known['gain'].iloc[0]), 'cell')} to ours"
                if len(known)
                else "What other groups add is not known"
            ),
            note=note,
            percent=False,
            xlabel="rank by gain",
        )


def complementarity(
    m: SystemMap,
    /,
    *,
    us: Iterable[str] | str | None = None,
    draws: int = 200,
    rng: RNG = 0,
    progress: Progress = None,
) -> Complementarity:
    """Each other group adds cells to ours, repeats them, or is not known well enough.

    Parameters
    ----------
    us
        Our organizations: ids, or the id of a group whose known members are meant. By default
        the organizations with member = yes.
    draws
        Draws behind the rank intervals; with 0 they are missing.
    rng
        Seed or generator.
    progress
        Called with groups and draws done and in all; True draws a bar where tqdm is installed.

    Returns
    -------
    Complementarity
        Indexed by group, without our own: columns name, gain (cells that it covers and we do not),
        redundancy (cells of both over the smaller coverage; missing if that is 0), shared (our
        organizations in it), offered (our needs that it covers and we do not), wanted (the
        reverse; cells are written ``element`` or ``element in context``, in ids), rank (by gain),
        rank_low, rank_high, members (known, not ours) and basis (members, stated scope, both or
        nothing known). Gain is missing where it is not known what the group covers.

    Raises
    ------
    UndecidableError
        If the map has no groups, nobody works on anything, or us is nobody or every organization.
    UnknownIdError
        If an id of `us` is no organization, or no group.
    ValueError
        If `draws` is negative, or a list of `us` names a group.

    Notes
    -----
    Coverage as in ``coalitions``: a cell counts once, whoever covers it.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame(
    ...         {"id": ["a", "b"], "name": ["A", "B"], "member": ["yes", "no"]}),
    ...     "elements": pd.DataFrame({"id": ["law", "tax"], "name": ["Law", "Tax"]}),
    ...     "groups": pd.DataFrame({"id": ["g"], "name": ["Network"]}),
    ...     "belongs_to": pd.DataFrame({"organization": ["b"], "group": ["g"]}),
    ...     "works_on": pd.DataFrame(
    ...         {"organization": ["a", "b", "b"], "element": ["law", "law", "tax"]}),
    ... })
    >>> complementarity(m).frame[["gain", "redundancy"]]
           gain  redundancy
    group
    g         1         1.0
    """
    check_draws(draws)
    if not len(m.groups):
        raise UndecidableError(
            "Complementarity cannot be decided: the map has no other groups.",
            missing="Add the sheet groups.",
        )
    ours = _us(m, us)
    if not len(held(m, WORKS_ON)):
        raise UndecidableError(
            "Complementarity cannot be decided: nobody works on anything.",
            missing="Add the sheet works_on.",
        )
    others = _others(m, us, ours)
    with teller(progress, len(others) + draws) as tell:
        frame = _frame(m, ours, others, tell)
        frame = _ordered(_with_ranks(m, frame, ours, draws, generator(rng), tell))
    params = {
        "us": us if isinstance(us, str) else "members" if us is None else "the organizations given",
        "draws": draws,
        "rng": seed_of(rng),
    }
    ids = m.organizations.index[ours]
    return Complementarity(m, frame, params, _caveats(m, frame, ids), us=tuple(sorted(ids)))


def _us(m: SystemMap, us: Iterable[str] | str | None) -> IntArray:
    """Positions of our organizations."""
    everyone = m.organizations.index
    if us is None:
        ids = list(members(m))
    elif isinstance(us, str) and us in m.groups.index:
        belongs = m.links(BELONGS_TO)
        ids = list(dict.fromkeys(belongs.loc[belongs["group"] == us, "organization"]))
    else:
        ids = [us] if isinstance(us, str) else list(us)
        for id in ids:
            if id in m.groups.index:
                raise ValueError(
                    f"us names the group {id!r} in a list; give the id of one group as a text, or "
                    "the ids of its organizations"
                )
            if id not in everyone:
                near = names.alike(str(id), [*everyone, *m.groups.index])
                raise UnknownIdError(id, table="organizations or groups", near=near)
    if not ids:
        raise UndecidableError(
            "Complementarity cannot be decided: no organization is known to be one of us.",
            missing="Mark who is a member in the sheet organizations (column member).",
        )
    if len(set(ids)) == len(everyone):
        raise UndecidableError(
            "Complementarity cannot be decided: every organization of the map counts as one of us.",
            missing="Mark who is a member and who is not in the sheet organizations (column "
            "member, yes and no).",
        )
    return np.unique(everyone.get_indexer(ids))


def _others(m: SystemMap, us: object, ours: IntArray) -> pd.Index:
    """Groups other than us: not the group given, and none with exactly our members."""
    belongs = m.links(BELONGS_TO)
    found = belongs.groupby("group")["organization"].agg(frozenset)
    own = frozenset(m.organizations.index[ours])
    mine = set(found.index[[members == own for members in found]])
    if isinstance(us, str):
        mine.add(us)
    groups = m.groups.index
    return groups[~groups.isin(mine)].sort_values()


def _their_side(m: SystemMap, group: str, ours: IntArray) -> Side:
    belongs = m.links(BELONGS_TO)
    ids = belongs.loc[belongs["group"] == group, "organization"]
    inside = np.unique(m.organizations.index.get_indexer(ids))
    return side(m, np.setdiff1d(inside, ours), group)


def _frame(
    m: SystemMap, ours: IntArray, groups: pd.Index, tell: Callable[[int], None]
) -> pd.DataFrame:
    us = side(m, ours)
    own = set(m.organizations.index[ours])
    belongs = m.links(BELONGS_TO)
    rows = []
    for done, group in enumerate(groups, 1):
        them = _their_side(m, group, ours)
        inside = set(belongs.loc[belongs["group"] == group, "organization"])
        basis = _basis(them)
        bridged = bool(inside) and inside <= own
        mine, theirs = compared(us, them)
        least = min(len(mine), len(theirs))
        known = basis != NOTHING_KNOWN or bridged
        rows.append(
            {
                "name": m.groups["name"][group],
                "gain": len(theirs - mine) if known else None,
                "redundancy": len(mine & theirs) / least if least else np.nan,
                "shared": joined(sorted(inside & own)),
                "offered": joined([_text(c) for c in met_by(us, them)]) if known else None,
                "wanted": joined([_text(c) for c in met_by(them, us)]) if known else None,
                "members": len(inside - own),
                "basis": basis,
            }
        )
        tell(done)
    frame = pd.DataFrame(rows, columns=list(_COLUMNS), index=pd.Index(groups, name="group"))
    return frame.astype(_COLUMNS)


def _basis(them: Side) -> str:
    if len(them.works) and len(them.scope):
        return FROM_BOTH
    if len(them.works):
        return FROM_MEMBERS
    return FROM_SCOPE if len(them.scope) else NOTHING_KNOWN


def _with_ranks(
    m: SystemMap,
    frame: pd.DataFrame,
    ours: IntArray,
    draws: int,
    random: np.random.Generator,
    tell: Callable[[int], None],
) -> pd.DataFrame:
    """Ranks by gain among the groups with a known gain."""
    known = frame.index[frame["gain"].notna()]
    frame.loc[known, "rank"] = ranks(frame.loc[known, "gain"].to_numpy(float)).astype(int)
    if draws and len(known):
        drawn = gains(m, ours, known).drawn(
            draws, _KEPT, random, lambda done: tell(len(frame) + done)
        )
        interval = rank_interval(drawn)
        frame.loc[known, "rank_low"] = interval.low.astype(int)
        frame.loc[known, "rank_high"] = interval.high.astype(int)
    return frame


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Large gains first, then low redundancy, then ids; unknown gains last."""
    return frame.sort_index().sort_values(["rank", "redundancy"], kind="stable", na_position="last")


def _caveats(m: SystemMap, frame: pd.DataFrame, us: pd.Index) -> tuple[str, ...]:
    tables = (WORKS_ON, ADDRESSES, BELONGS_TO, PRIORITIES, CHALLENGES)
    said = [*usual_caveats(m, tables), *needs_caveats(m)]
    if not states_needs(m):
        said.append("Needs were not asked: offered and wanted are empty. Ask priorities.")
    inside = set(m.links(BELONGS_TO)["group"])
    empty = int((~frame.index.isin(inside)).sum())
    if empty:
        said.append(
            f"{empty:,} of {len(frame):,} groups have no known members; they are compared by their "
            "stated scope alone. Add rows to belongs_to."
        )
    unknown = int(frame["gain"].isna().sum())
    if unknown:
        said.append(
            f"Of {unknown:,} of {len(frame):,} groups neither the work of members nor a stated "
            "element is known; they have no gain and no rank."
        )
    scope = held(m, ADDRESSES)
    wide = scope["item"].isin(frame.index) & scope["target"].isin(m.outcomes.index)
    if wide.any():
        said.append(
            f"{number_of(int(wide.sum()), 'claim')} that a group addresses an outcome: an outcome "
            "is "
            "no cell and counts nowhere here."
        )
    working = claims(m, WORKS_ON)
    quiet = int((~us.isin(working.first_ids[np.unique(working.first)])).sum())
    if quiet:
        said.append(
            f"Of {quiet:,} of our {len(us):,} organizations no work is known: gains may be "
            "smaller than they look."
        )
    said.append(
        "Known members and known work only: a group may cover more than this map reports, and "
        "presence is not quality."
    )
    return tuple(said)


def _own_cell(element: str, context: object) -> Cell:
    return (element, context if isinstance(context, str) else None)


def _text(cell: Cell) -> str:
    """A cell in ids."""
    return cell[0] if cell[1] is None else f"{cell[0]} in {cell[1]}"
