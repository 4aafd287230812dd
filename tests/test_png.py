"""Large PNGs: what other programs read is what was written, pixel by pixel."""

from __future__ import annotations

import io

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


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 1, 4), (1, 9, 3), (61, 47, 3), (61, 47, 4)])
def test_another_program_reads_what_was_written_and_its_texts(shape):
    pixels = grainy(*shape)
    with Pillow.open(
        io.BytesIO(png.encode(pixels, [(b"tEXt", b"Title\0Grain"), (b"tEXt", b"Author\0Chance")]))
    ) as found:
        assert found.mode == ("RGB" if shape[2] == 3 else "RGBA")
        assert np.array_equal(np.asarray(found), pixels)
        assert found.text == {"Title": "Grain", "Author": "Chance"}


def test_a_file_is_its_chunks():
    data = png.encode(grainy(20, 30), [(b"tEXt", b"Title\0Grain")])
    parts = list(png.chunks(data))
    assert [name for name, _ in parts[:2]] == [b"IHDR", b"tEXt"] and parts[-1] == (b"IEND", b"")
    assert png.SIGNATURE + b"".join(png.chunk(*part) for part in parts) == data


@pytest.mark.slow
def test_large_pictures_of_many_colors_are_written_so_and_no_others():
    assert png.is_for(grainy(1100, 2000))
    assert not png.is_for(grainy(800, 1000))
    assert not png.is_for(flat_art(1100, 2000))


@pytest.mark.parametrize(("colors", "mode"), [(1, "P"), (2, "P"), (256, "P"), (257, "RGB")])
def test_up_to_256_colors_are_a_palette_and_the_same_picture(colors, mode):
    steps = np.arange(200 * 300).reshape(200, 300) * 7 % colors
    pixels = np.dstack([steps % 256, steps // 256 * 9, 255 - steps % 256]).astype(np.uint8)
    data = encode(Image(pixels), ".png", metadata=METADATA)
    with Pillow.open(io.BytesIO(data)) as found:
        assert found.mode == mode and found.text["Software"] == METADATA["software"]
        assert np.array_equal(np.asarray(found.convert("RGB")), pixels)
    assert np.array_equal(read(data).pixels, pixels)


@pytest.mark.slow
def test_a_palette_takes_half_the_bytes_and_leaves_transparency_alone():
    pixels = flat_art(1100, 2000)
    assert len(encode(Image(pixels), ".png")) < 0.5 * len(by_pillow(pixels))
    alpha = np.full((1100, 2000), 9, np.uint8)
    assert np.array_equal(read(encode(Image(pixels, alpha), ".png")).alpha, alpha)


@pytest.mark.slow
@pytest.mark.parametrize("channels", [3, 4])
def test_a_large_picture_keeps_its_pixels_and_its_texts_and_takes_few_more_bytes(channels):
    pixels = grainy(1100, 2000, channels)
    image = Image.of(pixels)
    data = encode(image, ".png", metadata=METADATA)
    assert data == encode(image, ".png", metadata=METADATA)
    assert data != by_pillow(pixels), "it was written the usual way after all"
    assert np.array_equal(read(data).rgba, image.rgba)
    with Pillow.open(io.BytesIO(data)) as picture:
        texts = {key.lower(): text for key, text in picture.text.items()}
        assert "seed = 7" in texts.pop("xml:com.adobe.xmp")
        assert texts == {key: text for key, text in METADATA.items() if key != "recipe"}
    assert len(data) <= 1.08 * len(by_pillow(pixels))
