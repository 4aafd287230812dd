"""Where three faces meet: borders go on as those of two, and a straight one stays one line."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
import resvg_py
from PIL import Image as Pillow

from artkit.artwork.drawing import CUBIC, LINE
from artkit.artwork.image import Image
from artkit.ops.trace import trace
from artkit.planar.outlines import joined_lines

SIDE = 96
INKS = np.array([[20, 60, 180], [250, 210, 60], [200, 40, 40], [245, 245, 245]], float)


def painted(face, fine=16):
    """A picture of the ink that `face` tells for each point (x, y), antialiased exactly."""
    at = (np.arange(SIDE * fine) + 0.5) / fine
    inks = INKS[face(*np.meshgrid(at, at))]
    return np.rint(inks.reshape(SIDE, fine, SIDE, fine, 3).mean((1, 3))).astype(np.uint8)


def shown(drawing, scale=4):
    data = resvg_py.svg_to_bytes(svg_string=drawing.to_svg(), width=drawing.width * scale)
    return np.asarray(Pillow.open(BytesIO(bytes(data))).convert("RGB"), float)


def tee(degrees, x0=47.3, y0=40.6):
    """A half of one ink beside two quarters of others."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))

    def face(x, y):
        across, down = c * (x - x0) + s * (y - y0), c * (y - y0) - s * (x - x0)
        return np.where(across < 0, 0, np.where(down < 0, 1, 2))

    return face


@pytest.mark.parametrize("degrees", [0, 6, 17, 31, 90, 200])
@pytest.mark.sample(2)
def test_borders_that_meet_at_a_tee_are_lines_up_to_it(degrees):
    drawing = trace(Image(painted(tee(degrees))), kind="flat")
    kinds = np.concatenate([path.kinds for shape in drawing.shapes for path in shape.paths])
    assert (kinds == LINE).all()
    assert len(kinds) <= 16
    at = (np.arange(4 * SIDE) + 0.5) / 4
    off = np.abs(shown(drawing) - INKS[tee(degrees)(*np.meshgrid(at, at))]).max(2)
    assert (off > 128).mean() < 0.001


def test_a_side_that_other_borders_end_at_is_one_line():
    def face(x, y):
        stripes = np.where((y // 17.3).astype(int) % 2 == 0, 1, 2)
        return np.where((x > 40.4) & (x < 58.7) & (y > 30.3) & (y < 56.6), 0, stripes)

    drawing = trace(Image(painted(face)), kind="flat")
    (box,) = (shape for shape in drawing.shapes if shape.fill == "#143cb4")
    (path,) = box.paths
    assert path.segments == 4
    assert np.abs(np.sort(np.unique(path.points.round(1)))).tolist() == pytest.approx([30.3, 40.4, 56.6, 58.7], abs=0.1)


def test_lines_in_line_are_joined_and_nothing_else():
    first = [[0, 0], [4, 0.01], [7, -0.01], [10, 0], [10, 5], [11, 6], [12, 7], [13, 8], [0, 0.5]]
    second = [[0, 9], [5, 9], [2, 9]]
    kinds = np.array([LINE, LINE, LINE, LINE, CUBIC, LINE, LINE, LINE], np.uint8)
    found, left, point_bounds, kind_bounds = joined_lines(
        np.array(first + second), kinds, np.array([0, 9, 12]), np.array([0, 6, 8])
    )
    assert point_bounds.tolist() == [0, 7, 10]
    assert kind_bounds.tolist() == [0, 4, 6]
    assert left.tolist() == [LINE, LINE, CUBIC, LINE, LINE, LINE]
    assert found[:3].tolist() == [[0, 0], [10, 0], [10, 5]]
    assert found[7:].tolist() == [[0, 9], [5, 9], [2, 9]], "a line that turns back is no part of the one before it"


def test_a_bow_of_many_small_bends_is_not_flattened():
    t = np.linspace(0, np.pi / 2, 60)
    arc = 40 * np.column_stack([np.cos(t), np.sin(t)])
    found, *_ = joined_lines(arc, np.ones(59, np.uint8), np.array([0, 60]), np.array([0, 59]))
    middle = (found[1:] + found[:-1]) / 2
    assert np.abs(np.hypot(*middle.T) - 40).max() < 0.06
