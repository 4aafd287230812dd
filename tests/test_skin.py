"""Inks for skin: few colors of a photo with a face hold some for it."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.color.spaces import srgb_to_oklab
from artkit.importance import maps
from artkit.importance.faces import Face
from artkit.importance.focus import Focus
from artkit.importance.skin import ENOUGH, TONES, skin_of, with_skin
from artkit.ops.segment import kmeans
from artkit.tracer.trace import silent

SKIN, WALL = (214, 168, 142), (190, 178, 172)
FACE = Face(60.0, 50.0, 32.0, 0.0, ((52.0, 44.0), (68.0, 44.0)), (60.0, 62.0), 3.0)


@pytest.fixture
def portrait(monkeypatch):
    """A face of 3% of a picture before a wall of nearly its lightness, and much else that is colorful."""
    pixels = np.full((120, 240, 3), WALL, np.uint8)
    pixels[:, 120:] = np.random.default_rng(3).integers(0, 256, (24, 24, 3)).astype(np.uint8).repeat(5, 0).repeat(5, 1)
    y, x = np.mgrid[:120, :240]
    face = np.hypot((x - 60) / 15, (y - 50) / 20) < 1
    pixels[face] = SKIN
    pixels[face & (x > 64)] = (172, 122, 98)
    image = Image(pixels)
    plain = np.zeros((120, 240), np.float32)
    monkeypatch.setattr(maps, "_found", lambda image: maps.Importance(image.width, image.height, plain, (FACE,)))
    monkeypatch.setattr(maps, "_KNOWN", type(maps._KNOWN)())
    return image


def gap(palette, color) -> float:
    return float(np.linalg.norm(srgb_to_oklab(palette) - srgb_to_oklab(np.array([color], np.uint8)), axis=1).min())


def test_the_tones_of_a_face_are_those_of_its_light_and_its_shade(portrait):
    tones = skin_of(portrait.pixels, Focus(portrait, None))
    assert len(tones) == TONES or len(tones) == TONES - 1
    assert gap(tones, SKIN) < 0.02 and gap(tones, (172, 122, 98)) < 0.03


def test_a_small_palette_holds_skin_beside_a_wall_that_is_near_to_it(portrait):
    without, with_it = (kmeans(portrait, colors=10, focus=focus).palette for focus in ("off", "auto"))
    assert len(with_it) == len(without) == 10
    assert gap(with_it, SKIN) < 0.02 < gap(without, SKIN)


def test_traces_in_few_colors_hold_skin(portrait):
    from artkit.ops.trace import trace

    drawing = trace(portrait, kind="photo", colors=10, report=silent)
    colors = {shape.fill for layer in drawing.layers for shape in layer.shapes}
    palette = np.array(
        [[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors if len(color) == 7], np.uint8
    )
    assert gap(palette, SKIN) < 0.03


def test_colors_to_keep_stay_first_and_too_few_inks_hold_no_skin(portrait):
    focus, kept = Focus(portrait, None), np.array([[1, 2, 3]], np.uint8)
    assert (with_skin(portrait.pixels, focus, 12, kept)[0] == kept[0]).all()
    assert with_skin(portrait.pixels, focus, ENOUGH - 1, None) is None
    assert with_skin(portrait.pixels, None, 12, kept) is kept


@pytest.mark.slow
def test_a_picture_without_a_face_is_as_it_was():
    image = Image(np.random.default_rng(0).integers(0, 256, (60, 60, 3)).astype(np.uint8))
    assert with_skin(image.pixels, Focus(image, None), 12, None) is None
    off, auto = (kmeans(image, colors=8, focus=focus) for focus in ("off", "auto"))
    assert (off.ids == auto.ids).all() and (off.palette == auto.palette).all()
