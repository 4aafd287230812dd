"""Color as numbers, and the ops that change one color at a time."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artkit.artwork.image import Image
from artkit.color.distinct import IndexedColors, recolored
from artkit.color.gamut import oklab_changed
from artkit.color.gray import gray_of
from artkit.color.levels import to_uint8
from artkit.color.rotation import rotation, stretch, unstretch
from artkit.color.spaces import (
    CHANNELS,
    LEVEL_OF_LIGHT,
    LIGHT,
    lightness,
    linear_to_srgb,
    mixed,
    oklab_to_linear,
    oklab_to_srgb,
    srgb_to_linear,
    srgb_to_oklab,
)
from artkit.errors import UsageError
from artkit.ops.color import channel, channels, grayscale, invert, posterize, rotate_color, saturate

EVERY = np.arange(256)
SPACES = ("sigmoid", "linear", "oklch")


def noise(height: int = 23, width: int = 31, seed: int = 0) -> Image:
    return Image(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))


def one(red: int, green: int, blue: int) -> Image:
    return Image(np.array([[[red, green, blue]]], np.uint8))


def color_of(image: Image) -> tuple[int, ...]:
    return tuple(int(level) for level in image.pixels[0, 0])


# Published values


def test_the_srgb_curve_has_the_values_of_its_standard():
    # IEC 61966-2-1; the middle and the joint of the two pieces, and the round trip
    assert srgb_to_linear(0.5) == pytest.approx(0.21404114048, abs=1e-9)
    assert srgb_to_linear(0.04045) == pytest.approx(0.0031308050, abs=1e-9)
    assert linear_to_srgb(0.5) == pytest.approx(0.7353569831, abs=1e-9)
    assert linear_to_srgb(srgb_to_linear(np.linspace(0, 1, 999))) == pytest.approx(np.linspace(0, 1, 999), abs=1e-7)
    assert (LIGHT[0], LIGHT[255]) == (0, 1)


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((255, 255, 255), (1, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((255, 0, 0), (0.6279554, 0.2248631, 0.1258463)),
        ((0, 255, 0), (0.8664396, -0.2338876, 0.1794985)),
        ((0, 0, 255), (0.4520137, -0.0324570, -0.3115282)),
    ],
)
def test_oklab_has_its_published_values(rgb, lab):
    assert srgb_to_oklab(np.array(rgb, np.uint8)) == pytest.approx(np.array(lab), abs=1e-6)


def test_oklab_goes_and_comes_back_without_loss():
    colors = noise(60, 60).pixels
    assert (oklab_to_srgb(srgb_to_oklab(colors)) == colors).all()


def by_bisection(lab: np.ndarray) -> np.ndarray:
    """The most of each color's chroma that sRGB has at its lightness and hue, as levels that are not rounded."""
    least, most = np.zeros_like(lab[..., :1]), np.ones_like(lab[..., :1])
    for i in range(40):
        share = (least + most) / 2 if i else most
        inside = oklab_to_linear(lab * np.concatenate([np.ones_like(share), share, share], axis=-1))
        fits = ((inside >= -1e-4) & (inside <= 1 + 1e-4)).all(axis=-1, keepdims=True)
        least, most = np.where(fits, share, least), np.where(fits, most, share)
    kept = np.concatenate([np.ones_like(least), least, least], axis=-1)
    return 255 * linear_to_srgb(oklab_to_linear(lab * kept)).clip(0, 1)


@pytest.mark.parametrize("change", [rotation("red", 77), rotation("red", 200), np.diag([1, 2.5, 2.5])])
def test_a_change_in_oklab_is_within_one_level_of_its_definition(change):
    steps = np.rint(np.linspace(0, 255, 31))
    lattice = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3).astype(np.uint8)
    colors = np.vstack([lattice, noise(100, 100).pixels.reshape(-1, 3)])
    far = np.abs(oklab_changed(colors, change) - by_bisection(srgb_to_oklab(colors) @ change.T))
    assert far.max() <= 1
    assert (far <= 0.6).mean() > 0.999


def test_mixing_by_tables_is_the_matrix_product():
    colors, matrix = noise().pixels.reshape(-1, 3), rotation("gray", 33)
    assert mixed(colors, LIGHT, matrix) == pytest.approx(matrix @ LIGHT[colors].T, abs=1e-12)


@given(st.integers(0, 2**32 - 1))
def test_the_nearest_level_is_found_without_a_power(seed):
    values = np.random.default_rng(seed).uniform(-0.1, 1.1, 500) ** 3
    assert (LEVEL_OF_LIGHT(values) == to_uint8(255 * linear_to_srgb(values))).all()


def test_at_the_edge_between_two_levels_the_nearest_one_changes():
    edges = srgb_to_linear((np.arange(255) + 0.5) / 255)
    assert (LEVEL_OF_LIGHT(edges - 1e-9) == np.arange(255)).all()
    assert (LEVEL_OF_LIGHT(edges + 1e-9) == np.arange(1, 256)).all()


def test_values_are_rounded_to_nearest_and_saturate_instead_of_wrapping():
    assert to_uint8([-300.0, -0.6, 0.4, 0.6, 254.6, 256.0, 1e9]).tolist() == [0, 0, 0, 1, 255, 255, 255]


# The sigmoid-stretched space


def test_the_sigmoid_round_trip_gives_every_one_of_the_256_levels_back():
    assert np.isfinite(stretch(EVERY)).all()
    assert (unstretch(stretch(EVERY)) == EVERY).all()


def test_what_lies_between_two_levels_goes_up_rounding_errors_or_not():
    assert unstretch([-1e-14, 0, 1e-14]).tolist() == [128] * 3
    turned = rotate_color(Image(np.array([[[97, 110, 110], [138, 203, 52]]], np.uint8)), angle=45)
    assert turned.pixels[0, :, 1].tolist()[0] == 128


def test_far_out_values_come_back_as_black_and_white():
    assert unstretch([-1e6, 1e6, -np.inf, np.inf]).tolist() == [0, 255, 0, 255]


# Rotations


@pytest.mark.parametrize(
    ("axis", "start", "end"), [("red", 1, 2), ("green", 2, 0), ("blue", 0, 1)], ids=["red", "green", "blue"]
)
def test_a_positive_quarter_turn_follows_the_right_hand_rule(axis, start, end):
    assert rotation(axis, 90) @ np.eye(3)[start] == pytest.approx(np.eye(3)[end])
    assert rotation(axis, -90) @ np.eye(3)[end] == pytest.approx(np.eye(3)[start])


def test_a_third_of_a_turn_about_gray_takes_red_to_green_to_blue():
    assert rotation("gray", 120) @ np.eye(3) == pytest.approx(np.eye(3)[[2, 0, 1]])
    assert color_of(rotate_color(one(200, 30, 90), axis="gray", angle=120)) == (90, 200, 30)
    assert color_of(rotate_color(one(200, 30, 90), axis="gray", angle=120, space="linear")) == (90, 200, 30)


AXES = [*CHANNELS, "gray", (1, -2, 0.5), (0, 0, 1e-9)]


@given(st.sampled_from(AXES), st.floats(-720, 720), st.floats(-720, 720))
def test_turns_keep_lengths_and_add_up(axis, first, second):
    both = rotation(axis, first) @ rotation(axis, second)
    assert both == pytest.approx(rotation(axis, first + second), abs=1e-9)
    assert both @ both.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.linalg.det(both) == pytest.approx(1)


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("angle", [0, 360, -360])
def test_a_full_turn_and_none_change_no_color_at_all_white_included(space, angle):
    corners = np.array([[[r, g, b] for r in (0, 255) for g in (0, 255) for b in (0, 1, 254, 255)]], np.uint8)
    for image in (Image(corners), noise(64, 64)):
        assert (rotate_color(image, angle=angle, axis="gray", space=space).pixels == image.pixels).all()


@pytest.mark.parametrize("axis", [*CHANNELS, "gray"])
def test_the_table_equals_the_rotation_computed_for_every_pixel_by_itself(axis):
    image = noise(40, 40)
    p = (image.pixels.astype(float) + 1) / 257
    turned = np.einsum("ij,hwj->hwi", rotation(axis, 37), np.log(p / (1 - p)))
    expected = np.clip(np.rint(257 / (1 + np.exp(-turned)) - 1), 0, 255)
    assert (rotate_color(image, angle=37, axis=axis).pixels == expected).all()


def test_rotations_of_all_greens_and_blues_over_20_frames_are_clipped_and_never_wrap():
    plane = np.stack(np.meshgrid([128], EVERY, EVERY, indexing="ij"), axis=-1)[0].astype(np.uint8)
    values = np.log((plane + 1.0) / (256.0 - plane))
    for angle in range(0, 360, 18):
        exact = 257 / (1 + np.exp(-values @ rotation("red", angle).T)) - 1
        turned = rotate_color(Image(plane), angle=angle).pixels
        assert np.abs(turned - exact.clip(0, 255)).max() <= 0.5 + 1e-9


def test_an_axis_may_be_any_direction_of_the_color_cube():
    image = noise()
    for name, vector in {"green": (0, 2, 0), "gray": (3, 3, 3)}.items():
        turned = rotate_color(image, angle=50, axis=vector)
        assert (turned.pixels == rotate_color(image, angle=50, axis=name).pixels).all()
    assert (
        rotate_color(image, angle=50, axis=(0, 0, -1)).pixels == rotate_color(image, angle=-50, axis="blue").pixels
    ).all()
    assert rotation((1, 2, 3), 70) @ [1, 2, 3] == pytest.approx([1, 2, 3])


def test_rotation_about_a_channel_leaves_that_channel_as_it_is():
    for i, axis in enumerate(CHANNELS):
        image = noise()
        assert (rotate_color(image, angle=77, axis=axis).pixels[..., i] == image.pixels[..., i]).all()


def test_hue_rotation_keeps_lightness():
    image = noise()
    turned = rotate_color(image, angle=140, axis="gray", space="oklch")
    assert np.abs(lightness(turned.pixels) - lightness(image.pixels)).max() < 0.01


@pytest.mark.parametrize(
    "source",
    [
        np.random.default_rng(0).random((9, 8, 3)),
        np.random.default_rng(0).random((9, 8, 4)),
        np.random.default_rng(0).random((9, 8)),
        np.random.default_rng(0).integers(0, 65536, (9, 8, 3), dtype=np.uint16),
        np.random.default_rng(0).random((9, 8)) > 0.5,
    ],
    ids=["float RGB", "float RGBA", "float gray", "16 bit", "black and white"],
)
def test_pictures_of_every_kind_are_turned_not_only_bytes_in_rgb(source):
    image = Image.of(source)
    turned = rotate_color(source, angle=90)
    assert (turned.pixels == rotate_color(image, angle=90).pixels).all()
    assert len(np.unique(turned.pixels)) > 1
    assert (turned.alpha is None) == (image.alpha is None)


# IndexedColors colors


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 40), st.integers(1, 256))
def test_a_picture_is_its_distinct_colors_and_an_index(seed, height, width, top):
    pixels = np.random.default_rng(seed).integers(0, top, (height, width, 3), dtype=np.uint8)
    distinct = IndexedColors.of(pixels)
    assert (distinct.painted(distinct.colors) == pixels).all()
    expected, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    order = np.lexsort(distinct.colors.T[::-1])
    assert (distinct.colors[order] == expected).all()
    assert (distinct.counts()[order] == counts).all()
    assert distinct.counts(np.zeros((height, width), bool)).sum() == 0


@pytest.mark.parametrize("large", [0, 1 << 30], ids=["the table of all colors", "the table of those that occur"])
def test_both_tables_of_colors_give_the_same_order_and_the_same_picture(monkeypatch, large):
    monkeypatch.setattr("artkit.color.distinct._LARGE", large)
    pixels = np.concatenate([noise(301, 300).pixels, noise(301, 300).pixels // 17], axis=1)
    found = IndexedColors.of(pixels)
    codes = found.colors.astype(np.int64) @ [1, 256, 65536]
    assert (np.diff(codes) > 0).all()
    assert (found.painted(found.colors) == pixels).all()
    assert (recolored(pixels, lambda colors: colors // 3) == pixels // 3).all()


def test_a_color_function_runs_once_per_distinct_color_and_exactly():
    seen = []

    def change(colors):
        seen.append(len(colors))
        return colors[:, ::-1] // 2

    pixels = np.repeat(noise(5, 5).pixels, 60_000, axis=0)  # more pixels than one block
    assert (recolored(pixels, change) == pixels[..., ::-1] // 2).all()
    assert sum(seen) == 25
    assert (IndexedColors.of(pixels).recolored(change) == pixels[..., ::-1] // 2).all()


def test_all_16_777_216_colors_have_a_place_in_the_table():
    ends = np.array([[[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 0, 255], [1, 2, 3]]], np.uint8)
    assert (recolored(ends, lambda colors: 255 - colors) == 255 - ends).all()


# Gray


@pytest.mark.parametrize("weights", ["rec601", "rec709", "lightness"])
def test_gray_weights_sum_to_one_so_that_white_stays_white_and_grays_stay_themselves(weights):
    grays = Image(np.repeat(EVERY.astype(np.uint8)[None, :, None], 3, axis=2))
    result = grayscale(grays, weights=weights).pixels
    assert (result[0, 0] == 0).all() and (result[0, 255] == 255).all()
    assert (np.diff(result[0, :, 0].astype(int)) >= 0).all()  # white is light: no negative
    if weights != "lightness":
        assert (result == grays.pixels).all()


@pytest.mark.parametrize(("weights", "shares"), [("rec601", (299, 587, 114)), ("rec709", (2126, 7152, 722))])
def test_grays_are_the_weighted_mean_rounded_to_nearest(weights, shares):
    image = noise(80, 80)
    total = image.pixels.astype(int) @ np.array(shares)
    assert (
        grayscale(image, weights=weights).pixels == ((2 * total + sum(shares)) // (2 * sum(shares)))[..., None]
    ).all()


@pytest.mark.parametrize(("weights", "shares"), [("rec601", (299, 587, 114)), ("rec709", (2126, 7152, 722))])
def test_grays_just_below_and_on_the_edge_between_two_levels_are_told_apart(weights, shares):
    rng = np.random.default_rng(6)
    pixels = rng.integers(0, 256, (1500, 1500, 3), dtype=np.uint8)
    total = pixels.astype(np.int64) @ np.array(shares)
    rest = (total + sum(shares) // 2) % sum(shares)
    edge = np.isin(rest, [0, 1, sum(shares) - 1])  # on the edge, just above and just below
    picked = pixels[edge][None]
    assert picked.shape[1] > 200
    expected = (total[edge] + sum(shares) // 2) // sum(shares)
    assert (gray_of(picked, weights) == expected).all()


# Channels


def test_kept_channels_stay_and_the_others_are_black():
    image = noise()
    assert (channel(image, keep=["green", "blue"]).pixels == image.pixels * np.array([0, 1, 1], np.uint8)).all()
    assert (channel(image, keep="red").pixels == image.pixels * np.array([1, 0, 0], np.uint8)).all()


def test_three_channels_lie_side_by_side_in_the_order_of_their_names():
    image = Image.of(np.dstack([noise().pixels, np.full((23, 31), 7, np.uint8)]))
    both = {shown: channels(image, shown=shown) for shown in ("color", "gray")}
    for i, name in enumerate(CHANNELS):
        part = np.s_[:, 31 * i : 31 * (i + 1)]
        assert (both["color"].pixels[part] == channel(image, keep=[name]).pixels).all()
        assert (both["gray"].pixels[part] == image.pixels[..., i, None]).all()
    assert both["gray"].pixels.shape == (23, 93, 3)
    assert both["gray"].alpha.shape == (23, 93)


# The rest


def test_inverting_twice_changes_nothing():
    image = noise()
    assert (invert(image).pixels == 255 - image.pixels).all()
    assert (invert(invert(image)).pixels == image.pixels).all()


@pytest.mark.parametrize("steps", [2, 3, 4, 16, 256])
def test_posterizing_leaves_the_nearest_of_evenly_spaced_levels(steps):
    ramp = Image(np.repeat(EVERY.astype(np.uint8)[None, :, None], 3, axis=2))
    result = posterize(ramp, steps=steps).pixels[0, :, 0]
    kept = np.rint(np.linspace(0, 255, steps))
    assert (np.unique(result) == kept).all()
    assert (np.abs(result - EVERY) <= np.abs(kept[None] - EVERY[:, None]).min(axis=1) + 1).all()


def test_saturating_by_one_changes_nothing_and_by_zero_gives_grays():
    image = noise()
    assert (saturate(image, amount=1).pixels == image.pixels).all()
    gray = saturate(image, amount=0).pixels
    assert (gray.max(axis=2) - gray.min(axis=2)).max() <= 1
    vivid = saturate(image, amount=3)
    assert np.abs(lightness(vivid.pixels) - lightness(image.pixels)).max() < 0.01


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda image: channel(image, keep=["rad"]), "did you mean red"),
        (lambda image: channel(image, keep=[]), "keep"),
        (lambda image: rotate_color(image, angle=float("nan")), "angle: nan is not a finite number"),
        (lambda image: rotate_color(image, angle=400), "angle: 400"),
        (lambda image: rotate_color(image, axis="grey"), "gray"),
        (lambda image: rotate_color(image, axis=(0, 0, 0)), "it has no direction"),
        (lambda image: rotate_color(image, axis=(0, 1)), "axis"),
        (lambda image: rotate_color(image, axis=(0, 1, float("nan"))), "nan is not a finite number"),
        (lambda image: posterize(image, steps=1), "steps: 1 is too small; use 2 or more"),
        (lambda image: grayscale(image, weights="rec602"), "did you mean rec601"),
    ],
)
def test_bad_values_are_one_line_that_says_what_would_work(call, message):
    with pytest.raises(UsageError) as caught:
        call(noise())
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_page_on_the_article_names_tests_that_exist():
    here = Path(__file__).parent
    page = (here.parent / "docs" / "article.md").read_text(encoding="utf-8")
    tests = "".join(path.read_text(encoding="utf-8") for path in here.glob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", page)
    assert len(named) > 20
    assert [name for name in named if f"def {name}(" not in tests] == []
