"""Keys compare and never store; a suggestion needs exactly one candidate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sysmap.core import names


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Teacher Training", "  teacher\u00a0training\u200b "),
        ("e\u0301cole", "école"),
        ("ﬁnance", "finance"),
        ("STRASSE", "straße"),
        ("a\tb\nc", "a b c"),
        ("x\x07", "x"),
    ],
)
def test_spellings_of_one_text_share_a_key(text: str, same: str) -> None:
    """Formats page, section 12: NFKC, no format or control characters, blanks, case."""
    assert names.key(text) == names.key(same)


def test_look_alike_letters_keep_their_keys_apart() -> None:
    assert names.key("Cost") != names.key("Соst")


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    """Comparing keys of keys changes nothing, whatever the text."""
    once = names.key(text)
    assert names.key(once) == once


@given(st.text(st.characters(max_codepoint=126, min_codepoint=32)))
def test_the_short_way_for_plain_text_equals_the_long_way(text: str) -> None:
    """A zero-width character forces the long way and leaves no trace."""
    assert names.key(text + "\u200b") == names.key(text)


def test_headers_treat_blanks_and_hyphens_as_underscores() -> None:
    assert "income_group" == names.header(" Income-Group ") == names.header("income\u00a0group")


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Éducation & formation (TVET)", "education-formation-tvet"), ("教育  政策", "教育-政策")],
)
def test_a_slug_is_an_id_without_blanks(text: str, slug: str) -> None:
    assert slug == names.slug(text)


@pytest.mark.parametrize(
    ("text", "candidates", "found"),
    [
        ("teacher-traning", ["teacher-training", "costing"], "teacher-training"),
        ("Teacher-Training", ["teacher-training"], "teacher-training"),
        ("teacher-traning", ["teacher-training", "teacher-trainings"], None),
        ("edu1", ["edu2"], None),
        ("element12", ["element13"], None),
        ("cost", ["costs"], None),
        ("costs", ["cost"], "cost"),
        ("something", ["teacher-training"], None),
        ("something", [], None),
    ],
)
def test_a_suggestion_needs_one_candidate_five_letters_and_no_number(
    text: str, candidates: list[str], found: str | None
) -> None:
    """Reliability page, section 2: one candidate at 0.8 or more, five letters, no numbered id."""
    assert found == names.near(text, candidates)


@pytest.mark.parametrize(("length", "near"), [(8, True), (7, False)])
def test_the_bound_of_likeness_is_four_fifths(length: int, near: bool) -> None:
    """Indel similarity 2 * lcs / (len a + len b): 8 of 10 letters give 0.8, 7 give 0.7."""
    text = "abcdefgh"[:length] + "zyxwv"[: 10 - length]
    assert near == (names.near("abcdefghij", [text]) is not None)


def test_alike_gives_the_best_first_and_at_most_three() -> None:
    found = names.alike(
        "connectivity", ["connectivty", "connectivity-x", "connect-ivity", "conectivity"]
    )
    assert 3 == len(found)
    assert {"connectivty", "connect-ivity", "conectivity"} == set(found)
