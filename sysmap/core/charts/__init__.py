"""The one door to figures: each primitive takes a plain frame and an Axes.

Nothing is said by colour alone, and text is drawn as it is written.
"""

from sysmap.core.charts.canvas import axes, style, to_png, to_svg
from sysmap.core.charts.grids import amounts, matrix
from sysmap.core.charts.labels import distinct
from sysmap.core.charts.marks import PALETTE, mark, marks
from sysmap.core.charts.points import scatter
from sysmap.core.charts.rows import bars, dots, spans
from sysmap.core.charts.steps import steps

__all__ = [
    "PALETTE",
    "amounts",
    "axes",
    "bars",
    "distinct",
    "dots",
    "mark",
    "marks",
    "matrix",
    "scatter",
    "spans",
    "steps",
    "style",
    "to_png",
    "to_svg",
]
