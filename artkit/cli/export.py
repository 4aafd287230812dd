"""`artkit export`: an artwork, or an SVG of any tool, to a file for print: its size, its page, its bleed, its marks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from artkit.cli import cutting
from artkit.cli import plates as plates_
from artkit.cli.exporting import bytes_of, opened, put, settings_of, with_settings
from artkit.cli.frame import PLAIN, Screen
from artkit.cli.moving import refuse_itself
from artkit.cli.options import Debug, InGallery, Json, NoMetadata, Quiet, Timeout
from artkit.cli.timings import TimingsOnly
from artkit.errors import UsageError

app = typer.Typer(**PLAIN)

Units = Literal["mm", "in", "px96", "px72"]


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


def _option(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, show_default=False)


@app.command()
def export(
    context: typer.Context,
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
        str | None, _option("--bleed", metavar="MM", help="How far the art goes on beyond the cut: 3mm.")
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
            help="What it lies on: a color, transparent, or lightest or darkest of the art's.  "
            "[default: nothing; pictures are on white]",
        ),
    ] = None,
    dpi: Annotated[
        float | None,
        typer.Option(
            min=1,
            max=4800,
            metavar="N",
            show_default=False,
            help="Pixels to an inch: of pictures, and of pixels in a PDF.  [default: 300; plates as bitmaps 600]",
        ),
    ] = None,
    inks: Annotated[
        bool, typer.Option("--inks", help="In a PDF: every color a plate of its own, by its name.")
    ] = False,
    overprint: Annotated[
        str | None, _option("--overprint", metavar="INK,...", help="Inks that leave what lies beneath; all: each does.")
    ] = None,
    profile: Annotated[
        str | None,
        _option("--profile", metavar="FILE.icc", help="The printer's ICC profile: PDF/X-4, in that printer's colors."),
    ] = None,
    plates: plates_.Plates = None,
    order: plates_.Order = None,
    trap: plates_.Trap = None,
    min_feature: plates_.MinFeature = None,
    thicken: plates_.Thicken = None,
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
    curves: cutting.Curves = False,
    for_: cutting.For = None,
    check: cutting.Check = False,
    ids: Annotated[
        Literal["none", "color", "depth"] | None,
        typer.Option(
            help="Name all groups and shapes, by color or by depth, for editors and for the web: .svg, and layers of "
            ".pdf.  [default: none]",
            show_default=False,
        ),
    ] = None,
    no_recipe: Annotated[
        bool, typer.Option("--no-recipe", help="Without what the artwork's recipe says of its export.")
    ] = False,
    gallery: InGallery = None,
    no_metadata: NoMetadata = False,
    timeout: Timeout = None,
    timings: TimingsOnly = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Put artworks on paper, or under the knife: PDF, SVG in millimetres, EPS, DXF, PNG and TIFF."""
    units = _units(context, units, output)
    given = {name: value for name, value in locals().items() if name != "context"}
    if check and plates is None and not cut and not _has_plates(source, for_, no_recipe):
        _refuse_paper(source, for_, no_recipe)
        cutting.check_file(source, for_, json)
        return
    with Screen(quiet) as screen:

        def say(line: str) -> None:
            screen.say(f"{source}: {line}")

        if output:
            refuse_itself(source, output)
        name, data = bytes_of(source, gallery)
        if not no_recipe and (settings := settings_of(data)):
            chosen = {name for name in given if _is_given(context, name)}
            given = with_settings(given, chosen, settings)
        tell = put(opened(name, data, source, say), given, say)
    if not tell(json):
        raise typer.Exit(1)


def defaults() -> dict[str, Any]:
    """Give the options of the command, by name, as they are where none is given."""
    from inspect import signature

    return {
        name: each.default for name, each in signature(export).parameters.items() if name not in ("context", "source")
    }


def _has_plates(source: str, profile: str | None, no_recipe: bool) -> bool:
    """Whether a file's recipe asks for plates, so that these are checked, and not the file as one to be cut."""
    from artkit.prepress.profile import profile_of

    path = Path(source)
    if no_recipe or (not profile_of(profile).prints and profile is not None):
        return False
    return path.is_file() and bool(settings_of(path.read_bytes()).get("plates"))


def _refuse_paper(source: str, profile: str | None, no_recipe: bool) -> None:
    """Refuse to check as lines to cut what its recipe prints as it is."""
    path = Path(source)
    settings = settings_of(path.read_bytes()) if path.is_file() and profile is None and not no_recipe else None
    if settings and not settings.get("cut") and not settings.get("plates"):
        raise UsageError(
            f"--check: {source} goes on paper as it is, without lines to cut and without plates; give --plates pages, "
            "or --for and a cutter"
        )


def _units(context: typer.Context, units: Any, output: str | None) -> Any:
    """Give the units; those of the settings are for SVG alone."""
    source = context.get_parameter_source("units")
    is_set = source is not None and source.name == "DEFAULT_MAP"
    return None if is_set and not str(output).lower().endswith((".svg", ".svgz")) else units


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and not source.name.startswith("DEFAULT")
