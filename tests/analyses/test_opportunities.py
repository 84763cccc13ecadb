"""Opportunities: laws, degenerate maps, words, and the evidence behind each number."""

import math
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest

from sysmap.analyses.opportunities import opportunities
from sysmap.core import charts
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.result import EVIDENCE
from sysmap.measures.pairs.matches import met
from tests.maps import shipped
from tests.measures import affinity_twins as twins

TEACHING, ASIA = "teaching", "asia-pacific-digital-learning"
CONTRACT = [
    *("score", "shared", "fit", "reach", "expected", "lift", "kind", "standing"),
    *("rank", "rank_low", "rank_high", "top10"),
]
DRAWN = ["rank_low", "rank_high", "top10", "tier"]


def _tables(m: SystemMap) -> dict[str, pd.DataFrame]:
    return {kind.table: m.table(kind.table) for kind in m.schema if len(m.table(kind.table))}


def _organizations(*ids: str, **more: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame({"id": list(ids), "name": [i.upper() for i in ids]} | more)


def _works(**who: str) -> dict[str, pd.DataFrame]:
    """Elements of one letter that each organization works on."""
    rows = [(o, e) for o, es in who.items() for e in es]
    elements = sorted({e for _, e in rows})
    return {
        "organizations": _organizations(*who),
        "elements": pd.DataFrame({"id": elements, "name": [e.upper() for e in elements]}),
        "works_on": pd.DataFrame(rows, columns=["organization", "element"]),
    }


@pytest.mark.parametrize("seed", [2, 4, 9])
def test_the_frame_holds_what_plain_loops_give(seed: int) -> None:
    """Section 10: shared, expected, helps, helped and fit, with ids."""
    m = twins.random_map(seed)
    frame = opportunities(m, draws=0, top=None).frame
    purpose, fits = twins.purpose(m), twins.fits(m, (1.0, 0.5, 0.25))
    assert set(frame.index) == set(twins.pairs(m))
    for (one, other), row in frame.iterrows():
        assert purpose[one, other][0] == pytest.approx(row["shared"], abs=1e-9)
        sides = [fits.get((a, b), (np.nan,))[0] for a, b in ((other, one), (one, other))]
        assert sides == pytest.approx([row["helps"], row["helped"]], abs=1e-9, nan_ok=True)
        known = [s for s in sides if not np.isnan(s)]
        mean = sum(known) / len(known) if known else np.nan
        assert mean == pytest.approx(row["fit"], abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", [TEACHING, ASIA])
def test_scores_ranks_and_standings_are_in_order(name: str) -> None:
    """New before deepen; within each the rank follows the score; bounds hold."""
    frame = opportunities(shipped(name), top=None).frame
    assert CONTRACT == list(frame.columns[: len(CONTRACT)])
    standing = frame["standing"].tolist()
    assert standing == sorted(standing, key=["new", "deepen"].index)
    for _, rows in frame.groupby("standing"):
        assert rows["rank"].is_monotonic_increasing
        assert rows["score"].round(9).is_monotonic_decreasing
        assert rows["rank"].iloc[0] == 1
        assert (rows["rank_low"] <= rows["rank_high"]).all()
        assert rows["rank_high"].max() <= len(rows)
    for column in ("score", "shared", "fit", "reach", "helps", "helped", "top10", "expected"):
        assert frame[column].dropna().between(0, 1 + 1e-9).all(), column
    assert all(one < other for one, other in frame.index)


def test_rows_in_another_order_change_nothing() -> None:
    """Convention 16, draws included: they run over claims in the order of ids."""
    m = shipped(TEACHING)
    mixed = from_tables(
        {name: rows.sample(frac=1, random_state=3) for name, rows in _tables(m).items()}
    )
    pd.testing.assert_frame_equal(opportunities(m).frame, opportunities(mixed).frame)


@pytest.mark.parametrize("seed", [2, 5])
def test_new_ids_change_nothing_but_the_order_of_draws(seed: int) -> None:
    """Convention 16: names reversed, so that every pair changes its first end."""
    m = twins.random_map(seed)
    new = {o: f"z{9 - int(o[1:])}" for o in m.organizations.index}
    columns = {"id": "organizations", "organization": "", "partner": "", "speaks_for": ""}
    tables = {
        name: rows.assign(
            **{
                c: rows[c].replace(new)
                for c, only in columns.items()
                if c in rows and only in ("", name)
            }
        )
        for name, rows in _tables(m).items()
    }
    plain = opportunities(m, draws=0, top=None).frame
    renamed = opportunities(from_tables(tables), draws=0, top=None).frame
    for (one, other), row in plain.iterrows():
        found = renamed.loc[tuple(sorted((new[one], new[other])))]
        same = ["score", "shared", "fit", "reach", "expected", "lift", "z_shared", "z_fit"]
        assert row[same].tolist() == pytest.approx(found[same].tolist(), abs=1e-9, nan_ok=True)
        assert (row["kind"], row["standing"], row["rank"]) == (
            found["kind"],
            found["standing"],
            found["rank"],
        )
        swapped = [found["helped"], found["helps"]]
        assert [row["helps"], row["helped"]] == pytest.approx(swapped, abs=1e-9, nan_ok=True)


def test_equal_seeds_give_equal_frames_and_other_seeds_move_only_draws() -> None:
    """Section 0, randomness."""
    m = shipped(TEACHING)
    first, again, other = (opportunities(m, rng=seed).frame for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    pd.testing.assert_frame_equal(first.drop(columns=DRAWN), other.drop(columns=DRAWN))
    assert not first["top10"].equals(other["top10"])


def test_draws_at_once_or_one_by_one_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded by blocks of draws; their size decides nothing."""
    m = shipped(TEACHING)
    whole = opportunities(m, draws=40).frame
    monkeypatch.setattr("sysmap.measures.affinity.AT_ONCE", 1)
    pd.testing.assert_frame_equal(whole, opportunities(m, draws=40).frame)


def test_top_keeps_the_best_pairs_and_the_first_of_every_organization() -> None:
    """Section 10: always list the best row of every organization, also the smallest."""
    m = shipped(ASIA)
    every = opportunities(m, draws=0, top=None).frame
    few = opportunities(m, draws=0, top=5).frame
    pd.testing.assert_frame_equal(every.loc[few.index], few)
    best = every["score"].round(9).sort_values(ascending=False, kind="stable").index[:5]
    assert set(best) <= set(few.index)
    for organization in twins.heard(m):
        mine = [key for key in every.index if organization in key]
        assert mine[0] in few.index
    # of each standing the first five by shared purpose and by reach; nobody stated needs
    assert len(few) <= 5 + 2 * 2 * 5 + len(m.organizations)


@pytest.mark.parametrize("seed", range(6))
def test_the_first_by_one_part_are_those_of_plain_loops(seed: int) -> None:
    """By each part alone, within each standing: a rank is 1 and the number of pairs above."""
    answer = opportunities(twins.random_map(seed), draws=20, top=None)
    frame = answer.frame
    expected = {}
    for part in ("shared", "fit", "reach"):
        for standing in ("new", "deepen"):
            excess = frame.loc[frame["standing"] == standing, f"z_{part}"].fillna(0).round(9)
            above = excess[excess > 0].sort_index()
            for pair in above.sort_values(ascending=False, kind="stable").index[:10]:
                expected[part, *pair] = 1 + int((excess > excess[pair]).sum())
    found = answer.by_part(top=10)
    assert expected == found["rank"].to_dict()
    assert found["rank"].between(found["rank_low"], found["rank_high"]).all()
    for key, row in found.iterrows():
        assert row["excess"] == frame.loc[key[1:], f"z_{key[0]}"]
        assert row["kind"] == frame.loc[key[1:], "kind"]


def test_the_first_by_one_part_are_listed_however_low_their_score() -> None:
    m = shipped(TEACHING)
    few, every = (opportunities(m, draws=9, top=top) for top in (2, None))
    alone = few.by_part(top=2)
    assert set(alone.index.droplevel("part")) <= set(few.frame.index)
    pd.testing.assert_frame_equal(every.by_part(top=2), alone)
    best = ("ember-trust", "juniper-alliance")
    assert ("fit", *best) == next(key for key in alone.index if key[0] == "fit")
    assert "By one part alone, among 60 new pairs: fit rank 1 (between 1 and" in few.explain(best)
    with pytest.raises(ValueError, match="top is 11; give 0 to 10"):
        few.by_part(top=11)


def test_without_draws_and_without_pairs_the_parts_have_their_columns() -> None:
    columns = ["excess", "rank", "rank_low", "rank_high", "standing", "kind", "score"]
    still = opportunities(shipped(TEACHING), draws=0).by_part()
    assert columns == list(still.columns)
    assert still["rank_low"].isna().all()
    empty = opportunities(from_tables({})).by_part()
    assert columns == list(empty.columns)
    assert empty.empty
    assert (still.dtypes == empty.dtypes).all()


def test_a_part_is_never_compared_with_its_whole() -> None:
    """Section 10: pairs joined by part_of are left out, also through a third."""
    tables = _works(a="xy", b="xy", c="xy", d="y")
    tables["organizations"]["part_of"] = [None, "a", "b", None]
    found = opportunities(from_tables(tables), draws=0).frame
    assert {("a", "d"), ("b", "d"), ("c", "d")} == set(found.index)


def test_no_pair_is_proposed_that_size_explains() -> None:
    found = opportunities(from_tables(_works(a="x", b="y", c="z")))
    assert (found.frame["score"] < 0.5).all()
    assert "3 pairs of organizations were compared; no new pair exceeds what" in found.summary()
    assert "opportunity to discuss is" in opportunities(shipped(TEACHING)).summary()


def test_an_organization_of_which_nothing_is_known_is_in_no_pair() -> None:
    """What it stands for between two others holds all the same: a is a part of a part of b."""
    tables = _works(a="x", b="y", c="z")
    everybody = _organizations(*"abcd").assign(part_of=["d", None, None, "b"])
    found = opportunities(from_tables(tables | {"organizations": everybody}), draws=0)
    assert set(found.frame.index) == {("a", "c"), ("b", "c")}
    assert any(c.startswith("Of 1 of 4 organizations no claim is known") for c in found.caveats)


def test_what_all_share_tells_nothing() -> None:
    """Section 10: a feature that all have weighs ln 1 = 0."""
    found = opportunities(from_tables(_works(a="x", b="x", c="x")), draws=0).frame
    assert (found["shared"] == 0).all()
    assert (found["score"] == 0.5).all()
    assert (found["rank"] == 1).all()


def _mentoring() -> SystemMap:
    """b needs what a offers in the same place; a needs nothing of b."""
    tables = _works(a="xy", b="z", c="w")
    return from_tables(
        tables
        | {
            "contexts": pd.DataFrame({"id": ["p"], "name": ["Palau"]}),
            "works_on": tables["works_on"].assign(context="p"),
            "priorities": pd.DataFrame(
                {
                    "organization": ["b", "a"],
                    "element": ["x", "w"],
                    "context": ["p", "p"],
                    "level": ["3", "1"],
                }
            ),
        }
    )


def test_one_sided_help_is_learning_with_a_direction() -> None:
    """Section 10: min / max of helps and helped is 0 < 0.5."""
    row = opportunities(_mentoring(), draws=0).frame.loc[("a", "b")]
    assert (row["helps"], row["helped"]) == (1.0, 0.0)
    assert (row["kind"], row["direction"]) == ("learn from", "a -> b")


def test_help_in_both_directions_is_a_complement() -> None:
    """Section 10: both directions meet everything, and no element or outcome is shared."""
    tables = _works(a="x", b="z", c="w")
    m = from_tables(
        tables | {"priorities": pd.DataFrame({"organization": ["b", "a"], "element": ["x", "z"]})}
    )
    row = opportunities(m, draws=0).frame.loc[("a", "b")]
    assert (row["kind"], row["fit"]) == ("complement", 0.25)
    assert pd.isna(row["direction"])


def test_distant_sides_with_something_in_common_make_a_bridge() -> None:
    """Section 10: a - b and c - d are known ties, nothing joins them, a and c share."""
    tables = _works(a="xy", b="z", c="xy", d="w", e="z")
    ties = pd.DataFrame({"organization": ["a", "c"], "partner": ["b", "d"]})
    found = opportunities(from_tables(tables | {"collaborates": ties}), draws=0, top=None).frame
    assert found.loc[("a", "c"), "kind"] == "bridge"
    assert found.loc[("a", "b"), "standing"] == "deepen"
    assert found.loc[("b", "e"), "kind"] == "join forces"


def test_a_chain_of_three_ties_is_near() -> None:
    """Section 10: a bridge spans a distance above 3."""
    who = dict.fromkeys("abcdef", "y") | {"a": "x", "d": "x", "e": "x"}
    tables = _works(**who)
    ties = pd.DataFrame([*pairwise("abcde")], columns=["organization", "partner"])
    found = opportunities(from_tables(tables | {"collaborates": ties}), draws=0, top=None).frame
    assert found.loc[("a", "d"), "kind"] == "join forces"
    assert found.loc[("a", "e"), "kind"] == "bridge"


def test_influence_decides_what_a_met_need_is_worth() -> None:
    """Section 10, v: the element without influence counts nothing, so meeting the other is all."""
    tables = _works(a="x", b="z", c="y")
    m = from_tables(
        tables
        | {
            "outcomes": pd.DataFrame({"id": ["o"], "name": ["O"]}),
            "influences": pd.DataFrame({"cause": ["x"], "effect": ["o"], "sign": ["+"]}),
            "priorities": pd.DataFrame({"organization": ["b", "b"], "element": ["x", "y"]}),
        }
    )
    assert opportunities(m, draws=0).frame.loc[("a", "b"), "fit"] == 0.125
    assert opportunities(m, draws=0, value="influence").frame.loc[("a", "b"), "fit"] == 0.25


def test_a_subject_that_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="about is 3; write an id, or the name of an area"):
        opportunities(shipped(TEACHING), about=3)  # type: ignore[arg-type]  # the wrong type


def test_few_organizations_give_an_empty_frame_with_all_columns() -> None:
    """Section 10, degenerate."""
    whole = opportunities(shipped(TEACHING), draws=0).frame
    for tables in ({}, {"organizations": _organizations("a")}):
        empty = opportunities(from_tables(tables))
        assert empty.frame.empty
        assert list(whole.columns) == list(empty.frame.columns)
        assert whole.dtypes.tolist() == empty.frame.dtypes.tolist()
        assert empty.frame.index.names == ["organization", "partner"]
        assert empty.summary() == "There are no two organizations to compare."
        assert "Empty" in empty.alt_text()
        empty.plot()


def test_a_map_without_any_feature_is_undecidable() -> None:
    """Section 10, degenerate; the sheet is named."""
    m = from_tables({"organizations": _organizations("a", "b")})
    with pytest.raises(UndecidableError, match="no organization seeks or works on anything") as e:
        opportunities(m)
    assert e.value.missing == "Add the sheet works_on or seeks."


def test_weights_without_data_are_undecidable() -> None:
    """All weight on fit and nobody states a need."""
    m = from_tables(_works(a="x", b="y"))
    with pytest.raises(UndecidableError, match="no part with a weight above 0 has data"):
        opportunities(m, weights=(0, 1, 0))


def test_influence_without_chains_is_undecidable() -> None:
    """The sheet that is missing is named."""
    with pytest.raises(UndecidableError, match="Add the sheet outcomes"):
        opportunities(from_tables(_works(a="x", b="y")), value="influence")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"weights": (1, 1)}, "three numbers from 0 up"),
        ({"weights": (0, 0, 0)}, "not all 0"),
        ({"weights": (float("inf"), 1, 1)}, "three numbers from 0 up"),
        ({"weights": (1, -1, 1)}, "three numbers from 0 up"),
        ({"spill": (0.5, 1.0, 0.0)}, "do not rise"),
        ({"spill": (2, 1, 0)}, "between 1 and 0"),
        ({"value": "money"}, "write equal or influence"),
        ({"draws": -1}, "draws is -1; give 0 or more"),
        ({"top": -1}, "top is -1; give 0 or more, or None"),
        ({"spread": "nonsense"}, "spread is 'nonsense'; give what on_spark gives"),
    ],
)
def test_parameters_out_of_range_are_refused(parameters: dict[str, object], words: str) -> None:
    """Each message says what came and what was expected."""
    with pytest.raises(ValueError, match=words):
        opportunities(shipped(TEACHING), **parameters)


def test_needs_that_nobody_was_asked_for_are_missing_and_said() -> None:
    """The Asia-Pacific map holds no needs."""
    found = opportunities(shipped(ASIA), draws=0)
    assert found.frame[["fit", "helps", "helped", "z_fit"]].isna().all(axis=None)
    assert any("Needs were not asked" in c and "Ask priorities" in c for c in found.caveats)
    assert found.params["weights"] == (0.5, 0.0, 0.5)


@pytest.mark.parametrize(("seed", "size"), [(23, 0.384), (8, 0.169)])
def test_a_score_that_follows_size_is_admitted(seed: int, size: float) -> None:
    """Guard of section 10: Spearman of score and claims above 0.3; two random maps."""
    found = opportunities(twins.random_map(seed), draws=0)
    assert size == pytest.approx(float(str(found.params["score_with_size"])), abs=0.005)
    warned = f"The score follows the number of claims of a pair (Spearman {size:.2f})"
    assert any(warned in c for c in found.caveats) == (size > 0.3)


def test_the_excess_of_fit_has_the_prior_of_one_typical_need() -> None:
    """Two alike needs, each met by chance 1/2 and worth 1/4 for want of a place."""
    needs = pd.DataFrame({"organization": "a", "element": ["x", "y"], "level": 3})
    found = opportunities(
        from_tables(
            _works(b="xy", c="vw") | {"organizations": _organizations(*"abc"), "priorities": needs}
        )
    )
    variance, prior = 2 * (1 / 2) ** 2 * (1 / 4) ** 2 / 4, 1 / (4 * 2**2)
    assert (1 / 4 - 1 / 8) / math.sqrt(variance + prior) == pytest.approx(
        found.frame.loc[("a", "b"), "z_fit"]
    )


def test_needs_without_any_work_leave_fit_missing() -> None:
    """Silence about work is not absence of work."""
    tables = _works(a="x", b="x") | {
        "outcomes": pd.DataFrame({"id": ["o"], "name": ["O"]}),
        "seeks": pd.DataFrame({"organization": ["a"], "outcome": ["o"]}),
        "priorities": pd.DataFrame({"organization": ["a"], "element": ["x"]}),
    }
    del tables["works_on"]
    found = opportunities(from_tables(tables), draws=0)
    assert found.frame["fit"].isna().all()
    assert any("Nobody works on anything: fit is missing" in c for c in found.caveats)


@pytest.mark.parametrize("name", [TEACHING, ASIA])
def test_the_evidence_names_real_rows_of_both_organizations(name: str) -> None:
    """Every row can be opened; shared rows belong to the pair; needs are those of the needer."""
    m = shipped(name)
    found = opportunities(m, draws=0)
    for key in found.frame.index:
        rows = found.evidence(key)
        assert tuple(rows.columns) == EVIDENCE
        for table, part in rows.groupby("table"):
            frame = m.links(table).loc[part["row"]]
            if table in ("seeks", "works_on", "priorities", "challenges"):
                assert frame["organization"].isin(key).all()
    best = found.frame.index[0]
    assert set(found.evidence(best)["counts_in"].str.split("; ").explode()) <= {
        "", "shared", "fit", "helps", "helped", "reach", "standing",
    }  # fmt: skip


def test_parts_of_met_needs_add_up_to_the_direction() -> None:
    """What `explain` lists is what the frame says."""
    m = shipped(TEACHING)
    for (one, other), row in opportunities(m, draws=0, top=None).frame.iterrows():
        for helper, needer, share in ((one, other, row["helps"]), (other, one, row["helped"])):
            if pd.notna(share):
                parts = met(m, needer, helper, (1.0, 0.5, 0.25))["part"]
                assert share == pytest.approx(parts.sum(), abs=1e-9)


def test_the_explanation_names_places_elements_and_size() -> None:
    """Checked by hand against the tables of the teaching map."""
    text = opportunities(shipped(TEACHING)).explain(("aurora-agency", "cobalt-council"))
    assert "Aurora Agency and Cobalt Council: an opportunity to discuss, rank 1 of" in text
    assert "by chance (lift" in text
    assert "Deal with telecom companies in Westhaven (need 0.67; works on it there)" in text
    assert "Kind: bridge" in text
    assert "best partner" not in text


def test_learning_is_explained_with_who_learns() -> None:
    """Direction in words."""
    assert "Kind: learn from, B from A." in opportunities(_mentoring()).explain(("a", "b"))


def test_an_unknown_pair_is_refused() -> None:
    """With names that look alike."""
    with pytest.raises(UnknownIdError, match="is not an id in this answer"):
        opportunities(shipped(TEACHING), draws=0).explain(("nobody", "none"))


def test_without_draws_there_is_no_interval() -> None:
    """No invented stability."""
    found = opportunities(shipped(TEACHING), draws=0)
    assert found.frame[DRAWN].isna().all(axis=None)
    assert "plausibly" not in found.summary()
    assert "90 %" not in found.explain(found.frame.index[0])


@pytest.mark.parametrize("name", [TEACHING, ASIA])
def test_the_figure_and_the_words_agree_with_the_frame(name: str) -> None:
    """Summary and alternative text name the first pair; the figure can be drawn."""
    m = shipped(name)
    found = opportunities(m, draws=20)
    first = " and ".join(m.name(o) for o in found.frame.index[0])
    assert first in found.summary()
    assert first in found.alt_text()
    assert "Saracco" in found.methods()
    assert "0.9" in found.methods()
    assert charts.to_png(found.plot())[:4] == b"\x89PNG"


def test_tiers_join_overlapping_intervals() -> None:
    """Section 0: a new tier begins where no interval reaches."""
    frame = opportunities(shipped(TEACHING), draws=50, top=None).frame
    for _, rows in frame.groupby("standing"):
        for _, tier in rows.groupby("tier"):
            later = rows[rows["tier"] > tier["tier"].iloc[0]]
            assert later.empty or later["rank_low"].min() > tier["rank_high"].max()


@pytest.mark.parametrize("seed", range(10, 16))
def test_every_row_of_a_random_map_can_be_explained_and_opened(seed: int) -> None:
    """Blank places, blank levels, cancelled work and organizations without claims included."""
    found = opportunities(twins.random_map(seed), draws=3, top=None)
    assert found.frame["score"].between(0, 1).all()
    for key, row in found.frame.iterrows():
        assert str(row["kind"]) in found.explain(key)
        assert set(found.evidence(key).columns) == set(EVIDENCE)


# The subject of a ranking


def _claims_about(m: SystemMap, table: str, column: str, id: str) -> set[str]:
    rows = m.links(table)
    return set(rows.loc[rows[column] == id, "organization"])


@pytest.mark.parametrize(
    ("name", "column", "subject"),
    [
        ("asia-pacific-digital-learning", "context", "NPL"),
        ("asia-pacific-digital-learning", "context", "KHM"),
        ("asia-pacific-digital-learning", "element", "digital-skills-training"),
        (TEACHING, "context", "coral-keys"),
        (TEACHING, "element", "teacher-training"),
    ],
)
def test_a_ranking_about_a_subject_lists_only_pairs_that_it_concerns(
    name: str, column: str, subject: str
) -> None:
    """Both have a claim about it, or one meets a need of the other; and all evidence is about it,
    but for outcomes sought, ties, and work elsewhere that meets a need there."""
    m = shipped(name)
    answer = opportunities(m, about=subject, draws=0, top=None)
    tables = ("works_on", "priorities", "challenges")
    there = set().union(*(_claims_about(m, t, column, subject) for t in tables))
    pairs = {frozenset(key) for key in answer.frame.index}
    joined = m.organizations["part_of"].notna().sum()
    assert joined or {frozenset(p) for p in combinations(sorted(there), 2)} <= pairs
    for key, row in answer.frame.iterrows():
        helped = (row[["helps", "helped"]].fillna(0) > 0).any()
        assert set(key) <= there or helped
    for key in answer.frame.index[:6]:
        for _, found in answer.evidence(key).iterrows():
            if found["table"] in ("priorities", "challenges"):
                assert m.links(found["table"]).loc[found["row"], column] == subject
            if found["table"] == "works_on" and found["counts_in"] == "shared":
                assert m.links("works_on").loc[found["row"], column] == subject
        assert answer.explain(key).endswith(".")


def test_an_offer_near_the_place_still_meets_a_need_there() -> None:
    """What narrowing with select cannot show: the neighbour who works on it next door."""
    tables = {
        "organizations": _organizations("needs", "near", "far", "other"),
        "elements": pd.DataFrame({"id": ["e", "f"], "name": ["E", "F"]}),
        "contexts": pd.DataFrame(
            {"id": ["x", "y", "z"], "name": ["X", "Y", "Z"], "subregion": ["n", "n", "s"]}
        ),
        "works_on": pd.DataFrame(
            {
                "organization": ["near", "far", "other"],
                "element": ["e", "e", "f"],
                "context": ["y", "z", "x"],
            }
        ),
        "priorities": pd.DataFrame(
            {"organization": ["needs", "other"], "element": ["e", "f"], "context": ["x", "z"]}
        ),
    }
    frame = opportunities(from_tables(tables), about="x", draws=0).frame
    share = {frozenset(key): max(row["helps"], row["helped"]) for key, row in
             frame[["helps", "helped"]].fillna(0).iterrows()}  # fmt: skip
    assert share[frozenset(["needs", "near"])] == 0.5
    assert share[frozenset(["needs", "far"])] == 0.25
    assert frozenset(["near", "far"]) not in share
    assert frozenset(["needs", "other"]) in share


def test_a_ranking_about_an_outcome_rests_on_what_leads_to_it() -> None:
    m = shipped(TEACHING)
    answer = opportunities(m, about="good-teaching", draws=0)
    leading = set(m.upstream("good-teaching").elements.index)
    for key in answer.frame.index[:10]:
        rows = answer.evidence(key)
        works = rows[(rows["table"] == "works_on") & (rows["counts_in"] != "")]
        assert set(m.links("works_on").loc[works["row"], "element"]) <= leading
        seeks = rows[rows["table"] == "seeks"]
        assert set(m.links("seeks").loc[seeks["row"], "outcome"]) <= {"good-teaching"}


def test_an_area_is_a_subject_by_name_and_a_strange_one_is_refused() -> None:
    m = shipped(TEACHING)
    answer = opportunities(m, about="implementation", draws=0)
    assert "about Implementation" in answer.summary()
    assert any("have a claim about the subject" in c for c in answer.caveats)
    with pytest.raises(UnknownIdError, match="Did you mean 'coral-keys'"):
        opportunities(m, about="coral-key")


def test_a_subject_that_concerns_nobody_else_leaves_an_empty_frame() -> None:
    m = from_tables(
        {
            "organizations": _organizations("a", "b"),
            "elements": pd.DataFrame({"id": ["e", "f"], "name": ["E", "F"]}),
            "works_on": pd.DataFrame({"organization": ["a", "b"], "element": ["e", "f"]}),
        }
    )
    answer = opportunities(m, about="e")
    assert answer.frame.empty
    assert list(answer.frame.columns) == list(opportunities(m).frame.columns)
    assert answer.summary() == "There are no two organizations to compare about E."
    assert answer.plot() is not None
    assert answer.best().empty
    assert answer.drawn().empty


# What each member sees


@pytest.mark.parametrize("name", [TEACHING, ASIA])
def test_every_organization_sees_its_best_opportunity(name: str) -> None:
    """The smallest too: its first new pair among all pairs, not only among the listed ones."""
    m = shipped(name)
    answer = opportunities(m, draws=0, top=1)
    everything = opportunities(m, draws=0, top=None).frame
    best = answer.best()
    assert list(best.index) == sorted(twins.heard(m))
    for organization, row in best.iterrows():
        mine = everything[[organization in key for key in everything.index]]
        assert set(mine.index[0]) == {organization, row["partner"]}
        assert mine["score"].iloc[0] == pytest.approx(row["score"])


def test_the_first_cells_of_a_pair_are_those_that_meet_most() -> None:
    m = shipped(TEACHING)
    answer = opportunities(m, draws=0)
    for key, row in answer.frame.head(15).iterrows():
        cells = answer.cells(key, top=1000)
        assert cells["part"].is_monotonic_decreasing
        for direction, helper in (("helps", key[0]), ("helped", key[1])):
            part = cells.loc[cells["helper"] == helper, "part"].sum()
            assert part == pytest.approx(0 if pd.isna(row[direction]) else row[direction])
        top = answer.cells(key)
        assert len(top) <= 5
        said = answer.explain(key)
        for _, cell in top.iterrows():
            assert m.name(cell["element"]) in said
            assert pd.isna(cell["context"]) or m.name(cell["context"]) in said
    with pytest.raises(UnknownIdError):
        answer.cells(("nobody", "else"))


@pytest.mark.parametrize("name", [TEACHING, ASIA])
def test_the_table_twin_holds_the_rows_that_are_drawn(name: str) -> None:
    answer = opportunities(shipped(name), draws=20)
    twin = answer.drawn()
    ax = answer.plot()
    labels = [t.get_text() for t in ax.get_yticklabels()]
    assert len(twin) == len(labels)
    assert len(set(labels)) == len(labels)
    drawn = np.concatenate([line.get_xdata() for line in ax.lines if line.get_marker() != "None"])
    assert sorted(twin["rank"]) == sorted(v for v in drawn if v >= 1)


def test_the_matrix_shows_the_score_of_every_listed_pair_and_marks_ties() -> None:
    answer = opportunities(shipped("teaching"), draws=0)
    table = answer.pairs()
    assert table.index.equals(table.columns.rename("organization"))
    for (one, other), row in answer.frame.iterrows():
        assert row["score"] == table.loc[one, other] == table.loc[other, one]
    assert 2 * len(answer.frame) == int(table.notna().to_numpy().sum())
    written = [text.get_text() for text in answer.matrix().texts]
    ties = int((answer.frame["standing"] == "deepen").sum())
    assert 2 * ties == sum(text.endswith("*") for text in written)
    assert (
        opportunities(
            from_tables({"organizations": pd.DataFrame({"id": ["a"], "name": ["A"]})})
        ).matrix()
        is not None
    )


def test_a_matrix_of_many_long_names_stays_in_the_figure() -> None:
    assert charts.to_png(opportunities(shipped("asia-pacific-digital-learning")).matrix(), dpi=40)
