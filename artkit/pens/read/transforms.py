"""What an element's transforms do: the attribute's grammar and that of CSS, about an origin, in a matrix.

SVG 2, chapter 8, and CSS Transforms 1 and 2. What turns out of the plane of the page is left out, and told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import isfinite, pi, radians, tan

from artkit.pens.layout import UNITS
from artkit.pens.read.lengths import (
    IDENTITY,
    BadNumber,
    Matrix,
    Viewport,
    in_pixels,
    length,
    number,
    times,
    transform,
    turned,
)
from artkit.pens.read.viewports import Sheet

Box = tuple[float, float, float, float]
"""Left, top, width and height, in user units."""

ERROR = "transform with an error"
SPACE = "transform out of the page's plane (left out)"


def matrix_of(own: Mapping[str, str], around: Viewport, box: Callable[[], Box], em: str = "16") -> tuple[Matrix, str]:
    """Give the matrix of an element that says so, in a viewport, and what of it is not as it should be, in words.

    `box` gives the element's own box, which `transform-box` may ask for.
    """
    attribute, css = own.get("transform"), own.get(":transform", "none")
    single = [(name, own[f":{name}"]) for name in ("translate", "rotate", "scale") if f":{name}" in own]
    if not attribute and css == "none" and not single:
        return IDENTITY, ""
    own_box = own.get(":transform-box", "view-box") in ("fill-box", "content-box", "stroke-box", "border-box")
    where: Box = box() if own_box else (0.0, 0.0, *around)
    found, told = IDENTITY, ""
    try:
        texts = [f"{name}3({value})" for name, value in single if value != "none"] + ([css] if css != "none" else [])
        for text in texts:
            one, flat = _css_transform(in_pixels(text, float(em)), where)
            found, told = times(found, one), told if flat else SPACE
    except (BadNumber, KeyError, ValueError):
        found, told = IDENTITY, ERROR
    if attribute:
        found, whole = transform(attribute)
        found, told = (found, "") if whole else (IDENTITY, ERROR)
    x, y = _origin(in_pixels(own.get("transform-origin", "0 0"), float(em)), where)
    if x or y:
        found = times(times((1.0, 0.0, 0.0, 1.0, x, y), found), (1.0, 0.0, 0.0, 1.0, -x, -y))
    return (found, told) if all(map(isfinite, found)) else (IDENTITY, ERROR)


def on_page(own: Mapping[str, str], sheet: Sheet) -> tuple[Matrix, str]:
    """Give the matrix of the transforms of a document's root, in millimetres: they are about the middle of the page."""
    if own.keys().isdisjoint(("transform", ":transform", ":translate", ":rotate", ":scale")):
        return IDENTITY, ""
    px = UNITS["px"]
    size = (sheet.width or 0.0) / px, (sheet.height or 0.0) / px
    (a, b, c, d, e, f), told = matrix_of({"transform-origin": "50% 50%", **own}, size, lambda: (0.0, 0.0, *size))
    return (a, b, c, d, e * px, f * px), told


_CALL = re.compile(r"\s*([a-zA-Z0-9]+)\(([^()]*)\)\s*")


def is_css_transform(text: str) -> bool:
    """Tell whether a browser takes a text for a value of the property `transform`, or of translate, rotate, scale."""
    try:
        _css_transform(text, (0.0, 0.0, 1.0, 1.0))
    except (BadNumber, KeyError, ValueError):
        return False
    return True


def _css_transform(text: str, box: Box) -> tuple[Matrix, bool]:
    """Give the matrix of a list of CSS transforms, and whether it stays in the plane; errors are ValueErrors."""
    matrix, flat, at = IDENTITY, True, 0
    while found := _CALL.match(text, at):
        at = found.end()
        name, inside = found[1].lower(), found[2].strip()
        one = _one(name, re.split(r"\s+" if name.endswith("e3") else r"\s*,\s*", inside), box)
        flat &= one is not None
        matrix = times(matrix, one or IDENTITY)
    if at < len(text) or not at:
        raise ValueError(text)
    return matrix, flat


def _one(name: str, values: list[str], box: Box) -> Matrix | None:  # noqa: PLR0912
    """Give the matrix of one function; None where it leaves the plane. 'scale3' and its like are the properties."""
    count = len(values)
    match name, count:
        case "matrix", 6:
            a, b, c, d, e, f = map(_number, values)
            return a, b, c, d, e, f
        case "matrix3d", 16:
            v = list(map(_number, values))
            flat = [v[n] for n in (2, 3, 6, 7, 8, 9, 11, 14)] == [0.0] * 8 and v[10] == v[15] == 1
            return (v[0], v[1], v[4], v[5], v[12], v[13]) if flat else None
        case "translate", 1 | 2:
            return _moved(values[0], values[1] if count > 1 else "0", box)
        case "translate3", 1 | 2 | 3:
            return _moved(values[0], values[1] if count > 1 else "0", box)
        case "translate3d", 3:
            return _moved(values[0], values[1], box)  # without a perspective nothing comes nearer
        case "translatex", 1:
            return _moved(values[0], "0", box)
        case "translatey", 1:
            return _moved("0", values[0], box)
        case "translatez", 1:
            return IDENTITY
        case "scale" | "scale3", 1 | 2:
            return _share(values[0]), 0.0, 0.0, _share(values[-1]), 0.0, 0.0
        case "scale3d" | "scale3", 3:
            return _share(values[0]), 0.0, 0.0, _share(values[1]), 0.0, 0.0
        case "scalex", 1:
            return _share(values[0]), 0.0, 0.0, 1.0, 0.0, 0.0
        case "scaley", 1:
            return 1.0, 0.0, 0.0, _share(values[0]), 0.0, 0.0
        case "scalez", 1:
            return IDENTITY
        case "rotate" | "rotatez" | "rotate3", 1:
            return turned(_angle(values[0]))
        case "rotate3d", 4:
            x, y, z = map(_number, values[:3])
            return None if x or y or not z else turned(_angle(values[3]) * (1 if z > 0 else -1))
        case "rotate3", 2 | 4:
            return _axis([value.lower() for value in values])
        case "skew", 1 | 2:
            across, along = _angle(values[0]), _angle(values[1]) if count > 1 else 0.0
            return 1.0, tan(radians(along)), tan(radians(across)), 1.0, 0.0, 0.0
        case "skewx", 1:
            return 1.0, 0.0, tan(radians(_angle(values[0]))), 1.0, 0.0, 0.0
        case "skewy", 1:
            return 1.0, tan(radians(_angle(values[0]))), 0.0, 1.0, 0.0, 0.0
        case "rotatex" | "rotatey" | "perspective", 1:
            return None
    raise ValueError(name)


def _axis(values: list[str]) -> Matrix | None:
    """Read 'z 30deg' or '0 0 1 30deg', in either order."""
    angle = next(value for value in values if re.search("[a-z]$", value) and value not in "xyz")
    rest = [value for value in values if value is not angle]
    if rest in (["x"], ["y"]):
        return None
    axis = [0.0, 0.0, 1.0] if rest == ["z"] else list(map(_number, rest))
    return None if axis[0] or axis[1] or not axis[2] else turned(_angle(angle) * (1 if axis[2] > 0 else -1))


def _number(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value


def _share(text: str) -> float:
    return _number(text[:-1]) / 100 if text.endswith("%") else _number(text)


def _angle(text: str) -> float:
    """Read an angle in degrees; only 0 needs no unit."""
    found = re.fullmatch(r"([+-]?[0-9.]+(?:e[+-]?\d{1,3})?)(deg|rad|grad|turn|)", text.strip().lower())
    if not found or (not found[2] and float(found[1])):
        raise ValueError(text)
    return _number(found[1]) * {"": 1.0, "deg": 1.0, "rad": 180 / pi, "grad": 0.9, "turn": 360.0}[found[2]]


def _moved(x: str, y: str, box: Box) -> Matrix:
    return 1.0, 0.0, 0.0, 1.0, _css_length(x, box[2]), _css_length(y, box[3])


def _css_length(text: str, whole: float) -> float:
    """Read a length of CSS: only 0 needs no unit."""
    if not re.search("[a-zA-Z%]$", text.strip()) and number(text, 1.0):
        raise ValueError(text)
    return length(text, whole)


_SIDES = {"left": 0.0, "top": 0.0, "center": 0.5, "right": 1.0, "bottom": 1.0}


def _origin(text: str, box: Box) -> tuple[float, float]:
    """Give the place that transforms are about, from words, lengths, and shares of a box."""
    words = text.replace(",", " ").lower().split()[:2] or ["0"]
    if len(words) == 1:
        words = ["center", words[0]] if words[0] in ("top", "bottom") else [words[0], "center"]
    elif words[0] in ("top", "bottom") or words[1] in ("left", "right"):
        words.reverse()
    try:
        x, y = (
            _SIDES[word] * whole if word in _SIDES else length(word, whole)
            for word, whole in zip(words, box[2:], strict=True)
        )
    except BadNumber:
        x = y = 0.0
        return x, y
    return box[0] + x, box[1] + y
