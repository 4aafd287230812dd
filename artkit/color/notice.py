"""How much each pixel of a picture is noticed, as far as its color goes: a picture in, weights (H, W) out.

Three things are told from a pixel's surroundings: whether it is a mixture of two neighbors, as along every edge that
a lens or a renderer has softened, and so no color of the picture; whether it lies in a smooth field, such as a sky, a
wall or a blur, which counts about once however large it is; and how colorful it is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Pixels
from artkit.color.spaces import srgb_to_oklab

SIDE = 360
"""Pixels of the longer side of the version that is looked at; more: slower, and smaller things noticed."""

STEP = 0.012
"""Greatest change from pixel to pixel, in OKLab, within a smooth field."""

ONCE = 0.02
"""Share of the picture up to which a smooth field counts by its area; beyond, by a root of it."""

FIELD = 0.7
"""Power of its area by which a larger field counts; 1 is by area, 0 once."""

EDGE = 0.08
"""Distance in OKLab between two pixels that makes the one between them a mixture, and not a shade."""

STRAIGHT = 0.25
"""How far from the way between two colors their mixture may lie, as a share of their distance."""

MIXED = 0.3
"""What a mixture counts."""


class Noticed(NamedTuple):
    """A small version of a picture, pixel by pixel: OKLab (N, 3), how much each counts (N,), and areas that no mixtures
    fill (N,).
    """

    lab: Floats
    weight: Floats
    pure: Floats


def noticed(
    pixels: Pixels, inside: NDArray[np.bool_] | None = None, weight: NDArray[np.floating] | None = None
) -> Noticed:
    """Look at a picture: its pixels `inside` (H, W), those that count more by `weight` (H, W)."""
    small, there, heavy = _reduced(pixels, inside, weight)
    lab = _oklab(small)
    lab[~there] = np.nan  # compares with nothing
    mixed = _is_mixture(lab)
    count = np.where(mixed, MIXED, 1.0) * _of_fields(lab, there) * heavy
    return Noticed(lab[there].astype(np.float64), count[there], (heavy * ~mixed)[there])


def _reduced(
    pixels: Pixels, inside: NDArray[np.bool_] | None, weight: NDArray[np.floating] | None
) -> tuple[Pixels, Bools, Floats]:
    """Give every k-th pixel of a large picture: those that there are, and no means of several."""
    step = max(1, round(max(pixels.shape[:2]) / SIDE))
    at = (slice(step // 2, None, step),) * 2
    small = pixels[at]
    there = np.ones(small.shape[:2], bool) if inside is None else inside[at]
    if not there.any() and inside is not None:
        small, there, at = pixels, inside, (slice(None),) * 2
    heavy = np.ones(there.shape) if weight is None else weight[at].astype(np.float64)
    return small, there, heavy


def _oklab(pixels: Pixels) -> NDArray[np.float32]:
    return srgb_to_oklab(pixels).astype(np.float32)


def _is_mixture(lab: NDArray[np.float32]) -> Bools:
    """Whether a pixel lies about halfway between two that face each other across it and differ (H, W)."""
    height, width = lab.shape[:2]
    wide = np.pad(lab, ((1, 1), (1, 1), (0, 0)), constant_values=np.nan)
    result = np.zeros((height, width), bool)
    for y, x in ((0, 1), (1, 0), (1, 1), (1, -1)):
        a = wide[1 + y : 1 + y + height, 1 + x : 1 + x + width]
        b = wide[1 - y : 1 - y + height, 1 - x : 1 - x + width]
        way, off = b - a, lab - a
        square = (way * way).sum(2)
        along = (way * off).sum(2) / np.maximum(square, 1e-12)
        aside = (off * off).sum(2) - along * along * square
        result |= (square > EDGE**2) & (np.abs(along - 0.5) < 0.35) & (aside < STRAIGHT**2 * square)
    return result


def _of_fields(lab: NDArray[np.float32], there: Bools) -> Floats:
    """What a pixel counts by the area of the smooth field that it lies in, 1 where in none (H, W)."""
    import cv2

    down, across = (np.abs(np.diff(lab, axis=axis)).max(2) > STEP for axis in (0, 1))
    rough = np.zeros(lab.shape[:2], bool)
    rough[1:] |= down
    rough[:-1] |= down
    rough[:, 1:] |= across
    rough[:, :-1] |= across
    _, field = cv2.connectedComponents((there & ~rough).astype(np.uint8), connectivity=4)
    share = np.bincount(field.ravel()) / max(int(there.sum()), 1)
    share[0] = 0
    power = np.minimum(1.0, (np.maximum(share, 1e-9) / ONCE) ** (FIELD - 1))
    result: Floats = power[field]
    return result
