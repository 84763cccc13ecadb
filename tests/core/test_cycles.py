"""The search for cycles stands still while rows are made, and goes on whatever happens."""

import gc

import pandas as pd
import pytest

from sysmap.core.cycles import unsearched
from sysmap.core.model import SystemMap
from sysmap.io.read import read


def test_the_search_goes_on_after_an_error() -> None:
    with pytest.raises(KeyError), unsearched():
        raise KeyError
    assert gc.isenabled()


def test_who_switched_the_search_off_keeps_it_off() -> None:
    gc.disable()
    try:
        with unsearched(), unsearched():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_reading_searches_for_no_cycles(monkeypatch) -> None:
    """Of 8 s that a check of a million rows took, 3 s were this search."""
    seen: list[bool] = []

    def built(*_: object) -> SystemMap:
        seen.append(gc.isenabled())
        return SystemMap({})

    monkeypatch.setattr("sysmap.io.read.build", built)
    read({"elements": pd.DataFrame({"id": ["a"], "name": ["A"]})})
    assert [False] == seen
    assert gc.isenabled()
