"""How influence travels over chains of claims, and which elements move the outcomes most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts, parameters, stats
from sysmap.core.claims import claims
from sysmap.core.model import SystemMap
from sysmap.core.parameters import seed_of
from sysmap.core.result import Result, evidence_rows, small_print, usual_caveats
from sysmap.core.schema import CONTEXTS, ELEMENTS, INFLUENCES, OUTCOMES
from sysmap.core.stats import RNG, BoolArray, FloatArray
from sysmap.core.words import number_of, percent
from sysmap.measures import propagation
from sysmap.measures.propagation import ATTENUATION, Weights
from sysmap.measures.routes import chains, flows, perturbation, sharing, wording
from sysmap.measures.routes.flows import ATTENUATED, DEMATEL, Flows
from sysmap.measures.routes.sharing import SharedElements
from sysmap.measures.routes.wording import SHOWN, signed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DETERMINANT, RELAY, RESULT, AUTONOMOUS = "determinant", "relay", "result", "autonomous"

_SPOKEN = {
    DETERMINANT: "it moves much and is moved little",
    RELAY: "it moves much and is moved much",
    RESULT: "it is moved much and moves little",
    AUTONOMOUS: "it moves little and is moved little",
}
_UP_DOWN = "Up, down: where the outcomes go when the element grows."
_QUADRANTS = (
    "Determinant: moves much, is moved little; result: the reverse; relay: both much; autonomous: "
    "both little."
)
_TEN = 10
_DIGITS = 12
_TICKS = 8
_NAMED = 3
_RANKS = ("rank", "rank_low", "rank_high")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Influence(Result):
    """Elements by what they move in the outcomes, over chains of any length.

    Parameters
    ----------
    flows
        What runs from every node to every outcome.
    """

    flows: Flows = field(kw_only=True)

    question: ClassVar[str] = "Which elements influence the outcomes most?"

    def compare(self, other: Influence) -> pd.DataFrame:
        """Two answers stand side by side, such as that for islands and that for the rest.

        Parameters
        ----------
        other
            The answer for another map, or by another method for the same one.

        Returns
        -------
        pandas.DataFrame
            Indexed by element: name, then influence, rank, rank_low and rank_high of this answer,
            the same with ``_other`` behind, and `overlap`, which is False where the two rank
            intervals have no rank in common and missing where one of them is. Intervals that are
            apart come first, then the better of the two ranks, ties by id.

        Notes
        -----
        Claims without a context are in both answers, so the two are more alike than the places
        are. A rank depends on all other elements: where the intervals are apart, read why.
        """
        kept = ["name", "influence", *_RANKS]
        ours, theirs = self.table[kept], other.table[kept].add_suffix("_other")
        both = ours.join(theirs, how="outer").sort_index()
        both.index.name = "element"
        both["name"] = both["name"].fillna(both["name_other"])
        apart = (both["rank_low"] > both["rank_high_other"]) | (
            both["rank_low_other"] > both["rank_high"]
        )
        both["overlap"] = ~apart
        best = both[["rank", "rank_other"]].min(axis=1)
        first = (~both["overlap"].fillna(True).astype(bool)).to_numpy()
        order = np.lexsort((best.to_numpy(float), ~first))
        ranks = dict.fromkeys([c for c in both if str(c).startswith("rank")], "Int64")
        return both.drop(columns="name_other").iloc[order].astype(ranks)

    def by_outcome(self) -> pd.DataFrame:
        """What each element moves in each outcome: shared levers, and trade-offs between outcomes.

        Returns
        -------
        pandas.DataFrame
            Indexed by (element, outcome), one row where a chain of claims leads from one to the
            other, so no row is silence: name and outcome_name, influence (signed, without the
            weight of the outcome), direct, gain, loss (influence = gain - loss) and trade_off as
            in the frame. Largest absolute influence first, ties by ids. An element in several rows
            is a lever that these outcomes share; one with both signs helps some and harms others.

        Examples
        --------
        >>> import sysmap as sm
        >>> table = sm.influence(sm.example("teaching"), draws=0).by_outcome()
        >>> table.loc["broken-devices", "influence"].round(2).head(2).to_dict()
        {'digital-skills': -0.53, 'good-teaching': -0.16}
        """
        return flows.by_outcome(self.map, self.flows)

    def shared_elements(self) -> SharedElements:
        """Which outcomes share the elements that lead to them, as a table and an UpSet figure.

        Returns
        -------
        SharedElements
            ``frame`` has one row per combination of outcomes with the elements that lead to
            exactly these; ``plot(ax)`` draws it, and ``alt_text()`` tells the figure in words.

        Notes
        -----
        An element leads to an outcome if a chain of claims of any length does, whatever its sign.

        Examples
        --------
        >>> import sysmap as sm
        >>> shared = sm.influence(sm.example("teaching"), draws=0).shared_elements()
        >>> shared.summary()
        '15 of 20 elements lead to several outcomes, none of them to all 6.'
        >>> shared.frame[["size", "count"]].head(2).values.tolist()
        [[3, 10], [4, 3]]
        """
        return sharing.shared_elements(self.map, self.flows.links)

    def rests_on(self) -> pd.DataFrame:
        """On how many causes and sources rests what the outcomes rely on: what is vulnerable.

        Returns
        -------
        pandas.DataFrame
            Indexed by node, one row per outcome, and per element that a chain of claims joins to
            one, if anything is claimed to influence it: name, table, influence, received, causes
            (what is claimed to influence it) and sources (reporters who told any of that). Fewest
            causes first, then fewest sources, then largest absolute influence, ties by id. A node
            of which nobody named a cause has no row: what it rests on is not known.

        Notes
        -----
        One cause is one that was named. Ask whether there are others before anything is called
        vulnerable.

        Examples
        --------
        >>> import sysmap as sm
        >>> table = sm.influence(sm.example("teaching"), draws=0).rests_on()
        >>> table.loc[table["causes"] == 1, ["table", "causes", "sources"]].head(2)
                           table  causes  sources
        node
        teacher-training  elements       1        1
        budget-line       elements       1        1
        """
        return flows.rests_on(self.map, self.flows)

    def ranking(self, ax: Axes | None = None) -> Axes:
        """Draw the ranks with their intervals, best first."""
        moving = self.table[self._score.round(_DIGITS) > 0]
        notes = [_UP_DOWN] if self._decided else []
        if self._draws:
            notes.append(f"Line: rank in nine of ten of {self._draws:,} draws.")
        left_out = len(self.table) - len(moving)
        if left_out:
            notes.append(f"Not drawn: {number_of(left_out, 'element')} by which nothing is moved.")
        score = self._score_of(moving)
        with charts.style(small_print(self.map)):
            drawn = charts.dots(
                charts.axes(ax, rows=len(moving)),
                moving.assign(effect=np.where(score < 0, "down", "up")),
                value="rank",
                low="rank_low",
                high="rank_high",
                kind="effect" if self._decided else "",
                right=[signed(v) if self._decided else f"{v:.2f}" for v in score],
                lines=[(_TEN + 0.5, "first ten")] if len(self.map.elements) > _TEN else (),
                title=self._lead,
                note=" ".join(notes),
                percent=False,
                xlabel="rank, 1 is the largest influence",
            )
            if len(moving):
                _rank_ticks(drawn)
        return drawn

    def summary(self) -> str:
        """Which element comes first, and how many cannot be told apart from it."""
        if not len(self.map.elements):
            return "There are no elements to rank."
        if not len(self.flows.links):
            return "Nobody said what influences what, so no element can be ranked."
        return f"{self._lead}{self._ties}."

    def methods(self) -> str:
        """How values, sums and rank intervals were computed."""
        low, high = perturbation.ATTENUATIONS
        vanish = percent(perturbation.VANISH)
        drawn = (
            f"Rank intervals are the 5 % and 95 % quantiles over {self._draws:,} draws (seed "
            f"{self.params['rng']}), widened to hold the rank itself: reporters are drawn with "
            f"replacement for links of {perturbation.SEVERAL} or more, other links move one "
            f"category of strength up or down with probability 1/3 each and are lost with {vanish}"
            f"{f', and a further step counts {low} to {high}' if self._attenuated else ''}. "
            if self._draws
            else "No draws were made, so the ranks have no intervals. "
        )
        return (
            "The value of a link is the sign of the larger side of its reporters, times the "
            "difference of the sides over their sum, times the mean strength of the larger side "
            f"(a blank strength is {propagation.MIDDLE_STRENGTH}). {_SUMS[self._method]} "
            f"Outcomes are weighed {_weighed(self.params['weights'])}. Given and received are row "
            "and column sums of the absolute series; an element is a determinant if only the "
            "first reaches the mean of the linked elements, a result if only the second does, a "
            f"relay if both do. {drawn}"
            "MICMAC is not used: on maps without loops the powers of its matrix vanish."
        ).replace("{attenuation}", str(self.params["attenuation"]))

    def alt_text(self) -> str:
        """The influence-dependence map in words."""
        first = "; ".join(
            f"{row['name']} gives {row['given']:.2f} and receives {row['received']:.2f}"
            for _, row in self.table.head(_NAMED).iterrows()
        )
        counts = self.table["quadrant"].value_counts()
        groups = ", ".join(f"{word} {counts.get(word, 0)}" for word in _SPOKEN)
        return (
            f"Scatter of {number_of(len(self._linked), 'linked element')}: influence received "
            f"across, influence given upwards, lines at the means. {self.summary()} "
            f"By quadrant: {groups}.{f' First: {first}.' if first else ''} "
            "Values in sheet influence."
        )

    @property
    def _method(self) -> str:
        return str(self.params["method"])

    @property
    def _attenuated(self) -> bool:
        return self._method == ATTENUATED

    @property
    def _draws(self) -> int:
        return int(str(self.params["draws"]))

    @property
    def _decided(self) -> bool:
        """Whether there is an outcome to be influenced."""
        return bool(len(self.flows.links.outcomes))

    @property
    def _score(self) -> pd.Series:
        """What the rank is by."""
        return self._score_of(self.table).abs()

    def _score_of(self, frame: pd.DataFrame) -> pd.Series:
        return frame["influence" if self._decided else "given"]

    @property
    def _linked(self) -> pd.DataFrame:
        """Rows of elements with at least one link."""
        return self.table[self.table.index.isin(self.flows.links.ids[self.flows.linked])]

    @property
    def _lead(self) -> str:
        """Which element comes first, and how sure that is."""
        if self.table.empty or self._score.iloc[0] < 10.0**-_DIGITS:
            return "No element is known to move an outcome"
        row = self.table.iloc[0]
        said = f"rank interval {row['rank_low']} to {row['rank_high']}" if self._draws else ""
        if not self._decided:
            total = f"total {row['given']:.2f}"
            return f"{row['name']} gives most ({', '.join(filter(None, [total, said]))})"
        total = f"total {signed(row['influence'])}"
        return (
            f"{row['name']} influences the outcomes most ({', '.join(filter(None, [total, said]))})"
        )

    @property
    def _ties(self) -> str:
        """How many elements the draws do not tell apart from the first."""
        if not self._draws or self.table.empty or self._score.iloc[0] < 10.0**-_DIGITS:
            return ""
        near = int((self.table["rank_low"] <= self.table["rank_high"].iloc[0]).sum()) - 1
        if not near:
            return ", apart from all others"
        return f"; {number_of(near, 'other')} cannot be told apart from it"

    def _sentences(self, key: object, row: pd.Series) -> str:
        return " ".join(_sentences(self, str(key), row))

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        told, links = claims(self.map, INFLUENCES), self.flows.links
        node = int(links.ids.get_loc(key))
        led = chains.reached(links, np.array([node]))
        behind = led[told.first] & self.flows.leading[told.second]
        shown = behind | (told.second == node)
        rows = told.frame[shown]
        voice = pd.Series(told.reporters[told.reporter[shown]].astype(str), rows.index)
        counts = pd.Series(np.where(behind[shown], "reporters", ""), rows.index, dtype="str")
        return evidence_rows(self.map, INFLUENCES, rows, voice, counts)

    def _draw(self, ax: Axes) -> Axes:
        frame = self._linked
        linked = np.flatnonzero(self.flows.linked[: len(self.map.elements)])
        across, along = (
            [(float(side[linked].mean()), "mean")] if len(linked) else []
            for side in (self.flows.received, self.flows.given)
        )
        small = f"{_QUADRANTS} In brackets: rank{' in nine of ten draws' if self._draws else ''}."
        alone = len(self.table) - len(frame)
        if alone:
            small += f" Not drawn: {number_of(alone, 'element')} without any link."
        return charts.scatter(
            ax,
            frame.assign(places=[_places(row) for _, row in frame.iterrows()]),
            x="received",
            y="given",
            label="name",
            after="places",
            kind="quadrant",
            title=self._lead,
            note=small,
            xlabel="how much it is moved by others",
            ylabel="how much it moves others",
            xlines=across,
            ylines=along,
        )


def influence(
    m: SystemMap,
    /,
    *,
    method: str = ATTENUATED,
    attenuation: float = ATTENUATION,
    weights: Weights = "equal",
    draws: int = 1000,
    rng: RNG = 0,
    top: int | None = None,
) -> Influence:
    """Elements are ranked by what they move in the outcomes over all chains of claims.

    Parameters
    ----------
    method
        ``attenuated``, or ``dematel`` for comparison with studies that use it.
    attenuation
        What each further step of a chain counts, from 0 to below 1; not used by ``dematel``.
    weights
        How outcomes are weighed: ``equal``; ``seeking``, by the organizations that seek each;
        ``priority``, by its mean place among members that rank; or numbers from 0 up, by outcome
        id or one per outcome in map order.
    draws, rng
        Draws behind the rank intervals, and their randomness; without draws ranks have none.
    top
        How many rows to keep; ranks, means and intervals are those of all elements.

    Returns
    -------
    Influence
        One row per element. `influence` is signed: where the outcomes go when the element grows;
        `direct` is the part of one step, `gain` and `loss` what raises and what lowers (from 0
        up; influence = gain - loss), `trade_off` is True where more than a quarter of what moves
        one outcome runs against the rest. `given`, `received`, `prominence` and `relation` are
        sums over all nodes, and `quadrant` sets the first two against the means of the linked
        elements. Ranks are by absolute influence; `top10` is the share of draws in which the
        element moves something and is among the first ten. `reporters` told the chains that lead
        from it to an outcome.

        Without links everything is 0 and autonomous. Without outcomes `influence` is missing and
        ranks are by `given`. An element that only contested or unsigned claims link has 0 and
        counts reporters. A map without elements gives no rows. An outcome that is a cause hands
        influence on and has no row.

    Raises
    ------
    UndecidableError
        If `weights` asks what nobody said, or ``dematel`` has no sum: a loop hands on all that it
        receives.
    UnknownIdError
        If `weights` names what is no outcome.
    ValueError
        If a parameter is unknown or out of range.
    TypeError
        If a number is none.

    Notes
    -----
    Katz (1953); Hubbell (1965); ``dematel`` after Gabus and Fontela (1972).

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": ["a", "b"], "name": ["Training", "Power"]}),
    ...     "outcomes": pd.DataFrame({"id": ["o"], "name": ["Skills"]}),
    ...     "influences": pd.DataFrame({"cause": ["a", "a", "b"], "effect": ["b", "o", "o"],
    ...                                 "sign": "+", "strength": ["3", "1", "3"]}),
    ... })
    >>> influence(m).frame[["influence", "direct", "rank", "rank_low", "rank_high"]]
             influence  direct  rank  rank_low  rank_high
    element
    b            0.750    0.75     1         1          2
    a            0.625    0.25     2         1          2
    """
    if method not in flows.METHODS:
        raise ValueError(f"method is {method!r}; write {' or '.join(flows.METHODS)}")
    parameters.number("attenuation", attenuation)
    for name, value in (("draws", draws), ("top", 1 if top is None else top)):
        parameters.whole_number(name, value)
    if draws < 0:
        raise ValueError(f"draws is {draws}; give 0 or more")
    if top is not None and top < 1:
        raise ValueError(f"top is {top}; give 1 or more, or None for all rows")
    found = flows.flows(m, weights=weights, method=method, attenuation=attenuation)
    scores = flows.drawn_scores(found, draws=draws, random=stats.generator(rng))
    frame = _frame(m, found, scores)
    params = {
        "method": method,
        "attenuation": attenuation if method == ATTENUATED else None,
        "weights": weights if isinstance(weights, str) else "given",
        "draws": len(scores),
        "rng": seed_of(rng),
        "top": top,
    }
    caveats = tuple(_caveats(m, found, frame, draws - len(scores)))
    return Influence(m, frame if top is None else frame.head(top), params, caveats, flows=found)


def _frame(m: SystemMap, found: Flows, scores: FloatArray) -> pd.DataFrame:
    """One row per element, best first; `scores` has shape (draws, nodes)."""
    elements, size = m.elements, len(m.tables[ELEMENTS])
    given, received = found.given[:size], found.received[:size]
    total = found.influence[:size]
    score = np.abs(total if len(found.links.outcomes) else given).round(_DIGITS)
    rank = stats.ranks(score)
    frame = pd.DataFrame(
        {
            "name": elements["name"].to_numpy(),
            "influence": total,
            "direct": found.direct[:size],
            "given": given,
            "received": received,
            "prominence": given + received,
            "relation": given - received,
            "quadrant": _quadrants(given, received, found.linked[:size]),
            "rank": rank,
            **_intervals(scores[:, :size].round(_DIGITS), rank),
            "gain": found.gain[:size],
            "loss": found.loss[:size],
            "trade_off": (found.against[:size] > flows.TRADE_OFF).any(axis=1),
            "orientation": elements["orientation"].to_numpy(),
            "reporters": chains.reporters_behind(m, found.links, found.leading)[:size],
        },
        index=pd.Index(elements.index, name="element"),
    )
    types = {"name": "str", "quadrant": "str", "orientation": "str", "rank": "int64"}
    types |= {"rank_low": "Int64", "rank_high": "Int64", "reporters": "int64"}
    return frame.astype(types).sort_index().sort_values("rank", kind="stable")


def _intervals(scores: FloatArray, rank: FloatArray) -> dict[str, FloatArray]:
    """Rank interval, and how often an element that moves something is among the first ten."""
    if not scores.size:
        missing = np.full(len(rank), np.nan)
        return {"rank_low": missing, "rank_high": missing, "top10": missing}
    drawn = stats.rank_interval(scores)
    still = (scores == 0) & ((scores > 0).sum(axis=1) < _TEN)[:, None]
    return {
        "rank_low": np.minimum(drawn.low, rank),
        "rank_high": np.maximum(drawn.high, rank),
        "top10": drawn.top10 - still.mean(axis=0),
    }


def _quadrants(given: FloatArray, received: FloatArray, linked: BoolArray) -> np.ndarray:
    """Given and received against their means; what is 0 is never high."""
    high = []
    for side in (given, received):
        mean = side[linked].mean() if linked.any() else 0.0
        high.append(linked & (side > 0) & (side >= mean - 10.0**-_DIGITS))
    moves, moved = high
    return np.select([moves & moved, moves, moved], [RELAY, DETERMINANT, RESULT], AUTONOMOUS)


def _sentences(answer: Influence, key: str, row: pd.Series) -> Iterator[str]:
    """The answer for one element; the strongest chains follow by outcome."""
    found = answer.flows
    node = int(found.links.ids.get_loc(key))
    name, total = row["name"], row["influence"]
    if not answer._decided:
        yield f"The map has no outcome, so {name} is ranked by what it gives to all others."
    elif total:
        would = "grow" if total > 0 else "shrink"
        one_step = np.abs(found.pushes[[node]][:, found.links.outcomes].toarray()) @ found.weights
        chained = row["gain"] + row["loss"] - one_step[0] > 10.0**-_DIGITS
        step = signed(row["direct"]) if chained else "all"
        yield (
            f"If {name} grew, the outcomes would {would}, by the claims: total influence "
            f"{signed(total)} ({step} of it in one step), on a scale where 1 is all that is said "
            "to push the outcomes in one step."
        )
        if min(row["gain"], row["loss"]) >= SHOWN:
            yield (
                f"Chains that raise them add {row['gain']:.2f}, chains that lower them take "
                f"{row['loss']:.2f}."
            )
    elif not row["reporters"]:
        yield (
            f"Nobody named a chain that leads from {name} to an outcome; whether it moves one is "
            "not known."
        )
    else:
        yield f"On balance {name} moves no outcome, as far as the claims tell."
    if row["orientation"] == "undesirable":
        yield f"{name} is marked undesirable; the figure says what would follow if it grew."
    yield from _placed(answer, row, linked=bool(found.linked[node]))
    # Nodes are elements, then outcomes, in map order.
    names = pd.Index(pd.concat([answer.map.elements["name"], answer.map.outcomes["name"]]))
    moved = np.flatnonzero(found.absolute[node] >= SHOWN)
    for place in moved[np.argsort(-found.absolute[node][moved].round(_DIGITS), kind="stable")]:
        yield wording.on_outcome(found, names, node, int(place))
    faint = int((found.absolute[node] > 0).sum()) - len(moved)
    if faint:
        others = number_of(faint, "other outcome" if len(moved) else "outcome")
        yield f"What it moves in {others} is below {SHOWN}."
    yield from wording.disputed(found, names, node)


def _placed(answer: Influence, row: pd.Series, *, linked: bool) -> Iterator[str]:
    """Rank and quadrant of one element, and how many told its chains."""
    said = f"Rank {row['rank']} of {number_of(len(answer.map.elements), 'element')}"
    if answer._draws:
        said += (
            f"; in nine of ten of {answer._draws:,} draws {row['rank_low']} to {row['rank_high']}, "
            f"and among the first ten in {percent(row['top10'])}"
        )
    if answer._score.iloc[0] < 10.0**-_DIGITS:
        said = "No element is known to move anything here, so the ranks say nothing"
    yield f"{said}."
    if not linked:
        yield "No claim links it to anything, which does not mean that there is no link."
        return
    yield (
        f"It gives {row['given']:.2f} and receives {row['received']:.2f}, so among the linked "
        f"elements {_SPOKEN[row['quadrant']]} ({row['quadrant']})."
    )
    if row["reporters"]:
        yield f"Its chains were told by {number_of(row['reporters'], 'reporter')}."


def _caveats(m: SystemMap, found: Flows, frame: pd.DataFrame, lost: int) -> Iterable[str]:
    """What not to conclude from this run."""
    yield from usual_caveats(m, (INFLUENCES,))
    links, size = found.links, len(m.tables[ELEMENTS])
    if not len(m.tables[OUTCOMES]):
        yield "The map has no outcomes, so elements are ranked by what they give to all others."
    told = m.links(INFLUENCES)["context"].isna()
    if told.any() and len(m.tables[CONTEXTS]):
        yield (
            f"{int(told.sum()):,} of {number_of(len(told), 'influence claim')} name no context: "
            "they hold in general and stay in every selection of contexts, so answers for two "
            "groups of contexts differ less than the groups may."
        )
    unlinked = int((~found.linked[:size]).sum())
    if unlinked:
        yield (
            f"Nobody linked {unlinked:,} of {number_of(size, 'element')} to anything; a missing "
            "link is no evidence of no influence."
        )
    tied = int(links.contested.sum())
    if tied:
        yield (
            f"On {tied:,} of {number_of(len(links), 'link')} reporters are evenly split on the "
            "sign, so they count as moving nothing."
        )
    unsigned = int(((links.positive + links.negative) == 0).sum())
    if unsigned:
        yield f"{unsigned:,} of {number_of(len(links), 'link')} have no sign and move nothing."
    thin = int((links.positive + links.negative < perturbation.SEVERAL).sum())
    drawn = frame["top10"].notna().all()
    if thin and drawn:
        yield (
            f"{thin:,} of {number_of(len(links), 'link')} rest on fewer than "
            f"{perturbation.SEVERAL} reporters with a sign; what the draws do to them is assumed, "
            "and a link that nobody told is in no draw."
        )
    if drawn and len(frame) > _TEN:
        doubtful = _TEN - float(frame["top10"].head(_TEN).sum())
        yield (
            f"Of the first ten elements {doubtful:.1f} on average are not among the first ten of a "
            "draw: read the column top10, and do not cut the list at a rank."
        )
    if lost:
        yield f"{number_of(lost, 'draw')} had no sum by method dematel and were left out."
    yield (
        "What further steps count is an assumption; influence is what people said would follow, "
        "and no measured effect."
    )


_SUMS = {
    ATTENUATED: (
        "Each value is divided by the sum of absolute values on its effect, at least "
        f"{propagation.TOP_STRENGTH}; total influence is the sum over chains of any length, each "
        "step after the first counting {attenuation} times (Katz 1953; Hubbell 1965)."
    ),
    DEMATEL: (
        "All values are divided by the largest row or column sum of absolute values; total "
        "influence is the sum over chains of any length without attenuation (DEMATEL; Gabus and "
        "Fontela 1972). That divisor is set by the largest hub, which leaves less to longer chains."
    ),
}


def _weighed(weights: object) -> str:
    words = {
        "equal": "equally",
        "seeking": "by the number of organizations that seek them",
        "priority": "by their mean place among the members that rank (Borda)",
    }
    return words.get(str(weights), "by the numbers given")


def _places(row: pd.Series) -> str:
    """The rank interval behind a name, without a blank at which it could be broken."""
    low, high = row["rank_low"], row["rank_high"]
    if pd.isna(low):
        return f"({row['rank']})"
    return f"({low}\N{EN DASH}{high})" if low != high else f"({low})"


def _rank_ticks(ax: Axes) -> None:
    """Ticks at 1 and at round ranks; there is no rank 0."""
    _, most = ax.get_xlim()
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000) if most / s <= _TICKS)
    ticks = [1, *range(max(step, 2), int(most) + 1, step)]
    ax.set_xticks(ticks, labels=[f"{t:,}" for t in ticks])
