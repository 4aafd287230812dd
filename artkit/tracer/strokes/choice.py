"""Strokes or outline: which faces are as close as strokes, and take less to tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import TRANSPARENT, Floats, channel_sum
from artkit.artwork.drawing import LINE, Cap, Drawing, Layer, LineStyle, Path, Shape
from artkit.color.palette import name_of
from artkit.planar.map import OUTSIDE, PlanarMap
from artkit.planar.segments import Quality
from artkit.planar.stack import stack
from artkit.raster.masks import grown
from artkit.tracer.found import Regions
from artkit.tracer.strokes.beneath import map_beneath, without
from artkit.tracer.strokes.boxes import is_box
from artkit.tracer.strokes.dashes import rows_of_dashes
from artkit.tracer.strokes.draw import Strokes, as_track, strokes_of
from artkit.tracer.strokes.faces import Alone, alone, boxes_of, candidates, faces_beside, sorted_keys
from artkit.tracer.strokes.middle import FREE, feet_of

Mode = Literal["auto", "always", "never"]

OFF: dict[Mode, float] = {"auto": 0.25, "always": 0.6}
"""How far strokes may be from the border, in pixels, root mean square."""

WORSE = 1.1
"""How much larger the error of coverage may be than that of the outline: 0.4 dB."""

CLOSE = 0.05
"""The same of strokes that are as close as any outline."""

SCALE = 4
"""Steps to a pixel at which coverage is rendered."""

LARGE = 1 << 22
"""Pixels rendered at most; larger faces are rendered more coarsely."""

LARGEST = 9 << 20
"""Pixels up to which strokes are looked for by themselves: in larger pictures it takes longer than all else."""


@dataclass(frozen=True, eq=False)
class Stroked:
    """Strokes as shapes, lowest first, and the map of what lies beneath, with its labels and samples."""

    shapes: list[Shape]
    planar: PlanarMap
    samples: Floats
    ids: NDArray[np.int32]


def stroked(planar: PlanarMap, regions: Regions, samples: Floats, quality: Quality, mode: Mode) -> Stroked | None:
    """Find the faces that are strokes; None where there are none, or what is beneath them would be nothing."""
    if mode == "never" or (mode == "auto" and planar.faces.size > LARGEST):
        return None
    palette, pixels = regions.palette, regions.pixels
    keys, around = sorted_keys(planar), boxes_of(planar)
    chosen: dict[int, Strokes] = {}
    for tried, face in enumerate(candidates(planar)):
        if tried > PATIENCE and len(chosen) * RARE < tried:
            break
        if not _is_flat(regions, int(planar.face_label[face])):
            continue
        if any(int(beside) in chosen for beside in faces_beside(planar, face)):
            continue
        single = alone(planar, samples, keys, face, around[face])
        found = strokes_of(single.rings, single.width, OFF[mode])
        if found is not None and (better := _better(found, single, planar, palette, pixels, quality, mode)) is not None:
            chosen[face] = better
    covered = np.isin(planar.faces, list(chosen))
    if not chosen or covered.all():
        return None
    rest_ids = without(regions.ids, covered)
    tracks = [track for strokes in chosen.values() for track in strokes.tracks]
    rest, places = map_beneath(planar, samples, rest_ids, covered, tracks)
    shapes = _shapes(planar, palette, chosen)
    return Stroked(shapes, rest, places, rest_ids)


PATIENCE, RARE = 40, 10
"""After so many faces no more are tried where fewer than one in so many was strokes."""


def _is_flat(regions: Regions, label: int) -> bool:
    """Whether a region is filled with one color."""
    fills = None if regions.fills is None else regions.fills[label]
    return fills is None or (len(fills) == 1 and isinstance(fills[0], str))


def _better(
    strokes: Strokes,
    single: Alone,
    planar: PlanarMap,
    palette: NDArray[np.uint8],
    pixels: NDArray[np.uint8] | None,
    quality: Quality,
    mode: Mode,
) -> Strokes | None:
    """Give strokes, ends as the picture has them, where they are better than the outline."""
    target, low = _coverage(single, planar, palette, pixels)
    scale = int(np.clip(np.sqrt(LARGE / target.size), 1, SCALE))
    if mode == "always":
        return _stretched(strokes, target, low, scale)[0]
    shared = _sides_differ(strokes, planar, single.face)
    if _runs_against(strokes, planar, single.face):
        return None
    told = _numbers(strokes.paths) * (1 + shared) + STYLE
    sure = strokes.misfit <= SURE**2 and told + 2 * STYLE < 2 * _numbers(strokes.paths)
    if sure and strokes.width >= WIDE:
        return strokes
    strokes, error = _stretched(strokes, target, low, scale)
    if sure and error <= SURE**2 * len(single.samples):
        return strokes
    outline = stack(single.planar, np.arange(len(single.planar.face_area)), quality, single.samples, part=True)
    paths = [Path(ring.points + single.corner, ring.kinds) for ring in outline]
    if told >= _numbers(paths):
        return None
    as_outline = _rendered([Shape(paths, "#000000")], low, target.shape, scale)
    limit = WORSE * float(((as_outline - target) ** 2).sum()) + LEAST * len(single.samples)
    near = strokes.misfit <= max(CLOSE**2, _outline_misfit(paths, single))
    return strokes if error <= (limit if near else limit * SURELY) else None


SURE = 0.025
"""How far strokes and their coverage are off, root mean square, of which hardly an outline is closer.

An outline takes about twice the numbers: each middle line has two sides.
"""

WIDE = 4.0
"""The least width in pixels at which the border tells all; ends of thinner strokes are told by their ink."""


def _stretched(strokes: Strokes, target: Floats, low: Floats, scale: int) -> tuple[Strokes, float]:
    """Lengthen or shorten lines at free ends by the ink that is missing there; give them and the squared error."""
    made = _rendered(_stroke_shapes(strokes, "#000000"), low, target.shape, scale)
    error = float(((made - target) ** 2).sum())
    rest = np.pad(target - made, 1)
    reach = strokes.width / 2 + 1.5
    paths, most = list(strokes.paths), 0.0
    for k, track in enumerate(strokes.tracks):
        for at_end in (False, True):
            if track.closed or track.ends[at_end] != FREE:
                continue
            points = paths[k].points
            place, way = (points[-1], points[-1] - points[-2]) if at_end else (points[0], points[0] - points[1])
            x, y = place - low
            size = int(reach) + 2
            rows = np.clip(np.arange(int(y) - size, int(y) + size + 1), -1, target.shape[0])
            columns = np.clip(np.arange(int(x) - size, int(x) + size + 1), -1, target.shape[1])
            around = np.hypot(columns + 0.5 - x, (rows + 0.5 - y)[:, None]) <= reach
            lacks = float(rest[np.ix_(rows + 1, columns + 1)][around].sum()) / strokes.width
            most = max(most, abs(lacks))
            move = np.clip(lacks, -FARTHEST, FARTHEST) * way / max(float(np.hypot(*way)), 1e-9)
            moved = points.copy()
            kinds = paths[k].kinds
            bent = kinds is not None and kinds[-1 if at_end else 0] != LINE
            moved[-2 if at_end and bent else -1 if at_end else 0 : None if at_end else 2 if bent else 1] += move
            paths[k] = paths[k]._replace(points=moved)
    if most < 0.02:
        return strokes, error
    stretched = replace(strokes, paths=paths)
    made = _rendered(_stroke_shapes(stretched, "#000000"), low, target.shape, scale)
    after = float(((made - target) ** 2).sum())
    return (stretched, after) if after < 0.95 * error else (strokes, error)


FARTHEST = 1.0
"""How far ends may be moved, in pixels."""

SURELY = 0.5
"""The share of the outline's error that proves strokes, though samples at their corners are farther off."""

LEAST = 1e-4
"""Squared error of coverage that does not count, for each sample of the border."""


def _outline_misfit(paths: list[Path], single: Alone) -> float:
    """Mean of the squared distances between samples of the border and an outline."""
    lines = [as_track(path) for path in paths]
    return float((feet_of(np.vstack(single.rings), lines).distance ** 2).mean())


STYLE = 4
"""Numbers that a stroke takes beside its points: width, cap, join and color."""


def _numbers(paths: list[Path]) -> int:
    """How many coordinates paths take."""
    return sum(2 * len(path.points) for path in paths)


def _runs_against(strokes: Strokes, planar: PlanarMap, face: int) -> bool:
    """Whether a free end runs against a face of another color than those on its two sides.

    As an outline the stroke goes on beneath that one, or above it; as a stroke it would end at a seam.
    """
    for track, cap in zip(strokes.tracks, strokes.caps, strict=True):
        for at_end in (False, True):
            if track.closed or track.ends[at_end] != FREE or len(track.points) < 3:
                continue
            inward = track.points[::-1] if at_end else track.points
            way = inward[0] - inward[min(3, len(inward) - 1)]
            way = way / max(float(np.hypot(*way)), 1e-9)
            reach = strokes.width / 2 + BESIDE
            normal = np.array([-way[1], way[0]])
            ahead = inward[0] + way * (reach if cap == "round" else BESIDE)
            back = inward[0] - way * min(reach, 0.5 * track.length)
            labels = _labels_at(planar, np.array([ahead, back + reach * normal, back - reach * normal]), face)
            if labels[0] >= OUTSIDE and labels[0] not in labels[1:]:
                return True
    return False


BESIDE = 1.5
"""So many pixels beside a stroke is what it borders on."""


def _labels_at(planar: PlanarMap, places: Floats, face: int) -> NDArray[np.int64]:
    """Labels at places (N, 2), UNKNOWN outside of the sheet and in the face itself."""
    x, y = np.floor(places).astype(int).T
    inside = (x >= 0) & (y >= 0) & (x < planar.width) & (y < planar.height)
    seen = planar.faces[np.clip(y, 0, planar.height - 1), np.clip(x, 0, planar.width - 1)]
    labels = np.append(planar.face_label, OUTSIDE)[seen].astype(np.int64)
    return np.where(inside & (seen != face), labels, UNKNOWN)


UNKNOWN = -2
"""The label where nothing is known."""


def _sides_differ(strokes: Strokes, planar: PlanarMap, face: int) -> float:
    """The share of middle lines that have different faces on their two sides, so that a border runs beneath."""
    differ, count = 0, 0
    for track in strokes.tracks:
        if len(track.points) < 3:
            continue
        way = track.points[2:] - track.points[:-2]
        way = way / np.maximum(np.hypot(*way.T), 1e-9)[:, None]
        normal = np.column_stack([-way[:, 1], way[:, 0]])
        reach = strokes.width / 2 + BESIDE
        beside = [_labels_at(planar, track.points[1:-1] + sign * reach * normal, face) for sign in (-1, 1)]
        told = (beside[0] != UNKNOWN) & (beside[1] != UNKNOWN)
        differ += int((told & (beside[0] != beside[1])).sum())
        count += int(told.sum())
    return differ / max(count, 1)


def _coverage(
    single: Alone, planar: PlanarMap, palette: NDArray[np.uint8], pixels: NDArray[np.uint8] | None
) -> tuple[Floats, Floats]:
    """How much of each pixel around a face is its ink, as the picture has it; and x and y of the first one."""
    left, top = (int(value) for value in single.corner)
    low = np.array([max(left - 2, 0), max(top - 2, 0)])
    right, bottom = (
        min(left + single.planar.width + 2, planar.width),
        min(top + single.planar.height + 2, planar.height),
    )
    window = np.s_[low[1] : bottom, low[0] : right]
    faces = planar.faces[window]
    own = faces == single.face
    target = own.astype(np.float64)
    if pixels is None:
        return target, low.astype(np.float64)
    labels = np.append(planar.face_label, TRANSPARENT)[faces]
    beside = without(labels.astype(np.int32), own)
    inks = np.vstack([palette.astype(np.float64), [[255.0, 255.0, 255.0]]])
    ink, ground = inks[planar.face_label[single.face]], inks[beside]
    along = ink - ground
    share = channel_sum((pixels[window] - ground) * along) / np.maximum(channel_sum(along * along), 1e-9)
    rim = grown(own, 1) & grown(~own, 1)
    target[rim] = np.clip(share[rim], 0, 1)
    return target, low.astype(np.float64)


def _rendered(shapes: list[Shape], low: Floats, size: tuple[int, ...], scale: int) -> Floats:
    """Coverage of each pixel of a window by black shapes."""
    from artkit.render import rendered

    moved = [
        shape._replace(paths=[path._replace(points=path.points - low) for path in shape.paths]) for shape in shapes
    ]
    height, width = size[:2]
    drawing = Drawing(width, height, [Layer(moved)])
    fine = rendered(drawing, (width * scale, height * scale))[:, :, 0]
    rows = np.zeros((height, width * scale), np.uint16)
    sums = np.zeros((height, width), np.uint16)
    for k in range(scale):
        rows += fine[k::scale]
    for k in range(scale):
        sums += rows[:, k::scale]
    means: Floats = 1 - sums / (scale * scale) / 255
    return means


def _stroke_shapes(strokes: Strokes, color: str) -> list[Shape]:
    """One shape for each cap that there is, and for each rectangle, of which SVG has an element."""
    style = LineStyle(strokes.width, "round", strokes.join)
    boxes = [is_box(path) for path in strokes.paths]
    made = [Shape([path], None, color, line=style) for path, box in zip(strokes.paths, boxes, strict=True) if box]
    for cap in sorted(set(strokes.caps)):
        each = zip(strokes.paths, strokes.caps, boxes, strict=True)
        paths = [path for path, own, box in each if own == cap and not box]
        if not paths:
            continue
        made.append(Shape(paths, None, color, line=LineStyle(strokes.width, cap, strokes.join)))
    return made


def _shapes(planar: PlanarMap, palette: NDArray[np.uint8], chosen: dict[int, Strokes]) -> list[Shape]:
    """Shapes of all strokes, those of the longest borders first, and then rows of dashes.

    Nearly equal widths of one color are one.
    """
    even = [(name_of(palette[planar.face_label[face]]), _snapped(face, chosen, planar)) for face in chosen]
    single: dict[tuple[str, float, Cap], list[int]] = {}
    for number, (color, strokes) in enumerate(even):
        if len(strokes.paths) == 1:
            single.setdefault((color, strokes.width, strokes.caps[0]), []).append(number)
    dashed: list[Shape] = []
    gone: set[int] = set()
    for (color, width, cap), numbers in single.items():
        for row in rows_of_dashes([even[k][1].paths[0] for k in numbers], width):
            dashed.append(Shape([row.path], None, color, line=LineStyle(width, cap, "round", row.dashes)))
            gone.update(numbers[k] for k in row.members)
    shapes = [_stroke_shapes(strokes, color) for k, (color, strokes) in enumerate(even) if k not in gone]
    return [shape for each in shapes for shape in each] + dashed


def _snapped(face: int, chosen: dict[int, Strokes], planar: PlanarMap) -> Strokes:
    """Give a face's strokes the mean width of all of its color that are nearly as wide."""
    own, label = chosen[face], planar.face_label[face]
    alike = [
        (sum(track.length for track in other.tracks), other.width)
        for beside, other in chosen.items()
        if planar.face_label[beside] == label and abs(other.width - own.width) <= max(SAME, 0.01 * own.width)
    ]
    width = sum(length * wide for length, wide in alike) / max(sum(length for length, _ in alike), 1e-9)
    return replace(own, width=round(width, 2))


SAME = 0.12
"""Widths that differ by no more than this, in pixels, are one."""
