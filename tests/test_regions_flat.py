"""Flat art: few colors, and what antialiasing tells about the borders between them."""

import numpy as np
import pytest

from artkit.planar.map import NORMAL_X, NORMAL_Y, find_faces, planar_map
from artkit.tracer.regions.edges import contrast_offsets, edge_offsets
from artkit.tracer.regions.flat import flat_areas, mixtures, reduced

RED, WHITE, BLUE, BLACK = (np.array(c, float) for c in ((200, 30, 40), (255, 255, 255), (20, 60, 200), (0, 0, 0)))
SCALE = 16


def antialiased(shape, *layers):
    """Paint colors where functions of x and y hold, 16 x 16 samples a pixel."""
    height, width = shape
    y, x = (np.mgrid[0 : height * SCALE, 0 : width * SCALE] + 0.5) / SCALE
    picture = np.broadcast_to(WHITE, (height * SCALE, width * SCALE, 3)).copy()
    for color, where in layers:
        picture[where(x, y)] = color
    return np.rint(picture.reshape(height, SCALE, width, SCALE, 3).mean((1, 3))).astype(np.uint8)


def border(pixels):
    """Where the border runs: (points, labels on the left, right)."""
    mixed = mixtures(pixels)
    planar = planar_map(mixed.owner)
    normal = np.column_stack([NORMAL_X[planar.direction], NORMAL_Y[planar.direction]])
    inner = ((planar.left >= 0) & (planar.right >= 0))[planar.arc_of]
    return (planar.middles + edge_offsets(planar, mixed)[:, None] * normal)[inner], mixed


@pytest.mark.parametrize("edge", [10.0, 10.1, 10.37, 10.5, 10.83])
def test_an_upright_edge_stands_where_the_coverage_says(edge):
    points, _ = border(antialiased((8, 24), (RED, lambda x, y: x < edge)))
    assert np.allclose(points[:, 0], edge, atol=0.04)


def test_a_slanted_edge_is_straight():
    points, _ = border(antialiased((40, 40), (RED, lambda x, y: y < 8.3 + 0.41 * x)))
    inner = points[(points[:, 0] > 2) & (points[:, 0] < 38)]
    level = np.isclose(inner[:, 0] % 1, 0.5)  # cracks along the slant tell it exactly, those across it nearly
    assert np.abs(inner[level, 1] - 8.3 - 0.41 * inner[level, 0]).max() < 0.05
    assert np.abs(inner[:, 1] - 8.3 - 0.41 * inner[:, 0]).max() < 0.2


def test_every_pixel_is_a_mixture_of_its_two_colors():
    pixels = antialiased(
        (40, 40), (RED, lambda x, y: (x - 20) ** 2 + (y - 20) ** 2 < 150), (BLUE, lambda x, y: y > 25 + 0.3 * x)
    )
    mixed = mixtures(pixels)
    share = mixed.coverage[..., None]
    again = share * mixed.palette[mixed.owner] + (1 - share) * mixed.palette[mixed.other]
    assert len(mixed.palette) == 3
    assert np.abs(again - pixels).max(2).mean() < 0.5
    assert (np.abs(again - pixels).max(2) > 12).mean() < 0.01


def test_the_rim_between_two_colors_is_never_a_third():
    # The middle gray lies exactly between black and white, and elsewhere in the picture it is a color of its own.
    pixels = antialiased(
        (60, 60),
        (BLACK, lambda x, y: (x - 30) ** 2 + (y - 22) ** 2 < 170),
        (np.full(3, 128.0), lambda x, y: y > 48.0),
    )
    mixed = mixtures(pixels)
    gray = int(np.argmin(np.abs(mixed.palette - 128).sum(1)))
    assert (mixed.owner[:46] != gray).all()
    assert len(find_faces(mixed.owner)[1]) == 3


@pytest.mark.parametrize("width", [1.0, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("shift", [0.0, 0.3, 0.6])
def test_thin_strokes_keep_their_width_and_color(width, shift):
    left = 12 + shift
    pixels = antialiased((24, 32), (BLUE, lambda x, y: (x >= left) & (x < left + width) & (y > 4) & (y < 20)))
    # A patch of the same color elsewhere tells what the stroke mixes.
    pixels[0:3, 26:30] = BLUE
    mixed = mixtures(pixels)
    planar = planar_map(mixed.owner)
    normal = np.column_stack([NORMAL_X[planar.direction], NORMAL_Y[planar.direction]])
    points = planar.middles + edge_offsets(planar, mixed)[:, None] * normal
    upright = (planar.direction % 2 == 1) & (np.abs(points[:, 1] - 12) < 6) & (np.abs(points[:, 0] - 13) < 5)
    sides = points[upright, 0]
    middle = left + width / 2
    assert abs(sides[sides < middle].mean() - left) < 0.08
    assert abs(sides[sides > middle].mean() - left - width) < 0.08


def test_a_stroke_of_a_color_of_its_own_is_found():
    pixels = antialiased((30, 30), (RED, lambda x, y: np.abs(y - 15.2 - 0.2 * x) < 0.9))
    mixed = mixtures(pixels)
    assert len(mixed.palette) == 2
    assert np.abs(mixed.palette[1] - RED).max() < 25
    assert ((mixed.owner == 1).sum(0) >= 1).all()


def test_flat_areas_are_blocks_of_two_by_two():
    pixels = np.zeros((5, 6, 3), np.uint8)
    pixels[:, 3] = 90
    pixels[:, 4:] = 200
    assert flat_areas(pixels).tolist() == [[True] * 3 + [False] + [True] * 2] * 5


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_reducing_gives_exactly_so_many_colors(count):
    pixels = antialiased(
        (30, 60),
        (RED, lambda x, y: x < 15),
        (BLUE, lambda x, y: (x > 30) & (x < 40)),
        (BLACK, lambda x, y: x > 50.5),
    )
    mixed = reduced(mixtures(pixels), count, None)
    assert len(mixed.palette) == count
    assert len(np.unique(mixed.owner)) == count
    assert np.array_equal(mixed.owner == mixed.other, mixed.coverage == 1) or count > 1


def test_a_fixed_palette_keeps_its_order():
    pixels = antialiased((20, 40), (RED, lambda x, y: x < 20))
    inks = np.array([[10, 10, 10], [250, 250, 240], [210, 20, 20]], np.uint8)
    mixed = reduced(mixtures(pixels), None, inks)
    assert np.array_equal(mixed.palette, inks)
    assert mixed.owner[10, 5] == 2
    assert mixed.owner[10, 35] == 1


def test_transparent_pixels_belong_to_nothing_and_alpha_tells_the_edge():
    height, width = 12, 30
    pixels = np.full((height, width, 3), 90, np.uint8)
    alpha = np.zeros((height, width), np.uint8)
    alpha[:, :14] = 255
    alpha[:, 14] = 51  # the edge stands at 14.2
    mixed = mixtures(pixels, alpha)
    assert np.array_equal(mixed.owner == -1, alpha < 128)
    planar = planar_map(mixed.owner)
    normal = np.column_stack([NORMAL_X[planar.direction], NORMAL_Y[planar.direction]])
    points = planar.middles + edge_offsets(planar, mixed)[:, None] * normal
    assert np.allclose(points[(points[:, 0] > 5) & (planar.direction % 2 == 1), 0], 14.2, atol=0.01)


def test_noise_gets_a_bounded_number_of_colors():
    pixels = np.random.default_rng(0).integers(0, 256, (60, 60, 3)).astype(np.uint8)
    assert len(mixtures(pixels).palette) <= 264


def test_the_border_of_a_ramp_lies_where_it_passes_the_middle():
    ramp = np.repeat(np.linspace(20, 220, 41)[None, :, None], 6, axis=0).repeat(3, axis=2)
    pixels = np.rint(ramp).astype(np.uint8)
    ids = (ramp[..., 0] > 113).astype(np.int32)
    planar = planar_map(ids)
    normal = np.column_stack([NORMAL_X[planar.direction], NORMAL_Y[planar.direction]])
    points = planar.middles + contrast_offsets(planar, ids, pixels, 2)[:, None] * normal
    low, high = ramp[..., 0][ids == 0].mean(), ramp[..., 0][ids == 1].mean()
    place = ((low + high) / 2 - 20) / 5 + 0.5
    inner = ((planar.left >= 0) & (planar.right >= 0))[planar.arc_of]
    assert np.abs(points[inner, 0] - np.clip(place, 18.5, 19.5)).max() < 0.6
