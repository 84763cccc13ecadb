"""Typed system maps for working groups: from a survey workbook to answers with their evidence.

A public name is loaded from its module when it is first used, so that importing costs little; see
docs/decisions/0009.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sysmap.analyses.backtest import backtest
    from sysmap.analyses.calendar import calendar
    from sysmap.analyses.change import change
    from sysmap.analyses.coalitions import coalitions
    from sysmap.analyses.common_outcomes import common_outcomes
    from sysmap.analyses.complementarity import complementarity
    from sysmap.analyses.coverage import coverage
    from sysmap.analyses.exchange import exchange
    from sysmap.analyses.influence import influence
    from sysmap.analyses.loops import loops
    from sysmap.analyses.opportunities import opportunities
    from sysmap.analyses.pathways import pathways
    from sysmap.analyses.perspectives import perspectives
    from sysmap.analyses.profiles import profiles
    from sysmap.analyses.responses import responses
    from sysmap.analyses.universality import universality
    from sysmap.analyses.what_if import what_if
    from sysmap.core.errors import (
        InvalidMapError,
        LimitError,
        OutputError,
        SystemMapError,
        UndecidableError,
        UnknownIdError,
        UnsupportedFormatError,
    )
    from sysmap.core.model import SystemMap
    from sysmap.core.problems import Problem, Problems
    from sysmap.core.result import Result
    from sysmap.core.schema import SCHEMA, Column, LinkType, NodeType, Schema
    from sysmap.draw.network import to_pyvis
    from sysmap.export import report, to_html
    from sysmap.io.check import check
    from sysmap.io.graph import to_networkx
    from sysmap.io.match import match
    from sysmap.io.read import read
    from sysmap.io.scan import scan
    from sysmap.io.template import template
    from sysmap.io.write import write
    from sysmap.shipped import example

__all__ = [
    "Column",
    "InvalidMapError",
    "LimitError",
    "LinkType",
    "NodeType",
    "OutputError",
    "Problem",
    "Problems",
    "Result",
    "SCHEMA",
    "Schema",
    "SystemMap",
    "SystemMapError",
    "UndecidableError",
    "UnknownIdError",
    "UnsupportedFormatError",
    "backtest",
    "calendar",
    "change",
    "check",
    "coalitions",
    "common_outcomes",
    "complementarity",
    "coverage",
    "example",
    "exchange",
    "influence",
    "loops",
    "match",
    "opportunities",
    "pathways",
    "perspectives",
    "profiles",
    "read",
    "report",
    "responses",
    "scan",
    "template",
    "to_html",
    "to_networkx",
    "to_pyvis",
    "universality",
    "what_if",
    "write",
]

_HOMES = {
    "Column": "sysmap.core.schema",
    "InvalidMapError": "sysmap.core.errors",
    "LimitError": "sysmap.core.errors",
    "LinkType": "sysmap.core.schema",
    "NodeType": "sysmap.core.schema",
    "OutputError": "sysmap.core.errors",
    "Problem": "sysmap.core.problems",
    "Problems": "sysmap.core.problems",
    "Result": "sysmap.core.result",
    "SCHEMA": "sysmap.core.schema",
    "Schema": "sysmap.core.schema",
    "SystemMap": "sysmap.core.model",
    "SystemMapError": "sysmap.core.errors",
    "UndecidableError": "sysmap.core.errors",
    "UnknownIdError": "sysmap.core.errors",
    "UnsupportedFormatError": "sysmap.core.errors",
    "backtest": "sysmap.analyses.backtest",
    "calendar": "sysmap.analyses.calendar",
    "change": "sysmap.analyses.change",
    "check": "sysmap.io.check",
    "coalitions": "sysmap.analyses.coalitions",
    "common_outcomes": "sysmap.analyses.common_outcomes",
    "complementarity": "sysmap.analyses.complementarity",
    "coverage": "sysmap.analyses.coverage",
    "example": "sysmap.shipped",
    "exchange": "sysmap.analyses.exchange",
    "influence": "sysmap.analyses.influence",
    "loops": "sysmap.analyses.loops",
    "match": "sysmap.io.match",
    "opportunities": "sysmap.analyses.opportunities",
    "pathways": "sysmap.analyses.pathways",
    "perspectives": "sysmap.analyses.perspectives",
    "profiles": "sysmap.analyses.profiles",
    "read": "sysmap.io.read",
    "report": "sysmap.export",
    "responses": "sysmap.analyses.responses",
    "scan": "sysmap.io.scan",
    "template": "sysmap.io.template",
    "to_html": "sysmap.export",
    "to_networkx": "sysmap.io.graph",
    "to_pyvis": "sysmap.draw.network",
    "universality": "sysmap.analyses.universality",
    "what_if": "sysmap.analyses.what_if",
    "write": "sysmap.io.write",
}
"""The module of each public name."""


def __getattr__(name: str) -> object:
    """Load a public name from its module, once."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sysmap' has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List what is loaded and what can be."""
    return sorted({*globals(), *__all__})
