"""Strokes as a drawing: curves along the ways of a brush, covering the sheet, without those that others hide."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from artkit.artwork.drawing import CUBIC, LINE, QUADRATIC
from artkit.artwork.image import Image
from artkit.raster.brushed import Laid
from artkit.registry.discovery import find
from artkit.render import rendered
from artkit.styles import strokes


@pytest.fixture(scope="module")
def picture() -> Image:
    y, x = np.mgrid[:100, :150]
    pixels = np.dstack([60 + x, 40 + y, 120 + 0 * x])
    pixels[(x - 100) ** 2 + (y - 45) ** 2 < 500] = 250, 240, 20
    return Image(pixels.astype(np.uint8))


@pytest.fixture(scope="module")
def drawing(picture):
    return find("brush-strokes")(picture, width=0.12, variation=0, focus="off")


def test_strokes_cover_the_sheet_in_the_colors_of_the_picture(drawing, picture):
    bare = rendered(drawing.replace(background="#ff00ff"), (150, 100))
    assert (bare == (255, 0, 255)).all(2).mean() < 0.002
    shown = rendered(drawing, (150, 100)).astype(float)
    assert np.sqrt(((shown - picture.pixels) ** 2).mean()) < 22


def test_brushes_are_layers_each_half_as_broad_as_the_one_before(drawing):
    broad = [max(shape.line.width for shape in layer.shapes) for layer in drawing.layers]
    assert len(broad) >= 2
    assert all(0.35 < fine / wide < 0.7 for wide, fine in pairwise(broad))
    assert broad[0] <= 0.12 * 150 * 1.15
    assert all(shape.fill is None and len(shape.paths) == 1 for shape in drawing.shapes)


@pytest.mark.parametrize(("joints", "kind"), [(2, LINE), (3, QUADRATIC), (6, CUBIC), (9, CUBIC)])
def test_a_stroke_is_the_curve_through_its_joints(joints, kind):
    t = np.linspace(0, 1, joints)
    way = np.column_stack([10 + 20 * t, 5 + 8 * t * t])  # a parabola, which each of them but a line can be
    still = np.repeat(way[-1:], 9 - joints, 0)  # where it has ended it stays
    (path,) = strokes.curves(np.concatenate([way, still])[None])
    assert path.kinds.tolist() == [kind] and np.array_equal(path.points[[0, -1]], way[[0, -1]])
    order = {LINE: 1, QUADRATIC: 2, CUBIC: 3}[kind]
    weights = np.array([1.0])
    for _ in range(order):  # Bernstein's, in the middle
        weights = (np.append(weights, 0) + np.append(0, weights)) / 2
    middle = [20, 9] if kind == LINE else [20, 7]
    assert weights @ path.points == pytest.approx(np.array(middle), abs=1e-9)


def test_what_others_hide_is_left_out_and_a_stroke_that_goes_nowhere_is_a_dot():
    lying = np.repeat(np.array([[[20.0, 20.0], [40.0, 20.0]]]), 2, 0)
    below = Laid(lying, np.array([8, 8]), np.zeros((2, 3), np.uint8))
    above = Laid(lying[:1], np.array([12]), np.zeros((1, 3), np.uint8))
    first, second = strokes._seen([below, above], (40, 60))
    assert first.tolist() == [False, True]  # of the broadest brush, those that their own kind does not hide
    assert second.tolist() == [True]
    first, second = strokes._seen([above, below], (40, 60))
    assert first.tolist() == [True] and second.tolist() == [False, True]
    (path,) = strokes.curves(np.full((1, 9, 2), 7.0))
    assert path.kinds.tolist() == [LINE] and np.ptp(path.points) > 0


def test_transparent_parts_stay_free_and_tiny_pictures_are_drawn(picture):
    alpha = np.full((100, 150), 255, np.uint8)
    alpha[:, :75] = 0
    made = find("brush-strokes")(Image(picture.pixels, alpha), width=0.1, focus="off")
    assert made.background is None
    assert min(shape.paths[0].points[0, 0] for shape in made.shapes) > 70
    for size in ((1, 1), (1, 9), (40, 2)):
        assert find("brush-strokes")(Image(np.full((*size, 3), 90, np.uint8))).to_svg().startswith("<svg")
    assert not list(find("brush-strokes")(Image(picture.pixels, 0 * alpha)).shapes)
