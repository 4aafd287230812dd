"""What `artkit export` does, and `artkit apply` where a recipe says how its artworks go on paper."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from artkit.cli import cutting
from artkit.cli import plates as plates_
from artkit.cli.frame import print_json
from artkit.cli.options import STREAM, gallery_folder
from artkit.errors import ArtkitError, RecipeError, UsageError
from artkit.spans import spanned

if TYPE_CHECKING:
    from artkit.export.pdf.intent import Intent
    from artkit.export.sheet import Composed

TRANSPARENT = "transparent"
DPI = 300.0
"""Pixels to an inch, where nothing is said."""


class Source(NamedTuple):
    """What lies on the paper: its parts, its size in millimetres, and what its file says of itself."""

    parts: tuple[Any, ...]
    size: tuple[float, float]
    metadata: dict[str, str]


@spanned("put on paper")
def put(source: Source, given: Mapping[str, Any], say: Callable[[str], None]) -> Callable[[bool], bool]:
    """Write the files that the options of the command, by name, ask for.

    What it gives prints what there is to tell, as JSON or not, and says whether all is well.
    """
    from artkit.export import files
    from artkit.export.sheet import Asked, check_suffix, written
    from artkit.pens.layout import millimetres
    from artkit.prepress.profile import profile_of

    o = SimpleNamespace(**given)
    least, thicken = (None, None) if o.cut else (o.min_feature, o.thicken)
    plated = plates_.Given(o.plates, o.order, o.trap, least, thicken, o.underbase, o.choke, o.halftone, o.check)
    if o.plates is None:
        plated.refuse_without_plates()
    elif o.cut or o.inks:
        raise UsageError(f"--plates: is one way, --{'cut' if o.cut else 'inks'} another; make two files")
    if o.output is None and not o.check:
        raise cutting.missing_output()
    profile = profile_of(o.for_)
    unnamed = f"lines{profile.formats[0] if o.cut else '.pdf'}"
    suffix = check_suffix(o.output or unnamed) if o.plates is None else ".pdf"
    if o.output and not o.output.endswith(("/", "\\")) and o.plates is None:
        files.check_place(o.output)
    if o.for_ is not None and not (o.plates and profile.prints):
        cutting.check_format(suffix, profile)
    if profile.prints and o.plates is None:
        raise UsageError(f"--for {o.for_}: prints plates; give --plates pages, too")
    cuts = cutting.Given(
        o.common_lines, o.kerf, o.bridges, o.stack, o.outline, o.min_feature if o.cut else None,
        o.thicken if o.cut else None, o.weed, o.frame,
        o.score, o.engrave, o.ground, o.mirror, o.size_check,
    )  # fmt: skip
    how = cuts.checked(o.cut, profile)
    if o.curves and how is None and suffix != ".dxf":
        raise UsageError(f"--curves: is for DXF and for lines to cut; {suffix} has curves as they are")
    if o.units is not None and o.units != "mm" and suffix not in (".svg", ".svgz"):
        raise UsageError(f"--units {o.units}: is for SVG; {suffix} knows its size by itself")
    color = _paper(o.paper, suffix, source.parts)
    inked = plated.asked(o.overprint, color) if o.plates is not None else None
    asked = Asked(
        o.page,
        o.landscape,
        0.0 if o.margin is None else millimetres(o.margin, "margin"),
        bool(o.fill),
        0.0 if o.bleed is None else millimetres(o.bleed, "bleed"),
        o.crop_marks,
        o.registration_marks,
        o.tile,
    )
    _refuse_ids(suffix, o)
    metadata = {} if o.no_metadata else source.metadata
    intent = None if o.profile is None else _intent(o.profile, o.output)
    facts: dict[str, float] = {}
    if how is not None:
        made, facts = cutting.composed_cut(source.parts, source.size, asked, how, profile, say, curves=o.curves)
        if o.check:
            return cutting.check_lines(made, profile)
    else:
        made = _composed(source, asked, None if inked else color)
    if inked is not None:
        return plates_.make(
            made, inked, plated, None if o.check else o.output, metadata, plates_.How(profile, intent, o.dpi, say)
        )
    data = written(
        made,
        suffix,
        dpi=o.dpi or DPI,
        units=o.units or profile.units,
        splines=o.curves,
        ids=o.ids or "none",
        metadata=metadata,
        note=say,
        transparent=o.paper == TRANSPARENT,
        overprint=_overprint(o.inks, o.overprint, color),
        intent=intent,
    )
    files.write(o.output, data)
    return lambda json: _told(o.output, made, len(data), facts, json)


def _refuse_ids(suffix: str, o: Any) -> None:
    from artkit.recipe.on_paper import NAMED

    if o.ids not in ("color", "depth"):
        return
    if o.plates is not None or o.cut or o.for_ is not None:
        raise UsageError(f"--ids {o.ids}: is for art; plates and lines to cut have layers with names of their own")
    if suffix not in NAMED:
        raise UsageError(f"--ids {o.ids}: is for {', '.join(NAMED)}; {suffix} has no names of groups")


def _intent(path: str, output: str | None) -> Intent:
    from artkit.artwork import photo
    from artkit.export.pdf.intent import intent_of

    if output is not None and not output.endswith(("/", "\\")) and Path(output).suffix.lower() != ".pdf":
        raise UsageError(f"--profile {path}: is for .pdf, which says how it is to be printed; {output} does not")
    return intent_of(photo.bytes_of(Path(path)), path)


def _overprint(inks: bool, overprint: str | None, paper: str | None) -> list[str] | None:
    """Give the inks that overprint, none or more; None where there are no inks."""
    if not inks:
        if overprint is not None:
            raise UsageError(f"--overprint {overprint}: is of inks; give --inks, too")
        return None
    if paper is not None:
        raise UsageError("--paper: is no ink, and would be printed; leave it out with --inks")
    return [word.strip() for word in (overprint or "").split(",") if word.strip()]


def _paper(paper: str | None, suffix: str, parts: Sequence[Any] = ()) -> str | None:
    """Give the paper's color as #rrggbb, None where it is bare."""
    from artkit.artwork.drawing import Drawing
    from artkit.color.palette import name_of, parse
    from artkit.pens.names import hex_color
    from artkit.prepress.regions import EXTREMES, meant

    if paper in EXTREMES:
        drawings = [part for part in parts if isinstance(part, Drawing)]
        fills = [fill for one in drawings for fill in (one.background, *(shape.fill for shape in one.shapes))]
        colors = list(dict.fromkeys(hex_color(fill) for fill in fills if isinstance(fill, str)))
        return meant(paper, colors) if colors else None
    if paper is None:
        return None
    if paper == TRANSPARENT:
        if suffix in (".jpg", ".jpeg"):
            raise UsageError("--paper transparent: JPEG has no transparency; use .png or .tif")
        return None
    try:
        return name_of(parse(paper))
    except UsageError as error:
        raise UsageError(f"--paper {paper}: {error}") from None


def bytes_of(source: str, gallery: Path | None) -> tuple[str, bytes]:
    """Give the name and the bytes of a file, of stdin for '-', or of the artwork that the name is part of."""
    from artkit.artwork import photo

    if source == STREAM:
        return source, photo.all_of(sys.stdin.buffer, "stdin")
    path = _found(source, gallery)
    return path.name, photo.bytes_of(path)


@spanned("read the artwork")
def opened(name: str, data: bytes, source: str, say: Callable[[str], None]) -> Source:
    """Read an artwork's file; `source` is what the user called it."""
    from artkit.artwork.photo import read
    from artkit.export.pdf import MILLIMETRES
    from artkit.export.read import opened as read_svg
    from artkit.metadata import embedded
    from artkit.pens.strokes import is_svg

    if data.startswith(b"%PDF-"):
        raise ArtkitError(f"{source}: is a PDF already; export the SVG that it was made of")
    metadata = embedded.of(data)
    if is_svg(name, data):
        found = read_svg(data, source)
        for line in found.notes:
            say(line)
        if not found.parts:
            raise ArtkitError(f"{source}: draws nothing that can be put on paper")
        return Source(found.parts, (found.width, found.height), metadata)
    picture = read(data, say, source)
    return Source((picture,), (picture.width * MILLIMETRES, picture.height * MILLIMETRES), metadata)


def settings_of(data: bytes) -> dict[str, Any]:
    """Give what the recipe in a file says of its export; nothing where there is none, or it is not understood."""
    from artkit.metadata import embedded
    from artkit.recipe.parse import parse

    if not embedded.is_artwork(data):
        return {}
    text = embedded.of(data).get("recipe", "")
    if "[export]" not in text:
        return {}
    try:
        recipe, faults = parse(text, "recipe")
        faults.raise_any()
    except RecipeError:
        return {}
    return dict(recipe.export or {})


def with_settings(given: Mapping[str, Any], chosen: set[str], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in what a recipe says of the export; `chosen` are the options that were given, which count more."""
    from artkit.prepress.profile import profile_of
    from artkit.recipe.on_paper import WAYS, taken

    output = given["output"] or "plates.pdf"
    suffix = "/" if output.endswith(("/", "\\")) else Path(output).suffix.lower()
    way = next((way for way in WAYS if way in chosen), "")
    if not way and "for_" in chosen and not profile_of(given["for_"]).prints:
        way = "cut"
    more = taken(settings, suffix, way)
    return {**given, **{name: value for name, value in more.items() if name not in chosen}}


def _composed(source: Source, asked: Any, paper: str | None) -> Composed:
    """Lay an artwork out."""
    from artkit.artwork.image import Image
    from artkit.export.sheet import composed, laid_out

    pixels = isinstance(source.parts[0], Image)
    return composed(source.parts, laid_out(*source.size, asked, pixels=pixels), paper)


def _found(source: str, gallery: Path | None) -> Path:
    """Give the file of that name, or of the artwork in the gallery that the name is part of."""
    path = Path(source)
    if path.exists() or path.suffix:
        return path
    from artkit.gallery.find import find, record_of

    folder = gallery_folder(gallery)
    if not folder.is_dir():
        raise UsageError(f"{source}: there is no such file, and no gallery {folder} to look for it in")
    return record_of(find(source, folder), folder).path


def _told(output: str, made: Composed, size: int, facts: dict[str, float], json: bool) -> bool:
    layout = made.layout
    if not json:
        typer.echo(output)
        return True
    left, top, right, bottom = layout.trim
    print_json(
        {
            "file": output,
            "bytes": size,
            "paper_mm": [round(layout.width, 3), round(layout.height, 3)],
            "page_mm": [round(right - left, 3), round(bottom - top, 3)],
            "art_mm": [round(layout.art[2] - layout.art[0], 3), round(layout.art[3] - layout.art[1], 3)],
            **({"cut": facts} if facts else {}),
        }
    )
    return True
