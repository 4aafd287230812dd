"""Large PNGs: what other programs read is what was written, and the filter is the specification's."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from PIL import Image as Pillow

from artkit.artwork.image import Image
from artkit.artwork.photo import read
from artkit.export import encode, png

METADATA = {"title": "Dots – many", "software": "artkit 0.1.0", "recipe": "seed = 7\n"}


def grainy(height: int, width: int, channels: int = 3) -> np.ndarray:
    """Something like a photo: slow changes and grain."""
    y, x = np.mgrid[:height, :width]
    planes = np.dstack([x // 9, y // 7, (x + y) // 16, 255 - y // 11][:channels]) % 256
    grain = np.random.default_rng(0).integers(0, 6, (height, width, channels))
    return np.clip(planes + grain, 0, 255).astype(np.uint8)


def flat_art(height: int, width: int) -> np.ndarray:
    y, x = np.mgrid[:height, :width]
    return np.array([[20, 30, 90], [240, 200, 80]], np.uint8)[(x // 40 + y // 40) % 2]


def by_pillow(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def paeth(beside: int, above: int, diagonal: int) -> int:
    """The predictor as the specification writes it."""
    guess = beside + above - diagonal
    a, b, c = abs(guess - beside), abs(guess - above), abs(guess - diagonal)
    if a <= b and a <= c:
        return beside
    return above if b <= c else diagonal


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("high", [2, 256])
def test_bytes_are_filtered_as_the_specification_says(channels, high):
    pixels = np.random.default_rng(1).integers(0, high, (40, 50, channels), dtype=np.uint8)
    data = b"".join(png._compressed(pixels))
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(40, 1 + 50 * channels)
    assert (rows[:, 0] == 4).all()
    framed = np.pad(pixels.astype(int), ((1, 0), (1, 0), (0, 0)))
    for i, j, k in np.ndindex(pixels.shape):
        guess = paeth(framed[i + 1, j, k], framed[i, j + 1, k], framed[i, j, k])
        assert rows[i, 1 + j * channels + k] == (pixels[i, j, k] - guess) % 256


@pytest.mark.parametrize("band", [1, 500, 1 << 20])
@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 1, 4), (1, 9, 3), (61, 47, 3), (61, 47, 4)])
def test_another_program_reads_what_was_written_whatever_the_bands(shape, band, monkeypatch):
    monkeypatch.setattr(png, "_BAND", band)
    pixels = grainy(*shape)
    with Pillow.open(io.BytesIO(png.encode(pixels, []))) as picture:
        assert picture.mode == ("RGB" if shape[2] == 3 else "RGBA")
        assert np.array_equal(np.asarray(picture), pixels)


def test_large_pictures_of_many_colors_are_written_so_and_no_others():
    assert png.is_for(grainy(1100, 2000))
    assert not png.is_for(grainy(800, 1000))
    assert not png.is_for(flat_art(1100, 2000))
    assert encode(Image(flat_art(1100, 2000)), ".png") == by_pillow(flat_art(1100, 2000))


@pytest.mark.parametrize("channels", [3, 4])
def test_a_large_picture_keeps_its_pixels_and_its_texts_and_takes_few_more_bytes(channels):
    pixels = grainy(1100, 2000, channels)
    image = Image.of(pixels)
    data = encode(image, ".png", metadata=METADATA)
    assert data == encode(image, ".png", metadata=METADATA)
    assert data != by_pillow(pixels), "it was written the usual way after all"
    assert np.array_equal(read(data).rgba, image.rgba)
    with Pillow.open(io.BytesIO(data)) as picture:
        assert {key.lower(): text for key, text in picture.text.items()} == METADATA
    assert len(data) <= 1.08 * len(by_pillow(pixels))
