"""Which organizations should talk, and about what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np
import pandas as pd

from sysmap.core import charts
from sysmap.core.errors import LimitError, UndecidableError
from sysmap.core.model import SystemMap
from sysmap.core.parameters import seed_of
from sysmap.core.progress import Progress
from sysmap.core.result import Result, small_print
from sysmap.core.schema import (
    ELEMENTS,
    INFLUENCES,
    OUTCOMES,
)
from sysmap.core.stats import RNG, FloatArray, generator
from sysmap.measures.affinity import PARTS, affinity, strength
from sysmap.measures.pairs.caveats import pair_caveats
from sysmap.measures.pairs.evidence import pair_claims
from sysmap.measures.pairs.many import ALL_PAIRS, many
from sysmap.measures.pairs.matches import ELSEWHERE, HERE, NEAR, NOWHERE, common, met
from sysmap.measures.pairs.nearest import nearest
from sysmap.measures.pairs.needed import SPILL, Spill
from sysmap.measures.pairs.portfolio import portfolio
from sysmap.measures.pairs.ranking import (
    BRIDGE,
    DEEPEN,
    FIRST,
    KEPT,
    LEARN_FROM,
    NEW,
    no_pairs,
    no_parts,
    parents,
    ranked,
)
from sysmap.measures.pairs.scope import Scope, scope
from sysmap.measures.pairs.search import Spread
from sysmap.measures.propagation import on_outcomes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EQUAL, INFLUENCE = "equal", "influence"

_DRAWN = 30
_SHOWN = 5
_WIDE = 31
_ACROSS = 25
"""Organizations that the matrix shows."""
_EXPLAINED = 0.5 + 1e-9
"""The largest score that says no more than the sizes of the two do."""
_PARTS = ("shared purpose", "fit", "reach")
_PLACES = {
    HERE: "works on it there",
    NEAR: "works on it in the same subregion",
    ELSEWHERE: "works on it elsewhere",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Opportunities(Result):
    """Pairs of organizations, by what they share and offer beyond what their sizes explain."""

    parts: pd.DataFrame = field(kw_only=True, repr=False)
    question: ClassVar[str] = "Which organizations have something to discuss?"

    def by_part(self, top: int = 3) -> pd.DataFrame:
        """The first pairs by each part of the score alone.

        A pair that stands out by one part only is not among the first by score, because the score
        is a mean: who looks for complements reads the pairs by fit, and so on.

        Parameters
        ----------
        top
            The most rows of one part and standing, from 0 to 10.

        Returns
        -------
        pandas.DataFrame
            Indexed by (part, organization, partner), part being shared, fit or reach, columns
            excess (in standard deviations), rank (by this part alone, within the standing, over
            all pairs), rank_low and rank_high, then standing, kind and score as in `frame`. New
            pairs first. A pair that a part puts no higher than size does is not listed.

        Raises
        ------
        ValueError
            If `top` is not between 0 and 10.

        Examples
        --------
        >>> import sysmap as sm
        >>> answer = sm.opportunities(sm.example("teaching"))
        >>> answer.by_part(top=1).loc["fit", ["rank", "kind", "standing"]]
                                      rank        kind standing
        organization partner
        ember-trust  juniper-alliance     1  complement      new
        """
        if not 0 <= top <= FIRST:
            raise ValueError(f"top is {top}; give 0 to {FIRST}")
        frame = self.parts.join(self.table[["standing", "kind", "score"]])
        return frame.groupby(["part", "standing"], sort=False).head(top)

    def best(self) -> pd.DataFrame:
        """The first pair of every organization, so that the small ones see theirs too.

        Returns
        -------
        pandas.DataFrame
            One row per organization that has a pair, indexed by organization in order of id;
            column partner, then those of `frame`. The pair is the best new one, or the best tie
            of an organization that has no new pair.

        Examples
        --------
        >>> import sysmap as sm
        >>> sm.opportunities(sm.example("teaching"), draws=0).best()["partner"].head(2)
        organization
        aurora-agency    cobalt-council
        beacon-bank          lantern-lab
        Name: partner, dtype: str
        """
        one, other = (self.table.index.get_level_values(level) for level in (0, 1))
        both = pd.concat([self.table.assign(partner=other), self.table.assign(partner=one)])
        both.index = one.append(other).rename("organization")
        # the frame stands in order of standing and rank, and each half keeps it
        place = np.tile(np.arange(len(self.table)), 2)
        ordered = both.iloc[np.lexsort((place, both.index.to_numpy(object)))]
        first = ordered[~ordered.index.duplicated()]
        return first[["partner", *self.table.columns]]

    def cells(self, key: object, top: int = 5) -> pd.DataFrame:
        """The cells that a pair could talk about, those that meet most of a need first.

        Parameters
        ----------
        key
            A label of the index of `frame`.
        top
            The most rows, from 0 up.

        Returns
        -------
        pandas.DataFrame
            Columns helper, needer, element, context (ids; the context is missing where no place
            is stated), need (0 to 1), place (where the helper works on it) and part (of all the
            needer needs, 0 to 1).

        Raises
        ------
        UnknownIdError
            If the frame has no such row.
        """
        self._row(key)
        one, other = _ends(key)
        parts = [
            self._met(needer, helper).assign(helper=helper, needer=needer)
            for helper, needer in ((one, other), (other, one))
        ]
        both = pd.concat(parts).sort_values(
            ["part", "need", "element", "context", "helper"],
            ascending=[False, False, True, True, True],
            ignore_index=True,
        )
        columns = ["helper", "needer", "element", "context", "need", "place", "part"]
        return both[columns].head(top)

    def drawn(self) -> pd.DataFrame:
        """The rows of the figure: the first pairs of the standing that is drawn.

        Returns
        -------
        pandas.DataFrame
            Indexed as `frame`, columns pair (both names), rank, rank_low, rank_high, kind, tier
            and score.
        """
        shown = self._shown().head(_DRAWN) if len(self.table) else self.table
        pairs = pd.Series([self._pair(key) for key in shown.index], index=shown.index, dtype="str")
        return shown.assign(pair=pairs)[
            ["pair", "rank", "rank_low", "rank_high", "kind", "tier", "score"]
        ]

    def pairs(self) -> pd.DataFrame:
        """The scores of the listed pairs, organization by organization.

        Returns
        -------
        pandas.DataFrame
            Square and symmetric, ids in the order in which the frame names them; missing where a
            pair is not listed, which says nothing about it.

        Examples
        --------
        >>> import sysmap as sm
        >>> table = sm.opportunities(sm.example("teaching"), draws=0).pairs()
        >>> table.shape, table.index[0]
        ((12, 12), 'aurora-agency')
        """
        ends = self.table.index.to_frame(index=False).to_numpy(object)
        ids = pd.Index(list(dict.fromkeys(ends.ravel())), dtype="str", name="organization")
        table = pd.DataFrame(np.nan, index=ids, columns=ids.rename("partner"))
        one, other = (ids.get_indexer(ends[:, side]) for side in (0, 1))
        values = table.to_numpy(copy=True)
        values[one, other] = values[other, one] = self.table["score"]
        return pd.DataFrame(values, table.index, table.columns)

    def matrix(self, ax: Axes | None = None) -> Axes:
        """Draw the scores of the listed pairs, light for low; an asterisk marks a known tie.

        A second view beside `plot`: it shows who meets whom, and hides how uncertain ranks are.
        """
        scores = self.pairs().iloc[:_ACROSS, :_ACROSS].round(2)
        tied = self.table.index[self.table["standing"] == DEEPEN]
        known = pd.DataFrame("", index=scores.index, columns=scores.columns)
        for pair in tied:
            for one, other in (pair, pair[::-1]):
                if one in known.index and other in known.columns:
                    known.loc[one, other] = "*"
        everyone = self.map.organizations["name"]
        named = scores.set_axis(everyone[scores.index], axis=0)
        with charts.style(small_print(self.map)):
            return charts.amounts(
                charts.axes(ax, rows=len(scores), columns=len(scores)),
                named.set_axis(everyone[scores.columns], axis=1),
                title=f"Scores of {len(self.table):,} pairs of organizations{self._about()}",
                note=(
                    "0.5 is no more than size explains. * a known tie. A pair that is not listed "
                    "is not thereby a poor one. Ranks and how uncertain they are: see the list."
                ),
                after=known,
                missing="not among the pairs listed",
                rows="organizations",
                columns="organizations",
            )

    def summary(self) -> str:
        """The answer in one sentence, computed from the frame."""
        if self.table.empty:
            return f"There are no two organizations to compare{self._about()}."
        first, pairs = self.table.iloc[0], self.params["pairs"]
        compared = "1 pair" if pairs == 1 else f"{pairs:,} pairs"
        were = "was" if pairs == 1 else "were"
        text = f"{compared} of organizations {were} compared{self._about()}; "
        if first["score"] <= _EXPLAINED:
            return f"{text}no {first['standing']} pair exceeds what the sizes of the two explain."
        text += (
            f"the first {first['standing']} opportunity to discuss is "
            f"{self._pair(self.table.index[0])} ({first['kind']}"
        )
        if pd.notna(first["rank_low"]):
            text += f"; rank 1, plausibly {first['rank_low']} to {first['rank_high']}"
        return f"{text})."

    def methods(self) -> str:
        """How the answer was computed, with the parameters of this run and references."""
        p = self.params
        here, near, away = self._spill()
        used = ", ".join(f"{name} {weight:.2f}" for name, weight in self._weights().items())
        subject = self._subject().name
        only = (
            f"Only claims about {subject} count as features and needs, while work elsewhere still "
            "meets needs; a pair is listed if both have such a claim or one meets a need of the "
            "other. "
            if subject
            else ""
        )
        return only + (
            "Shared purpose is the Jaccard similarity of outcomes sought, elements worked on and "
            "contexts worked in, each weighted by ln(n / organizations that have it); cancelled "
            "work does not count. Fit is the share of one side's needs (level / 3 of priorities "
            f"and challenges, elements weighted: {p['value']}) that the other works on, counting "
            f"{here} in the same context, {near} in the same subregion and {away} elsewhere, as "
            "the mean of both directions; a side without needs is left out. Reach is the number "
            "of partners in common, weighted by 1 / ln of their ties (Adamic and Adar 2003). "
            "Each part is held against a null model that keeps, on average, the number of "
            "features of every organization and of organizations of every feature (bipartite "
            "configuration model: Squartini and Garlaschelli 2011; Saracco et al. 2015), as an "
            "excess z in standard deviations with a prior variance of a quarter of a typical "
            "feature; the score is the weighted mean of (1 + z / (1 + |z|)) / 2 over the parts "
            f"with data (weights: {used}), so 0.5 is no more than size explains. Rank intervals "
            f"are the 5 % and 95 % quantiles over {p['draws']:,} draws (seed {p['rng']}) that "
            f"keep each claim with probability {KEPT} and draw the weights anew, all equally "
            "likely (SMAA-2: Lahdelma and Salminen 2001); pairs whose intervals overlap form one "
            "tier. Fit is reasoned and has not been validated, because no public data on needs "
            "exist."
        )

    def alt_text(self) -> str:
        """The figure in words: kind, axes, finding, two or three values."""
        if self.table.empty:
            return f"Empty dot plot. {self.summary()}"
        shown = self._shown()
        first = [
            f"{self._pair(key)} rank {row['rank']}, score {row['score']:.2f}"
            for key, row in shown.head(3).iterrows()
        ]
        return (
            "Dot plot with one pair of organizations per row, its rank and the interval of the "
            f"rank on the horizontal axis, and the kind as the shape. {self.summary()} "
            f"First rows: {'; '.join(first)}. Values in sheet opportunities."
        )

    def _weights(self) -> dict[str, float]:
        weights = cast("tuple[float, ...]", self.params["weights"])
        return dict(zip(PARTS, weights, strict=True))

    def _shown(self) -> pd.DataFrame:
        """Rows of the figure: ranks run within each standing, so one of them is drawn."""
        return self.table[self.table["standing"] == self.table["standing"].iloc[0]]

    def _pair(self, key: object) -> str:
        one, other = _ends(key)
        names = self.map.organizations["name"]
        return f"{names[one]} and {names[other]}"

    def _sentences(self, key: object, row: pd.Series) -> str:
        said = [f"{self._pair(key)}: an opportunity to discuss, {self._rank(row)}."]
        said.append(self._parts(row))
        said.append(self._alone(key, row))
        said.append(self._size(row))
        one, other = _ends(key)
        names = self.map.organizations["name"]
        features = common(self.map, one, other, self._subject())
        if len(features):
            listed = [str(self.map.name(i)) for i in features["id"].head(_SHOWN)]
            said.append(f"In common, the rarest first: {', '.join(listed)}.")
        for helper, needer, column in ((one, other, "helps"), (other, one, "helped")):
            said.append(self._direction(names[helper], names[needer], helper, needer, row[column]))
        said.append(self._kind(key, row))
        return " ".join(s for s in said if s)

    def _rank(self, row: pd.Series) -> str:
        text = f"rank {row['rank']} of {self.params[row['standing']]:,} {row['standing']} pairs"
        if pd.isna(row["rank_low"]):
            return text
        return (
            f"{text} (between {row['rank_low']} and {row['rank_high']} in 90 % of "
            f"{self.params['draws']:,} draws, among the first ten in {100 * row['top10']:.0f} %; "
            f"tier {row['tier']})"
        )

    def _parts(self, row: pd.Series) -> str:
        parts = [
            f"{name} {float(strength(np.array(row[f'z_{column}']))):.2f}"
            for name, column, weight in zip(
                _PARTS,
                self._weights(),
                self._weights().values(),
                strict=True,
            )
            if weight > 0
        ]
        return (
            f"The score is {row['score']:.2f}, from {', '.join(parts)}; "
            "0.5 is no more than size explains."
        )

    def _alone(self, key: object, row: pd.Series) -> str:
        """By which parts alone the pair is among the first."""
        ends = _ends(key)
        said = []
        for part, name in zip(PARTS, _PARTS, strict=True):
            if (part, *ends) in self.parts.index:
                found = self.parts.loc[(part, *ends)]
                told = f"{name} rank {found['rank']:.0f}"
                if pd.notna(found["rank_low"]):
                    told += f" (between {found['rank_low']:.0f} and {found['rank_high']:.0f})"
                said.append(told)
        if not said:
            return ""
        number = f"{self.params[row['standing']]:,} {row['standing']} pairs"
        return f"By one part alone, among {number}: {', '.join(said)}."

    def _size(self, row: pd.Series) -> str:
        if pd.isna(row["expected"]):
            return ""
        text = (
            f"They share {row['shared']:.2f} of their purpose, where portfolios of their sizes "
            f"would share {row['expected']:.2f} by chance"
        )
        return f"{text} (lift {row['lift']:.1f})." if pd.notna(row["lift"]) else f"{text}."

    def _direction(self, helper: str, needer: str, by: str, of: str, share: float) -> str:
        if pd.isna(share):
            return f"{needer} stated no need that could be compared." if self._knows_fit() else ""
        cells = self._met(of, by).head(_SHOWN)
        if cells.empty:
            return f"{helper} works on none of what {needer} needs."
        listed = [
            f"{self._cell(c.element, c.context)} (need {c.need:.2f}; {_PLACES[c.place]})"
            for c in cells.itertuples()
        ]
        return f"{helper} meets {100 * share:.0f} % of what {needer} needs: {'; '.join(listed)}."

    def _met(self, needer: str, helper: str) -> pd.DataFrame:
        """The needs of one that the other meets, the weightiest first."""
        worth = _value(self.map, str(self.params["value"]))
        cells = met(self.map, needer, helper, self._spill(), worth, self._subject())
        return cells[(cells["place"] != NOWHERE) & (cells["part"] > 0)]

    def _kind(self, key: object, row: pd.Series) -> str:
        if row["kind"] == BRIDGE:
            return "Kind: bridge, because known ties hardly join them."
        if row["kind"] == LEARN_FROM:
            helper, needer = row["direction"].split(" -> ")
            names = self.map.organizations["name"]
            return f"Kind: learn from, {names[needer]} from {names[helper]}."
        return f"Kind: {row['kind']}."

    def _told_apart(self, tiers: pd.Series) -> str:
        """How far the rows that are drawn can be told apart."""
        if tiers.isna().any():
            return "the first of them on top"
        number = tiers.nunique()
        if number == 1:
            return f"the first {len(tiers):,} cannot be told apart" if len(tiers) > 1 else "one"
        return f"the first {len(tiers):,} stand in {number:,} tiers"

    def _knows_fit(self) -> bool:
        return self._weights()["fit"] > 0

    def _subject(self) -> Scope:
        about = self.params["about"]
        return scope(self.map, None if about is None else str(about))

    def _about(self) -> str:
        """The subject in words, to follow another word; empty for everything."""
        name = self._subject().name
        return f" about {name}" if name else ""

    def _spill(self) -> Spill:
        return cast("Spill", self.params["spill"])

    def _cell(self, element: str, context: object) -> str:
        name = str(self.map.elements["name"][element])
        return f"{name} in {self.map.contexts['name'][context]}" if pd.notna(context) else name

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        one, other = _ends(key)
        stated = tuple(column for column in ("helps", "helped") if pd.notna(row[column]))
        return pair_claims(self.map, one, other, stated, self._spill(), self._subject())

    def _draw(self, ax: Axes) -> Axes:
        if self.table.empty:
            return charts.dots(ax, self.table, title="Opportunities to discuss")
        shown = self._shown()
        standing = str(shown["standing"].iloc[0])
        everyone = self.map.organizations["name"]
        short = dict(zip(everyone.index, charts.distinct(everyone, _WIDE), strict=True))
        frame = shown.assign(name=[f"{short[one]} + {short[other]}" for one, other in shown.index])
        return charts.dots(
            ax,
            frame.astype({"rank_low": "float", "rank_high": "float"}),
            value="rank",
            low="rank_low",
            high="rank_high",
            kind="kind",
            right=[
                f"tier {tier}" if pd.notna(tier) else f"{points:.2f}"
                for tier, points in zip(frame["tier"], frame["score"], strict=True)
            ],
            title=f"Opportunities to discuss{self._about()} among "
            f"{self.params[standing]:,} {standing} pairs: "
            f"{self._told_apart(frame['tier'].head(_DRAWN))}",
            note="Lines are rank intervals; pairs of one tier cannot be told apart.",
            top=_DRAWN,
            percent=False,
            letters=2 * _WIDE + 3,
            xlabel=f"rank among {self.params[standing]:,} {standing} pairs",
        )


def opportunities(
    m: SystemMap,
    /,
    *,
    weights: Sequence[float] = (1, 1, 1),
    spill: Sequence[float] = SPILL,
    value: str = EQUAL,
    about: str | None = None,
    draws: int = 200,
    rng: RNG = 0,
    top: int | None = 50,
    progress: Progress = None,
    spread: Spread | None = None,
) -> Opportunities:
    """Two organizations share, offer and reach more than their sizes explain, or they do not.

    Parameters
    ----------
    weights
        Of shared purpose, fit and reach, from 0 up; parts without data are left out.
    spill
        What an offer is worth in the context of the need, in its subregion and elsewhere,
        between 1 and 0 and not rising.
    value
        What an element counts in fit: ``equal``, or ``influence``, its absolute total influence
        on the outcomes.
    about
        An outcome, element or context by id, or an area of work by name: only features and needs
        about it count, while offers elsewhere still meet needs there. Listed are pairs of which
        both have such a claim, or one meets a need of the other. None is everything.
    draws
        Draws behind the rank intervals; with 0 they are missing.
    rng
        Seed or generator.
    top
        List the best so many pairs by score, as many (at most ten of each standing) by each part
        alone, and for every organization its first pair (the best new one; the best tie if it
        has none). None lists all. With more than 2,000
        organizations: the best so many partners of each, and ranks run among the listed pairs.
    progress
        Called with the organizations compared and their number, where there are more than 2,000;
        True draws a bar.
    spread
        Where slices of more than 2,000 organizations are compared: what
        ``sysmap.io.executors.on_spark`` gives. None compares them here.

    Returns
    -------
    Opportunities
        Indexed by (organization, partner), the id first that sorts first. Columns score, shared,
        fit, reach, expected (shares, 0 to 1), lift, kind (join forces, complement, learn from,
        bridge), standing (new, deepen), rank (within the standing, over all pairs), rank_low,
        rank_high, top10, helps (share of the partner's needs that the organization meets),
        helped (the reverse), direction (``helper -> helped``, for learn from), z_shared, z_fit,
        z_reach (excess in standard deviations) and tier. New pairs first, then by rank.
        Fewer than two organizations give an empty frame. Pairs joined by part_of are left out.

    Raises
    ------
    UndecidableError
        If no organization seeks or works on anything, if no part with a weight above 0 has data,
        or if influence is asked for and the map has none.
    LimitError
        If there are more than 2,000 organizations and `top` is None.
    UnknownIdError
        If the map knows nothing of the name `about`.
    ValueError
        If a parameter is out of range.

    Notes
    -----
    Section "Opportunities" of the methods; the null model is in ``measures.null_model``.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "organizations": pd.DataFrame({"id": ["a", "b", "c"], "name": ["A", "B", "C"]}),
    ...     "elements": pd.DataFrame({"id": ["law", "tax"], "name": ["Law", "Tax"]}),
    ...     "works_on": pd.DataFrame({"organization": ["a", "b", "c"],
    ...                               "element": ["law", "law", "tax"]}),
    ... })
    >>> opportunities(m).frame[["shared", "kind", "rank"]].head(1)
                          shared         kind  rank
    organization partner
    a            b           1.0  join forces     1
    """
    if spread is not None and not callable(spread):
        raise ValueError(f"spread is {spread!r}; give what on_spark gives, or None")
    worths = _checked(weights, spill, value, draws, top)
    params: dict[str, object] = {
        "weights": tuple(weights),
        "spill": worths,
        "value": value,
        "about": about,
        "draws": draws,
        "rng": seed_of(rng),
        "top": top,
    }
    subject = scope(m, about)
    told = portfolio(m, subject).heard()
    people = len(told.organizations)
    if len(m.organizations) < 2:
        nobody = params | {"pairs": 0, NEW: 0, DEEPEN: 0}
        return Opportunities(m, no_pairs(), nobody, parts=no_parts())
    worth = _value(m, value)
    elements = np.ones(told.elements) if worth is None else worth
    if people > ALL_PAIRS:
        if top is None:
            raise LimitError(
                f"opportunities: {people:,} organizations came, and all pairs are listed of at "
                f"most {ALL_PAIRS:,}. Give top, the number of partners of each organization, or "
                "narrow with m.select(organizations=...).",
                limit="organizations",
            )
        compact = many(told, worths, elements)
        used = _used(compact.known, weights)
        kept = nearest(compact, used, top, parents(m, told), progress, spread)
        found = ranked(m, kept, used, draws, generator(rng), None, progress)
        found.measured["pairs"] = kept.compared
        known = compact.known
    else:
        compared = affinity(told, worths, elements)
        known = compared.known
        used = _used(known, weights)
        found = ranked(m, compared, used, draws, generator(rng), top, progress)
    params |= {"weights": tuple(used.round(6).tolist())} | found.measured
    said = pair_caveats(m, told, known, found.frame, found.measured)
    return Opportunities(m, found.frame, params, said, parts=found.by_part)


def _checked(
    weights: Sequence[float], spill: Sequence[float], value: str, draws: int, top: int | None
) -> Spill:
    if len(weights) != 3 or not all(0 <= w < np.inf for w in weights) or not sum(weights) > 0:
        raise ValueError(
            f"weights is {tuple(weights)}; give three numbers from 0 up, not all 0, for shared "
            "purpose, fit and reach"
        )
    if len(spill) != 3 or not 1 >= spill[0] >= spill[1] >= spill[2] >= 0:
        raise ValueError(
            f"spill is {tuple(spill)}; give three numbers between 1 and 0 that do not rise, for "
            "the same context, the same subregion and elsewhere"
        )
    if value not in (EQUAL, INFLUENCE):
        raise ValueError(f"value {value!r} is unknown; write {EQUAL} or {INFLUENCE}")
    if draws < 0:
        raise ValueError(f"draws is {draws}; give 0 or more")
    if top is not None and top < 0:
        raise ValueError(f"top is {top}; give 0 or more, or None for all pairs")
    return float(spill[0]), float(spill[1]), float(spill[2])


def _value(m: SystemMap, value: str) -> FloatArray | None:
    """What each element counts; None if all count alike."""
    if value == EQUAL:
        return None
    worth = np.abs(on_outcomes(m)[: len(m.tables[ELEMENTS])])
    if np.isnan(worth).any() or not worth.any():
        sheet = INFLUENCES if len(m.tables[OUTCOMES]) else OUTCOMES
        raise UndecidableError(
            "Elements cannot be weighed by influence: no chain of claims leads to an outcome.",
            missing=f"Add the sheet {sheet}.",
        )
    return worth


def _used(known: tuple[bool, bool, bool], weights: Sequence[float]) -> FloatArray:
    """Weights over the parts with data, sum 1."""
    if not known[0]:
        raise UndecidableError(
            "Opportunities cannot be decided: no organization seeks or works on anything.",
            missing="Add the sheet works_on or seeks.",
        )
    given = np.where(known, np.asarray(weights, dtype=float), 0.0)
    if not given.sum() > 0:
        raise UndecidableError(
            "Opportunities cannot be decided: no part with a weight above 0 has data.",
            missing="Add the sheet priorities for fit or collaborates for reach, or weigh shared.",
        )
    return np.asarray(given / given.sum())


def _ends(key: object) -> tuple[str, str]:
    """The two organizations of a key that the frame holds."""
    one, other = key if isinstance(key, tuple) else (key, "")
    return str(one), str(other)
