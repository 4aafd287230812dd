"""The command line: `artkit COMMAND ...`. Each command is a file here that parses, calls and prints; no more.

What was asked for (paths, tables, an artwork with `-o -`) goes to stdout, everything else to stderr. Exit status: 0
done, 1 failed at run time, 2 wrongly asked for, 130 interrupted. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

from typing import Annotated

import typer

import artkit
from artkit.cli import apply, demo, ops, presets, trace
from artkit.cli.frame import Debug, Root

app = typer.Typer(
    cls=Root,
    rich_markup_mode=None,  # markup would import rich for every `--help`
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Turn photos into vector art.",
    epilog="`artkit demo` shows every preset; `artkit apply PRESET --help` lists a preset's options.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"artkit {artkit.__version__}")
        raise typer.Exit


@app.callback()
def _artkit(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Debug = False,
) -> None:
    pass


app.add_typer(apply.app, name="apply")
app.add_typer(ops.app, name="ops")
app.add_typer(presets.app, name="presets")
app.command("demo")(demo.demo)
app.command("trace", cls=trace.Trace)(trace.trace)


def main() -> None:
    """Run the command line; the entry point `artkit`."""
    app(prog_name="artkit")
