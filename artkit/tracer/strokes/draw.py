"""A face of even width as strokes: its rings in, middle lines as curves, width, caps and joins out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from artkit.arrays import Floats, distinct, offsets_of
from artkit.artwork.bezier import bends_of, flattened, pieces_within
from artkit.artwork.drawing import Cap, Join, Path
from artkit.planar.curves import fit
from artkit.planar.outlines import packed
from artkit.planar.segments import Quality
from artkit.tracer.strokes.arcs import circle_path, circle_through, parts_of, parts_of_ring, path_through
from artkit.tracer.strokes.boxes import box_path
from artkit.tracer.strokes.ends import (
    Kind,
    Misfit,
    corners_of,
    filleted,
    free_ends,
    freed,
    with_corners,
    with_ends,
)
from artkit.tracer.strokes.junctions import ended, joined, runs_of
from artkit.tracer.strokes.middle import Border, Track, feet_of, resampled, settled
from artkit.tracer.strokes.skeleton import Skeleton, skeleton_of

FINE_STEP = 1.0
"""Distance of the stations that curves are fitted to, in pixels."""

SLACKS = (0.1, 0.07, 0.05)
"""How far the border may be off while lines are moved to the middle, in widths, round after round."""

CLOSE = 0.6
"""The same, at least, in pixels."""

EVEN = 0.5
"""The least share of a face's area that a stroke of its width along its middle has."""

WITHIN = Quality(tolerance=0.12, line=0.08, corner=175.0, sharp=175.0, bends=False)
"""How closely curves follow the middle: its corners are known."""


@dataclass(frozen=True, eq=False)
class Strokes:
    """Middle lines as tracks and as paths, a cap for each; `join` is that of all. `misfit` is the mean distance squared
    between the border and the strokes'.
    """

    tracks: list[Track]
    paths: list[Path]
    width: float
    caps: list[Cap]
    join: Join
    misfit: float

    @property
    def segments(self) -> int:
        """Number of segments, the closing line included."""
        return sum(path.segments for path in self.paths)


def strokes_of(rings: list[Floats], estimate: float, most: float) -> Strokes | None:
    """Find the strokes that a face within rings of border samples is made of.

    None where it is none, or these are more than `most` pixels off the border, root mean square.
    """
    skeleton = skeleton_of(rings, estimate)
    if skeleton is None or skeleton.share < EVEN:
        return None
    return _found(skeleton, Border.of(rings), most)


def _found(skeleton: Skeleton, border: Border, most: float) -> Strokes | None:
    width = skeleton.width
    runs = runs_of(skeleton) if skeleton.even >= HALF else []
    if not runs or _explained([run.track for run in runs], border.points, width) < MOSTLY:
        return None
    slacks = tuple(max(CLOSE, share * width) for share in SLACKS)
    samples = border.points
    moved, width = settled([run.track for run in runs], border, width, slacks)
    tracks = joined([run._replace(track=track) for run, track in zip(runs, moved, strict=True)], width)
    tracks = [with_corners(track) for track in tracks]
    tracks = [resampled(track) for track in filleted(tracks, corners_of(tracks, samples, width), width)]
    tracks, width = settled(tracks, border, width, (*slacks, slacks[-1]))
    tracks = [resampled(track) for track in ended(freed(tracks, samples, width), width)]
    for _ in range(2):
        ends = free_ends(tracks, samples, width)
        caps = _caps(len(tracks), [(end.track, end.misfit) for end in ends])
        tracks = with_ends(tracks, ends, caps)
    corners = corners_of(tracks, samples, width)
    join = _least([corner.misfit for corner in corners], "round")
    special = [(end.places[cap], end.misfit[cap]) for end in ends if (cap := caps[end.track]) == "butt"]
    if join != "round":
        special += [(corner.place, corner.misfit[join]) for corner in corners]
    misfit = _misfit(tracks, special, samples, width)
    if misfit > most * most:
        return None
    paths = paths_of(tracks)
    return Strokes(tracks, paths, width, caps, join, misfit + _bent(tracks, paths))


def _bent(tracks: list[Track], paths: list[Path]) -> float:
    """Mean of the squared distances between stations and the paths drawn for them."""
    points = np.vstack([track.points for track in tracks])
    feet = feet_of(points, [as_track(path) for path in paths])
    return float((feet.distance**2).mean())


def as_track(path: Path) -> Track:
    """Give the stations along a path."""
    points = np.asarray(path.points)
    pieces = np.zeros(0, np.int64)
    if path.kinds is not None:
        most = pieces_within(bends_of(points, path.kinds), path.kinds, CHORD)
        pieces = np.clip(np.ceil(most), 1, None).astype(np.int64)
    return resampled(Track(flattened(points, path.kinds, pieces), path.closed), FINE_STEP)


CHORD = 0.005
"""How far chords may stray from the curves in whose place distances are measured, in pixels."""


HALF, MOSTLY = 0.5, 0.65
"""The least share of the middle of a face that is half a width deep, and of its border that is half a width off."""


def _explained(tracks: list[Track], samples: Floats, width: float) -> float:
    """The share of the border that is about half a width from tracks that are not yet moved."""
    off = np.abs(feet_of(samples, tracks).distance - width / 2)
    return float((off <= max(1.2, 0.12 * width)).mean())


def _misfit(tracks: list[Track], special: list[tuple[Floats, float]], samples: Floats, width: float) -> float:
    """Mean of the squared distances between the border and that of round strokes.

    `special` are the places of flat ends and of corners that are not round, and the sums that hold there.
    """
    feet = feet_of(samples, tracks)
    off = (feet.distance - width / 2) ** 2
    points = np.vstack([track.points for track in tracks])
    foot = points[feet.station] + feet.share[:, None] * (points[feet.after] - points[feet.station])
    inner = np.ones(len(samples), bool)
    for place, _ in special:
        inner &= np.hypot(*(foot - place).T) > FLAT
    return (float(off[inner].sum()) + sum(misfit for _, misfit in special)) / len(samples)


FLAT = 1.0
"""Feet that are so near to a flat end or a corner, in pixels, are of samples in front of it."""


def _caps(count: int, ends: list[tuple[int, Misfit[Cap]]]) -> list[Cap]:
    """Give each track its cap: all of a face have one, unless that is far off for some."""
    usual = _least([misfit for _, misfit in ends], "round")
    caps = [usual] * count
    for number in range(count):
        own = [misfit for track, misfit in ends if track == number]
        if own and (best := _least(own, usual)) != usual:
            total = {name: sum(misfit[name] for misfit in own) for name in (best, usual)}
            if total[usual] > 4 * total[best] + 1:
                caps[number] = best
    return caps


def _least(misfits: list[Misfit[Kind]], usual: Kind) -> Kind:
    """The name whose misfits have the least sum."""
    if not misfits:
        return usual
    totals = {name: sum(misfit[name] for misfit in misfits) for name in misfits[0]}
    return min(totals, key=lambda name: (totals[name] * (0.9 if name == usual else 1), name))


def paths_of(tracks: list[Track]) -> list[Path]:
    """Draw tracks as straight parts and arcs or, where these are fewer, as lines and cubics."""
    fine = [resampled(track, FINE_STEP) for track in tracks]
    ruled = [_ruled(track) for track in fine]
    doubtful = [k for k, (_, count) in enumerate(ruled) if count == 0 or count > FEW + int(fine[k].corner.sum())]
    free = dict(zip(doubtful, _fitted([fine[k] for k in doubtful]), strict=True))
    made = []
    for k, (path, count) in enumerate(ruled):
        made.append(free[k] if path is None or (k in free and free[k].segments < count) else path)
    return made


FEW = 6
"""Up to so many parts between corners no other curve is tried for."""


def _ruled(track: Track) -> tuple[Path | None, int]:
    """A track as straight parts and arcs, and how many these are."""
    points = track.points
    if len(points) < 3:
        return None, 0
    if track.closed and not track.corner.any():
        whole = circle_through(points)
        if whole is not None and whole[1] <= ROUND_WITHIN and len(points) > 6:
            return circle_path(whole[0], points), 1
        parts, ring = parts_of_ring(_turned(points))
        if len(parts) < 2:
            return None, 0
        return box_path(parts, points) or path_through(parts, ring, True), len(parts)
    if track.closed:
        start = int(np.argmax(track.corner))
        points = np.roll(points, -start, 0)
        points = np.vstack([points, points[:1]])
        corner = np.append(np.roll(track.corner, -start), True)
    else:
        corner = track.corner
    cuts = distinct(np.concatenate([[0], np.flatnonzero(corner), [len(points) - 1]])).tolist()
    parts = [part.moved(low) for low, high in pairwise(cuts) for part in parts_of(points[low : high + 1])]
    return path_through(parts, points, track.closed), len(parts)


ROUND_WITHIN = 0.06
"""Root mean square by which a ring may be off a circle, in pixels."""


def _turned(points: Floats) -> Floats:
    """Let a ring begin in the middle of where it is straightest."""
    n = len(points)
    reach = max(n // 16, 2)
    bow = np.hypot(*(np.roll(points, reach, 0) + np.roll(points, -reach, 0) - 2 * points).T)
    sums = np.cumsum(np.concatenate([np.zeros(1), bow[-reach:], bow, bow[:reach]]))
    bow = sums[2 * reach + 1 :] - sums[: -2 * reach - 1]
    return np.roll(points, -int(np.argmin(np.rint(bow * 50))), 0)


def _fitted(fine: list[Track]) -> list[Path]:
    """Fit lines and cubics to the stations of tracks."""
    if not fine:
        return []
    points = np.vstack([track.points for track in fine])
    offsets = offsets_of(np.array([len(track.points) for track in fine]))
    closed = np.array([track.closed for track in fine])
    hard = np.concatenate([track.corner for track in fine])
    curves = fit(points, offsets, closed, WITHIN, hard)
    body, keep, kinds = packed(curves)
    made = []
    for k, (low, high) in enumerate(zip(curves.offsets[:-1].tolist(), curves.offsets[1:].tolist(), strict=True)):
        line = np.vstack([curves.start[low : low + 1], body[low:high][keep[low:high]]])
        made.append(Path(line, kinds[low:high], closed=bool(closed[k])))
    return made
