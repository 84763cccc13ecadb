"""KoboToolbox exports: options from their columns, silence kept apart, nothing personal kept.

The workbooks are written here with xlsxwriter in the form in which the tool exports them: groups
and options before and after a slash, numbers as text, repeat groups on sheets of their own.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sysmap as sm
from sysmap.cli import main
from sysmap.core.schema import YES
from sysmap.io.check import check
from sysmap.io.read import read
from tests.io.foreign import balance, codes

SYSTEM = ("_id", "_uuid", "_submission_time", "_submitted_by", "__version__", "_index")
HEADER = (
    "start",
    "about/Organisation",
    "about/Phone number",
    "Which outcomes?",
    "Which outcomes?/Better internet",
    "Which outcomes?/Digital skills",
    "Which outcomes?/None",
    *SYSTEM,
)
QUESTIONS = {"about/Organisation": "organization", "Which outcomes?": "seeks.outcome"}
CHOICES = {"columns": QUESTIONS}
REPEAT = ("Country", "What/Teacher training", "What/School power", "What/None of these")
LINKS = ("_index", "_parent_table_name", "_parent_index", "_submission__id")
WORKS = {
    "about/Organisation": "organization",
    "What": "works_on.element",
    "Country": "context",
}


def submission(number: int, organization: str, *chosen: str, **more: str) -> tuple[str, ...]:
    """One row: internet, skills and none as 0, 1 or blank."""
    labels = ("Better internet", "Digital skills", "None")
    joined = " ".join(x for x, bit in zip(labels, chosen, strict=True) if bit == "1")
    start, phone = "2024-05-01T09:00:00", "+61 555 0100"
    ids = (str(number), f"uuid-{number}", "2024-05-01T10:00:00", "somebody-private", "v1")
    return (start, organization, phone, joined, *chosen, *ids, more.get("index", str(number - 100)))


def workbook(folder: Path, *rows: Sequence[str], **sheets: list[Sequence[str]]) -> Path:
    path = folder / "survey.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for title, lines in {"Survey of members": [HEADER, *rows], **sheets}.items():
            sheet = book.add_worksheet(title)
            for i, line in enumerate(lines):
                for j, cell in enumerate(line):
                    if cell:
                        sheet.write_string(i, j, cell)
    return path


def flat(folder: Path, *rows: Sequence[str], mark: str = ",") -> Path:
    path = folder / "survey.csv"
    lines = [mark.join(f'"{cell}"' for cell in row) for row in (HEADER, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


AURORA = submission(101, "Aurora Agency", "1", "1", "0")
BEACON = submission(102, "Beacon Bank", "0", "0", "0")
COBALT = submission(103, "Cobalt Council", "", "", "")
DELTA = submission(104, "Delta Fund", "0", "0", "1")


@pytest.mark.parametrize("make", [workbook, flat])
def test_chosen_options_are_claims_and_zeros_an_answer(make: object, tmp_path: Path) -> None:
    """Labels hold blanks, so only the columns of the options tell them apart."""
    path = make(tmp_path, AURORA, BEACON, COBALT, DELTA)  # type: ignore[operator]  # one of two makers
    m = read(path, choices=CHOICES)
    claims = m.links("seeks")
    assert [("aurora-agency", "better-internet"), ("aurora-agency", "digital-skills")] == list(
        zip(claims["organization"], claims["outcome"], strict=True)
    )
    assert {"Better internet", "Digital skills"} == set(m.outcomes["name"])
    asked = m.asked.dropna(subset="source").set_index("source")["answered"]
    assert {"submission-101": YES, "submission-102": YES, "submission-104": YES} == dict(asked)
    assert 1 == codes(m.problems)["W541"]
    told = balance(m.problems)
    assert (4, 4, 0) == told["submission"]
    assert (3, 3, 0) == told["answer"]
    assert len(HEADER) == told["column"][0]
    result = sm.common_outcomes(m).frame
    assert [(1, 3), (1, 3)] == list(zip(result["seeking"], result["responding"], strict=True))


def test_blank_means_silence_only_where_somebody_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path, AURORA, COBALT)
    m = read(path, choices={**CHOICES, "blank": "asked"})
    assert {"submission-101": "yes", "submission-103": "no"} == dict(
        zip(m.asked["source"], m.asked["answered"], strict=True)
    )
    assert 0 == codes(m.problems)["W541"]
    assert "'blank': 'asked'" in str(next(p for p in m.problems if p.code == "N501"))
    with pytest.raises(ValueError, match="blank"):
        read(path, choices={**CHOICES, "blank": "no"})


def test_options_that_a_version_of_the_form_lacked_make_no_ledger_row(tmp_path: Path) -> None:
    m = read(workbook(tmp_path, submission(101, "Aurora", "1", "", "0")), choices=CHOICES)
    assert 1 == len(m.links("seeks"))
    assert m.asked["source"].isna().all()
    assert 1 == codes(m.problems)["W542"]


def test_each_submission_is_a_source_of_its_day(tmp_path: Path) -> None:
    m = read(workbook(tmp_path, AURORA, BEACON), choices=CHOICES)
    assert ["submission-101", "submission-102"] == list(m.sources.index)
    row = m.sources.loc["submission-101"]
    assert ["survey", "aurora-agency", "2024-05-01"] == list(row[["kind", "organization", "date"]])
    assert {"submission-101"} == set(m.links("seeks")["source"])


def test_personal_columns_are_dropped_even_where_the_mapping_names_them(tmp_path: Path) -> None:
    mapping = {**QUESTIONS, "about/Phone number": "organizations.role"}
    m = read(workbook(tmp_path, AURORA), choices={"columns": mapping})
    assert 2 == codes(m.problems)["W514"]
    everything = str([m.table(k.table).to_dict() for k in m.schema]) + str(m.problems)
    assert "555 0100" not in everything
    assert "somebody-private" not in everything


def test_an_option_is_no_personal_column_whatever_it_is_called(tmp_path: Path) -> None:
    path = workbook(tmp_path, AURORA)
    header = [c.replace("Digital skills", "Phone lines") for c in HEADER]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("a")
        for i, line in enumerate((header, AURORA)):
            sheet.write_row(i, 0, line)
    m = read(path, choices=CHOICES)
    assert "Phone lines" in set(m.outcomes["name"])


def test_columns_that_nobody_named_are_left_out_and_counted(tmp_path: Path) -> None:
    m = read(workbook(tmp_path, AURORA), choices=CHOICES)
    found, carried, left = balance(m.problems)["column"]
    assert (13, 5, 8) == (found, carried, left)
    told = codes(m.problems)
    assert (6, 2) == (told["W570"], told["W514"])


# The mapping


def test_without_a_mapping_a_draft_is_printed_and_never_applied(tmp_path: Path) -> None:
    path = workbook(tmp_path, AURORA)
    (error,) = check(path).errors
    assert "E542" == error.code
    drafted = ast.literal_eval(error.remedy.partition("choices=")[2])
    assert {"columns": QUESTIONS} == drafted
    with pytest.raises(sm.InvalidMapError, match="nobody has said yet"):
        read(path)
    assert 2 == len(read(path, choices=drafted).links("seeks"))


def test_the_report_prints_the_choices_for_the_next_call(tmp_path: Path) -> None:
    path = workbook(tmp_path, AURORA)
    m = read(path, choices=CHOICES)
    (used,) = [p.message for p in m.problems if p.code == "N501"]
    again = read(path, choices=ast.literal_eval(used.partition("choices=")[2]))
    pd.testing.assert_frame_equal(m.links("seeks"), again.links("seeks"))


def test_labels_without_option_columns_are_refused(tmp_path: Path) -> None:
    """Case 58 of the scorecard: with and without a mapping."""
    path = tmp_path / "survey.csv"
    path.write_text(
        "Organisation,Outcomes,_id,_uuid,_submission_time,_index\n"
        "Aurora,Better internet Digital skills,1,u,2024-05-01,1\n",
        encoding="utf-8",
    )
    assert ["E540", "E542"] == sorted(p.code for p in check(path).errors)
    mapping = {"Organisation": "organization", "Outcomes": "seeks.outcome"}
    (error,) = check(path, choices={"columns": mapping}).errors
    assert "E540" == error.code
    assert "export again with multiple select as both" in error.remedy
    with pytest.raises(sm.InvalidMapError, match="E540"):
        read(path, choices={"columns": mapping})
    m = read(path, choices={"columns": mapping, "single": ["Outcomes"]})
    assert ["Better internet Digital skills"] == list(m.outcomes["name"])
    assert m.asked["source"].isna().all()


def test_a_question_is_named_by_its_path_or_its_last_part(tmp_path: Path) -> None:
    path = workbook(tmp_path, AURORA)
    short = {"organisation": "organization", "which outcomes?": "seeks.outcome"}
    assert 2 == len(read(path, choices={"columns": short}).links("seeks"))
    told = check(path, choices={"columns": {**QUESTIONS, "Outcome": "seeks.outcome"}})
    assert 1 == codes(told)["W517"]


@pytest.mark.parametrize(
    "target", ["seeks", "nothing.at", "elements.name", "sources.name", "seeks.x", "organizations.x"]
)
def test_a_target_that_is_no_column_is_wrong_use(target: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="write a column of a link table"):
        read(workbook(tmp_path, AURORA), choices={"columns": {"Which outcomes?": target}})


def test_an_option_column_with_other_words_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, submission(101, "Aurora", "1", "maybe", "0"))
    assert ["E546"] == [p.code for p in check(path, choices=CHOICES).errors]


# Organizations


def test_two_submissions_of_one_organization_are_told_and_kept(tmp_path: Path) -> None:
    again = submission(102, "Aurora Agency", "0", "1", "0")
    near = submission(103, "Aurora Agncy", "0", "1", "0")
    m = read(workbook(tmp_path, AURORA, again, near), choices=CHOICES)
    told = [p for p in m.problems if p.code == "W571"]
    assert ["organization 'Aurora Agency' has 2 submissions; all are kept"] == [
        p.message for p in told if p.count == 2
    ]
    assert ["organization 'Aurora Agncy' may be Aurora Agency"] == [
        p.message for p in told if p.count == 1
    ]
    assert 3 == len(m.sources)
    assert 2 == len(m.organizations)


def test_a_submission_that_names_nobody_keeps_what_needs_nobody(tmp_path: Path) -> None:
    m = read(workbook(tmp_path, submission(101, "", "1", "1", "0"), BEACON), choices=CHOICES)
    assert {"W572": 1, "W574": 2}.items() <= codes(m.problems).items()
    assert (2, 0, 2) == balance(m.problems)["answer"]
    assert 0 == len(m.links("seeks"))
    assert 2 == len(m.sources)


# Repeat groups


def works(folder: Path, *rows: Sequence[str]) -> Path:
    return workbook(folder, AURORA, BEACON, work=[(*REPEAT, *LINKS), *rows])


def test_rows_of_a_repeat_group_belong_to_their_submission_and_place(tmp_path: Path) -> None:
    path = works(
        tmp_path,
        ("NPL", "1", "0", "0", "1", "Survey of members", "1", "101"),
        ("FJI", "1", "1", "0", "2", "Survey of members", "1", "101"),
        ("FJI", "0", "0", "1", "3", "Survey of members", "2", "102"),
        ("FJI", "1", "0", "0", "4", "Survey of members", "9", "999"),
    )
    given = {"columns": WORKS, "single": ["Country"], "nothing": ["None of these"]}
    m = read(path, choices=given)
    claims = m.links("works_on")
    assert [
        ("aurora-agency", "teacher-training", "NPL", "submission-101"),
        ("aurora-agency", "teacher-training", "FJI", "submission-101"),
        ("aurora-agency", "school-power", "FJI", "submission-101"),
    ] == list(
        zip(*(claims[c] for c in ("organization", "element", "context", "source")), strict=True)
    )
    asked = m.asked[m.asked["question"] == "works_on"]
    assert [
        ("submission-101", "NPL", "yes"),
        ("submission-101", "FJI", "yes"),
        ("submission-102", "FJI", "yes"),
    ] == list(zip(asked["source"], asked["context"], asked["answered"], strict=True))
    told = balance(m.problems)
    assert (4, 3, 1) == told["repeated row"]
    assert 1 == codes(m.problems)["W573"]
    assert "country" == m.contexts.loc["FJI", "kind"]
    assert {"Teacher training", "School power"} == set(m.elements["name"])


def test_a_repeat_group_in_a_repeat_group_is_climbed(tmp_path: Path) -> None:
    outer = [("Country", *LINKS), ("NPL", "1", "Survey of members", "2", "")]
    inner = [("What/Power", "What/Books", *LINKS), ("0", "1", "1", "places", "1", "")]
    path = workbook(tmp_path, AURORA, BEACON, things=inner, places=outer)
    m = read(path, choices={"columns": WORKS, "single": ["Country"]})
    (claim,) = m.links("works_on").to_dict("records")
    assert ("beacon-bank", "books", "NPL") == tuple(
        claim[c] for c in ("organization", "element", "context")
    )


def test_elements_observed_in_a_place_need_no_organization(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        submission(101, "", "0", "0", "0"),
        work=[(*REPEAT, *LINKS), ("NPL", "1", "0", "0", "1", "Survey of members", "1", "101")],
    )
    mapping = {"What": "observed.element", "Country": "observed.context"}
    given = {"columns": mapping, "single": ["Country"], "nothing": ["None of these"]}
    m = read(path, choices=given)
    (claim,) = m.links("observed").to_dict("records")
    assert ("teacher-training", "NPL", "present") == tuple(
        claim[c] for c in ("element", "context", "state")
    )
    (row,) = m.asked.to_dict("records")
    assert ("submission-101", "observed", "NPL", "yes") == tuple(
        row[c] for c in ("source", "question", "context", "answered")
    )


def test_a_place_of_the_whole_submission_holds_for_tables_that_have_one(tmp_path: Path) -> None:
    """Outcomes are sought everywhere; the ledger of seeks has no place."""
    path = tmp_path / "survey.csv"
    path.write_text(
        "org,where,goals/a,goals/b,what/x,what/y,_id,_uuid,_submission_time,_index\n"
        "Aurora,NPL,TRUE,FALSE,0.0,1.0,7,u,2024-05-01,1\n",
        encoding="utf-8",
    )
    mapping = {
        "org": "organization",
        "where": "context",
        "goals": "seeks.outcome",
        "what": "works_on.element",
    }
    m = read(path, choices={"columns": mapping, "single": ["where"]})
    assert [("y", "NPL")] == list(
        m.links("works_on")[["element", "context"]].itertuples(index=False)
    )
    assert ["a"] == list(m.links("seeks")["outcome"])
    asked = m.asked.set_index("question")["context"]
    assert pd.isna(asked["seeks"])
    assert "NPL" == asked["works_on"]


def test_a_workbook_and_a_csv_file_read_alike(tmp_path: Path) -> None:
    rows = AURORA, BEACON, COBALT, DELTA
    first = read(workbook(tmp_path, *rows), choices=CHOICES)
    second = read(flat(tmp_path, *rows), choices=CHOICES)
    for kind in first.schema:
        pd.testing.assert_frame_equal(first.table(kind.table), second.table(kind.table))


def test_a_country_by_name_waits_for_its_code(tmp_path: Path) -> None:
    path = works(tmp_path, ("Fiji", "1", "0", "0", "1", "Survey of members", "1", "101"))
    given = {"columns": WORKS, "single": ["Country"], "nothing": ["None of these"]}
    m = read(path, choices=given)
    assert ["fiji"] == list(m.contexts.index)
    assert 1 == codes(m.problems)["W550"]
    m = read(path, choices={**given, "countries": {"Fiji": "FJI"}})
    assert ["FJI"] == list(m.contexts.index)
    assert "yes" == m.contexts.loc["FJI", "sids"]


def test_an_organization_is_no_partner_of_its_own(tmp_path: Path) -> None:
    partners = [
        ("Partners/Aurora Agency", "Partners/Beacon Bank", *LINKS),
        ("1", "1", "1", "Survey of members", "1", "101"),
    ]
    mapping = {"about/Organisation": "organization", "Partners": "collaborates.partner"}
    m = read(workbook(tmp_path, AURORA, p=partners), choices={"columns": mapping})
    assert ["beacon-bank"] == list(m.links("collaborates")["partner"])
    assert (2, 1, 1) == balance(m.problems)["answer"]
    assert 2 == len(m.organizations)


def test_none_beside_other_options_is_told(tmp_path: Path) -> None:
    m = read(workbook(tmp_path, submission(101, "Aurora", "1", "0", "1")), choices=CHOICES)
    assert 1 == codes(m.problems)["W575"]
    assert 1 == len(m.links("seeks"))


def test_further_columns_of_a_claim_and_of_the_organization_are_filled(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(
        "org,kind,what/a,what/b,role,_id,_uuid,_submission_time,_index\n"
        "Aurora,ngo,1,0,funds,7,u,2024-05-01,1\n",
        encoding="utf-8",
    )
    mapping = {
        "org": "organization",
        "kind": "organizations.kind",
        "what": "works_on.element",
        "role": "works_on.role",
    }
    m = read(path, choices={"columns": mapping, "areas": {"a": "costing"}})
    assert "ngo" == m.organizations.loc["aurora", "kind"]
    assert ["funds"] == list(m.links("works_on")["role"])
    assert "costing" == m.elements.loc["a", "area"]


# The file


def test_semicolons_are_told_with_the_remedy(tmp_path: Path) -> None:
    """The tool writes CSV with semicolons; no separator is picked in silence."""
    path = flat(tmp_path, AURORA, mark=";")
    (error,) = check(path, choices=CHOICES).errors
    assert ("E012", 'read it with separator=";"') == (error.code, error.remedy)
    assert 2 == len(read(path, separator=";", choices=CHOICES).links("seeks"))


def test_the_command_line_reads_it_with_a_file_of_choices(tmp_path: Path) -> None:
    path = workbook(tmp_path, AURORA)
    (tmp_path / "choices.txt").write_text(repr(CHOICES), encoding="utf-8")
    words = ["convert", str(path), str(tmp_path / "map.json")]
    assert 2 == main(words)
    assert 0 == main([*words, "--choices", str(tmp_path / "choices.txt")])
    assert 2 == len(read(tmp_path / "map.json").links("seeks"))


def test_an_export_without_submissions_is_an_empty_map_with_its_options(tmp_path: Path) -> None:
    m = read(workbook(tmp_path), choices=CHOICES)
    assert 2 == len(m.outcomes)
    assert 0 == len(m.sources)


def test_sheets_without_submissions_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "survey.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("work").write_row(0, 0, (*REPEAT, *LINKS))
    assert ["E542"] == [p.code for p in check(path, format="kobo", choices=CHOICES).errors]


def test_a_group_named_as_a_table_needs_the_name_of_the_format(tmp_path: Path) -> None:
    """A workbook with a sheet `works_on` looks like one of ours."""
    rows = [(*REPEAT, *LINKS), ("NPL", "1", "0", "0", "1", "Survey of members", "1", "101")]
    path = workbook(tmp_path, AURORA, works_on=rows)
    given = {"columns": WORKS, "single": ["Country"], "nothing": ["None of these"]}
    assert 1 == len(read(path, format="kobo", choices=given).links("works_on"))


def test_what_was_read_is_written_and_read_back(tmp_path: Path) -> None:
    m = read(workbook(tmp_path, AURORA, BEACON, COBALT), choices=CHOICES)
    sm.write(m, tmp_path / "map.xlsx")
    again = sm.read(tmp_path / "map.xlsx")
    for kind in m.schema:
        pd.testing.assert_frame_equal(m.table(kind.table), again.table(kind.table))


def test_the_order_of_submissions_changes_no_claim(tmp_path: Path) -> None:
    first = read(workbook(tmp_path, AURORA, BEACON, DELTA), choices=CHOICES)
    second = read(workbook(tmp_path, DELTA, BEACON, AURORA), choices=CHOICES)
    columns = ["organization", "outcome", "source"]
    rows = [set(m.links("seeks")[columns].itertuples(index=False)) for m in (first, second)]
    assert rows[0] == rows[1]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(st.tuples(st.integers(0, 500), st.binary(min_size=1, max_size=3)), max_size=4)
)
def test_an_edited_export_gives_problems(edits: list[tuple[int, bytes]], tmp_path: Path) -> None:
    data = bytearray(flat(tmp_path, AURORA, BEACON).read_bytes())
    for at, piece in edits:
        data[at : at + len(piece)] = piece
    (tmp_path / "edited.csv").write_bytes(bytes(data))
    problems = check(tmp_path / "edited.csv", format="kobo", choices=CHOICES)
    assert str(problems)
    balance(problems)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cells=st.lists(st.tuples(*[st.sampled_from(["", "0", "1"])] * 3), max_size=6))
def test_the_ledger_is_what_plain_loops_say(cells: list[tuple[str, ...]], tmp_path: Path) -> None:
    rows = [submission(101 + i, f"Org {i}", *chosen) for i, chosen in enumerate(cells)]
    m = read(flat(tmp_path, *rows), choices=CHOICES)
    claims, asked = set(), set()
    for i, (internet, skills, none) in enumerate(cells):
        options = ("better-internet", internet), ("digital-skills", skills)
        claims |= {(f"submission-{101 + i}", id) for id, bit in options if bit == "1"}
        if all((internet, skills, none)):
            asked.add(f"submission-{101 + i}")
    got = m.links("seeks")
    assert claims == set(zip(got["source"], got["outcome"], strict=True))
    assert asked == set(m.asked["source"].dropna())
