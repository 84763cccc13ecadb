"""Parquet: one file for each table in a folder, with `about.json`; needs the extra ``parquet``."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sysmap.core import files
from sysmap.core.draft import Sheet, table_named, unknown_table
from sysmap.core.errors import UnsupportedFormatError
from sysmap.core.model import SystemMap
from sysmap.core.problems import Place, Problem, Problems
from sysmap.core.progress import Progress, teller
from sysmap.core.schema import ABOUT, TableType
from sysmap.io import exports, guards, jsontext
from sysmap.io.exports import Formulas
from sysmap.io.grids import Draft
from sysmap.io.heads import Head, Options, ending
from sysmap.io.sheets import nothing_found

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "about.json"
"""Name of the file that says what the folder is about; a folder that has it was made by sysmap."""

ENDING = ".parquet"

_CODED = ("choice", "reference", "question")


def sniff(head: Head) -> bool:
    """Tell whether this is a folder with Parquet files."""
    return head.path.is_dir() and bool(ending(head.path, ENDING))


def read(head: Head, options: Options) -> Draft:
    """The tables of a folder, and every fault that shows before the rules."""
    folder = head.path
    absent = _absent()
    if absent:
        return Draft(problems=[absent])
    draft = Draft()
    paths = ending(folder, ENDING)
    for rank, path in enumerate(paths):
        place = Place(f"{folder.name}/{path.name}", "", "", (rank, 0, 0))
        table = table_named(path.stem, options.schema)[0]
        if table != path.stem:
            draft.problems.append(unknown_table(path.stem, place))
            continue
        frame, fault = _frame(folder, path, place, options)
        if fault:
            return Draft(problems=[fault], lost=True)
        draft.sheets[table] = Sheet(
            table, frame, np.arange(len(frame)), place.file, "", rank=rank, word="line"
        )
    problem = _about(folder / MANIFEST, draft, options)
    if problem:
        return Draft(problems=[problem])
    if not draft.sheets:
        draft.problems.append(nothing_found(folder.name, options.schema))
    return draft


def write(m: SystemMap, path: Path, formulas: Formulas, progress: Progress = None) -> list[Problem]:
    """The tables of a map as a folder of Parquet files; equal maps give equal bytes."""
    absent = _absent()
    if absent:
        raise UnsupportedFormatError(Problems([absent]))
    import pyarrow.parquet as pq

    frames = exports.filled(m)
    for table in frames:
        files.writable(Path(f"{table}{ENDING}"))
    about = frames.get(ABOUT)
    plain = about is not None and list(about.columns) == list(m.schema[ABOUT].names)
    if about is not None and plain:
        del frames[ABOUT]
    told: dict[str, object] = {"sysmap": jsontext.VERSION}
    told["tables"] = [f"{table}{ENDING}" for table in frames]
    if about is not None and plain:
        cells = (about[c].astype(object).where(about[c].notna(), None) for c in about.columns)
        told["about"] = dict(zip(*cells, strict=True))

    def fill(folder: Path) -> None:
        with teller(progress, len(frames)) as tell:
            for done, (table, frame) in enumerate(frames.items(), 1):
                pq.write_table(_coded(frame, m.schema[table]), folder / f"{table}{ENDING}")
                tell(done)
        text = json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")

    files.write_folder(path, fill, manifest=MANIFEST, listed=_listed)
    return []


def _listed(text: str) -> list[str]:
    """The files that a manifest of ours names; none if it is somebody else's."""
    match jsontext.decoded(text, Place(MANIFEST))[0]:
        case {"sysmap": _, "tables": list(tables)}:
            return [str(name) for name in tables]
    return []


def _absent() -> Problem | None:
    """E025: the package that reads and writes Parquet is not installed."""
    if find_spec("pyarrow") is not None:
        return None
    return Problem(
        "E025",
        "Parquet needs the package pyarrow, which is not installed",
        "install sysmap-graph with the extra parquet, or use a CSV folder",
    )


def _frame(
    folder: Path, path: Path, place: Place, options: Options
) -> tuple[pd.DataFrame, Problem | None]:
    """The cells of one file; E004, E014 or E018 where that fails."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    nothing = pd.DataFrame()
    stray = guards.stray(folder, path)
    if stray:
        return nothing, stray
    try:
        with pq.ParquetFile(path) as file:
            seen = file.metadata
            size = sum(seen.row_group(i).total_byte_size for i in range(seen.num_row_groups))
            fault = _too_large(seen, size, place, options)
            if fault:
                return nothing, fault
            table = file.read()
    except (pa.ArrowException, OSError, ValueError, KeyError, OverflowError):
        said = "the file is damaged or cut short"
        return nothing, Problem("E004", said, "write it again", (place,))
    titles = [str(name) for name in table.column_names]
    columns = [_cells(table.column(i)) for i in range(table.num_columns)]
    frame = pd.DataFrame(dict(enumerate(columns)), index=range(table.num_rows), dtype=object)
    return frame.set_axis(pd.Index(titles, dtype=object), axis=1), None


def _too_large(seen: Any, size: int, place: Place, options: Options) -> Problem | None:
    limits = options.limits
    for what, have, most in (
        ("rows", seen.num_rows, limits.rows),
        ("columns", seen.num_columns, limits.columns),
        ("bytes", size, limits.unpacked),
    ):
        if have > most:
            said = f"the file has {have:,} {what}, limit {most:,}"
            return Problem("E014", said, "split it, or raise limits", (place,))
    return None


def _cells(column: pa.ChunkedArray) -> pd.Series:
    cells = pd.Series(column.to_pandas()).astype(object)
    return cells.where(cells.notna(), None)


def _coded(frame: pd.DataFrame, kind: TableType) -> pa.Table:
    """A table with the types of the schema; words that come again and again stand once."""
    import pyarrow as pa

    columns = []
    for name in frame.columns:
        column, cells = kind.column(str(name)), frame[name]
        values = cells.astype(object).where(cells.notna(), None).tolist()
        if pd.api.types.is_integer_dtype(cells):
            columns.append(pa.array(values, pa.int64()))
        elif pd.api.types.is_numeric_dtype(cells):
            columns.append(pa.array(values, pa.float64()))
        else:
            array = pa.array(values, pa.string())
            coded = column is not None and column.kind in _CODED
            columns.append(array.dictionary_encode() if coded else array)
    return pa.table(columns, names=[str(name) for name in frame.columns])


def _about(path: Path, draft: Draft, options: Options) -> Problem | None:
    """Add what the folder is about; a folder of others may lack the file."""
    if not path.is_file():
        return None
    content, fault = jsontext.parsed(path, options)
    pairs = content.get("about", {}) if isinstance(content, dict) else None
    if fault or not isinstance(pairs, dict):
        place = (Place(f"{path.parent.name}/{path.name}"),)
        return fault or Problem("E017", "about is no object", "mend or delete it", place)
    if pairs:
        frame = pd.DataFrame({"key": list(pairs), "value": list(pairs.values())}, dtype=object)
        rows = np.arange(len(frame))
        draft.sheets[ABOUT] = Sheet(ABOUT, frame, rows, f"{path.parent.name}/{path.name}", ABOUT)
    return None
