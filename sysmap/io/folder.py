"""A folder of CSV files, with or without a descriptor, into sheets."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from sysmap.core import files, names
from sysmap.core.draft import Sheet, table_named
from sysmap.core.model import SystemMap
from sysmap.core.problems import Place, Problem, shown
from sysmap.core.progress import Progress, teller
from sysmap.core.schema import Schema, TableType
from sysmap.io import csvtext, exports, flat, guards, jsontext
from sysmap.io.descriptor import MANIFEST, describe
from sysmap.io.exports import Formulas
from sysmap.io.grids import ANSWERS, Draft, Grid, Named, header_at, sheet_of, tables_among
from sysmap.io.heads import Head, Options, ending
from sysmap.io.sheets import nothing_found

_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_OTHER = (".txt", ".tsv", ".tab")
_BARE = ("choice", "integer", "date", "question")
_NUMBERS = ("number", "integer")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _File:
    """One CSV file: its path, the name of its table and the types that the descriptor gives."""

    path: Path
    title: str
    types: Mapping[str, str] | None = None


def sniff(head: Head) -> bool:
    """Tell whether this may be a folder of tables."""
    return head.path.is_dir()


def read(head: Head, options: Options) -> Draft:
    """The CSV listed of a folder that are tables, and every fault that shows before the rules."""
    path, schema, limits = head.path, options.schema, options.limits
    listed, problems = _described(path)
    known = {os.path.realpath(file.path) for file in listed}
    beside = [f for f in ending(path, ".csv") if os.path.realpath(f) not in known]
    outside = [fault for f in beside if (fault := guards.stray(path, f))]
    if outside:
        return Draft(problems=[*problems, *outside])
    if listed and beside:
        problems.append(
            Problem(
                "N021",
                f"{beside[0].name} is not in {MANIFEST} and was read all the same",
                "",
                tuple(Place(f"{path.name}/{f.name}") for f in beside[:_SHOWN]),
                len(beside),
            )
        )
    listed = sorted([*listed, *(_File(f, f.stem) for f in beside)], key=lambda f: f.path.name)
    if len(listed) > limits.members:
        return Draft(
            problems=[
                Problem(
                    "E014",
                    f"the folder has {len(listed):,} tables, limit {limits.members:,}",
                    "give a folder that holds one map, or raise limits",
                    (Place(path.name),),
                )
            ]
        )
    places = [Place(_label(path, f), "", "", (i, 0, 0)) for i, f in enumerate(listed)]
    named, found = tables_among([f.title for f in listed], schema, places)
    problems += [_with_first(fault, named, listed, places, schema) for fault in found]
    problems += _left_out(path, schema)
    if not named and all(p.level != "error" for p in problems):
        problems.append(nothing_found(path.name, schema))
    sheets: dict[str, Sheet] = {}
    lost = False
    for item in named:
        file = listed[item.rank]
        sheet, found = _table(file, item, _label(path, file), options)
        problems += found
        if sheet is not None:
            sheets[item.table] = sheet
        lost = lost or any(p.level == "error" for p in found)
    return Draft(sheets, problems, lost)


def _label(folder: Path, file: _File) -> str:
    return f"{folder.name}/{file.path.relative_to(folder).as_posix()}"


def _left_out(folder: Path, schema: Schema) -> list[Problem]:
    """N101: the files that may well be tables of the map by their names, and are not read."""
    hidden = [p for p in sorted(folder.glob(".*")) if p.suffix.lower() == ".csv"]
    told = [(p, "its name begins with a dot", "rename it") for p in hidden]
    other = ending(folder, *_OTHER)
    told += [(p, "it does not end in .csv", "save it as CSV UTF-8") for p in other]
    return [
        Problem(
            "N101",
            f"{shown(path.name)} was left out: {why}",
            f"{remedy} if it is a table",
            (Place(f"{folder.name}/{path.name}"),),
        )
        for path, why, remedy in told
        if _means_table(path.stem.removeprefix("."), schema)
    ]


def _means_table(title: str, schema: Schema) -> bool:
    return names.header(title) == ANSWERS or table_named(title, schema)[0] is not None


def _with_first(
    fault: Problem,
    named: Sequence[Named],
    listed: Sequence[_File],
    places: Sequence[Place],
    schema: Schema,
) -> Problem:
    """E113 with the file that came first as its second place; any other fault as it is."""
    if fault.code != "E113":
        return fault
    title = listed[fault.places[0].order[0]].title
    table = table_named(title, schema)[0] or ANSWERS
    first = next(n.rank for n in named if n.table == table)
    return replace(fault, places=(*fault.places, places[first]), count=2)


def _described(folder: Path) -> tuple[list[_File], list[Problem]]:
    """The files that the descriptor names; E001, E017 or E018 where it is wrong."""
    source = folder / MANIFEST
    if not source.is_file():
        return [], []
    label = f"{folder.name}/{MANIFEST}"
    try:
        text = source.read_text("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Problem("E017", "this is no JSON", "mend or delete it", (Place(label),))]
    described, fault = jsontext.decoded(text, Place(label))
    if fault:
        return [], [fault]
    resources = described.get("resources") if isinstance(described, dict) else None
    if not isinstance(resources, list):
        return [], [
            Problem("E017", "resources is no list", "mend or delete the file", (Place(label),))
        ]
    listed: list[_File] = []
    problems: list[Problem] = []
    for i, resource in enumerate(resources):
        entry = resource if isinstance(resource, dict) else {}
        where = Place(label, "", f"resources[{i}].path", (-1, i, 0))
        relative = entry.get("path")
        path = guards.contained(folder, relative)
        if path is None:
            problems.append(
                Problem(
                    "E018",
                    f"path {shown(relative)!r} is no plain path inside the folder",
                    "write the name of a file of this folder, such as elements.csv",
                    (where,),
                )
            )
        elif not path.is_file():
            problems.append(
                Problem(
                    "E001",
                    f"file {shown(relative)} does not exist",
                    "add it, or delete the entry",
                    (where,),
                )
            )
        else:
            title = entry.get("name")
            listed.append(
                _File(path, title if isinstance(title, str) else path.stem, _types(entry))
            )
    return listed, problems


def _types(resource: Mapping[str, object]) -> dict[str, str]:
    schema = resource.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    return {
        str(f["name"]): str(f.get("type", "string"))
        for f in (fields if isinstance(fields, list) else [])
        if isinstance(f, dict) and "name" in f
    }


def _table(
    file: _File,
    named: Named,
    label: str,
    options: Options,
) -> tuple[Sheet | None, list[Problem]]:
    schema, limits, separator = options.schema, options.limits, options.separator
    place = Place(label, "", "", (named.rank, 0, 0))
    text, fault = flat.text(file.path, place, limits, options.encoding)
    if fault:
        return None, [fault]
    rows, numbers, problems = flat.records(text, place, limits, separator or ",")
    if problems:
        return None, problems
    at = header_at(rows, named.table, schema)
    if at is not None:
        problems = flat.shape(rows, numbers, at, place, limits, separator)
        if problems:
            return None, problems
        rows[at] = [_without_guard(title) for title in rows[at]]
    sheet, _, problems = sheet_of(Grid(named, label, rows, numbers, word="line"), schema)
    if sheet is None:
        return None, problems
    if file.types:
        problems += _compared(sheet, file.types, place)
    return _unguarded(sheet, schema, file.types or {}), problems


def _compared(sheet: Sheet, types: Mapping[str, str], place: Place) -> list[Problem]:
    here, there = {str(c) for c in sheet.frame.columns}, set(types)
    differ = [*sorted(here - there), *sorted(there - here)]
    if not differ:
        return []
    return [
        Problem(
            "N022",
            f"{MANIFEST} and the header differ in {shown(', '.join(differ))}; the header decides",
            "",
            (place,),
        )
    ]


def _unguarded(sheet: Sheet, schema: Schema, types: Mapping[str, str]) -> Sheet:
    """Take one apostrophe off guarded text, and make unknown columns of numbers numbers."""
    columns = []
    for position, title in enumerate(map(str, sheet.frame.columns)):
        cells = sheet.frame.iloc[:, position]
        kind = None if sheet.table == ANSWERS else schema[sheet.table].column(names.header(title))
        if kind is None and types.get(title) in _NUMBERS and sheet.table != ANSWERS:
            cells = _numbers(cells)
        elif kind is None or kind.kind not in _BARE:
            cells = cells.map(_without_guard, na_action="ignore")
        columns.append(cells.astype(object).where(cells.notna(), None))
    frame = pd.concat(columns, axis=1) if columns else sheet.frame
    return replace(sheet, frame=frame.set_axis(sheet.frame.columns, axis=1))


def _without_guard(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def _numbers(cells: pd.Series) -> pd.Series:
    try:
        return cells.map(float, na_action="ignore")
    except ValueError:
        return cells


def write(m: SystemMap, path: Path, formulas: Formulas, progress: Progress = None) -> list[Problem]:
    """The tables of a map as a folder of CSV files with a descriptor."""
    frames = exports.filled(m)
    for table in frames:
        files.writable(Path(f"{table}.csv"))

    def fill(folder: Path) -> None:
        with teller(progress, len(frames)) as tell:
            for done, (table, frame) in enumerate(frames.items(), 1):
                _put(folder / f"{table}.csv", frame, m.schema[table], formulas)
                tell(done)
        text = describe(frames, m.schema, title=m.title)
        (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")

    files.write_folder(path, fill, manifest=MANIFEST, listed=_listed)
    return [] if formulas == "guard" else _ambiguous(frames)


def _listed(text: str) -> list[str]:
    """The files that a descriptor of ours names; none if another program wrote it."""
    match jsontext.decoded(text, Place(MANIFEST))[0]:
        case {"sysmap": _, "resources": list(resources)}:
            return [str(table.get("path")) for table in resources if isinstance(table, dict)]
    return []


def _put(path: Path, frame: pd.DataFrame, kind: TableType, formulas: Formulas) -> None:
    known = [c for c in kind.names if c in frame.columns]
    columns = [*known, *(c for c in frame.columns if c not in known)]
    guard = csvtext.guard if formulas == "guard" else str
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(csvtext.line(guard(str(c)) for c in columns))
        cells = [_cells(frame[c], kind, str(c), guard) for c in columns]
        stream.writelines(",".join(row) + "\n" for row in zip(*cells, strict=True))


def _cells(
    cells: pd.Series, kind: TableType, name: str, guard: Callable[[str], str]
) -> Iterable[str]:
    """The cells of a column with quotes; codes of a closed list and numbers are written bare."""
    column = kind.column(name)
    if pd.api.types.is_float_dtype(cells) and not pd.api.types.is_extension_array_dtype(cells):
        return ["" if c != c else csvtext.number(c) for c in cells.tolist()]
    bare = column is not None and column.kind in ("choice", "integer", "question", "date")

    def written(cell: object) -> str:
        return csvtext.quoted(str(cell) if bare else guard(str(cell)))

    if isinstance(cells.dtype, pd.StringDtype):
        # each text is looked at once; a blank has the code -1
        codes, texts = pd.factorize(cells)
        return list(np.array([*map(written, texts), ""], dtype=object)[codes])
    return ["" if blank else written(c) for c, blank in zip(cells, cells.isna(), strict=True)]


def _ambiguous(frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """W609: bare text that reading takes for guarded text."""
    count = sum(
        sum(csvtext.is_ambiguous(c) for c in frame[name] if isinstance(c, str))
        for frame in frames.values()
        for name in frame.columns
    )
    if not count:
        return []
    return [
        Problem(
            "W609",
            f"{count:,} texts begin with an apostrophe before a sign, and reading takes it off",
            "write with formulas='guard'",
            count=count,
        )
    ]
