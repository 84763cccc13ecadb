"""Columns held as codes say what plain columns say."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sysmap.core import coded
from sysmap.core.claims import claims
from sysmap.core.draft import Sheet
from sysmap.core.model import SystemMap, build, from_tables, held

CELLS = st.lists(st.tuples(*[st.sampled_from([None, "a", "b", "ç"])] * 3), max_size=12)


def both(rows: list[tuple[str | None, ...]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One frame plain and held as codes."""
    frame = pd.DataFrame(rows, columns=["one", "two", "three"], dtype="str")
    small = {name: coded.coded(*pd.factorize(frame[name])) for name in frame}
    return frame, pd.DataFrame(small)


@given(rows=CELLS)
def test_codes_written_out_are_the_column(rows: list[tuple[str | None, ...]]) -> None:
    frame, small = both(rows)
    pd.testing.assert_frame_equal(frame, coded.plain(small))
    pd.testing.assert_frame_equal(frame, coded.plain(frame))


@given(rows=CELLS)
def test_repeated_rows_and_equal_cells_are_those_that_pandas_finds(
    rows: list[tuple[str | None, ...]],
) -> None:
    frame, small = both(rows)
    for seen in (frame, small):
        assert frame.duplicated().tolist() == coded.repeated(seen).tolist()
        expected = (frame["one"] == frame["two"]).tolist()
        assert expected == coded.equal(seen["one"], seen["two"]).tolist()


@given(
    rows=st.lists(st.tuples(*[st.integers(-1, 4)] * 4), max_size=12),
    sizes=st.lists(st.sampled_from([5, 2**20, 2**31]), min_size=4, max_size=4),
)
def test_packed_rows_sort_as_rows_do_and_come_back(
    rows: list[tuple[int, ...]], sizes: list[int]
) -> None:
    """Two sizes of 2^31 have no room in one number of 62 bits, so some rows take several."""
    codes = np.array(rows, dtype=np.int32).reshape(-1, 4)
    words = coded.packed(zip(codes.T, sizes, strict=True))
    back = [c for word, held_sizes in words for c in coded.unpacked(word, held_sizes)]
    assert codes.tolist() == np.column_stack(back).tolist()
    order = np.lexsort([word for word, _ in words][::-1])
    assert sorted(map(tuple, codes.tolist())) == [tuple(row) for row in codes[order].tolist()]


def test_a_map_held_as_codes_hands_out_what_a_plain_one_does() -> None:
    plain, small = (_map(as_codes=as_codes) for as_codes in (False, True))
    assert coded.is_coded(held(small, "works_on")["element"])
    for table in plain.tables:
        pd.testing.assert_frame_equal(plain.table(table), small.table(table))
    one, other = claims(plain, "works_on"), claims(small, "works_on")
    pd.testing.assert_frame_equal(one.frame, other.frame)
    for name in ("first", "second", "context", "reporter", "day"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert list(one.reporters) == list(other.reporters)
    assert [str(p) for p in plain.problems] == [str(p) for p in small.problems]


def test_writing_into_a_frame_of_codes_changes_no_other() -> None:
    m = _map(as_codes=True)
    frame = m.links("works_on")
    frame.loc[0, ["element", "status", "note"]] = ["changed", "changed", "other"]
    again = m.links("works_on")
    assert ["f", "e", "e", "e"] == again["element"].tolist()
    assert again[["status", "note", "start"]].isna().all(axis=None)
    assert frame["start"].isna().all()


def _map(*, as_codes: bool, named: bool = True) -> SystemMap:
    """Claims that hold ids, and names too where nodes are `named` otherwise than their ids."""
    frames = {
        "organizations": pd.DataFrame({"id": ["o", "p"], "name": ["O", "P"]}),
        "elements": pd.DataFrame({"id": ["e", "f"], "name": ["E", "F"]}),
        "contexts": pd.DataFrame({"id": ["KEN"], "name": ["Kenya"]}),
        "sources": pd.DataFrame(
            {"id": ["s", "t"], "name": ["S", "T"], "date": ["2020", None], "organization": "o"}
        ),
    }
    if not named:
        for table in ("organizations", "elements", "contexts"):
            frames[table]["name"] = frames[table]["id"]
    rows = pd.DataFrame(
        {
            "organization": ["o", "p", "p", "p"],
            "element": ["f", "e", "E" if named else "e", "e"],
            "context": ["KEN", None, "Kenya" if named else "KEN", None],
            "source": ["s", None, "t", None],
            "date": [None, "2021-05", None, "2021-05"],
        },
        dtype=object,
    )
    if as_codes:
        rows = pd.DataFrame(
            {name: coded.coded(*pd.factorize(rows[name].astype("str"))) for name in rows}
        )
    frames["works_on"] = rows
    sheets = {
        table: Sheet(table, frame if table == "works_on" else frame.astype(object), range(9))
        for table, frame in frames.items()
    }
    return build(sheets)


def test_tables_that_only_one_map_fills_join_as_codes_and_as_plain() -> None:
    needs = pd.DataFrame({"organization": ["o"], "element": ["e"], "level": [2]})
    nodes = {"organizations": ["o"], "elements": ["e"], "contexts": ["KEN"]}
    tables = {t: pd.DataFrame({"id": ids, "name": ids}) for t, ids in nodes.items()}
    other = from_tables({**tables, "priorities": needs})
    plain, small = (_map(as_codes=as_codes, named=False) for as_codes in (False, True))
    for join in (lambda a, b: a | b, lambda a, b: b | a, lambda a, b: a & b):
        one, two = join(plain, other), join(small, other)
        for table in one.tables:
            pd.testing.assert_frame_equal(one.table(table), two.table(table))
    assert coded.is_coded(held(small | other, "works_on")["element"])
    assert coded.is_coded(held(other | small, "works_on")["element"])
