"""Types of arrays, randomness, and divisions that leave what they cannot say blank."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

RNG: TypeAlias = int | np.random.Generator
FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
CodeArray: TypeAlias = npt.NDArray[np.int8]
BoolArray: TypeAlias = npt.NDArray[np.bool_]

DRAW_TOLERANCE = 1e-12
"""A draw that falls short by rounding alone is as extreme."""


def generator(rng: RNG = 0) -> np.random.Generator:
    """A seed becomes a Generator; a Generator stays itself and goes on where it stands."""
    return np.random.default_rng(rng)


def check_draws(draws: object, *, least: int = 0) -> None:
    """A number of draws is a whole number; TypeError or ValueError says what would do.

    Examples
    --------
    >>> check_draws(-5)
    Traceback (most recent call last):
    ValueError: draws is -5; give a whole number, 0 or more
    """
    wanted = f"draws is {draws!r}; give a whole number, {least} or more"
    if not isinstance(draws, int | np.integer) or isinstance(draws, bool):
        raise TypeError(wanted)
    if draws < least:
        raise ValueError(wanted)


def ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Quotients, NaN where the whole is 0; the whole broadcasts against the part."""
    quotient = np.full(part.shape, np.nan)
    np.divide(part, whole, out=quotient, where=whole > 0)
    return quotient
