"""Ops that change a picture's frame."""

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.color.levels import to_uint8
from artkit.color.spaces import LIGHT, linear_to_srgb
from artkit.errors import UsageError
from artkit.ops.frame import crop, flip, kaleidoscope, mirror, pad, resize, rotate
from artkit.raster.resize import averaged


def block_means(image: Image, *values) -> Image:
    return Image(*averaged(image.pixels, image.alpha, *values))


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


def test_in_linear_light_the_mean_of_an_area_is_that_of_its_light():
    image = noise(24, 36, 3)
    means = LIGHT[image.pixels].reshape(6, 4, 9, 4, 3).mean(axis=(1, 3))
    small = resize(image, size=9, space="linear").pixels.astype(int)
    assert np.abs(small - to_uint8(255 * linear_to_srgb(means))).max() <= 1
    board = gray((np.indices((64, 64)).sum(axis=0) % 2) * 255)
    assert (resize(board, size=32, space="linear").pixels == 188).all()


def test_in_linear_light_too_a_picture_that_needs_no_mixing_keeps_every_level():
    ramp = gray(np.repeat(np.arange(256)[None], 4, axis=0).repeat(2, axis=1))
    assert (resize(ramp, size=256, space="linear").pixels[0, :, 0] == np.arange(256)).all()


@pytest.mark.parametrize("size", [5, 12, 13, 40])
def test_the_nearest_pixels_are_those_under_the_middles_of_the_new_ones(size):
    image = noise(8, 12)
    made = resize(image, size=size, enlarge=True, filter="nearest")
    height = made.height
    for i in range(height):
        for j in range(size):
            row, column = int((i + 0.5) * 8 / height), int((j + 0.5) * 12 / size)
            assert (made.rgba[i, j] == image.rgba[row, column]).all()


def test_means_of_blocks_go_on_past_the_border():
    image = noise(5, 7, 3)
    wide = np.pad(image.pixels, ((0, 1), (0, 2), (0, 0)), "edge").astype(float)
    expected = wide.reshape(2, 3, 3, 3, 3).mean(axis=(1, 3))
    assert np.abs(block_means(image, 3).pixels - expected).max() <= 0.5 + 1e-6
    assert block_means(image, 1).pixels is image.pixels


def test_the_longer_side_has_the_size_and_the_shape_is_kept():
    assert resize(noise(200, 100), size=50).pixels.shape == (50, 25, 3)
    assert resize(noise(3, 1000), size=10).pixels.shape == (1, 10, 3)


def test_a_picture_grows_only_when_asked():
    image = noise(10, 8)
    assert resize(image, size=40) is image
    assert resize(image, size=40, enlarge=True).pixels.shape == (40, 32, 3)


@pytest.mark.parametrize("space", ["srgb", "linear"])
def test_the_color_of_transparent_pixels_does_not_bleed(space):
    pixels = np.full((8, 8, 3), 255, np.uint8)
    pixels[:, ::2] = 255, 0, 0
    alpha = np.zeros((8, 8), np.uint8)
    alpha[:, ::2] = 255
    small = resize(Image(pixels, alpha), size=4, space=space)
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


def slope(height: int, width: int) -> np.ndarray:
    """A picture whose levels are linear in x and y: whatever turns it, places can be read off it."""
    y, x = np.mgrid[:height, :width]
    return np.dstack([20 + 2 * x, 30 + 2 * y, np.full_like(x, 77)]).astype(np.uint8)


@pytest.mark.parametrize("angle", [10, 33.3, -20, 45, 100, -135, 350])
@pytest.mark.parametrize("corners", ["transparent", "cut"])
def test_turning_by_any_angle_moves_each_pixel_clockwise_about_the_middle(angle, corners):
    height, width = 70, 101
    turned = rotate(Image(slope(height, width)), angle=angle, corners=corners)
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    y, x = np.mgrid[: turned.height, : turned.width] - np.reshape([turned.height - 1, turned.width - 1], (2, 1, 1)) / 2
    old_x, old_y = cos * x + sin * y + (width - 1) / 2, -sin * x + cos * y + (height - 1) / 2
    inside = (old_x > 2) & (old_x < width - 3) & (old_y > 2) & (old_y < height - 3)
    expected = np.dstack([20 + 2 * old_x, 30 + 2 * old_y])
    assert inside.mean() > 0.3
    assert np.abs(turned.pixels[..., :2] - expected)[inside].max() <= 1.1


@pytest.mark.parametrize("angle", [5, 18, 22, 30, 45, 60, -80, 170])
def test_all_of_a_turned_picture_is_there_or_the_largest_part_without_corners(angle):
    image = Image(slope(60, 90))
    whole, part = rotate(image, angle=angle), rotate(image, angle=angle, corners="cut")
    assert whole.alpha.astype(float).sum() / 255 == pytest.approx(60 * 90, rel=0.01)
    assert part.alpha is None
    # Nowhere does what is cut out reach beyond the picture, and it could not be much larger.
    turned = np.deg2rad(angle)
    cos, sin = abs(np.cos(turned)), abs(np.sin(turned))
    across, down = part.width * cos + part.height * sin, part.width * sin + part.height * cos
    assert across <= 90 + 1e-6 and down <= 60 + 1e-6
    widths = np.arange(0, 91, 0.05)
    heights = np.minimum((90 - widths * cos) / sin, (60 - widths * sin) / cos)
    assert (part.width + 1) * (part.height + 1) >= (widths * heights).max()


def test_quarter_turns_by_angle_are_exact_and_add_to_those_by_number():
    image = noise(5, 7)
    for angle, turns in ((90, 1), (-90, 3), (180, 2), (360, 0), (0, 0), (270, -1)):
        assert (rotate(image, angle=angle).rgba == rotate(image, turns=turns).rgba).all()
    assert (rotate(image, turns=1, angle=90).rgba == rotate(image, turns=2).rgba).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (2, 3)])
def test_pictures_of_a_single_row_or_pixel_turn_too(shape):
    image = noise(*shape)
    for angle in (30, -70):
        cut = rotate(image, angle=angle, corners="cut")
        assert 1 <= cut.width <= 2 and 1 <= cut.height <= 2
        assert rotate(image, angle=angle).alpha.any()


def test_a_turned_picture_does_not_mix_with_the_color_of_transparency():
    pixels = np.zeros((30, 30, 3), np.uint8)
    pixels[:, :15] = 250, 120, 10
    alpha = np.zeros((30, 30), np.uint8)
    alpha[:, :15] = 255
    turned = rotate(Image(pixels, alpha), angle=30)
    there = turned.alpha > 8
    assert (np.abs(turned.pixels[there].astype(int) - [250, 120, 10]) <= 2).all()


def test_a_border_is_a_color_nothing_or_more_of_the_picture():
    image = noise(4, 5, 3)
    sides = {"left": 1, "top": 2, "right": 3, "bottom": 0}
    width = ((2, 0), (1, 3), (0, 0))
    red = pad(image, **sides, fill="red")
    assert (red.pixels[2:, 1:6] == image.pixels).all() and red.alpha is None
    assert (red.pixels[:2] == [255, 0, 0]).all() and red.pixels.shape == (6, 9, 3)
    assert (pad(image, **sides, fill="edge").pixels == np.pad(image.pixels, width, "edge")).all()
    assert (pad(image, **sides, fill="mirror").pixels == np.pad(image.pixels, width, "symmetric")).all()
    clear = pad(image, margin=2, left=0, fill="none")
    assert clear.alpha.tolist() == np.pad(np.full((4, 5), 255), ((2, 2), (0, 2))).tolist()
    assert pad(noise(4, 5), margin=1, fill="red").alpha[0, 0] == 255


def test_a_mirror_shows_one_half_twice():
    image = noise(5, 6)
    left = mirror(image).rgba
    assert (left[:, :3] == image.rgba[:, :3]).all() and (left == left[:, ::-1]).all()
    right = mirror(image, keep="right").rgba
    assert (right[:, 3:] == image.rgba[:, 3:]).all() and (right == right[:, ::-1]).all()
    top, bottom = mirror(image, keep="top").rgba, mirror(image, keep="bottom").rgba
    assert (top[:3] == image.rgba[:3]).all() and (top == top[::-1]).all()
    assert (bottom[2:] == image.rgba[2:]).all() and (bottom == bottom[::-1]).all()


@pytest.mark.parametrize(
    "options", [{}, {"mirrors": 5, "angle": 40, "x": 0.3}, {"mirrors": 1}, {"turn": 15, "zoom": 2}]
)
def test_each_pixel_of_a_kaleidoscope_is_the_one_its_mirrors_lead_to(options):
    image = Image(slope(60, 80))
    seen = kaleidoscope(image, **options).pixels
    mirrors, zoom = options.get("mirrors", 6), options.get("zoom", 1)
    for i, j in np.random.default_rng(0).integers(0, 60, (200, 2)):
        x, y = j - 79 / 2, i - 59 / 2
        angle = (np.degrees(np.arctan2(y, x)) - options.get("turn", 0)) % (360 / mirrors)
        folded = np.deg2rad(min(angle, 360 / mirrors - angle) + options.get("angle", 0))
        far = np.hypot(x, y) / zoom
        column = options.get("x", 0.5) * 79 + far * np.cos(folded)
        row = 0.5 * 59 + far * np.sin(folded)
        if 0 <= column <= 79 and 0 <= row <= 59:
            assert seen[i, j, :2] == pytest.approx([20 + 2 * column, 30 + 2 * row], abs=0.7)


def test_a_kaleidoscope_is_symmetric_and_fits_its_shape():
    image = noise(41, 61, 3)
    seen = kaleidoscope(image, mirrors=4).pixels.astype(int)
    assert np.abs(seen - seen[::-1]).max() <= 1 and np.abs(seen - seen[:, ::-1]).max() <= 1
    assert kaleidoscope(image, shape="square").pixels.shape == (41, 41, 3)
    disk = kaleidoscope(image, shape="disk").alpha
    assert disk.astype(float).sum() / 255 == pytest.approx(np.pi * 20.5**2, rel=0.01)
    assert disk[20, 20] == 255 and disk[0, 0] == 0


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
        (lambda image: rotate(image, angle=float("nan")), "angle: nan is not a finite number"),
        (lambda image: pad(image, margin=-1), "margin: -1 is too small"),
        (lambda image: pad(image, margin=3, fill="mirrow"), "no such fill; did you mean mirror?"),
        (lambda image: pad(image, fill="edg"), "did you mean edge?"),
        (lambda image: pad(image, fill="tael"), "did you mean teal?"),
        (lambda image: mirror(image, keep="lefft"), "did you mean left"),
        (lambda image: kaleidoscope(image, mirrors=0), "mirrors: 0 is too small"),
        (lambda image: kaleidoscope(image, x=2), "x: 2 is too large"),
        (lambda _: rotate(Image(np.zeros((1, 40_000, 3), np.uint8)), angle=5), "resize or crop before"),
        (lambda _: kaleidoscope(Image(np.zeros((40_000, 1, 3), np.uint8))), "resize or crop before"),
    ],
)
def test_bad_values_are_one_line_that_says_what_would_work(call, message):
    with pytest.raises(UsageError) as caught:
        call(noise(3, 4))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
