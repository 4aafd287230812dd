"""Cuts: where a thing may be and a picture's colors in, the mask of a minimum cut out (Boykov and Jolly 2001).

Colors of the thing and of the rest are learned, a minimum cut puts the border where colors change, and both are done
again (Rother, Kolmogorov and Blake 2004). Unlike OpenCV's GrabCut, the cut never forgets where the thing was looked
for, and keeps it in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import rounded
from artkit.arrays import Bools, Floats, Ints
from artkit.color.spaces import srgb_to_oklab
from artkit.raster.gaussian import gaussian
from artkit.raster.histogram import histogram, otsu_level
from artkit.raster.masks import grown

SURE = 50.0
"""Logarithm of the odds of what is the thing for sure."""

BINS = 16
"""Bins to an axis of the colors that are told apart."""

AROUND, PRICE = 0.012, 5.0
"""How far a border may move in the larger copy, in longer sides, and the price of it there."""

_UNIT = 100
"""Units of capacity to a logarithm of odds: flows are whole numbers, and the same everywhere."""


class Manner(NamedTuple):
    """How a cut is made: the price of a border where colors are even; what it counts where the thing was looked for,
    and how far from its middle a pixel is, both in natural logarithms of odds, as those of colors are; and how often
    colors are learned anew.
    """

    border: float
    seed: float
    place: float
    rounds: int


@dataclass(frozen=True)
class Seed:
    """Where a thing is looked for, (H, W) from 0 to 1, and what of that is sure."""

    likely: NDArray[np.float32]
    sure: Bools


@dataclass(frozen=True, eq=False)
class Canvas:
    """A small picture as cuts need it: colors (H, W, 3) in OKLab, without grain, their bins, and what parting costs."""

    lab: Floats
    bins: Ints
    edges: tuple[Ints, Ints, Floats]

    @classmethod
    def of(cls, pixels: NDArray[np.uint8]) -> Canvas:
        """Make a picture (H, W, 3) ready to be cut."""
        import cv2

        lab = srgb_to_oklab(np.asarray(cv2.bilateralFilter(pixels, 5, 25, 2), np.uint8))
        flat = lab.reshape(-1, 3)
        return cls(lab, bins_of(flat), _edges(flat, *pixels.shape[:2]))


def cut(canvas: Canvas, seed: Seed, manner: Manner) -> Bools | None:
    """Cut a thing out by color, by where it was looked for, and by how far from its middle a pixel is, or give None."""
    level = otsu_level(histogram(np.rint(255 * seed.likely).astype(np.uint8), None))
    if level is None:
        return None
    height, width = seed.likely.shape
    prior = np.clip(1 / (1 + np.exp(-6 * (seed.likely.ravel() - level / 255).astype(np.float64))), 0.02, 0.98)
    begun = manner.seed * np.log(prior / (1 - prior))
    bins = canvas.bins
    share, found = prior * _unlike_rim(bins, prior, height, width), prior > 0.5
    for _ in range(manner.rounds):
        near = manner.place * _nearness(share * seed.likely.ravel(), height, width)
        odds = begun + _odds_of_colors(bins, share) + near
        found = _smaller_side(canvas.edges, manner.border, np.where(seed.sure.ravel(), SURE, odds))
        again = 0.7 * found + 0.3 * prior
        if np.array_equal(again, share):
            break
        share = again
    return found.reshape(height, width)


def refined(canvas: Canvas, coarse: Bools) -> Bools:
    """Find the border of a mask again in a larger copy of the picture, near where it was."""
    import cv2

    height, width = canvas.lab.shape[:2]
    size = (width, height)
    level = np.asarray(cv2.resize(coarse.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)).reshape(
        height, width
    )
    mask = level > 0.5
    by = max(round(AROUND * max(size)), 2)
    band = (grown(mask, by) & grown(~mask, by)).ravel()
    share = mask.ravel().astype(np.float64)
    odds = np.clip(_odds_of_colors(canvas.bins, share), -2, 2) + (4 * level.ravel() - 2)
    odds = np.where(band, odds, np.where(mask.ravel(), SURE, -SURE))
    a, b, alike = canvas.edges
    inside = band[a] | band[b]
    used = np.unique(np.concatenate([a[inside], b[inside]]))
    if not len(used):
        return mask
    a, b = np.searchsorted(used, a[inside]), np.searchsorted(used, b[inside])
    found = mask.ravel().copy()
    found[used] = _smaller_side((a, b, alike[inside]), PRICE, odds[used])
    return found.reshape(height, width)


def bins_of(lab: Floats) -> Ints:
    """The bin of each color (N, 3), along axes as long as the picture's colors reach."""
    low = lab.min(0)
    reach = np.maximum(lab.max(0) - low, 0.08)
    step = np.minimum((lab - low) / reach * BINS, BINS - 1).astype(np.int64)
    bins: Ints = (step[:, 0] * BINS + step[:, 1]) * BINS + step[:, 2]
    return bins


def _unlike_rim(bins: Ints, prior: Floats, height: int, width: int) -> Floats:
    """How much likelier each pixel's color is where the subject may be than on the picture's rim, from 0 to 1."""
    rim = np.ones((height, width), bool)
    rim[2:-2, 2:-2] = False
    odds = np.exp(_odds_between(bins, prior, rim.ravel().astype(np.float64)))
    unlike: Floats = odds / (1 + odds)
    return unlike


def _odds_of_colors(bins: Ints, share: Floats) -> Floats:
    """How much likelier each pixel's color is in the subject, which has a share of each pixel, than in the rest."""
    return _odds_between(bins, share, 1 - share)


def _odds_between(bins: Ints, one: Floats, other: Floats) -> Floats:
    """Logarithm of how much more of each pixel's color there is in one weight of pixels than in another."""

    def of(weight: Floats) -> Floats:
        table = np.bincount(bins, weight, BINS**3).reshape(BINS, BINS, BINS)
        smooth = gaussian(table, 0.8, "constant").ravel()
        return np.asarray(smooth / max(smooth.sum(), 1e-9))[bins] + 1e-5

    odds: Floats = np.clip(rounded(np.log(of(one) / of(other))), -4, 4)
    return odds


def _nearness(weight: Floats, height: int, width: int) -> Floats:
    """How near each pixel is to the middle of a weight, from 1 to -4, against how far the weight spreads."""
    y, x = (place.ravel() / max(height, width) for place in np.mgrid[:height, :width])
    total = max(float(weight.sum()), 1e-9)
    far = np.zeros(height * width)
    for place in (x, y):
        middle = float((weight * place).sum()) / total
        spread = float(np.sqrt((weight * (place - middle) ** 2).sum() / total))
        far += ((place - middle) / (spread + 0.02)) ** 2
    return np.clip(1.5 - 0.5 * far, -4, 1)


def _edges(lab: Floats, height: int, width: int) -> tuple[Ints, Ints, Floats]:
    """Neighbors to eight sides, and how alike each two of them are, at most 1, those at corners less."""
    index = np.arange(height * width).reshape(height, width)
    ends = (
        (index[:, :-1], index[:, 1:]),
        (index[:-1], index[1:]),
        (index[:-1, :-1], index[1:, 1:]),
        (index[:-1, 1:], index[1:, :-1]),
    )
    a, b = (np.concatenate([pair[k].ravel() for pair in ends]) for k in (0, 1))
    near = np.repeat([1.0, 1.0, 0.7, 0.7], [pair[0].size for pair in ends])
    apart: Floats = ((lab[a] - lab[b]) ** 2).sum(1)
    return a, b, near * np.exp(-apart / (2 * apart.mean() + 1e-9))


def _smaller_side(edges: tuple[Ints, Ints, Floats], border: float, odds: Floats) -> Bools:
    """The pixels on the subject's side of the minimum cut."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    a, b, alike = edges
    price = border * alike + 0.05
    source, sink = len(odds), len(odds) + 1
    own, other = np.flatnonzero(odds > 0), np.flatnonzero(odds < 0)
    rows, columns = (  # of 32 bits: scipy 1.13 takes no others here
        np.concatenate(ends).astype(np.int32)
        for ends in ([a, b, np.full(len(own), source), other], [b, a, own, np.full(len(other), sink)])
    )
    capacity = np.rint(np.concatenate([price, price, odds[own], -odds[other]]) * _UNIT).astype(np.int32)
    graph = coo_array((capacity, (rows, columns)), (len(odds) + 2,) * 2).tocsr()
    left = graph - maximum_flow(graph, source, sink).flow
    left.data = np.maximum(left.data, 0)
    left.eliminate_zeros()
    side = np.zeros(len(odds) + 2, bool)
    side[breadth_first_order(left, source, return_predecessors=False)] = True
    return side[:-2]
