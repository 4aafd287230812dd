"""Dithering where it helps: in smooth fields with few colors, which would show as scales and bands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Pixels
from artkit.color.dither import MOST_RANKS, blue_noise
from artkit.color.quantize import SCALE, Points, mixtures, squares_between

Indices = NDArray[np.uint8]
"""(H, W)."""

_SMOOTH = 8
"""Levels of a channel by which a smooth field differs within five pixels, at most. What differs by more, grain
included, hides the borders of colors by itself."""

_FIELD = 5

_SHARE = 0.01
"""Of the picture, from which on smooth fields are looked at."""

_STEP = 5.0
"""Levels between two colors (root of the mean square) from which on their border shows."""


def is_mixed(pixels: Pixels, dither: bool | None) -> Bools | None:
    """(H, W) where colors may be mixed: everywhere, or in smooth fields where that is not said; None is nowhere."""
    if dither is not None:
        return np.ones(pixels.shape[:2], np.bool_) if dither else None
    import cv2

    square = np.ones((_FIELD, _FIELD), np.uint8)
    apart = cv2.subtract(cv2.dilate(pixels, square), cv2.erode(pixels, square))
    red, green, blue = cv2.split(apart)
    smooth: Bools = np.asarray(cv2.max(cv2.max(red, green), blue)) <= _SMOOTH
    return smooth if smooth.mean() >= _SHARE else None


def is_coarse(centers: Points, frames: int) -> Bools:
    """(K,) whether a center is so far from all others that its border shows; points are of so many frames."""
    if len(centers) < 2:
        return np.zeros(len(centers), np.bool_)
    gaps = squares_between(centers)
    np.fill_diagonal(gaps, np.inf)
    coarse: Bools = gaps.min(axis=1) >= _STEP * _STEP * SCALE * frames
    return coarse


def mixed(points: Points, centers: Points, own: Indices) -> tuple[Indices, Indices]:
    """Give each point (N, D) a partner of its own center, (N,), and the partner's share in 256ths, (N,)."""
    partner, part = mixtures(points, centers, own)
    return partner, np.rint(part * MOST_RANKS).clip(0, 255).astype(np.uint8)


def dithered(index: NDArray[np.int32], own: Indices, partner: Indices, share: Indices, where: Bools) -> Indices:
    """Take each color's partner at as many pixels as is its share, spread by blue noise, which stands still."""
    mask = blue_noise().astype(np.uint8)
    height, width = index.shape
    side = len(mask)
    spread = np.tile(mask, (-(-height // side), -(-width // side)))[:height, :width]
    places = index.astype(np.intp)
    result = own.take(places)
    np.copyto(result, partner.take(places), where=(spread < share.take(places)) & where)
    return result
