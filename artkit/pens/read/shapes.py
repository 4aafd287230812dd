"""A basic shape of SVG in, the path data of its outline out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from artkit.pens.read.lengths import Viewport, diagonal, in_pixels, length

_LETTER = re.compile("[a-df-zA-DF-Z]")


def outline(
    element: Mapping[str, str] | ElementTree.Element, tag: str, around: Viewport = (0.0, 0.0), em: str = "16"
) -> str:
    """Give the outline of a shape as path data; lengths in percent are shares of the size `around` it.

    `em` is the size of the font, in pixels.
    """
    across, down = around
    whole = {"x": across, "y": down, "r": diagonal(around)}

    def get(name: str) -> float:
        text = element.get(name)
        if text and text[-1:] in "mxh":
            text = in_pixels(text, float(em))
        if text and "%" in text:
            key = "r" if name == "r" else "y" if "y" in name or name == "height" else "x"
            return length(text, whole[key])
        return length(text)

    def radius(name: str) -> float | None:
        size = None if element.get(name) in (None, "auto") else get(name)
        return None if size is None or size < 0 else size

    if tag == "path":
        data = element.get("d") or ""
        return _quoted(data) if data.startswith("path(") else data
    if tag in ("polyline", "polygon"):
        points = (element.get("points") or "").strip()
        if _LETTER.search(points):
            return "x"  # no path data: counted as an error, as none of it is drawn
        if not points:
            return ""
        return f"M{points}Z" if tag == "polygon" else f"M{points}"
    if tag == "line":
        x1, y1, x2, y2 = map(get, ("x1", "y1", "x2", "y2"))
        return f"M{x1!r} {y1!r}L{x2!r} {y2!r}"
    if tag == "rect":
        x, y, w, h = map(get, ("x", "y", "width", "height"))
        if not (w > 0 and h > 0):
            return ""
        rx, ry = _both(radius("rx"), radius("ry"))
        rx, ry = min(rx, w / 2), min(ry, h / 2)
        if not (rx and ry):
            return f"M{x!r} {y!r}h{w!r}v{h!r}h{-w!r}z"
        return (
            f"M{x + rx!r} {y!r}H{x + w - rx!r}A{rx!r} {ry!r} 0 0 1 {x + w!r} {y + ry!r}V{y + h - ry!r}"
            f"A{rx!r} {ry!r} 0 0 1 {x + w - rx!r} {y + h!r}H{x + rx!r}A{rx!r} {ry!r} 0 0 1 {x!r} {y + h - ry!r}"
            f"V{y + ry!r}A{rx!r} {ry!r} 0 0 1 {x + rx!r} {y!r}z"
        )
    cx, cy = get("cx"), get("cy")
    rx, ry = (get("r"),) * 2 if tag == "circle" else _both(radius("rx"), radius("ry"))
    if not (rx > 0 and ry > 0):
        return ""
    half = f"A{rx!r} {ry!r} 0 0 1"
    return f"M{cx + rx!r} {cy!r}{half} {cx - rx!r} {cy!r}{half} {cx + rx!r} {cy!r}z"


def _both(rx: float | None, ry: float | None) -> tuple[float, float]:
    """Give both radii, where one that is not said is as large as the other."""
    return (rx if rx is not None else ry or 0.0), (ry if ry is not None else rx or 0.0)


def _quoted(text: str) -> str:
    """Give the data of CSS's path("M0 0")."""
    found = re.fullmatch(r"""path\(\s*(?:\w+\s*,\s*)?(["'])([^"']*)\1\s*\)""", text.strip())
    return found[2] if found else ""
