"""A map never changes, whoever writes into what it hands out, and names wrong arguments."""

from __future__ import annotations

import operator
from collections.abc import Callable

import pandas as pd
import pytest

from sysmap.core.errors import UnknownIdError
from sysmap.core.model import SystemMap, from_tables
from sysmap.testing import assert_maps_equal
from tests.core.making import listed, made


def small() -> SystemMap:
    return made(
        organizations=listed("a", 2),
        elements={**listed("teaching", 2), "area": ["Costing", None]},
        works_on={"organization": ["a0"], "element": ["teaching0"]},
    )


@pytest.mark.parametrize(
    "frame",
    [
        lambda m: m.tables["elements"],
        lambda m: dict(m.tables)["elements"],
        lambda m: next(f for t, f in m.tables.items() if t == "elements"),
        lambda m: m.table("elements"),
        lambda m: m.nodes("elements"),
        lambda m: m.elements,
        lambda m: m.links("works_on"),
        lambda m: m.asked,
        lambda m: m.aliases,
    ],
)
def test_nobody_changes_a_map_through_a_frame(frame: Callable[[SystemMap], pd.DataFrame]) -> None:
    """Writing in place and adding columns reach only the copy that was handed out."""
    m = small()
    handed_out = frame(m)
    handed_out.loc[:, handed_out.columns[0]] = "changed"
    handed_out["added"] = "x"
    handed_out.pop(handed_out.columns[1])
    assert_maps_equal(small(), m)


def test_nobody_changes_a_map_through_the_frames_it_was_made_of() -> None:
    frames = {name: frame.copy() for name, frame in small().tables.items()}
    m = SystemMap(frames)
    frames["elements"].loc[:, "name"] = "changed"
    frames.pop("works_on")
    assert_maps_equal(small(), m)


def test_the_tables_themselves_cannot_be_exchanged() -> None:
    m = small()
    with pytest.raises(TypeError):
        operator.setitem(m.tables, "elements", pd.DataFrame())  # type: ignore[call-overload]
    with pytest.raises(TypeError):
        operator.setitem(m.about, "title", "x")  # type: ignore[call-overload]
    with pytest.raises(AttributeError):
        m.audience = "public"  # type: ignore[misc]


@pytest.mark.parametrize("wrong", [[], {}, 7, None, ["a0"], float("nan"), b"a0", "a9"])
def test_what_is_no_id_has_no_name(wrong: object) -> None:
    with pytest.raises(UnknownIdError, match="is not an id in the map"):
        small().name(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("keyword", ["elements", "organizations", "areas"])
def test_a_selection_names_what_is_no_id(keyword: str) -> None:
    m = small()
    for wrong in ([[]], [7], [None], {7: "a0"}, [b"a0"]):
        with pytest.raises(UnknownIdError, match="is not an id in"):
            m.select(**{keyword: wrong})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="7 is neither an id nor a list of ids"):
        m.select(**{keyword: 7})  # type: ignore[arg-type]


def test_near_ids_are_suggested() -> None:
    with pytest.raises(UnknownIdError, match=r"Did you mean 'teaching0', 'teaching1'\?"):
        small().upstream("teachingo")


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda m: m.upstream(None), "None is neither an id nor a list of ids"),
        (lambda m: m.downstream("teaching0", steps="2"), "steps is '2'; give a whole number"),
        (lambda m: m.upstream("teaching0", steps=1.5), "steps is 1.5; give a whole number"),
        (lambda m: m.as_of(2024), "date is 2024; write it as text"),
        (lambda m: m.as_of(None), "date is None; write it as text"),
    ],
)
def test_an_argument_of_the_wrong_type_is_named(
    ask: Callable[[SystemMap], object], message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        ask(small())


def test_ids_may_come_in_any_collection() -> None:
    for ids in (("a0",), {"a0"}, pd.Index(["a0"]), pd.Series(["a0"]), iter(["a0"])):
        assert ["a0"] == list(small().select(organizations=ids).organizations.index)


def test_a_map_tells_its_size() -> None:
    assert "<SystemMap: 2 elements, 2 organizations; 1 claim>" == repr(small())


def test_the_empty_map_answers_everything_with_nothing() -> None:
    m = from_tables({})
    assert "<SystemMap: empty; 0 claims>" == repr(m)
    assert_maps_equal(m, m | m)
    assert_maps_equal(m, m.select(elements=[], areas=[]).redact().as_of("2024"))


def test_a_notebook_shows_sizes_first_names_and_what_not_to_forget():
    m = made(
        about={"key": ["data date", "title"], "value": ["2024-06-30", "<Map>"]},
        elements={"id": list("abcd"), "name": ["<b>", "B", "C", "D"]},
        sources={
            "id": ["s", "t", "u"],
            "name": ["S", "T", "U"],
            "grade": ["illustrative", "judged", "reported"],
        },
        influences={"cause": ["a", "b"], "effect": ["b", "c"], "source": ["s", "u"]},
        asked={"source": ["t", "u"], "question": ["influences"] * 2, "answered": ["no", "yes"]},
    )
    told = m._repr_html_()
    assert "<strong>&lt;Map&gt;</strong>" in told
    assert "<tr><th>elements</th><td>4</td><td>&lt;b&gt;; B; C and 1 more</td></tr>" in told
    assert "<tr><th>influences</th><td>2</td><td></td></tr>" in told
    assert "<li>Data of 30 June 2024.</li><li>1 of 2 sources asked answered.</li>" in told
    assert "<li>Claims that are illustrative: 1.</li>" in told
    assert "judged" not in told


def test_a_notebook_admits_what_is_hidden_and_that_nobody_knows_who_was_asked():
    m = made(
        elements={"id": ["a", "b"], "name": ["A", "B"]},
        influences={"cause": ["a"], "effect": ["b"], "visibility": ["private"]},
    )
    told = m.redact("public")._repr_html_()
    assert "Claims hidden from this audience: 1." in told
    assert "Data date not given." in told
    assert "No record of who was asked, so silence cannot be told from no." in told
    assert "illustrative" not in told
