"""`artkit gallery contact-sheet`: artworks side by side, on a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from artkit.cli import completion
from artkit.cli.frame import PLAIN, Screen
from artkit.cli.options import Debug, InGallery, Quiet, gallery_folder
from artkit.cli.sheet import CELL, CellWidth, Columns, Dark, PageSize, Title, style_of
from artkit.errors import UsageError

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command("contact-sheet")
def contact_sheet(
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Write this SVG, PNG or PDF.", show_default=False)
    ],
    artworks: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID...]",
            autocompletion=completion.artworks,
            help="Any unique part of an artwork's name; all artworks if none are given.",
        ),
    ] = None,
    columns: Columns = None,
    cell: CellWidth = CELL,
    page: PageSize = None,
    title: Title = None,
    dark: Dark = False,
    gallery: InGallery = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Write a sheet of artworks, labelled with what differs, and print where it is."""
    from artkit.gallery import find, sheets
    from artkit.gallery.sheets.labels import ordered

    style = style_of(columns, cell, page, title, dark)
    sheets.check(output, style)
    folder = gallery_folder(gallery)
    names = find.find_all(artworks, folder) if artworks else find.names(folder)
    if not names:
        raise UsageError(f"{folder}: holds no artworks yet")
    sheets.check(output, style, len(names))
    with Screen(quiet) as screen:
        records = [find.record_of(name, folder) for name in names]
        if not artworks:
            records = ordered(records)
        typer.echo(sheets.save(records, output, style, note=screen.say))
