"""`artkit ops`: what a step of a recipe can be, and what its parameters are."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated, Any

import typer

from artkit.cli import completion
from artkit.cli.frame import PLAIN, hint, print_json, print_table
from artkit.cli.options import Debug, Json

if TYPE_CHECKING:
    from artkit.registry import Op

app = typer.Typer(invoke_without_command=True, **PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.callback()
def _ops(context: typer.Context, json: Json = False, debug: Debug = False) -> None:
    if context.invoked_subcommand is None:
        list_ops(json)


@app.command("list")
def list_ops(json: Json = False, debug: Debug = False) -> None:
    """List all operations (the same without `list`)."""
    from artkit import registry

    found = registry.all_ops().values()
    if json:
        print_json(
            [
                {
                    "name": op.name,
                    "family": op.family,
                    "accepts": [kind.__name__ for kind in op.accepts],
                    "gives": op.gives.__name__,
                    "summary": op.summary,
                }
                for op in found
            ]
        )
    else:
        rows = [(op.name, op.family, _types(op), op.summary) for op in sorted(found, key=lambda op: op.family)]
        print_table(("op", "family", "from and to", "what it does"), rows)
    for name, reason in registry.broken().items():
        hint(f"Broken plug-in {name}: {reason}")


@app.command()
def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="An operation's name.", autocompletion=completion.operations)
    ],
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Show what an operation does and takes."""
    from artkit import registry
    from artkit.cli.parameters import look
    from artkit.registry.controls import shown

    op = registry.find(name)
    if json:
        print_json({"name": op.name, "family": op.family, "summary": op.summary, **op.model.model_json_schema()})
        return
    typer.echo(f"{op.name}: {_types(op)}\n\n{inspect.getdoc(op.function)}\n")
    rows = []
    for parameter in op.parameters.values():
        kind, choices, limits = look(parameter)
        values = ", ".join(choices) if kind == "NAME" else f"{kind}  {limits}".rstrip()
        default = "" if parameter.required else shown(parameter.default)
        rows.append((parameter.name, values, default, parameter.description))
    if rows:
        print_table(("parameter", "value", "default", "what it is"), rows)
    else:
        typer.echo("It has no parameters.")


def _types(op: Op[Any, Any]) -> str:
    return f"{' or '.join(kind.__name__ for kind in op.accepts)} -> {op.gives.__name__}"
