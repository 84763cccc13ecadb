"""Pathways against methods.md section 6, the claims behind them and the teaching map."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sysmap.analyses.pathways import Pathways, pathways
from sysmap.core import charts
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from tests.evidence import counts_match
from tests.maps import shipped
from tests.measures.routes.test_paths import drawn
from tests.strategies import maps

FEW = settings(max_examples=8, phases=[Phase.generate])
COUNTS = ("sources", "told_whole", "contexts")
COLUMNS = ["path", "length", "sign", "strength", "sources", "told_whole", "contexts"]


def two_ways() -> SystemMap:
    """law -> tax -> trade told whole by one source in one country; law -> port -> trade stitched
    from two sources that speak of different countries."""
    claims = [
        ("law", "tax", "+", "3", "FJI", "one"),
        ("tax", "trade", "-", "3", "FJI", "one"),
        ("tax", "trade", "-", "1", "TON", "two"),
        ("law", "port", "+", "3", "FJI", "two"),
        ("port", "trade", "+", "2", "TON", "three"),
    ]
    ids = ["law", "tax", "port"]
    return from_tables(
        {
            "elements": pd.DataFrame({"id": ids, "name": ["The law", "The tax", "The port"]}),
            "outcomes": pd.DataFrame({"id": ["trade"], "name": ["Trade"]}),
            "contexts": pd.DataFrame(
                {"id": ["FJI", "TON"], "name": ["Fiji", "Tonga"], "kind": "country"}
            ),
            "sources": pd.DataFrame(
                {"id": ["one", "two", "three"], "name": ["First", "Second", "Third"]}
            ),
            "influences": pd.DataFrame(
                claims, columns=["cause", "effect", "sign", "strength", "context", "source"]
            ),
        }
    )


def test_the_row_of_a_path_is_that_of_the_hand():
    """Shares: tax 2 of max(4, 3) is 0.5, port 2 of 4 is 0.5, each after a full share of 3 of 3."""
    frame = pathways(two_ways(), "law", "trade").frame
    assert list(frame.columns) == COLUMNS
    assert list(frame.index) == ["P1", "P2"]
    assert frame.loc["P1"].tolist() == ["law -> tax -> trade", 2, "-", 0.5, 2, 1, 1]
    assert frame.loc["P2"].tolist() == ["law -> port -> trade", 2, "+", 0.5, 2, 0, 0]


def test_a_path_is_told_whole_or_stitched_together():
    answer = pathways(two_ways(), "law", "trade")
    said = answer.explain("P1")
    assert "The law \u2192 The tax \u2192 Trade: told whole by 1 of 3 sources in 1 context." in said
    assert "If every step holds, more of The law means less of Trade" in said
    assert "The tax weakens Trade (2 say \u2212)" in said
    assert "Every link is claimed for Fiji." in said
    other = answer.explain("P2")
    assert "stitched together: no source told it whole." in other
    assert "There is no context in which every link is claimed." in other
    assert "Of 3 sources about influences, 2 claim some of it." in other
    assert answer.summary() == (
        "2 paths of up to 4 links lead from The law to Trade; 1 of 2 was told whole by a source."
    )


def test_a_summary_says_that_nobody_told_the_only_path_whole():
    """Without the way by the tax, the one by the port is left, stitched from two sources."""
    answer = pathways(two_ways().select(elements=["law", "port"]), "law", "trade")
    assert answer.summary() == (
        "1 path of up to 4 links leads from The law to Trade; it was told whole by no source."
    )


def test_the_caveats_carry_the_figures_of_the_run():
    said = " ".join(pathways(two_ways(), "law", "trade").caveats)
    assert "1 of 2 paths is stitched together from claims of different sources" in said
    assert "1 of 2 paths joins links that are claimed for different contexts" in said
    assert "1 path says that more makes more and 1 that more makes less" in said
    assert "no path is no evidence of no influence" in said


def test_a_vote_against_the_majority_does_not_tell_a_path_whole():
    """Source c claims both links, one with the minor sign; a blank sign is no majority sign."""
    links = [(0, 1, "+", s) for s in "abc"] + [(1, 2, "+", "a"), (1, 2, "+", "b"), (1, 2, "-", "c")]
    frame = pathways(drawn(3, [*links, (0, 1, None, "d"), (1, 2, "+", "d")]), "e0", "e2").frame
    assert (4, 2) == (frame["sources"].iloc[0], frame["told_whole"].iloc[0])


def test_an_outvoted_claim_is_no_evidence_for_a_path_told_whole():
    """The first source says + and, later, -; only its later claim tells the path."""
    tables = two_ways().tables
    rows = tables["influences"].assign(date="2024")
    before = rows[rows["source"] == "one"].assign(sign=["-", "+"], date="2020")
    both = pd.concat([before, rows])[["cause", "effect", "sign", "source", "date"]]
    m = from_tables(
        {**{t: tables[t] for t in ("elements", "outcomes", "sources")}, "influences": both}
    )
    answer = pathways(m, "law", "trade")
    (whole,) = answer.frame.index[answer.frame["told_whole"] == 1]
    found = answer.evidence(whole).query("table == 'influences'")
    telling = found[found["counts_in"].str.contains("told_whole")]
    assert ["2024", "2024"] == m.links("influences").loc[telling["row"], "date"].tolist()
    assert 5 == len(found)


def test_a_contested_link_gives_no_sign_and_any_sign_tells_it():
    links = [(0, 1, "+", "a"), (1, 2, "+", "a"), (1, 2, "-", "b"), (0, 1, "+", "b")]
    answer = pathways(drawn(3, links), "e0", "e2")
    row = answer.frame.iloc[0]
    assert ("unknown", 0.0, 2) == (row["sign"], row["strength"], row["told_whole"])
    assert "is not settled" in answer.explain("P1")
    assert any("1 of 1 path passes a link whose sign" in c for c in answer.caveats)


def test_a_link_without_any_context_matches_every_context():
    links = [(0, 1, "+", "a", "c0"), (0, 1, "+", "a", "c1"), (1, 2, "+", "b")]
    answer = pathways(drawn(3, links), "e0", "e2")
    assert 2 == answer.frame["contexts"].iloc[0]
    placeless = pathways(drawn(3, [(0, 1, "+", "a"), (1, 2, "+", "b")]), "e0", "e2")
    assert 0 == placeless.frame["contexts"].iloc[0]
    assert "No link states a context." in placeless.explain("P1")
    assert not any("different contexts" in c for c in placeless.caveats)


def test_without_a_path_the_frame_is_empty_and_says_what_that_means():
    answer = pathways(two_ways(), "trade", "law")
    assert (0, COLUMNS) == (len(answer), list(answer.frame.columns))
    full = pathways(two_ways(), "law", "trade").frame
    assert list(full.dtypes) == list(answer.frame.dtypes)
    assert answer.summary() == (
        "No path of up to 4 claimed influences leads from Trade to The law. There is no longer "
        "one either: nobody told of any, and that is no evidence that Trade does not influence "
        "The law."
    )
    assert "Empty path diagram" in answer.alt_text()
    assert "nothing to draw" in charts.to_svg(answer.plot()).decode()
    assert str(answer.weakest()) == "There is no path that could break."
    long = pathways(drawn(4, [(0, 1), (1, 2), (2, 3)]), "e0", "e3", max_length=2)
    assert "The shortest has 3; ask with max_length=3." in long.summary()


def test_what_cannot_be_asked_is_refused():
    m = two_ways()
    with pytest.raises(UnknownIdError, match=r"'tradee' is not an id in .* mean 'trade'"):
        pathways(m, "law", "tradee")
    with pytest.raises(UnknownIdError, match="'FJI' is not an id"):
        pathways(m, "FJI", "trade")
    with pytest.raises(ValueError, match="both 'law'"):
        pathways(m, "law", "law")
    for name in ("max_length", "top", "limit"):
        with pytest.raises(ValueError, match=f"{name} is 0; give at least 1"):
            pathways(m, "law", "trade", **{name: 0})
        with pytest.raises(TypeError, match=f"{name} is '2'; give a whole number"):
            pathways(m, "law", "trade", **{name: "2"})
    with pytest.raises(UnknownIdError):
        pathways(from_tables({}), "a", "b")
    with pytest.raises(UndecidableError, match=r"Add the sheet influences\."):
        pathways(drawn(2, []), "e0", "e1")


def test_a_limit_is_told_plainly_and_top_cuts_the_rows_only():
    m = drawn(6, [(a, b, "+", "s") for a, b in itertools.permutations(range(6), 2)])
    full = pathways(m, "e0", "e1")
    few = pathways(m, "e0", "e1", limit=5)
    said = "These are the first 5 paths found, among them all of up to 2 links; not exhaustive."
    assert said in few.caveats
    assert few.summary().endswith(said)
    assert str(few.weakest()).endswith(said)
    cut = pathways(m, "e0", "e1", top=3)
    pd.testing.assert_frame_equal(full.frame.head(3), cut.frame)
    assert full.summary() == cut.summary()
    assert "Shown: the first 3 of 41 paths." in cut.caveats
    assert full.weakest() == cut.weakest()


def test_weakest_says_how_much_rests_on_how_few():
    found = pathways(two_ways(), "law", "trade").weakest()
    assert (3, 2, 2) == (found.of, found.paths, found.at_least)
    assert found.complete
    assert len(found.reporters) == 2
    assert str(found).startswith(
        "Of 3 sources behind the 2 paths, 2 sources hold them together: without the claims of "
    )
    assert str(found).endswith("none is left. No fewer do it; another set of that size may.")


def test_claims_without_a_source_are_one_voice():
    answer = pathways(drawn(3, [(0, 1), (1, 2)]), "e0", "e2")
    assert 1 == answer.frame["told_whole"].iloc[0]
    assert "claims without a source" in str(answer.weakest())
    assert any("one source, so told whole says nothing" in c for c in answer.caveats)


@pytest.mark.parametrize("name", ["teaching", "asia-pacific-digital-learning"])
def test_counts_are_the_distinct_units_of_the_evidence(name):
    m = shipped(name)
    for cause, effect in itertools.product(m.elements.index[::5], m.outcomes.index[:3]):
        answer = pathways(m, cause, effect)
        if len(answer):
            counts_match(answer, COUNTS)


@FEW
@given(maps(max_size=12, carried=False), st.integers(0, 99))
def test_on_any_map_counts_match_and_the_order_of_rows_changes_nothing(m: SystemMap, seed: int):
    links = m.links("influences")
    if links.empty:
        return
    rng = np.random.default_rng(seed)
    cause, effect = links["cause"].iloc[0], links["effect"].iloc[-1]
    if cause == effect:
        return
    answer = pathways(m, cause, effect)
    if len(answer):
        counts_match(answer, COUNTS)
    tables = ("elements", "outcomes", "contexts", "sources", "influences")
    shuffled = {t: m.table(t).iloc[rng.permutation(len(m.table(t)))] for t in tables}
    again = pathways(from_tables({**m.tables, **shuffled}), cause, effect)
    pd.testing.assert_frame_equal(answer.frame, again.frame)
    assert answer.weakest().at_least == again.weakest().at_least


def told_best_first(answer: Pathways) -> bool:
    keys = list(
        zip(
            -answer.frame["told_whole"],
            -answer.frame["strength"].round(12),
            answer.frame["path"],
            strict=True,
        )
    )
    return keys == sorted(keys)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_told_path_stands_first(seed):
    rng = np.random.default_rng(seed)
    pairs = list(itertools.permutations(range(6), 2))
    links = [(*pairs[rng.integers(30)], "+", f"s{rng.integers(3)}") for _ in range(40)]
    answer = pathways(drawn(6, links), "e0", "e1")
    assert len(answer) > 3
    assert told_best_first(answer)


@pytest.mark.parametrize("name", ["teaching", "asia-pacific-digital-learning"])
def test_the_figure_and_the_words_stand_for_themselves(name):
    m = shipped(name)
    pairs = itertools.product(m.elements.index, m.outcomes.index)
    answer = max((pathways(m, *ends) for ends in pairs), key=len)
    for text in (answer.summary(), answer.methods(), answer.alt_text(), *answer.caveats):
        assert text.endswith(".")
        assert "significant" not in text
    assert charts.to_svg(answer.plot()) == charts.to_svg(answer.plot())


def test_a_summary_says_how_many_of_the_sources_are_illustrative():
    m = two_ways()
    assert "illustrative" not in pathways(m, "law", "trade").summary()
    tables = dict(m.tables) | {"sources": m.tables["sources"].assign(grade=None)}
    tables["sources"].loc[tables["sources"]["id"] == "one", "grade"] = "illustrative"
    told = pathways(from_tables(tables), "law", "trade")
    assert told.summary().endswith(
        "told whole by a source. 1 of 3 sources about influences is illustrative."
    )
    assert "Illustrative, made up to show how the tool works: 2 of 3 claims" in told.explain("P1")
