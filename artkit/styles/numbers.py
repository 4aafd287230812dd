"""Photos to paint by numbers: regions large enough to paint, a number in each, and a key of the colors.

Regions are those of a mosaic, each of the nearest color of a palette. Thin parts go to what is beside them, small
regions to the neighbors most like them, until each has its least area and holds a disc that a number fits in; that
disc's middle, the pole of inaccessibility, is where the number stands. Outlines are arcs of one planar map, so that
each border is drawn once. Lengths are millimetres of the page but where pixels are stated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints
from artkit.artwork.drawing import Drawing, Layer, Page, Path, Shape
from artkit.color.means import means_by_label
from artkit.color.nearest import nearest
from artkit.color.palette import Palette, name_of
from artkit.color.spaces import lightness, srgb_to_oklab
from artkit.pens.layout import Sheet
from artkit.planar.arcs import curve_arcs
from artkit.planar.map import OUTSIDE, PlanarMap, find_faces, planar_map
from artkit.planar.segments import Quality
from artkit.styles.digits import CAP, reach_of, width_of, written
from artkit.styles.shapes import arc_paths, depth_of, outlined, rounded
from artkit.tracer.regions.edges import smoothed_staircase
from artkit.tracer.regions.faces import without_small

POINT = 25.4 / 72

SIZE = 6 * POINT
"""Size of the smallest numbers in a picture: 6 pt."""

LARGEST = 9 * POINT
"""Size of the largest ones, in regions with much room."""

CLEAR = 0.4
"""What is left free between a number and the outline."""

THIN = 1.6
"""Width of the thinnest part of a region: what a small brush paints."""

ROUND = 0.45
"""Standard deviation of the blur that rounds borders."""

FINE = 2.7
"""Pixels to a millimetre in which regions are found."""

MOST = 900
"""Pixels along the longer side of the picture, at most."""

SHOWN = 1.5
"""Regions of the mosaic for each one that there is room for: many of them are of one color, or too small."""

SPARE = 1.04
"""How much larger regions are made than is asked for: curves that round their corners take a little."""

LINE = 0.2
"""Width of outlines."""

PEN = 0.22
"""Width of the lines that numbers are written with."""

OUTLINE, INK, PALE = "#8b9199", "#4b525b", "#ffffff"
"""Colors of outlines, of numbers, and of numbers on dark paint."""

DRAWN = Quality(tolerance=0.5, line=0.35, corner=50, sharp=75, reach=7, blur=1, degree=1)
"""How outlines follow borders."""

SWATCH = 11.0
"""Room for a color of the key, at most, its number and the gap to the next one included."""

FOOT = 0.2
"""Share of the height between the margins that the key takes at most."""


@dataclass(frozen=True)
class Kit:
    """The sheet, the part of it for the picture (left, top, width, height), and the room of a color in the key."""

    sheet: Sheet
    picture: tuple[float, float, float, float]
    pitch: float
    columns: int

    @property
    def resolution(self) -> float:
        """Pixels to a millimetre in which regions are found."""
        return min(FINE, MOST / max(self.picture[2:]))


def kit(sheet: Sheet, width: int, height: int, count: int) -> Kit:
    """Lay a picture of `width` x `height` pixels and a key of `count` colors on a sheet."""
    wide, high = sheet.inside
    rooms = [(min(SWATCH, wide / -(-count // rows), FOOT * high / rows), -rows) for rows in range(1, count + 1)]
    pitch, rows = max(rooms)
    high -= -rows * pitch + min(0.4 * pitch, 4.0)
    scale = min(wide / width, high / height)
    size = width * scale, height * scale
    left, top = (sheet.width - size[0]) / 2, sheet.margin + (high - size[1]) / 2
    return Kit(sheet, (left, top, *size), pitch, -(-count // -rows))


def regions(
    mosaic: NDArray[np.int32], pixels: NDArray[np.uint8], palette: Palette, area: float, resolution: float
) -> NDArray[np.int32]:
    """Give the color in `palette` (K, 3) of each pixel (H, W), -1 where the mosaic has no region.

    All faces have an area of at least `area` square millimetres, and room for a number, unless the whole is smaller.
    """
    count = int(mosaic.max(initial=-1)) + 1
    inside = mosaic >= 0
    means = np.clip(np.rint(means_by_label(mosaic[inside], pixels[inside], count)), 0, 255).astype(np.uint8)
    color = nearest(srgb_to_oklab(means), srgb_to_oklab(palette)).astype(np.int32)
    labels = np.append(color, np.int32(OUTSIDE))[mosaic]
    labels = rounded(labels, len(palette), ROUND * resolution)
    least = SPARE * area * resolution**2
    for share in (0.25, 1.0, 1.0):
        labels = without_small(_brushed(labels, THIN / 2 * resolution), palette, share * least)
    return _roomy(rounded(labels, len(palette), ROUND * resolution), palette, least, room(len(palette)) * resolution)


def room(count: int) -> float:
    """Radius of the disc that the numbers of so many colors fit in with what is left free around them."""
    return CAP * SIZE * max(reach_of(number) for number in range(1, count + 1)) + CLEAR


def _brushed(labels: NDArray[np.int32], radius: float) -> NDArray[np.int32]:
    """Keep what a brush of that radius can reach without leaving a region; the rest goes to what is nearest."""
    return _given(labels, depth_of(labels) < radius)


def _given(labels: NDArray[np.int32], given: Bools) -> NDArray[np.int32]:
    """Give pixels to the nearest ones that are not given away; all stays if those are none."""
    from scipy.ndimage import distance_transform_edt

    painted = labels >= 0
    away = given | ~painted
    if away.all() or not given.any():
        return labels
    row, column = distance_transform_edt(away, return_distances=False, return_indices=True)
    return np.where(painted, labels[row, column], labels)


def _roomy(labels: NDArray[np.int32], palette: Palette, area: float, radius: float) -> NDArray[np.int32]:
    """Give faces that are too small, or hold no disc of that radius, to others until there are none.

    Those that have no neighbor are left bare, if that does not leave all bare.
    """
    while True:
        faces, _, size = find_faces(labels)
        bad = (size < area) | (_deepest(faces, depth_of(labels), len(size)) < radius)
        if bad.all() and len(bad):
            bad[int(size.argmax())] = False
        if not bad.any():
            return labels
        given = np.append(bad, False)[faces]
        after = _given(labels, given)
        alone = np.array_equal(after, labels)
        labels = np.where(given, np.int32(OUTSIDE), labels) if alone else after


def _deepest(faces: NDArray[np.int32], depth: NDArray[np.float32], count: int) -> Floats:
    """Radius of the largest disc in each face, (count,)."""
    deepest = np.zeros(count + 1)
    np.maximum.at(deepest, faces.ravel(), depth.ravel())
    return deepest[:count]


def drawing(labels: NDArray[np.int32], palette: Palette, kit: Kit, filled: bool) -> Drawing:
    """Draw regions (H, W) of the colors of `palette` (K, 3) on a sheet, with their numbers, and the key of the colors.

    `filled` ones are painted, as the picture will be.
    """
    used, of = np.unique(labels[labels >= 0], return_inverse=True)
    labels = labels.copy()
    labels[labels >= 0] = of
    colors = palette[used]
    planar = planar_map(labels)
    curves = curve_arcs(planar, smoothed_staircase(planar), DRAWN)
    left, top, width, height = kit.picture
    scale = np.array([width / labels.shape[1], height / labels.shape[0]])
    corner = np.array([left, top])
    names = [name_of(color) for color in colors]
    layers = []
    if filled:
        paths = outlined(planar, curves, scale)
        fills = [names[label] for label in planar.face_label.tolist()]
        layers.append(Layer([Shape(_moved(paths[face], corner), fills[face]) for face in sorted(paths)], "colors"))
    outlines = [Shape(_moved([path], corner), None, OUTLINE) for path in arc_paths(planar, curves, scale)]
    layers.append(Layer(outlines, "outlines", LINE))
    layers.append(_numbers(planar, colors, scale, corner, filled))
    layers.append(_key(names, kit))
    sheet = kit.sheet
    return Drawing(sheet.width, sheet.height, layers, page=Page(sheet.width, sheet.height))


def _moved(paths: Sequence[Path], by: Floats) -> list[Path]:
    return [path._replace(points=path.points + by) for path in paths]


def _numbers(planar: PlanarMap, colors: Palette, scale: Floats, corner: Floats, filled: bool) -> Layer:
    """The number of each face, where there is the most room for it."""
    poles, depth = _poles(planar)
    places = poles * scale + corner
    is_dark = lightness(colors) < 0.55
    shapes = []
    for label, (x, y), free in zip(
        planar.face_label.tolist(), places.tolist(), (depth * scale.min()).tolist(), strict=True
    ):
        # One that fits nowhere, since the whole picture is thinner, is as small as it must be.
        height = min(CAP * LARGEST, max(free - CLEAR, 0.6 * free) / reach_of(label + 1))
        ink = PALE if filled and is_dark[label] else INK
        shapes.append(_number(label + 1, height, x, y, ink))
    return Layer(shapes, "numbers", PEN)


def _number(number: int, height: float, x: float, y: float, ink: str) -> Shape:
    return Shape([Path(points, closed=False) for points in written(number, height, x, y)], None, ink)


def _poles(planar: PlanarMap) -> tuple[Floats, Floats]:
    """The place in each face that is farthest from its border, (faces, 2), and how far that is, in pixels."""
    depth = depth_of(planar.faces)
    y, x = np.nonzero(planar.faces >= 0)
    face: Ints = planar.faces[y, x].astype(np.int64)
    order = np.argsort(depth[y, x], kind="stable")
    poles, far = np.zeros((len(planar.face_label), 2)), np.zeros(len(planar.face_label))
    poles[face[order]] = np.column_stack([x, y])[order] + 0.5  # the last one written is the deepest
    far[face[order]] = depth[y, x][order]
    return poles, far


def _key(names: Sequence[str], kit: Kit) -> Layer:
    """The colors and their numbers below them, at the foot of the sheet, from the picture's left edge on."""
    sheet, pitch = kit.sheet, kit.pitch
    rows = -(-len(names) // kit.columns)
    foot = sheet.height - sheet.margin
    # Below the picture's left edge, or further left where a narrow one leaves too little room beside it.
    left = max(min(kit.picture[0], sheet.width - sheet.margin - kit.columns * pitch), sheet.margin)
    shapes = []
    for place, name in enumerate(names):
        row, column = divmod(place, kit.columns)
        x, y = left + column * pitch, foot - (rows - row) * pitch
        wide, high = 0.84 * pitch, 0.56 * pitch
        box = np.array([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)])
        shapes.append(Shape([Path(box)], name, OUTLINE))
        height = min(CAP * LARGEST, 0.24 * pitch, 0.9 * wide / width_of(place + 1))
        shapes.append(_number(place + 1, height, x + wide / 2, y + 0.76 * pitch, INK))
    return Layer(shapes, "key", PEN)
