"""Faces in a picture, with their eyes and mouths: windows that look like one, upright, turned, and checked.

Windows that the table of `windows` likes are turned upright and asked again: how often scikit-image's trained cascade
of local binary patterns (Viola and Jones 2001; Liao et al. 2007) finds a face in them, as they are and mirrored, how
much of them has the color of skin, and how alike both halves are. No answer decides alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product
from artkit.arrays import median, percentile
from artkit.color.spaces import srgb_to_oklab
from artkit.importance.cascade import SIDE as CASCADE_SIDE
from artkit.importance.cascade import hits
from artkit.importance.parts import CROP, parts_of
from artkit.importance.windows import CELL, SIDE, looks
from artkit.workers import mapped

AREA = 190_000
"""Pixels to which a picture is reduced to find faces: of 40 pixels and more where it has 400,000."""

REDUCED = 0.75
"""The least reduction, which takes noise away, and what is too small for a face."""

TURN = 18.0
"""Degrees by which pictures are turned to either side to find faces that lean; in copies half as wide."""

STEP = 1.15
"""From one size of windows to the next."""

WORTH = -0.35
"""How much a window must look like a face to be asked again."""

WIDTH = 2.4
"""Width of a face, for each of the ways from eye to eye and from between the eyes to the mouth, the mean of both."""

UNTOLD = -0.3
"""What the color of a gray picture adds."""

MOST = 12
"""Windows that are asked again, at most."""

CERTAIN = 1.3
"""What the answers must add up to; see docs/importance.md for what this passes."""

SMALL = (1.2, 1.7)
"""What they must add up to beyond that, for each window of the table that it is smaller than so many of them."""

LEAST = 1.15
"""Side of the smallest window that is a face, in windows of the table: 37 pixels at the least reduction."""


@dataclass(frozen=True)
class Face:
    """A face: its middle, its width and how far it leans, in pixels and in degrees clockwise; its eyes and mouth.

    Eyes and mouth are places (x, y); `certainty` is about 2 at the least, 4 at the most.
    """

    x: float
    y: float
    width: float
    turn: float
    eyes: tuple[tuple[float, float], tuple[float, float]]
    mouth: tuple[float, float]
    certainty: float


@dataclass(frozen=True)
class Window:
    """A square that may hold a face, by its middle, its side, its turn clockwise, and how much it looks like one."""

    x: float
    y: float
    side: float
    turn: float
    look: float


def find_faces(pixels: NDArray[np.uint8]) -> tuple[Face, ...]:
    """Find the faces in a picture (H, W, 3), the most certain first."""
    small, scale = reduced(pixels, AREA, REDUCED)
    if min(small.shape[:2]) < SIDE:
        return ()
    gray = gray_of(small)
    found = []
    for rough in _likely(list(_windows(gray)), gray):
        window = _settled(rough, gray)
        size = window.side / SIDE
        if size < LEAST:
            continue
        certainty = _certainty(window, gray, small) - SMALL[0] * max(0.0, SMALL[1] - size)
        if certainty > CERTAIN:
            found.append(_with_parts(window, gray, certainty, scale))
    kept: list[Face] = []
    for face in sorted(found, key=lambda face: (-face.certainty, face.y, face.x)):
        if all(np.hypot(face.x - other.x, face.y - other.y) > 0.5 * max(face.width, other.width) for other in kept):
            kept.append(face)
    return tuple(kept)


def _with_parts(window: Window, gray: NDArray[np.float32], certainty: float, scale: float) -> Face:
    """Find eyes and mouth in a window; gives the face in the pixels of the picture that was reduced."""
    crop = turned_upright(gray, window, CROP, CROP / (2 * SIDE)).astype(np.float32)
    matrix = placed(window, CROP, CROP / (2 * SIDE))
    ((ax, ay), (bx, by), (x, y)) = (
        ((product(matrix, np.append(place, 1)) + 0.5) / scale).tolist() for place in parts_of(crop)
    )
    turn = float(np.degrees(np.arctan2(by - ay, bx - ax)))
    middle = (ax + bx + 2 * x) / 4, (ay + by + 2 * y) / 4
    apart = (np.hypot(bx - ax, by - ay) + np.hypot(x - (ax + bx) / 2, y - (ay + by) / 2)) / 2
    return Face(*middle, float(WIDTH * apart), turn, ((ax, ay), (bx, by)), (x, y), round(certainty, 3))


def reduced(pixels: NDArray[np.uint8], area: int, most: float = 1.0) -> tuple[NDArray[np.uint8], float]:
    """Give a picture of so many pixels at the most, and its scale, `most` at the most."""
    import cv2

    height, width = pixels.shape[:2]
    scale = min(most, float(np.sqrt(area / (height * width))))
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    while max(width, height) > 4 * max(size):  # means of 2 x 2 first: much faster, and as good
        width, height = (width + 1) // 2, (height + 1) // 2
        pixels = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8), scale


def gray_of(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Brightness as the eye weighs it, (H, W)."""
    gray: NDArray[np.float32] = product(pixels.astype(np.float32), np.array([0.299, 0.587, 0.114], np.float32))
    return gray


def _windows(gray: NDArray[np.float32]) -> list[Window]:
    """Windows that look like faces, the best first, each of another part of the picture or another size."""
    import cv2

    half = np.asarray(cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32)
    found = list(_upright(gray, 1.0))
    for turn in (-TURN, TURN):
        found += _leaning(half, turn, 0.5)
    found.sort(key=lambda window: (-window.look, window.y, window.x, window.side))
    kept: list[Window] = []
    for window in found:
        if len(kept) == MOST:
            break
        if not any(_is_same(window, other) for other in kept):
            kept.append(window)
    return kept


def _is_same(window: Window, other: Window) -> bool:
    """Whether two windows show the same, about as large; one within another may show something else."""
    low, high = sorted((window.side, other.side))
    return high < 1.8 * low and bool(np.hypot(window.x - other.x, window.y - other.y) < 0.5 * high)


def _upright(gray: NDArray[np.float32], scale: float) -> Iterator[Window]:
    """Windows of all sizes, each better than its neighbors, in a picture of a `scale`."""
    import cv2

    def best(size: float) -> list[Window]:
        part = gray if size == 1 else cv2.resize(gray, None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
        found = looks(np.asarray(part, np.float32))
        highest = np.asarray(cv2.dilate(found, np.ones((5, 5))))
        windows = []
        for row, column in np.argwhere((found == highest) & (found > WORTH)).tolist():
            x, y = ((place * CELL + SIDE / 2) / (size * scale) for place in (column, row))
            windows.append(Window(x, y, SIDE / (size * scale), 0.0, float(found[row, column])))
        return windows

    sizes = [1.0]
    while min(gray.shape) * sizes[-1] * 0.95 >= SIDE:
        sizes.append(sizes[-1] / STEP)
    for windows in mapped(best, sizes[:-1]):
        yield from windows


def _leaning(gray: NDArray[np.float32], turn: float, scale: float) -> Iterator[Window]:
    """Windows that lean by `turn` degrees clockwise."""
    import cv2

    height, width = gray.shape
    angle = np.deg2rad(abs(turn))
    wide, high = (int(a * np.cos(angle) + b * np.sin(angle)) for a, b in ((width, height), (height, width)))
    matrix = np.asarray(cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), turn, 1))
    matrix[:, 2] += (wide - width) / 2, (high - height) / 2
    turned = cv2.warpAffine(gray, matrix, (wide, high), borderMode=cv2.BORDER_REPLICATE)
    back = np.asarray(cv2.invertAffineTransform(matrix))
    for window in _upright(np.asarray(turned, np.float32), 1.0):
        x, y = product(back, np.array([window.x, window.y, 1]))
        if 0 <= x < width and 0 <= y < height:
            yield Window(x / scale, y / scale, window.side / scale, turn, window.look)


def turned_upright(picture: NDArray[Any], window: Window, side: int, share: float) -> NDArray[Any]:
    """Cut `share` times a window's side out of a picture, upright, `side` pixels wide."""
    import cv2

    return np.asarray(
        cv2.warpAffine(
            picture,
            placed(window, side, share),
            (side, side),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )


def placed(window: Window, side: int, share: float) -> NDArray[np.float32]:
    """The (2, 3) matrix from places in what `turned_upright` cuts out to those in the picture."""
    step, angle, half = window.side * share / side, np.deg2rad(window.turn), (side - 1) / 2
    c, s = np.cos(angle) * step, np.sin(angle) * step
    return np.array([[c, -s, window.x - 0.5 - (c - s) * half], [s, c, window.y - 0.5 - (s + c) * half]], np.float32)


def _settled(window: Window, gray: NDArray[np.float32]) -> Window:
    """The window nearby, a little larger or smaller and turned, that looks most like a face."""
    for _ in range(3):
        better = max(_near(window, gray), key=lambda other: other.look)
        if better.look <= window.look + 0.02:
            break
        window = better
    return window


def _near(window: Window, gray: NDArray[np.float32]) -> Iterator[Window]:
    """The best windows of a few sizes and turns close to one."""
    side = SIDE + 4 * CELL
    for size in (0.89, 1.0, 1.12):
        for turn in (-8.0, 0.0, 8.0):
            tried = replace(window, side=window.side * size, turn=window.turn + turn)
            found = looks(turned_upright(gray, tried, side, side / SIDE).astype(np.float32))[:5, :5]
            row, column = (int(place) for place in np.unravel_index(int(found.argmax()), found.shape))
            middle = [place * CELL + SIDE / 2 - 0.5 for place in (column, row)]
            x, y = product(placed(tried, side, side / SIDE), np.array([*middle, 1.0]))
            yield replace(tried, x=float(x) + 0.5, y=float(y) + 0.5, look=float(found[row, column]))


def _certainty(window: Window, gray: NDArray[np.float32], pixels: NDArray[np.uint8]) -> float:
    hits, skin = _cascaded(window, gray), _skin(window, pixels)
    if hits < 2 or (skin < 0.2 and not _is_gray(pixels)):
        return -np.inf
    return window.look + 0.15 * min(hits, 8) + skin + 0.4 * _symmetry(window, gray)


def _is_gray(pixels: NDArray[np.uint8]) -> bool:
    """Whether a picture has no colors, or one faint tint."""
    spread = np.ptp(pixels[::4, ::4].astype(np.int16), axis=2)
    return bool(percentile(spread, 95) < 40)


def _likely(windows: list[Window], gray: NDArray[np.float32]) -> list[Window]:
    """Leave those of some windows in which the cascade finds a face, as they are or mirrored."""
    if not windows:
        return []
    crops = np.stack([_crop(window, gray) for window in windows])
    seen = np.array(hits(crops)) > 0
    if not seen.all():
        seen[~seen] = np.array(hits(crops[~seen][:, :, ::-1])) > 0
    return [window for window, is_likely in zip(windows, seen, strict=True) if is_likely]


def _cascaded(window: Window, gray: NDArray[np.float32]) -> int:
    """How often the cascade finds a face about as large as the window, as it is and mirrored."""
    crop = _crop(window, gray)
    return sum(hits(np.stack((crop, crop[:, ::-1]))))


def _crop(window: Window, gray: NDArray[np.float32]) -> NDArray[np.uint8]:
    crop: NDArray[np.uint8] = np.clip(turned_upright(gray, window, CASCADE_SIDE, 1.9), 0, 255).astype(np.uint8)
    return crop


def _skin(window: Window, pixels: NDArray[np.uint8]) -> float:
    """How much of a window's inside may be skin, 0 to 1; gray pictures do not tell, and get less than none."""
    inside = np.ascontiguousarray(turned_upright(pixels, window, 24, 1.0)[5:21, 6:18])
    lab = srgb_to_oklab(inside)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    if median(chroma) < 0.006:
        return UNTOLD
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1]))
    pale = np.clip((0.12 - chroma) / 0.035, 0, 1)
    return float((pale * ((hue > 15) & (hue < 85) & (chroma > 0.02))).mean())


def _symmetry(window: Window, gray: NDArray[np.float32]) -> float:
    """How alike the halves of a window are, mirrored about the best axis near its middle; 1 is the same."""
    import cv2

    crop = turned_upright(gray, window, 48, 1.0)[6:44]
    crop = crop - np.asarray(cv2.GaussianBlur(crop, (0, 0), 8))
    best = 0.0
    for shift in range(-4, 5):
        part = crop[:, 6 + shift : 42 + shift]
        best = max(best, float((part * part[:, ::-1]).sum() / ((part * part).sum() + 1e-6)))
    return best
