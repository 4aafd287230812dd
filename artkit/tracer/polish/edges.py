"""Places along curves, and what changes in the picture where a curve moves there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from artkit.arrays import Floats, Ints
from artkit.tracer.polish.curves import Curves

STEP = 0.12
"""Distance of places along a curve, in pixels."""


@dataclass(frozen=True, eq=False)
class Places:
    """Places along all curves: `segment` (N,), the `weights` (N, 4) of its points, where it is, `xy`, and the `outward`
    normal of its shape, (N, 2), as long as what the place stands for.
    """

    segment: Ints
    weights: Floats
    xy: Floats
    outward: Floats

    @classmethod
    def of(cls, curves: Curves, points: Floats) -> Places:
        """Walk along all curves."""
        p = curves.controls(points)
        size = np.maximum(np.ceil(np.linalg.norm(np.diff(p, axis=1), axis=2).sum(1) / STEP).astype(np.int64), 1)
        segment = np.repeat(np.arange(len(size)), size)
        u = (np.arange(len(segment)) - np.repeat(np.cumsum(size) - size, size) + 0.5) / size[segment]
        v = 1 - u
        weights = np.stack([v**3, 3 * u * v * v, 3 * u * u * v, u**3], axis=1)
        speeds = 3 * np.stack([-v * v, v * v - 2 * u * v, 2 * u * v - u * u, u * u], axis=1)
        xy = _mixed(weights, p[segment])
        speed = _mixed(speeds, p[segment]) / size[segment, None]
        swept = np.bincount(
            curves.shape[segment], weights=xy[:, 0] * speed[:, 1] - xy[:, 1] * speed[:, 0], minlength=len(curves.inks)
        )
        turn = np.where(swept < 0, -1.0, 1.0)[curves.shape[segment]]
        line = curves.line[segment]
        weights[line] = np.column_stack([v, 0 * u, 0 * u, u])[line]
        return cls(segment, weights, xy, turn[:, None] * np.column_stack([speed[:, 1], -speed[:, 0]]))


def _mixed(weights: Floats, points: Floats) -> Floats:
    """Sums (N, 2) of points (N, 4, 2) by their weights (N, 4)."""
    total: Floats = weights[:, 0, None] * points[:, 0]
    for k in range(1, 4):
        total += weights[:, k, None] * points[:, k]
    return total
