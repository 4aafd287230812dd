"""What `artkit plot` tells of a plot, and what it takes for one: a drawing of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from artkit.cli.frame import brief, print_table
from artkit.errors import UsageError

if TYPE_CHECKING:
    from artkit.artwork.drawing import Drawing
    from artkit.pens.document import Plot
    from artkit.pens.measurements import Measurements
    from artkit.pens.planner import Speeds
    from artkit.recipe import Recipe


def figures(before: Plot, after: Plot, speeds: Speeds) -> list[dict[str, Any]]:
    """Give what drawing each pen's lines takes, before and after."""
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


def print_figures(told: list[dict[str, Any]]) -> None:
    """Print them as a table, with times as they are spoken."""
    header = ("pen", "", "lines", "points", "drawn m", "pen-up m", "time")
    rows = []
    for pen in told:
        for state in ("before", "after"):
            name = f"{pen['pen']} {pen['width']:g}mm" if state == "before" else ""
            rows.append((name, state, *_cells(pen[state])))
    if len(told) > 1:
        for state in ("before", "after"):
            sums = {key: sum(pen[state][key] for pen in told) for key in told[0][state]}
            rows.append((f"{len(told)} pens" if state == "before" else "", state, *_cells(sums)))
    print_table(header, rows)


def _cells(known: dict[str, Any]) -> list[Any]:
    return [brief(60 * value) if key == "minutes" else value for key, value in known.items()]


FILLED = frozenset(("primitives", "low-poly", "watercolor", "stained-glass"))
"""Operations that do nothing but fill shapes; so does `trace` in a number of colors."""


def refuse_fills(preset: str, made: Recipe | Drawing) -> None:
    """Raise a UsageError where a preset gives no lines: before it runs where that can be known, else of its drawing."""
    from artkit.artwork.drawing import Drawing

    if isinstance(made, Drawing):
        shapes = list(made.shapes)
        filled = bool(shapes) and not any(shape.stroke for shape in shapes)
    else:
        if made.gives is not Drawing:
            kind = made.gives.__name__
            raise UsageError(f"--preset {preset}: makes {kind}, and a pen draws lines; try contour-lines")
        last = made.bound[-1]
        filled = last.op.name in FILLED or (last.op.name == "trace" and last.values.get("colors") is not None)
    if filled:
        raise UsageError(
            f"--preset {preset}: fills shapes, and a pen draws lines; try --preset contour-lines or hatch, or "
            f"artkit apply {preset} -o art.svg, then artkit plot art.svg --hatch"
        )
