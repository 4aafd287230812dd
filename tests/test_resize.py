"""Pictures resized with their transparency: one function for all who need it."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.artwork.animation import Animation, PaletteAnimation
from artkit.artwork.image import Image
from artkit.gallery.thumbnail import reduced
from artkit.ops.frame import resize
from artkit.raster.resize import resized


@pytest.fixture
def speckled() -> Image:
    """Red where it is to be seen; where it is transparent, every second column, hidden green."""
    pixels = np.zeros((600, 1000, 3), np.uint8)
    pixels[:, ::2] = 255, 0, 0
    pixels[:, 1::2] = 0, 255, 0
    alpha = np.zeros((600, 1000), np.uint8)
    alpha[:, ::2] = 255
    return Image(pixels, alpha)


def _thumbnail(image: Image) -> Image:
    return reduced(image, 480)


def _frame(image: Image) -> Image:
    return Animation(1, lambda _: image).scaled(480, 288).frame(0)


def _palette_frame(image: Image) -> Image:
    return PaletteAnimation.of(image, 1, lambda _, colors: colors).scaled(480, 288).frame(0)


@pytest.mark.parametrize(
    "reduce", [_thumbnail, _frame, _palette_frame, lambda image: resize(image, size=480)], ids=lambda f: f.__name__
)
def test_hidden_colors_do_not_bleed_into_what_is_seen(speckled, reduce):
    small = reduce(speckled)
    assert (small.width, small.height) == (480, 288)
    assert (small.pixels == (255, 0, 0)).all()
    assert small.alpha is not None and abs(small.alpha.mean() - 127.5) < 1


def test_an_opaque_picture_is_the_mean_of_what_each_pixel_covers():
    pixels = np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)
    small, mask = resized(pixels, None, 15, 10)
    means = pixels.reshape(10, 4, 15, 4, 3).mean(axis=(1, 3))
    assert mask is None and np.abs(small - means).max() <= 0.5


def test_what_is_laid_on_white_shows_as_much_of_the_paper_as_it_is_transparent():
    image = Image(np.zeros((1, 3, 3), np.uint8), np.array([[0, 51, 255]], np.uint8))
    assert image.on_white().pixels[0, :, 0].tolist() == [255, 204, 0]
    assert image.on_white().alpha is None


def test_what_is_half_transparent_is_there_from_128_on():
    image = Image(np.zeros((1, 3, 3), np.uint8), np.array([[127, 128, 255]], np.uint8))
    assert image.is_opaque is not None and image.is_opaque.tolist() == [[False, True, True]]
    assert Image(image.pixels).is_opaque is None
