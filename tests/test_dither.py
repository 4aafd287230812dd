"""Dithering: exact error diffusion, masks, and the op that uses them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artkit.arrays import TRANSPARENT
from artkit.artwork.image import Image
from artkit.color import diffusion
from artkit.color.chance import random_palette
from artkit.color.diffusion import diffused
from artkit.color.dither import LEVELS, WHITE, bayer, blue_noise, masked, void_and_cluster
from artkit.color.spaces import LIGHT
from artkit.errors import UsageError
from artkit.ops.dither import dither

BLACK_AND_WHITE = np.array([[0, 0, 0], [255, 255, 255]], np.uint8)


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def flat(level: int, side: int = 64) -> Image:
    return Image(np.full((side, side, 3), level, np.uint8))


def nearest(color: list[int], colors: list[list[int]]) -> int:
    return min(range(len(colors)), key=lambda i: sum((a - b) ** 2 for a, b in zip(color, colors[i], strict=True)))


# Error diffusion


def by_floyd_and_steinberg(
    pixels: np.ndarray, palette: np.ndarray, levels: np.ndarray, inside: np.ndarray | None
) -> list[list[int]]:
    """The definition, pixel by pixel and in whole numbers."""
    height, width = pixels.shape[:2]
    colors = [[int(level) for level in levels[color]] for color in palette]
    owed = [[[0, 0, 0] for _ in range(width)] for _ in range(height)]  # in sixteenths
    result = [[0] * width for _ in range(height)]
    for y in range(height):
        for x in range(width):
            wanted = [min(max(int(levels[pixels[y, x, i]]) + round(owed[y][x][i] / 16), 0), WHITE) for i in range(3)]
            result[y][x] = nearest(wanted, colors)
            if inside is not None and not inside[y, x]:
                continue
            for dx, dy, share in ((1, 0, 7), (-1, 1, 3), (0, 1, 5), (1, 1, 1)):
                if 0 <= x + dx < width and y + dy < height:
                    for i in range(3):
                        owed[y + dy][x + dx][i] += share * (wanted[i] - colors[result[y][x]][i])
    return result


@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 12), st.integers(1, 6), st.booleans())
def test_error_diffusion_is_floyd_and_steinbergs_at_every_pixel(seed, height, width, colors, holes):
    rng = np.random.default_rng(seed)
    pixels, palette = noise(height, width, seed), noise(colors, 1, seed + 1)[:, 0]
    inside = rng.random((height, width)) < 0.7 if holes else None
    for levels in LEVELS.values():
        expected = by_floyd_and_steinberg(pixels, palette, levels, inside)
        assert diffused(pixels, palette, levels, inside).tolist() == expected


def test_error_diffusion_is_the_same_on_a_picture_of_many_rows_and_columns():
    for height, width in ((40, 70), (70, 40)):
        pixels, palette = noise(height, width), random_palette(5, np.random.default_rng(1))
        expected = by_floyd_and_steinberg(pixels, palette, LEVELS["linear"], None)
        assert diffused(pixels, palette, LEVELS["linear"]).tolist() == expected


GRAYS = np.array([[30, 30, 30], [200, 200, 200]], np.uint8)
PALETTES = (
    BLACK_AND_WHITE,
    GRAYS,
    random_palette(5, np.random.default_rng(1)),
    random_palette(40, np.random.default_rng(2)),
)


@pytest.mark.parametrize("gray", [False, True], ids=["color", "gray"])
def test_error_diffusion_in_blocks_and_by_tables_is_the_definition(monkeypatch, gray):
    monkeypatch.setattr(diffusion, "_STEPS", 7)  # as on a picture of many steps
    monkeypatch.setattr(diffusion, "_LARGE", 0)  # as on one of many pixels
    inside = np.random.default_rng(3).random((30, 26)) < 0.8
    pixels = noise(30, 26)
    pixels = pixels[..., :1].repeat(3, axis=-1) if gray else pixels
    for palette, mask in zip(PALETTES, (None, inside, None, inside), strict=True):
        expected = by_floyd_and_steinberg(pixels, palette, LEVELS["linear"], mask)
        assert diffused(pixels, palette, LEVELS["linear"], mask).tolist() == expected


def test_a_table_of_cells_is_sure_only_where_all_of_the_cell_is_nearest_to_one_color():
    colors = LEVELS["srgb"][np.concatenate([PALETTES[2], PALETTES[2][:1], GRAYS])]  # one color is there twice
    sure = diffusion._sure(colors).reshape(32, 32, 32)
    assert 0.3 < (sure != diffusion.SHARED).mean() < 0.9
    corners = np.stack(np.meshgrid(*[[0, 2047]] * 3, indexing="ij")).reshape(3, -1).T
    for cell in np.random.default_rng(4).integers(0, 32, (60, 3)):
        near = {nearest((cell * 2048 + corner).tolist(), colors.tolist()) for corner in corners}
        assert sure[tuple(cell)] in (diffusion.SHARED, *(near if len(near) == 1 else ()))


def test_a_picture_in_the_palettes_own_colors_stays_as_it_is():
    palette = random_palette(6, np.random.default_rng(2))
    ids = np.random.default_rng(3).integers(0, 6, (20, 30))
    for space in LEVELS:
        assert (diffused(palette[ids], palette, LEVELS[space]) == ids).all()


# Masks


def by_plan(pixels: np.ndarray, palette: np.ndarray, levels: np.ndarray, mask: np.ndarray) -> list[list[int]]:
    """The definition, pixel by pixel."""
    colors = [[int(level) for level in levels[color]] for color in palette]
    result = []
    for y, row in enumerate(pixels):
        result.append([])
        for x, pixel in enumerate(row):
            wanted = [int(levels[round(round(int(level) * 63 / 255) * 255 / 63)]) for level in pixel]
            owed, plan = [0, 0, 0], []
            for _ in range(mask.max() + 1):
                owed = [min(max(a + b, -WHITE), 2 * WHITE) for a, b in zip(owed, wanted, strict=True)]
                plan.append(nearest(owed, colors))
                owed = [a - b for a, b in zip(owed, colors[plan[-1]], strict=True)]
            result[-1].append(sorted(plan)[mask[y % len(mask), x % len(mask)]])
    return result


@pytest.mark.parametrize("space", LEVELS)
@pytest.mark.parametrize("side", [2, 4, 8])
def test_a_mask_picks_from_the_plan_of_each_color(space, side):
    pixels, palette = noise(9, 11), random_palette(5, np.random.default_rng(4))
    expected = by_plan(pixels, palette, LEVELS[space], bayer(side))
    assert masked(pixels, palette, LEVELS[space], bayer(side)).tolist() == expected


def test_bayers_mask_is_the_published_one():
    assert bayer(4).tolist() == [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]
    assert sorted(bayer(16).ravel()) == list(range(256))


def test_with_black_and_white_a_mask_is_a_threshold():
    grays = np.repeat(np.arange(0, 256, 5, dtype=np.uint8)[:, None, None], 8, axis=1).repeat(3, axis=2)
    white = masked(grays, BLACK_AND_WHITE, LEVELS["srgb"], bayer(8))
    assert (np.diff(white.sum(axis=1)[::8].astype(int)) >= 0).all()
    for level in (0, 64, 128, 200, 255):
        share = masked(flat(level, 8).pixels, BLACK_AND_WHITE, LEVELS["srgb"], bayer(8)).mean()
        assert share == pytest.approx(level / 255, abs=0.5 / 64 + 0.5 / 63)


def test_every_rank_of_the_blue_noise_is_as_frequent_as_the_others():
    assert (np.bincount(void_and_cluster().ravel()) == 1).all()
    assert (np.bincount(blue_noise().ravel()) == 16).all() and blue_noise().max() == 255


@pytest.mark.parametrize("count", [40, 400, 2048])
def test_blue_noise_has_neither_clumps_nor_holes(count):
    dots = void_and_cluster() < count
    power = np.abs(np.fft.fft2(dots - dots.mean())) ** 2
    frequency = np.hypot(*np.meshgrid(*[np.fft.fftfreq(64)] * 2))
    principal = min((count / 64**2) ** 0.5, 0.5)
    low = power[(frequency > 0) & (frequency < 0.5 * principal)].mean()
    assert low < 0.15 * power[frequency > 0].mean()  # of white noise it would be all of it
    y, x = np.nonzero(dots)
    apart = np.hypot(*((np.abs(a[:, None] - a) + 32) % 64 - 32 for a in (y, x)))
    np.fill_diagonal(apart, np.inf)
    assert apart.min(axis=1).min() >= 0.4 * (64**2 / count) ** 0.5


# The op

METHODS = ("floyd-steinberg", "bayer", "blue-noise")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("space", "tolerance"), [("srgb", 0.02), ("linear", 0.02)])
def test_from_far_away_the_dots_have_the_brightness_of_the_picture(method, space, tolerance):
    for level in (60, 128, 200):
        share = dither(flat(level), method=method, space=space).ids.mean()
        assert share == pytest.approx(LIGHT[level] if space == "linear" else level / 255, abs=tolerance)


@pytest.mark.parametrize("method", METHODS)
def test_colors_of_the_palette_alone_are_used_from_dark_to_light(method):
    labels = dither(Image(noise(20, 30)), method=method, palette=["white", "#f00", "navy"])
    assert labels.palette.tolist() == [[0, 0, 128], [255, 0, 0], [255, 255, 255]]
    assert set(np.unique(labels.ids)) == {0, 1, 2}


@pytest.mark.parametrize("method", METHODS)
def test_a_palette_of_one_color_and_one_of_256_will_do(method):
    image = Image(noise(12, 9))
    assert (dither(image, method=method, palette=["red"]).painted().pixels == [255, 0, 0]).all()
    names = [f"#{i:02x}{i:02x}{i:02x}" for i in range(256)]
    grays = Image(np.repeat(image.pixels[..., :1], 3, axis=2))
    painted = dither(grays, method=method, palette=names).painted().pixels.astype(int)
    assert np.abs(painted - grays.pixels).max() <= 6
    assert len(np.unique(painted)) > 40


@pytest.mark.parametrize("method", METHODS)
def test_dots_are_squares_of_the_side_that_was_asked_for(method):
    ids = dither(Image(noise(50, 70)), method=method, dot=8).ids
    assert ids.shape == (50, 70)
    for y in range(0, 50, 8):
        for x in range(0, 70, 8):
            assert len(np.unique(ids[y : y + 8, x : x + 8])) == 1
    assert (dither(Image(noise(3, 2)), method=method, dot=50).ids.shape) == (3, 2)


@pytest.mark.parametrize("method", METHODS)
def test_what_is_transparent_gets_no_dot_and_has_no_say(method):
    pixels = noise(16, 20)
    alpha = np.full((16, 20), 255, np.uint8)
    alpha[:, :7] = 20
    labels = dither(Image(pixels, alpha), method=method)
    assert ((labels.ids == TRANSPARENT) == (alpha < 128)).all()
    other = pixels.copy()
    other[:, :7] = 255 - other[:, :7]
    assert (dither(Image(other, alpha), method=method).ids == labels.ids).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda image: dither(image, palette="game-boi"), "did you mean game-boy"),
        (lambda image: dither(image, palette="qqqqqq"), "use a CSS name, #rrggbb or one of autumn"),
        (lambda image: dither(image, palette=[]), "palette"),
        (lambda image: dither(image, palette=["random"]), "no such color or palette"),
        (lambda image: dither(image, palette="no-such-file.gpl"), "no-such-file.gpl: No such file"),
        (lambda image: dither(image, palette="no-such-photo.jpg"), "no-such-photo.jpg"),
        (lambda image: dither(image, method="bayern"), "did you mean bayer"),
        (lambda image: dither(image, dot=0), "dot: 0 is too small"),
        (lambda image: dither(image, matrix=5), "matrix: 5 is not one of 2, 4, 8 or 16"),
    ],
)
def test_bad_values_are_one_line_that_says_what_would_work(call, message):
    with pytest.raises(UsageError) as caught:
        call(flat(9, 4))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
