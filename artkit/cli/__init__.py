"""The command line: `artkit COMMAND ...`. Each command is a file here that parses, calls and prints; no more.

What was asked for (paths, tables, an artwork with `-o -`) goes to stdout, everything else to stderr. Exit status: 0
done, 1 failed at run time, 2 wrongly asked for, 130 interrupted. Nothing heavy is imported until a command needs it,
and of the commands themselves only the one that is used.
"""

from __future__ import annotations

import os
from functools import partial
from importlib import import_module
from typing import Annotated, Any

import typer

import artkit
from artkit.cli.frame import Late, Root
from artkit.cli.options import Debug
from artkit.interrupts import listen

COMMANDS = {
    "animate": "Animate photos: numbers of any recipe change from frame to frame.",
    "apply": "Turn photos into artworks with a preset, or with a recipe file.",
    "batch": "Make artworks of whole folders of photos, on all cores.",
    "config": "Show what is set for all commands, and where; write a file of settings.",
    "demo": "Make an artwork with every preset from a bundled photo, or from yours.",
    "docs": "Read the documentation, or build it as a site with pictures.",
    "export": "Put artworks on paper, or under the knife: PDF, SVG in millimetres, EPS, DXF, PNG and TIFF.",
    "gallery": "What is in a gallery: list, show, share, remove.",
    "inkscape-extension": "Put artkit into Inkscape's menu: trace a picture, apply a preset, plot a selection.",
    "limits": "List what is refused as too much, and how each limit is raised.",
    "machines": "List the plotters that `artkit plot --machine` knows, and print their profiles.",
    "man": "Print the manual page of a command, for man, or write all of them.",
    "ops": "List the operations that recipes are made of, and show one.",
    "pick": "Make a preset of one's own of an artwork, or of a cell of a sweep.",
    "plot": "Make SVGs, and photos, fit for a pen plotter.",
    "presets": "List, show and check presets; make, edit, share and delete those of your own.",
    "recipe": "Print the recipe that made an artwork; bring recipes up to date.",
    "reproduce": "Make an artwork again from itself and compare the bytes.",
    "sweep": "Try all combinations of values of a preset, on a contact sheet.",
    "trace": "Trace photos, drawings and logos into filled SVG shapes.",
    "verify": "Look for files of galleries that are missing or changed.",
}
"""Each command's summary; the module of its name in this package has a function `command` that builds it."""


class Commands(Root):
    """All of them, each built when it is used."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, summary in COMMANDS.items():
            self.add_command(Late(name, summary, partial(_build, name, summary)))


def _build(name: str, summary: str) -> Any:
    command = import_module(f"artkit.cli.{name.replace('-', '_')}").command()
    command.help = summary
    return command


app = typer.Typer(
    cls=Commands,
    rich_markup_mode=None,  # markup would import rich for every `--help`
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Turn photos into vector art.",
    epilog="`artkit demo` shows every preset; `artkit apply PRESET --help` lists a preset's options.",
)

QUICK_START = {"OPENBLAS_NUM_THREADS": "1", "PYDANTIC_DISABLE_PLUGINS": "__all__"}
"""Environment of the command line, where the user has set nothing else: artkit's matrices are small, and starting
threads for large ones takes longer than tracing a small drawing; nor does it use plugins of pydantic."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"artkit {artkit.__version__}")
        raise typer.Exit


@app.callback()
def _artkit(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Debug = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; the entry point, `artkit.__main__`, calls it."""
    listen()
    for name, value in QUICK_START.items():
        os.environ.setdefault(name, value)
    app(prog_name="artkit")
