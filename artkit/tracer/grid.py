"""Pictures on a grid: pixel art, checkerboards and codes, as they are, enlarged, or enlarged and saved as JPEG.

Their borders run along the edges of cells and are no stairs of slanted edges, so they are traced as they stand. Given a
picture, tell the color of each cell, and draw that: at most `MOST` colors, or it is a photo of large pixels.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Ints, channel_max, channel_sum, distinct
from artkit.tracer.regions.flat import flat_areas, pack

MOST = 256
"""A grid has no more colors than this."""

LONE = 0.25
"""A picture with this share of pixels that lie in no 2 x 2 block of one color is made pixel by pixel."""

TINY = 16
"""A picture of so few pixels a side is, too, unless it is antialiased."""

STAIRS = 0.01
"""So is one where fewer of the borders between pixels are steps of stairs: it has no slanted edges."""

BETWEEN = 0.1
"""Share of steps from pixel to pixel that pass through a mixture, or are small, above which it was not."""

LOOK = 1024
"""Pixels a side of the middle of a large picture that must look so, too, before all of it is looked at."""

NOISE = 8
"""Steps of so few levels may be noise."""


STRIP = 16_000
"""A strip less than four pixels wide is one of so many cells, whatever their colors: it has no borders to follow."""


class Cells(NamedTuple):
    """Cells from edge to edge: cell (i, j) covers x in `across[j]` to `across[j + 1]`, y in `down[i]` to `down[i + 1]`.

    `pixels` (rows, columns, 3) are their colors.
    """

    across: Ints
    down: Ints
    pixels: NDArray[np.uint8]

    def spread(self) -> NDArray[np.uint8]:
        """Paint the cells: the picture as it should be."""
        rows, columns = np.diff(self.down), np.diff(self.across)
        return self.pixels.repeat(rows, axis=0).repeat(columns, axis=1)


def on_grid(pixels: NDArray[np.uint8], opaque: Bools | None = None) -> Cells | None:
    """Find the cells of an (H, W, 3) picture, None where it has none; what is not `opaque` does not count."""
    shown = pixels if opaque is None else np.where(opaque[..., None], pixels, np.uint8(0))
    return _exact(shown, opaque)


def _exact(pixels: NDArray[np.uint8], opaque: Bools | None) -> Cells | None:
    packed = pack(pixels)
    if opaque is not None:
        packed = np.where(opaque, packed, -1)
    height, width = packed.shape
    right, below = packed[:, 1:] != packed[:, :-1], packed[1:] != packed[:-1]
    across = _edges(np.flatnonzero(right.any(0)) + 1, width)
    down = _edges(np.flatnonzero(below.any(1)) + 1, height)
    if min(_step(across, width), _step(down, height)) < 2 and not _by_the_pixel(pixels, packed, right, below):
        return None
    found = pixels[down[:-1]][:, across[:-1]]
    few = len(distinct(pack(found))) <= MOST or (min(height, width) < 4 and found.shape[0] * found.shape[1] <= STRIP)
    return Cells(across, down, found) if few else None


def _edges(changes: Ints, size: int) -> Ints:
    return np.concatenate([[0], changes, [size]])


def _step(edges: Ints, size: int) -> int:
    """The step of a grid that all changes lie on; the whole size where there are none."""
    inner = edges[1:-1]
    return int(np.gcd.reduce(np.diff(inner))) if len(inner) > 1 else size


def _by_the_pixel(pixels: NDArray[np.uint8], packed: NDArray[np.integer], right: Bools, below: Bools) -> bool:
    """Whether a picture is made pixel by pixel, not drawn in curves and sampled."""
    height, width = packed.shape
    if min(height, width) < 4:
        return True
    if packed.size > LOOK * LOOK:
        part = _middle(height), _middle(width)
        inner = part[0], slice(part[1].start, part[1].stop - 1)
        outer = slice(part[0].start, part[0].stop - 1), part[1]
        if not _by_the_pixel(pixels[part], packed[part], right[inner], below[outer]):
            return False
    flat = flat_areas(pixels, packed=packed)
    lone = (packed >= 0) & ~flat
    steps = int(right.sum() + below.sum())
    many = lone.sum() >= LONE * max((packed >= 0).sum(), 1) or max(height, width) <= TINY
    if not many and _stairs(right, below) + _stairs(below.T, right.T) > STAIRS * steps:
        return False
    colors = distinct(packed)
    if len(colors) > min(MOST, packed.size // 4):
        return False
    kept = distinct(packed[flat])
    if _slight(pixels, right, 1) + _slight(pixels, below, 0) > BETWEEN * steps:
        return False
    mixed = ~np.isin(packed, kept) & (_between(pixels, right, 1) | _between(pixels, below, 0))
    return bool(2 * mixed.sum() <= (BETWEEN * steps if many else 0))


def _middle(size: int) -> slice:
    start = max((size - LOOK) // 2, 0)
    return slice(start, min(start + LOOK, size))


def _slight(pixels: NDArray[np.uint8], changes: Bools, axis: int) -> int:
    """Number of steps between colors that differ as little as a coder's noise."""
    step = channel_max(np.abs(np.diff(pixels.astype(np.int16), axis=axis)))
    return int((changes & (step <= NOISE)).sum())


def _stairs(right: Bools, below: Bools) -> int:
    """Number of level borders of one pixel that come from one side and go on to the other: steps of slanted edges."""
    if min(right.shape) < 2:
        return 0
    upper, lower = right[:-1], right[1:]
    single = below[:, 1:-1] & ~below[:, :-2] & ~below[:, 2:]
    falls = upper[:, :-1] & ~lower[:, :-1] & lower[:, 1:] & ~upper[:, 1:]
    rises = lower[:, :-1] & ~upper[:, :-1] & upper[:, 1:] & ~lower[:, 1:]
    return int((single & (falls | rises)).sum())


def _between(pixels: NDArray[np.uint8], changes: Bools, axis: int) -> Bools:
    """Pixels whose color is a mixture of those on both sides of them."""
    found = np.zeros(pixels.shape[:2], bool)
    sides = pixels.astype(np.float32)
    if axis == 0:
        sides, changes, result = sides.transpose(1, 0, 2), changes.T, found.T
    else:
        result = found
    a, here, b = sides[:, :-2], sides[:, 1:-1], sides[:, 2:]
    along = b - a
    square = np.maximum(channel_sum(along * along), 1)
    share = channel_sum((here - a) * along) / square
    off = channel_max(np.abs(here - a - share[..., None] * along))
    result[:, 1:-1] = changes[:, :-1] & changes[:, 1:] & (share > 0.02) & (share < 0.98) & (off < 6)
    return found
