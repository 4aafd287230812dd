"""Photos in few colors: a mosaic and a palette in, one named layer for each color out.

Regions of the merge tree take the nearest ink; then borders move to where the inks, and no longer the regions' own
colors, are closest to the photo, and what is too small goes. Layers are in the order of the palette, the first lowest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import TRANSPARENT, Ints
from artkit.artwork.drawing import Drawing, Layer, Path, Shape
from artkit.color.palette import Palette, name_of
from artkit.planar.map import OUTSIDE, find_faces, planar_map
from artkit.planar.outlines import Outline, cut_out
from artkit.planar.stack import stack
from artkit.planar.zorder import Splines, z_order
from artkit.tracer import vector
from artkit.tracer.mosaic import Mosaic, Source
from artkit.tracer.regions.faces import settled
from artkit.tracer.regions.fields import Fields
from artkit.tracer.regions.inks import inks
from artkit.tracer.regions.relax import relaxed
from artkit.tracer.regions.seen import seen
from artkit.tracer.seals import sealed_inks

SMALLEST = 4.0
"""Square pixels of the smallest region by itself."""

TOLERANCE = 1.4
"""How far a border may stray by itself, as `vector.TOLERANCE`: neighbors differ by a step that nobody saw there."""

PRICE = 300.0
"""Squared error that a pixel of border costs when borders move; more: smoother borders, and less exact ones."""

ROUNDS = 4
"""How often pixels at borders may change sides."""


@dataclass(frozen=True, eq=False)
class Colored:
    """Regions (H, W) in inks: `mosaic` has a region for each face, `ink` the row of the palette (K, 3) of each."""

    mosaic: Mosaic
    ink: Ints
    palette: Palette

    @property
    def labels(self) -> NDArray[np.int32]:
        """The ink of each pixel, (H, W), TRANSPARENT where there is none."""
        return np.append(self.ink, TRANSPARENT).astype(np.int32)[self.mosaic.labels]


def colored(source: Source, mosaic: Mosaic, palette: Palette, min_area: float | None, *, used: bool) -> Colored:
    """Give the regions of a mosaic the inks of a palette (K, 3), all of which are to be `used`, or may be."""
    least = SMALLEST if min_area is None else min_area
    labels = np.append(inks(mosaic.fields.color, palette, used=used), TRANSPARENT).astype(np.int32)[mosaic.labels]
    labels = _without_small(labels, source, palette, least, used)
    faces, ink, _ = find_faces(labels)
    moved = relaxed(
        np.ascontiguousarray(faces),
        source.seen,
        source.weight,
        gradient=np.inf,
        price=PRICE,
        rounds=ROUNDS,
        fixed=Fields.flat(seen(palette[None])[0][ink].astype(np.float64)),
    )
    labels = np.append(ink, TRANSPARENT).astype(np.int32)[moved]
    return of_labels(_without_small(labels, source, palette, least, used), palette, source.pixels)


def _without_small(
    labels: NDArray[np.int32], source: Source, palette: Palette, least: float, used: bool
) -> NDArray[np.int32]:
    return settled(labels, source.pixels, len(palette), palette, least, 0.0, keep=used)[0] if least else labels


def of_labels(labels: NDArray[np.int32], palette: Palette, pixels: NDArray[np.uint8]) -> Colored:
    """Give the faces of labels (H, W), rows of the palette, TRANSPARENT where there is none, of a picture."""
    faces, ink, _ = find_faces(labels)
    return Colored(Mosaic(np.ascontiguousarray(faces), pixels, np.inf), ink.astype(np.int64), palette)


def drawing(found: Colored, layers: Literal["merged", "stacked", "cutout"], tolerance: float = TOLERANCE) -> Drawing:
    """Draw a layer for each ink: `merged` shapes go on a little beneath those above, `stacked` layers all the way."""
    followed = vector.Followed.of(found.mosaic, tolerance)
    each = _stacked(found, followed) if layers == "stacked" else _merged(found, followed)
    names = [name_of(color) for color in found.palette]
    used = [ink for ink, shapes in enumerate(each) if shapes]
    drawn = [
        Layer([Shape(paths, names[ink]) for paths in each[ink]], f"{number} - {names[ink]}")
        for number, ink in enumerate(used, 1)
    ]
    whole = Drawing(followed.planar.width, followed.planar.height, drawn, grid=vector.GRID)
    return whole if layers == "stacked" else sealed_inks(whole, found.labels, used)


_Paths = list[list[Path]]
"""The paths of each shape of a layer."""


def _merged(found: Colored, followed: vector.Followed) -> list[_Paths]:
    """Shapes of each ink, in an order that suits both: ink by ink, and within one the larger beneath."""
    planar = followed.planar
    ink = found.ink[planar.face_label]
    order = np.lexsort((z_order(planar), ink))
    z = np.empty(len(order), np.int64)
    z[order] = np.arange(len(order))
    each: list[_Paths] = [[] for _ in found.palette]
    if not len(z):
        return each
    lowest = int(ink.min())
    whole = not (planar.faces == OUTSIDE).any()
    if whole:  # nothing lies beneath the lowest ink: it is a sheet
        width, height = planar.width, planar.height
        each[lowest].append([Path(np.array([[0, 0], [width, 0], [width, height], [0, height]], float))])
    else:
        each[lowest] += vector.underlay(found.mosaic.labels)
    skip = np.flatnonzero(ink == lowest) if whole else None
    outlines = stack(planar, z, Splines(followed.tolerance, 1 / vector.GRID, quick=True), followed.samples, skip)
    for face, paths in _by_face(outlines, z):
        each[int(ink[face])].append(paths)
    return each


def _stacked(found: Colored, followed: vector.Followed) -> list[_Paths]:
    """Shapes of each ink that cover all above it, too: borders are fitted once, and every layer is put together."""
    arcs = vector.arc_curves(followed)
    labels = found.labels
    each: list[_Paths] = []
    for ink in range(len(found.palette)):
        if not (labels == ink).any():
            each.append([])
            continue
        planar = planar_map(np.where(labels >= ink, np.int32(0), np.int32(OUTSIDE)), followed.planar)
        outlines = cut_out(planar, vector.joined_arcs(followed.planar, arcs, planar))
        each.append([paths for _, paths in _by_face(outlines, np.arange(len(planar.face_area)))])
    return each


def _by_face(outlines: Sequence[Outline], z: Ints) -> list[tuple[int, list[Path]]]:
    """The paths of each face, lowest first."""
    paths: dict[int, list[Path]] = {}
    for outline in outlines:
        paths.setdefault(outline.face, []).append(Path(outline.points, outline.kinds))
    return [(face, paths[face]) for face in sorted(paths, key=lambda face: z[face])]
