"""Whether a picture is a drawing of gradients: smooth nearly everywhere, with crisp edges between."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Pixels, all_channels, channel_max
from artkit.raster.masks import shrunk

BEND = 2
"""Second differences of so many levels are none: rounding makes as much of an even change."""

REACH = 3.0
"""How far from a calm place antialiasing reaches, in pixels."""

FAR, CALM = 0.15, 0.4
"""The part of a drawing of gradients that is farther from what is calm, at the most, and that is calm, at the least."""

PARTS = 400
"""Calm parts of a drawing of gradients, at the most: screenshots have more."""

CLEAN = 0.03
"""The part that is farther, at the most, if flat art under noise explains the picture, too."""

CRISP = 0.6
"""The part of all change from pixel to pixel that is at crisp edges, at the least: a blurred photo has few."""

SLOPED = 0.02
"""The part of its calm pixels that are not of one color with those around them, at the least."""


SOFT = 0.3
"""A second difference is that of a soft edge, if it is no more than this part of the first one."""


def is_calm(pixels: Pixels, soft: float = 0.0) -> Bools:
    """(H, W): where the color changes evenly from pixel to pixel, in every channel; or as at edges that are `soft`."""
    values = np.pad(pixels.astype(np.int16), ((1, 1), (1, 1), (0, 0)), mode="edge")
    middle = 2 * values[1:-1, 1:-1]
    calm = np.ones(pixels.shape[:2], bool)
    for before, after in (
        (values[1:-1, :-2], values[1:-1, 2:]),
        (values[:-2, 1:-1], values[2:, 1:-1]),
    ):
        bend = np.abs(after - middle + before)
        calm &= (
            all_channels(bend <= np.maximum(BEND, soft * np.abs(after - before))) if soft else channel_max(bend) <= BEND
        )
    return calm


def cores(pixels: Pixels, opaque: Bools | None) -> Bools:
    """(H, W): calm pixels among their like: edges leave none, however they run."""
    calm = is_calm(pixels)
    if opaque is not None:
        calm &= opaque
    return shrunk(calm, 1)


def is_smooth(pixels: Pixels) -> bool:
    """Whether a part (H, W, 3) of a picture is calm nearly everywhere, which photos are not."""
    import cv2

    calm = cores(pixels, None)
    far = cv2.distanceTransform((~calm).view(np.uint8), cv2.DIST_L2, 3)
    return bool(calm.mean() >= CALM and (far > REACH).mean() <= FAR)


def is_gradient_art(pixels: Pixels, opaque: Bools | None, is_flat: Callable[[], bool] = lambda: False) -> bool:
    """Whether an (H, W, 3) picture is a drawing of gradients; what is not `opaque` does not count.

    `is_flat` tells whether flat art under noise explains it, too.
    """
    import cv2

    seen = np.ones(pixels.shape[:2], bool) if opaque is None else opaque
    if min(pixels.shape[:2]) < 3 or not seen.any():
        return False
    calm = cores(pixels, opaque)
    if calm[seen].mean() < CALM:
        return False
    far = cv2.distanceTransform((~calm).view(np.uint8), cv2.DIST_L2, 3)
    if cv2.connectedComponents(calm.view(np.uint8), connectivity=4)[0] > PARTS:
        return False
    apart = (far[seen] > REACH).mean()
    if apart > FAR:
        return False
    changes = [channel_max(np.abs(np.diff(pixels.astype(np.int16), axis=axis))) for axis in (0, 1)]
    if _sloped(changes, calm) < SLOPED or _crisp(changes, is_calm(pixels, SOFT) & seen, seen) < CRISP:
        return False
    return bool(apart <= CLEAN or not is_flat())


def _sloped(changes: list[NDArray[np.int16]], calm: Bools) -> float:
    """Share of the `calm` pixels whose color is not that of the pixel above or of the one on the left."""
    sloped = np.zeros(calm.shape, bool)
    sloped[1:] |= changes[0] > 0
    sloped[:, 1:] |= changes[1] > 0
    return float(sloped[calm].mean())


def _crisp(changes: list[NDArray[np.int16]], soft: Bools, seen: Bools) -> float:
    """Share of all changes of two levels and more that are not `soft`."""
    total = crisp = 0
    for axis, change in enumerate(changes):
        both, even = (np.delete(mask, 0, axis) & np.delete(mask, -1, axis) for mask in (seen, soft))
        change = np.where((change > 1) & both, change, 0)
        total += int(change.sum())
        crisp += int(change[~even].sum())
    return crisp / max(total, 1)
