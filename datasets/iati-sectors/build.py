"""Make the table of sectors of the package from copies of the code lists of IATI.

    python build.py --codes FOLDER [--out FILE]

FOLDER holds ``Sector.xml`` and ``SectorCategory.xml``; README.md beside this file says which
version.
"""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

OUT = Path(__file__).resolve().parents[2] / "sysmap" / "io" / "iati_sectors.csv"
COLUMNS = ["code", "name", "category", "status"]


def items(path: Path) -> Iterator[dict[str, str]]:
    """One row for each item of a list; the narrative without a language is English."""
    for item in ElementTree.parse(path).iter("codelist-item"):
        yield {
            "code": (item.findtext("code") or "").strip(),
            "name": " ".join((item.findtext("name/narrative") or "").split()),
            "category": (item.findtext("category") or "").strip(),
            "status": item.get("status", "active"),
        }


def build(codes: Path, out: Path) -> None:
    """Write the table, sorted by code as text, so that a category stands before its sectors."""
    rows = [*items(codes / "SectorCategory.xml"), *items(codes / "Sector.xml")]
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["code"]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the table of sectors of the package.")
    parser.add_argument("--codes", type=Path, required=True, help="folder with the code lists")
    parser.add_argument("--out", type=Path, default=OUT, help="file to write")
    options = parser.parse_args()
    build(options.codes, options.out)
