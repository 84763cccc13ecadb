"""The search for the best partners gives what the comparison of all pairs gives."""

import pickle
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from sysmap.analyses import opportunities as module
from sysmap.analyses.opportunities import opportunities
from sysmap.core.errors import LimitError, UndecidableError
from sysmap.core.model import SystemMap, from_tables
from sysmap.measures.pairs import nearest, search
from sysmap.measures.pairs.few import Few, Listed
from tests.maps import shipped
from tests.measures.affinity_twins import random_map

SHIPPED = ("asia-pacific-digital-learning", "teaching")


def both(
    m: SystemMap, monkeypatch: pytest.MonkeyPatch, **options: object
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All pairs compared at once, and the search among them."""
    whole = opportunities(m, **options).frame
    monkeypatch.setattr(module, "ALL_PAIRS", 2)
    monkeypatch.setattr(search, "CELLS", 3 * len(m.organizations))
    return whole, opportunities(m, **{**options, "top": options["top"] or 10_000}).frame


@pytest.mark.parametrize("seed", range(8))
def test_with_room_for_every_pair_nothing_differs(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scores, kinds, ranks and intervals of draws: the same lots fall on the same claims."""
    whole, found = both(random_map(seed), monkeypatch, draws=40, top=None)
    pd.testing.assert_frame_equal(whole, found, rtol=0, atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_draws_do_not_depend_on_how_much_is_held_at_once(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More draws than a word has bits, a few pairs and a few draws at a time; all, as it is."""
    m = random_map(seed)
    whole, once = both(m, monkeypatch, draws=70, top=None)
    pairs: list[int] = []
    beside = Listed.beside

    def counted(lists: Listed, first: np.ndarray, second: np.ndarray) -> Few:
        pairs.append(len(first))
        return beside(lists, first, second)

    def held(entries: int, numbers: int) -> list[int]:
        monkeypatch.setattr(nearest, "_ENTRIES", entries)
        monkeypatch.setattr(nearest, "_HELD", numbers)
        pairs.clear()
        pd.testing.assert_frame_equal(
            once, opportunities(m, draws=70, top=10_000).frame, check_exact=True
        )
        return pairs

    monkeypatch.setattr(Listed, "beside", counted)
    assert held(nearest._ENTRIES, nearest._HELD) == [len(whole)] * 3  # seen, and two words
    assert len(held(400, nearest._HELD)) >= 3 * 5
    assert held(10**6, 3 * 5 * (len(whole) + 1)) == [len(whole)] * (1 + 70 // 5)
    pd.testing.assert_frame_equal(whole, once, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_maps_do_not_differ_either(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, found = both(shipped(name), monkeypatch, draws=10, top=None)
    pd.testing.assert_frame_equal(whole, found, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_best_partners_of_each_are_kept_and_no_others(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The naive twin: sort the partners of each among all pairs, by score and by each part."""
    m = shipped(name)
    whole = opportunities(m, draws=0, top=None).frame
    monkeypatch.setattr(module, "ALL_PAIRS", 2)
    found = opportunities(m, draws=0, top=3).frame
    expected = set()
    for organization in m.organizations.index:
        mine = whole[[organization in key for key in whole.index]]
        order = np.lexsort((list(map(str, mine.index)), -mine["score"].round(9)))
        expected |= set(mine.iloc[order].head(3).index)
        expected |= set(mine[mine["standing"] == "new"].head(1).index)
        for part in ("z_shared", "z_fit", "z_reach"):
            above = mine[mine[part] > 0].sort_index()
            first = above[part].round(9).sort_values(ascending=False, kind="stable").index[:1]
            expected |= set(first)
    assert expected == set(found.index)
    columns = ["score", "shared", "fit", "helps", "helped", "reach", "expected", "lift", "kind"]
    pd.testing.assert_frame_equal(
        whole.loc[found.index, columns], found[columns], rtol=0, atol=1e-9
    )


def crowd(size: int) -> SystemMap:
    """Many small portfolios, with needs and ties."""
    rng = np.random.default_rng(1)
    who = [f"o{i:05}" for i in range(size)]
    elements, places = [f"e{i}" for i in range(60)], [f"c{i}" for i in range(20)]

    def rows(number: int, **columns: list[str]) -> pd.DataFrame:
        made = {c: rng.choice(v, number) for c, v in columns.items()}
        return pd.DataFrame(made).drop_duplicates(ignore_index=True)

    def nodes(ids: list[str]) -> pd.DataFrame:
        return pd.DataFrame({"id": ids, "name": ids})

    ties = rows(2 * size, organization=who, partner=who)
    cell = {"organization": who, "element": elements, "context": places}
    needs = rows(2 * size, **cell)
    return from_tables(
        {
            "organizations": nodes(who),
            "elements": nodes(elements),
            "contexts": nodes(places),
            "works_on": rows(4 * size, **cell),
            "priorities": needs,
            "collaborates": ties[ties["organization"] != ties["partner"]],
        }
    )


def test_more_than_two_thousand_organizations_keep_the_best_partners_of_each() -> None:
    m = crowd(2001)
    told: list[tuple[int, int]] = []
    answer = opportunities(m, draws=2, top=2, progress=lambda *steps: told.append(steps))
    compared, drawn = ([step for step in told if step[1] == of] for of in (2001, 2))
    assert told == sorted(compared) + sorted(drawn)
    assert (compared[-1], drawn[-1]) == ((2001, 2001), (2, 2))
    frame = answer.frame
    ends = pd.concat([frame.index.to_frame()[end] for end in ("organization", "partner")])
    assert set(ends) == set(m.organizations.index)
    assert 2001 <= len(frame) <= (2 + 1 + 3) * 2001
    alone = answer.by_part(top=10)
    assert set(alone.index.get_level_values("part")) == {"shared", "fit", "reach"}
    assert (alone["excess"] > 0).all()
    assert answer.params["pairs"] == 2001 * 2000 // 2
    assert any("the best of every organization" in c for c in answer.caveats)
    assert frame["rank"].between(frame["rank_low"], frame["rank_high"]).all()
    assert answer.explain(frame.index[0]).endswith(".")


def test_all_pairs_of_so_many_are_refused_with_the_ways_out() -> None:
    with pytest.raises(LimitError, match=r"at most 2,000\. Give top"):
        opportunities(crowd(2001), top=None)
    ids = [f"o{i}" for i in range(2001)]
    m = from_tables({"organizations": pd.DataFrame({"id": ids, "name": ids})})
    with pytest.raises(UndecidableError, match="no organization seeks or works on anything"):
        opportunities(m)


def test_a_subject_leaves_out_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    m = shipped("teaching")
    whole, found = both(m, monkeypatch, draws=10, top=None, about="coral-keys")
    assert 0 < len(whole) < 10
    pd.testing.assert_frame_equal(whole, found, rtol=0, atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_slices_searched_elsewhere_give_the_same_frame(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each slice is searched on its own, and what is searched by can be sent away."""
    m = random_map(seed)
    monkeypatch.setattr(module, "ALL_PAIRS", 2)
    monkeypatch.setattr(search, "CELLS", 3 * len(m.organizations))
    here = opportunities(m, draws=3, top=2)
    sent: list[int] = []

    def away(
        work: Callable[[int, int], pd.DataFrame], slices: Sequence[tuple[int, int]]
    ) -> Iterator[pd.DataFrame]:
        copy = pickle.loads(pickle.dumps(work))  # noqa: S301 - made in the line itself
        sent.append(len(slices))
        return (copy(*ends) for ends in slices)

    there = opportunities(m, draws=3, top=2, spread=away)
    assert min(sent) > 1
    pd.testing.assert_frame_equal(here.frame, there.frame)
    pd.testing.assert_frame_equal(here.by_part(), there.by_part())
    assert here.params["pairs"] == there.params["pairs"]


def test_pairs_measured_a_few_at_a_time_are_measured_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    m = shipped("teaching")
    monkeypatch.setattr(module, "ALL_PAIRS", 2)
    whole = opportunities(m, draws=0, top=3).frame
    monkeypatch.setattr(nearest, "_ENTRIES", 300)
    pd.testing.assert_frame_equal(whole, opportunities(m, draws=0, top=3).frame)


def test_what_is_sent_away_holds_no_claims() -> None:
    m = crowd(2001)
    sizes: list[int] = []

    def away(
        work: Callable[[int, int], pd.DataFrame], slices: Sequence[tuple[int, int]]
    ) -> Iterator[pd.DataFrame]:
        blocks = work.args[0]
        sizes.extend(blocks.many.told.sizes().values())
        return (work(*ends) for ends in slices)

    assert len(opportunities(m, draws=0, top=1, spread=away).frame)
    assert sizes
    assert not any(sizes)


@pytest.mark.parametrize(("faster", "number"), [(0, 0), (4, 5), (10**9, 9)])
def test_frequent_features_with_their_zeros_change_no_weight(
    faster: int, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None, some and all columns are held with their zeros; the product is that of the table."""
    monkeypatch.setattr(search, "_FASTER", faster)
    table = csr_array(np.random.default_rng(0).random((12, 9)) > np.linspace(0.3, 0.8, 9))
    frequent, rare = search._parted(table.astype(float))
    assert (frequent.shape[1], rare.shape[1]) == (number, 9 - number)
    whole = (table.astype(float) @ table.T.astype(float)).toarray()
    np.testing.assert_allclose(frequent @ frequent.T + (rare @ rare.T).toarray(), whole)
