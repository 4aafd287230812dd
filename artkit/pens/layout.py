"""A sheet of paper and a drawing's size in, its place on the page out. Millimetres."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from artkit.arrays import Floats
from artkit.artwork.drawing import Page
from artkit.errors import UsageError, did_you_mean

SHEETS = {
    **{f"a{n}": size for n, size in enumerate([(841, 1189), (594, 841), (420, 594), (297, 420), (210, 297)])},
    "a5": (148, 210),
    "a6": (105, 148),
    "letter": (215.9, 279.4),
    "legal": (215.9, 355.6),
    "tabloid": (279.4, 431.8),
}
"""Upright sheets by name: ISO 216, and ANSI/ASME Y14.1."""

UNITS = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6, "px": 25.4 / 96, "q": 0.25}
"""Millimetres of each unit, as CSS has them (CSS Values 4, section 6.2)."""

LARGEST = 10_000.0
"""Millimetres of a side; wider plotters are not built."""

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"


@dataclass(frozen=True)
class Sheet:
    """A sheet of paper and the margin to be left free on all four sides."""

    width: float
    height: float
    margin: float = 0.0

    @property
    def inside(self) -> tuple[float, float]:
        """Width and height between the margins."""
        return self.width - 2 * self.margin, self.height - 2 * self.margin


def millimetres(text: str, what: str = "length") -> float:
    """Read a length such as 10mm, 1.5cm, 0.5in, 12pt, or a bare number of millimetres."""
    found = re.fullmatch(rf"({_NUMBER})\s*([a-zA-Z]*)", text.strip())
    if found is None or (unit := found[2].lower() or "mm") not in UNITS:
        raise UsageError(f"{what}: {text!r} is no length; write it as 10mm, 1.5cm or 0.5in")
    value = float(found[1]) * UNITS[unit]
    if not np.isfinite(value):
        raise UsageError(f"{what}: {text!r} is not finite")
    return value


def sheet(text: str, *, landscape: bool = False, margin: float = 0.0) -> Sheet:
    """Give a sheet by its name (A4, letter), or by its sides as WxH with a unit (300x200mm).

    A named one stands upright unless it is to lie; `landscape` makes the longer side of any sheet the width.
    A UsageError says when there is no such sheet, or when the margins leave nothing of it.
    """
    name = text.strip().lower()
    if name in SHEETS:
        width, height = SHEETS[name]
    else:
        found = re.fullmatch(rf"({_NUMBER})\s*([a-z]*)\s*[x×]\s*({_NUMBER})\s*([a-z]*)", name)
        if found is None:
            hint = did_you_mean(name, [each.upper() if each[1:].isdecimal() else each for each in SHEETS])
            raise UsageError(f"page: {text!r} is no sheet; write A4, letter or sides as 300x200mm{hint}")
        last = found[4] or "mm"
        width = millimetres(found[1] + (found[2] or last), "page")
        height = millimetres(found[3] + last, "page")
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise UsageError(f"page: {text!r} is not between 0 and {LARGEST:g} mm a side")
    if landscape and width < height:
        width, height = height, width
    return checked(Sheet(float(width), float(height), margin))


def checked(sheet: Sheet) -> Sheet:
    """Give the sheet, or a UsageError where its margins leave nothing of it."""
    if sheet.margin < 0:
        raise UsageError(f"margin: {sheet.margin:g} mm is below 0; use 0 or more")
    if min(sheet.inside) <= 0:
        least = min(sheet.width, sheet.height) / 2
        raise UsageError(
            f"margin: {sheet.margin:g} mm on each side leaves nothing of a page of {sheet.width:g} x {sheet.height:g}"
            f" mm; use less than {least:g} mm"
        )
    return sheet


def fit(low: Floats, high: Floats, sheet: Sheet) -> tuple[float, Floats]:
    """Give the scale and the offset (2,) that make a box as large as fits between the margins, in their middle.

    `low` and `high` are the box's corners; `point * scale + offset` is then in millimetres of the page. A box without
    width or height is fitted by the other side, one without both keeps its size.
    """
    size = np.maximum(high - low, 0)
    with np.errstate(divide="ignore"):
        scale = float(np.min(np.divide(sheet.inside, size)))
    if not np.isfinite(scale):
        scale = 1.0
    return scale, centered(low, high, sheet, scale)


def centered(low: Floats, high: Floats, sheet: Sheet, scale: float) -> Floats:
    """Give the offset (2,) that puts a box, once scaled, in the middle of the page."""
    offset: Floats = np.array([sheet.width, sheet.height]) / 2 - (low + high) / 2 * scale
    return offset


@dataclass(frozen=True, eq=False)
class Paper:
    """The picture's place on the page: `width` x `height` mm, `offset` from the page's corner; `scale` mm a pixel."""

    width: float
    height: float
    page: Page
    scale: float


def paper_of(width: float, height: float, page: str, margin: float, pen_width: float) -> Paper:
    """Lay a picture of `width` x `height` pixels on a page; a UsageError where the pen has no room between margins."""
    named = not any(character.isdigit() for character in page.strip()[:1])
    chosen: Sheet = sheet(page, landscape=named and width > height, margin=margin)
    inside = chosen.inside
    scale = min(inside[0] / width, inside[1] / height)
    size = width * scale, height * scale
    if min(inside) < 2 * pen_width:
        raise UsageError(
            f"pen_width: {pen_width:g} mm is too wide for the {inside[0]:g} x {inside[1]:g} mm between the margins; "
            f"use {min(inside) / 2:.3g} or less, or a larger page"
        )
    offset = ((chosen.width - size[0]) / 2, (chosen.height - size[1]) / 2)
    return Paper(size[0], size[1], Page(chosen.width, chosen.height, 1.0, offset), scale)
