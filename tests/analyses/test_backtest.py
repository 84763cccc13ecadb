"""The back-test against methods.md section 12, in plain loops over rows."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

import sysmap as sm
from sysmap.analyses.backtest import Backtest, backtest
from sysmap.core import charts
from sysmap.core.errors import LimitError, UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.pairs import trial as trials
from sysmap.measures.pairs.hits import comparisons, precision, recall, resampled, values
from tests.evidence import counts_match
from tests.maps import shipped
from tests.planted_ties import PARTED, tied

METHODS = {"score", "shared", "fit", "adamic-adar", "rank sum", "degree product", "random"}
Pair = tuple[str, str]


def pairs_by_day(m: SystemMap) -> tuple[set[Pair], set[Pair]]:
    """Pairs tied by the parting day and pairs tied only later, from the rows of collaborates."""
    rows = m.links("collaborates")
    early = rows["start"] < "2021"
    known, later = (
        {tuple(sorted(ends)) for ends in rows.loc[mine, ["organization", "partner"]].to_numpy()}
        for mine in (early, ~early)
    )
    return known, later - known


def auc_in_loops(m: SystemMap, value: dict[Pair, float]) -> float:
    """Both ends of each later tie in turn beside every partner within max(3, n / 50) places."""
    known, later = pairs_by_day(m)
    ids = sorted(m.organizations.index)
    claims = m.links("works_on")["organization"].value_counts()
    degree = {i: sum(i in p for p in known) for i in ids}
    order = sorted(ids, key=lambda i: (degree[i], claims.get(i, 0), i))
    reach = max(3, len(ids) // 50)
    shares = []
    for pair in sorted(later):
        sides = []
        for stays, leaves in (pair, pair[::-1]):
            wins = []
            for q in ids:
                near = abs(order.index(q) - order.index(leaves)) <= reach
                other = tuple(sorted((stays, q)))
                if q not in pair and near and other not in known | later:
                    gap = value[pair] - value[other]
                    wins.append(0.5 if abs(gap) <= 1e-12 else float(gap > 0))
            if wins:
                sides.append(np.mean(wins))
        if sides:
            shares.append(np.mean(sides))
    return float(np.mean(shares))


def partners_in_common(m: SystemMap) -> dict[Pair, float]:
    known, _ = pairs_by_day(m)
    ids = sorted(m.organizations.index)
    near = {i: {j for p in known if i in p for j in p if j != i} for i in ids}
    return {
        (a, b): sum(1 / np.log(len(near[z])) for z in near[a] & near[b])
        for a, b in itertools.combinations(ids, 2)
    }


def of_pairs(m: SystemMap) -> tuple[trials.Trial, list[Pair]]:
    made = trials.since(m, PARTED)
    ids = made.found.told.organizations
    ends = zip(ids[made.found.first], ids[made.found.second], strict=True)
    return made, [tuple(p) for p in ends]


def test_partners_in_common_win_as_often_as_plain_loops_count():
    m = tied(3, organizations=30, ties=100)
    expected = auc_in_loops(m, partners_in_common(m))
    frame = backtest(m, at=PARTED, draws=10).frame
    assert expected == pytest.approx(frame.loc["adamic-adar", "auc"], abs=1e-9)
    known, later = pairs_by_day(m)
    degree = {i: sum(i in p for p in known) for i in m.organizations.index}
    product = {p: float(degree[p[0]] * degree[p[1]]) for p in partners_in_common(m)}
    assert auc_in_loops(m, product) == pytest.approx(frame.loc["degree product", "auc"])
    assert (frame["ties"] == len(later)).all()


def test_the_first_ten_are_counted_as_plain_loops_do():
    """Places that equals dispute are shared: the expectation over all orders of equals."""
    m = tied(5, organizations=30, ties=100)
    known, later = pairs_by_day(m)
    value = {p: v for p, v in partners_in_common(m).items() if p not in known}

    def expected(options: dict[Pair, float]) -> float:
        points = sorted(options.values(), reverse=True)
        last, seen = points[min(9, len(points) - 1)], min(10, len(points))
        above = [p for p, v in options.items() if v > last + 1e-12]
        equal = [p for p, v in options.items() if abs(v - last) <= 1e-12]
        rest = (seen - len(above)) * sum(p in later for p in equal) / len(equal)
        return sum(p in later for p in above) + rest

    row = backtest(m, at=PARTED, draws=0).frame.loc["adamic-adar"]
    assert expected(value) / 10 == pytest.approx(row["precision_at_10"])
    shares = []
    for one in sorted({i for p in later for i in p}):
        mine = {p: v for p, v in value.items() if one in p}
        shares.append(expected(mine) / sum(one in p for p in later))
    assert np.mean(shares) == pytest.approx(row["recall_at_10"])


def test_the_score_is_that_of_the_opportunities_of_the_time_before():
    m = tied(1)
    made, pairs = of_pairs(m)
    score = dict(zip(pairs, values(made, np.random.default_rng(0))["score"], strict=True))
    listed = sm.opportunities(m.as_of(PARTED), draws=0, top=None).frame
    for key, row in listed.iterrows():
        assert row["score"] == pytest.approx(score[key])


def test_the_rank_sum_adds_the_ranks_of_purpose_and_partners_among_untied_pairs():
    made, _ = of_pairs(tied(2))
    found = {
        k: pd.Series(v)[made.listed]
        for k, v in values(made, np.random.default_rng(0)).items()
        if v is not None
    }
    expected = sum(found[k].round(12).rank() for k in ("shared", "adamic-adar"))
    assert np.allclose(expected, found["rank sum"])


def test_a_pair_tied_before_is_neither_listed_nor_foretold():
    m = tied()
    made, pairs = of_pairs(m)
    known, later = pairs_by_day(m)
    assert later == {p for p, yes in zip(pairs, made.positive, strict=True) if yes}
    assert not any(p in known for p, yes in zip(pairs, made.listed, strict=True) if yes)
    assert not (made.positive & made.never).any()


def test_a_tie_that_nobody_can_date_is_left_out_and_told():
    m = tied()
    rows = m.table("collaborates")
    rows.loc[rows.index[-1], "start"] = None
    rows.loc[rows.index[-2], "start"] = "2020"
    rows.loc[rows.index[-3], "start"] = "2020-12"
    whole = backtest(m, at="2020-06-30", draws=0).frame["ties"].iloc[0]
    answer = backtest(from_tables({**m.tables, "collaborates": rows}), at="2020-06-30", draws=0)
    # no date, and a year that holds the day: unclear; a later month is later
    assert whole - 2 == answer.frame["ties"].iloc[0]
    assert any("2 pairs are left out" in c for c in answer.caveats)
    later = int((rows["start"] != "2019").sum())
    assert any(f"{later:,} of " in c and "not known to any method" in c for c in answer.caveats)


def test_parts_of_one_organization_are_left_out():
    m = tied()
    _, later = pairs_by_day(m)
    one, other = min(later)
    part = m.table("organizations").assign(part_of=lambda d: d["id"].map({one: other}))
    again = from_tables({**m.tables, "organizations": part})
    assert len(later) - 1 == backtest(again, at=PARTED, draws=0).frame["ties"].iloc[0]


@pytest.mark.parametrize("joint", [False, True])
def test_a_fifth_of_the_ties_is_held_back_and_nothing_left_gives_them_away(joint):
    m = tied(joint=joint)
    made = trials.without(m, np.random.default_rng(0))
    assert made.positive.sum() == pytest.approx(0.2 * 240, abs=2)
    kept = made.found.told.ties[:, :2]
    held = np.column_stack([made.found.first, made.found.second])[made.positive]
    assert not {map(tuple, kept.tolist())} & {map(tuple, held.tolist())}
    assert len(kept) + len(held) == 240


def test_a_joint_activity_is_held_back_as_a_whole():
    """Of a meeting of six no pair stays known while another is held back."""
    m = tied(joint=True, ties=100)
    ids = sorted(m.organizations.index)
    meeting = pd.DataFrame({"id": ["meet"], "name": ["Meeting"]})
    there = pd.DataFrame(
        {"organization": ids[:6], "activity": "meet", "role": "co-leads", "date": "2019"}
    )
    tables = {
        **m.tables,
        "activities": pd.concat([m.table("activities"), meeting]),
        "takes_part": pd.concat([m.table("takes_part"), there], ignore_index=True),
    }
    others = tables["takes_part"]
    alone = others.groupby("activity")["organization"].transform(lambda o: o.isin(ids[:6]).all())
    tables["takes_part"] = others[~alone | (others["activity"] == "meet")].reset_index(drop=True)
    both = from_tables(tables)
    states = set()
    for seed in range(20):
        made = trials.without(both, np.random.default_rng(seed))
        inside = (made.found.first < 6) & (made.found.second < 6)
        states.add(int(made.positive[inside].sum()))
    assert states == {0, 15}


def test_needs_make_fit_testable_and_without_them_it_is_missing_with_the_reason():
    without = backtest(tied(), at=PARTED, draws=20)
    row = without.frame.loc["fit"]
    assert "fit" == without.frame.index[-1]
    assert row[["auc", "precision_at_10", "recall_at_10", "low", "high"]].isna().all()
    assert row["ties"] == without.frame["ties"].iloc[0]
    assert any("Fit cannot be tested: no need" in c for c in without.caveats)
    assert "cannot be tested" in without.explain("fit")
    stated = backtest(tied(needs=True), at=PARTED, draws=20)
    assert stated.frame["auc"].notna().all()
    assert not any("Fit cannot be tested" in c for c in stated.caveats)


def test_methods_stand_with_the_best_first_and_intervals_hold_them():
    frame = backtest(tied(), at=PARTED).frame
    assert METHODS == set(frame.index)
    known = frame.dropna()
    assert known["auc"].is_monotonic_decreasing
    assert (known["low"] <= known["auc"]).all()
    assert (known["auc"] <= known["high"]).all()
    assert frame["precision_at_10"].dropna().between(0, 1).all()


def test_ties_are_the_distinct_pairs_of_the_evidence():
    for m in (tied(), tied(joint=True)):
        counts_match(backtest(m, at=PARTED, draws=5), ["ties"])


def test_the_order_of_rows_changes_nothing():
    m, rng = tied(needs=True), np.random.default_rng(0)
    shuffled = {
        t: m.table(t).iloc[rng.permutation(len(m.table(t)))].reset_index(drop=True)
        for t in ("organizations", "elements", "works_on", "priorities", "collaborates")
    }
    again = from_tables({**m.tables, **shuffled})
    for at in (PARTED, None):
        first, second = (backtest(x, at=at, draws=50).frame for x in (m, again))
        pd.testing.assert_frame_equal(first, second)


def test_equal_seeds_give_equal_frames_and_a_generator_is_one_too():
    m = tied()
    first, again = (backtest(m, rng=seed, draws=20) for seed in (3, np.random.default_rng(3)))
    pd.testing.assert_frame_equal(first.frame, again.frame)
    assert (3, "a generator") == (first.params["rng"], again.params["rng"])


def test_few_ties_are_refused_with_what_to_fill():
    m = shipped("teaching")
    with pytest.raises(
        UndecidableError, match=r"1 tie could be held back, at least 20 .* Add ties"
    ):
        backtest(m)
    with pytest.raises(UndecidableError, match=r"surely began after 2024 .* Fill start in collab"):
        backtest(m, at="2024")
    with pytest.raises(UndecidableError, match="0 ties could be held back"):
        backtest(from_tables({}))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"draws": -1}, ValueError, "draws is -1"),
        ({"at": "soon"}, ValueError, "soon"),
        ({"at": 2024}, TypeError, "write it as text"),
    ],
)
def test_a_wrong_parameter_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        backtest(tied(), **options)


def test_too_many_organizations_are_refused():
    ids = [f"o{i}" for i in range(3001)]
    with pytest.raises(LimitError, match=r"3,001 organizations came, at most 3,000"):
        backtest(from_tables({"organizations": pd.DataFrame({"id": ids, "name": ids})}))


def test_the_difference_of_two_methods_is_measured_on_the_same_draws():
    answer = backtest(tied(), at=PARTED)
    gap, low, high = answer.difference("score", "degree product")
    row, floor = answer.frame.loc["score"], answer.frame.loc["degree product"]
    assert gap == pytest.approx(row["auc"] - floor["auc"])
    assert low <= gap <= high
    assert (0.0, 0.0, 0.0) == answer.difference("score", "score")
    assert np.isnan(answer.difference("score", "fit")).all()
    with pytest.raises(UnknownIdError, match="adamic"):
        answer.difference("score", "adamic")


def test_sentences_say_what_was_won_and_against_what():
    answer = backtest(tied(ties=300), at=PARTED)
    said = answer.explain("score")
    assert "chance is 50 %" in said
    assert "150 later ties were tested" in said
    assert "above both floors" in said
    assert "floors" not in answer.explain("random")
    assert "Without draws" in backtest(tied(), at=PARTED, draws=0).explain("score")
    assert any("To foretell ties is not to recommend them" in c for c in answer.caveats)
    held = backtest(tied(), draws=5)
    assert any("flatters shared purpose" in c for c in held.caveats)
    assert "held back" in held.methods()
    assert PARTED in answer.methods()


def test_a_map_without_work_tests_ties_alone():
    m = tied()
    tables = {t: m.table(t) for t in ("organizations", "collaborates")}
    frame = backtest(from_tables(tables), at=PARTED, draws=5).frame
    assert frame.loc[["shared", "fit", "rank sum"], "auc"].isna().all()
    assert frame.loc[["score", "adamic-adar"], "auc"].notna().all()


def test_the_figure_names_every_method_and_the_line_of_chance():
    answer = backtest(tied(), at=PARTED)
    assert isinstance(answer, Backtest)
    ax = answer.plot()
    assert len(METHODS) == len(ax.get_yticklabels())
    assert "chance" in [t.get_text() for t in ax.texts]
    assert charts.to_svg(ax) == charts.to_svg(answer.plot())
    assert "not assessed" in [t.get_text() for t in ax.texts]
    assert "line at 50 %" in answer.alt_text()


def test_progress_is_told_to_the_end():
    seen: list[tuple[int, int]] = []
    backtest(tied(), at=PARTED, draws=5, progress=lambda *step: seen.append(step))
    assert [(n, 8) for n in range(1, 9)] == seen


def test_a_pair_counts_as_often_as_both_ends_are_drawn():
    """The draws of organizations in plain loops, from the same seed."""
    made, _ = of_pairs(tied(ties=100))
    later = np.flatnonzero(made.positive)
    won = np.random.default_rng(1).random(len(later))
    won[0] = np.nan
    drawn = resampled(made, {"score": won}, 5, np.random.default_rng(2))["score"]
    number = len(made.order)
    lots = np.random.default_rng(2).multinomial(number, np.full(number, 1 / number), size=5)
    for chosen, found in zip(lots, drawn, strict=True):
        total = count = 0.0
        for pair, share in zip(later, won, strict=True):
            times = chosen[made.found.first[pair]] * chosen[made.found.second[pair]]
            if not np.isnan(share):
                total, count = total + times * share, count + times
        assert total / count == pytest.approx(found)


def test_a_narrower_comparison_looks_at_fewer_places():
    made, _ = of_pairs(tied())
    assert (2 * made.positive.sum(), 2) == comparisons(made, places=1).other.shape
    value = np.zeros(len(made.listed))
    assert 0.5 == np.nanmean(comparisons(made).above(value))
    share = made.positive.sum() / made.listed.sum()
    assert share == pytest.approx(precision(made, value))
    assert 0 < recall(made, value) < 1
