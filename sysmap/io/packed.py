"""LZ-String, the packing of texts for UTF-16: only taken apart, never made.

A packed text holds 15 bits in each character, the first bit first. The bits are numbers: places
in a dictionary that grows by one entry with each of them, or a new character, or the end.
"""

from __future__ import annotations

MOST = 50_000_000
"""Characters after which unpacking stops."""

_BITS, _OFFSET, _BLOCK = 15, 32, 64
_NARROW, _WIDE, _END = 0, 1, 2


class TornError(Exception):
    """The text ends before its end mark, or names what is not in its dictionary."""


class TooLongError(Exception):
    """The text unpacks to more than `MOST` characters."""


class _Bits:
    """The numbers of a packed text, one after the other."""

    def __init__(self, text: str) -> None:
        self._text, self._read, self._waiting = text, 0, ""

    def number(self, width: int) -> int:
        """The next number of some bits, the lowest first."""
        while len(self._waiting) < width:
            block = self._text[self._read : self._read + _BLOCK]
            codes = [ord(c) - _OFFSET for c in block]
            if not block or min(codes) < 0 or max(codes) >= 1 << _BITS:
                raise TornError
            self._waiting += "".join(f"{code:0{_BITS}b}" for code in codes)
            self._read += _BLOCK
        found, self._waiting = self._waiting[:width], self._waiting[width:]
        return int(found[::-1], 2)


def unpacked(text: str, most: int = MOST) -> str:
    r"""The text that was packed.

    Raises
    ------
    TornError
        If the text is cut short or was not packed so.
    TooLongError
        If the result has more than `most` characters.

    Examples
    --------
    >>> unpacked("\u02e2\u4c2d\u4c3e\u6054@\u25cc\u0450\u16f9\u5a3a\u4d04  ")
    'hello, i am a 猫'
    """
    bits = _Bits(text)
    entries: list[str] = ["", "", ""]
    width, room = 2, 1
    made: list[str] = []
    size = 0
    before = ""
    while True:
        number = bits.number(width)
        if number == _END:
            break
        if number in (_NARROW, _WIDE):
            entries.append(chr(bits.number(8 if number == _NARROW else 16)))
            number = len(entries) - 1
            room -= 1
            if room == 0:
                room, width = 1 << width, width + 1
        if number < len(entries):
            entry = entries[number]
        elif number == len(entries) and before:
            entry = before + before[0]
        else:
            raise TornError
        made.append(entry)
        size += len(entry)
        if size > most:
            raise TooLongError
        if before:
            entries.append(before + entry[0])
            room -= 1
            if room == 0:
                room, width = 1 << width, width + 1
        before = entry
    whole = "".join(made)
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
