"""`artkit plot`: an SVG, or a photo by way of a preset that draws lines, to a file that a pen plotter draws well."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from artkit.batch.making import PHOTO
from artkit.cli import completion
from artkit.cli.figures import figures, print_figures, refuse_fills
from artkit.cli.frame import PLAIN, Screen, print_json, print_table
from artkit.cli.hatching import HatchCommand, HatchOption, Hidden
from artkit.cli.make import unheard
from artkit.cli.options import (
    STREAM,
    Crop,
    Debug,
    Json,
    NoMetadata,
    Quiet,
    Seed,
    Set,
    Size,
    Timeout,
    Title,
    assignments,
    head,
)
from artkit.cli.timings import Timings
from artkit.errors import UsageError

if TYPE_CHECKING:
    from artkit.pens.document import Plot
    from artkit.pens.machine import Machine
    from artkit.pens.plotter import Plan
    from artkit.pens.strokes import Strokes

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


def _option(*names: str, metavar: str, help: str, words: Any = None) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, show_default=False, autocompletion=words)


@app.command(cls=HatchCommand)
def plot(
    source: Annotated[str, typer.Argument(metavar="FILE", help="An SVG of any tool, or a photo; - reads from stdin.")],
    output: Annotated[
        str | None,
        _option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write .svg, .hpgl, .plt, .gcode, .pdf, .eps, .dxf or .png; - is SVG to stdout.",
        ),
    ] = None,
    preset: Annotated[
        str | None,
        _option(
            "--preset",
            "--style",
            metavar="NAME",
            help="For a photo: a preset or recipe that draws lines.",
            words=completion.presets,
        ),
    ] = None,
    tone: Annotated[
        Literal["light", "normal", "full"] | None,
        typer.Option(
            "--tone", help="For a photo: ink laid by steps that draw tone.  [default: the preset's]", show_default=False
        ),
    ] = None,
    set_: Set = None,
    seed: Seed = None,
    size: Size = None,
    crop: Crop = None,
    page: Annotated[
        str | None,
        _option("--page", metavar="A4|WxH", help="The sheet: A4, A3, letter, 300x200mm.  [default: its own]"),
    ] = None,
    landscape: Annotated[
        bool | None,
        typer.Option(
            "--landscape/--portrait", help="How the sheet lies.  [default: as the drawing]", show_default=False
        ),
    ] = None,
    margin: Annotated[
        str | None,
        _option("--margin", metavar="MM", help="Free on all sides: 10mm, 0.5in.  [default: 10mm with --page or --fit]"),
    ] = None,
    fit: Annotated[bool, typer.Option("--fit", help="As large as the margins allow.")] = False,
    scale: Annotated[
        float | None, _option("--scale", metavar="FACTOR", help="Times its own size, in the middle of the sheet.")
    ] = None,
    pens: Annotated[
        str | None,
        _option(
            "--pens",
            metavar="COLORS",
            help="black,red,#0044cc or cmyk: lines go to the nearest.  [default: all colors]",
        ),
    ] = None,
    by: Annotated[
        Literal["color", "width"],
        typer.Option("--by", help="Where layers have no numbers: a pen for each color, or for each color and width."),
    ] = "color",
    pen_width: Annotated[
        str | None,
        _option("--pen-width", metavar="MM", help="Width of the pens' lines.  [default: the file's, or 0.3mm]"),
    ] = None,
    hatch: HatchOption = None,
    hidden: Hidden = None,
    tolerance: Annotated[
        float, typer.Option(min=0, max=10, metavar="MM", help="How far a simplified line may stray.")
    ] = 0.02,
    merge: Annotated[
        float, typer.Option(min=0, max=10, metavar="MM", help="Join lines whose ends are this close.")
    ] = 0.05,
    keep_doubles: Annotated[bool, typer.Option("--keep-doubles", help="Draw what is there twice, twice.")] = False,
    keep_order: Annotated[bool, typer.Option("--keep-order", help="Do not reorder, turn or join lines.")] = False,
    preview: Annotated[
        Path | None, _option("--preview", metavar="PNG", help="Write a picture: paper, pens, ways in the air.")
    ] = None,
    machine: Annotated[
        str | None,
        _option(
            "--machine",
            metavar="NAME",
            help="hp7475a, axidraw-v3, grbl-servo ... or a TOML file; artkit machines lists them.",
            words=completion.machines,
        ),
    ] = None,
    draw_speed: Annotated[
        float | None, _option("--draw-speed", metavar="MM/S", help="While drawing.  [default: the machine's, or 50]")
    ] = None,
    travel_speed: Annotated[
        float | None, _option("--travel-speed", metavar="MM/S", help="In the air.  [default: the machine's, or 200]")
    ] = None,
    lift_time: Annotated[
        float | None,
        _option("--lift-time", metavar="S", help="To lift and lower the pen.  [default: the machine's, or 0.24]"),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only ask whether FILE is fit to plot; exit 1 if it is not.")
    ] = False,
    ids: Annotated[
        bool, typer.Option("--ids", help="In an SVG: name layers and lines by the pens, for editors and for the web.")
    ] = False,
    title: Title = None,
    no_metadata: NoMetadata = False,
    timeout: Timeout = None,
    timings: Timings = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Make SVGs, and photos, fit for a pen plotter."""
    from artkit.cli.machines import chosen, fitted
    from artkit.pens.hatch import Hatch
    from artkit.pens.layout import millimetres
    from artkit.pens.plotter import Plan
    from artkit.pens.prepare.tidy import Tidying

    plan = Plan(
        page=page,
        landscape=landscape,
        margin=None if margin is None else millimetres(margin, "margin"),
        fit=fit,
        scale=scale,
        pens=None if pens is None else pens.split(","),
        pen_width=None if pen_width is None else millimetres(pen_width, "pen-width"),
        hatch=None if hatch is None else Hatch.of(hatch),
        how=Tidying(None if keep_order else merge, None if keep_doubles else 0.02, tolerance, order=not keep_order),
    )
    if check:
        _check(source, plan, machine, json)
        return
    suffix = _refuse_nonsense(source, output, preview, json)
    if ids and suffix not in (".svg", ".svgz"):
        raise UsageError("--ids: is for SVG, which has names of layers and lines; give -o a .svg")
    device = chosen(machine, suffix, draw_speed, travel_speed, lift_time)
    plan = fitted(plan, device, page)
    with Screen(quiet) as screen:
        asked = {"--preset": preset, "--tone": tone, "--set": set_, "--seed": seed, "--size": size, "--crop": crop}
        if title is not None:
            title = title.replace(PHOTO, "stdin" if source == STREAM else Path(source).stem)
        strokes, plan = _strokes(source, plan, device, by, hidden, asked, title, screen)
        if title is not None:
            strokes = replace(strokes, metadata={**strokes.metadata, "title": title})
        if no_metadata:
            strokes = replace(strokes, metadata={})
        _make(source, strokes, plan, device, output, preview, json, screen, ids)


def _refuse_nonsense(source: str, output: str | None, preview: Path | None, json: bool) -> str:
    """Find out what is wrong before minutes of work; give the suffix of the file, "" where none is written."""
    from artkit.cli.moving import refuse_itself
    from artkit.export.files import check_place
    from artkit.export.plot import check
    from artkit.export.plot import preview as previews

    suffix = ".svg" if output == STREAM else Path(output).suffix.lower() if output else ""
    if output:
        try:
            check(suffix)
        except UsageError as error:
            raise UsageError(f"-o {output}: {error}") from None
    if output == STREAM and json:
        raise UsageError("--json and -o - would both write to stdout; give -o a file")
    if output == STREAM and sys.stdout.isatty():
        raise UsageError("-o -: a plot is not for the terminal; pipe it on, or give -o a file")
    if preview and preview.suffix.lower() not in previews.SUFFIXES:
        raise UsageError(f"--preview {preview}: a preview is a .png, or an .svg")
    for path in (output, preview):
        if path and path != STREAM:
            refuse_itself(source, path)
            check_place(path)
    return suffix


def _data(source: str) -> bytes:
    from artkit.artwork.photo import all_of, bytes_of

    if source == STREAM:
        return all_of(sys.stdin.buffer, "stdin")
    return bytes_of(Path(source))


def _strokes(
    source: str,
    plan: Plan,
    machine: Machine,
    by: str,
    hidden: bool | None,
    asked: dict[str, Any],
    title: str | None,
    screen: Screen,
) -> tuple[Strokes, Plan]:
    from artkit.cli.machines import fitted
    from artkit.pens.strokes import from_svg, is_svg, listed

    data = _data(source)
    if is_svg(source, data):
        for option, value in asked.items():
            if value is not None:
                raise UsageError(f"{option}: is for photos, and {source} is an SVG; leave it out")
        fills = plan.hatch is not None
        strokes = from_svg(data, source, by, fills=fills, hide=fills if hidden is None else not hidden)
        if strokes.left_out:
            screen.say(f"{source}: left out: {listed(strokes.left_out)}")
        if plan.page is None and plan.fit and strokes.size is not None:
            width, height = (side * strokes.unit for side in strokes.size)
            plan = fitted(plan, machine, f"{width:.3f}x{height:.3f}mm")
        return strokes, plan
    for option, is_given in (("--hatch", plan.hatch is not None), ("--no-hidden", hidden is not None)):
        if is_given:
            raise UsageError(f"{option}: is for SVGs, and {source} is none; --preset hatch-fill hatches a photo")
    return _drawn(source, data, plan, machine, asked, title, screen)


def _drawn(
    source: str,
    data: bytes,
    plan: Plan,
    machine: Machine,
    given: dict[str, Any],
    title: str | None,
    screen: Screen,
) -> tuple[Strokes, Plan]:
    """Make a drawing of a photo. What its steps know of pens and paper is theirs to do; the rest is left."""
    from artkit.artwork.drawing import Drawing
    from artkit.artwork.photo import read
    from artkit.cli.machines import fitted
    from artkit.gallery import provenance
    from artkit.metadata.credits import credits_of
    from artkit.pens.strokes import from_drawing
    from artkit.recipe import Recipe
    from artkit.recipe.change import with_head
    from artkit.run import prepare, run

    preset, tone = given["--preset"], given["--tone"]
    if preset is None:
        raise UsageError(f"{source}: is no SVG; to draw a photo give --preset NAME, such as --preset contour-lines")
    recipe = Recipe.find(preset)
    refuse_fills(preset, recipe)
    sheet, margin = (
        next((step.values[name] for step in recipe.bound if step.values.get(name)), None) for name in ("page", "margin")
    )
    plan = fitted(plan, machine, plan.page or sheet, margin)
    asked = plan.for_steps(sheet)
    takers = [(number, name) for number, step in enumerate(recipe.bound, 1) for name in asked if name in step.values]
    recipe = recipe.with_values({f"{number}.{name}": asked[name] for number, name in takers})
    if tone is not None:
        toned = [number for number, step in enumerate(recipe.bound, 1) if "tone" in step.values]
        if not toned:
            raise UsageError(f"--tone: no step of {preset} draws tone; hatch, waves and stipple do")
        recipe = recipe.with_values({f"{number}.tone": tone for number in toned})
    recipe = recipe.with_values(assignments(given["--set"]))
    top = head(seed=given["--seed"], size=given["--size"], crop=given["--crop"], caption=title)
    recipe = Recipe.of(with_head(recipe.checked, **top))
    for line in unheard([recipe.checked]):
        screen.say(line)
    picture = read(data, lambda line: screen.say(f"{source}: {line}"), source, None if recipe.crop else recipe.size)
    image = prepare(picture, size=recipe.size, crop=recipe.crop)
    label = f"{source}, {recipe.name}"
    drawing = run(recipe.checked, image, progress=screen.bar(label), notes=lambda line: screen.say(f"{label}: {line}"))
    assert isinstance(drawing, Drawing)
    refuse_fills(preset, drawing)
    digest, layout = sha256(data).hexdigest(), {"plot": plan.told}
    origin = provenance(recipe.checked, photo_sha256=digest, credits=credits_of(data), more=layout)
    strokes = from_drawing(drawing.replace(metadata={**drawing.metadata, **origin.metadata}))
    return strokes, plan.after_steps({name for _, name in takers}, drawing)


def _make(
    source: str,
    strokes: Strokes,
    plan: Plan,
    machine: Machine,
    output: str | None,
    preview: Path | None,
    json: bool,
    screen: Screen,
    ids: bool,
) -> None:
    from artkit.export import files
    from artkit.export.plot import encode
    from artkit.export.plot import preview as previews
    from artkit.pens import bed
    from artkit.pens.plotter import plotted

    def accept(plot: Plot) -> None:
        lain = bed.bed_of(machine, plot.width, plot.height)
        bed.check(lain, plot)
        if lain.told:
            screen.say(f"{source}: on {machine.title} the page {lain.told}")

    bar = screen.bar(source)
    before, after = plotted(
        strokes,
        plan,
        note=lambda line: screen.say(f"{source}: {line}"),
        advance=lambda share: bar(share, 1, "plot"),
        accept=accept,
    )
    bar(1, 1, "")
    if output:
        data = encode(after.replace(ids=ids), ".svg" if output == STREAM else Path(output).suffix, machine)
        if output == STREAM:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            files.write(output, data)
    if preview:
        files.write(preview, previews.encode(after, preview.suffix))
    if output == STREAM:
        return
    told = figures(before, after, machine.speeds)
    if json:
        page, speeds = [after.width, after.height], asdict(machine.speeds)
        out = {"file": output, "page": page, "machine": machine.name or None, "speeds": speeds}
        print_json({**out, "pens": told, "left_out": strokes.left_out})
    else:
        print_figures(told)
        named = f" of {machine.title}" if machine.name else ""
        typer.echo(f"time{named} at {machine.speeds}")


def _check(source: str, plan: Plan, machine: str | None, json: bool) -> None:
    from artkit.cli.machines import reached
    from artkit.pens.layout import sheet
    from artkit.pens.read.check import check

    page = None
    if plan.page is not None:
        page = sheet(plan.page, landscape=bool(plan.landscape), margin=plan.margin or 0.0)
    data = _data(source)
    items = check(data, source, page=page, margin=plan.margin or 0.0, pen_width=plan.pen_width)
    if machine is not None:
        items.append(reached(data, source, machine))
    if json:
        print_json([item._asdict() for item in items])
    else:
        rows = [(f"{item.number:2}", "PASS" if item.passed else "FAIL", item.question, item.figure) for item in items]
        print_table(("no", "", "asked for", "found"), rows)
    if not all(item.passed for item in items):
        raise typer.Exit(1)
