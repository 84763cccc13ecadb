"""What each organization works on, gives priority to and is challenged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, coded, names
from sysmap.core.claims import claims
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, held
from sysmap.core.result import Result, evidence_rows, joined, usual_caveats
from sysmap.core.schema import (
    CANCELLED,
    CHALLENGES,
    COMPLETED,
    ELEMENTS,
    PRIORITIES,
    WORKS_ON,
    YES,
)
from sysmap.core.stats import IntArray
from sysmap.core.words import number_of
from sysmap.measures.ledger import entries
from sysmap.measures.needs import MIDDLE_LEVEL, TOP_LEVEL, levels, needs_caveats
from sysmap.measures.pairs.partners import partners_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PLACE_NOT_STATED = "place not stated"
"""What stands among the contexts where a claim names none."""

_TABLES: Mapping[str, str] = {
    WORKS_ON: "works_on",
    PRIORITIES: "priority",
    CHALLENGES: "challenge",
}
_UNASSIGNED = "unassigned"
_PARTNERS = 3


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Profiles(Result):
    """One row for every organization and element that a claim joins."""

    question: ClassVar[str] = "What does each organization do, want and find hard?"

    def of(self, organization: str) -> str:
        """One organization whole: its work, its needs, its places and with whom it might talk.

        Parameters
        ----------
        organization
            An id in ``organizations``, with or without claims.

        Returns
        -------
        str
            Sentences that name areas, elements, levels and places. What was not said is told
            apart: asked and silent, answered without naming anything, never asked. The
            opportunities are those of ``sysmap.opportunities`` under its defaults.

        Raises
        ------
        UnknownIdError
            If there is no such organization.

        Examples
        --------
        >>> import sysmap as sm
        >>> page = sm.profiles(sm.example("teaching")).of("ember-trust")
        >>> page.split(". ")[0]
        'Ember Trust (ngo, member) is reported to work on 2 elements in 1 area of work'
        """
        everyone = self.map.organizations
        if organization not in everyone.index:
            near = names.alike(organization, everyone.index)
            raise UnknownIdError(organization, table="organizations", near=near)
        mine = self.table[self.table.index.get_level_values("organization") == organization]
        mine = mine.droplevel("organization")
        said = [self._whom(organization) + self._work_of(organization, mine)]
        for table, column, many in (
            (PRIORITIES, "priority", "Priorities"),
            (CHALLENGES, "challenge", "Challenges"),
        ):
            said.append(self._needs_of(organization, mine[column].dropna(), table, many))
        places = self._places_of(organization)
        if places:
            said.append(f"Places named: {places}.")
        said.append(self._partners_of(organization))
        return " ".join(said)

    def drawn(self) -> pd.DataFrame:
        """The cells of the figure: claims of work by organization and area of work.

        Returns
        -------
        pandas.DataFrame
            Names of organizations as rows, those with most claims first, areas as columns.
        """
        return self._by_area()

    def _whom(self, organization: str) -> str:
        row = self.map.organizations.loc[organization]
        kind = str(row["kind"]).replace("_", " ") if pd.notna(row["kind"]) else ""
        kind = kind.replace("un agency", "UN agency")
        words = ", ".join(w for w in (kind, "member" if row["member"] == YES else "") if w)
        return f"{row['name']}{f' ({words})' if words else ''} "

    def _work_of(self, organization: str, mine: pd.DataFrame) -> str:
        working = mine[mine["works_on"] > 0]
        if working.empty:
            return f"is not reported to work on anything; {self._asked(organization, WORKS_ON)}."
        by_area = working.groupby(working["area"].fillna(_UNASSIGNED), sort=False)
        listed = [
            f"{area} ({', '.join(self.map.elements['name'][rows.index])})" for area, rows in by_area
        ]
        return (
            f"is reported to work on {number_of(len(working), 'element')} in "
            f"{number_of(len(listed), 'area')} of work. Areas of work: {'; '.join(listed)}."
        )

    def _needs_of(self, organization: str, levels: pd.Series, table: str, many: str) -> str:
        if levels.empty:
            return f"{many}: none stated; {self._asked(organization, table)}."
        best = levels.sort_values(ascending=False, kind="stable")
        listed = []
        for element, level in best.items():
            told = self._rows(table, (organization, element))["context"].dropna()
            where = [str(self.map.contexts["name"][c]) for c in sorted(set(told))]
            at = f", {_and(where)}" if where else ""
            listed.append(
                f"{self.map.elements['name'][element]} (level {level} of {TOP_LEVEL}{at})"
            )
        return f"{many}, the highest first: {'; '.join(listed)}."

    def _asked(self, organization: str, table: str) -> str:
        """Whether the organization was asked: silence, a no and no question are three things."""
        if table == CHALLENGES and self.map.hidden:
            return f"some may be hidden from the {self.map.audience} edition"
        rows = entries(self.map, table)
        answered = rows.loc[rows["organization"] == organization, "answered"]
        if answered.empty:
            return "nobody is known to have asked it"
        if (answered == YES).all():
            return "it was asked, answered and named none"
        return "it was asked and has not answered" + (" in full" if YES in set(answered) else "")

    def _places_of(self, organization: str) -> str:
        told = [held(self.map, t) for t in _TABLES]
        named = [t.loc[t["organization"] == organization, "context"].dropna() for t in told]
        contexts = self.map.contexts["name"]
        return ", ".join(contexts[sorted(set().union(*named))])

    def _partners_of(self, organization: str) -> str:
        found = partners_of(self.map, organization, _PARTNERS)
        if found.empty:
            return "Opportunities to discuss: none can be named from this map."
        listed = [
            f"{self.map.name(other)} ({row['kind']}, {row['standing']}, rank {row['rank']}, "
            f"plausibly {row['rank_low']} to {row['rank_high']})"
            for other, row in found.iterrows()
        ]
        return f"Opportunities to discuss: {'; '.join(listed)}."

    def summary(self) -> str:
        """The answer in one sentence, computed from the frame."""
        organizations = self.table.index.get_level_values("organization")
        elements = self.table.index.get_level_values("element")
        works = (self.table["works_on"] > 0).to_numpy(bool)
        who, what = organizations[works].nunique(), elements[works].nunique()
        work = (
            f"{who:,} of {len(self.map.organizations):,} organizations "
            f"{'is' if who == 1 else 'are'} reported to work on {what:,} of "
            f"{len(self.map.elements):,} elements"
        )
        parts = []
        for column, thing in (("priority", "priorities"), ("challenge", "challenges")):
            told = self.table[column].notna().to_numpy(bool)
            number = organizations[told].nunique()
            parts.append(f"{number:,} {'states' if number == 1 else 'state'} {thing}")
        if self.table[["priority", "challenge"]].isna().to_numpy().all():
            return f"{work}; priorities and challenges are not known."
        return f"{work}; {' and '.join(parts)}."

    def methods(self) -> str:
        """How the answer was computed, with the parameters of this run."""
        return (
            "One row stands for every pair of organization and element with a claim of work, a "
            "priority or a challenge. Claims of work count whatever their status; priority and "
            f"challenge are the highest level claimed, from 1 to {TOP_LEVEL}, a blank level "
            f"counting as {MIDDLE_LEVEL}; a missing level means that nothing was said. A claim "
            f"without a context is shown as {PLACE_NOT_STATED}."
        )

    def alt_text(self) -> str:
        """The figure in words: kind, axes, finding, two or three values."""
        most = self._most()
        return (
            "Matrix of organization by area of work, shaded by the number of claims of work. "
            f"{self.summary()}{f' {most}.' if most else ''} "
            "Values in sheet profiles."
        )

    def _most(self) -> str:
        """Where most work is reported; nothing where none is."""
        counts = self._by_area()
        if not counts.size or counts.to_numpy().max() == 0:
            return ""
        row, column = np.unravel_index(counts.to_numpy().argmax(), counts.shape)
        return (
            f"Most claims of work: {counts.index[row]} in {counts.columns[column]}, "
            f"{int(counts.iat[row, column]):,}"
        )

    def _sentences(self, key: object, row: pd.Series) -> str:
        organization, element = _ends(key)
        who, what = self.map.organizations["name"], self.map.elements["name"]
        said = []
        if row["works_on"]:
            said.append(f"works on it in {number_of(row['works_on'], 'claim')}{self._over(key)}")
        for column, words in (("priority", "priority"), ("challenge", "challenge")):
            if pd.notna(row[column]):
                said.append(f"calls it a {words} of level {row[column]} of {TOP_LEVEL}")
        contexts = self.map.contexts["name"]
        where = [str(contexts.get(c, c)) for c in row["contexts"].split("; ")]
        return (
            f"{who[organization]} and {what[element]}: the organization "
            f"{_and(said)}. Where: {', '.join(where)}."
        )

    def _over(self, key: object) -> str:
        status = self._rows(WORKS_ON, key)["status"].value_counts()
        parts = [f"{status[s]:,} {s}" for s in (COMPLETED, CANCELLED) if s in status]
        return f" ({', '.join(parts)})" if parts else ""

    def _rows(self, table: str, key: object) -> pd.DataFrame:
        organization, element = _ends(key)
        frame = held(self.map, table)
        mine = (frame["organization"] == organization) & (frame["element"] == element)
        return coded.plain(frame[mine])

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        parts = []
        for table, column in _TABLES.items():
            rows = self._rows(table, key)
            unit = pd.Series([f"{table}, row {i}" for i in rows.index], rows.index, dtype="str")
            counts = column if table == WORKS_ON else ""
            parts.append(evidence_rows(self.map, table, rows, unit, counts))
        return pd.concat([p for p in parts if len(p)], ignore_index=True)

    def _by_area(self) -> pd.DataFrame:
        """Claims of works_on by organization and area, those with most claims first."""
        counted = self.table.reset_index()
        counted["area"] = counted["area"].fillna(_UNASSIGNED)
        counts = counted.pivot_table(
            index="organization", columns="area", values="works_on", aggfunc="sum", fill_value=0
        )
        # areas stand by name, as the pivot sorts them, organizations by size
        order = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
        return counts.loc[order].rename(index=self.map.organizations["name"])

    def _draw(self, ax: Axes) -> Axes:
        return charts.amounts(
            ax,
            self._by_area(),
            title=self._most() or "No work is reported",
            rows="organization",
            columns="area of work",
            zeros=False,
            note=f"Claims of any status, about {len(self._by_area()):,} of "
            f"{number_of(len(self.map.organizations), 'organization')}. A blank cell: nothing was "
            "said, which is not that nothing is done.",
        )


def profiles(m: SystemMap, /) -> Profiles:
    """Each organization shows its areas of work, its priorities and its challenges.

    Returns
    -------
    Profiles
        Indexed by (organization, element), one row per pair with any claim, columns works_on
        (number of claims), priority and challenge (highest level, 1 to 3; missing if not said),
        contexts (ids, and ``place not stated``) and area. Sorted by organization, within it by
        number of claims.

    Raises
    ------
    UndecidableError
        If the map has no claim in works_on, priorities or challenges.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a"], "name": ["Aurora"]}),
    ...     "elements": pd.DataFrame({"id": ["law"], "name": ["Law"], "area": ["Strategy"]}),
    ...     "works_on": pd.DataFrame({"organization": ["a"], "element": ["law"]}),
    ... })
    >>> profiles(m).frame
                          works_on  priority  challenge          contexts      area
    organization element
    a            law             1      <NA>       <NA>  place not stated  Strategy
    """
    if not any(len(held(m, t)) for t in _TABLES):
        raise UndecidableError(
            "Profiles cannot be shown: no organization works on anything or states a need.",
            missing="Add the sheet works_on.",
        )
    caveats = (*usual_caveats(m, tuple(_TABLES)), *needs_caveats(m), *_own_caveats(m))
    return Profiles(m, _frame(m), {}, caveats)


def _frame(m: SystemMap) -> pd.DataFrame:
    told = [claims(m, table) for table in _TABLES]
    organizations, elements = told[0].first_ids, told[0].second_ids
    pair = np.concatenate([t.first * len(elements) + t.second for t in told])
    pairs, row = np.unique(pair, return_inverse=True)
    parts = np.split(row, np.cumsum([len(t) for t in told])[:-1])
    columns: dict[str, pd.Series] = {
        "works_on": pd.Series(np.bincount(parts[0], minlength=len(pairs)))
    }
    for claimed, rows, column in zip(told[1:], parts[1:], ("priority", "challenge"), strict=True):
        highest = np.zeros(len(pairs), np.int64)
        np.maximum.at(highest, rows, levels(claimed))
        columns[column] = pd.Series(highest, dtype="Int64").mask(highest == 0)
    where = np.concatenate([t.context for t in told])
    columns["contexts"] = pd.Series(_places(row, where, told[0].context_ids), dtype="str")
    who, what = np.divmod(pairs, max(len(elements), 1))
    columns["area"] = m.tables[ELEMENTS]["area"].take(what).reset_index(drop=True)
    frame = pd.DataFrame(columns)
    ids = [organizations.to_numpy(object)[who], elements.to_numpy(object)[what]]
    most = [-frame[c].fillna(0).to_numpy(np.int64) for c in ("challenge", "priority", "works_on")]
    frame.index = pd.MultiIndex.from_arrays(ids, names=["organization", "element"])
    return frame.iloc[np.lexsort((ids[1], *most, ids[0]))]


def _places(row: IntArray, context: IntArray, ids: pd.Index) -> list[str]:
    """Contexts of each row by code point, the words for a blank one last."""
    order = np.argsort(ids.to_numpy(object))
    words = [*ids[order], PLACE_NOT_STATED]
    context = np.append(np.argsort(order), len(ids))[context]  # -1, a blank one, takes the last
    each = np.unique(row * len(words) + context)
    starts = np.flatnonzero(np.diff(each // len(words), prepend=-1))[1:]
    return [joined([words[c] for c in part]) for part in np.split(each % len(words), starts)]


def _own_caveats(m: SystemMap) -> tuple[str, ...]:
    said = []
    heard = np.unique(np.concatenate([np.unique(claims(m, t).first) for t in _TABLES]))
    silent = len(m.organizations) - len(heard)
    if silent:
        said.append(
            f"About {silent:,} of {len(m.organizations):,} organizations nothing is said here; "
            "that is not to say that they do nothing."
        )
    status = held(m, WORKS_ON)["status"]
    over = int(status.isin((COMPLETED, CANCELLED)).sum())
    if over:
        things = f'{len(status):,} "works on" claims'
        said.append(f"{over:,} of {things} {'is' if over == 1 else 'are'} completed or cancelled.")
    return tuple(said)


def _ends(key: object) -> tuple[str, str]:
    """Organization and element of a key that the frame holds."""
    organization, element = key if isinstance(key, tuple) else (key, "")
    return str(organization), str(element)


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
