"""A picture as few translucent shapes, added one by one, each where it lowers the error the most.

The idea is that of Michael Fogleman's `primitive` (2016): shapes at random, the best of them improved by small changes
(hill climbing), and the color of each solved for. Here many climb at a time, and none of them is painted to be judged:
a convex shape is a span of pixels in each row, and what the error of a span becomes follows from sums along the row
that are made once for each shape that is added. In the end the colors of all shapes are solved for together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats, Ints
from artkit.artwork.drawing import CUBIC, Drawing, Layer, Path, Shape
from artkit.color.palette import name_of
from artkit.styles.shapes import CIRCLE

Kind = Literal["triangle", "rectangle", "ellipse", "circle"]
KINDS: tuple[Kind, ...] = ("triangle", "rectangle", "ellipse", "circle")

SIDE, SHAPES, FINER, FINEST = 160, 100, 0.25, 320
"""The longer side at which shapes are judged: `SIDE` pixels for `SHAPES` of them, more with a power of their number."""

KIDS = 4
"""Changes of each shape that are tried at a step."""


class _Effort(NamedTuple):
    """How a shape is looked for; more: closer, and slower.

    `tried` shapes at random, of which the `climbing` best are changed for so many `steps`. After some, `halved`, the
    worse half is given up. Changes are `shorter` from step to step.
    """

    tried: int
    climbing: int
    steps: int
    halved: tuple[int, ...]
    shorter: float


ONE_KIND = _Effort(tried=256, climbing=20, steps=44, halved=(8, 16, 24), shorter=0.93)
SEVERAL = _Effort(tried=400, climbing=40, steps=60, halved=(10, 20, 32), shorter=0.95)
"""The effort where there is one kind of shapes, and where several compete."""

FIRST_STEP, LAST_STEP = 0.12, 0.7
"""Changes of places: a share of the side at first, and at the least so many pixels."""

SMALLEST, LARGEST = 0.03, 0.5
"""Of shapes at random, their reach as shares of the longer side."""

REFIT = 12
"""Rounds in which colors are solved for together."""


def drawing(
    pixels: NDArray[np.uint8],
    size: tuple[int, int],
    count: int,
    kinds: Sequence[Kind],
    opacity: float,
    rng: np.random.Generator,
    weight: NDArray[np.floating] | None = None,
    advance: Callable[[float], None] = lambda share: None,
) -> Drawing:
    """Draw (H, W, 3) sRGB as `count` shapes of these kinds on one color, for a sheet of `size`.

    Errors count by `weight` (H, W), where there is one. `advance` is told the share that is done.
    """
    target = pixels.astype(np.float64)
    heavy = np.ones(target.shape[:2]) if weight is None else weight.astype(np.float64)
    ground = np.rint((target * heavy[..., None]).sum((0, 1)) / heavy.sum())
    canvas = np.broadcast_to(ground, target.shape).copy()
    found: list[_Found] = []
    for number in range(count):
        advance(0.95 * number / count)
        sums = _Sums.of(target, canvas, heavy, opacity)
        best = _climbed(sums, kinds, rng)
        if best.error >= 0:
            break
        spans = _spans(best.kind, best.numbers[None], sums.height)
        first, last = (_columns(edge, sums.width)[0] for edge in spans)
        inside = _inside(first, last, sums.width)
        color = np.rint(sums.judged(*spans)[1][:, 0])
        canvas[inside] += opacity * (color - canvas[inside])
        found.append(_Found(best.kind, best.numbers, np.flatnonzero(inside)))
    colors = _solved(target, heavy, ground, [each.inside for each in found], opacity)
    scale = np.array(size) / (target.shape[1], target.shape[0])
    shapes = [
        Shape([_outline(each.kind, each.numbers, scale)], name_of(color), opacity=opacity)
        for each, color in zip(found, colors, strict=True)
    ]
    return Drawing(*size, [Layer(shapes)], background=name_of(ground), grid=1)


def side_of(count: int) -> int:
    """The longer side in pixels at which so many shapes are judged."""
    grown: float = max(count / SHAPES, 0.5) ** FINER
    return round(min(SIDE * grown, FINEST))


class _Found(NamedTuple):
    kind: Kind
    numbers: Floats
    inside: Ints


class _Best(NamedTuple):
    kind: Kind
    numbers: Floats
    error: float


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums along rows, (5, H * (W + 1)), of what the error of a span is made of.

    Where a color c is laid with opacity a, the error is that of u - a c with u = target - (1 - a) canvas: it takes the
    sums of u, of u u less the error that is there, and of the weights.
    """

    rows: Floats
    height: int
    width: int
    opacity: float

    @classmethod
    def of(cls, target: Floats, canvas: Floats, weight: Floats, opacity: float) -> _Sums:
        height, width = weight.shape
        u, now = target - (1 - opacity) * canvas, target - canvas
        rows = np.zeros((5, height, width + 1))
        rows[:3, :, 1:] = np.moveaxis(u * weight[..., None], 2, 0)
        rows[3, :, 1:] = ((u * u).sum(2) - (now * now).sum(2)) * weight
        rows[4, :, 1:] = weight
        np.cumsum(rows, axis=2, out=rows)
        return cls(rows.reshape(5, -1), height, width, opacity)

    def judged(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Give how shapes with these spans (K, H) change the error, and their best colors (3, K)."""
        first, last = _columns(low, self.width), _columns(high, self.width)
        last = np.maximum(first, last)
        row = np.arange(self.height) * (self.width + 1)
        total = (self.rows.take(last + row, axis=1) - self.rows.take(first + row, axis=1)).sum(2)
        whole = np.maximum(total[4], 1e-9)
        color = np.clip(total[:3] / (self.opacity * whole), 0, 255)
        change = total[3] - 2 * self.opacity * (color * total[:3]).sum(0) + self.opacity**2 * (color**2).sum(0) * whole
        return np.where(total[4] > 0, change, np.inf), color


def _columns(edge: Floats, width: int) -> Ints:
    """The first column whose middle is not left of an edge; those beyond the sheet at its sides."""
    return np.ceil(np.clip(edge, 0, width) - 0.5).astype(np.int64)


def _inside(first: Ints, last: Ints, width: int) -> NDArray[np.bool_]:
    column = np.arange(width)
    return (column >= first[:, None]) & (column < last[:, None])


def _climbed(sums: _Sums, kinds: Sequence[Kind], rng: np.random.Generator) -> _Best:
    """Give the best shape that is found from some at random by small changes; kinds compete for the places to climb."""
    effort = SEVERAL if len(kinds) > 1 else ONE_KIND
    climbing = {kind: _judged(kind, _random(kind, effort.tried // len(kinds), sums, rng), sums) for kind in kinds}
    places = effort.climbing // len(kinds)
    climbing = {kind: (numbers[:places], error[:places]) for kind, (numbers, error) in climbing.items()}
    step = FIRST_STEP * max(sums.height, sums.width)
    for number in range(effort.steps):
        for kind, (numbers, error) in climbing.items():
            changed = _changed(kind, np.repeat(numbers, KIDS, axis=0), step, rng)
            tried = sums.judged(*_spans(kind, changed, sums.height))[0].reshape(-1, KIDS)
            row, best = np.arange(len(numbers)), tried.argmin(1)
            better = tried[row, best] < error
            numbers[better] = changed.reshape(len(numbers), KIDS, -1)[row, best][better]
            error[better] = tried[row, best][better]
        step = max(effort.shorter * step, LAST_STEP)
        if number in effort.halved:
            climbing = _better_half(climbing)
    best_of_each = [_Best(kind, numbers[0], float(error[0])) for kind, (numbers, error) in _sorted(climbing).items()]
    return min(best_of_each, key=lambda each: each.error)


_Climbing = dict[Kind, tuple[Floats, Floats]]
"""Shapes of each kind, (K, 6), and their errors (K,)."""


def _judged(kind: Kind, numbers: Floats, sums: _Sums) -> tuple[Floats, Floats]:
    """Give shapes with their errors, the best first."""
    error, _ = sums.judged(*_spans(kind, numbers, sums.height))
    order = np.argsort(error, kind="stable")
    return numbers[order], error[order]


def _sorted(climbing: _Climbing) -> _Climbing:
    orders = {kind: np.argsort(error, kind="stable") for kind, (_, error) in climbing.items()}
    return {kind: (numbers[orders[kind]], error[orders[kind]]) for kind, (numbers, error) in climbing.items()}


def _better_half(climbing: _Climbing) -> _Climbing:
    """Keep the better half of all, of whatever kind, and three at least."""
    errors = np.concatenate([error for _, error in climbing.values()])
    most = np.sort(errors)[min(max(len(errors) // 2, 3), len(errors)) - 1]
    kept = {kind: error <= most for kind, (_, error) in climbing.items()}
    climbing = {kind: (numbers[kept[kind]], error[kept[kind]]) for kind, (numbers, error) in climbing.items()}
    return {kind: those for kind, those in _sorted(climbing).items() if len(those[1])}


def _random(kind: Kind, count: int, sums: _Sums, rng: np.random.Generator) -> Floats:
    """Shapes at random, (count, 6): corners of triangles, else middle, half width, half height and turn."""
    side = max(sums.height, sums.width)
    middle = rng.uniform((0, 0), (sums.width, sums.height), (count, 2))
    reach = side * rng.uniform(SMALLEST, LARGEST, (count, 1))
    if kind == "triangle":
        return np.asarray(np.tile(middle, 3) + reach * rng.uniform(-1, 1, (count, 6)))
    across = reach * (1 if kind == "circle" else rng.uniform(0.1, 1, (count, 1)))
    turn = rng.uniform(0, np.pi, (count, 1))
    return np.hstack([middle, reach / 2, across / 2, turn, np.zeros((count, 1))])


def _changed(kind: Kind, numbers: Floats, step: float, rng: np.random.Generator) -> Floats:
    """Change each of the shapes: one of its corners or sides, or its place."""
    which = rng.integers(0, 4, len(numbers))
    move = rng.normal(0, step, (len(numbers), 2))
    if kind == "triangle":
        corners = numbers.reshape(-1, 3, 2)
        corners += move[:, None] * ((which[:, None] == np.arange(3)) | (which == 3)[:, None])[..., None]
        return numbers
    numbers[:, :2] += move * ((which == 0) | (which == 3))[:, None]
    grown = np.abs(numbers[:, 2:4] + 0.7 * move * ((which == 1) | (which == 3))[:, None])
    numbers[:, 2:4] = np.maximum(grown, 0.6)
    if kind == "circle":
        numbers[:, 3] = numbers[:, 2]
    else:
        numbers[:, 4] += (which == 2) * move[:, 0] / np.maximum(numbers[:, 2:4].max(1), 2)
    return numbers


def _spans(kind: Kind, numbers: Floats, height: int) -> tuple[Floats, Floats]:
    """Where each row's middle enters and leaves the shapes: (K, H) each; inf and -inf where it does neither."""
    y = np.arange(height, dtype=np.float64) + 0.5
    if kind in ("triangle", "rectangle"):
        return _spans_of_corners(_corners(kind, numbers), y)
    x, up = numbers[:, :1], y - numbers[:, 1:2]
    half, other, turn = numbers[:, 2:3], numbers[:, 3:4], numbers[:, 4:5]
    cos, sin = np.cos(turn), np.sin(turn)
    a = (cos / half) ** 2 + (sin / other) ** 2
    b = sin * cos * (half**-2.0 - other**-2.0)
    c = (sin / half) ** 2 + (cos / other) ** 2
    inside = (b * up) ** 2 - a * (c * up * up - 1)
    reach = np.sqrt(np.maximum(inside, 0)) / a
    middle = x - b * up / a
    return np.where(inside > 0, middle - reach, np.inf), np.where(inside > 0, middle + reach, -np.inf)


def _corners(kind: Kind, numbers: Floats) -> Floats:
    """The corners of triangles and rectangles, (K, 3 or 4, 2)."""
    if kind == "triangle":
        return numbers.reshape(-1, 3, 2)
    cos, sin = np.cos(numbers[:, 4]), np.sin(numbers[:, 4])
    along = numbers[:, 2:3] * np.stack([cos, sin], axis=1)
    across = numbers[:, 3:4] * np.stack([-sin, cos], axis=1)
    ways = [along + across, across - along, -along - across, along - across]
    return np.stack([numbers[:, :2] + way for way in ways], axis=1)


def _spans_of_corners(corners: Floats, y: NDArray[np.floating]) -> tuple[Floats, Floats]:
    following = np.roll(corners, -1, axis=1)
    rise = following[..., 1] - corners[..., 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (y - corners[..., 1:]) / rise[..., None]
        x = corners[..., :1] + t * (following[..., 0] - corners[..., 0])[..., None]
    crossed = (t >= 0) & (t <= 1)
    return np.where(crossed, x, np.inf).min(1), np.where(crossed, x, -np.inf).max(1)


def _solved(target: Floats, weight: Floats, ground: Floats, inside: Sequence[Ints], opacity: float) -> Floats:
    """Solve for the colors (N, 3) of all shapes together, by rounds of Gauss and Seidel within 0 to 255.

    Shape k counts in a pixel by its opacity, times what those above it let through.
    """
    flat, heavy = target.reshape(-1, 3), weight.ravel()
    through = np.ones(len(flat))
    shares: list[Floats] = []
    for own in reversed(inside):
        shares.append(opacity * through[own])
        through[own] *= 1 - opacity
    shares.reverse()
    colors = np.zeros((len(inside), 3))
    rest = flat - through[:, None] * ground
    order = range(len(inside))
    for _ in range(REFIT):
        for k in order:
            own, share = inside[k], shares[k]
            strong = share * heavy[own]
            left = rest[own] + share[:, None] * colors[k]
            color = np.clip((strong[:, None] * left).sum(0) / max(float((strong * share).sum()), 1e-9), 0, 255)
            rest[own] = left - share[:, None] * color
            colors[k] = color
    return np.rint(colors)


def _outline(kind: Kind, numbers: Floats, scale: Floats) -> Path:
    """Give a shape's outline on a sheet that is `scale` times as large."""
    if kind in ("triangle", "rectangle"):
        corners = _corners(kind, numbers[None])[0]
        area = np.sum(corners[:, 0] * np.roll(corners[:, 1], -1) - corners[:, 1] * np.roll(corners[:, 0], -1))
        return Path((corners if area > 0 else corners[::-1]) * scale)
    x, y = CIRCLE.T * numbers[2:4, None]
    cos, sin = np.cos(numbers[4]), np.sin(numbers[4])
    points = np.stack([cos * x - sin * y, sin * x + cos * y], axis=1) + numbers[:2]
    return Path(points * scale, np.full(4, CUBIC, np.uint8))
