"""A color as CSS writes it in, '#rrggbb' and an opacity out (CSS Color 4): all forms but mixtures.

Colors beyond sRGB come to its border, channel by channel, as browsers show them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from math import cos, pi, radians, sin

import numpy as np

from artkit.arrays import Floats
from artkit.color.palette import name_of

Color = tuple[str, float]
"""'#rrggbb', and how opaque it is from 0 to 1."""


@lru_cache(maxsize=4096)
def css_color(text: str) -> Color | None:
    """Give a color; None of a text that is none, or is one that only a browser could work out."""
    text = text.strip().lower()
    if text.startswith("#"):
        return _digits(text[1:])
    found = _FUNCTION(text)
    if found is None:
        return _named(text)
    return _function(found[1], found[2])


_FUNCTION = re.compile(r"([a-z]{3,5})\(([^()]{1,200})\)").fullmatch


def _digits(text: str) -> Color | None:
    if len(text) not in (3, 4, 6, 8) or not re.fullmatch("[0-9a-f]+", text):
        return None
    whole = text if len(text) > 4 else "".join(digit * 2 for digit in text)
    return "#" + whole[:6], int(whole[6:] or "ff", 16) / 255


def _named(name: str) -> Color | None:
    from PIL import ImageColor

    if name == "transparent":
        return "#000000", 0.0
    known = _SYSTEM.get(name) or ImageColor.colormap.get(name)
    if known is None:
        return None
    return (known if isinstance(known, str) else name_of(known[:3])), 1.0


_SYSTEM = {"canvas": "#ffffff", "canvastext": "#000000", "linktext": "#0000ee", "visitedtext": "#551a8b"}


class _Wrong(ValueError):
    pass


def _function(name: str, inside: str) -> Color | None:
    legacy = "," in inside
    space = ""
    if name == "color":
        space, _, inside = inside.strip().partition(" ")
    parts = re.split(r"\s*,\s*" if legacy else r"\s*/\s*|\s+", inside.strip())
    slash = inside.count("/")
    if len(parts) not in (3, 4) or slash > 1 or (legacy and slash) or (not legacy and slash != len(parts) - 3):
        return None
    try:
        alpha = min(max(_value(parts[3], 1.0), 0.0), 1.0) if len(parts) == 4 else 1.0
        levels = _READERS[name](parts[:3], space) if name in _READERS else None
    except _Wrong:
        return None
    if levels is None:
        return None
    return name_of(np.floor(np.clip(np.nan_to_num(levels), 0, 1) * 255 + 0.5)), alpha


_VALUE = re.compile(r"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?)(%|deg|rad|grad|turn)?").fullmatch


def _value(text: str, whole: float, unit: float = 1.0) -> float:
    """Read a number, whose `unit` is one, or a percentage of `whole`."""
    if text == "none":
        return 0.0
    found = _VALUE(text)
    if found is None or found[2] not in (None, "%"):
        raise _Wrong(text)
    return float(found[1]) * (whole / 100 if found[2] else 1 / unit)


def _hue(text: str) -> float:
    """Read an angle in degrees."""
    if text == "none":
        return 0.0
    found = _VALUE(text)
    if found is None or found[2] == "%":
        raise _Wrong(text)
    return float(found[1]) * {None: 1.0, "deg": 1.0, "rad": 180 / pi, "grad": 0.9, "turn": 360.0}[found[2]]


def _rgb(parts: list[str], _: str) -> Floats:
    return np.array([_value(part, 1.0, 255) for part in parts])


def _hsl(parts: list[str], _: str) -> Floats:
    share, light = (min(max(_value(part, 1.0, 100), 0.0), 1.0) for part in parts[1:])
    place = (np.array([0.0, 8.0, 4.0]) + _hue(parts[0]) / 30) % 12
    return light - share * min(light, 1 - light) * np.clip(np.minimum(place - 3, 9 - place), -1, 1)


def _hwb(parts: list[str], _: str) -> Floats:
    white, black = (_value(part, 1.0, 100) for part in parts[1:])
    if white + black >= 1:
        return np.full(3, white / (white + black))
    return _hsl([parts[0], "100%", "50%"], "") * (1 - white - black) + white


def _lab(parts: list[str], _: str) -> Floats:
    light, a, b = _value(parts[0], 100.0), _value(parts[1], 125.0), _value(parts[2], 125.0)
    return _of_lab(light, a, b)


def _lch(parts: list[str], _: str) -> Floats:
    light, chroma, hue = _value(parts[0], 100.0), _value(parts[1], 150.0), radians(_hue(parts[2]))
    return _of_lab(light, chroma * cos(hue), chroma * sin(hue))


def _of_lab(light: float, a: float, b: float) -> Floats:
    y = (light + 16) / 116
    f = np.array([y + a / 500, y, y - b / 200])
    cube = np.where(f**3 > 216 / 24389, f**3, (116 * f - 16) * 27 / 24389)
    return _encoded(_times(_D50_TO_LINEAR, cube * (0.9642956764295677, 1.0, 0.8251046025104602)))


def _oklab(parts: list[str], _: str) -> Floats:
    return _of_oklab(_value(parts[0], 1.0), _value(parts[1], 0.4), _value(parts[2], 0.4))


def _oklch(parts: list[str], _: str) -> Floats:
    chroma, hue = _value(parts[1], 0.4), radians(_hue(parts[2]))
    return _of_oklab(_value(parts[0], 1.0), chroma * cos(hue), chroma * sin(hue))


def _of_oklab(light: float, a: float, b: float) -> Floats:
    roots = light + _times(_OKLAB, np.array([a, b]))
    return _encoded(_times(_LMS_TO_LINEAR, roots**3))


def _color(parts: list[str], space: str) -> Floats:
    values = np.array([_value(part, 1.0) for part in parts])
    if space == "srgb":
        return values
    if space == "srgb-linear":
        return _encoded(values)
    if space == "display-p3":
        return _encoded(_times(_P3_TO_LINEAR, _linear(values)))
    raise _Wrong(space)


def _times(matrix: Floats, values: Floats) -> Floats:
    product: Floats = (matrix * values).sum(axis=1)  # without BLAS
    return product


def _linear(values: Floats) -> Floats:
    size = np.abs(values)
    return np.sign(values) * np.where(size <= 0.04045, size / 12.92, ((size + 0.055) / 1.055) ** 2.4)


def _encoded(linear: Floats) -> Floats:
    size = np.abs(linear)
    return np.sign(linear) * np.where(size <= 0.0031308, size * 12.92, 1.055 * size ** (1 / 2.4) - 0.055)


_D50_TO_LINEAR = np.array(
    [
        [3.1341358529, -1.6173863321, -0.4906619461],
        [-0.9787955503, 1.9162543774, 0.0334427339],
        [0.0719550366, -0.2289767598, 1.4053860351],
    ]
)
_OKLAB = np.array([[0.3963377774, 0.2158037573], [-0.1055613458, -0.0638541728], [-0.0894841775, -1.2914855480]])
_LMS_TO_LINEAR = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)
_P3_TO_LINEAR = np.array(
    [
        [1.2249401763, -0.2249401763, 0.0],
        [-0.0420569547, 1.0420569547, 0.0],
        [-0.0196375546, -0.0786360456, 1.0982736002],
    ]
)

_READERS: dict[str, Callable[[list[str], str], Floats]] = {
    **dict.fromkeys(("rgb", "rgba"), _rgb),
    **dict.fromkeys(("hsl", "hsla"), _hsl),
    **{"hwb": _hwb, "lab": _lab, "lch": _lch, "oklab": _oklab, "oklch": _oklch, "color": _color},
}
