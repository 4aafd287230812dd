"""`artkit gallery list`: what is in a gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from artkit.cli.frame import PLAIN, Screen, hint, print_json, print_table
from artkit.cli.options import Debug, InGallery, Json, Quiet, gallery_folder

if TYPE_CHECKING:
    from artkit.gallery.listing import Entry

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command("list")
def list_artworks(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORD...]", help="Part of a name, title, preset, photo or change.")
    ] = None,
    preset: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Of this preset. Can be repeated.")] = None,
    photo: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Of this photo, or of those with this in their names.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="Of this kind: drawing, plot, animation, picture, svg, png, ..."),
    ] = None,
    sort: Annotated[str, typer.Option(metavar="BY", help="By name, date, bytes, preset, photo or kind.")] = "name",
    reverse: Annotated[bool, typer.Option("--reverse", "-r", help="The last first.")] = False,
    names: Annotated[bool, typer.Option("--names", help="Print the names alone, a line each.")] = False,
    gallery: InGallery = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """List artworks."""
    from artkit.gallery.find import names as all_names
    from artkit.gallery.listing import listed

    folder = gallery_folder(gallery)
    all_names(folder)
    with Screen(quiet) as screen:
        found = listed(
            folder,
            words=words or (),
            presets=preset or (),
            photos=photo or (),
            kinds=kind or (),
            sort=sort,
            reverse=reverse,
            note=screen.say,
        )
    if json:
        print_json([_told(entry) for entry in found])
    elif names:
        for entry in found:
            typer.echo(entry.record.name)
    else:
        _print(found)


def _print(found: list[Entry]) -> None:
    from artkit.cli.frame import visible
    from artkit.gallery.entries import changes

    rows = [
        (
            entry.record.name,
            visible(entry.record.photo),
            visible(changes(entry.record.changes)),
            entry.record.path.suffix.lstrip("."),
            f"{entry.record.bytes / 1000:,.1f} kB",
            entry.date,
        )
        for entry in found
    ]
    if rows:
        print_table(("artwork", "photo", "changed", "file", "size", "date"), rows)
    hint(f"{len(rows)} artwork{'' if len(rows) == 1 else 's'}")


def _told(entry: Entry) -> dict[str, Any]:
    record = entry.record
    return {
        "name": record.name,
        "file": record.path,
        "title": record.title,
        "preset": record.preset,
        "photo": record.photo,
        "kind": entry.kind,
        "seed": record.seed,
        "changes": record.changes,
        "bytes": record.bytes,
        "width": record.width,
        "height": record.height,
        "date": entry.date,
    }
