"""Pages to the bytes of a PDF: forms, images and boxes as pikepdf's objects, and what is known of the artwork."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from artkit.artwork.image import Image
from artkit.errors import UsageError
from artkit.export.pdf.content import Content, Veiled, content_of
from artkit.export.pdf.inks import Ink
from artkit.export.pdf.intent import Intent
from artkit.export.pdf.picture import image_object, shade_object
from artkit.export.pdf.sheet import POINTS, Box, Placed, Sheet
from artkit.export.pdf.soft import Rendered
from artkit.export.pdf.x4 import conform
from artkit.export.svg.numbers import number, short
from artkit.metadata.xmp import packet, plain

if TYPE_CHECKING:
    import pikepdf

DPI = 300.0
"""Pixels to an inch of what has to be rendered, where nothing else is asked for."""

LARGEST = 14_400 / POINTS
"""Millimetres of a side of a page (ISO 32000-1, annex C)."""

_INFORMATION = {"title": "/Title", "creator": "/Author", "description": "/Subject", "software": "/Creator"}


def document(
    pages: Sequence[Sheet],
    metadata: Mapping[str, str] | None = None,
    note: Callable[[str], None] | None = None,
    *,
    dpi: float = DPI,
    layers: bool = True,
    intent: Intent | None = None,
    trapped: bool = False,
) -> bytes:
    """Give the bytes of a PDF with these pages.

    What no PDF can draw is rendered at `dpi` pixels to an inch of paper at most, and said by `note`. With `layers`
    those that have names can be switched off by readers. `metadata` goes into the XMP packet, recipe included, and
    into the document's information; see `artkit.export`. With an `intent` it is PDF/X-4, in the colors of that
    printer; `trapped` says whether colors lie beneath each other already.

    A UsageError tells of a page without size, or one too large.
    """
    import pikepdf

    pdf = pikepdf.Pdf.new()
    writer = _Writer(pdf, dpi, layers, note)
    for page in pages:
        writer.add(page)
    _describe(pdf, metadata or {})
    if writer.groups:
        listed = pikepdf.Array(writer.groups)
        pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=listed, D=pikepdf.Dictionary(Order=listed, ON=listed))
    if intent is not None:
        said = dict(metadata or {})
        said = said if said.get("title") else {**said, "title": "Untitled"}
        conform(pdf, intent, packet(said), plain(said["title"]), trapped)
    file = io.BytesIO()
    pdf.save(
        file,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        deterministic_id=True,
        min_version="1.7" if intent is None else "",
        force_version="" if intent is None else "1.6",  # PDF/X-4 is of PDF 1.6
        fix_metadata_version=False,
    )
    return file.getvalue()


def _describe(pdf: pikepdf.Pdf, metadata: Mapping[str, str]) -> None:
    import pikepdf

    if data := packet(metadata):
        kind = _parsed("<</Type/Metadata/Subtype/XML>>")
        pdf.Root.Metadata = pdf.make_indirect(pikepdf.Stream(pdf, data, kind))
    for key, name in _INFORMATION.items():
        if text := plain(metadata.get(key, "")):
            pdf.docinfo[name] = pikepdf.String(text)


class _Writer:
    """Adds pages to a file; drawings and pictures that come again are there once."""

    def __init__(self, pdf: pikepdf.Pdf, dpi: float, layers: bool, note: Callable[[str], None] | None) -> None:
        self.pdf, self.dpi, self.layers, self.note = pdf, dpi, layers, note
        self.known: dict[tuple[object, ...], tuple[pikepdf.Object, tuple[float, float]]] = {}
        self.groups: list[pikepdf.Object] = []
        self.kept: list[object] = []

    def add(self, page: Sheet) -> None:
        """Add a page."""
        import pikepdf

        if not (0 < page.width <= LARGEST and 0 < page.height <= LARGEST):
            asked = f"{page.width:g} x {page.height:g} mm"
            raise UsageError(f"a PDF's page of {asked}: its sides are more than 0 and at most {LARGEST:.0f} mm")
        shown: list[str] = []
        names: dict[tuple[int, int], str] = {}
        forms = pikepdf.Dictionary()
        for count, placed in enumerate(page.placed):
            form, size = self._form(placed, page.inks[count] if page.inks else None)
            if form.objgen not in names:
                names[form.objgen] = f"/F{len(names)}"
                forms[names[form.objgen]] = form
            clip = page.clips[count] if page.clips else None
            shown.append(_drawn(names[form.objgen], placed, size, clip, page.height))
        boxes = f"/MediaBox[{_box((0.0, 0.0, page.width, page.height), page.height)}]"
        for kind, box in (("TrimBox", page.trim), ("BleedBox", page.bleed)):
            boxes += "" if box is None else f"/{kind}[{_box(box, page.height)}]"
        made = _parsed(f"<</Type/Page{boxes}/Group<</S/Transparency/CS/DeviceRGB>>>>")
        made.Contents = self._stream("".join(shown).encode(), "")
        made.Resources = pikepdf.Dictionary(XObject=forms)
        self.pdf.pages.append(pikepdf.Page(self.pdf.make_indirect(made)))

    def _form(self, placed: Placed, inks: Mapping[str, Ink] | None) -> tuple[pikepdf.Object, tuple[float, float]]:
        """Give the object that draws what is placed, and the size of its sheet in the object's units."""
        artwork = placed.artwork
        self.kept += [artwork, inks]  # as long as they live, nothing else has their ids
        if isinstance(artwork, Image):
            key: tuple[object, ...] = (id(artwork),)
            if key not in self.known:
                self.known[key] = image_object(self.pdf, artwork), (1.0, -1.0)
            return self.known[key]
        sheet = artwork.page or artwork
        density = self.dpi / 25.4 * placed.width / sheet.width
        spill = placed.spill * sheet.width / placed.width
        key = (id(artwork), id(inks), round(density, 6), round(spill, 6))
        if key not in self.known:
            content = content_of(artwork, density, self.dpi, spill, self.note, self.layers, inks)
            self.known[key] = self._drawing(content), (content.frame.width, content.frame.height)
        return self.known[key]

    def _drawing(self, content: Content) -> pikepdf.Object:
        frame, spill = content.frame, content.spill
        box = " ".join(number(side) for side in (-spill, -spill, frame.width + spill, frame.height + spill))
        made = self._stream(content.text, f"/Type/XObject/Subtype/Form/BBox[{box}]")
        made.Resources = self._resources(content)
        return made

    def _resources(self, content: Content) -> pikepdf.Object:
        import pikepdf

        given = content.resources
        tables = {
            "/Pattern": {name: self._indirect(text) for name, text in given.patterns.items()},
            "/ExtGState": {name: self._state(entry) for name, entry in given.states.items()},
            "/ColorSpace": {name: self._indirect(text) for name, text in given.spaces.items()},
            "/XObject": {name: self._image(made) for name, made in given.images.items()},
            "/Properties": {name: self._group(label) for name, label in given.layers.items()},
        }
        entries = {
            name: pikepdf.Dictionary({f"/{key}": made for key, made in table.items()})
            for name, table in tables.items()
            if table
        }
        return pikepdf.Dictionary(entries)

    def _image(self, made: Rendered) -> pikepdf.Object:
        if made.shade is None or made.image.alpha is None:
            return image_object(self.pdf, made.image, smooth=True)
        return shade_object(self.pdf, made.shade, made.image.alpha)

    def _state(self, entry: str | Veiled) -> pikepdf.Object:
        """Give a graphics state; of a mask, with a form that paints opacities as light."""
        if isinstance(entry, str):
            return self._indirect(entry)
        matrix = f"{entry.matrix} cm " if entry.matrix else ""
        said = (
            f"/Type/XObject/Subtype/Form/BBox[{entry.box}]/Group<</S/Transparency/CS/DeviceGray>>"
            f"/Resources<</Shading<</S {entry.shading}>>>>"
        )
        state = _parsed("<</SMask<</S/Luminosity>>>>")
        state.SMask.G = self._stream(f"{matrix}/S sh".encode(), said)
        return self.pdf.make_indirect(state)

    def _group(self, name: str) -> pikepdf.Object:
        import pikepdf

        group = self.pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String(name)))
        self.groups.append(group)
        return group

    def _indirect(self, text: str) -> pikepdf.Object:
        return self.pdf.make_indirect(_parsed(text))

    def _stream(self, data: bytes, entries: str) -> pikepdf.Object:
        import pikepdf

        said = _parsed(f"<<{entries}/Filter/FlateDecode>>")
        return self.pdf.make_indirect(pikepdf.Stream(self.pdf, zlib.compress(data, 9), said))


def _parsed(text: str) -> pikepdf.Object:
    import pikepdf

    return pikepdf.Object.parse(text.encode())


def _drawn(name: str, placed: Placed, size: tuple[float, float], clip: Box | None, height: float) -> str:
    """Draw a form in its box: y, which goes down in it, goes up on a page."""
    across = placed.width * POINTS / size[0]
    down = placed.height * POINTS / size[1]
    x = placed.x * POINTS
    y = (height - placed.y) * POINTS if down > 0 else (height - placed.y - placed.height) * POINTS
    matrix = " ".join(short(value, 9) for value in (across, 0, 0, -down, x, y))
    cut = ""
    if clip is not None:
        left, top, right, bottom = clip
        sides = left, height - bottom, right - left, bottom - top
        cut = " ".join(short(side * POINTS, 4) for side in sides) + " re W n\n"
    return f"q\n{cut}{matrix} cm {name} Do\nQ\n"


def _box(box: Box, height: float) -> str:
    left, top, right, bottom = box
    return " ".join(short(side * POINTS, 4) for side in (left, height - bottom, right, height - top))
