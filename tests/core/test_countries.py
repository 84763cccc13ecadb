"""Country codes are suggested, never applied."""

import pytest

from sysmap.core import countries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NA", "NAM"), ("Namibia", "NAM"), ("Viet nam", "VNM"), ("UK", "GBR"), ("GB", "GBR"),
        ("Kosovo", "XKX"), ("LAO", "LAO"), ("Lao PDR", "LAO"), ("Turkey", "TUR"),
        ("Burma", "MMR"), ("Népal", "NPL"), ("XX", None), ("Global", None), ("VN; LA", None),
        ("", None),
    ],
)  # fmt: skip
def test_names_and_other_codes_suggest_the_alpha_3_code(text: str, code: str | None) -> None:
    """Row 38 of the scorecard, and section 12 of the formats page."""
    assert code == countries.code_of(text)


def test_every_suggestion_is_a_code_of_the_table_or_user_assigned() -> None:
    for spoken in countries._SPOKEN.values():
        assert spoken in countries.table() or spoken in countries.USER_ASSIGNED


def test_the_group_counts_are_those_of_2024() -> None:
    """Formats page: LDC 45, LLDC 32, SIDS 53, of 249 rows."""
    rows = countries.table().values()
    counts = {g: sum(row[g] == "yes" for row in rows) for g in ("ldc", "lldc", "sids")}
    assert {"ldc": 45, "lldc": 32, "sids": 53} == counts
    assert 249 == len(rows)


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        countries.table()["NPL"]["name"] = "x"  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "is_code"), [("NPL", True), ("npl", False), ("NP", False), ("NÖL", False)]
)
def test_a_code_has_three_capital_letters(text: str, is_code: bool) -> None:
    assert is_code == countries.looks_like_code(text)
