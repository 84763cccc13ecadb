"""Write the tables of the teaching map from the planted truth.

    python build.py [--out FOLDER]

There is nothing random here: ``planted.py`` holds every row or the rule that makes it.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent)]  # the schema and codebook.py

import codebook  # noqa: E402  (found on the path that is set above)
import planted  # noqa: E402  (beside the other)

CARRIED = {  # what columns mean that the schema does not know
    "group_terrain": "An invented grouping that cuts across the sub-regions.",
}

Row = dict[str, str]

CLAIM = ["source", "date", "note", "visibility"]
COLUMNS: dict[str, list[str]] = {
    "outcomes": ["id", "name", "description", "visibility"],
    "elements": ["id", "name", "area", "parent", "orientation", "description", "visibility"],
    "contexts": [
        *("id", "name", "kind", "parent", "region", "subregion", "ldc", "lldc", "sids"),
        *("income_group", "group_terrain", "visibility"),
    ],
    "organizations": ["id", "name", "kind", "member", "role", "part_of", "visibility"],
    "groups": ["id", "name", "kind", "visibility"],
    "activities": ["id", "name", "kind", "status", "start", "end", "visibility"],
    "resources": ["id", "name", "kind", "date", "url", "visibility"],
    "strategies": ["id", "name", "description", "visibility"],
    "sources": ["id", "name", "kind", "grade", "organization", "date", "url", "visibility"],
    "seeks": ["organization", "outcome", "priority", "importance", *CLAIM],
    "influences": ["cause", "effect", "sign", "strength", "context", *CLAIM],
    "observed": ["element", "context", "state", "strength", *CLAIM],
    "works_on": ["organization", "element", "context", "role", "status", "start", "end", *CLAIM],
    "priorities": ["organization", "element", "context", "level", *CLAIM],
    "challenges": ["organization", "element", "context", "level", *CLAIM],
    "collaborates": ["organization", "partner", "context", "start", "end", *CLAIM],
    "takes_part": ["organization", "activity", "role", *CLAIM],
    "held_in": ["activity", "context", *CLAIM],
    "addresses": ["item", "target", *CLAIM],
    "shares": ["organization", "resource", *CLAIM],
    "endorses": ["organization", "strategy", *CLAIM],
    "belongs_to": ["organization", "group", "role", *CLAIM],
    "asked": ["source", "question", "context", "area", "answered"],
    "about": ["key", "value"],
    "aliases": ["name", "id", "decision"],
}
LISTS = {"organization", "context", "source", "target"}  # cells that may hold several ids
BLOCKS = {
    **{"outcomes": planted.OUTCOMES, "elements": planted.ELEMENTS, "contexts": planted.CONTEXTS},
    **{"organizations": planted.ORGANIZATIONS, "groups": planted.GROUPS},
    **{"activities": planted.ACTIVITIES, "resources": planted.RESOURCES},
    **{"strategies": planted.STRATEGIES, "sources": planted.SOURCES, "seeks": planted.SEEKS},
    **{"influences": planted.INFLUENCES, "observed": planted.OBSERVED},
    **{"works_on": planted.WORKS_ON, "priorities": planted.PRIORITIES},
    **{"challenges": planted.CHALLENGES, "collaborates": planted.COLLABORATES},
    **{"takes_part": planted.TAKES_PART, "held_in": planted.HELD_IN},
    **{"addresses": planted.ADDRESSES, "shares": planted.SHARES, "endorses": planted.ENDORSES},
    **{"belongs_to": planted.BELONGS_TO, "asked": planted.ASKED},
    **{"about": planted.ABOUT, "aliases": planted.ALIASES},
}
NO_LISTS = (  # tables whose cells hold one value each
    *("outcomes", "elements", "contexts", "organizations", "groups"),
    *("activities", "resources", "strategies", "sources", "about", "aliases"),
)


def rows(table: str) -> Iterator[Row]:
    """The rows of a block; in link tables a cell with several ids makes several rows."""
    header, *lines = BLOCKS[table].strip().splitlines()
    columns = [cell.strip() for cell in header.split("|")]
    for line in lines:
        cells = [cell.strip() for cell in line.split("|")]
        spread = [
            cell.split() or [""] if column in LISTS and table not in NO_LISTS else [cell]
            for column, cell in zip(columns, cells, strict=True)
        ]
        for values in product(*spread):
            yield dict(zip(columns, values, strict=True))


def reports(dates: dict[str, str]) -> Iterator[Row]:
    """What the surveys say of each country: the truth, except for the wrong reports."""
    for element, marks in planted.TRUTH.items():
        truth = zip(planted.REPORTERS.items(), marks.replace(" ", ""), strict=True)
        for (country, reporters), mark in truth:
            for reporter in reporters if mark != "." else ():
                wrong = (element, country, reporter) in planted.WRONG_REPORTS
                source = f"survey-{reporter}"
                yield {
                    "element": element,
                    "context": country,
                    "state": "present" if (mark == "1") != wrong else "absent",
                    **{"source": source, "date": dates[source]},
                }


def scopes() -> Iterator[Row]:
    """The ledger of `observed`: every reporter was asked about its countries."""
    for country, reporters in planted.REPORTERS.items():
        for reporter in reporters:
            yield {"source": f"survey-{reporter}", "question": "observed", "context": country}


def tables() -> dict[str, list[Row]]:
    """All tables of the map."""
    made = {table: list(rows(table)) for table in COLUMNS}
    dates = {row["id"]: row["date"] for row in made["sources"]}
    made["observed"] = [*reports(dates), *made["observed"]]
    made["asked"] += scopes()
    return made


def write(out: Path) -> None:
    """Write one CSV file per table, then the descriptor and the code book."""
    made = tables()
    for name, columns in COLUMNS.items():
        with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(made[name])
    codebook.describe(out, CARRIED)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the tables of the teaching map.")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write")
    write(parser.parse_args().out)
