"""IATI: what an activity becomes, counts held against patterns, and memory that stays bounded."""

from __future__ import annotations

import re
import tracemalloc
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sysmap as sm
from sysmap.io.check import check
from sysmap.io.guards import Limits
from sysmap.io.read import read
from tests.io.foreign import balance, codes

ONE = """
<iati-activity>
 <iati-identifier> XM-1 </iati-identifier>
 <reporting-org ref="XM" type="40"><narrative>Multilateral</narrative></reporting-org>
 <title><narrative>Connect schools</narrative><narrative xml:lang="fr">Ecoles</narrative></title>
 <participating-org ref="GB-1" role="1" type="10">
  <narrative>Donor state</narrative></participating-org>
 <participating-org role="4" type="21"><narrative>Teachers  abroad</narrative></participating-org>
 <participating-org role="2" type="80" ref=" XU "/>
 <activity-status code="2"/>
 <activity-date type="1" iso-date="2020-01-01"/><activity-date type="2" iso-date="2020-02-01"/>
 <activity-date type="3" iso-date="2024-12-31"/>
 <contact-info><email>someone@example.org</email></contact-info>
 <recipient-country code="NA" percentage="60"/><recipient-country code="NP"/>
 <recipient-country code="QQ"/>
 <recipient-region code="298"><narrative>Africa</narrative></recipient-region>
 <sector code="11220" percentage="70"><narrative>Primary education</narrative></sector>
 <sector code="110" vocabulary="2"/><sector code="x" vocabulary="99"/>
 <transaction><value>1</value></transaction><budget/><related-activity ref="XM-2"/>
</iati-activity>"""


def file(folder: Path, *activities: str, head: str = "") -> Path:
    path = folder / "activities.xml"
    body = "".join(activities)
    text = f'<?xml version="1.0"?>{head}<iati-activities version="2.03">{body}</iati-activities>'
    path.write_text(text, encoding="utf-8")
    return path


def small(id: str, *parts: str) -> str:
    return f"<iati-activity><iati-identifier>{id}</iati-identifier>{''.join(parts)}</iati-activity>"


def rows(m: sm.SystemMap, table: str, *columns: str) -> list[tuple[object, ...]]:
    cells = m.links(table)[list(columns)].astype(object)
    return [tuple(r) for r in cells.where(cells.notna(), None).to_numpy().tolist()]


def test_an_activity_becomes_the_rows_that_the_page_lists(tmp_path: Path) -> None:
    """Section 11 of the page on formats, worked by hand for one activity."""
    m = read(file(tmp_path, ONE))
    activity = m.activities.loc["XM-1"]
    wanted = ["Connect schools", "ongoing", "2020-02-01", "2024-12-31"]
    assert wanted == list(activity[["name", "status", "start", "end"]])
    assert ["actual", "planned", "Ecoles"] == list(activity[["start is", "end is", "other titles"]])
    kinds = {
        "XM": "intergovernmental",
        "GB-1": "government",
        "teachers-abroad": "ngo",
        "XU": "academia",
    }
    assert kinds == dict(m.organizations["kind"])
    assert "Teachers abroad" == m.name("teachers-abroad")
    part = {("GB-1", "funds", "1"), ("teachers-abroad", "implements", "4"), ("XU", "leads", "2")}
    assert part == set(rows(m, "takes_part", "organization", "role", "iati_role"))
    assert ["NAM", "NPL", "region-298"] == list(m.contexts.index)
    assert "Namibia" == m.name("NAM")
    assert [("NAM", "60"), ("NPL", None), ("region-298", None)] == rows(
        m, "held_in", "context", "percentage"
    )
    assert {"sector-11220", "sector-110"} == set(m.elements.index)
    works = rows(m, "works_on", "organization", "element", "context", "role")
    assert 2 * 2 * 3 == len(works)
    assert ("GB-1", "sector-11220", "NAM", "funds") in works
    assert ("teachers-abroad", "sector-110", "region-298", "implements") in works
    (source,) = m.sources.index
    assert "XM" == m.sources.loc[source, "organization"]
    assert {source} == set(m.links("works_on")["source"]) == set(m.links("held_in")["source"])
    assert not any("someone" in str(m.table(k.table).to_dict()) for k in m.schema)


def test_every_part_is_counted(tmp_path: Path) -> None:
    figures = balance(read(file(tmp_path, ONE)).problems)
    assert {
        "activity": (1, 1, 0),
        "organization": (4, 4, 0),
        "sector": (3, 2, 1),
        "country": (3, 2, 1),
        "region": (1, 1, 0),
        "transaction": (1, 0, 1),
        "budget": (1, 0, 1),
        "related-activity": (1, 0, 1),
        "contact-info": (1, 0, 1),
    } == figures


def test_the_language_of_titles_may_be_chosen(tmp_path: Path) -> None:
    m = read(file(tmp_path, ONE), choices={"language": "fr", "areas": {"11220": "implementation"}})
    assert ("Ecoles", "Connect schools") == tuple(
        m.activities.loc["XM-1", ["name", "other titles"]]
    )
    assert "implementation" == m.elements.loc["sector-11220", "area"]


def test_two_activities_of_one_identifier_are_both_left_out(tmp_path: Path) -> None:
    title = "<title><narrative>A</narrative></title>"
    m = read(file(tmp_path, *(small(i, title) for i in ("a", "b", "a", "a", ""))))
    assert ["b"] == list(m.activities.index)
    assert (5, 1, 4) == balance(m.problems)["activity"]
    assert {"W552": 3, "W553": 1}.items() <= codes(m.problems).items()


def test_odd_parts_are_told(tmp_path: Path) -> None:
    parts = (
        "<title><narrative>A</narrative></title><activity-status code='6'/>"
        "<reporting-org ref='R' secondary-reporter='1'/><participating-org role='1'/>"
        "<activity-date type='2' iso-date='2024-01-01'/>"
        "<activity-date type='4' iso-date='2020-01-01'/>"
    )
    m = read(file(tmp_path, small("a", parts)))
    wanted = {"W553": 1, "W555": 1, "W556": 1, "W557": 1}
    assert wanted.items() <= codes(m.problems).items()
    assert m.sources["organization"].isna().all()
    assert ("ongoing", "2024-01-01") == tuple(m.activities.loc["a", ["status", "start as written"]])
    assert pd.isna(m.activities.loc["a", "start"])


def test_names_that_differ_for_one_reference_are_told_at_once(tmp_path: Path) -> None:
    def one(id: str, *names: str) -> str:
        orgs = "".join(
            f"<participating-org ref='P{i}' role='2'><narrative>{n}</narrative></participating-org>"
            for i, n in enumerate(names)
        )
        return small(id, "<title><narrative>A</narrative></title>", orgs)

    m = read(
        file(tmp_path, one("a", "First", "Same"), one("b", "Other", "Same"), one("c", "Third"))
    )
    assert "First" == m.name("P0")
    (told,) = [p for p in m.problems if p.code == "W566"]
    assert 1 == told.count
    assert "'P0' has name 'First' and 'Other'" in told.message
    assert "iati-activity[2]" in str(told.places[0])


BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"


def test_files_that_cannot_be_trusted_are_refused(tmp_path: Path) -> None:
    assert ["E015"] == [p.code for p in check(file(tmp_path, ONE, head=BOMB))]
    path = file(tmp_path, ONE)
    assert ["E014"] == [p.code for p in check(path, limits=Limits(unpacked=99))]
    whole = path.read_bytes()
    for cut in (300, len(whole) // 2, len(whole) - 3):
        path.write_bytes(whole[:cut])
        assert ["E016"] == [p.code for p in check(path)]
    nameless = check(file(tmp_path, small("a")))
    assert "E301" in codes(nameless), "an activity without a title has no name"


def generated(folder: Path, count: int, bulk: int) -> Path:
    """Activities with many transactions, as real files have them."""
    more = "<transaction><value currency='USD'>1</value></transaction>" * bulk
    path = folder / f"{count}-{bulk}.xml"
    with path.open("w", encoding="utf-8") as stream:
        stream.write('<iati-activities version="2.03">')
        for i in range(count):
            parts = (
                f"<reporting-org ref='R{i % 9}'/><title><narrative>Activity {i}</narrative></title>"
                f"<participating-org role='{i % 4 + 1}' ref='P{i % 50}'/>{more}"
                f"<recipient-country code='NP'/><sector code='{11110 + i % 20}'/>"
            )
            stream.write(small(f"id-{i}", parts))
        stream.write("</iati-activities>")
    return path


def test_counts_are_those_of_a_pattern_search(tmp_path: Path) -> None:
    path = generated(tmp_path, 300, 3)
    text = path.read_text(encoding="utf-8")
    m = read(path)
    figures = balance(m.problems)
    for part, kind in (
        ("iati-activity>", "activity"),
        ("transaction>", "transaction"),
        ("sector ", "sector"),
        ("recipient-country ", "country"),
    ):
        assert len(re.findall(f"<{part}", text)) == figures[kind][0], kind
    assert len(re.findall(r"<participating-org", text)) == len(m.links("takes_part"))
    paid = len(re.findall(r"<participating-org role='[14]'", text))
    assert paid == len(m.links("works_on"))
    assert len(set(re.findall(r"ref='(\w+)'", text))) == len(m.organizations)


def test_bulk_that_no_table_holds_costs_no_memory(tmp_path: Path) -> None:
    """Five times the transactions: less than a quarter more memory."""
    peaks = []
    for bulk in (200, 1_000):
        path = generated(tmp_path, 60, bulk)
        tracemalloc.start()
        read(path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.25 * peaks[0], peaks


EDITS = st.lists(st.tuples(st.integers(0, 10**4), st.binary(min_size=1, max_size=6)), max_size=4)


@given(edits=EDITS)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_an_edited_file_gives_problems(edits: list[tuple[int, bytes]], tmp_path: Path) -> None:
    data = bytearray(f"<iati-activities>{ONE}</iati-activities>".encode())
    for at, piece in edits:
        at %= len(data)
        data[at : at + len(piece)] = piece
    (tmp_path / "a.xml").write_bytes(bytes(data))
    assert str(check(tmp_path / "a.xml"))


@pytest.mark.parametrize("language", [3, ["en"]])
def test_a_language_is_a_text(language: object, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="such as 'en'"):
        read(file(tmp_path, ONE), choices={"language": language})
