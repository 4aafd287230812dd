"""What is asked of a page to boxes on it: the paper, what is left when it is cut, the bleed, and the art."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from artkit.errors import UsageError
from artkit.pens.layout import LARGEST, Sheet, sheet

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""

MARK = 5.0
"""Length of a crop mark, and twice the radius of a register mark."""

GAP = 3.0
"""Between the bleed, or the edge where there is none, and the marks."""

NEAR = 0.01
"""Edges that are no farther apart are one."""

OVERLAP, TILE_MARGIN = 10.0, 10.0
"""Of the sheets of a poster: what two of them both show, and what printers leave free."""

MOST_TILES = 400
"""Sheets of a poster; more are taken for a slip."""


@dataclass(frozen=True)
class Asked:
    """A page as it is asked for; without `page` the paper is as large as the art.

    `landscape` None lays a named sheet as the art lies. With `fill` the art covers the page and what is too much is cut
    off, else it is as large as fits between the margins. Marks lie on extra paper around the page.
    """

    page: str | None = None
    landscape: bool | None = None
    margin: float = 0.0
    fill: bool = False
    bleed: float = 0.0
    crop_marks: bool = False
    register_marks: bool = False
    tile: str | None = None


class Layout(NamedTuple):
    """Boxes on paper of `width` x `height`; `art` is where the artwork's own sheet lies, `tile` a sheet of a poster."""

    width: float
    height: float
    trim: Box
    bleed: Box
    art: Box
    asked: Asked
    tile: Sheet | None = None

    @property
    def cuts(self) -> bool:
        """Whether art reaches beyond the box that it is cut off at."""
        return any(self.art[k] < self.bleed[k] - NEAR or self.art[k + 2] > self.bleed[k + 2] + NEAR for k in (0, 1))

    @property
    def spills(self) -> tuple[bool, bool, bool, bool]:
        """Whether the art ends at the left, upper, right and lower edge, and so has to bleed there."""
        left, top, right, bottom = (abs(a - b) < NEAR for a, b in zip(self.art, self.trim, strict=True))
        return left, top, right, bottom


def laid_out(width: float, height: float, asked: Asked, *, pixels: bool = False) -> Layout:
    """Lay art of `width` x `height` out; what fills a page and is all `pixels` covers the bleed, too.

    A UsageError says what of the page cannot be.
    """
    if asked.bleed < 0 or asked.bleed > 50:
        raise UsageError(f"bleed: {asked.bleed:g} mm is not between 0 and 50; printers ask for 3mm")
    if asked.page is None:
        page, art = _own(width, height, asked)
    else:
        page = _sheet(asked.page, asked.landscape, width > height, asked.margin)
        art = _placed(width, height, page, asked, 2 * asked.bleed if pixels and asked.fill else 0.0)
    slug = asked.bleed + (GAP + MARK + 1 if asked.crop_marks or asked.register_marks else 0.0)
    trim = (slug, slug, slug + page.width, slug + page.height)
    bleed = (trim[0] - asked.bleed, trim[1] - asked.bleed, trim[2] + asked.bleed, trim[3] + asked.bleed)
    art = (art[0] + slug, art[1] + slug, art[2] + slug, art[3] + slug)
    made = Layout(page.width + 2 * slug, page.height + 2 * slug, trim, bleed, art, asked)
    if asked.bleed and not any(made.spills) and not made.cuts:
        raise UsageError(
            f"bleed: the art ends {min(art[0] - trim[0], art[1] - trim[1]):.1f} mm or more inside of the page and has "
            "nothing to bleed; use --fill, or no --margin"
        )
    return made._replace(tile=_tile(made, asked.tile)) if asked.tile is not None else made


def _own(width: float, height: float, asked: Asked) -> tuple[Sheet, Box]:
    if asked.fill:
        raise UsageError("fill: there is no page to fill; give --page A3 or its like")
    if asked.landscape is not None:
        raise UsageError("landscape: there is no page to turn; give --page A3 or its like")
    margin = asked.margin
    sides = width + 2 * margin, height + 2 * margin
    if not (min(width, height) >= NEAR and max(sides) <= LARGEST):
        raise UsageError(f"the art is {width:g} x {height:g} mm: sides are at least {NEAR} and at most {LARGEST:g} mm")
    return Sheet(*sides), (margin, margin, margin + width, margin + height)


def _sheet(text: str, landscape: bool | None, lies: bool, margin: float) -> Sheet:
    """Give a sheet by its name, which lies as the art unless it is said how; or by its sides, as they are given."""
    named = not any(sign.isdigit() for sign in text.strip()[:1])
    made = sheet(text, landscape=landscape is True or (landscape is None and named and lies), margin=margin)
    if landscape is False and made.width > made.height:
        made = Sheet(made.height, made.width, made.margin)
    return made


def _placed(width: float, height: float, page: Sheet, asked: Asked, more: float) -> Box:
    if not (width > 0 and height > 0):
        raise UsageError(f"the art is {width:g} x {height:g} mm: its sides are more than 0")
    inside = page.inside
    if asked.fill and asked.margin:
        raise UsageError(f"fill: leaves no margin; leave --margin {asked.margin:g}mm out, or --fill")
    scale = (max if asked.fill else min)((inside[0] + more) / width, (inside[1] + more) / height)
    size = width * scale, height * scale
    if min(size) < NEAR:
        raise UsageError(f"the art is {width:g} x {height:g} mm, and on this page would be narrower than {NEAR} mm")
    left, top = (page.width - size[0]) / 2, (page.height - size[1]) / 2
    return left, top, left + size[0], top + size[1]


def _tile(layout: Layout, text: str) -> Sheet:
    """Give the sheets that the fewest of are needed: upright, or lying."""
    upright = sheet(text, margin=TILE_MARGIN)
    both = [upright, Sheet(upright.height, upright.width, TILE_MARGIN)]
    for one in both:
        if min(one.inside) <= 2 * OVERLAP:
            raise UsageError(f"tile: {text!r} is too small: margins and overlaps take all of it; use A5 or larger")
    if any(layout.width <= one.inside[0] and layout.height <= one.inside[1] for one in both):
        asked = f"{layout.width:.4g} x {layout.height:.4g} mm"
        raise UsageError(
            f"tile: a page of {asked} fits on one sheet of {text}; leave --tile out, or make --page larger"
        )
    size = layout.width, layout.height
    counts = [len(tiles_along(size[0], one.inside[0])) * len(tiles_along(size[1], one.inside[1])) for one in both]
    if min(counts) > MOST_TILES:
        raise UsageError(f"tile: {min(counts)} sheets of {text}: at most {MOST_TILES}; use larger ones")
    return both[counts[1] < counts[0]]


def tiles_along(whole: float, inside: float) -> list[float]:
    """Give where sheets begin that show a length with overlaps, the first at 0, evenly spread."""
    count = max(ceil((whole - OVERLAP) / (inside - OVERLAP) - 1e-9), 1)
    step = inside - OVERLAP
    extra = (count * step + OVERLAP - whole) / 2  # what is left over lies on both ends
    return [k * step - extra for k in range(count)]
