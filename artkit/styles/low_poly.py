"""Photos as triangles: their edges follow the borders of a mosaic, their sizes what there is to see.

Corners are the joints of the mosaic's borders, simplified more where contrast is low; other borders are split to about
the length that goes with the number of triangles. Then a point goes into the triangles that are farthest from their
picture, round after round, until there are as many as wanted; what is grain at their size does not count. Points
within regions move to the middle of what is around them (Chen 2004), which makes triangles less thin; at last all of
them move to where the triangles are closest to the picture, by the gradient of the squared error along the edges.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Ints, counted, rows_of
from artkit.artwork.drawing import Drawing, Layer, Path, Shape
from artkit.color.palette import name_of
from artkit.planar.samples import arc_points, on_edge
from artkit.planar.simplify import simplify
from artkit.planar.triangles import Mesh, Spans, conforming, delaunay, doubled_areas, spans
from artkit.tracer.mosaic import Mosaic, Source
from artkit.tracer.regions.edges import smoothed_staircase
from artkit.tracer.regions.photo import without_small
from artkit.tracer.vector import Followed

STEPS = 100
"""Steps to a pixel that points of the mosaic lie on."""

ACROSS = 9.0
"""Pixels to the side of a triangle, once a photo is reduced to find its regions: no finer border is of use."""

TRIANGLES_TO_A_REGION = 6.0
"""About how many triangles there are to a region of the mosaic whose borders they follow, at least."""

CRUMB = 0.35
"""Side of the smallest regions whose borders are followed, as a share of the side of a triangle."""

STRAY = 0.1
"""How far triangles stray from borders of middling contrast, in the same measure."""

LONGEST = 3.0
"""Length of edges along borders, as a multiple of the side of a triangle; longer ones are split."""

CLOSEST = 0.25
"""Least distance of a new point from its triangle's corners, in the same measure."""

GRAIN = 0.06
"""Standard deviation, in the same measure, of the blur that takes away what triangles cannot show."""

ROUNDS = 6
"""How often points are added."""

SMOOTHINGS = 3
"""How often points are moved."""

STEP = 0.25
"""How far points move at first to be closer to the picture, as a share of the side of a triangle; see `_settled`."""

COOLING = 0.95
"""What is left of a step the next time."""

SETTLINGS = 16
"""How often that is done in a stage."""

STAGES = 3
"""How often points are moved so, with edges exchanged in between."""

EASING = 0.7
"""What is left of the first step in the next stage."""

FLIPS = 4
"""How often edges are exchanged each time."""

SLIM = 0.03
"""Twice the least area of a triangle that points are moved or edges exchanged for, as a share of its side's square."""

SAMPLES = 8
"""Places along each edge that are looked at for it."""

CALM = 60.0
"""Squared difference of colors, of three channels, that is added to those of triangles: faint borders move little."""

ROUND = 0.03
"""How far points move to the middle of the triangles around them each time."""

STROKE = 1.5
"""Width of the stroke that triangles have in their own color, in pixels: it covers every pixel that an edge passes."""


def drawing(
    source: Source,
    pixels: NDArray[np.uint8],
    opaque: Bools | None,
    weight: NDArray[np.float32] | None,
    count: int,
    follow: float,
) -> Drawing:
    """Draw a photo (H, W, 3) as at most `count` triangles, two at least; up to a share `follow` of them follow borders.

    `source` is the same photo, so much reduced that a triangle is about `ACROSS` pixels wide, or as it is. `weight` of
    `pixels` (H, W) makes some count more. Transparent parts stay open; where these are so ragged that it takes more
    triangles to keep them, there are more.
    """
    height, width = pixels.shape[:2]
    side = side_of(height * width if opaque is None else int(opaque.sum()), count)
    measured = _Measured(pixels, opaque, weight, side * GRAIN)
    mesh = _following(source, measured, count, follow)
    mesh = _refined(mesh, measured, count, CLOSEST * side)
    for stage in range(STAGES):
        mesh = _settled(mesh, measured, side, STEP * EASING**stage)
        if stage < STAGES - 1:
            mesh = _flipped(mesh, measured, SLIM * side**2)
    triangles, color = measured.painted(mesh.points, mesh.triangles)
    shapes = []
    for corners, name in zip(mesh.points[triangles], map(name_of, color), strict=True):
        shapes.append(Shape([Path(corners)], name, name))
    return Drawing(width, height, [Layer(shapes, stroke_width=STROKE)], grid=10)


def side_of(area: int, count: int) -> float:
    """Side of an equilateral triangle of a share of the area, in pixels, of which it has two at least."""
    return max(float(np.sqrt(area / max(count, 1) * 4 / 3**0.5)), 2.0)


class _Measured:
    """A picture's running sums, by which the colors of triangles and their errors are found without their pixels."""

    def __init__(
        self, pixels: NDArray[np.uint8], opaque: Bools | None, weight: NDArray[np.float32] | None, grain: float
    ) -> None:
        import cv2

        self.height, self.width = pixels.shape[:2]
        self.pixels, self.opaque = pixels, opaque
        self.opaque_weight = None if opaque is None else _running(opaque)
        heavy = np.ones(pixels.shape[:2]) if weight is None else weight
        heavy = (heavy if opaque is None else heavy * opaque).astype(np.float32)
        calm = cv2.GaussianBlur(pixels, (0, 0), grain) if grain > 0.5 else pixels
        self.picture, self.heavy = calm, heavy
        self.weight = _running(heavy)
        self.calm = [_running(calm[..., k] * heavy) for k in range(3)]
        self.square = _running(sum(calm[..., k].astype(np.float32) ** 2 for k in range(3)) * heavy)

    def errors(self, points: Floats, triangles: Ints) -> tuple[Floats, Bools, Floats]:
        """Squared error of each triangle in one color, whether most of it is opaque, and the color, (T, 3).

        Grain is left out.
        """
        found = spans(points, triangles, self.height, self.width)
        painted = self._painted(found, points, triangles)[1]
        weight = found.sums(self.weight, len(triangles))
        sums = np.stack([found.sums(one, len(triangles)) for one in self.calm])
        error = found.sums(self.square, len(triangles)) - (sums**2).sum(0) / np.maximum(weight, 1e-9)
        color = (sums / np.maximum(weight, 1e-9)).T
        x, y = points[triangles[weight <= 0]].mean(1).T
        color[weight <= 0] = self.picture[self._near(y, self.height), self._near(x, self.width)]
        return np.where(painted, np.maximum(error, 0), 0), painted, color

    def seen(self, places: Floats) -> tuple[Floats, Floats]:
        """Colors at places (..., 2), grain left out, and their weights."""
        at = self._near(places[..., 1], self.height), self._near(places[..., 0], self.width)
        return self.picture[at].astype(np.float64), self.heavy[at].astype(np.float64)

    def painted(self, points: Floats, triangles: Ints) -> tuple[Ints, NDArray[np.uint8]]:
        """Triangles that are mostly opaque, and the mean color of their pixels."""
        found = spans(points, triangles, self.height, self.width)
        pixels, painted = self._painted(found, points, triangles)
        mean = np.empty((len(triangles), 3))
        opaque = 1 if self.opaque is None else self.opaque
        for k in range(3):
            mean[:, k] = found.sums(_running(self.pixels[..., k] * opaque), len(triangles)) / np.maximum(pixels, 1)
        small = np.flatnonzero(pixels < 1)  # too small or too thin to hold the middle of a pixel
        x, y = points[triangles[small]].mean(1).T
        mean[small] = self.pixels[self._near(y, self.height), self._near(x, self.width)]
        return triangles[painted], np.rint(mean[painted]).astype(np.uint8)

    def _painted(self, found: Spans, points: Floats, triangles: Ints) -> tuple[Floats, Bools]:
        """Number of opaque pixels of each triangle, and whether that is most of them."""
        area = np.bincount(found.triangle, found.stop - found.first, len(triangles)).astype(np.float64)
        if self.opaque is None or self.opaque_weight is None:
            return area, np.ones(len(triangles), bool)
        pixels = found.sums(self.opaque_weight, len(triangles))
        painted = pixels * 2 > area
        none = np.flatnonzero(area == 0)
        x, y = points[triangles[none]].mean(1).T
        painted[none] = self.opaque[self._near(y, self.height), self._near(x, self.width)]
        return pixels, painted

    @staticmethod
    def _near(place: Floats, size: int) -> Ints:
        return np.clip(np.floor(place), 0, size - 1).astype(np.int64)


def _running(values: NDArray[np.generic]) -> Floats:
    total = np.zeros(values.size + 1)
    np.cumsum(values.ravel(), dtype=np.float64, out=total[1:])
    return total


def _following(source: Source, measured: _Measured, count: int, follow: float) -> Mesh:
    """Triangulate the borders of a mosaic, of so many regions that there is room for more triangles."""
    height, width = source.pixels.shape[:2]
    size = np.array([measured.width, measured.height])
    side = side_of(source.area, count)
    regions = max(1, round(follow * count / TRIANGLES_TO_A_REGION))
    finest = mosaic = source.mosaic(regions, levels=True)
    while True:
        followed = Followed.of(_without_crumbs(mosaic, (CRUMB * side) ** 2), STRAY * side)
        mesh = _bordered(followed, LONGEST * side, size)
        taken = len(measured.painted(mesh.points, mesh.triangles)[0])
        if taken <= (follow * count if regions > 1 else count) or STRAY * side > height + width:
            return mesh
        if regions > 1:
            regions = max(1, int(regions * max(0.3, min(0.9, 0.95 * follow * count / taken))))
            mosaic = finest.level(regions)
        else:
            side *= 2


def _without_crumbs(mosaic: Mosaic, area: float) -> Mosaic:
    """Give regions that are smaller than a triangle to their neighbors."""
    palette = np.clip(np.rint(mosaic.fields.color), 0, 255).astype(np.uint8)
    return mosaic.merged(without_small(mosaic.labels, palette, area))


def _bordered(followed: Followed, longest: float, size: Ints) -> Mesh:
    """Triangulate the borders of a mosaic, in a picture of another `size`, width and height."""
    planar = followed.planar
    first = planar.offsets[:-1]
    outer = planar.has_outside
    stairs = (outer[planar.arc_of] & ~on_edge(planar))[:, None]
    lines = arc_points(planar, np.where(stairs, smoothed_staircase(planar), followed.samples))
    tolerance = np.where(outer, 2 * followed.tolerance[first], followed.tolerance[first])
    # In steps coordinates are whole numbers, and whether borders meet is decided exactly.
    places = np.rint(lines.points * STEPS)
    keep = simplify(places, lines.offsets, tolerance * STEPS, fixed=lines.hard)
    arc = rows_of(lines.offsets)[keep]
    corners = [
        (0, 0),
        (planar.width * STEPS, 0),
        (0, planar.height * STEPS),
        (planar.width * STEPS, planar.height * STEPS),
    ]
    points, number = np.unique(np.vstack([places[keep], np.array(corners, float)]), axis=0, return_inverse=True)
    number = number.ravel()[: len(arc)]
    joined = np.flatnonzero(arc[1:] == arc[:-1])
    edges = np.sort(np.column_stack([number[joined], number[joined + 1]]), axis=1)
    edges = np.unique(edges[edges[:, 0] != edges[:, 1]], axis=0)
    points, edges = _split(points / STEPS, edges, longest)
    return conforming(points / (planar.width, planar.height) * size, edges)  # sides stay exact


def _split(points: Floats, edges: Ints, longest: float) -> tuple[Floats, Ints]:
    """Split edges into equal parts no longer than `longest`."""
    a, b = edges.T
    parts = np.maximum(np.ceil(np.linalg.norm(points[a] - points[b], axis=1) / longest), 1).astype(np.int64)
    edge, step = counted(parts - 1)
    share = ((step + 1) / parts[edge])[:, None]
    more = points[a[edge]] + share * (points[b[edge]] - points[a[edge]])
    begin = len(points) + np.cumsum(parts - 1) - (parts - 1)
    piece, step = counted(parts)
    start = np.where(step == 0, a[piece], begin[piece] + step - 1)
    end = np.where(step == parts[piece] - 1, b[piece], begin[piece] + step)
    return np.vstack([points, more]), np.column_stack([start, end])


def _refined(mesh: Mesh, measured: _Measured, count: int, closest: float) -> Mesh:
    """Add points where triangles are farthest from the picture, and move them to where triangles are less thin."""
    bound = np.arange(len(mesh.points))
    for left in range(ROUNDS, -1, -1):
        error, painted, _ = measured.errors(mesh.points, mesh.triangles)
        room = (count - int(painted.sum())) // 2
        if room <= 0:
            break
        added = _worst(mesh, error, painted, int(np.ceil(room / max(left, 1))), closest)
        if not len(added):
            break
        points = np.vstack([mesh.points, added])
        grown = conforming(points, mesh.edges)
        if measured.errors(grown.points, grown.triangles)[1].sum() > count:
            grown = Mesh(points, mesh.edges, delaunay(points))
        bound = np.concatenate([bound, np.arange(len(points), len(grown.points))])
        mesh = grown
    return _smoothed(mesh, bound, measured, count)


def _worst(mesh: Mesh, error: Floats, painted: Bools, number: int, closest: float) -> Floats:
    """Middles of the triangles with the largest errors that are not too close to what is there."""
    from scipy.spatial import cKDTree

    order = np.lexsort((np.arange(len(error)), -error))
    order = order[painted[order] & (error[order] > 0)]
    corners = mesh.points[mesh.triangles[order]]
    middle = corners.mean(1)
    far = np.linalg.norm(corners - middle[:, None], axis=2).min(1)
    middle = middle[far >= closest][: 2 * number]
    # Of two that are close to each other the worse one stays.
    kept = np.ones(len(middle), bool)
    for a, b in sorted(cKDTree(middle).query_pairs(2 * closest)) if len(middle) > 1 else ():
        if kept[a]:
            kept[b] = False
    added: Floats = middle[kept][:number]
    return added


def _smoothed(mesh: Mesh, bound: Ints, measured: _Measured, count: int) -> Mesh:
    """Move points within regions to the middle of the triangles around them, weighted by area."""
    free = np.ones(len(mesh.points), bool)
    free[bound] = False
    free[mesh.edges] = False
    for _ in range(SMOOTHINGS):
        middle = _middles(mesh.points, mesh.triangles)
        places = np.where(free[:, None], middle, mesh.points)
        found = delaunay(places)
        if measured.errors(places, found)[1].sum() > count:
            break
        mesh = Mesh(places, mesh.edges, found)
    return mesh


def _middles(points: Floats, triangles: Ints) -> Floats:
    """The middle of the triangles around each point, weighted by area."""
    area = np.abs(doubled_areas(points, triangles))
    middle = points[triangles].mean(1)
    total, sums = np.zeros(len(points)), np.zeros((len(points), 2))
    for corner in triangles.T:
        total += np.bincount(corner, area, len(points))
        for axis in range(2):
            sums[:, axis] += np.bincount(corner, area * middle[:, axis], len(points))
    middles: Floats = np.where(total[:, None] > 0, sums / np.maximum(total, 1e-9)[:, None], points)
    return middles


def _settled(mesh: Mesh, measured: _Measured, side: float, step: float) -> Mesh:
    """Move all points, edges and all, to where triangles are closest to the picture: steepest descent.

    Where an edge moves, pixels change from one triangle's color to the other's: what that saves is read off along the
    edge. It is measured against what a clear border would save, so that steps are lengths; the first is a share `step`
    of the side of a triangle.
    """
    points, triangles = mesh.points, mesh.triangles
    one, other, a, b = _shared(triangles)
    error, painted, color = measured.errors(points, triangles)
    step *= side
    still = _still(points, triangles, painted, measured)
    least, best = float(error.sum()), points
    share = (np.arange(SAMPLES) + 0.5) / SAMPLES
    for _ in range(SETTLINGS):
        way = points[b] - points[a]
        length = np.linalg.norm(way, axis=1)
        normal = np.column_stack([-way[:, 1], way[:, 0]]) / np.maximum(length, 1e-9)[:, None]  # to the right
        seen, heavy = measured.seen(points[a][:, None] + share[:, None] * way[:, None])
        gain = (((seen - color[one][:, None]) ** 2).sum(2) - ((seen - color[other][:, None]) ** 2).sum(2)) * heavy
        most = ((color[one] - color[other]) ** 2).sum(1) * heavy.mean(1)
        push, scale = np.zeros((len(points), 2)), np.full(len(points), 1e-9)
        for end, part in ((a, 1 - share), (b, share)):
            force = (gain * part).mean(1) * length
            for axis in range(2):
                push[:, axis] += np.bincount(end, force * normal[:, axis], len(points))
            scale += np.bincount(end, (most * part.mean() + CALM) * length, len(points))
        move = step * push / scale[:, None] + ROUND * (_middles(points, triangles) - points)
        points = _without_folds(points, np.where(still, 0, move), triangles, SLIM * side**2)
        error, _, color = measured.errors(points, triangles)
        if error.sum() < least:
            least, best = float(error.sum()), points
        step *= COOLING
    return Mesh(best, mesh.edges, triangles)


def _shared(triangles: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Edges of two triangles: both of these, and the ends. From the first end the first triangle lies on the right."""
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    order = np.lexsort((np.arange(len(sides)), sides.max(1), sides.min(1)))
    key = np.sort(sides[order], axis=1)
    twin = np.flatnonzero((key[1:] == key[:-1]).all(1))
    one, other = order[twin], order[twin + 1]
    a, b = sides[one].T
    return one % len(triangles), other % len(triangles), a, b


def _still(points: Floats, triangles: Ints, painted: Bools, measured: _Measured) -> Bools:
    """Which coordinates (N, 2) stay: those on the edge of the sheet, and both where transparent parts begin."""
    size = np.array([measured.width, measured.height])
    still: Bools = (points <= 0) | (points >= size)
    one, other, a, b = _shared(triangles)
    begin = painted[one] != painted[other]
    still[np.concatenate([a[begin], b[begin]])] = True
    return still


def _flipped(mesh: Mesh, measured: _Measured, least: float) -> Mesh:
    """Exchange edges for the other diagonal between their two triangles, where these are closer to the picture then."""
    points, triangles = mesh.points, mesh.triangles.copy()
    for _ in range(FLIPS):
        error, painted, _ = measured.errors(points, triangles)
        one, other, a, b = _shared(triangles)
        p, q = triangles[one].sum(1) - a - b, triangles[other].sum(1) - a - b
        new = np.stack([np.column_stack([p, a, q]), np.column_stack([q, b, p])])
        area = np.minimum(*(doubled_areas(points, half) for half in new))
        some = np.flatnonzero((area > least) & painted[one] & painted[other])
        errors = measured.errors(points, new[:, some].reshape(-1, 3))[0].reshape(2, -1).sum(0)
        gain = error[one[some]] + error[other[some]] - errors
        taken = np.zeros(len(triangles), bool)
        for k in np.lexsort((some, -gain)).tolist():
            edge = some[k]
            if gain[k] <= 1e-6 * errors[k] + 1:
                break
            if not taken[[one[edge], other[edge]]].any():
                taken[[one[edge], other[edge]]] = True
                triangles[one[edge]], triangles[other[edge]] = new[0, edge], new[1, edge]
        if not taken.any():
            break
    return Mesh(points, mesh.edges, triangles)


def _without_folds(points: Floats, move: Floats, triangles: Ints, least: float) -> Floats:
    """Move points, but none that would turn a triangle inside out, or make one smaller that is small."""
    before = doubled_areas(points, triangles)
    for _ in range(20):
        moved: Floats = points + move
        after = doubled_areas(moved, triangles)
        bad = (after < least) & (after < before)
        if not bad.any():
            return moved
        move = move.copy()
        move[triangles[bad]] = 0
    return points
