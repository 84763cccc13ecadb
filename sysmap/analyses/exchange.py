"""Which resource answers what an organization needs and does not yet share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, stats
from sysmap.core.claims import claims
from sysmap.core.errors import LimitError, UndecidableError
from sysmap.core.model import SystemMap, held
from sysmap.core.parameters import seed_of
from sysmap.core.progress import Progress, teller
from sysmap.core.result import Result, evidence_rows, joined, no_evidence, usual_caveats
from sysmap.core.schema import (
    ADDRESSES,
    CHALLENGES,
    PRIORITIES,
    RESOURCES,
    SEEKS,
    SHARES,
    WORKS_ON,
)
from sysmap.core.stats import RNG, BoolArray, FloatArray, IntArray
from sysmap.core.words import number_of
from sysmap.measures.needs import MIDDLE_LEVEL, TOP_LEVEL, levels, needs_caveats, states_needs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KEEP = 0.9
"""Each claim stays in a draw with this probability, as in the ranking of opportunities."""

_TABLES = (PRIORITIES, CHALLENGES, SEEKS, ADDRESSES)
_DRAWN = 20
_MOST_MATCHES = 1_000_000
"""More pairs of a resource and a need than this are no table that anybody reads."""
_NUMBERS = 4_000_000
"""About how many numbers the draws that are made together may hold."""
_NO_KIND = "not stated"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Exchange(Result):
    """Resources and the organizations whose needs they meet."""

    question: ClassVar[str] = "Which resource would help whom?"

    def by_kind(self, top: int = 3) -> pd.DataFrame:
        """The best matches of each kind of resource, in the order of the kinds in the schema.

        Parameters
        ----------
        top
            The most rows of one kind, from 0 up.

        Returns
        -------
        pandas.DataFrame
            Indexed by (kind, resource, organization), columns of `frame` without kind; ranks are
            those among all matches. Resources without a kind stand last, as ``not stated``.

        Raises
        ------
        ValueError
            If `top` is below 0.

        Examples
        --------
        >>> import sysmap as sm
        >>> answer = sm.exchange(sm.example("teaching"))
        >>> answer.by_kind(top=1)["score"].round(2).head(2)
        kind      resource         organization
        research  price-study      aurora-agency    0.25
        evidence  turnover-report  delta-fund       0.35
        Name: score, dtype: float64
        """
        if top < 0:
            raise ValueError(f"top is {top}; give 0 or more")
        column = self.map.schema.node(RESOURCES).column("kind")
        known = column.values if column is not None else ()
        frame = self.table.assign(kind=self.table["kind"].fillna(_NO_KIND))
        best = frame.groupby("kind", sort=False).head(top)
        kinds = list(dict.fromkeys([*known, *sorted(set(best["kind"]) - {_NO_KIND}), _NO_KIND]))
        order = np.argsort([kinds.index(k) for k in best["kind"]], kind="stable")
        return best.iloc[order].set_index("kind", append=True).reorder_levels([2, 0, 1])

    def drawn(self) -> pd.DataFrame:
        """The cells of the figure: scores of the first resources for the first organizations.

        Returns
        -------
        pandas.DataFrame
            Names of resources as rows, best match first; names of organizations as columns, those
            with most claims of work first, as in the figure of `profiles`; 0 is no match.
        """
        names = (self.map.resources["name"], self.map.organizations["name"])
        rows, columns = (self.table.index.get_level_values(i).unique()[:_DRAWN] for i in (0, 1))
        scores = self.table["score"].unstack("organization", fill_value=0.0)
        work = held(self.map, WORKS_ON)["organization"].value_counts()
        claims = work.reindex(columns.sort_values(), fill_value=0)
        order = claims.sort_values(ascending=False, kind="stable").index
        shown = scores.reindex(index=rows, columns=order, fill_value=0.0)
        return shown.rename(index=names[0], columns=names[1])

    def summary(self) -> str:
        """The answer in one sentence, computed from the frame."""
        if not len(self.table):
            return f"No resource addresses anything that an organization without it {self._need}."
        index = self.table.index
        resource, organization = _ends(index[0])
        return (
            f"{index.get_level_values(0).nunique():,} of {len(self.map.resources):,} resources "
            f"address what {index.get_level_values(1).nunique():,} of "
            f"{number_of(len(self.map.organizations), 'organization')} that do not share them "
            f"{self._needs}; the closest match is {self.map.name(resource)} for "
            f"{self.map.name(organization)} (score {self.table['score'].iloc[0]:.2f})."
        )

    @property
    def _stated(self) -> bool:
        """Whether anybody stated a need; an outcome that a source names is none."""
        return states_needs(self.map)

    @property
    def _need(self) -> str:
        return "needs" if self._stated else "is said to seek"

    @property
    def _needs(self) -> str:
        return "need" if self._stated else "are said to seek"

    def methods(self) -> str:
        """How the answer was computed, with the parameters of this run and references."""
        return (
            "The need of an organization for an element is its highest level in priorities and "
            f"challenges over all contexts, divided by {TOP_LEVEL} (a blank level counts as "
            f"{MIDDLE_LEVEL}), and 1 for an outcome that it seeks. The score is twice the need "
            "that a resource addresses, divided by the number of its targets plus the sum of all "
            "needs of the organization: a weighted form of the index of Dice (1945), so that a "
            "resource about everything fits nobody well. Pairs with score 0, and resources that "
            "the organization shares itself, are left out. Rank intervals are the 5 % and 95 % "
            f"quantiles over {self.params['draws']:,} draws (seed {self.params['rng']}) in which "
            f"each claim is kept with probability {KEEP}."
        )

    def alt_text(self) -> str:
        """The figure in words: kind, axes, finding, two or three values."""
        values = "; ".join(
            f"{self.map.name(r)} for {self.map.name(o)} {row['score']:.2f}"
            for (r, o), row in self.table.head(3).iterrows()
        )
        return (
            "Matrix of resource by organization, shaded by score from 0 to 1. "
            f"{self.summary()}{f' First: {values}.' if values else ''} "
            "Values in sheet exchange."
        )

    def _sentences(self, key: object, row: pd.Series) -> str:
        resource, organization = _ends(key)
        matched = row["elements"].split("; ")
        names = ", ".join(map(self.map.name, matched))
        about = self.map.links(ADDRESSES)
        targets = about.loc[about["item"] == resource, "target"].nunique()
        kind = f" ({row['kind']})" if pd.notna(row["kind"]) else ""
        interval = (
            f" (90 % interval {row['rank_low']} to {row['rank_high']})"
            if pd.notna(row["rank_low"])
            else ""
        )
        match = f"{len(matched):,} {'is' if len(matched) == 1 else 'are'}"
        return (
            f"{self.map.name(resource)}{kind} may be worth offering to "
            f"{self.map.name(organization)}: of its {number_of(targets, 'target')}, {match} what "
            f"the organization {self._need} ({names}). "
            f"Score {row['score']:.2f} of 1, rank {row['rank']} of {len(self.table):,}{interval}."
        )

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        resource, organization = _ends(key)
        matched = row["elements"].split("; ")
        parts = []
        for table in _TABLES:
            frame = self.map.links(table)
            first, second = (end.name for end in self.map.schema.link(table).ends)
            owner = resource if table == ADDRESSES else organization
            rows = frame[(frame[first] == owner) & frame[second].isin(matched)]
            parts.append(evidence_rows(self.map, table, rows, rows[second], ""))
        return pd.concat([p for p in parts if len(p)] or [no_evidence()], ignore_index=True)

    def _draw(self, ax: Axes) -> Axes:
        return charts.amounts(
            ax,
            self.drawn().round(2),
            zeros=False,
            title=(
                f"{len(self.table):,} matches of a resource with what an organization {self._need}"
            ),
            rows="resource",
            columns="organization",
            note="Score from 0 to 1; a blank cell: no match. At most the first "
            f"{_DRAWN} of each by their best match; organizations by their claims of work.",
        )


def exchange(
    m: SystemMap, /, *, draws: int = 200, rng: RNG = 0, progress: Progress = None
) -> Exchange:
    """Each resource is held against the needs of the organizations that do not share it.

    Parameters
    ----------
    draws
        Draws behind the rank intervals; with 0 they are missing.
    rng
        Seed or Generator.
    progress
        Called with draws done and in all; True draws a bar where tqdm is installed.

    Returns
    -------
    Exchange
        Indexed by (resource, organization), best first, columns score (0 to 1), need (the need
        that is met), elements (ids of the matched elements and outcomes), rank, rank_low,
        rank_high and kind (of the resource). No row where nothing matches.

    Raises
    ------
    LimitError
        If resources and needs match more than a million times.
    UndecidableError
        If the map has no resources, nothing says what they address, or nobody states a need.
    ValueError
        If `draws` is below 0.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a"], "name": ["Aurora"]}),
    ...     "elements": pd.DataFrame({"id": ["law", "tax"], "name": ["Law", "Tax"]}),
    ...     "resources": pd.DataFrame({"id": ["guide"], "name": ["Guide"]}),
    ...     "priorities": pd.DataFrame(
    ...         {"organization": ["a"], "element": ["law"], "level": ["3"]}),
    ...     "addresses": pd.DataFrame({"item": ["guide", "guide"], "target": ["law", "tax"]}),
    ... })
    >>> exchange(m).frame[["score", "need", "elements"]].round(3)
                           score  need elements
    resource organization
    guide    a             0.667   1.0      law
    """
    if draws < 0:
        raise ValueError(f"draws is {draws}; give 0 or more")
    _decidable(m)
    matching = _Matching(m)
    full = matching.scores(np.ones((1, matching.claims), bool))
    score, need = full[0][0], full[1][0]
    params = {"draws": draws, "rng": seed_of(rng), "keep": KEEP}
    ranks = stats.ranks(score).astype(np.int64)
    with teller(progress, draws) as tell:
        low, high = _interval(matching, ranks, draws, rng, tell)
    names = ["resource", "organization"]
    ids = [
        matching.resources.to_numpy(object)[matching.resource],
        matching.organizations.to_numpy(object)[matching.organization],
    ]
    frame = pd.DataFrame(
        {
            "score": score,
            "need": need,
            "elements": pd.Series(matching.matched(), dtype="str"),
            "rank": ranks,
            "rank_low": low,
            "rank_high": high,
            "kind": m.tables[RESOURCES]["kind"].take(matching.resource).reset_index(drop=True),
        }
    )
    frame.index = pd.MultiIndex.from_arrays(ids, names=names)
    order = np.lexsort((ids[1], ids[0], ranks))
    return Exchange(m, frame.iloc[order], params, _caveats(m))


def _interval(
    matching: _Matching, ranks: IntArray, draws: int, rng: RNG, tell: Callable[[int], None]
) -> tuple[pd.Series, pd.Series]:
    """Ends of the rank interval of each pair, the rank itself included; missing without draws."""
    if not draws or not len(ranks):
        missing = pd.Series(pd.NA, index=range(len(ranks)), dtype="Int64")
        return missing, missing
    lots = stats.generator(rng).random((draws, matching.claims))
    at_once = max(1, _NUMBERS // (len(matching.need) + matching.claims))
    drawn = np.empty((draws, len(ranks)), dtype=np.int32)
    for begin in range(0, draws, at_once):
        some = slice(begin, begin + at_once)
        drawn[some] = stats.ranks(matching.scores(lots[some, matching.lot] < KEEP)[0])
        tell(min(begin + at_once, draws))
    found = stats.rank_span(drawn)
    ends = np.minimum(found.low, ranks), np.maximum(found.high, ranks)
    return pd.Series(ends[0], dtype="Int64"), pd.Series(ends[1], dtype="Int64")


def _decidable(m: SystemMap) -> None:
    """Refuse a map that lacks a table the answer rests on."""
    for table in (RESOURCES, ADDRESSES):
        if not len(m.tables[table]):
            raise UndecidableError(
                f"Resources cannot be matched to needs: the map has no {table}.",
                missing=f"Add the sheet {table}.",
            )
    if not any(len(m.tables[t]) for t in (PRIORITIES, CHALLENGES, SEEKS)):
        raise UndecidableError(
            "Resources cannot be matched to needs: no organization states any.",
            missing="Add the sheet priorities.",
        )


class _Matching:
    """Needs, targets and the pairs in which they meet, ready to be scored under many draws.

    Claims of all four tables stand in one row, those of addresses last; a draw keeps some of them.
    """

    def __init__(self, m: SystemMap) -> None:
        about = claims(m, ADDRESSES)
        self.targets = about.second_ids
        self.organizations = claims(m, PRIORITIES).first_ids
        self.resources = pd.Index(m.tables[RESOURCES]["id"])
        size = len(self.targets)
        needing, level = self._needing(m)
        item = self.resources.get_indexer(about.first_ids)[about.first]
        offered = np.where(item < 0, -1, item * size + about.second)
        self.claims = len(needing) + len(offered)
        # distinct needs (organization, target) and offers (resource, target)
        self.level, self.needing, self.offered = level, _Groups(needing), _Groups(offered)
        self.lot = self._lots(m)
        self._meet(m, size)

    def _lots(self, m: SystemMap) -> IntArray:
        """Which random number each claim draws: by table, ends and level, not by its row."""
        ends: list[list[np.ndarray]] = [[], []]
        for table in _TABLES:
            told = claims(m, table)
            for ids, codes, column in zip(
                (told.first_ids, told.second_ids), (told.first, told.second), ends, strict=True
            ):
                column.append(np.argsort(np.argsort(ids.to_numpy(object)))[codes])
        sizes = [len(part) for part in ends[0]]
        level = np.concatenate([self.level, np.zeros(sizes[-1])])
        keys = (level, np.concatenate(ends[1]), np.concatenate(ends[0]))
        order = np.lexsort((*keys, np.repeat(np.arange(len(sizes)), sizes)))
        return np.argsort(order)

    def _needing(self, m: SystemMap) -> tuple[IntArray, FloatArray]:
        """One need (organization x targets + target) and one level from 0 to 1 per claim."""
        codes, parts = [], []
        for table in (PRIORITIES, CHALLENGES, SEEKS):
            told = claims(m, table)
            target = self.targets.get_indexer(told.second_ids)[told.second]
            codes.append(told.first * len(self.targets) + target)
            each = levels(told) if table != SEEKS else np.full(len(told), TOP_LEVEL)
            parts.append(each / TOP_LEVEL)
        return np.concatenate(codes), np.concatenate(parts)

    def _meet(self, m: SystemMap, size: int) -> None:
        """Pairs (resource, organization) with a common target, except those that share it."""
        needs = pd.DataFrame(
            {
                "need": np.arange(len(self.needing.codes)),
                "organization": self.needing.codes // size,
                "target": self.needing.codes % size,
            }
        )
        offers = pd.DataFrame(
            {
                "offer": np.arange(len(self.offered.codes)),
                "resource": self.offered.codes // size,
                "target": self.offered.codes % size,
            }
        )
        _listable(offers["target"].value_counts(), needs["target"].value_counts())
        both = offers.merge(needs, on="target")
        width = max(len(self.organizations), 1)
        pair = (both["resource"] * width + both["organization"]).to_numpy(np.int64)
        shared = claims(m, SHARES)
        free = ~np.isin(pair, shared.second * width + shared.first)
        pair, both = pair[free], both[free]
        order = np.lexsort((both["target"], pair))
        self.meeting = _Groups(pair[order])
        self.need, self.offer = (both[c].to_numpy(np.int64)[order] for c in ("need", "offer"))
        self.target = both["target"].to_numpy(np.int64)[order]
        self.resource, self.organization = np.divmod(self.meeting.codes, width)
        self.of_need = _Groups(self.needing.codes // size)
        self.of_offer = _Groups(self.offered.codes // size)

    def scores(self, kept: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Score and met need of each pair in each draw; both of shape ``(draws, pairs)``."""
        split = len(self.level)
        needs = self.needing.highest(kept[:, :split] * self.level)
        offers = self.offered.highest(kept[:, split:].astype(float))
        met = self.meeting.summed(needs[:, self.need] * offers[:, self.offer])
        wanted = self.of_need.summed(needs)[:, self.of_need.place(self.organization)]
        aimed = self.of_offer.summed(offers)[:, self.of_offer.place(self.resource)]
        score = np.zeros_like(met)
        np.divide(2 * met, wanted + aimed, out=score, where=met > 0)
        return score, met

    def matched(self) -> list[str]:
        """The ids of the matched targets of each pair, by code point."""
        ids = self.targets.to_numpy(object)
        parts = np.split(self.target, self.meeting.starts[1:]) if len(self.target) else []
        return [joined(sorted(ids[t])) for t in parts]


def _listable(offers: pd.Series, needs: pd.Series) -> None:
    """Refuse more pairs than a table should list; by target, how many offer and need it."""
    number = int((offers * needs.reindex(offers.index, fill_value=0)).sum())
    if number > _MOST_MATCHES:
        raise LimitError(
            f"exchange: resources meet needs {number:,} times, at most {_MOST_MATCHES:,} can be "
            "ranked. Narrow with m.select(organizations=...) or m.select(elements=...).",
            limit="matches",
        )


class _Groups:
    """Equal codes stand together: sums and maxima over each group, for many draws at once."""

    def __init__(self, codes: IntArray) -> None:
        kept = np.flatnonzero(codes >= 0)
        self.order = kept[np.argsort(codes[kept], kind="stable")]
        self.codes, self.starts = np.unique(codes[self.order], return_index=True)

    def summed(self, values: FloatArray) -> FloatArray:
        return self._reduced(np.add, values)

    def highest(self, values: FloatArray) -> FloatArray:
        return self._reduced(np.maximum, values)

    def place(self, codes: IntArray) -> IntArray:
        return np.searchsorted(self.codes, codes)

    def _reduced(self, how: np.ufunc, values: FloatArray) -> FloatArray:
        if not len(self.starts):
            return np.zeros((len(values), 0))
        found: FloatArray = how.reduceat(values[:, self.order], self.starts, axis=1)
        return found


def _caveats(m: SystemMap) -> tuple[str, ...]:
    said = [*usual_caveats(m, _TABLES), *needs_caveats(m)]
    if not states_needs(m):
        said.append(
            "No organization stated a priority or a challenge: resources are matched to the "
            "outcomes that it is said to seek, and what it needs is not known."
        )
    stating = set().union(
        *(set(m.tables[t]["organization"]) for t in (PRIORITIES, CHALLENGES, SEEKS))
    )
    quiet = len(m.organizations) - len(stating)
    if quiet:
        said.append(
            f"Of {quiet:,} of {len(m.organizations):,} organizations neither a need nor an outcome "
            "is known, so nothing can be matched to them."
        )
    about = set(m.tables[ADDRESSES]["item"])
    unknown = sum(id not in about for id in m.tables[RESOURCES]["id"])
    if unknown:
        said.append(
            f"Of {unknown:,} of {len(m.resources):,} resources nobody says what they address."
        )
    said.append("A match is an opportunity to discuss; who has the resource already is not known.")
    return tuple(said)


def _ends(key: object) -> tuple[str, str]:
    """Resource and organization of a key that the frame holds."""
    resource, organization = key if isinstance(key, tuple) else (key, "")
    return str(resource), str(organization)
