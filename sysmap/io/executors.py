"""Slices of work on the executors of Spark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pandas as pd

Work = Callable[[int, int], pd.DataFrame]
"""Takes the first of a slice and the one after its last, and answers with a frame of numbers."""

_PLACE = "place"


def on_spark(session: Any) -> Callable[[Work, Sequence[tuple[int, int]]], Iterator[pd.DataFrame]]:
    """Compare organizations on the executors of a Spark session: ``opportunities(spread=...)``.

    What the comparison rests on is broadcast; each task gets one slice of the organizations and
    answers with the best partners of each. sysmap must be installed where the executors run.
    Progress is told at the end, when the slices come back. Who interrupts the call ends the tasks.

    Parameters
    ----------
    session
        A Spark session that has a Spark context.
    """

    def spread(work: Work, slices: Sequence[tuple[int, int]]) -> Iterator[pd.DataFrame]:
        context = session.sparkContext
        shared = context.broadcast(work)

        def answered(frames: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
            for frame in frames:
                for place, begin, end in frame.itertuples(index=False):
                    yield shared.value(int(begin), int(end)).assign(**{_PLACE: place})

        try:
            empty = work(0, 0).assign(**{_PLACE: 0})
            rows = context.parallelize([(i, *ends) for i, ends in enumerate(slices)], len(slices))
            tasks = session.createDataFrame(rows, f"{_PLACE} long, begin long, end long")
            found = tasks.mapInPandas(answered, session.createDataFrame(empty).schema)
            yield from _one_by_one(context, found, len(slices))
        finally:
            shared.destroy()

    return spread


def _one_by_one(context: Any, answers: Any, places: int) -> Iterator[pd.DataFrame]:
    """Rows of each slice, kept where they were made until all are there."""
    answers.persist()
    try:
        with _ended(context):
            answers.count()
        for place in range(places):
            with _ended(context):
                frame = answers.where(answers[_PLACE] == place).toArrow().to_pandas()
            yield frame
    finally:
        answers.unpersist()


@contextmanager
def _ended(context: Any) -> Iterator[None]:
    """Jobs begun inside end with it: Spark goes on with those whose caller was interrupted."""
    from py4j.protocol import Py4JNetworkError

    tag = f"sysmap-{uuid4()}"
    context.addJobTag(tag)
    try:
        yield
    finally:
        try:
            context.cancelJobsWithTag(tag)
        except Py4JNetworkError:  # the line that the interrupt cut may take its successor with it
            context.cancelJobsWithTag(tag)
        context.removeJobTag(tag)
