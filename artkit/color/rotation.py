"""Turns of colors about an axis of the color cube: color functions, (N, 3) uint8 to the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import norm, product
from artkit.arrays import Floats
from artkit.color.gamut import oklab_changed
from artkit.color.levels import NearestLevel
from artkit.color.spaces import CHANNELS, LIGHT, mixed, planes_to_srgb

Axis = Literal["red", "green", "blue", "gray"]
Vector = tuple[float, float, float]
Space = Literal["sigmoid", "linear", "oklch"]


def rotator(angle: float, axis: Axis | Vector, space: Space) -> Callable[[NDArray[np.uint8]], NDArray[np.uint8]]:
    """Make the color function that turns colors by `angle` degrees about `axis` in a space: see the op rotate-color.

    By 0 or 360 degrees nothing changes. In OKLCh the axis is always gray: the hue alone changes.
    """
    if space == "oklch":
        turn = rotation("red", angle)  # OKLab's first coordinate is lightness: the turn is in the plane of a and b
        return lambda colors: oklab_changed(colors, turn)
    turn = rotation(axis, angle)
    if space == "linear":
        return lambda colors: planes_to_srgb(mixed(colors, LIGHT, turn))
    stretched = stretch(np.arange(256))
    return lambda colors: np.ascontiguousarray(unstretch(mixed(colors, stretched, turn)).T)


def rotation(axis: Axis | Vector, degrees: float) -> Floats:
    """Matrix (3, 3) that turns column vectors (red, green, blue) about an axis through the origin.

    The axis is a channel, gray (the diagonal) or a vector of any length but 0.

    Positive angles turn counterclockwise for someone who looks from the axis' tip back to the origin (the right-hand
    rule): about red, green goes to blue; about green, blue to red; about blue, red to green; about gray
    120 degrees take red to green, green to blue and blue to red.
    """
    x, y, z = _direction(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    # Quarter turns are exact, so that a full turn is the identity to the last bit.
    quarters, rest = divmod(degrees, 90)
    cos, sin = np.cos(np.deg2rad(rest)), np.sin(np.deg2rad(rest))
    for _ in range(int(quarters) % 4):
        cos, sin = -sin, cos
    matrix: Floats = np.eye(3) + sin * cross + (1 - cos) * product(cross, cross)  # Rodrigues' formula
    return matrix


def _direction(axis: Axis | Vector) -> Floats:
    if isinstance(axis, str):
        axis = (1, 1, 1) if axis == "gray" else tuple(np.eye(3)[CHANNELS.index(axis)])
    vector = np.array(axis) / np.abs(axis).max()  # so that squares are not too small to tell
    direction: Floats = vector / norm(vector)
    return direction


def stretch(values: Any) -> Floats:
    """Stretch levels to the whole number line, 127.5 to 0: log(p / (1 - p)) of p = (level + 1) / 257.

    No level is infinite, because p runs from 1/257 to 256/257. This is the space in which the psychedelic rotation
    turns: colors near the faces of the cube are far out, and whatever the turn, they come back inside.
    """
    p = (np.asarray(values, np.float64) + 1) / 257
    return np.log(p / (1 - p))


def unstretch(values: Any) -> NDArray[np.uint8]:
    """Undo `stretch`, rounded to the nearest level and clipped; `unstretch(stretch(x)) == x` for all 256 levels."""
    return _LEVEL_OF_STRETCHED(np.asarray(values, np.float64))


_LEVEL_OF_STRETCHED = NearestLevel(stretch(np.arange(255) + 0.5))
