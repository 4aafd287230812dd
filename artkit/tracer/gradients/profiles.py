"""Profiles: what a color or an opacity is along a way, as few straight pieces between stops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.algebra import product, solve
from artkit.arrays import Floats, Ints

BINS = 64
"""Steps along a way in which values are averaged."""

MOST = 7
"""Stops at the most."""

TRIED = 24
"""Places that are tried for one more stop."""


class Profile(NamedTuple):
    """Values (K, C) at places (K,) along a way, straight between, and constant beyond both ends."""

    places: Floats
    values: Floats

    def at(self, along: Floats) -> Floats:
        """Give the values (N, C) at places (N,)."""
        return np.stack([np.interp(along, self.places, column) for column in self.values.T], axis=1)


def binned(along: Floats, bins: int = BINS) -> tuple[Ints, float]:
    """Give the bin of each place, and how wide one is."""
    low, high = float(along.min()), float(along.max())
    width = max((high - low) / bins, 1e-9)
    return np.minimum(((along - low) / width).astype(np.int64), bins - 1), width


def fitted(
    along: Floats, values: Floats, weight: Floats, price: float, low: float, high: float, most: int = MOST
) -> Profile:
    """Fit values (N, C) of `weight` (N,) along a way by a profile whose stops are worth `price` of squared error each.

    Stops, `most` of them, are added where the values are farthest off, and are bounded by `low` and `high`.
    """
    bin_, width = binned(along)
    mass = np.bincount(bin_, weight, BINS).astype(np.float64)
    place = np.bincount(bin_, weight * along, BINS).astype(np.float64)
    mean: Floats = np.stack([np.bincount(bin_, weight * column, BINS) for column in values.T], axis=1)
    some = np.flatnonzero(mass > 1e-9)
    mass, place, mean = mass[some], place[some] / mass[some], mean[some] / mass[some][:, None]
    if len(place) < 2:
        return Profile(place, np.clip(mean, low, high))
    knots = np.array([[place[0], place[-1]]])
    profile, error = _best(knots, place, mean, mass, low, high)
    while len(profile.places) < min(most, len(place)):
        tried = place[np.linspace(1, len(place) - 2, min(len(place) - 2, TRIED)).astype(np.int64)]
        tried = tried[np.abs(tried[:, None] - profile.places).min(1) >= width]
        if not len(tried):
            break
        knots = np.sort(np.column_stack([np.tile(profile.places, (len(tried), 1)), tried]), axis=1)
        finer, less = _best(knots, place, mean, mass, low, high)
        if error - less < price:
            break
        profile, error = finer, less
    return profile


def _best(knots: Floats, place: Floats, mean: Floats, mass: Floats, low: float, high: float) -> tuple[Profile, float]:
    """Least squares with hat functions over each row of knots (T, K): the best profile, and its squared error."""
    gaps = np.maximum(np.diff(knots, axis=1), 1e-9)
    share = np.clip((place[None, :, None] - knots[:, None, :-1]) / gaps[:, None], 0, 1)
    hats = np.zeros((len(knots), len(place), knots.shape[1]))
    hats[:, :, 0] = 1
    hats[:, :, 1:] += share
    hats[:, :, :-1] -= share
    heavy = hats * mass[:, None]
    total = float(mass.sum())
    slack = 1e-6 * total / knots.shape[1]  # knots without values between them take the mean
    square = product(heavy.transpose(0, 2, 1), hats) + slack * np.eye(knots.shape[1])
    values = solve(square, product(heavy.transpose(0, 2, 1), mean) + slack * product(mass, mean) / total)
    values = np.clip(values, low, high)
    off = product(hats, values) - mean
    errors = ((off * off).sum(2) * mass).sum(1)
    pick = int(errors.argmin())
    return Profile(knots[pick], values[pick]), float(errors[pick])
