"""Why a path that was given leads to no file, and which file may be meant."""

from __future__ import annotations

from pathlib import Path

from sysmap.core import files, names
from sysmap.core.problems import Place, Problem, shown


def absent(path: Path) -> Problem:
    """E001: nothing stands there; the remedy names what is near, or where it is now.

    Examples
    --------
    >>> print(absent(Path("no-such-folder/survey.xlsx")).remedy)
    check the path: there is no folder no-such-folder
    """
    home = path.parent
    said = f"there is no file {shown(path.name)}"
    if old := files.set_aside(path):
        aside = f"{old.parent.name}/{old.name}"
        remedy = (
            f"writing was cut off, and what stood here is now {shown(aside, 120)}: move it back"
        )
    elif path.is_symlink():
        said = f"{shown(path.name)} is a link that leads to no file"
        remedy = "give the file itself, or make the link anew"
    elif not home.is_dir():
        remedy = f"check the path: there is no folder {shown(home.name or home)}"
    else:
        near = names.alike(path.name, [p.name for p in home.iterdir()])
        remedy = f"did you mean {' or '.join(near)}?" if near else "check the name and the folder"
    return Problem("E001", said, remedy, (Place(path.name),))


def pipe(path: Path) -> Problem:
    """E007: what stands there can be read once, or never ends."""
    said = "this is neither a file nor a folder but a pipe or a device"
    return Problem("E007", said, "save what comes out of it into a file", (Place(path.name),))
