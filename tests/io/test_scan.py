"""A scan gives the map that reading gives, whichever engine reduced the rows."""

from __future__ import annotations

import datetime as dt
import importlib
import itertools
import os
import shutil
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import sysmap as sm
from sysmap.io import engine as engines

DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)
ENDS = ["organization", "element", "context"]
KNOWN = [*ENDS, "role", "date"]


def rows_of(*rows: tuple[str | None, ...]) -> pd.DataFrame:
    return pd.DataFrame([*rows], columns=KNOWN, dtype=object)


def read_naively(rows: pd.DataFrame) -> sm.SystemMap:
    """The map by plain reading: cells cleaned one by one, rows counted in a dict."""
    found: dict[tuple[str | None, ...], int] = {}
    for row in rows[KNOWN].itertuples(index=False):
        cells = tuple(None if c is None or not c.strip() else c.strip() for c in row)
        if cells[0] and cells[1]:
            found[cells] = found.get(cells, 0) + 1
    claims = pd.DataFrame([*found], columns=KNOWN, dtype=object).assign(count=[*found.values()])
    tables = {"works_on": claims}
    for table, end in (("organizations", 0), ("elements", 1), ("contexts", 2)):
        ids = sorted({cells[end] for cells in found} - {None})
        if ids:
            tables[table] = pd.DataFrame({"id": ids, "name": ids})
    return sm.read(tables)


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values([*KNOWN]).reset_index(drop=True)


def as_pandas(rows: pd.DataFrame, folder: Path) -> object:
    return rows


def as_arrow(rows: pd.DataFrame, folder: Path) -> object:
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("duckdb")
    return pa.table({c: pa.array(rows[c].tolist(), pa.string()) for c in rows})


def as_polars(rows: pd.DataFrame, folder: Path) -> object:
    pl = pytest.importorskip("polars")
    return pl.DataFrame({c: rows[c].tolist() for c in rows}, schema=dict.fromkeys(rows, pl.String))


def as_duckdb(rows: pd.DataFrame, folder: Path) -> object:
    table = as_arrow(rows, folder)
    return importlib.import_module("duckdb").from_arrow(table)


def as_folder(rows: pd.DataFrame, folder: Path) -> object:
    pq = pytest.importorskip("pyarrow.parquet")
    table, half = as_arrow(rows, folder), len(rows) // 2
    pq.write_table(table.slice(0, half), folder / "one.parquet")
    pq.write_table(table.slice(half), folder / "two.parquet")
    return folder


def session() -> Any:
    """Spark on this machine, one for all tests: it takes seconds to start."""
    sql = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else workers lack its packages
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.memory": "1g",
        "spark.driver.host": "localhost",
        "spark.sql.session.timeZone": "UTC",
    }
    return sql.SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()


def as_spark(rows: pd.DataFrame, folder: Path) -> object:
    spark = session()
    cells = [tuple(row) for row in rows.itertuples(index=False)]
    return spark.createDataFrame(cells, ", ".join(f"`{c}` string" for c in rows)).repartition(3)


SOURCES = [as_pandas, as_polars, as_arrow, as_duckdb, as_folder, as_spark]

_rows = st.lists(
    st.tuples(
        st.sampled_from([None, "", "o1", "o2 ", "o2", "O3"]),
        st.sampled_from([None, "e1", "e2", " e2", "ü"]),
        st.sampled_from([None, " ", "KEN", "FJI"]),
        st.sampled_from([None, "funds", "advises"]),
        st.sampled_from([None, "2024", "2024-05"]),
    ),
    max_size=30,
)


@pytest.mark.parametrize("source", SOURCES)
@settings(max_examples=6, suppress_health_check=list(HealthCheck), phases=DRAWN, deadline=None)
@given(rows=_rows)
def test_a_scan_is_what_reading_gives(
    source: Callable[[pd.DataFrame, Path], object],
    rows: list[tuple[str | None, ...]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    pytest.importorskip("narwhals")
    frame = rows_of(*[("o", "e", "KEN", None, None), *rows])
    expected = read_naively(frame)
    found = sm.scan(source(frame, tmp_path_factory.mktemp("rows")))
    for table in ("organizations", "elements", "contexts"):
        pd.testing.assert_frame_equal(expected.nodes(table), found.nodes(table))
    pd.testing.assert_frame_equal(
        in_order(expected.links("works_on")), in_order(found.links("works_on"))
    )
    for ask in (sm.coverage, sm.profiles):
        pd.testing.assert_frame_equal(ask(expected).frame, ask(found).frame)


ZONE = dt.timezone(dt.timedelta(0))
TYPED = {
    "organization": [1e7, 2.5, 3.0, -0.0],
    "element": [True, False],
    "context": [7, 12_345_678_901],
    "date": [None, dt.datetime(2024, 1, 1), dt.datetime(2024, 5, 2, 3, 4, 5)],
    "start": [None, dt.date(2020, 2, 29), dt.date(2021, 1, 1)],
    "end": [None, dt.datetime(2025, 1, 1, tzinfo=ZONE), dt.datetime(2025, 1, 2, 23, tzinfo=ZONE)],
    "note": [None, dt.datetime(2024, 1, 1), dt.datetime(2024, 5, 2, 3, 4, 5, 600_000)],
}


def typed_source(table: Any, source: Callable[..., object], folder: Path) -> object:
    """An Arrow table as each engine holds it."""
    if source is as_pandas:
        return table.to_pandas()
    if source is as_polars:
        return pytest.importorskip("polars").from_arrow(table)
    if source is as_spark:
        return session().createDataFrame(table).repartition(3)
    duckdb = pytest.importorskip("duckdb")
    if source is as_duckdb:
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        return connection.from_arrow(table)
    if source is as_folder:
        pq, half = pytest.importorskip("pyarrow.parquet"), len(table) // 2
        pq.write_table(table.slice(0, half), folder / "one.parquet")
        pq.write_table(table.slice(half), folder / "two.parquet")
        return folder
    return table


@pytest.mark.parametrize("source", SOURCES)
def test_typed_cells_are_what_reading_makes_of_them(
    source: Callable[..., object], tmp_path: Path
) -> None:
    """Dates, moments, truth values and numbers as ids have one text form in every engine."""
    pytest.importorskip("narwhals")
    pa = pytest.importorskip("pyarrow")
    every = [*itertools.product(*TYPED.values())]
    rows = [every[i] for i in np.random.default_rng(1).integers(len(every), size=300)]
    frame = pd.DataFrame(rows, columns=[*TYPED], dtype=object)
    counts = frame.value_counts(dropna=False, sort=False)
    tables = {"works_on": counts.index.to_frame(index=False).astype(object).assign(count=[*counts])}
    for nodes, end in (("organizations", 0), ("elements", 1), ("contexts", 2)):
        ids = [*{row[end] for row in rows}]
        tables[nodes] = pd.DataFrame({"id": ids, "name": ids}, dtype=object)
    expected = sm.read(tables)
    types = [pa.float64(), pa.bool_(), pa.int64(), pa.timestamp("us"), pa.date32()]
    types += [pa.timestamp("us", "UTC"), pa.timestamp("us")]
    arrow = pa.table({c: pa.array(frame[c].tolist(), t) for c, t in zip(TYPED, types, strict=True)})
    found = sm.scan(typed_source(arrow, source, tmp_path))
    for nodes in ("organizations", "elements", "contexts"):
        assert {*expected.nodes(nodes).index} == {*found.nodes(nodes).index}
    links = [m.links("works_on")[[*TYPED, "count"]].fillna("") for m in (expected, found)]
    assert {*links[0].itertuples(index=False)} == {*links[1].itertuples(index=False)}


@pytest.mark.parametrize("zone", ["Africa/Addis_Ababa", "America/New_York", "Etc/GMT+5"])
@pytest.mark.parametrize("engine", [None, "pandas"])
def test_a_moment_is_dated_in_utc_whatever_its_zone(
    zone: str, engine: str | None, tmp_path: Path
) -> None:
    """Narwhals does not know every zone that pandas has."""
    pytest.importorskip("narwhals")
    pytest.importorskip("pyarrow")
    moments = pd.to_datetime(["2024-01-01 00:30", "2023-12-31 23:30"], utc=True)
    rows = rows_of(("a", "e", "c", None, None), ("b", "e", "c", None, None))
    frame = rows.assign(start=moments.tz_convert(zone))
    found = [sm.scan(frame, engine=engine)]
    frame.to_parquet(tmp_path / "rows.parquet")
    if engine:
        found.append(sm.scan(tmp_path / "rows.parquet", engine=engine))
    for m in found:
        assert ["2024-01-01", "2023-12-31"] == list(m.links("works_on")["start"])


def test_whole_numbers_beside_a_blank_stay_whole(tmp_path: Path) -> None:
    """As numbers with a point two of these were one."""
    pytest.importorskip("narwhals")
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    ids = [9_007_199_254_740_993, 9_007_199_254_740_992, None]
    rows = pa.table({"organization": ids, "element": ["e"] * 3, "context": ["c"] * 3})
    pq.write_table(rows, tmp_path / "rows.parquet")
    for engine in ("duckdb", "pandas"):
        m = sm.scan(tmp_path / "rows.parquet", engine=engine)
        assert {"9007199254740992", "9007199254740993"} == {*m.organizations.index}


def test_an_interrupt_that_the_engine_took_is_an_interrupt() -> None:
    """DuckDB tells one that comes in the middle of its work as an error of its own."""
    engine = importlib.import_module("sysmap.io.engine")

    class Interrupted:
        def collect_schema(self) -> dict[str, Any]:
            return {}

        def select(self, *columns: object) -> Interrupted:
            return self

        group_by = agg = select

        def collect(self, backend: str) -> None:
            raise RuntimeError("Query interrupted")

    pytest.importorskip("narwhals")
    pytest.importorskip("pyarrow")
    with pytest.raises(KeyboardInterrupt):
        engine.counted(Interrupted(), "duckdb", {})


@pytest.mark.parametrize("source", SOURCES)
def test_opportunities_are_those_of_the_map_that_was_read(
    source: Callable[[pd.DataFrame, Path], object], tmp_path: Path
) -> None:
    pytest.importorskip("narwhals")
    cells = [(f"o{i % 7}", f"e{i * i % 5}", f"c{i % 3}", None, None) for i in range(60)]
    rows = rows_of(*cells)
    expected, found = (
        sm.opportunities(m, draws=20, rng=1)
        for m in (read_naively(rows), sm.scan(source(rows, tmp_path)))
    )
    pd.testing.assert_frame_equal(expected.frame, found.frame)


@pytest.mark.parametrize("source", SOURCES)
def test_one_long_note_does_not_widen_all_the_others(
    source: Callable[[pd.DataFrame, Path], object], tmp_path: Path
) -> None:
    pytest.importorskip("narwhals")
    notes = ["x" * 10_000, *(f"note {i}" for i in range(5_000))]
    rows = pd.DataFrame({"organization": "o", "element": "e", "note": notes}, dtype=object)
    lying = source(rows, tmp_path)
    tracemalloc.start()
    found = sm.scan(lying)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert set(notes) == {*found.links("works_on")["note"]}
    assert peak < 50e6, "5,001 notes of 10,000 characters each take 200 MB"


@pytest.mark.parametrize("engine", ["duckdb", "polars", "pandas"])
@pytest.mark.parametrize("source", [as_pandas, as_polars, as_arrow, as_folder])
def test_every_engine_takes_what_lies_in_memory_or_in_files(
    source: Callable[[pd.DataFrame, Path], object], engine: str, tmp_path: Path
) -> None:
    pytest.importorskip("narwhals")
    for package in (engine, "pyarrow"):
        pytest.importorskip(package)
    rows = rows_of(*[("o", "e", None, "funds", "2024"), ("p", "e", "KEN", None, None)] * 3)
    found = sm.scan(source(rows, tmp_path), engine=engine)
    pd.testing.assert_frame_equal(
        in_order(read_naively(rows).links("works_on")), in_order(found.links("works_on"))
    )


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("works_on", {"element": ["e", "f", "e", "f"], "status": ["doing", None, "doing", "x"]}),
        ("works_on", {"element": ["e", "e", "e", "f"], "note": ["one", "two", None, "=1+1"]}),
        (
            "works_on",
            {"element": ["e"] * 4, "start": ["2024", "2025", "soon", None], "end": "2024"},
        ),
        ("collaborates", {"partner": ["p", "o", "o", "q"], "start": ["2024", "2024", None, "99"]}),
    ],
)
def test_a_scan_finds_the_faults_that_reading_finds(
    table: str, rows: dict[str, list[str | None]]
) -> None:
    """Bad values, ends before starts, claims said twice (also the other way round), self-links."""
    pytest.importorskip("narwhals")
    frame = pd.DataFrame({"organization": ["o", "p", "o", "p"], **rows})
    whole = {table: frame.drop_duplicates(ignore_index=True)}
    for nodes, ends in (("organizations", ["organization", "partner"]), ("elements", ["element"])):
        ids = sorted({id for end in ends if end in frame for id in frame[end]})
        whole |= {nodes: pd.DataFrame({"id": ids, "name": ids})} if ids else {}

    def told(problems: sm.Problems) -> set[tuple[str, str, int]]:
        return {(p.code, p.message, p.count) for p in problems}

    try:
        found = sm.scan(frame, table=table).problems
    except sm.InvalidMapError as error:
        found = error.problems
    expected = sm.check(whole)
    assert told(expected) == told(found)
    assert any(p.code.startswith(("E", "W2", "W3")) for p in found)


def test_foreign_columns_are_mapped_and_what_is_left_out_is_told() -> None:
    pytest.importorskip("narwhals")
    rows = pd.DataFrame(
        {"org": ["a", "a", None], "element": ["e", "e", "e"], "organization": ["x", "y", "z"]}
    )
    m = sm.scan(rows, columns={"org": "organization"})
    assert [("a", "e", 2)] == [
        *m.links("works_on")[["organization", "element", "count"]].itertuples(index=False)
    ]
    said = [str(p) for p in m.problems]
    assert any("'organization' is not known and was left out" in s for s in said)
    assert any("3 = 2 carried over + 1 without organization or element" in s for s in said)


def test_counts_that_are_there_are_added_up() -> None:
    pytest.importorskip("narwhals")
    rows = pd.DataFrame({"organization": ["a"] * 3, "element": ["e", "e", "f"], "count": [2, 5, 1]})
    once = sm.scan(rows)
    assert [7, 1] == once.links("works_on")["count"].tolist()
    again = sm.scan(once.links("works_on"))
    pd.testing.assert_frame_equal(once.links("works_on"), again.links("works_on"))


@pytest.mark.parametrize("source", SOURCES)
def test_counts_mean_the_same_in_every_engine(
    source: Callable[..., object], tmp_path: Path
) -> None:
    """A blank counts as one; what is no whole number of rows is refused by name."""
    pytest.importorskip("narwhals")
    pa = pytest.importorskip("pyarrow")

    def counted(*cells: object) -> list[float]:
        rows = pa.table({"organization": ["a"] * 3, "element": ["e", "e", "f"], "count": cells})
        return sm.scan(typed_source(rows, source, tmp_path)).links("works_on")["count"].tolist()

    assert [3, 5] == counted(2, None, 5)
    assert [3, 5] == counted(2.0, None, 5.0)
    assert [8, 0] == counted(4, 4, 0)
    for cells, said in (
        ((1.5, 2.0, 1.0), "count 1.5 is not a whole number"),
        ((1, -3, 5), "count -3 is out of range"),
        (("1", "2", "x"), "count '.' is not a number"),
        ((True, True, None), "count 'True' is not a number"),
        ((2**53, 2**53, 1), "count adds up to more than"),
    ):
        with pytest.raises(sm.InvalidMapError, match=f"{said}.*whole numbers from 0"):
            counted(*cells)


@pytest.mark.parametrize("engine", engines.ENGINES)
def test_every_engine_takes_the_same_files_of_a_folder(engine: str, tmp_path: Path) -> None:
    """Columns of later files count, hidden files do not, and names are no patterns."""
    pytest.importorskip("narwhals")
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    if engine == "spark":
        session()
    else:
        pytest.importorskip(engine)
    folder = tmp_path / "rows [a-c]*"
    (folder / "_temporary").mkdir(parents=True)
    one, two = {"organization": ["a"], "element": ["e"]}, {"context": ["KEN"], "note": ["n"]}
    for name, cells in (
        ("1 {x}?.parquet", one),
        ("2.parquet", one | two),
        ("_3.parquet", {"organization": ["hidden"], "element": ["e"]}),
        ("_temporary/4.parquet", {"organization": ["hidden"], "element": ["e"]}),
    ):
        pq.write_table(pa.table(cells), folder / name)
    links = sm.scan(folder, engine=engine).links("works_on")
    found = links[["organization", "context", "note"]].fillna("").itertuples(index=False)
    assert {("a", "", ""), ("a", "KEN", "n")} == {tuple(row) for row in found}
    (folder / "context=KEN").mkdir()
    pq.write_table(pa.table(one), folder / "context=KEN" / "5.parquet")
    with pytest.raises(ValueError, match=r"'context=KEN' holds the column 'context'.*hive_part"):
        sm.scan(folder, engine=engine)


@pytest.mark.parametrize("source", SOURCES)
def test_an_id_in_two_forms_of_letters_is_one(
    source: Callable[[pd.DataFrame, Path], object], tmp_path: Path
) -> None:
    pytest.importorskip("narwhals")
    rows = rows_of(("\u00fc", "e", None, None, None), ("u\u0308", "e", None, None, None))
    found = sm.scan(source(rows, tmp_path))
    assert ["\u00fc"] == [*found.nodes("organizations").index]
    assert [2] == found.links("works_on")["count"].tolist()


@pytest.mark.parametrize("engine", engines.ENGINES)
def test_a_damaged_file_is_named(engine: str, tmp_path: Path) -> None:
    pytest.importorskip("narwhals")
    pytest.importorskip("pyarrow")
    pytest.importorskip("pyspark" if engine == "spark" else engine)
    for content in (b"", b"PAR1 and no end", b"organization,element"):
        (tmp_path / "bad.parquet").write_bytes(content)
        with pytest.raises(sm.InvalidMapError, match=r"E004 bad\.parquet: the file is damaged"):
            sm.scan(tmp_path, engine=engine)


@pytest.mark.parametrize("source", SOURCES)
def test_a_column_of_lists_bytes_or_durations_is_named(
    source: Callable[..., object], tmp_path: Path
) -> None:
    pytest.importorskip("narwhals")
    pa = pytest.importorskip("pyarrow")
    spans = pa.array([1, 2], pa.duration("us"))
    for cells in ([["n"], ["m"]], [b"n", b"m"], [{"a": 1}, {"a": 2}], spans):
        if source is as_spark and cells is spans:
            continue  # Spark takes no duration from Arrow
        rows = pa.table({"organization": ["a", "b"], "element": ["e", "f"], "note": cells})
        with pytest.raises(sm.InvalidMapError, match=r"E301.*note holds a .*rename the column"):
            sm.scan(typed_source(rows, source, tmp_path))


@pytest.mark.parametrize("source", [s for s in SOURCES if s is not as_duckdb])
def test_columns_that_an_engine_takes_for_one_are_named(
    source: Callable[..., object], tmp_path: Path
) -> None:
    """Polars and pandas tell them apart; a relation of DuckDB has renamed one already."""
    pytest.importorskip("narwhals")
    pa = pytest.importorskip("pyarrow")
    rows = pa.table({"Organization": ["x"], "organization": ["a"], "element": ["e"]})
    if source in (as_pandas, as_polars):
        assert ["a"] == [*sm.scan(typed_source(rows, source, tmp_path)).organizations.index]
        return
    with pytest.raises(sm.InvalidMapError, match=r"E105.*Organization and organization differ"):
        sm.scan(typed_source(rows, source, tmp_path))


def test_faults_name_what_is_near(tmp_path: Path) -> None:
    pytest.importorskip("narwhals")
    rows = pd.DataFrame({"organisations": ["a"], "element": ["e"]})
    with pytest.raises(sm.InvalidMapError, match=r"'organization' is missing.*organisations"):
        sm.scan(rows)
    with pytest.raises(ValueError, match=r"did you mean 'organisations'\?"):
        sm.scan(rows, columns={"organisation": "organization"})
    with pytest.raises(ValueError, match="to 'organisation'"):
        sm.scan(rows, columns={"organisations": "organisation"})
    with pytest.raises(ValueError, match="several tables"):
        sm.scan(rows, table="influences")
    with pytest.raises(TypeError, match="source is a list"):
        sm.scan([1])
    with pytest.raises(ValueError, match="engine 'sql' is unknown"):
        sm.scan(rows, engine="sql")


def test_a_missing_package_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: None if name != "narwhals" else name)
    rows = pd.DataFrame({"organization": ["a"], "element": ["e"]})
    with pytest.raises(ImportError, match=r"duckdb.*extra scale"):
        sm.scan(rows, engine="duckdb")
    with pytest.raises(ImportError, match=r"pyspark.*extra spark"):
        sm.scan(rows, engine="spark")


def test_a_path_without_parquet_files_is_said(tmp_path: Path) -> None:
    for package in ("narwhals", "duckdb"):
        pytest.importorskip(package)
    with pytest.raises(FileNotFoundError, match="no file or folder"):
        sm.scan(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match=r"no file that ends in \.parquet"):
        sm.scan(tmp_path)
