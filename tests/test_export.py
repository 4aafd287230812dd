"""Choosing a writer by suffix, and pictures that come back as they went in, with where they come from."""

from __future__ import annotations

import io
from base64 import b64decode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from artkit.artwork import ffmpeg
from artkit.artwork.animation import Animation
from artkit.artwork.drawing import AnimatedDrawing, Drawing, KitDrawing, TextDrawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.artwork.photo import read
from artkit.errors import ArtkitError, UsageError
from artkit.export import check, encode, save, suffix, suffixes

RECIPE = 'title = "Dots – “quoted”"\nseed = 7\n\n[[steps]]\nop = "blur"\nsize = 9\n'
METADATA = {"title": "Dots", "description": "two\nlines", "recipe": RECIPE, "seed": "7", "software": "artkit 0.1.0"}


def noise(seed: int = 0, masked: bool = False, width: int = 23, height: int = 17) -> Image:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (height, width, 3), np.uint8)
    return Image(pixels, rng.integers(0, 256, (height, width), np.uint8) if masked else None)


def artworks() -> dict[str, object]:
    image = noise()
    labels = Labels(np.arange(12, dtype=np.int32).reshape(3, 4) % 3, noise().pixels[0, :3])
    return {
        "Image": image,
        "Labels": labels,
        "Drawing": Drawing(9, 9),
        "AnimatedDrawing": AnimatedDrawing(9, 9, seconds=0.2),
        "TextDrawing": TextDrawing(9, 9, text="Ä\n"),
        "KitDrawing": KitDrawing(9, 9, text="two", rows=(("part", "count"), ("a, b", "2"))),
        "Animation": Animation(3, noise),
    }


@pytest.mark.parametrize(
    ("kind", "ending"), [(kind, ending) for kind, artwork in artworks().items() for ending in suffixes(artwork)]
)
def test_every_artwork_is_written_under_each_of_its_suffixes_and_twice_the_same(tmp_path, kind, ending):
    if ending in (".mp4", ".webm") and not ffmpeg.found():
        pytest.skip("ffmpeg is not installed")
    artwork = artworks()[kind]
    path = save(artwork, tmp_path / f"art{ending.upper()}", metadata=METADATA)
    assert path.read_bytes() == encode(artworks()[kind], ending, metadata=METADATA)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    if "Drawing" not in kind and ending not in (".mp4", ".webm", ".pdf"):
        assert (read(path).width, read(path).height) == ((4, 3) if kind == "Labels" else (23, 17))


def test_the_usual_suffix_is_known_of_artworks_and_of_types():
    usual = {
        "Image": ".png",
        "Labels": ".png",
        "Drawing": ".svg",
        "AnimatedDrawing": ".svg",
        "TextDrawing": ".svg",
        "KitDrawing": ".svg",
        "Animation": ".gif",
    }
    for kind, artwork in artworks().items():
        assert suffix(artwork) == suffix(type(artwork)) == suffixes(artwork)[0] == usual[kind]
    with pytest.raises(UsageError, match="no artwork"):
        suffix(int)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("ending", [".png", ".tiff", ".tif"])
def test_lossless_pictures_come_back_to_the_pixel(ending, masked):
    image = noise(3, masked)
    again = read(encode(image, ending, metadata=METADATA))
    assert np.array_equal(again.rgba, image.rgba)


@pytest.mark.parametrize("ending", [".jpg", ".jpeg", ".bmp"])
def test_what_is_transparent_is_white_where_the_format_cannot_show_it(ending):
    image = Image(
        np.zeros((16, 32, 3), np.uint8), np.repeat(np.array([[0, 128], [255, 255]], np.uint8), 16, 1).repeat(8, 0)
    )
    shown = read(encode(image, ending)).pixels
    assert shown.shape == (16, 32, 3)
    assert [shown[2, 4, 0], shown[2, 28, 0], shown[12, 4, 0]] == pytest.approx([255, 127, 0], abs=4)


def test_webp_looks_like_the_picture():
    ramp = Image.of(np.linspace(0, 1, 64 * 64).reshape(64, 64))
    again = read(encode(ramp, ".webp"))
    assert np.abs(again.pixels.astype(int) - ramp.pixels).mean() < 3


def test_png_says_where_it_comes_from_under_registered_keywords():
    with Pillow.open(io.BytesIO(encode(noise(), ".png", metadata=METADATA))) as picture:
        picture.load()
        said = {key.capitalize(): METADATA[key] for key in ("title", "description", "software")}
        assert {key: text for key, text in picture.text.items() if not key.startswith("XML:")} == said


@given(st.dictionaries(st.sampled_from(list(METADATA)), st.text()))
@pytest.mark.slow
def test_any_words_can_be_written_into_any_format(metadata):
    for ending in (".png", ".jpg", ".gif", ".webp", ".tif"):
        assert read(encode(Image(np.zeros((1, 1, 3), np.uint8)), ending, metadata=metadata)).width == 1


@pytest.mark.parametrize(
    ("artwork", "name", "words"),
    [
        ("Image", "a.svg", "a picture cannot be written as .svg; use .png, .jpg"),
        ("Drawing", "a.gif", "a drawing cannot be written as .gif; use .svg, .svgz"),
        ("Animation", "a.jpg", "an animation cannot be written as .jpg; use .gif, .webp"),
        ("Image", "a", "without a suffix"),
        ("Labels", "a.xyz", "as .xyz"),
    ],
)
def test_a_suffix_that_does_not_fit_is_refused_with_those_that_do(tmp_path, artwork, name, words):
    path = tmp_path / name
    with pytest.raises(UsageError, match=words) as caught:
        save(artworks()[artwork], path)
    assert str(caught.value).startswith(str(path))
    with pytest.raises(UsageError, match=words):
        check(type(artworks()[artwork]), path)
    assert not list(tmp_path.iterdir())


def test_a_picture_too_large_for_a_format_is_refused_by_name():
    wide = Image(np.zeros((1, 65_536, 3), np.uint8))
    for ending, words in {
        ".webp": "WEBP ends at 16383",
        ".jpg": "JPEG ends at 65500",
        ".gif": "GIF ends at 65535",
    }.items():
        with pytest.raises(UsageError, match=words):
            encode(wide, ending)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ArtkitError, match=r"there is no folder .*nowhere"):
        noise().save(tmp_path / "nowhere" / "a.png")


def test_jupyter_shows_pictures():
    image = noise(2, masked=True)
    assert np.array_equal(read(b64decode(image._repr_mimebundle_()["image/png"])).rgba, image.rgba)
    labels = artworks()["Labels"]
    assert np.array_equal(read(b64decode(labels._repr_mimebundle_()["image/png"])).pixels, labels.painted().pixels)
