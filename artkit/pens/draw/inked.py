"""A scanned drawing in, a mask of its ink out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.image import Image
from artkit.color.gray import gray_of

CONTRAST = 25.0
"""Gray levels by which ink differs from the paper at least, where no threshold is given: less is the paper's grain."""


def is_ink(image: Image, light: bool, threshold: float | None, specks: int) -> NDArray[np.bool_]:
    """Tell where there is ink, (H, W): what is darker than the middle between paper and ink, or than a threshold.

    `light` is for ink that is lighter than the paper; spots of fewer pixels than `specks` are none.
    """
    from scipy.ndimage import label

    gray: NDArray[Any] = gray_of(image.pixels).astype(np.float32)
    if light:
        gray = 255 - gray
    if image.alpha is not None:
        share = image.alpha.astype(np.float32) / 255
        gray = 255 + (gray - 255) * share
    inked = gray < 255 * (1 - threshold) if threshold is not None else _is_dark_there(gray)
    if specks > 1 and inked.any():
        number, count = label(inked, np.ones((3, 3)))
        size = np.bincount(number.ravel(), minlength=count + 1)
        size[0] = 0
        inked = size[number] >= specks
    return np.asarray(inked, bool)


def _is_dark_there(gray: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell what is well darker than the paper near it, the brightest nearby, evened out: shadows do not count."""
    import cv2

    reach = max(min(gray.shape) // 12, 3)
    paper = cv2.dilate(cv2.medianBlur(gray, 3) if min(gray.shape) > 2 else gray, np.ones((reach, reach), np.uint8))
    paper = cv2.blur(paper, (reach, reach), borderType=cv2.BORDER_REFLECT).reshape(gray.shape)
    depth = paper - gray
    deep = depth[depth > CONTRAST]
    if not deep.size:
        return np.zeros(gray.shape, bool)
    return np.asarray(depth > max(CONTRAST, 0.5 * float(np.percentile(deep, 90))), bool)


PAPER = 48
"""Gray levels within which the paper of a drawing lies, and `MOSTLY` of the picture: less is a photo."""

MOSTLY = 0.55

DARK = 128
"""Gray level below which no paper is, even where it lies in the shade."""

FINEST = 1 / 420
"""Of a photo's longer side: the standard deviation of the smoothing for its lines."""

ALONG = 4
"""Steps of that smoothing to either side along an edge, over which how dark a line is is averaged."""

LONG = 14
"""Length of the shortest line of a photo, in those smoothings."""

STRONG, WEAK = 92, 82
"""Percentiles of how dark lines are against what is beside them: weak ones count where they go on from strong ones."""


def is_photo(image: Image) -> bool:
    """Tell whether most of a picture is no paper: not even, or dark."""
    gray: NDArray[Any] = gray_of(image.on_white().pixels)
    lightest = float(np.percentile(gray, 95))
    return lightest < DARK or bool((gray >= lightest - PAPER).mean() < MOSTLY)


def is_line(image: Image, specks: int) -> NDArray[np.bool_]:
    """Tell where a photo has lines, (H, W): what is dark against its surroundings, or the dark side of an edge.

    The difference of two Gaussians, averaged along the edges of the picture, so that lines go on and texture is none
    (Kang, Lee and Chui 2007), cut off with hysteresis (Winnemoeller, Kyprianidis and Olsen 2012; Canny 1986).
    """
    import cv2
    from scipy.ndimage import label

    gray: NDArray[Any] = gray_of(image.on_white().pixels).astype(np.float32)
    sigma = max(FINEST * max(gray.shape), 0.8)
    fine, wide = (cv2.GaussianBlur(gray, (0, 0), s, borderType=cv2.BORDER_REFLECT) for s in (sigma, 1.6 * sigma))
    depth = _along_edges(np.asarray(wide - fine).reshape(gray.shape), np.asarray(fine).reshape(gray.shape), sigma)
    strong, weak = (max(float(np.percentile(depth, share)), least) for share, least in ((STRONG, 2.0), (WEAK, 1.2)))
    number, count = label(depth > weak, np.ones((3, 3)))
    size = np.bincount(number.ravel(), minlength=count + 1)
    kept = np.bincount(number[depth > strong], minlength=count + 1) > 0
    kept &= size >= max(specks, (LONG * sigma) * 2 * sigma)
    kept[0] = False
    return np.asarray(kept[number], bool)


def _along_edges(depth: NDArray[Any], fine: NDArray[Any], sigma: float) -> NDArray[Any]:
    """Average what is (H, W) along the edges of a picture, (H, W), which go across its gradients nearby.

    It counts as much as those gradients agree: texture has no edges to go along.
    """
    import cv2

    x, y = (np.asarray(cv2.Sobel(fine, cv2.CV_32F, *way)).reshape(fine.shape) for way in ((1, 0), (0, 1)))
    xx, yy, xy = (
        np.asarray(cv2.GaussianBlur(each, (0, 0), 2.5 * sigma, borderType=cv2.BORDER_REFLECT)).reshape(fine.shape)
        for each in (x * x, y * y, x * y)
    )
    # The double of the angle of gradients is known; half of it by roots, which are the same everywhere.
    length = np.maximum(np.sqrt((xx - yy) * (xx - yy) + 4 * xy * xy), np.float32(1e-6))
    cosine = np.clip((xx - yy) / length, -1, 1)
    right, down = -np.copysign(np.sqrt((1 - cosine) / 2), xy), np.sqrt((1 + cosine) / 2)
    height, width = fine.shape
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    total, weight = depth.copy(), 1.0
    for step in range(1, ALONG + 1):
        share = 1 - step / (ALONG + 1)
        for way in (-1, 1):
            reach = np.float32(way * step * sigma)
            there = cv2.remap(
                depth, columns + reach * right, rows + reach * down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
            )
            total += np.float32(share) * np.asarray(there).reshape(depth.shape)
            weight += share
    even = length / np.maximum(xx + yy, np.float32(1e-6))  # 1 at an edge, and little where gradients go all ways
    return np.asarray(even * total / np.float32(weight))
