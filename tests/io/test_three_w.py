"""Who does what where: counts of the real tables, tags, traps, and the table there and back."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import sysmap as sm
from sysmap.core.model import from_tables
from sysmap.io.check import check
from sysmap.io.hxl import Tag, parsed, tag_row
from sysmap.io.read import read
from sysmap.io.write import write
from tests.io.foreign import balance, codes
from tests.shared import real
from tests.strategies import maps

DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)
VANUATU = {
    "columns": {
        "activity": "#activity",
        "organisation": "#org",
        "status": "#status",
        "adm2_code": "#adm2+code",
        "island": "#adm2+name",
    }
}


def table(folder: Path, *rows: str) -> Path:
    path = folder / "3w.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.scorecard("foreign files", "three_w")
def test_the_table_of_vanuatu_has_its_counts() -> None:
    """Counted apart with the csv module; the figures stand beside the file too."""
    path = real("vanuatu_3w", "vanuatu_3w.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [{k: v.strip() for k, v in row.items()} for row in csv.DictReader(stream)]
    m = read(path, format="3w", choices=VANUATU)
    works = m.links("works_on")
    assert 2510 == len(rows) == len(works)
    assert (2510, 2510, 0) == balance(m.problems)["row"]
    assert {r["organisation"] for r in rows} == set(m.organizations["name"])
    assert Counter(r["activity"] for r in rows) == Counter(works["element"].map(m.name))
    assert {r["adm2_code"] for r in rows} == set(m.contexts.index)
    assert Counter(r["status"].lower() for r in rows) == Counter(works["status"])
    assert 43 == len(m.contexts)
    ends = ["organization", "element", "status", "context"]
    assert len({tuple(r.values()) for r in rows}) == len(works[ends].drop_duplicates())
    assert len(rows) - len(works[ends].drop_duplicates()) == codes(m.problems)["W208"]
    assert 0 == len(m.asked)
    named = [r for r in rows if r["island"]]
    assert {r["island"] for r in named} <= set(m.contexts["name"])


@pytest.mark.scorecard("foreign files", "three_w")
def test_the_same_things_have_the_known_figures() -> None:
    """2,510 rows, 521 distinct, 7 activities (EDUCATION and Education), 3 statuses, 43 places."""
    m = read(real("vanuatu_3w", "vanuatu_3w.csv"), format="3w", choices=VANUATU)
    counted = Counter(m.links("works_on")["element"].map(m.name))
    assert {"EDUCATION": 201, "Education": 187, "WASH": 963}.items() <= counted.items()
    assert {"Food Security and Agriculture": 550, "Shelter": 416}.items() <= counted.items()
    assert 7 == len(counted) == len(m.elements)
    assert 1989 == codes(m.problems)["W208"]
    assert 58 == len(m.organizations)


def test_shares_stay_undetermined_because_nobody_was_asked() -> None:
    m = read(real("vanuatu_3w", "vanuatu_3w.csv"), format="3w", choices=VANUATU)
    with pytest.raises(sm.UndecidableError):
        sm.universality(m)


def test_without_tags_a_draft_is_printed_and_not_applied(tmp_path: Path) -> None:
    path = table(tmp_path, "organisation,activity,adm2_code,remark", "Aurora,Water,V1,x")
    (error,) = check(path, format="3w").errors
    assert "E541" == error.code
    drafted = "{'organisation': '#org', 'activity': '#activity', 'adm2_code': '#adm2+code'}"
    assert f"choices={{'columns': {drafted}}}" in error.remedy
    m = read(path, format="3w", choices={"columns": eval(drafted)})  # noqa: S307  # a text of this test
    assert (["Aurora"], ["V1"]) == (list(m.organizations["name"]), list(m.contexts.index))
    assert "x" == m.links("works_on")["remark"].iloc[0]


@pytest.mark.scorecard("foreign files", "three_w")
def test_the_tagged_samples_have_four_rows_each() -> None:
    """The second file hides the organization of row 6 in a merged range; it is not filled."""
    plain, merged = real("hxl", "input-valid.csv"), real("hxl", "input-merged.xlsx")
    m = read(plain)
    assert (4, 4, 0) == balance(m.problems)["row"]
    assert ["ACNUR", "OMS", "UNICEF"] == list(m.organizations["name"])
    assert "colombia" == m.contexts.loc["cauca", "parent"]
    assert "wash" == m.elements.loc["higiene", "parent"]
    assert ["001", "002", "003", "004"] == list(m.links("works_on")["Registro"])
    told = read(merged).problems
    assert (4, 3, 1) == balance(told)["row"]
    (merges,) = [p for p in told if p.code == "W108"]
    assert {"I4:I7", "D5:D6", "G5:G6"} == {p.cell for p in merges.places}
    assert merges.count == 3
    (blank,) = [p for p in told if p.code == "W548"]
    assert ("6:6", "a row does not say who") == (blank.places[0].cell, blank.message)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("#org", Tag("org")),
        ("#org +acronym", Tag("org", frozenset({"acronym"}))),
        (" # Adm1 + Code +v_pcode ", Tag("adm1", frozenset({"code", "v_pcode"}))),
        ("org+es", None),
        ("#1", None),
        ("#org+", None),
        ("#org acronym", None),
    ],
)
def test_a_tag_is_a_sign_a_word_and_attributes(text: str, tag: Tag | None) -> None:
    assert tag == parsed(text)


def test_the_tag_row_is_looked_for_in_25_rows() -> None:
    tags = ["#org", "#sector"]
    assert 24 == tag_row([["title"]] * 24 + [tags])
    assert tag_row([["title"]] * 25 + [tags]) is None
    assert tag_row([["#org", "words that are no tag", "#sector"]]) is None


def test_funders_and_implementers_of_one_row_are_two_claims(tmp_path: Path) -> None:
    path = table(
        tmp_path, "#org+impl,#org+funder,#sector,#activity", "Aurora,Ceres Fund,Water,Wells"
    )
    works = read(path).links("works_on")
    assert [("aurora", "implements"), ("ceres-fund", "funds")] == sorted(
        zip(works["organization"], works["role"], strict=True)
    )
    assert {"wells"} == set(works["element"])
    assert (1, 1, 0) == balance(read(path).problems)["row"]


def test_a_row_names_a_place_from_its_country_down(tmp_path: Path) -> None:
    """What a country lies in has no tag; an area without a country begins at #adm1."""
    contexts = pd.DataFrame(
        {
            "id": ["pacific", "FJI", "west", "nadi", "north", "islands"],
            "name": ["Pacific", "Fiji", "West", "Nadi", "North", "Small islands"],
            "kind": ["area", "country", "area", "area", "area", "setting"],
            "parent": [None, "pacific", "FJI", "west", None, None],
        }
    )
    works = pd.DataFrame({"context": ["nadi", "FJI", "north", "islands", None]})
    m = from_tables(
        {
            "organizations": pd.DataFrame({"id": ["a"], "name": ["A"]}),
            "elements": pd.DataFrame({"id": ["e"], "name": ["E"]}),
            "contexts": contexts,
            "works_on": works.assign(organization="a", element="e"),
        }
    )
    lost = write(m, tmp_path / "3w.csv", format="3w")
    _, tags, *rows = (tmp_path / "3w.csv").read_text(encoding="utf-8").splitlines()
    assert "#country+name,#country+code,#adm1+name,#adm1+code,#adm2+name" in tags
    assert ["Fiji,FJI,West,west,Nadi,nadi", "Fiji,FJI,,,,", ",,North,north,,", ",,,,,"] == [
        row.removeprefix("A,a,E,e,") for row in rows
    ]
    assert {"W616": 2, "W617": 1}.items() <= codes(lost).items()
    again = read(tmp_path / "3w.csv")
    assert ["nadi", "FJI", "north"] == list(again.links("works_on")["context"].dropna())


def test_a_slash_is_told_and_split_only_on_demand(tmp_path: Path) -> None:
    path = table(tmp_path, "#org,#sector", "Aurora / Borealis,Water")
    m = read(path)
    assert ["Aurora / Borealis"] == list(m.organizations["name"])
    assert 1 == codes(m.problems)["W544"]
    assert ["Aurora", "Borealis"] == list(read(path, choices={"split": "/"}).organizations["name"])
    with pytest.raises(ValueError, match=r"choices\['split'\]"):
        read(path, choices={"split": ";"})


def test_a_column_without_tag_that_says_how_to_reach_a_person_is_dropped(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "Who,What,Contact name,E-mail address,Phone_number,Focal point,Personnel,Budget",
        "WVI,Water,Ann,ann@example.org,555,Bo,12,7",
    )
    tagged = {"columns": {"Who": "#org", "What": "#sector"}}
    m = read(path, format="3w", choices=tagged)
    works = m.links("works_on")
    assert {"Personnel", "Budget"} == {c for c in works if not m.schema["works_on"].knows(c)}
    assert (4, 0, 4) == balance(m.problems)["contact"]


def test_traps_are_told_with_their_places(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "A table,,,,,,",
        "Who,What,What,Who is it,Email,When,How far",
        "#org+code,#sector,#sector,org+type,#contact+email,#date+start,#status",
        "WVI,Water,Other,NGO,a@example.org,1 March 2015,Delayed",
        "WVI,Water,,,b@example.org,2015-03,Ongoing",
        ",Water,,,,,",
    )
    m = read(path)
    assert (3, 2, 1) == balance(m.problems)["row"]
    assert (2, 0, 2) == balance(m.problems)["contact"]
    told = codes(m.problems)
    assert {"W514": 2, "W545": 1, "W547": 1, "W548": 1, "W551": 2}.items() <= told.items()
    assert "write #org+type" in str(m.problems)
    works = m.links("works_on")
    assert "1 March 2015" == works["start as written"].iloc[0]
    assert ["2015-03", "ongoing"] == list(works.loc[1, ["start", "status"]])
    assert not any("example.org" in str(m.table(k.table).to_dict()) for k in m.schema)


def test_one_code_with_two_names_is_a_conflict_and_the_first_stays(tmp_path: Path) -> None:
    path = table(
        tmp_path, "#org+code,#org+name,#sector", "WVI,World Vision,Water", "WVI,World V.,Water"
    )
    m = read(path)
    assert "World Vision" == m.name("WVI")
    (told,) = [p for p in m.problems if p.code == "W543"]
    assert "'World Vision' and 'World V.'" in told.message
    assert ["line 2, column B", "line 3, column B"] == [p.cell for p in told.places]


def test_one_code_of_two_kinds_is_told(tmp_path: Path) -> None:
    """An id names one row of the whole map, so one of two equal codes cannot stay."""
    m = read(table(tmp_path, "#org+code,#org+name,#sector+code,#sector", "X,Org,X,Water"))
    assert (["X"], ["X-2"]) == (list(m.organizations.index), list(m.elements.index))
    assert ["the id 'X' belongs to another row, so this one got a number"] == [
        p.message for p in m.problems if p.code == "W567"
    ]


def test_countries_are_known_by_code_and_suggested_by_name(tmp_path: Path) -> None:
    path = table(tmp_path, "#org,#sector,#country", "A,Water,Colombia", "A,Water,FJI")
    m = read(path)
    assert ["colombia", "FJI"] == list(m.contexts.index)
    assert "yes" == m.contexts.loc["FJI", "sids"]
    assert "if COL is meant" in str(m.problems)
    m = read(path, choices={"countries": {"colombia": "COL"}})
    assert ["COL", "FJI"] == list(m.contexts.index)
    assert 0 == codes(m.problems)["W517"]
    assert 0 == codes(m.problems)["W550"]


def expected(m: sm.SystemMap) -> Counter[tuple[object, ...]]:
    """The claims that a table can hold, by plain loops over the rows."""
    kept: Counter[tuple[object, ...]] = Counter()
    for row in m.links("works_on").to_dict("records"):
        kinds, at = [], row["context"]
        while isinstance(at, str):
            kinds.append(m.contexts.loc[at, "kind"])
            if kinds[-1] == "country":
                break
            at = m.contexts.loc[at, "parent"]
        areas = kinds[:-1] if kinds and kinds[-1] == "country" else kinds
        if any(kind != "area" for kind in areas) or len(areas) > 5:
            continue
        role = row["role"] if row["role"] in ("implements", "funds") else None
        cells = [row[c] for c in ("organization", "element", "context")]
        cells += [role, *(row[c] for c in ("status", "start", "end"))]
        kept[tuple(None if pd.isna(c) else c for c in cells)] += 1
    return kept


@settings(max_examples=8, suppress_health_check=list(HealthCheck), phases=DRAWN)
@given(m=maps(max_size=8))
def test_what_the_table_holds_reads_back(
    m: sm.SystemMap, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("written") / "3w.csv"
    wanted = expected(m)
    if not wanted:
        with pytest.raises(sm.OutputError, match="E609"):
            write(m, path, format="3w", audience="private")
        return
    lost = write(m, path, format="3w", audience="private")
    again = read(path)
    columns = ["organization", "element", "context", "role", "status", "start", "end"]
    got = again.links("works_on")[columns].astype(object)
    assert wanted == Counter(
        tuple(None if pd.isna(c) else c for c in row) for row in got.to_numpy().tolist()
    )
    claims = sum(wanted.values())
    assert (claims, claims, 0) == balance(again.problems)["row"]
    assert len(m.links("works_on")) - claims == codes(lost)["W617"]
    for name in ("organizations", "elements", "contexts"):
        before, after = m.nodes(name)["name"], again.nodes(name)["name"]
        assert dict(before[after.index]) == dict(after)
        told = sum(p.count for p in lost if p.code == "W616" and p.message.startswith(name))
        assert len(before) - len(after) == told


@given(edits=st.lists(st.tuples(st.integers(0, 90), st.binary(min_size=1, max_size=4)), max_size=4))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_edited_table_gives_problems(edits: list[tuple[int, bytes]], tmp_path: Path) -> None:
    data = bytearray(
        b"Who,What,Where,How\n#org,#sector,#adm1,#status\nAurora,Water,North,ongoing\n"
    )
    for at, piece in edits:
        data[at : at + len(piece)] = piece
    (tmp_path / "3w.csv").write_bytes(bytes(data))
    assert str(check(tmp_path / "3w.csv"))


def test_hidden_claims_are_refused(tmp_path: Path) -> None:
    m = from_tables(
        {
            "organizations": pd.DataFrame({"id": ["a"], "name": ["A"]}),
            "elements": pd.DataFrame({"id": ["e"], "name": ["E"]}),
            "works_on": pd.DataFrame(
                {"organization": ["a"], "element": ["e"], "visibility": ["private"]}
            ),
        }
    )
    with pytest.raises(sm.OutputError, match="E608"):
        write(m, tmp_path / "3w.csv", format="3w")
