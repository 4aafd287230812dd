"""Reading photos: every color mode and file kind that people have, and every way in which a file can be bad."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageCms

from artkit.artwork.photo import read
from artkit.errors import PhotoError

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def corners(width: int = 48, height: int = 32) -> Pillow.Image:
    """Red and green above, blue and white below: no turn or flip leaves it as it is."""
    picture = Pillow.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    picture.paste(WHITE, (width // 2, height // 2, width, height))
    return picture


def encoded(picture: Pillow.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def png16(array: np.ndarray, extra: bytes = b"") -> bytes:
    """A 16-bit PNG by the specification, written without the libraries that read it."""
    height, width, bands = array.shape

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    kind = {1: 0, 2: 4, 3: 2, 4: 6}[bands]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in array)
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def tiff16(array: np.ndarray) -> bytes:
    import imageio.v3 as imageio

    return imageio.imwrite("<bytes>", array, plugin="tifffile", extension=".tiff", photometric="rgb")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "GIF", "BMP", "PPM", "JPEG2000"])
def test_lossless_files_give_back_their_pixels(kind):
    options = {"lossless": True} if kind == "WEBP" else {}
    image = read(encoded(corners(), kind, **options))
    assert np.array_equal(image.pixels, np.asarray(corners()))
    assert image.alpha is None


def test_a_jpeg_is_read_from_a_path_as_from_its_bytes(tmp_path):
    data = encoded(corners(), "JPEG", quality=95)
    path = tmp_path / "cat.jpg"
    path.write_bytes(data)
    for source in (path, str(path), data):
        image = read(source)
        assert np.abs(image.pixels.astype(int) - np.asarray(corners())).mean() < 5


def test_pixels_can_be_written_to_and_are_contiguous():
    image = read(encoded(corners(), "PNG"))
    assert image.pixels.flags.writeable and image.pixels.flags.c_contiguous


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_every_exif_orientation_shows_the_picture_upright(kind, orientation):
    undo = {1: lambda a: a, 2: np.fliplr, 3: lambda a: np.rot90(a, 2), 4: np.flipud}
    undo |= {5: lambda a: a.transpose(1, 0, 2), 6: lambda a: np.rot90(a, 1)}  # stored so that turning right mends it
    undo |= {7: lambda a: np.rot90(a.transpose(1, 0, 2), 2), 8: lambda a: np.rot90(a, -1)}
    stored = Pillow.fromarray(np.ascontiguousarray(undo[orientation](np.asarray(corners()))))
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if kind == "WEBP" else {}
    image = read(encoded(stored, kind, exif=exif, **options))
    assert (image.width, image.height) == (48, 32)
    assert np.abs(image.pixels.astype(int) - np.asarray(corners())).mean() < 5


def test_the_mask_is_turned_with_the_picture():
    picture = corners()
    picture.putalpha(Pillow.linear_gradient("L").resize(picture.size))
    exif = Pillow.Exif()
    exif[0x0112] = 3
    image = read(encoded(picture.rotate(180), "PNG", exif=exif))
    assert np.array_equal(image.rgba, np.asarray(picture))


def test_broken_exif_does_not_lose_the_photo():
    data = encoded(corners(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01" * 9)
    assert read(data).width == 48


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA"])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_every_mode_of_pillow_looks_as_pillow_shows_it(mode, kind):
    picture = corners().convert(mode)
    image = read(encoded(picture, kind))
    assert np.array_equal(image.pixels, np.asarray(picture.convert("RGB")))


def test_alpha_becomes_the_mask_and_keeps_the_colors_below():
    picture = corners()
    picture.putalpha(Pillow.linear_gradient("L").resize(picture.size))
    image = read(encoded(picture, "PNG"))
    assert np.array_equal(image.rgba, np.asarray(picture))


def test_an_opaque_alpha_channel_is_no_mask():
    assert read(encoded(corners().convert("RGBA"), "PNG")).alpha is None


def test_a_transparent_palette_color_becomes_the_mask():
    picture = Pillow.new("P", (4, 2))
    picture.putpalette([*RED, *GREEN])
    picture.putpixel((1, 0), 1)
    image = read(encoded(picture, "GIF", transparency=1))
    assert image.alpha is not None
    assert image.alpha.tolist() == [[255, 0, 255, 255], [255, 255, 255, 255]]


def test_the_first_frame_of_an_animation_is_read():
    frames = [Pillow.new("RGB", (6, 4), color) for color in (GREEN, RED)]
    for kind in ("GIF", "WEBP", "PNG"):
        options = {"lossless": True} if kind == "WEBP" else {}
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50, **options)
        assert (read(data).pixels == GREEN).all()


@given(st.lists(st.integers(0, 65535), min_size=4, max_size=4))
def test_16_bits_are_rounded_to_nearest_in_every_kind_of_png(sample):
    for bands in (1, 2, 3, 4):
        array = np.tile(np.array(sample[:bands]), (2, 3, 1))
        expected = [round(value * 255 / 65535) for value in sample]
        image = read(png16(array))
        color = [expected[0]] * 3 if bands < 3 else expected[:3]
        assert image.pixels[1, 2].tolist() == color
        if bands in (2, 4):
            assert image.rgba[0, 0, 3] == expected[bands - 1]


def test_a_16_bit_color_tiff_is_rounded_not_cut():
    array = np.arange(0, 65536, 64).astype(np.uint16)[:960].reshape(20, 16, 3)
    image = read(tiff16(array))
    assert np.array_equal(image.pixels, np.rint(array / 257).astype(np.uint8))


def test_a_16_bit_grey_tiff_keeps_its_white():
    picture = Pillow.fromarray(np.array([[0, 128, 129, 32767, 65535]], np.uint16))
    assert read(encoded(picture, "TIFF")).pixels[0, :, 0].tolist() == [0, 0, 1, 127, 255]


def test_float_tiffs_run_from_0_to_1():
    assert read(encoded(Pillow.fromarray(np.array([[0, 0.5, 1]], np.float32)), "TIFF")).pixels[0, :, 1].tolist() == [
        0,
        128,
        255,
    ]
    color = np.linspace(0, 1, 24, dtype=np.float32).reshape(2, 4, 3)
    assert np.array_equal(read(tiff16(color)).pixels, np.rint(color * 255).astype(np.uint8))
    with pytest.raises(PhotoError, match="0 to 1"):
        read(encoded(Pillow.fromarray(np.array([[0, 200.0]], np.float32)), "TIFF"))


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile_is_not_inverted(kind):
    image = read(encoded(corners().convert("CMYK"), kind))
    assert np.abs(image.pixels.astype(int) - np.asarray(corners())).mean() < 5


def swapped_profile() -> bytes:
    """An sRGB profile with red and green exchanged, so that a reader that ignores profiles is found out."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    table = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * data[131], 12)}
    red, green = table[b"rXYZ"], table[b"gXYZ"]
    data[red : red + 4], data[green : green + 4] = data[green : green + 4], data[red : red + 4]
    return bytes(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_an_embedded_profile_is_converted_to_srgb(kind):
    options = {"lossless": True} if kind == "WEBP" else {}
    image = read(encoded(Pillow.new("RGB", (16, 16), RED), kind, icc_profile=swapped_profile(), **options))
    assert np.abs(image.pixels.astype(int) - GREEN).max() <= 4


def test_a_profile_converts_the_colors_and_leaves_the_mask():
    picture = Pillow.new("RGBA", (4, 4), (*RED, 77))
    image = read(encoded(picture, "PNG", icc_profile=swapped_profile()))
    assert np.abs(image.rgba.astype(int) - (*GREEN, 77)).max() <= 4


def test_a_palette_picture_is_converted_too():
    picture = Pillow.new("RGB", (4, 4), RED).convert("P", palette=Pillow.Palette.ADAPTIVE)
    image = read(encoded(picture, "PNG", icc_profile=swapped_profile()))
    assert np.abs(image.pixels.astype(int) - GREEN).max() <= 4


def test_an_srgb_profile_changes_no_pixel():
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert np.array_equal(read(encoded(Pillow.fromarray(noise), "PNG", icc_profile=profile)).pixels, noise)


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "CMYK"])
@pytest.mark.parametrize("profile", ["sRGB", "LAB", "broken", "cut"])
def test_a_profile_that_does_not_fit_is_passed_over(mode, profile):
    data = {"broken": b"not a profile", "cut": swapped_profile()[:200]}.get(profile)
    data = data or ImageCms.ImageCmsProfile(ImageCms.createProfile(profile)).tobytes()
    picture = Pillow.new("RGB", (8, 8), (90, 90, 90)).convert(mode)
    image = read(encoded(picture, "TIFF", icc_profile=data))
    assert np.abs(image.pixels.astype(int) - 90).max() <= 2


def test_a_folder_of_bad_files_each_gets_one_clear_line(tmp_path: Path):
    jpeg, png = encoded(corners(), "JPEG"), encoded(corners(), "PNG")
    (tmp_path / "kitten.jpg").write_bytes(jpeg)
    (tmp_path / "folder.jpg").mkdir()
    bad = {
        "empty.jpg": (b"", "empty"),
        "cut.jpg": (jpeg[: len(jpeg) * 2 // 3], "damaged or cut short"),
        "cut.png": (png[: len(png) - 30], "damaged or cut short"),
        "crc.png": (png[:50] + b"????" + png[54:], "damaged or cut short"),
        "text.jpg": (b"hello, this is not a picture", "use JPEG, PNG"),
        "page.jpg": (b"%PDF-1.7 ...", "a PDF"),
        "vector.png": (b"  <svg xmlns='x'/>", "an SVG"),
        "phone.jpg": (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        "cut.tif": (tiff16(np.zeros((9, 9, 3), np.uint16))[:60], "TIFF|damaged"),
        "zeros.jpg": (b"\0" * 4096, "use JPEG, PNG"),
    }
    for name, (data, reason) in bad.items():
        (tmp_path / name).write_bytes(data)
        assert_one_line(tmp_path / name, reason)
    assert_one_line(tmp_path / "kiten.jpg", "no such file; did you mean kitten.jpg")
    assert_one_line(tmp_path / "nowhere" / "cat.jpg", "there is no folder")
    assert_one_line(tmp_path / "folder.jpg", "is a folder")
    assert_one_line("a\0b", "cannot be read")


def assert_one_line(source: str | Path | bytes, reason: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(PhotoError, match=reason) as caught:
            read(source)
    line = str(caught.value)
    assert "\n" not in line and len(line) < 300
    assert isinstance(source, bytes) or line.startswith(f"{source}: ")


def test_a_file_without_permission_says_so(tmp_path, monkeypatch):
    def refuse(self, mode):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert_one_line(tmp_path / "cat.jpg", "no permission")


def test_a_decompression_bomb_is_refused_before_it_is_decoded():
    bomb = bytearray(encoded(Pillow.new("1", (8, 8)), "PNG"))
    bomb[16:24] = struct.pack(">II", 60000, 60000)
    bomb[29:33] = struct.pack(">I", zlib.crc32(bytes(bomb[12:29])))
    assert_one_line(bytes(bomb), "megapixels")


@given(st.binary(max_size=200), st.sampled_from(["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP"]), st.data())
def test_damage_anywhere_gives_a_picture_or_one_line(noise, kind, data):
    whole = encoded(corners(), kind)
    at = data.draw(st.integers(0, len(whole)))
    damaged = whole[:at] + noise + whole[at + len(noise) :]
    try:
        assert read(damaged).pixels.ndim == 3
    except PhotoError as error:
        assert "\n" not in str(error)


def test_the_first_picture_of_a_phones_stereo_file_is_read():
    data = encoded(corners(), "MPO", save_all=True, append_images=[Pillow.new("RGB", (48, 32))])
    assert np.abs(read(data).pixels.astype(int) - np.asarray(corners())).mean() < 5
