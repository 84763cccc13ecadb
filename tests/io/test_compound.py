"""Compound files of a few sectors, made by hand."""

from __future__ import annotations

import struct

import pytest

from sysmap.io import compound

SIZE, END, FREE = 512, 0xFFFFFFFE, 0xFFFFFFFF


def words(*numbers: int) -> bytes:
    """A sector of numbers, free to its end."""
    return struct.pack("<128I", *numbers, *[FREE] * (128 - len(numbers)))


def entry(name: str, start: int, length: int) -> bytes:
    """What the names say of one stream."""
    letters = f"{name}\0".encode("utf-16-le")
    told = letters.ljust(64, b"\0") + struct.pack("<H", len(letters))
    return told.ljust(116, b"\0") + struct.pack("<II", start, length) + bytes(4)


def made(
    following: tuple[int, ...] = (0xFFFFFFFD, END, END, END, 5, END),
    short: tuple[int, ...] = (1, END),
    more: int = END,
    last: bytes = b"d" * SIZE,
) -> bytes:
    """Sectors: the table, the names, short chains, short streams, and two of a long stream."""
    header = bytearray(SIZE)
    header[30] = 9
    struct.pack_into("<II", header, 44, 1, 1)
    struct.pack_into("<IIII", header, 56, 4096, 2, 1, more)
    struct.pack_into("<109I", header, 76, 0, *[FREE] * 108)
    names = entry("Root Entry", 3, 128) + entry("few", 0, 70) + entry("Book", 4, 5000)
    streams = (b"a" * 64 + b"b" * 64).ljust(SIZE, b"\0")
    table = words(*following)
    return (
        bytes(header)
        + table
        + names.ljust(SIZE, b"\0")
        + words(*short)
        + streams
        + b"c" * SIZE
        + last
    )


def test_streams_are_put_together_from_their_sectors() -> None:
    file = compound.opened(made())
    assert file is not None
    assert b"a" * 64 + b"b" * 6 == file.stream("few")
    assert b"c" * SIZE == file.stream("Workbook", "Book")[:SIZE]
    assert b"" == file.stream("Workbook")


@pytest.mark.parametrize(
    "data",
    [
        made(following=(0xFFFFFFFD, END, END, END, 5, 4)),
        made(following=(0,)),
        made(short=(1, 0)),
        made(more=5, last=words(*[FREE] * 127, 5)),
        made()[:300],
        made().replace(b"\x09", b"\x40", 1),
    ],
    ids=["long", "table", "short", "list", "cut", "size"],
)
def test_a_file_whose_chains_have_no_end_is_refused(data: bytes) -> None:
    assert compound.opened(data) is None
