"""The layerings of op `trace`, drawn by a renderer: nothing shows through but hairs, and the sheet is covered whole."""

import io

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from maps import label_images
from PIL import Image as Picture

from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color.palette import parse
from artkit.ops.trace import trace

resvg_py = pytest.importorskip("resvg_py")

PALETTE = np.array([[200, 30, 30], [30, 160, 60], [40, 60, 200], [230, 200, 40]], np.uint8)
CURVES = ["spline", "polygon", "pixel"]


def rendered(drawing, background, zoom=1):
    data = resvg_py.svg_to_bytes(
        svg_string=drawing.to_svg(), background=background, width=drawing.width * zoom, height=drawing.height * zoom
    )
    return np.array(Picture.open(io.BytesIO(bytes(data))).convert("RGB")).astype(int)


def shown_through(drawing, zoom=1):
    """How much of the background shows in each pixel, 0 to 1."""
    black, white = (rendered(drawing, color, zoom) for color in ("#000000", "#ffffff"))
    return (white - black).max(axis=2) / 255


def blurred_noise(seed, size=48, colors=4):
    """Labels of hilly noise and the picture they stand for, as k-means makes them of a photo."""
    field = np.random.default_rng(seed).normal(size=(size, size))
    for _ in range(4):
        field = (field + np.roll(field, 1, 0) + np.roll(field, 1, 1) + np.roll(field, (1, 1), (0, 1))) / 4
    level = np.argsort(np.argsort(field.ravel())).reshape(size, size) / size**2
    pixels = (np.stack([level, level, 1 - level], axis=2) * 255).astype(np.uint8)
    return Labels((level * colors).astype(np.int32), PALETTE[:colors], Image(pixels))


@pytest.mark.parametrize("curves", CURVES)
@pytest.mark.parametrize("tolerance", [None, 0.0, 1.0, 20.0])
@pytest.mark.sample(4)
def test_cutouts_of_a_ragged_picture_show_the_background_only_in_hairs(curves, tolerance):
    drawing = trace(blurred_noise(1), curves=curves, layers="cutout", tolerance=tolerance)
    for zoom in (1, 4):
        through = shown_through(drawing, zoom)
        # Renderers blend the two sides of an edge one after the other: a quarter shows at an edge, more at a node.
        assert through.max() <= 0.45
    assert np.median(through) == 0
    assert through.mean() < 0.05


@pytest.mark.parametrize("layers", ["merged", "stacked", "cutout"])
@pytest.mark.parametrize("curves", CURVES)
@pytest.mark.sample(3)
def test_the_corners_of_the_sheet_are_painted(layers, curves):
    drawing = trace(blurred_noise(2), curves=curves, layers=layers, tolerance=3.0)
    through = shown_through(drawing, 4)
    assert max(through[y, x] for y in (0, -1) for x in (0, -1)) == 0


@pytest.mark.parametrize("curves", CURVES)
@pytest.mark.slow
def test_stacked_layers_show_nothing_of_the_background(curves):
    for tolerance in (None, 0.5, 10.0):
        drawing = trace(blurred_noise(3), curves=curves, layers="stacked", tolerance=tolerance)
        assert len(drawing.layers) == 4
        for zoom in (1, 3):
            assert shown_through(drawing, zoom).max() == 0


def _sign() -> Image:
    """A disk within a disk, a bar over both, and dots on the bar; white around."""
    y, x = np.mgrid[:120, :160]
    pixels = np.full((120, 160, 3), 255, np.uint8)
    pixels[np.hypot(x - 70, y - 60) < 55] = PALETTE[0]
    pixels[np.hypot(x - 70, y - 60) < 38] = PALETTE[3]
    pixels[45:75, 40:150] = PALETTE[2]
    for center in (58, 80, 102, 124):
        pixels[np.hypot(x - center, y - 60) < 9] = PALETTE[1]
    return Image(pixels)


@pytest.mark.slow
def test_a_stacked_color_goes_on_beneath_neighbors_above_it_and_no_further():
    image = _sign()
    palette = ["white", "#c81e1e", "#e6c828", "#283cc8", "#1ea03c"]
    for overlap, most in ((4.0, 4.0), ("auto", 2.0)):
        drawing = trace(image, palette=palette, layers="stacked", overlap=overlap)
        shown = rendered(drawing, "#000000")
        whole = rendered(trace(image, palette=palette, layers="stacked", overlap="all"), "#000000")
        assert (abs(shown - whole).max(axis=2) > 90).mean() < 0.001, "what is to be seen is as it was"
        for layer in drawing.layers:
            ink = np.array(parse(layer.name.partition(" - ")[2]))
            covered = np.abs(rendered(drawing.replace(layers=[layer]), "#000000") - ink).max(axis=2) < 9
            away = cv2.distanceTransform((image.pixels != ink).any(axis=2).view(np.uint8), cv2.DIST_L2, 5)
            assert covered[away == 0].mean() > 0.9
            assert away[covered].max() < 2 * most + 2, "what would be open by less is not"
    assert len(drawing.layers[4].shapes) == 4 and sum(len(layer.shapes) for layer in drawing.layers[:4]) == 4


def test_what_lies_nowhere_beside_a_color_is_not_beneath_it():
    ids = np.zeros((40, 90), np.int32)
    ids[8:32, 8:40], ids[8:32, 50:82] = 1, 2
    for overlap, red in ((3.0, 1), ("all", 2)):
        layers = trace(Labels(ids, PALETTE[:3]), layers="stacked", overlap=overlap).layers
        assert [len(layer.shapes) for layer in layers] == [1, red, 1]


@settings(max_examples=25, deadline=None)
@given(label_images(8), st.sampled_from(["stacked", "cutout"]))
def test_pixel_curves_give_the_regions_back_to_the_pixel(labels, layers):
    drawing = trace(Labels(labels, PALETTE), curves="pixel", layers=layers)
    expected = np.where((labels >= 0)[:, :, None], PALETTE[labels], 255)
    np.testing.assert_array_equal(rendered(drawing, "#ffffff"), expected)


@pytest.mark.parametrize("count", [3, 4])
def test_a_ragged_segment_is_kept_at_tolerance_one_and_simplified_at_five(count):
    labels = blurred_noise(5, 96, count)
    for segment in range(count):
        ids = (labels.ids == segment).astype(np.int32)
        two = Labels(ids, np.array([[0, 0, 0], [255, 255, 255]], np.uint8), labels.source)
        close, far = (trace(two, curves="polygon", tolerance=t) for t in (1.0, 5.0))
        white = rendered(close, "#000000")[:, :, 0] / 255
        assert np.minimum(white, ids).sum() / np.maximum(white, ids).sum() >= 0.985
        assert ((white >= 0.5) & (ids == 1)).sum() / ((white >= 0.5) | (ids == 1)).sum() >= 0.99
        assert far.segments < 0.6 * close.segments


@pytest.mark.slow
def test_drawings_are_the_same_every_time():
    one, other = (trace(blurred_noise(6), layers="cutout").to_svg() for _ in range(2))
    assert isinstance(trace(blurred_noise(6), layers="cutout"), Drawing)
    assert one == other
