"""Photos as stained glass: pieces large enough to cut, leads between them that are arcs of a planar map.

Pieces are regions of a mosaic, with borders rounded as a glass cutter would; what is too large for one piece is cut
into several across. Leads between the main regions are thick, those within them thinner. Glass is more colorful than
what it stands for, no two pieces are quite alike, and each is lightest where the leads are farthest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, rows_of
from artkit.artwork.drawing import Drawing, Gradient, Layer, Shape
from artkit.color.means import sums_by_label
from artkit.color.palette import name_of
from artkit.color.spaces import oklab_to_srgb, srgb_to_oklab
from artkit.planar.arcs import curve_arcs
from artkit.planar.map import PlanarMap, find_faces, planar_map
from artkit.planar.samples import on_edge
from artkit.planar.segments import Curves, Quality
from artkit.styles.shapes import arc_paths, boxes_of, covering, depth_of, finer_where, outlined, rounded
from artkit.tracer.mosaic import Source
from artkit.tracer.regions.edges import smoothed_staircase
from artkit.tracer.regions.faces import without_small
from artkit.tracer.regions.graph import RegionGraph, adjacency

ACROSS = 16.0
"""Pixels to the side of a piece, once a photo is reduced to find them: no finer border is of use."""

ROUND = 0.15
"""Standard deviation of the blur that rounds borders, as a share of the side of a piece."""

SMALLEST = 0.18
"""The least area of a piece, as a share of the mean one."""

LARGEST = 2.2
"""The largest area of a piece that is not cut, as a multiple of the mean one."""

CALM = 7.0
"""How many times as large pieces may be where nothing is to be seen: skies, walls, water."""

WHOLE = 5.0
"""How many times as large pieces in faces may be."""

ENOUGH = 1 / 3
"""Pieces that there are at least, as a share of those that are asked for, before calm ones are made smaller."""

PART = 0.6
"""Mean area of the parts of what is cut, as a share of the largest."""

PLAIN = 0.035
"""Spread of colors in a region, in OKLab, at which pieces are half as much larger as in one of a single color."""

SHADES = 14.0
"""How far apart colors are when a region is cut, as a multiple of its side for each unit in OKLab: cuts follow shades,
not a grid."""

BROAD = 2.0
"""How much wider than high pieces are that a plain region is cut into."""

SOFTENED = 0.35
"""Standard deviation of the blur of shades that cuts follow, as a share of the side of a piece."""

SHOWN = 1.6
"""Regions that a photo is divided into, for each piece: many of them are shades of one glass."""

FAINT = 0.055
"""Difference in OKLab below which neighbors are shades of one glass: shading is no border."""

EVEN = 0.25
"""How much of the usual variation pieces of faces have."""

FACE = 0.15
"""How much a piece or a lead must matter on the mean, from 0 to 1, to be of a face."""

MAIN = 14
"""Pieces to each of the regions between which leads are thick."""

THIN = 0.55
"""Width of other leads, as a share of that of thick ones."""

FINER = 0.3
"""Width of leads and side of the smallest pieces where it matters what they show, as a share of the usual."""

LEADED = Quality(tolerance=0.55, line=0.4, corner=45, sharp=75, reach=7, blur=1, degree=1)
"""How leads follow borders."""

LEAD = "#17161a"

GLOW = 0.045
"""How much lighter than its color a piece is in its middle, and darker at its far end, in OKLab's lightness."""


@dataclass(frozen=True)
class Glass:
    """What glass is like: `vivid` multiplies chroma, `variation` how much colors vary from piece to piece."""

    vivid: float
    variation: float


def pieces(
    source: Source, count: int, lead: float, close: NDArray[np.float32] | None = None
) -> tuple[NDArray[np.int32], Ints]:
    """Divide a photo, reduced to `ACROSS`, into about `count` pieces of glass.

    Gives the piece of each pixel (H, W), from 0 on, -1 where there is none, and for each piece the region that thick
    leads run around. `lead`, in pixels, is the width of leads: what is nowhere twice as wide is no piece.
    Where `close` (H, W) says that it matters, pieces are as small as can be cut.
    """
    mosaic = source.mosaic(round(SHOWN * count), levels=True)
    area = source.area / count
    plain, number = without_shades(mosaic.labels, source.pixels)
    labels = rounded(plain, number, ROUND * area**0.5)
    labels = _large(_wide(labels, lead), source.pixels, SMALLEST * area)
    labels = _cut(labels, source.pixels, area, close)
    if close is not None:
        fine = rounded(plain, number, FINER * ROUND * area**0.5)
        labels = _large(finer_where(close, fine, labels), source.pixels, FINER**2 * SMALLEST * area)
    main = mosaic.level(max(count // MAIN, 1)).labels
    number = int(labels.max(initial=-1)) + 1
    inside = (labels >= 0) & (main >= 0)
    key = labels[inside].astype(np.int64) * (int(main.max(initial=0)) + 1) + main[inside]
    keys, shares = np.unique(key, return_counts=True)
    piece, region = np.divmod(keys, int(main.max(initial=0)) + 1)
    of = np.zeros(number, np.int64)
    order = np.argsort(shares, kind="stable")
    of[piece[order]] = region[order]  # the last one written has the largest share
    return labels, of


def without_shades(labels: NDArray[np.int32], pixels: NDArray[np.uint8]) -> tuple[NDArray[np.int32], int]:
    """Unite neighbors of nearly the same color, the most alike first, each time by the mean of what is united.

    Gives labels (H, W), from 0 on, and their number.
    """
    count = int(labels.max(initial=-1)) + 1
    inside = labels >= 0
    lab = srgb_to_oklab(pixels[inside])
    weight = np.bincount(labels[inside], minlength=count).astype(np.float64)
    moments = np.vstack([weight, sums_by_label(labels[inside], lab.T, count).T])
    graph = RegionGraph(moments, *adjacency(labels, count), None)
    number = np.arange(count)
    while len(graph.a):
        mean = graph.moments[1:] / graph.moments[0]
        gap = ((mean[:, graph.a] - mean[:, graph.b]) ** 2).sum(0)
        pairs = graph.cheapest(gap)
        pairs = pairs[gap[pairs] < FAINT**2]
        if not len(pairs):
            break
        number = graph.merge(pairs, gap).number[number]
    return np.append(number, -1).astype(np.int32)[labels], graph.moments.shape[1]


def _wide(labels: NDArray[np.int32], depth: float) -> NDArray[np.int32]:
    """Give the pixels of pieces that are nowhere as deep as that to the nearest ones of others."""
    from scipy.ndimage import distance_transform_edt

    count = int(labels.max(initial=-1)) + 1
    deepest = np.zeros(count + 1)
    np.maximum.at(deepest, labels.ravel(), depth_of(labels).ravel())
    thin = (deepest < depth)[labels] & (labels >= 0)
    if not thin.any() or (thin | (labels < 0)).all():
        return labels
    row, column = distance_transform_edt(thin | (labels < 0), return_distances=False, return_indices=True)
    return np.where(thin, labels[row, column], labels)


def _large(labels: NDArray[np.int32], pixels: NDArray[np.uint8], area: float) -> NDArray[np.int32]:
    """Give pieces that are too small to cut, or the stray parts of others, to the neighbors most like them."""
    inside = labels >= 0
    count = int(labels.max(initial=-1)) + 1
    sums = sums_by_label(labels[inside], pixels[inside].T, count)
    number = np.maximum(np.bincount(labels[inside], minlength=count), 1)
    palette = np.rint(sums / number[:, None]).astype(np.uint8)
    return np.ascontiguousarray(find_faces(without_small(labels, palette, area))[0])


def _cut(
    labels: NDArray[np.int32], pixels: NDArray[np.uint8], area: float, close: NDArray[np.float32] | None
) -> NDArray[np.int32]:
    """Cut what is too large across: each pixel goes to the nearest of some places in it (Lloyd 1982), and of its shade.

    What has no detail, and what is a face by `close` (H, W), may be larger.
    """
    result = labels.copy()
    number = int(labels.max(initial=-1)) + 1
    sizes = np.bincount(labels[labels >= 0], minlength=number)
    boxes = boxes_of(labels, number)
    whole = list(range(number))
    shade = _shades(pixels, SOFTENED * area**0.5)
    calm, face = _calm(labels, number, pixels), _face(labels, number, close)
    most = np.where(face, WHOLE * LARGEST * area, _most(sizes, calm, area))
    for label in np.flatnonzero(sizes > most).tolist():
        box = boxes[label + 1]
        assert box is not None
        y, x = np.nonzero(labels[box] == label)
        parts = int(np.ceil(sizes[label] / (PART * most[label])))
        side = (sizes[label] / parts) ** 0.5
        broad = 1 + (BROAD - 1) * calm[label]
        places = np.column_stack([x, y * broad, SHADES * side * shade[box][y, x]])
        nearest = _nearest_places(places, parts)
        result[box][y, x] = number + nearest
        whole += [label] * parts
        number += parts
    smooth, of = rounded(result, number, ROUND * area**0.5), np.append(whole, -1)
    result = np.where(of[smooth] == labels, smooth, result)
    return _large(result, pixels, SMALLEST * area)


def _most(sizes: Ints, calm: Floats, area: float) -> Floats:
    """Area of the largest piece in each region, (regions,): larger where it is calm, as long as pieces are enough."""
    for share in (1.0, 0.5, 0.25, 0.1, 0.0):
        most: Floats = LARGEST * area * (1 + share * (CALM - 1) * calm)
        parts = np.where(sizes > most, np.ceil(sizes / (PART * most)), 1)
        if parts[sizes > 0].sum() * area >= ENOUGH * sizes.sum():
            break
    return most


def _shades(pixels: NDArray[np.uint8], sigma: float) -> Floats:
    """Colors in OKLab, (H, W, 3), without detail."""
    import cv2

    return np.asarray(cv2.GaussianBlur(srgb_to_oklab(pixels), (0, 0), sigma), np.float64)


def _calm(labels: NDArray[np.int32], count: int, pixels: NDArray[np.uint8]) -> Floats:
    """How little there is to see in each region, (count,): 1 where it has one color, but for what changes slowly."""
    import cv2

    lab = srgb_to_oklab(pixels)
    detail = ((lab - np.asarray(cv2.GaussianBlur(lab, (0, 0), 4.0))) ** 2).sum(2)
    inside = labels >= 0
    size = np.maximum(np.bincount(labels[inside], minlength=count), 1)
    spread: Floats = np.bincount(labels[inside], detail[inside], count) / size
    return 1 / (1 + spread / PLAIN**2)


def _nearest_places(places: Floats, parts: int) -> NDArray[np.intp]:
    """The nearest of so many points to each of the places (N, D) that they are spread over."""
    from scipy.spatial import cKDTree

    centers = _spread(places, parts)
    for _ in range(LLOYD):
        nearest = cKDTree(centers).query(places)[1]
        total = np.bincount(nearest, minlength=parts)
        moved = np.column_stack([np.bincount(nearest, of, parts) for of in places.T])
        centers = np.where(total[:, None] > 0, moved / np.maximum(total, 1)[:, None], centers)
    found: NDArray[np.intp] = cKDTree(centers).query(places)[1]
    return found


def _face(labels: NDArray[np.int32], count: int, close: NDArray[np.float32] | None) -> Bools:
    """Which labels, from 0 to `count` - 1, are of faces, by `close` (H, W)."""
    if close is None:
        return np.zeros(count, bool)
    inside = labels >= 0
    size = np.maximum(np.bincount(labels[inside], minlength=count), 1)
    return np.asarray(np.bincount(labels[inside], close[inside], count) / size > FACE)


LLOYD = 12
"""How often places are moved to the middles of what is nearest to them."""


def _spread(places: Floats, count: int) -> Floats:
    """Choose places far from each other, one after the other, the first in the upper left."""
    chosen = [0]
    far = ((places - places[0]) ** 2).sum(1)
    while len(chosen) < count:
        chosen.append(int(far.argmax()))
        far = np.minimum(far, ((places - places[chosen[-1]]) ** 2).sum(1))
    return places[chosen]


def drawing(
    labels: NDArray[np.int32],
    main: Ints,
    pixels: NDArray[np.uint8],
    size: tuple[int, int],
    lead: float,
    glass: Glass,
    rng: np.random.Generator,
    close: NDArray[np.float32] | None = None,
) -> Drawing:
    """Draw pieces (H, W) in the colors of `pixels` (H, W, 3), on a sheet of `size`, width and height.

    `lead` is the width of thick leads on the sheet; `main` as `pieces` gives it, and `close` as it takes
    it: leads are fine there.
    """
    width, height = size
    scale = np.array([width / labels.shape[1], height / labels.shape[0]])
    planar = planar_map(labels)
    curves = curve_arcs(planar, smoothed_staircase(planar), LEADED)
    colors = _colors(planar, pixels, glass, rng, close)
    paths = outlined(planar, curves, scale)
    fills = _lit(planar, colors, scale)
    shapes = [Shape(paths[face], fills[face]) for face in sorted(paths)]
    # Beneath the glass there is lead, so that none but its color can show between two pieces.
    ground = Layer(covering(labels >= 0, planar, curves, scale, LEAD), "ground")
    return Drawing(width, height, [ground, Layer(shapes, "glass"), *_leads(planar, curves, main, scale, lead, close)])


def _colors(
    planar: PlanarMap,
    pixels: NDArray[np.uint8],
    glass: Glass,
    rng: np.random.Generator,
    close: NDArray[np.float32] | None,
) -> Floats:
    """Colors of pieces in OKLab, (pieces, 3). Those of faces are nearer to the photo's: skin is of one color."""
    count = len(planar.face_area)
    inside = planar.faces >= 0
    face = planar.faces[inside]
    sums = sums_by_label(face, pixels[inside].T, count)
    lab = srgb_to_oklab(np.rint(sums / np.maximum(planar.face_area, 1)[:, None]).astype(np.uint8))
    luck = rng.standard_normal((count, 3)) * glass.variation
    luck *= np.where(_face(planar.faces, count, close), EVEN, 1.0)[:, None]
    light = 0.17 + 0.84 * lab[:, 0] + 0.035 * luck[:, 0]
    chroma = np.hypot(lab[:, 1], lab[:, 2]) * glass.vivid * np.exp(0.15 * luck[:, 1])
    hue = np.arctan2(lab[:, 2], lab[:, 1]) + 0.08 * luck[:, 2]
    return np.column_stack([np.clip(light, 0.12, 0.97), chroma * np.cos(hue), chroma * np.sin(hue)])


def _lit(planar: PlanarMap, colors: Floats, scale: Floats) -> list[Gradient]:
    """Fills of pieces that are lightest where the leads are farthest."""
    faces = planar.faces
    depth = depth_of(faces)
    y, x = np.nonzero(faces >= 0)
    face = faces[y, x]
    order = np.argsort(depth[y, x], kind="stable")
    middle = np.zeros((len(colors), 2))
    middle[face[order]] = np.column_stack([x, y])[order] + 0.5  # the last one written is the deepest
    far = np.hypot(*(np.column_stack([x, y]) + 0.5 - middle[face]).T)
    reach = np.ones(len(colors))
    np.maximum.at(reach, face, far)
    light, dark = (oklab_to_srgb(colors + np.array([by, 0, 0])) for by in (GLOW, -GLOW))
    return [
        Gradient((x, y), (x + r, y), (name_of(first), name_of(last)), radial=True)
        for (x, y), r, first, last in zip(
            (middle * scale).tolist(), (reach * scale.mean()).tolist(), light, dark, strict=True
        )
    ]


def _leads(
    planar: PlanarMap, curves: Curves, main: Ints, scale: Floats, lead: float, close: NDArray[np.float32] | None
) -> list[Layer]:
    """Each arc once, fine ones beneath thin ones, these beneath thick ones; then the frame, half off the sheet."""
    paths = arc_paths(planar, curves, scale)
    of = np.append(main, -1)  # the last one for OUTSIDE
    inner = np.bincount(planar.arc_of[~on_edge(planar)], minlength=len(planar.left)) > 0
    fine = inner & _is_close(curves, close)
    thick = inner & ~fine & (of[planar.label_left] != of[planar.label_right])
    layers = []
    for name, which, width in (
        ("fine lead", fine, FINER * lead),
        ("thin lead", inner & ~thick & ~fine, THIN * lead),
        ("lead", thick, lead),
        ("frame", ~inner, 2 * lead),
    ):
        shapes = [Shape([paths[arc]], None, LEAD) for arc in np.flatnonzero(which).tolist()]
        if shapes:
            layers.append(Layer(shapes, name, width))
    return layers


def _is_close(curves: Curves, close: NDArray[np.float32] | None) -> Bools:
    """Which arcs run where it matters, on the mean of their ends and joints."""
    count = len(curves.offsets) - 1
    if close is None:
        return np.zeros(count, bool)
    height, width = close.shape
    x, y = np.clip(np.floor(curves.start).astype(np.int64), 0, [width - 1, height - 1]).T
    arc = rows_of(curves.offsets)
    number = np.maximum(np.diff(curves.offsets), 1)
    return np.asarray(np.bincount(arc, close[y, x], count) / number >= FACE)
