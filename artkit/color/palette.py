"""Palettes: (K, 3) uint8 colors by name, in order of lightness, in even steps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artkit.color.spaces import lightness, oklab_to_srgb, srgb_to_oklab
from artkit.errors import UsageError, did_you_mean

Palette = NDArray[np.uint8]


def parse(text: str) -> Palette:
    """Parse one color: a CSS name, #rgb, #rrggbb, rgb(...) or hsl(...); gives (3,) uint8.

    An unknown one is a UsageError that suggests the nearest name.
    """
    from PIL import ImageColor

    try:
        return np.array(ImageColor.getrgb(text.strip())[:3], np.uint8)
    except ValueError:
        hint = "; write six hex digits: #ff8800" if text.strip().startswith("#") else ""
        hint = hint or ("; put commas between colors" if are_colors(text) else "")
        hint = hint or did_you_mean(text.strip().lower(), ImageColor.colormap)
        raise UsageError(f"no such color{hint or '; use a CSS name or #rrggbb'}") from None


def are_colors(text: str) -> bool:
    """Whether a text is several colors with something other than commas between them: red;blue."""
    parts = [part for part in re.split(r"[;/| ]+", text) if part]
    try:
        return len(parts) > 1 and all(len(parse(part)) for part in parts)
    except UsageError:
        return False


def split_colors(value: Any) -> Any:
    """Split a text at commas and spaces outside of parentheses; recipes give lists, a command line one text."""
    return re.findall(r"[^\s,(]+(?:\([^)]*\))?", value) if isinstance(value, str) else value


def colors_of(names: Iterable[str]) -> Palette:
    """Give the colors (K, 3) of their names, each as `parse` reads it."""
    return np.array([parse(name) for name in names], np.uint8).reshape(-1, 3)


def name_of(rgb: Iterable[int]) -> str:
    """Write a color as '#rrggbb'."""
    return "#" + "".join(f"{int(level):02x}" for level in rgb)


def by_lightness(colors: Palette) -> NDArray[np.intp]:
    """Order of (K, 3) colors from dark to light (OKLab); equals by red, green, blue, so that the order is one."""
    order: NDArray[np.intp] = np.lexsort((*colors.T[::-1], lightness(colors)))
    return order


def gradient(colors: Palette, count: int) -> Palette:
    """Give `count` colors in even steps from the first of (K, 3) to the last, mixed in OKLab in between."""
    places, steps = np.linspace(0, len(colors) - 1, count), np.arange(len(colors))
    return oklab_to_srgb(np.stack([np.interp(places, steps, axis) for axis in srgb_to_oklab(colors).T], axis=-1))
