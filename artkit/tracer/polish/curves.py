"""The curves of a drawing as arrays, and put back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from artkit.arrays import Bools, Floats, Ints
from artkit.artwork.drawing import Drawing, Path, Shape
from artkit.color.palette import parse


@dataclass(frozen=True, eq=False)
class Curves:
    """The segments of a drawing's filled paths.

    `points` (M, 2) are those of all paths, one after the other, a last one that repeats the first left out. Segment k
    has points `index[k]` (4,), of lines the ends twice; `shape` is its shape, of color `inks[shape]`. Path p
    has points `bounds[p]` to `bounds[p + 1]`, segments `parts[p]` to `parts[p + 1]`.
    """

    points: Floats
    index: Ints
    line: Bools
    shape: Ints
    inks: Floats
    bounds: Ints
    parts: Ints

    @classmethod
    def of(cls, drawing: Drawing) -> Curves | None:
        """Take those of a drawing; None where there are none."""
        points, index, line, of_shape, inks, bounds, parts = [], [], [], [], [], [0], [0]
        for shape in drawing.shapes:
            if not is_plain(shape):
                continue
            inks.append(parse(str(shape.fill)))
            for one in shape.paths:
                own = np.asarray(one.points, np.float64)
                ring = len(own) - bool(np.array_equal(own[0], own[-1]))
                at = 0
                kinds = (np.ones(len(own) - 1, np.uint8) if one.kinds is None else one.kinds).tolist()
                for kind in [*kinds, *([1] if ring == len(own) else [])]:
                    ends = [at, at, at + 1, at + 1] if kind == 1 else [at, at + 1, at + 2, at + 3]
                    index.append([bounds[-1] + k % ring for k in ends])
                    line.append(kind == 1)
                    of_shape.append(len(inks) - 1)
                    at += kind
                points.append(own[:ring])
                bounds.append(bounds[-1] + ring)
                parts.append(len(index))
        if not index:
            return None
        return cls(
            np.vstack(points), np.array(index), np.array(line), np.array(of_shape),
            np.array(inks, np.float64), np.array(bounds), np.array(parts),
        )  # fmt: skip

    def controls(self, points: Floats) -> Floats:
        """Give the four points of each segment, (S, 4, 2), those of lines at thirds."""
        found: Floats = points[self.index]
        found[self.line, 1] = (2 * found[self.line, 0] + found[self.line, 3]) / 3
        found[self.line, 2] = (found[self.line, 0] + 2 * found[self.line, 3]) / 3
        return found

    def put(self, drawing: Drawing, points: Floats) -> Drawing:
        """Give the drawing with these points."""
        place = iter(zip(self.bounds[:-1].tolist(), self.bounds[1:].tolist(), strict=True))

        def moved(path: Path) -> Path:
            low, high = next(place)
            own = points[low:high]
            return path._replace(points=own if len(path.points) == high - low else np.vstack([own, own[:1]]))

        layers = [
            replace(layer, shapes=[self._put(shape, moved) for shape in layer.shapes]) for layer in drawing.layers
        ]
        return drawing.replace(layers=layers)

    @staticmethod
    def _put(shape: Shape, moved: Callable[[Path], Path]) -> Shape:
        return shape._replace(paths=[moved(path) for path in shape.paths]) if is_plain(shape) else shape


def is_plain(shape: Shape) -> bool:
    """Whether a shape is filled with one color and its paths are lines and cubics."""
    plain = isinstance(shape.fill, str) and shape.stroke is None and shape.opacity == 1
    return plain and all(path.closed and (path.kinds is None or not (path.kinds == 2).any()) for path in shape.paths)
