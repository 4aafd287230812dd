"""The middle of drawn strokes: skeleton pixels to lines.

Pixels of a skeleton that have two neighbors lie on a line, all others are its ends and junctions. Lines are walked from
one of those to the next, spurs that a stroke's rough edge leaves are dropped, lines that go on straight through a
junction are joined, and the steps of the pixel grid are smoothed away.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import inner
from artkit.arrays import Floats
from artkit.pens.draw.field import thinned
from artkit.pens.lines import Lines
from artkit.raster.gaussian import gaussian_along

_AROUND = ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, -1), (-1, 1))


def center_lines(skeleton: NDArray[np.bool_], radius: Floats, smooth: float, spur: float) -> Lines:
    """Give the lines of a skeleton (H, W) in pixels, x right and y down, middles of pixels at halves.

    `radius` (H, W) is the distance of each pixel from the stroke's edge; lines with a free end shorter than `spur`
    times the radius where they join are dropped. `smooth` is the size in pixels of the steps to be smoothed away.
    """
    paths = _pruned(_contracted(_walked(skeleton), radius), radius, spur)
    lines = [_smoothed(np.array(path, float)[:, ::-1] + 0.5, smooth) for path in _joined(paths)]
    return thinned(Lines.of([line for line in lines if len(line) >= 2]), 0.05)


Path = list[tuple[int, int]]


def _walked(skeleton: NDArray[np.bool_]) -> list[Path]:
    """Paths of pixels (row, column) between ends and junctions; closed ones repeat their first pixel."""
    pixels = set(zip(*(axis.tolist() for axis in np.nonzero(skeleton)), strict=True))

    def near(pixel: tuple[int, int]) -> list[tuple[int, int]]:
        row, column = pixel
        found = [(row + i, column + j) for i, j in _AROUND[:4] if (row + i, column + j) in pixels]
        # Diagonal neighbors that can be reached along a side are not neighbors of their own.
        for i, j in _AROUND[4:]:
            if (row + i, column + j) in pixels and (row + i, column) not in pixels and (row, column + j) not in pixels:
                found.append((row + i, column + j))
        return found

    links = {pixel: near(pixel) for pixel in sorted(pixels)}
    used: set[tuple[tuple[int, int], tuple[int, int]]] = set()
    paths: list[Path] = []

    def walk(start: tuple[int, int], onward: tuple[int, int]) -> None:
        path = [start, onward]
        used.add((start, onward))
        used.add((onward, start))
        while len(links[path[-1]]) == 2:
            one, other = links[path[-1]]
            following = other if one == path[-2] else one
            if (path[-1], following) in used:
                break
            used.add((path[-1], following))
            used.add((following, path[-1]))
            path.append(following)
        paths.append(path)

    for pixel, others in links.items():
        if len(others) != 2:
            for other in others:
                if (pixel, other) not in used:
                    walk(pixel, other)
    for pixel, others in links.items():
        for other in others[:1]:
            if len(others) == 2 and (pixel, other) not in used:
                walk(pixel, other)
    return paths


def _contracted(paths: list[Path], radius: Floats) -> list[Path]:
    """Draw junctions together that are joined by a path hardly longer than the stroke is wide: strokes cross there."""
    meeting: dict[tuple[int, int], int] = {}
    for path in paths:
        for end in (path[0], path[-1]):
            meeting[end] = meeting.get(end, 0) + 1
    root: dict[tuple[int, int], tuple[int, int]] = {}

    def find(pixel: tuple[int, int]) -> tuple[int, int]:
        while (above := root.get(pixel, pixel)) != pixel:
            root[pixel] = root.get(above, above)  # halves the way for the next one
            pixel = above
        return pixel

    for path in paths:
        a, b = path[0], path[-1]
        if a != b and min(meeting[a], meeting[b]) > 2 and len(path) - 1 <= 2 * max(radius[a], radius[b]):
            root[find(b)] = find(a)
            root.setdefault(a, a)
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for pixel in meeting:
        members.setdefault(find(pixel), []).append(pixel)
    middle: dict[tuple[int, int], tuple[int, int]] = {}
    for group in members.values():
        row, column = (round(sum(place) / len(group)) for place in zip(*group, strict=True))
        for pixel in group:
            # Chains of junctions, as in a dark patch, reach far: one that is not in the crossing stays where it is.
            near = np.hypot(pixel[0] - row, pixel[1] - column) <= 2 * radius[pixel] + 1
            middle[pixel] = (row, column) if near else pixel
    moved = []
    for path in paths:
        start, end = middle[path[0]], middle[path[-1]]
        if start == end and path[0] != path[-1] and find(path[0]) == find(path[-1]):
            continue
        line = [start] * (start != path[0]) + path + [end] * (end != path[-1])
        moved.append(line)
    return moved


def _pruned(paths: list[Path], radius: Floats, spur: float) -> list[Path]:
    """Drop paths with one free end that are hardly longer than the stroke they come out of is wide; twice over."""
    for _ in range(2):
        meeting: dict[tuple[int, int], int] = {}
        for path in paths:
            for end in (path[0], path[-1]):
                meeting[end] = meeting.get(end, 0) + 1
        kept = []
        for path in paths:
            free = [meeting[path[0]] == 1, meeting[path[-1]] == 1]
            root = path[-1] if free[0] else path[0]
            if sum(free) == 1 and len(path) - 1 <= spur * radius[root]:
                continue
            kept.append(path)
        if len(kept) == len(paths):
            break
        paths = _joined(kept)
    return paths


def _joined(paths: list[Path]) -> list[Path]:
    """Join paths end to end: where two meet, and of more those two that go on straightest, if they do."""
    ends: dict[tuple[int, int], list[tuple[int, bool]]] = {}
    for number, path in enumerate(paths):
        if path[0] != path[-1]:
            ends.setdefault(path[0], []).append((number, True))
            ends.setdefault(path[-1], []).append((number, False))
    partner: dict[tuple[int, bool], tuple[int, bool]] = {}
    for meeting in ends.values():
        free = list(meeting)
        while len(free) > 1:
            bends = [
                (_bend(paths[a[0]], a[1], paths[b[0]], b[1]), a, b)
                for i, a in enumerate(free)
                for b in free[i + 1 :]
                if a[0] != b[0] or len(free) == 2
            ]
            if not bends:
                break
            bend, a, b = min(bends)
            if bend > (np.pi if len(meeting) == 2 else np.radians(50)):
                break
            partner[a], partner[b] = b, a
            free = [end for end in free if end not in (a, b)]
    done = [False] * len(paths)
    joined = []
    for number in sorted(range(len(paths)), key=lambda i: ((i, True) in partner) + ((i, False) in partner)):
        if done[number]:
            continue
        # Begin at an end that goes nowhere, if the path has one.
        at_start = (number, True) not in partner or (number, False) in partner
        line = list(paths[number] if at_start else paths[number][::-1])
        done[number] = True
        tail = (number, not at_start)
        while tail in partner and not done[partner[tail][0]]:
            other, other_start = partner[tail]
            done[other] = True
            line += (paths[other] if other_start else paths[other][::-1])[1:]
            tail = (other, not other_start)
        joined.append(line)
    return joined


def _bend(one: Path, one_start: bool, other: Path, other_start: bool) -> float:
    """Turn from one path into the other where they meet, from 0 (straight on) to pi."""

    def away(path: Path, start: bool) -> Floats:
        end, inner = (path[0], path[min(10, len(path) - 1)]) if start else (path[-1], path[-min(11, len(path))])
        vector = np.array(inner, float) - np.array(end, float)
        size = float(np.hypot(*vector))
        return np.asarray(vector / size if size else vector, np.float64)

    return float(np.pi - np.arccos(np.clip(inner(away(one, one_start), away(other, other_start)), -1, 1)))


def _smoothed(line: Floats, sigma: float) -> Floats:
    """Average a line along itself; its ends stay, a closed one goes round."""
    if len(line) < 4 or sigma <= 0:
        return line
    if (line[0] == line[-1]).all():
        ring = gaussian_along(line[:-1], sigma, 0, "wrap")
        return np.concatenate([ring, ring[:1]])
    # Mirrored through its ends, so that they stay where they are.
    reach = min(len(line) - 1, int(4 * sigma) + 1)
    before, after = 2 * line[0] - line[reach:0:-1], 2 * line[-1] - line[-2 : -reach - 2 : -1]
    smooth = gaussian_along(np.concatenate([before, line, after]), sigma, 0)[reach:-reach]
    smooth[0], smooth[-1] = line[0], line[-1]
    return np.asarray(smooth, np.float64)
