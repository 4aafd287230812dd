"""A camera that moves: what is seen is where it should be, and the frame after the last one is the first."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.raster import camera
from artkit.registry.discovery import find


def soft(height: int, width: int) -> Image:
    """A picture without sharp edges, with more to see on the right."""
    y, x = np.mgrid[:height, :width]
    pixels = np.dstack([128 + 90 * np.sin(x / 9), 128 + 90 * np.sin(y / 7), x * 255 / width])
    return Image(pixels.astype(np.uint8))


def blob(at: tuple[float, float], height: int = 160, width: int = 240) -> np.ndarray:
    y, x = np.mgrid[:height, :width] + 0.5
    bell = 255 * np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / 200)
    return np.repeat(bell[..., None], 3, 2).astype(np.uint8)


def found(pixels: np.ndarray) -> np.ndarray:
    """Where the blob is, as x and y."""
    weight = pixels[..., 0].astype(float)
    y, x = np.mgrid[: weight.shape[0], : weight.shape[1]] + 0.5
    return np.array([(x * weight).sum(), (y * weight).sum()]) / weight.sum()


def test_without_zoom_a_frame_is_the_mean_of_four_pixels():
    pixels = np.random.default_rng(1).integers(0, 256, (20, 30, 3), np.uint8)
    mean = pixels.reshape(10, 2, 15, 2, 3).mean((1, 3))
    assert np.abs(camera.zoomed(pixels, 1.0, (0.3, 0.9), (15, 10)) - mean).max() <= 0.5
    flat = np.zeros((20, 30), np.float32)
    assert np.abs(camera.shifted(pixels, (0.1, 0.1), flat, 1.0, (15, 10)) - mean).max() <= 0.5


@pytest.mark.parametrize("zoom", [1.0, 1.5, 2.0])
def test_what_is_seen_moves_away_from_the_middle_by_the_zoom(zoom):
    middle = np.array([0.4, 0.55]) * (120, 80)
    frame = camera.zoomed(blob((110, 100)), zoom, (0.4, 0.55), (120, 80))
    assert found(frame) == pytest.approx(middle + zoom * (np.array([55, 50]) - middle), abs=0.3)


@pytest.mark.parametrize("depth", [0.0, 0.5, 1.0])
def test_what_is_nearer_moves_farther(depth):
    far = np.full((160, 240), depth, np.float32)
    frame = camera.shifted(blob((130, 70)), (0.05, -0.02), far, 1.0, (120, 80))
    assert found(frame) == pytest.approx((65 + depth * 0.05 * 120, 35 - depth * 0.02 * 120), abs=0.1)


@pytest.fixture(scope="module", params=["zoom-loop", "parallax"])
def made(request):
    return find(request.param)(soft(60, 90), frames=10, focus="63,30,12", size=60)


def test_the_frame_after_the_last_one_is_the_first_and_steps_are_even(made):
    assert made.size == (60, 40)
    frames = [made.frame(i).pixels.astype(float) for i in range(made.count + 1)]
    assert np.abs(frames[-1] - frames[0]).max() <= 1
    steps = [np.abs(one - other).mean() for one, other in pairwise(frames)]
    assert min(steps) > 0.05 and steps[-1] <= 1.05 * max(steps[:-1])
    assert np.array_equal(made.frame(3).pixels, made.frame(3).pixels)


def test_no_edge_comes_into_sight():
    ramp = Image(np.repeat(np.linspace(0, 255, 90)[None, :, None], 60, 0).repeat(3, 2).astype(np.uint8))
    for image in (ramp, Image(ramp.pixels.swapaxes(0, 1))):
        swaying = find("parallax")(image, frames=8, sway=0.04, focus="off", size=60)
        for frame in swaying:
            pixels = frame.pixels[..., 0].astype(int)
            assert (np.diff(pixels, axis=1 if image is ramp else 0) >= 0).all()


def test_the_subject_moves_before_the_rest():
    alone = find("parallax")(Image(blob((120, 30))), frames=4, sway=0.03, focus="120,30,20", size=120)
    far = find("parallax")(Image(blob((120, 30))), frames=4, sway=0.03, focus="off", size=120)
    moved, still = (found(a.frame(1).pixels)[0] - found(a.frame(3).pixels)[0] for a in (alone, far))
    assert moved > 2 * 0.03 * 120 * 0.8 and abs(still) < 0.2 * moved


def test_photos_without_subject_and_of_a_pixel_are_shown_and_a_line_says_so():
    said: list[str] = []
    for size in ((1, 1), (30, 40), (1, 50)):
        image = Image(np.full((*size, 3), 90, np.uint8))
        assert (find("parallax")(image, report=said.append).frame(1).pixels == 90).all()
        assert (find("zoom-loop")(image).frame(20).pixels == 90).all()
    assert said and all("no subject was found" in line for line in said)
    clear = Image(np.zeros((20, 30, 3), np.uint8), np.zeros((20, 30), np.uint8))
    assert (find("zoom-loop")(clear).frame(0).pixels == 255).all()
