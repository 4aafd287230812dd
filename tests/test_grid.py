"""Pictures on a grid come back exactly, at any size, and nearly so after JPEG; drawings are no grids."""

from __future__ import annotations

from io import BytesIO
from itertools import product

import numpy as np
import pytest
import resvg_py
from PIL import Image as Pillow

from artkit.artwork.image import Image
from artkit.ops.trace import trace
from artkit.tracer.grid import on_grid
from artkit.tracer.grid_noise import noisy_cells

INKS = np.array(
    [[20, 12, 28], [222, 238, 214], [208, 70, 72], [89, 125, 206], [109, 170, 44], [218, 212, 94]], np.uint8
)

FACE = """
1111000000001111
1100222222220011
1022222222222201
1022552222552201
0225005225005220
0225005225005220
0222552222552220
0222222332222220
0223222332223220
0222322222232220
1022233333322201
1022222222222201
1100222442220011
1111004444001111
1111110000111111
1111111111111111"""
FACE = INKS[[[int(ink) for ink in row] for row in FACE.split()]]


def render(drawing, scale=1):
    svg = drawing.to_svg()
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=drawing.width * scale, skip_system_fonts=True))
    return np.asarray(Pillow.open(BytesIO(png)).convert("RGB"))


def enlarged(pixels, scale):
    return np.ascontiguousarray(pixels.repeat(scale, 0).repeat(scale, 1))


def checkers(side):
    return INKS[np.indices((side, side)).sum(0) % 2]


def code(side, seed=0):
    cells = np.random.default_rng(seed).integers(0, 2, (side, side))
    for y, x in ((0, 0), (0, side - 7), (side - 7, 0)):
        cells[y : y + 7, x : x + 7] = np.pad(np.pad(np.zeros((3, 3), int), 1, constant_values=1), 1)
    return INKS[np.pad(cells, 3, constant_values=1)]


def saved(pixels, quality):
    data = BytesIO()
    Pillow.fromarray(pixels).save(data, "JPEG", quality=quality)
    return np.asarray(Pillow.open(data).convert("RGB"))


@pytest.mark.parametrize("scale", [1, 2, 3, 5, 8, 16])
@pytest.mark.parametrize("picture", [FACE, checkers(12), code(21)], ids=["face", "checkers", "code"])
def test_a_picture_on_a_grid_comes_back_exactly_at_any_size(picture, scale):
    drawing = trace(Image(enlarged(picture, scale)))
    assert np.array_equal(render(drawing), enlarged(picture, scale))
    assert np.array_equal(render(drawing, 3), enlarged(picture, 3 * scale))


@pytest.mark.parametrize("quality", [60, 80, 90])
@pytest.mark.parametrize("scale", [5, 8, 11])
def test_pixel_art_that_was_saved_as_jpeg_gets_its_cells_and_few_colors_back(scale, quality):
    picture = enlarged(FACE, scale)
    drawing = trace(Image(saved(picture, quality)))
    shown = render(drawing).astype(int)
    assert np.array_equal(INKS[((shown[:, :, None] - INKS) ** 2).sum(3).argmin(2)], picture)
    assert len({shape.fill for shape in drawing.shapes}) <= 4 * len(INKS)


def test_lines_of_one_pixel_anywhere_come_back_exactly():
    table = np.full((90, 140, 3), 255, np.uint8)
    table[[3, 20, 47, 71, 88]] = 0
    table[:, [2, 31, 60, 101, 137]] = (200, 30, 40)
    assert np.array_equal(render(trace(Image(table)), 3), enlarged(table, 3))


@pytest.mark.parametrize("shape", [*product([1, 2, 3], repeat=2), (1, 400), (400, 1)])
def test_the_smallest_pictures_keep_all_their_colors(shape):
    picture = INKS[np.arange(shape[0] * shape[1]).reshape(shape) % len(INKS)]
    assert np.array_equal(render(trace(Image(picture)), 4), enlarged(picture, 4))


def test_transparent_parts_of_pixel_art_stay_open():
    alpha = np.where((INKS[1] == FACE).all(2), 0, 255).astype(np.uint8)
    drawing = trace(Image(enlarged(FACE, 4), enlarged(alpha, 4)))
    png = bytes(resvg_py.svg_to_bytes(svg_string=drawing.to_svg(), width=64, skip_system_fonts=True))
    assert np.array_equal(np.asarray(Pillow.open(BytesIO(png)).convert("RGBA"))[..., 3], enlarged(alpha, 4))


def disc(side, radius, soft):
    away = np.hypot(*(np.indices((side, side)) + 0.5 - side / 2 - 0.2)) - radius
    share = np.clip(0.5 - away, 0, 1) if soft else (away < 0).astype(float)
    return np.rint(255 - share[..., None] * [200, 180, 30]).astype(np.uint8)


@pytest.mark.parametrize("soft", [False, True])
def test_a_circle_is_no_grid(soft):
    picture = disc(96, 31.3, soft)
    assert on_grid(picture) is None
    assert noisy_cells(picture) is None
    (shape,) = trace(Image(picture)).shapes
    assert sum(path.segments for path in shape.paths) <= 8


def test_boxes_with_soft_edges_are_no_grid():
    at = np.clip(np.arange(64) - 13.3, 0, 1) * np.clip(48.7 - np.arange(64), 0, 1)
    picture = np.rint(255 - 200 * at[:, None, None] * at[None, :, None].repeat(3, 2)).astype(np.uint8)
    assert on_grid(picture) is None
    assert noisy_cells(picture) is None


@pytest.mark.slow
def test_a_grid_of_noise_has_too_many_colors_for_a_grid():
    rng = np.random.default_rng(5)
    cells = rng.integers(0, 256, (40, 50, 3)).astype(np.uint8)
    noisy = np.clip(enlarged(cells, 4) + rng.normal(0, 2, (160, 200, 3)), 0, 255).astype(np.uint8)
    assert noisy_cells(noisy) is None
    assert noisy_cells(
        np.clip(enlarged(cells // 128 * 255, 4) + rng.normal(0, 2, (160, 200, 3)), 0, 255).astype(np.uint8)
    )
