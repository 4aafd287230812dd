"""Patterns: photos on a grid, to be stitched or built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from artkit.arrays import Bools, Pixels
from artkit.artwork.drawing import KitDrawing
from artkit.artwork.image import Image
from artkit.color.files import is_file_name
from artkit.color.materials import LISTS, Material, listed, material, palette_of, read_materials
from artkit.color.named import SETS
from artkit.errors import UsageError, did_you_mean
from artkit.ops.pen.parameters import Margin, PageName
from artkit.raster.resize import resized
from artkit.registry import Only, op
from artkit.registry.colors import ColorName, split_colors
from artkit.registry.declared import AfterValidator, BeforeValidator, Field

INCH = 2.54


def _split(value: Any) -> Any:
    if isinstance(value, str):
        name = value.strip()
        return (name,) if is_file_name(name) or name.lower().endswith(".csv") else split_colors(name)
    return value


def _plain(names: tuple[str, ...]) -> tuple[str, ...]:
    """Replace files and palettes by what is in them: a recipe stands alone; artkit's own lists keep their names."""
    try:
        found = [each for name in names for each in _members(name)]
    except UsageError as error:
        raise ValueError(str(error)) from None
    if not found:
        raise ValueError(f"no colors; name a list ({', '.join(LISTS)}), a file or colors")
    return tuple(dict.fromkeys(found))


def _members(name: str) -> list[str]:
    if name in LISTS:
        return [name]
    if is_file_name(name) or name.lower().endswith(".csv"):
        return [str(each) for each in read_materials(name)]
    if name in SETS:
        return [f"#{digits}" for digits in SETS[name].split()]
    try:
        return [str(material(name))]
    except UsageError as error:
        hint = did_you_mean(name.lower(), [*LISTS, *SETS])
        raise UsageError(f"{name!r}: no such list{hint}" if hint else f"{name!r}: {error}") from None


Materials = Annotated[
    tuple[str, ...],
    BeforeValidator(_split),
    AfterValidator(_plain),
    Field(
        description="What there is: threads or bricks, which come along; a file (.csv with code, name and #rrggbb, or "
        "a palette); or colors."
    ),
]
Longer = Annotated[int, Field(ge=2, le=400, description="Cells along the longer side.")]
Most = Annotated[int, Field(ge=1, le=200, description="Number of colors, at most.")]
Calm = Annotated[
    float, Field(ge=0, le=1, description="How unlike a color may be that a cell takes from those around it, in OKLab.")
]


@op
def cross_stitch(
    image: Image,
    *,
    stitches: Longer = 100,
    colors: Most = 24,
    threads: Materials = ("threads",),
    count: Annotated[int, Field(ge=5, le=40, description="Stitches to an inch of the fabric, as 14 of Aida 14.")] = 14,
    view: Annotated[
        Literal["chart", "stitched"], Field(description="A chart with signs, or how it will look.")
    ] = "chart",
    calm: Calm = 0.06,
    page: PageName = "A4",
    margin: Margin = 10.0,
    report: Callable[[str], None] | None = None,
) -> KitDrawing:
    """Draw the picture as a chart for cross-stitch, with a sign for each thread, and a key with counts.

    Transparent parts are left bare. Written as `.csv` or `.txt` it is the list of threads and stitches.
    """
    from artkit.pens.layout import sheet
    from artkit.styles import chart as engine
    from artkit.styles.patterns import pattern

    materials = _materials(threads)
    cells, inside = _cells(image, stitches)
    chart = engine.charted(pattern(cells, inside, palette_of(materials), colors, calm), materials)
    height, width = chart.cells.shape
    size = f"{width} x {height} stitches, {width / count * INCH:.1f} x {height / count * INCH:.1f} cm on {count}-count"
    title = f"{size}; {chart.counts.sum():,} crosses in {_colors(chart.materials)}"
    if report:
        report(title)
    counts = chart.counts.tolist()
    body = [
        (engine.sign_of(k), each.code, each.name, each.color, str(counts[k])) for k, each in enumerate(chart.materials)
    ]
    rows = (("sign", "code", "name", "color", "stitches"), *body)
    named = not page.strip()[:1].isdigit()
    paper = sheet(page, landscape=named and image.width > image.height, margin=margin)
    return engine.drawing(chart, paper, title, _table(title, rows), rows, view == "chart")


@op
def bricks(
    image: Image,
    *,
    studs: Longer = 64,
    colors: Most = 24,
    palette: Materials = ("bricks",),
    merge: Annotated[
        bool, Field(description="Whether studs of one color share plates of up to 2 x 8; else all are 1 x 1.")
    ] = True,
    view: Annotated[
        Literal["picture", "plan"], Field(description="How it will look, or a plan with signs, and a key with counts.")
    ] = "picture",
    calm: Calm = 0.03,
    ground: Annotated[ColorName, Field(description="Color of the board where nothing lies.")] = "#f4f4f2",
    page: Annotated[PageName, Only("view", ("plan",))] = "A4",
    margin: Annotated[Margin, Only("view", ("plan",))] = 10.0,
    report: Callable[[str], None] | None = None,
) -> KitDrawing:
    """Draw the picture as plates with studs, in the colors that they come in.

    Transparent parts are left bare. Written as `.csv` or `.txt` it is the list of plates to buy. `page` and
    `margin` are those of the plan.
    """
    from artkit.pens.layout import sheet
    from artkit.styles import chart as engine
    from artkit.styles import plates as building
    from artkit.styles.patterns import pattern

    materials = _materials(palette)
    cells, inside = _cells(image, studs)
    chart = engine.charted(pattern(cells, inside, palette_of(materials), colors, calm), materials)
    plates = building.cover(chart.cells, merge)
    height, width = chart.cells.shape
    across, down = (length * building.PITCH / 10 for length in (width, height))
    title = (
        f"{width} x {height} studs, {across:.1f} x {down:.1f} cm; {len(plates):,} plates in {_colors(chart.materials)}"
    )
    if report:
        report(title)
    number = Counter((plate.color, plate.size) for plate in plates)
    body = [
        (each.code, each.name, each.color, f"{narrow}x{long}", str(number[k, (narrow, long)]))
        for k, each in enumerate(chart.materials)
        for narrow, long in building.SIZES
        if number[k, (narrow, long)]
    ]
    rows = (("code", "name", "color", "size", "pieces"), *body)
    text = _table(title, rows)
    if view == "plan":
        named = not page.strip()[:1].isdigit()
        paper = sheet(page, landscape=named and image.width > image.height, margin=margin)
        return engine.drawing(chart, paper, title, text, rows)
    size = float(image.width), image.width / width * height
    return building.drawing(plates, chart.cells.shape, chart.materials, size, ground, text, rows)


def _materials(names: tuple[str, ...]) -> list[Material]:
    return [each for name in names for each in (listed(name) if name in LISTS else [material(name)])]


def _colors(materials: Sequence[Material]) -> str:
    return "1 color" if len(materials) == 1 else f"{len(materials)} colors"


def _cells(image: Image, longer: int) -> tuple[Pixels, Bools | None]:
    """The picture with a pixel for each cell, its light averaged, and where something is."""
    scale = longer / max(image.width, image.height)
    width, height = (max(round(scale * length), 1) for length in (image.width, image.height))
    small = Image(*resized(image.pixels, image.alpha, width, height, "linear"))
    return small.pixels, small.is_opaque


def _table(title: str, rows: tuple[tuple[str, ...], ...]) -> str:
    """The rows in columns, under a title."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([title, "", *lines, ""])
