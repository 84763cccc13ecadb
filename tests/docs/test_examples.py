"""Every example of the pages runs as it is printed, and every link leads somewhere."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import openpyxl
import pytest

import sysmap as sm
from sysmap.core.rules import RULES
from tests.docs import pages

SLOW = {"README.md", "docs/how-to/first-map.md", "docs/answers.md"}
WITH_PYTHON = [p for p in pages.PAGES if any(pages.blocks(p, "python"))]
WITH_SESSIONS = [p for p in pages.PAGES if any(pages.blocks(p, "console"))]
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FILLED = re.compile(
    r"On the sheet `(?P<sheet>\w+)`[^\n]*\n\n(?P<table>(?:\|[^\n]*\n)+)"
    r"|In the cell `(?P<where>\w+)!(?P<cell>[A-Z]+\d+)` write `(?P<value>[^`]*)`"
    r"|^```console\n(?P<session>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
HOW_TO = pages.ROOT / "docs" / "how-to" / "first-map.md"


def marked(found: list[Path]) -> list[object]:
    return [
        pytest.param(
            page,
            id=pages.name(page),
            marks=[pytest.mark.slow] if pages.name(page) in SLOW else [],
        )
        for page in found
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a survey workbook and a folder of letters, as the pages suppose."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "invitation.txt").write_text("You are invited.", encoding="utf-8")
    sm.write(sm.example("teaching"), tmp_path / "survey.xlsx")
    return tmp_path


@pytest.mark.parametrize("page", marked(WITH_PYTHON))
def test_the_python_of_a_page_runs(page: Path, folder: Path) -> None:
    """Blocks with prompts are doctests; the others run; all of a page share their names."""
    names: dict[str, object] = {}
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(optionflags=pages.LOOSE)
    for block, line in pages.blocks(page, "python"):
        if ">>>" in block:
            test = parser.get_doctest(block, names, pages.name(page), pages.name(page), line - 1)
            runner.run(test, clear_globs=False)
            names = test.globs
        else:
            exec(compile("\n" * (line - 1) + block, str(page), "exec"), names)  # noqa: S102  # the page is ours
    assert 0 == runner.failures


@pytest.mark.parametrize("page", marked([p for p in WITH_SESSIONS if p != HOW_TO]))
def test_the_sessions_of_a_page_run(page: Path, folder: Path) -> None:
    for block, _ in pages.blocks(page, "console"):
        pages.session(block)


@pytest.mark.slow
def test_the_first_map_can_be_made_as_the_page_says(folder: Path) -> None:
    """The tables of the page are typed into the workbook that its first command makes."""
    (folder / "survey.xlsx").unlink()
    for step in FILLED.finditer(HOW_TO.read_text(encoding="utf-8")):
        if step["session"]:
            pages.session(step["session"])
            continue
        book = openpyxl.load_workbook("survey.xlsx")
        if step["sheet"]:
            header, _, *rows = [
                [cell.strip() for cell in line[1:-1].split("|")]
                for line in step["table"].splitlines()
            ]
            for row in rows:
                append(book[step["sheet"]], dict(zip(header, row, strict=True)))
        else:
            book[step["where"]][step["cell"]] = step["value"]
        book.save("survey.xlsx")


def append(sheet: openpyxl.worksheet.worksheet.Worksheet, row: dict[str, str]) -> None:
    """Type a row under the last filled one; a new header goes into the next free column."""
    titles = {c.value: c.column for c in sheet[1] if c.value is not None}
    below = next(r for r in range(2, 1000) if all(c.value is None for c in sheet[r]))
    for title, text in row.items():
        if title not in titles:
            titles[title] = max(titles.values()) + 1
            sheet.cell(1, titles[title], title)
        sheet.cell(below, titles[title], int(text) if text.isdecimal() else text or None)


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in LINK.findall(pages.FENCE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path) if path else page
        assert there.exists(), f"{target}: no such file"
        if anchor:
            assert anchor in anchors(there), f"{target}: no such place"


def anchors(page: Path) -> set[str]:
    """The places of a page: headings as they are turned into addresses, and written anchors."""
    text = pages.FENCE.sub("", page.read_text(encoding="utf-8"))
    heads = (re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in HEADING.findall(text))
    return {*heads, *re.findall(r'<a id="(\w+)">', text)}


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_prose_has_one_sentence_per_line(page: Path) -> None:
    """A review of a page shows which sentence changed."""
    text = pages.FENCE.sub("", page.read_text(encoding="utf-8"))
    for line in text.splitlines():
        bare = re.sub(r"`[^`]*`|\([^)]*\)|\[[^\]]*\]", "x", line)
        if not bare.startswith(("|", "#", "<", "- ")):
            assert not re.search(r"[a-z]{3}[.?!] [A-Z]", bare), line


NAMED = re.compile(r"tests/[\w/]+\.py(?:::\w+)?")


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for named in NAMED.findall(text):
        path, _, test = named.partition("::")
        if f"<!-- file: {path} -->" in text:
            continue  # the reader makes it
        file = pages.ROOT / path
        assert file.is_file(), named
        assert not test or f"def {test}(" in file.read_text(encoding="utf-8"), named


def test_the_page_of_the_model_names_every_rule() -> None:
    """Each rule has its code in the first line of its docstring."""
    page = (pages.ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    codes = {c for rule in RULES for c in re.findall(r"[EWN]\d{3}", rule.__doc__ or "")}
    assert codes
    assert codes <= set(re.findall(r"\[([EWN]\d{3})\]", page))
