"""Ink on paper: the paper falls away, whatever its tone and light, and the ink stays where it is."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from artkit.artwork.image import Image
from artkit.ops.pen.ink import centerline
from artkit.ops.trace import trace
from artkit.render import rendered

INK = "#1a2f8a"
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200" viewBox="0 0 320 200">'
    '<path d="M30 130 C80 20 110 20 100 120 C95 170 60 160 80 110 C110 60 150 90 190 100 S250 30 290 90" '
    f'fill="none" stroke="{INK}" stroke-width="3.4"/>'
    f'<path d="M40 170 Q160 150 290 165" fill="none" stroke="{INK}" stroke-width="1.8"/>'
    f'<circle cx="250" cy="130" r="14" fill="{INK}"/></svg>'
)


def photographed(tone=(226, 216, 196), shade=0.25, blur=0.8, noise=4.0, quality=85, drawing=DRAWING) -> Image:
    """A drawing as a camera sees it: on toned paper, lit from one side, out of focus, noisy, and saved as JPEG."""
    width, height = 320, 200
    ink = rendered(drawing, (4 * width, 4 * height)).astype(np.float64)
    ink = ink.reshape(height, 4, width, 4, 3).mean((1, 3)) / 255
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    light = 1 - shade * (0.7 * x + 0.3 * y)
    seen = cv2.GaussianBlur(ink * np.array(tone) * light[..., None], (0, 0), blur)
    seen += np.random.default_rng(3).normal(0, noise, (height, width, 1))
    file = io.BytesIO()
    Pillow.fromarray(np.clip(np.rint(seen), 0, 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return Image.of(file.getvalue())


def dark(pixels: np.ndarray) -> np.ndarray:
    return pixels.astype(int).mean(2) < 170


@pytest.mark.parametrize("tone", [(226, 216, 196), (180, 180, 186), (235, 236, 240)], ids=["cream", "gray", "cool"])
@pytest.mark.parametrize("shade", [0.1, 0.4])
@pytest.mark.sample(2)
def test_the_ink_alone_is_traced(tone, shade):
    drawing = trace(photographed(tone, shade))
    assert drawing.background is None
    shapes = list(drawing.shapes)
    assert len(shapes) == 3
    found, true = dark(rendered(drawing, (1280, 800))), dark(rendered(DRAWING, (1280, 800)))
    assert (found & true).sum() / (found | true).sum() > 0.85


@pytest.mark.slow
def test_thin_lines_keep_their_width_under_blur():
    areas = []
    for image in (photographed(blur=0.5, noise=2), photographed(blur=1.3, noise=2)):
        areas.append(dark(rendered(trace(image), (1280, 800))).mean())
    true = dark(rendered(DRAWING, (1280, 800))).mean()
    np.testing.assert_allclose(areas, true, rtol=0.2)


@pytest.mark.slow
def test_the_paper_can_be_kept():
    drawing = trace(photographed(), paper="keep", shapes=60)
    assert not (rendered(drawing) == 255).all(2).any()


def test_the_ink_has_the_color_it_has_on_white_paper():
    [color] = {shape.fill for shape in trace(photographed()).shapes}
    found, true = (np.array([int(name[i : i + 2], 16) for i in (1, 3, 5)]) for name in (color, INK))
    assert np.abs(found - true).max() < 60
    assert found[2] - found[0] > 40  # it is blue ink


@pytest.mark.slow
def test_a_drawing_on_a_screens_even_white_keeps_its_white():
    drawing = trace(Image.of(rendered(DRAWING)))
    assert drawing.background == "#ffffff"


@pytest.mark.slow
def test_pictures_of_several_colors_keep_all_of_them():
    field = '<rect y="100" width="160" height="100" fill="#fa0"/><circle'
    image = photographed(drawing=DRAWING.replace("<circle", field))
    drawing = trace(image, shapes=50)
    assert np.abs(rendered(drawing).astype(int) - image.pixels.astype(int)).mean() < 12


@pytest.mark.slow
def test_photos_of_other_things_are_no_ink():
    noise = np.random.default_rng(1).normal(0, 1, (200, 320, 3))
    clouds = Image.of(np.clip(128 + 900 * cv2.GaussianBlur(noise, (0, 0), 9), 0, 255).astype(np.uint8))
    drawing = trace(clouds, shapes=50)
    assert len(list(drawing.shapes)) > 40


def test_a_drawing_of_several_flat_colors_under_grain_is_no_ink():
    body = '<rect width="320" height="200" fill="#cfd8dc"/><rect x="40" y="40" width="90" height="110" fill="#3f51b5"/>'
    body += (
        '<circle cx="220" cy="100" r="50" fill="#1a237e"/><rect x="60" y="70" width="50" height="20" fill="#7986cb"/>'
    )
    pixels = rendered(f'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200">{body}</svg>').astype(
        np.float64
    )
    grainy = pixels + np.random.default_rng(2).normal(0, 5, pixels.shape)
    image = Image.of(np.clip(np.rint(grainy), 0, 255).astype(np.uint8))
    fills = {shape.fill for shape in trace(image).shapes}
    assert len(fills) >= 3


BLOTS = """<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200" viewBox="0 0 320 200">
<path d="M30 40h260M30 100h260M30 160h260" fill="none" stroke="#b02030" stroke-width="3"/></svg>"""


@pytest.mark.parametrize("shade", [0.1, 0.45])
def test_pen_lines_of_ink_on_paper_run_in_the_middle_of_its_strokes(shade):
    drawing = centerline(photographed(shade=shade, drawing=BLOTS), page="320x200mm", margin=0.0)
    lines = [path.points * 320 / drawing.width for shape in drawing.shapes for path in shape.paths]
    assert len(lines) == 3
    for line, y in zip(sorted(lines, key=lambda line: line[0, 1]), (40, 100, 160), strict=True):
        assert np.abs(line[:, 1] - y).max() < 0.6  # ends of a skeleton wander
        assert np.abs(np.sort(line[[0, -1], 0]) - (30, 290)).max() < 3


@pytest.mark.slow
def test_pen_lines_can_keep_the_paper():
    image = photographed(drawing=BLOTS)
    kept, taken = (centerline(image, page="320x200mm", margin=0.0, paper=how) for how in ("keep", "auto"))
    assert kept.to_svg() != taken.to_svg()
    plain = Image(np.where(dark(image.pixels)[..., None], 0, 255).repeat(3, 2).astype(np.uint8))
    kept, taken = (centerline(plain, page="320x200mm", margin=0.0, paper=how) for how in ("keep", "auto"))
    assert kept.to_svg() == taken.to_svg()  # an even ground is no paper


def test_ink_takes_few_segments():
    drawing = trace(photographed())
    assert drawing.segments < 60
