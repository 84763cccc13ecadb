"""Coalitions against methods.md section 11, every subset in plain loops, and their evidence."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from sysmap.analyses.coalitions import Coalitions, coalitions
from sysmap.core import charts
from sysmap.core.errors import LimitError, UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.cover import universe
from tests.evidence import counts_match
from tests.maps import shipped
from tests.strategies import maps

MAPS = ("asia-pacific-digital-learning", "teaching")
FIVE_SETS = (range(7), range(7, 14), (0, 7), (1, 2, 8, 9), (3, 4, 5, 6, 10, 11, 12, 13))


def small(works, needs=(), **more: pd.DataFrame) -> SystemMap:
    """Organizations, elements and two countries from triples (organization, element, context)."""
    triples = [*works, *needs]
    named = {
        "organizations": sorted({t[0] for t in triples}),
        "elements": sorted({t[1] for t in triples}),
    }
    tables = {k: pd.DataFrame({"id": v, "name": [i.upper() for i in v]}) for k, v in named.items()}
    tables["contexts"] = pd.DataFrame(
        {"id": ["x", "y"], "name": ["X-land", "Y-land"], "kind": "country"}
    )
    columns = ["organization", "element", "context"]
    tables["works_on"] = pd.DataFrame(list(works), columns=columns)
    if needs:
        tables["priorities"] = pd.DataFrame(list(needs), columns=columns)
    return from_tables({**tables, **more})


def five_sets() -> SystemMap:
    return small([("abcde"[i], f"e{e:02}", "x") for i, s in enumerate(FIVE_SETS) for e in s])


def by_hand(m: SystemMap, outcome: str | None, size: int) -> list[tuple[str, int, int]]:
    """Members, cells covered and cells left out of each size, in plain loops over rows."""
    unit = set(m.contexts.index[m.contexts["kind"] == "country"])
    kept = set(m.upstream(outcome).elements.index) if outcome else set(m.elements.index)
    needs, works = set(), {}
    for table in ("priorities", "challenges"):
        for _, row in m.links(table).iterrows():
            if row["context"] in unit and row["element"] in kept:
                needs.add((row["element"], row["context"]))
    for _, row in m.links("works_on").iterrows():
        here = row["context"] in unit and row["element"] in kept
        if here and row["status"] != "cancelled":
            works.setdefault(row["organization"], set()).add((row["element"], row["context"]))
    stated = len(m.links("priorities")) + len(m.links("challenges")) > 0
    cells = needs if stated else set().union(*works.values())
    mine = {o: c & cells for o, c in works.items() if c & cells}
    answers: list[tuple[str, int, int]] = []
    for number in range(1, size + 1):
        options = list(itertools.combinations(sorted(mine), number))
        reached = [len(set().union(*(mine[o] for o in s))) for s in options]
        if not options or max(reached) == (answers[-1][1] if answers else 0):
            break
        best = options[reached.index(max(reached))]
        answers.append(("; ".join(best), max(reached), len(cells) - max(reached)))
    return answers


def test_greedy_covers_12_and_the_best_two_cover_14():
    """methods.md section 16, maximum coverage."""
    best = coalitions(five_sets()).frame.loc["C2"]
    greedy = coalitions(five_sets(), exact=0).frame.loc["C2"]
    assert ("a; b", 14.0, 0, True) == tuple(best[["members", "covered", "left_out", "optimal"]])
    assert ("d; e", 12.0, False) == tuple(greedy[["members", "covered", "optimal"]])


@pytest.mark.parametrize("name", MAPS)
@pytest.mark.parametrize("outcome", [None, 0])
def test_the_shipped_maps_answer_as_plain_loops_do(name, outcome):
    m = shipped(name)
    aim = None if outcome is None else m.outcomes.index[outcome]
    frame = coalitions(m, outcome=aim, size=3).frame
    rows = frame[["members", "covered", "left_out"]].itertuples(index=False, name=None)
    assert by_hand(m, aim, 3) == list(rows)
    assert frame["optimal"].all()
    assert np.allclose(frame["share"] * (frame["covered"] + frame["left_out"]), frame["covered"])


@pytest.mark.parametrize("name", MAPS)
def test_counts_are_the_distinct_cells_of_the_evidence(name):
    counts_match(coalitions(shipped(name)), ["covered", "left_out"])
    weighed = coalitions(shipped(name), value="influence")
    counts_match(weighed, ["left_out"])


@pytest.mark.parametrize("name", MAPS)
def test_the_order_of_rows_changes_nothing(name):
    m = shipped(name)
    rng = np.random.default_rng(0)
    shuffled = {
        t: m.table(t).iloc[rng.permutation(len(m.table(t)))].reset_index(drop=True)
        for t in ("works_on", "priorities", "challenges", "organizations", "elements", "contexts")
    }
    again = coalitions(from_tables({**m.tables, **shuffled}))
    pd.testing.assert_frame_equal(coalitions(m).frame, again.frame)


def test_needs_decide_and_work_that_nobody_needs_does_not():
    m = small(
        [("a", "law", "x"), ("b", "tax", "x"), ("b", "tax", "y"), ("b", "bus", "y")],
        [("c", "law", "x"), ("c", "tax", "x"), ("a", "ink", "y")],
    )
    answer = coalitions(m)
    assert [("a", 1.0, 2), ("a; b", 2.0, 1)] == list(
        answer.frame[["members", "covered", "left_out"]].itertuples(index=False, name=None)
    )
    left = answer.uncovered("C2")
    assert [("ink", "y")] == list(left.index)
    assert ("INK", "Y-land", 1, 0) == tuple(left.iloc[0])


def test_work_in_another_place_cancelled_or_without_place_covers_nothing():
    m = small(
        [("a", "law", "y"), ("b", "law", None), ("c", "law", "x")],
        [("d", "law", "x")],
    )
    works = m.table("works_on").assign(status=["ongoing", "ongoing", "cancelled"])
    empty = coalitions(from_tables({**m.tables, "works_on": works}))
    assert len(empty) == 0
    assert list(empty.frame.dtypes) == list(coalitions(five_sets()).frame.dtypes)
    assert "Nobody is reported to work on any of 1 need" in empty.summary()
    assert any("1 of 3 claims about work name no country" in c for c in empty.caveats)
    empty.plot()


def test_a_status_that_is_over_still_covers():
    """methods.md section 9: an offer is a claim that is not cancelled."""
    m = small([("a", "law", "x")], [("d", "law", "x")])
    works = m.table("works_on").assign(status="completed")
    assert 1 == len(coalitions(from_tables({**m.tables, "works_on": works})))


def test_cancelled_work_is_no_evidence():
    m = small([("a", "law", "x"), ("a", "tax", "x")], [("d", "law", "x"), ("d", "tax", "x")])
    works = m.table("works_on").assign(status=["ongoing", "cancelled"])
    answer = coalitions(from_tables({**m.tables, "works_on": works}))
    counts_match(answer, ["covered", "left_out"])
    rows = answer.evidence("C1")
    assert [0] == rows.loc[rows["table"] == "works_on", "row"].tolist()


def test_only_elements_that_lead_to_the_outcome_count():
    outcomes = pd.DataFrame({"id": ["o", "p"], "name": ["O", "P"]})
    links = pd.DataFrame({"cause": ["law", "tax"], "effect": ["tax", "o"], "sign": "+"})
    m = small(
        [("a", "law", "x"), ("b", "tax", "x"), ("c", "bus", "x")],
        outcomes=outcomes,
        influences=links,
    )
    assert ["a", "a; b"] == coalitions(m, outcome="o").frame["members"].tolist()
    assert "a; b; c" == coalitions(m).frame["members"].iloc[-1]
    with pytest.raises(UndecidableError, match=r"no influence leads to P\. Add the sheet influen"):
        coalitions(m, outcome="p")
    weighed = coalitions(m, outcome="o", value="influence").frame
    assert "b" == weighed.loc["C1", "members"]
    assert 1.0 == pytest.approx(weighed["share"].iloc[-1])


def test_wishes_are_kept_and_told():
    m = small(
        [("a", "law", "x"), ("a", "tax", "x"), ("b", "law", "x"), ("c", "bus", "x")],
    )
    kept = coalitions(m, include="b", exclude=["a"])
    assert ["b", "b; c"] == kept.frame["members"].tolist()
    assert "under the wishes given" in kept.explain("C2")
    assert [("tax", "x")] == list(kept.uncovered("C2").index)
    assert 1 == kept.uncovered("C2")["working"].iloc[0]


def test_more_partners_are_not_listed_where_they_add_nothing():
    answer = coalitions(small([("a", "law", "x"), ("b", "law", "x")]))
    assert ["C1"] == list(answer.frame.index)
    assert any("more partners are not better" in c for c in answer.caveats)


def test_a_search_that_is_not_proved_says_so():
    answer = coalitions(five_sets(), exact=0)
    assert "not proved to be the best" in answer.explain("C2")
    assert any("not proved" in c for c in answer.caveats)
    assert answer.frame.loc["C2", "at_most"] >= 14


def test_what_each_adds_sums_to_what_is_covered():
    answer = coalitions(shipped("asia-pacific-digital-learning"))
    for key, row in answer.frame.iterrows():
        added = answer.contributions(key)
        assert row["covered"] == pytest.approx(added["adds"].sum())
        assert set(row["members"].split("; ")) == set(added.index)
        assert added["adds"].is_monotonic_decreasing
        assert row["left_out"] == len(answer.uncovered(key))


def test_names_and_denominators_are_in_the_sentences():
    answer = coalitions(shipped("teaching"), outcome="every-school-online")
    said = answer.explain(answer.frame.index[-1])
    assert "Of 5 needs on the way to Every school online" in said
    assert "Aurora Agency" in said
    assert "2 stay open: High price of data in Westhaven; Power in schools in Highmoor." in said
    assert not any(id in said for id in answer.frame["members"].iloc[-1].split("; "))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"size": 0}, ValueError, "size is 0; give at least 1"),
        ({"exact": -1}, ValueError, "exact is -1"),
        ({"value": "much"}, ValueError, "write equal or influence"),
        ({"include": ["a", "b"], "size": 1}, ValueError, "include names 2 organizations"),
        ({"include": "a", "exclude": "a"}, ValueError, "a is in include and in exclude"),
        ({"include": "aa"}, UnknownIdError, "'aa' is not an id in organizations"),
        ({"outcome": "zz"}, UnknownIdError, "'zz' is not an id in outcomes"),
        ({"value": "influence"}, UndecidableError, "Add the sheet outcomes"),
    ],
)
def test_a_wrong_parameter_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        coalitions(five_sets(), **options)


def test_an_empty_map_cannot_be_answered():
    with pytest.raises(UndecidableError, match="Fill the column context of works_on"):
        coalitions(from_tables({}))
    with pytest.raises(UndecidableError, match="Fill the column context of priorities"):
        coalitions(small([("a", "law", "x")], [("a", "law", None)]))


def test_progress_is_told_with_the_members_done():
    seen: list[tuple[int, int]] = []
    coalitions(five_sets(), size=3, progress=lambda done, steps: seen.append((done, steps)))
    assert [(1, 3), (2, 3)] == seen


def test_the_figure_shows_what_each_adds_and_what_stays_open():
    answer = coalitions(shipped("asia-pacific-digital-learning"))
    ax = answer.plot()
    assert [*answer.contributions("C5")["name"].str[:20], "left open"] == [
        t.get_text()[:20] for t in ax.get_yticklabels()
    ]
    widths = [bar.get_width() for bar in ax.patches]
    assert answer.params["cells"] == pytest.approx(sum(widths))
    assert charts.to_svg(ax) == charts.to_svg(answer.plot())


def test_a_coalition_of_one_and_an_empty_choice_are_told_in_good_words():
    m = shipped("teaching")
    first = coalitions(m, size=1)
    assert "No other organization alone covers more." in first.explain("C1")
    none = coalitions(m, exclude=m.organizations.index)
    assert none.frame.empty
    assert none.summary().startswith("Nobody who may take part is reported to work on any of 13")
    about = coalitions(m, outcome="every-school-online").methods()
    assert "leads to Every school online" in about


@settings(max_examples=20, deadline=None)
@given(maps(max_size=12, carried=False))
def test_on_any_map_more_members_never_cover_less(m):
    try:
        answer = coalitions(m, size=4)
    except UndecidableError:
        return
    assert isinstance(answer, Coalitions)
    frame = answer.frame
    assert frame["covered"].is_monotonic_increasing
    assert frame["size"].is_unique
    # the best of k members holds k - 1 of them that cover at least (k - 1) / k of it
    assert (frame["covered"] / frame["size"]).is_monotonic_decreasing
    assert frame["share"].between(0, 1).all()
    assert frame["optimal"].all()
    for key in frame.index:
        assert answer.explain(key)
    if len(frame):
        counts_match(answer, ["covered", "left_out"])


def test_more_than_memory_holds_is_refused_with_the_ways_out(monkeypatch):
    m = five_sets()
    size = len(m.organizations) * coalitions(m).params["cells"]
    monkeypatch.setattr(universe, "AT_MOST", size)
    assert len(coalitions(m).frame)
    monkeypatch.setattr(universe, "AT_MOST", size - 1)
    with pytest.raises(LimitError, match=r"m\.select"):
        coalitions(m)
