"""Find the thin lines of a photo, and the photo without them."""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Pixels
from artkit.tracer.lines.fitted import Cover, Lines, filled, fitted
from artkit.tracer.lines.joins import joined
from artkit.tracer.lines.profiles import profiles
from artkit.tracer.lines.ridges import ridges
from artkit.tracer.lines.tracks import linked
from artkit.tracer.regions.masking import masking_weights

LENGTH = 20
"""Pixels of a line, at the least."""

WIDEST = float(os.environ.get("WIDEST", "3"))
"""Pixels that a line is wide, at the most: what is wider is a region like others."""

LIKELY = 0.55
"""Share of what stands out that a line of even width explains, to be looked at closely."""

SURE = float(os.environ.get("SH", ".85"))
"""Share of it that it explains in one color, to be a line."""

REST = float(os.environ.get("REST", "900"))
"""Squared error, of three channels, that a line may leave in a pixel; more: lines that are drawn less closely than regions would."""


ROUNDS = 4
"""How often lines are looked at again without those that turned out to be none."""


CERTAIN = 0.97
"""Share of it that does, whatever is left in a pixel."""

class Taken(NamedTuple):
    """Lines, and the picture (H, W, 3) without them."""

    lines: Lines
    calm: Pixels


def taken_off(pixels: Pixels, weight: NDArray[np.float32] | None = None) -> Taken | None:
    """Take the thin lines off a photo (H, W, 3); None where there are none. Errors count by `weight` (H, W)."""
    gray = pixels.mean(axis=2, dtype=np.float32)
    found = joined(linked(ridges(gray), gray.shape))
    found = found.some(np.diff(found.offsets) >= LENGTH)
    width, share = profiles(found, gray)
    keep = (share > LIKELY) & (width <= WIDEST)
    found, width = found.some(keep), width[keep]
    cover = Cover.of(found, width, gray.shape)
    for _ in range(ROUNDS):
        calm = filled(pixels, cover.pixel)
        lines = fitted(found, width, cover, pixels, calm, None)
        keep = _is_line(lines)
        if keep.all():
            break
        found, width, cover = found.some(keep), width[keep], cover.some(keep)
    if not len(width):
        return None
    cover = Cover.of(found, width, gray.shape)
    calm = filled(pixels, cover.pixel)
    masking = masking_weights(calm)
    return Taken(fitted(found, width, cover, pixels, calm, masking if weight is None else masking * weight), calm)


def _is_line(lines: Lines) -> Bools:
    """Whether what stands out is explained by a line of even width and color."""
    return (lines.share > SURE) & ((lines.rest < REST) | (lines.share > CERTAIN))
