"""Random palettes: a number of colors and a source of chance in, (K, 3) uint8 colors from dark to light out.

They are drawn in OKLCh (lightness, chroma, hue of OKLab), where equal steps look equal: lightness climbs in even steps,
so that a picture painted with it can still be read, and hues follow one of a few schemes.
"""

from __future__ import annotations

import numpy as np

from artkit.arrays import Floats
from artkit.color.levels import to_uint8
from artkit.color.palette import Palette, by_lightness
from artkit.color.spaces import linear_to_srgb, oklab_to_linear, srgb_to_oklab

DISTANCE = 60.0
"""The least distance between two colors of a random palette, in RGB units (levels, Euclidean)."""

GAP = 0.1
"""The least distance in OKLab of two of up to `FEW` colors."""

FEW = 8

SCHEMES = ((0,), (0, 180), (0, 150, 210), (0, 120, 240), (0, 90, 180, 270))
"""Hues of a palette, in degrees from a random one: one family, complements, split complements, triad, square."""

_DARKEST, _LIGHTEST = 0.22, 0.93
_MOST_CHROMA = 0.23
_TRIES = 60
_MOST_OF_A_SCHEME = 12


def random_palette(count: int, rng: np.random.Generator, *, taken: Palette | None = None) -> Palette:
    """Draw `count` colors, dark to light, no two closer than `DISTANCE`, nor to any of the `taken` ones (T, 3).

    Up to `FEW`, where none are taken, are no closer than `GAP` either. Up to 32 colors always fit; more are spread as
    far apart as there is room.
    """
    taken = np.empty((0, 3), np.uint8) if taken is None else taken
    for _ in range(_TRIES if count <= _MOST_OF_A_SCHEME else 0):
        palette = _scheme(count, rng)
        if closest(np.vstack([palette, taken])) >= DISTANCE and (count > FEW or closest_seen(palette) >= GAP):
            return palette[by_lightness(palette)]
    return _spread(count, rng, taken)


def closest(colors: Palette) -> float:
    """Distance of the two closest of (K, 3) colors, in RGB units; infinite for fewer than two."""
    return _least_gap(colors.astype(np.float64))


def closest_seen(colors: Palette) -> float:
    """Distance of the two closest of (K, 3) colors in OKLab; infinite for fewer than two."""
    return _least_gap(srgb_to_oklab(colors))


def _least_gap(points: Floats) -> float:
    if len(points) < 2:
        return float("inf")
    gaps = np.sqrt(((points[:, None] - points[None]) ** 2).sum(2))
    return float(gaps[np.triu_indices(len(points), 1)].min())


def _scheme(count: int, rng: np.random.Generator) -> Palette:
    """Draw a palette of one scheme: even steps of lightness, hues of the scheme, most of the chroma sRGB has there."""
    if count == 1:
        steps = rng.uniform(0.6, 0.82, 1)
    else:
        jitter = rng.uniform(-0.2, 0.2, count) / (count - 1)
        steps = _DARKEST + (_LIGHTEST - _DARKEST) * np.clip(np.linspace(0, 1, count) + jitter, 0, 1)
    scheme = np.array(SCHEMES[rng.integers(len(SCHEMES))])
    hues = rng.uniform(0, 360) + rng.permutation(np.resize(scheme, count)) + rng.normal(0, 14, count)
    chroma = rng.uniform(0.7, 1.0, count) * np.minimum(_chroma_limit(steps, hues), _MOST_CHROMA)
    return _of_oklch(steps, chroma, hues)


def _spread(count: int, rng: np.random.Generator, taken: Palette) -> Palette:
    """Draw colors of any hue, one after the other, and keep those far enough from all before: for large palettes.

    Where chance finds no more room, colors of a grid fill it, always the one farthest from the rest.
    """
    size = 2000
    steps, hues = rng.uniform(_DARKEST, _LIGHTEST, size), rng.uniform(0, 360, size)
    pool = _of_oklch(steps, rng.uniform(0.4, 1.0, size) * _chroma_limit(steps, hues), hues)
    grid = np.stack(np.meshgrid(*[np.linspace(0, 255, 12)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    for candidates, least in ((pool, DISTANCE), (rng.permutation(to_uint8(grid)), 0.0)):
        colors = np.vstack([taken, candidates])
        gap = np.full(len(colors), np.inf)
        chosen = list(range(len(taken)))
        for i in chosen:
            gap = np.minimum(gap, _distances(colors, i))
        while len(chosen) < len(taken) + count:
            i = int(np.argmax(gap >= least) if least else np.argmax(gap))
            if gap[i] < least:
                break
            chosen.append(i)
            gap = np.minimum(gap, _distances(colors, i))
        else:
            break
    palette = colors[chosen[len(taken) :]]
    return palette[by_lightness(palette)]


def _distances(colors: Palette, i: int) -> Floats:
    distances: Floats = np.linalg.norm(colors - colors[i].astype(float), axis=1)
    return distances


def _of_oklch(steps: Floats, chroma: Floats, hues: Floats) -> Palette:
    return to_uint8(255 * linear_to_srgb(_light_of_oklch(steps, chroma, hues)))


def _light_of_oklch(steps: Floats, chroma: Floats, hues: Floats) -> Floats:
    turn = np.deg2rad(hues)
    return oklab_to_linear(np.stack([steps, chroma * np.cos(turn), chroma * np.sin(turn)], axis=-1))


def _chroma_limit(steps: Floats, hues: Floats) -> Floats:
    """Greatest chroma that sRGB has at each lightness and hue, by bisection."""
    low, high = np.zeros_like(steps), np.full_like(steps, 0.4)
    for _ in range(10):
        middle = (low + high) / 2
        inside = _light_of_oklch(steps, middle, hues)
        fits = ((inside >= -1e-6) & (inside <= 1 + 1e-6)).all(axis=-1)
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return low
