"""Faults are values: counted exactly, ordered as seen, and never markup."""

import pytest

from sysmap.core.problems import Place, Problem, Problems, shown

HERE = tuple(Place("a.csv", "", f"line {i}", (0, i, 0)) for i in range(1, 5))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\u202eb", "a<U+202E>b"),
        ("a\nb\0", "a<U+000A>b<U+0000>"),
        ("a\u2028b", "a<U+2028>b"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 60 + "…"),
        ("", ""),
        (None, "None"),
    ],
)
def test_hidden_characters_are_shown_as_codes(value: object, text: str) -> None:
    """Reliability page, section 2: control and direction characters as ``<U+202E>``."""
    assert text == shown(value)


def test_a_code_is_never_cut_in_two() -> None:
    """At most 60 characters of the value are shown, each of them whole."""
    assert "x" * 58 + "<U+202E>x…" == shown("x" * 58 + "\u202e" + "x" * 9)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("survey.xlsx", "works_on", "B7"), "survey.xlsx works_on!B7"),
        (Place("", "works_on", "row 14, element"), "works_on!row 14, element"),
        (Place("works_on.csv", "", "line 7, element"), "works_on.csv line 7, element"),
        (Place("survey.xlsx", "works_on"), "survey.xlsx works_on"),
        (Place(), ""),
    ],
)
def test_a_place_reads_as_the_user_sees_it(place: Place, text: str) -> None:
    assert text == str(place)


def test_places_in_two_files_are_two_places() -> None:
    """Two files may fail alike at the same spot; joining their reports keeps both."""
    a, b = (Problem("N103", "no rows", places=(Place(f, "seeks"),)) for f in ("a.xlsx", "b.xlsx"))
    assert a != b
    assert 2 == len(dict.fromkeys([a, b]))


@pytest.mark.parametrize(
    ("places", "count", "text"),
    [
        (0, 1, "error E301: m -> do"),
        (0, 5, "error E301: m -> do"),
        (1, 1, "error E301 a.csv line 1: m -> do"),
        (1, 413, "error E301 a.csv line 1: m (and 412 more) -> do"),
        (3, 3, "error E301 a.csv line 1: m (also line 2, line 3) -> do"),
        (3, 415, "error E301 a.csv line 1: m (also line 2, line 3 and 412 more) -> do"),
        (4, 4, "error E301 a.csv line 1: m (also line 2, line 3 and 1 more) -> do"),
    ],
)
def test_three_places_and_an_exact_rest(places: int, count: int, text: str) -> None:
    """Reliability page: the first three places and "and 412 more"; the count is exact."""
    assert text == str(Problem("E301", "m", "do", HERE[:places], count))


def test_without_remedy_the_line_ends() -> None:
    assert "note N103 a.csv line 1: m" == str(Problem("N103", "m", places=HERE[:1]))


def test_errors_come_first_then_places_in_the_order_of_the_file() -> None:
    late, early = (Problem("E301", "m", places=(HERE[i],)) for i in (3, 0))
    warning, note = Problem("W103", "m"), Problem("N103", "m")
    mixed = Problems([note, late, warning, early])
    assert [early, late, warning, note] == list(mixed)
    assert mixed == Problems([early, warning, late, note])
    assert hash(mixed) == hash(Problems([early, warning, late, note]))


def test_levels_split_the_list_and_only_errors_forbid() -> None:
    found = Problems([Problem("E301", "m", count=2), Problem("W103", "m"), Problem("N103", "m")])
    assert ["E301"] == [p.code for p in found.errors]
    assert ["W103"] == [p.code for p in found.warnings]
    assert ["N103"] == [p.code for p in found.notes]
    assert not found.ok
    assert found.warnings.ok
    assert "2 errors, 1 warning, 1 note" == found.summary()
    assert "<Problems: 2 errors, 1 warning, 1 note>" == repr(found)
    assert str(found).endswith("\n2 errors, 1 warning, 1 note")


def test_the_frame_holds_one_row_per_kind_of_fault() -> None:
    more = (Problem("N103", "k"),)
    frame = (Problems([Problem("E301", "m", "do", HERE, 9)]) + more).to_frame()
    assert ["level", "code", "place", "message", "remedy", "count"] == list(frame)
    assert [("error", "a.csv line 1", 9), ("note", "", 1)] == list(
        frame[["level", "place", "count"]].itertuples(index=False, name=None)
    )
    assert ["level", "code", "place", "message", "remedy", "count"] == list(Problems().to_frame())


def test_the_notebook_view_escapes_every_text() -> None:
    attack = "<script>alert(1)</script>"
    found = Problems([Problem("E301", attack, attack, (Place(attack, attack, attack),))])
    view = found._repr_html_()
    assert "<script>" not in view
    assert 5 == view.count("&lt;script&gt;")
