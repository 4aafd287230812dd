"""Options of contact sheets, for the commands that make them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from artkit.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from artkit.gallery.sheets import Style

Columns = Annotated[
    int | None, typer.Option("--columns", min=1, max=50, metavar="N", help="Cells in a row.  [default: as looks well]")
]
CellWidth = Annotated[
    float, typer.Option("--cell", min=40, max=4000, metavar="PX", help="Width of a cell where there is no page.")
]
PageSize = Annotated[
    str | None,
    typer.Option(
        "--page", metavar="SIZE", help="Pages of this size, in a PDF: A3, A4, A5, letter, tabloid, A4-landscape, WxHmm."
    ),
]
Title = Annotated[str | None, typer.Option("--title", metavar="TEXT", help="The sheet's title.")]
Dark = Annotated[bool, typer.Option("--dark", help="Light letters on dark paper.")]

CELL = 280.0


def style_of(columns: int | None, cell: float, page: str | None, title: str | None, dark: bool) -> Style:
    """Give the style that is asked for; a UsageError says what of it there is not."""
    from artkit.gallery.sheets import THEMES, Style

    style = Style(columns=columns, cell=cell, theme=THEMES["dark" if dark else "light"], title=title or None)
    return replace(style, page=_pixels(page)) if page else style


def _pixels(page: str) -> tuple[float, float]:
    """Give width and height of a page, in CSS pixels."""
    from artkit.gallery.sheets import PAGES

    name, dash, turned = page.partition("-")
    known: dict[str, tuple[float, float]] = {each.lower(): size for each, size in PAGES.items()}
    if name.lower() in known and turned in (("landscape", "portrait") if dash else ("",)):
        width, height = known[name.lower()]
    else:
        try:
            width, height = map(float, page.removesuffix("mm").split("x"))
        except ValueError:
            raise UsageError(
                f"--page {page}: is no size of paper{did_you_mean(page, PAGES)}; or WxHmm, as 200x300mm"
            ) from None
        if not (60 <= width <= 5000 and 60 <= height <= 5000):
            raise UsageError(f"--page {page}: use 60 to 5000 mm for each side")
    width, height = (height, width) if turned == "landscape" else (width, height)
    return width * 96 / 25.4, height * 96 / 25.4
