"""The one door to figures: each primitive takes a plain frame and an Axes.

Nothing is said by colour alone, and text is drawn as it is written.
"""

from sysmap.core.charts.canvas import axes, is_blank, style, to_png, to_svg
from sysmap.core.charts.chains import chains
from sysmap.core.charts.combinations import combinations, upset
from sysmap.core.charts.grids import amounts, matrix
from sysmap.core.charts.labels import distinct
from sysmap.core.charts.loops import rings
from sysmap.core.charts.marks import PALETTE, mark, marks
from sysmap.core.charts.points import scatter
from sysmap.core.charts.rows import bars, diverging, dots, left_out, spans
from sysmap.core.charts.sides import sides
from sysmap.core.charts.steps import steps

__all__ = [
    "PALETTE",
    "amounts",
    "axes",
    "bars",
    "chains",
    "combinations",
    "distinct",
    "diverging",
    "dots",
    "is_blank",
    "left_out",
    "mark",
    "marks",
    "matrix",
    "rings",
    "scatter",
    "sides",
    "spans",
    "steps",
    "style",
    "to_png",
    "to_svg",
    "upset",
]
