"""Cyan, magenta, yellow and black: the inks' colors on a screen, and how much of each a color takes."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from artkit.arrays import Floats, Mask, Pixels
from artkit.color.levels import to_uint8

CMYK = {"cyan": "#00aeef", "magenta": "#ec008c", "yellow": "#fff200", "black": "#000000"}
"""The inks' colors: what a printer's process inks look like on white paper."""


def cmyk_of(pixels: Pixels) -> tuple[Mask, Mask, Mask, Mask]:
    """Give how much cyan, magenta, yellow and black a picture takes, each (H, W) from 0 to 255.

    The inks are ideal: each takes away one channel of what comes through the others. Black stands in for the other
    three in the shadows, and little elsewhere.
    """
    brightest = pixels.max(axis=2)
    colored, black = _tables()
    cyan, magenta, yellow = np.moveaxis(colored[brightest[..., None], pixels], 2, 0)
    return cyan, magenta, yellow, black[brightest]


def cmyk_to_srgb(inks: Any) -> Floats:
    """Give sRGB values (..., 3) from 0 to 1 of amounts of ink (..., 4) from 0 to 1, without a printer's profile.

    Each ink takes its share of the light.
    """
    inks = np.asarray(inks, np.float64)
    values: Floats = (1 - inks[..., :3]) * (1 - inks[..., 3:])
    return values


@cache
def _tables() -> tuple[Mask, Mask]:
    """How much of a channel's ink, (256, 256) by the brightest channel's level and its own; how much black, (256,).

    Black takes the square of what all three would print: shadows get their depth, and light colors no specks of it. The
    three make up for it, so that they and black let through what the color is.
    """
    dark = 1 - np.arange(256) / 255
    through = 1 - dark**2
    colored = 1 - np.arange(256) / 255 / np.maximum(through, 1e-9)[:, None]
    return to_uint8(255 * colored), to_uint8(255 * dark**2)
