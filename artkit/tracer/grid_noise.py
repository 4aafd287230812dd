"""The grid of pixel art that was enlarged and then saved with loss: its steps are where the picture's own steps lie.

A coder blurs and rings, but the steps between cells stay by far the largest, at even distances. Each cell has the
median of its inner pixels, and cells of nearly one color get one color.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Ints
from artkit.tracer.grid import MOST, Cells

LEAST, LARGEST = 3, 64
"""Sides of cells that are looked for, in pixels."""

ON = 0.8
"""Share of the squared steps between pixels that lie on a grid, if there is one."""

CHANCE = 9.0
"""The logarithm of one over the chance that lines are taken for a grid."""

CLOSE = 10.0
"""How far the picture may be from its cells: the root of the mean square in their inner parts, in levels."""

ALIKE = 18.0
"""Cells whose colors are this close (RGB distance) to that of many others are of that color."""

LOOK = 2048
"""Rows and columns that are looked at."""

ENOUGH = 512
"""Rows in which steps from column to column are summed up, about, and columns in which those from row to row are."""


def noisy_cells(pixels: NDArray[np.uint8]) -> Cells | None:
    """Find the cells of a picture (H, W, 3) on a grid that noise lies over, None where it has none."""
    part = pixels[:LOOK, :LOOK]
    some = max(min(part.shape[:2]) // ENOUGH, 1)
    across = _steps(_squared_steps(part[::some]).sum(0, dtype=np.float64))
    down = _steps(_squared_steps(part[:, ::some].transpose(1, 0, 2)).sum(0, dtype=np.float64))
    if across is None or down is None or across[0] != down[0]:
        return None
    step = across[0]
    columns, rows = _lines(pixels.shape[1], *across), _lines(pixels.shape[0], *down)
    if (len(columns) - 1) * (len(rows) - 1) < 16:
        return None
    colors = _medians(pixels, columns, rows, step)
    inner = _inner(pixels.shape[1], columns, step)[None, :] & _inner(pixels.shape[0], rows, step)[:, None]
    painted = Cells(columns, rows, colors).spread()
    gap = pixels[inner].astype(np.float32) - painted[inner]
    if not len(gap) or float(np.sqrt((gap**2).mean())) > CLOSE:
        return None
    named = _clustered(colors.reshape(-1, 3).astype(np.float64))
    if named is None:
        return None
    return Cells(columns, rows, np.rint(named).astype(np.uint8).reshape(colors.shape))


def _squared_steps(pixels: NDArray[np.uint8]) -> NDArray[np.int32]:
    """(H, W - 1): squared distance of the colors of neighbors in a row."""
    wide = pixels.astype(np.int32)
    step = wide[:, 1:] - wide[:, :-1]
    squares: NDArray[np.int32] = (step * step).sum(2, dtype=np.int32)
    return squares


def _steps(profile: NDArray[np.float64]) -> tuple[int, int] | None:
    """Side of the cells and where the first one ends: the largest side whose lines hold nearly all steps."""
    total = profile.sum()
    if total <= 0:
        return None
    best: tuple[int, int] | None = None
    most = 0.0
    for side in range(LEAST, min(LARGEST, len(profile) // 2) + 1):
        sums = np.bincount(np.arange(len(profile)) % side, weights=profile)
        phase = int(sums.argmax())
        share = float(sums[phase]) / total
        # Of a side that fits, parts of it fit as well; of twice the side, half as much.
        if share >= ON and share >= 0.97 * most and _telling(profile[phase::side], side):
            best, most = (side, (phase + 1) % side), max(most, share)
    return best


def _telling(lines: NDArray[np.float64], side: int) -> bool:
    """Whether so many lines of a grid hardly lie on it by chance: each but the first does so in one of `side` cases."""
    many = lines.sum() ** 2 / np.maximum((lines * lines).sum(), 1)  # a few strong ones count as few
    return bool((many - 1) * np.log(side) > CHANCE)


def _lines(size: int, side: int, phase: int) -> Ints:
    inner = np.arange(phase if phase > 0 else side, size, side)
    return np.concatenate([[0], inner, [size]])


def _inner(size: int, lines: Ints, side: int) -> NDArray[np.bool_]:
    """Pixels that are not beside a line, where cells are wide enough."""
    place = np.arange(size)
    cell = np.searchsorted(lines, place, side="right") - 1
    if side < 5:
        return np.ones(size, bool)
    return (place > lines[cell]) & (place < lines[cell + 1] - 1)


def _medians(pixels: NDArray[np.uint8], columns: Ints, rows: Ints, side: int) -> NDArray[np.uint8]:
    """The median color of the middle half of each cell, channel by channel; cells at the sheet's edge may be cut."""
    steps = np.arange(side // 4, side - side // 4)
    x, y = (np.minimum(lines[:-1, None] + steps, lines[1:, None] - 1) for lines in (columns, rows))
    found = np.empty((len(y), len(x), 3), np.uint8)
    for i, inside in enumerate(y):
        found[i] = np.median(pixels[inside[:, None, None], x[None]], axis=(0, 2))
    return found


def _clustered(colors: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Give cells the mean color of those like them, the commonest colors first; None for more than MOST colors."""
    result = colors.copy()
    left = np.arange(len(colors))
    for used in range(MOST):
        some = colors[left]
        trial = some[:: max(1, len(some) // 512)]  # enough to hit what is common
        near = ((trial[:, None] - some[None]) ** 2).sum(2) < ALIKE**2
        taken = near[near.sum(1).argmax()]
        center = np.median(some[taken], axis=0)
        taken |= ((some - center) ** 2).sum(1) < ALIKE**2
        result[left[taken]] = center
        left = left[~taken]
        if not len(left):
            return result
        if 2 * int(taken.sum()) * (MOST - used) < len(left):  # what comes later is rarer
            return None
    return None
