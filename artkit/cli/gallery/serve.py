"""`artkit gallery serve`: the gallery over HTTP, for browsers on this machine."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from artkit.cli.frame import PLAIN, Screen
from artkit.cli.options import Debug, InGallery, Quiet, gallery_folder

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def serve(
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, metavar="N", help="The port; 0: any.  [default: the first free one from 8640]"),
    ] = None,
    browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser as well.")] = False,
    gallery: InGallery = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Print the address, and answer until Ctrl-C."""
    from artkit.gallery.find import names
    from artkit.gallery.server import server
    from artkit.interrupts import speaking_to

    folder = gallery_folder(gallery)
    names(folder)
    with (
        Screen(quiet) as screen,
        server(folder, port, screen.say) as running,
        open(os.devnull, "w") as nowhere,  # noqa: PTH123 - Ctrl-C is how it ends, and nothing to tell
        speaking_to(nowhere.fileno()),
    ):
        typer.echo(running.address)
        screen.say("Ctrl-C ends it.")
        if browser:
            from artkit.cli.gallery.open import show_in_browser

            show_in_browser(running.address, screen)
        running.serve_forever()
