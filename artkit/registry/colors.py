"""Colors as parameters: how a palette is given, checked, and turned into plain colors.

A palette is a list of colors, of names of palettes, of palette files and of photos. All but colors are replaced by the
colors in them, from dark to light, as soon as the parameters are checked: the recipe in an artwork then stands alone.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from artkit.artwork.image import Image
from artkit.artwork.photo import read as read_photo
from artkit.color.choose import palette_of
from artkit.color.files import MOST, SUFFIXES, is_file_name, read
from artkit.color.named import SETS
from artkit.color.palette import Palette, are_colors, by_lightness, name_of, parse
from artkit.errors import ArtkitError, UsageError, did_you_mean
from artkit.packages import palette_files
from artkit.raster.resize import resized
from artkit.registry.declared import AfterValidator, BeforeValidator

PHOTOS = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".bmp")

OF_A_PHOTO = 12
"""Colors that are taken from a photo."""

_SIDE = 400
"""Pixels of the longer side of the small version from which they are taken."""

WAYS = f"CSS names, #rrggbb, a palette file ({', '.join(SUFFIXES)}), a photo's file, or a palette: {', '.join(SETS)}"
"""How colors are given, for descriptions."""

FIXED_WAYS = f"CSS names, #rrggbb, a palette file ({', '.join(SUFFIXES)}), or a palette: {', '.join(SETS)}"
"""How fixed colors are given, for descriptions."""


def split_colors(value: Any) -> Any:
    """Split a text at commas and spaces outside of parentheses; recipes give lists, a command line one text."""
    return re.findall(r"[^\s,(]+(?:\([^)]*\))?", value) if isinstance(value, str) else value


def _color(name: str) -> str:
    try:
        parse(name)
    except UsageError as error:
        raise ValueError(str(error)) from None
    return name


ColorName = Annotated[str, AfterValidator(_color)]
"""A CSS name or '#rrggbb', checked."""


def _color_or_none(name: str) -> str:
    return name if name == "none" else _color(name)


ColorOrNone = Annotated[str, AfterValidator(_color_or_none)]
"""A color, or "none", checked."""


def _file_or_colors(value: Any) -> Any:
    """Read a text as one palette file, whose name may hold spaces, or as colors."""
    return (value.strip(),) if isinstance(value, str) and is_file_name(value.strip()) else split_colors(value)


def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(
            color for name in names for color in (_quoted(name) if not is_file_name(name) else map(name_of, read(name)))
        )
    except UsageError as error:
        raise ValueError(str(error)) from None


def _quoted(name: str) -> list[str]:
    """The colors of a named palette, in its order, or one color."""
    from PIL import ImageColor

    if name in SETS:
        return [f"#{digits}" for digits in SETS[name].split()]
    try:
        parse(name)
    except UsageError as error:
        if name in palette_files():
            return [name_of(color) for color in read(palette_files()[name])]
        if hint := did_you_mean(name.lower(), [*SETS, *palette_files()]):
            raise UsageError(f"{name!r}: no such color or palette{hint}") from None
        if name.startswith("#") or are_colors(name) or did_you_mean(name.lower(), ImageColor.colormap):
            raise UsageError(f"{name!r}: {error}") from None
        way = f"use a CSS name, #rrggbb, the file of a palette, or one of {', '.join(SETS)}"
        raise UsageError(f"{name!r}: no such color or palette; {way}") from None
    return [name]


FixedColors = Annotated[tuple[str, ...], BeforeValidator(_file_or_colors), AfterValidator(_in_order)]
"""Colors in the order they are given, checked, each palette and each palette file replaced by the colors in it: so
an artwork's recipe stands alone."""


def check_kept(keep: tuple[str, ...], count: int | None) -> None:
    """Refuse colors to keep where no number of colors is asked for, or one too small for them."""
    if keep and count is None:
        raise UsageError("keep: goes with a number of colors; add colors = 8, or name all colors in palette")
    if count is not None and len(keep) > count:
        raise UsageError(f"keep: {len(keep)} colors, and {count} in all; use colors = {len(keep)} or more")


def colors_of(names: tuple[str, ...]) -> Palette:
    """(K, 3) the colors of a checked palette."""
    return np.array([parse(name) for name in names], np.uint8)


def _listed(value: Any) -> Any:
    """Read a text as one file, whose name may hold spaces, or as words."""
    return (value.strip(),) if isinstance(value, str) and _is_file(value.strip()) else split_colors(value)


def _is_file(name: str) -> bool:
    return is_file_name(name) or name.lower().endswith(PHOTOS)


def _known(name: str) -> str:
    from PIL import ImageColor

    if name in SETS or _is_file(name):
        return name
    try:
        parse(name)
    except ArtkitError as error:
        if name in palette_files():
            return name
        if name.startswith("#"):
            raise ValueError(str(error)) from None
        hint = "; put commas between colors" if are_colors(name) else ""
        hint = hint or did_you_mean(name.lower(), [*SETS, *palette_files(), *ImageColor.colormap, "random"])
        way = hint or f"; use a CSS name, #rrggbb or one of {', '.join(SETS)}"
        raise ValueError(f"no such color or palette{way}") from None
    return name


def _known_or_random(name: str) -> str:
    return name if name == "random" else _known(name)


def _plain(names: tuple[str, ...]) -> tuple[str, ...]:
    try:
        colors = tuple(color for name in names for color in _members(name))
    except ArtkitError as error:
        raise ValueError(str(error)) from None
    if len(colors) > MOST:
        raise ValueError(f"{len(colors)} colors; give {MOST} or fewer")
    return colors


def _members(name: str) -> list[str]:
    from PIL import ImageColor

    if name in SETS:
        palette = colors_of(tuple(f"#{digits}" for digits in SETS[name].split()))
    elif is_file_name(name):
        palette = read(name)
    elif name not in ImageColor.colormap and name in palette_files():
        palette = read(palette_files()[name])
    elif _is_file(name):
        palette = _of_photo(Path(name))
    else:
        return [name]
    return [name_of(color) for color in palette[by_lightness(palette)]]


def _of_photo(path: Path) -> Palette:
    """Take the colors that the photo is made of, as they are chosen for `colors`, on a small version of it."""
    photo = read_photo(path)
    longer = max(photo.width, photo.height)
    pixels, alpha = photo.pixels, photo.alpha
    if longer > _SIDE:
        width, height = (max(round(side * _SIDE / longer), 1) for side in (photo.width, photo.height))
        pixels, alpha = resized(pixels, alpha, width, height)
    opaque = Image(pixels, alpha).is_opaque
    if opaque is not None and not opaque.any():
        raise ArtkitError(f"{path}: transparent throughout, so it has no colors to take")
    return palette_of(pixels, opaque, OF_A_PHOTO)


Colors = Annotated[
    tuple[Annotated[str, AfterValidator(_known)], ...],
    BeforeValidator(_listed),
    AfterValidator(_plain),
]
"""Colors, in plain form when checked."""

ColorsOrChance = Annotated[
    tuple[Annotated[str, AfterValidator(_known_or_random)], ...],
    BeforeValidator(_listed),
    AfterValidator(_plain),
]
"""The same, among which may be "random"."""
