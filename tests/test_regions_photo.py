"""Regions of photos: exactly as many colors as asked for, and regions that are worth their borders."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from artkit.color.spaces import srgb_to_oklab
from artkit.planar.map import find_faces
from artkit.tracer.regions.photo import regions

TINY = arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)), elements=st.integers(0, 255))


def photo(seed: int = 0, height: int = 96, width: int = 128) -> np.ndarray:
    """A ground of smooth ramps, some disks on it, and noise over all."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    picture = np.dstack([60 + x * 0.9, 120 + y * 0.6, 200 - x * 0.8 + y * 0.3])
    for _ in range(6):
        center, radius = rng.uniform(0, (height, width)), rng.uniform(6, 22)
        picture[np.hypot(y - center[0], x - center[1]) < radius] = rng.integers(0, 256, 3)
    return np.clip(picture + rng.normal(0, 4, picture.shape), 0, 255).round().astype(np.uint8)


def count_faces(labels: np.ndarray) -> int:
    return len(find_faces(labels)[1])


def squared_error(pixels: np.ndarray, labels: np.ndarray, palette: np.ndarray) -> float:
    return float(((palette[labels].astype(float) - pixels) ** 2).mean())


@settings(max_examples=60, deadline=None)
@given(TINY, st.integers(1, 20), st.randoms(use_true_random=False))
def test_there_are_as_many_colors_as_asked_for_or_as_the_picture_has(pixels, colors, random):
    mask = np.array([[random.random() < 0.8 for _ in range(pixels.shape[1])] for _ in range(pixels.shape[0])])
    for opaque in (None, mask):
        seen = pixels.reshape(-1, 3) if opaque is None else pixels[opaque]
        labels, palette = regions(pixels, opaque, colors=colors)
        wanted = min(colors, len(np.unique(seen, axis=0)))
        assert palette.shape == (wanted, 3)
        assert len(np.unique(palette, axis=0)) == wanted
        assert set(np.unique(labels[labels >= 0])) == set(range(wanted))
        assert np.array_equal(labels < 0, np.zeros_like(mask) if opaque is None else ~opaque)


@pytest.mark.parametrize("colors", [1, 2, 16, 64, 256])
def test_noise_is_divided_into_the_colors_asked_for(colors):
    noise = np.random.default_rng(1).integers(0, 256, (60, 80, 3)).astype(np.uint8)
    labels, palette = regions(noise, colors=colors)
    assert len(np.unique(labels)) == len(palette) == colors


def test_a_few_pixels_of_a_rare_color_are_kept_where_the_colors_asked_for_need_them():
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[5, 5], pixels[20, 9] = 255, (255, 0, 0)
    labels, palette = regions(pixels, colors=3)
    assert np.array_equal(palette[labels], pixels)


def test_colors_are_the_means_of_their_pixels():
    pixels = photo()
    labels, palette = regions(pixels, colors=12)
    for label, color in enumerate(palette):
        assert np.abs(pixels[labels == label].mean(0) - color).max() <= 0.5 + 1e-9


def test_the_number_of_colors_follows_the_picture():
    few = np.kron(np.arange(6).reshape(2, 3), np.ones((20, 20), int))
    palette = np.random.default_rng(2).integers(0, 256, (6, 3)).astype(np.uint8)
    assert np.array_equal(np.unique(regions(palette[few])[1], axis=0), np.unique(palette, axis=0))
    assert 12 <= len(regions(photo())[1]) <= 48


def test_a_given_palette_keeps_its_order_and_its_unused_colors():
    palette = np.array([(255, 0, 255), (250, 250, 250), (10, 10, 10), (0, 255, 0)], np.uint8)
    pixels = np.full((20, 30, 3), 8, np.uint8)
    pixels[:, 15:] = 240
    labels, given_back = regions(pixels, palette=palette)
    assert np.array_equal(given_back, palette)
    assert (labels[:, :15] == 2).all() and (labels[:, 15:] == 1).all()


def test_large_areas_get_the_nearest_color_of_a_given_palette():
    palette = np.random.default_rng(3).integers(0, 256, (9, 3)).astype(np.uint8)
    colors = np.random.default_rng(4).integers(0, 256, (6, 3)).astype(np.uint8)
    pixels = colors[np.kron(np.arange(6).reshape(2, 3), np.ones((30, 30), int))]
    labels, _ = regions(pixels, palette=palette)
    tint = np.array([1, 1.5, 1.5])
    nearest = ((srgb_to_oklab(colors)[:, None] - srgb_to_oklab(palette)[None]) * tint).__pow__(2).sum(2).argmin(1)
    assert np.array_equal(labels[15::30, 15::30].ravel(), nearest)


def test_specks_of_little_contrast_go_and_specks_that_stand_out_stay():
    pixels = np.full((60, 60, 3), 100, np.uint8)
    pixels[10:13, 10:13] = 110
    pixels[40:44, 40:44] = (255, 255, 0)
    labels, _ = regions(pixels, palette=np.array([(100, 100, 100), (110, 110, 110), (255, 255, 0)], np.uint8))
    assert (labels[10:13, 10:13] == labels[0, 0]).all()
    assert (labels[40:44, 40:44] == 2).all()
    assert count_faces(labels) == 2


@pytest.mark.parametrize("least", [1, 30, 300])
def test_all_regions_below_the_least_area_go_but_the_largest_of_each_color(least):
    for seed in range(3):
        labels, palette = regions(photo(seed), colors=16, min_area=least)
        _, label, area = find_faces(labels)
        assert (area < least).sum() <= len(palette)
        assert len(np.unique(label[area < least])) == (area < least).sum()
        fixed = np.random.default_rng(seed).integers(0, 256, (12, 3)).astype(np.uint8)
        assert find_faces(regions(photo(seed), palette=fixed, min_area=least)[0])[2].min() >= least


def test_what_stands_out_stays_unless_it_is_below_the_least_area():
    pixels = np.full((60, 60, 3), 90, np.uint8)
    pixels[20:26, 20:26] = 150
    palette = np.array([(90, 90, 90), (150, 150, 150)], np.uint8)
    assert count_faces(regions(pixels, palette=palette)[0]) == 2
    assert count_faces(regions(pixels, palette=palette, min_area=36)[0]) == 2
    assert count_faces(regions(pixels, palette=palette, min_area=37)[0]) == 1


def test_more_detail_means_more_regions_and_less_error():
    pixels = photo()
    found = [regions(pixels, colors=16, detail=detail) for detail in (0.2, 0.5, 0.8)]
    faces = [count_faces(labels) for labels, _ in found]
    errors = [squared_error(pixels, *each) for each in found]
    assert faces == sorted(faces) and faces[0] < faces[-1]
    assert errors == sorted(errors, reverse=True) and errors[0] > errors[-1]


def test_merging_takes_most_of_the_faces_and_little_of_the_fidelity():
    pixels = photo()
    labels, palette = regions(pixels, colors=16)
    plain = ((srgb_to_oklab(pixels)[:, :, None] - srgb_to_oklab(palette)) ** 2).sum(3).argmin(2).astype(np.int32)
    assert count_faces(labels) < 0.1 * count_faces(plain)
    assert squared_error(pixels, labels, palette) < 2 * squared_error(pixels, plain, palette)


def test_what_lies_beneath_transparent_parts_makes_no_difference():
    pixels = photo()
    opaque = np.zeros(pixels.shape[:2], bool)
    opaque[20:70, 30:90] = True
    other = np.where(opaque[..., None], pixels, 255 - pixels)
    for one, two in zip(regions(pixels, opaque, colors=8), regions(other, opaque, colors=8), strict=True):
        assert np.array_equal(one, two)


def test_a_picture_without_an_opaque_pixel_has_no_color():
    labels, palette = regions(np.zeros((4, 5, 3), np.uint8), np.zeros((4, 5), bool), colors=3)
    assert (labels == -1).all() and palette.shape == (0, 3)


def test_the_same_picture_gives_the_same_regions_and_stays_as_it_was():
    pixels = photo()
    before = pixels.copy()
    first, second = regions(pixels), regions(pixels)
    assert np.array_equal(pixels, before)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
