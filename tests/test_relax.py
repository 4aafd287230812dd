"""Borders that move: regions keep their number and stay whole, and what it all costs never rises."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import label as parts

from artkit.tracer.regions.fields import fields, label_moments
from artkit.tracer.regions.relax import _SIMPLE, DIAGONAL, LENGTH, relaxed
from artkit.tracer.regions.tree import merge_tree


def picture(seed: int = 0) -> np.ndarray:
    y, x = np.mgrid[:48, :60].astype(float)
    pixels = np.dstack([2 * x, 100 + y, 150 - x])
    pixels[np.hypot(x - 25, y - 20) < 12] = 220, 90, 60
    return (pixels + np.random.default_rng(seed).normal(0, 10, pixels.shape)).astype(np.float32)


def start(colors: np.ndarray, kind: str) -> np.ndarray:
    """Labels to begin with: those of a merge tree, squares, the same with holes where there is nothing."""
    height, width = colors.shape[:2]
    if kind == "tree":
        return merge_tree(np.arange(height * width, dtype=np.int32).reshape(height, width), colors).cut(40)
    y, x = np.mgrid[:height, :width]
    labels = (y // 8 * 10 + x // 6).astype(np.int32)
    if kind == "holes":
        labels[np.hypot(x - 30, y - 24) < 9] = -1
        labels[:5, :7] = -1
        labels = np.unique(labels, return_inverse=True)[1].reshape(height, width).astype(np.int32) - 1
        # A square that a hole has cut in two is two regions.
        whole = [parts(labels == k)[0] for k in range(labels.max() + 1)]
        labels = sum((np.where(w > 0, w + 100 * (k + 1), 0) for k, w in enumerate(whole)), np.zeros_like(labels))
        labels = np.unique(labels, return_inverse=True)[1].reshape(height, width).astype(np.int32) - 1
    return labels


def energy(labels: np.ndarray, colors: np.ndarray, weight: np.ndarray | None, gradient: float, price: float) -> float:
    """The squared error, what gradients cost, and the length of all borders."""
    count = int(labels.max()) + 1
    found = fields(label_moments(labels, colors, weight, count), gradient)
    y, x = np.nonzero(labels >= 0)
    gap = ((found.at(labels[y, x].astype(int), x + 0.5, y + 0.5) - colors[y, x]) ** 2).sum(1)
    data = float((gap if weight is None else gap * weight[y, x]).sum())
    if np.isfinite(gradient):
        data += gradient * float(found.graded.sum())
    length = 0.0
    for dy, dx, far in ((0, 1, 1.0), (1, 0, 1.0), (1, 1, DIAGONAL), (1, -1, DIAGONAL)):
        one = labels[: labels.shape[0] - dy, max(-dx, 0) : labels.shape[1] - max(dx, 0)]
        other = labels[dy:, max(dx, 0) : labels.shape[1] + min(dx, 0)]
        length += far * float((one != other).sum())
    return data + price * LENGTH * length


CASES = [(kind, price) for kind in ("tree", "squares", "holes") for price in (0.0, 150.0, 3000.0)]


@pytest.mark.parametrize(("kind", "price"), CASES)
def test_regions_keep_their_number_and_stay_whole(kind, price):
    colors = picture()
    labels = start(colors, kind)
    after = relaxed(labels, colors, None, gradient=np.inf, price=price, rounds=5)
    assert after.dtype == np.int32 and after.shape == labels.shape
    assert np.array_equal(np.unique(after), np.unique(labels))
    assert np.array_equal(after < 0, labels < 0), "what is nothing stays nothing"
    for k in range(labels.max() + 1):
        assert parts(after == k)[1] == 1, f"region {k}"
    assert (after != labels).any()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("kind", "price"), CASES)
@pytest.mark.sample(6)
def test_the_energy_never_rises(kind, price, weighted):
    colors = picture(1)
    labels = start(colors, kind)
    weight = np.random.default_rng(3).uniform(0.3, 6, labels.shape) if weighted else None
    energies = [energy(labels, colors, weight, np.inf, price)]
    for rounds in range(1, 6):
        after = relaxed(labels, colors, weight, gradient=np.inf, price=price, rounds=rounds)
        energies.append(energy(after, colors, weight, np.inf, price))
    assert (np.diff(energies) <= 1e-6 * energies[0]).all()
    assert energies[-1] < 0.999 * energies[0]


def test_the_energy_of_gradients_falls():
    colors = picture(2)
    labels = start(colors, "squares")
    after = relaxed(labels, colors, None, gradient=4000.0, price=100.0, rounds=5)
    assert energy(after, colors, None, 4000.0, 100.0) < 0.95 * energy(labels, colors, None, 4000.0, 100.0)


def test_a_ragged_border_becomes_straight():
    rng = np.random.default_rng(0)
    colors = np.where(np.arange(40)[None, :, None] < 20, 50.0, 60.0).repeat(40, 0).repeat(3, 2).astype(np.float32)
    labels = (np.arange(40)[None] >= 20 + rng.integers(-2, 3, 40)[:, None]).astype(np.int32)
    after = relaxed(labels, colors, None, gradient=np.inf, price=10.0, rounds=8)
    assert (after != (np.arange(40)[None] >= 20)).sum() <= 0.1 * (labels != (np.arange(40)[None] >= 20)).sum()


def test_nothing_moves_where_all_is_as_it_should_be():
    colors = np.zeros((20, 20, 3), np.float32)
    colors[5:15, 4:16] = 200
    labels = (colors[..., 0] > 0).astype(np.int32)
    before = labels.copy()
    assert np.array_equal(relaxed(labels, colors, None, gradient=np.inf, price=1.0, rounds=3), labels)
    assert np.array_equal(labels, before), "the input stays as it was"


def test_a_pixel_is_simple_if_its_region_stays_whole_without_it():
    places = [(1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0), (0, 1), (0, 2)]  # from the right, clockwise
    for code in range(256):
        around = np.zeros((3, 3), bool)
        for k, place in enumerate(places):
            around[place] = bool(code >> k & 1)
        pieces, _ = parts(around)
        edges = {int(pieces[place]) for place in places[::2] if around[place]}
        assert _SIMPLE[code] == (len(edges) == 1), code
