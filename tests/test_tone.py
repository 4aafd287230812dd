"""Ops that change how light or dark a picture is, and gradients over its lightness."""

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.color.palette import gradient, parse
from artkit.color.spaces import lightness, oklab_to_srgb, srgb_to_oklab
from artkit.errors import UsageError
from artkit.ops.tone import auto_levels, duotone, gamma, gradient_map, levels, solarize

RAMP = np.arange(256)


def noise(height: int = 23, width: int = 31) -> Image:
    return Image(np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8))


def gray(values: object) -> Image:
    return Image(np.repeat(np.array(values, np.uint8).reshape(1, -1, 1), 3, axis=2))


def values(image: Image) -> list[int]:
    return image.pixels[0, :, 0].tolist()


@pytest.mark.parametrize(("black", "white", "power"), [(0, 255, 1.0), (30, 200, 1.0), (30, 200, 2.2), (99, 100, 0.3)])
def test_levels_are_spread_between_the_two_points_and_bent_between_them(black, white, power):
    def expected(level: int) -> int:
        share = min(max((level - black) / (white - black), 0), 1)
        return round(255 * share ** (1 / power))

    image = noise()
    wanted = np.array([expected(level) for level in range(256)])[image.pixels]
    assert (levels(image, black=black, white=white, gamma=power).pixels == wanted).all()


def test_levels_from_black_to_white_change_nothing():
    assert (levels(noise()).pixels == noise().pixels).all()


@pytest.mark.parametrize("amount", [0.1, 0.5, 1, 2.2, 10])
def test_gamma_is_a_power_that_leaves_black_and_white_and_the_order(amount):
    result = np.array(values(gamma(gray(RAMP), amount=amount)))
    assert (result == np.rint(255 * (RAMP / 255) ** (1 / amount))).all()
    assert (result[0], result[255]) == (0, 255) and (np.diff(result) >= 0).all()
    assert ((result >= RAMP) if amount >= 1 else (result <= RAMP)).all()


def test_solarizing_inverts_what_is_above_the_level():
    for level in (0, 100, 255):
        assert values(solarize(gray(RAMP), level=level)) == [v if v <= level else 255 - v for v in range(256)]


def test_the_darkest_becomes_black_and_the_lightest_white():
    assert values(auto_levels(gray([50, 75, 100, 150]), clip=0)) == [0, 64, 128, 255]
    cast = Image(np.dstack([gray([100, 200]).pixels[..., 0], *[gray([20, 60]).pixels[..., 0]] * 2]))
    assert auto_levels(cast, clip=0, of="channels").pixels.tolist() == [[[0, 0, 0], [255, 255, 255]]]


def test_a_share_of_the_pixels_is_let_go_at_each_end():
    many = gray([0, *[100] * 49, *[180] * 49, 255])
    assert values(auto_levels(many, clip=1))[1:-1] == [0] * 49 + [255] * 49
    assert values(auto_levels(many, clip=0.9)) == values(many)


def test_a_picture_of_one_level_keeps_it_and_transparent_pixels_have_no_say():
    assert values(auto_levels(gray([90] * 5))) == [90] * 5
    image = Image(gray([0, 50, 150, 255]).pixels, np.array([[0, 255, 255, 100]], np.uint8))
    assert values(auto_levels(image, clip=0))[1:3] == [0, 255]
    nothing = Image(gray([10, 20]).pixels, np.zeros((1, 2), np.uint8))
    assert values(auto_levels(nothing)) == [10, 20]


def test_the_middle_moves_the_mean_to_the_middle_as_far_as_a_gamma_of_three_halves_goes():
    dusk = gray([0, *[70] * 20, *[110] * 20, 255])
    plain, half, whole = (values(auto_levels(dusk, clip=0, middle=share)) for share in (0.0, 0.5, 1.0))
    assert plain == values(dusk) and np.mean(plain) < np.mean(half) < np.mean(whole)
    assert abs(np.mean(whole) - 127.5) < 3
    night = gray([0, *[20] * 40, 255])
    assert values(auto_levels(night, clip=0, middle=1.0)) == values(gamma(night, amount=1.5)), "it stays a night"
    haze = gray([0, *[230] * 40, 255])
    assert values(auto_levels(haze, clip=0, middle=1.0)) == values(gamma(haze, amount=2 / 3))


def test_a_gradient_goes_in_even_steps_of_oklab_from_the_first_color_to_the_last():
    colors = np.array([[0, 0, 80], [250, 40, 0], [255, 255, 200]], np.uint8)
    result = gradient(colors, 9)
    assert (result[[0, 4, 8]] == colors).all()
    assert (result[2] == oklab_to_srgb((srgb_to_oklab(colors[0]) + srgb_to_oklab(colors[1])) / 2)).all()
    assert (gradient(colors[:1], 3) == colors[0]).all()


@pytest.mark.parametrize("count", [2, 3, 7])
def test_each_lightness_gets_its_color_of_the_gradient(count):
    names = ["#1b0c2e", "teal", "#c93756", "gold", "navy", "#fff3c4", "white"][:count]
    image = noise()
    labs = np.array([srgb_to_oklab(parse(name)) for name in names])
    result = gradient_map(image, colors=names).pixels
    for pixel, mapped in zip(image.pixels.reshape(-1, 3)[:200], result.reshape(-1, 3), strict=False):
        place = np.rint(255 * lightness(pixel)) / 255 * (count - 1)
        i = min(int(place), count - 2)
        assert (mapped == oklab_to_srgb(labs[i] + (place - i) * (labs[i + 1] - labs[i]))).all()


def test_a_duotone_of_three_colors_has_the_third_in_the_middle():
    three = duotone(gray([0, 128, 255]), dark="#102030", middle="#c03060", light="ivory", weights="rec601").pixels[0]
    assert three[[0, 2]].tolist() == [[16, 32, 48], [255, 255, 240]]
    assert np.abs(three[1].astype(int) - (192, 48, 96)).max() <= 2


def test_a_duotone_is_the_gradient_of_its_two_colors():
    image = noise()
    two = duotone(image, dark="#102030", light="ivory", weights="rec601")
    assert (two.pixels == gradient_map(image, colors=["#102030", "ivory"], weights="rec601").pixels).all()
    assert duotone(gray([0, 255]), dark="#102030", light="ivory").pixels.tolist() == [[[16, 32, 48], [255, 255, 240]]]


def test_a_gradient_may_be_a_palette_with_a_name():
    dark, light = gradient_map(gray([0, 255]), colors="sunset").pixels[0].tolist()
    assert (dark, light) == ([0x1B, 0x0C, 0x2E], [0xFF, 0xF3, 0xC4])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda image: levels(image, black=100, white=100), "black: 100 is not below white, 100; use 99 or less"),
        (lambda image: levels(image, white=256), "white: 256 is too large"),
        (lambda image: levels(image, gamma=float("nan")), "gamma: nan is not a finite number"),
        (lambda image: gamma(image, amount=0), "amount: 0 is too small"),
        (lambda image: auto_levels(image, clip=50), "clip: 50 is too large"),
        (lambda image: solarize(image, level=-1), "level: -1 is too small"),
        (lambda image: duotone(image, dark="blak"), "did you mean black"),
        (lambda image: gradient_map(image, colors=["red"]), "a single color makes no gradient"),
        (lambda image: gradient_map(image, colors="sunsett"), "did you mean sunset"),
    ],
)
def test_bad_values_are_one_line_that_says_what_would_work(call, message):
    with pytest.raises(UsageError) as caught:
        call(noise())
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
