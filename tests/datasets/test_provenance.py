"""Every claim of the Asia-Pacific map leads to a graded source that anybody can look up.

Source of the expected values: the facts and the UIS extract from which the map was made.
"""

from pathlib import Path

import pandas as pd
import pytest

from tests.shared import real

FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "asia-pacific-digital-learning"
LINKS = (
    *("seeks", "influences", "observed", "works_on", "collaborates", "takes_part"),
    *("held_in", "addresses", "shares", "belongs_to"),
)
GRADES = {"official", "reported", "judged", "illustrative"}
NO_ADDRESS = {"project-brief": "reported", "illustrative": "illustrative"}
NO_CLAIM = {"f01", "f03", "f13"}  # the title, the areas of work and an activity


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def sources() -> pd.DataFrame:
    return table("sources").set_index("id")


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    frame = pd.read_csv(real("working_group_facts", "facts.csv"), dtype=str, keep_default_na=False)
    return frame.assign(id=frame["id"].str.lower()).set_index("id")


@pytest.mark.parametrize("link", LINKS)
def test_every_claim_has_a_source_with_a_grade(link: str, sources: pd.DataFrame) -> None:
    claims = table(link)
    assert len(claims) > 0
    assert set(claims["source"].map(sources["grade"]).fillna("")) <= GRADES


def test_every_source_has_a_name_a_kind_and_a_grade(sources: pd.DataFrame) -> None:
    assert set(sources["grade"]) == GRADES
    assert set(sources["kind"]) == {"document", "dataset"}
    assert (sources["name"].str.len() > 10).all()


def test_every_source_can_be_looked_up_or_says_that_nobody_can(sources: pd.DataFrame) -> None:
    addressed = sources["url"].str.fullmatch(r"https?://\S+\.\S+")
    assert sources.loc[~addressed, "grade"].to_dict() == NO_ADDRESS


def test_sources_without_an_address_carry_only_what_they_may(sources: pd.DataFrame) -> None:
    carried = {
        link: set(claims["source"]) & set(NO_ADDRESS)
        for link in LINKS
        if set((claims := table(link))["source"]) & set(NO_ADDRESS)
    }
    assert carried == {"influences": {"illustrative"}, "belongs_to": {"project-brief"}}


def test_every_source_but_three_carries_a_claim(sources: pd.DataFrame) -> None:
    carrying = {key for link in LINKS for key in table(link)["source"]}
    assert set(sources.index) - carrying == NO_CLAIM


def test_an_inference_names_the_page_that_it_was_made_from(sources: pd.DataFrame) -> None:
    judged = sources[sources["grade"] == "judged"]
    assert list(judged.index) == [key for key in sources.index if key.endswith("-judged")]
    for key, row in judged.iterrows():
        published = sources.loc[str(key).removesuffix("-judged")]
        assert published["url"] == row["url"]
        assert published["grade"] in {"official", "reported"}
        assert row["organization"] == ""


def test_the_address_of_a_source_is_that_of_its_fact(
    sources: pd.DataFrame, facts: pd.DataFrame
) -> None:
    of_facts = sources[sources.index.str.match(r"f\d+")]
    keys = of_facts.index.str.removesuffix("-judged")
    assert list(facts.loc[keys, "source_url"]) == list(of_facts["url"])


def test_a_date_of_publication_stands_in_the_fact_or_its_address(
    sources: pd.DataFrame, facts: pd.DataFrame
) -> None:
    """F41 says "Sept 2023"; the address of F43 holds 2022/02/28."""
    dated = sources[(sources["date"] != "") & (sources["kind"] == "document")]
    plain = dated[~dated.index.str.endswith("-judged")]
    assert plain["date"].to_dict() == {"f41": "2023-09", "f43": "2022-02-28"}
    assert "Sept 2023" in facts.loc["f41", "statement"]
    assert "2022/02/28" in facts.loc["f43", "source_url"]


@pytest.mark.parametrize("link", sorted(set(LINKS) - {"influences", "observed"}))
def test_the_date_of_a_claim_is_the_last_year_of_its_fact(link: str, facts: pd.DataFrame) -> None:
    claims = table(link)
    claims = claims[claims["source"] != "project-brief"]
    years = facts["year"].str[-4:].loc[claims["source"].str.removesuffix("-judged")]
    assert list(years) == list(claims["date"])


def test_every_value_of_uis_is_the_published_one() -> None:
    extract = pd.read_csv(
        real("uis_school_ict", "latest_asia_pacific.csv"), dtype=str, keep_default_na=False
    )
    indicator = (
        table("elements").set_index("id")["description"].str.extract(r"UIS indicator (.+)\.")
    )
    claims = table("observed").query("source == 'uis-sdg4-2021'")
    found = {
        (indicator.loc[row["element"], 0], row["context"]): (row["date"], float(row["percent"]))
        for row in claims.to_dict("records")
    }
    published = {
        (row["indicator_id"], row["country_id"]): (row["year"], float(row["value"]))
        for row in extract.to_dict("records")
        if row["indicator_id"] in set(indicator[0])
    }
    assert len(found) == len(claims)
    assert published == found


def test_the_skills_that_were_left_out_say_what_the_kept_ones_say() -> None:
    """The README gives the reason: the same countries, and nearly the same order of them."""
    extract = pd.read_csv(real("uis_school_ict", "latest_asia_pacific.csv"))
    skills = extract[extract["indicator_id"].str.startswith("ICTSKILL")].pivot(
        index="country_id", columns="indicator_id", values="value"
    )
    skills.columns = skills.columns.str.removeprefix("ICTSKILL")
    left_out = skills.columns.difference(["ATTACH", "PROGLANG"])
    rho = skills[left_out].corrwith(skills["ATTACH"], method="spearman").round(2)
    assert {"COPI": 0.70, "CREAT": 0.85, "FORMULA": 0.91} == rho.to_dict()
    asked = skills.notna()
    assert {"COPI": 16, "CREAT": 18, "FORMULA": 18} == asked[left_out].sum().to_dict()
    assert not (asked[left_out].any(axis=1) & ~asked[["ATTACH", "PROGLANG"]].any(axis=1)).any()


def test_every_activity_and_resource_names_its_fact(facts: pd.DataFrame) -> None:
    text = (FOLDER / "curated.py").read_text(encoding="utf-8")
    for name, nodes in (("ACTIVITIES", "activities"), ("RESOURCES", "resources")):
        block = text.split(f'\n{name} = """\n')[1].split('"""')[0]
        cells = [[cell.strip() for cell in line.split("|")] for line in block.splitlines()]
        assert sorted(row[0] for row in cells) == sorted(table(nodes)["id"])
        assert {row[1].removesuffix("-judged") for row in cells} <= set(facts.index)
