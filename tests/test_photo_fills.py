"""Gradients of photos show no color that their regions do not have."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.arrays import LabelIds
from artkit.artwork.drawing import Gradient, Path
from artkit.tracer.regions.fields import fields, label_moments
from artkit.tracer.vector import fills

BOUND = 24
"""Levels by which a drawn color may lie beyond those of its region: directions are few."""


def sliver(rng):
    """A thin slanted region, colors that change across it in some direction, and a path around it."""
    angle = rng.uniform(0, np.pi)
    slope = angle + np.pi / 2 + rng.uniform(-0.3, 0.3)  # mostly across
    length, width = rng.uniform(40, 120), rng.uniform(3, 8)
    y, x = np.mgrid[:128, :128] + 0.5
    u = (x - 64) * np.cos(angle) + (y - 64) * np.sin(angle)
    v = (y - 64) * np.cos(angle) - (x - 64) * np.sin(angle)
    inside = (np.abs(u) < length / 2) & (np.abs(v) < width / 2)
    along = (x - 64) * np.cos(slope) + (y - 64) * np.sin(slope)
    reach = np.abs(along[inside]).max()
    ends = rng.integers(0, 256, (2, 3))
    share = (along / reach + 1) / 2
    colors = ends[0] + share[..., None] * (ends[1] - ends[0]) + rng.normal(0, 3, (128, 128, 3))
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [length / 2, width / 2]
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return inside, np.clip(colors, 0, 255), Path(64 + corners @ turn)


def painted(fill, x, y):
    """The color of a fill at places, (N, 3)."""
    if not isinstance(fill, Gradient):
        return np.repeat([[int(fill[k : k + 2], 16) for k in (1, 3, 5)]], len(x), axis=0)
    start, step = np.array(fill.start), np.subtract(fill.end, fill.start)
    t = np.clip((np.column_stack([x, y]) - start) @ step / (step @ step), 0, 1)
    a, b = (np.array([int(c[k : k + 2], 16) for k in (1, 3, 5)]) for c in fill.colors)
    return a + t[:, None] * (b - a)


@pytest.mark.parametrize("seed", range(60))
def test_gradients_of_slanted_slivers_stay_within_the_colors_of_their_pixels(seed):
    inside, colors, path = sliver(np.random.default_rng(seed))
    labels = np.where(inside, 0, -1).astype(np.int32)
    found = fields(label_moments(labels, colors.astype(np.float32), None, 1), 1.0)
    y, x = np.nonzero(inside)
    (fill,) = fills(found, LabelIds(np.zeros(1, int)), [[path]])
    shown, real = painted(fill, x + 0.5, y + 0.5), colors[inside]
    assert (shown >= real.min(0) - BOUND).all()
    assert (shown <= real.max(0) + BOUND).all()
    assert ((shown - real) ** 2).sum() <= 1.02 * ((real - real.mean(0)) ** 2).sum() + 20 * len(real), (
        "no gradient is closer"
    )
