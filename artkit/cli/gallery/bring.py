"""`artkit gallery import ZIP`: artworks out of a zip that `export` has written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, Any, BinaryIO

import typer

from artkit.cli.frame import PLAIN, Screen, print_json
from artkit.cli.options import Debug, DryRun, InGallery, Json, Quiet, gallery_folder
from artkit.errors import ArtkitError, UsageError

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command("import")
def import_zip(
    file: Annotated[str, typer.Argument(metavar="ZIP", help="A zip that `export` has written; - reads stdin.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Where other bytes have the name of an artwork, take those of the zip.")
    ] = False,
    dry_run: DryRun = False,
    gallery: InGallery = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Check the whole zip, then bring its artworks in: all of them, or none."""
    from artkit.gallery.folder import page
    from artkit.gallery.unpack import unpack

    folder = gallery_folder(gallery)
    with Screen(quiet) as screen:
        with _opened(file) as source:
            told = unpack(source, "the zip" if file == "-" else file, folder, replace=replace, dry_run=dry_run)
        if not dry_run:
            page(folder, screen.say)
        if json:
            print_json({"new": told.new, "same": told.same, "replaced": told.replaced})
        else:
            for name in sorted([*told.new, *told.replaced]):
                typer.echo(name)
        counts = {"new": told.new, "replaced": told.replaced, "there already": told.same}
        line = ", ".join(f"{len(names)} {state}" for state, names in counts.items() if names)
        screen.say(f"{line}; nothing was written" if dry_run else line)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """Open a file of which any part can be read; what comes on stdin is kept in one meanwhile."""
    from artkit.limits import limit, refusal

    if name != "-":
        if Path(name).is_dir():
            raise UsageError(f"{name}: is a folder, not a zip; --gallery {name} works with a gallery as it is")
        if not Path(name).is_file():
            raise UsageError(f"{name}: {'is no file' if Path(name).exists() else 'no such file'}")
        with Path(name).open("rb") as file:
            yield file
        return
    if sys.stdin.isatty():
        raise UsageError("-: no zip comes in on stdin; pipe one")
    with TemporaryFile() as kept:
        while data := sys.stdin.buffer.read(1 << 20):
            kept.write(data)
            if kept.tell() > limit("archive"):
                raise refusal("archive", "the zip on stdin is too long")
        if not kept.tell():
            raise ArtkitError("the zip: nothing came in on stdin")
        yield kept
