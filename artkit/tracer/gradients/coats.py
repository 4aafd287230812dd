"""Coats of paint: a color or a gradient, and gradients of opacity upon it where one is not enough."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from artkit.algebra import inner
from artkit.arrays import Floats
from artkit.artwork.drawing import Fill, Gradient
from artkit.color.palette import name_of
from artkit.tracer.gradients.profiles import Profile
from artkit.tracer.gradients.ways import Way


class Paint(NamedTuple):
    """One coat of paint: colors along a way, or one color (1, 3) whose `opacity` changes along it."""

    way: Way | None
    color: Profile
    opacity: Profile | None = None

    def share(self, x: Floats, y: Floats) -> Floats:
        """Give how much it covers at places: (N, 1)."""
        if self.opacity is None or self.way is None:
            return np.ones((len(x), 1))
        return self.opacity.at(self.way.along(x, y))

    def on(self, beneath: Floats, x: Floats, y: Floats) -> Floats:
        """Paint upon colors (N, 3)."""
        if self.way is None:
            return np.asarray(np.broadcast_to(self.color.values[0], beneath.shape))
        along = self.way.along(x, y)
        if self.opacity is None:
            return self.color.at(along)
        share = self.opacity.at(along)
        return np.asarray(beneath * (1 - share) + self.color.values[0] * share)

    def endless(self) -> Paint:
        """Give a gradient of color that goes on beyond its ends as it does before them."""
        places, values = self.color
        if self.way is None or self.opacity is not None or len(places) < 2:
            return self
        reach = 4 * (places[-1] - places[0])
        first = values[0] - reach * (values[1] - values[0]) / max(places[1] - places[0], 1e-9)
        last = values[-1] + reach * (values[-1] - values[-2]) / max(places[-1] - places[-2], 1e-9)
        ends = np.concatenate([[places[0] - reach], places, [places[-1] + reach]])
        return self._replace(color=Profile(ends, np.vstack([first, values, last])))


class Coats(NamedTuple):
    """All that a cell is painted with, the lowest first."""

    coats: tuple[Paint, ...]

    def at(self, x: Floats, y: Floats) -> Floats:
        """Give the colors (N, 3) at places."""
        colors = np.zeros((len(x), 3))
        for coat in self.coats:
            colors = coat.on(colors, x, y)
        return colors


def fill_of(paint: Paint, middle: tuple[float, float]) -> Fill:
    """Give paint as a drawing has it; a straight gradient runs past `middle`."""
    if paint.way is None or (len(paint.color.places) == 1 and paint.opacity is None):
        return name_of(_levels(paint.color.values[0]))
    profile = paint.color if paint.opacity is None else paint.opacity
    first, last = float(profile.places[0]), float(profile.places[-1])
    colors = [name_of(_levels(color)) for color in np.broadcast_to(paint.color.values, (len(profile.places), 3))]
    opacities = () if paint.opacity is None else tuple(np.round(paint.opacity.values[:, 0], 3).tolist())
    values = paint.way.values
    if paint.way.radial:
        cx, cy, turn, flat = values
        end = (cx + last * np.cos(turn), cy + last * np.sin(turn))
        stops = tuple(np.round(profile.places / last, 4).tolist())
        return Gradient((cx, cy), end, tuple(colors), True, stops, opacities, float(np.exp(-flat)), shared=True)
    way = np.array([np.cos(values[0]), np.sin(values[0])])
    foot = np.array(middle) - inner(np.array(middle), way) * way
    head, tail = foot + first * way, foot + last * way
    stops = tuple(np.round((profile.places - first) / max(last - first, 1e-9), 4).tolist())
    return Gradient(
        (float(head[0]), float(head[1])), (float(tail[0]), float(tail[1])), tuple(colors), False, stops, opacities,
        shared=True,
    )  # fmt: skip


def _levels(color: Floats) -> np.ndarray:
    return np.clip(np.rint(color), 0, 255).astype(int)
