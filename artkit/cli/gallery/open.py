"""`artkit gallery open [ID]`: the page in the browser."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer

from artkit.cli import completion
from artkit.cli.frame import PLAIN, Screen
from artkit.cli.options import Debug, InGallery, Quiet, gallery_folder

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command("open")
def open_page(
    artwork: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            autocompletion=completion.artworks,
            help="An artwork, by any part of its name that no other has.",
        ),
    ] = None,
    only_print: Annotated[bool, typer.Option("--print", help="Print the address alone.")] = False,
    gallery: InGallery = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Open the page, or an artwork in it, and print the address."""
    from artkit.gallery.building import PAGE
    from artkit.gallery.find import find, names
    from artkit.gallery.fresh import Keeper

    folder = gallery_folder(gallery)
    names(folder)
    anchor = f"#{quote(find(artwork, folder))}" if artwork is not None else ""
    with Screen(quiet) as screen:
        Keeper(folder, screen.say).refresh()
        address = (folder / PAGE).resolve().as_uri() + anchor
        typer.echo(address)
        if not only_print:
            show_in_browser(address, screen)


def show_in_browser(address: str, screen: Screen) -> None:
    """Open an address in the user's browser; where there is none, say so."""
    import webbrowser

    if not webbrowser.open(address):
        screen.say("No browser could be started; open the address yourself.")
