"""Lines that are to be cut in, what is wrong with them out: each question answered with a figure. Millimetres."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np

from artkit.arrays import Bools, Floats
from artkit.export.dxf import Outline
from artkit.pens.lines import Lines
from artkit.pens.prepare.dedupe import without_doubles
from artkit.prepress.features import slivers
from artkit.prepress.profile import Profile

TWICE = 0.02
"""Millimetres within which lines count as one that is cut twice."""

SLIGHT, SHARE = 0.1, 1e-3
"""Millimetres of doubles, or their share of all lines, that count for nothing: where lines meet at a sharp angle."""

TOUCH = 0.02
"""Millimetres from the end of a segment within which lines touch and do not cross."""

SIDE, SQUARE = 20.0, "size-check"
"""Millimetres of the square that shows whether sizes are kept, and the name of its layer."""

WASTE = "weed"
"""How layers are named of lines that part the waste: they may cross each other, and be open."""

AROUND = (SQUARE, WASTE, "frame")
"""How layers are named that do not part what is kept."""

MARKS = ("score", "engrave")
"""Works that part nothing: they may be as fine as they like."""

WIDEST = 5.0
"""Millimetres of a feature or a gap beyond which nobody asks."""

THINNEST, WIDTHS, HALVINGS = 0.05, 12, 6
"""Millimetres of the first width that is tried, how many are, and how often the way between two is halved then."""


class Row(NamedTuple):
    """A question, whether the answer is good (None: it only tells), and the figure."""

    name: str
    passed: bool | None
    figure: str
    value: float | int | str


def preflight(outlines: Sequence[Outline], size: tuple[float, float], profile: Profile) -> list[Row]:
    """Answer what a cutter would ask about outlines on a sheet of `size`, by the limits of a profile."""
    lines = [_line(outline) for outline in outlines]
    groups = list(_groups(outlines, lines, profile))
    doubles = sum(_doubles(group) for group, _ in groups)
    crossings = sum(_crossings(group, waste) for group, waste in groups)
    opened = sum(not outline.closed for outline in outlines if not outline.layer.startswith(WASTE))
    length = sum(map(_length, lines))
    nodes = [len(outline.points) for outline in outlines]
    colors = len({outline.color for outline in outlines})
    rows = [
        _sized(lines, size, profile),
        Row("lines", bool(lines), f"{len(lines)}", len(lines)),
        Row("length", None, f"{length / 1000:.2f} m", _rounded(length)),
        _counted("colors", colors, profile.most_colors),
        Row("open lines", not (profile.closed and opened), f"{opened}", opened),
        Row("double lines", doubles <= max(SLIGHT, SHARE * length), f"{doubles:.2f} mm", _rounded(doubles)),
        Row("crossings", not crossings, f"{crossings}", crossings),
        _counted("nodes", sum(nodes), profile.most_nodes),
        Row("nodes of a line", None, f"{max(nodes, default=0)} at most", max(nodes, default=0)),
    ]
    return [*rows, *_thin(outlines, profile), *_square(outlines)]


def _rounded(value: float) -> float:
    return round(float(value), 3)


def _counted(name: str, count: int, most: int | None) -> Row:
    return Row(name, most is None or count <= most, f"{count}" if most is None else f"{count} of {most}", count)


def _line(outline: Outline) -> Floats:
    return np.vstack([outline.points, outline.points[:1]]) if outline.closed else outline.points


def _length(line: Floats) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def _groups(outlines: Sequence[Outline], lines: Sequence[Floats], profile: Profile) -> Iterator[tuple[Lines, Bools]]:
    """Put lines together that are cut from one sheet, those of a color where colors are materials, else all.

    Tells of each line, (L,), whether it only parts the waste.
    """
    known: dict[str, list[int]] = {}
    for k, outline in enumerate(outlines):
        known.setdefault("" if profile.colors == "operations" else outline.color, []).append(k)
    for own in known.values():
        waste = np.array([outlines[k].layer.startswith(WASTE) for k in own])
        yield Lines.of([lines[k] for k in own]), waste


def _sized(lines: Sequence[Floats], size: tuple[float, float], profile: Profile) -> Row:
    figure = f"{size[0]:.2f} x {size[1]:.2f} mm"
    if lines:
        points = np.concatenate(lines)
        across, down = points.max(0) - points.min(0)
        figure += f", cut {across:.2f} x {down:.2f} mm"
    if profile.largest is None:
        return Row("size", min(size) > 0, figure, figure)
    fits = min(size) <= min(profile.largest) and max(size) <= max(profile.largest)
    figure += f", at most {profile.largest[0]:g} x {profile.largest[1]:g} mm"
    return Row("size", fits and min(size) > 0, figure, figure)


def _doubles(lines: Lines) -> float:
    """Length of what is cut twice."""
    return max(lines.length - without_doubles(lines, TWICE, bridge=False).length, 0.0) if len(lines) else 0.0


def _crossings(lines: Lines, waste: Bools) -> int:
    """Number of places where segments go through each other; not where ends touch, or both lines part the waste."""
    import shapely

    ends = np.stack([lines.points[lines.segments], lines.points[lines.segments + 1]], axis=1)
    segments = shapely.linestrings(ends)
    one, other = shapely.STRtree(segments).query(segments, predicate="crosses")
    of = waste[lines.line_of[lines.segments]]
    counts = (one < other) & ~(of[one] & of[other])
    one, other = one[counts], other[counts]
    if not len(one):
        return 0
    where = shapely.get_coordinates(shapely.centroid(shapely.intersection(segments[one], segments[other])))
    near = np.hypot(*np.moveaxis(np.concatenate([ends[one], ends[other]], 1) - where[:, None], -1, 0)).min(1)
    return len(np.unique(np.round(where[near > TOUCH], 2), axis=0))


def _thin(outlines: Sequence[Outline], profile: Profile) -> Iterator[Row]:
    """Tell how wide the thinnest part of what is enclosed is and, where all lines are closed, the thinnest gap."""
    import shapely

    least = profile.least_feature
    found: list[list[Any]] = [[], []]
    marks = {profile.works[kind] for kind in MARKS} if profile.colors == "operations" else set()
    for color, group in groupby(sorted(outlines, key=lambda one: one.color), key=lambda one: one.color):
        if color in marks:
            continue
        own = [one for one in group if not one.layer.startswith(AROUND) and len(one.points) > 1]
        faces, enclosed = _faces(own)
        if not len(faces):
            continue
        if not all(one.closed for one in own):
            found[0].append(faces)
            continue
        inside = shapely.union_all(faces[enclosed])
        left, top, right, bottom = inside.bounds
        around = shapely.box(left - WIDEST, top - WIDEST, right + WIDEST, bottom + WIDEST)
        found[0].append(shapely.get_parts(inside))
        found[1].append(shapely.get_parts(shapely.difference(around, inside)))
    for name, parts in zip(("smallest feature", "smallest gap"), found, strict=True):
        if parts:
            width = _narrowest(np.concatenate(parts))
            figure = f"{width:.2f} mm" if width < WIDEST else f"{WIDEST:g} mm or more"
            figure += f", {least:g} mm asked for" if least else ""
            yield Row(name, least is None or width >= least, figure, _rounded(width))


def _faces(outlines: Sequence[Outline]) -> tuple[Any, Bools]:
    """Give the faces between lines (F,), and which of them an odd number of closed lines encloses."""
    import shapely

    lines = [shapely.linestrings(_line(one)) for one in outlines]
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines, grid_size=1e-4))))
    rings = [shapely.make_valid(shapely.polygons(one.points)) for one in outlines if one.closed and len(one.points) > 2]
    inside = np.zeros(len(faces), np.int64)
    if rings and len(faces):
        face, _ = shapely.STRtree(rings).query(shapely.point_on_surface(faces), predicate="intersects")
        inside = np.bincount(face, minlength=len(faces))
    return faces, inside % 2 == 1


def _narrowest(parts: Any) -> float:
    """Give the width below which nothing of some polygons (P,) is, up to `WIDEST`."""
    # What is thin is so at its own width: of a much wider opening it is but a corner.
    low = 0.0
    for width in np.geomspace(THINNEST, WIDEST, WIDTHS).tolist():
        thin = np.array([len(slivers(parts[k : k + 1], width)) > 0 for k in range(len(parts))], bool)
        if thin.any():
            return _halved(parts[thin], low, width)
        low = width
    return WIDEST


def _halved(parts: Any, low: float, high: float) -> float:
    """Give the largest width, within steps, at which nothing of polygons (P,) is thin that all are at `high`."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if len(slivers(parts, middle)) else (middle, high)
    return low


def _square(outlines: Sequence[Outline]) -> Iterator[Row]:
    for outline in outlines:
        if outline.layer == SQUARE:
            across, down = outline.points.max(0) - outline.points.min(0)
            good = abs(across - SIDE) < 0.005 and abs(down - SIDE) < 0.005
            yield Row("size check", good, f"{across:.2f} x {down:.2f} mm, drawn as {SIDE:g} mm", _rounded(across))
