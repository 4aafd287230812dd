"""Artworks on paper to files of plates: pages of a PDF in their separations or in black, layers, or a file for each."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from artkit.artwork.drawing import Drawing, Gradient, Layer, Page, Shape
from artkit.artwork.drawing import Path as Line
from artkit.errors import UsageError
from artkit.export.pdf import Ink, Placed, Sheet, document
from artkit.export.pdf.inks import MARKS
from artkit.export.pdf.intent import Intent
from artkit.export.sheet import Composed
from artkit.export.sheet.compose import on_paper
from artkit.export.sheet.layout import Box
from artkit.pens.names import bare_label, color_name, hex_color
from artkit.prepress.continuous import is_continuous, separated_tones
from artkit.prepress.plates import RESERVED, Asked, Plate, Plates, separated
from artkit.prepress.regions import Piece, Region, meant, pieces_of
from artkit.prepress.tones import one_ink

Form = Literal["pages", "layers", "films", "bitmaps"]
"""A page for each plate in its separation; all on one page, a layer each; a black page for each; a picture for each."""

SUFFIXES = (".pdf", ".svg", ".svgz")
PROOFS = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
"""Pictures of what the print will look like."""


class Pressed(NamedTuple):
    """Plates, and the boxes on paper that they lie in: `window` is what was separated of it, `notes` what to tell."""

    plates: Plates
    paper: Composed
    window: Box
    notes: tuple[str, ...] = ()

    def coverage(self, plate: Plate) -> float:
        """Give what share of the page, as it is cut, a plate prints."""
        left, top, right, bottom = self.paper.layout.trim
        region = plate.region
        if self.paper.layout.asked.bleed:
            import shapely

            x, y = self.window[:2]
            region = shapely.intersection(region, shapely.box(left - x, top - y, right - x, bottom - y))
        return float(region.area / ((right - left) * (bottom - top)))


def pressed(paper: Composed, asked: Asked, spots: Mapping[str, str] | None = None) -> Pressed:
    """Separate what lies on a paper; `spots` are names of inks. A UsageError says what of it is no ink."""
    layout = paper.layout
    art, bleed = layout.art, layout.asked.bleed
    low = [max(art[k] - bleed, layout.bleed[k]) for k in (0, 1)]
    high = [min(art[k] + bleed, layout.bleed[k]) for k in (2, 3)]
    window = (low[0], low[1], high[0], high[1])
    spots = spots or {}
    if asked.screens and is_continuous(paper):
        return Pressed(separated_tones(paper, window, asked, spots), paper, window)
    pieces: list[Piece] = []
    drawings = []
    for item in paper.items:
        if item.marks:
            continue
        if not isinstance(item.art, Drawing):
            raise UsageError(
                "plates: there are pixels on this page, and inks are flat; give --halftone 45lpi, or trace it first: "
                "artkit apply poster"
            )
        drawing = on_paper(item, layout.width, layout.height)
        assert drawing.page is not None
        x, y = drawing.page.offset
        drawings.append(drawing)
        pieces += pieces_of(drawing, drawing.page.scale, (x - low[0], y - low[1]), tints=bool(asked.screens))
    size = high[0] - low[0], high[1] - low[1]
    asked = replace(asked, cloth=meant(asked.cloth, list(dict.fromkeys(piece.color for piece in pieces))))
    names = names_of(drawings)
    names.update(spots)
    plates = separated(pieces, names, *size, asked)
    idle = bool(asked.screens) and all(not callable(piece.tint) and piece.tint >= 1 for piece in pieces)
    note = "halftone: nothing here is translucent, so there are no tints to screen"
    return Pressed(plates, paper, window, (note,) if idle else ())


def names_of(drawings: Sequence[Drawing]) -> dict[str, str]:
    """Give the name of each color: that of its layer where this is of one color and no other has it, else its own."""
    labels: dict[str, str] = {}
    for layer in (layer for drawing in drawings for layer in drawing.layers):
        fills = [fill for shape in layer.shapes for fill in (shape.fill, shape.stroke)]
        inks = (one_ink(fill) if isinstance(fill, Gradient) else fill for fill in fills)
        colors = {hex_color(ink) for ink in inks if ink}
        if len(colors) == 1 and layer.name:
            labels.setdefault(colors.pop(), bare_label(layer.name))
    taken = {*RESERVED, ""}
    found = {}
    for color, label in labels.items():
        found[color] = label if label not in taken else color_name(color)
        taken.add(found[color])
    return _Named(found)


class _Named(dict[str, str]):
    def get(self, color: str, default: Any = None) -> Any:
        return super().get(color) or color_name(color)


def files_of(
    made: Pressed,
    output: str,
    form: Form,
    metadata: Mapping[str, str],
    note: Any = None,
    *,
    intent: Intent | None = None,
) -> dict[str, bytes]:
    """Give the files of plates by name: one, or one of each plate where `output` ends with a slash."""
    if not output.endswith(("/", "\\")):
        return {output: _file(made, Path(output).suffix.lower(), form, metadata, note, intent)}
    if form == "layers":
        raise UsageError("plates: layers are those of one file; name it, as in -o plates.pdf, or ask for pages")
    return {f"{start}.pdf": _file(one, ".pdf", form, metadata, note, intent) for start, one in each_alone(made, output)}


def each_alone(made: Pressed, folder: str) -> Iterator[tuple[str, Pressed]]:
    """Give each plate as the only one, with what its file in a folder is called, but for the suffix."""
    for number, plate in enumerate(made.plates.plates, start=1):
        name = re.sub(r"[^\w.#-]+", "-", plate.name).strip("-.") or "plate"
        alone = made._replace(plates=made.plates._replace(plates=(plate,)))
        yield f"{folder}{number}-{name.lstrip('#')}", alone


def check(output: str) -> str:
    """Give the output's suffix, a folder's is '/'; a UsageError names those that hold plates, or show the print."""
    if output.endswith(("/", "\\")):
        return "/"
    suffix = Path(output).suffix.lower()
    if suffix not in (*SUFFIXES, *PROOFS):
        raise UsageError(
            f"-o {output}: plates are pages of a .pdf, layers of a .pdf or .svg, or files in a folder/; a .png shows "
            "what the print will look like"
        )
    return suffix


def _file(
    made: Pressed, suffix: str, form: Form, metadata: Mapping[str, str], note: Any, intent: Intent | None
) -> bytes:
    if suffix == ".pdf":
        return _pdf(made, form, metadata, note, intent)
    if intent is not None:
        raise UsageError(f"profile: is for .pdf, which says how it is to be printed; {suffix} does not")
    from artkit.export.svg import svg

    drawings = [drawing_of(plate, made) for plate in made.plates.plates]
    marks = [item.art for item in made.paper.items if item.marks and isinstance(item.art, Drawing)]
    layers = [layer for drawing in (*drawings, *marks) for layer in drawing.layers]
    data = svg(drawings[0].replace(layers=layers), metadata=metadata).encode()
    return gzip.compress(data, 9, mtime=0) if suffix == ".svgz" else data


def drawing_of(plate: Plate, made: Pressed) -> Drawing:
    """Give a plate as a drawing of one layer on the paper."""
    layout = made.paper.layout
    shape = Shape(list(paths_of(plate.region, made.window[:2])), plate.color)
    layer = Layer([shape], plate.name)
    return Drawing(layout.width, layout.height, [layer], page=Page(layout.width, layout.height), grid=1000)


def paths_of(region: Region, offset: tuple[float, float]) -> list[Line]:
    """Give the rings of a region as paths, moved by an offset."""
    import shapely

    rings = shapely.get_rings(shapely.get_parts(region))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    cuts = np.flatnonzero(np.diff(ring)) + 1
    return [Line(each[:-1]) for each in np.split(points + offset, cuts) if len(each) > 3]


def _pdf(made: Pressed, form: Form, metadata: Mapping[str, str], note: Any, intent: Intent | None) -> bytes:
    layout = made.paper.layout
    size = layout.width, layout.height
    marks = [item.art for item in made.paper.items if item.marks and isinstance(item.art, Drawing)]
    trims = layout.trim != (0, 0, *size) or bool(layout.asked.bleed)
    trim, bleed = (layout.trim, layout.bleed) if trims else (None, None)
    plates = [plate._replace(color="#000000") if form == "films" else plate for plate in made.plates.plates]
    groups = [plates] if form == "layers" else [[plate] for plate in plates]
    pages = []
    for group in groups:
        placed = [Placed(art, 0, 0, *size) for art in (*(drawing_of(plate, made) for plate in group), *marks)]
        # What is knocked out is cut out already: on one page, a plate that knocked out would take traps away.
        inks = [{plate.color: Ink(plate.name, plate.color, plate.overprints or form == "layers")} for plate in group]
        given = () if form == "films" else (*inks, *(MARKS for _ in marks))
        pages.append(Sheet(*size, placed, trim, bleed, inks=given))
    return document(pages, metadata, note, intent=intent, trapped=made.plates.cover is not None)
