"""The one door to figures: each primitive takes a plain frame and an Axes.

Nothing is said by colour alone, and text is drawn as it is written.
"""

from sysmap.core.canvas import axes, style, to_png, to_svg
from sysmap.core.grids import amounts, matrix
from sysmap.core.marks import PALETTE, mark, marks
from sysmap.core.points import scatter
from sysmap.core.rows import bars, dots, spans

__all__ = [
    "PALETTE",
    "amounts",
    "axes",
    "bars",
    "dots",
    "mark",
    "marks",
    "matrix",
    "scatter",
    "spans",
    "style",
    "to_png",
    "to_svg",
]
