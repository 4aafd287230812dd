"""Masks grown, shrunk and by their runs; labels spread to the nearest: against what the words say, pixel by pixel."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.raster.masks import grown, runs, shrunk, spread


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("by", [1, 2, 4])
def test_masks_grow_and_shrink_by_squares(seed, by):
    mask = np.random.default_rng(seed).random((17, 23)) < 0.1
    y, x = np.indices(mask.shape)
    rows, columns = np.nonzero(mask)
    near = (np.maximum(np.abs(y[..., None] - rows), np.abs(x[..., None] - columns)) <= by).any(2)
    assert np.array_equal(grown(mask, by), near)
    assert np.array_equal(shrunk(~mask, by), ~near), "what is beside the picture is no hole"


@pytest.mark.parametrize("seed", range(5))
def test_runs_paint_their_mask(seed):
    mask = np.random.default_rng(seed).random((9, 14)) < 0.5
    painted = np.zeros(mask.shape, int)
    for row, first, end in zip(*runs(mask), strict=True):
        painted[row, first:end] += 1
        assert first == 0 or not mask[row, first - 1]
        assert end == mask.shape[1] or not mask[row, end]
    assert np.array_equal(painted, mask)


@pytest.mark.parametrize("seed", range(5))
def test_labels_spread_from_a_known_pixel_that_is_about_the_nearest(seed):
    rng = np.random.default_rng(seed)
    labels, known = rng.integers(0, 1000, (20, 30)).astype(np.int32), rng.random((20, 30)) < 0.03
    known[3, 4] = True
    found, far = spread(labels, known)
    assert np.array_equal(found[known], labels[known])
    assert (far[known] == 0).all()
    y, x = np.indices(known.shape)
    rows, columns = np.nonzero(known)
    away = np.hypot(y[..., None] - rows, x[..., None] - columns)
    own = np.where(labels[rows, columns] == found[..., None], away, np.inf).min(2)
    assert (own <= away.min(2) * 1.03 + 0.5).all(), "chamfer distances are off by two per cent"
