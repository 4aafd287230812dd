"""Fills of regions: moments add up, and fits are the least squares of their pixels."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.tracer.regions.fields import MOMENTS, error, errors, fields, label_moments, moments


def noisy(height: int = 20, width: int = 26, seed: int = 0) -> np.ndarray:
    """A picture whose color changes evenly in one direction, in one tint, and some noise."""
    y, x = np.mgrid[:height, :width] + 0.5
    ramp = (0.8 * x - 0.5 * y)[..., None] * (3.0, 1.0, -2.0) + (120, 90, 130)
    return (ramp + np.random.default_rng(seed).normal(0, 5, ramp.shape)).astype(np.float32)


def blobs(height: int = 20, width: int = 26, seed: int = 1) -> np.ndarray:
    """Labels from -1 to 4, each in several places."""
    rng = np.random.default_rng(seed)
    return np.kron(rng.integers(-1, 5, (height // 2, width // 2)), np.ones((2, 2))).astype(np.int32)


@pytest.mark.parametrize("weighted", [False, True])
def test_moments_are_sums_over_pixels(weighted):
    colors, labels = noisy(), blobs()
    weight = np.random.default_rng(2).uniform(0.5, 8, labels.shape) if weighted else None
    found = label_moments(labels, colors, weight, 5)
    assert found.shape == (len(MOMENTS), 5)
    for k in range(5):
        wanted = np.zeros(16)
        for i, j in zip(*np.nonzero(labels == k), strict=True):
            x, y, (r, g, b) = j + 0.5, i + 0.5, colors[i, j].astype(float)
            row = [
                1,
                x,
                y,
                x * x,
                x * y,
                y * y,
                r,
                g,
                b,
                x * r,
                x * g,
                x * b,
                y * r,
                y * g,
                y * b,
                r * r + g * g + b * b,
            ]
            wanted += np.array(row) * (1 if weight is None else weight[i, j])
        assert found[:, k] == pytest.approx(wanted, rel=1e-9)


def test_moments_add_up():
    colors, labels = noisy(), blobs()
    whole = label_moments(np.minimum(labels, 0), colors, None, 1)
    assert label_moments(labels, colors, None, 5).sum(1) == pytest.approx(whole[:, 0])
    y, x = np.nonzero(labels >= 0)
    one_by_one = moments(colors[y, x], None, x + 0.5, y + 0.5)
    assert one_by_one.sum(1) == pytest.approx(whole[:, 0])


def test_moments_of_many_rows_are_those_of_few(monkeypatch):
    labels = np.zeros((600, 900), np.int32)
    colors = np.random.default_rng(0).uniform(0, 255, (600, 900, 3)).astype(np.float32)
    found = label_moments(labels, colors, None, 1)[:, 0]
    assert found[0] == 540_000 and found[1] == pytest.approx(540_000 * 450) and found[2] == pytest.approx(540_000 * 300)
    assert found[6:9] == pytest.approx(colors.sum((0, 1), dtype=np.float64))


def naive_gain(colors: np.ndarray, inside: np.ndarray, weight: np.ndarray | None = None) -> tuple[float, float]:
    """The squared error of one color, and what the best even change in one direction and one tint saves."""
    y, x = np.nonzero(inside)
    w = np.sqrt(np.ones(len(x)) if weight is None else weight[y, x])[:, None]
    ones, places, values = w, np.column_stack([x, y]) * w, colors[y, x].astype(float) * w

    def without_mean(of: np.ndarray) -> np.ndarray:
        return of - ones @ np.linalg.lstsq(ones, of, rcond=None)[0]

    places, values = without_mean(places), without_mean(values)
    fitted = places @ np.linalg.lstsq(places, values, rcond=None)[0]
    return float((values**2).sum()), float(np.linalg.svd(fitted, compute_uv=False)[0] ** 2)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_a_gradient_is_the_fit_of_least_squares(seed, weighted):
    colors, labels = noisy(seed=seed), blobs(seed=seed)
    weight = np.random.default_rng(2).uniform(0.5, 8, labels.shape) if weighted else None
    flat, gain = errors(label_moments(labels, colors, weight, 5))
    for k in range(5):
        wanted_flat, wanted_gain = naive_gain(colors, labels == k, weight)
        assert flat[k] == pytest.approx(wanted_flat, rel=1e-6)
        # Pixels have an extent here, which makes slopes the tiniest bit smaller.
        assert 0.985 * wanted_gain < gain[k] <= wanted_gain * (1 + 1e-9)


def test_an_even_change_is_found_exactly():
    y, x = np.mgrid[:30, :40] + 0.5
    colors = ((1.5 * x + 0.5 * y)[..., None] * (2.0, -1.0, 0.5) + (50, 200, 80)).astype(np.float32)
    labels = np.zeros((30, 40), np.int32)
    found = fields(label_moments(labels, colors, None, 1), 1.0)
    assert found.graded.tolist() == [True]
    at = found.at(np.zeros(1200, int), x.ravel(), y.ravel())
    assert np.abs(at - colors.reshape(-1, 3)).max() < 0.2
    assert np.abs(found.tint[0]) == pytest.approx(np.array([2, 1, 0.5]) / np.sqrt(5.25), abs=1e-3)


def test_a_fit_leaves_the_error_that_was_told():
    colors, labels = noisy(), blobs()
    m = label_moments(labels, colors, None, 5)
    flat, gain = errors(m)
    for price in (np.inf, 0.0):
        found = fields(m, price)
        for k in range(5):
            y, x = np.nonzero(labels == k)
            rest = ((found.at(np.full(len(x), k), x + 0.5, y + 0.5) - colors[y, x]) ** 2).sum()
            assert rest == pytest.approx(flat[k] - (0 if price else gain[k]), rel=0.03)


def test_a_gradient_must_pay():
    m = label_moments(blobs(), noisy(), None, 5)
    flat, gain = errors(m)
    assert np.array_equal(error(m, np.inf), flat)
    assert error(m, 0.0) == pytest.approx(flat - gain)
    price = float(np.median(gain))
    assert error(m, price) == pytest.approx(np.minimum(flat, flat - gain + price))
    assert fields(m, price).graded.tolist() == (gain > price).tolist()
    assert not fields(m, np.inf).graded.any()


def test_a_union_is_never_closer_than_its_parts():
    colors, labels = noisy(), blobs()
    m = label_moments(labels, colors, None, 5)
    for price in (np.inf, 500.0):
        own = error(m, price)
        for a in range(5):
            for b in range(a):
                union = error(m[:, a : a + 1] + m[:, b : b + 1], price)[0]
                either = label_moments(np.where((labels == a) | (labels == b), 0, -1).astype(np.int32), colors, None, 1)
                assert union == pytest.approx(error(either, price)[0])
                if price == np.inf:
                    assert union >= own[a] + own[b] - 1e-6


def test_a_pixel_and_a_row_have_no_slope_across():
    colors = np.random.default_rng(0).uniform(0, 255, (1, 9, 3)).astype(np.float32)
    row = fields(label_moments(np.zeros((1, 9), np.int32), colors, None, 1), 0.0)
    assert abs(row.slope[0, 1]) < 1e-6 < abs(row.slope[0, 0])
    pixel = label_moments(np.zeros((1, 1), np.int32), colors[:, :1], None, 1)
    assert errors(pixel)[1][0] == pytest.approx(0, abs=1e-6)
    assert fields(pixel, 0.0).color[0] == pytest.approx(colors[0, 0])
