"""Two paths that exchange what stands at them in one step, where the system can do that."""

from __future__ import annotations

import ctypes
import os
import platform
from pathlib import Path

_HERE = -100
"""AT_FDCWD of Linux: a path begins in the working folder."""

_EXCHANGE = 2
"""RENAME_EXCHANGE of Linux, and RENAME_SWAP of macOS."""


def exchanged(one: Path, other: Path) -> bool:
    """Let two files or folders change places, so that nobody ever sees one of the paths empty.

    False, and nothing has happened, where the system, its C library or the file system cannot,
    or where either path is missing or may not be moved: a usual rename then tells why.

    Examples
    --------
    >>> exchanged(Path("no-such-folder/a"), Path("no-such-folder/b"))
    False
    """
    a, b = os.fsencode(one), os.fsencode(other)
    try:
        if platform.system() == "Linux":
            return bool(ctypes.CDLL(None).renameat2(_HERE, a, _HERE, b, _EXCHANGE) == 0)
        if platform.system() == "Darwin":
            return bool(ctypes.CDLL(None).renamex_np(a, b, _EXCHANGE) == 0)
    except AttributeError:
        pass  # the C library is older than the call
    return False
