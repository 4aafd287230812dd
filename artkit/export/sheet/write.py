"""What lies on the paper to a file: PDF, SVG in real units, and PNG, JPEG and TIFF at a stated resolution."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

import numpy as np

from artkit.arrays import Floats
from artkit.artwork.drawing import Drawing, Ids, Layer, Shape
from artkit.artwork.drawing import Path as Line
from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.export import raster
from artkit.export.pdf import Ink, Placed, Sheet, document, inks_of
from artkit.export.pdf.inks import MARKS
from artkit.export.pdf.intent import Intent
from artkit.export.read import Alone
from artkit.export.sheet.compose import Composed, Item, on_paper
from artkit.export.sheet.layout import OVERLAP, TILE_MARGIN, Box, Layout, tiles_along
from artkit.export.sheet.marks import tile_marks
from artkit.export.sheet.outlined import outlined
from artkit.export.svg.numbers import number
from artkit.limits import within
from artkit.spans import spanned

KINDS: dict[str, raster.Kind] = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".tif": "TIFF", ".tiff": "TIFF"}
SUFFIXES = (".pdf", ".svg", ".svgz", *KINDS, ".eps", ".dxf")

LENGTHS = {"mm": ("mm", 1.0), "in": ("in", 25.4), "px96": ("", 25.4 / 96), "px72": ("", 25.4 / 72)}
"""Units of an SVG's width and height: what stands behind the number, and millimetres of one."""


def check_suffix(path: str) -> str:
    """Give the suffix of a file that is to be written; a UsageError names those that can be."""
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        form = f"as {suffix}" if suffix else "without a suffix"
        raise UsageError(f"-o {path}: cannot be written {form}; use {', '.join(SUFFIXES)}")
    return suffix


@spanned("write")
def written(
    paper: Composed,
    suffix: str,
    *,
    dpi: float,
    units: str = "mm",
    metadata: Mapping[str, str] | None = None,
    note: Callable[[str], None] | None = None,
    transparent: bool = False,
    overprint: Sequence[str] | None = None,
    intent: Intent | None = None,
    splines: bool = False,
    ids: Ids = "none",
) -> bytes:
    """Give the bytes of a file. `dpi` is that of pixels, and of what a PDF holds as pixels.

    `transparent` leaves pictures bare where nothing is drawn. With `overprint` every color of a PDF is an ink, and
    those that it names leave what lies beneath; with an `intent` it is PDF/X-4. With `splines` a DXF's curves are
    such. `ids` are those of groups, see `Drawing.with_ids`. A UsageError says what the format cannot hold.
    """
    said = dict(metadata or {})
    if suffix == ".pdf":
        paper = _with_ids(paper, ids)
        return _pdf(paper, dpi, said, note, overprint, intent)
    if intent is not None:
        raise UsageError(f"profile: is for .pdf, which says how it is to be printed; {suffix} does not")
    if overprint is not None:
        raise UsageError(f"inks: are for .pdf, which knows plates; {suffix} does not")
    if paper.layout.tile is not None:
        raise UsageError(f"tile: is for .pdf, which has pages; {suffix} holds one")
    if suffix in (".eps", ".dxf"):
        return outlined(paper, suffix, said, splines=splines)
    if suffix in (".svg", ".svgz"):
        data = _svg(paper, units, said, ids).encode()
        import gzip

        return gzip.compress(data, 9, mtime=0) if suffix == ".svgz" else data
    bare = transparent and suffix not in (".jpg", ".jpeg")
    image = (None if bare else _of_threads(paper, dpi)) or rendered(paper, dpi)
    if not bare:
        image = image.on_white()
    elif image.alpha is not None and image.alpha.min() == 255:
        image = Image(image.pixels)
    return raster.encode(image, KINDS[suffix], said, dpi=dpi)


def _pdf(
    paper: Composed,
    dpi: float,
    metadata: Mapping[str, str],
    note: Callable[[str], None] | None,
    overprint: Sequence[str] | None,
    intent: Intent | None,
) -> bytes:
    layout = paper.layout
    inks = None if overprint is None else _inks(paper, overprint, note)
    found = [_placed(item, dpi) for item in paper.items]
    placed = [(one, item) for one, item in zip(found, paper.items, strict=True) if one is not None]
    if layout.tile is None:
        trims = layout.trim != (0, 0, layout.width, layout.height) or layout.asked.bleed
        page = Sheet(
            layout.width,
            layout.height,
            tuple(one for one, _ in placed),
            layout.trim if trims else None,
            layout.bleed if trims else None,
            tuple(item.clip for _, item in placed),
            tuple(_of(item, inks) for _, item in placed),
        )
        return document([page], metadata, note, dpi=dpi, intent=intent)
    return document(_tiles(paper, placed, inks), metadata, note, dpi=dpi, intent=intent)


def _inks(paper: Composed, overprint: Sequence[str], note: Callable[[str], None] | None) -> dict[str, Ink]:
    """Give the ink of each color; a UsageError says what of the page is no ink."""
    art = [item.art for item in paper.items if not item.marks]
    drawings = [one for one in art if isinstance(one, Drawing)]
    if len(drawings) < len(art):
        raise UsageError("inks: there are pixels on this page, and ink is flat; leave --inks out")
    inks = inks_of(drawings, overprint)
    if note:
        note(f"inks: {', '.join(ink.name + ' (overprints)' * ink.overprints for ink in inks.values())}")
    return inks


def _placed(item: Item, dpi: float) -> Placed | None:
    left, top, right, bottom = item.box
    art = item.art
    if not isinstance(art, Alone):
        return Placed(art, left, top, right - left, bottom - top, item.spill)
    size = max(round((right - left) / 25.4 * dpi), 1), max(round((bottom - top) / 25.4 * dpi), 1)
    pixels = _alone(art, (right - left, bottom - top), (0.0, 0.0, right - left, bottom - top), size)
    shown = pixels[..., 3] > 0
    rows, columns = np.flatnonzero(shown.any(1)), np.flatnonzero(shown.any(0))
    if not len(rows):
        return None
    y0, y1, x0, x1 = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    image = Image(np.ascontiguousarray(pixels[y0:y1, x0:x1, :3]), np.ascontiguousarray(pixels[y0:y1, x0:x1, 3]))
    across, down = (right - left) / size[0], (bottom - top) / size[1]
    return Placed(image, left + x0 * across, top + y0 * down, (x1 - x0) * across, (y1 - y0) * down)


def _of(item: Item, inks: Mapping[str, Ink] | None) -> Mapping[str, Ink] | None:
    return item.inks if inks is None else MARKS if item.marks else inks


def _tiles(paper: Composed, placed: list[tuple[Placed, Item]], inks: Mapping[str, Ink] | None) -> list[Sheet]:
    """Give the sheets of a poster, row by row: each shows its part between margins, and its marks."""
    layout = paper.layout
    assert layout.tile is not None
    inside = layout.tile.inside
    own = (*(_of(item, inks) for _, item in placed), MARKS if inks else None)
    pages = []
    for row, y in enumerate(tiles_along(layout.height, inside[1]), start=1):
        for column, x in enumerate(tiles_along(layout.width, inside[0]), start=1):
            window = (TILE_MARGIN, TILE_MARGIN, TILE_MARGIN + inside[0], TILE_MARGIN + inside[1])
            dx, dy = TILE_MARGIN - x, TILE_MARGIN - y
            moved = [one._replace(x=one.x + dx, y=one.y + dy) for one, _ in placed]
            clips: list[Box | None] = [_common(window, item.clip, dx, dy) for _, item in placed]
            width, height = layout.tile.width, layout.tile.height
            marks = tile_marks(window, OVERLAP, f"{row}-{column}", width, height)
            pages.append(
                Sheet(
                    width,
                    height,
                    (*moved, Placed(marks, 0, 0, width, height)),
                    clips=(*clips, None),
                    inks=own,
                )
            )
    return pages


def _common(window: Box, clip: Box | None, dx: float, dy: float) -> Box:
    if clip is None:
        return window
    left, top, right, bottom = clip[0] + dx, clip[1] + dy, clip[2] + dx, clip[3] + dy
    return max(left, window[0]), max(top, window[1]), min(right, window[2]), min(bottom, window[3])


def _with_ids(paper: Composed, ids: Ids) -> Composed:
    """Name the groups of all drawings but marks."""

    def named(item: Item) -> Item:
        return item._replace(art=item.art.with_ids(ids)) if isinstance(item.art, Drawing) and not item.marks else item

    return paper._replace(items=tuple(named(item) for item in paper.items))


def _svg(paper: Composed, units: str, metadata: Mapping[str, str], ids: Ids) -> str:
    """Give an SVG in real units. Pixels are those of its coordinates, too: programs that know no units read either."""
    from artkit.export.svg import svg
    from artkit.pens.styled import is_for_pens

    layout = paper.layout
    strangers = [item.art for item in paper.items if not isinstance(item.art, Drawing)]
    if strangers:
        what = strangers[0].whats[0] if isinstance(strangers[0], Alone) else "picture of pixels"
        raise UsageError(f"an SVG of this page would need pixels ({what}); use .pdf or .png")
    if layout.cuts and layout.bleed != (0, 0, layout.width, layout.height):
        raise UsageError("an SVG does not cut art off at the bleed of a page with marks; use .pdf")
    name, length = LENGTHS[units]
    unit = length if not name and not any(is_for_pens(item.art) for item in paper.items) else 1.0  # type: ignore[arg-type]
    width, height = layout.width / unit, layout.height / unit
    items = [item._replace(box=_shrunk(item.box, unit), spill=item.spill / unit) for item in paper.items]
    drawings = [on_paper(item, width, height) for item in items]
    drawing = drawings[0] if len(drawings) == 1 else _united(drawings)
    text = svg(drawing.with_ids(ids), metadata=metadata)
    for side, value in (("width", layout.width / length), ("height", layout.height / length)):
        text = re.sub(rf'(<svg\b[^>]*?\s{side}=")[^"]*"', rf'\g<1>{number(value)}{name}"', text, count=1)
    return text


def _shrunk(box: Box, length: float) -> Box:
    left, top, right, bottom = (side / length for side in box)
    return left, top, right, bottom


def _united(drawings: list[Drawing]) -> Drawing:
    """Give the layers of all as one drawing, in the units of the one that has the most shapes."""
    main = max(drawings, key=lambda drawing: sum(len(layer.shapes) for layer in drawing.layers))
    layers = [
        layer if drawing.page == main.page else _turned(layer, drawing, main)
        for drawing in drawings
        for layer in drawing.layers
    ]
    return main.replace(layers=layers)


def _turned(layer: Layer, drawing: Drawing, main: Drawing) -> Layer:
    """Give a layer of flat shapes in another drawing's units."""
    assert drawing.page is not None and main.page is not None
    scale = drawing.page.scale / main.page.scale
    shift = (np.array(drawing.page.offset) - main.page.offset) / main.page.scale

    def moved(shape: Shape) -> Shape:
        paths = [Line(path.points * scale + shift, path.kinds, path.closed) for path in shape.paths]
        line = shape.line and shape.line._replace(width=shape.line.width * scale)
        return shape._replace(paths=paths, line=line)

    return Layer([moved(shape) for shape in layer.shapes], layer.name, layer.stroke_width * scale)


def rendered(paper: Composed, dpi: float, *, smooth: bool = True) -> Image:
    """Render the paper: each item over those below it. Pictures are resized, or the nearest of their pixels taken."""
    layout = paper.layout
    size = _size(layout, dpi)
    sheet: Floats | None = None
    made: np.ndarray | None = None
    for item in paper.items:
        pixels = _pixels(item, (layout.width, layout.height), size, smooth)
        if item.clip is not None:
            cover = _covered(item.clip, (layout.width, layout.height), size)
            pixels[..., 3] = np.rint(pixels[..., 3] * cover)
        if made is None:
            made = pixels
            continue
        sheet = _over(made, pixels)
        made = np.rint(sheet).astype(np.uint8)
    if made is None:
        made = np.zeros((size[1], size[0], 4), np.uint8)
    return Image(np.ascontiguousarray(made[..., :3]), np.ascontiguousarray(made[..., 3]))


def _size(layout: Layout, dpi: float) -> tuple[int, int]:
    """Give a page's width and height in pixels; a LimitError where these are too many."""
    size = max(round(layout.width / 25.4 * dpi), 1), max(round(layout.height / 25.4 * dpi), 1)
    within("grown", size[0] * size[1], f"a page of {size[0]} x {size[1]} pixels at {dpi:g} dpi comes to")
    return size


def _of_threads(paper: Composed, dpi: float) -> Image | None:
    """Render a page that is nothing but one drawing of threads on white, see `threads_seen`."""
    from artkit.render import threads_seen

    layout = paper.layout
    if len(paper.items) != 1 or not isinstance(paper.items[0].art, Drawing) or paper.items[0].clip is not None:
        return None
    size = _size(layout, dpi)
    pixels = threads_seen(on_paper(paper.items[0], layout.width, layout.height), size)
    return None if pixels is None else Image(pixels)


def _pixels(item: Item, page: tuple[float, float], size: tuple[int, int], smooth: bool) -> np.ndarray:
    from artkit.render import rendered_alone, stretched

    left, top, right, bottom = item.box
    box = (left, top, right - left, bottom - top)
    if isinstance(item.art, Alone):
        return _alone(item.art, page, box, size)
    if isinstance(item.art, Drawing):
        return np.array(rendered_alone(stretched(on_paper(item, *page).to_svg(), size), size))
    from base64 import b64encode

    data = b64encode(raster.encode(item.art, "PNG", {})).decode()
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
        f'viewBox="0 0 {page[0]!r} {page[1]!r}" preserveAspectRatio="none"><image x="{box[0]!r}" y="{box[1]!r}" '
        f'width="{box[2]!r}" height="{box[3]!r}" preserveAspectRatio="none" '
        f'image-rendering="{"auto" if smooth else "optimizeSpeed"}" href="data:image/png;base64,{data}"/></svg>'
    )
    return np.array(rendered_alone(text, size))


def _alone(art: Alone, page: tuple[float, float], box: Box, size: tuple[int, int]) -> np.ndarray:
    from artkit.render import rendered_stranger

    return np.array(rendered_stranger(art.text(page, box, size), size))


def _covered(clip: Box, page: tuple[float, float], size: tuple[int, int]) -> Floats:
    """(H, W): the part of each pixel that lies within a box."""
    parts = []
    for axis in (0, 1):
        low, high = (clip[axis + k] / page[axis] * size[axis] for k in (0, 2))
        at = np.arange(size[axis])
        parts.append(np.clip(np.minimum(at + 1, high) - np.maximum(at, low), 0, 1))
    return cast(Floats, parts[1][:, None] * parts[0])


def _over(below: np.ndarray, above: np.ndarray) -> Floats:
    """Lay pixels over others (Porter and Duff 1984), both with alpha last and not multiplied by it."""
    a, b = above[..., 3:] / 255.0, below[..., 3:] / 255.0
    alpha = a + b * (1 - a)
    color = (above[..., :3] * a + below[..., :3] * b * (1 - a)) / np.maximum(alpha, 1e-9)
    return cast(Floats, np.concatenate([color, alpha * 255], axis=2))
