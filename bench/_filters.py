"""Rows of `bench/raster.py`: filters, styles and halftones, and PNG, which a large picture spends its time on."""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from scipy import ndimage
from skimage import filters

from artkit.artwork.image import Image
from artkit.export import encode
from artkit.ops.filter import bilateral, blur, canny, channel_blur, emboss, median, sharpen, sobel
from artkit.ops.halftone import halftone
from artkit.ops.paint import kuwahara, oil, pixelate, sketch
from bench._raster_cases import Case

Pixels = NDArray[np.uint8]

# OpenCV's median and mean repeat or mirror the border as they come; a filter's time is that of its inside. Its bell
# is the one of 32-bit floating point, which is as exact as ours: the one of bytes is off by up to 1.4 levels.


def _bell(pixels: Pixels) -> Any:
    return np.rint(cv2.GaussianBlur(pixels.astype(np.float32), (25, 25), 4)).astype(np.uint8)


def _channel(pixels: Pixels) -> Any:
    result = pixels.copy()
    result[..., 0] = cv2.blur(np.ascontiguousarray(pixels[..., 0]), (75, 75))
    return result


def _canny(pixels: Pixels) -> Any:
    gray = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (0, 0), 1.4)
    return cv2.Canny(gray, 60, 150, L2gradient=True)


def _emboss(pixels: Pixels) -> Any:
    kernel = np.array([[-2, -2, 0], [-2, 0, 2], [0, 2, 2]], np.float32) / 8
    return cv2.filter2D(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.CV_8U, kernel, delta=128)


def _pixelated(pixels: Pixels) -> Any:
    height, width = pixels.shape[:2]
    small = cv2.resize(pixels, (width // 16, height // 16), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST)


def _png(pixels: Pixels) -> Any:
    file = io.BytesIO()
    Pillow.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def _medians() -> list[Case]:
    return [
        Case(
            f"median {size}",
            lambda p, size=size: median(p, size=size),
            lambda p, size=size: cv2.medianBlur(p, size),
            "OpenCV",
        )
        for size in (3, 9, 15, 31, 65, 71, 99)
    ]


CASES = [
    Case("blur 75", lambda p: blur(p, size=75), lambda p: cv2.blur(p, (75, 75)), "OpenCV"),
    Case("blur gaussian 25", lambda p: blur(p, window="gaussian", size=25), _bell, "OpenCV, 32 bit"),
    Case("channel-blur 75", lambda p: channel_blur(p, size=75), _channel, "OpenCV"),
    *_medians(),
    Case("bilateral 9", bilateral, lambda p: cv2.bilateralFilter(p, 9, 60, 2.25), "OpenCV"),
    Case(
        "sharpen 2",
        sharpen,
        lambda p: ndimage.gaussian_filter(p.astype(np.float32), (2, 2, 0)),
        "scipy, its blur alone",
    ),
    Case("sobel", sobel, lambda p: filters.sobel(p, axis=(0, 1)), "scikit-image"),
    Case("median 71, sobel auto", lambda p: sobel(median(p, size=71), scale="auto"), None, ""),
    Case("canny", canny, _canny, "OpenCV"),
    Case("emboss", emboss, _emboss, "OpenCV"),
    Case("oil 9", oil, None, ""),
    Case("kuwahara 9", kuwahara, None, ""),
    Case("pixelate 16", pixelate, _pixelated, "OpenCV"),
    Case("halftone cmyk", halftone, None, ""),
    Case("halftone lines", lambda p: halftone(p, inks="one", shape="lines"), None, ""),
    Case("sketch", sketch, None, ""),
    Case("PNG", lambda p: encode(Image(p), ".png"), _png, "Pillow"),
]
"""What is measured, for each filter at its defaults or at the window that its name tells."""
