"""A compound file, which an old workbook is: its streams, if the chains of its sectors end.

The parser of workbooks follows the chains without asking, so that one which comes back to itself
fills the memory until the process ends. The layout is that of Microsoft's specification MS-CFB.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint32]

_HEADER = 512
_SHIFTS = (9, 12)
"""Sectors have 512 or 4,096 bytes."""

_SHIFT, _FILES, _SMALL, _SHORT, _MORE, _TABLE = 30, 48, 56, 60, 68, 76
"""Bytes of the header: size of sectors, first sector of the names, below how many bytes a stream is
short, first sectors of the table of short ones and of more of the last, which lists the table."""

_ENTRY, _LETTERS, _START, _BYTES = 128, 64, 116, 120
"""Bytes of an entry among the names: all, and where its parts stand."""

_PIECE = 64
"""Bytes of a sector of a short stream."""

_NONE = 0xFFFFFFFA
"""From here on a number names no sector."""


@dataclass(frozen=True, slots=True)
class Compound:
    """A compound file of which every chain ends.

    Parameters
    ----------
    data
        The whole file.
    size
        Bytes of a sector.
    following, short
        Which sector follows each, among all sectors and among those of short streams.
    """

    data: bytes
    size: int
    following: Words
    short: Words

    def stream(self, *names: str) -> bytes:
        """The first stream that is called by one of the names; nothing if none is.

        Examples
        --------
        >>> Compound(bytes(1024), 512, np.empty(0, np.uint32), np.empty(0, np.uint32)).stream("a")
        b''
        """
        files = self._long(_word(self.data, _FILES))
        entries = [files[i : i + _ENTRY] for i in range(0, len(files) - _ENTRY + 1, _ENTRY)]
        for entry in entries:
            letters = int.from_bytes(entry[_LETTERS : _LETTERS + 2], "little")
            if entry[: max(letters - 2, 0)].decode("utf-16-le", "replace") not in names:
                continue
            start, length = _word(entry, _START), _word(entry, _BYTES)
            if length >= _word(self.data, _SMALL):
                return self._long(start)[:length]
            every, chain = self._long(_word(entries[0], _START)), _chain(start, self.short)
            return b"".join(every[n * _PIECE : (n + 1) * _PIECE] for n in chain)[:length]
        return b""

    def _long(self, start: int) -> bytes:
        return _joined(self.data, self.size, _chain(start, self.following))


def opened(data: bytes) -> Compound | None:
    """The file, unless it is cut short or a chain of its sectors has no end.

    Examples
    --------
    >>> opened(bytes(100)) is None
    True
    """
    if len(data) < _HEADER or data[_SHIFT] not in _SHIFTS:
        return None
    size = 1 << data[_SHIFT]
    listed = _listed(data, size)
    if len(listed) > len(data) // size:
        return None
    following = _words(_joined(data, size, listed))
    if not _acyclic(following):
        return None
    short = _words(_joined(data, size, _chain(_word(data, _SHORT), following)))
    return Compound(data, size, following, short) if _acyclic(short) else None


def _listed(data: bytes, size: int) -> list[int]:
    """The sectors of the table; more than the file has where the list comes back to itself."""
    found: list[int] = _words(data[_TABLE:_HEADER]).tolist()
    more = _word(data, _MORE)
    while more < _NONE:
        if len(found) > len(data) // 4:
            return found
        words = _words(_sector(data, size, more))
        found += words[:-1].tolist()
        more = int(words[-1]) if len(words) else _NONE
    return [n for n in found if n < _NONE]


def _chain(start: int, following: Words) -> list[int]:
    """The numbers of the sectors of one chain, which ends."""
    found, at = [], start
    while at < len(following):
        found.append(at)
        at = int(following[at])
    return found


def _acyclic(following: Words) -> bool:
    """Whether all chains end; all are followed at once, by twice as many sectors each time."""
    end = len(following)
    at = np.append(np.minimum(following, end), end).astype(np.int64)
    for _ in range(end.bit_length()):
        at = at[at]
    return bool((at == end).all())


def _sector(data: bytes, size: int, number: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size]


def _joined(data: bytes, size: int, numbers: Iterable[int]) -> bytes:
    return b"".join(_sector(data, size, n) for n in numbers)


def _words(data: bytes) -> Words:
    return np.frombuffer(data[: len(data) // 4 * 4], "<u4")


def _word(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")
