"""A map that holds its claims as codes gets the answers of the map that holds them as texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

import sysmap as sm
from sysmap.core import coded
from sysmap.core.model import held
from tests.maps import shipped

EXAMPLE = shipped("teaching")


def as_codes(m: sm.SystemMap) -> sm.SystemMap:
    """The same map, each column of a link table held as codes."""
    tables = {kind.table: held(m, kind.table) for kind in m.schema}
    for kind in m.schema.links:
        frame = tables[kind.table]
        columns = {name: coded.coded(*coded.split(frame[name])) for name in frame}
        tables[kind.table] = pd.DataFrame(columns).set_axis(frame.index)
    return replace(m, tables=tables)


CODED = as_codes(EXAMPLE)

ASKS: dict[str, Callable[[sm.SystemMap], sm.Result]] = {
    "profiles": sm.profiles,
    "coverage": sm.coverage,
    "coverage on a day": lambda m: sm.coverage(m, at="2022"),
    "opportunities": lambda m: sm.opportunities(m, draws=5),
    "coalitions": sm.coalitions,
    "exchange": lambda m: sm.exchange(m, draws=5),
    "calendar": sm.calendar,
    "complementarity": lambda m: sm.complementarity(m, us=m.organizations.index[:2], draws=5),
    "universality": lambda m: sm.universality(m, absence="checklist", draws=9),
    "responses": sm.responses,
}


@pytest.mark.parametrize("name", ASKS)
def test_claims_held_as_codes_give_the_same_answer_and_evidence(name: str) -> None:
    assert all(coded.is_coded(held(CODED, "works_on")[c]) for c in held(CODED, "works_on"))
    try:
        plain = ASKS[name](EXAMPLE)
    except sm.UndecidableError as error:
        with pytest.raises(sm.UndecidableError, match=str(error)[:20]):
            ASKS[name](CODED)
        return
    answer = ASKS[name](CODED)
    pd.testing.assert_frame_equal(answer.frame, plain.frame)
    assert (answer.caveats, answer.summary()) == (plain.caveats, plain.summary())
    for key in plain.frame.index[:3]:
        assert answer.explain(key) == plain.explain(key)
        pd.testing.assert_frame_equal(answer.evidence(key), plain.evidence(key))
