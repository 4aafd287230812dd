"""What is backdrop in a picture and what is not: regions that hang together with its rim, as far as colors carry on.

A region that the rim cuts off for long is backdrop, one that merely touches it may be a thing (Zhu, Liang, Wei and Sun,
"Saliency optimization from robust background detection", 2014). What is unlike backdrop nearby stands out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import rounded
from artkit.arrays import Floats, Ints

REGIONS = 240
"""Superpixels that are looked at."""

COMPACT = 14.0
"""How much their distance in place counts, against color."""

ALIKE = 0.07
"""Way between colors in OKLab within which regions hang together."""

STEP = 0.02
"""Difference of neighbors, in OKLab, that is none."""

NEARBY = 0.4
"""How near backdrop is that a region is compared with, in longer sides."""

EVEN = 0.08
"""Difference of neighbors, in OKLab, up to which they are to stand out alike."""

LOOSE = 0.1
"""How much neighbors are to stand out alike that differ more."""

ROUNDS = 60
"""Rounds of smoothing."""


class Standing(NamedTuple):
    """How sure each pixel (H, W) is no backdrop, and how much it stands out, from 0 to 1."""

    free: NDArray[np.float32]
    out: NDArray[np.float32]


def standing_of(pixels: NDArray[np.uint8], lab: Floats) -> Standing:
    """Tell things from the backdrop of a small picture (H, W, 3), whose colors in OKLab are `lab`."""
    ids, color, place = _regions(pixels, lab)
    apart = np.linalg.norm(color[:, None] - color[None], axis=2)
    rim = np.unique(np.concatenate([ids[0], ids[-1], ids[:, 0], ids[:, -1]]))
    a, b = _neighbors(ids, rim)
    free = _freedom(apart[a, b], a, b, rim, len(color))
    near = rounded(np.exp(-((place[:, None] - place[None]) ** 2).sum(2) / (2 * NEARBY**2)))
    out = _stretched((apart * near * (1 - free)).sum(1))
    even = rounded(np.exp(-(apart[a, b] ** 2) / (2 * EVEN**2))) + LOOSE
    out = _stretched(_smoothed(out, 1 - free, a, b, even))
    return Standing(free.astype(np.float32)[ids], out.astype(np.float32)[ids])


def _regions(pixels: NDArray[np.uint8], lab: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Superpixels as labels, and the mean color and place (in longer sides) of each."""
    from artkit.raster.slic import slic

    _, labels = np.unique(slic(pixels, None, REGIONS, COMPACT), return_inverse=True)
    height, width = pixels.shape[:2]
    ids = labels.reshape(height, width).astype(np.int64)
    size = np.bincount(ids.ravel())
    y, x = np.mgrid[:height, :width] / max(height, width)
    planes = [*np.moveaxis(lab, 2, 0), x, y]
    means = np.stack([np.bincount(ids.ravel(), plane.ravel()) / size for plane in planes], axis=1)
    return ids, means[:, :3], means[:, 3:]


def _neighbors(ids: NDArray[np.int64], rim: Ints) -> tuple[Ints, Ints]:
    """Pairs of regions that touch, and all pairs of the rim: what passes beyond it hangs together."""
    first, second = np.triu_indices(len(rim), 1)
    a = np.concatenate([ids[:, :-1].ravel(), ids[:-1].ravel(), rim[first]])
    b = np.concatenate([ids[:, 1:].ravel(), ids[1:].ravel(), rim[second]])
    count = int(ids.max()) + 1
    keys = np.unique(np.minimum(a, b) * count + np.maximum(a, b))
    keys = keys[keys // count != keys % count]
    return keys // count, keys % count


def _freedom(apart: Floats, a: Ints, b: Ints, rim: Ints, count: int) -> Floats:
    """How sure each region is no backdrop: little of what hangs together with it lies on the rim, for its size."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    ends = a.astype(np.int32), b.astype(np.int32)  # scipy 1.13 takes no others here
    graph = coo_array((np.maximum(apart - STEP, 0) + 1e-9, ends), (count, count)).tocsr()
    share = rounded(np.exp(-(np.asarray(dijkstra(graph, directed=False)) ** 2) / (2 * ALIKE**2)))
    bound = share[:, rim].sum(1) / np.sqrt(share.sum(1))
    free: Floats = rounded(np.exp(-(bound**2) / 2))
    return free


def _smoothed(out: Floats, backdrop: Floats, a: Ints, b: Ints, even: Floats) -> Floats:
    """The values closest to `out` where it is high and to 0 in the backdrop, that differ little between neighbors.

    The least squares are found by Jacobi's rounds, in which every sum is taken in one order.
    """
    count = len(out)
    ends, others, weights = np.concatenate([a, b]), np.concatenate([b, a]), np.concatenate([even, even])
    whole = np.bincount(ends, weights, count) + backdrop + out
    found = out.copy()
    for _ in range(ROUNDS):
        found = (np.bincount(ends, weights * found[others], count) + out) / whole
    return found


def _stretched(values: Floats) -> Floats:
    low, high = values.min(), values.max()
    stretched: Floats = (values - low) / max(float(high - low), 1e-9)
    return stretched
