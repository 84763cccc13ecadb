"""How each question is asked of the teaching map, where it takes more than the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import sysmap as sm
from sysmap.core.model import SystemMap
from tests.maps import shipped
from tests.planted_ties import PARTED, tied

WITH_SUBJECT: Mapping[str, Callable[[SystemMap], sm.Result]] = {
    # the teaching map has fewer ties than a test of the ranking needs
    "backtest": lambda _: sm.backtest(tied(), at=PARTED),
    "what_if": lambda m: sm.what_if(m, {"data-price": "-"}),
    "change": lambda m: sm.change(m.as_of("2024-06-30"), m),
    "pathways": lambda m: sm.pathways(m, "telecom-deal", "every-school-online"),
}
"""Public functions whose question has a subject, or asks for more than the teaching map holds."""


@cache
def answered(question: str) -> sm.Result:
    """The answer of a public function for the teaching map, computed once."""
    ask = WITH_SUBJECT.get(question) or getattr(sm, question)
    found: sm.Result = ask(shipped("teaching"))
    return found
