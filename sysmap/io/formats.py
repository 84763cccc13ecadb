"""The formats that sysmap reads and writes, in the order in which an input is tried.

One format is one module with `sniff`, `read` and, if it writes, `write`, and one row here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sysmap.core.model import SystemMap
from sysmap.core.problems import Problem
from sysmap.core.progress import Progress
from sysmap.core.schema import (
    CONTEXTS,
    ELEMENTS,
    INFLUENCES,
    ORGANIZATIONS,
    OUTCOMES,
    WORKS_ON,
)
from sysmap.io import (
    folder,
    gexf,
    graphml,
    graphs,
    iati,
    jsontext,
    kobo,
    kumu,
    mental_modeler,
    parquet,
    prsm,
    sheets,
    three_w,
)
from sysmap.io.exports import Formulas
from sysmap.io.grids import Draft
from sysmap.io.heads import TEXT, WORKBOOK, Head, Options

Writer = Callable[[SystemMap, Path, Formulas, Progress], list[Problem]]
"""Writes a map whole or not at all, and says what the format could not hold.

Only a format that is a folder tells its progress; a file is written in one step.
"""


EVERY = ("every table",)
"""What a format writes that takes whatever tables the schema has."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file.

    Parameters
    ----------
    name
        What `format` is called in ``read`` and ``write``.
    words
        The same for people, with its article.
    suffixes
        How names of such files end; the first is the usual one, empty for a folder.
    sniff
        Tells by the beginning whether an input is one.
    read
        Turns an input into raw tables and the faults that show before the rules.
    write
        Writes a map and returns what the format could not hold; None if it is only read.
    choices
        Keys of `choices` that have a meaning here.
    own
        Endings that tell the format of an input whose content does not.
    made
        Endings for which ``write`` takes the format unasked; empty for a folder.
    bare
        Tables that are written without their visibility, so that rows which are not public are
        refused unless somebody says for whom they are written; `EVERY` is all of the map's schema.
    told
        Containers whose content may look like nothing, so that ``format=`` suffices.
    """

    name: str
    words: str
    suffixes: tuple[str, ...]
    sniff: Callable[[Head], bool]
    read: Callable[[Head, Options], Draft]
    write: Writer | None = None
    choices: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


FORMATS = (
    Format(
        "iati", "a file of IATI activities", (".xml", ""), iati.sniff, iati.read,
        choices=iati.CHOICES, told=(TEXT,),
    ),
    Format(
        "parquet", "a folder of Parquet files", ("",), parquet.sniff, parquet.read, parquet.write,
    ),
    Format(
        "csv", "a folder of CSV files", ("",), folder.sniff, folder.read, folder.write,
        made=("",),
    ),
    Format(
        "json", "JSON of sysmap", (".json",), jsontext.sniff, jsontext.read, jsontext.write,
        own=(".json",), made=(".json",), told=(TEXT,),
    ),
    Format(
        "kumu", "a Kumu map", (".xlsx", ".json"), kumu.sniff, kumu.read, kumu.write,
        choices=kumu.CHOICES, told=(TEXT, WORKBOOK), bare=EVERY,
    ),
    Format(
        "prsm", "a PRSM map", (".prsm", ".xlsx", ".json"), prsm.sniff, prsm.read, prsm.write,
        choices=prsm.CHOICES, own=(".prsm",), told=(TEXT, WORKBOOK),
        bare=(ELEMENTS, OUTCOMES, INFLUENCES),
    ),
    Format(
        "graphml", "GraphML", (".graphml", ".xml"), graphml.sniff, graphml.read, graphml.write,
        choices=graphs.CHOICES, own=(".graphml",), made=(".graphml",), told=(TEXT,),
    ),
    Format(
        "gexf", "GEXF", (".gexf", ".xml"), gexf.sniff, gexf.read, gexf.write,
        choices=graphs.CHOICES, own=(".gexf",), made=(".gexf",), told=(TEXT,),
    ),
    Format(
        "kobo", "an export of KoboToolbox", (".xlsx", ".csv"), kobo.sniff, kobo.read,
        choices=kobo.CHOICES, told=(TEXT, WORKBOOK),
    ),
    Format(
        "3w", "a table of who does what where", (".csv", ".xlsx"), three_w.sniff, three_w.read,
        three_w.write, choices=three_w.CHOICES, told=(TEXT, WORKBOOK),
        bare=(ORGANIZATIONS, ELEMENTS, CONTEXTS, WORKS_ON),
    ),
    Format(
        "mental-modeler", "a Mental Modeler map", (".mmp", ".csv"),
        mental_modeler.sniff, mental_modeler.read, mental_modeler.write,
        choices=mental_modeler.CHOICES, own=(".mmp",), told=(TEXT,),
        bare=(ELEMENTS, OUTCOMES, INFLUENCES),
    ),
    Format(
        "xlsx", "a workbook", (".xlsx", ".xlsm"), sheets.sniff, sheets.read, sheets.write,
        made=(".xlsx",),
    ),
    Format("xls", "an old workbook", (".xls",), sheets.sniff_old, sheets.read),
)  # fmt: skip
"""What is tried, first to last: the narrow before the wide."""
