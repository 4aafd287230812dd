"""What curves are made from and of: samples along chains, and segments of lines and cubics.

A chain is a run of points, open or closed, sampled about a pixel apart: chain k is
`points[offsets[k]:offsets[k + 1]]`, a closed one without its first point repeated. Tangents are derivatives of local
quadratics (Savitzky and Golay 1964).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from artkit.algebra import pseudo_inverse
from artkit.arrays import Bools, Floats, Ints, offsets_of, starts_of


@dataclass(frozen=True)
class Quality:
    """How closely curves follow the samples. Lengths are pixels, angles degrees.

    `tolerance` is the largest distance of a sample from its curve; `line` the same for straight segments; `corner` the
    smallest turn that is kept sharp, `sharp` the smallest that shows within three pixels; `reach` how many samples on
    either side tell it; `blur` how many samples next to a corner are not trusted, because antialiasing or the pixel
    grid rounds them off. `segment` is the number of samples that merging starts from, `degree` that of the polynomials
    that tell tangents at blunt corners, `rounds` how often a cubic is fitted and its samples placed anew. `thin`
    samples in a row are first averaged into one; `bends` tells whether doubtful corners are tried as smooth bends,
    `level` whether samples of cracks that lie across the border are left out.
    """

    tolerance: float = 0.2
    line: float = 0.12
    corner: float = 28.0
    sharp: float = 62.0
    reach: int = 6
    blur: int = 1
    segment: int = 4
    degree: int = 2
    rounds: int = 4
    thin: int = 1
    bends: bool = True
    level: bool = False


@dataclass(frozen=True, eq=False)
class Curves:
    """Chain k is segments `offsets[k]:offsets[k + 1]`, each from `start` by `first` and `second` control to `end`.

    All are (S, 2). Straight segments have `line` set (their controls lie at thirds). `corner_start` tells whether a
    segment starts at a corner or at the end of an open chain.
    """

    start: Floats
    first: Floats
    second: Floats
    end: Floats
    line: Bools
    corner_start: Bools
    offsets: Ints


def thinned(points: Floats, offsets: Ints, closed: Bools, hard: Bools, thin: int) -> tuple[Floats, Ints, Bools]:
    """Average samples, `thin` in a row, into one; chains too short for that, hard samples and open ends stay."""
    count = np.diff(offsets)
    chain = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(points)) - offsets[chain]
    alone = hard | (count[chain] < 8 * thin)
    alone |= ~closed[chain] & ((place == 0) | (place == count[chain] - 1))
    # Runs of samples that may be averaged start after each one that stays.
    starts = alone.copy()
    starts[1:] |= alone[:-1]
    starts[offsets[:-1]] = True
    begin = np.maximum.accumulate(np.where(starts, np.arange(len(points)), 0))
    group = starts | ((np.arange(len(points)) - begin) % thin == 0)
    first = np.flatnonzero(group)
    size = np.diff(np.append(first, len(points)))
    means = np.add.reduceat(points, first, axis=0) / size[:, None]
    grown = offsets_of(np.bincount(chain[first], minlength=len(count)))
    return means, grown, hard[first]


@cache
def taps_of(low: int, high: int, degree: int) -> tuple[Floats, Floats]:
    """Weights that give value and slope at 0 of the least-squares polynomial through samples low..high."""
    at = np.arange(low, high + 1, dtype=float)
    inverse = pseudo_inverse(np.vander(at, degree + 1, increasing=True))
    return inverse[0], inverse[1] if degree else np.zeros(len(at))


class Extension:
    """Every chain continued by some samples at both ends: around where closed, else by point reflection at the end.

    `at` is the place of each sample of the chains among the extended ones.
    """

    def __init__(self, offsets: Ints, closed: Bools, by: int) -> None:
        count = np.diff(offsets)
        size = count + 2 * by
        begin = starts_of(size)
        place = np.arange(int(size.sum())) - np.repeat(begin + by, size)
        n, base = np.repeat(count, size), np.repeat(offsets[:-1], size)
        out = np.flatnonzero((place < 0) | (place >= n))
        ring = closed[np.searchsorted(begin, out, "right") - 1]
        around, beyond = out[ring], out[~ring]
        place[around] %= n[around]
        far = place[beyond]
        last = n[beyond] - 1
        end = np.clip(far, 0, last)
        place[beyond] = end
        self.source = base + place
        self.beyond = beyond
        self.mirror = base[beyond] + np.clip(2 * end - far, 0, last)
        self.at = np.arange(int(count.sum())) + np.repeat(begin + by - offsets[:-1], count)

    def of(self, points: Floats) -> Floats:
        """Extend points (N, 2); gives x and y as rows, (2, M)."""
        extended = points.T[:, self.source]
        extended[:, self.beyond] = 2 * extended[:, self.beyond] - points.T[:, self.mirror]
        return extended

    def filtered(self, extended: Floats, low: int, taps: Floats) -> Floats:
        """Sum of taps times the samples low, low + 1, ... steps on from each one, (N, 2)."""
        total = np.zeros((2, extended.shape[1] - len(taps) + 1))
        for j, tap in enumerate(taps):
            total += tap * extended[:, j : j + total.shape[1]]
        return total[:, self.at + low].T


def unit(vectors: Floats) -> Floats:
    """Vectors (N, 2) of length 1, in the same directions; zero stays zero."""
    units: Floats = vectors / np.maximum(np.sqrt(dot(vectors, vectors)), 1e-12)[:, None]
    return units


def dot(a: Floats, b: Floats) -> Floats:
    """The dot product of vectors (N, 2), pair by pair; sums over so short an axis take numpy longer."""
    return a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1]


def cross(a: Floats, b: Floats) -> Floats:
    """The cross product of vectors (N, 2), pair by pair: positive where b turns right of a on the screen."""
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
