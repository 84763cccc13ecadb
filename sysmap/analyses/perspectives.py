"""Where reporters see it differently: the sign of an influence, an element in a place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, get_args

import numpy as np
import pandas as pd

from sysmap.core import charts, names
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap
from sysmap.core.parameters import one_of
from sysmap.core.result import Result, evidence_rows, usual_caveats
from sysmap.core.schema import ABSENT, ASKED, INFLUENCES, NEGATIVE, OBSERVED, POSITIVE, PRESENT, YES
from sysmap.core.words import number_of, percent
from sysmap.measures.ledger import entries
from sysmap.measures.reporting.agreement import Agreement, agreement_of
from sysmap.measures.reporting.constituency import NOT_STATED, constituencies, in_words
from sysmap.measures.reporting.sides import WORDS, Sides, sides
from sysmap.measures.reporting.votes import CONTESTED, MISSING, THERE, Aggregate
from sysmap.measures.rounds.spelling import link_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CONTESTED_FROM = 1 / 3
"""A subject is contested from this share of dissenting reporters on."""
_TOLERANCE = 1e-12
_DRAWN = 15
_LABEL = 42
"""Letters of a label in the figure."""
_CONTESTED, _SINGLE = "contested", "single"
_UNSIGNED, _BOTH = "unsigned", "both"
_SAYS = {
    INFLUENCES: ("more of it leads to more", "more of it leads to less"),
    OBSERVED: ("it is present", "it is absent"),
}
_ANSWERS = {
    POSITIVE: "more leads to more",
    NEGATIVE: "more leads to less",
    PRESENT: "it is present",
    ABSENT: "it is absent",
    _BOTH: "both are shown",
    _CONTESTED: "there is no one answer",
}
_ASKED = {INFLUENCES: "what influences what here", OBSERVED: "elements in this place"}
_BETWEEN, _WITHIN = "between places", "within a place"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Perspectives(Result):
    """What reporters say about each influence and each report, side by side.

    Parameters
    ----------
    agreement
        How far they agree, over both tables and for each.
    sides
        The votes, by table.
    """

    agreement: Agreement = field(kw_only=True)
    sides: Mapping[str, Sides] = field(kw_only=True, repr=False)

    question: ClassVar[str] = "Where do reporters see it differently?"

    def summary(self) -> str:
        """The answer in one sentence, computed from the frame."""
        several = self.table[(self.table["sources"] >= 2) | (self.table["state"] == _CONTESTED)]
        if several.empty:
            return (
                f"No statement is made by two reporters: each of {len(self.table):,} rests on one."
            )
        contested = int((several["state"] == _CONTESTED).sum())
        known = [
            f"{part.alpha:.2f} on {table} ({part.reading})"
            for table, part in self.agreement.by_table.items()
            if not np.isnan(part.alpha)
        ]
        agreed = (
            f"agreement beyond chance is {' and '.join(known)}"
            if known
            else "agreement beyond chance cannot be computed"
        )
        return (
            f"{contested:,} of {number_of(len(several), 'statement')} with two or more reports "
            f"{'is' if contested == 1 else 'are'} contested; {agreed}."
        )

    def methods(self) -> str:
        """How votes were counted, with the parameters of this run and references."""
        return (
            "A statement is one influence (cause and effect, over all places; the vote is its "
            "sign) or one report (element and place; the vote is its state). Each reporter has one "
            "vote: the organization that speaks, else the source. Of several votes the latest "
            "counts; contradictions that cannot be put in order cancel. A claim of an influence "
            "without sign takes no side; where no reporter gives a sign, the vote is that there is "
            "a link. State: single with one vote; consensus if nobody dissents; contested if a "
            "third or more dissents, or if no vote is left; else majority. The answer shown is "
            f"formed by the rule {self.params['aggregate']!r}. Agreement is Krippendorff's nominal "
            "alpha over subjects with two or more votes, of both tables together 1 minus the sum "
            "of observed over the sum of expected disagreement within each table: from 0.80 on "
            "reliable, from 0.667 on tentative, below no conclusions (Krippendorff 2004). Where "
            "nearly all votes are equal alpha is low although few dissent."
        )

    def alt_text(self) -> str:
        """The figure in words."""
        led = self._drawn().head(3)
        values = "; ".join(
            f"{self._name(row)} {row['agree']} against {row['disagree']}"
            for _, row in led.iterrows()
        )
        return (
            "Bars to two sides: reporters who hold the more frequent view to the right, the "
            f"others to the left. {self.summary()}"
            f"{f' First: {values}.' if values else ''} Values in sheet perspectives."
        )

    def _name(self, row: pd.Series, most: int | None = None) -> str:
        """The statement with the names of its ends, cut to so many letters."""
        first, second = (self.map.name(row[end]) for end in ("from", "to"))
        if most is not None:
            room = most - 4
            first, second = (
                _cut(one, max(room // 2, room - len(other)))
                for one, other in ((first, second), (second, first))
            )
        return f"{first} {'→' if row['table'] == INFLUENCES else 'in'} {second}"

    def _rows_of(self, row: pd.Series) -> tuple[Sides, np.ndarray]:
        """The votes of the table, and the positions of the claims about one subject."""
        found = self.sides[row["table"]]
        first = found.told.first_ids.get_loc(row["from"])
        second = found.told.second_ids.get_loc(row["to"])
        mine = (found.told.first == first) & (found.told.second == second)
        return found, np.flatnonzero(mine)

    def _roles(self, row: pd.Series) -> pd.DataFrame:
        """The claims about one subject: label, reporter, side and counts_in."""
        found, at = self._rows_of(row)
        told, value = found.told, found.value[at]
        frame = told.frame.iloc[at]
        voice = told.reporters.to_numpy(object)[told.reporter[at]]
        yes = found.stands[at] & (value == 1)
        no = found.stands[at] & (value == 0)
        votes_yes, votes_no = len(set(voice[yes])), len(set(voice[no]))
        larger, other = (yes, no) if votes_yes >= votes_no else (no, yes)
        sided = set(voice[~np.isnan(value)])
        sideless = ~np.isin(voice, list(sided))
        alone = "agree; sources; unsigned" if not sided else "unsigned"
        counts = np.select(
            [larger, other, sideless], ["agree; sources", "disagree; sources", alone], ""
        )
        return pd.DataFrame(
            {
                "reporter": voice,
                "yes": yes,
                "no": no,
                "sideless": sideless,
                "cancelled": found.cancelled[at],
                "counts_in": counts,
                "context": told.context[at],
                "value": value,
            },
            index=frame.index,
        )

    def _sentences(self, key: object, row: pd.Series) -> str:
        roles, kinds = self._roles(row), constituencies(self.map)
        said = [f"{self._name(row)}: {self._verdict(row)}."]
        for side, words in zip(("yes", "no"), _SAYS[row["table"]], strict=True):
            who = sorted(set(roles.loc[roles[side], "reporter"]))
            if who:
                verb = "says" if len(who) == 1 else "say"
                said.append(
                    f"{len(who):,} of {number_of(int(row['sources']), 'reporter')} {verb} that "
                    f"{words} ({_kinds(kinds, who)})."
                )
        said += self._asides(row, roles, kinds)
        if row["state"] == _CONTESTED or row["disagree"]:
            said.append(f"By the rule {self.params['aggregate']!r} {_ANSWERS[row['answer']]}.")
        return " ".join([*said, *self._asked(row, roles)])

    def _verdict(self, row: pd.Series) -> str:
        if not row["sources"]:
            return "contested, because the only votes contradict themselves"
        if row["state"] == _SINGLE:
            return "one reporter says so, and nobody confirms or contradicts it"
        told = number_of(int(row["sources"]), "reporter")
        if row["state"] == "consensus":
            return f"all {told} agree"
        share = percent(row["disagree"] / row["sources"])
        return f"{row['state']}, {row['disagree']:,} of {told} dissent ({share})"

    def _asides(self, row: pd.Series, roles: pd.DataFrame, kinds: pd.Series) -> Iterator[str]:
        """What stands beside the votes: links without sign, cancelled votes, other places."""
        sideless = sorted(set(roles.loc[roles["sideless"], "reporter"]))
        if sideless:
            yield (
                f"{number_of(len(sideless), 'reporter')} ({_kinds(kinds, sideless)}) "
                f"{'says' if len(sideless) == 1 else 'say'} that there is a link and not which "
                "way it goes."
            )
        cancelled = roles.loc[roles["cancelled"], "reporter"].nunique()
        if cancelled:
            yield (
                f"{number_of(cancelled, 'reporter')} "
                f"{'says' if cancelled == 1 else 'say'} both and {_have(cancelled)} no vote."
            )
        if row["split"] == _BETWEEN:
            told = roles[roles["yes"] | roles["no"] | roles["cancelled"]]
            yes, no = (self._places(told[told["value"] == v]) for v in (1, 0))
            up, down = _SAYS[INFLUENCES]
            yield (
                f"That {up} is said {yes}; that {down}, {no}. This may be a difference between "
                "places and no difference of opinion."
            )

    def _places(self, roles: pd.DataFrame) -> str:
        at, ids = sorted(set(roles["context"])), self.map.contexts.index
        named = [self.map.name(ids[i]) for i in at if i >= 0]
        parts = ["in general"] if -1 in at else []
        return " and ".join([*parts, *([f"about {', '.join(named)}"] if named else [])])

    def _asked(self, row: pd.Series, roles: pd.DataFrame) -> Iterator[str]:
        """How many were asked, where somebody wrote that down."""
        rows = self._ledger(row)
        if rows.empty:
            return
        asked = set(rows["reporter"])
        silent = asked - set(rows.loc[rows["answered"] == YES, "reporter"]) - set(roles["reporter"])
        kept = f"; {len(silent):,} of them stayed silent" if silent else ""
        yield (
            f"{number_of(len(asked), 'reporter')} {'was' if len(asked) == 1 else 'were'} asked "
            f"about {_ASKED[row['table']]}{kept}. Who did not speak of it has no vote."
        )

    def _ledger(self, row: pd.Series) -> pd.DataFrame:
        """Ledger rows that reach one subject."""
        rows = entries(self.map, row["table"])
        areas = self.map.elements["area"]
        mine = {names.key(a) for a in areas.reindex([row["from"], row["to"]]).dropna()}
        reached = rows["area"].isna() | rows["area"].map(names.key, na_action="ignore").isin(mine)
        if row["table"] == OBSERVED:
            reached &= rows["context"].isna() | (rows["context"] == row["to"])
        return rows[reached]

    def _claims_behind(self, key: object, row: pd.Series) -> pd.DataFrame:
        roles = self._roles(row)
        claims = self.map.links(row["table"]).loc[roles.index]
        parts = [
            evidence_rows(self.map, row["table"], claims, roles["reporter"], roles["counts_in"])
        ]
        rows = self._ledger(row)
        if len(rows):
            parts.append(evidence_rows(self.map, ASKED, rows, rows["reporter"], ""))
        return pd.concat(parts, ignore_index=True)

    def _drawn(self) -> pd.DataFrame:
        """Subjects on which more than one report bears."""
        frame = self.table
        return frame[(frame["sources"] >= 2) | (frame["state"] == _CONTESTED)]

    def _draw(self, ax: Axes) -> Axes:
        shown = self._drawn()
        torn = " 0 and 0: the only votes contradict themselves."
        labels = [self._name(row, _LABEL) for _, row in shown.head(_DRAWN).iterrows()]
        labels += [""] * (len(shown) - len(labels))
        return charts.diverging(
            ax,
            shown.assign(label=labels),
            label="label",
            left="disagree",
            right="agree",
            kind="state",
            title=self.summary(),
            note=(
                "One reporter has one vote; agree is the larger side. Statements that rest on one "
                f"reporter are not drawn.{torn if (shown['sources'] == 0).any() else ''}"
            ),
            top=_DRAWN,
            xlabel="reporters",
        )


def perspectives(m: SystemMap, /, *, aggregate: Aggregate = "majority") -> Perspectives:
    """Reporters are counted for and against each influence and each report.

    Parameters
    ----------
    aggregate
        How votes become the one answer that is shown: ``majority``, where a tie is contested;
        ``any`` shows what anybody says (``both`` where both signs are given; present where
        anybody says so); ``all`` shows a sign that all give and else contested, and present
        where all say so and else absent.

    Returns
    -------
    Perspectives
        One row per pair of ends of `influences` (over all places) and `observed`, contested ones
        first, then by sources, ties by table and ids. ``agree`` reporters are the larger side,
        ``disagree`` the others, ``sources`` their sum; equal at a tie. ``state`` is consensus,
        majority, contested or single; ``answer`` follows from `aggregate`. ``unsigned`` are
        reporters of a link who give no sign; where nobody gives one they are those who agree,
        and the answer is ``unsigned``. ``split`` says of a disagreement whether both sides speak
        about one place. A subject whose only votes cancelled is contested with 0 sources.

    Raises
    ------
    UndecidableError
        If the map has no claim of `influences` and none of `observed`.
    ValueError
        If there is no such aggregate.

    Notes
    -----
    Agreement after Krippendorff (2004); over both tables it is the mean of the two coefficients,
    weighted by expected disagreement, because a sign and a state can never be mistaken for each
    other and a coefficient of all four words would be too high.

    Examples
    --------
    >>> from sysmap.core.model import from_tables
    >>> m = from_tables({
    ...     "elements": pd.DataFrame({"id": ["price", "use"], "name": ["Price", "Use"]}),
    ...     "sources": pd.DataFrame({"id": ["s", "t", "u"], "name": ["S", "T", "U"]}),
    ...     "influences": pd.DataFrame({
    ...         "cause": "price", "effect": "use", "sign": ["-", "-", "+"],
    ...         "source": ["s", "t", "u"],
    ...     }),
    ... })
    >>> answer = perspectives(m)
    >>> answer.frame[["agree", "disagree", "sources", "state", "answer"]]
                  agree  disagree  sources      state answer
    claim
    price -> use      2         1        3  contested      -
    >>> answer.agreement.reading
    'no conclusions'
    """
    one_of("aggregate", aggregate, get_args(Aggregate))
    found = {table: sides(m, table) for table in (INFLUENCES, OBSERVED)}
    if not any(len(v.told) for v in found.values()):
        raise UndecidableError(
            "perspectives cannot be compared: nobody reported an influence or a state.",
            missing="Add the sheet influences or observed.",
        )
    frame = pd.concat([_frame(table, v, aggregate) for table, v in found.items()])
    order = np.lexsort(
        (
            frame["to"].to_numpy(object),
            frame["from"].to_numpy(object),
            frame["table"].to_numpy(object),
            -frame["sources"].to_numpy(),
            (frame["state"] != _CONTESTED).to_numpy(),
        )
    )
    frame = frame.iloc[order]
    agreement = agreement_of(found)
    caveats = tuple(_caveats(m, frame, found, agreement))
    params = {"aggregate": aggregate}
    return Perspectives(
        m, frame, params, caveats, agreement=agreement, sides=MappingProxyType(found)
    )


def _frame(table: str, found: Sides, aggregate: Aggregate) -> pd.DataFrame:
    """The rows of one table, in the order of its subjects."""
    yes, no = found.tally.yes[:, 0], found.tally.no[:, 0]
    heard = found.tally.told[:, 0]
    larger = np.where(heard, np.maximum(yes, no), found.sideless)
    other = np.minimum(yes, no)
    sources = larger + other
    state = np.select(
        [
            sources == 0,
            sources == 1,
            other == 0,
            other >= CONTESTED_FROM * sources - _TOLERANCE,
        ],
        [_CONTESTED, _SINGLE, "consensus", _CONTESTED],
        "majority",
    )
    first = found.told.first_ids.to_numpy(object)[found.first]
    second = found.told.second_ids.to_numpy(object)[found.second]
    apart = np.minimum(yes, no) > 0
    self_torn = np.bincount(found.subject[found.cancelled], minlength=len(yes)) > 0
    split = np.select([found.across, apart | self_torn], [_BETWEEN, _WITHIN], "")
    frame = pd.DataFrame(
        {
            "table": pd.Series(table, range(len(yes)), dtype="str"),
            "from": pd.Series(first, dtype="str"),
            "to": pd.Series(second, dtype="str"),
            "agree": larger,
            "disagree": other,
            "sources": sources,
            "state": pd.Series(state, dtype="str"),
            "answer": pd.Series(_answers(table, found, aggregate), dtype="str"),
            "unsigned": found.sideless,
            "split": pd.Series(split, dtype="str").replace("", None),
        }
    )
    text = [link_text(a, b) for a, b in zip(first, second, strict=True)]
    return frame.set_index(pd.Index(text, dtype="str", name="claim"))


def _answers(table: str, found: Sides, aggregate: Aggregate) -> np.ndarray:
    """The one answer that the votes come to, in words."""
    yes, no = WORDS[table]
    status = found.tally.status(aggregate)[:, 0]
    words = np.select(
        [status == THERE, status == MISSING, status == CONTESTED],
        [yes, no, _CONTESTED],
        _UNSIGNED,
    ).astype(object)
    if table == INFLUENCES and aggregate != "majority":
        # a sign has no natural yes: neither of the two may win by the rule alone
        torn = (found.tally.yes > 0) & (found.tally.no > 0)
        words[torn[:, 0]] = _BOTH if aggregate == "any" else _CONTESTED
    return words


def _cut(text: str, most: int) -> str:
    """Text of so many letters at most; long names often differ at their end, so both ends stay."""
    if len(text) <= most:
        return text
    tail = most // 3
    return f"{text[: most - tail - 1].rstrip()}…{text[-tail:].lstrip()}"


def _kinds(kinds: pd.Series, who: list[str]) -> str:
    return in_words(kinds.reindex(who).fillna(NOT_STATED))


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _caveats(
    m: SystemMap, frame: pd.DataFrame, found: Mapping[str, Sides], agreement: Agreement
) -> Iterator[str]:
    """What not to conclude, with the figures of this run."""
    for table, part in agreement.by_table.items():
        if part.reading in ("no conclusions", "tentative"):
            firm = "firm " if part.reading == "tentative" else ""
            yield (
                f"Reporters agree too little about {table} for {firm}conclusions: alpha is "
                f"{part.alpha:.2f} over {number_of(part.subjects, 'statement')} with two or more "
                "votes."
            )
    single = int((frame["state"] == _SINGLE).sum())
    if single:
        yield (
            f"{single:,} of {number_of(len(frame), 'statement')} "
            f"{'rests' if single == 1 else 'rest'} on one reporter: that nobody contradicts them "
            "is no consensus."
        )
    between = frame[frame["split"] == _BETWEEN]
    if len(between):
        named = [
            f"{m.name(a)} → {m.name(b)}"
            for a, b in zip(between["from"].head(3), between["to"].head(3), strict=True)
        ]
        more = f" and {len(between) - 3:,} more" if len(between) > 3 else ""
        yield (
            f"{number_of(len(between), 'influence')} "
            f"{'has' if len(between) == 1 else 'have'} different signs for different places "
            f"({'; '.join(named)}{more}): this may be a difference between places and no "
            "difference of opinion."
        )
    torn = sum(
        len(set(zip(v.subject[v.cancelled], v.told.reporter[v.cancelled], strict=True)))
        for v in found.values()
    )
    if torn:
        yield (
            f"{number_of(torn, 'vote')} {'was' if torn == 1 else 'were'} not counted, because the "
            "reporter says both and no date tells which is later."
        )
    yield from usual_caveats(m, (INFLUENCES, OBSERVED))
