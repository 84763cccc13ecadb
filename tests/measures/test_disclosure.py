"""What a map says of itself before its answers: never "not asked" where somebody was asked."""

from __future__ import annotations

import pandas as pd
import pytest

import sysmap as sm
from sysmap.core.model import from_tables
from sysmap.measures import disclosure


def survey(*, visibility: str = "public", ledger: bool = True) -> sm.SystemMap:
    """One member that answered one question."""
    tables = {
        "elements": pd.DataFrame({"id": ["e1"], "name": ["Laws"]}),
        "contexts": pd.DataFrame({"id": ["FJI"], "name": ["Fiji"], "kind": ["country"]}),
        "organizations": pd.DataFrame({"id": ["g1"], "name": ["First"], "member": ["yes"]}),
        "sources": pd.DataFrame(
            {"id": ["s1"], "name": ["Answer"], "kind": ["survey"], "organization": ["g1"]}
        ),
        "observed": pd.DataFrame(
            {
                "element": ["e1"],
                "context": ["FJI"],
                "state": ["present"],
                "source": ["s1"],
                "visibility": [visibility],
            }
        ),
        "works_on": pd.DataFrame({"organization": ["g1"], "element": ["e1"], "source": ["s1"]}),
    }
    if ledger:
        tables["asked"] = pd.DataFrame(
            {"source": ["s1"], "question": ["observed"], "answered": ["yes"]}
        )
    return from_tables(tables)


def sourced(*kinds: str) -> sm.SystemMap:
    """A map without a ledger whose sources are of these kinds."""
    ids = [f"s{i}" for i in range(len(kinds))]
    return from_tables(
        {
            "elements": pd.DataFrame({"id": ["e1"], "name": ["Laws"]}),
            "sources": pd.DataFrame({"id": ids, "name": ids, "kind": list(kinds)}),
        }
    )


def test_a_hidden_answer_is_no_silence() -> None:
    """The ledger leaves with the only answer; that nobody was asked does not follow."""
    whole = survey(visibility="private")
    assert "1 of 1 sources that were asked gave an answer." in disclosure.lead(whole)
    shown = whole.redact("public")
    assert shown.asked.empty
    assert shown.hidden == 1
    assert disclosure.lead(shown)[1] == (
        "Who was asked, where anybody wrote it down, is not shown to this audience, "
        "so silence cannot be told from no."
    )


def test_no_page_calls_a_hidden_answer_not_asked() -> None:
    """Page and brief say the same."""
    page = sm.to_html(survey(visibility="private")).html
    assert "Members were not asked" not in page
    assert "Who was asked, where anybody wrote it down, is not shown" in page


def test_a_survey_without_a_ledger_was_asked() -> None:
    """Who answered must have been asked, though nobody wrote down who else was."""
    assert disclosure.lead(survey(ledger=False))[1] == (
        "Nobody wrote down who was asked; 1 survey source answered, so silence cannot be told "
        "from no."
    )


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (("survey", "survey", "document"), "Nobody wrote down who was asked; 2 survey sources "),
        (("interview",), "Nobody wrote down who was asked; 1 interview answered"),
        (
            ("interview", "survey", "interview"),
            "Nobody wrote down who was asked; 1 survey source and 2 interviews answered",
        ),
        (("document", "dataset"), "Members were not asked: "),
        ((), "Members were not asked: "),
    ],
)
def test_sources_tell_whether_anybody_was_asked(kinds: tuple[str, ...], said: str) -> None:
    """Only where no source is a survey or an interview was nobody asked."""
    assert disclosure.lead(sourced(*kinds))[1].startswith(said)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2", "round 2"),
        ("second", "second round"),
        ("Round 2", "Round 2"),
        ("second round", "second round"),
        ("background", "background round"),
    ],
)
def test_a_round_is_called_one(written: str, said: str) -> None:
    """The first sentence reads as one, however the round was written down."""
    about = pd.DataFrame({"key": ["data date", "round"], "value": ["2025-06-30", written]})
    assert disclosure.lead(from_tables({"about": about}))[0] == f"Data of 30 June 2025, {said}."
