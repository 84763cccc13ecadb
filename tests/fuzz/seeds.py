"""Good files of the formats that sysmap only reads, lists of names, and options beside them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from tests.io import test_iati as iati
from tests.io import test_kobo as kobo
from tests.io import test_mental_modeler as mental_modeler
from tests.io import test_prsm as prsm

_OLD = Path(__file__).with_name("survey.xls")
"""A small map as an old workbook, which nothing that is kept up writes any more; made with xlwt."""

Case = tuple[str, dict[str, bytes]]
"""The name of a file, or of a folder that ends in a slash, and the bytes by member."""

NAMES = "names"
"""How a list of names is called, which is for `match` and no map."""

CHOICES: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        "survey.xlsx": kobo.CHOICES,
        "survey.csv": kobo.CHOICES,
        "map.mmp": {"outcomes": ["C"], "areas": {"A": "Water"}},
        "aid/": {"twice": "latest"},
        "kumu.json": {"types": {"outcomes": "outcomes"}, "links": {"seeks": "seeks"}},
    }
)
"""The decisions with which some of the files are read."""

OPTIONS = (
    ("--strict",),
    ("--encoding", "utf-16"),
    ("--encoding", "cp1252"),
    ("--separator", ";"),
    ("--separator", "\\t"),
    ("--limit", "rows=3"),
    ("--limit", "cells=40"),
    ("--format", "csv"),
    ("--format", "json"),
    ("--format", "kobo"),
    ("--format", "3w"),
    ("--format", "iati"),
)
"""Options of the commands that read."""


def only_read() -> Iterator[Case]:
    """A file of each, as small as those of its own tests."""
    aid = [
        iati.activity(
            '<activity-status code="2"/><activity-date iso-date="2020-02-01" type="2"/>',
            iati.org("1", "XX-2", "B") + iati.org("4", "XX-3", "C"),
            iati.sector("11130", "50") + iati.sector("11220", "50"),
            iati.place("country", "NP", "60") + iati.place("region", "298", "40"),
            id=f"XX-1-{i}",
        )
        for i in range(4)
    ]
    said = (kobo.AURORA, kobo.BEACON, kobo.COBALT, kobo.DELTA)
    concepts = (
        mental_modeler.concept("1", "A", ("2", "0.5"), ("3", "-0.9")),
        mental_modeler.concept("2", "B", ("3", "NaN")),
        mental_modeler.concept("3", "C"),
    )
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        activities = iati.written(folder, *aid).read_bytes()
        yield "aid.xml", {"": activities}
        yield "aid/", {"a.xml": activities, "b.xml": activities}
        yield "survey.xlsx", {"": kobo.workbook(folder, *said).read_bytes()}
        yield "survey.csv", {"": kobo.flat(folder, *said).read_bytes()}
        yield "map.mmp", {"": mental_modeler.mmp(folder, *concepts).read_bytes()}
    yield _OLD.name, {"": _OLD.read_bytes()}
    drawn = json.dumps(prsm.MAP)
    yield "drawn.prsm", {"": drawn.encode()}
    yield "packed.prsm", {"": prsm.pack(drawn).encode("utf-8", "surrogatepass")}
    yield "tagged.csv", {"": _TAGGED}


_TAGGED = (
    b"Org,Sector,Country,Start\n#org,#sector,#country,#date+start\n"
    b"Aurora,Education,Nepal,2024-01-01\nBeacon,Health,Fiji,2023-02-02\n"
)


def of_names() -> Iterator[Case]:
    """Names that somebody wants matched with rows of a map, as lines and as a table."""
    yield f"{NAMES}.txt", {"": "Aurora Agency\nteacher trainings\nBüro, Süd\n".encode()}
    yield f"{NAMES}.csv", {"": b"name,note\nAurora Agency,a\nTeacher training,b\n"}
