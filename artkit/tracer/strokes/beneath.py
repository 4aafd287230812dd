"""What lies beneath strokes: the faces beside them, continued to their middle lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Floats
from artkit.planar.map import PlanarMap, planar_map
from artkit.raster.masks import spread
from artkit.tracer.regions.edges import sides, smoothed_staircase
from artkit.tracer.strokes.faces import crack_keys, sorted_keys
from artkit.tracer.strokes.middle import Track, feet_of


def without(ids: NDArray[np.int32], strokes: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Give each pixel of strokes, (H, W), the label of the nearest pixel that is none."""
    return spread(ids, ~strokes)[0]


def map_beneath(
    planar: PlanarMap, samples: Floats, ids: NDArray[np.int32], strokes: NDArray[np.bool_], tracks: list[Track]
) -> tuple[PlanarMap, Floats]:
    """Map what is left without strokes, and tell where its borders run: beneath a stroke along its middle.

    `ids` (H, W) are the labels without them. Other borders run where they ran, `samples` of the map with strokes.
    """
    rest = planar_map(ids)
    places = smoothed_staircase(rest)
    keys, order = sorted_keys(planar)
    own = crack_keys(rest, 0, 0, rest.width)
    spot = np.minimum(np.searchsorted(keys, own), len(keys) - 1)
    known = keys[spot] == own
    covered = np.pad(strokes, 1)
    left_y, left_x, right_y, right_x = sides(rest)
    hidden = covered[left_y + 1, left_x + 1] & covered[right_y + 1, right_x + 1]
    bare = known & ~covered[left_y + 1, left_x + 1] & ~covered[right_y + 1, right_x + 1]
    places[bare] = samples[order[spot[bare]]]
    if hidden.any() and tracks:
        middles = rest.middles[hidden]
        feet = feet_of(middles, tracks)
        points = np.vstack([track.points for track in tracks])
        foot = points[feet.station] + feet.share[:, None] * (points[feet.after] - points[feet.station])
        near = feet.distance < 1.5
        places[np.flatnonzero(hidden)[near]] = foot[near]
    return rest, places
