"""`artkit machines`, the plotters that there are profiles of; and what `artkit plot` asks of the one that is named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from artkit.cli import completion
from artkit.cli.frame import PLAIN, hint, print_json, print_table
from artkit.cli.options import Debug, Json
from artkit.errors import ArtkitError, UsageError

if TYPE_CHECKING:
    from artkit.pens.machine import Machine
    from artkit.pens.plotter import Plan
    from artkit.pens.read.check import Item

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


@app.command()
def machines(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="Print its profile, to make one's own of.", autocompletion=completion.machines
        ),
    ] = None,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """List the plotters that `artkit plot --machine` knows, and print their profiles."""
    from dataclasses import asdict

    from artkit.pens.machine import MACHINES, machine_of

    if name is not None:
        found = machine_of(name)
        if json:
            print_json(asdict(found))
        else:
            typer.echo(MACHINES.text(name), nl=False)
        return
    told, broken = [], []
    for known in MACHINES.known():
        try:
            told.append(machine_of(known))
        except UsageError as error:  # one of the user's own may be broken
            broken.append(str(error))
    if json:
        print_json([asdict(each) for each in told])
    else:
        rows = [(each.name, each.title, each.format, each.pens, _reach(each)) for each in told]
        print_table(("machine", "", "reads", "pens", "reaches, in mm"), rows)
        typer.echo(f"Your own go into {MACHINES.users}, or by their path.")
    for line in broken:
        hint(line)


def _reach(machine: Machine) -> str:
    if not machine.papers:
        return f"{machine.area[0]:g} x {machine.area[1]:g}" if machine.area else "the page"
    reach = (
        f"{name} {(paper.x[1] - paper.x[0]) * machine.unit:.0f} x {(paper.y[1] - paper.y[0]) * machine.unit:.0f}"
        for name, paper in machine.papers.items()
    )
    return ", ".join(reach)


def chosen(
    name: str | None, suffix: str, draw_speed: float | None, travel_speed: float | None, lift_time: float | None
) -> Machine:
    """Give the machine that is named, or what is taken for one, moving as fast as is asked for.

    A machine that is set for good, and not named each time, would come in here as the name.
    """
    from artkit.export.plot import check
    from artkit.pens.machine import machine_of, plain

    machine = plain(suffix) if name is None else machine_of(name)
    asked: dict[str, Any] = {"draw_speed": draw_speed, "travel_speed": travel_speed}
    if lift_time is not None:
        asked |= {"lift_time": lift_time / 2, "lower_time": lift_time / 2}
    machine = replace(machine, **{key: value for key, value in asked.items() if value is not None})
    _ = machine.speeds  # refuses what is no speed
    if suffix:
        check(suffix, machine)
    return machine


def fitted(plan: Plan, machine: Machine, page: str | None, margin: float | None = None) -> Plan:
    """Give the plan with the least margin that the machine leaves, where none is asked for.

    `page` is the sheet that will be taken, `margin` the one that steps would leave. A UsageError says now, before
    minutes of work, that the machine does not take the sheet, or has too few pens.
    """
    from artkit.pens.bed import bed_of, check_page, check_pens, rounded_up
    from artkit.pens.layout import sheet
    from artkit.pens.plotter import MARGIN

    if plan.pens is not None:
        check_pens(machine, range(1, 1 + (4 if [pen.lower() for pen in plan.pens] == ["cmyk"] else len(plan.pens))))
    if page is None:
        return plan
    paper = sheet(page)
    usual = MARGIN if margin is None else margin
    check_page(machine, paper.width, paper.height, usual if plan.margin is None else plan.margin)
    least = rounded_up(bed_of(machine, paper.width, paper.height).margin)
    return replace(plan, margin=least) if plan.margin is None and least > usual else plan


def reached(data: bytes, source: str, name: str) -> Item:
    """Answer whether a machine reaches all of an SVG, and has its pens."""
    from artkit.pens.bed import bed_of, check
    from artkit.pens.machine import machine_of
    from artkit.pens.plotter import Plan, placed
    from artkit.pens.read.check import Item
    from artkit.pens.strokes import from_svg

    machine, fault = machine_of(name), ""
    try:
        plot = placed(from_svg(data, source), Plan())
        check(bed_of(machine, plot.width, plot.height), plot)
    except ArtkitError as error:
        fault = str(error)
    return Item(26, f"what {machine.title} reaches", not fault, fault or "all of it")
