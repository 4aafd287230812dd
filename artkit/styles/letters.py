"""The signs of ASCII as lines of one pen, all as wide: a sign in, paths out. x to the right, y down.

A sign stands in a grid: x from 0 to 6, y from a, the top of capitals, by d, that of small letters, and k, where they
stand, to n. Strokes are apart by spaces; those that begin with ~ are curves, whose points draw them near as those of
a quadratic B-spline do: each but the first and the last is a control, and curves meet midway between two.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from artkit.arrays import Floats
from artkit.artwork.bezier import flattened
from artkit.artwork.drawing import QUADRATIC, Path

ADVANCE = 0.82
"""From one sign to the next, as a multiple of the height of capitals, which is 1 here."""

LINE = 2 * ADVANCE
"""From one line to the next."""

STEP = 0.1
"""Side of a square of the grid."""

LEFT, TOP = (ADVANCE - 6 * STEP) / 2, 0.23
"""Where the grid begins in the box of a sign, `ADVANCE` wide and `LINE` high."""


class Sign(NamedTuple):
    """A sign's strokes in its box, and the same as points in a row for each."""

    paths: list[Path]
    lines: list[Floats]


@cache
def sign(letter: str) -> Sign:
    """Give a sign of ASCII; the space has no strokes."""
    paths = [_stroke(text) for text in _SIGNS[letter].split()]
    return Sign(paths, [_points(path) for path in paths])


def known() -> str:
    """All signs, by their codes."""
    return "".join(sorted(_SIGNS))


def lettered(text: str, height: float, x: float, y: float) -> list[Path]:
    """Write a line of text with capitals of that height, from x on, standing on y; what is no sign of ASCII is `?`."""
    paths = []
    for place, letter in enumerate(text):
        corner = np.array([x + height * (place * ADVANCE - LEFT), y - height * (1 + TOP)])
        known_one = letter if letter in _SIGNS else "?"
        paths += [path._replace(points=height * path.points + corner) for path in sign(known_one).paths]
    return paths


def _stroke(text: str) -> Path:
    points = np.array(
        [(int(x), ord(y) - ord("a")) for x, y in zip(*[iter(text.lstrip("~"))] * 2, strict=True)], np.float64
    )
    points = STEP * points + (LEFT, TOP)
    if not text.startswith("~"):
        return Path(points, closed=False)
    ends = [*((one + other) / 2 for one, other in pairwise(points[1:-1])), points[-1]]
    controls = points[1:-1]
    return Path(
        np.vstack([points[:1], np.stack([controls, ends], axis=1).reshape(-1, 2)]),
        np.full(len(controls), QUADRATIC, np.uint8),
        closed=False,
    )


def _points(path: Path) -> Floats:
    if path.kinds is None:
        return path.points
    return flattened(path.points, path.kinds, np.full(len(path.kinds), 6))


_BOWL = "~0g0d6d6k0k0h"
_BOWL_LEFT = "~6g6d0d0k6k6h"
_S = "~6c6a0a0e6f6k0k0i"

_SIGNS = {
    " ": "", "!": "3a3g 3k3k", '"': "2a2c 4a4c", "#": "2a1k 5a4k 0d6d 0h6h", "$": f"{_S} 3a3k",
    "%": "6a0k ~1a0a0c2c2a1a ~5i4i4k6k6i5i", "&": "~6k1d1a4a4d0g0k4k6g", "'": "3a3c", "(": "~4a2c2i4k",
    ")": "~2a4c4i2k", "*": "3b3h 1c5g 5c1g", "+": "3c3i 0f6f", ",": "3j3k2m", "-": "1f5f", ".": "3k3k", "/": "6a0k",
    "0": "~3a0a0k6k6a3a 2h4d", "1": "1c3a3k 1k5k", "2": "~0c0a6a6e0k 0k6k", "3": "~0b0a5a5e2e ~2e6e6k0k0j",
    "4": "4k4a0h6h", "5": "5a1a1e ~1e6d6k0k0j", "6": "~5a0a0h ~0h0k6k6e0e0h", "7": "0a6a2k",
    "8": "~3e0e0a6a6e3e ~3e0e0k6k6e3e", "9": "~1k6k6d ~6d6a0a0g6g6d", ":": "3d3d 3j3j", ";": "3d3d 3j3k2m",
    "<": "5c1f5i", "=": "0e6e 0h6h", ">": "1c5f1i", "?": "~0c0a6a6e3e3h 3k3k", "@": "~5k0k0a6a6i5i 5i5d ~5d2d2i5i",
    "A": "0k3a6k 1g5g", "B": "3e0e 0k0a3a ~3a5a5e3e ~3e6e6k3k 3k0k", "C": "~6c6a0a0k6k6i",
    "D": "0k0a2a ~2a6a6k2k 2k0k", "E": "6a0a0k6k 0e5e", "F": "6a0a0k 0e5e", "G": "~6c6a0a0k6k6h 6h6f3f",
    "H": "0a0k 6a6k 0e6e", "I": "1a5a 3a3k 1k5k", "J": "5a5h ~5h5k0k0i", "K": "0a0k 6a0f 2e6k", "L": "0a0k6k",
    "M": "0k0a3f6a6k", "N": "0k0a6k6a", "O": "~3a0a0k6k6a3a", "P": "0k0a3a ~3a6a6f3f 3f0f",
    "Q": "~3a0a0k6k6a3a 4h6k", "R": "0k0a3a ~3a6a6f3f 3f0f 3f6k", "S": _S, "T": "0a6a 3a3k",
    "U": "0a0g ~0g0k6k6g 6g6a", "V": "0a3k6a", "W": "0a1k3e5k6a", "X": "0a6k 6a0k", "Y": "0a3e6a 3e3k",
    "Z": "0a6a0k6k", "[": "4a2a2k4k", "\\": "0a6k", "]": "2a4a4k2k", "^": "1d3a5d", "_": "0m6m", "`": "2a3c",
    "a": "~0e0d5d5f 5f5k ~5g0g0k5k5i", "b": f"0a0k {_BOWL}", "c": "~5e5d0d0k5k5j", "d": f"6a6k {_BOWL_LEFT}",
    "e": "0g6g ~6g6d0d0k5k5j", "f": "~5a3a3c 3c3k 1d5d", "g": f"6d6l ~6l6n1n1m {_BOWL_LEFT}",
    "h": "0a0k ~0g0d6d6g 6g6k", "i": "1d3d3k 1k5k 3b3b", "j": "2d4d4l ~4l4n1n 4b4b", "k": "0a0k 5d0h 2g6k",
    "l": "1a3a3k 1k5k", "m": "0d0k ~0f0d3d3f 3f3k ~3f3d6d6f 6f6k", "n": "0d0k ~0g0d6d6g 6g6k",
    "o": "~3d0d0k6k6d3d", "p": f"0d0n {_BOWL}", "q": f"6d6n {_BOWL_LEFT}", "r": "1d1k ~1g1d5d5e",
    "s": "~5e5d0d0g5g5k0k0j", "t": "2a2i ~2i2k5k5j 0d4d", "u": "0d0h ~0h0k6k6h 6d6k", "v": "0d3k6d",
    "w": "0d1k3f5k6d", "x": "0d6k 6d0k", "y": "0d3k 6d2n0n", "z": "0d6d0k6k", "{": "4a3a3e2f3g3k4k", "|": "3a3m",
    "}": "2a3a3e4f3g3k2k", "~": "~0g0e3f6g6e",
}  # fmt: skip
