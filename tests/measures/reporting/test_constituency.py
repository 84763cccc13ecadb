"""Constituencies: who speaks, without naming anybody."""

from __future__ import annotations

import pandas as pd

from sysmap.core.model import from_tables
from sysmap.measures.reporting.constituency import NOT_STATED, constituencies, in_words
from tests.maps import shipped


def test_an_organization_that_was_narrowed_away_keeps_no_kind() -> None:
    kinds = constituencies(shipped("teaching").select(organizations="aurora-agency"))
    assert ("un_agency", NOT_STATED) == (kinds["aurora-agency"], kinds["beacon-bank"])


def test_a_source_without_organization_speaks_by_its_kind() -> None:
    assert "workshop" == constituencies(shipped("teaching"))["workshop-causes"]
    blank = from_tables({"sources": pd.DataFrame({"id": ["s"], "name": ["S"]})})
    assert {"s": NOT_STATED} == constituencies(blank).to_dict()


def test_an_empty_map_has_no_reporter() -> None:
    assert constituencies(from_tables({})).empty
    assert in_words([]) == ""
