"""Find the thin lines of a photo, and the photo without them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Pixels
from artkit.spans import spanned
from artkit.tracer.lines.fitted import Cover, Lines, filled, fitted
from artkit.tracer.lines.joins import joined
from artkit.tracer.lines.profiles import bands
from artkit.tracer.lines.ridges import APART, ridges
from artkit.tracer.lines.tracks import linked

LENGTH = 20
"""Pixels of a line, at the least."""

WIDEST = 3.0
"""Pixels that a line is wide, at the most: what is wider is a region like others."""

LIKELY = 0.65
"""Share of what stands out that a line of even width explains, to be looked at closely."""

SURE = 0.9
"""Share of it that it explains in one color, to be a line."""

CERTAIN = 0.95
"""Share of it from which on a line is one, however much it leaves."""

PACE = 12.0
"""Pixels of other lines along which they may leave as much squared error as a shape must save; more: fewer lines."""

WORTH = 0.06
"""What a line must save, as a share of the mean error of blocks, as many as shapes: about what one more shape saves."""


SPARSE = 300
"""Pixels to a shape, at the least: where there are more shapes, regions follow a line as well, and cost less."""

LARGE, LONG = 1 << 20, 1000
"""In pictures of more pixels, lines are so strong that the widest of this length is worth being a shape, at the least:
grain has many that are weaker."""


class Taken(NamedTuple):
    """Lines, and the picture (H, W, 3) without them."""

    lines: Lines
    calm: Pixels


@spanned("thin lines")
def taken_off(pixels: Pixels, shapes: int) -> Taken | None:
    """Take the thin lines off a photo (H, W, 3) that are each worth being one of so many shapes; None without any."""
    height, width = pixels.shape[:2]
    if min(height, width) < LENGTH or height * width < SPARSE * shapes:
        return None
    gray = pixels.mean(axis=2, dtype=np.float32)
    price = WORTH * _left_by_blocks(pixels, shapes) / shapes
    worthwhile = (price / (3 * WIDEST * LONG)) ** 0.5 if height * width > LARGE else 0.0
    tracks = joined(linked(ridges(gray, max(worthwhile / APART, 1.0)), gray.shape))
    found = bands(tracks.some(np.diff(tracks.offsets) >= LENGTH), gray)
    found = found.some((found.share > LIKELY) & (found.width <= WIDEST))
    while len(found.width):
        cover = Cover.of(found, gray.shape)
        calm = filled(pixels, cover.pixel)
        lines = fitted(found, cover, pixels, calm)
        keep = _are_worth(lines, price)
        if keep.all():
            return Taken(lines, calm)
        found = found.some(keep)
    return None


def _are_worth(lines: Lines, price: float) -> Bools:
    """Whether lines explain what stands out as well as they should, if a shape costs so much."""
    length = np.diff(lines.offsets)
    close = (lines.share > CERTAIN) | (PACE * lines.rest < price * length)
    return (lines.share > SURE) & (lines.saving > price) & close


def _left_by_blocks(pixels: Pixels, count: int) -> float:
    """Squared error that a picture keeps in which about so many square blocks have one color each."""
    height, width = pixels.shape[:2]
    side = min(max(int(np.sqrt(height * width / count) + 0.5), 1), height, width)
    rows, columns = height // side, width // side
    left = 0.0
    for top in range(0, rows * side, side):
        blocks = pixels[top : top + side, : columns * side].reshape(side, columns, side, 3).astype(np.int64)
        sums = blocks.sum((0, 2))
        left += int((blocks * blocks).sum()) - int((sums * sums).sum()) / side**2
    return float(left * height * width / (rows * columns * side**2))
