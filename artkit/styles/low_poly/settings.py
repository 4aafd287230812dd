"""The numbers of a low-poly drawing: what each is for, its unit, and what changes when it grows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """How triangles follow borders, where they are added, and how they are moved.

    Lengths are multiples of the side of an average triangle, so that they hold for any picture and number of triangles.
    """

    # Following the borders of a mosaic
    triangles_to_a_region: float = 6.0
    """Triangles to a region of the mosaic, at least; more: fewer borders are followed, more triangles go by error."""
    crumb: float = 0.35
    """Side of the smallest regions, as squares, whose borders are followed; more: fewer small ones."""
    stray: float = 0.1
    """How far edges stray from borders of middling contrast; more: fewer and longer edges, less exact."""
    longest: float = 3.0
    """Length beyond which edges along borders are split; more: thinner triangles beside straight borders."""

    # Adding points
    rounds: int = 6
    """In how many rounds points are added; more: better placed, and slower."""
    grain: float = 0.06
    """Standard deviation of the blur that takes away what triangles cannot show; more: texture attracts fewer."""
    closest: float = 0.25
    """Least distance of a new point from its triangle's corners; more: rounder triangles, less detail."""
    smoothings: int = 3
    """How often points within regions move to the middle of their triangles; more: rounder triangles."""

    # Moving points and exchanging edges
    stages: int = 3
    """How often all points are moved, with edges exchanged in between; more: closer, and slower."""
    moves: int = 16
    """Steps of a stage; more: closer, and slower."""
    step: float = 0.25
    """How far points move in the first step; more: they get farther, and may pass the best place."""
    cooling: float = 0.95
    """What is left of a step the next time; more: slower to come to rest."""
    easing: float = 0.7
    """What is left of the first step in the next stage; more: points stray from what they have found."""
    samples: int = 8
    """Places along each edge at which the picture is looked at; more: exacter, and slower."""
    calm: float = 60.0
    """Squared difference of colors, of three channels, that is added to those of triangles; more: edges along faint
    borders move less."""
    rounding: float = 0.03
    """Share of the way to the middle of its triangles that a point goes with every step; more: rounder triangles."""
    flips: int = 4
    """How often edges are exchanged between two stages, at most."""
    slim: float = 0.03
    """Twice the least area of a triangle that points are moved or edges exchanged for, in squares of the side; more:
    thicker triangles, less exact borders."""


SETTINGS = Settings()
