"""Bézier curves: points on them, polylines in their place, what they reach."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artkit.artwork.bezier import bends_of, bounds_of, flattened, length_of, on_curve, pieces_within
from artkit.artwork.drawing import Path, bounds, boxes

places = st.floats(-100, 100)


@st.composite
def paths(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Points and degrees of a path of one to five lines, quadratics and cubics."""
    degrees = np.array(draw(st.lists(st.integers(1, 3), min_size=1, max_size=5)), np.uint8)
    count = 1 + int(degrees.sum())
    points = draw(st.lists(st.tuples(places, places), min_size=count, max_size=count))
    return np.array(points, float), degrees


def segments(points: np.ndarray, degrees: np.ndarray) -> list[np.ndarray]:
    ends = [0, *np.cumsum(degrees, dtype=int).tolist()]
    return [points[a : b + 1] for a, b in pairwise(ends)]


def casteljau(controls: np.ndarray, t: float) -> np.ndarray:
    """A point of a curve by repeated division, the slow and plain way."""
    while len(controls) > 1:
        controls = np.array([a + (b - a) * t for a, b in pairwise(controls)])
    return controls[0]


@pytest.mark.parametrize("degree", [2, 3])
@given(t=st.floats(0, 1), data=st.data())
def test_a_point_is_where_repeated_division_finds_it(degree, t, data):
    row = st.lists(st.tuples(places, places), min_size=degree + 1, max_size=degree + 1)
    controls = np.array(data.draw(row))
    assert np.abs(on_curve(controls, np.array(t)) - casteljau(controls, t)).max() < 1e-11


@given(paths())
def test_a_polyline_in_as_many_pieces_as_asked_for_strays_no_further_than_the_tolerance(path):
    points, degrees = path
    tolerance = 0.5
    pieces = np.maximum(np.ceil(pieces_within(bends_of(points, degrees), degrees, tolerance)), 1).astype(int)
    line = flattened(points, degrees, pieces)
    assert len(line) == 1 + np.where(degrees == 1, 1, pieces).sum()
    at = 0
    for controls, count in zip(segments(points, degrees), np.where(degrees == 1, 1, pieces), strict=True):
        chords = line[at : at + count + 1]
        at += count
        assert np.abs(chords[[0, -1]] - controls[[0, -1]]).max() < 1e-9
        for k, (a, b) in enumerate(pairwise(chords)):
            for part in (0.25, 0.5, 0.75):
                point = casteljau(controls, (k + part) / count)
                assert np.hypot(*(a + (b - a) * part - point)) <= tolerance + 1e-9


@given(paths())
def test_bounds_are_those_of_the_curve_and_not_of_its_controls(path):
    points, degrees = path
    fine = flattened(points, degrees, np.full(len(degrees), 400))
    low, high = bounds_of(points, degrees)
    assert (low <= fine.min(0) + 1e-9).all() and (high >= fine.max(0) - 1e-9).all()
    assert np.abs(low - fine.min(0)).max() < 0.01 and np.abs(high - fine.max(0)).max() < 0.01


@given(paths())
def test_the_length_is_that_of_the_curve_to_two_per_cent(path):
    points, degrees = path
    fine = np.diff(flattened(points, degrees, np.full(len(degrees), 400)), axis=0)
    found = length_of(points, degrees)
    assert 0.98 * np.hypot(*fine.T).sum() - 1e-9 <= found <= np.hypot(*fine.T).sum() * (1 + 1e-6) + 1e-9


def test_without_degrees_the_points_are_the_line():
    points = np.array([[0, 0], [3, 4], [3, 5]], float)
    assert flattened(points, None, np.zeros(0, int)) is points
    assert length_of(points, None) == 6
    assert np.array_equal(bounds_of(points, None), ([0, 0], [3, 5]))
    assert np.isinf(bounds_of(np.empty((0, 2)), None)).all()


def test_boxes_of_many_paths_are_the_bounds_of_each():
    rng = np.random.default_rng(3)
    groups = []
    for _ in range(60):
        paths = [Path(rng.normal(size=(rng.integers(1, 6), 2))) for _ in range(rng.integers(0, 3))]
        for _ in range(rng.integers(0, 3)):
            kinds = rng.integers(1, 4, rng.integers(0, 7)).astype(np.uint8)
            paths.append(Path(rng.normal(size=(1 + int(kinds.sum()), 2)), kinds))
        groups.append([*paths, Path(np.empty((0, 2)))])
    low, high = boxes(groups)
    for paths, least, largest in zip(groups, low, high, strict=True):
        assert np.array_equal(bounds(paths), (least, largest))
    assert boxes([])[0].shape == (0, 2)
