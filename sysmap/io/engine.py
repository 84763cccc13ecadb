"""Where rows of a large source lie, and how one reduction runs there."""

from __future__ import annotations

import datetime as dt
import glob
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sysmap.core.errors import InvalidMapError
from sysmap.core.problems import Place, Problem, Problems, shown
from sysmap.core.values import distinct

DUCKDB, POLARS, PANDAS, SPARK = "duckdb", "polars", "pandas", "spark"

ENGINES = (DUCKDB, POLARS, PANDAS, SPARK)
"""What may reduce rows; each runs where the rows are."""

COUNT = "count"
"""How many rows stand behind a distinct claim."""

_PACKAGES = {DUCKDB: "duckdb", POLARS: "polars", PANDAS: "pandas", SPARK: "pyspark"}
_EXTRAS = {"pyspark": "spark", "polars": "polars"}
_ALIKE = ("string", "empty", "boolean", "integer", "floating", "date")
"""Kinds of objects among which equal ones are written alike, as 1 and True are not."""
_NOT_HELD = (bytes, dt.timedelta, np.timedelta64)
_ROWS = "rows"
_MOST = 2**53
_SCALE = "scale"
_ARROW = "arrow"


def engine_of(source: object, engine: str | None = None) -> str:
    """The engine that reduces a source: the one asked for, else the one that holds it.

    Raises
    ------
    ValueError
        If there is no such engine, or the rows lie in one that they cannot leave.
    TypeError
        If the source is of no kind that is understood.

    Examples
    --------
    >>> engine_of(pd.DataFrame()), engine_of("works_on/"), engine_of("works_on/", "polars")
    ('pandas', 'duckdb', 'polars')
    """
    if engine is not None and engine not in ENGINES:
        raise ValueError(f"engine {engine!r} is unknown; write {', '.join(ENGINES)}, or None")
    home = _home(source)
    if home in (DUCKDB, SPARK) and engine not in (None, home):
        raise ValueError(f"the rows lie in {home} and are reduced there; leave engine out")
    return engine or (DUCKDB if home in (None, _ARROW) else home)


def opened(source: object, engine: str) -> Any:
    """The source as a lazy frame of one engine; no row is read yet.

    Raises
    ------
    FileNotFoundError
        If the path does not exist, or the folder holds no Parquet file.
    ImportError
        If a package is missing; the message names the extra.
    """
    _need("narwhals", _PACKAGES[engine])
    import narwhals as nw

    native: Any = source
    if isinstance(source, (str, Path)):
        native = _of_path(Path(source), engine)
    elif _home(source) != engine:
        native = _moved(source, engine)
    elif engine == SPARK:
        _require_apart(native.columns, engine)
    return nw.from_native(native).lazy()


def refuse_durations(source: object, columns: Mapping[str, str]) -> None:
    """Say of files what engines see of memory alone: Parquet keeps a duration as a number.

    Raises
    ------
    InvalidMapError
        If a column that is wanted holds durations; the columns are those of `counted`.
    """
    if not isinstance(source, (str, Path)):
        return
    import pyarrow.parquet as pq

    for file in _files(Path(source)):
        for field in pq.read_schema(file):
            if field.name in columns and str(field.type).startswith("duration"):
                raise _not_held(columns[field.name], "duration")


Columns = dict[str, Any]
"""Columns by name, of Arrow or of pandas."""


def counted(frame: Any, engine: str, columns: Mapping[str, str]) -> Columns:
    """The distinct rows of some columns, and how many rows stand behind each.

    Rows that pandas holds are handed back as they are: they lie in memory already, and whoever
    needs codes of their cells has counted them with those codes sooner. Cells keep their types,
    because engines differ in how they write one as text.

    Parameters
    ----------
    frame, engine
        From `opened`.
    columns
        Names as they shall be, by name as it is. `COUNT` is a column like the others here, so
        that `numbers` alone says what a cell of it may hold, and engines need not agree.
    """
    import narwhals as nw

    types = frame.collect_schema()
    chosen = frame.select(*(_column(o, n, types[o], engine) for o, n in columns.items()))
    if engine == PANDAS:
        rows = chosen.collect().to_native()
        return {name: _in_utc(rows[name]) for name in rows}
    _need("pyarrow")
    groups = chosen.group_by(*columns.values()).agg(nw.len().alias(_ROWS))
    try:
        table = groups.collect("pyarrow").to_native()
    except RuntimeError as error:
        if "interrupted" in str(error):  # DuckDB took the signal in the middle of its work
            raise KeyboardInterrupt from error
        raise
    return dict(zip(table.column_names, table.columns, strict=True))


def _column(old: str, new: str, kind: Any, engine: str) -> Any:
    """One column under its new name; moments of a zone are told in UTC.

    DuckDB and Spark tell them in the zone of their session, whose days are those that they show;
    Spark without the zone, because it takes what has none for a moment of its session.
    """
    import narwhals as nw

    if kind.is_nested() or isinstance(kind, (nw.Binary, nw.Duration)):
        raise _not_held(new, str(kind).split("(")[0].lower())
    cells = nw.col(old)
    if isinstance(kind, nw.Datetime) and kind.time_zone and engine in (PANDAS, POLARS):
        cells = cells.dt.convert_time_zone("UTC")
    elif isinstance(kind, nw.Datetime) and kind.time_zone and engine == SPARK:
        cells = cells.dt.replace_time_zone(None)
    elif engine == POLARS and isinstance(kind, (nw.Categorical, nw.Enum)):
        cells = cells.cast(nw.String)
    return cells.alias(new)


def _in_utc(cells: pd.Series) -> pd.Series:
    """Moments of every zone that pandas knows, of which narwhals knows a part."""
    zoned = isinstance(cells.dtype, pd.DatetimeTZDtype)
    return cells.dt.tz_convert("UTC") if zoned else cells


def _not_held(column: str, held: str) -> InvalidMapError:
    remedy = "write one text, number or date in each row, or rename the column to leave it out"
    return InvalidMapError(Problems([Problem("E301", f"{column} holds a {held}", remedy)]))


def factorized(column: Any) -> tuple[np.ndarray, list[object]]:
    """Positions in the distinct cells of a column of either kind, -1 for a blank."""
    if isinstance(column, pd.Series):
        if column.dtype == object and pd.api.types.infer_dtype(column) not in _ALIKE:
            spots, found = distinct(column)
            for value in found:
                if isinstance(value, _NOT_HELD) or not pd.api.types.is_scalar(value):
                    raise _not_held(str(column.name), type(value).__name__)
            return spots, found
        codes, values = pd.factorize(column)
        return codes, list(values)
    if str(column.type) == "null":
        column = column.cast("string")
    whole = column.dictionary_encode().unify_dictionaries().combine_chunks()
    parts = whole.chunks if hasattr(whole, "chunks") else [whole]
    codes = [part.indices.fill_null(-1).to_numpy(zero_copy_only=False) for part in parts]
    none = np.array([], np.int32)
    return np.concatenate([none, *codes]), parts[0].dictionary.to_pylist() if parts else []


def numbers(rows: Columns, length: int) -> np.ndarray:
    """How many rows stand behind each one; takes what says so out of the columns.

    Raises
    ------
    InvalidMapError
        If a count is no whole number of rows, or together they are more than are exact.
    """
    found = np.ones(length)
    if COUNT in rows:
        codes, values = factorized(rows.pop(COUNT))
        found = np.array([*map(_number, values), 1.0])[codes]
    if _ROWS in rows:
        found *= rows.pop(_ROWS).to_numpy()
    if found.sum() > _MOST:
        raise _refused("E303", f"{COUNT} adds up to more than {_MOST:,}")
    whole: np.ndarray = found.astype(np.int64)
    return whole


def _number(value: object) -> float:
    """A distinct cell of `COUNT`; a blank counts as one."""
    if value is None or value != value:
        return 1.0
    kinds = (int, float, np.integer, np.floating, Decimal)
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise _refused("E302", f"{COUNT} {shown(str(value))!r} is not a number")
    if not 0 <= value <= _MOST:
        raise _refused("E303", f"{COUNT} {value} is out of range")
    if value % 1:
        raise _refused("E302", f"{COUNT} {value} is not a whole number")
    return float(value)


def _refused(code: str, said: str) -> InvalidMapError:
    remedy = "give whole numbers from 0 on, or rename the column, and each row counts as one"
    return InvalidMapError(Problems([Problem(code, said, remedy)]))


def _home(source: object) -> str | None:
    """The engine that holds the rows, `arrow` for a table of nobody, None for a path."""
    if isinstance(source, (str, Path)):
        return None
    package = type(source).__module__.split(".")[0]
    for home, name in (*_PACKAGES.items(), (_ARROW, "pyarrow")):
        if package.lstrip("_") == name:
            return home
    raise TypeError(
        f"source is a {type(source).__name__}; give the path of Parquet files, an Arrow table, "
        "a pandas, Polars or Spark frame, or a DuckDB relation"
    )


def _need(*packages: str) -> None:
    for package in packages:
        if find_spec(package) is None:
            raise ImportError(
                f"scan needs the package {package}, which is missing: install sysmap-graph "
                f"with the extra {_EXTRAS.get(package, _SCALE)}"
            )


def _connection() -> Any:
    """A connection of its own, which gives its memory back when its last relation is gone."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _of_path(path: Path, engine: str) -> Any:
    if not path.exists():
        raise FileNotFoundError(f"there is no file or folder {path}")
    files = _files(path)
    if not files:
        raise FileNotFoundError(f"the folder {path} holds no file that ends in .parquet")
    _require_apart(_names(files), engine)
    if engine == DUCKDB:
        literal = [glob.escape(file) for file in files]
        return _connection().read_parquet(literal, union_by_name=True, hive_partitioning=False)
    if engine == POLARS:
        import polars as pl  # type: ignore[import-not-found,unused-ignore]

        each = [pl.scan_parquet(file, glob=False, hive_partitioning=False) for file in files]
        return pl.concat(each, how="diagonal_relaxed")
    if engine == SPARK:
        from pyspark.sql import SparkSession

        literal = [re.sub(r"([\\[\]{}*?])", r"\\\1", file) for file in files]
        reader = SparkSession.builder.getOrCreate().read
        return reader.option("mergeSchema", "true").parquet(*literal)
    _need("pyarrow")
    # whole numbers stay whole beside a blank
    each = [pd.read_parquet(file, dtype_backend="numpy_nullable") for file in files]
    return pd.concat(each, ignore_index=True)


def _names(files: list[str]) -> list[str]:
    """The columns of all files; engines say each in words of their own what is no Parquet file."""
    _need("pyarrow")
    import pyarrow as pa
    import pyarrow.parquet as pq

    found: dict[str, None] = {}
    for file in files:
        try:
            found |= dict.fromkeys(pq.read_schema(file).names)
        except pa.ArrowException as error:
            said = "the file is damaged or cut short, or is no Parquet file"
            place = (Place(Path(file).name),)
            problem = Problem("E004", said, "copy or write it again", place)
            raise InvalidMapError(Problems([problem])) from error
    return [*found]


def _require_apart(names: Iterable[str], engine: str) -> None:
    """E105: columns that DuckDB and Spark cannot tell apart."""
    if engine not in (DUCKDB, SPARK):
        return
    forms: dict[str, list[str]] = {}
    for name in names:
        forms.setdefault(name.casefold(), []).append(name)
    for alike in forms.values():
        if len(alike) > 1:
            said = f"columns {' and '.join(map(shown, alike))} differ only in capital letters"
            remedy = f"rename all but one, because {engine} cannot tell them apart"
            raise InvalidMapError(Problems([Problem("E105", said, remedy)]))


def _files(folder: Path) -> list[str]:
    """The file, or the Parquet files below a folder, but those that writers hide.

    Every engine takes the same.

    Raises
    ------
    ValueError
        If the names of folders hold a column, as in ``context=KEN``: it would be lost.
    """
    if folder.is_file():
        return [str(folder)]
    found = []
    for file in sorted(folder.rglob("*.parquet")):
        parts = file.relative_to(folder).parts
        if any(part.startswith(("_", ".")) for part in parts):
            continue
        held = [part for part in parts[:-1] if "=" in part]
        if held:
            raise ValueError(
                f"the folder {held[0]!r} holds the column {held[0].split('=')[0]!r} in its name, "
                "which no file has; open the folder as a frame and give that, for example "
                "duckdb.read_parquet('folder/**/*.parquet', hive_partitioning=True)"
            )
        found.append(str(file))
    return found


def _moved(source: Any, engine: str) -> Any:
    """A frame that lies in memory, as another engine takes it; by way of Arrow."""
    _need("pyarrow")
    import pyarrow as pa

    home = _home(source)
    if home == PANDAS:
        table = pa.Table.from_pandas(source, preserve_index=False)
    elif home == POLARS:
        table = (source.collect() if hasattr(source, "collect") else source).to_arrow()
    else:
        table = source
    _require_apart(table.column_names, engine)
    if engine == DUCKDB:
        return _connection().from_arrow(table)
    if engine == POLARS:
        import polars as pl  # type: ignore[import-not-found,unused-ignore]

        return pl.from_arrow(table)
    if engine == SPARK:
        from pyspark.sql import SparkSession

        return SparkSession.builder.getOrCreate().createDataFrame(table)
    return table.to_pandas()
