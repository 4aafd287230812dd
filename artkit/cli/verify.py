"""`artkit verify DIR|FILE...`: whether galleries and artworks are as they were written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from artkit.cli.frame import PLAIN, print_json, print_table
from artkit.cli.options import Debug, Json, gallery_folder

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def verify(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="DIR|FILE...", help="Galleries, or artworks.  [default: $ARTKIT_GALLERY or ./gallery]"),
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Look for files that are missing, changed, orphaned or half written; exit 1 if there are any."""
    from artkit.gallery.verify import verify

    findings = [finding for path in paths or [gallery_folder(None)] for finding in verify(path)]
    faults = [finding for finding in findings if finding.state != "sound"]
    if json:
        print_json([finding._asdict() for finding in findings])
    else:
        if faults:
            print_table(("file", "state", "what is wrong"), faults)
        sound = len(findings) - len(faults)
        typer.echo(f"{sound} of {len(findings)} sound" if faults else f"{sound} artworks, all sound", err=bool(faults))
    if faults:
        raise typer.Exit(1)
