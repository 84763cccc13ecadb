"""Organizations compared on the executors of Spark give the frame that one process gives."""

import pandas as pd
import pytest

from sysmap.analyses import opportunities as module
from sysmap.analyses.opportunities import opportunities
from sysmap.io.executors import on_spark
from sysmap.measures.pairs import search
from tests.io.test_scan import session
from tests.maps import shipped


def test_spark_finds_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    spark = session()
    m = shipped("teaching")
    monkeypatch.setattr(module, "ALL_PAIRS", 2)
    monkeypatch.setattr(search, "CELLS", 3 * len(m.organizations))
    here = opportunities(m, draws=2, top=2)
    there = opportunities(m, draws=2, top=2, spread=on_spark(spark))
    pd.testing.assert_frame_equal(here.frame, there.frame)
    assert here.params["pairs"] == there.params["pairs"]
