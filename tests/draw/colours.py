"""Colours as numbers: contrast after WCAG, sight of colour-blind readers, distance in CIE Lab.

Sources: contrast and luminance are those of WCAG 2.2; the matrices are those of Machado, Oliveira
and Fernandes (2009), table of severity 1.0, applied to linear RGB; Lab is that of CIE 15 for the
white D65, and the distance is that of 1976 (CIE76).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Colour = npt.NDArray[np.float64]

SIGHTS = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}

_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def channels(colour: str) -> Colour:
    """``#RRGGBB`` as three numbers between 0 and 1."""
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def linear(colour: str) -> Colour:
    """The light that a screen gives for it."""
    c = channels(colour)
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21."""
    low, high = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """Two colours mixed; `share` is that of the first."""
    parts = np.rint(255 * (channels(colour) * share + channels(other) * (1 - share))).astype(int)
    return "#" + "".join(f"{part:02x}" for part in parts)


def lab(colour: str, sight: str) -> Colour:
    """The colour as this sight has it, in CIE Lab."""
    seen = np.clip(SIGHTS[sight] @ linear(colour), 0, 1)
    ratio = (_XYZ @ seen) / (_XYZ @ np.ones(3))
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, sight: str) -> float:
    """How far apart two colours are for this sight; about 2 is just seen side by side."""
    return float(np.linalg.norm(lab(one, sight) - lab(other, sight)))
