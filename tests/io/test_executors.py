"""Organizations compared on the executors of Spark give the frame that one process gives."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock, call

import pandas as pd
import pytest

from sysmap.analyses import opportunities as module
from sysmap.analyses.opportunities import opportunities
from sysmap.io import executors
from sysmap.io.executors import on_spark
from sysmap.measures.pairs import search
from tests.io.test_scan import session
from tests.maps import shipped

WORK = Callable[[int, int], pd.DataFrame]


class Sent:
    """A function of a test, which executors cannot import: it travels as its own code."""

    def __init__(self, work: WORK) -> None:
        self.work = work

    def __call__(self, begin: int, end: int) -> pd.DataFrame:
        return self.work(begin, end)

    def __reduce__(self) -> tuple[Callable[[bytes], WORK], tuple[bytes]]:
        pickle = pytest.importorskip("pyspark.cloudpickle")
        return pickle.loads, (pickle.dumps(self.work),)


def test_spark_finds_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    spark = session()
    m = shipped("teaching")
    monkeypatch.setattr(module, "ALL_PAIRS", 2)
    monkeypatch.setattr(search, "CELLS", 3 * len(m.organizations))
    here = opportunities(m, draws=2, top=2)
    there = opportunities(m, draws=2, top=2, spread=on_spark(spark))
    pd.testing.assert_frame_equal(here.frame, there.frame)
    assert here.params["pairs"] == there.params["pairs"]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupt_ends_the_tasks_of_spark_and_none_begins_again(tmp_path: Path) -> None:
    """Also where a notebook has put its own handler in the place of the one of Spark."""
    context = session().sparkContext

    def slow(begin: int, end: int) -> pd.DataFrame:
        if end:
            (tmp_path / f"{begin} {time.time_ns()}").touch()
            time.sleep(1)
        return pd.DataFrame({"one": [begin]})

    def interrupt() -> None:
        while not any(tmp_path.iterdir()):
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    waiting = threading.Thread(target=interrupt, daemon=True)
    waiting.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            next(on_spark(session())(Sent(slow), [(i, i + 1) for i in range(60)]))
    finally:
        signal.signal(signal.SIGINT, before)
    limit = time.monotonic() + 10
    while context.statusTracker().getActiveJobsIds() and time.monotonic() < limit:
        time.sleep(0.1)
    assert [] == list(context.statusTracker().getActiveJobsIds())
    time.sleep(3)  # Spark gives a task two seconds to end by itself
    begun = len(list(tmp_path.iterdir()))
    time.sleep(3)
    assert begun == len(list(tmp_path.iterdir())) < 60
    assert not context.getJobTags()


def test_jobs_end_though_the_first_word_after_an_interrupt_is_lost_on_spark() -> None:
    """The line to Java is cut with the call, and once the next one was, too."""
    protocol = pytest.importorskip("py4j.protocol")
    context = Mock()
    lost = protocol.Py4JNetworkError("Answer from Java side is empty")
    context.cancelJobsWithTag.side_effect = [lost, None]
    with pytest.raises(KeyboardInterrupt), executors._ended(context):
        raise KeyboardInterrupt
    (tag,) = context.addJobTag.call_args.args
    assert [call(tag)] * 2 == context.cancelJobsWithTag.call_args_list
    context.removeJobTag.assert_called_once_with(tag)


def test_spark_keeps_nothing_on_disk_once_the_slices_are_back() -> None:
    context = session().sparkContext
    here = Path(context._temp_dir)
    before = set(here.iterdir())
    work = Sent(lambda begin, end: pd.DataFrame({"one": [begin]}))
    frames = list(on_spark(session())(work, [(0, 1), (1, 2)]))
    assert [[0], [1]] == [frame["one"].tolist() for frame in frames]
    assert before == set(here.iterdir())
