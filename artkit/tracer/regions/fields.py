"""What a region looks like: one color, or one that changes evenly in one direction or in rings, fitted to its pixels.

All that the fits need of a region are its moments, which add up when regions merge: so the squared error of a union is
known without a look at its pixels. Moments are the rows of (16, n) arrays, in the order of `MOMENTS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import eigen, product, solve
from artkit.arrays import Floats, LabelIds
from artkit.spans import spanned
from artkit.tracer.regions.seen import Seen
from artkit.workers import mapped

MOMENTS = ("1", "x", "y", "xx", "xy", "yy", "r", "g", "b", "xr", "xg", "xb", "yr", "yg", "yb", "rr+gg+bb")
"""Each row is the weighted sum of this over the pixels of a region; x and y are the middles of pixels."""

PIXEL = 1 / 12
"""Variance of x within a pixel: without it a row of pixels would have a slope across itself."""


def moments(colors: NDArray[np.generic], weight: NDArray[np.float32] | None, x: Floats, y: Floats) -> Floats:
    """Moments (16, n) of n pixels on their own: their colors (n, 3), weights (n,) or 1, and places."""
    plain = np.stack(list(_terms(colors, x, y)))
    return plain if weight is None else plain * weight


def _terms(colors: NDArray[np.generic], x: Floats, y: Floats) -> Iterator[Floats]:
    """What `MOMENTS` are sums of, one after the other."""
    r, g, b = (color.astype(np.float64) for color in colors.T)
    yield from (np.ones_like(x), x, y)
    yield from (p * q for p, q in ((x, x), (x, y), (y, y)))
    yield from (r, g, b)
    yield from (p * q for p in (x, y) for q in (r, g, b))
    yield r * r + g * g + b * b


def label_moments(
    labels: NDArray[np.int32], colors: NDArray[np.generic] | Seen, weight: NDArray[np.float32] | None, count: int
) -> Floats:
    """Moments (16, count) of the regions of labels (H, W), -1 left out; colors (H, W, 3), weights (H, W) or 1."""
    height, width = labels.shape
    total = np.zeros((len(MOMENTS), count))
    rows = max(1, (1 << 18) // width)

    def summed(top: int) -> list[Floats]:
        band = labels[top : top + rows]
        x, y = np.tile(np.arange(width) + 0.5, len(band)), np.repeat(np.arange(top, top + len(band)) + 0.5, width)
        flat, color = band.ravel().astype(np.intp), colors[top : top + rows].reshape(-1, 3)
        heavy = None if weight is None else weight[top : top + rows].ravel().astype(np.float64)
        if int(flat.min(initial=0)) < 0:
            inside = np.flatnonzero(flat >= 0)
            flat, color, x, y = flat[inside], color[inside], x[inside], y[inside]
            heavy = None if heavy is None else heavy[inside]
        terms = _terms(color, x, y)
        return [_sums(flat, term if heavy is None else term * heavy, count) for term in terms]

    for parts in mapped(summed, range(0, height, rows), ahead=0):
        for row, part in zip(total, parts, strict=True):
            row += part
    return total


def _sums(number: NDArray[np.signedinteger[Any]], values: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(number, values, count), np.float64)


def _centered(m: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """Second moments about the means: xx, xy, yy, colors with x and with y, (3, n) each; and the flat error."""
    inverse = 1 / np.maximum(m[0], 1e-12)
    x, y, color = m[1] * inverse, m[2] * inverse, m[6:9] * inverse
    xx = m[3] - m[1] * x + PIXEL * m[0] + 1e-9
    yy = m[5] - m[2] * y + PIXEL * m[0] + 1e-9
    flat = np.maximum(m[15] - (m[6:9] * color).sum(0), 0)
    return xx, m[4] - m[1] * y, yy, m[9:12] - m[1] * color, m[12:15] - m[2] * color, flat


def _whitened(m: Floats) -> tuple[Floats, Floats, Floats]:
    """Colors' covariances with two directions of unit variance, (3, n) each, and the flat error."""
    xx, xy, yy, along_x, along_y, flat = _centered(m)
    slope = xy / xx
    return along_x / np.sqrt(xx), (along_y - slope * along_x) / np.sqrt(np.maximum(yy - slope * xy, 1e-9)), flat


def errors(m: Floats) -> tuple[Floats, Floats]:
    """Squared error of one color for each region, and how much the best even change in one direction saves."""
    u, v, flat = _whitened(m)
    p, q, r = (u * u).sum(0), (u * v).sum(0), (v * v).sum(0)
    gain = (p + r) / 2 + np.sqrt(((p - r) / 2) ** 2 + q * q)
    return flat, np.minimum(gain, flat)


def error(m: Floats, price: float) -> Floats:
    """Squared error of each region with the fill that is worth it: a gradient must save `price` more than nothing."""
    flat, gain = errors(m)
    return flat if not np.isfinite(price) else flat - np.maximum(gain - price, 0)


@dataclass(frozen=True, eq=False)
class Fields:
    """The color of region k at a place p is `color[k] + (v @ slope[k] + bend[k] * (v @ v - spread[k])) * tint[k]`.

    There v is p - middle[k]. `slope` (n, 2) is zero where the color does not change; `tint` (n, 3) is the direction in
    which it does; `bend` (n,) is zero but where rings about `center` have one color; `spread` is the mean of v @ v.
    `extent` (n, 2, 2) is the covariance of the places of the region's pixels.
    """

    color: Floats
    middle: Floats
    slope: Floats
    tint: Floats
    bend: Floats
    spread: Floats
    extent: Floats

    @classmethod
    def flat(cls, color: Floats) -> Fields:
        """Fill regions with one color each, (n, 3)."""
        count = len(color)
        pairs, ones = np.zeros((count, 2)), np.zeros(count)
        return cls(color, pairs, pairs, np.zeros((count, 3)), ones, ones, np.zeros((count, 2, 2)))

    def color_of(self, labels: LabelIds) -> Floats:
        """Colors (N, 3) of regions (N,) in their middles; no numbers where there is no region, -1."""
        colors: Floats = np.vstack([self.color, np.full((1, 3), np.nan)])[labels]
        return colors

    def at(self, region: LabelIds, x: Floats, y: Floats) -> Floats:
        """Colors (N, 3) of regions (N,) at places (N,)."""
        middle, slope = self.middle.T, self.slope.T
        x, y = x - middle[0].take(region), y - middle[1].take(region)
        along = x * slope[0].take(region) + y * slope[1].take(region)
        if self.bend.any():
            along += self.bend.take(region) * (x * x + y * y - self.spread.take(region))
        colors: Floats = self.tint.take(region, axis=0)
        colors *= along[:, None]
        colors += self.color.take(region, axis=0)
        return colors

    def center(self, region: int) -> Floats:
        """The middle (2,) of the rings of a region with a `bend`."""
        center: Floats = self.middle[region] - self.slope[region] / (2 * self.bend[region])
        return center

    @property
    def graded(self) -> NDArray[np.bool_]:
        """Which regions change their color."""
        changes: NDArray[np.bool_] = (np.abs(self.slope).max(1) > 0) | (self.bend != 0)
        return changes


def fields(m: Floats, price: float) -> Fields:
    """Fit each region: one color, or one that changes evenly where that saves `price` of squared error (inf: never)."""
    count = m.shape[1]
    weight = np.maximum(m[0], 1e-12)
    color, middle = (m[6:9] / weight).T, (m[1:3] / weight).T
    slope, tint = np.zeros((count, 2)), np.zeros((count, 3))
    _, gain = errors(m)
    k = np.flatnonzero(gain > price)
    if len(k):
        some = m[:, k]
        u, v, _ = _whitened(some)
        # The strongest direction of colors among the two: an eigenvector of a matrix of rank two.
        p, q, r = (u * u).sum(0), (u * v).sum(0), (v * v).sum(0)
        turn = np.arctan2(2 * q, p - r) / 2
        best = np.cos(turn) * u + np.sin(turn) * v
        best /= np.maximum(np.linalg.norm(best, axis=0), 1e-12)
        xx, xy, yy, along_x, along_y, _ = _centered(some)
        determinant = np.maximum(xx * yy - xy * xy, 1e-9)
        gx, gy = (best * along_x).sum(0), (best * along_y).sum(0)
        slope[k] = np.column_stack([yy * gx - xy * gy, xx * gy - xy * gx]) / determinant[:, None]
        tint[k] = best.T
    spread = (m[3] + m[5]) / weight - (middle * middle).sum(1)
    xx, xy, yy, *_ = _centered(m)
    extent = (np.stack([xx, xy, xy, yy], axis=1) / weight[:, None]).reshape(count, 2, 2)
    return Fields(color, middle, slope, tint, np.zeros(count), spread, extent)


FAR = 3.0
"""How far from a region the center of its rings may be, as a multiple of the root of its area."""


RINGS = 4.0
"""What rings must save, as a multiple of what a gradient in one direction must: they take more to write."""


@spanned("radial fills")
def with_rings(found: Fields, labels: NDArray[np.int32], pixels: NDArray[np.uint8], price: float) -> Fields:
    """Let regions change in rings where that saves `RINGS` times `price`, less what they pay for now.

    `found` is what `fields` gave for the labels (H, W) and colors (H, W, 3) at that price.
    """
    count = len(found.color)
    if not np.isfinite(price) or not count:
        return found
    sums = np.zeros((3 + 6 + 9 + 2, count))  # weight of x, y and their square; their products; with colors; errors
    area = np.zeros(count)
    size = np.sqrt(np.maximum(found.spread, PIXEL))
    middle, slopes, colors, tints = (plane.T.copy() for plane in (found.middle, found.slope, found.color, found.tint))
    rows = max(1, (1 << 18) // labels.shape[1])

    def summed(top: int) -> list[Floats]:
        flat = labels[top : top + rows].ravel()
        inside = np.flatnonzero(flat >= 0)
        flat = flat[inside].astype(np.intp)
        y, x = np.divmod(inside, labels.shape[1])
        scale = size.take(flat)
        x = (x + 0.5 - middle[0].take(flat)) / scale
        y = (y + top + 0.5 - middle[1].take(flat)) / scale
        own = pixels[top : top + rows].reshape(-1, 3).T
        color = [one[inside] - mean.take(flat) for one, mean in zip(own, colors, strict=True)]
        terms = (x, y, x * x + y * y - 1)
        values = [*terms, *(a * b for k, a in enumerate(terms) for b in terms[k:])]
        values += [a * c for a in terms for c in color]
        along = (x * slopes[0].take(flat) + y * slopes[1].take(flat)) * scale
        gap = [one - along * tint.take(flat) for one, tint in zip(color, tints, strict=True)]
        values += [a * a + b * b + c * c for a, b, c in (color, gap)]
        return [_sums(flat, value, count) for value in (*values, np.ones_like(x))]

    for parts in mapped(summed, range(0, len(labels), rows), ahead=0):
        for row, part in zip((*sums, area), parts, strict=True):
            row += part
    mean = sums[:3] / np.maximum(area, 1)
    square = np.empty((count, 3, 3))
    for (i, j), row in zip(((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)), sums[3:9], strict=True):
        square[:, i, j] = square[:, j, i] = row - mean[i] * mean[j] * area
    square += np.eye(3) * (1e-3 * area + 1e-6)[:, None, None]  # rows of pixels have no rings
    with_color = sums[9:18].reshape(3, 3, count).transpose(2, 0, 1)
    # The best of rank one: what terms explain of colors has its strongest direction there.
    each = solve(square, with_color)
    explained, turned = eigen(product(with_color.transpose(0, 2, 1), each))
    tint = turned[:, :, -1]
    solved = product(each, tint[:, :, None])[:, :, 0]
    slope, bend = solved[:, :2] / size[:, None], solved[:, 2] / size**2
    rest, so_far = sums[18] - np.maximum(explained[:, -1], 0), sums[19] + np.where(found.graded, price, 0)
    far = np.linalg.norm(slope, axis=1) > 2 * np.abs(bend) * FAR * np.sqrt(area)
    better = (rest + RINGS * price < np.minimum(so_far, sums[18])) & ~far & (bend != 0)
    # The third term's own mean is what `spread` takes off; with the mean color it is nothing over all pixels.
    pick = better[:, None]
    return Fields(
        found.color,
        found.middle,
        np.where(pick, slope, found.slope),
        np.where(pick, tint, found.tint),
        np.where(better, bend, 0.0),
        found.spread + np.where(better, mean[2] * size**2, 0.0),
        found.extent,
    )
