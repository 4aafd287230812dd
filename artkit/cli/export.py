"""`artkit export`: an artwork, or an SVG of any tool, to a file for print: its size, its page, its bleed, its marks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from artkit.cli import cutting
from artkit.cli import plates as plates_
from artkit.cli.frame import PLAIN, Screen, print_json
from artkit.cli.make import STREAM
from artkit.cli.options import Debug, InGallery, Json, NoMetadata, Quiet, Timeout, gallery_folder
from artkit.errors import ArtkitError, UsageError

if TYPE_CHECKING:
    from artkit.export.sheet import Composed

app = typer.Typer(**PLAIN)

Units = Literal["mm", "in", "px96", "px72"]
TRANSPARENT = "transparent"


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


def _option(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, show_default=False)


@app.command()
def export(
    source: Annotated[
        str,
        typer.Argument(metavar="ARTWORK|FILE", help="An SVG of any tool, a picture, or part of an artwork's name."),
    ],
    output: Annotated[
        str | None,
        _option("-o", "--output", metavar="FILE", help="Write .pdf, .svg, .svgz, .eps, .dxf, .png, .jpg or .tif."),
    ] = None,
    page: Annotated[
        str | None,
        _option("--page", metavar="A3|WxH", help="The sheet: A3, letter, 300x200mm, 8x10in.  [default: its own size]"),
    ] = None,
    landscape: Annotated[
        bool | None,
        typer.Option("--landscape/--portrait", help="How the sheet lies.  [default: as the art]", show_default=False),
    ] = None,
    fill: Annotated[
        bool, typer.Option("--fill/--fit", help="Cover the page and cut off the rest, or fit into it.")
    ] = False,
    margin: Annotated[
        str | None, _option("--margin", metavar="MM", help="Free on all sides: 10mm, 0.5in.  [default: 0]")
    ] = None,
    bleed: Annotated[
        str | None, _option("--bleed", metavar="MM", help="Beyond the cut, for what lies on the edge: 3mm.")
    ] = None,
    crop_marks: Annotated[bool, typer.Option("--crop-marks", help="Show where to cut.")] = False,
    registration_marks: Annotated[
        bool, typer.Option("--registration-marks", help="Show where plates have to meet.")
    ] = False,
    tile: Annotated[
        str | None, _option("--tile", metavar="A4", help="A poster over sheets of this size, pages of one PDF.")
    ] = None,
    paper: Annotated[
        str | None,
        _option(
            "--paper",
            metavar="COLOR",
            help="What it lies on, or transparent.  [default: nothing; pictures are on white]",
        ),
    ] = None,
    dpi: Annotated[
        float,
        typer.Option(min=1, max=4800, metavar="N", help="Pixels to an inch: of pictures, and of pixels in a PDF."),
    ] = 300.0,
    inks: Annotated[
        bool, typer.Option("--inks", help="In a PDF: every color a plate of its own, by its name.")
    ] = False,
    overprint: Annotated[
        str | None, _option("--overprint", metavar="INK,...", help="Inks that leave what lies beneath; all: each does.")
    ] = None,
    plates: plates_.Plates = None,
    order: plates_.Order = None,
    trap: plates_.Trap = None,
    min_feature: plates_.MinFeature = None,
    underbase: plates_.Underbase = False,
    choke: plates_.Choke = None,
    halftone: plates_.Halftone = None,
    units: Annotated[
        Units | None,
        typer.Option(
            help="What an SVG's size is said in; px72 are the pixels of Cricut and Silhouette.  [default: mm]",
            show_default=False,
        ),
    ] = None,
    cut: cutting.Cut = False,
    common_lines: cutting.CommonLines = False,
    kerf: cutting.Kerf = None,
    bridges: cutting.Bridges = None,
    stack: cutting.Stack = False,
    outline: cutting.Outline = None,
    weed: cutting.Weed = False,
    frame: cutting.Frame = False,
    score: cutting.Score = None,
    engrave: cutting.Engrave = None,
    ground: cutting.Ground = None,
    mirror: cutting.Mirror = False,
    size_check: cutting.SizeCheck = False,
    for_: cutting.For = None,
    check: cutting.Check = False,
    gallery: InGallery = None,
    no_metadata: NoMetadata = False,
    timeout: Timeout = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Put artworks on paper, or under the knife: PDF, SVG in millimetres, EPS, DXF, PNG and TIFF."""
    from artkit.export import files
    from artkit.export.sheet import Asked, check_suffix, written
    from artkit.pens.layout import millimetres
    from artkit.prepress.profile import profile_of

    plated = plates_.Given(plates, order, trap, None if cut else min_feature, underbase, choke, halftone, check)
    if plates is None:
        plated.refuse_without_plates()
    elif cut or inks:
        raise UsageError(f"--plates: is one way, --{'cut' if cut else 'inks'} another; make two files")
    if check and plates is None:
        cutting.check_file(source, for_, json)
        return
    if output is None and not check:
        raise cutting.missing_output()
    suffix = check_suffix(output or "plates.pdf") if plates is None else ".pdf"
    profile = profile_of(for_)
    if for_ is not None:
        cutting.check_format(suffix, profile)
    given = cutting.Given(
        common_lines,
        kerf,
        bridges,
        stack,
        outline,
        min_feature if cut else None,
        weed,
        frame,
        score,
        engrave,
        ground,
        mirror,
        size_check,
    )
    how = given.checked(cut, profile)
    if units is not None and units != "mm" and suffix not in (".svg", ".svgz"):
        raise UsageError(f"--units {units}: is for SVG; {suffix} knows its size by itself")
    color = _paper(paper, suffix)
    inked = plated.asked(overprint, color) if plates is not None else None
    asked = Asked(
        page,
        landscape,
        0.0 if margin is None else millimetres(margin, "margin"),
        fill,
        0.0 if bleed is None else millimetres(bleed, "bleed"),
        crop_marks,
        registration_marks,
        tile,
    )
    with Screen(quiet) as screen:

        def say(line: str) -> None:
            screen.say(f"{source}: {line}")

        parts, size, metadata = _opened(source, gallery, say)
        facts: dict[str, float] = {}
        if how is not None:
            made, facts = cutting.composed_cut(parts, size, asked, how, profile, say)
        else:
            made = _composed(parts, size, asked, None if inked else color)
        if inked is not None:
            plates_.make(made, inked, plated, None if check else output, {} if no_metadata else metadata, json)
            return
        assert output is not None
        data = written(
            made,
            suffix,
            dpi=dpi,
            units=units or profile.units,
            metadata={} if no_metadata else metadata,
            note=say,
            transparent=paper == TRANSPARENT,
            overprint=_overprint(inks, overprint, color),
        )
        files.write(output, data)
    _tell(output, made, len(data), facts, json)


def _overprint(inks: bool, overprint: str | None, paper: str | None) -> list[str] | None:
    """Give the inks that overprint, none or more; None where there are no inks."""
    if not inks:
        if overprint is not None:
            raise UsageError(f"--overprint {overprint}: is of inks; give --inks, too")
        return None
    if paper is not None:
        raise UsageError("--paper: is no ink, and would be printed; leave it out with --inks")
    return [word.strip() for word in (overprint or "").split(",") if word.strip()]


def _paper(paper: str | None, suffix: str) -> str | None:
    """Give the paper's color as #rrggbb, None where it is bare."""
    from artkit.color.palette import name_of, parse

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


def _opened(source: str, gallery: Path | None, say: Any) -> tuple[tuple[Any, ...], tuple[float, float], dict[str, str]]:
    """Read the artwork: what it is made of, its size in millimetres, and what its file says of itself."""
    from artkit.artwork.photo import all_of, bytes_of, read
    from artkit.export.pdf import MILLIMETRES
    from artkit.export.read import opened
    from artkit.metadata import embedded
    from artkit.pens.strokes import is_svg

    path = _found(source, gallery)
    data = all_of(sys.stdin.buffer, "stdin") if source == STREAM else bytes_of(path)
    if data.startswith(b"%PDF-"):
        raise ArtkitError(f"{source}: is a PDF already; export the SVG that it was made of")
    metadata = embedded.of(data)
    parts: tuple[Any, ...]
    if is_svg(path.name, data):
        found = opened(data, source)
        for line in found.notes:
            say(line)
        parts, size = found.parts, (found.width, found.height)
        if not parts:
            raise ArtkitError(f"{source}: draws nothing that can be put on paper")
    else:
        picture = read(data, say, source)
        parts, size = (picture,), (picture.width * MILLIMETRES, picture.height * MILLIMETRES)
    return parts, size, metadata


def _composed(parts: tuple[Any, ...], size: tuple[float, float], asked: Any, paper: str | None) -> Composed:
    """Lay an artwork out."""
    from artkit.artwork.image import Image
    from artkit.export.sheet import composed, laid_out

    return composed(parts, laid_out(*size, asked, pixels=isinstance(parts[0], Image)), paper)


def _found(source: str, gallery: Path | None) -> Path:
    """Give the file of that name, or of the artwork in the gallery that the name is part of."""
    path = Path(source)
    if source == STREAM or path.exists() or path.suffix:
        return path
    from artkit.gallery.find import find, record_of

    folder = gallery_folder(gallery)
    if not folder.is_dir():
        raise UsageError(f"{source}: there is no such file, and no gallery {folder} to look for it in")
    return record_of(find(source, folder), folder).path


def _tell(output: str, made: Composed, size: int, facts: dict[str, float], json: bool) -> None:
    layout = made.layout
    if not json:
        typer.echo(output)
        return
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
