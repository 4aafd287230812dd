"""Flat art that JPEG, grain or blur has been at: what is drawn is what there was before."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from artkit import render
from artkit.artwork.image import Image
from artkit.ops.trace import trace
from artkit.planar.map import planar_map
from artkit.tracer.closeness import psnr
from artkit.tracer.found import kind_of
from artkit.tracer.noise import LEAST, damage, is_flat_art
from artkit.tracer.regions.noisy import noisy_mixtures
from artkit.tracer.regions.potts import agreed, without_scraps
from artkit.tracer.regions.synthesis import painted, settled

WHITE, RED, BLUE, GREEN, INK = (255, 255, 255), (216, 38, 44), (24, 66, 140), (96, 168, 72), (30, 30, 36)
SIZE, FINE = 128, 8


def drawing(scale: int = 1) -> np.ndarray:
    """A disc, a triangle over its rim, a bar and a small square, with exact coverage, `scale` times as large."""
    n = SIZE * FINE
    y, x = (np.mgrid[:n, :n] + 0.5) / FINE
    picture = np.full((n, n, 3), WHITE, np.float64)
    picture[(x - 52) ** 2 + (y - 50) ** 2 < 34**2] = RED
    picture[(y > 40) & (y < 110) & (x > 70) & (x - 70 < (y - 40) * 0.6)] = BLUE
    picture[(y > 116) & (y < 120) & (x > 10) & (x < 100)] = INK
    picture[(abs(x - 24) < 5) & (abs(y - 102) < 5)] = GREEN
    step = FINE // scale
    return picture.reshape(SIZE * scale, step, SIZE * scale, step, 3).mean((1, 3))


def as_jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    """The picture after it was saved as JPEG, tints at half the size."""
    file = io.BytesIO()
    Pillow.fromarray(np.rint(picture).astype(np.uint8)).save(file, "JPEG", quality=quality, subsampling=2)
    return np.asarray(Pillow.open(file))


def with_grain(picture: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(1).normal(0, 5, picture.shape)
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


def blurred(picture: np.ndarray, by: float) -> np.ndarray:
    import cv2

    return np.rint(cv2.GaussianBlur(picture, (0, 0), by)).astype(np.uint8)


HARMS = {
    "jpeg 90": (lambda p: as_jpeg(p, 90), 36),
    "jpeg 70": (lambda p: as_jpeg(p, 70), 34),
    "jpeg 40": (lambda p: as_jpeg(p, 40), 31),
    "grain": (with_grain, 36),
    "blur": (lambda p: blurred(p, 1.2), 25),
}


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.sample(2)
def test_harmed_drawings_come_back_with_their_shapes_and_colors(harm: str) -> None:
    make, least = HARMS[harm]
    pixels = make(drawing())
    told: list[str] = []
    drawn = trace(Image(pixels), report=told.append)
    assert "flat under noise" in told[-1]
    assert sum(1 for _ in drawn.shapes) == 4  # and the paper, no rim, no ringing, no smeared tint
    assert drawn.segments <= 40
    fine = render.rendered(drawn, (SIZE * 4, SIZE * 4))
    assert psnr(fine, np.rint(drawing(4)).astype(np.uint8)) > least
    mixed = noisy_mixtures(pixels, damage(pixels))
    for color in (WHITE, RED, BLUE, GREEN):
        assert np.abs(mixed.palette - color).max(1).min() <= 4 + 6 * (color == GREEN)  # its square is small


def test_clean_drawings_are_not_touched_by_it() -> None:
    told: list[str] = []
    trace(Image(np.rint(drawing()).astype(np.uint8)), report=told.append)
    assert told[-1].startswith("flat, ")


def test_flat_art_that_is_said_to_be_flat_is_freed_of_noise_too() -> None:
    drawn = trace(Image(as_jpeg(drawing(), 60)), kind="flat")
    assert sum(1 for _ in drawn.shapes) <= 6


def test_gradients_and_texture_are_no_flat_art() -> None:
    rng = np.random.default_rng(2)
    y, x = np.mgrid[:160, :160]
    ramp = np.dstack([40 + x, 200 - y, 90 + 0.4 * (x + y)])
    rough = ramp + 40 * np.sin(x * 0.7)[..., None] * np.cos(y * 0.45)[..., None]
    for picture in (ramp, rough):
        pixels = np.clip(picture + rng.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)
        assert not is_flat_art(pixels)
        assert kind_of(Image(pixels), "auto", None) == "photo"


def test_damage_tells_blur_and_noise() -> None:
    clean = drawing()
    assert damage(np.rint(clean).astype(np.uint8)).noise == LEAST
    assert damage(np.rint(clean).astype(np.uint8)).blur == 0
    assert damage(as_jpeg(clean, 40)).noise > damage(as_jpeg(clean, 90)).noise
    for blur in (1.0, 2.0):
        assert damage(blurred(clean, blur)).blur == pytest.approx(blur, rel=0.2)


def test_borders_in_place_paint_the_labels() -> None:
    labels = np.random.default_rng(3).integers(0, 4, (12, 17)).astype(np.int32)
    inks = np.array([[0.0, 10], [50, 0], [100, 3], [255, 7]], np.float32)
    planar = planar_map(labels)
    color = lambda faces: np.where((faces >= 0)[:, None], inks[planar.face_label[faces]], 0)  # noqa: E731
    shown = painted(planar, np.zeros(len(planar.direction)), color(planar.left) - color(planar.right), 0.0)
    inside = np.ones(labels.shape, bool)  # samples cut the corners off: only whole areas are exact
    inside[1:] &= labels[1:] == labels[:-1]
    assert np.abs(shown.mean() - inks[labels].mean()) < 2
    whole = np.zeros((9, 9), np.int32)
    planar = planar_map(whole)
    shown = painted(planar, np.zeros(len(planar.direction)), -np.array([[7.0]] * len(planar.left)), 0.0)
    assert np.abs(shown[1:-1, 1:-1] - 7).max() < 1e-5


def test_borders_move_to_where_the_blurred_picture_has_them() -> None:
    at = 10.3
    coverage = np.clip(at - np.arange(24), 0, 1)
    picture = blurred(np.repeat(np.repeat(255 * coverage[None, :, None], 24, 0), 3, 2), 1.5)
    labels = np.repeat((np.arange(24) >= round(at)).astype(np.int32)[None], 24, 0)
    planar = planar_map(labels)
    inks = np.array([[255, 255, 255], [0, 0, 0]], np.float32)
    place = settled(planar, np.zeros(len(planar.direction)), picture.astype(np.float32), inks, 1.5)
    inner = ((planar.left >= 0) & (planar.right >= 0))[planar.arc_of]
    assert np.abs(place[inner] - (at - round(at)))[3:-3].max() < 0.06
    assert not place[~inner].any()


def test_thin_blurred_shapes_are_as_wide_as_they_were() -> None:
    picture = np.full((64, 96, 3), 255.0)
    picture[20:44, 10:86] = (40, 90, 160)
    picture[52:55, 10:86] = (40, 90, 160)
    drawn = trace(Image(blurred(picture, 1.5)), kind="flat")
    shown = 255 - render.rendered(drawn, (96 * 4, 64 * 4))[..., 0].astype(float)
    for rows, width in (((10, 48), 24), ((48, 62), 3)):
        across = shown[rows[0] * 4 : rows[1] * 4, 4 * 30 : 4 * 60].sum(0) / 4 / (255 - 40)
        assert np.abs(across - width).max() < 0.45


def test_tints_count_more_where_nothing_has_smeared_them() -> None:
    assert damage(blurred(drawing(), 1.2)).tint > damage(as_jpeg(drawing(), 60)).tint


def test_a_pixel_that_its_neighbors_outvote_gives_in_and_one_that_is_sure_does_not() -> None:
    label = np.zeros((5, 5), np.int64)
    y, x = np.array([2]), np.array([2])
    assert agreed(label, y, x, np.array([[3.0, 0.0]], np.float32))[2, 2] == 0
    assert agreed(label, y, x, np.array([[30.0, 0.0]], np.float32))[2, 2] == 1


def test_scraps_go_and_shapes_that_their_pixels_speak_for_stay() -> None:
    label = np.zeros((9, 9), np.int64)
    label[3:5, 3:6] = 1
    y, x = np.nonzero(label)
    sure = label == 0
    faint, strong = (np.tile(np.array([cost, 0], np.float32), (len(y), 1)) for cost in (2.0, 20.0))
    assert not without_scraps(label, sure, y, x, faint).any()
    assert (without_scraps(label, sure, y, x, strong) == label).all()
