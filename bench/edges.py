"""Edges: how far those of pills, round squares and rings come back from where they are, in how many segments.

    python -m bench edges

Every shape is antialiased exactly, lies between pixels, and is traced by default. `off` is the largest distance of the
drawn outline from the edge in pixels, `times` the segments as a multiple of the shape's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from artkit.artwork.drawing import CUBIC, LINE, Drawing, LineStyle, Path
from artkit.artwork.image import Image
from artkit.ops.trace import trace

Distance = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""How far points (x, y) are from an edge, negative inside."""

SIDES = (64, 128, 256, 512, 1024, 2048)
RADII = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96)
MOST, TWICE = 0.15, 2.0


def main() -> None:
    """Print a row for each kind of shape and radius in Markdown."""
    print("| shape | radius | shapes | off, median | off, most | times, most | off over 0.15 px | times over 2 |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    total = np.zeros(3, int)
    for name in ("pill", "round square", "ring"):
        for radius in RADII:
            found = np.array([row(*case) for case in cases(name, radius)])
            if not len(found):
                continue
            off, times = found.T
            bad = int((off > MOST).sum()), int((times > TWICE).sum())
            total += (len(off), *bad)
            print(
                f"| {name} | {radius} | {len(off)} | {np.median(off):.2f} | {off.max():.2f} | {times.max():.2f} "
                f"| {bad[0]} | {bad[1]} |",
                flush=True,
            )
    print(f"| all | | {total[0]} | | | | {total[1]} | {total[2]} |")


def cases(name: str, radius: float) -> Iterator[tuple[Distance, int, int, int]]:
    """Edges of a kind of shape at all sizes and three places, with width and height of a picture and true segments."""
    for side in SIDES:
        if 2 * radius > side - 8:
            continue
        for shift in ((0.0, 0.0), (0.3, 0.6), (0.5, 0.25)):
            x, y = side / 2 + shift[0], side / 2 + shift[1]
            if name == "pill":
                y = radius + 4 + shift[1]
                yield rounded_box((x, y), (side - 8, 2 * radius), radius), side, int(2 * radius + 8), 6
            elif name == "round square":
                yield rounded_box((x, y), (side - 8, side - 8), radius), side, side, 8
            elif side <= 1024:
                width = max(2, radius / 3)
                yield ring((x, y), radius, width), int(side), int(side), 8 if radius > width / 2 else 4


def ring(center: tuple[float, float], radius: float, width: float) -> Distance:
    """The edge of a ring: `radius` is that of its middle line."""
    return lambda x, y: np.abs(np.hypot(x - center[0], y - center[1]) - radius) - width / 2


def rounded_box(center: tuple[float, float], size: tuple[float, float], radius: float) -> Distance:
    """The edge of a rectangle with round corners."""

    def distance(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        u = np.abs(x - center[0]) - (size[0] / 2 - radius)
        v = np.abs(y - center[1]) - (size[1] / 2 - radius)
        return np.hypot(np.maximum(u, 0), np.maximum(v, 0)) + np.minimum(np.maximum(u, v), 0) - radius

    return distance


def row(distance: Distance, width: int, height: int, segments: int) -> tuple[float, float]:
    """Trace a shape: how far it is off, and its segments as a multiple of the true ones."""
    off, drawn = strays(trace(painted(distance, width, height)), distance)
    return off, drawn / segments


def painted(distance: Distance, width: int, height: int, fine: int = 16) -> Image:
    """A blue shape on white, antialiased exactly where its edge passes."""
    far = distance(np.arange(width)[None] + 0.5, np.arange(height)[:, None] + 0.5)
    share = (far < 0).astype(float)
    y, x = np.nonzero(np.abs(far) < 0.8)
    at = (np.arange(fine) + 0.5) / fine
    share[y, x] = (distance(x[:, None, None] + at, y[:, None, None] + at[:, None]) < 0).mean((1, 2))
    return Image(np.rint(255 + share[..., None] * (np.array([17, 68, 204]) - 255)).astype(np.uint8))


def strays(drawing: Drawing, distance: Distance) -> tuple[float, int]:
    """Largest distance of the drawn edges from the edge, and the number of segments; nothing drawn is far off."""
    far, segments = 0.0, 0
    for shape in drawing.shapes:
        if "#1144cc" not in (shape.fill, shape.stroke):
            continue
        for path in shape.paths:
            points = sampled(path)
            if shape.stroke is not None:
                points = beside(points, shape.line, path.closed)
            far = max(far, float(np.abs(distance(*points.T)).max()))
            segments += path.segments
    return (far, segments) if segments else (np.inf, 0)


def sampled(path: Path) -> np.ndarray:
    """Points close to each other along a path."""
    t = np.linspace(0, 1, 33)[:, None]
    found, at, i = [], path.points[0], 1
    kinds = np.full(len(path.points) - 1, LINE) if path.kinds is None else path.kinds
    for kind in kinds:
        p = path.points[i : i + kind]
        curve = at + t * (p[-1] - at)
        if kind == CUBIC:
            curve = (1 - t) ** 3 * at + 3 * (1 - t) ** 2 * t * p[0] + 3 * (1 - t) * t**2 * p[1] + t**3 * p[2]
        found.append(curve)
        at, i = p[-1], i + kind
    if path.closed:
        found.append(at + t * (path.points[0] - at))
    return np.concatenate(found)


def beside(points: np.ndarray, line: LineStyle, closed: bool) -> np.ndarray:
    """Both edges of a stroke along points, and its round caps."""
    half = line.width / 2
    step = np.diff(points, axis=0)
    step = step[np.hypot(*step.T) > 1e-9]
    keep = np.append(True, np.hypot(*np.diff(points, axis=0).T) > 1e-9)
    points = points[keep]
    way = step / np.hypot(*step.T)[:, None]
    normal = np.column_stack([-way[:, 1], way[:, 0]])
    edges = [points[1:] + half * normal, points[1:] - half * normal]
    if not closed and line.cap == "round":
        turn = np.linspace(0, np.pi, 33)[:, None]
        for end, ahead, across in ((points[0], -way[0], normal[0]), (points[-1], way[-1], normal[-1])):
            edges.append(end + half * (np.sin(turn) * ahead + np.cos(turn) * across))
    return np.concatenate(edges)
