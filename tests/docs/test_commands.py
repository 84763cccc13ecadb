"""Every command of the pages runs: those that print no reply are held to their exit code."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import networkx as nx
import pytest
import xlsxwriter

import sysmap as sm
from tests.docs import pages
from tests.io import test_iati, test_mental_modeler, test_prsm

FORMATS = "docs/formats/"
STARTS = ("sysmap ", "python -m sysmap ")
ELSEWHERE = (
    "make ",
    "python -m pip ",
    "python -m pytest",
    "python docs/make_calibration.py",
    ". .venv/bin/activate",
    "lint-imports",
    "ruff ",
    "mypy ",
)
"""What sets up or checks the project; other tests and `make check` run it."""
KOBO = {
    "about/Organisation": ("Aurora Agency", "Beacon Bank"),
    "about/Kind of organisation": ("ngo", "donor"),
    "Which outcomes?": ("Better internet", "None"),
    "Which outcomes?/Better internet": ("1", "0"),
    "Which outcomes?/None": ("0", "1"),
    "work/Country": ("Nepal", "Fiji"),
    "work/What do you work on?": ("Power", "Power"),
    "work/What do you work on?/Power": ("1", "1"),
    "work/What do you work on?/None of these": ("0", "0"),
    "_id": ("1", "2"),
    "_uuid": ("a", "b"),
    "_submission_time": ("2024-05-01T10:00:00", "2024-05-02T10:00:00"),
    "_index": ("1", "2"),
}


def blocks(page: Path) -> Iterator[list[str]]:
    """The lines of each fence that holds commands without their replies."""
    for text, _ in pages.blocks(page, "", "sh"):
        lines = [line for line in text.splitlines() if line]
        if lines and lines[0].startswith((*STARTS, *ELSEWHERE)):
            yield lines


def commands(page: Path) -> list[str]:
    return [line for lines in blocks(page) for line in lines if line.startswith(STARTS)]


WITH_COMMANDS = [page for page in pages.PAGES if commands(page)]


def presence(folder: Path) -> None:
    rows = "organisation,activity,place", "#org,#activity,#adm2", "Aurora,Training,Suva"
    (folder / "presence.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def graphml(folder: Path) -> None:
    graph = nx.DiGraph()
    graph.add_node("a", name="Rain")
    graph.add_node("b", name="Harvest", type="Goal")
    graph.add_edge("a", "b", sign="increases")
    graph.add_edge("b", "a", sign="decreases")
    nx.write_graphml(graph, folder / "map.graphml")


def iati(folder: Path) -> None:
    told = test_iati.activity(
        test_iati.org("4", "XX-1", "Aurora"), test_iati.sector("11130", "100")
    )
    path = test_iati.written(folder, told)
    (folder / "aid").mkdir()
    (folder / "aid" / path.name).write_bytes(path.read_bytes())


def kumu(folder: Path) -> None:
    elements = [
        {"_id": f"e{i}", "attributes": {"label": label, "element type": kind}}
        for i, (label, kind) in enumerate([("Learning", "Goal"), ("Aurora", "Stakeholder")])
    ]
    content = {"elements": elements, "connections": [], "loops": [], "maps": []}
    (folder / "project.json").write_text(json.dumps(content), encoding="utf-8")


def prsm(folder: Path) -> None:
    edges = [{"groupLabel": "increases"}, {"groupLabel": "decreases"}]
    styles = {**test_prsm.MAP["styles"], "edges": {f"edge{i}": e for i, e in enumerate(edges)}}
    content = {**test_prsm.MAP, "styles": styles}
    (folder / "map.prsm").write_text(json.dumps(content), encoding="utf-8")


def mental_modeler(folder: Path) -> None:
    concepts = [
        test_mental_modeler.concept("1", "Rain", ("2", "0.5")),
        test_mental_modeler.concept("2", "Harvest"),
    ]
    test_mental_modeler.mmp(folder, *concepts).rename(folder / "project.mmp")


def kobo(folder: Path) -> None:
    """An export, and the mapping as the page prints it."""
    with xlsxwriter.Workbook(folder / "survey.xlsx") as book:
        sheet = book.add_worksheet("Survey")
        for j, (header, cells) in enumerate(KOBO.items()):
            sheet.write_column(0, j, [header, *cells])
    page = pages.ROOT / FORMATS / "kobo.md"
    (mapping,) = [t for t, _ in pages.blocks(page, "") if t.startswith("{'columns'")]
    (folder / "mapping.txt").write_text(mapping, encoding="utf-8")


def names(folder: Path) -> None:
    (folder / "names.txt").write_text("Aurora Agncy\n", encoding="utf-8")
    (folder / "answers.csv").write_text("Organization\nAurora Agncy\n", encoding="utf-8")


def nothing(folder: Path) -> None:
    """The page begins with a blank workbook."""
    (folder / "survey.xlsx").unlink()


SUPPOSED: dict[str, Callable[[Path], None]] = {
    FORMATS + "3w.md": presence,
    FORMATS + "graphs.md": graphml,
    FORMATS + "iati.md": iati,
    FORMATS + "kobo.md": kobo,
    FORMATS + "kumu.md": kumu,
    FORMATS + "mental-modeler.md": mental_modeler,
    FORMATS + "prsm.md": prsm,
    "docs/how-to/match-names.md": names,
    "README.md": nothing,
}
"""What makes the files that the commands of a page suppose beside the workbook."""
STOPS = {"sysmap check survey.xlsx": FORMATS + "kobo.md"}
"""A command of which the page says that it stops with an error."""


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=pages.name)
def test_the_commands_of_a_page_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = pages.name(page)
    if name == FORMATS + "parquet.md" and importlib.util.find_spec("pyarrow") is None:
        pytest.skip("no pyarrow; `make parquet` has it")
    monkeypatch.chdir(tmp_path)
    sm.write(sm.example("teaching"), tmp_path / "survey.xlsx")
    SUPPOSED.get(name, lambda folder: None)(tmp_path)
    for command in commands(page):
        code, printed = pages.run(command)
        assert (2 if STOPS.get(command) == name else 0) == code, f"{command}\n{printed}"


@pytest.mark.parametrize("page", pages.PAGES, ids=pages.name)
def test_no_line_among_commands_is_left_unrun(page: Path) -> None:
    unknown = [
        line
        for lines in blocks(page)
        for line in lines
        if not line.startswith((*STARTS, *ELSEWHERE))
    ]
    assert unknown == []


def test_no_page_is_without_what_its_commands_suppose() -> None:
    assert set(SUPPOSED) <= {pages.name(page) for page in WITH_COMMANDS}
