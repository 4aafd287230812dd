"""Ends and corners of strokes: where they are, and which caps and joins explain the border around them."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, TypeVar

import numpy as np

from artkit.algebra import inner, product
from artkit.arrays import Bools, Floats
from artkit.artwork.drawing import Cap, Join
from artkit.planar.curves import find_corners
from artkit.planar.segments import Quality
from artkit.tracer.strokes.middle import (
    FREE,
    JOINED,
    LEG,
    STEP,
    Feet,
    Track,
    end_of,
    feet_of,
    legs,
    line_through,
    resampled,
)

Kind = TypeVar("Kind", Cap, Join)

Misfit = dict[Kind, float]
"""Sums of squared distances, in square pixels, of border samples from what each kind of cap or join would give."""


class End(NamedTuple):
    """A free end of a track: where it is with each kind of cap, and how far these miss the border."""

    track: int
    at_end: bool
    keep: int
    places: dict[Cap, Floats]
    misfit: Misfit[Cap]


def free_ends(tracks: list[Track], samples: Floats, width: float) -> list[End]:
    """Look at all free ends of tracks, and the border samples (M, 2) around each."""
    feet = feet_of(samples, tracks)
    found = []
    first = 0
    for number, track in enumerate(tracks):
        for at_end in (False, True):
            if not track.closed and track.ends[at_end] == FREE:
                found.append(_end(number, track, at_end, samples, feet, first, width))
        first += len(track.points)
    return found


def _end(number: int, track: Track, at_end: bool, samples: Floats, feet: Feet, first: int, width: float) -> End:
    half = width / 2
    inward = track.points[::-1] if at_end else track.points
    corner = track.corner[::-1] if at_end else track.corner
    n = len(inward)
    skip = min(int(np.ceil(0.2 * half / STEP)) + 1, max(n - 3, 0))
    stop = int(np.argmax(corner[skip + 1 :])) + skip + 1 if corner[skip + 1 :].any() else n - 1
    some = inward[skip : min(stop, skip + max(int(np.ceil(half / STEP)), 4)) + 1]
    some = some if len(some) > 1 else inward[:2]
    origin, way, turning = end_of(some)
    normal, bend = np.array([-way[1], way[0]]), turning / 2
    spot = first + (n - 1 if at_end else 0)
    near = np.abs(feet.station - spot) <= skip + int(half / STEP) + 2
    near &= (feet.track == number) & (np.hypot(*(samples - origin).T) < 1.6 * width + 2)
    gap = samples[near] - origin
    along, aside = product(gap, way), product(gap, normal)
    aside = aside - bend * along * along
    front = (along > -half) & (np.abs(aside) < 0.35 * width)
    front &= along > along[np.abs(aside) < 0.35 * width].max(initial=-np.inf) - 0.6 * width - 0.5
    if front.sum() < 2:
        return End(number, at_end, 0, {"round": inward[0], "butt": inward[0]}, {"round": 0.0, "butt": 0.0})
    x, y = along[front], aside[front]
    tip = float((x - np.sqrt(half * half - y * y)).mean())
    flat = float(x.mean())
    wide = (np.abs(aside) < 0.44 * width) & (along > tip - 0.5)
    misfit: Misfit[Cap] = {
        "round": float(((np.hypot(along[wide] - tip, aside[wide]) - half) ** 2).sum()),
        "butt": float(((along[wide] - flat) ** 2).sum()),
    }
    places: dict[Cap, Floats] = {
        "round": origin + tip * way + bend * tip * tip * normal,
        "butt": origin + flat * way + bend * flat * flat * normal,
    }
    keep = 0
    limit = min(tip, flat) - 0.5 * STEP
    while keep < n - 1 and inner(inward[keep] - origin, way) > limit and keep <= skip + int(width / STEP):
        keep += 1
    return End(number, at_end, keep, places, misfit)


def freed(tracks: list[Track], samples: Floats, width: float) -> list[Track]:
    """Let lines that seem to end beneath others go on where there is border beyond that no line explains."""
    feet = feet_of(samples, tracks)
    loose = samples[feet.distance > width / 2 + LOOSE]
    if not len(loose):
        return tracks
    found = []
    for track in tracks:
        ends = list(track.ends)
        for at_end in (False, True):
            if track.closed or ends[at_end] != JOINED or len(track.points) < 4:
                continue
            inward = track.points[::-1] if at_end else track.points
            skip = min(int(np.ceil(0.5 * width / STEP)), len(inward) - 3)
            place, way, _ = end_of(inward[skip : skip + max(int(np.ceil(width / STEP)), 4)])
            gap = loose - place
            along, aside = product(gap, way), product(gap, np.array([-way[1], way[0]]))
            ahead = (np.abs(aside) <= 0.6 * width) & (along > 0.5 * width) & (along < 2.5 * width)
            if ahead.sum() >= 2:
                ends[at_end] = FREE
                tip = (place + (along[ahead].max() - 0.3 * width) * way)[None]
                points = [track.points, tip] if at_end else [tip, track.points]
                none = np.zeros(1, bool)
                marks = [track.corner, none] if at_end else [none, track.corner]
                track = resampled(Track(np.vstack(points), False, np.concatenate(marks), (ends[0], ends[1])))
        found.append(track)
    return found


LOOSE = 0.5
"""Border samples that are so far outside of all strokes, in pixels, belong to none."""


def with_ends(tracks: list[Track], ends: list[End], caps: list[Cap]) -> list[Track]:
    """Let tracks end where the caps say, one for each track."""
    placed = list(tracks)
    for end in sorted(ends, key=lambda end: not end.at_end):  # ends before starts, so that places stay counted
        track = placed[end.track]
        place = end.places[caps[end.track]][None]
        if end.at_end:
            last = len(track.points) - end.keep
            points, corner = np.vstack([track.points[:last], place]), np.append(track.corner[:last], False)
        else:
            points = np.vstack([place, track.points[end.keep :]])
            corner = np.append(False, track.corner[end.keep :])
        placed[end.track] = replace(track, points=points, corner=corner)
    return placed


def with_corners(track: Track) -> Track:
    """Mark corners where a track turns within a few stations."""
    n = len(track.points)
    if n < 8:
        return track
    found = find_corners(track.points, np.array([0, n]), np.array([track.closed]), TURNS, track.corner.copy())
    near = track.corner.copy()
    for step in range(1, LEG):
        near |= np.roll(track.corner, step) | np.roll(track.corner, -step)
    for spot in np.flatnonzero(found & ~near).tolist():
        track = _sharpened(track, spot)
    return track


def _sharpened(track: Track, spot: int) -> Track:
    """Put a corner where the stations on its two sides lead to, and those next to it on the way there."""
    n = len(track.points)
    marked = track.corner.copy()
    marked[spot] = True
    sharp = replace(track, corner=marked)
    before, after = legs(sharp, spot)
    if len(before) < 5 or len(after) < 5:
        return track
    (p, d), (q, e) = line_through(before[NEXT:]), line_through(after[NEXT:])
    sine = float(d[0] * e[1] - d[1] * e[0])
    if abs(sine) < 0.2:
        return track
    place = p + float((q - p)[0] * e[1] - (q - p)[1] * e[0]) / sine * d
    if np.hypot(*(place - track.points[spot])) > 2 * STEP:
        return track
    points = track.points.copy()
    points[spot] = place
    for side, sign in ((before, -1), (after, 1)):
        for k in range(NEXT):
            points[(spot + sign * (k + 1)) % n] = place + (side[NEXT] - place) * (k + 1) / (NEXT + 1)
    return replace(sharp, points=points)


NEXT = 2
"""Stations on either side of a corner that are rounded off with it."""


TURNS = Quality(corner=28.0, sharp=60.0, reach=6, blur=1, bends=False)
"""Turns of tracks that are corners."""


class Corner(NamedTuple):
    """A corner: its place, the bisector that points out of it, the cosine of half its turn, and what joins it."""

    track: int
    place: Floats
    out: Floats
    cosine: float
    misfit: Misfit[Join]
    reach: float


def corners_of(tracks: list[Track], samples: Floats, width: float) -> list[Corner]:
    """Look at all corners and at the border samples outside of each."""
    feet = feet_of(samples, tracks)
    half = width / 2
    found = []
    first = 0
    for number, track in enumerate(tracks):
        for spot in np.flatnonzero(track.corner).tolist():
            place = track.points[spot]
            before, after = legs(track, spot)
            if len(before) < 2 or len(after) < 2:
                continue
            one, other = line_through(np.vstack([place, before]))[1], line_through(np.vstack([place, after]))[1]
            out = one + other
            length = float(np.hypot(*out))
            if length < 1e-3:
                continue
            out = out / length
            cosine = float(np.sqrt(max(1 - (length / 2) ** 2, 1e-6)))
            at = first + spot
            near = ~feet.inner & _at(feet, at)
            gap = samples[near] - place
            gap = gap[product(gap, out) > 0]
            if len(gap) < 2:
                continue
            normals = [_outward(way, out) for way in (one, other)]
            found.append(Corner(number, place, out, cosine, _joins(gap, normals, out, cosine, half), _reach(gap, out)))
        first += len(track.points)
    return found


def _at(feet: Feet, station: int) -> Bools:
    spot: Bools = ((feet.station == station) & (feet.share <= 0)) | ((feet.after == station) & (feet.share >= 1))
    return spot


def _outward(way: Floats, out: Floats) -> Floats:
    normal = np.array([-way[1], way[0]])
    return normal if inner(normal, out) > 0 else -normal


def _joins(gap: Floats, normals: list[Floats], out: Floats, cosine: float, half: float) -> Misfit[Join]:
    miter = np.maximum(product(gap, normals[0]), product(gap, normals[1])) - half
    bevel = product(gap, out) - half * cosine
    around = np.hypot(*gap.T) - half
    round_, sharp, cut = (float((off * off).sum()) for off in (around, miter, bevel))
    return {"round": round_, "miter": sharp if cosine * LIMIT > 1 else cut, "bevel": cut}


LIMIT = 4.0
"""SVG's miter limit: longer miters are cut off as bevels."""


def _reach(gap: Floats, out: Floats) -> float:
    """How far the border is from a corner along its bisector."""
    middle = gap[np.argsort(np.abs(gap[:, 0] * out[1] - gap[:, 1] * out[0]), kind="stable")[:3]]
    return float(product(middle, out).mean())


def filleted(tracks: list[Track], corners: list[Corner], width: float) -> list[Track]:
    """Round corners off whose border is too close for any join but a bevel that fits, by arcs that it explains."""
    half = width / 2
    placed = list(tracks)
    for corner in corners:
        lacking = half - corner.reach
        least = min(corner.misfit.values())
        if lacking < 0.12 or least < 0.02 * len(corner.misfit) or corner.cosine > 0.995:
            continue
        radius = lacking / (1 / corner.cosine - 1)
        if radius > 1.6 * width:
            continue
        track = placed[corner.track]
        arc = _arc(track, corner, radius)
        if arc is not None:
            placed[corner.track] = arc
    return placed


def _arc(track: Track, corner: Corner, radius: float) -> Track | None:
    """Put an arc in the place of a corner; None where its legs are too short for it."""
    n = len(track.points)
    sine = float(np.sqrt(1 - corner.cosine**2))
    back = radius * sine / corner.cosine
    place = corner.place
    spot = int(np.argmin(((track.points - place) ** 2).sum(1) + np.where(track.corner, 0, np.inf)))
    drop = [0, 0]
    for side, sign in enumerate((-1, 1)):
        k = 1
        while True:
            at = spot + sign * k
            if (not track.closed and not 0 <= at < n) or k >= n // 2 or track.corner[at % n]:
                return None
            if np.hypot(*(track.points[at % n] - place)) >= back:
                break
            k += 1
        drop[side] = k - 1
    start, end = spot - drop[0] - 1, spot + drop[1] + 1
    center = place - corner.out * radius / corner.cosine
    a, b = (track.points[at % n] - place for at in (start, end))
    a, b = (place + back * way / np.hypot(*way) - center for way in (a, b))
    turn = float(np.arctan2(a[0] * b[1] - a[1] * b[0], inner(a, b)))
    count = max(int(np.rint(abs(turn) * radius / (0.7 * STEP))), 1)
    angle = np.arctan2(a[1], a[0]) + turn * np.arange(count + 1) / count
    arc = center + radius * np.column_stack([np.cos(angle), np.sin(angle)])
    index = np.arange(end, end + n - (end - start) + 1) if track.closed else None
    if index is not None:
        rest = index % n
        return replace(
            track,
            points=np.vstack([arc, track.points[rest]]),
            corner=np.concatenate([np.zeros(len(arc), bool), track.corner[rest]]),
        )
    return replace(
        track,
        points=np.vstack([track.points[: start + 1], arc, track.points[end:]]),
        corner=np.concatenate([track.corner[: start + 1], np.zeros(len(arc), bool), track.corner[end:]]),
    )
