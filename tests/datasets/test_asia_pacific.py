"""The Asia-Pacific map says only what its sources say.

Source of the expected numbers: the published extract of UIS (18 of 31 countries reach 50 % for
internet in primary schools) and the facts F02, F03 of the group (six outcomes, eight areas).
"""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.shared import real

FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "asia-pacific-digital-learning"
NODES = (
    *("outcomes", "elements", "contexts", "organizations", "groups"),
    *("activities", "resources", "sources"),
)
ENDS = {
    "seeks": {"organization": "organizations", "outcome": "outcomes"},
    "influences": {"cause": "elements outcomes", "effect": "elements outcomes"},
    "observed": {"element": "elements", "context": "contexts"},
    "works_on": {"organization": "organizations", "element": "elements"},
    "collaborates": {"organization": "organizations", "partner": "organizations"},
    "takes_part": {"organization": "organizations", "activity": "activities"},
    "held_in": {"activity": "activities", "context": "contexts"},
    "addresses": {"item": "activities resources groups", "target": "elements outcomes"},
    "shares": {"organization": "organizations", "resource": "resources"},
    "belongs_to": {"organization": "organizations", "group": "groups"},
}
ALLOWED = {
    ("elements", "orientation"): {"", "desirable", "undesirable"},
    ("contexts", "kind"): {"country"},
    ("contexts", "ldc"): {"yes", "no"},
    ("contexts", "lldc"): {"yes", "no"},
    ("contexts", "sids"): {"yes", "no"},
    ("organizations", "kind"): {
        *("un_agency", "intergovernmental", "government", "donor"),
        *("ngo", "private", "academia", "other"),
    },
    ("groups", "kind"): {"working_group", "network", "coalition"},
    ("activities", "kind"): {"event", "project", "publication", "training", "other"},
    ("activities", "status"): {"", "planned", "ongoing", "completed", "cancelled"},
    ("resources", "kind"): {"research", "evidence", "news", "tool", "guidance"},
    ("sources", "kind"): {"survey", "interview", "workshop", "document", "dataset"},
    ("sources", "grade"): {"official", "reported", "judged", "illustrative"},
    ("observed", "state"): {"present", "absent"},
    ("influences", "sign"): {"+", "-"},
    ("influences", "strength"): {"1", "2", "3"},
    ("works_on", "role"): {"", "funds", "implements", "convenes", "researches", "advises"},
    ("works_on", "status"): {"", "planned", "ongoing", "completed", "cancelled"},
    ("takes_part", "role"): {
        *("", "leads", "co-leads", "implements", "supports", "attends", "funds"),
    },
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


def test_the_folder_holds_exactly_the_tables_that_sources_support(
    tables: dict[str, pd.DataFrame],
) -> None:
    # No member was asked: no needs, no ledger, no endorsed strategies.
    assert set(tables) == {*NODES, *ENDS, "about", "aliases"}


def test_ids_are_unique_across_all_node_tables(tables: dict[str, pd.DataFrame]) -> None:
    ids = pd.concat([tables[table]["id"] for table in NODES])
    assert list(ids[ids.duplicated()]) == []
    assert "" not in set(ids)


def test_names_are_unique_across_all_node_tables(tables: dict[str, pd.DataFrame]) -> None:
    names = pd.concat([tables[table]["name"] for table in NODES])
    assert list(names[names.duplicated()]) == []
    assert "" not in set(names)


@pytest.mark.parametrize("table", sorted(ENDS))
def test_every_end_of_a_claim_exists(tables: dict[str, pd.DataFrame], table: str) -> None:
    for column, targets in ENDS[table].items():
        known = {key for target in targets.split() for key in tables[target]["id"]}
        assert set(tables[table][column]) - known == set()
    if "context" in tables[table]:
        assert set(tables[table]["context"]) - set(tables["contexts"]["id"]) <= {""}


@pytest.mark.parametrize("table", sorted(ENDS))
def test_every_claim_has_a_source_and_no_claim_stands_twice(
    tables: dict[str, pd.DataFrame], table: str
) -> None:
    frame = tables[table]
    assert set(frame["source"]) <= set(tables["sources"]["id"])
    context = ["context"] if "context" in frame else []
    claim = list(dict.fromkeys([*ENDS[table], *context, "source"]))
    if table == "works_on":
        claim += ["role"]
    assert not frame.duplicated(claim).any()


def test_no_claim_joins_a_node_to_itself(tables: dict[str, pd.DataFrame]) -> None:
    assert not (tables["influences"]["cause"] == tables["influences"]["effect"]).any()
    assert not (tables["collaborates"]["organization"] == tables["collaborates"]["partner"]).any()


def test_references_of_node_tables_exist(tables: dict[str, pd.DataFrame]) -> None:
    organizations = set(tables["organizations"]["id"])
    assert set(tables["organizations"]["part_of"]) - organizations == {""}
    assert set(tables["sources"]["organization"]) - organizations == {""}
    assert set(tables["aliases"]["id"]) <= organizations


@pytest.mark.parametrize(("table", "column"), sorted(ALLOWED))
def test_values_are_allowed(tables: dict[str, pd.DataFrame], table: str, column: str) -> None:
    assert set(tables[table][column]) - ALLOWED[table, column] == set()


def test_dates_are_iso_and_no_start_is_after_its_end(tables: dict[str, pd.DataFrame]) -> None:
    iso = r"(?:19|20)\d\d(?:-[01]\d(?:-[0-3]\d)?)?|"
    for frame in tables.values():
        for column in {"date", "start", "end"} & set(frame):
            assert frame[column].str.fullmatch(iso).all()
        if {"start", "end"} <= set(frame):
            both = frame[(frame["start"] != "") & (frame["end"] != "")]
            width = both["start"].str.len().combine(both["end"].str.len(), min)
            pairs = zip(both["start"], both["end"], width, strict=True)
            assert all(start[:n] <= end[:n] for start, end, n in pairs)


def test_outcomes_are_the_six_that_the_group_names(tables: dict[str, pd.DataFrame]) -> None:
    assert sorted(tables["outcomes"]["id"]) == [
        *("capacity", "connectivity", "digital-literacy", "inclusive-strategies"),
        *("online-safety", "quality-digital-learning"),
    ]


def test_every_one_of_the_eight_areas_holds_elements(tables: dict[str, pd.DataFrame]) -> None:
    assert set(tables["elements"]["area"]) == AREAS


def test_countries_are_49_and_agree_with_the_country_table(
    tables: dict[str, pd.DataFrame],
) -> None:
    country_table = FOLDER.parents[1] / "sysmap" / "core" / "countries.csv"
    shipped = pd.read_csv(country_table, dtype=str, keep_default_na=False).set_index("alpha3")
    contexts = tables["contexts"].set_index("id")
    assert len(contexts) == 49
    shared = ["name", "region", "subregion", "ldc", "lldc", "sids"]
    pd.testing.assert_frame_equal(
        contexts[shared], shipped.loc[contexts.index, shared], check_names=False
    )


@pytest.mark.parametrize(
    ("element", "present", "assessed"),
    [
        ("electricity-primary", 39, 42),
        ("electricity-upper-secondary", 39, 41),
        ("internet-primary", 18, 31),
        ("qualified-teachers-primary", 36, 37),
        ("skill-programming", 0, 18),
    ],
)
def test_uis_elements_are_present_from_50_percent(
    tables: dict[str, pd.DataFrame], element: str, present: int, assessed: int
) -> None:
    """Counted in the published extract with a spreadsheet filter: value >= 50."""
    rows = tables["observed"].query("element == @element")
    assert (present, assessed) == ((rows["state"] == "present").sum(), len(rows))
    assert ((rows["percent"].astype(float) >= 50) == (rows["state"] == "present")).all()


def test_nil_values_are_zeros(tables: dict[str, pd.DataFrame]) -> None:
    nil = tables["observed"].query("magnitude == 'NIL'")
    assert len(nil) > 0
    assert (nil["percent"].astype(float) == 0).all()


def test_documents_are_observed_as_the_profiles_say(tables: dict[str, pd.DataFrame]) -> None:
    """Facts F54, F57, F58 and F60, read side by side with the rows."""
    observed = tables["observed"].set_index(["element", "context"])["state"]
    assert observed["ict-education-plan", "KHM"] == "present"
    assert observed["education-act-technology", "TON"] == "present"
    assert observed["education-act-technology", "FJI"] == "absent"
    assert observed["education-act-technology", "VUT"] == "absent"
    assert ("ict-education-plan", "FJI") not in observed.index


def test_the_fact_outside_the_region_appears_nowhere(tables: dict[str, pd.DataFrame]) -> None:
    text = "\n".join(frame.to_csv() for frame in tables.values()).lower()
    for word in ("f48", "unhcr", "vodafone", "instant network"):
        assert word not in text


def test_nobody_is_called_a_member_and_no_ranks_are_given(
    tables: dict[str, pd.DataFrame],
) -> None:
    assert set(tables["organizations"]["member"]) == {""}
    assert set(tables["seeks"]["priority"]) == {""}
    assert set(tables["seeks"]["importance"]) == {""}


def test_inference_is_judged_and_the_causal_map_is_illustrative(
    tables: dict[str, pd.DataFrame],
) -> None:
    grade = tables["sources"].set_index("id")["grade"]
    assert set(tables["seeks"]["source"].map(grade)) == {"judged"}
    assert set(tables["influences"]["source"].map(grade)) == {"illustrative"}
    for table in sorted(set(ENDS) - {"influences"}):
        assert "illustrative" not in set(tables[table]["source"].map(grade))


def test_outcomes_are_addressed_only_by_judgement(tables: dict[str, pd.DataFrame]) -> None:
    # The mandate itself (F02) names the outcomes of the group; all other matches are ours.
    outcomes = set(tables["outcomes"]["id"])
    rows = tables["addresses"][tables["addresses"]["target"].isin(outcomes)]
    assert set(rows[~rows["source"].str.endswith("-judged")]["source"]) == {"f02"}


def test_notes_are_written_out_as_public(tables: dict[str, pd.DataFrame]) -> None:
    # A note is private unless the visibility of its row is written out.
    for table in ENDS:
        noted = tables[table][tables[table]["note"] != ""]
        assert set(noted["visibility"]) <= {"public"}


def test_the_causal_map_holds_a_reinforcing_and_a_balancing_loop(
    tables: dict[str, pd.DataFrame],
) -> None:
    frame = tables["influences"]
    sign = {
        (cause, effect): 1 if sign == "+" else -1
        for cause, effect, sign in zip(frame["cause"], frame["effect"], frame["sign"], strict=True)
    }
    two_step = {value * sign[b, a] for (a, b), value in sign.items() if (b, a) in sign}
    assert two_step == {1, -1}


def test_the_licence_and_its_attribution_stand_in_the_folder(
    tables: dict[str, pd.DataFrame],
) -> None:
    about = tables["about"].set_index("key")["value"]
    licence = (FOLDER / "LICENSE.md").read_text(encoding="utf-8")
    assert about["licence"] == "CC BY-SA 3.0 IGO"
    assert about["licence"] in licence
    assert "UNESCO Institute for Statistics" in licence


def test_counts_in_the_readme_are_the_counts_of_the_tables(
    tables: dict[str, pd.DataFrame],
) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:3] for line in readme.splitlines() if line.startswith("| ")][1:]
    told = {
        name.strip(): int(count)
        for names, counts in rows
        for name, count in zip(names.split(","), counts.split(","), strict=True)
    }
    assert told == {name: len(tables[name]) for name in {*NODES, *ENDS}}


def test_files_are_plain_utf8_with_line_feeds() -> None:
    for path in sorted(FOLDER.glob("*.csv")):
        content = path.read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
        content.decode("utf-8")


def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    facts, uis = real("working_group_facts"), real("uis_school_ict")
    command = [sys.executable, "-B", str(FOLDER / "build.py")]
    command += ["--facts", str(facts), "--uis", str(uis), "--out", str(tmp_path)]
    subprocess.run(command, check=True)
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {"datapackage.json", "CODEBOOK.md", "elements.csv"} <= set(built)
    assert built == {name: (FOLDER / name).read_bytes() for name in built}
