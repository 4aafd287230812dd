"""Contact sheets: artworks of a gallery side by side, labelled with what differs; as SVG, PNG or PDF.

Each cell has a number, and the command that makes it. In SVG and PDF, drawings stay vectors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from artkit.errors import ArtkitError, UsageError
from artkit.gallery.sheets.layout import THEMES, Style

if TYPE_CHECKING:
    from artkit.gallery.record import Record
    from artkit.gallery.sheets.labels import Heading, Label
    from artkit.gallery.sheets.layout import Page
    from artkit.gallery.sheets.picture import Picture

__all__ = ["FORMATS", "PAGES", "THEMES", "Style", "check", "save"]

FORMATS = (".svg", ".png", ".pdf")

MOST = 2000
"""Artworks of a sheet."""

KEPT = 64 << 20
"""Bytes of artworks that are kept from the first look at them; of more, some are read twice."""

PAGES: dict[str, tuple[float, float]] = {
    "A3": (297, 420),
    "A4": (210, 297),
    "A5": (148, 210),
    "letter": (216, 279),
    "tabloid": (279, 432),
}
"""Sizes of paper in millimetres, upright."""


def check(path: str | os.PathLike[str], style: Style | None = None, count: int = 0) -> None:
    """Refuse what no sheet can be written to, and more artworks than one holds, before any work."""
    path = Path(path)
    if count > MOST:
        raise UsageError(f"{path}: {count:,} artworks are more than a sheet is good for, {MOST:,}; name some of them")
    if path.suffix.lower() not in FORMATS:
        raise UsageError(f"{path}: a contact sheet is an SVG, a PNG or a PDF; name it {path.stem or 'sheet'}.svg")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.parent}; make it first, or name another")
    if path.is_dir():
        raise UsageError(f"{path}: is a folder")
    if style and style.page and path.suffix.lower() != ".pdf":
        raise UsageError(f"{path}: only a PDF has pages; leave out --page, or name it {path.stem}.pdf")


def save(
    records: Sequence[Record],
    path: str | os.PathLike[str],
    style: Style | None = None,
    *,
    differing: Sequence[Mapping[str, str]] | None = None,
    numbers: Sequence[int] | None = None,
    note: Callable[[str], None] | None = None,
) -> Path:
    """Write a sheet of the artworks of some records, and give its path; `note` is told what could not be shown.

    `differing` is what differs in each, by name, where that is known; `numbers` are those of the cells.
    """
    from artkit.export import files
    from artkit.gallery.sheets.labels import labels
    from artkit.gallery.sheets.layout import pages
    from artkit.gallery.sheets.picture import Picture

    path, style = Path(path), style or Style()
    check(path, style, len(records))
    shown: list[Picture] = []
    kept: list[int] = []
    room = KEPT
    for i, record in enumerate(records):
        try:
            shown.append(Picture.of(record))
            kept.append(i)
            room -= shown[-1].bytes
            if room < 0:
                shown[-1].let_go()
        except ArtkitError as error:
            if note:
                note(f"{error}; left out")
    if not shown:
        raise ArtkitError(f"{path}: there is nothing to show")
    chosen = [records[i] for i in kept]
    heading, told = labels(
        chosen,
        None if differing is None else [differing[i] for i in kept],
        [numbers[i] if numbers else i + 1 for i in kept],
    )
    laid = pages(heading, told, [picture.aspect for picture in shown], style)
    return files.write(path, _encoded(path.suffix.lower(), laid, heading, told, shown, note))


def _encoded(
    suffix: str,
    laid: list[Page],
    heading: Heading,
    told: list[Label],
    shown: list[Picture],
    note: Callable[[str], None] | None,
) -> bytes:
    if suffix == ".svg":
        from artkit.gallery.sheets.svg import svg

        return svg(laid[0], heading, told, shown).encode("utf-8", "replace")
    if suffix == ".pdf":
        from artkit.gallery.sheets.paper import pdf

        return pdf(laid, heading, told, shown, note)
    from artkit.gallery.sheets.pixels import png

    return png(laid[0], heading, told, shown)
