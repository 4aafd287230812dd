"""`artkit inkscape-extension`: artkit's dialogs in Inkscape, installed and taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from artkit.cli.frame import PLAIN
from artkit.cli.options import Debug

app = typer.Typer(no_args_is_help=True, **PLAIN)

To = Annotated[
    Path | None, typer.Option("--to", metavar="DIR", help="Folder of extensions.  [default: Inkscape's own]")
]


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def install(to: To = None, debug: Debug = False) -> None:
    """Write the dialogs: trace the selected picture, apply a preset, plot the selection."""
    from artkit.inkscape.install import home, install

    folder = to or home()
    written = install(folder)
    typer.echo(folder)
    dialogs = sum(path.suffix == ".inx" for path in written)
    typer.echo(f"{dialogs} dialogs; start Inkscape anew and look into its menu Extensions > artkit", err=True)


@app.command()
def remove(to: To = None, debug: Debug = False) -> None:
    """Take the dialogs away."""
    from artkit.inkscape.install import home, remove

    for path in remove(to or home()):
        typer.echo(path)
