"""The wide form: each row becomes claims and one ledger row, each fault keeps its cell."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from sysmap.io.check import check
from sysmap.io.read import read

LISTS = {
    "organizations": [["id", "name"], ["aurora", "Aurora"], ["borealis", "Borealis"]],
    "outcomes": [["id", "name"], ["light", "Light for all"]],
    "elements": [
        ["id", "name", "area"],
        ["training", "Teacher training", "policy"],
        ["budget", "Budget line", "costing"],
    ],
    "contexts": [["id", "name"], ["KHM", "Cambodia"]],
    "sources": [["id", "name", "organization"], ["s1", "Form one", "aurora"], ["s2", "Two", None]],
}
HEADER = ["source", "question", "organization", "context", "training", "budget", "light", "none"]


def form(*rows: list[object], header: list[str] | None = None, **more: list[list[object]]) -> dict:
    """Frames with an `answers` frame of these rows."""
    content = {**LISTS, **more, "answers": [header or HEADER, *rows]}
    return {name: pd.DataFrame(r[1:], columns=r[0], dtype=object) for name, r in content.items()}


def workbook(path: Path, *rows: list[object], header: list[str] | None = None, **more) -> Path:
    made = xlsxwriter.Workbook(str(path))
    for name, content in {**LISTS, **more, "answers": [header or HEADER, *rows]}.items():
        sheet = made.add_worksheet(name)
        for i, row in enumerate(content):
            sheet.write_row(i, 0, row)
    made.close()
    return path


def claims(frames: dict, table: str, *columns: str) -> list[tuple]:
    frame = read(frames).links(table)
    return [
        tuple(None if pd.isna(c) else c for c in row) for row in frame[list(columns)].to_numpy()
    ]


def ledger(frames: dict) -> list[tuple]:
    frame = read(frames).asked[["source", "question", "context", "answered"]]
    return [tuple(None if pd.isna(c) else c for c in row) for row in frame.to_numpy()]


def test_yes_in_observed_is_present_no_is_absent_and_a_number_is_its_strength() -> None:
    row = ["s1", "observed", None, "KHM", "no", 2, None, None]
    expected = [("training", "KHM", "absent", None), ("budget", "KHM", "present", 2)]
    assert expected == claims(form(row), "observed", "element", "context", "state", "strength")
    assert [("s1", "observed", "KHM", "yes")] == ledger(form(row))


def test_no_elsewhere_makes_no_claim_but_answers() -> None:
    row = ["s1", "works_on", "aurora", None, "yes", "no", None, None]
    assert [("aurora", "training", "s1")] == claims(
        form(row), "works_on", "organization", "element", "source"
    )
    assert [("s1", "works_on", None, "yes")] == ledger(form(row))
    only_no = ["s1", "works_on", "aurora", None, "no", None, None, None]
    assert [("s1", "works_on", None, "yes")] == ledger(form(only_no))


@pytest.mark.parametrize(
    ("question", "column", "number"),
    [("priorities", 4, "level"), ("challenges", 4, "level"), ("seeks", 6, "importance")],
)
def test_a_number_goes_to_the_scale_of_its_table(question: str, column: int, number: str) -> None:
    row: list[object] = ["s1", question, "aurora", None, None, None, None, None]
    row[column] = 3
    assert [(3,)] == claims(form(row), question, number)


def test_challenges_from_the_form_stay_private() -> None:
    """Blank visibility of challenges is private: a public map has none of them."""
    row = ["s1", "challenges", "aurora", None, "yes", None, None, None]
    assert 0 == len(read(form(row)).redact().links("challenges"))


def test_none_is_an_answer_and_a_blank_row_is_silence() -> None:
    nothing = ["s1", "works_on", None, None, None, None, None, "yes"]
    silent = ["s1", "priorities", None, None, None, None, None, None]
    expected = [("s1", "works_on", None, "yes"), ("s1", "priorities", None, "no")]
    assert expected == ledger(form(nothing, silent))


def test_a_blank_organization_is_that_of_the_source() -> None:
    row = ["s1", "seeks", None, None, None, None, "yes", None]
    assert [("aurora", "light")] == claims(form(row), "seeks", "organization", "outcome")


def test_headers_may_be_exact_names() -> None:
    header = [*HEADER[:4], "Teacher training"]
    row = ["s1", "works_on", None, "KHM", "yes"]
    assert [("training", "KHM")] == claims(
        form(row, header=header), "works_on", "element", "context"
    )


def test_two_rows_of_one_question_and_place_make_one_ledger_row() -> None:
    rows = [
        ["s1", "works_on", org, None, yes, None, None, None]
        for org, yes in (("aurora", None), ("borealis", "yes"))
    ]
    assert [("s1", "works_on", None, "yes")] == ledger(form(*rows))


def test_long_and_melted_rows_are_one_table() -> None:
    long = [["organization", "element", "colour"], ["borealis", "budget", "red"]]
    row = ["s1", "works_on", None, None, "yes", None, None, None]
    found = claims(form(row, works_on=long), "works_on", "organization", "element", "colour")
    assert [("borealis", "budget", "red"), ("aurora", "training", None)] == found


def test_a_form_says_the_same_as_the_long_tables(tmp_path: Path) -> None:
    """Melting by hand is the oracle."""
    rows = [
        ["s1", "works_on", None, "KHM", "yes", "no", None, None],
        ["s1", "observed", None, "KHM", 1, "no", None, None],
        ["s1", "seeks", None, None, None, None, 2, None],
    ]
    long = {
        "works_on": [
            ["organization", "element", "context", "source"],
            ["aurora", "training", "KHM", "s1"],
        ],
        "observed": [
            ["element", "context", "state", "strength", "source"],
            ["training", "KHM", "present", 1, "s1"],
            ["budget", "KHM", "absent", None, "s1"],
        ],
        "seeks": [
            ["organization", "outcome", "importance", "source"],
            ["aurora", "light", 2, "s1"],
        ],
        "asked": [
            ["source", "question", "context", "answered"],
            ["s1", "works_on", "KHM", "yes"],
            ["s1", "observed", "KHM", "yes"],
            ["s1", "seeks", None, "yes"],
        ],
    }
    by_hand = read(
        {n: pd.DataFrame(r[1:], columns=r[0], dtype=object) for n, r in {**LISTS, **long}.items()}
    )
    for source in (form(*rows), workbook(tmp_path / "form.xlsx", *rows)):
        melted = read(source)
        for table in long:
            pd.testing.assert_frame_equal(by_hand.table(table), melted.table(table))


@pytest.mark.parametrize(
    ("row", "cell", "code", "says"),
    [
        (["s1", "works_on", None, None, "maybe"], "E2", "E301", "'maybe' is no answer"),
        (["s1", "works_on", None, None, 4], "E2", "E301", "'4' is no answer"),
        (["s1", "works_on", None, None, True], "E2", "E301", "'TRUE' is no answer"),
        (["s1", "works_on", None, None, 2], "E2", "E301", "works_on takes none"),
        (["s1", "influences", None, None, "yes"], "B2", "E301", "cannot be asked in this form"),
        (["s1", "sekes", None, None, "yes"], "B2", "E301", "cannot be asked in this form"),
        (["s1", None, None, None, "yes"], "B2", "E301", "question is blank"),
        ([None, "works_on", None, None, "yes"], "A2", "E301", "source is blank"),
        (["s9", "works_on", "aurora", None, "yes", "yes"], "A2", "E206", "'s9'"),
        (["s1", "works_on", "aurorra", None, "yes", "yes"], "C2", "E206", "'aurorra'"),
        (["s2", "works_on", None, None, "yes", "yes"], "C2", "E301", "names none"),
        (["s1", "works_on", None, "KMH", "yes", "yes"], "D2", "E206", "'KMH'"),
        (["s1", "observed", None, None, "yes", "yes"], "D2", "E301", "context is blank"),
        (["s1", "works_on", None, None, None, None, "yes"], "G2", "E206", "'light'"),
        (["s1", "works_on", None, None, "yes", None, None, "yes"], "H2", "E301", "none is yes"),
        (["s1", "works_on", None, None, None, None, None, "some"], "H2", "E301", "none 'some'"),
    ],
)
def test_each_fault_of_the_form_is_told_once_at_its_cell(
    row: list[object], cell: str, code: str, says: str, tmp_path: Path
) -> None:
    found = check(workbook(tmp_path / "form.xlsx", row)).errors
    assert [(code, "answers", cell, 1)] == [
        (p.code, p.places[0].sheet, p.places[0].cell, p.count) for p in found
    ], str(found)
    (problem,) = found
    assert says in problem.message
    assert problem.remedy


def test_a_column_that_is_no_element_is_told_once_at_its_column(tmp_path: Path) -> None:
    header = [*HEADER[:4], "trainning", "Remarks"]
    rows = [["s1", "works_on", None, None, "yes", None]] * 3
    found = check(workbook(tmp_path / "form.xlsx", *rows, header=header)).errors
    assert [("E206", "E:E", 1)] == [(p.code, p.places[0].cell, p.count) for p in found]
    assert "did you mean training?" in str(found)


def test_places_of_long_and_melted_rows_stay_apart(tmp_path: Path) -> None:
    long = [["Element", "Organization"], ["budgte", "borealis"]]
    row = ["s1", "works_on", "aurorra", None, "yes", None, None, None]
    found = check(workbook(tmp_path / "form.xlsx", row, works_on=long)).errors
    assert ["works_on!A2", "answers!C2"] == [str(p.places[0]).split(" ")[1] for p in found]


def test_a_form_in_csv_names_line_and_column(tmp_path: Path) -> None:
    folder = tmp_path / "map"
    folder.mkdir()
    for name, rows in LISTS.items():
        lines = (",".join("" if c is None else str(c) for c in row) for row in rows)
        (folder / f"{name}.csv").write_text("\n".join(lines))
    (folder / "answers.csv").write_text("source,question,training\ns1,works_on,maybe\n")
    (problem,) = check(folder).errors
    assert "map/answers.csv line 2, training" == str(problem.places[0])
