"""A color or a layer's label in, what to call the pen out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

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
    from artkit.color.css import css_color

    if re.fullmatch("#[0-9a-f]{6}", color):
        return color
    found = css_color(color)
    return found[0] if found else "#000000"


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


class Label(NamedTuple):
    """A layer's label as the software of AxiDraw reads it: '!' to pause first, a number, hints such as '+S20', a name.

    `number` is 0 where there is none; `hidden` is one that starts with '%', and is not plotted.
    """

    name: str
    number: int = 0
    hints: str = ""
    pause: bool = False
    hidden: bool = False


def read_label(text: str) -> Label:
    """Take a layer's label apart; a pen's width at its end, as artkit writes it, is no part of the name."""
    text = " ".join(text[:LONGEST].split())
    found = _LABEL.match(text)
    assert found is not None
    mark, number, hints = found.groups()
    name = re.sub(r"(?:^| )[0-9.]+ ?mm$", "", text[found.end() :]).strip()
    return Label(name, int(number or 0), hints or "", mark == "!", mark == "%")


_LABEL = re.compile(r"([!%])? ?(?:(?![0-9.]+ ?mm)([0-9]{1,6})((?:\+[SHD][0-9]+)*)(?=$|[ :_-]|\.(?![0-9])))?[ :._-]*")


def bare_label(label: str) -> str:
    """Give a layer's label without the number, the flags and the pen's width that plotter software reads."""
    return read_label(label).name or " ".join(label[:LONGEST].split())


def label(number: int, name: str, width: str, hints: str = "", pause: bool = False) -> str:
    """Give a layer's label as the software of plotters reads it: number and hints, name, width of the pen."""
    return f"{'!' if pause else ''}{number}{hints} - {name} {width}mm"


def numbered(given: Sequence[int]) -> list[int]:
    """Give each pen its number: those of 0 have none yet, and take the least that are free, in their order."""
    taken = set(given)
    free = (number for number in count(1) if number not in taken)
    return [number or next(free) for number in given]
