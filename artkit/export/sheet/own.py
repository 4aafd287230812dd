"""Drawings to files of print as they are: each a page of its own size, 96 units to an inch or in millimetres."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, BinaryIO

from artkit.export.pdf import MILLIMETRES
from artkit.export.sheet.compose import composed
from artkit.export.sheet.layout import Asked, laid_out
from artkit.export.sheet.write import written

if TYPE_CHECKING:
    from artkit.artwork.drawing import Drawing
    from artkit.artwork.formats import Note

FINE, PLAIN = 300, 96
"""Pixels to an inch of drawings on a page, and of those in pixels."""


def write_eps(drawing: Drawing, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the drawing as EPS; a UsageError tells of what is translucent or soft."""
    file.write(_bytes(drawing, ".eps", metadata, note))


def write_dxf(drawing: Drawing, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the drawing as DXF in millimetres; a UsageError tells of gradients."""
    file.write(_bytes(drawing, ".dxf", metadata, note))


def write_png(drawing: Drawing, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the drawing as pixels, on white where it is bare."""
    file.write(_bytes(drawing, ".png", metadata, note))


def write_jpeg(drawing: Drawing, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the drawing as pixels, on white where it is bare."""
    file.write(_bytes(drawing, ".jpg", metadata, note))


def write_tiff(drawing: Drawing, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the drawing as pixels, on white where it is bare."""
    file.write(_bytes(drawing, ".tif", metadata, note))


def _bytes(drawing: Drawing, suffix: str, metadata: Mapping[str, str], note: Note | None) -> bytes:
    page = drawing.page
    size = (page.width, page.height) if page else (drawing.width * MILLIMETRES, drawing.height * MILLIMETRES)
    told = {"title": drawing.title, **drawing.metadata} | dict(metadata)
    paper = composed([drawing], laid_out(*size, Asked()))
    return written(paper, suffix, dpi=FINE if page else PLAIN, metadata=told, note=note)
