"""Make the country table of the package from a copy of the country-codes list.

    python build.py --codes FOLDER [--out FILE]

FOLDER holds ``country-codes.csv``; README.md beside this file says which version.
"""

import argparse
import csv
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "sysmap" / "core" / "countries.csv"

TEXT_COLUMNS = {
    "alpha2": "ISO3166-1-Alpha-2",
    "alpha3": "ISO3166-1-Alpha-3",
    "m49": "M49",
    "name": "official_name_en",
    "name_fr": "official_name_fr",
    "region": "Region Name",
    "subregion": "Sub-region Name",
}
MARK_COLUMNS = {
    "ldc": "Least Developed Countries (LDC)",
    "lldc": "Land Locked Developing Countries (LLDC)",
    "sids": "Small Island Developing States (SIDS)",
}
# The list says "Ivory Coast"; the United Nations use the French name in every language.
NAME_CORRECTIONS = {"CIV": "Côte d’Ivoire"}


def country_row(row: dict[str, str]) -> dict[str, str]:
    """One row of the list becomes one row of the country table."""
    country = {ours: row[theirs].strip() for ours, theirs in TEXT_COLUMNS.items()}
    country["m49"] = country["m49"].zfill(3)
    country["name"] = NAME_CORRECTIONS.get(country["alpha3"], country["name"])
    for ours, theirs in MARK_COLUMNS.items():
        country[ours] = "yes" if row[theirs].strip() == "x" else "no"
    return country


def build(codes: Path, out: Path) -> None:
    """Write the country table, sorted by alpha-3 code."""
    with (codes / "country-codes.csv").open(encoding="utf-8", newline="") as file:
        countries = sorted(map(country_row, csv.DictReader(file)), key=lambda row: row["alpha3"])
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*TEXT_COLUMNS, *MARK_COLUMNS], lineterminator="\n")
        writer.writeheader()
        writer.writerows(countries)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the country table of the package.")
    parser.add_argument("--codes", type=Path, required=True, help="folder with country-codes.csv")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write")
    options = parser.parse_args()
    build(options.codes, options.out)
