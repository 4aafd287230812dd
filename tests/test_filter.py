"""Ops that look at a pixel's neighbors, each against a few lines of plain numpy from its definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from artkit.artwork.image import Image
from artkit.color.spaces import CHANNELS
from artkit.errors import UsageError
from artkit.ops.color import grayscale
from artkit.ops.filter import STEEPEST, bilateral, blur, canny, channel_blur, emboss, median, sharpen, sobel

SHAPES = [(1, 1), (1, 7), (6, 1), (2, 2), (2, 9), (13, 11)]
SIDES = [1, 3, 5, 9, 31]
"""Windows, the last larger than every one of the pictures."""


def noise(height: int, width: int, seed: int = 0) -> Image:
    return Image(np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8))


def gray(rows: list[list[int]]) -> Image:
    return Image(np.repeat(np.array(rows, np.uint8)[..., None], 3, axis=2))


def windows(image: Image, size: int) -> np.ndarray:
    """(H, W, 3, size * size): the pixels of each window, the picture mirrored as often as it takes."""
    r = size // 2

    def walk(length: int, position: int) -> int:
        while not 0 <= position < length:
            position = -position if position < 0 else 2 * (length - 1) - position
            if length == 1:
                return 0
        return position

    rows = [walk(image.height, i) for i in range(-r, image.height + r)]
    columns = [walk(image.width, i) for i in range(-r, image.width + r)]
    padded = image.pixels[rows][:, columns]
    return np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(0, 1)).reshape(*image.pixels.shape, -1)


# Mean


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", SIDES)
def test_a_mean_is_the_mean_of_its_window_rounded_to_nearest_at_every_border(shape, size):
    image = noise(*shape)
    total = windows(image, size).astype(int).sum(axis=-1)
    assert (blur(image, size=size).pixels == (2 * total + size * size) // (2 * size * size)).all()


@pytest.mark.parametrize("window", ["uniform", "gaussian"])
@pytest.mark.parametrize("size", [3, 7, 49])
def test_blurring_a_constant_picture_changes_none_of_the_256_levels(window, size):
    for level in range(256):
        image = Image(np.full((5, 6, 3), level, np.uint8))
        assert (blur(image, window=window, size=size).pixels == level).all()


@pytest.mark.parametrize("window", ["uniform", "gaussian"])
def test_blurring_does_not_darken(window):
    image = noise(120, 150)
    blurred = blur(image, window=window, size=9).pixels
    interior = np.s_[10:-10, 10:-10]
    assert abs(blurred[interior].mean() - image.pixels[interior].mean()) < 0.15


@pytest.mark.parametrize("size", [3, 5, 7, 9, 11, 13, 15])
def test_a_mean_is_rounded_to_nearest_for_every_sum_that_a_window_can_have(size):
    area = size * size
    sums = np.arange(255 * area + 1)[:, None]
    tiles = (sums // area + (np.arange(area) < sums % area)).astype(np.uint8).reshape(-1, size, size)
    for start in range(0, len(tiles), 4000):
        row = Image(np.repeat(np.hstack(tiles[start : start + 4000])[..., None], 3, axis=2))
        means = blur(row, size=size).pixels[size // 2, size // 2 :: size, 0]
        assert (means == (2 * sums[start : start + 4000, 0] + area) // (2 * area)).all()


def test_sums_of_bytes_do_not_wrap():
    assert (blur(Image(np.full((90, 90, 3), 255, np.uint8)), size=75).pixels == 255).all()


# Bell


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (8, 2), (40, 33)])
@pytest.mark.parametrize("sigma", [0.3, 1, 2.5, 9])
def test_a_bell_is_the_weighted_mean_to_within_half_a_level_at_every_border(shape, sigma):
    image = noise(*shape)
    radius = int(np.ceil(4 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    padded = np.pad(image.pixels.astype(float), ((radius, radius), (radius, radius), (0, 0)), mode="reflect")
    rows = sum(w * padded[k : k + image.height] for k, w in enumerate(kernel))
    exact = sum(w * rows[:, k : k + image.width] for k, w in enumerate(kernel))
    assert np.abs(blur(image, window="gaussian", sigma=sigma).pixels - exact).max() <= 0.5 + 1e-3


@pytest.mark.parametrize("sigma", [2.0, 5.0, 9.0])
def test_a_bell_is_as_wide_as_was_asked_and_not_nearly_a_box(sigma):
    side = int(12 * sigma) | 1
    pixels = np.zeros((side, side, 3), np.uint8)
    pixels[side // 2] = 255  # a line: its blur is the bell's profile
    profile = blur(Image(pixels), window="gaussian", sigma=sigma).pixels[:, side // 2, 0].astype(float)
    place = np.arange(side) - side // 2
    assert np.sqrt((profile * place**2).sum() / profile.sum()) == pytest.approx(sigma, rel=0.05)


def test_a_bell_of_a_given_side_reaches_three_standard_deviations():
    point = np.zeros((61, 61, 3), np.uint8)
    point[30] = 255
    by_size = blur(Image(point), window="gaussian", size=31).pixels[:, 30, 0].astype(float)
    by_sigma = blur(Image(point), window="gaussian", sigma=5).pixels[:, 30, 0].astype(float)
    assert np.abs(by_size - by_sigma).max() <= 1


def test_a_large_picture_in_bands_has_no_seams():
    image = noise(700, 1700)  # more than one band
    whole = ndimage.gaussian_filter(image.pixels[..., 0].astype(float), 3, mode="mirror", radius=12)
    assert np.abs(blur(image, window="gaussian", sigma=3).pixels[..., 0] - whole).max() <= 0.51


# Median


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", SIDES)
def test_a_median_is_the_middle_of_its_window_at_every_border(shape, size):
    image = noise(*shape)
    assert (median(image, size=size).pixels == np.median(windows(image, size), axis=-1)).all()


@pytest.mark.parametrize("size", [3, 5, 7, 21, 39])
def test_a_median_equals_scipys_in_mirror_mode_bit_for_bit(size):
    image = noise(37, 29)
    expected = ndimage.median_filter(image.pixels, size=(size, size, 1), mode="mirror")
    assert (median(image, size=size).pixels == expected).all()


def test_the_largest_median_counts_its_window_without_overflow():
    pixels = np.full((300, 300, 3), 9, np.uint8)
    pixels[:, :149] = 200
    assert (median(Image(pixels), size=255).pixels[150, 151:] == 9).all()
    assert (median(Image(pixels), size=255).pixels[150, :148] == 200).all()


def test_a_median_keeps_bars_as_wide_as_they_are_and_where_they_are():
    bar = gray([[0] * 9 + [255] * 7 + [0] * 9] * 25)
    assert (median(bar, size=5).pixels == bar.pixels).all()


# One channel


@pytest.mark.parametrize("name", CHANNELS)
def test_the_channel_that_is_named_is_the_one_that_is_blurred(name):
    image = noise(20, 30)
    i = CHANNELS.index(name)
    result = channel_blur(image, channel=name, size=5).pixels
    assert (result[..., i] == blur(image, size=5).pixels[..., i]).all()
    assert (np.delete(result, i, axis=2) == np.delete(image.pixels, i, axis=2)).all()


# Sobel


@pytest.mark.parametrize("shape", SHAPES)
def test_sobel_is_the_root_of_the_squared_steps_right_and_down_at_every_border(shape):
    image = noise(*shape)
    nine = windows(image, 3).astype(int)
    right = nine @ np.array([-1, 0, 1, -2, 0, 2, -1, 0, 1])
    down = nine @ np.array([-1, -2, -1, 0, 0, 0, 1, 2, 1])
    exact = np.hypot(right, down)
    assert (sobel(image, scale="clip").pixels == np.minimum(np.rint(exact), 255)).all()
    assert np.abs(sobel(image, scale="full").pixels - exact * 255 / STEEPEST).max() <= 0.5 + 1e-4


@pytest.mark.parametrize("scale", ["clip", "full", "auto"])
def test_a_steeper_step_is_never_darker(scale):
    steps = (gray([[0] * 4 + [level] * 4] * 5) for level in range(256))
    edge = np.array([int(sobel(step, scale=scale).pixels[2, 3, 0]) for step in steps])
    assert edge[0] == 0
    if scale != "auto":  # auto is about one picture at a time
        assert (np.diff(edge) >= 0).all()
        assert edge[64] >= edge[63]
    if scale == "clip":
        assert edge[[63, 64, 255]].tolist() == [252, 255, 255]


@pytest.mark.parametrize("scale", ["clip", "full", "auto"])
def test_within_one_picture_sobel_never_wraps_nor_turns_order_round(scale):
    image = noise(40, 40)
    nine = windows(image, 3).astype(int)
    exact = np.hypot(nine @ np.array([-1, 0, 1, -2, 0, 2, -1, 0, 1]), nine @ np.array([-1, -2, -1, 0, 0, 0, 1, 2, 1]))
    order = np.argsort(exact, axis=None, kind="stable")
    assert (np.diff(sobel(image, scale=scale).pixels.reshape(-1)[order].astype(int)) >= 0).all()


def test_the_largest_magnitude_there_is_is_white_and_no_more():
    corner = gray([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 255, 255], [0, 255, 255, 255]])
    found = sobel(corner, scale="full").pixels
    nine = windows(corner, 3).astype(int)
    exact = np.hypot(nine @ np.array([-1, 0, 1, -2, 0, 2, -1, 0, 1]), nine @ np.array([-1, -2, -1, 0, 0, 0, 1, 2, 1]))
    assert exact.max() <= STEEPEST
    assert found.max() == np.rint(exact.max() * 255 / STEEPEST)
    assert pytest.approx(1140.4, abs=0.05) == STEEPEST


def test_edges_that_run_down_and_across_are_told_by_the_right_kernel():
    across = gray([[0, 0, 9, 9]] * 4)
    assert (sobel(across).pixels[1, :, 0] == [0, 36, 36, 0]).all()
    down = Image(np.ascontiguousarray(across.pixels.transpose(1, 0, 2)))
    assert (sobel(down).pixels == sobel(across).pixels.transpose(1, 0, 2)).all()


def test_sobel_of_gray_is_the_sobel_of_the_gray_picture():
    image = noise(12, 15)
    assert (sobel(image, of="gray").pixels == sobel(grayscale(image)).pixels).all()


def test_a_flat_picture_has_no_edges_at_any_scale():
    for scale in ("clip", "full", "auto"):
        assert not sobel(Image(np.full((6, 6, 3), 77, np.uint8)), scale=scale).pixels.any()


def test_the_automatic_scale_makes_faint_edges_bright():
    ramp = gray([[100 + 2 * (j // 10) for j in range(60)]] * 30)
    assert sobel(ramp, scale="clip").pixels.max() < 10
    assert sobel(ramp, scale="auto").pixels.max() >= 250


# Bilateral


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("size", "contrast"), [(3, 60), (5, 8.5), (9, 200), (25, 60)])
def test_a_bilateral_mean_weighs_by_distance_and_by_difference_in_color_at_every_border(shape, size, contrast):
    image = noise(*shape)
    window = windows(image, size).astype(float)
    y, x = np.mgrid[:size, :size].reshape(2, -1) - size // 2
    difference = np.abs(window - image.pixels[..., None]).sum(axis=2)
    weight = np.exp(-(x**2 + y**2) / (2 * (size / 4) ** 2)) * np.exp(-(difference**2) / (2 * contrast**2))
    weight = (weight * (np.hypot(x, y) <= size // 2))[:, :, None]
    exact = (window * weight).sum(axis=-1) / weight.sum(axis=-1)
    assert np.abs(bilateral(image, size=size, contrast=contrast).pixels - exact).max() <= 0.5 + 1e-2


def test_a_bilateral_mean_smooths_what_is_faint_and_keeps_what_is_strong():
    step = gray([[50] * 10 + [200] * 10] * 20)
    grain = Image(step.pixels + np.random.default_rng(0).integers(0, 9, step.pixels.shape, dtype=np.uint8))
    smooth = bilateral(grain, size=9, contrast=60).pixels.astype(int)
    assert (np.abs(smooth - (step.pixels + 4.0)) <= 3).all()


# Sharpen


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("amount", "sigma", "threshold"), [(1, 2, 0), (0.5, 0.6, 0), (7, 1.3, 20), (0, 3, 0)])
def test_sharpening_adds_what_the_bell_takes_away_and_saturates(shape, amount, sigma, threshold):
    image = noise(*shape)
    radius = int(np.ceil(4 * sigma))
    bell = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    weights = np.outer(bell, bell).reshape(-1) / bell.sum() ** 2
    detail = image.pixels - windows(image, 2 * radius + 1) @ weights
    exact = np.clip(image.pixels + amount * np.where(np.abs(detail) >= threshold, detail, 0), 0, 255)
    sure = np.abs(np.abs(detail) - threshold) > 1e-3
    found = sharpen(image, amount=amount, sigma=sigma, threshold=threshold).pixels
    assert (np.abs(found - exact) <= 0.5 + 1e-3 * (1 + amount))[sure | (threshold == 0)].all()


def test_sharpening_by_nothing_and_of_one_color_changes_nothing():
    image = noise(9, 9)
    assert (sharpen(image, amount=0).pixels == image.pixels).all()
    flat = Image(np.full((7, 8, 3), 201, np.uint8))
    assert (sharpen(flat, amount=20).pixels == flat.pixels).all()


# Canny


def naive_canny(image: Image, low: float, high: float) -> np.ndarray:
    """Canny's lines of a gray picture: ridges of the slope, kept from `high` on and followed down to `low`."""
    nine = windows(image, 3)[:, :, 0].astype(int)
    right = nine @ np.array([-1, 0, 1, -2, 0, 2, -1, 0, 1])
    down = nine @ np.array([-1, -2, -1, 0, 0, 0, 1, 2, 1])
    slope = np.pad(np.hypot(right, down), 1)
    ridge = np.zeros(right.shape, bool)
    for i, j in np.ndindex(right.shape):
        x, y = right[i, j], down[i, j]
        if abs(y) < np.tan(np.pi / 8) * abs(x):
            before, after, level = (0, -1), (0, 1), False
        elif abs(y) > np.tan(3 * np.pi / 8) * abs(x):
            before, after, level = (-1, 0), (1, 0), False
        else:
            side = 1 if (x >= 0) == (y >= 0) else -1
            before, after, level = (-1, -side), (1, side), True
        here, one, other = slope[i + 1, j + 1], *(slope[i + 1 + u, j + 1 + v] for u, v in (before, after))
        ridge[i, j] = here > one and (here > other if level else here >= other)
    line = ridge & (slope[1:-1, 1:-1] > high)
    while True:
        near = ndimage.binary_dilation(line, np.ones((3, 3))) & ridge & (slope[1:-1, 1:-1] > low)
        if (near <= line).all():
            return line
        line |= near


@pytest.mark.parametrize("shape", [*SHAPES, (40, 50)])
@pytest.mark.parametrize(("low", "high"), [(0, 300), (150, 400), (333.3, 333.3), (600, 900)])
def test_canny_follows_ridges_of_the_slope_at_every_border(shape, low, high):
    image = grayscale(noise(*shape))
    found = canny(image, sigma=0, low=low, high=high).pixels
    assert (found[..., 0] == 255 * naive_canny(image, low, high)).all()
    assert (found == found[..., :1]).all()


def test_canny_blurs_first_and_looks_at_the_gray_picture():
    image = noise(30, 40)
    blurred = blur(grayscale(image), window="gaussian", sigma=1.4)
    assert (canny(image, low=40, high=90).pixels == canny(blurred, sigma=0, low=40, high=90).pixels).all()


def test_canny_draws_the_edge_of_a_square_as_one_closed_line_of_the_width_asked_for():
    square = np.zeros((40, 40, 3), np.uint8)
    square[10:30, 10:30] = 180
    lines = canny(Image(square)).pixels[..., 0] == 255
    _, pieces = ndimage.label(~lines)
    assert pieces == 2, "inside and outside are parted"
    assert 4 * 16 <= lines.sum() <= 4 * 22
    disk = np.hypot(*np.mgrid[-2:3, -2:3]) <= 2.5
    assert (canny(Image(square), width=5).pixels[..., 0] == 255 * ndimage.binary_dilation(lines, disk)).all()


def test_canny_finds_nothing_in_grain_too_faint_to_see_unless_asked_to():
    grain = Image(np.random.default_rng(0).integers(100, 104, (60, 60, 3), dtype=np.uint8))
    assert not canny(grain).pixels.any()
    assert canny(grain, high=2).pixels.any()


# Emboss


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("angle", "amount"), [(0, 1), (90, 2), (135, 2), (-20, 9), (45, 0)])
def test_emboss_is_middle_gray_and_the_slope_that_faces_the_light_at_every_border(shape, angle, amount):
    image = noise(*shape)
    nine = windows(image, 3).astype(float) / 8
    right = nine @ np.array([-1, 0, 1, -2, 0, 2, -1, 0, 1])
    down = nine @ np.array([-1, -2, -1, 0, 0, 0, 1, 2, 1])
    facing = -right * np.cos(np.radians(angle)) + down * np.sin(np.radians(angle))
    exact = np.clip(128 + amount * facing, 0, 255)
    assert np.abs(emboss(image, angle=angle, amount=amount, of="channels").pixels - exact).max() <= 0.5 + 1e-3
    grays = emboss(image, angle=angle, amount=amount).pixels
    assert (grays == emboss(grayscale(image), angle=angle, amount=amount, of="channels").pixels).all()


def test_a_hill_is_bright_where_it_faces_the_light_and_dark_behind():
    hill = gray([[0, 0, 0, 60, 60, 0, 0, 0]] * 8)
    lit = emboss(hill, angle=180).pixels[4, :, 0]  # from the left
    assert lit[2] > 128 > lit[5] and lit[0] == lit[7] == 128
    above = emboss(Image(np.ascontiguousarray(hill.pixels.transpose(1, 0, 2))), angle=90).pixels[:, 4, 0]
    assert (above == lit).all()


# All of them


@pytest.mark.parametrize("size", [2, 8, 24])
@pytest.mark.parametrize("filter", [blur, median, channel_blur, bilateral], ids=lambda op: op.name)
def test_an_even_window_is_refused_with_the_two_odd_ones_beside_it(filter, size):
    with pytest.raises(UsageError) as caught:
        filter(noise(5, 5), size=size)
    assert f"size: {size} is even" in str(caught.value)
    assert f"use {size - 1} or {size + 1}" in str(caught.value)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda image: median(image, size=0), "size: 0 is too small; use 1 or more"),
        (lambda image: median(image, size=257), "size: 257 is too large; use 255 or less"),
        (lambda image: blur(image, size=-3), "size: -3 is too small"),
        (lambda image: blur(image, size=9.5), "9.5 is not a whole number"),
        (lambda image: blur(image, window="gaussian", sigma=0), "sigma: 0"),
        (lambda image: blur(image, window="gaussian", sigma=float("nan")), "sigma: nan is not a finite number"),
        (lambda image: blur(image, sigma=2), 'sigma: 2 is for a bell; add window = "gaussian"'),
        (lambda image: channel_blur(image, channel="rde"), "did you mean red"),
        (lambda image: bilateral(image, size=27), "size: 27 is too large; use 25 or less"),
        (lambda image: sharpen(image, amount=-1), "amount: -1 is too small; use 0 or more"),
        (lambda image: canny(image, low=90, high=60), "canny: low: 90 is above high, 60; use at most that"),
        (lambda image: canny(Image(image.pixels // 99), low=90), "canny: low: 90 is above high, 24; use at most"),
        (lambda image: canny(image, width=4), "width: 4 is even"),
        (lambda image: emboss(image, angle=float("nan")), "angle: nan is not a finite number"),
    ],
)
def test_bad_values_are_one_line_that_says_what_would_work(call, message):
    with pytest.raises(UsageError) as caught:
        call(noise(5, 5))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@settings(max_examples=30)
@given(st.sampled_from(["mean", "bell", "median", "sobel"]), st.integers(1, 20), st.integers(1, 20), st.integers(0, 99))
def test_a_filter_does_not_know_left_from_right_nor_up_from_down(name, height, width, seed):
    change = {
        "mean": lambda image: blur(image, size=5),
        "bell": lambda image: blur(image, window="gaussian", size=7),
        "median": lambda image: median(image, size=5),
        "sobel": sobel,
    }[name]
    image = noise(height, width, seed)
    turned = Image(np.ascontiguousarray(image.pixels[::-1, ::-1]))
    difference = change(turned).pixels[::-1, ::-1].astype(int) - change(image).pixels
    assert np.abs(difference).max() <= (1 if name == "bell" else 0)


def test_filters_keep_the_mask_and_the_photo():
    image = Image.of(np.random.default_rng(0).integers(0, 256, (9, 9, 4), dtype=np.uint8))
    before = image.pixels.copy()
    for change in (blur, median, channel_blur, bilateral, sharpen, sobel, canny, emboss):
        assert (change(image).alpha == image.alpha).all()
    assert (image.pixels == before).all()


def test_the_automatic_scale_makes_one_pixel_in_fifty_white():
    white = (sobel(noise(100, 100), scale="auto").pixels == 255).mean(axis=(0, 1))
    assert 0.015 < white.max() < 0.03
