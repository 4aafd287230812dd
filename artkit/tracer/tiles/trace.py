"""Strips of a picture in, its drawing out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints
from artkit.artwork.drawing import Drawing
from artkit.artwork.strips import Strips
from artkit.color.palette import colors_of
from artkit.errors import UsageError
from artkit.limits import written
from artkit.planar.map import PlanarMap
from artkit.planar.runs import RunMap, map_of_runs
from artkit.tracer.assemble import Borders, Layering, drawn
from artkit.tracer.found import Regions
from artkit.tracer.regions.edges import offsets_of_cracks
from artkit.tracer.regions.faces import runs_without_small
from artkit.tracer.regions.flat import fewer
from artkit.tracer.tiles.mixing import mixed_pixels
from artkit.tracer.tiles.sparse import Mixed
from artkit.tracer.tiles.survey import Progress, survey


@dataclass(frozen=True, eq=False)
class RunRegions(Regions):
    """Regions whose planar map was made of runs; they have no array of labels."""

    run_map: RunMap = field(kw_only=True)

    @property
    def planar(self) -> PlanarMap:
        """The planar map of the runs."""
        return self.run_map


@dataclass(frozen=True)
class Wish:
    """What is asked for of a picture in tiles: the parameters of `trace` that can be had."""

    kind: str = "auto"
    colors: int | None = None
    palette: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    min_area: float | None = None
    borders: Borders = field(default_factory=lambda: Borders("spline", 28.0, None))
    layers: Layering = "merged"


class NotInTiles(UsageError):
    """The picture can be traced as a whole alone: it is no flat art, or has too many borders."""


CRACK = 350
"""Bytes that a pixel of border takes at most, from its crack to its curve."""


def traced_in_tiles(
    picture: Strips,
    wish: Wish,
    *,
    rows: int,
    most: float = np.inf,
    report: Callable[[str], None],
    progress: Progress,
) -> Drawing:
    """Draw flat art, `rows` of it at a time: as `trace` with kind = flat, colors = 256 and strokes = never draws it.

    NotInTiles is raised for photos and what noise lies over, and where its borders take more than `most` bytes.
    """
    seen = survey(picture, wish.kind, rows, lambda share: progress(0.2 * share))
    if seen.kind == "photo" or not len(seen.colors):
        raise NotInTiles("the picture is no flat art or line work, and photos are not traced in tiles")
    mixed = mixed_pixels(picture, seen, rows, lambda share: progress(0.2 + 0.3 * share))
    mixed = _in_colors(mixed, wish, rows)
    labels = mixed.labels(rows)
    if wish.min_area:
        labels = runs_without_small(labels, np.rint(mixed.palette).astype(np.uint8), wish.min_area)
        mixed = mixed.given(labels)
    if (needed := 2 * CRACK * len(labels.starts)) > most:
        raise NotInTiles(f"the picture's borders take about {written(needed, 'bytes')}")
    planar = map_of_runs(labels)
    progress(0.6)
    regions = RunRegions(
        seen.kind,
        np.zeros((0, 0), np.int32),
        np.rint(mixed.palette).astype(np.uint8),
        lambda planar: _offsets(planar, mixed, rows),
        run_map=planar,
    )
    drawing = drawn(regions, wish.borders, wish.layers, fixed=bool(wish.palette), report=report)
    progress(1.0)
    return drawing


def _in_colors(mixed: Mixed, wish: Wish, rows: int) -> Mixed:
    """Bring flat art to fewer colors, as `flat.reduced` does."""

    def counts() -> NDArray[np.integer]:
        found = mixed.labels(rows).counts[1:]
        return np.append(found, np.zeros(len(mixed.palette) - len(found), np.int64))

    fixed, kept = (colors_of(names) if names else None for names in (wish.palette, wish.keep))
    found = fewer(mixed.palette, counts, wish.colors, fixed, kept)
    return mixed if found is None else mixed.recolored(*found)


def _offsets(planar: PlanarMap, mixed: Mixed, rows: int) -> Floats:
    """How far the edge stands from each crack, strip by strip."""
    row = planar.corner // (planar.width + 1)
    order: Ints = np.argsort(row, kind="stable")
    row = row[order]
    offset = np.zeros(len(order))
    for top in range(0, planar.height + 1, rows):
        some = order[slice(*np.searchsorted(row, [top, top + rows]).tolist())]
        first, last = max(top - 3, 0), min(top + rows + 3, planar.height)
        part, _ = mixed.window(first, last)
        offset[some] = offsets_of_cracks(planar, some, part, first)
    return offset
