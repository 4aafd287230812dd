"""Voronoi cells and quadtrees: they tile the picture, follow it, and are what a plain loop would make."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.color.spaces import srgb_to_oklab
from artkit.registry.discovery import find
from artkit.render import rendered
from artkit.styles import quadtree, voronoi

NAMES = ("voronoi", "quadtree")


def area(points: np.ndarray) -> float:
    x, y = points.T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


@pytest.fixture(scope="module")
def picture() -> Image:
    """A soft picture with a sharp disc, 150 x 100."""
    y, x = np.mgrid[0:100, 0:150]
    pixels = np.dstack([x, y, 120 + 0 * x])
    pixels[(x - 100) ** 2 + (y - 45) ** 2 < 500] = 250, 240, 20
    return Image(pixels.astype(np.uint8))


@pytest.fixture(scope="module")
def made(picture):
    return {name: find(name)(picture, cells=120, focus="off") for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_pieces_tile_the_picture(made, name):
    areas = [area(path.points) for shape in made[name].shapes for path in shape.paths]
    assert min(areas) > 0  # clockwise on the screen, as outer rings are
    assert sum(areas) == pytest.approx(150 * 100, rel=1e-9)
    assert 116 <= len(areas) <= 120


@pytest.mark.parametrize("name", NAMES)
def test_pieces_are_small_where_there_is_much_to_see_and_have_its_colors(made, picture, name):
    middles, areas = map(
        np.array,
        zip(
            *((shape.paths[0].points.mean(0), area(shape.paths[0].points)) for shape in made[name].shapes), strict=True
        ),
    )
    rim = np.abs(np.hypot(*(middles - (100, 45)).T) - 500**0.5) < 5
    assert np.median(areas[rim]) < 0.6 * np.median(areas[middles[:, 0] < 70])
    shown = rendered(made[name], (150, 100)).astype(float)
    assert np.sqrt(((shown - picture.pixels) ** 2).mean()) < 20


def test_a_cell_is_what_lies_nearest_to_its_point():
    points = np.random.default_rng(4).uniform((0, 0), (30, 20), (40, 2))
    cells = voronoi.polygons(points, 30, 20)
    probes = np.random.default_rng(5).uniform((0, 0), (30, 20), (300, 2))
    owner = np.hypot(*(probes[:, None] - points[None]).transpose(2, 0, 1)).argmin(1)
    for probe, own in zip(probes, owner, strict=True):
        sides = np.roll(cells[own], -1, 0) - cells[own]
        to = probe - cells[own]
        assert (sides[:, 0] * to[:, 1] - sides[:, 1] * to[:, 0] >= -1e-9).all()


def test_points_leave_edges_so_that_borders_of_cells_lie_there():
    pixels = np.full((60, 90, 3), 20, np.uint8)
    pixels[:, 47:] = 235
    drawing = find("voronoi")(Image(pixels), cells=60, focus="off")
    shown = rendered(drawing, (90, 60)).astype(int)
    assert (np.abs(shown - pixels).max(2) > 60).mean() < 0.03


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_drawn_once_along_every_border(picture, name):
    made = find(name)(picture, cells=60, line=1.5, ink="#ff0000", focus="off")
    cells, lines = made.layers
    drawn = sum(np.hypot(*np.diff(path.points, axis=0).T).sum() for shape in lines.shapes for path in shape.paths)
    around = sum(
        np.hypot(*(np.roll(path.points, -1, 0) - path.points).T).sum() for shape in cells.shapes for path in shape.paths
    )
    assert drawn == pytest.approx((around + 2 * (150 + 100)) / 2, rel=1e-6)
    assert all(shape.stroke == "#ff0000" for shape in lines.shapes)


def test_the_rectangle_with_the_largest_error_is_divided_next():
    pixels = np.random.default_rng(2).integers(0, 256, (32, 48, 3), np.uint8)
    pixels[:, 24:] //= 4
    lab = srgb_to_oklab(pixels).astype(float)

    def error(box) -> float:
        x1, y1, x2, y2 = box
        part = lab[y1:y2, x1:x2].reshape(-1, 3)
        return float(((part - part.mean(0)) ** 2).sum() * len(part) ** (quadtree.EVEN - 1))

    found = quadtree.divided(pixels, 12).tolist()
    expected = quadtree._grid(32, 48, 12)
    assert len(expected) == 6  # squares of 16
    while len(expected) + 3 <= 12:
        worst = max(expected, key=error)
        expected.remove(worst)
        (x1, y1, x2, y2), x, y = worst, (worst[0] + worst[2]) // 2, (worst[1] + worst[3]) // 2
        expected += [(x1, y1, x, y), (x, y1, x2, y), (x1, y, x, y2), (x, y, x2, y2)]
    assert sorted(map(tuple, found)) == sorted(expected)


def test_ellipses_lie_in_their_rectangles(picture):
    made = find("quadtree")(picture, cells=60, shape="ellipse", line=2.0, focus="off")
    boxes = quadtree.divided(picture.pixels, 60)
    assert made.background and len(list(made.shapes)) == len(boxes)
    for shape in made.shapes:
        low, high = shape.paths[0].points.min(0), shape.paths[0].points.max(0)
        assert (low >= -1e-9).all() and (high <= (150 + 1e-9, 100 + 1e-9)).all()


@pytest.mark.parametrize("name", NAMES)
def test_transparent_parts_stay_free_and_tiny_pictures_are_drawn(picture, name):
    alpha = np.full((100, 150), 255, np.uint8)
    alpha[:, :75] = 0
    made = find(name)(Image(picture.pixels, alpha), cells=100, focus="off")
    middles = np.array([shape.paths[0].points.mean(0) for shape in made.shapes])
    assert len(middles) and (middles[:, 0] > 70).all()
    for size in ((1, 1), (1, 9), (40, 2)):
        assert find(name)(Image(np.full((*size, 3), 90, np.uint8)), cells=30).to_svg().startswith("<svg")
    assert not list(find(name)(Image(picture.pixels, 0 * alpha)).shapes)
