"""What is written here so that a library need not be loaded for it gives the same bytes as the library does."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.arrays import median
from artkit.importance.salience import shortest
from artkit.tracer.regions import masking
from artkit.tracer.regions.seen import Seen, seen


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (3, 1), (4, 5), (6, 9), (40, 31)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.uint8, np.int16])
def test_medians_are_numpys(shape, dtype):
    values = np.random.default_rng(2).normal(100, 30, shape).astype(dtype)
    for axis in (None, 0, 1):
        one, other = median(values, axis), np.median(values, axis=axis)
        assert np.array_equal(one, other) and one.dtype == other.dtype


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (2, 2), (3, 1), (6, 9), (40, 31)])
@pytest.mark.parametrize("band", [1, 64, 1 << 16])
def test_weights_are_those_of_scipys_means_and_of_the_least_window_around(shape, band, monkeypatch):
    from scipy.ndimage import uniform_filter

    monkeypatch.setattr(masking, "BAND", band)
    pixels = np.random.default_rng(3).integers(0, 256, (*shape, 3)).astype(np.uint8)
    gray = pixels.mean(axis=2, dtype=np.float32)
    variance = np.maximum(uniform_filter(gray * gray, 5) - uniform_filter(gray, 5) ** 2, 0)
    for axis in (0, 1):
        wide = np.pad(variance, [(3, 3) if axis == k else (0, 0) for k in (0, 1)], constant_values=np.inf)
        size = variance.shape[axis]
        variance = np.min([np.take(wide, range(k, k + size), axis) for k in (0, 3, 6)], axis=0)
    weight = ((1 + variance.astype(np.float64) / masking.CONTRAST**2) ** -masking.POWER).astype(np.float32)
    weight /= weight.mean(dtype=np.float64)
    assert masking.masking_weights(pixels).tobytes() == weight.tobytes()


def test_shortest_ways_are_those_of_dijkstra():
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    rng = np.random.default_rng(4)
    across, down = rng.uniform(0, 1, (12, 16)) ** 4, rng.uniform(0, 1, (11, 17)) ** 4
    start = np.full((12, 17), np.inf)
    start[0], start[3, 5] = rng.uniform(0, 2, 17), 0.1
    index, there = np.arange(12 * 17, dtype=np.int32).reshape(12, 17), np.flatnonzero(np.isfinite(start))
    a = np.concatenate([index[:, :-1].ravel(), index[:-1].ravel(), np.full(len(there), 12 * 17)]).astype(np.int32)
    b = np.concatenate([index[:, 1:].ravel(), index[1:].ravel(), there]).astype(np.int32)
    far = np.concatenate([across.ravel(), down.ravel(), start.ravel()[there]])
    known = dijkstra(coo_array((far, (a, b)), (12 * 17 + 1,) * 2).tocsr(), directed=False, indices=12 * 17)
    assert np.array_equal(shortest(start, across, down).ravel(), known[:-1])


def test_colors_are_the_same_made_at_once_and_where_they_are_asked_for():
    pixels = np.random.default_rng(5).integers(0, 256, (30, 41, 3)).astype(np.uint8)
    y, x = np.array([0, 7, 29]), np.array([40, 3, 0])
    for place in ((y, x), np.s_[4:9], np.s_[1:20:2, ::2]):
        assert np.array_equal(Seen(pixels)[place], seen(pixels)[place])
