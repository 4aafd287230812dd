"""Rows of the raster bench: color, dithering, segmentation, frames."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.image import Image
from artkit.color.chance import random_palette
from artkit.ops.color import grayscale, posterize, rotate_color, saturate
from artkit.ops.dither import dither
from artkit.ops.frame import kaleidoscope, resize, rotate
from artkit.ops.segment import adaptive_threshold, kmeans, multi_otsu, otsu, superpixels
from artkit.ops.tone import gradient_map, levels
from bench._raster_cases import Case

Pixels = NDArray[np.uint8]

SIXTEEN = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in random_palette(16, np.random.default_rng(0))]


def sigmoid_per_pixel(pixels: Pixels) -> Any:
    """The same rotation with numpy, pixel by pixel."""
    p = (pixels + np.float32(1)) / np.float32(257)
    from artkit.color.rotation import rotation

    turned = np.log(p / (1 - p)) @ rotation("gray", 77).T.astype(np.float32)
    return np.clip(np.rint(257 / (1 + np.exp(-turned)) - 1), 0, 255).astype(np.uint8)


def hue_by_opencv(pixels: Pixels) -> Any:
    """Hue turned in HSV, which is not OKLCh, but what one would use."""
    import cv2

    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV_FULL)
    hsv[..., 0] += 55
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB_FULL)


def gray_by_opencv(pixels: Pixels) -> Any:
    import cv2

    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)


def table_by_opencv(pixels: Pixels) -> Any:
    import cv2

    return cv2.LUT(pixels, (np.arange(256) // 64 * 85).astype(np.uint8))


def diffusion_by_pillow(pixels: Pixels) -> Any:
    """Pillow's diffusion looks for the nearest color of boxes of 4 levels, and rounds towards 0."""
    from PIL import Image as Pillow
    from PIL import ImageColor

    sheet = Pillow.new("P", (1, 1))
    sheet.putpalette([level for color in SIXTEEN for level in ImageColor.getrgb(color)])
    return Pillow.fromarray(pixels).quantize(palette=sheet, dither=Pillow.Dither.FLOYDSTEINBERG)


def bilevel_by_pillow(pixels: Pixels) -> Any:
    from PIL import Image as Pillow

    return Pillow.fromarray(pixels).convert("1")


def otsu_by_skimage(pixels: Pixels) -> Any:
    from skimage.filters import threshold_otsu

    gray = gray_by_opencv(pixels)
    return gray > threshold_otsu(gray)


def multi_otsu_by_skimage(pixels: Pixels) -> Any:
    from skimage.filters import threshold_multiotsu

    gray = gray_by_opencv(pixels)
    return np.digitize(gray, threshold_multiotsu(gray, 4))


def adaptive_by_opencv(pixels: Pixels) -> Any:
    import cv2

    return cv2.adaptiveThreshold(
        gray_by_opencv(pixels), 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, blockSize=51, C=8
    )


def kmeans_by_sklearn(clusters: int) -> Any:
    """One start on all pixels; artkit takes the best of twelve on their colors."""

    def run(pixels: Pixels) -> Any:
        from sklearn.cluster import KMeans

        model = KMeans(clusters, n_init=1, random_state=0)
        return model.fit_predict(pixels.reshape(-1, 3).astype(np.float32))

    return run


def slic_by_skimage(pixels: Pixels) -> Any:
    from skimage.segmentation import slic

    return slic(pixels, 600, compactness=12)


def resize_by_opencv(pixels: Pixels) -> Any:
    import cv2

    height, width = pixels.shape[:2]
    return cv2.resize(pixels, (width // 3, height // 3), interpolation=cv2.INTER_AREA)


def rotate_by_pillow(pixels: Pixels) -> Any:
    from PIL import Image as Pillow

    return Pillow.fromarray(pixels).convert("RGBA").rotate(-20, Pillow.Resampling.BICUBIC, expand=True)


def third(pixels: Pixels) -> int:
    return max(max(pixels.shape[:2]) // 3, 1)


CASES = [
    Case("rotate-color, sigmoid", lambda p: rotate_color(p, angle=77, axis="gray"), sigmoid_per_pixel, "numpy"),
    Case("rotate-color, linear", lambda p: rotate_color(p, angle=77, axis="gray", space="linear"), None, ""),
    Case("rotate-color, oklch", lambda p: rotate_color(p, angle=77, space="oklch"), hue_by_opencv, "OpenCV, HSV"),
    Case("saturate", saturate, None, ""),
    Case("grayscale", grayscale, gray_by_opencv, "OpenCV"),
    Case("grayscale, lightness", lambda p: grayscale(p, weights="lightness"), None, ""),
    Case("posterize", posterize, table_by_opencv, "OpenCV"),
    Case("levels", lambda p: levels(p, black=20, white=230, gamma=1.2), table_by_opencv, "OpenCV"),
    Case("gradient-map", lambda p: gradient_map(p, weights="rec601"), None, ""),
    Case("dither, Floyd-Steinberg, 2 colors", dither, bilevel_by_pillow, "Pillow"),
    Case("dither, Floyd-Steinberg, 16 colors", lambda p: dither(p, palette=SIXTEEN), diffusion_by_pillow, "Pillow"),
    Case("dither, Bayer, 16 colors", lambda p: dither(p, method="bayer", palette=SIXTEEN), None, ""),
    Case("dither, blue noise, 4 colors", lambda p: dither(p, method="blue-noise", palette="game-boy"), None, ""),
    Case("otsu", otsu, otsu_by_skimage, "scikit-image"),
    Case("multi-otsu, 4 classes", lambda p: multi_otsu(p, classes=4), multi_otsu_by_skimage, "scikit-image"),
    Case("adaptive-threshold, 51", adaptive_threshold, adaptive_by_opencv, "OpenCV"),
    *[
        Case(
            f"kmeans, {k}",
            lambda p, k=k: kmeans(p, colors=k, space="rgb"),
            kmeans_by_sklearn(k),
            "scikit-learn, all pixels",
        )
        for k in (3, 8, 16)
    ],
    Case("kmeans, 16, oklab", lambda p: kmeans(p, colors=16, space="oklab"), None, ""),
    Case("superpixels, 600", superpixels, slic_by_skimage, "scikit-image"),
    Case("resize to a third", lambda p: resize(p, size=third(p)), resize_by_opencv, "OpenCV"),
    Case("resize to a third, linear", lambda p: resize(p, size=third(p), space="linear"), None, ""),
    Case("rotate by 20 degrees", lambda p: rotate(Image(p), angle=20), rotate_by_pillow, "Pillow"),
    Case("kaleidoscope", kaleidoscope, None, ""),
]
"""In the order of the table."""
