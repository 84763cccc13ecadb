"""Opportunities from a Spark frame, and the joins of `relational` run by Spark alone.

Both begin when the session is there and has run once. Spark spills what does not fit in memory,
so all pairs come from one statement.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from tests.benchmarks.ways.relational import BOTH_WAYS, CODES, PAIRS, TOP

TABLES = ("works", "needs")
MEMORY = "10g"


@cache
def session() -> Any:
    """A session on this machine, with as many threads as processors."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[*]").config("spark.driver.memory", MEMORY)
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "16",
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.range(10).count()
    return made


def frames(folder: Path) -> Mapping[str, Any]:
    """Both tables as frames of Spark."""
    return {name: session().read.parquet(str(folder / f"{name}.parquet")) for name in TABLES}


def by_spark(folder: Path, wanted: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """The best partners; the values of the wanted pairs; and seconds spent on the latter."""
    spark = session()
    for name, frame in frames(folder).items():
        frame.createOrReplaceTempView(f"{name}_rows")
    sizes = {}
    for name, rows in CODES.items():
        table = spark.sql(rows).cache()
        sizes[name] = table.count()
        table.createOrReplaceTempView(name)
    spark.sql(PAIRS.format(low=0, high=sizes["ids"])).createOrReplaceTempView("pairs")
    spark.createDataFrame(wanted).createOrReplaceTempView("wanted")
    spark.sql("SELECT * FROM pairs").cache().createOrReplaceTempView("pairs")
    best = spark.sql(_BEST).toPandas()
    begun = time.perf_counter()
    found = spark.sql("SELECT * FROM wanted JOIN pairs ON one = o_x AND other = o_y").toPandas()
    return best, found, time.perf_counter() - begun


def used() -> tuple[float, float]:
    """Seconds of processors and megabytes at most that Java took until now."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    seconds = peak = 0.0
    for child in children:
        lines = Path(f"/proc/{child}/status").read_text(encoding="ascii").splitlines()
        status = dict(line.split(":", 1) for line in lines)
        if status["Name"].strip() != "java":
            continue
        times = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        seconds += sum(map(int, times[11:13])) / os.sysconf("SC_CLK_TCK")
        peak += int(status["VmHWM"].split()[0]) / 1000
    return seconds, peak


_BEST = f"""
SELECT * FROM (
    SELECT *, row_number() OVER (PARTITION BY o_x ORDER BY score DESC) AS place FROM ({BOTH_WAYS}))
WHERE place <= {TOP}
"""
