"""Photos as watercolors: washes of translucent color on white paper, from light and large to dark and small.

Three levels of a mosaic's merge tree are three coats of paint. Paint can only darken: so the first coat is as light as
the lightest parts of its regions, the others take each region to its color from what lies beneath, and what is as light
as that is left out; the lightest parts of all are bare paper. Washes have uncertain outlines, which overlap here and
leave a gap there, dark edges where paint dries last, and pools where it ran to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product
from artkit.arrays import Bools, Floats, Ints, starts_of
from artkit.artwork.drawing import Drawing, Gradient, Layer, Path, Shape, bounds
from artkit.color.palette import name_of
from artkit.color.spaces import oklab_to_srgb, srgb_to_oklab
from artkit.planar.arcs import curve_arcs
from artkit.planar.map import planar_map
from artkit.planar.outlines import cut_out
from artkit.planar.segments import Quality
from artkit.styles.shapes import finer_where, rounded
from artkit.tracer.mosaic import Mosaic
from artkit.tracer.regions.edges import smoothed_staircase

COATS = (36, 6, 1)
"""Regions of the finest level to one of each coat."""

COVER = (0.7, 0.55, 0.6)
"""Opacity of the washes of each coat."""

LIGHTEST = ((0.8, 0.97), (0.5, 0.85), (0.0, 1.0))
"""Which parts of a region, in order of brightness, the washes of each coat have the mean color of."""

ROUND = (3.0, 2.0, 1.0)
"""Standard deviation of the blur that rounds the borders of each coat, in pixels of the mosaic."""

WANDER = (2.0, 1.2, 0.7)
"""How far outlines of each coat stray, as a multiple of what is asked for."""

SOFT = (1.0, 0.3, 0.0)
"""How soft each coat is, as a multiple of what is asked for."""

BARE = 0.03
"""Difference to what lies beneath, in OKLab, below which there is no wash."""

POOL = 0.1
"""How much stronger the paint is where it ran to, and weaker where it came from."""

BRUSHED = Quality(tolerance=0.7, line=0.3, corner=60, sharp=80, reach=7, blur=1, degree=1)
"""How washes follow borders."""


@dataclass(frozen=True)
class Paint:
    """How it is painted: all lengths in the drawing's units.

    `wander` is how far outlines stray, `edge` the width of dark edges, `soft` the blur of the first coat. `vivid`
    multiplies chroma, and `light`, 0 to 1, is how much lighter all is than the photo. `margin` is the width of bare
    paper around the picture.
    """

    wander: float
    edge: float
    soft: float
    vivid: float
    light: float
    paper: NDArray[np.uint8]
    margin: float = 0.0


def drawing(
    mosaic: Mosaic,
    size: tuple[int, int],
    paint: Paint,
    rng: np.random.Generator,
    close: NDArray[np.float32] | None = None,
) -> Drawing:
    """Paint a mosaic that has its tree, on a sheet of `size`, width and height; finely where `close` (H, W) asks."""
    width, height = size
    scale = np.array([width / mosaic.labels.shape[1], height / mosaic.labels.shape[0]])
    picture = _mixed(mosaic.pixels, paint)
    below = np.broadcast_to(paint.paper.astype(np.float64), picture.shape)
    layers: list[Layer] = []
    painted = np.ones(picture.shape[:2], bool)
    for coat, share in enumerate(COATS):
        count = max(round(mosaic.count / share), 1)
        labels = mosaic.labels if count >= mosaic.count else mosaic.level(count).labels
        labels = finer_where(close, labels, rounded(labels, int(labels.max(initial=-1)) + 1, ROUND[coat]))
        if paint.margin:
            painted &= _is_painted(labels.shape, paint.margin / scale.mean(), rng)
            labels = np.where(painted, labels, np.int32(-1))
        shapes, below = _coat(labels, picture, below, coat, scale, paint, rng)
        layers.append(Layer(shapes, f"coat {coat + 1}", paint.edge, blur=SOFT[coat] * paint.soft))
    return Drawing(width, height, layers, name_of(paint.paper), grid=10)


def _mixed(pixels: NDArray[np.uint8], paint: Paint) -> Floats:
    """The colors (H, W, 3) that paint is mixed for, no lighter than the paper."""
    lab = srgb_to_oklab(pixels)
    lab[..., 0] += paint.light * (1 - lab[..., 0])
    lab[..., 1:] *= paint.vivid
    return np.minimum(oklab_to_srgb(lab).astype(np.float64), paint.paper)


def _is_painted(shape: tuple[int, ...], margin: float, rng: np.random.Generator) -> Bools:
    """Where a coat goes on a sheet (H, W) with bare edges of about `margin` pixels, which a brush leaves uneven."""
    import cv2

    height, width = shape
    y, x = np.arange(height)[:, None] + 0.5, np.arange(width)[None] + 0.5
    far = np.minimum(np.minimum(y, height - y), np.minimum(x, width - x))
    rough = np.zeros(shape)
    for size, share in UNEVEN:
        noise = rng.standard_normal(shape)
        blurred = np.asarray(
            cv2.GaussianBlur(noise, (0, 0), sigmaX=max(size * margin, 0.5), borderType=cv2.BORDER_REFLECT)
        )
        rough += share * blurred / max(float(blurred.std()), 1e-9)
    return np.asarray(far > margin * (1 + np.clip(rough, -0.8, 0.8)))


UNEVEN = ((1.0, 0.25), (0.25, 0.1))
"""Sizes of what is uneven in a bare edge, and how much, as shares of its width."""


def _coat(
    labels: NDArray[np.int32], picture: Floats, below: Floats, coat: int, scale: Floats,
    paint: Paint, rng: np.random.Generator,
) -> tuple[list[Shape], Floats]:  # fmt: skip
    """The washes of one coat, large ones first, and the colors (H, W, 3) that the paper has then."""
    planar = planar_map(labels)
    face = np.append(planar.faces.ravel(), -1)[:-1]
    inside = face >= 0
    count = len(planar.face_area)
    of = face[inside]

    own = _between(picture.reshape(-1, 3)[inside], of, planar.face_area, *LIGHTEST[coat])
    under = _between(below.reshape(-1, 3)[inside], of, planar.face_area, 0, 1)
    wanted = np.minimum(own, under)
    cover = COVER[coat]
    pigment = np.clip((wanted - (1 - cover) * under) / cover, 0, 255)
    there = (1 - cover) * under + cover * pigment
    gap = np.linalg.norm(
        srgb_to_oklab(np.rint(there).astype(np.uint8)) - srgb_to_oklab(np.rint(under).astype(np.uint8)), axis=1
    )
    washed = gap > BARE
    after = below.copy().reshape(-1, 3)
    wet = inside.copy()
    wet[inside] = washed[of]
    after[wet] = (1 - cover) * after[wet] + cover * pigment[face[wet]]

    outlines: dict[int, list[Path]] = {}
    field = _Wander(WANDER[coat] * paint.wander, rng)
    shift = rng.uniform(0, field.period, (count, 2))
    for outline in cut_out(planar, curve_arcs(planar, smoothed_staircase(planar), BRUSHED)):
        if washed[outline.face]:
            points = outline.points * scale
            points = points + field.at(points + shift[outline.face])
            outlines.setdefault(outline.face, []).append(Path(points, outline.kinds))
    turn = rng.uniform(0, 2 * np.pi, count)
    order = np.lexsort((np.arange(count), -planar.face_area))
    shapes = []
    for number in order.tolist():
        if number in outlines:
            fill = _pooled(outlines[number], pigment[number], float(turn[number]))
            shapes.append(Shape(outlines[number], fill, name_of(np.rint(pigment[number])), cover))
    return shapes, after.reshape(below.shape)


def _between(colors: Floats, face: NDArray[np.int32], areas: Ints, low: float, high: float) -> Floats:
    """The mean color of the pixels (N, 3) of each face that are neither among its darkest nor its brightest shares."""
    order = np.lexsort((colors.sum(1), face)) if (low, high) != (0, 1) else np.argsort(face, kind="stable")
    running = np.concatenate([np.zeros((1, 3)), np.cumsum(colors[order], axis=0)])
    begin = starts_of(areas)
    first = begin + np.floor(low * areas).astype(np.int64)
    stop = np.maximum(begin + np.ceil(high * areas).astype(np.int64), first + 1)
    mean: Floats = (running[stop] - running[first]) / (stop - first)[:, None]
    return mean


def _pooled(paths: list[Path], pigment: Floats, turn: float) -> Gradient:
    """A fill that is weaker on one side and stronger on the other."""
    low, high = bounds(paths)
    middle, reach = (low + high) / 2, (high - low) / 2
    way = np.array([np.cos(turn), np.sin(turn)]) * reach
    weak, strong = (np.clip(pigment + by * (255 - pigment), 0, 255) for by in (POOL, -POOL))
    start, end = middle - way, middle + way
    return Gradient(
        (float(start[0]), float(start[1])), (float(end[0]), float(end[1])),
        (name_of(np.rint(weak)), name_of(np.rint(strong))),
    )  # fmt: skip


class _Wander:
    """A smooth field of displacements, (N, 2) at places (N, 2), some `far` on the average; it repeats itself."""

    def __init__(self, far: float, rng: np.random.Generator) -> None:
        self.period = 400.0 * max(far, 1e-6)
        waves = rng.integers(-30, 31, (24, 2))
        waves[(waves == 0).all(1)] = 1
        self.waves = waves * (2 * np.pi / self.period)
        self.phase = rng.uniform(0, 2 * np.pi, (24, 2))
        self.far = far * np.sqrt(2 / 24)

    def at(self, places: Floats) -> Floats:
        """Displacements at places."""
        along = product(places, self.waves.T)
        moved: Floats = self.far * np.sin(along[:, :, None] + self.phase).sum(1)
        return moved
