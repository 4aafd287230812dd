"""Dithering: a picture in a few colors, mixed by the eye. Pixels and a palette in, indices of the palette out.

Masks are here, and what they have in common with error diffusion (`artkit.color.diffusion`). Colors are mixed as
numbers, either sRGB levels or linear light, in fixed point: sums are exact, so that the result depends on nothing but
the picture. Of colors equally near, the first in the palette is taken.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Pixels
from artkit.color.nearest import NearestColor
from artkit.color.spaces import LIGHT

Indices = NDArray[np.uint8]
"""(H, W) which color of the palette each pixel gets."""

WHITE = 65535
"""The fixed point's one: levels and light run from 0 to this, in whole numbers."""

LEVELS = {"srgb": np.rint(np.arange(256) * (WHITE / 255)), "linear": np.rint(LIGHT * WHITE)}
"""(256,) each level as a number to mix, by the name of the space."""

MOST_RANKS = 256
"""Thresholds that a mask tells apart."""

_COARSE = 64
"""Levels of a channel for which masks are planned; finer steps are lost between the dots."""

_MASK = 64
_SPREAD = 1.5
"""Ulichney's standard deviation of the crowding, in pixels."""


def masked(pixels: Pixels, palette: Pixels, levels: Floats, mask: NDArray[np.intp]) -> Indices:
    """Ordered dithering by a mask (M, M) of ranks from 0, repeated over the picture; the palette runs dark to light.

    For each color a plan is made of as many candidates as the mask has ranks: each is the palette's color nearest to
    what is still owed, which is the color plus the errors of the candidates so far, clipped to -WHITE..2 WHITE. In the
    order of the palette, the candidate of its rank is the pixel's (after Thomas Knoll, US patent 6606166, expired).
    Colors are first rounded to 64 levels of a channel.
    """
    height, width = pixels.shape[:2]
    step = np.rint(np.arange(256) * ((_COARSE - 1) / 255)).astype(np.int32)
    codes = (step[pixels[..., 0]] * _COARSE + step[pixels[..., 1]]) * _COARSE + step[pixels[..., 2]]
    present = np.flatnonzero(np.bincount(codes.reshape(-1), minlength=_COARSE**3))
    place = np.zeros(_COARSE**3, np.int32)
    place[present] = np.arange(len(present))
    coarse = np.rint(np.arange(_COARSE) * (255 / (_COARSE - 1))).astype(np.intp)
    shares = np.stack([present // _COARSE**2, present // _COARSE % _COARSE, present % _COARSE])
    plans = _plans(levels[coarse[shares]], levels[palette], int(mask.max()) + 1)
    result = np.empty((height, width), np.uint8)
    across = np.arange(width) % len(mask)
    for y in range(height):
        result[y] = plans[place[codes[y]], mask[y % len(mask), across]]
    return result


def _plans(wanted: Floats, colors: Floats, count: int) -> NDArray[np.uint8]:
    """(N, count) candidates for each of (3, N) colors, in the order of the palette."""
    nearest = NearestColor(colors)
    plans = np.empty((wanted.shape[1], count), np.uint8)
    for start in range(0, wanted.shape[1], 1 << 13):
        block = wanted[:, start : start + (1 << 13)]
        owed = np.zeros_like(block)
        for i in range(count):
            owed = np.clip(owed + block, -WHITE, 2 * WHITE)
            plans[start : start + (1 << 13), i] = chosen = nearest(owed)
            owed -= colors.T.take(chosen, axis=1)
    plans.sort(axis=1)
    return plans


def bayer(side: int) -> NDArray[np.intp]:
    """Bayer's mask (side, side), side a power of two: ranks 0 to side**2 - 1 ("An optimum method...", ICC 1973)."""
    mask = np.zeros((1, 1), np.intp)
    while len(mask) < side:
        mask = np.block([[4 * mask, 4 * mask + 2], [4 * mask + 3, 4 * mask + 1]])
    return mask


def blue_noise() -> NDArray[np.intp]:
    """Mask (64, 64) of 256 ranks, 16 pixels each, without order and without clumps."""
    return void_and_cluster() * MOST_RANKS // _MASK**2


@lru_cache(maxsize=1)
def void_and_cluster() -> NDArray[np.intp]:
    """Ranks (64, 64), 0 to 4095, of which the first n lie evenly spread, for every n (Ulichney, SPIE 1913, 1993).

    Crowding is a Gaussian sum over a torus, in whole numbers: the same mask on every machine.
    """
    far = np.minimum(np.arange(_MASK), _MASK - np.arange(_MASK))
    bell = np.rint(2**40 * np.exp(-(far[:, None] ** 2 + far**2) / (2 * _SPREAD**2))).astype(np.int64)
    bells = np.tile(bell, (2, 2))  # a window into it is the bell around any pixel

    def around(i: Any) -> NDArray[np.int64]:
        y, x = divmod(i, _MASK)
        return bells[_MASK - y : 2 * _MASK - y, _MASK - x : 2 * _MASK - x].reshape(-1)

    dots = np.zeros(_MASK**2, np.bool_)
    dots[np.random.default_rng(1).permutation(_MASK**2)[: _MASK**2 // 10]] = True
    crowd = np.sum([around(i) for i in np.flatnonzero(dots)], axis=0)
    least = -(2**62)
    while True:  # the tightest cluster's dot goes to the largest void, until it is its own void
        crowded = int(np.argmax(np.where(dots, crowd, least)))
        dots[crowded] = False
        crowd -= around(crowded)
        empty = int(np.argmin(np.where(dots, -least, crowd)))
        dots[empty] = True
        crowd += around(empty)
        if empty == crowded:
            break
    ranks = np.zeros(_MASK**2, np.intp)
    first, start = dots.copy(), int(dots.sum())
    taken = crowd.copy()
    for rank in range(start - 1, -1, -1):
        i = int(np.argmax(np.where(first, taken, least)))
        first[i], ranks[i] = False, rank
        taken -= around(i)
    for rank in range(start, _MASK**2):
        i = int(np.argmin(np.where(dots, -least, crowd)))
        dots[i], ranks[i] = True, rank
        crowd += around(i)
    return ranks.reshape(_MASK, _MASK)
