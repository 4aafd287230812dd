"""Colors in, what they are called out: "dark red", "light blue", "gray"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from artkit.artwork.drawing import Gradient, Shape
from artkit.color.palette import name_of, parse
from artkit.color.spaces import srgb_to_oklab

GRAY = 0.03
"""Chroma in OKLab below which a color is black, gray or white."""

DARK, LIGHT = 0.3, 0.9
"""Lightness in OKLab below which it is black, and above which it is white."""

BROWN = 0.55
"""Lightness below which orange and yellow are brown."""

DULL, DULL_BELOW, DULL_HUES = 0.08, 0.7, (25, 100)
"""Chroma and lightness below which colors of hues between these, in degrees, are brown: earth, wood, skin in shade."""

HUES = ((15, "pink"), (45, "red"), (78, "orange"), (122, "yellow"), (168, "green"), (225, "teal"), (285, "blue"),
        (325, "purple"), (360, "pink"))  # fmt: skip
"""Names of hues, each up to an angle in OKLab, in degrees."""

NAMES = ("black", "gray", "white", "brown", *dict.fromkeys(name for _, name in HUES))
"""All names, but for how light the color is."""

_SHADES = {"brown": (0.35, 0.5), "yellow": (0.65, 0.93), "gray": (0.5, 0.75)}
_USUAL = (0.45, 0.8)
"""Lightness below which a color of that name is dark, and above which it is light."""


def ink_of(shape: Shape) -> str:
    """The color of a shape: of its fill or, without one, of its stroke; the mean one of a gradient."""
    if isinstance(shape.fill, Gradient):
        return name_of(np.clip(np.rint(shape.fill.mean()), 0, 255).astype(int))
    return name_of(parse(shape.fill or shape.stroke or "#000000"))


def families(inks: Sequence[str]) -> list[str]:
    """What colors are called: black, gray, white, brown, or by their hue."""
    return [name for name, _ in _named(inks)]


def shades(inks: Sequence[str]) -> list[str]:
    """What colors are called, with how light they are: dark red, red, light red."""
    return [_shade(name, light) for name, light in _named(inks)]


def _named(inks: Sequence[str]) -> list[tuple[str, float]]:
    lab = srgb_to_oklab(np.array([parse(ink) for ink in inks], np.uint8).reshape(-1, 3))
    chroma, hue = np.hypot(lab[:, 1], lab[:, 2]), np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    place = np.searchsorted([angle for angle, _ in HUES], hue, side="right")
    dull = (chroma < DULL) & (lab[:, 0] < DULL_BELOW) & (hue > DULL_HUES[0]) & (hue < DULL_HUES[1])
    each = zip(lab[:, 0].tolist(), chroma.tolist(), place.tolist(), dull.tolist(), strict=True)
    return [(_name(light, chroma, place, dull), light) for light, chroma, place, dull in each]


def _name(light: float, chroma: float, place: int, dull: bool) -> str:
    if chroma < GRAY or light < DARK / 2:
        return "black" if light < DARK else "white" if light > LIGHT else "gray"
    name = HUES[min(place, len(HUES) - 1)][1]
    return "brown" if dull or (light < BROWN and name in ("orange", "yellow")) else name


def _shade(name: str, light: float) -> str:
    if name in ("black", "white"):
        return name
    dark, pale = _SHADES.get(name, _USUAL)
    return f"dark {name}" if light < dark else f"light {name}" if light > pale else name
