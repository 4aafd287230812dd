"""The grid on which a drawing's coordinates are written: in pixels whole steps, on a page decimals of a millimetre."""

from __future__ import annotations

from math import ceil, log10
from typing import NamedTuple

import numpy as np

from artkit.artwork.drawing import Drawing

PAGE_DECIMALS = 3
"""Decimals of a millimetre; no machine is finer than 0.001 mm."""


class Grid(NamedTuple):
    """Where a drawing's point goes in the file: `rint(point * scale + offset)`, written with `decimals` decimals.

    `unit` is the length of one of the drawing's units in the units of the file.
    """

    scale: float
    offset: tuple[float, float]
    decimals: int
    unit: float
    page: bool


def grid_of(drawing: Drawing) -> Grid:
    """Give the coarsest grid that tells the drawing's coordinates as finely as they are worth."""
    page = drawing.page
    if page is None:
        scale = drawing.grid / _common_factor(drawing)
        return Grid(scale, (0.0, 0.0), 0, scale, False)
    decimals = min(max(ceil(log10(drawing.grid) - log10(page.scale) - 1e-9), 0), PAGE_DECIMALS)
    steps = 10.0**decimals
    return Grid(page.scale * steps, (page.offset[0] * steps, page.offset[1] * steps), decimals, page.scale, True)


def _common_factor(drawing: Drawing) -> int:
    """Give the largest part of the grid's steps to a unit that all coordinates are multiples of."""
    factor = drawing.grid
    for shape in drawing.shapes:
        for path in shape.paths:
            if factor == 1:
                return 1
            with np.errstate(invalid="ignore"):
                steps = np.rint(np.asarray(path.points) * drawing.grid)
            if not np.abs(steps).max(initial=0) < 2.0**52:
                return 1
            factor = int(np.gcd.reduce(steps.astype(np.int64), axis=None, initial=factor))
    return factor
