"""No hairs between the shapes of a photo: the lowest sheet shows only where it is what is to be seen."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.ops.trace import trace
from artkit.render import rendered
from artkit.tracer import vector
from artkit.tracer.photos import source_of
from artkit.tracer.seals import colors_for
from artkit.tracer.wanted import Wanted


def scene(seed, size=160):
    """Blobs of many colors with soft edges and noise."""
    rng = np.random.default_rng(seed)
    field = sum(cv2.resize(rng.normal(0, 70 / k, (4 * k, 4 * k, 3)), (size, size), interpolation=2) for k in (1, 2, 4))
    return Image(np.clip(128 + field + rng.normal(0, 3, field.shape), 0, 255).astype(np.uint8))


def differs(drawing, width, height):
    """By how much each pixel changes with the color of the lowest sheet."""
    (layer,) = drawing.layers
    shown = []
    for color in ("#ff00ff", "#00ff00"):
        shapes = [layer.shapes[0]._replace(fill=color), *layer.shapes[1:]]
        shown.append(rendered(drawing.replace(layers=[replace(layer, shapes=shapes)]), (width, height)).astype(int))
    return np.abs(shown[0] - shown[1]).max(2)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.sample(2)
def test_the_lowest_sheet_shows_nowhere_but_in_its_own_place(seed):
    image = scene(seed)
    followed = vector.Followed.of(source_of(image, None, Wanted()).mosaic(150))
    z = vector.z_order(followed.planar)
    own = cv2.dilate((followed.planar.faces == np.argmin(z)).astype(np.uint8), np.ones((5, 5))) > 0
    off = differs(vector.drawing(followed), image.width, image.height)
    assert off[~own].max() <= 8
    assert (off > 250).any(), "it is still there"


@pytest.mark.parametrize("shapes", [1, 31, 40, 150])
@pytest.mark.slow
def test_patches_count_as_shapes(shapes):
    drawing = trace(scene(9), kind="photo", shapes=shapes)
    assert sum(1 for _ in drawing.shapes) <= shapes
    assert sum(1 for _ in drawing.shapes) >= shapes - 2 - colors_for(shapes)
