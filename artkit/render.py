"""Drawings to pixels, in one place: SVG in, an array out, by resvg."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from artkit.errors import ArtkitError
from artkit.interrupts import listening, undoing
from artkit.limits import limit, within
from artkit.spans import spanned

if TYPE_CHECKING:
    from artkit.artwork.drawing import Drawing

DPI = 96
"""Pixels to an inch of paper, as CSS has it: a page is as large as a browser shows its SVG."""

WHITE = "#ffffff"


@spanned("render")
def rendered(drawing: Drawing | str, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """Render a drawing, or an SVG's text, on white: (H, W, 3) sRGB.

    `size` is width and height in pixels; see `size_of` for what stands where it is left out. Lines of fine pens are
    as dark as they look from afar: see `ink_seen`.
    """
    import cv2

    if not isinstance(drawing, str) and drawing.page is not None:
        from artkit.pens.styled import is_for_pens

        if is_for_pens(drawing):
            size = size or size_of(drawing)
            widths = [layer.stroke_width for layer in drawing.layers if layer.shapes]
            pen = min(widths) * drawing.page.scale * size[0] / drawing.page.width
            found = threads_seen(drawing, size)
            return ink_seen(drawing.to_svg(), size, pen) if found is None else found
    return np.asarray(cv2.cvtColor(_decoded(drawing, size, WHITE), cv2.COLOR_BGR2RGB), np.uint8)


def rendered_alone(drawing: Drawing | str, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """Render a drawing, or an SVG's text, on nothing: (H, W, 4) sRGB and alpha, the colors not multiplied by it."""
    import cv2

    return np.asarray(cv2.cvtColor(_decoded(drawing, size, None), cv2.COLOR_BGRA2RGBA), np.uint8)


def stretched(text: str, size: tuple[int, int]) -> str:
    """Give an SVG that has a viewBox as one of exactly so many pixels, which its sheet fills whatever its sides are.

    resvg-py rounds a page to whole pixels before it scales it, and keeps its sides' ratio after that.
    """
    head, sign, rest = text.partition(">")
    for name, value in zip(("width", "height"), size, strict=True):
        head = re.sub(rf'(<svg\b[^>]*?\s{name}=")[^"]*"', rf'\g<1>{value}"', head, count=1)
    return f'{head} preserveAspectRatio="none"{sign}{rest}'


def rendered_stranger(text: str, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Render what artkit has not written, on nothing: (H, W, 4) sRGB and alpha.

    In a process of its own, as hostile files end resvg where it stands.
    """
    import cv2

    pixels = cv2.imdecode(np.frombuffer(png(text, size, None, apart=True), np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA), np.uint8)


def png(
    text: str, size: tuple[int, int] | None = None, background: str | None = WHITE, *, apart: bool = False
) -> bytes:
    """Render an SVG's text as a PNG, on a color or, where that is None, on nothing; `apart` in a process of its own.

    Where no size is given it is the SVG's own. An ArtkitError says why the text cannot be rendered.
    """
    width, height = size or (None, None)
    if size:
        within("grown", size[0] * size[1], f"the drawing as a picture of {size[0]} x {size[1]} pixels comes to")
    what: dict[str, Any] = {
        "svg_string": text,
        "width": width,
        "height": height,
        "background": background,
        "dpi": _dpi(text, size),
        "skip_system_fonts": True,
    }
    try:
        apart = apart or (listening() and _is_long(text, size))
        return _apart(what) if apart and sys.executable else _here(what)
    except ValueError as error:
        raise ArtkitError(f"the drawing cannot be rendered ({error}); save it as .svg") from None


_LONG_TEXT, _LONG_PIXELS = 1 << 18, 1 << 19
"""Bytes of an SVG, and pixels, from which rendering may take more than a few tenths of a second."""


def _is_long(text: str, size: tuple[int, int] | None) -> bool:
    return len(text) > _LONG_TEXT or size is None or size[0] * size[1] > _LONG_PIXELS


def _here(what: dict[str, Any]) -> bytes:
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(**what))


_CODE = """
import json, resvg_py, sys
try:
    sys.stdout.buffer.write(bytes(resvg_py.svg_to_bytes(**json.load(sys.stdin.buffer))))
except ValueError as error:
    sys.exit(str(error))
"""


def _apart(what: dict[str, Any]) -> bytes:
    """Render in a process of its own: resvg-py lets no other thread run, not even the one that ends the command.

    That process knows this one's modules (-P: not those that lie about where the command was started).
    """
    import json
    import subprocess

    command, pipe = [sys.executable, "-P", "-c", _CODE], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process, undoing(process.kill):
        made, said = process.communicate(json.dumps(what).encode())
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines() or [f"status {process.returncode}"]
        raise ValueError(lines[-1])
    return made


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


THREAD, LONG = 1.0, 16.0
"""A thread is at most so many pixels wide, and its straight parts so many pixels long on the mean."""


def threads_seen(drawing: Drawing, size: tuple[int, int]) -> NDArray[np.uint8] | None:
    """Render a drawing for pens on white as one sees it from afar, (H, W, 3) sRGB, if it is of threads; else None.

    A thread goes in one path across all that it has laid before, in long straight lines, thinner than a pixel. Light is
    mixed: each takes its share of what others leave, which is not so of lines that are laid beside each other.
    """
    from artkit.color.palette import parse
    from artkit.color.spaces import LEVEL_OF_LIGHT, LIGHT
    from artkit.pens.styled import is_for_pens
    from artkit.raster.threads import left_by

    if drawing.page is None or not is_for_pens(drawing):
        return None
    page = drawing.page
    zoom = np.array([size[0] / page.width, size[1] / page.height])
    found = []
    for layer in drawing.layers:
        paths = [path for shape in layer.shapes for path in shape.paths]
        points = [np.concatenate([path.points, path.points[:1]]) if path.closed else path.points for path in paths]
        lines = np.concatenate([np.hstack([some[:-1], some[1:]]) for some in points] or [np.empty((0, 4))])
        lines = np.tile(zoom, 2) * (lines * page.scale + np.tile(page.offset, 2))
        found.append((layer, lines, layer.stroke_width * page.scale * float(zoom[0])))
    main, lines, width = max(found, key=lambda one: len(one[1]))
    if sum(len(shape.paths) for shape in main.shapes) != 1:
        return None
    lengths = np.sqrt(((lines[:, 2:] - lines[:, :2]) ** 2).sum(1))
    if width > THREAD or lengths.sum() < LONG * len(lines) or any(s.opacity != 1 for s in drawing.shapes):
        return None
    inks = np.array([parse(layer.shapes[0].stroke or "black") for layer, _, _ in found if layer.shapes])
    shares = [left_by(lines, width, size) for layer, lines, width in found if layer.shapes]
    planes = {}
    for levels in {tuple(column) for column in inks.T.tolist()}:
        light: Any = 1.0
        for level, left in zip(levels, shares, strict=True):
            light = LIGHT[level] + (light - LIGHT[level]) * left
        planes[levels] = LEVEL_OF_LIGHT(light)
    return np.dstack([planes[tuple(column)] for column in inks.T.tolist()])


PEN = 4.0
"""Pixels of a pen's width at which its lines are rendered, before light is averaged."""

MOST_TIMES = 8
"""Times as large, at most, as a drawing for pens is rendered before it is reduced."""


def ink_seen(text: str, size: tuple[int, int], pen: float, background: str = WHITE) -> NDArray[np.uint8]:
    """Render lines of ink `pen` pixels wide on a color as one sees them from afar, (H, W, 3) sRGB.

    A renderer mixes the levels of fine lines and paper, which is darker than the light that comes from both: so they
    are rendered larger, and light is averaged.
    """
    import cv2

    from artkit.raster.resize import resized

    most = min(MOST_PIXELS, limit("grown")) / (size[0] * size[1])
    times = int(min(max(np.ceil(PEN / max(pen, 1e-3)), 1), MOST_TIMES, max(most**0.5, 1)))
    larger = (size[0] * times, size[1] * times)
    found = cv2.imdecode(np.frombuffer(png(text, larger, background), np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    pixels = np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB), np.uint8)
    return pixels if times == 1 else resized(pixels, None, *size, "linear")[0]


MOST_PIXELS = 60e6
"""Pixels of a rendering that is to be reduced."""


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
