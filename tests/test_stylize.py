"""Ops that paint and draw, each against a few lines of plain numpy from its definition."""

import numpy as np
import pytest
from scipy import ndimage
from test_filter import SHAPES, SIDES, gray, noise, windows

from artkit.artwork.image import Image
from artkit.color.gray import gray_of
from artkit.errors import UsageError
from artkit.ops.color import grayscale
from artkit.ops.paint import kuwahara, oil, pixelate, sketch

# Oil


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", SIDES)
@pytest.mark.parametrize("shades", [1, 7, 16, 64])
def test_oil_is_the_mean_of_those_that_have_the_most_common_shade_at_every_border(shape, size, shades):
    image = noise(*shape)
    window = windows(image, size).astype(int)
    shade = windows(grayscale(image), size)[:, :, 0].astype(int) * shades // 256
    found = oil(image, size=size, shades=shades).pixels
    for i, j in np.ndindex(*shape):
        common = np.bincount(shade[i, j]).argmax()
        assert (found[i, j] == np.rint(window[i, j][:, shade[i, j] == common].mean(axis=1))).all()


def test_oil_of_one_shade_is_the_mean_of_the_window():
    from artkit.ops.filter import blur

    image = noise(30, 20)
    assert (oil(image, size=7, shades=1).pixels == blur(image, size=7).pixels).all()


def test_the_largest_brush_counts_and_sums_without_overflow():
    assert (oil(Image(np.full((260, 260, 3), 255, np.uint8)), size=255, shades=1).pixels == 255).all()


# Kuwahara


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", SIDES)
@pytest.mark.parametrize("kind", ["colors", "black and white, many corners as calm"])
def test_kuwahara_is_the_mean_of_the_calmest_corner_at_every_border(shape, size, kind):
    image = noise(*shape)
    if kind != "colors":
        image = Image(np.repeat(image.pixels[..., :1] // 128 * 255, 3, axis=2))
    window = windows(image, size).reshape(*image.pixels.shape, size, size).astype(int)
    grays = windows(grayscale(image), size)[:, :, 0].reshape(*shape, size, size).astype(int)
    r = size // 2
    found = kuwahara(image, size=size).pixels
    for i, j in np.ndindex(*shape):
        corners = [np.s_[y : y + r + 1, x : x + r + 1] for y in (0, r) for x in (0, r)]
        parts = [grays[i, j][corner].reshape(-1) for corner in corners]
        calmest = np.argmin([len(part) * (part**2).sum() - part.sum() ** 2 for part in parts])
        mean = window[i, j][(slice(None), *corners[calmest])].mean(axis=(1, 2))
        assert np.abs(found[i, j] - mean).max() <= 0.5


def test_kuwahara_keeps_a_step_sharp_where_a_mean_would_blur_it():
    step = gray([[40] * 12 + [210] * 12] * 24)
    assert (kuwahara(step, size=9).pixels == step.pixels).all()


# Pixelate


@pytest.mark.parametrize("shape", [*SHAPES, (30, 40)])
@pytest.mark.parametrize("size", [1, 2, 5, 8, 99])
def test_a_block_has_the_mean_of_its_pixels_rounded_to_nearest_and_the_last_ones_are_cut_off(shape, size):
    image = noise(*shape)
    found = pixelate(image, size=size).pixels
    for i in range(0, image.height, size):
        for j in range(0, image.width, size):
            block = image.pixels[i : i + size, j : j + size].reshape(-1, 3).astype(int)
            mean = (2 * block.sum(axis=0) + len(block)) // (2 * len(block))
            assert (found[i : i + size, j : j + size] == mean).all()


# Sketch


@pytest.mark.parametrize("shape", [*SHAPES, (40, 50)])
@pytest.mark.parametrize(("width", "detail"), [(1.5, 20), (0.5, 3), (4, 0)])
def test_a_sketch_inks_what_is_darker_than_its_surroundings_at_every_border(shape, width, detail):
    image = noise(*shape)
    radius = int(np.ceil(4 * 1.6 * width))
    near, far = (
        ndimage.gaussian_filter(gray_of(image.pixels).astype(float), sigma, mode="mirror", radius=radius)
        for sigma in (width, 1.6 * width)
    )
    tones = near + detail * (near - far)
    limit = np.sort(tones, axis=None)[max(int(np.ceil(0.3 * tones.size)) - 1, 0)]
    found = sketch(image, width=width, detail=detail, share=0.3, softness=0).pixels[..., 0]
    sure = np.abs(tones - limit) > 0.2
    assert (found[sure] == np.where(tones < limit, 0, 255)[sure]).all()


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 1])
def test_the_share_of_ink_is_the_one_asked_for(share):
    assert (sketch(noise(80, 90), share=share, softness=0).pixels == 0).mean() == pytest.approx(share, abs=0.01)


def test_softer_ink_is_lighter_and_what_was_paper_stays_paper():
    image = noise(40, 40)
    pen, charcoal = (sketch(image, softness=softness).pixels for softness in (0, 200))
    assert ((charcoal == 255) == (pen == 255)).mean() > 0.99
    assert charcoal.mean() > pen.mean()


def test_a_sketch_over_the_picture_keeps_its_colors_where_there_is_no_ink():
    image = noise(40, 40)
    paper = sketch(image, softness=0).pixels
    assert (sketch(image, softness=0, over="picture").pixels == np.where(paper == 255, image.pixels, 0)).all()


def test_a_picture_of_one_color_has_nothing_to_draw():
    flat = Image(np.full((9, 9, 3), 30, np.uint8))
    assert (sketch(flat).pixels == 255).all()
    assert (sketch(flat, over="picture").pixels == flat.pixels).all()


def test_what_is_transparent_has_no_say_in_how_much_is_inked():
    image = noise(60, 60)
    pixels = image.pixels.copy()
    pixels[:, 30:] = 0
    masked = Image(pixels, np.where(np.arange(60) < 30, 255, 0).astype(np.uint8) * np.ones((60, 1), np.uint8))
    assert (sketch(masked, share=0.4, softness=0).pixels[:, :30] == 0).mean() == pytest.approx(0.4, abs=0.02)


# All of them


@pytest.mark.parametrize("filter", [oil, kuwahara], ids=lambda op: op.name)
def test_an_even_window_is_refused_with_the_two_odd_ones_beside_it(filter):
    with pytest.raises(UsageError, match="size: 8 is even, and a window has a middle pixel; use 7 or 9"):
        filter(noise(5, 5), size=8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda image: oil(image, size=0), "size: 0 is too small; use 1 or more"),
        (lambda image: oil(image, shades=65), "shades: 65 is too large; use 64 or less"),
        (lambda image: pixelate(image, size=0), "size: 0 is too small; use 1 or more"),
        (lambda image: pixelate(image, size=2.5), "size: 2.5 is not a whole number"),
        (lambda image: sketch(image, share=1.5), "share: 1.5 is too large; use 1 or less"),
        (lambda image: sketch(image, width=float("nan")), "width: nan is not a finite number"),
        (lambda image: sketch(image, over="photo"), 'over: "photo" is not'),
    ],
)
def test_bad_values_are_one_line_that_says_what_would_work(call, message):
    with pytest.raises(UsageError) as caught:
        call(noise(5, 5))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_they_keep_the_mask_and_the_photo():
    image = Image.of(np.random.default_rng(0).integers(0, 256, (9, 9, 4), dtype=np.uint8))
    before = image.pixels.copy()
    for change in (oil, kuwahara, pixelate, sketch):
        assert (change(image).alpha == image.alpha).all()
    assert (image.pixels == before).all()
