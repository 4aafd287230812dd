"""Halftone screens: how much ink each pixel is to take in, how much of it is inked with full ink out."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Mask

Shares = NDArray[np.float32]
"""Shares of pixels, 0 to 1."""


def screened(amount: Mask, shape: str, cell: float, angle: float, top: int, steps: int) -> Shares:
    """Share of each pixel of a band that is inked, in `steps` from 0 to 1; `top` is its first row in the picture.

    The screen is a wave that is highest in the middle of a dot or line, and what lies above a height is inked.
    """
    height, width = amount.shape
    waves = [_wave(height, width, cell, angle, top)]
    if shape == "dots":
        waves.append(_wave(height, width, cell, angle + 90, top))
    share = _inked(waves, cell, _heights(shape, cell)[amount])
    return np.asarray(np.rint(share * np.float32(steps)) / np.float32(steps), np.float32)


def _wave(height: int, width: int, cell: float, angle: float, top: int) -> tuple[Shares, Shares]:
    """Cosine and sine (H, W) of a wave of length `cell` that runs at an angle, from those of rows and of columns."""
    step = 2 * np.pi / cell
    x = (np.arange(width) + 0.5) * step * np.cos(np.radians(angle))
    y = (np.arange(top, top + height) + 0.5)[:, None] * step * -np.sin(np.radians(angle))
    cos_x, sin_x, cos_y, sin_y = (f(a).astype(np.float32) for a in (x, y) for f in (np.cos, np.sin))
    return cos_y * cos_x - sin_y * sin_x, sin_y * cos_x + cos_y * sin_x


def _inked(waves: list[tuple[Shares, Shares]], cell: float, height: Shares | np.float32) -> Shares:
    """Share of each pixel that lies above a height of the screen, the mean of its waves, told by the slope there."""
    level = sum(cosine for cosine, _ in waves) / np.float32(len(waves))
    slope = np.sqrt(sum(sine * sine for _, sine in waves)) * np.float32(2 * np.pi / cell / len(waves))
    share: Shares = np.clip((level - height) / np.maximum(slope, np.float32(1e-3)) + np.float32(0.5), 0, 1)
    return share


@lru_cache(maxsize=8)
def _heights(shape: str, cell: float) -> Shares:
    """(256,) the height of the screen above which lies as much as each amount of ink covers."""
    phase = (np.arange(128) + 0.5) * (2 * np.pi / 128)
    along = np.cos(phase).astype(np.float32), np.sin(phase).astype(np.float32)
    across = along[0][:, None], along[1][:, None]
    waves = [along] if shape == "lines" else [along, across]
    reach = 1 + np.pi / cell  # half a pixel beyond the crest
    heights = np.linspace(reach, -reach, 400, dtype=np.float32)
    table = np.interp(np.arange(256) / 255, [_inked(waves, cell, height).mean() for height in heights], heights)
    table[0], table[255] = 9, -9  # no speck in the middle of a dot where there is to be no ink, nor a hole
    return table.astype(np.float32)
