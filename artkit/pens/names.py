"""A color or a layer's label in, what to call the pen out."""

from __future__ import annotations

import re

from artkit.errors import UsageError

LONGEST = 120
"""Characters of a label that are kept."""

LIGHT_FIRST = ("yellow", "cyan", "magenta", "black")
"""The order in which the pens of process colors draw: dark ink would soil a light pen."""


def process_pens() -> tuple[str, ...]:
    """Give the colors of the pens that `cmyk` stands for, in the order in which they draw."""
    from artkit.color.cmyk import CMYK

    return tuple(CMYK[name] for name in LIGHT_FIRST)


def pen_name(pen: str) -> str:
    """Give what a pen is called: cyan for that of the process colors, else as its color was given."""
    from artkit.color.cmyk import CMYK
    from artkit.color.palette import name_of, parse

    return {color: name for name, color in CMYK.items()}.get(name_of(parse(pen)), pen)


def hex_color(color: str) -> str:
    """Give a file's color as '#rrggbb'; black for one that is not understood."""
    from artkit.color.palette import name_of, parse

    if re.fullmatch("#[0-9a-f]{6}", color):
        return color
    try:
        return name_of(parse(color))
    except UsageError:
        return "#000000"


def color_name(color: str) -> str:
    """Give a color's CSS name where it has one."""
    from PIL import ImageColor

    from artkit.color.palette import name_of

    if not color.startswith("#"):
        return color.lower()
    # Pillow keeps what it has parsed: a name stands for '#000000' at first, and for (0, 0, 0) later.
    values = {name: value if isinstance(value, str) else name_of(value) for name, value in ImageColor.colormap.items()}
    names = {value.lower()[:7]: name for name, value in reversed(values.items())}
    return names.get(color.lower(), color.lower())


def bare_label(label: str) -> str:
    """Give a layer's label without the number, the flags and the pen's width that plotter software reads."""
    label = " ".join(label[:LONGEST].split())
    bare = re.sub(r"^\s*!?\d+(?:\+[SHD]\d+)*\s*[-:.]?\s*", "", label)
    bare = re.sub(r"\s*[\d.]+\s*mm\s*$", "", bare).strip()
    return bare or label.strip()


def label(number: int, name: str, width: str) -> str:
    """Give a layer's label as the software of plotters reads it: number, name, width of the pen."""
    return f"{number} - {name} {width}mm"
