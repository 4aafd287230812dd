"""Small pictures of artworks, drawings included: what a page of hundreds of them can show at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.artwork.bezier import flattened
from artkit.artwork.drawing import Drawing, Gradient, Layer, Shadow
from artkit.artwork.image import Image

if TYPE_CHECKING:
    from artkit.export import Artwork

SIDE, SMALL_SIDE = 640, 320
"""Pixels of the longer side, and of that of the smaller one, which does for most screens."""

_QUALITY = 60
"""Of WebP: what is lost at it is not seen at the size of a thumbnail."""

_FINER, _FINEST = 2, 6
"""Drawings are painted this many times larger and reduced; those of fine lines up to the second."""

_SHIFT = 4
"""OpenCV takes coordinates in 16ths of a pixel."""


class Thumbnails(NamedTuple):
    """A small picture of an artwork and a smaller one, each as WebP, and the pixels of the first."""

    large: bytes
    small: bytes
    image: Image


def thumbnails(artwork: Artwork) -> Thumbnails:
    """Give small pictures of the artwork; of an animation they show an inner frame."""
    from artkit.artwork.animation import Animation

    if isinstance(artwork, Drawing):
        large = painted(artwork, SIDE)
    else:
        # The first frame is often the photo as it was.
        still = artwork.frame(artwork.count // 3) if isinstance(artwork, Animation) else Image.of(artwork)
        large = reduced(still, SIDE)
    return Thumbnails(webp(large, _QUALITY), webp(reduced(large, SMALL_SIDE), _QUALITY), large)


def webp(image: Image, quality: int, method: int = 4) -> bytes:
    """Give the bytes of a picture as WebP, without any metadata; `method` is the effort, from 0 to 6."""
    import io

    from PIL import Image as Pillow

    file = io.BytesIO()
    Pillow.fromarray(image.pixels if image.alpha is None else image.rgba).save(
        file, "WEBP", quality=quality, method=method
    )
    return file.getvalue()


def painted(drawing: Drawing, side: int) -> Image:
    """Paint a drawing on its background, or on white, `side` pixels on its longer side.

    Good enough for a thumbnail: curves become short lines, and every shape is a polygon of OpenCV's.
    """
    import cv2

    # Not by `render`: of 100,000 polygons it takes 2.7 s instead of 2.0, which could pass, but of strokes and shadows
    # too long: 1.6 s instead of 0.3 for 20,000 dots of a pen, 0.46 s instead of 0.06 for seven sheets of cut paper.
    sheet = drawing.page or drawing
    scale, offset = (drawing.page.scale, drawing.page.offset) if drawing.page else (1.0, (0.0, 0.0))
    finer = _finer(drawing, scale * side / max(sheet.width, sheet.height))
    zoom = side * finer / max(sheet.width, sheet.height)
    size = (max(round(sheet.height * zoom), finer), max(round(sheet.width * zoom), finer), 3)
    canvas = np.empty(size, np.uint8)
    canvas[:] = _rgb(drawing.background or "#ffffff")
    for layer in drawing.layers:
        lines = _polylines(layer, scale * zoom, np.array(offset) * zoom)
        if layer.shadow is not None:
            _shade(canvas, layer.shadow, list(_polylines(layer, scale * zoom, np.array(offset) * zoom)), scale * zoom)
        for shape in layer.shapes:
            mine = [next(lines) for path in shape.paths if len(path.points)]
            if not mine:
                continue
            thickness = _thickness(shape.width_in(layer) * scale * zoom)
            opacity = shape.opacity * (shape.fill.opacity if isinstance(shape.fill, Gradient) else 1.0)
            part = canvas if opacity >= 1 else _around(canvas, mine, thickness)
            beneath = None if opacity >= 1 else part.copy()
            shift = np.array([0, 0] if part is canvas else _corner(mine, thickness)) << _SHIFT
            mine = [(line - shift).astype(np.int32) for line in mine]
            if shape.fill:
                cv2.fillPoly(part, mine, _mean(shape.fill), cv2.LINE_AA, _SHIFT)  # even-odd, as the drawing
            if shape.stroke:
                color = _rgb(shape.stroke)
                drawn = [path.closed for path in shape.paths if len(path.points)]
                for line, closed in zip(mine, drawn, strict=True):
                    cv2.polylines(part, [line], closed, color, min(thickness, 255), cv2.LINE_8, _SHIFT)
            if beneath is not None and part.size:
                part[:] = cv2.addWeighted(part, opacity, beneath, 1 - opacity, 0)
    return _fitted(Image(canvas), max(size[1] // finer, 1), max(size[0] // finer, 1))


def _finer(drawing: Drawing, zoom: float) -> int:
    """Give how many times larger a drawing is painted, so that its lines are about as wide there as they should be.

    Lines of OpenCV's are 1 pixel wide, or 3 and more.
    """
    widths: Counter[float] = Counter()
    for layer in drawing.layers:
        for shape in layer.shapes:
            if shape.stroke:
                widths[shape.width_in(layer) * zoom] += len(shape.paths)
    total = sum(widths.values())

    def off(finer: int) -> float:
        wrong = (count * abs(_width(width * finer) / max(width * finer, 1e-9) - 1) for width, count in widths.items())
        return sum(wrong) / total + finer / 50  # a step finer is worth 2%

    return min(range(_FINER, _FINEST + 1), key=off) if total else _FINER


def _thickness(width: float) -> int:
    """Give the thickness by which OpenCV draws a line of about a width: from 2 on, its lines are a pixel wider."""
    return 1 if width < 2 else max(round(width) - 1, 2)


def _width(width: float) -> int:
    return 1 if width < 2 else _thickness(width) + 1


def _corner(lines: list[NDArray[np.int32]], thickness: int) -> tuple[int, int]:
    """Give x and y of the pixel that lies to the left of all lines and above, and on the sheet."""
    low = np.min([line.min(axis=(0, 1)) for line in lines], axis=0)
    x, y = np.maximum((low >> _SHIFT) - thickness - 1, 0).tolist()
    return x, y


def _around(canvas: NDArray[np.uint8], lines: list[NDArray[np.int32]], thickness: int) -> NDArray[np.uint8]:
    """Give the part of the canvas that lines of a thickness may reach."""
    x, y = _corner(lines, thickness)
    high = np.max([line.max(axis=(0, 1)) for line in lines], axis=0)
    x2, y2 = np.maximum((high >> _SHIFT) + thickness + 2, 0).tolist()
    return canvas[y:y2, x:x2]


def _shade(canvas: NDArray[np.uint8], shadow: Shadow, lines: list[NDArray[np.int32]], zoom: float) -> None:
    """Darken the canvas by the shadow of a layer's outlines."""
    import cv2

    shift = np.rint(np.array(shadow.offset) * zoom * (1 << _SHIFT)).astype(np.int32)
    mask = np.zeros(canvas.shape[:2], np.uint8)
    cv2.fillPoly(mask, [line + shift for line in lines], (255,), cv2.LINE_AA, _SHIFT)
    if shadow.blur * zoom > 0.1:
        mask = _blurred(mask, shadow.blur * zoom)
    share = (mask * (shadow.opacity / 255)).astype(np.float32)[..., None]
    canvas[:] = np.rint(canvas + share * (np.array(_rgb(shadow.color), np.float32) - canvas)).astype(np.uint8)


COARSE = 8.0
"""Pixels of a blur's standard deviation that are blurred as they are; for wider ones the picture is reduced before."""


def _blurred(mask: NDArray[np.uint8], blur: float) -> NDArray[np.uint8]:
    """Blur by a Gaussian of any width, at the cost of a narrow one."""
    import cv2

    height, width = mask.shape
    factor = int(min(max(blur / COARSE, 1), height, width))
    if factor == 1:
        return np.asarray(cv2.GaussianBlur(mask, (0, 0), blur), np.uint8)
    small = cv2.resize(
        mask.astype(np.float32), (-(-width // factor), -(-height // factor)), interpolation=cv2.INTER_AREA
    )
    small = cv2.GaussianBlur(small, (0, 0), min(blur / factor, 4 * COARSE), borderType=cv2.BORDER_REFLECT)
    return np.rint(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)).astype(np.uint8)


def reduced(image: Image, side: int) -> Image:
    """Give a picture with `side` pixels on its longer side at most: light is averaged, as the eye does from afar."""
    scale = side / max(image.width, image.height)
    if scale >= 1:
        return image
    return _fitted(image, max(round(image.width * scale), 1), max(round(image.height * scale), 1))


def _fitted(image: Image, width: int, height: int) -> Image:
    from artkit.raster.resize import resized

    return Image(*resized(image.pixels, image.alpha, width, height, "linear"))


def _polylines(layer: Layer, zoom: float, offset: NDArray[np.float64]) -> Iterator[NDArray[np.int32]]:
    """Give each path of a layer as (N, 1, 2) points in OpenCV's units, curves as three lines each."""
    limit = 2.0**29  # beyond, OpenCV's integers overflow
    for shape in layer.shapes:
        for path in shape.paths:
            if len(path.points):
                pieces = np.full(0 if path.kinds is None else len(path.kinds), 3)
                points = (flattened(path.points, path.kinds, pieces) * zoom + offset - 0.5) * (1 << _SHIFT)
                yield np.rint(np.clip(points, -limit, limit)).astype(np.int32)[:, None]


def _mean(fill: str | Gradient) -> tuple[int, int, int]:
    """Give the color of a fill, the mean of those of a gradient."""
    if isinstance(fill, str):
        return _rgb(fill)
    red, green, blue = np.rint(fill.mean()).astype(int).tolist()
    return red, green, blue


def _rgb(color: str) -> tuple[int, int, int]:
    from PIL import ImageColor

    try:
        found: Any = ImageColor.getrgb(color)
    except ValueError:  # a color that browsers know and Pillow does not
        found = (128, 128, 128)
    return found[:3]  # type: ignore[no-any-return]
