"""Parquet is lossless where pyarrow is installed, and says so where it is not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import sysmap as sm
from sysmap.core.model import from_tables
from sysmap.io import parquet
from sysmap.io.check import check
from sysmap.io.guards import Limits
from sysmap.io.read import read
from sysmap.io.write import write
from sysmap.testing import assert_maps_equal
from tests.io.foreign import codes
from tests.strategies import maps

DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)
GOAL = {"outcomes": pd.DataFrame({"id": ["o"], "name": ["Light"]})}


def test_without_the_package_reading_and_writing_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "find_spec", lambda name: None)
    with pytest.raises(sm.UnsupportedFormatError, match="extra parquet"):
        write(from_tables(GOAL), tmp_path / "map", format="parquet")
    assert [] == list(tmp_path.iterdir())
    (tmp_path / "outcomes.PARQUET").write_bytes(b"PAR1")
    assert ["E025"] == [p.code for p in check(tmp_path)]
    with pytest.raises(sm.UnsupportedFormatError, match="extra parquet"):
        read(tmp_path)


@settings(max_examples=8, suppress_health_check=list(HealthCheck), phases=DRAWN)
@given(m=maps(max_size=8))
def test_read_after_write_is_the_map(
    m: sm.SystemMap, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path_factory.mktemp("written") / "map"
    assert len(write(m, path, format="parquet")) == 0
    assert_maps_equal(m, read(path))


@pytest.mark.parametrize("name", ["asia-pacific-digital-learning", "teaching"])
def test_the_shipped_maps_read_back_and_equal_maps_give_equal_bytes(
    name: str, tmp_path: Path
) -> None:
    pytest.importorskip("pyarrow")
    m = sm.example(name)
    for folder in ("a", "b"):
        write(m, tmp_path / folder, format="parquet")
    assert_maps_equal(m, read(tmp_path / "a"))
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_damaged_or_large_file_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "map"
    write(sm.example("teaching"), path, format="parquet")
    assert ["E014"] == [p.code for p in check(path, limits=Limits(rows=3))]
    assert ["E014"] == [p.code for p in check(path, limits=Limits(unpacked=10))]
    whole = (path / "seeks.parquet").read_bytes()
    for cut in (0, 3, len(whole) // 2, len(whole) - 2):
        (path / "seeks.parquet").write_bytes(whole[:cut])
        assert "E004" in codes(check(path))
    (path / "seeks.parquet").unlink()
    (tmp_path / "outside.parquet").write_bytes(whole)
    (path / "seeks.parquet").symlink_to(tmp_path / "outside.parquet")
    assert "E018" in codes(check(path))


def test_only_folders_that_sysmap_made_are_replaced(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "letter.txt").write_text("mine")
    with pytest.raises(sm.OutputError, match="E606"):
        write(from_tables(GOAL), tmp_path / "map", format="parquet")
