"""The shipped country table agrees with the facts published beside its source.

Source of the expected numbers: the note of the source list (249 rows; LDC 45, LLDC 32, SIDS 53).
"""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.shared import real

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "sysmap" / "core" / "countries.csv"


@pytest.fixture(scope="module")
def countries() -> pd.DataFrame:
    return pd.read_csv(TABLE, dtype=str, keep_default_na=False).set_index("alpha3")


def test_the_table_has_249_countries_with_distinct_codes_and_names(
    countries: pd.DataFrame,
) -> None:
    assert len(countries) == 249
    for codes in (countries.index, countries["alpha2"], countries["m49"], countries["name"]):
        assert codes.is_unique
        assert "" not in set(codes)


def test_codes_have_the_shape_of_their_standard(countries: pd.DataFrame) -> None:
    assert countries.index.str.fullmatch("[A-Z]{3}").all()
    assert countries["alpha2"].str.fullmatch("[A-Z]{2}").all()
    assert countries["m49"].str.fullmatch("[0-9]{3}").all()


def test_namibia_keeps_its_code(countries: pd.DataFrame) -> None:
    assert countries.loc["NAM", "alpha2"] == "NA"


def test_marks_count_as_in_the_source_of_2024(countries: pd.DataFrame) -> None:
    marks = countries[["ldc", "lldc", "sids"]]
    assert {"ldc": 45, "lldc": 32, "sids": 53} == (marks == "yes").sum().to_dict()
    assert set(marks.to_numpy().ravel()) == {"yes", "no"}
    assert countries.loc[["BTN", "STP"], "ldc"].to_list() == ["no", "yes"]


def test_only_antarctica_has_no_region(countries: pd.DataFrame) -> None:
    assert list(countries.index[countries["region"] == ""]) == ["ATA"]
    assert list(countries.index[countries["subregion"] == ""]) == ["ATA"]


def test_names_are_those_in_use_at_the_united_nations(countries: pd.DataFrame) -> None:
    expected = {"VNM": "Viet Nam", "CIV": "Côte d’Ivoire", "KOR": "Republic of Korea"}
    assert expected == countries.loc[list(expected), "name"].to_dict()


def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    codes = real("country_codes")
    command = [sys.executable, "-B", str(ROOT / "datasets" / "countries" / "build.py")]
    command += ["--codes", str(codes), "--out", str(tmp_path / "made.csv")]
    subprocess.run(command, check=True)
    assert (tmp_path / "made.csv").read_bytes() == TABLE.read_bytes()
