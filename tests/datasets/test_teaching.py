"""The teaching map holds what its answer sheet says.

Source of the expected numbers: ANSWERS.md of the map, planted by hand.
The counts are made again here with plain loops, so that the sheet and the tables check each other.
"""

import subprocess
import sys
from collections import Counter
from itertools import pairwise
from math import prod
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "teaching"
NODES = (
    *("outcomes", "elements", "contexts", "organizations", "groups"),
    *("activities", "resources", "strategies", "sources"),
)
ENDS = {
    "seeks": {"organization": "organizations", "outcome": "outcomes"},
    "influences": {"cause": "elements outcomes", "effect": "elements outcomes"},
    "observed": {"element": "elements", "context": "contexts"},
    "works_on": {"organization": "organizations", "element": "elements"},
    "priorities": {"organization": "organizations", "element": "elements"},
    "challenges": {"organization": "organizations", "element": "elements"},
    "collaborates": {"organization": "organizations", "partner": "organizations"},
    "takes_part": {"organization": "organizations", "activity": "activities"},
    "held_in": {"activity": "activities", "context": "contexts"},
    "addresses": {
        "item": "activities resources strategies groups",
        "target": "elements outcomes",
    },
    "shares": {"organization": "organizations", "resource": "resources"},
    "endorses": {"organization": "organizations", "strategy": "strategies"},
    "belongs_to": {"organization": "organizations", "group": "groups"},
}
ALLOWED = {
    ("elements", "orientation"): {"desirable", "undesirable"},
    ("contexts", "kind"): {"country", "area", "setting"},
    ("organizations", "kind"): {
        *("un_agency", "intergovernmental", "government", "donor"),
        *("ngo", "private", "academia", "other"),
    },
    ("organizations", "member"): {"yes", "no"},
    ("groups", "kind"): {"working_group", "network", "coalition"},
    ("activities", "kind"): {"event", "project", "publication", "training", "other"},
    ("activities", "status"): {"planned", "ongoing", "completed", "cancelled"},
    ("resources", "kind"): {"research", "evidence", "news", "tool", "guidance"},
    ("sources", "kind"): {"survey", "interview", "workshop", "document", "dataset"},
    ("sources", "grade"): {"official", "reported", "judged", "illustrative"},
    ("observed", "state"): {"present", "absent"},
    ("influences", "sign"): {"+", "-", ""},
    ("influences", "strength"): {"1", "2", "3", ""},
    ("priorities", "level"): {"1", "2", "3"},
    ("challenges", "level"): {"1", "2", "3"},
    ("works_on", "role"): {"funds", "implements", "convenes", "researches", "advises"},
    ("works_on", "status"): {"planned", "ongoing", "completed", "cancelled"},
    ("asked", "answered"): {"yes", "no", ""},
    ("aliases", "decision"): {"same", "different"},
}
AREAS = {
    *("Research and evidence", "Strategy", "Partnerships", "Policies and plans"),
    *("Innovations", "Costing", "Implementation", "Monitoring and evaluation"),
}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {
        path.stem: pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in sorted(FOLDER.glob("*.csv"))
    }


@pytest.fixture(scope="module")
def cells(tables: dict[str, pd.DataFrame]) -> dict[tuple[str, str], int]:
    """Present (1), absent (-1) or contested (0) per element and country, by naive majority."""
    organization = tables["sources"].set_index("id")["organization"]
    votes: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for row in tables["observed"].to_dict("records"):
        reporter = organization[row["source"]] or row["source"]
        seen = votes.setdefault((row["element"], row["context"]), {})
        seen[reporter] = max(seen.get(reporter, ("", "")), (row["date"], row["state"]))
    score = {
        cell: sum(1 if state == "present" else -1 for _, state in by_reporter.values())
        for cell, by_reporter in votes.items()
    }
    countries = set(tables["contexts"].query("kind == 'country'")["id"])
    return {cell: (s > 0) - (s < 0) for cell, s in score.items() if cell[1] in countries}


def where_present(cells: dict[tuple[str, str], int], element: str) -> set[str]:
    return {context for (name, context), state in cells.items() if name == element and state > 0}


def test_every_table_of_a_map_is_filled(tables: dict[str, pd.DataFrame]) -> None:
    assert set(tables) == {*NODES, *ENDS, "asked", "about", "aliases"}
    assert all(len(frame) > 0 for frame in tables.values())


def test_ids_and_names_are_unique_across_all_node_tables(
    tables: dict[str, pd.DataFrame],
) -> None:
    for column in ("id", "name"):
        values = pd.concat([tables[table][column] for table in NODES])
        assert list(values[values.duplicated()]) == []


@pytest.mark.parametrize("table", sorted(ENDS))
def test_every_end_of_a_claim_exists(tables: dict[str, pd.DataFrame], table: str) -> None:
    for column, targets in ENDS[table].items():
        known = {key for target in targets.split() for key in tables[target]["id"]}
        assert set(tables[table][column]) - known == set()
    if "context" in tables[table]:
        assert set(tables[table]["context"]) - set(tables["contexts"]["id"]) <= {""}


@pytest.mark.parametrize("table", sorted(ENDS))
def test_every_claim_has_a_source_or_the_default(
    tables: dict[str, pd.DataFrame], table: str
) -> None:
    default = tables["about"].set_index("key")["value"]["source"]
    sources = tables[table]["source"].replace("", default)
    assert set(sources) <= set(tables["sources"]["id"])


def test_the_ledger_refers_to_sources_tables_contexts_and_areas(
    tables: dict[str, pd.DataFrame],
) -> None:
    asked = tables["asked"]
    assert set(asked["source"]) <= set(tables["sources"]["id"])
    assert set(asked["question"]) <= set(ENDS)
    assert set(asked["context"]) - set(tables["contexts"]["id"]) == {""}
    assert set(asked["area"]) - AREAS == {""}


def test_nobody_answers_where_the_ledger_says_no(tables: dict[str, pd.DataFrame]) -> None:
    for row in tables["asked"].query("answered == 'no'").to_dict("records"):
        claims = tables[row["question"]].query("source == @row['source']")
        if row["context"]:
            claims = claims.query("context == @row['context']")
        assert len(claims) == 0


@pytest.mark.parametrize(("table", "column"), sorted(ALLOWED))
def test_values_are_allowed(tables: dict[str, pd.DataFrame], table: str, column: str) -> None:
    assert set(tables[table][column]) - ALLOWED[table, column] == set()


def test_other_references_exist(tables: dict[str, pd.DataFrame]) -> None:
    for table, column, target in (
        *(("elements", "parent", "elements"), ("contexts", "parent", "contexts")),
        ("organizations", "part_of", "organizations"),
        ("sources", "organization", "organizations"),
    ):
        assert set(tables[table][column]) - set(tables[target]["id"]) == {""}
    nodes = {key for table in NODES for key in tables[table]["id"]}
    assert set(tables["aliases"]["id"]) <= nodes


def test_the_setting_has_the_size_that_the_readme_tells(tables: dict[str, pd.DataFrame]) -> None:
    countries = tables["contexts"].query("kind == 'country'")
    assert len(tables["organizations"]) == 12
    assert (tables["organizations"]["member"] == "yes").sum() == 10
    assert len(tables["outcomes"]) == 6
    assert len(tables["elements"]) == 20
    assert set(tables["elements"]["area"]) == AREAS
    assert Counter(countries["subregion"]) == {
        **{"Amber Coast": 4, "Blue Islands": 4, "Cedar Highlands": 4}
    }
    assert Counter(countries["group_terrain"]) == {"plains": 5, "islands": 3, "highlands": 4}


@pytest.mark.parametrize(
    ("outcome", "seeking"),
    [
        *[("every-school-online", 8), ("digital-skills", 6), ("good-teaching", 4)],
        *[("safe-online", 3), ("fair-access", 2), ("open-content", 1)],
    ],
)
def test_outcomes_are_sought_as_planted(
    tables: dict[str, pd.DataFrame], outcome: str, seeking: int
) -> None:
    rows = tables["seeks"].query("outcome == @outcome")
    assert (seeking, seeking) == (rows["organization"].nunique(), len(rows))


def test_one_of_ten_members_is_silent_on_outcomes(tables: dict[str, pd.DataFrame]) -> None:
    ledger = tables["asked"].query("question == 'seeks'")
    silent = ledger.query("answered == 'no'")
    assert len(ledger) == 10
    assert list(silent["source"]) == ["survey-indigo"]
    assert tables["seeks"]["organization"].nunique() == 9


@pytest.mark.parametrize(
    ("element", "present", "assessed"),
    [
        *[("teacher-training", 12, 12), ("school-census", 12, 12), ("national-vision", 11, 12)],
        *[("budget-line", 11, 12), ("school-power", 11, 12), ("learning-data", 10, 11)],
        *[("satellite-link", 3, 12), ("offline-library", 3, 12), ("school-twinning", 3, 12)],
        *[("teacher-turnover", 3, 12), ("device-repair", 1, 12), ("solar-kits", 4, 12)],
        *[("data-price", 4, 12), ("telecom-deal", 4, 11), ("privacy-law", 5, 12)],
        *[("device-policy", 7, 12), ("broken-devices", 5, 11), ("usage-survey", 2, 4)],
        *[("dropout-watch", 1, 3), ("digital-policy", 0, 0)],
    ],
)
def test_elements_are_present_where_planted(
    cells: dict[tuple[str, str], int], element: str, present: int, assessed: int
) -> None:
    told = [state for (name, _), state in cells.items() if name == element and state != 0]
    assert (present, assessed) == (told.count(1), len(told))


def test_three_cells_are_contested(cells: dict[tuple[str, str], int]) -> None:
    assert sorted(cell for cell, state in cells.items() if state == 0) == [
        ("broken-devices", "northland"),
        ("learning-data", "eastvale"),
        ("telecom-deal", "lakeside"),
    ]


@pytest.mark.parametrize(
    ("element", "column", "value"),
    [
        ("satellite-link", "group_terrain", "islands"),
        ("offline-library", "group_terrain", "islands"),
        ("school-twinning", "group_terrain", "islands"),
        ("solar-kits", "group_terrain", "highlands"),
        ("data-price", "subregion", "Blue Islands"),
        ("teacher-turnover", "ldc", "yes"),
    ],
)
def test_specific_elements_follow_one_grouping_only(
    tables: dict[str, pd.DataFrame],
    cells: dict[tuple[str, str], int],
    element: str,
    column: str,
    value: str,
) -> None:
    countries = tables["contexts"].query("kind == 'country'").set_index("id")
    groupings = ["subregion", "ldc", "lldc", "sids", "income_group", "group_terrain"]
    same = [
        (grouping, label)
        for grouping in groupings
        for label, part in countries.groupby(grouping)
        if set(part.index) == where_present(cells, element)
    ]
    assert same == [(column, value)]


def test_every_country_has_exactly_one_child_of_digital_policy(
    cells: dict[tuple[str, str], int],
) -> None:
    privacy, device = where_present(cells, "privacy-law"), where_present(cells, "device-policy")
    assert privacy & device == set()
    assert len(privacy | device) == 12


def test_loops_are_the_three_planted_ones(tables: dict[str, pd.DataFrame]) -> None:
    frame = tables["influences"]
    organization = tables["sources"].set_index("id")["organization"]
    votes: dict[tuple[str, str], dict[str, int]] = {}
    for row in frame[frame["sign"] != ""].to_dict("records"):
        reporter = organization[row["source"]] or row["source"]
        link = votes.setdefault((row["cause"], row["effect"]), {})
        link[reporter] = 1 if row["sign"] == "+" else -1
    sign = {link: sum(by_reporter.values()) for link, by_reporter in votes.items()}
    assert [link for link, value in sign.items() if value == 0] == [("telecom-deal", "data-price")]
    signed = {link: 1 if value > 0 else -1 for link, value in sign.items() if value != 0}
    loops = {
        (frozenset(loop), prod(signed[link] for link in pairwise([*loop, loop[0]])))
        for loop in nx.simple_cycles(nx.DiGraph(list(signed)))
    }
    assert loops == {
        (frozenset(["learning-data", "national-vision", "budget-line"]), 1),
        (frozenset(["broken-devices", "teacher-turnover"]), 1),
        (frozenset(["data-price", "satellite-link"]), -1),
    }


def test_one_loop_is_made_of_undesirable_elements_only(tables: dict[str, pd.DataFrame]) -> None:
    bad = set(tables["elements"].query("orientation == 'undesirable'")["id"])
    assert bad == {"broken-devices", "teacher-turnover", "data-price"}


def test_needs_of_one_are_offers_of_the_other(tables: dict[str, pd.DataFrame]) -> None:
    def scopes(table: str, organization: str) -> set[tuple[str, str]]:
        rows = tables[table].query("organization == @organization")
        return set(zip(rows["element"], rows["context"], strict=True))

    assert scopes("priorities", "ember-trust") <= scopes("works_on", "juniper-alliance")
    assert scopes("priorities", "juniper-alliance") <= scopes("works_on", "ember-trust")
    assert ("learning-data", "tidewater-isles") in scopes("priorities", "delta-fund")
    assert ("learning-data", "tidewater-isles") in scopes("works_on", "harbour-institute")
    assert scopes("priorities", "harbour-institute") == set()


def test_one_needed_cell_has_nobody(tables: dict[str, pd.DataFrame]) -> None:
    rows = tables["works_on"].query("element == 'school-power'")
    needs = tables["priorities"].query("element == 'school-power'")
    assert set(needs["context"]) == {"highmoor"}
    assert "highmoor" not in set(rows["context"])


def test_activities_are_overdue_cancelled_and_hidden_as_planted(
    tables: dict[str, pd.DataFrame],
) -> None:
    today = tables["about"].set_index("key")["value"]["data date"]
    frame = tables["activities"].set_index("id")
    ended = (frame["end"] != "") & (frame["end"] < today) & (frame["status"] == "ongoing")
    late = (frame["start"] != "") & (frame["start"] < today) & (frame["status"] == "planned")
    assert sorted(frame.index[ended | late]) == ["policy-review", "solar-rollout"]
    assert list(frame.index[frame["status"] == "cancelled"]) == ["border-summit"]
    assert list(frame.index[frame["visibility"] == "members"]) == ["members-retreat"]
    assert list(frame.index[frame["start"] == ""]) == ["vision-day"]


def test_three_activities_overlap_and_share_an_organization(
    tables: dict[str, pd.DataFrame],
) -> None:
    frame = tables["activities"].set_index("id").query("status != 'cancelled' and start != ''")
    first = frame["start"].str.ljust(10, "!")  # "!" sorts before and "~" after every digit
    last = frame["end"].str.ljust(10, "~")
    part = tables["takes_part"].groupby("activity")["organization"].agg(set)
    pairs = {
        (a, b)
        for a in frame.index
        for b in frame.index
        if a < b
        if first[a] <= last[b] and first[b] <= last[a]
        if part.get(a, set()) & part.get(b, set())
    }
    assert pairs == {
        ("data-forum", "island-link"),
        ("data-forum", "island-repair-camp"),
        ("island-link", "island-repair-camp"),
    }


def test_groups_have_members_outside_and_one_has_none(tables: dict[str, pd.DataFrame]) -> None:
    member = tables["organizations"].set_index("id")["member"]
    outside = tables["belongs_to"][tables["belongs_to"]["organization"].map(member) == "no"]
    assert set(outside["group"]) == {"island-network", "safe-net-coalition"}


def test_challenges_have_all_three_visibilities(tables: dict[str, pd.DataFrame]) -> None:
    assert set(tables["challenges"]["visibility"]) == {"", "members", "private", "public"}


def test_the_name_of_no_real_country_is_used(tables: dict[str, pd.DataFrame]) -> None:
    country_table = FOLDER.parents[1] / "sysmap" / "core" / "countries.csv"
    real = pd.read_csv(country_table, dtype=str, keep_default_na=False)
    assert set(tables["contexts"]["name"]) & {*real["name"], *real["name_fr"]} == set()
    assert set(tables["contexts"]["id"].str.upper()) & set(real["alpha3"]) == set()


def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    command = [sys.executable, "-B", str(FOLDER / "build.py"), "--out", str(tmp_path)]
    subprocess.run(command, check=True)
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {"datapackage.json", "CODEBOOK.md", "elements.csv"} <= set(built)
    assert built == {name: (FOLDER / name).read_bytes() for name in built}
