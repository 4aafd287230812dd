"""Nearest colors, means by label, k-means and inks, held to loops of a few lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artkit.color.cmyk import cmyk_of, cmyk_to_srgb
from artkit.color.kmeans import lloyd
from artkit.color.levels import tabled, to_uint8
from artkit.color.means import means_by_label, sums_by_label
from artkit.color.nearest import NearestColor, nearest


def some(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.float64)


@pytest.mark.parametrize("count", [1, 2, 16, 17, 90, 256, 300])
def test_the_nearest_center_is_the_one_at_the_least_distance_and_of_equals_the_first(count):
    points, centers = some(1, 700, 3), some(2, count, 3)
    centers[-1] = centers[0]  # never chosen, except where it is the only one
    points[:count] = centers[: len(points)]
    expected = [min(range(count), key=lambda k: ((point - centers[k]) ** 2).sum()) for point in points]
    found = nearest(points, centers)
    assert found.tolist() == expected
    assert found.dtype == (np.uint8 if count <= 256 else np.intp)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 4096, 4097])
def test_points_at_the_ends_of_blocks_get_their_own_center(size):
    for count in (3, 40):
        centers = np.arange(count, dtype=np.float32)[:, None] * np.ones(5, np.float32)
        points = centers[np.arange(size) % count]
        assert (nearest(points, centers) == np.arange(size) % count).all()


def test_a_prepared_nearest_color_answers_as_the_whole_array_does():
    points, centers = some(3, 500, 3), some(4, 9, 3)
    assert (NearestColor(centers)(points.T) == nearest(points, centers)).all()


@given(st.integers(0, 2**31), st.integers(0, 60), st.integers(1, 8), st.booleans())
def test_means_by_label_are_those_of_a_loop(seed, size, count, weighted):
    rng = np.random.default_rng(seed)
    labels, values = rng.integers(0, count, size), rng.normal(size=(size, 3))
    weights = rng.uniform(0.1, 5, size) if weighted else None
    found = means_by_label(labels, values, count, weights, empty=7.0)
    assert found.shape == (count, 3)
    for label in range(count):
        mine = labels == label
        expected = np.average(values[mine], axis=0, weights=weights[mine] if weighted else None) if mine.any() else 7.0
        assert found[label] == pytest.approx(expected)
        assert sums_by_label(labels, values.T, count)[label] == pytest.approx(values[mine].sum(axis=0))


def test_a_label_of_no_weight_keeps_its_row_of_what_stands_for_empty_ones():
    rows = np.array([[1.0, 2.0], [3.0, 4.0]])
    found = means_by_label(np.array([0, 1]), np.array([[9.0, 9.0], [5.0, 6.0]]), 2, np.array([0.0, 2.0]), rows)
    assert found.tolist() == [[1, 2], [5, 6]]


def test_lloyds_rounds_never_raise_the_error_and_leave_a_center_without_points_alone():
    points, weights = some(5, 400, 3), np.random.default_rng(6).uniform(1, 9, 400)
    centers = np.vstack([some(7, 6, 3), np.full((1, 3), 1e6)])
    errors = []
    for rounds in range(6):
        moved = lloyd(points, weights, centers, rounds)
        errors.append(float(weights @ ((points - moved[nearest(points, moved)]) ** 2).sum(axis=1)))
        assert (moved[-1] == 1e6).all()
    assert errors == sorted(errors, reverse=True) and errors[0] > errors[-1]
    assert lloyd(points.astype(np.float32), weights, centers.astype(np.float32), 2).dtype == np.float32


def test_rounding_goes_to_the_nearest_level_and_nothing_wraps():
    values = np.array([-40.0, -0.4, 0.49, 0.5, 1.5, 254.6, 255.4, 300.0])
    assert to_uint8(values).tolist() == [0, 0, 0, 0, 2, 255, 255, 255]
    assert values[0] == -40, "the values were changed although no place to round in was named"
    assert to_uint8([3, 400, -1]).tolist() == [3, 255, 0]
    again = values.astype(np.float32)
    assert to_uint8(again, out=again).tolist() == to_uint8(values).tolist()


def test_a_table_is_looked_up_for_all_channels_or_for_each():
    pixels = some(8, 5, 6, 3).astype(np.uint8)
    one, three = np.arange(255, -1, -1, dtype=np.uint8), some(9, 256, 3).astype(np.uint8)
    assert (tabled(pixels, one) == 255 - pixels).all()
    assert all((tabled(pixels, three)[..., i] == three[pixels[..., i], i]).all() for i in range(3))


def test_the_four_inks_let_through_the_color_they_were_made_of():
    pixels = some(10, 40, 40, 3).astype(np.uint8)
    back = cmyk_to_srgb(np.stack(cmyk_of(pixels), axis=-1) / 255)
    assert np.abs(255 * back - pixels).max() <= 1.5  # each amount is rounded to a 255th


def test_black_ink_is_for_shadows_and_pure_colors_take_none():
    for color, inks in {(255, 255, 255): (0, 0, 0, 0), (0, 0, 0): None, (255, 0, 0): (0, 255, 255, 0)}.items():
        found = [int(ink[0, 0]) for ink in cmyk_of(np.array([[color]], np.uint8))]
        assert found[3] == 255 if inks is None else found == list(inks)
