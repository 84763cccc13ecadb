"""The exchange against methods.md section 14, plain loops and the teaching answer sheet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sysmap.analyses import exchange as analysis
from sysmap.analyses.exchange import Exchange, exchange
from sysmap.core.errors import LimitError, UndecidableError
from sysmap.core.model import SystemMap, from_tables
from tests.maps import shipped

MAPS = ("asia-pacific-digital-learning", "teaching")


def by_hand(m: SystemMap) -> dict[tuple[str, str], tuple[float, float, str]]:
    """Score, need and matched ids of every pair, in plain loops."""
    about, shares, seeks = (m.links(t) for t in ("addresses", "shares", "seeks"))
    shared = set(zip(shares["resource"], shares["organization"], strict=True))
    found = {}
    for organization in m.organizations.index:
        need: dict[str, float] = {}
        for table in ("priorities", "challenges"):
            rows = m.links(table)
            for _, row in rows[rows["organization"] == organization].iterrows():
                level = (2 if pd.isna(row["level"]) else row["level"]) / 3
                need[row["element"]] = max(need.get(row["element"], 0), level)
        need |= dict.fromkeys(seeks.loc[seeks["organization"] == organization, "outcome"], 1.0)
        for resource in m.resources.index:
            targets = set(about.loc[about["item"] == resource, "target"])
            met = sum(need.get(t, 0) for t in targets)
            if met and (resource, organization) not in shared:
                matched = "; ".join(sorted(targets & set(need)))
                score = 2 * met / (len(targets) + sum(need.values()))
                found[resource, organization] = (score, met, matched)
    return found


@pytest.mark.parametrize("name", MAPS)
def test_every_pair_is_that_of_plain_loops(name):
    m = shipped(name)
    frame = exchange(m, draws=10).frame
    expected = by_hand(m)
    assert set(frame.index) == set(expected)
    for key, (score, met, matched) in expected.items():
        row = frame.loc[key]
        assert (row["score"], row["need"]) == pytest.approx((score, met))
        assert row["elements"] == matched


def test_more_matches_than_can_be_ranked_are_refused_with_a_way_out(monkeypatch):
    monkeypatch.setattr(analysis, "_MOST_MATCHES", 1)
    with pytest.raises(LimitError, match=r"m\.select"):
        exchange(shipped("teaching"))


def test_it_tells_how_many_draws_are_done():
    seen = []
    exchange(shipped("teaching"), draws=4, progress=lambda *at: seen.append(at))
    assert seen[-1] == (4, 4)


@pytest.mark.parametrize(
    ("organization", "resource"),
    [
        ("ember-trust", "satellite-guide"),
        ("juniper-alliance", "training-kit"),
        ("beacon-bank", "survey-toolkit"),
        ("delta-fund", "turnover-report"),
    ],
)
def test_the_teaching_map_has_the_planted_matches(organization, resource):
    """datasets/teaching/README.md, task 4: the best match of four organizations."""
    frame = exchange(shipped("teaching"), draws=10).frame
    scores = frame["score"].xs(organization, level="organization")
    assert scores[resource] == scores.max()


def test_a_resource_about_everything_matches_nobody_well():
    """datasets/teaching/README.md: the handbook of everything is the best match of nobody."""
    frame = exchange(shipped("teaching"), draws=10).frame
    best = frame["score"].groupby("organization").transform("max")
    assert (frame["score"] < best).xs("everything-handbook", level="resource").all()


@pytest.mark.parametrize("name", MAPS)
def test_ranks_follow_scores_and_lie_in_their_intervals(name):
    frame = exchange(shipped(name)).frame
    expected = frame["score"].round(12).rank(method="min", ascending=False).astype(int)
    assert list(expected) == list(frame["rank"])
    assert frame["rank"].is_monotonic_increasing
    assert frame["rank"].between(frame["rank_low"], frame["rank_high"]).all()


def test_equal_seeds_give_equal_frames_and_a_generator_is_one_too():
    m = shipped("teaching")
    first, again = exchange(m, rng=3), exchange(m, rng=np.random.default_rng(3))
    pd.testing.assert_frame_equal(first.frame, again.frame)


@pytest.mark.parametrize("name", MAPS)
def test_the_order_of_rows_changes_nothing(name):
    m = shipped(name)
    rng = np.random.default_rng(0)
    shuffled = {
        t: m.table(t).iloc[rng.permutation(len(m.table(t)))].reset_index(drop=True)
        for t in ("priorities", "challenges", "seeks", "addresses", "organizations", "resources")
    }
    again = exchange(from_tables({**m.tables, **shuffled}))
    pd.testing.assert_frame_equal(exchange(m).frame, again.frame)


@pytest.mark.parametrize("table", ["resources", "addresses"])
def test_a_missing_table_is_named(table):
    m = shipped("teaching")
    tables = {t: f for t, f in m.tables.items() if t != table}
    if table == "resources":
        kept = set(m.activities.index) | set(m.groups.index) | set(m.strategies.index)
        tables["addresses"] = tables["addresses"][tables["addresses"]["item"].isin(kept)]
        del tables["shares"]
    with pytest.raises(UndecidableError, match=rf"Add the sheet {table}\."):
        exchange(from_tables(tables))


def test_without_any_need_nothing_can_be_matched():
    m = shipped("teaching")
    needs = {"priorities", "challenges", "seeks"}
    tables = {t: f for t, f in m.tables.items() if t not in needs}
    tables["asked"] = tables["asked"][~tables["asked"]["question"].isin(needs)]
    with pytest.raises(UndecidableError, match=r"Add the sheet priorities\."):
        exchange(from_tables(tables))


def test_where_nothing_matches_the_frame_is_empty_with_all_columns():
    m = from_tables(
        {
            "organizations": pd.DataFrame({"id": ["a"], "name": ["A"]}),
            "elements": pd.DataFrame({"id": ["e", "f"], "name": ["E", "F"]}),
            "resources": pd.DataFrame({"id": ["r"], "name": ["R"]}),
            "priorities": pd.DataFrame({"organization": ["a"], "element": ["e"]}),
            "addresses": pd.DataFrame({"item": ["r"], "target": ["f"]}),
        }
    )
    answer = exchange(m)
    assert list(answer.frame.columns) == [
        "score", "need", "elements", "rank", "rank_low", "rank_high", "kind",
    ]  # fmt: skip
    assert (len(answer), answer.frame.index.names) == (0, ["resource", "organization"])
    assert answer.summary().startswith("No resource addresses anything")
    assert answer.plot() is not None


def test_without_draws_there_is_no_interval_and_below_none_is_refused():
    m = shipped("teaching")
    frame = exchange(m, draws=0).frame
    assert frame[["rank_low", "rank_high"]].isna().to_numpy().all()
    assert list(frame["rank"]) == list(exchange(m).frame["rank"])
    assert "interval" not in exchange(m, draws=0).explain(frame.index[0])
    with pytest.raises(ValueError, match="draws is -1; give 0 or more"):
        exchange(m, draws=-1)


@pytest.mark.parametrize("name", MAPS)
def test_every_kind_shows_its_best_matches(name):
    m = shipped(name)
    answer = exchange(m, draws=0)
    found = answer.by_kind(top=2)
    kinds = list(dict.fromkeys(found.index.get_level_values("kind")))
    order = [*m.schema.node("resources").column("kind").values, "not stated"]
    assert kinds == sorted(kinds, key=order.index)
    for kind in kinds:
        mine = answer.frame[answer.frame["kind"].fillna("not stated") == kind]
        assert list(mine.head(2).index) == list(found.loc[kind].index)
    assert set(answer.frame["kind"].fillna("not stated")) == set(kinds)
    assert answer.by_kind(top=0).empty
    with pytest.raises(ValueError, match="top is -1"):
        answer.by_kind(top=-1)


@pytest.mark.parametrize("name", MAPS)
def test_the_table_twin_holds_the_cells_that_are_drawn(name):
    answer = exchange(shipped(name), draws=0)
    twin = answer.drawn()
    texts = [t.get_text() for t in answer.plot().texts if t.get_text().startswith("0.")]
    assert sorted(texts) == sorted(f"{v:.3g}" for v in twin.round(2).to_numpy().ravel() if v)


def test_a_match_is_told_in_sentences():
    said = exchange(shipped("teaching")).explain(("survey-toolkit", "beacon-bank"))
    assert said.startswith(
        "Usage survey toolkit (tool) may be worth offering to Beacon Bank: of its 1 target, 1 is "
        "what the organization needs (Usage survey). Score 0.43 of 1, rank 1 of 13"
    )


def first_name(answer: Exchange) -> str:
    """The name of the resource of the first row."""
    return answer.map.name(answer.frame.index[0][0])


@pytest.mark.parametrize("name", MAPS)
def test_the_answer_speaks_for_itself(name):
    answer = exchange(shipped(name), draws=10)
    for text in (answer.summary(), answer.methods(), answer.alt_text()):
        assert text.endswith(".")
    tables = {t for key in answer.frame.index for t in answer.evidence(key)["table"]}
    assert "addresses" in tables
    first = first_name(answer)
    assert answer.plot().get_yticklabels()[0].get_text()[:20] == first[:20]
