"""What raster ops need beyond their input and output: at most 12 bytes for each pixel and channel."""

import tracemalloc

import numpy as np
import pytest

from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.ops.animate import color_cycle
from artkit.ops.color import channels, grayscale, rotate_color, saturate
from artkit.ops.dither import dither
from artkit.ops.filter import bilateral, blur, canny, channel_blur, emboss, median, sharpen, sobel
from artkit.ops.frame import kaleidoscope, mirror, pad, resize, rotate
from artkit.ops.halftone import halftone
from artkit.ops.paint import kuwahara, oil, paint, pixelate, recolor, sketch
from artkit.ops.segment import adaptive_threshold, kmeans, multi_otsu, otsu, otsu_rgb, select, superpixels
from artkit.ops.tone import auto_levels, duotone, gamma, gradient_map, levels, solarize

SIDE = 2000
LIMIT = 12 * 3 * SIDE * SIDE


def half(image: Image) -> Image:
    """The picture, half transparent."""
    return Image(image.pixels, image.pixels[..., 0])


OPS = {
    "blur": lambda image: blur(image, size=75),
    "bell": lambda image: blur(image, window="gaussian", size=75),
    "median": lambda image: median(image, size=71),
    "channel-blur": channel_blur,
    "sobel": lambda image: sobel(image, scale="auto"),
    "bilateral": lambda image: bilateral(image, size=3),
    "sharpen": sharpen,
    "canny": lambda image: canny(image, width=3),
    "emboss": lambda image: emboss(image, of="channels"),
    "oil": lambda image: oil(image, size=255, shades=4),
    "kuwahara": lambda image: kuwahara(image, size=255),
    "pixelate": pixelate,
    "halftone": halftone,
    "sketch": lambda image: sketch(image, over="picture"),
    "rotate-color": rotate_color,
    "hue": lambda image: rotate_color(image, space="oklch"),
    "saturate": saturate,
    "grayscale": grayscale,
    "channels": channels,
    "resize": lambda image: resize(image, size=1500),
    "resize-light": lambda image: resize(image, size=1500, space="linear"),
    "resize-alpha": lambda image: resize(half(image), size=1500, space="linear"),
    "rotate": rotate,
    "tilt": lambda image: rotate(image, angle=20),
    "pad": lambda image: pad(image, margin=50, fill="mirror"),
    "mirror": mirror,
    "kaleidoscope": kaleidoscope,
    "levels": lambda image: levels(image, black=20),
    "auto-levels": lambda image: auto_levels(image, of="channels"),
    "gamma": gamma,
    "solarize": solarize,
    "duotone": duotone,
    "gradient-map": gradient_map,
    "floyd-steinberg": dither,
    "bayer": lambda image: dither(image, method="bayer", matrix=16),
    "blue-noise": lambda image: dither(image, method="blue-noise", dot=2),
    "otsu": otsu,
    "otsu-rgb": otsu_rgb,
    "multi-otsu": multi_otsu,
    "adaptive-threshold": adaptive_threshold,
    "superpixels": superpixels,
    "kmeans": lambda image: kmeans(image, colors=4),
    "select": lambda image: select(Labels(image.pixels[..., 0].astype(np.int32) // 64, np.zeros((4, 3), np.uint8))),
    "paint": lambda image: paint(recolor(otsu(image))),
    "color-cycle": lambda image: color_cycle(image).frame(1),
}


@pytest.fixture(scope="module")
def large() -> Image:
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.uint32)
    return Image(np.dstack([x // 8, y // 8, (x ^ y) // 8]).astype(np.uint8))


@pytest.fixture(scope="module")
def noise() -> Image:
    """A picture of nearly as many colors as pixels."""
    return Image(np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8))


def peak(change, image: Image) -> int:
    """Bytes needed beyond the input and the output."""
    change(Image(image.pixels[:64, :64].copy()))  # what is imported on first use is not the op's
    tracemalloc.start()
    try:
        result = change(image)
        highest = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return highest - (result.ids.nbytes if isinstance(result, Labels) else result.pixels.nbytes)


@pytest.mark.slow
@pytest.mark.parametrize("name", OPS)
def test_working_memory_is_at_most_12_bytes_for_each_pixel_and_channel(large, name):
    assert peak(OPS[name], large) <= LIMIT


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hue", "color-cycle", "kmeans", "bayer"])
def test_not_even_as_many_colors_as_pixels_take_more_memory(noise, name):
    assert peak(OPS[name], noise) <= LIMIT
