"""The maps that come with sysmap."""

from __future__ import annotations

from pathlib import Path

from sysmap.core.errors import UnknownIdError
from sysmap.core.model import SystemMap
from sysmap.core.names import alike
from sysmap.io.read import read

DEFAULT = "asia-pacific-digital-learning"


def example(name: str = DEFAULT, /) -> SystemMap:
    """A map that comes with sysmap.

    Parameters
    ----------
    name
        ``asia-pacific-digital-learning``, made from public sources, or ``teaching``, a small
        invented one in which every table is filled.

    Raises
    ------
    UnknownIdError
        If no such map is shipped.

    Examples
    --------
    >>> example("teaching").title
    'Schools of Meridia: an invented map for teaching'
    """
    folder = _folder()
    there = sorted(p.name for p in folder.iterdir() if (p / "elements.csv").is_file())
    if name not in there:
        raise UnknownIdError(name, table="the shipped maps", near=alike(name, there) or there)
    return read(folder / name)


def _folder() -> Path:
    """The folder datasets: inside an installed package, beside it in a working copy."""
    package = Path(__file__).parent
    installed = package / "_datasets"
    return installed if installed.is_dir() else package.parent / "datasets"
