"""Laws of the five answers about members, on every valid map of the shared strategy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import icalendar
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sysmap.analyses.calendar import Calendar, calendar
from sysmap.analyses.coverage import coverage
from sysmap.analyses.exchange import exchange
from sysmap.analyses.opportunities import opportunities
from sysmap.analyses.profiles import Profiles, profiles
from sysmap.core.errors import UndecidableError
from sysmap.core.model import SystemMap
from sysmap.core.result import Result
from tests.strategies import maps

QUESTIONS: Mapping[str, Callable[[SystemMap], Result]] = {
    "calendar": calendar,
    "coverage": coverage,
    "profiles": profiles,
    "exchange": lambda m: exchange(m, draws=5),
    "opportunities": lambda m: opportunities(m, draws=5, top=3),
}


@settings(
    max_examples=6,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.parametrize("question", QUESTIONS)
@given(m=maps(max_size=6, carried=False), data=st.data())
def test_every_valid_map_is_answered_or_refused_with_a_reason(
    question: str, m: SystemMap, data: st.DataObject, tmp_path: Path
) -> None:
    """Every row can be explained and opened, and the words hold no missing value."""
    try:
        answer = QUESTIONS[question](m)
    except UndecidableError:
        return
    for text in (answer.summary(), answer.methods(), answer.alt_text(), *answer.caveats):
        assert "<NA>" not in text
    assert not answer.frame.index.duplicated().any()
    if len(answer):
        key = data.draw(st.sampled_from(list(answer.frame.index)))
        assert answer.explain(key).endswith(".")
        assert "<NA>" not in answer.explain(key)
        for _, row in answer.evidence(key).iterrows():
            table = m.asked if row["table"] == "asked" else m.links(row["table"])
            assert row["row"] in table.index
    if isinstance(answer, Calendar):
        file = answer.to_ics(tmp_path / "a.ics")
        events = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
        assert len(events) == m.activities["start"].notna().sum()
    if isinstance(answer, Profiles) and len(m.organizations):
        assert answer.of(data.draw(st.sampled_from(list(m.organizations.index)))).endswith(".")
