"""The fitter's promise: shapes whose edges are known come back within a fraction of a pixel, and in few segments."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artkit.artwork.drawing import CUBIC
from artkit.artwork.image import Image
from artkit.ops.trace import trace
from artkit.planar.curves import fit
from artkit.planar.segments import Quality

QUALITY = Quality(tolerance=0.32, line=0.14, level=True)


def rounded_box(center, size, radius, angle=0.0):
    """Distance of x and y from the edge of a rectangle with round corners, negative inside."""
    c, s = np.cos(angle), np.sin(angle)

    def distance(x, y):
        u = np.abs(c * (x - center[0]) + s * (y - center[1])) - (size[0] / 2 - radius)
        v = np.abs(c * (y - center[1]) - s * (x - center[0])) - (size[1] / 2 - radius)
        return np.hypot(np.maximum(u, 0), np.maximum(v, 0)) + np.minimum(np.maximum(u, v), 0) - radius

    return distance


def painted(distance, width, height, fine=16):
    """A blue shape on white, antialiased exactly where its edge passes."""
    far = distance(np.arange(width)[None] + 0.5, np.arange(height)[:, None] + 0.5)
    share = (far < 0).astype(float)
    y, x = np.nonzero(np.abs(far) < 0.8)
    at = (np.arange(fine) + 0.5) / fine
    share[y, x] = (distance(x[:, None, None] + at, y[:, None, None] + at[:, None]) < 0).mean((1, 2))
    return Image(np.rint(255 + share[..., None] * (np.array([17, 68, 204]) - 255)).astype(np.uint8))


def strays(drawing, distance):
    """Largest distance of the drawn outlines from the edge, and the number of segments."""
    far, segments = 0.0, 0
    t = np.linspace(0, 1, 33)[:, None]
    for path in (path for shape in drawing.shapes for path in shape.paths):
        at, i = path.points[0], 1
        for kind in path.kinds:
            p = path.points[i : i + kind]
            curve = at + t * (p[-1] - at)
            if kind == CUBIC:
                curve = (1 - t) ** 3 * at + 3 * (1 - t) ** 2 * t * p[0] + 3 * (1 - t) * t**2 * p[1] + t**3 * p[2]
            far = max(far, float(np.abs(distance(*curve.T)).max()))
            at, i = p[-1], i + kind
        segments += path.segments
    return far, segments


@pytest.mark.parametrize("size", [(64, 64), (120, 40), (240, 240), (492, 80), (1000, 150)])
@pytest.mark.parametrize("radius", [2, 3, 6, 8, 12])
@pytest.mark.slow
def test_sides_of_rounded_rectangles_do_not_bow(size, radius):
    box = rounded_box((size[0] / 2 + 8.3, size[1] / 2 + 8.6), (size[0] - 6, size[1] - 6), radius)
    far, segments = strays(trace(painted(box, size[0] + 16, size[1] + 16)), box)
    assert far < 0.15
    assert segments <= 16


@pytest.mark.parametrize(("length", "radius"), [(100, 8), (492, 12), (492, 24), (1200, 48)])
@pytest.mark.parametrize("angle", [0.0, 0.3])
@pytest.mark.slow
def test_sides_of_pills_do_not_bow(length, radius, angle):
    side = length + 24
    pill = rounded_box((side / 2 + 0.3, side / 2 - 0.2), (length, 2 * radius), radius, angle)
    far, segments = strays(trace(painted(pill, side, side), strokes="never"), pill)
    assert far < 0.15
    assert segments <= 12


@pytest.mark.parametrize("width", [6, 16, 24])
@pytest.mark.parametrize("side", [128, 400])
def test_frames_on_whole_pixels_with_round_corners_are_antialiased_all_the_same(width, side):
    outer = rounded_box((side / 2, side / 2), (side - 16, side - 16), 40)

    def frame(x, y):
        return np.abs(outer(x, y) + width / 2) - width / 2

    far, segments = strays(trace(painted(frame, side, side), strokes="never"), frame)
    assert far < 0.15
    assert segments <= 32


def nearest(points, curves):
    """Distance of each point from the curves as they are written, by fine steps."""
    t = np.linspace(0, 1, 60)[:, None, None]
    a, b, c, d = curves.start, curves.first, curves.second, curves.end
    line = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d
    p, step = line[:-1].reshape(-1, 2), np.diff(line, axis=0).reshape(-1, 2)
    along = ((points[:, None] - p) * step).sum(2) / np.maximum((step**2).sum(1), 1e-12)
    return np.sqrt(((points[:, None] - p - np.clip(along, 0, 1)[..., None] * step) ** 2).sum(2)).min(1)


def gear(teeth, size, angle):
    """Samples about a pixel apart around a gear with slanted flanks."""
    turn = np.repeat(np.arange(teeth), 4) + np.tile([0, 0.2, 0.5, 0.7], teeth)
    radius = size * np.tile([0.7, 1, 1, 0.7], teeth)
    return outline(radius, turn * 2 * np.pi / teeth + angle)


def star(points, size, angle):
    """Samples around a star."""
    return outline(size * np.tile([1, 0.45], points), np.arange(2 * points) * np.pi / points + angle)


def outline(radius, turn):
    corners = np.column_stack([radius * np.cos(turn), radius * np.sin(turn)])
    sides = []
    for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        count = max(1, round(float(np.hypot(*(b - a)))))
        sides.append(a + (np.arange(count)[:, None] + 0.5) / count * (b - a))
    return np.vstack(sides)


def letter(count, size, angle):
    """Samples around an 'L', 'T', 'V', or 'E'."""
    corners = [
        [[0, 0], [0.3, 0], [0.3, 1.7], [1.2, 1.7], [1.2, 2], [0, 2]],
        [[0, 0], [1.6, 0], [1.6, 0.3], [0.95, 0.3], [0.95, 2], [0.65, 2], [0.65, 0.3], [0, 0.3]],
        [[0, 0], [0.35, 0], [0.8, 1.5], [1.25, 0], [1.6, 0], [1, 2], [0.6, 2]],
        [[0, 0], [1.1, 0], [1.1, 0.3], [0.3, 0.3], [0.3, 0.85], [1, 0.85], [1, 1.15], [0.3, 1.15], [0.3, 1.7],
         [1.1, 1.7],
         [1.1, 2], [0, 2]],
    ][count % 4]  # fmt: skip
    x, y = (np.array(corners) - [0.7, 1]).T * size
    return outline(np.hypot(x, y), np.arctan2(y, x) + angle)


@settings(deadline=None)
@given(
    st.sampled_from([16, 32, 64, 128]),
    st.floats(0, 1.5),
    st.sampled_from(["star", "gear", "letter"]),
    st.integers(4, 9),
    st.integers(0, 1000),
)
@pytest.mark.slow
def test_every_sample_lies_within_the_tolerance_of_the_curve_as_written(size, angle, shape, count, seed):
    points = {"star": star, "gear": gear, "letter": letter}[shape](count, size, angle)
    points = points + np.random.default_rng(seed).normal(0, 0.02, points.shape)
    curves = fit(points, np.array([0, len(points)]), np.array([True]), QUALITY)
    far = nearest(points, curves) > 1.05 * QUALITY.tolerance
    # Antialiasing draws in the samples beside a corner, so these alone are not trusted.
    beside = np.linalg.norm(points[:, None] - curves.start[curves.corner_start], axis=2).min(1, initial=np.inf) < 2.5
    assert not (far & ~beside).any()


def test_a_ring_begins_anywhere():
    box = rounded_box((60.3, 30.2), (100, 40), 12)
    picture = painted(box, 121, 61)
    for turned in (picture.pixels, picture.pixels[::-1], picture.pixels[:, ::-1], picture.pixels.transpose(1, 0, 2)):
        (shape,) = trace(Image(np.ascontiguousarray(turned))).shapes
        assert sum(path.segments for path in shape.paths) == 8


@pytest.mark.slow
def test_in_large_pictures_a_few_samples_move_a_segment_and_all_of_them_count(monkeypatch):
    side = 700
    box = rounded_box((side / 2 + 0.3, side / 2 - 0.2), (560, 420), 150, 0.4)
    usual, segments = strays(trace(painted(box, side, side)), box)
    monkeypatch.setattr("artkit.planar.pieces.MANY", 100)
    coarse, fewer = strays(trace(painted(box, side, side)), box)
    assert coarse < max(1.3 * usual, 0.15)
    assert fewer <= segments + 2


@pytest.mark.parametrize("size", [(30, 1), (1, 30), (30, 2), (10, 1), (100, 1)])
@pytest.mark.parametrize("quality", [QUALITY, Quality()])
def test_thin_rectangles_keep_their_area(size, quality):
    corners = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], float)
    sides = [
        a + (np.arange(n)[:, None] + 0.5) / n * (b - a)
        for a, b, n in zip(corners, np.roll(corners, -1, axis=0), [*size, *size], strict=True)
    ]
    points = np.vstack(sides)
    curves = fit(points, np.array([0, len(points)]), np.array([True]), quality)
    t = np.linspace(0, 1, 20)[:, None, None]
    a, b, c, d = curves.start, curves.first, curves.second, curves.end
    x, y = (
        ((1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d)
        .transpose(2, 1, 0)
        .reshape(2, -1)
    )
    area = 0.5 * float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())
    assert area == pytest.approx(size[0] * size[1], rel=0.3)
