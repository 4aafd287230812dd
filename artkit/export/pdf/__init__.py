"""Drawings and pictures to PDF (ISO 32000-1): paths, gradients and strokes as they are, soft layers as images.

A drawing becomes a form of its own: whole grid steps, y down, under one matrix that puts it on the page. So its
numbers are short, its patterns know no page, and one form may stand on many pages. Content is written here;
objects and cross references are pikepdf's. Equal artworks and metadata give equal bytes: there are no dates, and the
file's identifier is a digest of what is in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, BinaryIO

from artkit.artwork.formats import Note
from artkit.export.pdf.document import document
from artkit.export.pdf.inks import Ink, inks_of
from artkit.export.pdf.sheet import MILLIMETRES, Placed, Sheet

if TYPE_CHECKING:
    from artkit.artwork.drawing import Drawing
    from artkit.artwork.image import Image

__all__ = ["MILLIMETRES", "Ink", "Placed", "Sheet", "document", "inks_of", "write", "write_picture"]


def write(drawing: Drawing, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the drawing as a page of its own size: a page's millimetres or, as CSS has it, 96 pixels to an inch."""
    told = {"title": drawing.title, **drawing.metadata} | dict(metadata)
    file.write(document([_alone(drawing)], told, note))


def write_picture(picture: Image, file: BinaryIO, metadata: Mapping[str, str], note: Note | None = None) -> None:
    """Write the picture as a page of 96 pixels to an inch, every pixel as it is."""
    file.write(document([_alone(picture)], metadata, note))


def _alone(artwork: Drawing | Image) -> Sheet:
    page = getattr(artwork, "page", None)
    width, height = (page.width, page.height) if page else (artwork.width * MILLIMETRES, artwork.height * MILLIMETRES)
    return Sheet(width, height, (Placed(artwork, 0.0, 0.0, width, height),))
