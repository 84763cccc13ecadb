"""The records of an old workbook: whether one says that a cell stands where no sheet has any.

The parser makes room for all cells up to the last one, whatever a damaged number says. The layout
is that of Microsoft's specification MS-XLS.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_ROWS, _COLUMNS = 65_536, 256
"""What a sheet of an old workbook has."""

_END, _SHEET, _EXTENT = 0x000A, 0x0085, 0x0200
"""Kinds of records: the end of a sheet, where one begins, and what it says of its extent."""

_CELLS = frozenset({0x06, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E})
_MANY = {0xBD: 6, 0xBE: 2}
"""Kinds of records that hold neighbours in a row, and the bytes of each."""


def beyond(stream: bytes) -> bool:
    """Whether a record of a workbook leads out of every sheet.

    Examples
    --------
    >>> inside = struct.pack("<HHHHH", 0x0203, 6, 4, 255, 0)
    >>> outside = struct.pack("<HHHHH", 0x0203, 6, 4, 256, 0)
    >>> beyond(inside), beyond(outside)
    (False, True)
    """
    sheets = [0]
    for kind, body in _records(stream, 0):
        if kind == _SHEET and len(body) >= 4:
            sheets.append(int.from_bytes(body[:4], "little"))
    return any(_leads_out(kind, body) for at in {*sheets} for kind, body in _records(stream, at))


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record of one part, up to its end."""
    kind = -1
    while kind != _END and at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _leads_out(kind: int, body: bytes) -> bool:
    if kind == _EXTENT and len(body) >= 10:
        form = "<IIHH" if len(body) >= 12 else "<HHHH"
        _, rows, _, columns = struct.unpack_from(form, body)
        return bool(rows > _ROWS or columns > _COLUMNS)
    if kind in _CELLS and len(body) >= 4:
        column = int.from_bytes(body[2:4], "little")
        more = (len(body) - 6) // _MANY[kind] - 1 if kind in _MANY else 0
        return column + more >= _COLUMNS
    return False
