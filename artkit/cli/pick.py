"""`artkit pick ID`: what was liked best, an artwork of a gallery or a cell of a sweep, as a preset of one's own."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from artkit.cli import completion
from artkit.cli.frame import PLAIN
from artkit.cli.options import Debug, InGallery, gallery_folder

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def pick(
    artwork: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            autocompletion=completion.artworks,
            help="Any unique part of an artwork's name, or a cell's number.",
        ),
    ],
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The new preset's name.  [default: the preset's and the artwork's digits]"),
    ] = None,
    gallery: InGallery = None,
    debug: Debug = False,
) -> None:
    """Make a preset of an artwork's recipe, and print where it is."""
    from artkit.cli.presets import begin
    from artkit.gallery import cells, find

    folder = gallery_folder(gallery)
    record = find.record_of(cells.name_of(artwork, folder) or find.find(artwork, folder), folder)
    typer.echo(begin(name or _called(record.preset, record.name), str(record.path)))


def _called(preset: str, artwork: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", preset.lower()).strip("-") or "mine"
    return f"{plain}-{artwork[-6:]}"
