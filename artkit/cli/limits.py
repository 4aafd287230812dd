"""`artkit limits`: the table of what is refused as too much, as it holds now, and how each limit is raised."""

from __future__ import annotations

from math import inf
from typing import Any

import typer

from artkit.cli.frame import PLAIN, print_json, print_table
from artkit.cli.options import Debug, Json
from artkit.limits import LIMITS, PROFILE, Limit, limit, written

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def limits(json: Json = False, debug: Debug = False) -> None:
    """List what is refused as too much, and how each limit is raised."""
    if json:
        print_json({name: _told(known) for name, known in LIMITS.items()})
        return
    rows = []
    for name, known in LIMITS.items():
        amounts = (limit(name), known.usual, known.service)
        rows.append((known.variable, *(_shown(amount, known.unit) for amount in amounts), known.of))
    print_table(("variable", "now", "usual", "service", "of"), rows)
    typer.echo(f"{PROFILE}=service takes the column service; a variable sets one: 500000, 500k, 50M, 2G or none.")


def _told(known: Limit) -> dict[str, Any]:
    """Give what JSON can say, which has no infinite numbers: null is no limit."""
    amounts = {"now": limit(known.name), "usual": known.usual, "service": known.service}
    told = {key: None if value == inf else value for key, value in amounts.items()}
    return {"variable": known.variable, **told, "unit": known.unit, "of": known.of}


def _shown(amount: float, unit: str) -> str:
    return "none" if amount == inf else written(amount, unit)
