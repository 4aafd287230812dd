"""The core of a face of even width, as a graph of pixels: its rings in, chains along the middle out.

Only pixels about half a width from the border are thinned, so that corners and rough edges leave no spurs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats, Ints, median

FINE = 12.0
"""Pixels across a stroke at which its core is looked for; thinner ones are enlarged."""

MOST = 6
"""The largest enlargement."""


class Chain(NamedTuple):
    """Points (N, 2) along the middle and their distance from the border (N,); the node at either end, -1 in a ring."""

    points: Floats
    depth: Floats
    start: int
    end: int


class Skeleton(NamedTuple):
    """Chains of a face and pixels that stand alone; `width` is a first guess, `share` the part of its area explained,
    `pixel` the size of the pixels it is made of.

    Nodes are numbered, a node of one chain is a free end.
    """

    chains: list[Chain]
    dots: Floats
    width: float
    share: float
    pixel: float

    @property
    def even(self) -> float:
        """The share of the middle that is half a width from the border."""
        fair = sum(int(self.is_fair(chain).sum()) for chain in self.chains)
        return fair / max(sum(len(chain.depth) for chain in self.chains), 1)

    def is_fair(self, chain: Chain) -> Bools:
        """Where a chain is half a width from the border, as the middle of a stroke is."""
        fair: Bools = np.abs(chain.depth - self.width / 2) <= 0.9 * self.pixel + 0.015 * self.width
        return fair


def skeleton_of(rings: list[Floats], estimate: float) -> Skeleton | None:
    """Find the middle of the face within rings of points, about `estimate` wide; None where it has no even width."""
    import cv2

    scale = int(np.clip(np.ceil(FINE / estimate), 1, MOST))
    low = np.floor(np.min([ring.min(0) for ring in rings], axis=0)) - 2
    high = np.ceil(np.max([ring.max(0) for ring in rings], axis=0)) + 2
    columns, rows = ((high - low) * scale).astype(int).tolist()
    mask = np.zeros((rows, columns), np.uint8)
    steps = [np.rint(((ring - low) * scale - 0.5) * 256).astype(np.int32) for ring in rings]
    cv2.fillPoly(mask, steps, [1], shift=8)
    depth = np.asarray(cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float64) - 0.5
    half = _half_width(depth)
    if half is None:
        return None
    core = depth >= half - max(1.3, 0.12 * half)
    thin = thinned(core)
    if not thin.any():
        return None
    chains, dots = _walked(thin)
    made = []
    for pixels, start, end in chains:
        place = (pixels[:, ::-1] + 0.5) / scale + low
        made.append(Chain(place, depth[pixels[:, 0], pixels[:, 1]] / scale, start, end))
    reached = float(thin.sum()) / scale * 2 * half / scale
    spots = (np.array(dots, float).reshape(-1, 2)[:, ::-1] + 0.5) / scale + low
    return Skeleton(made, spots, 2 * half / scale, reached / max(float(mask.sum()) / scale**2, 1e-9), 1 / scale)


def _half_width(depth: Floats) -> float | None:
    """Give the commonest distance from the border, in pixels, of pixels that are farther from it than those beside."""
    inner = depth[1:-1, 1:-1]
    deep = inner >= max(SHALLOW * float(depth.max()), 0.5)
    ridges = [
        (inner >= one) & (inner >= other) & ((inner > one) | (inner > other))
        for one, other in ((depth[1:-1, :-2], depth[1:-1, 2:]), (depth[:-2, 1:-1], depth[2:, 1:-1]))
    ]
    ridge = np.sort(inner[deep & (ridges[0] | ridges[1])])
    if not len(ridge):
        return None
    first = np.searchsorted(ridge, ridge * (1 - ALIKE) - 0.25)
    last = np.searchsorted(ridge, ridge * (1 + ALIKE) + 0.25, "right")
    most = int(np.argmax(last - first))
    return float(median(ridge[first[most] : last[most]]))


SHALLOW = 0.35
"""Ridges are at least so much of the greatest distance from the border; others lead to corners."""

ALIKE = 0.06
"""Distances are the same that differ by no more than this share."""


def _removable() -> tuple[Bools, Bools]:
    """Tell for each code of eight neighbors whether a pixel goes in the two passes of Guo and Hall (1989)."""
    code = np.arange(256)
    p = [(code >> k & 1).astype(bool) for k in range(8)]  # from the north, clockwise
    n, ne, e, se, s, sw, w, nw = p
    crossings = (~n & (ne | e)).astype(int) + (~e & (se | s)) + (~s & (sw | w)) + (~w & (nw | n))
    one = (nw | n).astype(int) + (ne | e) + (se | s) + (sw | w)
    two = (n | ne).astype(int) + (e | se) + (s | sw) + (w | nw)
    fewer = np.minimum(one, two)
    fair = (crossings == 1) & (fewer >= 2) & (fewer <= 3)
    return fair & ~((n | ne | ~se) & e), fair & ~((s | sw | ~nw) & w)


_PASSES = _removable()


def thinned(mask: Bools) -> Bools:
    """Thin a mask to lines of one pixel that hang together as it did (Guo and Hall 1989)."""
    thin = np.pad(mask, 1)
    wide, flat = thin.shape[1], thin.ravel()
    spots = np.flatnonzero(flat)
    while True:
        before = len(spots)
        for table in _PASSES:
            code = np.zeros(len(spots), np.int64)
            for bit, step in enumerate((-wide, 1 - wide, 1, wide + 1, wide, wide - 1, -1, -wide - 1)):
                code |= flat[spots + step].astype(np.int64) << bit
            goes = table[code]
            flat[spots[goes]] = False
            spots = spots[~goes]
        if len(spots) == before:
            return thin[1:-1, 1:-1]


def _walked(thin: Bools) -> tuple[list[tuple[Ints, int, int]], list[tuple[int, int]]]:
    """Chains of pixels (row, column) from node to node, and pixels that stand alone.

    Pixels that have not two neighbors are nodes, those side by side are one.
    """
    pixels = {(int(y), int(x)) for y, x in np.argwhere(thin)}
    links = {pixel: _near(pixel, pixels) for pixel in sorted(pixels)}
    dots = [pixel for pixel, near in links.items() if not near]
    number: dict[tuple[int, int], int] = {}
    for pixel, near in links.items():
        if len(near) in (0, 2) or pixel in number:
            continue
        group, todo = len(set(number.values())), [pixel]
        while todo:
            here = todo.pop()
            if here in number:
                continue
            number[here] = group
            if len(near) > 2:
                todo += [beside for beside in links[here] if len(links[beside]) > 2]
    used: set[tuple[tuple[int, int], tuple[int, int]]] = set()
    chains = []

    def walk(start: tuple[int, int], onward: tuple[int, int]) -> list[tuple[int, int]]:
        path = [start, onward]
        used.update([(start, onward), (onward, start)])
        while path[-1] not in number and path[-1] != start:
            one, other = links[path[-1]]
            following = other if one == path[-2] else one
            used.update([(path[-1], following), (following, path[-1])])
            path.append(following)
        return path

    for pixel, group in number.items():
        for onward in links[pixel]:
            if (pixel, onward) not in used and number.get(onward) != group:
                path = walk(pixel, onward)
                chains.append((np.array(path), group, number[path[-1]]))
    for pixel, near in links.items():
        if len(near) == 2 and pixel not in number and (pixel, near[0]) not in used:
            chains.append((np.array(walk(pixel, near[0])[:-1]), -1, -1))
    return chains, dots


def _near(pixel: tuple[int, int], pixels: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbors of a pixel; diagonal ones that can be reached along a side are none."""
    row, column = pixel
    sides = [(row + i, column + j) for i, j in ((0, 1), (1, 0), (0, -1), (-1, 0)) if (row + i, column + j) in pixels]
    for i, j in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        if (row + i, column + j) in pixels and (row + i, column) not in pixels and (row, column + j) not in pixels:
            sides.append((row + i, column + j))
    return sides
