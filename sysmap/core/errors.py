"""Everything that sysmap raises.

::

    SystemMapError
    ├── InvalidMapError (ValueError)      the tables are no valid map; .problems says why
    ├── UnknownIdError (KeyError)         no node has that id; .id and .near
    ├── UnsupportedFormatError (ValueError)   not a file that sysmap reads; .problems
    ├── UndecidableError (ValueError)     the data cannot answer; .missing says what would
    ├── LimitError (ValueError)           too large; .limit names the bound
    └── OutputError (OSError)             cannot write there; the old file is intact; .path

A missing file is Python's own FileNotFoundError.
"""

from __future__ import annotations

from collections.abc import Sequence

from sysmap.core.problems import Problems


class SystemMapError(Exception):
    """The root: catch it to catch all that sysmap raises on purpose."""


class InvalidMapError(SystemMapError, ValueError):
    """The tables are not a valid map; `problems` holds every fault."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        super().__init__(f"not a valid map: {problems.summary()}\n{problems}")


class UnknownIdError(SystemMapError, KeyError):
    """No node has that id; `near` holds ids that look alike."""

    def __init__(self, id: object, *, table: str = "the map", near: Sequence[str] = ()) -> None:
        self.id, self.near = id, tuple(near)
        hint = f" Did you mean {', '.join(map(repr, self.near))}?" if self.near else ""
        super().__init__(f"{id!r} is not an id in {table}.{hint}")

    def __str__(self) -> str:
        """The message without the quotes that KeyError adds."""
        return str(self.args[0])


class UnsupportedFormatError(SystemMapError, ValueError):
    """The file is of a kind that sysmap does not read or write."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class UndecidableError(SystemMapError, ValueError):
    """The data cannot answer the question; `missing` names what would."""

    def __init__(self, message: str, *, missing: str) -> None:
        self.missing = missing
        super().__init__(f"{message} {missing}")


class LimitError(SystemMapError, ValueError):
    """Too large to read, draw or enumerate; `limit` names the bound."""

    def __init__(self, message: str, *, limit: str) -> None:
        self.limit = limit
        super().__init__(message)


class OutputError(SystemMapError, OSError):
    """Nothing was written; a file that stood there is intact."""

    def __init__(self, code: str, path: object, message: str) -> None:
        self.code, self.path = code, path
        super().__init__(f"{code} {path}: {message}")
