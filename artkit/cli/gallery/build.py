"""`artkit gallery build`: the page made anew."""

from __future__ import annotations

from typing import Any

import typer

from artkit.cli.frame import PLAIN, Screen
from artkit.cli.options import Debug, InGallery, Quiet, gallery_folder

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def build(gallery: InGallery = None, quiet: Quiet = False, debug: Debug = False) -> None:
    """Make the page anew and print where it is."""
    from artkit.gallery.find import names
    from artkit.gallery.folder import page

    folder = gallery_folder(gallery)
    names(folder)
    with Screen(quiet) as screen:
        typer.echo(page(folder, screen.say))
