"""What a picture is: drawn here as flat art, as line work and as photos, clean, compressed, and at many sizes."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest

from artkit.tracer.look import clean, kind


def shrunk(picture: np.ndarray, size: int) -> np.ndarray:
    """Antialias by area."""
    return np.asarray(cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA))


def jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])


def shapes(seed: int, *, tones: bool = False, count: int = 9) -> np.ndarray:
    """Disks, boxes and strokes of plain colors, 2048 pixels wide; black on white with `tones`."""
    rng = np.random.default_rng(seed)
    picture = np.full((2048, 2048, 3), 255, np.uint8)
    for number in range(count):
        color = (20, 20, 20) if tones else tuple(int(level) for level in rng.integers(0, 256, 3))
        (x, y), size = rng.integers(300, 1750, 2).tolist(), int(rng.integers(90, 400))
        if number % 3 == 0:
            cv2.circle(picture, (x, y), size, color, -1)
        elif number % 3 == 1:
            cv2.rectangle(picture, (x - size, y - size // 2), (x + size, y), color, -1)
        else:
            cv2.line(picture, (x - size, y), (x + size, y + size), color, 40)
    return picture


def photo(seed: int, height: int = 240, width: int = 320) -> np.ndarray:
    """Soft blobs of many sizes under a slope of light, with grain."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3))
    for size in (4, 9, 20, 60):
        picture += cv2.resize(rng.normal(0, 28, (size, size, 3)), (width, height), interpolation=cv2.INTER_CUBIC)
    picture += 128 + np.linspace(-40, 40, width)[None, :, None] + rng.normal(0, 3, picture.shape)
    return np.clip(picture, 0, 255).round().astype(np.uint8)


@pytest.mark.parametrize("size", [64, 128, 256, 1024, 2048])
def test_plain_colors_are_flat_and_black_on_white_is_line_work(size):
    for seed in range(4):
        assert kind(shrunk(shapes(seed), size)) == "flat"
        tones = shrunk(shapes(seed, tones=True), size)
        assert kind(tones) == "line"
        assert kind(np.where(tones > 128, np.uint8(255), np.uint8(0))) == "line"
        assert kind(255 - tones) == "line"


@pytest.mark.parametrize("quality", [75, 85, 95])
def test_flat_art_full_of_noise_is_treated_as_a_photo_and_line_work_is_not(quality):
    for seed in range(4):
        assert kind(jpeg(shrunk(shapes(seed), 512), quality)) == "photo"
        assert kind(jpeg(shrunk(shapes(seed, tones=True), 512), quality)) == "line"
        assert kind(jpeg(photo(seed), quality)) == "photo"


@pytest.mark.parametrize("quality", [75, 95])
def test_cleaning_gives_line_work_its_two_tones_back(quality):
    for seed in range(4):
        exact = shrunk(shapes(seed, tones=True), 512)
        noisy = jpeg(exact, quality)
        cleaned = clean(noisy)
        plain = (exact == 20) | (exact == 255)
        assert len(np.unique(noisy[plain])) > 20
        wrong, before = (np.abs(each.astype(int) - exact)[plain] > 3 for each in (cleaned, noisy))
        assert wrong.mean() < 0.4 * before.mean()
        assert np.abs(cleaned.astype(int) - exact).mean() < 1


def test_cleaning_leaves_what_is_clean_and_what_is_no_line_work():
    for picture in (
        shrunk(shapes(0, tones=True), 256),
        shrunk(shapes(0), 256),
        photo(0),
        np.zeros((1, 1, 3), np.uint8),
    ):
        assert clean(picture) is picture


@pytest.mark.parametrize("scale", [0.25, 1, 3])
def test_photos_are_photos_at_any_size_in_color_and_gray(scale):
    for seed in range(4):
        picture = cv2.resize(photo(seed), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        assert kind(picture) == "photo"
        assert kind(np.repeat(picture[..., 1:2], 3, 2)) == "photo"


def test_a_photo_cut_out_on_white_or_black_is_a_photo():
    for seed in range(4):
        for ground, size in ((0, (120, 90)), (255, (120, 90)), (0, (60, 50)), (255, (60, 50))):
            picture = np.full((300, 400, 3), ground, np.uint8)
            cv2.ellipse(mask := np.zeros((300, 400), np.uint8), (200, 150), size, 0, 0, 360, 1, -1)
            picture[mask > 0] = photo(seed, 300, 400)[mask > 0]
            assert kind(picture) == "photo"
            assert kind(jpeg(picture, 80)) == "photo"


def test_ramps_and_noise_are_no_flat_art():
    y, x = np.mgrid[:300, :500]
    assert kind(np.dstack([x / 2, y * 0.8, 0 * x + 90]).astype(np.uint8)) == "photo"
    assert kind(np.repeat((x / 2).astype(np.uint8)[..., None], 3, 2)) == "photo"
    assert kind(np.repeat((np.hypot(x - 250, y - 150) * 0.8).astype(np.uint8)[..., None], 3, 2)) == "photo"
    assert kind(np.random.default_rng(0).integers(0, 256, (200, 300, 3)).astype(np.uint8)) == "photo"


def test_a_scanned_drawing_is_line_work_in_spite_of_paper_and_lamp():
    rng = np.random.default_rng(1)
    drawing = np.full((600, 800, 3), 232.0)
    for _ in range(30):
        a, b = rng.integers(0, 600, (2, 2)).tolist()
        cv2.line(drawing, a, b, (45, 45, 45), 3, cv2.LINE_AA)
    paper = drawing + rng.normal(0, 5, (600, 800, 1)) + np.linspace(-12, 8, 800)[None, :, None]
    scan = np.clip(paper, 0, 255).astype(np.uint8)
    assert kind(scan) == "line"
    assert kind(jpeg(scan, 85)) == "line"


def test_a_page_of_text_in_colors_is_flat():
    page = np.full((500, 800, 3), 255, np.uint8)
    page[:50] = (40, 44, 52)
    for row in range(20):
        color = (row % 5 * 30, 60, 120)
        cv2.putText(
            page, "The quick brown fox", (20, 80 + row * 20), cv2.FONT_HERSHEY_SIMPLEX, 0.5, color, 1, cv2.LINE_AA
        )
    assert kind(page) == "flat"


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 2), (50, 60)])
def test_one_color_is_flat_whatever_the_shape(shape):
    assert kind(np.full((*shape, 3), (200, 30, 40), np.uint8)) == "flat"
    assert kind(np.zeros((*shape, 3), np.uint8)) == "flat"


def test_what_is_transparent_does_not_count():
    picture = shrunk(shapes(0), 400)
    opaque = np.zeros((400, 400), bool)
    opaque[80:320, 60:340] = True
    picture[~opaque] = np.random.default_rng(0).integers(0, 256, (int((~opaque).sum()), 3))
    assert kind(picture, opaque) == "flat"
    assert kind(picture) == "photo"
    assert kind(picture, np.zeros((400, 400), bool)) == "flat"


def test_a_few_opaque_pixels_of_a_large_picture_are_looked_at():
    opaque = np.zeros((3000, 2000), bool)
    opaque[17, 5:900] = True
    assert kind(np.full((3000, 2000, 3), 7, np.uint8), opaque) == "flat"


def test_a_large_picture_is_only_looked_at_in_places():
    large = np.tile(photo(0), (12, 12, 1))
    begin = time.process_time()
    assert kind(large) == "photo"
    assert time.process_time() - begin < 0.5
