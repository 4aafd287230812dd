"""A basic shape of SVG in, the path data of its outline out."""

from __future__ import annotations

from math import hypot, sqrt
from xml.etree import ElementTree

from artkit.pens.read.lengths import Viewport, length


def outline(element: ElementTree.Element, tag: str, around: Viewport = (0.0, 0.0)) -> str:
    """Give the outline of a shape as path data; lengths in percent are shares of the size `around` it."""
    across, down = around
    whole = {"x": across, "y": down, "r": hypot(across, down) / sqrt(2)}

    def get(name: str) -> float:
        text = element.get(name)
        if text and "%" in text:
            key = "r" if name == "r" else "y" if "y" in name or name == "height" else "x"
            return length(text, whole[key])
        return length(text)

    if tag == "path":
        return element.get("d") or ""
    if tag in ("polyline", "polygon"):
        points = (element.get("points") or "").strip()
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
        given = [get(key) if element.get(key) not in (None, "auto") else None for key in ("rx", "ry")]
        rx = given[0] if given[0] is not None else given[1] or 0.0
        ry = given[1] if given[1] is not None else given[0] or 0.0
        rx, ry = min(max(rx, 0.0), w / 2), min(max(ry, 0.0), h / 2)
        if not (rx and ry):
            return f"M{x!r} {y!r}h{w!r}v{h!r}h{-w!r}z"
        return (
            f"M{x + rx!r} {y!r}H{x + w - rx!r}A{rx!r} {ry!r} 0 0 1 {x + w!r} {y + ry!r}V{y + h - ry!r}"
            f"A{rx!r} {ry!r} 0 0 1 {x + w - rx!r} {y + h!r}H{x + rx!r}A{rx!r} {ry!r} 0 0 1 {x!r} {y + h - ry!r}"
            f"V{y + ry!r}A{rx!r} {ry!r} 0 0 1 {x + rx!r} {y!r}z"
        )
    cx, cy = get("cx"), get("cy")
    rx, ry = (get("r"),) * 2 if tag == "circle" else (get("rx"), get("ry"))
    if not (rx > 0 and ry > 0):
        return ""
    half = f"A{rx!r} {ry!r} 0 0 1"
    return f"M{cx - rx!r} {cy!r}{half} {cx + rx!r} {cy!r}{half} {cx - rx!r} {cy!r}z"
