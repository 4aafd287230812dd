"""Eyes and mouth of a face: dark, uneven spots in an upright crop, where the eyes, a nose's bridge and cheeks allow."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from artkit.algebra import product
from artkit.arrays import Floats

CROP = 84
"""Pixels a side of the crop: two to each of the 24 of a window, which lies in the middle."""

EYES, MOUTH = np.array([[-8.3, -8.2], [8.3, -8.2]]), np.array([[0.0, 10.4]])
"""Where they are from the middle of the crop, on the average; x, y."""

BARE = np.array([[0, -7.0], [-8, 2.5], [8, 2.5]])
"""Where nothing dark is: the bridge of the nose, and the cheeks."""

REACH = 9
"""How far from that, in pixels of the crop, they are looked for."""


def parts_of(crop: NDArray[np.float32]) -> Floats:
    """Give the places of both eyes and the mouth in a crop (CROP, CROP) of gray, (3, 2), x and y."""
    eye, mouth = _dark(crop, 3.0, 2.2), _dark(crop, 4.5, 1.7)
    steps = range(-REACH, REACH + 1)
    best, found = -np.inf, np.zeros((3, 2))
    shift = np.array(list(itertools.product(steps, steps)), float)
    away = 0.012 * (shift**2).sum(1)
    for size, turn in itertools.product((0.76, 0.84, 0.92, 1.0, 1.09), (-12, -6, 0, 6, 12)):
        angle = np.deg2rad(turn)
        turned = size * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        left, right = (_at(eye, product(place, turned) + shift) for place in EYES)
        score = left + right + np.minimum(left, right) + 0.8 * _at(mouth, product(MOUTH[0], turned) + shift)
        score -= 0.4 * sum(_at(eye, product(place, turned) + shift) for place in BARE)
        score -= away + 6 * (size - 0.95) ** 2 + 0.002 * turn**2
        which = int(score.argmax())
        if score[which] > best:
            best, found = float(score[which]), product(np.vstack([EYES, MOUTH]), turned) + shift[which]
    places = [_peak(*spot) for spot in ((eye, found[0], 2), (eye, found[1], 2), (mouth, found[2], 3))]
    return np.stack(places) + (CROP - 1) / 2


def _dark(crop: NDArray[np.float32], across: float, down: float) -> NDArray[np.float32]:
    """How much darker than what is around it, and more uneven, each place is, against the unevenness of the whole."""
    import cv2

    near = np.asarray(cv2.GaussianBlur(crop, (0, 0), across, sigmaY=down))
    far = np.asarray(cv2.GaussianBlur(crop, (0, 0), 3 * down, sigmaY=3 * down))
    rough = np.asarray(cv2.GaussianBlur(np.abs(crop - near), (0, 0), across, sigmaY=down))
    quarter = CROP // 4
    strength = float(crop[quarter:-quarter, quarter:-quarter].std()) + 2.0
    result: NDArray[np.float32] = ((far - near + 2.0 * rough) / strength).astype(np.float32)
    return result


def _at(picture: NDArray[np.float32], places: Floats) -> Floats:
    """Values of a crop at places from its middle (N, 2)."""
    x, y = np.clip(np.rint(places + (CROP - 1) / 2).astype(np.int64), 0, CROP - 1).T
    found: Floats = picture[y, x].astype(np.float64)
    return found


def _peak(picture: NDArray[np.float32], place: Floats, reach: int) -> Floats:
    """The highest place near one."""
    steps = range(-reach, reach + 1)
    near = place + np.array(
        sorted(itertools.product(steps, steps), key=lambda by: (by[0] ** 2 + by[1] ** 2, by)), float
    )
    peak: Floats = near[int(_at(picture, near).argmax())]
    return peak
