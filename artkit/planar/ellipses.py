"""Closed chains that are circles or ellipses, told and fitted all at once."""

from __future__ import annotations

import numpy as np

from artkit.algebra import eigen, solve
from artkit.arrays import Bools, Floats, Ints, starts_of
from artkit.artwork.bezier import KAPPA
from artkit.planar.segments import Curves, cross


def ellipses(points: Floats, offsets: Ints, closed: Bools, tolerance: float) -> tuple[Bools, Curves]:
    """Tell the closed chains that are ellipses, to within the tolerance, and give them as four cubics each.

    The conic comes from least squares on its equation. Circles and upright ellipses are taken where they do as well.
    """
    count = np.diff(offsets)
    oval = closed & (count >= 8)
    which = np.flatnonzero(oval)
    size = count[which]
    begin = starts_of(size)
    index = np.arange(int(size.sum())) + np.repeat(offsets[:-1][which] - begin, size)
    if not len(which):
        return oval, quarters(np.empty((0, 2)), np.empty((0, 2)), np.empty((0, 2)))
    samples = points[index]
    center = np.add.reduceat(samples, begin) / size[:, None]
    local = samples - np.repeat(center, size, axis=0)
    scale = np.sqrt(np.add.reduceat((local**2).sum(1), begin) / size)
    local /= np.repeat(scale, size)[:, None]
    x, y = local.T
    terms = np.stack([x * x, x * y, y * y, x, y])
    normal = np.add.reduceat(terms[:, None] * terms[None], begin, axis=2).transpose(2, 0, 1)
    right = np.add.reduceat(terms, begin, axis=1).T
    a, b, c, d, e = solve(normal + 1e-9 * np.eye(5), right[:, :, None])[:, :, 0].T
    sound = 4 * a * c - b * b > 1e-6
    down = np.where(sound, 4 * a * c - b * b, 1)
    mid = np.column_stack([(b * e - 2 * c * d) / down, (b * d - 2 * a * e) / down])
    level = 1 + a * mid[:, 0] ** 2 + b * mid[:, 0] * mid[:, 1] + c * mid[:, 1] ** 2
    half = np.stack([np.stack([a, b / 2], 1), np.stack([b / 2, c], 1)], 1) / np.where(sound, level, 1)[:, None, None]
    values, axes = eigen(np.where(sound[:, None, None], half, np.eye(2)))
    sound &= (values > 1e-4).all(1)
    radii = 1 / np.sqrt(np.maximum(values, 1e-4))
    center += scale[:, None] * mid
    radii *= scale[:, None]
    first = axes[:, :, 0] * np.where(np.abs(axes[:, 0, 0]) >= np.abs(axes[:, 1, 0]), np.sign(axes[:, 0, 0]), 1)[:, None]

    upright = np.abs(first[:, 0]) >= np.abs(first[:, 1])
    straight = np.where(upright[:, None], radii, radii[:, ::-1])
    mean = np.repeat(radii.mean(1)[:, None], 2, 1)
    along = np.zeros_like(first)
    along[:, 0] = 1
    found = np.zeros(len(which), bool)
    best_radii, best_way = radii.copy(), first.copy()
    for trial, way in ((mean, along), (straight, along), (radii, first)):
        off = _off_ellipse(samples, np.repeat(center, size, 0), np.repeat(trial, size, 0), np.repeat(way, size, 0))
        good = ~found & sound & (np.maximum.reduceat(off, begin) <= ROUND * tolerance)
        good &= _all_around(samples, center, trial, way, begin, size, ROUND * tolerance)
        best_radii[good], best_way[good] = trial[good], way[good]
        found |= good
    oval[which] = found
    turn = np.sign(_shoelace(samples, begin, size))[found]
    return oval, quarters(
        center[found], best_radii[found] * np.column_stack([np.ones_like(turn), turn]), best_way[found]
    )


ROUND = 0.8
"""A ring is an ellipse if all of its samples lie within this share of the tolerance of it."""


def _off_ellipse(samples: Floats, center: Floats, radii: Floats, way: Floats) -> Floats:
    """Distance from an ellipse, to first order: value of its equation over the length of the gradient."""
    local = samples - center
    u = np.column_stack([(local * way).sum(1), cross(way, local)]) / radii
    length = np.linalg.norm(u, axis=1)
    off: Floats = np.abs(length - 1) * length / np.maximum(np.linalg.norm(u / radii, axis=1), 1e-9)
    return off


def _all_around(
    samples: Floats, center: Floats, radii: Floats, way: Floats, begin: Ints, size: Ints, slack: float
) -> Bools:
    """Whether samples come close to all four ends of the axes: a long stroke lies on an ellipse with its sides only."""
    local = samples - np.repeat(center, size, 0)
    along = np.repeat(way, size, 0)
    places = np.column_stack([(local * along).sum(1), cross(along, local)])
    ends = radii - slack
    near_all = (np.maximum.reduceat(places, begin) >= ends) & (np.minimum.reduceat(places, begin) <= -ends)
    return np.asarray(near_all.all(1))


def _shoelace(samples: Floats, begin: Ints, size: Ints) -> Floats:
    after = np.arange(len(samples)) + 1
    after[begin + size - 1] = begin
    areas: Floats = np.add.reduceat(cross(samples, samples[after]), begin)
    return areas


def quarters(center: Floats, radii: Floats, way: Floats) -> Curves:
    """Four cubics for each ellipse; a negative second radius turns the other way around."""
    side = np.column_stack([-way[:, 1], way[:, 0]])
    u, v = way * radii[:, :1], side * radii[:, 1:]
    corners = [u, v, -u, -v]
    start = np.stack([center + p for p in corners], 1)
    end = np.roll(start, -1, axis=1)
    first = np.stack([center + p + KAPPA * q for p, q in zip(corners, corners[1:] + corners[:1], strict=True)], 1)
    second = np.stack([center + q + KAPPA * p for p, q in zip(corners, corners[1:] + corners[:1], strict=True)], 1)
    flags = np.zeros(4 * len(center), bool)
    bounds = np.arange(len(center) + 1) * 4
    a, b, c, d = (x.reshape(-1, 2) for x in (start, first, second, end))
    return Curves(a, b, c, d, flags, flags, bounds)
