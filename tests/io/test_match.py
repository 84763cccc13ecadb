"""Names held against a map: right where something is sure, silent where it is not, never merged."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

import sysmap as sm
from sysmap.cli import main
from sysmap.core import countries
from sysmap.core.errors import InvalidMapError
from sysmap.core.model import from_tables
from sysmap.io import match as module
from sysmap.io.match import COLUMNS
from sysmap.io.namelists import listed, to_text
from sysmap.io.spellings import BODIES
from tests.io import spelling_cases as cases
from tests.strategies import hostile_texts, maps

DOCS = Path(__file__).parents[2] / "docs" / "how-to" / "match-names.md"


def organizations(*names: str, **more: dict[str, list[str]]) -> sm.SystemMap:
    frame = pd.DataFrame({"id": [f"o{i}" for i in range(len(names))], "name": list(names)})
    return from_tables({"organizations": frame, **{t: pd.DataFrame(c) for t, c in more.items()}})


def first(name: str, m: sm.SystemMap) -> tuple[str, str]:
    """Name and reason of the best suggestion, or what is proposed; empty where there is none."""
    row = sm.match([name], m).iloc[0]
    if pd.isna(row["id"]):
        return "", ""
    return row["match"], row["why"] if row["proposal"] == "same" else row["proposal"]


@pytest.mark.parametrize(
    ("name", "known", "why"),
    [
        ("WORLD  bank", "World Bank", "exact-key"),
        ("o0", "World Bank", "exact-key"),
        ("ILO", "International Labour Organization", "acronym"),
        ("MoEYS Cambodia", "Ministry of Education, Youth and Sport of Cambodia", "acronym"),
        ("Viet Nam Institute of Educational Sciences", "VNIES", "acronym"),
        ("Asian Development Bank (ADB)", "ADB", "acronym"),
        ("UNICEF", "United Nations Children's Fund", "acronym"),
        ("Developmnt Bank of Asia", "Asia Development Bank", "spelling"),
        ("Swiss Contact", "Swisscontact", "spelling"),
        ("Delta Fnd", "Delta Fund", "spelling"),
        ("UNESCO Bangkok", "UNESCO", "part_of"),
        ("UNICEF East Asia and Pacific Regional Office", "UNICEF", "part_of"),
        ("World Bank Nepal", "World Bank", "part_of"),
        ("The World Bank Group", "World Bank", "contains"),
        ("Republic of Korea", "Government of the Republic of Korea", "contains"),
    ],
)
def test_a_name_comes_with_its_reason(name: str, known: str, why: str) -> None:
    assert (known, why) == first(name, organizations(known))


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("UNHCR", "OHCHR"),
        ("UNHCR", "Office of the United Nations High Commissioner for Human Rights"),
        ("AfDB", "ADB"),
        ("ADB", "African Development Bank"),
        ("African Development Bank", "Asian Development Bank"),
        ("WFP", "FAO"),
        ("World Food Programme Nepal", "FAO Nepal"),
        ("Government of Austria", "Government of Australia"),
        ("Ministry of Health of Guinea-Bissau", "Ministry of Health of Guinea"),
        ("Government of South Sudan", "Government of Sudan"),
        ("organization 12", "organization 13"),
        ("Grade 7", "Grade 8"),
        ("Learning Network 2", "Learning Network"),
        ("ab", "abc"),
        ("Second Network 3 for Learning", "Second Network 2 for Learning"),
        ("Plan 2024107 of the Islands", "Plan 2024106 of the Islands"),
        ("Regional Education in the South", "Regional Education in the North"),
        ("Ministry of Education Bhutan", "Ministry of Education Nepal"),
    ],
)
def test_what_people_confuse_is_not_suggested(name: str, known: str) -> None:
    assert ("", "") == first(name, organizations(known))
    assert ("", "") == first(known, organizations(name))


def test_a_word_that_is_right_elsewhere_is_no_slip() -> None:
    """Place for Palace is one letter less, but the map knows a Place Council."""
    assert ("Palace Trust", "spelling") == first("Place Trust", organizations("Palace Trust"))
    assert ("", "") == first("Place Trust", organizations("Palace Trust", "Place Council"))


def test_no_official_name_is_taken_for_another() -> None:
    """Each of nearly 600 names of different bodies is held against all the others.

    What is left are two ways to write one body, and a ministry of which the name is longer.
    """
    lands = [row["name"] for row in countries.table().values()]
    offices = "Government", "Ministry of Education"
    made = [f"{office} of {land}" for office in offices for land in lands]
    names = list(dict.fromkeys([*sm.example().organizations["name"], *BODIES.values(), *made]))
    apart = {"name": names, "id": [f"o{i}" for i in range(len(names))]}
    m = organizations(*names, aliases={**apart, "decision": ["different"] * len(names)})
    found = sm.match(names, m).dropna(subset="id")
    pairs = {
        frozenset((name, m.name(id))) for name, id in zip(found["name"], found["id"], strict=True)
    }
    assert len(names) > 580
    dfid, micronesia = "Foreign, Commonwealth {} Development Office", "Federated States of"
    ministry = "Ministry of Education{} of {}".format
    same = {
        (dfid.format("&"), dfid.format("and")),
        (f"Government of the {micronesia} Micronesia", f"Government of Micronesia ({micronesia})"),
        ("Government of the Republic of Korea", "Government of Republic of Korea"),
        (ministry(" and Training", "Viet Nam"), ministry("", "Viet Nam")),
        (ministry(", Youth and Sport", "Cambodia"), ministry("", "Cambodia")),
        (ministry(", Youth and Sports", "Timor-Leste"), ministry("", "Timor-Leste")),
    }
    assert {frozenset(pair) for pair in same} == pairs


def rates() -> dict[str, tuple[int, ...]]:
    """Names, right, wrong and without suggestion, and right and wrong of the usual ratio alone."""
    m, numbers = cases.bare_map()
    absent = dict.fromkeys(cases.ABSENT, "")
    counted = {}
    for word, truth in (
        ("stated", cases.STATED),
        ("typed", cases.TYPED),
        ("offices", cases.OFFICES),
        ("absent", absent),
    ):
        found = sm.match(truth, m).drop_duplicates("name").set_index("name")["id"]
        right = sum(numbers.get(id) == found[name] for name, id in truth.items())
        none = int(found.isna().sum())
        counted[word] = (
            len(truth),
            right,
            len(truth) - right - none,
            none,
            *usual(truth, m, numbers),
        )
    return counted


def usual(truth: Mapping[str, str], m: sm.SystemMap, ids: Mapping[str, str]) -> tuple[int, int]:
    right = wrong = 0
    for name, id in truth.items():
        hit = process.extractOne(
            name,
            list(m.organizations["name"]),
            scorer=fuzz.WRatio,
            score_cutoff=85,
            processor=str.lower,
        )
        if hit:
            is_right = ids.get(id) == m.organizations.index[hit[2]]
            right, wrong = right + is_right, wrong + (not is_right)
    return right, wrong


def test_the_figures_of_the_page_are_those_measured() -> None:
    row = r"^\| (\w+): [^|]*" + r"\| (\d+) " * 6 + r"\|"
    rows = re.findall(row, DOCS.read_text("utf-8"), re.MULTILINE)
    told = {word: tuple(map(int, figures)) for word, *figures in rows}
    assert rates() == told
    assert 170 == sum(figures[0] for figures in told.values())
    assert 56 == len(cases.bare_map()[0].organizations)


def test_on_the_set_nothing_is_wrong_and_most_is_right() -> None:
    counted = rates()
    assert {0} == {wrong for _, _, wrong, *_ in counted.values()}
    assert 0 == counted["absent"][1]
    found = sum(right for _, right, *_ in counted.values())
    assert found >= 0.95 * (sum(n for n, *_ in counted.values()) - len(cases.ABSENT) - 3)


def test_offices_are_proposed_as_parts() -> None:
    m, _ = cases.bare_map()
    found = sm.match(cases.OFFICES, m)
    assert {("contains", "part_of")} == set(zip(found["why"], found["proposal"], strict=True))


def test_what_was_decided_comes_first_and_what_was_refused_not_again() -> None:
    aliases = {"name": ["Sunrise Group", "Bank of Beacon"], "id": ["o0", "o1"]}
    m = organizations(
        "Aurora Agency", "Beacon Bank", aliases={**aliases, "decision": ["same", "different"]}
    )
    assert ("Aurora Agency", "alias") == first("sunrise group", m)
    assert ("", "") == first("Bank of Beacon", m)
    assert ("Beacon Bank", "spelling") == first("Bank, Beacon", m)


def test_no_two_countries_are_proposed_for_each_other() -> None:
    """249 official names, all of different places: not one spelling may be proposed."""
    rows = countries.table()
    frame = pd.DataFrame({"id": list(rows), "name": [r["name"] for r in rows.values()]})
    found = sm.match(frame["name"], from_tables({"contexts": frame}))
    assert {"exact-key"} == set(found["why"])
    assert 249 == len(found)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(m=maps(max_size=4, carried=False), names=st.lists(hostile_texts(), max_size=4))
def test_every_proposal_is_a_row_of_its_table(m: sm.SystemMap, names: list[str]) -> None:
    for row in sm.match(names, m).dropna(subset=["id"]).to_dict("records"):
        assert m.nodes(row["table"]).loc[row["id"], "name"] == row["match"]


def test_elements_are_looked_for_in_their_area_first() -> None:
    """Words in another order are one spelling; another area is asked where this one has none."""
    elements = {
        "id": ["a", "b", "c"],
        "name": ["Training of teachers", "Teacher training", "School electricity"],
        "area": ["Costing", "Implementation", "Costing"],
    }
    m = from_tables({"elements": pd.DataFrame(elements)})
    assert {"a", "b"} == set(sm.match(["teachers' training"], m)["id"])
    for area, ids in (("costing", ["a", "b"]), ("Implementation", ["b", "a"])):
        assert ids == list(sm.match({"teachers' training": area}, m)["id"])
    assert ["c"] == list(sm.match({"Electricity of schools": "Implementation"}, m)["id"])


def test_the_frame_keeps_every_name_once_in_its_order() -> None:
    m = organizations("Aurora Agency", "Aurora Agencies", "Beacon Bank")
    found = sm.match(["Nobody at all", " Aurora Agncy", "Aurora Agncy ", "", "Beacon Bank"], m)
    assert list(COLUMNS) == list(found.columns)
    assert ["Nobody at all", "Aurora Agncy", "Aurora Agncy", "Beacon Bank"] == list(found["name"])
    assert ["o0", "o1"] == list(found["id"])[1:3]
    assert ["Aurora Agency", "Aurora Agencies"] == list(found["match"])[1:3]
    assert {"organizations"} == set(found["table"].dropna())
    assert found["decision"].isna().all()
    assert pd.isna(found["score"][0])
    assert 1 == len(sm.match(["Aurora Agncy"], m, top=1))


def test_progress_counts_the_names_of_the_map_and_those_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_TOLD", 2)
    nodes = pd.DataFrame({"id": ["a", "b", "c"], "name": ["Light", "Water", "Roads"]})
    m = from_tables({"elements": nodes})
    told: list[tuple[int, int]] = []
    sm.match(["Light", "", "Watr"], m, progress=lambda *steps: told.append(steps))
    assert told == [(2, 6), (4, 6), (5, 6), (6, 6)]


def test_an_empty_list_and_an_empty_map_give_an_empty_frame_of_the_same_types() -> None:
    full = sm.match(["Beacon Bank"], organizations("Beacon Bank"))
    for empty in (sm.match([], organizations("A")), sm.match([""], from_tables({}))):
        assert 0 == len(empty)
        assert dict(full.dtypes) == dict(empty.dtypes)
    assert ["Beacon"] == list(sm.match(["Beacon"], from_tables({}))["name"])


def test_wrong_use_names_what_is_allowed() -> None:
    m = organizations("A")
    with pytest.raises(ValueError, match="tables has 'seeks'; give some of outcomes"):
        sm.match(["A"], m, tables=["seeks"])
    with pytest.raises(ValueError, match="whole number from 1"):
        sm.match(["A"], m, top=0)


@settings(max_examples=20, deadline=None)
@given(
    names=st.lists(st.text(max_size=12), max_size=4),
    known=st.lists(st.text(min_size=1), max_size=4),
)
def test_any_text_is_a_name_and_order_changes_nothing(names: list[str], known: list[str]) -> None:
    told = [text for text in dict.fromkeys(k.strip() for k in known) if text]
    frame = pd.DataFrame({"id": [f"o{i}" for i in range(len(told))], "name": told})
    m = from_tables({"organizations": frame})
    found = sm.match(names, m)
    assert found["score"].dropna().between(0, 100).all()
    turned = from_tables({"organizations": frame[::-1].reset_index(drop=True)})
    pd.testing.assert_frame_equal(found, sm.match(names, turned))


# Only what people decide is applied


def test_reading_applies_the_sheet_aliases_and_nothing_else() -> None:
    """A suggestion with the best score does not make a wrong reference right."""
    tables = {
        "organizations": pd.DataFrame({"id": ["b"], "name": ["Beacon Bank"]}),
        "elements": pd.DataFrame({"id": ["e"], "name": ["Light"], "area": ["Costing"]}),
        "works_on": pd.DataFrame({"organization": ["Becon Bank"], "element": ["e"]}),
    }
    with pytest.raises(sm.InvalidMapError, match="E206"):
        sm.read(tables)
    bare = sm.read({**tables, "works_on": tables["works_on"].assign(organization="b")})
    (row,) = sm.match(["Becon Bank"], bare).to_dict("records")
    assert ("b", "spelling") == (row["id"], row["why"])
    decided = {k: [row[k]] for k in ("name", "id")}
    for decision, ok in (("different", False), ("same", True)):
        aliases = pd.DataFrame({**decided, "decision": [decision]})
        assert ok == sm.check({**tables, "aliases": aliases}).ok


# The command


@pytest.fixture(scope="module")
def teaching(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("teaching") / "map.json"
    sm.write(sm.example("teaching"), path)
    return path


def test_the_command_prints_a_table_to_fill_in(
    teaching: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("Delta Fnd\n\nNobody\n", encoding="utf-8")
    assert 0 == main(["match", str(names), str(teaching), "--table", "organizations"])
    wanted = (
        "name,id,match,table,score,why,proposal,decision\n"
        "Delta Fnd,delta-fund,Delta Fund,organizations,94,spelling,same,\nNobody,,,,,,,\n"
    )
    assert wanted == capsys.readouterr().out


def test_the_command_takes_a_column_and_makes_a_file(teaching: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("Who;Where\nDelta Fnd;x\n", encoding="utf-8")
    made = tmp_path / "aliases.csv"
    words = ["match", str(names), str(teaching), "--column", "who", "--separator", ";"]
    assert 0 == main([*words, "--output", str(made)])
    assert "Delta Fnd,delta-fund" in made.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        (None, None, "error E001 names.csv: there is no file names.csv"),
        (b"a,b\n1,2\n", "who", "error E104 names.csv: column 'who' is missing"),
        (b"", "who", "give --column one of nothing"),
        (b"\xff\xfea\x00", None, "error E010 names.csv"),
        (b'a,"b\n1,2\n', "a", "error E013 names.csv"),
    ],
)
def test_a_list_that_cannot_be_read_is_a_fault_with_a_remedy(
    text: bytes | None,
    column: str | None,
    said: str,
    teaching: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = tmp_path / "names.csv"
    if text is not None:
        names.write_bytes(text)
    more = ["--column", column] if column else []
    assert 2 == main(["match", str(names), str(teaching), *more])
    assert said in capsys.readouterr().err


def test_a_list_that_is_missing_or_no_file_is_told_with_what_may_be_meant(
    teaching: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "members.txt").write_text("Aurora\n", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    for name, said in {
        "membres.txt": "E001 membres.txt: there is no file membres.txt -> did you mean members.t",
        "none/members.txt": "E001 members.txt: there is no file members.txt -> check the path",
        "folder": "E007 folder: this is a folder, and names are read from a file -> give a text",
    }.items():
        assert 2 == main(["match", str(tmp_path / name), str(teaching)])
        assert f"error {said}" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_pipe_is_no_list_of_names(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidMapError, match=r"E007 pipe: .* -> save what comes out of it"):
        listed(tmp_path / "pipe")


def test_names_are_guarded_in_the_table_and_come_back(tmp_path: Path) -> None:
    m = organizations("A")
    text = to_text(sm.match(["=cmd()", "'-x"], m))
    path = tmp_path / "made.csv"
    path.write_text(text, encoding="utf-8")
    assert "'=cmd()" in text
    assert ["=cmd()", "'-x"] == listed(path, column="name")
