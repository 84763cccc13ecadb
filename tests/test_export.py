"""The brief: safe for its audience, the same bytes each time, words that a ministry can read."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from sysmap import export
from sysmap.core.errors import LimitError, OutputError
from sysmap.core.model import SystemMap, from_tables
from sysmap.export import report
from sysmap.shipped import example

ROOT = Path(__file__).parents[1]
MARK = "Zq7marker"
REPORTED = re.compile(
    r"works_on|takes_part|un_agency|group_\w+|\w+\(\)|\b1 [a-z]+s (?:are|that)\b|error error"
)
"""Code words and slips of number that once stood in sentences for ministries."""


@pytest.fixture(scope="module")
def briefs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The public brief of both shipped maps."""
    home = tmp_path_factory.mktemp("briefs")
    maps = {name: example(name) for name in ("teaching", "asia-pacific-digital-learning")}
    return {name: report(m, home / name).parent for name, m in maps.items()}


def marked() -> SystemMap:
    """The teaching map with a mark in every text that a public reader may not see."""
    tables = {k: f.astype(object) for k, f in example("teaching").tables.items() if len(f)}
    hidden = tables["challenges"]["visibility"] != "public"
    tables["challenges"].loc[hidden, "note"] = MARK
    for frame in (tables["works_on"], tables["seeks"], tables["observed"]):
        frame["note"] = MARK  # a note shows only where its row says who may see it
    tables["organizations"].loc[0, ["name", "role", "visibility"]] = [MARK, MARK, "private"]
    interviews = tables["sources"]["kind"] == "interview"
    tables["sources"].loc[interviews, "name"] = MARK
    contact = pd.DataFrame({"key": ["contact"], "value": [MARK]}).astype(object)
    about = tables["about"]
    tables["about"] = pd.concat([about[about["key"] != "contact"], contact])
    return from_tables({k: f.where(f.notna(), None) for k, f in tables.items()})


def contents(folder: Path) -> Iterator[bytes]:
    """The bytes of every file, unpacked where they are packed."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        yield data
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                yield from (book.read(name) for name in book.namelist())


def words(folder: Path) -> str:
    """The text of the brief without the folded methods, as a reader sees it."""
    page = (folder / "index.html").read_text(encoding="utf-8")
    page = re.sub(r"<style>.*?</style>|<details>.*?</details>", "", page, flags=re.DOTALL)
    page = re.split(r'<section class="task" id="ask"', page)[0]
    return re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ")


def test_no_private_mark_reaches_the_public_brief(tmp_path: Path) -> None:
    """The same search finds the marks in the private brief, or it would prove nothing."""
    m = marked()
    public, private = (
        report(m, tmp_path / audience, audience=audience).parent
        for audience in ("public", "private")
    )
    assert not [data for data in contents(public) if MARK.casefold().encode() in data.lower()]
    assert [data for data in contents(private) if MARK.casefold().encode() in data.lower()]


@pytest.mark.parametrize("name", ["teaching", "asia-pacific-digital-learning"])
def test_sentences_hold_no_code_words(name: str, briefs: dict[str, Path]) -> None:
    said = words(briefs[name])
    remedies = re.compile(r"Add rows to the sheet asked with the question \w+\.")
    assert [] == REPORTED.findall(remedies.sub("", said))
    assert "Not answered. r" not in said


def test_nobody_is_said_to_need_or_to_be_asked_where_nobody_was(briefs: dict[str, Path]) -> None:
    said = words(briefs["asia-pacific-digital-learning"])
    assert "are said to seek" in said
    assert "universal among the countries assessed" in said
    for claim in ("address a need", "countries asked", "the first gap to discuss", "0 state"):
        assert claim not in said


def test_a_column_that_is_blank_everywhere_is_left_out(briefs: dict[str, Path]) -> None:
    """Nobody ranked outcomes in the Asia-Pacific map; in the teaching map they did."""
    heads = {
        name: re.findall(
            r"<th scope=\"col\"[^>]*>([^<]*)", (folder / "index.html").read_text("utf-8")
        )
        for name, folder in briefs.items()
    }
    assert "priority" in heads["teaching"]
    assert "priority" not in heads["asia-pacific-digital-learning"]
    assert "activity" in heads["teaching"]
    assert not {"id", "low", "high"} & set(heads["teaching"])


def test_no_figure_of_a_brief_says_only_that_it_is_empty(briefs: dict[str, Path]) -> None:
    """No two reporters speak of one statement in this map, so there is nothing to compare."""
    folder = briefs["asia-pacific-digital-learning"]
    figures = {path.name: path.read_text("utf-8") for path in (folder / "figures").iterdir()}
    assert len(figures) > 8
    assert "perspectives.svg" not in figures
    assert [] == [name for name, text in figures.items() if "nothing to draw" in text]
    page = (folder / "index.html").read_text("utf-8")
    assert set(re.findall(r'src="figures/([^"]+)"', page)) == set(figures)


CLASSES = {
    "common_outcomes": "verdict",
    "universality": "verdict",
    "influence": "quadrant",
    "loops": "polarity",
    "coverage": "state",
    "calendar": "state",
}
"""The column of each answer whose words are counted in its sentence, its figure and its table."""


def articles(folder: Path) -> dict[str, str]:
    """The HTML of each answer of a brief, by its name."""
    page = (folder / "index.html").read_text(encoding="utf-8")
    return dict(re.findall(r'<article id="(\w+)">(.*?)</article>', page, flags=re.DOTALL))


def told(text: str, word: str) -> set[int]:
    """The numbers that a text gives for a word: "2 done", "Done: 2", "2 of 9 items are done"."""
    number = r"(?<!\w)(\d+(?:,\d{3})*)"
    counted = rf"{number} (?:of [\d,]+ \w+ (?:is|are) )?{word}\b|\b{word}:? {number}"
    found = re.findall(counted, text, flags=re.IGNORECASE)
    return {int("".join(pair).replace(",", "")) for pair in found}


@pytest.mark.parametrize("name", ["teaching", "asia-pacific-digital-learning"])
def test_a_count_is_one_value_in_sentence_figure_and_table(
    name: str, briefs: dict[str, Path]
) -> None:
    """Counted again over the rows of the workbook."""
    sheets = pd.read_excel(briefs[name] / "tables.xlsx", sheet_name=None, engine="openpyxl")
    compared = set()
    for key, article in articles(briefs[name]).items():
        if key not in sheets:
            continue
        rows = len(sheets[key])
        noted = re.search(r'class="small">(?:The first \d+ of ([\d,]+)|All) rows;', article)
        assert noted, key
        assert rows == int((noted[1] or str(article.count('th scope="row"'))).replace(",", "")), key
        said = re.search(r'class="answer">(.*?)</p>', article, flags=re.DOTALL)
        figure = re.search(r'src="([^"]+)" alt="([^"]*)"', article)
        if key not in CLASSES or not said or not figure:
            continue
        drawn = (briefs[name] / figure[1]).read_text("utf-8")
        texts = [said[1], figure[2], *re.findall(r"<(?:title|desc)[^>]*>([^<]*)", drawn)]
        for word, count in sheets[key][CLASSES[key]].value_counts().items():
            for text in texts:
                assert told(text, re.escape(str(word))) <= {count}, (key, word, text)
                compared |= {(key, word)} if told(text, re.escape(str(word))) else set()
    assert len(compared) > 12


@pytest.mark.parametrize("name", ["teaching", "asia-pacific-digital-learning"])
def test_what_several_answers_say_they_say_with_the_same_numbers(
    name: str, briefs: dict[str, Path]
) -> None:
    said: dict[str, list[tuple[str, ...]]] = {}
    for article in articles(briefs[name]).values():
        listed = article.partition('class="caveats">')[2]
        for sentence in re.findall(r"<li>(.*?)</li>", listed, flags=re.DOTALL):
            numbers = tuple(re.findall(r"\d[\d,.]*", sentence))
            said.setdefault(re.sub(r"\d[\d,.]*", "#", sentence), []).append(numbers)
    shared = {text: numbers for text, numbers in said.items() if len(numbers) > 1 and numbers[0]}
    assert len(shared) > 2
    assert {} == {text: numbers for text, numbers in shared.items() if len(set(numbers)) > 1}


TASKS = {
    1: {"common_outcomes"},
    2: {"universality", "influence", "loops", "perspectives"},
    3: {"profiles", "coverage", "opportunities", "coalitions"},
    4: {"exchange", "calendar"},
    5: {"complementarity"},
}
"""The answers to each task of the terms of reference."""
HEADINGS = (
    "Which outcomes do members share?",
    "What influences them, everywhere and only somewhere?",
    "Who works on what, with what priorities and challenges, and where could members join?",
    "What is shared and planned?",
    "Which groups complement us?",
)


@pytest.mark.parametrize("name", ["teaching", "asia-pacific-digital-learning"])
def test_each_task_has_its_answers_and_keeps_those_that_cannot_be_given(
    name: str, briefs: dict[str, Path]
) -> None:
    """In the shipped map nobody was asked, and nobody is marked as a member."""
    page = (briefs[name] / "index.html").read_text("utf-8")
    sections = re.findall(r'id="task-(\d)"(.*?)</section>', page, flags=re.DOTALL)
    there = {int(task): set(re.findall(r'<article id="(\w+)"', text)) for task, text in sections}
    assert {0: {"responses"}, **TASKS} == there
    headings = re.findall(r'<h2 id="heading-[1-5]">([^<]+)', page)
    assert list(HEADINGS) == headings
    missing = {
        key: re.search(r'class="missing"><strong>Not answered.</strong> (.*?)</p>', text)
        for key, text in articles(briefs[name]).items()
    }
    refused = {key for key, found in missing.items() if found and len(found[1]) > 40}
    none = set() if name == "teaching" else {"responses", "complementarity"}
    assert none == refused


@pytest.mark.parametrize("name", ["teaching", "asia-pacific-digital-learning"])
def test_each_answer_is_sentence_figure_table_caveats_and_folded_methods_in_this_order(
    name: str, briefs: dict[str, Path]
) -> None:
    marks = ('class="answer"', "<img ", "<table>", 'href="tables.xlsx"', 'class="caveats"')
    for key, article in articles(briefs[name]).items():
        if 'class="missing"' in article:
            continue
        at = [article.find(mark) for mark in (*marks, "<details><summary>How this was computed")]
        given = [place for place in at if place >= 0]
        assert sorted(given) == given, key
        assert -1 not in (at[0], at[-1]), key
        assert article.count('th scope="row"') <= 10, key
        assert re.search(r"\bsheet (\w+) of tables", article)[1] == key
        for alt in re.findall(r'<img src="[^"]+" alt="([^"]*)"', article):
            assert re.search(r"\d", alt), key
            assert re.search(r"sheet (\w+)\.$", alt)[1] in (key, "shared_elements")


@pytest.mark.parametrize("name", ["teaching", "asia-pacific-digital-learning"])
def test_the_brief_leads_to_nothing_but_the_files_beside_it(
    name: str, briefs: dict[str, Path]
) -> None:
    """So it works from a memory stick."""
    page = (briefs[name] / "index.html").read_text("utf-8")
    addresses = set(re.findall(r'(?:href|src)="([^"]+)"', page))
    files = {address for address in addresses if not address.startswith("#")}
    assert len(files) > 10
    assert [] == [file for file in sorted(files) if not (briefs[name] / file).is_file()]
    ids = set(re.findall(r'id="([^"]+)"', page))
    assert {address[1:] for address in addresses - files} <= ids


def test_the_brief_says_how_to_read_the_verdicts_and_what_was_computed_with(
    briefs: dict[str, Path],
) -> None:
    """The bounds are those of the answers: 75, 25 and 90 % for elements, 50 and 25 % else."""
    page = (briefs["teaching"] / "index.html").read_text("utf-8").replace("\u00a0", " ")
    head, annex = page.partition("</header>")[0], page.partition('id="annex"')[2]
    assert "Universal: the whole 90 % interval of the share of assessed countries" in head
    assert "at or above 75 %; context-specific: at or below 25 %" in head
    assert "seek an outcome, at 50 % and 25 %" in head
    parameters = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", annex))
    assert (
        "universal from: 0.75"
        in parameters["Which elements are found everywhere, and which only somewhere?"]
    )
    assert "sysmap" in parameters


def test_the_annex_lists_what_the_reading_found(tmp_path: Path) -> None:
    tables = {k: f.astype(object) for k, f in example("teaching").tables.items() if len(f)}
    tables["elements"].loc[0, "area"] = None
    m = from_tables({k: f.where(f.notna(), None) for k, f in tables.items()})
    assert len(m.problems)
    page = report(m, tmp_path / "brief").read_text("utf-8")
    annex = page.partition('id="annex"')[2]
    for problem in m.redact("public").problems:
        assert str(problem).split(":")[0] in annex


def test_the_workbook_holds_the_table_of_shared_elements(briefs: dict[str, Path]) -> None:
    sheet = pd.read_excel(
        briefs["teaching"] / "tables.xlsx", sheet_name="shared_elements", engine="openpyxl"
    )
    figure = (briefs["teaching"] / "figures" / "shared_elements.svg").read_text("utf-8")
    told = re.search(r">(\d+) of (\d+) elements lead to several outcomes", figure)
    assert int(told[1]) == sheet.loc[sheet["size"] > 1, "count"].sum()


def test_the_first_activities_are_those_still_open(briefs: dict[str, Path]) -> None:
    page = (briefs["asia-pacific-digital-learning"] / "index.html").read_text("utf-8")
    calendar = page[page.index('id="calendar"') :]
    assert calendar.index(">ongoing<") < calendar.index(">done<")


def test_the_annex_leads_to_the_checksum_of_every_file(briefs: dict[str, Path]) -> None:
    folder = briefs["teaching"]
    listed = dict(
        reversed(line.split("  ", 1))
        for line in (folder / "manifest.txt").read_text("utf-8").splitlines()
        if re.match(r"[0-9a-f]{64}  ", line)
    )
    files = {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*.*")
        if p.name != "manifest.txt"
    }
    assert files == listed
    annex = (folder / "index.html").read_text("utf-8").partition('id="annex"')[2]
    assert 'href="manifest.txt"' in annex


@pytest.mark.slow
def test_equal_maps_give_equal_bytes_under_other_hash_seeds(tmp_path: Path) -> None:
    seeds = ("0", "1", "random")
    for seed in seeds:
        subprocess.run(
            [sys.executable, "-m", "sysmap", "demo", tmp_path / seed, "--map", "teaching"],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
        )
    one, *others = (
        {p.relative_to(tmp_path / s): p.read_bytes() for p in (tmp_path / s).rglob("*.*")}
        for s in seeds
    )
    assert {".html", ".svg", ".xlsx"} <= {path.suffix for path in one}
    assert [one, one] == others


def test_a_folder_that_sysmap_did_not_make_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(OutputError):
        report(example("teaching"), tmp_path)
    assert ["mine.txt"] == [p.name for p in tmp_path.iterdir()]


def of_size(elements: int, organizations: int = 2) -> SystemMap:
    """Elements of two areas, and who works on the first ones."""
    ids = [f"e{i:04}" for i in range(elements)]
    who = [f"o{i:04}" for i in range(organizations)]
    areas = ["costing" if i % 2 else "strategy" for i in range(elements)]
    works = {"organization": who[:2], "element": ids[:2]}
    return from_tables(
        {
            "elements": pd.DataFrame({"id": ids, "name": ids, "area": areas}),
            "organizations": pd.DataFrame({"id": who, "name": who}),
            "works_on": pd.DataFrame(works),
        }
    )


@pytest.mark.parametrize(("elements", "drawn"), [(700, 702), (2100, 4)])
def test_the_map_of_a_brief_is_grouped_where_it_is_too_large_to_be_drawn(
    elements: int, drawn: int, tmp_path: Path
) -> None:
    report(of_size(elements), tmp_path / "brief")
    page = (tmp_path / "brief" / "map.html").read_text(encoding="utf-8")
    (data,) = re.findall(r'<script type="application/json" id="map-data">(.*?)</script>', page)
    assert drawn == len(json.loads(data)["nodes"]["ids"])


def test_a_map_too_large_for_any_page_is_refused_before_anything_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_fill", lambda *_: pytest.fail("it was answered"))
    with pytest.raises(LimitError, match=r"has 2,102 nodes.*at most 2,000"):
        report(of_size(2, 2100), tmp_path / "brief")
    assert [] == list(tmp_path.iterdir())


def test_an_answer_over_its_limit_leaves_the_others_of_the_brief(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["sysmap.analyses.exchange"], "_MOST_MATCHES", 1)
    folder = report(example("teaching"), tmp_path / "brief").parent
    missing = {key: text for key, text in articles(folder).items() if 'class="missing"' in text}
    assert ["exchange"] == list(missing)
    assert re.search(
        r"Not answered\.</strong> Exchange: resources meet needs \d+ times, at most 1 can be "
        r"ranked\. Narrow with m\.select\(organizations=",
        missing["exchange"],
    )
    with zipfile.ZipFile(folder / "tables.xlsx") as book:
        sheets = book.read("xl/workbook.xml").decode()
    assert 'name="coverage"' in sheets
    assert 'name="exchange"' not in sheets


@pytest.fixture(scope="module")
def long_lists() -> SystemMap:
    """One resource meets needs in more elements than a cell can list; all lead to one outcome."""
    ids = [f"an-element-with-a-long-id-{i:04}" for i in range(1_100)]
    return from_tables(
        {
            "outcomes": pd.DataFrame({"id": ["o"], "name": ["O"]}),
            "elements": pd.DataFrame({"id": ids, "name": ids, "area": "A"}),
            "organizations": pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"]}),
            "resources": pd.DataFrame({"id": ["r"], "name": ["R"]}),
            "influences": pd.DataFrame({"cause": ids, "effect": "o", "sign": "+"}),
            "shares": pd.DataFrame({"organization": ["a"], "resource": ["r"]}),
            "addresses": pd.DataFrame({"item": "r", "target": ids}),
            "priorities": pd.DataFrame({"organization": "b", "element": ids, "level": 3}),
        }
    )


def test_a_list_that_no_cell_holds_is_cut_and_told(long_lists: SystemMap, tmp_path: Path) -> None:
    folder = report(long_lists, tmp_path / "brief").parent
    names = ["exchange", "shared_elements"]
    sheets = pd.read_excel(folder / "tables.xlsx", sheet_name=names, engine="openpyxl")
    for name, sheet in sheets.items():
        (told,) = sheet["elements"]
        first, *_, last = told.split("; ")
        assert ("an-element-with-a-long-id-0000", "and more than a cell can hold") == (first, last)
        assert told.count("an-element-with-a-long-id-") > 400, name


def test_an_answer_with_more_rows_than_a_sheet_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["sysmap.io.workbook"], "MOST_ROWS", 25)
    folder = report(example("teaching"), tmp_path / "brief").parent
    missing = {key for key, text in articles(folder).items() if 'class="missing"' in text}
    assert "common_outcomes" not in missing
    assert "profiles" in missing


def test_a_report_tells_of_each_answer_and_writes_the_same(
    briefs: dict[str, Path], tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    index = report(
        example("teaching"), tmp_path / "brief", progress=lambda *steps: seen.append(steps)
    )
    answers = index.read_text("utf-8").count("<article id=")
    assert [(done, answers) for done in range(1, answers + 1)] == seen
    manifests = [folder / "manifest.txt" for folder in (index.parent, briefs["teaching"])]
    assert 1 == len({manifest.read_bytes() for manifest in manifests})
