"""`artkit gallery COMMAND`: what is in a gallery, and what can be done with it. Each command is a file here."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from artkit.cli.frame import PLAIN, Late

COMMANDS = {
    "build": ("build", "Make the page anew from the records."),
    "contact-sheet": ("contact_sheet", "Write artworks side by side, labelled, as SVG, PNG or PDF."),
    "list": ("listing", "List the artworks: all, or those of a preset, photo, kind or word."),
    "show": ("show", "Show an artwork's facts, its recipe, and what makes it again."),
    "open": ("open", "Open the page, or an artwork in it, in the browser."),
    "serve": ("serve", "Serve the gallery to browsers on this machine."),
    "remove": ("remove", "Remove artworks, with all that belongs to them."),
    "export": ("export", "Write artworks into a zip that is a gallery of its own."),
    "import": ("bring", "Bring the artworks of such a zip in: all of them, or none."),
    "clean": ("clean", "Remove what killed processes left, and what no artwork needs."),
}
"""Of each command its module in this package, which has a function `command` that builds it, and its summary."""


class Commands(TyperGroup):
    """All of them, each built when it is used."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, (module, summary) in COMMANDS.items():
            self.add_command(Late(name, summary, partial(_build, module, summary)))

    def list_commands(self, ctx: Any) -> list[str]:
        """Give the names in the order of the table."""
        return list(COMMANDS)


def _build(module: str, summary: str) -> Any:
    command = import_module(f"artkit.cli.gallery.{module}").command()
    command.help = summary
    return command


app = typer.Typer(cls=Commands, no_args_is_help=True, **PLAIN)


@app.callback()
def _gallery() -> None:
    pass


def command() -> Any:
    """Build the group of commands."""
    return typer.main.get_command(app)
