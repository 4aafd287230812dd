"""What raster ops need beyond their input and output: at most 12 bytes for each pixel and channel."""

import tracemalloc

import numpy as np
import pytest

from artkit.image import Image, Labels
from artkit.ops.animate import color_cycle
from artkit.ops.color import channels, grayscale, rotate_color, saturate
from artkit.ops.filter import bilateral, blur, canny, channel_blur, emboss, median, sharpen, sobel
from artkit.ops.geometry import resize, rotate
from artkit.ops.halftone import halftone
from artkit.ops.paint import paint, recolor
from artkit.ops.segment import kmeans, otsu, otsu_rgb, select
from artkit.ops.stylize import kuwahara, oil, pixelate, sketch

SIDE = 2000
LIMIT = 12 * 3 * SIDE * SIDE


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
    "saturate": saturate,
    "grayscale": grayscale,
    "channels": channels,
    "resize": lambda image: resize(image, size=1500),
    "rotate": rotate,
    "otsu": otsu,
    "otsu-rgb": otsu_rgb,
    "kmeans": lambda image: kmeans(image, colors=4),
    "select": lambda image: select(Labels(image.pixels[..., 0].astype(np.int32) // 64, np.zeros((4, 3), np.uint8))),
    "paint": lambda image: paint(recolor(otsu(image))),
    "color-cycle": lambda image: color_cycle(image).frame(1),
}


@pytest.fixture(scope="module")
def large() -> Image:
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.uint32)
    return Image(np.dstack([x // 8, y // 8, (x ^ y) // 8]).astype(np.uint8))


@pytest.mark.parametrize("name", OPS)
def test_working_memory_is_at_most_12_bytes_for_each_pixel_and_channel(large, name):
    change = OPS[name]
    change(Image(large.pixels[:64, :64].copy()))  # what is imported on first use is not the op's
    tracemalloc.start()
    try:
        result = change(large)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    output = result.ids.nbytes if isinstance(result, Labels) else result.pixels.nbytes
    assert peak - output <= LIMIT
