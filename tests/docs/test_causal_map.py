"""What the page says of a real causal map is so, where the map is there."""

from __future__ import annotations

import pytest

import sysmap as sm
from sysmap.core.model import SystemMap
from tests.docs import pages
from tests.shared import real

FILE = "GBmerged_RemoveProfit_Culture_Feedbacks_2HabPPlinks.csv"
PAGE = (pages.ROOT / "docs" / "how-to" / "ask-a-causal-map.md").read_text(encoding="utf-8")
OUTCOMES = ["Cultural Practices & Attachments", "Employment", "Profits", "Seafood"]


@pytest.fixture(scope="module")
def bank() -> SystemMap:
    """The map of Georges Bank with four outcomes."""
    return sm.read(real("mental_modeler") / FILE, choices={"outcomes": OUTCOMES})


def test_the_map_has_as_many_concepts_and_links_as_the_page_says(bank: SystemMap) -> None:
    concepts, links = len(bank.outcomes) + len(bank.elements), bank.links("influences")
    assert (4, 32, 97, 9) == (len(bank.outcomes), concepts, len(links), links["sign"].isna().sum())
    assert "has 32 concepts and 97 links, nine of them without a sign" in PAGE


def test_what_lies_upstream_of_employment_is_what_the_page_says(bank: SystemMap) -> None:
    """The column Employment of the matrix has four filled cells, one for each fishery."""
    whole, near = bank.upstream("employment"), bank.upstream("employment", steps=1)
    assert (28, 4) == (len(whole.elements), len(near.elements))
    assert "All 28 other concepts lie upstream of employment, four of them within one step" in PAGE


def test_no_path_from_the_climate_has_a_sign(bank: SystemMap) -> None:
    signs = sm.pathways(bank, "climate", "seafood").frame["sign"]
    assert signs.value_counts().to_dict() == {"unknown": 7}
    assert "All seven paths from the climate to seafood have no sign" in PAGE


def test_as_many_loops_are_undecided_as_the_page_says(bank: SystemMap) -> None:
    polarity = sm.loops(bank).frame["polarity"]
    assert (69, 36) == (len(polarity), int((polarity == "unknown").sum()))
    assert "Of 69 loops 36 are undecided" in PAGE


def test_warmer_air_decides_no_outcome(bank: SystemMap) -> None:
    frame = sm.what_if(bank, {"air-temperature": "+"}).frame
    assert frame.loc[frame["table"] == "outcomes", "answer"].tolist() == ["ambiguous"] * 4
    assert "Warmer air decides the direction of none of the four outcomes" in PAGE
