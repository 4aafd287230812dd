"""Superpixels."""

import numpy as np
import pytest

from artkit.arrays import TRANSPARENT
from artkit.artwork.image import Image
from artkit.color.spaces import lightness
from artkit.errors import UsageError
from artkit.ops.segment import superpixels
from artkit.raster import slic as module


def quarters(height: int = 60, width: int = 80) -> Image:
    """Four flat colors that meet off the middle."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 3] = 250, 200, 40
    pixels[:, : width // 4] = 20, 60, 200
    pixels[height // 3 :, width // 4 :] = 180, 20, 60
    pixels[: height // 3, : width // 4] = 240, 240, 240
    return Image(pixels)


def mixed(labels, image: Image) -> float:
    """Share of the pixels that have another color than most of their region."""
    wrong = 0
    for i in range(len(labels.palette)):
        colors, counts = np.unique(image.pixels[labels.ids == i], axis=0, return_counts=True)
        wrong += int(counts.sum() - counts.max()) if len(colors) else 0
    return wrong / labels.ids.size


def test_regions_are_about_as_many_as_asked_and_of_even_size(photo):
    for count in (20, 100):
        labels = superpixels(photo, count=count, compactness=30)
        assert 0.5 * count <= len(labels.palette) <= 1.5 * count
        assert labels.areas.min() > 0 and labels.areas.max() < 6 * labels.areas.mean()


def test_regions_are_scikit_images_where_the_picture_is_small(photo):
    from skimage.segmentation import slic

    expected = slic(photo.pixels, 50, compactness=12, start_label=0)
    labels = superpixels(photo, count=50)
    pairs = np.unique(np.stack([expected.ravel(), labels.ids.ravel()]), axis=1)
    assert pairs.shape[1] == len(np.unique(expected)) == len(labels.palette)


def test_regions_keep_to_the_edges():
    assert mixed(superpixels(quarters(), count=40), quarters()) == 0


def test_each_region_has_the_mean_of_its_colors_and_they_run_from_dark_to_light(photo):
    labels = superpixels(photo, count=60)
    for i, color in enumerate(labels.palette):
        assert np.abs(photo.pixels[labels.ids == i].mean(axis=0) - color).max() <= 0.5 + 1e-9
    assert (np.diff(lightness(labels.palette)) >= 0).all()


@pytest.mark.parametrize("side", [61, 97])
def test_in_a_large_picture_regions_keep_to_its_own_edges_and_not_to_those_of_a_small_one(monkeypatch, side):
    monkeypatch.setattr(module, "LARGEST", 60 * 80)
    large = quarters(5 * side, 400)
    labels = superpixels(large, count=40)
    assert labels.ids.shape == (5 * side, 400)
    assert 10 <= len(labels.palette) <= 60
    assert mixed(labels, large) < 0.002


def test_in_a_large_picture_of_one_color_each_pixel_is_with_the_nearest_middle(monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 60 * 80)
    ids = superpixels(Image(np.full((180, 240, 3), 90, np.uint8)), count=40).ids
    y, x = np.indices(ids.shape)
    middles = np.array([(y[ids == i].mean(), x[ids == i].mean()) for i in range(ids.max() + 1)])
    nearest = np.argmin([np.hypot(y - row, x - column) for row, column in middles], axis=0)
    assert (nearest == ids).mean() > 0.975


def test_what_is_transparent_is_in_no_region_and_gives_no_color():
    image = quarters()
    alpha = np.full((60, 80), 255, np.uint8)
    alpha[:, 40:] = 0
    labels = superpixels(Image(image.pixels, alpha), count=30)
    assert ((labels.ids == TRANSPARENT) == (alpha == 0)).all()
    assert labels.areas.min() > 0


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (3, 2)])
def test_more_regions_than_pixels_are_no_more_than_pixels(shape):
    labels = superpixels(Image(np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)), count=500)
    assert labels.ids.shape == shape and 1 <= len(labels.palette) <= shape[0] * shape[1]


@pytest.mark.parametrize(
    ("values", "message"),
    [({"count": 0}, "count: 0 is too small"), ({"compactness": 0}, "compactness: 0 is too small")],
)
def test_bad_values_are_one_line_that_says_what_would_work(values, message):
    with pytest.raises(UsageError, match=message):
        superpixels(quarters(), **values)
