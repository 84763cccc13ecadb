"""Rebuild the map from the facts, the UIS extract and the country table.

    python build.py --facts FOLDER --uis FOLDER [--out FOLDER]

The first folder holds ``facts.csv``, the second ``latest_asia_pacific.csv`` and ``groups.csv``.
What was read in the facts stands in ``curated.py``; this file only joins, checks and writes.
"""

import argparse
import csv
import sys
from collections.abc import Callable, Iterator
from itertools import combinations, product
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent)]  # the schema and codebook.py

import codebook  # noqa: E402  (found on the path that is set above)
import curated  # noqa: E402  (beside the other)

COUNTRIES = HERE.parents[1] / "sysmap" / "core" / "countries.csv"

PRESENT_FROM = 50.0  # percent; the threshold that the README and about.csv state
UIS_SOURCE = "uis-sdg4-2021"
UIS_URL = "https://uis.unesco.org"
GROUP_URL = (
    "https://apa.sdg4education2030.org/"
    "asia-pacific-inter-agency-thematic-working-group-digital-transformation-learning-and-education"
)
CO_CHAIRS = ("itu", "unicef")
LEFT_OUT = ("f48",)  # outside Asia and the Pacific

CARRIED = {  # what columns mean that the schema does not know
    "percent": "The published value in percent.",
    "magnitude": "The mark of the value as published: NIL is a true zero.",
    "qualifier": "The remark as published: NAT_EST is a national estimate, UIS_EST one of UIS.",
    "group_escap": "Sub-region of ESCAP in the UIS release of September 2021.",
    "group_gpe": "Partner of the Global Partnership for Education in July 2019.",
}

Row = dict[str, str]

CLAIM = ["source", "date", "note", "visibility"]
COLUMNS: dict[str, list[str]] = {
    "outcomes": ["id", "name", "description", "visibility"],
    "elements": ["id", "name", "area", "parent", "orientation", "description", "visibility"],
    "contexts": [
        *("id", "name", "kind", "parent", "region", "subregion", "ldc", "lldc", "sids"),
        *("income_group", "group_escap", "group_gpe", "visibility"),
    ],
    "organizations": ["id", "name", "kind", "member", "role", "part_of", "visibility"],
    "groups": ["id", "name", "kind", "visibility"],
    "activities": ["id", "name", "kind", "status", "start", "end", "visibility"],
    "resources": ["id", "name", "kind", "date", "url", "visibility"],
    "sources": ["id", "name", "kind", "grade", "organization", "date", "url", "visibility"],
    "seeks": ["organization", "outcome", "priority", "importance", *CLAIM],
    "influences": ["cause", "effect", "sign", "strength", "context", *CLAIM],
    "observed": [
        *("element", "context", "state", "strength"),
        *CLAIM,
        *("percent", "magnitude", "qualifier"),
    ],
    "works_on": ["organization", "element", "context", "role", "status", "start", "end", *CLAIM],
    "collaborates": ["organization", "partner", "context", "start", "end", *CLAIM],
    "takes_part": ["organization", "activity", "role", *CLAIM],
    "held_in": ["activity", "context", *CLAIM],
    "addresses": ["item", "target", *CLAIM],
    "shares": ["organization", "resource", *CLAIM],
    "belongs_to": ["organization", "group", "role", *CLAIM],
    "about": ["key", "value"],
    "aliases": ["name", "id", "decision"],
}

ABOUT = {
    "title": "Digital transformation in learning and education: Asia and the Pacific",
    "data date": "2025-12-31",
    "round": "public sources only, no survey round",
    "contact": GROUP_URL,
    "licence": "CC BY-SA 3.0 IGO",
    "attribution": "UNESCO Institute for Statistics, SDG 4 release of September 2021",
    "members asked": "No member was asked anything; the member list is not known.",
    "threshold": "A UIS indicator makes an element present where it is 50 % or more, else absent.",
    "country groups": "LDC, LLDC and SIDS of 2024; income groups of July 2021; "
    "ESCAP groups of September 2021; GPE partners of July 2019",
    "illustrative": "Every row of influences is illustrative, for discussion; nobody said it.",
}

ESCAP_GROUPS = {
    "ESCAP: East and North-East Asia (ENEA) (UNSDCode:98408)": "East and North-East Asia",
    "ESCAP: North and Central Asia (NCA) (UNSDCode:98417)": "North and Central Asia",
    "ESCAP: PACIFIC (PAC) (UNSDCode:98418)": "Pacific",
    "ESCAP: South and South-West Asia (SSWA) (UNSDCode:98420)": "South and South-West Asia",
    "ESCAP: South-East Asia (SEA) (UNSDCode:98419)": "South-East Asia",
}
INCOME_GROUPS = {
    f"WB: {name} (July 2021)": name
    for name in ("Low income", "Lower middle income", "Upper middle income", "High income")
}
GPE_GROUP = "WB: Global Partnership for Education (July 2019)"


def read(path: Path) -> list[Row]:
    """The rows of a CSV file, every cell as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(table: str) -> Iterator[list[str]]:
    """The lines of a curated table as lists of cells."""
    for line in table.strip().splitlines():
        yield [cell.strip() for cell in line.split("|")]


class Facts:
    """The facts, and what each of them may support."""

    def __init__(self, path: Path) -> None:
        spelled = dict(lines(curated.SPELLINGS))
        self.rows = {row["id"].lower(): row for row in read(path)}
        self.organizations: dict[str, set[str]] = {}
        for fact, row in self.rows.items():
            if fact not in LEFT_OUT:
                names = filter(None, row["organizations"].split(";"))
                named = {spelled[name] for name in names if name in spelled}
                also = curated.NAMED_IN_STATEMENT.get(fact)
                self.organizations[fact] = named | ({also} if also else set())

    def claim(self, source: str, organizations: list[str], contexts: list[str]) -> Row:
        """The claim columns of a curated line, if its fact names these organizations and places."""
        if source == "project-brief":
            return {"source": source}
        fact = source.removesuffix("-judged")
        foreign = set(organizations) - self.organizations[fact]
        foreign |= set(filter(None, contexts)) - set(self.rows[fact]["countries_iso3"].split(";"))
        if foreign:
            raise ValueError(f"{source} does not name {sorted(foreign)}; correct curated.py.")
        return {"source": source, "date": self.rows[fact]["year"][-4:]}

    def remark(self, source: str, organizations: list[str]) -> Row:
        """The note that a fact adds about one of these organizations, written out as public."""
        notes = [
            note
            for where, organization, note in lines(curated.REMARKS)
            if where == source and organization in organizations
        ]
        return {"note": "; ".join(notes), "visibility": "public"} if notes else {}

    def url(self, source: str) -> str:
        """The address of the page on which a fact was read."""
        return self.rows[source.removesuffix("-judged")]["source_url"]


def outcomes() -> Iterator[Row]:
    """The six outcomes that task 1 of the group names."""
    for key, name in lines(curated.OUTCOMES):
        yield {"id": key, "name": name}


def elements(indicators: dict[str, str]) -> Iterator[Row]:
    """Elements of the indicators, then elements that the facts speak of."""
    for indicator, key, name, area in lines(curated.INDICATORS):
        label = f"{indicators[indicator]}; UIS indicator {indicator}."
        yield {"id": key, "name": name, "area": area, "description": label}
    for key, name, area, orientation, description in lines(curated.ELEMENTS):
        yield {
            **{"id": key, "name": name, "area": area},
            **{"orientation": orientation, "description": description},
        }


def contexts(groups: list[Row]) -> Iterator[Row]:
    """The countries of the UIS extract with their groups."""
    table = {row["alpha3"]: row for row in read(COUNTRIES)}
    member_of: dict[str, set[str]] = {}
    for row in groups:
        member_of.setdefault(row["COUNTRY_ID"], set()).add(row["REGION_ID"])
    for key, names in sorted(member_of.items()):
        filled = {column: table[key][column] for column in ("region", "subregion")}
        marks = {column: table[key][column] for column in ("ldc", "lldc", "sids")}
        yield {
            **{"id": key, "name": table[key]["name"], "kind": "country"},
            **filled,
            **marks,
            "income_group": one_of(INCOME_GROUPS, names),
            "group_escap": one_of(ESCAP_GROUPS, names),
            "group_gpe": "yes" if GPE_GROUP in names else "no",
        }


def one_of(labels: dict[str, str], names: set[str]) -> str:
    """The label of the one group that a country is in, blank where it is in none."""
    (label,) = [labels[name] for name in sorted(names) if name in labels] or [""]
    return label


def organizations() -> Iterator[Row]:
    """Organizations named in the facts; whether one is a member is not known."""
    role = "co-chair of the working group, through its regional office"
    for key, kind, part_of, name in lines(curated.ORGANIZATIONS):
        co_chairs = {"role": role} if key in CO_CHAIRS else {}
        yield {"id": key, "name": name, "kind": kind, "part_of": part_of, **co_chairs}


def sources(facts: Facts, used: set[str]) -> Iterator[Row]:
    """One source per fact, a judged twin where we infer, and three that are no facts."""
    published = dict(lines(curated.PUBLISHED))
    for fact, grade, organization, subject in lines(curated.SOURCES):
        found = {"url": facts.url(fact), "date": published.get(fact, "")}
        row = {"id": fact, "name": f"{fact.upper()}: {subject}", "kind": "document"}
        yield {**row, "grade": grade, "organization": organization, **found}
        if f"{fact}-judged" in used:
            name = f"{fact.upper()}, our inference: {subject}"
            twin = {"id": f"{fact}-judged", "name": name, "kind": "document", "grade": "judged"}
            yield {**twin, **found}
    yield {
        **{"id": "project-brief", "name": "Brief of the project: co-chairs of the group"},
        **{"kind": "document", "grade": "reported"},
    }
    yield {
        **{"id": UIS_SOURCE, "name": "UIS, SDG 4 release of September 2021", "kind": "dataset"},
        **{"grade": "official", "organization": "uis", "date": "2021-09", "url": UIS_URL},
    }
    yield {
        **{"id": "illustrative", "name": "Illustrative, for discussion: reported by nobody"},
        **{"kind": "document", "grade": "illustrative"},
    }


def observed(facts: Facts, values: list[Row]) -> Iterator[Row]:
    """Present or absent in a country: by threshold from UIS, by document from the facts."""
    element_of = {indicator: key for indicator, key, _, _ in lines(curated.INDICATORS)}
    for row in values:
        if row["indicator_id"] in element_of and row["value"]:
            yield {
                "element": element_of[row["indicator_id"]],
                "context": row["country_id"],
                "state": "present" if float(row["value"]) >= PRESENT_FROM else "absent",
                **{"source": UIS_SOURCE, "date": row["year"], "percent": row["value"]},
                **{"magnitude": row["magnitude"], "qualifier": row["qualifier"]},
            }
    for source, element, country, state, date, document in lines(curated.OBSERVED):
        claim = facts.claim(source, [], [country])
        noted = {"date": date, "note": document, "visibility": "public"}
        yield {"element": element, "context": country, "state": state, **claim, **noted}


def seeks(facts: Facts) -> Iterator[Row]:
    """An organization runs a published programme whose stated aim is the outcome."""
    for source, who, what in lines(curated.SEEKS):
        claim = facts.claim(source, who.split(), [])
        for organization, outcome in product(who.split(), what.split()):
            yield {"organization": organization, "outcome": outcome, **claim}


def works_on(facts: Facts) -> Iterator[Row]:
    """An organization works on an element, in a country where the fact names one."""
    for source, who, what, where, role, status, start, end in lines(curated.WORKS_ON):
        claim = facts.claim(source, who.split(), where.split())
        details = {"role": role, "status": status, "start": start, "end": end}
        for organization, element, country in product(
            who.split(), what.split(), where.split() or [""]
        ):
            ends = {"organization": organization, "element": element, "context": country}
            yield {**ends, **details, **claim, **facts.remark(source, [organization])}


def collaborates(facts: Facts) -> Iterator[Row]:
    """Every pair of partners, or the hub of a partnership with each of the others."""
    for source, who, where, start in lines(curated.COLLABORATES):
        hub, arrow, others = who.partition(">")
        named = who.replace(">", " ").split()
        claim = facts.claim(source, named, where.split())
        pairs = product([hub.strip()], others.split()) if arrow else combinations(named, 2)
        for one, other in pairs:
            place = {"context": where, "start": start}
            yield {
                **{"organization": one, "partner": other, **place, **claim},
                **facts.remark(source, [one, other]),
            }


def takes_part(facts: Facts) -> Iterator[Row]:
    """Organizations of an activity; the role is blank where the fact does not say it."""
    fact_of = {key: fact for key, fact, *_ in lines(curated.ACTIVITIES)}
    for activity, who, role in lines(curated.TAKES_PART):
        claim = facts.claim(fact_of[activity], who.split(), [])
        for organization in who.split():
            remark = facts.remark(fact_of[activity], [organization])
            ends = {"organization": organization, "activity": activity}
            yield {**ends, "role": role, **claim, **remark}


def held_in(facts: Facts) -> Iterator[Row]:
    """Countries of an activity."""
    fact_of = {key: fact for key, fact, *_ in lines(curated.ACTIVITIES)}
    for activity, where in lines(curated.HELD_IN):
        claim = facts.claim(fact_of[activity], [], where.split())
        for country in where.split():
            yield {"activity": activity, "context": country, **claim}


def addresses(facts: Facts) -> Iterator[Row]:
    """What an activity, a resource or a group is about."""
    for item, source, targets in lines(curated.ADDRESSES):
        for target in targets.split():
            yield {"item": item, "target": target, **facts.claim(source, [], [])}


def shares(facts: Facts) -> Iterator[Row]:
    """Organizations that share a resource."""
    for resource, source, _, _, _, who in lines(curated.RESOURCES):
        claim = facts.claim(source, who.split(), [])
        for organization in who.split():
            yield {"organization": organization, "resource": resource, **claim}


def belongs_to(facts: Facts) -> Iterator[Row]:
    """Organizations of a group, with their role in it."""
    for source, group, who, role in lines(curated.BELONGS_TO):
        claim = facts.claim(source, who.split(), [])
        for organization in who.split():
            yield {"organization": organization, "group": group, "role": role, **claim}


def influences() -> Iterator[Row]:
    """The illustrative causal map."""
    for cause, value, effects in lines(curated.INFLUENCES):
        for effect in effects.split():
            ends = {"cause": cause, "effect": effect, "sign": value[0], "strength": value[1]}
            remark = {"note": "illustrative, for discussion", "visibility": "public"}
            yield {**ends, "source": "illustrative", **remark}


def tables(facts: Facts, values: list[Row], groups: list[Row]) -> dict[str, list[Row]]:
    """All tables of the map, rows in curated order."""
    indicators = {row["indicator_id"]: row["label"].removesuffix(" (%)") for row in values}
    claims: dict[str, Callable[[Facts], Iterator[Row]]] = {
        **{"seeks": seeks, "works_on": works_on, "collaborates": collaborates},
        **{"takes_part": takes_part, "held_in": held_in, "addresses": addresses},
        **{"shares": shares, "belongs_to": belongs_to},
    }
    made = {name: list(claim(facts)) for name, claim in claims.items()}
    used = {row["source"] for rows in made.values() for row in rows}
    planned = ["id", "fact", "kind", "status", "start", "end", "name"]
    shared = ["id", "fact", "kind", "date", "name"]
    return {
        **made,
        "outcomes": list(outcomes()),
        "elements": list(elements(indicators)),
        "contexts": list(contexts(groups)),
        "organizations": list(organizations()),
        "groups": [{"id": i, "kind": k, "name": n} for i, k, n in lines(curated.GROUPS)],
        "activities": [dict(zip(planned, row, strict=True)) for row in lines(curated.ACTIVITIES)],
        "resources": [
            {**dict(zip(shared, row[:5], strict=True)), "url": facts.url(row[1])}
            for row in lines(curated.RESOURCES)
        ],
        "sources": list(sources(facts, used)),
        "observed": list(observed(facts, values)),
        "influences": list(influences()),
        "about": [{"key": key, "value": value} for key, value in ABOUT.items()],
        "aliases": [
            {"name": name, "id": key, "decision": "same"} for name, key in spellings_to_keep()
        ],
    }


def spellings_to_keep() -> Iterator[tuple[str, str]]:
    """Spellings of the facts that are neither the id nor the name of their organization."""
    names = {key: name for key, _, _, name in lines(curated.ORGANIZATIONS)}
    for spelling, key in lines(curated.SPELLINGS):
        if spelling not in {key, names[key]}:
            yield spelling, key


def write(made: dict[str, list[Row]], out: Path) -> None:
    """Write one CSV file per table, then the descriptor and the code book."""
    for name, columns in COLUMNS.items():
        with (out / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(made[name])
    codebook.describe(out, CARRIED)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Rebuild the tables of the Asia-Pacific map.")
    parser.add_argument("--facts", type=Path, required=True, help="folder with facts.csv")
    parser.add_argument("--uis", type=Path, required=True, help="folder with the UIS extract")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write")
    options = parser.parse_args()
    write(
        tables(
            Facts(options.facts / "facts.csv"),
            read(options.uis / "latest_asia_pacific.csv"),
            read(options.uis / "groups.csv"),
        ),
        options.out,
    )
