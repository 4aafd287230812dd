"""Pixels out of order: sorted in runs as a loop would, and moved to the side as channels and slices."""

from __future__ import annotations

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.color.gray import gray_of
from artkit.registry.discovery import find

RNG = np.random.default_rng


def noise(height: int = 17, width: int = 23) -> Image:
    return Image(RNG(8).integers(0, 256, (height, width, 3), np.uint8))


@pytest.mark.parametrize(("toward", "turns"), [("right", 0), ("down", 1), ("left", 2), ("up", 3)])
def test_runs_are_sorted_as_a_loop_sorts_them(toward, turns):
    image = noise()
    gray = gray_of(image.pixels, "lightness")
    pixels, light = np.rot90(image.pixels, turns).copy(), np.rot90(gray, turns)
    for row, levels in zip(pixels, light, strict=True):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and 90 <= levels[end] <= 200:
                end += 1
            places = sorted(range(x, end), key=lambda k: levels[k])
            row[x:end] = row[places].copy()
            x = max(end, x + 1)
    expected = np.rot90(pixels, -turns)
    made = find("pixel-sort")(image, low=90, high=200, toward=toward)
    assert np.array_equal(gray_of(made.pixels, "lightness"), gray_of(expected, "lightness"))
    for one, other in ((made.pixels, image.pixels),):  # no pixel is lost
        assert np.array_equal(np.sort(one.reshape(-1, 3), 0), np.sort(other.reshape(-1, 3), 0))


def test_pixels_out_of_range_and_transparent_ones_stay():
    alpha = np.full((17, 23), 255, np.uint8)
    alpha[:, 5:9] = 0
    image = Image(noise().pixels, alpha)
    gray = gray_of(image.pixels, "lightness")
    made = find("pixel-sort")(image, low=120, high=220, toward="right")
    stays = (gray < 120) | (gray > 220) | (alpha == 0)
    assert np.array_equal(made.pixels[stays], image.pixels[stays])
    assert np.array_equal(made.alpha, alpha)


def test_channels_are_shifted_apart_and_rows_only_move():
    image = noise(40, 50)
    shifted = find("glitch")(image, shift=0.1, slices=0).pixels
    for channel, by in enumerate((-5, 0, 5)):
        assert np.array_equal(shifted[..., channel], np.roll(image.pixels[..., channel], by, 1))
    torn = find("glitch")(image, shift=0.0, slices=9, slide=0.3, rng=RNG(1)).pixels
    moved = (torn != image.pixels).any((1, 2))
    assert 0 < moved.sum() < 40
    for row, own in zip(torn, image.pixels, strict=True):
        assert any(np.array_equal(row, np.roll(own, by, 0)) for by in range(50))


def test_a_seed_tears_one_way():
    image = noise(40, 50)
    one, same, other = (find("glitch")(image, rng=RNG(seed)).pixels for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
