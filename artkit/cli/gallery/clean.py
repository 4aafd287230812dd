"""`artkit gallery clean`: what nobody needs, taken away."""

from __future__ import annotations

from typing import Any

import typer

from artkit.cli.frame import PLAIN, Screen, print_json, print_table, visible
from artkit.cli.options import Debug, DryRun, InGallery, Json, Quiet, gallery_folder

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def clean(
    dry_run: DryRun = False,
    gallery: InGallery = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Remove what killed processes left, and thumbnails and photos without artworks; say what, and how many bytes."""
    from artkit.gallery.clean import clean, leftovers
    from artkit.gallery.find import names

    folder = gallery_folder(gallery)
    names(folder)
    found = leftovers(folder) if dry_run else clean(folder)
    if json:
        print_json([each._asdict() for each in found])
    elif found:
        print_table(("file", "bytes", "why"), [(visible(str(each.path)), each.bytes, each.why) for each in found])
    with Screen(quiet) as screen:
        total = sum(each.bytes for each in found)
        count = f"{len(found)} leftover{'' if len(found) == 1 else 's'}, {total:,} bytes"
        screen.say(f"{count}; nothing was removed" if dry_run else f"{count} removed" if found else "nothing to clean")
