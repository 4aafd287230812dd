"""`artkit gallery remove ID...`: artworks taken away, with all that belongs to them."""

from __future__ import annotations

from typing import Any

import typer

from artkit.cli.frame import PLAIN, Screen, print_json
from artkit.cli.gallery.chosen import From, Ids, chosen
from artkit.cli.options import Debug, DryRun, InGallery, Json, Quiet, gallery_folder
from artkit.errors import UsageError

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def remove(
    artworks: Ids = None,
    source: From = None,
    dry_run: DryRun = False,
    gallery: InGallery = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Remove artworks, their records, thumbnails and entries, and photos that no other artwork was made of."""
    from artkit.gallery.folder import refresh
    from artkit.gallery.fresh import update
    from artkit.gallery.removal import remove, removed

    folder = gallery_folder(gallery)
    with Screen(quiet) as screen:
        try:
            names = chosen(artworks, source, folder)
        except UsageError:
            if not dry_run:  # an earlier run may have removed it, and been killed before it made the page
                update(folder, screen.say)
            raise
        gone = removed(folder, names) if dry_run else remove(folder, names)
        if not dry_run:
            refresh(folder, screen.say)
        if json:
            print_json([{"name": name, "files": files} for name, files in gone.items()])
        else:
            for name in gone:
                typer.echo(name)
        count = f"{len(gone)} artwork{'' if len(gone) == 1 else 's'}"
        screen.say(f"{count} would be removed" if dry_run else f"{count} removed")
