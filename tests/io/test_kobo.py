"""KoboToolbox: a mapping that is drafted and not applied, none apart from silence, and repeats."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sysmap as sm
from sysmap.io.check import check
from sysmap.io.read import read
from tests.io.foreign import balance, codes
from tests.io.test_read_files import book

HEADER = [
    "start", "org_name", "country", "g/outcomes", "g/outcomes/Light for all", "g/outcomes/Water",
    "g/works", "remarks", "_id", "_uuid", "_submission_time", "_submitted_by", "_index",
]  # fmt: skip
ROWS = [
    ["t", "Aurora", "FJI", "Light for all Water", "1", "1", "Training", "x", "11", "u1",
     "2024-05-01T10:00:00", "someone", "1"],
    ["t", "Borealis", "Nepal", "", "0", "0", "", "", "12", "u2",
     "2024-05-02T10:00:00", "someone", "2"],
    ["t", "Ceres", "", "", "", "", "Budget", "", "13", "u3", "2024-05-03", "", "3"],
    ["t", "", "FJI", "Water", "0", "1", "", "", "14", "u4", "2024-05-03", "", "4"],
    ["t", "Aurora", "FJI", "Water", "0", "1", "", "", "15", "u5", "2024-06-03", "", "5"],
]  # fmt: skip
MAPPING = {
    "org_name": "organization",
    "country": "context",
    "g/outcomes": "seeks.outcome",
    "g/works": "works_on.element",
}


def export(folder: Path, rows: list[list[object]] = ROWS, **sheets: list[list[object]]) -> Path:
    return book(folder / "form.xlsx", {"survey": [HEADER, *rows], **sheets})


def cells(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    found = frame[list(columns)].astype(object)
    return [tuple(r) for r in found.where(found.notna(), None).to_numpy().tolist()]


def test_a_draft_is_printed_and_never_applied(tmp_path: Path) -> None:
    (error,) = check(export(tmp_path)).errors
    assert "E542" == error.code
    drafted = (
        "choices={'columns': {'org_name': 'organization', 'country': 'context', "
        "'g/outcomes': 'seeks.outcome', 'g/works': 'works_on.element'}}"
    )
    assert drafted in error.remedy
    assert "remarks" not in error.remedy


def test_options_become_claims_and_submissions_sources(tmp_path: Path) -> None:
    """Counted by hand: 4 of 5 submissions name who answers; they give 3 + 2 answers."""
    m = read(export(tmp_path), choices={"columns": MAPPING})
    assert ["aurora", "borealis", "ceres"] == list(m.organizations.index)
    assert ["Light for all", "Water"] == list(m.outcomes["name"])
    assert [
        ("aurora", "light-for-all", "submission-u1"),
        ("aurora", "water", "submission-u1"),
        ("aurora", "water", "submission-u5"),
    ] == cells(m.links("seeks"), "organization", "outcome", "source")
    assert [("aurora", "training", "FJI"), ("ceres", "budget", None)] == cells(
        m.links("works_on"), "organization", "element", "context"
    )
    sources = m.sources.loc[["submission-u1", "submission-u2"]]
    assert [("survey", "aurora", "2024-05-01"), ("survey", "borealis", "2024-05-02")] == cells(
        sources, "kind", "organization", "date"
    )
    figures = balance(m.problems)
    assert ((5, 4, 1), (5, 5, 0), (5, 4, 1)) == tuple(
        figures[k] for k in ("submission", "answer", "question")
    )
    assert {"W514": 1, "W560": 1, "W561": 1, "W562": 1}.items() <= codes(m.problems).items()
    assert not any("someone" in str(m.table(k.table).to_dict()) for k in m.schema)


def test_none_chosen_is_an_answer_and_blank_is_not(tmp_path: Path) -> None:
    """Borealis chose none of two outcomes; Ceres left them blank, which may mean skipped."""
    path = export(tmp_path)
    m = read(path, choices={"columns": MAPPING})
    asked = set(cells(m.asked, "source", "question", "answered"))
    assert ("submission-u2", "seeks", "yes") in asked
    assert not any(s == "submission-u3" and q == "seeks" for s, q, _ in asked)
    assert 3 == codes(m.problems)["W563"]
    answer = sm.common_outcomes(m).frame
    assert (1, 2) == tuple(answer.loc["light-for-all", ["seeking", "responding"]])
    silent = read(path, choices={"columns": MAPPING, "blank": "asked"})
    assert ("submission-u3", "seeks", "no") in set(
        cells(silent.asked, "source", "question", "answered")
    )
    rate = sm.responses(silent).frame.loc[("submission-u3", "seeks")]
    assert (1, 0) == (int(rate["asked"]), int(rate["answered"]))


def test_a_multiple_choice_without_its_columns_is_refused(tmp_path: Path) -> None:
    """Number 58 of the scorecard of bad inputs."""
    keep = [j for j, title in enumerate(HEADER) if "outcomes/" not in title]
    rows: list[list[object]] = [[row[j] for j in keep] for row in [HEADER, *ROWS]]
    path = book(tmp_path / "form.xlsx", {"survey": rows})
    (error,) = check(path, choices={"columns": MAPPING}).errors
    assert ("E540", "form.xlsx survey!D1") == (error.code, str(error.places[0]))
    assert "multiple select as both" in error.remedy
    one = {**MAPPING, "g/outcomes": "seeks.outcome one"}
    assert ["Light for all Water", "Water"] == list(
        read(path, choices={"columns": one}).outcomes["name"]
    )


def test_answers_of_a_repeat_belong_to_their_submission(tmp_path: Path) -> None:
    repeat: list[list[object]] = [
        ["partners/partner", "_index", "_parent_table_name", "_parent_index", "_submission__id"],
        ["Borealis", "1", "survey", "1", "11"],
        ["Delta", "2", "survey", "1", "11"],
        ["Aurora", "3", "survey", "2", "12"],
    ]
    mapping = {**MAPPING, "partners/partner": "collaborates.partner"}
    m = read(export(tmp_path, partners=repeat), choices={"columns": mapping})
    assert [("aurora", "borealis"), ("aurora", "delta"), ("borealis", "aurora")] == cells(
        m.links("collaborates"), "organization", "partner"
    )
    assert "Delta" == m.name("delta")


def test_countries_are_suggested_and_taken_only_when_given(tmp_path: Path) -> None:
    path = export(tmp_path)
    m = read(path, choices={"columns": MAPPING})
    assert ["FJI", "nepal"] == list(m.contexts.index)
    assert "if NPL is meant" in str(m.problems)
    m = read(path, choices={"columns": MAPPING, "countries": {"Nepal": "NPL"}})
    assert ["FJI", "NPL"] == list(m.contexts.index)


@pytest.mark.parametrize(
    "target", ["seeks", "outcomes.id", "observed.element", "influences.cause", ""]
)
def test_a_target_that_no_answer_can_fill_is_refused(target: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"there are organization, context, seeks\.outcome"):
        read(export(tmp_path), choices={"columns": {"org_name": target}})


def test_strange_marks_and_questions_are_told(tmp_path: Path) -> None:
    rows = [[*ROWS[0][:4], "2", "1", *ROWS[0][6:]]]
    m = read(export(tmp_path, rows), choices={"columns": {**MAPPING, "org": "organization"}})
    assert ["Water"] == list(m.outcomes["name"])
    assert {"W517": 1, "W564": 1}.items() <= codes(m.problems).items()


def test_a_csv_export_reads_like_a_workbook(tmp_path: Path) -> None:
    pd.DataFrame(ROWS, columns=HEADER).to_csv(tmp_path / "form.csv", index=False)
    a = read(tmp_path / "form.csv", choices={"columns": MAPPING})
    b = read(export(tmp_path), choices={"columns": MAPPING})
    for kind in a.schema:
        pd.testing.assert_frame_equal(a.table(kind.table), b.table(kind.table))
