"""Two files of an artwork in, how far apart what they show is out: points of drawings, pixels of pictures."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from artkit.errors import ArtkitError

if TYPE_CHECKING:
    from xml.etree import ElementTree

CLOSE = 0.01
"""Pixels that points may be apart in the same geometry."""

_PLACES = frozenset("x y x1 y1 x2 y2 cx cy r rx ry fx fy width height points stroke-width".split())  # noqa: SIM905
"""Attributes that hold coordinates or lengths; path data, too, does."""

_SILENT = frozenset(("metadata", "title", "desc"))
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def apart(one: bytes, other: bytes, suffix: str) -> float | None:
    """Give how far two files are apart: pixels between points of SVGs, levels between pixels of pictures.

    None is where they are not made of the same parts, or cannot be compared.
    """
    try:
        if suffix in (".svg", ".svgz"):
            return _of_drawings(one, other)
        return _of_pictures(one, other)
    except (ArtkitError, ValueError, OSError):
        return None


def _of_drawings(one: bytes, other: bytes) -> float | None:
    from artkit.pens.read.elements import parsed

    roots = parsed(one), parsed(other)
    scale = _pixels(roots[0])
    farthest = 0.0
    for first, second in zip_longest(_elements(roots[0]), _elements(roots[1])):
        if first is None or second is None or first.tag != second.tag or first.keys() != second.keys():
            return None
        for name, value in first.items():
            distance = _between(name, value, second.get(name, ""))
            if distance is None:
                return None
            farthest = max(farthest, distance * scale)
    return farthest


def _elements(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    from artkit.pens.read.elements import local

    waiting = [root]
    while waiting:
        element = waiting.pop()
        if local(element.tag) not in _SILENT:
            yield element
            waiting += reversed(element)


def _pixels(root: ElementTree.Element) -> float:
    """Give the pixels of a user unit, 96 to the inch."""
    width = root.get("width", "1")
    box = root.get("viewBox", f"0 0 {width} 1").split()
    size = float(width.removesuffix("mm")) * (96 / 25.4 if width.endswith("mm") else 1)
    return size / float(box[2])


def _between(name: str, one: str, other: str) -> float | None:
    """Give how far the numbers of an attribute are apart, in user units; None where it says something else."""
    if one == other:
        return 0.0
    if name == "d":
        from artkit.pens.read.pathdata import places

        first, second = places(one), places(other)
        return None if first is None or second is None or first[0] != second[0] else _most(first[1], second[1])
    if name in _PLACES and _NUMBER.sub("#", one) == _NUMBER.sub("#", other):
        return _most(*(np.array([float(text) for text in _NUMBER.findall(value)]) for value in (one, other)))
    return None


def _most(one: Any, other: Any) -> float:
    return float(np.abs(one - other).max(initial=0.0))


def _of_pictures(one: bytes, other: bytes) -> float | None:
    from PIL import Image as Pillow

    first, second = Pillow.open(io.BytesIO(one)), Pillow.open(io.BytesIO(other))
    count = getattr(first, "n_frames", 1)
    if count != getattr(second, "n_frames", 1) or first.size != second.size:
        return None
    farthest = 0.0
    for i in range(count):
        first.seek(i)
        second.seek(i)
        if first.info.get("duration") != second.info.get("duration"):
            return None
        frames = (np.asarray(picture.convert("RGBA")).astype(np.int16) for picture in (first, second))
        farthest = max(farthest, _most(*frames))
    return farthest
