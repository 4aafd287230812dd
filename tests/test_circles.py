"""Circles side by side: none overlaps, they cover most of the sheet, and lie where they may."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.registry.discovery import find
from artkit.render import rendered
from artkit.styles import circles


def packed(drawing):
    """Middles and radii of a drawing's circles."""
    boxes = [path.points for shape in drawing.shapes for path in shape.paths]
    low, high = np.array([points.min(0) for points in boxes]), np.array([points.max(0) for points in boxes])
    return (low + high) / 2, (high - low)[:, 0] / 2


@pytest.fixture(scope="module")
def large():
    """A soft picture with a sharp disc, 300 x 240."""
    y, x = np.mgrid[0:240, 0:300]
    pixels = np.dstack([x / 300 * 200, y, 120 + 0 * x])
    pixels[(x - 200) ** 2 + (y - 90) ** 2 < 900] = 250, 240, 20
    return Image(pixels.astype(np.uint8))


@pytest.fixture(scope="module")
def drawing(large):
    return find("circle-packing")(large, focus="off")


@pytest.mark.slow
def test_no_circle_overlaps_another_or_leaves_the_sheet(drawing):
    middle, radius = packed(drawing)
    away = np.hypot(*(middle[:, None] - middle[None]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    assert (away >= radius[:, None] + radius[None]).all()
    assert (middle - radius[:, None] >= -1e-9).all() and (middle + radius[:, None] <= (300 + 1e-9, 240 + 1e-9)).all()


def test_circles_cover_most_and_are_small_at_borders(drawing):
    middle, radius = packed(drawing)
    assert np.pi * (radius**2).sum() > 0.78 * 300 * 240
    rim = np.abs(np.hypot(*(middle - (200, 90)).T) - 30) < 3
    assert radius[rim].max() < 0.6 * radius[middle[:, 0] < 100].max()
    assert radius.max() <= 0.028 * 300 * 1.3


def test_colors_are_those_beneath(drawing, large):
    shown = rendered(drawing, (300, 240))
    assert np.abs(shown[85:95, 195:205].reshape(-1, 3).mean(0) - (250, 240, 20)).max() < 30


@pytest.mark.slow
def test_transparent_parts_stay_free(large):
    alpha = np.full((240, 300), 255, np.uint8)
    alpha[:, :120] = 0
    middle, radius = packed(find("circle-packing")(Image(large.pixels, alpha), focus="off"))
    assert (middle[:, 0] - radius >= 120 - 0.5).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (300, 2)])
def test_tiny_pictures_are_drawn(size):
    image = Image(np.full((*size, 3), 90, np.uint8))
    assert find("circle-packing")(image).to_svg().startswith("<svg")


def test_circles_in_order_keep_what_meets_none_before_it():
    middle = np.array([[0, 0], [1.5, 0], [3, 0], [10, 0]], float)
    assert circles._independent(middle, np.ones(4)).tolist() == [0, 2, 3]
