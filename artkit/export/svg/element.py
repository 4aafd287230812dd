"""Elements of an SVG: what is drawn, before it is known what paint it needs to say."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.artwork.bezier import KAPPA
from artkit.artwork.drawing import CUBIC, LINE, Shape
from artkit.export.svg.arcs import arc_data
from artkit.export.svg.grid import Grid
from artkit.export.svg.motion import Act
from artkit.export.svg.numbers import rounded


class Element(NamedTuple):
    """An element by its tag, its geometry as attributes, what moves it, and its id, where it has one."""

    tag: str
    geometry: str
    act: Act
    id: str = ""

    @classmethod
    def of(cls, shape: Shape, data: str, act: Act, grid: Grid) -> Element:
        """Give a shape as a path of that data or, shorter, as a circle or an ellipse where it is one."""
        ruled = None if shape.line is None else arc_data(shape.paths, grid)
        path = ("path", f'd="{ruled or data}"')
        if shape.line is not None and shape.line.dashes:  # other elements begin where they like
            return cls(*path, act, shape.id)
        return cls(*(_oval(shape, grid) or _box(shape, grid) or path), act, shape.id)

    def text(self, paint: str = "") -> str:
        """Give the element with attributes of paint, each with a space before it."""
        name = f' id="{self.id}"' if self.id else ""
        opening = f"<{self.tag}{name}{paint} {self.geometry}{self.act.attributes}"
        return f"{opening}>{self.act.inside}</{self.tag}>" if self.act.inside else f"{opening}/>"


def _oval(shape: Shape, grid: Grid) -> tuple[str, str] | None:
    """Give tag and geometry of a shape that is four quarters of an upright ellipse or of a circle, else None."""
    if grid.page or len(shape.paths) != 1:
        return None
    path = shape.paths[0]
    if path.kinds is None or len(path.kinds) != 4 or len(path.points) != 13 or not path.closed:
        return None
    points = np.asarray(path.points) * grid.scale
    ends = points[[0, 3, 6, 9]]
    center = ends.mean(0)
    arms = ends - center
    turn = arms[[1, 2, 3, 0]]
    wanted = np.stack([arms + KAPPA * turn, turn + KAPPA * arms], 1).reshape(-1, 2) + center
    upright = min(np.abs(arms[0]).min(), np.abs(arms[1]).min()) < 1e-6 * np.abs(arms).max()
    if not upright or np.abs(points[[1, 2, 4, 5, 7, 8, 10, 11]] - wanted).max() > 1e-3 * np.abs(arms).max():
        return None
    rx, ry = (rounded(r) for r in np.abs(arms).max(0))
    if "0" in (rx, ry):
        return None
    place = f'cx="{rounded(center[0])}" cy="{rounded(center[1])}"'
    return ("circle", f'{place} r="{rx}"') if rx == ry else ("ellipse", f'{place} rx="{rx}" ry="{ry}"')


def _box(shape: Shape, grid: Grid) -> tuple[str, str] | None:
    """Give tag and geometry of a shape that is an upright rectangle with even round corners, else None."""
    if grid.page or len(shape.paths) != 1:
        return None
    path = shape.paths[0]
    if path.kinds is None or len(path.points) != 17 or path.kinds.tolist() != [LINE, CUBIC] * 4 or not path.closed:
        return None
    points = np.asarray(path.points) * grid.scale
    low, high = points.min(0), points.max(0)
    radius = float(points[0, 0] - low[0])
    k = (1 - KAPPA) * radius
    inset = np.array([[radius, 0], [radius, 0], [k, 0], [0, k], [0, radius], [0, radius], [0, k], [k, 0]])
    corner = np.array([[0, 0], [1, 0], [1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]])
    wanted = [np.where(corner, high - inset, low + inset)]
    wanted.append(np.where(1 - corner, high - inset, low + inset))
    if radius <= 0 or np.abs(points[:16] - np.vstack(wanted)).max() > 1e-3 * radius or "0" in map(rounded, high - low):
        return None
    (x, y), (width, height) = ((rounded(value) for value in pair) for pair in (low, high - low))
    return "rect", f'x="{x}" y="{y}" width="{width}" height="{height}" rx="{rounded(radius)}"'
