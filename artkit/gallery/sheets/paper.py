"""Pages in, a PDF out: drawings as vectors, letters as outlines, and below them, unseen, as text to search and copy."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from artkit.artwork.image import Image
from artkit.export.pdf import Placed, Sheet, document
from artkit.export.pdf.sheet import MILLIMETRES
from artkit.gallery.sheets.furniture import furniture
from artkit.gallery.sheets.labels import Heading, Label
from artkit.gallery.sheets.layout import Cell, Page, Text
from artkit.gallery.sheets.letters import width_of
from artkit.gallery.sheets.picture import Picture, sized, text_of

if TYPE_CHECKING:
    import pikepdf

POINT = 0.75
"""Points of a CSS pixel."""

DPI = 300.0
"""Pixels to an inch of paper, of pictures and of what no PDF can draw."""


def pdf(
    pages: Sequence[Page],
    heading: Heading,
    labels: Sequence[Label],
    pictures: Sequence[Picture],
    note: Callable[[str], None] | None = None,
) -> bytes:
    """Give the bytes of a PDF of the pages; its metadata has the title and all commands. `note` is told of pixels."""
    sheets = [
        Sheet(
            page.width * MILLIMETRES,
            page.height * MILLIMETRES,
            [
                Placed(furniture(page), 0.0, 0.0, page.width * MILLIMETRES, page.height * MILLIMETRES),
                *(placed for cell in page.cells for placed in _placed(cell, pictures[cell.place])),
            ],
        )
        for page in pages
    ]
    commands = "\n".join(f"{label.number}: {label.command}" for label in labels)
    told: list[str] = []
    made = document(sheets, {"title": heading.title, "description": commands}, told.append, dpi=DPI, layers=False)
    if told and note:
        note(f"soft layers and shadows, {len(told)} of them, are images: no PDF can draw them")
    return _searchable(made, pages)


def _placed(cell: Cell, picture: Picture) -> Iterator[Placed]:
    box = tuple(length * MILLIMETRES for length in cell[1:])
    content = picture.content
    if isinstance(content, Image):
        most, image = max(round(cell.width / 96 * DPI), 1), content
        if most < image.width:
            image = sized(image, most, max(round(image.height * most / image.width), 1))
        yield Placed(image, *box)
        return
    from artkit.artwork.drawing import Drawing
    from artkit.export.read import opened
    from artkit.render import rendered_alone

    read = opened(text_of(content).encode(), picture.path.name)
    size = max(round(cell.width / 96 * DPI), 1), max(round(cell.height / 96 * DPI), 1)
    for part in read.parts:
        if isinstance(part, Drawing):
            yield Placed(part, *box)
        else:
            text = part.text((cell.width, cell.height), (0.0, 0.0, cell.width, cell.height), size)
            pixels = rendered_alone(text, size)
            yield Placed(Image(pixels[..., :3].copy(), pixels[..., 3].copy()), *box)


def _searchable(data: bytes, pages: Sequence[Page]) -> bytes:
    """Put the texts below what is seen of them, in letters that are not painted (ISO 32000-1, 9.3.6)."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as file:
        font = file.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )
        for page, told in zip(file.pages, pages, strict=True):
            page.obj.Resources.Font = pikepdf.Dictionary(T=font)
            shown = "".join(_told(text, told.height) for text in told.texts)
            page.contents_add(f"BT 3 Tr {shown}ET".encode("cp1252", "replace"), prepend=True)
        made = io.BytesIO()
        _save(file, made)
    return made.getvalue()


def _save(file: pikepdf.Pdf, made: io.BytesIO) -> None:
    import pikepdf

    file.save(
        made,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        deterministic_id=True,
        min_version="1.7",
        fix_metadata_version=False,
    )


def _told(text: Text, height: float) -> str:
    x = text.x - width_of(text.text, text.size) if text.anchor == "end" else text.x
    place = f"{x * POINT:.2f} {(height - text.y) * POINT:.2f}"
    plain = text.text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"/T {text.size * POINT:.2f} Tf 1 0 0 1 {place} Tm ({plain}) Tj\n"
