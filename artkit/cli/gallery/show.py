"""`artkit gallery show ID`: what is known of an artwork."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from artkit.cli import completion
from artkit.cli.frame import PLAIN, print_json, visible
from artkit.cli.options import Debug, InGallery, Json, gallery_folder

if TYPE_CHECKING:
    from artkit.gallery.listing import Entry

app = typer.Typer(**PLAIN)

Id = Annotated[
    str,
    typer.Argument(
        metavar="ID", autocompletion=completion.artworks, help="An artwork, by any part of its name that no other has."
    ),
]


class Part(StrEnum):
    """What can be shown alone."""

    recipe = "recipe"
    command = "command"
    python = "python"
    file = "file"


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def show(
    artwork: Id,
    only: Annotated[Part | None, typer.Option(help="This alone, as it is.")] = None,
    gallery: InGallery = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show the facts, the command and the call of Python that make it again, and the recipe."""
    from artkit.gallery.find import find, record_of
    from artkit.gallery.listing import entry_of

    folder = gallery_folder(gallery)
    entry = entry_of(record_of(find(artwork, folder), folder))
    record = entry.record
    if json:
        print_json(_told(entry))
    elif only is not None:
        whole = {"recipe": record.recipe, "command": record.command, "python": record.python, "file": record.path}
        typer.echo(str(whole[only.value]).rstrip("\n"))
    else:
        typer.echo("\n".join(_lines(entry)))


def _lines(entry: Entry) -> Iterator[str]:
    record = entry.record
    facts = {
        "title": record.title,
        "preset": record.preset,
        "photo": f"{record.photo}, {record.photo_sha256[:12]}",
        "worked on at": f"{record.width} x {record.height} px",
        "seed": record.seed,
        "file": f"{record.path}, {record.bytes:,} bytes" + ("" if record.path.is_file() else ", which is missing"),
        "made": f"{entry.date}, in {record.seconds:,.1f} s",
        **{f"{name.replace('_', ' ')}": f"{value:,.4g}" for name, value in sorted(record.measurements.items())},
        "with": ", ".join(f"{name} {version}" for name, version in sorted(record.versions.items())),
    }
    width = max(map(len, facts))
    yield record.name
    yield from (f"  {visible(name).ljust(width)}  {visible(str(value))}" for name, value in facts.items())
    for heading, lines in (
        ("Not as the preset has it", [f"{name} = {value}" for name, value in record.changes.items()]),
        ("Command", record.command.splitlines()),
        ("Python", record.python.splitlines()),
        ("Recipe", record.recipe.splitlines()),
    ):
        if lines:
            yield from ("", f"{heading}:", *(f"  {visible(line)}".rstrip() for line in lines))


def _told(entry: Entry) -> dict[str, Any]:
    from dataclasses import asdict

    record = entry.record
    known = asdict(record)
    facts = {"facts": known.pop("measurements"), "kind": entry.kind, "date": entry.date}
    return {"name": record.name, "file": known.pop("path"), **known, **facts}
