"""Few colors for a picture are those that are noticed: small things of a color of their own keep it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from artkit.color.choose import palette_of
from artkit.color.spaces import oklab_to_srgb, srgb_to_oklab

HEIGHT, WIDTH = 160, 220


def backdrop(rng):
    """A muted picture of one of four kinds: a gradient, blurred clouds of two hues, patches, grain."""
    ends = np.column_stack([rng.uniform(0.1, 0.95, 12), rng.normal(0, 0.035, (12, 2))])
    x, y = np.meshgrid(np.linspace(0, 1, WIDTH), np.linspace(0, 1, HEIGHT))
    kind = rng.integers(4)
    if kind == 0:
        share = (x * rng.uniform(-1, 1) + y)[..., None]
        lab = ends[0] + (ends[1] - ends[0]) * share
    elif kind == 1:
        share = cv2.GaussianBlur(rng.normal(size=(HEIGHT, WIDTH)), (0, 0), rng.uniform(2, 12))
        share = (share - share.min()) / np.ptp(share)
        lab = np.stack([np.interp(share, np.linspace(0, 1, 5), axis) for axis in ends[:5].T], axis=-1)
    elif kind == 2:
        at = rng.uniform(0, 1, (12, 2))
        lab = ends[((x[..., None] - at[:, 0]) ** 2 + (y[..., None] - at[:, 1]) ** 2).argmin(-1)]
    else:
        lab = ends[0] + (ends[1] - ends[0]) * y[..., None] + rng.normal(0, [0.06, 0.012, 0.012], (HEIGHT, WIDTH, 3))
    return oklab_to_srgb(lab)


def thing(rng, height, width, share):
    """The coverage (H, W) of a disc, a square, a bar or three dots of a share of the picture, antialiased."""
    fine = np.zeros((4 * height, 4 * width), np.uint8)
    area = share * fine.size
    kind = rng.integers(4)
    x, y = (int(rng.uniform(0.25, 0.75) * side) for side in fine.shape[::-1])
    if kind == 0:
        cv2.circle(fine, (x, y), round((area / np.pi) ** 0.5), 255, -1)
    elif kind == 3:
        for at in (0.2, 0.5, 0.8):
            cv2.circle(fine, (int(at * 4 * width), y), round((area / np.pi / 3) ** 0.5), 255, -1)
    else:
        side = (area / (1 if kind == 1 else 4)) ** 0.5
        wide = side * (1 if kind == 1 else 4)
        cv2.rectangle(fine, (x, y), (round(x + wide), round(y + side)), 255, -1)
    return cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA)[..., None] / 255


def with_thing(pixels, rng, share):
    """The picture with a thing of a saturated color that is far from all of its colors, and that color."""
    known = srgb_to_oklab(pixels.reshape(-1, 3)[::7])
    while True:
        color = rng.integers(0, 256, 3).astype(np.uint8)
        lab = srgb_to_oklab(color)
        if np.hypot(*lab[1:]) > 0.12 and np.linalg.norm((known - lab)[:, 1:], axis=1).min() > 0.1:
            break
    cover = thing(rng, *pixels.shape[:2], share)
    return np.rint(pixels * (1 - cover) + color * cover).astype(np.uint8), color


def gap(palette, color):
    return np.linalg.norm(srgb_to_oklab(palette) - srgb_to_oklab(color), axis=1).min()


def held(seeds, photo=None, count=8):
    """The distances of the nearest ink to the color of a small thing."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        pixels, color = with_thing(backdrop(rng) if photo is None else photo, rng, rng.uniform(0.003, 0.01))
        yield gap(palette_of(pixels, None, count), color)


@pytest.mark.parametrize("seeds", [range(20), pytest.param(range(20, 200), marks=pytest.mark.slow)])
def test_a_small_saturated_thing_keeps_its_color_at_eight_inks(seeds):
    assert max(held(seeds)) < 0.04


@pytest.mark.slow
def test_a_small_saturated_thing_keeps_its_color_on_photos():
    from skimage import data

    for photo in (data.chelsea(), data.coffee(), data.astronaut(), data.rocket()):
        assert max(held(range(6), photo)) < 0.04


def test_a_shade_of_its_own_hue_is_kept_among_many_browns():
    """Two green eyes, 0.6% of a picture of brown fur whose colors lie around a line in OKLab."""
    rng = np.random.default_rng(7)
    light = cv2.GaussianBlur(rng.normal(size=(HEIGHT, WIDTH)), (0, 0), 6)
    light = (light - light.min()) / np.ptp(light)
    fur = np.stack([0.05 + 0.9 * light, 0.03 + 0.02 * light, 0.04 + 0.05 * light], axis=-1)
    pixels = oklab_to_srgb(fur + rng.normal(0, 0.006, fur.shape))
    eye = oklab_to_srgb(np.array([0.62, -0.045, 0.11]))
    for x in (70, 150):
        cv2.circle(pixels, (x, 80), 6, eye.tolist(), -1)
    assert gap(palette_of(pixels, None, 8), eye) < 0.03


def test_a_smooth_field_counts_about_once_however_large():
    """Half of a picture is a sky from pale to deep blue, half of many muted colors: these get most of the inks."""
    rng = np.random.default_rng(2)
    y = np.linspace(0, 1, HEIGHT // 2)[:, None, None] * np.ones((1, WIDTH, 1))
    sky = oklab_to_srgb([0.9, -0.01, -0.03] + y * [-0.25, -0.02, -0.07])
    at = rng.uniform(0, 1, (6, 3)) * [0.5, 0.08, 0.08] + [0.15, -0.04, -0.04]
    ground = oklab_to_srgb(at[rng.integers(0, 6, (10, 22))].repeat(8, 0).repeat(10, 1))
    palette = palette_of(np.vstack([sky, ground]), None, 8)
    known = srgb_to_oklab(np.unique(ground.reshape(-1, 3), axis=0))
    nearest = np.linalg.norm(known[:, None] - srgb_to_oklab(palette), axis=2).min(axis=1)
    assert nearest.max() < 0.03


def test_mixtures_of_two_neighbors_are_no_colors():
    """Fine red lines on white, softened: a third of the pixels are pink, and no ink is but what is left over."""
    pixels = np.full((240, 240, 3), 250, np.uint8)
    for y in range(6, 240, 12):
        pixels[y : y + 5] = 200, 20, 30
    soft = cv2.blur(pixels, (3, 3))
    palette = palette_of(soft, None, 2)
    assert gap(palette, [200, 20, 30]) < 0.05 and gap(palette, [250, 250, 250]) < 0.035


def test_as_many_colors_to_keep_as_are_wanted_are_all_there_are():
    pixels = np.random.default_rng(1).integers(0, 256, (20, 30, 3), np.uint8)
    keep = np.array([[9, 9, 9], [120, 40, 200], [240, 240, 200]], np.uint8)
    assert np.array_equal(palette_of(pixels, None, 3, keep=keep), keep)


def test_colors_to_keep_are_among_those_chosen_and_the_rest_make_room():
    pixels = backdrop(np.random.default_rng(3))
    keep = np.array([[214, 40, 40], [1, 2, 3]], np.uint8)
    palette = palette_of(pixels, None, 6, keep=keep)
    assert palette.shape == (6, 3)
    assert {tuple(color) for color in keep.tolist()} <= {tuple(color) for color in palette.tolist()}
    assert len(np.unique(palette, axis=0)) == 6


def test_weights_say_what_counts():
    left, right = ([[30, 60, 90]], [[120, 100, 60]])
    rng = np.random.default_rng(4)
    pixels = np.concatenate([np.full((60, 60, 3), left), np.full((60, 60, 3), right)], axis=1)
    pixels = np.clip(pixels + rng.normal(0, 14, pixels.shape), 0, 255).astype(np.uint8)
    weight = np.ones((60, 120))
    weight[:, 60:] = 30

    def error(palette):
        far = np.linalg.norm(srgb_to_oklab(pixels)[:, :, None] - srgb_to_oklab(palette), axis=3).min(axis=2)
        return far[:, :60].mean(), far[:, 60:].mean()

    plain, heavy = error(palette_of(pixels, None, 6)), error(palette_of(pixels, None, 6, weight=weight))
    assert heavy[1] < plain[1] and heavy[0] > plain[0]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 40])
def test_there_are_as_many_colors_as_asked_for_or_as_the_picture_has(count):
    rng = np.random.default_rng(5)
    many, few = backdrop(rng), np.array([[0, 0, 0], [1, 1, 1], [2, 2, 2]], np.uint8)[rng.integers(0, 3, (9, 9))]
    assert len(np.unique(palette_of(many, None, count), axis=0)) == count
    assert len(palette_of(few, None, count)) == min(count, 3)


def test_what_is_transparent_has_no_say():
    pixels = backdrop(np.random.default_rng(6))
    inside = np.zeros((HEIGHT, WIDTH), bool)
    inside[:, 40:] = True
    hidden = pixels.copy()
    hidden[:, :40] = 255, 0, 0
    assert (palette_of(hidden, inside, 8) == palette_of(pixels, inside, 8)).all()
