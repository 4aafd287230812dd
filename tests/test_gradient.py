"""Gradients: what color is where, told by the type for all who draw them."""

from __future__ import annotations

import numpy as np
import pytest
from inked import inked

from artkit.artwork.drawing import Drawing, Gradient, Layer, Path, Shape
from artkit.artwork.image import Image
from artkit.ops.pen.hatch import hatch_fill
from artkit.ops.trace import trace
from artkit.render import rendered


def test_colors_are_mixed_between_their_places_and_stay_beyond_them():
    gradient = Gradient((0, 0), (1, 0), ("#000000", "#64c8ff", "#ffffff"), stops=(0.2, 0.4, 0.8))
    places = [0, 0.2, 0.3, 0.4, 0.8, 1]
    colors = [[0] * 3, [0] * 3, [50, 100, 127.5], [100, 200, 255], [255] * 3, [255] * 3]
    assert np.abs(gradient.at(places) - colors).max() < 1e-9


def test_without_places_colors_are_at_even_distances():
    gradient = Gradient((0, 0), (1, 0), ("#000000", "#ff0000", "#000000"))
    assert gradient.places.tolist() == [0, 0.5, 1]
    assert gradient.at([0.25, 0.5])[:, 0].tolist() == [127.5, 255]


@pytest.mark.parametrize("stops", [(), (0.0, 0.3, 1.0), (0.1, 0.5, 0.6), (0.5, 0.5, 0.9)])
def test_the_mean_is_that_of_all_there_is_on_the_way(stops):
    gradient = Gradient((0, 0), (1, 0), ("#102030", "#f0e080", "#405060"), stops=stops)
    assert np.abs(gradient.mean() - gradient.at(np.linspace(0, 1, 20001)).mean(axis=0)).max() < 0.05


@pytest.mark.parametrize(
    ("colors", "stops"),
    [
        (("#ffffff", "#000000"), ()),
        (("#000000", "#ffffff", "#000000"), ()),
        (("#ffffff", "#808080", "#000000", "#ffffff"), (0.1, 0.4, 0.6, 0.9)),
        (("#404040", "#c0c0c0", "#000000", "#808080"), (0.0, 0.5, 0.5, 1.0)),
    ],
)
@pytest.mark.parametrize("radial", [pytest.param(False, marks=pytest.mark.slow), True])
@pytest.mark.slow
def test_what_is_said_of_a_gradient_is_what_is_rendered_and_what_is_hatched(colors, stops, radial):
    gradient = Gradient((0, 0), (100, 0), colors, radial, stops)
    ring = np.array([[0, 0], [100, 0], [100, 10], [0, 10]], float)
    drawing = Drawing(100, 10, [Layer([Shape([Path(ring)], gradient)])])
    seen = rendered(drawing)[0, :, 0].astype(float)
    told = gradient.at((np.arange(100) + 0.5) / 100)[:, 0]
    away = np.abs(np.arange(100) + 0.5 - 50) > 1  # resvg's pixel at a sudden change has one color or the other
    assert np.abs(seen - told)[away].max() <= 2
    hatched = hatch_fill(drawing, page="300x50mm", margin=10, pen_width=0.3, angle=0, layers=1)
    dark = 1 - rendered(inked(hatched), (3000, 500))[:, :, 0].mean(axis=0) / 255
    dark = dark[100:2900].reshape(10, 280).mean(axis=1) * (50 / 28)  # of the page's 50 mm 28 are drawn on
    wanted = 1 - gradient.at((np.arange(10000) + 0.5) / 10000)[:, 0].reshape(10, 1000).mean(axis=1) / 255
    assert np.abs(dark - wanted).max() < 0.08


@pytest.mark.slow
def test_a_traced_photo_is_hatched_whatever_its_gradients():
    y, x = np.mgrid[:60, :80]
    bowl = 255 - np.hypot(x - 40, y - 30) * 5
    photo = np.stack([bowl, x * 3.0, y * 4.0], axis=-1) + np.random.default_rng(0).normal(0, 3, (60, 80, 3))
    drawing = trace(Image.of(photo.clip(0, 255).astype(np.uint8)), kind="photo", shapes=12)
    assert {len(shape.fill.colors) for shape in drawing.shapes if isinstance(shape.fill, Gradient)} >= {2, 3}
    assert any(len(layer.shapes[0].paths) for layer in hatch_fill(drawing, page="A6").layers)
