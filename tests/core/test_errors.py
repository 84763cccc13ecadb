"""One exception tree: each error is also the right builtin and holds what it is about."""

import pytest

from sysmap.core import errors
from sysmap.core.problems import Problem, Problems

FAULTS = Problems([Problem("E206", "element 'x' is not in elements")])


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (errors.InvalidMapError(FAULTS), ValueError),
        (errors.UnknownIdError("x"), KeyError),
        (errors.UnsupportedFormatError(FAULTS), ValueError),
        (errors.UndecidableError("nobody was asked.", missing="Fill asked."), ValueError),
        (errors.LimitError("too large.", limit="rows"), ValueError),
        (errors.OutputError("E604", "a.csv", "the disk is full."), OSError),
    ],
)
def test_each_error_can_be_caught_by_root_and_by_builtin(
    error: errors.SystemMapError, builtin: type[Exception]
) -> None:
    """Section 5 of the contract."""
    assert isinstance(error, builtin)
    assert isinstance(error, errors.SystemMapError)


def test_an_invalid_map_carries_and_prints_every_fault() -> None:
    error = errors.InvalidMapError(FAULTS)
    assert FAULTS is error.problems
    assert "not a valid map: 1 error, 0 warnings, 0 notes" in str(error)
    assert "element 'x' is not in elements" in str(error)


def test_an_unknown_id_suggests_near_names_without_quotes_around_the_sentence() -> None:
    error = errors.UnknownIdError("elment", table="elements", near=["element"])
    assert "'elment' is not an id in elements. Did you mean 'element'?" == str(error)
    assert ("elment", ("element",)) == (error.id, error.near)
    assert "5 is not an id in the map." == str(errors.UnknownIdError(5))


def test_the_others_hold_their_facts() -> None:
    undecidable = errors.UndecidableError("nobody was asked.", missing="Fill asked.")
    assert ("nobody was asked. Fill asked.", "Fill asked.") == (
        str(undecidable),
        undecidable.missing,
    )
    assert "rows" == errors.LimitError("too large.", limit="rows").limit
    output = errors.OutputError("E604", "a.csv", "the disk is full.")
    assert ("E604", "a.csv", "E604 a.csv: the disk is full.") == (
        output.code,
        output.path,
        str(output),
    )
