"""Each shipped map is described for people and for machines, and both descriptions are true."""

import importlib.util
import json
import shutil
from pathlib import Path
from types import ModuleType

import frictionless
import pandas as pd
import pytest

import sysmap as sm
from sysmap.testing import assert_maps_equal

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
MAPS = ("asia-pacific-digital-learning", "teaching")
PACKAGE = "datapackage.json"
BOOK = "CODEBOOK.md"


def tables(name: str) -> dict[str, pd.DataFrame]:
    return {
        path.stem: pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in sorted((DATASETS / name).glob("*.csv"))
    }


def sections(name: str) -> dict[str, dict[str, list[str]]]:
    """Rows of the code book by table and column, read from the text alone."""
    found: dict[str, dict[str, list[str]]] = {}
    for line in (DATASETS / name / BOOK).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            found[line[3:]] = {}
        elif line.startswith("| ") and found and not line.startswith("| column "):
            cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
            found[list(found)[-1]][cells[0]] = cells
    return found


@pytest.fixture(scope="module")
def codebook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("codebook", DATASETS / "codebook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.filterwarnings("ignore")  # what the referee warns about itself is no matter of ours
@pytest.mark.parametrize("name", MAPS)
def test_frictionless_finds_the_package_valid(name: str) -> None:
    """Referee: frictionless, which checks types, keys and references by itself."""
    report = frictionless.validate(str(DATASETS / name / PACKAGE))
    assert report.valid, report.flatten(["title", "rowNumber", "message"])


@pytest.mark.filterwarnings("ignore")
def test_the_referee_sees_a_claim_that_points_nowhere(tmp_path: Path) -> None:
    copy = shutil.copytree(DATASETS / "teaching", tmp_path / "copy")
    table = copy / "seeks.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("aurora-agency", "nobody"), encoding="utf-8")
    assert not frictionless.validate(str(copy / PACKAGE)).valid


@pytest.mark.parametrize("name", MAPS)
def test_the_package_lists_every_table_and_nothing_else(name: str) -> None:
    package = json.loads((DATASETS / name / PACKAGE).read_text(encoding="utf-8"))
    listed = {
        resource["path"]: [field["name"] for field in resource["schema"]["fields"]]
        for resource in package["resources"]
    }
    assert {f"{table}.csv": list(frame) for table, frame in tables(name).items()} == listed


@pytest.mark.parametrize("name", MAPS)
def test_the_package_names_the_licence_that_lies_beside_it(name: str) -> None:
    (terms,) = json.loads((DATASETS / name / PACKAGE).read_text(encoding="utf-8"))["licenses"]
    assert terms["title"] in (DATASETS / name / terms["path"]).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MAPS)
def test_the_code_book_tells_every_column_and_counts_it_rightly(name: str) -> None:
    told, frames = sections(name), tables(name)
    assert sorted(frames) == sorted(told)
    for table, frame in frames.items():
        assert list(frame) == list(told[table])
        for column, cells in told[table].items():
            filled = f"{(frame[column] != '').sum()} of {len(frame)}"
            assert filled in cells, (table, column)


@pytest.mark.parametrize("name", MAPS)
def test_every_column_has_a_meaning_and_a_reading_of_blank(name: str) -> None:
    for table, columns in sections(name).items():
        for column, cells in columns.items():
            assert len(cells[1]) > 8, (table, column)
            assert cells[-1], (table, column)


@pytest.mark.parametrize("name", MAPS)
def test_no_cell_is_blank_where_the_code_book_says_never(name: str) -> None:
    frames = tables(name)
    never = [
        (table, column)
        for table, columns in sections(name).items()
        for column, cells in columns.items()
        if cells[-1] == "never blank"
    ]
    assert len(never) > len(frames)
    assert [(t, c) for t, c in never if (frames[t][c] == "").any()] == []


@pytest.mark.parametrize("name", MAPS)
def test_the_package_is_made_from_the_tables_that_lie_beside_it(
    name: str, codebook: ModuleType
) -> None:
    folder = DATASETS / name
    expected = codebook.package(codebook.tables(folder))
    assert expected == (folder / PACKAGE).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MAPS)
def test_the_descriptions_change_nothing_that_is_read(name: str, tmp_path: Path) -> None:
    for path in (DATASETS / name).glob("*.csv"):
        shutil.copy(path, tmp_path)
    assert_maps_equal(sm.read(tmp_path), sm.example(name))


def test_only_folders_with_elements_are_examples() -> None:
    with pytest.raises(sm.UnknownIdError) as caught:
        sm.example("countries")
    assert sorted(MAPS) == sorted(caught.value.near)
