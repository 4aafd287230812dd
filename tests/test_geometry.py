"""Ops that change a picture's frame."""

import numpy as np
import pytest

from artkit.errors import UsageError
from artkit.image import Image
from artkit.ops.geometry import crop, flip, resize, rotate


def noise(height: int, width: int, channels: int = 4) -> Image:
    return Image.of(np.random.default_rng(0).integers(0, 256, (height, width, channels), dtype=np.uint8))


def gray(array: np.ndarray) -> Image:
    return Image.of(array.astype(np.uint8))


def test_a_crop_is_the_rectangle_of_pixels_and_mask():
    image = noise(20, 30)
    cut = crop(image, x=3, y=5, width=7, height=2)
    assert (cut.rgba == image.rgba[5:7, 3:10]).all()
    assert (crop(image, x=28).rgba == image.rgba[:, 28:]).all()


def test_shrinking_takes_the_mean_of_the_area_under_each_pixel():
    image = noise(24, 36, 3)
    blocks = image.pixels.reshape(6, 4, 9, 4, 3).astype(float).mean(axis=(1, 3))
    assert np.abs(resize(image, size=9).pixels - blocks).max() <= 0.5 + 1e-6


def test_fine_stripes_turn_into_their_mean_and_not_into_coarse_ones():
    stripes = gray(np.tile([255, 0, 0, 0, 0], (100, 60)))  # mean 51
    small = resize(stripes, size=60).pixels
    assert small.min() == small.max() == 51
    odd = resize(stripes, size=97).pixels.astype(float)
    assert abs(odd.mean() - 51) < 0.5 and odd.std() < 45


def test_a_checkerboard_shrinks_to_gray():
    board = gray((np.indices((64, 64)).sum(axis=0) % 2) * 255)
    assert np.isin(resize(board, size=32).pixels, [127, 128]).all()


def test_the_longer_side_has_the_size_and_the_shape_is_kept():
    assert resize(noise(200, 100), size=50).pixels.shape == (50, 25, 3)
    assert resize(noise(3, 1000), size=10).pixels.shape == (1, 10, 3)


def test_a_picture_grows_only_when_asked():
    image = noise(10, 8)
    assert resize(image, size=40) is image
    assert resize(image, size=40, enlarge=True).pixels.shape == (40, 32, 3)


def test_the_color_of_transparent_pixels_does_not_bleed():
    pixels = np.full((8, 8, 3), 255, np.uint8)
    pixels[:, ::2] = 255, 0, 0
    alpha = np.zeros((8, 8), np.uint8)
    alpha[:, ::2] = 255
    small = resize(Image(pixels, alpha), size=4)
    assert (small.pixels == (255, 0, 0)).all()
    assert np.isin(small.alpha, [127, 128]).all()


@pytest.mark.parametrize(
    "change", [flip, lambda image: flip(image, direction="vertical"), lambda i: rotate(i, turns=2)]
)
def test_what_is_its_own_inverse_gives_the_picture_back(change):
    image = noise(5, 7)
    assert (change(change(image)).rgba == image.rgba).all()
    assert not (change(image).rgba == image.rgba).all()


def test_a_quarter_turn_goes_clockwise():
    image = noise(5, 7)
    assert (rotate(image).pixels[0, -1] == image.pixels[0, 0]).all()  # the upper left corner comes to the right
    assert (rotate(rotate(image, turns=3)).rgba == image.rgba).all()
    assert (rotate(image, turns=-1).rgba == rotate(image, turns=3).rgba).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda image: crop(image, x=4), "do not lie within a picture of 4 x 3"),
        (lambda image: crop(image, width=5), "5 x 3 pixels at 0, 0 do not lie within a picture of 4 x 3"),
        (lambda image: crop(image, y=-1), "y: -1 is too small"),
        (resize, "size: a value is needed"),
        (lambda image: resize(image, size=0), "size: 0 is too small"),
        (lambda image: rotate(image, turns=90), "turns: 90 is too large; use 3 or less"),
        (lambda image: flip(image, direction="sideways"), "horizontal"),
    ],
)
def test_bad_values_are_one_line_that_says_what_would_work(call, message):
    with pytest.raises(UsageError) as caught:
        call(noise(3, 4))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
