"""Ops that draw a picture with dots, and with one line through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import numpy as np
from pydantic import Field

from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.pens.draw import field
from artkit.pens.draw.screens import dot_screen, line_screen
from artkit.pens.draw.stipple import areas, cells, disc_for, dots, least_dot
from artkit.pens.draw.tour import traveled
from artkit.pens.layout import Detail, Hatching, Margin, PageName, Pens, PenWidth, styled, turned
from artkit.pens.lines import Lines
from artkit.raster.bands import Advance
from artkit.registry import op


@op
def stipple(
    image: Image,
    *,
    points: Annotated[
        int, Field(ge=1, le=200_000, description="Number of dots; the more there are, the smaller they get.")
    ] = 20_000,
    pens: Pens = ("black",),
    pen_width: PenWidth = 0.3,
    page: PageName = "A4",
    margin: Margin = 10.0,
    detail: Detail = 1.0,
    rng: np.random.Generator | None = None,
    advance: Advance | None = None,
) -> Drawing:
    """Draw the picture in dots, closer together and larger where it is darker.

    The dots lie evenly, as the centers of a weighted Voronoi diagram, and each has the ink that its surroundings ask
    for. Small ones are a touch of the pen, larger ones circles and spirals. Several pens share the number of dots.
    """
    rng = rng or np.random.default_rng(0)

    def style(tone: field.Field, number: int) -> Lines:
        density = tone.changed(np.sqrt(np.maximum(tone.darkness - 1 / 512, 0)))
        ink = float(tone.darkness.mean()) * tone.width * tone.height
        count = min(max(points // len(pens), 1), round(ink / least_dot(pen_width)) + 1)
        found = cells(tone, density, count, rng)
        return dots(found.points, areas(found, tone, rng), pen_width, rng, (tone.width, tone.height), moved=True)

    return styled(image, pens, pen_width, page, margin, detail, style, advance)


@op
def tsp(
    image: Image,
    *,
    points: Annotated[
        int, Field(ge=2, le=200_000, description="Most points that the line may pass; more take longer to order.")
    ] = 50_000,
    pens: Pens = ("black",),
    pen_width: PenWidth = 0.5,
    page: PageName = "A4",
    margin: Margin = 10.0,
    detail: Detail = 1.0,
    rng: np.random.Generator | None = None,
    note: Callable[[str], None] | None = None,
    advance: Advance | None = None,
) -> Drawing:
    """Draw the picture in one closed line, a short tour through points that are denser where it is darker.

    The tour is nearly that of a traveling salesman. If the number of points does not do for the pen and the paper, the
    whole picture gets lighter, and a note says so.
    """
    rng = rng or np.random.default_rng(0)

    def style(tone: field.Field, number: int) -> Lines:
        lines, share = traveled(tone, pen_width, max(points // len(pens), 2), rng)
        if share < 0.97 and note:
            note(
                f"tsp: {points} points reach {100 * share:.0f}% of the darkness; "
                "a wider pen, a smaller page or more points reach more"
            )
        return lines

    return styled(image, pens, pen_width, page, margin, detail, style, advance)


@op
def halftone_dots(
    image: Image,
    *,
    spacing: Annotated[float, Field(ge=0.2, le=200, description="From one dot to the next, in millimetres.")] = 1.8,
    angle: Hatching = 45.0,
    pens: Pens = ("black",),
    pen_width: PenWidth = 0.3,
    page: PageName = "A4",
    margin: Margin = 10.0,
    detail: Detail = 1.0,
    rng: np.random.Generator | None = None,
    advance: Advance | None = None,
) -> Drawing:
    """Draw the picture in a regular screen of dots, the larger the darker it is.

    Dots are circles, filled by spirals. Each pen has a screen of its own angle.
    """
    rng = rng or np.random.default_rng(0)

    def style(tone: field.Field, number: int) -> Lines:
        screen = dot_screen(tone, max(spacing, pen_width), angle + 90 * number / len(pens))
        area = disc_for(screen.share, 4) * screen.cell
        return dots(screen.points, area, pen_width, rng, (tone.width, tone.height))

    return styled(image, pens, pen_width, page, margin, detail, style, advance)


@op
def halftone_lines(
    image: Image,
    *,
    spacing: Annotated[float, Field(ge=0.2, le=200, description="From one line to the next, in millimetres.")] = 1.6,
    angle: Hatching = 20.0,
    pens: Pens = ("black",),
    pen_width: PenWidth = 0.3,
    page: PageName = "A4",
    margin: Margin = 10.0,
    detail: Detail = 1.0,
    advance: Advance | None = None,
) -> Drawing:
    """Draw the picture in parallel lines that swell where it is darker, as a steel engraver does.

    A line wider than the pen is drawn by several strokes beside each other: two along its edges and as many between as
    fill it. Where it would be finer than the pen, every so many lines are left out.
    """

    def style(tone: field.Field, number: int) -> Lines:
        return line_screen(tone, max(spacing, 2 * pen_width), pen_width, turned(angle, number, len(pens)))

    return styled(image, pens, pen_width, page, margin, detail, style, advance)
