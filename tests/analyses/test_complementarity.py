"""Complementarity: gains, overlaps and needs by hand, laws, and degenerate maps."""

import numpy as np
import pandas as pd
import pytest

from sysmap.analyses.complementarity import complementarity
from sysmap.core import charts
from sysmap.core.errors import UndecidableError, UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.schema import ADDRESSES, BELONGS_TO, CANCELLED, WORKS_ON
from sysmap.measures.cover import complements
from sysmap.measures.cover.complements import gains
from tests.maps import shipped

TEACHING, ASIA = "teaching", "asia-pacific-digital-learning"
CONTRACT = ["gain", "redundancy", "shared", "offered", "wanted", "rank", "rank_low", "rank_high"]
COUNTS = ("gain", "members")
LISTS = ("shared", "offered", "wanted")

Rows = list[tuple[str | None, ...]]


def _map(
    works: Rows, belongs: Rows, needs: Rows = (), scope: Rows = (), members: str = "us"
) -> SystemMap:
    """Organizations and groups of one letter; members are those of the word given."""
    who = sorted({r[0] for r in [*works, *belongs, *needs]} | set(members))
    elements = sorted({r[1] for r in [*works, *needs]} | {r[1] for r in scope})
    places = sorted({r[2] for r in [*works, *needs] if r[2]})
    groups = sorted({r[1] for r in belongs} | {r[0] for r in scope})
    tables = {
        "organizations": pd.DataFrame(
            {
                "id": who,
                "name": [str(o).upper() for o in who],
                "member": ["yes" if o in members else "no" for o in who],
            }
        ),
        "elements": pd.DataFrame({"id": elements, "name": [str(e).upper() for e in elements]}),
        "contexts": pd.DataFrame({"id": places, "name": [str(p).upper() for p in places]}),
        "groups": pd.DataFrame({"id": groups, "name": [str(g).upper() for g in groups]}),
        "works_on": pd.DataFrame(works, columns=["organization", "element", "context", "status"]),
        "belongs_to": pd.DataFrame(belongs, columns=["organization", "group"]),
        "priorities": pd.DataFrame(needs, columns=["organization", "element", "context"]),
        "addresses": pd.DataFrame(scope, columns=["item", "target"]),
    }
    return from_tables({name: rows for name, rows in tables.items() if len(rows)})


def _example() -> SystemMap:
    """We (u, s) cover law in x and y; the group net covers law in y, tax in x and skills."""
    return _map(
        works=[
            ("u", "law", "x", None),
            ("s", "law", "y", None),
            ("a", "law", "y", None),
            ("b", "tax", "x", None),
            ("b", "tax", "y", "cancelled"),
            ("s", "power", "x", None),
        ],
        belongs=[("a", "net"), ("b", "net"), ("s", "net")],
        needs=[("u", "tax", "x"), ("a", "law", "x"), ("b", "power", None), ("u", "skills", "y")],
        scope=[("net", "skills")],
    )


def test_the_worked_group() -> None:
    """By hand. Ours: law x, law y, power x. Theirs without s: law y, tax x, skills. So f(us) = 3,
    f(G) = 3, f(both together) = 5: gain 2, redundancy (3 + 3 - 5) / 3. We need tax in x, and
    skills, which the group addresses without a place. They need law in x, and power anywhere."""
    row = complementarity(_example(), draws=0).frame.loc["net"]
    assert (row["gain"], row["members"], row["rank"]) == (2, 2, 1)
    assert row["redundancy"] == pytest.approx(1 / 3)
    assert (row["shared"], row["offered"], row["wanted"]) == (
        "s",
        "skills; tax in x",
        "law in x; power",
    )
    assert row["basis"] == "members and stated scope"


def test_work_without_a_place_counts_for_the_element_and_for_no_country() -> None:
    """Section 0, blank context: we work on law somewhere, they in x; the element is common, the
    place is new."""
    m = _map(works=[("u", "law", None, None), ("a", "law", "x", None)], belongs=[("a", "net")])
    row = complementarity(m, draws=0).frame.loc["net"]
    assert (row["gain"], row["redundancy"]) == (1, 1.0)


def test_a_need_in_a_place_is_not_met_by_work_elsewhere() -> None:
    """Section 14: f over cells."""
    m = _map(
        works=[("u", "law", "x", None), ("a", "tax", "y", None)],
        belongs=[("a", "net")],
        needs=[("u", "tax", "x")],
    )
    assert complementarity(m, draws=0).frame.loc["net", "offered"] == ""


def test_what_we_cover_ourselves_is_not_offered() -> None:
    """Section 14: needs of us that G covers and us does not."""
    m = _map(
        works=[("u", "law", "x", None), ("a", "law", "x", None)],
        belongs=[("a", "net")],
        needs=[("s", "law", "x"), ("s", "law", None)],
    )
    assert complementarity(m, draws=0).frame.loc["net", "offered"] == ""


def test_draws_made_few_at_a_time_are_those_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    m = _example()
    at_once = complementarity(m, draws=7).frame
    monkeypatch.setattr(complements, "_AT_ONCE", 1)
    seen: list[tuple[int, int]] = []
    few = complementarity(m, draws=7, progress=lambda *at: seen.append(at)).frame
    pd.testing.assert_frame_equal(few, at_once)
    assert seen == [(i + 1, seen[-1][1]) for i in range(seen[-1][1])]


@pytest.mark.parametrize("seed", range(6))
def test_gains_agree_with_sets_in_plain_loops(seed: int) -> None:
    """f(us u G) - f(us), cell by cell, with the fast path that the draws use."""
    rng = np.random.default_rng(seed)

    def pick(*lists: str, most: int) -> Rows:
        rows = [tuple(o[rng.integers(len(o))] for o in lists) for _ in range(most)]
        return [tuple(None if v == "-" else v for v in row) for row in rows]

    works = [
        (*row, None if rng.random() < 0.8 else CANCELLED)
        for row in pick("usabcd", "efg", "xyz-", most=25)
    ]
    belongs = list(dict.fromkeys(pick("sabcd", "nm", most=8)))
    m = _map(works, belongs, scope=list(dict.fromkeys(pick("nm", "efg", most=3))))
    frame = complementarity(m, draws=0).frame
    ours = m.organizations.index.get_indexer(["s", "u"])
    groups = pd.Index(sorted(frame.index[frame["gain"].notna()]))
    every = gains(m, ours, groups).drawn(1, 1.1, np.random.default_rng(0))[0]
    told = m.links(WORKS_ON)
    told = told[told["status"] != CANCELLED]
    for group, fast in zip(groups, every, strict=True):
        inside = set(m.links(BELONGS_TO).loc[m.links(BELONGS_TO)["group"] == group, "organization"])
        mine, theirs = ([], [])
        for o, e, c in zip(told["organization"], told["element"], told["context"], strict=True):
            place = c if isinstance(c, str) else None
            if o in "us":
                mine.append((e, place))
            elif o in inside:
                theirs.append((e, place))
        scope = m.links(ADDRESSES)
        theirs += [(e, None) for e in scope.loc[scope["item"] == group, "target"]]
        whole = {e for e, c in mine + theirs if c is None}
        covered = [
            {(e, c) for e, c in one if c} | {(e, None) for e, _ in one if e in whole}
            for one in (mine, theirs)
        ]
        assert len(covered[1] - covered[0]) == fast == frame.loc[group, "gain"]


def test_a_group_of_which_nothing_is_known_has_no_gain() -> None:
    """Silence is not absence: missing, last, and said."""
    m = _map(
        works=[("u", "law", "x", None), ("a", "tax", "x", None)],
        belongs=[("a", "net"), ("b", "quiet")],
    )
    found = complementarity(m)
    assert list(found.frame.index) == ["net", "quiet"]
    assert found.frame.loc["quiet", [*CONTRACT]].drop("shared").isna().all()
    assert "What it covers is not known" in found.explain("quiet")
    assert any("neither the work of members nor a stated element" in c for c in found.caveats)


def test_a_group_without_members_is_compared_by_its_scope_and_marked() -> None:
    """Section 14: addresses are the stated scope, marked so."""
    m = _map(
        works=[("u", "law", "x", None), ("a", "law", "x", None)],
        belongs=[],
        scope=[("net", "law"), ("net", "tax")],
    )
    found = complementarity(m, draws=0)
    row = found.frame.loc["net"]
    assert (row["gain"], row["redundancy"], row["basis"]) == (1, 0.5, "stated scope")
    assert any("1 of 1 groups have no known members" in c for c in found.caveats)
    assert "stated scope" in found.explain("net")


def test_our_own_group_is_not_compared_with_us() -> None:
    """A group with exactly our members is us; a group given as us is left out."""
    m = _map(
        works=[("u", "law", "x", None), ("a", "tax", "x", None)],
        belongs=[("u", "own"), ("s", "own"), ("a", "net")],
    )
    assert list(complementarity(m, draws=0).frame.index) == ["net"]
    assert list(complementarity(m, us="net", draws=0).frame.index) == ["own"]
    assert complementarity(m, us="own", draws=0).us == ("s", "u")


def test_when_everybody_is_us_the_question_is_undecidable() -> None:
    """The Asia-Pacific member list is not known; the message says what to fill."""
    m = shipped(ASIA)
    with pytest.raises(UndecidableError, match="every organization of the map counts as one of us"):
        complementarity(m)
    with pytest.raises(UndecidableError, match="Mark who is a member and who is not"):
        complementarity(m)
    some = complementarity(m, us=["unicef", "itu"])
    group = complementarity(m, us="digital-transformation-group")
    assert some.us == group.us == ("itu", "unicef")
    assert "digital-transformation-group" not in group.frame.index


def test_missing_tables_are_named() -> None:
    """Absent means no rows."""
    organizations = pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"], "member": ["yes", "no"]})
    tables = {"organizations": organizations}
    with pytest.raises(UndecidableError, match="Add the sheet groups"):
        complementarity(from_tables(tables))
    tables["groups"] = pd.DataFrame({"id": ["g"], "name": ["G"]})
    with pytest.raises(UndecidableError, match="Add the sheet works_on"):
        complementarity(from_tables(tables))
    with pytest.raises(UndecidableError, match="no organization is known to be one of us"):
        complementarity(from_tables(tables), us="g")


def test_unknown_ids_and_draws_are_refused() -> None:
    """With names that look alike."""
    with pytest.raises(UnknownIdError, match="Did you mean 'unicef'"):
        complementarity(shipped(ASIA), us=["unicf"])
    with pytest.raises(ValueError, match="us names the group 'planning-group' in a list; give"):
        complementarity(shipped(TEACHING), us=["planning-group"])
    with pytest.raises(ValueError, match="draws is -1; give a whole number, 0 or more"):
        complementarity(shipped(TEACHING), draws=-1)


def _both() -> list[tuple[str, dict[str, object]]]:
    return [(TEACHING, {}), (ASIA, {"us": "digital-transformation-group"})]


@pytest.mark.parametrize(("name", "options"), _both())
def test_counts_and_lists_are_the_units_of_the_evidence(
    name: str, options: dict[str, object]
) -> None:
    """Contract: a count is the number of distinct units among the rows that name it."""
    found = complementarity(shipped(name), draws=0, **options)
    for group, row in found.frame.iterrows():
        rows = found.evidence(group)
        named = rows["counts_in"].str.split("; ")
        for column in (*COUNTS, *LISTS):
            units = set(rows.loc[[column in words for words in named], "unit"])
            if column in COUNTS:
                assert len(units) == (0 if pd.isna(row[column]) else row[column]), column
            else:
                stated = row[column] if pd.notna(row[column]) else ""
                assert units == set(stated.split("; ")) - {""}, column


@pytest.mark.parametrize(("name", "options"), _both())
def test_ranks_follow_gains_and_words_follow_the_frame(
    name: str, options: dict[str, object]
) -> None:
    """Rank by gain; the interval holds; every row can be explained and drawn."""
    found = complementarity(shipped(name), **options)
    frame = found.frame
    assert set(CONTRACT) <= set(frame.columns)
    known = frame[frame["gain"].notna()]
    assert known["gain"].is_monotonic_decreasing
    assert known["rank"].is_monotonic_increasing
    assert (known["rank_low"] <= known["rank_high"]).all()
    assert known["rank_high"].max() <= len(known)
    assert frame["redundancy"].dropna().between(0, 1).all()
    for group in frame.index:
        assert frame.loc[group, "name"] in found.explain(group)
    assert frame["name"].iloc[0] in found.summary()
    assert frame["name"].iloc[0] in found.alt_text()
    assert "0.9" in found.methods()
    assert charts.to_png(found.plot())[:4] == b"\x89PNG"


def test_rows_in_another_order_change_nothing() -> None:
    """Convention 16, draws included."""
    m = shipped(TEACHING)
    mixed = from_tables(
        {
            kind.table: m.table(kind.table).sample(frac=1, random_state=5)
            for kind in m.schema
            if len(m.table(kind.table))
        }
    )
    pd.testing.assert_frame_equal(complementarity(m).frame, complementarity(mixed).frame)


def test_without_draws_there_is_no_interval() -> None:
    """No invented stability."""
    found = complementarity(shipped(TEACHING), draws=0)
    assert found.frame[["rank_low", "rank_high"]].isna().all(axis=None)
    assert "90 %" not in found.explain(found.frame.index[0])
