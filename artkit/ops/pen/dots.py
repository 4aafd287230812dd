"""Ops that draw a picture with dots, and with one line through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np

from artkit.ops.pen.parameters import Direction, style
from artkit.pens.draw.field import Field as Tone
from artkit.pens.draw.picture import StylePen
from artkit.pens.draw.screens import dot_screen, line_screen
from artkit.pens.draw.stipple import areas, cells, disc_for, dots, least_dot
from artkit.pens.draw.tour import traveled
from artkit.pens.lines import Lines
from artkit.registry import op
from artkit.registry.declared import Field

DENSER = 1.0
"""How many more dots there are where it matters, for each that would be there, all of them smaller."""


@op
@style(apart=True)
def stipple(
    tone: Tone,
    pen: StylePen,
    *,
    points: Annotated[
        int, Field(ge=1, le=200_000, description="Number of dots; the more there are, the smaller they get.")
    ] = 20_000,
    rng: np.random.Generator,
) -> Lines:
    """Draw the picture in dots, closer together and larger where it is darker.

    The dots lie evenly, as the centers of a weighted Voronoi diagram, and each has the ink that its surroundings ask
    for. Small ones are a touch of the pen, larger ones circles and spirals. Several pens share the number of dots.
    """
    wanted = np.sqrt(np.maximum(tone.darkness - 1 / 512, 0))
    density = tone.changed(wanted if tone.close is None else wanted * (1 + DENSER * tone.close))
    ink = float(tone.darkness.mean()) * tone.width * tone.height
    count = min(max(points // pen.count, 1), round(ink / least_dot(pen.width)) + 1)
    found = cells(tone, density, count, rng)
    return dots(found.points, areas(found, tone, rng), pen.width, rng, (tone.width, tone.height), moved=True)


@op
@style(pen_width=0.5)
def tsp(
    tone: Tone,
    pen: StylePen,
    *,
    points: Annotated[
        int, Field(ge=2, le=200_000, description="Most points that the line may pass; more take longer to order.")
    ] = 50_000,
    rng: np.random.Generator,
    report: Callable[[str], None] | None = None,
) -> Lines:
    """Draw the picture in one closed line, a short tour through points that are denser where it is darker.

    The tour is nearly that of a traveling salesman. If the number of points does not do for the pen and the paper, the
    whole picture gets lighter, and a line says so.
    """
    lines, share = traveled(tone, pen.width, max(points // pen.count, 2), rng)
    if share < 0.97 and report:
        report(
            f"tsp: {points} points reach {100 * share:.0f}% of the darkness; "
            "a wider pen, a smaller page or more points reach more"
        )
    return lines


@op
@style(apart=True)
def halftone_dots(
    tone: Tone,
    pen: StylePen,
    *,
    spacing: Annotated[float, Field(ge=0.2, le=200, description="From one dot to the next, in millimetres.")] = 1.8,
    angle: Direction = 45.0,
    rng: np.random.Generator,
) -> Lines:
    """Draw the picture in a regular screen of dots, the larger the darker it is.

    Dots are circles, filled by spirals. Each pen has a screen of its own angle.
    """
    screen = dot_screen(tone, max(spacing, pen.width), angle + 90 * pen.number / pen.count)
    area = disc_for(screen.share, 4) * screen.cell
    return dots(screen.points, area, pen.width, rng, (tone.width, tone.height))


@op
@style()
def halftone_lines(
    tone: Tone,
    pen: StylePen,
    *,
    spacing: Annotated[float, Field(ge=0.2, le=200, description="From one line to the next, in millimetres.")] = 1.6,
    angle: Direction = 20.0,
) -> Lines:
    """Draw the picture in parallel lines that swell where it is darker, as a steel engraver does.

    A line wider than the pen is drawn by several strokes beside each other: two along its edges and as many between as
    fill it. Where it would be finer than the pen, every so many lines are left out.
    """
    return line_screen(tone, max(spacing, 2 * pen.width), pen.width, pen.turned(angle))
