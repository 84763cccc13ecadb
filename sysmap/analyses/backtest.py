"""How well the ranking of opportunities would have named the ties that came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from sysmap.core import charts
from sysmap.core.errors import LimitError, UndecidableError
from sysmap.core.model import SystemMap
from sysmap.core.parameters import seed_of
from sysmap.core.progress import Progress, teller
from sysmap.core.result import Result, evidence_rows, no_evidence, usual_caveats
from sysmap.core.schema import COLLABORATES, TAKES_PART
from sysmap.core.stats import RNG, FloatArray, generator
from sysmap.core.words import number_of, percent
from sysmap.measures.needs import needs_caveats
from sysmap.measures.pairs.hits import (
    BOTH,
    DEGREE,
    FIRST,
    FIT,
    FLOORS,
    METHODS,
    PARTNERS,
    RANDOM,
    SCORE,
    SHARED,
    Comparisons,
    comparisons,
    precision,
    recall,
    resampled,
    values,
)
from sysmap.measures.pairs.ties import tie_claims
from sysmap.measures.pairs.trial import HELD, TABLES, Trial, since, without

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEAST = 20
"""Ties that must have come later; with fewer, an interval would hold nearly everything."""

_MOST_ORGANIZATIONS = 3000
"""All pairs are held at once: 2,658 organizations took 1.4 GiB and 18 s."""

_LEVEL = 0.90
_FEW = 50
_NAMES = {
    SCORE: "the score of the opportunities",
    SHARED: "shared purpose alone",
    FIT: "the fit of needs and offers alone",
    PARTNERS: "the partners in common alone",
    BOTH: "shared purpose and partners in common by the sum of their ranks",
    DEGREE: "the numbers of known ties multiplied",
    RANDOM: "chance",
}
_LABELS = {
    SCORE: "score of the opportunities",
    SHARED: "shared purpose",
    FIT: "fit of needs and offers",
    PARTNERS: "partners in common",
    BOTH: "purpose and partners, rank sum",
    DEGREE: "known ties alone",
    RANDOM: "chance",
}
_COLUMNS = {
    "auc": "float64",
    "precision_at_10": "float64",
    "recall_at_10": "float64",
    "ties": "int64",
    "low": "float64",
    "high": "float64",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Backtest(Result):
    """Each way to rank pairs, by how often it put later ties above comparable pairs."""

    later: pd.DataFrame = field(kw_only=True, repr=False)
    drawn: pd.DataFrame = field(kw_only=True, repr=False)
    question: ClassVar[str] = "How well would the ranking have named the ties that came?"

    def difference(self, method: str, other: str) -> tuple[float, float, float]:
        """How far one method is above another: of `auc`, and its 90 % interval.

        Both are measured on the same draws of organizations, so the interval of the difference
        is narrower than the two intervals suggest.

        Raises
        ------
        UnknownIdError
            If the frame has no such method.
        """
        gap = float(self._row(method)["auc"] - self._row(other)["auc"])
        drawn = self.drawn.reindex(columns=[method, other]).to_numpy(float)
        return gap, *_bounds(drawn[:, 0] - drawn[:, 1])

    def summary(self) -> str:
        """The answer in one sentence, computed from the frame."""
        row = self.table.loc[SCORE]
        if pd.isna(row["auc"]):
            return "Nothing is known by which the score could be tested."
        return self._won(SCORE, row)

    def methods(self) -> str:
        """How the answer was computed, with the parameters of this run and references."""
        p = self.params
        how = (
            f"Claims made by {p['at']} are what was known; pairs that were not tied then and whose "
            "first dated tie is later are to be foretold. A pair whose tie may be older is left "
            "out."
            if p["at"] is not None
            else f"{percent(HELD)} of the ties are held back (seed {p['rng']}), a joint activity "
            "always as a whole, and are to be foretold from everything else."
        )
        return (
            f"{how} Each such pair is compared with pairs in which one end is replaced by an "
            "organization that was never tied to the other end and stands at most "
            "max(3, n / 50) places away in the order by known ties, then by claims; both ends "
            "take their turn. auc is the share of comparisons in which the later tie stands "
            "higher, equals and missing values counting a half. low and high are the 5 % and "
            f"95 % quantiles over {p['draws']:,} draws of organizations with replacement, in "
            "which a pair counts as often as both ends are drawn, multiplied: a wide interval "
            "rather than a narrow one. precision_at_10 is the share of later ties among the ten "
            "first pairs of all, recall_at_10 the share of its later ties among the ten first "
            "pairs of an organization, the mean over those with one. The score weighs its parts "
            "equally; shared partners are weighted by 1 / ln of their ties (Adamic and Adar "
            "2003). The floors are the product of the numbers of known ties, and chance."
        )

    def alt_text(self) -> str:
        """The figure in words: kind, axes, finding, two or three values."""
        first = [
            f"{method} {_short(row['auc'], row['low'], row['high'])}"
            for method, row in self.table.dropna(subset=["auc"]).head(3).iterrows()
        ]
        return (
            "Dot plot with one way to rank pairs per row, the share of comparisons won and its "
            f"90 % interval on the horizontal axis, and a line at 50 %, which is chance. "
            f"{self.summary()} First rows: {'; '.join(first)}. The numbers are in the table of "
            "the back-test."
        )

    def _won(self, method: str, row: pd.Series) -> str:
        told = _within(row["low"], row["high"])
        return (
            f"{self._upper(method)} put a pair that was tied later above a pair as well connected "
            f"that was not in {percent(row['auc'])} of comparisons ({told}chance is 50 %)."
        )

    def _upper(self, method: str) -> str:
        name = _NAMES[method]
        return name[0].upper() + name[1:]

    def _sentences(self, key: object, row: pd.Series) -> str:
        method = str(key)
        if pd.isna(row["auc"]):
            return (
                f"{self._upper(method)} cannot be tested on this map: nothing that it rests on "
                f"was known before the {number_of(int(row['ties']), 'tie')}."
            )
        first, own = percent(row["precision_at_10"]), percent(row["recall_at_10"])
        said = [
            self._won(method, row),
            f"{int(row['ties']):,} later ties were tested.",
            f"Of the first {FIRST} pairs {first} were tied later.",
            _own_share(own),
        ]
        if method not in FLOORS:
            said.append(self._against_floors(method))
        return " ".join(said)

    def _against_floors(self, method: str) -> str:
        if not len(self.drawn):
            return "Without draws nothing is known of how sure that is."
        below = []
        for floor in FLOORS:
            gap, low, high = self.difference(method, floor)
            if not low > 0:
                below.append(
                    f"{_NAMES[floor]} ({100 * gap:+.0f} points, {percent(_LEVEL)} interval "
                    f"{100 * low:+.0f} to {100 * high:+.0f})"
                )
        if not below:
            return (
                "It is above both floors, known ties alone and chance, by more than its interval."
            )
        return f"It cannot be told apart from {' and from '.join(below)}."

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        """The claims that tie each later pair; all methods are tested on the same ones."""
        ids = self.map.organizations.index.to_numpy(object)
        told = tie_claims(self.map)
        ends = ids[told[["organization", "partner"]].to_numpy(np.int64)].astype(str)
        ends = np.sort(ends, axis=1) if len(ends) else ends
        told = told.assign(organization=ends[:, 0], partner=ends[:, 1])
        told = told.merge(self.later, on=["organization", "partner"])
        parts = []
        for table, mine in (
            (COLLABORATES, told["activity"] < 0),
            (TAKES_PART, told["activity"] >= 0),
        ):
            rows = told[mine]
            rows = pd.concat([rows, rows.assign(row=rows["other_row"])])
            rows = rows.drop_duplicates(["row", "organization", "partner"])
            frame = self.map.links(table).loc[rows["row"]]
            unit = (rows["organization"] + " - " + rows["partner"]).set_axis(frame.index)
            parts.append(evidence_rows(self.map, table, frame, unit, "ties"))
        return pd.concat([p for p in parts if len(p)] or [no_evidence()], ignore_index=True)

    def _title(self) -> str:
        row = self.table.loc[SCORE]
        if pd.isna(row["auc"]):
            return self.summary()
        return (
            f"{int(row['ties']):,} later ties: the score put them above pairs as well connected "
            f"in {percent(row['auc'])} of comparisons"
        )

    def _draw(self, ax: Axes) -> Axes:
        frame = self.table.reset_index()
        frame["name"] = frame["method"].map(_LABELS)
        frame["kind"] = np.where(frame["method"].isin(FLOORS), "floor", "method")
        ends = zip(frame["auc"], frame["low"], frame["high"], strict=True)
        return charts.dots(
            ax,
            frame,
            value="auc",
            kind="kind",
            right=["" if np.isnan(auc) else _short(auc, *bounds) for auc, *bounds in ends],
            lines=[(0.5, "chance")],
            title=self._title(),
            note="Lines are 90 % intervals over draws of organizations. Floors are what a useful "
            "ranking must beat. To foretell ties is not to recommend them.",
            percent=True,
            xlabel="comparisons in which the later tie stands higher",
        )


def backtest(
    m: SystemMap,
    /,
    *,
    at: str | None = None,
    draws: int = 200,
    rng: RNG = 0,
    progress: Progress = None,
) -> Backtest:
    """A ranking is tested on ties that it did not know.

    Parameters
    ----------
    at
        The last day of what is known, YYYY, YYYY-MM or YYYY-MM-DD; ties that surely began later
        are to be foretold. None holds back 20 % of the ties instead.
    draws
        Draws of organizations behind the intervals; with 0 they are missing.
    rng
        Seed or generator.
    progress
        Called with steps done and steps in all; True draws a bar.

    Returns
    -------
    Backtest
        Indexed by method: score (as in `opportunities`, parts weighed equally), shared, fit,
        adamic-adar (partners in common), rank sum (of shared and adamic-adar), and the floors
        degree product and random. Columns auc (0 to 1; share of comparisons won, 0.5 is chance),
        precision_at_10, recall_at_10 (0 to 1), ties (later ties, the same for all), low and high
        (90 % interval of auc). Highest auc first; a method without data stands last and its
        values are missing.

    Raises
    ------
    UndecidableError
        If fewer than 20 ties came later.
    LimitError
        If there are more than 3,000 organizations.
    ValueError
        If `draws` is negative or `at` is no date.
    TypeError
        If `at` is no text.

    Notes
    -----
    Section "Back-test" of the methods. A tie is what `opportunities` takes for one. A claim that
    names both ends of an activity is dated by its own date, else by that of its source.

    Examples
    --------
    >>> import sysmap as sm
    >>> try:
    ...     sm.backtest(sm.example("teaching"))
    ... except sm.UndecidableError as error:
    ...     print(error.missing)
    Add ties to collaborates or takes_part.
    """
    if draws < 0:
        raise ValueError(f"draws is {draws}; give 0 or more")
    people = len(m.organizations)
    if people > _MOST_ORGANIZATIONS:
        raise LimitError(
            f"backtest: {people:,} organizations came, at most {_MOST_ORGANIZATIONS:,} can be "
            "compared pair by pair. Narrow with m.select(organizations=...).",
            limit="organizations",
        )
    random = generator(rng)
    with teller(progress, len(METHODS) + 1) as tell:
        trial = without(m, random) if at is None else since(m, at)
        _decidable(trial, at)
        tell(1)
        beside = comparisons(trial)
        above: dict[str, FloatArray] = {}
        rows = {}
        for done, (method, value) in enumerate(values(trial, random).items()):
            if value is not None:
                above[method] = beside.above(value)
                rows[method] = (precision(trial, value), recall(trial, value))
            tell(done + 2)
    drawn = pd.DataFrame(resampled(trial, above, draws, random))
    params = {"at": at, "draws": draws, "rng": seed_of(rng)}
    frame = _frame(trial, above, rows, drawn)
    return Backtest(
        m, frame, params, _caveats(m, trial, beside, at), later=trial.later(), drawn=drawn
    )


def _decidable(trial: Trial, at: str | None) -> None:
    ties = int(trial.positive.sum())
    if ties >= LEAST:
        return
    came = (
        f"{number_of(ties, 'tie')} could be held back"
        if at is None
        else f"{number_of(ties, 'tie')} surely began after {at} between organizations that were "
        "not tied before"
    )
    raise UndecidableError(
        f"The ranking cannot be tested: {came}, at least {LEAST} are needed.",
        missing=f"Add ties to {COLLABORATES} or {TAKES_PART}."
        if at is None
        else f"Fill start in {COLLABORATES} and date in {TAKES_PART}, or choose another day.",
    )


def _frame(
    trial: Trial,
    above: dict[str, FloatArray],
    rows: dict[str, tuple[float, float]],
    drawn: pd.DataFrame,
) -> pd.DataFrame:
    frame = pd.DataFrame(np.nan, index=pd.Index(METHODS, name="method"), columns=list(_COLUMNS))
    for method, share in above.items():
        low, high = _bounds(drawn[method].to_numpy())
        mean = float(np.nanmean(share)) if (~np.isnan(share)).any() else np.nan
        frame.loc[method] = (mean, *rows[method], 0, low, high)
    frame["ties"] = int(trial.positive.sum())
    order = np.lexsort((frame.index.to_numpy(object), -frame["auc"].round(12)))
    return frame.iloc[order].astype(_COLUMNS)


def _bounds(values_: FloatArray) -> tuple[float, float]:
    """The 5 % and 95 % quantiles; NaN without draws."""
    known = values_[~np.isnan(values_)]
    if not len(known):
        return float("nan"), float("nan")
    tail = (1 - _LEVEL) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)


def _caveats(m: SystemMap, trial: Trial, beside: Comparisons, at: str | None) -> tuple[str, ...]:
    said = [
        *usual_caveats(m, TABLES),
        *needs_caveats(m),
    ]
    ties = int(trial.positive.sum())
    if ties < _FEW:
        said.append(f"{ties:,} later ties are few: differences within the intervals say nothing.")
    when = f"by {at}" if at is not None else "in this map"
    if trial.found.fit is None:
        said.append(
            f"Fit cannot be tested: no need, or no work, was stated {when}. It stays reasoned and "
            "not validated."
        )
    if trial.found.purpose is None:
        said.append(f"Shared purpose cannot be tested: nothing was sought or worked on {when}.")
    if trial.found.reach is None:
        said.append(f"Partners in common cannot be tested: no tie was known {when}.")
    alone = ties - int(beside.usable.sum())
    if alone:
        said.append(
            f"{alone:,} of {ties:,} later ties have no comparable pair that was never tied, and "
            "are in no comparison."
        )
    if trial.unknown:
        said.append(
            f"{trial.unknown:,} of {trial.claims:,} claims are later than {at} or have no date, "
            "and were not known to any method."
        )
    if trial.unclear:
        said.append(
            f"{number_of(trial.unclear, 'pair')} {'is' if trial.unclear == 1 else 'are'} left out, "
            "because nobody can say whether the tie began before or after."
        )
    if at is None:
        said.append(
            "No day parts the claims: what organizations seek and work on may itself have come "
            "from the ties that were held back, which flatters shared purpose. Give at where the "
            "ties are dated."
        )
    said.append(
        "A tie that nobody reported counts as none. To foretell ties is not to recommend them: "
        "history favours friends of friends, and a good opportunity may be one that nobody took."
    )
    return tuple(said)


def _within(low: float, high: float) -> str:
    """The interval and what follows it; nothing where there were no draws."""
    if np.isnan(low):
        return ""
    return f"{percent(_LEVEL)} interval {percent(low)} to {percent(high)}; "


def _own_share(share: str) -> str:
    return (
        f"Among its own first {FIRST} pairs an organization would have found {share} of its later "
        "ties, on average."
    )


def _short(auc: float, low: float, high: float) -> str:
    told = f"{100 * auc:.0f} %"
    return told if np.isnan(low) else f"{told} ({100 * low:.0f} to {100 * high:.0f})"
