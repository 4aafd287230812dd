"""Thin lines in photos: each is drawn in one piece along its whole length, or not at all."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.ops.trace import trace
from artkit.render import rendered
from artkit.tracer.lines.find import SPARSE, taken_off
from artkit.tracer.lines.fitted import filled
from artkit.tracer.lines.joins import joined
from artkit.tracer.lines.tracks import Tracks

WIDTH, HEIGHT = 240, 160


def sky(rng: np.random.Generator) -> np.ndarray:
    """A smooth ground, darker on top."""
    y = np.linspace(0, 1, HEIGHT)[:, None, None]
    return np.array([110.0, 140, 180]) + 60 * y + np.zeros((HEIGHT, WIDTH, 1))


def field(rng: np.random.Generator) -> np.ndarray:
    """A ground of blurred noise at two scales."""
    from scipy.ndimage import gaussian_filter

    leaves = np.array([110.0, 130, 80]) + np.zeros((HEIGHT, WIDTH, 1))
    for spread, levels in ((2.0, 5.0), (8.0, 8.0)):
        noise = gaussian_filter(rng.normal(size=(HEIGHT, WIDTH)), spread)
        leaves = leaves + (levels * noise / noise.std())[..., None]
    return leaves


def mast() -> np.ndarray:
    """A leaning line from (60, 15) to (75, 145), a point for each pixel."""
    t = np.linspace(0, 1, 131)[:, None]
    return np.array([60.0, 15.0]) + t * np.array([15.0, 130.0])


def cable() -> np.ndarray:
    """A line that sags from (5, 40) to (235, 60)."""
    t = np.linspace(0, 1, 236)[:, None]
    return np.array([5.0, 40.0]) + t * np.array([230.0, 20.0]) + 100 * t * (1 - t) * np.array([0.0, 1.0])


def painted(ground: np.ndarray, lines: list[tuple[np.ndarray, float]], rng: np.random.Generator) -> Image:
    """Paint dark lines of some widths, antialiased, with grain."""
    from scipy.spatial import cKDTree

    x, y = np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5)
    places = np.column_stack([x.ravel(), y.ravel()])
    for points, width in lines:
        fine = np.linspace(0, len(points) - 1, 8 * len(points))
        dense = np.column_stack([np.interp(fine, np.arange(len(points)), points[:, k]) for k in (0, 1)])
        far = cKDTree(dense).query(places)[0].reshape(HEIGHT, WIDTH, 1)
        cover = np.clip(width / 2 + 0.5 - far, 0, min(width, 1))
        ground = ground + cover * (np.array([40.0, 50, 60]) - ground)
    return Image(np.clip(np.rint(ground + rng.normal(0, 2, ground.shape)), 0, 255).astype(np.uint8))


def shown(points: np.ndarray, picture: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Where along a line a drawing is darker than beside it by 40% of what the picture is."""
    from scipy.ndimage import map_coordinates

    way = np.gradient(points, axis=0)
    way /= np.hypot(*way.T)[:, None]
    normal = np.column_stack([-way[:, 1], way[:, 0]])

    def depth(of: np.ndarray) -> np.ndarray:
        gray = of.mean(axis=2)
        middle, one, other = (
            map_coordinates(gray, (points + step * normal)[:, ::-1].T - 0.5, order=1) for step in (0, 4, -4)
        )
        return np.asarray((one + other) / 2 - middle)

    return (depth(drawn) > 0.4 * np.median(depth(picture)))[3:-3]


def pieces(seen: np.ndarray) -> int:
    """Number of runs of what is seen, where gaps of three pixels are let pass."""
    spots = np.flatnonzero(seen)
    return int((np.diff(spots) > 4).sum()) + bool(len(spots))


@pytest.mark.parametrize(
    ("ground", "shapes"),
    [
        (sky, 48),
        (field, 48),
        *(pytest.param(*more, marks=pytest.mark.slow) for more in ((sky, 8), (sky, 120), (field, 8))),
    ],
)
@pytest.mark.sample(1)
@pytest.mark.slow
def test_a_line_is_shown_in_one_piece_or_not_at_all(ground, shapes):
    rng = np.random.default_rng(3)
    lines = [(mast(), 1.5), (cable(), 1.0)]
    image = painted(ground(rng), lines, rng)
    drawing = trace(image, kind="photo", shapes=shapes)
    assert sum(1 for _ in drawing.shapes) <= shapes
    drawn = rendered(drawing.to_svg(), (WIDTH, HEIGHT))
    for points, _ in lines:
        seen = shown(points, image.pixels, drawn)
        assert seen.mean() < 0.1 or (seen.mean() > 0.9 and pieces(seen) == 1)


@pytest.mark.slow
def test_lines_are_strokes_of_their_width_in_their_place():
    from scipy.spatial import cKDTree

    rng = np.random.default_rng(4)
    image = painted(sky(rng), [(mast(), 2.0)], rng)
    taken = taken_off(image.pixels, 100)
    assert taken is not None
    assert len(taken.lines.width) == 1
    assert abs(taken.lines.width[0] - 2) <= 0.25
    assert cKDTree(mast()).query(taken.lines.points)[0].max() < 1.2
    assert np.abs(taken.lines.color[0] - [40, 50, 60]).max() < 12
    assert np.abs(taken.calm - sky(rng)).mean() < 3  # nothing is left of it
    assert sum(shape.stroke is not None for shape in trace(image, kind="photo", shapes=40).shapes) == 1


@pytest.mark.slow
def test_strokes_never_leaves_lines_to_regions():
    rng = np.random.default_rng(4)
    image = painted(sky(rng), [(mast(), 2.0)], rng)
    assert all(shape.stroke is None for shape in trace(image, kind="photo", shapes=40, strokes="never").shapes)


def test_edges_and_grain_are_no_lines():
    rng = np.random.default_rng(5)
    x = np.arange(WIDTH)[None, :, None]
    steps = np.where(x < 80, 60.0, np.where(x < 150, 120.0, 200.0)) + np.zeros((HEIGHT, 1, 3))
    for ground in (steps, field(rng), sky(rng)):
        assert taken_off(painted(ground, [], rng).pixels, 100) is None


def test_where_there_are_many_shapes_regions_have_the_lines():
    rng = np.random.default_rng(4)
    pixels = painted(sky(rng), [(mast(), 2.0)], rng).pixels
    most = WIDTH * HEIGHT // SPARSE
    assert taken_off(pixels, most) is not None
    assert taken_off(pixels, most + 1) is None


@pytest.mark.parametrize("shape", [(1, 1), (4, 90), (90, 4), (21, 21)])
def test_pictures_too_small_for_lines_have_none(shape):
    assert taken_off(np.full((*shape, 3), 90, np.uint8), 1) is None


def test_tracks_are_joined_over_gaps_but_not_around_corners():
    level = np.column_stack([np.arange(5.0, 45), np.full(40, 10.0)])
    further = np.column_stack([np.arange(55.0, 95), np.full(40, 10.5)])
    upright = np.column_stack([np.full(40, 99.0), np.arange(14.0, 54)])
    found = joined(Tracks(np.concatenate([level, further, upright]), np.array([0, 40, 80, 120]), np.ones(3)))
    ends = sorted((found.points[a, 0], found.points[b - 1, 0]) for a, b in pairwise(found.offsets))
    assert [sorted(pair) for pair in ends] == [[5.0, 94.0], [99.0, 99.0]]


def test_tracks_of_unlike_signs_are_not_joined():
    points = np.column_stack([np.arange(5.0, 85), np.full(80, 10.0)])
    found = joined(Tracks(points, np.array([0, 40, 80]), np.array([1.0, -1.0])))
    assert len(found.sign) == 2


def test_holes_get_the_mean_of_what_is_around():
    pixels = np.zeros((30, 30, 3), np.uint8)
    pixels[:, :15], pixels[:, 15:] = 100, 200
    holes = np.array([14 * 30 + 5, 14 * 30 + 25, 10 * 30 + 15])
    pixels.reshape(-1, 3)[holes] = 255
    calm = filled(pixels, holes)
    assert calm[14, 5].tolist() == [100] * 3
    assert calm[14, 25].tolist() == [200] * 3
    assert 140 < calm[10, 15, 0] < 160
