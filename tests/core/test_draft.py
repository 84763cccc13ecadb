"""A fault has the same place and words whatever the file was."""

import pandas as pd
import pytest

from sysmap.core.draft import Sheet, arrange, from_frames, table_named
from sysmap.core.errors import InvalidMapError
from sysmap.core.model import from_tables
from sysmap.core.problems import Problem
from sysmap.core.rules import check
from sysmap.core.schema import SCHEMA
from tests.core.making import frames, of_code, text_files, told, workbook

WORK = {"Organization": ["a", "a"], "element": ["e1", "teacher-traning"]}
NODES = {
    "organizations": {"id": ["a"], "name": ["A"]},
    "elements": {"id": ["e1", "teacher-training"], "name": ["E", "T"]},
}


def test_a_cell_of_a_workbook_is_named_as_the_program_shows_it() -> None:
    """The example of the reliability page, section 2."""
    _, found = check(workbook(**NODES, works_on=WORK), SCHEMA)
    (fault,) = of_code(found, "E206")
    assert (
        "error E206 survey.xlsx works_on!B3: element 'teacher-traning' is not in elements "
        "-> did you mean teacher-training? Else add it to elements"
    ) == str(fault)


def test_a_cell_of_a_text_file_is_named_by_its_line() -> None:
    _, found = check(text_files(**NODES, works_on=WORK), SCHEMA)
    (fault,) = of_code(found, "E206")
    assert "map/works_on.csv line 3, element" == str(fault.places[0])


def test_a_cell_of_a_frame_is_named_by_its_label() -> None:
    """An index of whole numbers names the rows; any other index counts from 0."""
    tables = frames(**NODES, works_on=WORK)
    for index, row in (([7, 14], 14), (["x", "y"], 1), ([1.5, 2.5], 1)):
        labelled = {**tables, "works_on": tables["works_on"].set_axis(index)}
        with pytest.raises(InvalidMapError) as caught:
            from_tables(labelled)
        (fault,) = of_code(caught.value.problems, "E206")
        assert f"works_on!row {row}, element" == str(fault.places[0])


def test_a_fault_of_a_whole_sheet_names_the_sheet() -> None:
    sheet = workbook(works_on={"organization": ["a"]})["works_on"]
    _, (fault,) = arrange(sheet, SCHEMA["works_on"])
    assert ("E104", "survey.xlsx works_on") == (fault.code, str(fault.places[0]))


def test_a_column_without_letter_is_placed_in_the_first_column() -> None:
    assert "A2" == workbook(works_on=WORK)["works_on"].place(0, "nowhere").cell


@pytest.mark.parametrize(
    ("name", "table", "near"),
    [
        ("works_on", "works_on", None),
        ("Works on", "works_on", "works_on"),
        ("works-on ", "works_on", "works_on"),
        ("organisations", "organizations", "organizations"),
        ("ORGANIZATIONS", "organizations", "organizations"),
        ("budget 2024", None, None),
        ("", None, None),
    ],
)
def test_sheet_names_are_known_by_their_spelling(
    name: str, table: str | None, near: str | None
) -> None:
    """Row 14 of the scorecard."""
    assert (table, near) == table_named(name, SCHEMA)


def test_a_respelled_sheet_is_read_and_an_unknown_one_is_told() -> None:
    found = told(Organizations={"id": ["a"], "name": ["A"]}, budget={"x": [1]})
    assert ["sheet 'Organizations' was read as organizations"] == [
        p.message for p in of_code(found, "W102")
    ]
    assert ["sheet 'budget' is no table of the map and was left out"] == [
        p.message for p in of_code(found, "N101")
    ]


@pytest.mark.parametrize("order", [("seeks", "Seeks"), ("Seeks", "seeks"), ("Seeks", "SEEKS")])
def test_two_sheets_of_one_table_are_an_error_in_either_order(order: tuple[str, str]) -> None:
    """Silent loss is the worst kind: neither sheet may win."""
    found = told(**{name: {"organization": ["a"], "outcome": ["o"]} for name in order})
    (fault,) = of_code(found, "E113")
    assert "means seeks, which is there already" in fault.message


def test_headers_are_known_by_case_blanks_and_hyphens() -> None:
    """Row 18 of the scorecard: blanks accepted."""
    sheet = workbook(contexts={"ID": ["c"], " Name": ["C"], "Income\u00a0Group": ["low"]})
    arranged, found = arrange(sheet["contexts"], SCHEMA["contexts"])
    assert ["id", "name", "income_group"] == list(arranged.frame)
    assert "C" == arranged.letters["income_group"]
    assert [] == found


def test_a_misspelt_required_header_is_an_error_with_the_near_name() -> None:
    """Row 18 of the scorecard: E104 with the near name."""
    found = told(works_on={"organisation": ["a"], "element": ["e"]})
    (fault,) = of_code(found, "E104")
    assert ("column 'organization' is missing", "rename 'organisation' to 'organization'") == (
        fault.message,
        fault.remedy,
    )
    (plain,) = of_code(told(works_on={"element": ["e"]}), "E104")
    assert "add a column 'organization'" == plain.remedy


@pytest.mark.parametrize("twin", ["name", "Name", " name "])
def test_a_header_that_stands_twice_is_an_error(twin: str) -> None:
    """Row 19 of the scorecard; the two columns are named."""
    frame = pd.DataFrame([["a", "A", "B"]], columns=["id", "name", twin])
    sheets, _ = from_frames({"organizations": frame}, SCHEMA)
    _, found = check(sheets, SCHEMA)
    (fault,) = of_code(found, "E105")
    assert f"column {twin!r} stands twice (also as 'name')" == fault.message


def test_nothing_is_said_about_references_into_a_table_that_was_refused() -> None:
    """The doubled header is the fault; that its ids cannot be found is an echo of it."""
    frame = pd.DataFrame([["o", "O", "P"]], columns=["id", "name", "Name"])
    links = pd.DataFrame({"organization": ["a"], "outcome": ["o"]})
    nodes = pd.DataFrame({"id": ["a"], "name": ["A"]})
    tables = {"organizations": nodes, "outcomes": frame, "seeks": links}
    with pytest.raises(InvalidMapError) as caught:
        from_tables(tables)
    assert ["E105"] == [p.code for p in caught.value.problems.errors]
    with pytest.raises(InvalidMapError) as caught:
        from_tables({**tables, "outcomes": frame[["name"]].iloc[:, :1]})
    assert ["E104"] == [p.code for p in caught.value.problems.errors]


def test_an_index_named_id_counts_as_a_column_and_beside_one_as_a_second() -> None:
    named = pd.DataFrame({"name": ["A"]}, index=pd.Index(["a"], name="id"))
    assert ["a"] == list(from_tables({"organizations": named}).organizations.index)
    twice = named.assign(id=["b"])
    with pytest.raises(InvalidMapError, match="column 'id' stands twice"):
        from_tables({"organizations": twice})


def test_rows_are_counted_where_a_label_of_the_index_is_blank() -> None:
    """A blank number is no label, and once ended the check with a bug."""
    blank = pd.DataFrame(NODES["elements"], index=pd.Index([7, None], dtype="Int64"))
    assert [0, 1] == from_frames({"elements": blank}, SCHEMA)[0]["elements"].rows
    whole = blank.set_axis(pd.Index([7, 9], dtype="Int64"))
    assert [7, 9] == from_frames({"elements": whole}, SCHEMA)[0]["elements"].rows


def test_an_unknown_column_is_kept_and_a_near_name_is_offered() -> None:
    """Row 20 of the scorecard."""
    found = of_code(
        told(elements={"id": ["e"], "name": ["E"], "orientaton": ["x"], "colour": ["red"]}), "N107"
    )
    assert ["", "rename it to 'orientation' if that is what it holds"] == [p.remedy for p in found]


def test_a_table_that_is_no_frame_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"table 'elements' is a list; give a pandas\.DataFrame"):
        from_tables({"elements": [1]})  # type: ignore[dict-item]


def test_frames_handed_in_are_not_changed() -> None:
    tables = frames(**NODES, works_on={"organization": ["A"], "element": ["e1"]})
    before = {name: frame.copy(deep=True) for name, frame in tables.items()}
    from_tables(tables)
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(before[name], frame)


def test_a_sheet_is_a_value_that_keeps_its_first_cells() -> None:
    sheet = Sheet("seeks", pd.DataFrame({"organization": ["a"]}), [5], "a.csv", word="line")
    assert Problem("E301", "m", places=(sheet.place(0, "organization"),)).places[0].order == (
        0,
        5,
        0,
    )
