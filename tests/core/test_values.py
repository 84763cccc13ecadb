"""One cell at a time: what it may hold, and which fault it is otherwise."""
# ruff: noqa: E501  # a case reads best in one line

import datetime as dt
import math
import unicodedata
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysmap.core import values
from sysmap.core.draft import arrange
from sysmap.core.schema import SCHEMA, Column
from sysmap.core.values import clean, distinct, plain
from tests.core.making import workbook


def judged(table: str, column: str, *cells: object) -> tuple[list[object], list[str]]:
    """The typed cells of one column and the problems in words, code first."""
    sheet = workbook(**{table: {column: list(cells)}})[table]
    frame, found = clean(sheet, SCHEMA[table], SCHEMA)
    said = [f"{p.code} {p.message} -> {p.remedy}" for p in found if p.message[-8:] != "is blank"]
    return [None if pd.isna(v) else v for v in frame[column]], said


@pytest.mark.parametrize("cell", ["yes", "YES", " Yes ", "ｙｅｓ"])
def test_a_choice_is_known_by_its_key(cell: str) -> None:
    assert (["yes"], []) == judged("organizations", "member", cell)


@pytest.mark.parametrize(
    ("table", "column", "cell", "said"),
    [
        ("organizations", "member", "maybe", "E301 member 'maybe' is not an allowed value -> write yes or no"),
        ("influences", "sign", "positive", "E301 sign 'positive' is not an allowed value -> write + or -"),
        ("influences", "sign", 1, "E301 sign '1' is not an allowed value -> write + or -"),
        ("organizations", "member", True, "E301 member 'TRUE' is not an allowed value -> write yes or no"),
        ("seeks", "importance", "high", "E302 importance 'high' is not a number -> write a number 1 to 5"),
        ("seeks", "importance", 2.5, "E302 importance 2.5 is not a whole number -> write a number 1 to 5"),
        ("seeks", "importance", 6, "E303 importance 6 is out of range -> write 1 to 5"),
        ("seeks", "importance", -1, "E303 importance -1 is out of range -> write 1 to 5"),
        ("seeks", "importance", "1e400", "E303 importance 1e400 is out of range -> write 1 to 5"),
        ("seeks", "importance", math.inf, "E303 importance inf is out of range -> write 1 to 5"),
        ("seeks", "importance", "nan", "E303 importance nan is out of range -> write 1 to 5"),
        ("seeks", "priority", 0, "E303 priority 0 is out of range -> write 1 or more"),
        ("seeks", "priority", "1_0", "E302 priority '1_0' is not a number -> write a number 1 or more"),
        ("seeks", "importance", True, "E304 importance TRUE is a truth value -> write a number 1 to 5"),
        ("seeks", "importance", "0,5", "E305 importance '0,5' has a decimal comma -> did you mean 0.5? A whole number 1 to 5 is wanted"),
        ("sources", "date", "31/31/2026", "E308 date '31/31/2026' is not a date -> write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("sources", "date", "01/02/2026", "E309 date '01/02/2026' has two readings -> write 2026-01-02 or 2026-02-01"),
        ("sources", "date", "13/02/2026", "E308 date '13/02/2026' is not an ISO date -> did you mean 2026-02-13?"),
        ("sources", "date", "02.02.2026", "E308 date '02.02.2026' is not an ISO date -> did you mean 2026-02-02?"),
        ("sources", "date", "2026/03/04", "E308 date '2026/03/04' is not an ISO date -> did you mean 2026-03-04?"),
        ("sources", "date", 45292, "E308 date 45292 is a bare number -> write YYYY, YYYY-MM or YYYY-MM-DD, or format it as a date"),
        ("sources", "date", np.int64(45292), "E308 date 45292 is a bare number -> write YYYY, YYYY-MM or YYYY-MM-DD, or format it as a date"),
        ("sources", "date", 12024, "E308 date 12024 is a bare number -> write YYYY, YYYY-MM or YYYY-MM-DD, or format it as a date"),
        ("sources", "date", True, "E308 date 'TRUE' is not a date -> write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("sources", "date", "spring", "E308 date 'spring' is not a date -> write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("elements", "id", 1.23e16, "E205 id '1.23e+16' has lost digits -> format the column as text and type the number again"),
        ("elements", "id", "1.23E+16", "E205 id '1.23E+16' has lost digits -> format the column as text and type the number again"),
        ("elements", "description", "x" * 32_768, "E009 description holds 32,768 characters -> keep it under 32,767"),
        ("elements", "description", "a\0b", "E010 description 'a<U+0000>b' holds a broken character -> type the text again"),
        ("elements", "description", "a\ud800b", "E010 description 'a<U+D800>b' holds a broken character -> type the text again"),
        ("asked", "question", "elements", "E301"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_an_error_without_value(
    table: str, column: str, cell: object, said: str
) -> None:
    """Rows 30, 35, 36, 37, 40, 41 and 42 of the scorecard; the words of section 7 of style."""
    (value,), (problem,) = judged(table, column, cell)
    assert value is None
    assert problem.startswith(said)


@pytest.mark.parametrize(
    ("table", "column", "cell", "value", "said"),
    [
        ("sources", "date", "1026", "1026", "W310 date '1026' is outside 1990 to 2100"),
        ("sources", "date", 9999, "9999", "W310 date '9999' is outside 1990 to 2100"),
        ("elements", "description", "a\x07b", "a\x07b", "W312 description 'a<U+0007>b' holds control characters"),
        ("elements", "description", "a\u202eb", "a\u202eb", "W212 description 'a<U+202E>b' turns the writing direction"),
        ("elements", "description", "Соst", "Соst", "W211 description 'Соst' mixes alphabets: 'С' is cyrillic capital letter es"),
        ("elements", "description", "Москвa", "Москвa", "W211 description 'Москвa' mixes alphabets: 'a' is latin small letter a"),
        ("elements", "description", "=HYPERLINK(1)", "=HYPERLINK(1)", "W313 description '=HYPERLINK(1)' looks like a formula"),
        ("elements", "id", "cafe\u0301", "café", "N213 id 'café' was put into composed letters"),
    ],
)  # fmt: skip
def test_a_strange_cell_is_kept_and_told(
    table: str, column: str, cell: object, value: object, said: str
) -> None:
    """Rows 40, 42 to 46 of the scorecard."""
    (kept,), (problem,) = judged(table, column, cell)
    assert value == kept
    assert problem.startswith(said)


@pytest.mark.parametrize(
    ("table", "column", "cell", "value"),
    [
        ("influences", "sign", "-", "-"),
        ("influences", "sign", "＋", "+"),
        ("organizations", "kind", "UN agency", "un_agency"),
        ("takes_part", "role", "Co-Leads", "co-leads"),
        ("asked", "question", "Works on", "works_on"),
        ("seeks", "importance", "3", 3),
        ("seeks", "importance", 3.0, 3),
        ("seeks", "importance", " 3 ", 3),
        ("seeks", "priority", 2**53, 2**53),
        ("sources", "date", 2024, "2024"),
        ("sources", "date", 2024.0, "2024"),
        ("sources", "date", dt.date(2024, 5, 6), "2024-05-06"),
        ("sources", "date", dt.datetime(2024, 5, 6, 7, 8), "2024-05-06"),
        ("sources", "date", pd.Timestamp("2024-05-06"), "2024-05-06"),
        ("elements", "id", 7, "7"),
        ("elements", "id", 7.0, "7"),
        ("elements", "id", "7", "7"),
        ("elements", "id", True, "TRUE"),
        ("elements", "id", "007", "007"),
        ("elements", "id", "=1", "=1"),
        ("elements", "name", "None", "None"),
        ("elements", "name", "nan", "nan"),
        ("elements", "name", "NA", "NA"),
        ("elements", "description", "two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("elements", "description", "می‌خواهم", "می‌خواهم"),
        ("elements", "description", "x" * 32_767, "x" * 32_767),
    ],
)
def test_a_good_cell_is_typed_without_a_word(
    table: str, column: str, cell: object, value: object
) -> None:
    """Rows 29, 40 and 53 of the scorecard: one text form, and names that spell blanks stay."""
    assert ([value], []) == judged(table, column, cell)


@pytest.mark.parametrize("cell", [None, "", "  ", "\u00a0", math.nan, pd.NA, pd.NaT])
def test_blank_is_blank_however_it_is_written(cell: object) -> None:
    assert ([None], []) == judged("elements", "description", cell)
    assert ([None], []) == judged("seeks", "importance", cell)


@pytest.mark.parametrize("cell", [["a", "b"], {"a": 1}, {"a"}, np.array([1, 2]), b"bytes"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("elements", "description"), ("elements", "id"), ("seeks", "importance"), ("elements", "x")],
)
def test_a_cell_holds_one_value(cell: object, table: str, column: str) -> None:
    """Lists, mappings and bytes can come from frames alone; they are a fault, never a crash."""
    (value,), (problem,) = judged(table, column, cell)
    assert value is None
    kind = type(cell).__name__
    assert f"E301 {column} holds a {kind} -> write one text, number or date" == problem


def test_a_required_cell_that_is_blank_is_told_once_with_three_places() -> None:
    """E201 for ids, with a proposal from the name; E301 for the rest (row 26)."""
    sheet = workbook(elements={"id": [None, "e", "", None, None], "name": ["Été au lac"] * 5})
    _, (fault,) = clean(sheet["elements"], SCHEMA["elements"], SCHEMA)
    assert ("E201", "id is blank", 4) == (fault.code, fault.message, fault.count)
    assert "write an id, for example 'ete-au-lac'" == fault.remedy
    assert ["A2", "A4", "A5"] == [p.cell for p in fault.places]
    sheet = workbook(observed={"element": ["e"], "context": ["c"], "state": [None]})
    _, (fault,) = clean(sheet["observed"], SCHEMA["observed"], SCHEMA)
    assert ("E301", "state is blank", "write present or absent") == (
        fault.code,
        fault.message,
        fault.remedy,
    )


def test_a_bad_required_cell_is_one_fault_and_not_also_blank() -> None:
    sheet = workbook(observed={"element": ["e"], "context": ["c"], "state": ["seen"]})
    _, found = clean(sheet["observed"], SCHEMA["observed"], SCHEMA)
    assert ["E301 state 'seen' is not an allowed value"] == [f"{p.code} {p.message}" for p in found]


@pytest.mark.parametrize("speaks", ["", None, "  "])
def test_a_ledger_row_needs_a_source_or_an_organization(speaks: object) -> None:
    sheet = workbook(asked={"source": [None], "question": ["seeks"], "speaks_for": [speaks]})
    _, found = clean(sheet["asked"], SCHEMA["asked"], SCHEMA)
    assert ["source is blank"] == [p.message for p in found]
    sheet = workbook(asked={"source": [None], "question": ["seeks"], "speaks_for": ["a"]})
    assert [] == clean(sheet["asked"], SCHEMA["asked"], SCHEMA)[1]


@pytest.mark.parametrize("columns", [("question",), ("question", "answered")])
def test_a_ledger_says_who_was_asked(columns: tuple[str, ...]) -> None:
    sheet = workbook(asked={column: ["seeks"] for column in columns})["asked"]
    _, found = arrange(sheet, SCHEMA["asked"])
    assert ["column 'source' is missing"] == [p.message for p in found]


def test_equal_faults_are_grouped_by_value_up_to_twenty_and_counted_exactly() -> None:
    """Reliability page, section 2."""
    cells = [f"word{i % 30:02d}" for i in range(95)]
    sheet = workbook(organizations={"id": cells, "member": cells})["organizations"]
    _, found = clean(sheet, SCHEMA["organizations"], SCHEMA)
    bad = [p for p in found if p.code == "E301" and p.message.startswith("member")]
    assert 21 == len(bad)
    assert 95 == sum(p.count for p in bad)
    first, rest = bad[0], bad[-1]
    assert (4, ["B2", "B32", "B62"]) == (first.count, [p.cell for p in first.places])
    assert "member: 10 further values have the same fault" == rest.message
    assert (30, ["B22", "B23", "B24"]) == (rest.count, [p.cell for p in rest.places])


def test_values_of_different_types_stay_apart() -> None:
    codes, found = distinct(pd.Series([1, 1.0, True, "1", None, math.nan, 1], dtype=object))
    assert [0, 1, 2, 3, -1, -1, 0] == codes.tolist()
    assert [(1, int), (1.0, float), (True, bool), ("1", str)] == [(v, type(v)) for v in found]


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes(),
    st.decimals(allow_nan=False), st.lists(st.integers(), max_size=2), st.binary(max_size=3),
)  # fmt: skip


@given(st.lists(CELLS, max_size=6))
def test_no_cell_whatever_it_holds_is_a_crash(cells: list[object]) -> None:
    """Random cells give faults or values of the right type, never another exception."""
    for table in ("elements", "seeks", "sources", "asked"):
        names = SCHEMA[table].names
        sheet = workbook(**{table: dict.fromkeys((*names[:9], "x"), cells)})[table]
        frame, _ = clean(sheet, SCHEMA[table], SCHEMA)
        assert len(cells) == len(frame)
        for column in SCHEMA[table].columns:
            wanted = "Int64" if column.kind == "integer" else "str"
            assert wanted == str(frame[column.name].dtype)
        text = "".join(map(str, frame.select_dtypes("str").stack()))
        assert not any(unicodedata.category(c) == "Cs" for c in text)


@pytest.mark.parametrize(
    ("cells", "dtype", "kept"),
    [
        ([1, 2, None], "float64", [1.0, 2.0, None]),
        ([2**60 + 1, 1], "str", [str(2**60 + 1), "1"]),
        ([1, 2.5], "float64", [1.0, 2.5]),
        ([10**400, 1], "str", [str(10**400), "1"]),
        (["7", 7], "str", ["7", "7"]),
        ([True, 1], "str", ["TRUE", "1"]),
        ([None, None], "str", [None, None]),
        ([dt.date(2024, 1, 2), " x "], "str", ["2024-01-02", "x"]),
    ],
)
def test_an_unknown_column_keeps_its_values(
    cells: list[object], dtype: str, kept: list[object]
) -> None:
    """Contract: columns that sysmap does not know are kept and written back untouched."""
    sheet = workbook(elements={"id": ["a", "b", "c"][: len(cells)], "extra": cells})["elements"]
    frame, _ = clean(sheet, SCHEMA["elements"], SCHEMA)
    assert dtype == str(frame["extra"].dtype)
    assert kept == [None if pd.isna(v) else v for v in frame["extra"]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"), (7.0, "7"), (1.5, "1.5"), (True, "TRUE"), (np.bool_(False), "FALSE"),
        (np.float64(3), "3"), (dt.datetime(2024, 5, 1), "2024-05-01"),
        (dt.datetime(2024, 5, 1, 6, 30), "2024-05-01 06:30:00"), (Decimal("1.50"), "1.50"),
        (" a ", "a"),
    ],
)  # fmt: skip
def test_any_cell_has_one_plain_form(value: object, text: str) -> None:
    assert text == plain(value)


def test_an_empty_table_has_all_columns_of_the_right_type() -> None:
    frame = values.empty(SCHEMA["seeks"])
    assert list(SCHEMA["seeks"].names) == list(frame)
    assert 0 == len(frame)
    assert ("Int64", "str") == (str(frame["priority"].dtype), str(frame["note"].dtype))
    assert "Int64" == str(values.blank(Column("n", "integer"), 2).dtype)
