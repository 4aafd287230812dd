"""Samples in, lines and cubics out: corners stay, circles are circles, nothing strays further than the tolerance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artkit.planar.curves import fit
from artkit.planar.ellipses import KAPPA
from artkit.planar.segments import Curves, Quality

QUALITY = Quality(tolerance=0.25, line=0.12)


def ring(points, quality=QUALITY, hard=None) -> Curves:
    return fit(points, np.array([0, len(points)]), np.array([True]), quality, hard)


def strand(points, quality=QUALITY) -> Curves:
    return fit(points, np.array([0, len(points)]), np.array([False]), quality)


def ellipse(rx, ry, angle=0.0, center=(30.0, 40.0), noise=0.0):
    count = max(8, int(np.pi * (rx + ry)))
    t = np.arange(count) * 2 * np.pi / count
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = np.column_stack([rx * np.cos(t), ry * np.sin(t)]) @ turn.T + center
    return points + np.random.default_rng(0).normal(0, noise, points.shape)


def polygon(corners, close=True):
    """Samples half a step off the corners and a pixel apart, as borders have them."""
    corners = np.asarray(corners, float)
    after = np.roll(corners, -1, axis=0) if close else corners[1:]
    sides = []
    for a, b in zip(corners, after, strict=False):
        count = max(1, round(float(np.hypot(*(b - a)))))
        sides.append(a + (np.arange(count)[:, None] + 0.5) / count * (b - a))
    return np.vstack(sides)


def flattened(curves: Curves, steps=40):
    t = np.linspace(0, 1, steps)[None, :, None]
    p = [x[:, None] for x in (curves.start, curves.first, curves.second, curves.end)]
    return ((1 - t) ** 3 * p[0] + 3 * t * (1 - t) ** 2 * p[1] + 3 * t * t * (1 - t) * p[2] + t**3 * p[3]).reshape(-1, 2)


def strays(points, curves):
    """Largest distance of a sample from the curves, which are cut into 40 straight pieces each."""
    line = flattened(curves)
    a, step = line[:-1], np.diff(line, axis=0)
    t = ((points[:, None] - a) * step).sum(2) / np.maximum((step**2).sum(1), 1e-12)
    nearest = a + np.clip(t, 0, 1)[:, :, None] * step
    return np.sqrt(((points[:, None] - nearest) ** 2).sum(2)).min(1).max()


def test_a_straight_border_is_one_line():
    t = np.arange(0, 40.0)
    curves = strand(np.column_stack([t, 0.3 * t + 5]))
    assert curves.line.tolist() == [True]
    assert np.allclose([curves.start[0], curves.end[0]], [[0, 5], [39, 16.7]])


@pytest.mark.parametrize("radius", [2, 3, 5, 10, 40, 150])
def test_a_circle_comes_out_as_four_quarters_of_one(radius):
    curves = ring(ellipse(radius, radius, noise=0.02))
    assert len(curves.line) == 4
    arms = curves.start - [30, 40]
    assert np.allclose(np.hypot(*arms.T), radius, atol=0.05)
    assert np.allclose(curves.first - curves.start, KAPPA * (curves.end - [30, 40]), atol=0.1)


@pytest.mark.parametrize(("rx", "ry", "angle"), [(20, 8, 0), (8, 20, 0), (20, 8, 0.6), (12, 9, 1.2), (30, 6, 2.5)])
def test_an_ellipse_comes_out_as_one_however_it_lies(rx, ry, angle):
    points = ellipse(rx, ry, angle, noise=0.02)
    curves = ring(points)
    assert len(curves.line) == 4
    assert strays(points, curves) < 0.12


def test_a_rounded_square_is_no_ellipse():
    t = np.arange(120) * 2 * np.pi / 120
    superellipse = 20 * np.column_stack([np.sign(f) * np.abs(f) ** 0.5 for f in (np.cos(t), np.sin(t))])
    curves = ring(superellipse)
    assert np.hypot(*flattened(curves).T).max() > 22  # the corners; an ellipse would cut them off
    assert strays(superellipse, curves) < 0.3


@pytest.mark.parametrize("side", [6, 10, 30])
@pytest.mark.parametrize("angle", [0.0, 0.3, 0.78])
def test_the_corners_of_a_square_stay_sharp_and_in_place(side, angle):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = np.array([[0, 0], [side, 0], [side, side], [0, side]], float) @ turn.T + 50
    curves = ring(polygon(corners))
    assert len(curves.line) == 4
    assert curves.line.all()
    off = np.sqrt(((curves.start[:, None] - corners[None]) ** 2).sum(2)).min(0)
    assert off.max() < 0.05


def test_a_blunt_corner_is_found_between_long_sides():
    points = polygon([[0, 0], [40, 0], [70, 25]], close=False)
    curves = strand(points)
    assert len(curves.line) == 2
    assert np.allclose(curves.end[0], [40, 0], atol=0.1)


@pytest.mark.parametrize("radius", [8, 15, 60])
def test_an_arc_has_no_corner(radius):
    t = np.arange(0, 2.2, 1 / radius)
    points = radius * np.column_stack([np.cos(t), np.sin(t)])
    curves = strand(points + np.random.default_rng(1).normal(0, 0.02, points.shape))
    assert curves.corner_start.tolist() == [True] + [False] * (len(curves.line) - 1)


def wavy(seed, size):
    rng = np.random.default_rng(seed)
    t = np.arange(size * 6) * 2 * np.pi / (size * 6)
    radius = size * (1 + sum(rng.normal(0, 0.12 / k) * np.cos(k * t + rng.uniform(0, 7)) for k in range(2, 6)))
    return np.column_stack([radius * np.cos(t), radius * np.sin(t)]) + rng.normal(0, 0.02, (len(t), 2))


@given(st.integers(0, 10_000), st.integers(20, 60))
@pytest.mark.slow
def test_no_sample_strays_much_further_than_the_tolerance(seed, size):
    points = wavy(seed, size)
    assert strays(points, ring(points)) < 1.1 * QUALITY.tolerance


@given(st.integers(0, 10_000), st.integers(20, 60))
@pytest.mark.slow
def test_curves_meet_smoothly_but_at_corners(seed, size):
    curves = ring(wavy(seed, size))
    after = np.roll(np.arange(len(curves.line)), -1)
    assert np.array_equal(curves.end, curves.start[after])
    incoming, outgoing = curves.end - curves.second, curves.first[after] - curves.start[after]
    smooth = ~curves.corner_start[after] & ~(curves.line & curves.line[after])
    turn = np.arctan2(incoming[:, 0] * outgoing[:, 1] - incoming[:, 1] * outgoing[:, 0], (incoming * outgoing).sum(1))
    assert np.degrees(np.abs(turn[smooth]).max(initial=0)) < 3.5


def test_a_smaller_tolerance_takes_more_segments_and_strays_less():
    points = wavy(5, 50)
    coarse, fine = (ring(points, Quality(tolerance=t, line=t / 2)) for t in (1.0, 0.1))
    assert len(fine.line) > len(coarse.line)
    assert strays(points, fine) < strays(points, coarse)


def test_turning_the_samples_turns_the_curves():
    points = wavy(3, 30)
    straight, turned = ring(points), ring(points @ np.array([[0, 1], [-1, 0]]))
    assert len(straight.line) == len(turned.line)
    assert np.allclose(straight.start @ np.array([[0, 1], [-1, 0]]), turned.start, atol=1e-6)


def test_hard_samples_stay_where_they_are():
    points = ellipse(20, 20)
    hard = np.zeros(len(points), bool)
    hard[[5, 50]] = True
    curves = ring(points, hard=hard)
    assert {tuple(p) for p in points[[5, 50]]} <= {tuple(p) for p in curves.start}


def test_ends_of_open_strands_stay_where_they_are():
    points = wavy(2, 40)[:90]
    for quality in (QUALITY, Quality(tolerance=0.5, line=0.4, reach=4, degree=1, rounds=2, thin=2, bends=False)):
        curves = strand(points, quality)
        assert np.array_equal(curves.start[0], points[0])
        assert np.array_equal(curves.end[-1], points[-1])


def test_strands_do_not_touch_each_other():
    rings = [ellipse(20, 20), polygon([[0, 0], [12, 0], [12, 12], [0, 12]]), wavy(7, 25), wavy(8, 9)]
    together = fit(
        np.vstack(rings), np.concatenate([[0], np.cumsum([len(r) for r in rings])]), np.ones(4, bool), QUALITY
    )
    for k, points in enumerate(rings):
        alone = ring(points)
        part = slice(together.offsets[k], together.offsets[k + 1])
        assert np.allclose(together.start[part], alone.start)
        assert np.allclose(together.second[part], alone.second)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("closed", [True, False])
def test_the_shortest_strands_give_finite_curves(count, closed):
    points = np.column_stack([np.arange(count), np.arange(count) % 2]).astype(float)
    if not closed and count < 2:
        points = np.vstack([points, points + 1])
    curves = fit(points, np.array([0, len(points)]), np.array([closed]), QUALITY)
    assert len(curves.line) >= 1
    assert all(np.isfinite(x).all() for x in (curves.start, curves.first, curves.second, curves.end))


def enclosed(points):
    x, y = points.T
    return abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2


@pytest.mark.parametrize("width", [0.6, 1.0, 1.5])
def test_something_is_left_of_the_ends_of_a_stroke_thinner_than_what_curves_may_stray(width):
    """One cubic fits the samples around such an end within the tolerance, and there and back it holds no area."""
    points = polygon([(0, 0), (15, -width / 2), (30, 0), (15, width / 2)])
    curves = ring(points, Quality(tolerance=0.5, line=0.5))
    assert enclosed(flattened(curves)) == pytest.approx(enclosed(points), rel=0.1)


def test_a_coarse_look_at_samples_keeps_the_ends_of_segments_and_what_they_weigh():
    from artkit.planar.refine import Samples

    chance = np.random.default_rng(0)
    points = np.column_stack([np.arange(5000.0), np.sin(np.arange(5000) / 300) * 40])
    weight = np.ones(5000)
    a, b = np.array([0, 9, 1200]), np.array([9, 1200, 4999])
    samples = Samples.of(points, weight, a, b, np.zeros((2, 3), bool))
    coarse = samples.coarse(48)
    assert (coarse.size[1:] < 100).all()
    assert coarse.size[0] == 10
    for fine, few in zip(samples.begin, coarse.begin, strict=True):
        assert (coarse.xy[:, few] == samples.xy[:, fine]).all()
    assert (coarse.xy[:, coarse.begin + coarse.size - 1] == points[b].T).all()
    values = chance.random(3)
    total, fewer = (np.add.reduceat(s.weight * np.repeat(values, s.size), s.begin) for s in (samples, coarse))
    np.testing.assert_allclose(fewer, total, rtol=0.05)
