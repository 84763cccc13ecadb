"""The blank workbook helps to fill it and reads back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from sysmap.core.errors import LimitError, UnsupportedFormatError
from sysmap.core.model import SystemMap, from_tables
from sysmap.core.schema import CORE_TABLES, SCHEMA, Column, LinkType, NodeType
from sysmap.io.check import check
from sysmap.io.read import read
from sysmap.io.template import form_questions, template

SOFFICE = shutil.which("soffice")


def filled() -> SystemMap:
    """Things that members may see, and things that they may not."""
    return from_tables(
        {
            "organizations": pd.DataFrame(
                {"id": ["b", "a"], "name": ["B", "A"], "visibility": [None, "private"]}
            ),
            "outcomes": pd.DataFrame({"id": ["o"], "name": ["Light"], "secret": ["mark"]}),
            "elements": pd.DataFrame({"id": ["=e"], "name": ["Law"]}),
            "sources": pd.DataFrame(
                {"id": ["s", "t"], "name": ["S", "T"], "kind": ["survey", "interview"]}
            ),
            "about": pd.DataFrame({"key": ["title", "contact"], "value": ["Ours", "somebody"]}),
        }
    )


def rule(sheet: Worksheet, header: str, row: int = 2) -> DataValidation:
    """The rule of the cell in that row under a header."""
    letter = next(cell.coordinate[:-1] for cell in sheet[1] if cell.value == header)
    (found,) = (r for r in sheet.data_validations.dataValidation if f"{letter}{row}" in r.sqref)
    return found


@pytest.mark.parametrize("tables", ["core", "all"])
def test_the_blank_template_reads_back_with_notes_only(tables: str, tmp_path: Path) -> None:
    path = template(tmp_path / "survey.xlsx", tables=tables)  # type: ignore[arg-type]  # both words
    assert check(path).ok
    assert "<SystemMap: empty; 0 claims>" == repr(read(path))
    assert not [p for p in check(path) if "README" in p.message or "'lists'" in p.message]


def test_the_core_has_its_sheets_in_order(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template(tmp_path / "survey.xlsx"))
    assert ["README", *CORE_TABLES, "answers", "lists"] == book.sheetnames


def test_all_has_every_table(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template(tmp_path / "survey.xlsx", tables="all"))
    assert {"README", "lists", *(kind.table for kind in SCHEMA)} == set(book.sheetnames)


def test_every_column_has_a_header_and_one_rule_with_help(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template(tmp_path / "survey.xlsx", tables="all"))
    for kind in SCHEMA:
        sheet = book[kind.table]
        assert kind.names == tuple(cell.value for cell in sheet[1])
        assert "B2" == sheet.freeze_panes
        for column in kind.columns:
            found = rule(sheet, column.name, 500_000)
            assert column.required == found.prompt.startswith("★ Required")
            assert 0 < len(found.prompt) <= 255
            assert len(found.promptTitle) <= 32
    colours = {c.fill.fgColor.rgb: c.value for c in reversed(book["works_on"][1])}
    assert {"organization", "context"} == set(colours.values())


def test_rules_follow_the_schema(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(template(tmp_path / "survey.xlsx", tables="all"))
    closed, open_ = rule(book["works_on"], "role"), rule(book["works_on"], "element")
    assert ("list", "stop") == (closed.type, closed.errorStyle or "stop")
    assert ("list", "warning", "ids_elements") == (open_.type, open_.errorStyle, open_.formula1)
    grows = book.defined_names["ids_elements"].attr_text
    assert "OFFSET(elements!$A$2,0,0,MAX(1,COUNTA(elements!$A$2:$A$1048576)),1)" == grows
    scale = rule(book["observed"], "strength")
    assert ("whole", "1", "3") == (scale.type, scale.formula1, scale.formula2)
    date = rule(book["works_on"], "start")
    assert "DATE(1990,1,1)" in date.formula1
    assert "DATE(2100,12,31)" in date.formula1
    assert "blank is private" in rule(book["challenges"], "visibility").prompt
    assert "@" == book["organizations"].column_dimensions["A"].number_format


def test_challenges_are_preset_to_private_and_such_rows_are_not_begun(tmp_path: Path) -> None:
    """A row that holds only what the template wrote is skipped; one more cell begins it."""
    path = template(tmp_path / "survey.xlsx", filled(), tables="all")
    book = openpyxl.load_workbook(path)
    sheet = book["challenges"]
    column = [cell.value for cell in sheet[1]].index("visibility") + 1
    assert {"private"} == {sheet.cell(row, column).value for row in range(2, 202)}
    assert len(read(path).links("challenges")) == 0
    sheet.cell(9, 1, "b")
    sheet.cell(11, column, "members")
    book.save(path)
    cells = {place.cell for p in check(path) if p.code == "E301" for place in p.places}
    assert {"B9", "A11", "B11"} == cells


def test_the_form_offers_the_answers(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(template(tmp_path / "survey.xlsx", filled()))["answers"]
    headers = [cell.value for cell in sheet[1]]
    assert ["source", "question", "organization", "context", "none", "o", "=e"] == headers
    assert "Light (outcome)" in rule(sheet, "o").prompt
    blank = openpyxl.load_workbook(template(tmp_path / "blank.xlsx"))["answers"]
    (spare,) = (r for r in blank.data_validations.dataValidation if "F2" in r.sqref)
    assert '"yes,no,1,2,3"' == spare.formula1


def test_the_form_asks_what_an_organization_or_a_place_can_answer() -> None:
    own = LinkType(
        "evaluates",
        (
            Column("organization", "reference", to=("organizations",), required=True),
            Column("element", "reference", to=("elements",), required=True),
        ),
    )
    expected = ("seeks", "observed", "works_on", "priorities", "challenges", "evaluates")
    assert expected == form_questions(SCHEMA.extended(links=(own,)))


def test_a_map_fills_the_lists_with_what_members_may_see(tmp_path: Path) -> None:
    path = template(tmp_path / "survey.xlsx", filled())
    m = read(path)
    assert ["b"] == list(m.organizations.index)
    assert ["s"] == list(m.sources.index)
    assert {"title": "Ours"} == dict(m.about)
    assert "secret" not in m.outcomes
    assert "=e" == m.elements.index[0]


def test_returned_forms_join(tmp_path: Path) -> None:
    """One form goes to two members; what they return is joined with |."""
    maps = []
    for state in ("yes", "no"):
        path = template(tmp_path / f"{state}.xlsx", filled())
        book = openpyxl.load_workbook(path)
        book["answers"].append(["s", "works_on", "b", None, None, None, state])
        book.save(path)
        maps.append(read(path))
    both = maps[0] | maps[1]
    assert [("b", "=e")] == list(
        both.links("works_on")[["organization", "element"]].itertuples(index=False, name=None)
    )


def test_types_of_the_users_own_get_sheets(tmp_path: Path) -> None:
    topics = NodeType("topics", (Column("id", "id", required=True), Column("name", required=True)))
    own = SCHEMA.extended(nodes=(topics,))
    path = template(tmp_path / "survey.xlsx", schema=own)
    assert "topics" in openpyxl.load_workbook(path).sheetnames
    assert check(path, schema=own).ok
    long = SCHEMA.extended(nodes=(NodeType("t" * 32, topics.columns),))
    with pytest.raises(LimitError):
        template(tmp_path / "long.xlsx", schema=long)


def test_wrong_words_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormatError, match=r"end the name in \.xlsx"):
        template(tmp_path / "survey.ods")
    with pytest.raises(ValueError, match="write 'core' or 'all'"):
        template(tmp_path / "survey.xlsx", tables="some")  # type: ignore[arg-type]  # wrong on purpose
    assert [] == list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_keeps_the_drop_downs(tmp_path: Path) -> None:
    path = template(tmp_path / "survey.xlsx", tables="all")
    out = tmp_path / "out"
    home = (tmp_path / "home").as_uri()
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation={home}"]
    subprocess.run(
        [*command, "--convert-to", "xlsx", "--outdir", str(out), str(path)],
        check=True, timeout=180, capture_output=True,
    )  # fmt: skip
    book = openpyxl.load_workbook(out / "survey.xlsx")
    for table, column, kind in (
        ("works_on", "element", "list"), ("works_on", "role", "list"),
        ("observed", "strength", "whole"), ("works_on", "start", "custom"),
    ):  # fmt: skip
        assert kind == rule(book[table], column).type
    assert "ids_elements" in rule(book["works_on"], "element").formula1
    assert "OFFSET" in book.defined_names["ids_elements"].attr_text
    assert check(out / "survey.xlsx").ok
