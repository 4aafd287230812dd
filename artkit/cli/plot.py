"""`artkit plot`: an SVG, or a photo by way of a preset that draws lines, to a file that a pen plotter draws well."""

from __future__ import annotations

import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from artkit.cli.frame import PLAIN, Screen, print_json, print_table
from artkit.cli.make import STREAM
from artkit.cli.options import Crop, Debug, Json, NoMetadata, Quiet, Seed, Set, Size, Timeout, assignments, head
from artkit.errors import UsageError

if TYPE_CHECKING:
    from artkit.pens.document import Plot
    from artkit.pens.measurements import Measurements, Speeds
    from artkit.pens.plotter import Plan
    from artkit.pens.strokes import Strokes

app = typer.Typer(**PLAIN)


def command() -> Any:
    """Build the command."""
    return typer.main.get_command(app)


def _option(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help, show_default=False)


@app.command()
def plot(
    source: Annotated[str, typer.Argument(metavar="FILE", help="An SVG of any tool, or a photo; - reads from stdin.")],
    output: Annotated[
        str | None,
        _option("-o", "--output", metavar="FILE", help="Write .svg, .hpgl, .plt or .gcode; - writes SVG to stdout."),
    ] = None,
    preset: Annotated[
        str | None,
        _option("--preset", "--style", metavar="NAME", help="For a photo: a preset or recipe that draws lines."),
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
    pen_width: Annotated[
        str | None,
        _option("--pen-width", metavar="MM", help="Width of the pens' lines.  [default: the file's, or 0.3mm]"),
    ] = None,
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
    profile: Annotated[
        Path | None,
        _option("--profile", metavar="TOML", help="How the machine is told in G-code; see docs/plotter.md."),
    ] = None,
    draw_speed: Annotated[float, typer.Option(metavar="MM/S", help="While drawing, for the estimate.")] = 50.0,
    travel_speed: Annotated[float, typer.Option(metavar="MM/S", help="In the air.")] = 200.0,
    lift_time: Annotated[float, typer.Option(metavar="S", help="To lift the pen and lower it again.")] = 0.24,
    check: Annotated[
        bool, typer.Option("--check", help="Only ask whether FILE is fit to plot; exit 1 if it is not.")
    ] = False,
    no_metadata: NoMetadata = False,
    timeout: Timeout = None,
    quiet: Quiet = False,
    json: Json = False,
    debug: Debug = False,
) -> None:
    """Make SVGs, and photos, fit for a pen plotter."""
    from artkit.pens.layout import millimetres
    from artkit.pens.measurements import Speeds
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
        how=Tidying(None if keep_order else merge, None if keep_doubles else 0.02, tolerance, order=not keep_order),
    )
    if check:
        _check(source, plan, json)
        return
    speeds = Speeds(draw_speed, travel_speed, lift_time)
    machine = _refuse_nonsense(output, preview, profile, json)
    with Screen(quiet) as screen:
        strokes, plan = _strokes(source, plan, preset, set_, seed, size, crop, screen)
        if no_metadata:
            strokes = replace(strokes, metadata={})
        _make(source, strokes, plan, speeds, output, preview, machine, json, screen)


def _refuse_nonsense(output: str | None, preview: Path | None, profile: Path | None, json: bool) -> Any:
    """Find out what is wrong before minutes of work; give the profile for G-code."""
    from artkit.export.plot import GCODE, check
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
    if profile is None:
        return None
    if output and suffix not in GCODE:
        raise UsageError(f"--profile {profile}: is for G-code, and {output} is none; use -o FILE.gcode")
    return _profile(profile)


def _profile(path: Path) -> Any:
    import tomllib

    from artkit.export.plot.gcode import Profile
    from artkit.registry.toml import syntax_fault

    text = ""
    try:
        text = path.read_text("utf-8")
        values = tomllib.loads(text)
    except OSError as error:
        raise UsageError(f"--profile {path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        fault = "is no UTF-8 text" if isinstance(error, UnicodeDecodeError) else syntax_fault(error, text)
        raise UsageError(f"{path}:{fault}") from None
    return Profile.of(values, str(path))


def _data(source: str) -> bytes:
    from artkit.artwork.photo import all_of, bytes_of

    if source == STREAM:
        return all_of(sys.stdin.buffer, "stdin")
    return bytes_of(Path(source))


def _strokes(
    source: str,
    plan: Plan,
    preset: str | None,
    set_: list[str] | None,
    seed: int | None,
    size: str | None,
    crop: str | None,
    screen: Screen,
) -> tuple[Strokes, Plan]:
    from artkit.pens.strokes import from_svg, is_svg, listed

    data = _data(source)
    if is_svg(source, data):
        for option, value in (
            ("--preset", preset),
            ("--set", set_),
            ("--seed", seed),
            ("--size", size),
            ("--crop", crop),
        ):
            if value is not None:
                raise UsageError(f"{option}: is for photos, and {source} is an SVG; leave it out")
        strokes = from_svg(data, source)
        if strokes.left_out:
            screen.say(f"{source}: left out: {listed(strokes.left_out)}")
        return strokes, plan
    return _drawn(source, data, plan, preset, set_, seed, size, crop, screen)


def _drawn(
    source: str,
    data: bytes,
    plan: Plan,
    preset: str | None,
    set_: list[str] | None,
    seed: int | None,
    size: str | None,
    crop: str | None,
    screen: Screen,
) -> tuple[Strokes, Plan]:
    """Make a drawing of a photo. What its steps know of pens and paper is theirs to do; the rest is left."""
    from artkit.artwork.drawing import Drawing
    from artkit.artwork.photo import read
    from artkit.gallery import provenance
    from artkit.metadata.credits import credits_of
    from artkit.pens.strokes import from_drawing
    from artkit.recipe import Recipe
    from artkit.recipe.change import with_head
    from artkit.run import prepare, run

    if preset is None:
        raise UsageError(f"{source}: is no SVG; to draw a photo give --preset NAME, such as --preset contours")
    recipe = Recipe.find(preset)
    if recipe.gives is not Drawing:
        raise UsageError(f"--preset {preset}: makes {recipe.gives.__name__}, and a pen draws lines; try contours")
    sheets = (step.values.get("page") for step in recipe.bound)
    asked = plan.for_steps(next((sheet for sheet in sheets if sheet), None))
    takers = [(number, name) for number, step in enumerate(recipe.bound, 1) for name in asked if name in step.values]
    recipe = recipe.with_values({f"{number}.{name}": asked[name] for number, name in takers})
    recipe = recipe.with_values(assignments(set_))
    recipe = Recipe.of(with_head(recipe.checked, **head(seed=seed, size=size, crop=crop)))
    picture = read(data, lambda line: screen.say(f"{source}: {line}"), source, None if recipe.crop else recipe.size)
    image = prepare(picture, size=recipe.size, crop=recipe.crop)
    label = f"{source}, {recipe.name}"
    drawing = run(recipe.checked, image, progress=screen.bar(label), notes=lambda line: screen.say(f"{label}: {line}"))
    assert isinstance(drawing, Drawing)
    digest, layout = sha256(data).hexdigest(), {"plot": plan.told}
    origin = provenance(recipe.checked, photo_sha256=digest, credits=credits_of(data), more=layout)
    strokes = from_drawing(drawing.replace(metadata={**drawing.metadata, **origin.metadata}))
    return strokes, plan.after_steps({name for _, name in takers}, drawing)


def _make(
    source: str,
    strokes: Strokes,
    plan: Plan,
    speeds: Speeds,
    output: str | None,
    preview: Path | None,
    machine: Any,
    json: bool,
    screen: Screen,
) -> None:
    from artkit.export import files
    from artkit.export.plot import encode
    from artkit.export.plot import preview as previews
    from artkit.pens.plotter import plotted

    bar = screen.bar(source)
    before, after = plotted(
        strokes, plan, note=lambda line: screen.say(f"{source}: {line}"), advance=lambda share: bar(share, 1, "plot")
    )
    bar(1, 1, "")
    if output:
        data = encode(after, ".svg" if output == STREAM else Path(output).suffix, machine)
        if output == STREAM:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            files.write(output, data)
    if preview:
        files.write(preview, previews.encode(after, preview.suffix))
    if output == STREAM:
        return
    told = _told(before, after, speeds)
    if json:
        print_json({"file": output, "page": [after.width, after.height], "pens": told, "left_out": strokes.left_out})
    else:
        _print(told)
        typer.echo(f"minutes at {speeds.draw:g} mm/s, {speeds.travel:g} mm/s in the air and {speeds.lift:g} s a lift")


def _told(before: Plot, after: Plot, speeds: Speeds) -> list[dict[str, Any]]:
    from artkit.pens.measurements import compared

    return [
        {"pen": pen.name, "color": pen.color, "width": pen.width, "before": _rounded(had), "after": _rounded(has)}
        for pen, had, has in compared(before, after, speeds)
    ]


def _rounded(of: Measurements) -> dict[str, float]:
    return {
        "lines": of.lines,
        "points": of.points,
        "drawn_m": round(of.drawn / 1000, 3),
        "pen_up_m": round(of.travel / 1000, 3),
        "minutes": round(of.minutes, 2),
    }


def _print(told: list[dict[str, Any]]) -> None:
    header = ("pen", "", "lines", "points", "drawn m", "pen-up m", "minutes")
    rows = []
    for pen in told:
        for state in ("before", "after"):
            name = f"{pen['pen']} {pen['width']:g}mm" if state == "before" else ""
            rows.append((name, state, *(float(v) if isinstance(v, float) else v for v in pen[state].values())))
    if len(told) > 1:
        for state in ("before", "after"):
            sums = [sum(pen[state][key] for pen in told) for key in told[0][state]]
            rows.append((f"{len(told)} pens" if state == "before" else "", state, *sums))
    print_table(header, rows)


def _check(source: str, plan: Plan, json: bool) -> None:
    from artkit.pens.layout import sheet
    from artkit.pens.read.check import check

    page = None
    if plan.page is not None:
        page = sheet(plan.page, landscape=bool(plan.landscape), margin=plan.margin or 0.0)
    items = check(_data(source), source, page=page, margin=plan.margin or 0.0, pen_width=plan.pen_width)
    if json:
        print_json([item._asdict() for item in items])
    else:
        rows = [(f"{item.number:2}", "PASS" if item.passed else "FAIL", item.question, item.figure) for item in items]
        print_table(("no", "", "asked for", "found"), rows)
    if not all(item.passed for item in items):
        raise typer.Exit(1)
