"""Several integer codes as one number, so that one sort orders them all."""

from __future__ import annotations

import numpy as np

from sysmap.core.stats import IntArray

_ROOM = 2**62


def packed(*parts: IntArray) -> IntArray | None:
    """One number per row that ascends as the codes do, the first one leading.

    Parameters
    ----------
    parts
        Codes of equal length.

    Returns
    -------
    numpy.ndarray or None
        From 0 up; None if the codes spread too far for 62 bits.

    Examples
    --------
    >>> packed(np.array([0, 0, 2]), np.array([-1, 4, 0])).tolist()
    [0, 5, 13]
    """
    key = np.zeros(len(parts[0]), dtype=np.int64)
    if not len(key):
        return key
    reach = 1
    for part in parts:
        low = int(part.min())
        span = int(part.max()) - low + 1
        reach *= span
        if reach > _ROOM:
            return None
        key *= span
        key += part
        key -= low
    return key


def ascending(*parts: IntArray) -> IntArray:
    """The order that sorts rows of codes; equal rows stay in their order.

    Examples
    --------
    >>> ascending(np.array([1, 0, 1]), np.array([2, 9, 0])).tolist()
    [1, 2, 0]
    """
    key = packed(*parts)
    if key is None:
        return np.lexsort(parts[::-1])
    if (key[1:] >= key[:-1]).all():
        return np.arange(len(key))
    bits = len(key).bit_length()
    if int(key.max()) >= _ROOM >> bits:
        return np.argsort(key, kind="stable")
    # a sort of numbers that carry their place is several times as fast as a sort of places
    key <<= bits
    key += np.arange(len(key))
    key.sort()
    key &= (1 << bits) - 1
    return key
