"""Drawings to pixels, in one place: SVG in, an array out, by resvg."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from artkit.errors import ArtkitError

if TYPE_CHECKING:
    from artkit.artwork.drawing import Drawing

DPI = 96
"""Pixels to an inch of paper, as CSS has it: a page is as large as a browser shows its SVG."""

WHITE = "#ffffff"


def rendered(drawing: Drawing | str, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """Render a drawing, or an SVG's text, on white: (H, W, 3) sRGB.

    `size` is width and height in pixels; see `size_of` for what stands where it is left out.
    """
    import cv2

    return np.asarray(cv2.cvtColor(_decoded(drawing, size, WHITE), cv2.COLOR_BGR2RGB), np.uint8)


def rendered_alone(drawing: Drawing | str, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """Render a drawing, or an SVG's text, on nothing: (H, W, 4) sRGB and alpha, the colors not multiplied by it."""
    import cv2

    return np.asarray(cv2.cvtColor(_decoded(drawing, size, None), cv2.COLOR_BGRA2RGBA), np.uint8)


def png(text: str, size: tuple[int, int] | None = None, background: str | None = WHITE) -> bytes:
    """Render an SVG's text as a PNG, on a color or, where that is None, on nothing.

    Where no size is given it is the SVG's own. An ArtkitError says why the text cannot be rendered.
    """
    import resvg_py

    width, height = size or (None, None)
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=text,
                width=width,
                height=height,
                background=background,
                dpi=_dpi(text, size),
                skip_system_fonts=True,
            )
        )
    except ValueError as error:
        raise ArtkitError(f"the drawing cannot be rendered ({error}); save it as .svg") from None


def size_of(drawing: Drawing) -> tuple[int, int]:
    """Give width and height in pixels: one for each of the drawing's units, or of a page as many as `DPI` makes it."""
    unit = DPI / 25.4 if drawing.page else 1.0
    sheet = drawing.page or drawing
    return max(round(sheet.width * unit), 1), max(round(sheet.height * unit), 1)


def _dpi(text: str, size: tuple[int, int] | None) -> float:
    """Give the resolution at which an SVG in millimetres is as large as it is to be.

    resvg-py rounds a page to whole pixels before it scales it: at any other one lines would be off by up to a pixel.
    """
    width = re.search(r'<svg\b[^>]*?\swidth="([\d.]+)mm"', text)
    return DPI if size is None or width is None else 25.4 * size[0] / float(width[1])


def _decoded(drawing: Drawing | str, size: tuple[int, int] | None, background: str | None) -> NDArray[np.uint8]:
    """Give the pixels as OpenCV reads them: blue first."""
    import cv2

    if isinstance(drawing, str):
        text = drawing
    else:
        text, size = drawing.to_svg(), size or size_of(drawing)
    flag = cv2.IMREAD_COLOR if background else cv2.IMREAD_UNCHANGED
    pixels = cv2.imdecode(np.frombuffer(png(text, size, background), np.uint8), flag)
    assert pixels is not None
    return np.asarray(pixels, np.uint8)
