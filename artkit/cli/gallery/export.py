"""`artkit gallery export ID... -o ZIP`: artworks in a file that can be sent, and is a gallery when it is unpacked."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Annotated, Any

import typer

from artkit.cli.frame import PLAIN, Screen
from artkit.cli.gallery.chosen import From, Ids, chosen
from artkit.cli.options import Debug, InGallery, Quiet, gallery_folder
from artkit.errors import ArtkitError, UsageError

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def export(
    output: Annotated[str, typer.Option("-o", "--output", metavar="ZIP", help="Write this file; - writes to stdout.")],
    artworks: Ids = None,
    source: From = None,
    everything: Annotated[bool, typer.Option("--all", help="All artworks of the gallery.")] = False,
    gallery: InGallery = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Write artworks, their records and thumbnails, and a page of them, into a zip."""
    from artkit.export import files
    from artkit.gallery.pack import pack, room_beside

    folder = gallery_folder(gallery)
    if output == "-" and sys.stdout.isatty():
        raise UsageError("-o -: a zip is not for the terminal; pipe it on, or give -o a file")
    path = None if output == "-" else Path(output)
    with Screen(quiet) as screen:
        names = _all(folder, artworks, source) if everything else chosen(artworks, source, folder)
        with TemporaryFile() if path is None else files.writing(path) as file, room_beside(path) as room:
            pack(folder, names, file, room)
            size = file.tell()
            if path is None:
                file.seek(0)
                copyfileobj(file, sys.stdout.buffer)
                sys.stdout.buffer.flush()
        if path is not None:
            typer.echo(output)
        screen.say(f"{len(names)} artwork{'' if len(names) == 1 else 's'}, {size / 1e6:,.1f} MB")


def _all(folder: Path, artworks: list[str] | None, source: str | None) -> list[str]:
    from artkit.gallery.find import names
    from artkit.gallery.folder import records

    if artworks or source:
        raise UsageError("--all takes all artworks; name some, or take all")
    names(folder)
    found = [record.name for record in records(folder, _refuse)]
    if not found:
        raise UsageError(f"{folder}: holds no artworks yet")
    return found


def _refuse(line: str) -> None:
    raise ArtkitError(f"{line}; artkit gallery list --names | artkit gallery export --from - exports the others")
