"""Samples of pieces laid end to end, and the segments that they are divided into."""

from __future__ import annotations

from dataclasses import dataclass

from artkit.arrays import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Layout:
    """Pieces laid end to end, with the weights, smoothed places and tangents of their samples.

    A `ring` is a closed piece without a corner. Its n samples are laid twice, 2 n + 1 in all, so that segments may
    begin and end anywhere. At the end of a piece its sample was at `corner` before it was moved to where the borders
    meet, and the border goes on with piece `next`, -1 where that is unknown or the corner may not move.
    """

    points: Floats
    weight: Floats
    smooth: Floats
    tangent: Floats
    offsets: Ints
    chain: Ints
    ring: Bools
    corner: Floats
    next: Ints


@dataclass(frozen=True, eq=False)
class Segments:
    """Segment k goes from sample a[k] to sample b[k] of the layout, in a piece; neighbors share a sample.

    `straight` ones are lines. In a ring of n samples the last segment ends n samples after the start of the first.
    """

    a: Ints
    b: Ints
    piece: Ints
    straight: Bools
