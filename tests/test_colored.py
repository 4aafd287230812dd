"""Photos in few colors: exactly so many inks, a named layer for each, nothing too small, and nothing shows through."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from artkit.artwork.drawing import Drawing, Layer, Path, Shape
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color.choose import palette_of
from artkit.color.palette import parse
from artkit.color.spaces import lightness
from artkit.ops.trace import trace
from artkit.planar.map import find_faces
from artkit.render import rendered
from artkit.tracer.colored import SMALLEST, colored
from artkit.tracer.colored import drawing as drawing_of
from artkit.tracer.mosaic import Source
from artkit.tracer.seals import sealed_inks


def photo(seed: int = 0, height: int = 120, width: int = 160) -> Image:
    """A ground of smooth ramps, some disks on it, texture and noise over all."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    picture = np.dstack([60 + x * 0.9, 120 + y * 0.6, 200 - x * 0.8 + y * 0.3])
    for _ in range(9):
        center, radius = rng.uniform(0, (height, width)), rng.uniform(6, 22)
        picture[np.hypot(y - center[0], x - center[1]) < radius] = rng.integers(0, 256, 3)
    picture += 18 * np.sin(x / 3)[..., None] * np.cos(y / 5)[..., None] + rng.normal(0, 6, picture.shape)
    return Image(np.clip(picture, 0, 255).round().astype(np.uint8))


def inks_of(drawing):
    """The fills of each layer."""
    return [{shape.fill for shape in layer.shapes} for layer in drawing.layers]


def shown_through(drawing, zoom=1):
    """How much of the background shows in each pixel, 0 to 1."""
    resvg_py = pytest.importorskip("resvg_py")
    from PIL import Image as Picture

    def on(color):
        size = {"width": drawing.width * zoom, "height": drawing.height * zoom}
        data = resvg_py.svg_to_bytes(svg_string=drawing.to_svg(), background=color, **size)
        return np.array(Picture.open(io.BytesIO(bytes(data))).convert("RGB")).astype(int)

    return (on("#ffffff") - on("#000000")).max(axis=2) / 255


@pytest.mark.parametrize("layers", ["merged", "stacked", "cutout"])
@pytest.mark.parametrize("colors", [2, 5, 12])
@pytest.mark.slow
def test_so_many_inks_are_in_so_many_named_groups(colors, layers):
    drawing = trace(photo(), kind="photo", colors=colors, layers=layers)
    inks = inks_of(drawing)
    assert len(inks) == colors and all(len(fills) == 1 for fills in inks)
    assert len(set.union(*inks)) == colors
    labels = re.findall(r'<g id="([^"]+)" inkscape:groupmode="layer" inkscape:label="([^"]+)"', drawing.to_svg())
    assert len(labels) == colors and len({name for name, _ in labels}) == colors


@pytest.mark.slow
def test_layers_run_from_light_to_dark_or_in_the_order_of_the_palette():
    light = lightness(np.array([parse(next(iter(ink))) for ink in inks_of(trace(photo(1), kind="photo", colors=6))]))
    assert (np.diff(light) <= 0).all()
    names = ["#203040", "#f0e0d0", "#c03030", "#30a060"]
    assert inks_of(trace(photo(1), kind="photo", palette=names)) == [{name} for name in names]


@pytest.mark.parametrize("least", [None, 30.0])
@pytest.mark.slow
def test_no_region_is_smaller_than_the_least_area(least):
    for seed in range(3):
        pixels = photo(seed).pixels
        source = Source(pixels, None, None, gradients=False)
        palette = np.array([[30, 40, 60], [120, 130, 140], [200, 180, 90], [240, 240, 230], [180, 40, 40]], np.uint8)
        found = colored(source, source.draft(400), palette, least, used=False)
        assert find_faces(found.labels)[2].min() >= (SMALLEST if least is None else least)


@pytest.mark.parametrize("layers", ["merged", "stacked"])
@pytest.mark.slow
def test_nothing_shows_through(layers):
    drawing = trace(photo(2), kind="photo", colors=7, layers=layers)
    for zoom in (1, 3):
        assert shown_through(drawing, zoom).max() == 0


def sheet_shown(drawing):
    """By how much each pixel changes with the color of the lowest sheet."""
    (lowest, *layers), shown = drawing.layers, []
    for color in ("#ff00ff", "#00ff00"):
        shapes = [lowest.shapes[0]._replace(fill=color), *lowest.shapes[1:]]
        other = drawing.replace(layers=[replace(lowest, shapes=shapes), *layers])
        shown.append(rendered(other, (round(drawing.width), round(drawing.height))).astype(int))
    return np.abs(shown[0] - shown[1]).max(axis=2)


@pytest.mark.parametrize("inks", [3, 6, 14])
@pytest.mark.parametrize("seed", [8, 9])
def test_the_sheet_shows_nowhere_but_where_its_ink_is(inks, seed):
    image = photo(seed)
    source = Source(image.pixels, None, None, gradients=False)
    palette = palette_of(image.pixels, None, inks)[::-1]
    found = colored(source, source.draft(300), palette, None, used=True)
    whole = drawing_of(found, "merged")
    own = cv2.dilate((found.labels == 0).astype(np.uint8), np.ones((5, 5))) > 0
    off = sheet_shown(whole)
    assert off[~own].max() <= 8
    assert (off > 250).any(), "it is still there"
    assert all(len(fills) == 1 for fills in inks_of(whole))


def test_a_hair_is_closed_from_beneath_in_the_lowest_ink_beside_it_by_no_speck():
    def box(left, right):
        return [Path(np.array([[left, 0], [right, 0], [right, 40], [left, 40]], float))]

    labels = np.repeat(np.array([[0, 1, 2]], np.int32), 20, axis=1).repeat(40, axis=0)
    inks = "#ffffff", "#808080", "#000000"
    boxes = box(0, 60), box(20, 40), box(40.4, 60)
    layers = [Layer([Shape(paths, ink)], ink) for paths, ink in zip(boxes, inks, strict=True)]
    sealed = sealed_inks(Drawing(60, 40, layers), labels, [0, 1, 2])
    assert [len(layer.shapes) for layer in sealed.layers] == [1, 2, 1]
    patch = sealed.layers[1].shapes[0]
    assert patch.fill == inks[1] and np.ptp(patch.paths[0].points, axis=0).min() >= 3
    assert sheet_shown(sealed)[:, 22:].max() == 0 < sheet_shown(Drawing(60, 40, layers))[:, 22:].max()


@pytest.mark.slow
def test_a_stacked_layer_covers_all_that_lie_above_it():
    from artkit.render import rendered_alone

    drawing = trace(photo(3), kind="photo", colors=5, layers="stacked", overlap="all")
    above = np.zeros((120, 160))
    for layer in reversed(drawing.layers):
        cover = rendered_alone(drawing.replace(layers=[layer]), (160, 120))[..., 3] / 255
        assert (cover >= above - 0.35).all()  # but for pixels that borders of several colors cross
        above = np.maximum(above, cover)
    assert above.min() == 1


@pytest.mark.parametrize("options", [{"colors": 6}, {"palette": ["black", "#888888", "white"]}])
@pytest.mark.parametrize("layers", ["merged", "stacked", "cutout"])
@pytest.mark.slow
def test_budgets_hold_with_few_colors_too(options, layers):
    drawing = trace(photo(4), kind="photo", shapes=60, layers=layers, **options)
    assert sum(len(layer.shapes) for layer in drawing.layers) <= 60
    small = trace(photo(4), kind="photo", bytes="9k", layers=layers, **options)
    assert len(small.to_svg()) <= 9000


@pytest.mark.slow
def test_what_is_transparent_stays_open():
    image = photo(5)
    alpha = np.full((120, 160), 255, np.uint8)
    alpha[30:70, 40:90] = 0
    drawing = trace(Image(image.pixels, alpha), kind="photo", colors=5)
    through = shown_through(drawing)
    assert through[33:67, 43:87].min() == 1
    outside = np.ones((120, 160), bool)
    outside[27:73, 37:93] = False
    assert through[outside].max() == 0


def test_regions_of_a_photo_are_grouped_by_color_as_they_are():
    image = photo(6)
    gray = image.pixels.mean(axis=2)
    labels = Labels(np.digitize(gray, [90, 150]).astype(np.int32), np.array([[20] * 3, [120] * 3, [230] * 3], np.uint8))
    drawing = trace(Labels(labels.ids, labels.palette, image), min_area=12)
    assert inks_of(drawing) == [{"#e6e6e6"}, {"#787878"}, {"#141414"}]


@pytest.mark.slow
def test_the_same_photo_gives_the_same_file_and_is_left_alone():
    image = photo(7)
    before = image.pixels.copy()
    assert trace(image, kind="photo", colors=9).to_svg() == trace(image, kind="photo", colors=9).to_svg()
    assert (image.pixels == before).all()
