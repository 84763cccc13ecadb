"""Typed system maps for working groups: from a survey workbook to answers with their evidence."""

from sysmap.analyses.calendar import calendar
from sysmap.analyses.common_outcomes import common_outcomes
from sysmap.analyses.complementarity import complementarity
from sysmap.analyses.coverage import coverage
from sysmap.analyses.exchange import exchange
from sysmap.analyses.opportunities import opportunities
from sysmap.analyses.profiles import profiles
from sysmap.analyses.responses import responses
from sysmap.analyses.universality import universality
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
from sysmap.io.read import read
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
    "calendar",
    "check",
    "common_outcomes",
    "complementarity",
    "coverage",
    "example",
    "exchange",
    "opportunities",
    "profiles",
    "read",
    "report",
    "responses",
    "template",
    "to_html",
    "to_networkx",
    "to_pyvis",
    "universality",
    "write",
]
