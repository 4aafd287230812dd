"""Splines: close to their samples, smooth but at corners, straight where samples are, joined without gaps."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.planar.segments import Curves
from artkit.planar.spline import fit_splines

FINE = 1 / 256
"""A grid so fine that rounding counts for nothing."""


def fitted(strands, closed, tolerance=0.5, hard=(), step=FINE) -> Curves:
    """Fit strands, each (N, 2); `hard` are (strand, sample)."""
    offsets = np.cumsum([0, *map(len, strands)])
    corners = np.zeros(offsets[-1], bool)
    for strand, sample in hard:
        corners[offsets[strand] + sample] = True
    points = np.concatenate(strands).astype(float)
    return fit_splines(points, offsets, np.array(closed), np.full(len(points), tolerance), corners, step)


def drawn(curves: Curves, strand: int, pieces: int = 40) -> np.ndarray:
    """Points along a strand."""
    some = slice(curves.offsets[strand], curves.offsets[strand + 1])
    t = np.linspace(0, 1, pieces + 1)[:, None, None]
    a, b, c, d = (getattr(curves, name)[some][None] for name in ("start", "first", "second", "end"))
    points = a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t**2 * (1 - t) + d * t**3
    return points.transpose(1, 0, 2).reshape(-1, 2)


def distances(points: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Distance of each point from a polyline."""
    a, way = line[:-1][None], np.diff(line, axis=0)[None]
    seen = points[:, None] - a
    along = np.clip((seen * way).sum(2) / np.maximum((way**2).sum(2), 1e-18), 0, 1)
    return np.linalg.norm(seen - along[..., None] * way, axis=2).min(1)


def wave(count: int = 200) -> np.ndarray:
    x = np.arange(count, dtype=float)
    return np.column_stack([x, 12 * np.sin(x / 14) + 3 * np.sin(x / 5)])


def circle(radius: float, middle=(50.0, 40.0)) -> np.ndarray:
    turn = np.linspace(0, 2 * np.pi, max(int(2 * np.pi * radius), 8), endpoint=False)
    return np.column_stack([np.cos(turn), np.sin(turn)]) * radius + middle


def stairs(count: int = 120) -> np.ndarray:
    """Middles of cracks along a slanted border without antialiasing."""
    x = np.arange(count) + 0.5
    return np.column_stack([x, np.rint(0.37 * x + 5 * np.sin(x / 20))])


SHAPES = {
    "wave": (wave(), False),
    "stairs": (stairs(), False),
    "circle": (circle(30), True),
    "dot": (circle(2), True),
    "ellipse": (circle(20) * (3, 1), True),
    "walk": (np.cumsum(np.random.default_rng(0).normal((0.8, 0), 0.6, (150, 2)), axis=0), False),
    "two": (np.array([(0.0, 0), (7, 3)]), False),
    "three": (np.array([(0.0, 0), (4, 3), (8, 0)]), False),
}


CLOSE = [
    (name, tolerance)
    for name in SHAPES
    for tolerance in (0.3, 1.0, 3.0)
    # Controls are pulled towards their samples: noise is not followed to less than itself, nor a corner of one sample.
    if name not in ("walk", "three") or tolerance > 0.7
]


@pytest.mark.parametrize(("name", "tolerance"), CLOSE)
def test_curves_are_within_the_tolerance_of_their_samples(name, tolerance):
    points, closed = SHAPES[name]
    curves = fitted([points], [closed], tolerance)
    away = distances(points, drawn(curves, 0))
    assert away.max() <= tolerance * 1.02 + 2 * FINE


@pytest.mark.parametrize("name", SHAPES)
def test_strands_are_joined_and_end_where_they_should(name):
    points, closed = SHAPES[name]
    curves = fitted([points], [closed])
    assert np.array_equal(curves.end[:-1], curves.start[1:])
    if closed:
        assert np.array_equal(curves.end[-1], curves.start[0])
    else:
        assert np.abs(curves.start[0] - points[0]).max() <= FINE
        assert np.abs(curves.end[-1] - points[-1]).max() <= FINE


def tangents(curves: Curves) -> tuple[np.ndarray, np.ndarray]:
    """Directions at the start and at the end of each segment, of length 1."""
    out = np.where(curves.line[:, None], curves.end - curves.start, curves.first - curves.start)
    into = np.where(curves.line[:, None], curves.end - curves.start, curves.end - curves.second)
    return tuple(way / np.linalg.norm(way, axis=1)[:, None] for way in (out, into))


@pytest.mark.parametrize("name", ["wave", "circle", "ellipse"])
def test_joints_are_smooth(name):
    points, closed = SHAPES[name]
    curves = fitted([points], [closed])
    out, into = tangents(curves)
    bend = (into[:-1] * out[1:]).sum(1)
    assert bend.min() > 0.99
    if closed:
        assert (into[-1] * out[0]).sum() > 0.99


def test_hard_samples_are_corners_and_exact():
    side = np.arange(0, 40.0)
    square = np.concatenate([
        np.column_stack([side, 0 * side]), np.column_stack([0 * side + 40, side]),
        np.column_stack([40 - side, 0 * side + 40]), np.column_stack([0 * side, 40 - side]),
    ])  # fmt: skip
    curves = fitted([square], [True], 0.7, hard=[(0, k) for k in (0, 40, 80, 120)])
    assert len(curves.line) == 4 and curves.line.all()
    assert {tuple(point) for point in curves.start.tolist()} == {(0, 0), (40, 0), (40, 40), (0, 40)}
    bent = np.vstack([wave(60), wave(60)[-1] + wave(60)[::-1] * (1, -2) - wave(60)[-1] * (1, -2)])[:-1]
    curves = fitted([bent], [False], 0.5, hard=[(0, 59)])
    assert any(np.abs(point - bent[59]).max() <= FINE for point in curves.start)


def test_straight_samples_make_a_line():
    for slope in (0.0, 0.4, -3.0):
        x = np.linspace(0, 30, 31)
        curves = fitted([np.column_stack([x, slope * x])], [False])
        assert curves.line.tolist() == [True]


def test_a_bend_after_a_straight_stretch_is_smooth():
    x = np.arange(100.0)
    y = np.where(x < 50, 0, 0.02 * (x - 50) ** 2)
    curves = fitted([np.column_stack([x, y])], [False], 0.3)
    out, into = tangents(curves)
    assert ((into[:-1] * out[1:]).sum(1) > 0.97).all()


def test_more_tolerance_takes_fewer_segments():
    counts = [len(fitted([wave()], [False], tolerance).line) for tolerance in (0.1, 0.4, 1.5, 6.0)]
    assert counts[0] > counts[1] > counts[2] > counts[3]
    assert counts[1] < len(wave()) / 6


def test_strands_do_not_depend_on_each_other():
    names = list(SHAPES)
    together = fitted([SHAPES[name][0] for name in names], [SHAPES[name][1] for name in names])
    for k, name in enumerate(names):
        alone = fitted([SHAPES[name][0]], [SHAPES[name][1]])
        some = slice(together.offsets[k], together.offsets[k + 1])
        for field in ("start", "first", "end"):
            assert getattr(together, field)[some] == pytest.approx(getattr(alone, field), abs=2 * FINE), name


@pytest.mark.parametrize("step", [0.25, 0.5, 1.0])
def test_joints_and_controls_lie_on_the_grid(step):
    curves = fitted([wave(), circle(15)], [False, True], 0.7, step=step)
    for points in (curves.start, curves.end, curves.first, curves.second):
        assert np.array_equal(points / step, np.rint(points / step))
    away = distances(wave(), drawn(curves, 0))
    assert away.max() < 0.7 + 2 * step


def test_tolerance_may_change_along_a_strand():
    points = wave()
    near = points[:, 0] < 100
    tolerance = np.where(near, 0.1, 4.0)
    flags = np.zeros(len(points), bool)
    curves = fit_splines(points, np.array([0, len(points)]), np.array([False]), tolerance, flags, FINE)
    away = distances(points, drawn(curves, 0))
    assert (away <= 1.02 * tolerance + 2 * FINE).all()
    middle = (curves.start + curves.end)[:, 0] / 2
    assert (middle < 100).sum() > 1.5 * (middle >= 100).sum()


def test_no_strands_make_no_curves():
    none = fit_splines(np.empty((0, 2)), np.array([0]), np.zeros(0, bool), np.empty(0), np.zeros(0, bool), 0.25)
    assert len(none.line) == 0 and none.offsets.tolist() == [0]


def test_the_input_stays_as_it_is():
    points = wave()
    before = points.copy()
    fitted([points], [False])
    assert np.array_equal(points, before)
