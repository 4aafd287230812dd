"""A page in, a PNG out: what is written, and every picture at its size."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.gallery.sheets.furniture import furniture
from artkit.gallery.sheets.labels import Heading, Label
from artkit.gallery.sheets.layout import Page
from artkit.gallery.sheets.picture import Picture

SCALE = 2.0
"""Pixels of the PNG for each of the page's: letters are to be read."""

MOST = 36_000_000
"""Pixels of a sheet; of larger ones, fewer for each of the page's."""


def png(page: Page, heading: Heading, labels: Sequence[Label], pictures: Sequence[Picture]) -> bytes:
    """Give the bytes of a PNG of the page; its metadata has the title and all commands."""
    from artkit.export import encode
    from artkit.render import rendered

    scale = min(SCALE, sqrt(MOST / (page.width * page.height)))
    if scale < 0.5:
        raise UsageError(
            f"a sheet of {page.width:.0f} x {page.height:.0f} pixels is too large; use smaller cells, or a PDF"
        )
    size = round(page.width * scale), round(page.height * scale)
    canvas = rendered(furniture(page), size).copy()
    for cell in page.cells:
        left, top = round(cell.x * scale), round(cell.y * scale)
        right, bottom = round((cell.x + cell.width) * scale), round((cell.y + cell.height) * scale)
        shape = max(right - left, 1), max(bottom - top, 1)
        canvas[top : top + shape[1], left : left + shape[0]] = pictures[cell.place].pixels(*shape)
    commands = "\n".join(f"{label.number}: {label.command}" for label in labels)
    return encode(
        Image(np.ascontiguousarray(canvas)), ".png", metadata={"title": heading.title, "description": commands}
    )
