"""Soft parts of a picture as gradients of opacity: one along a way, or along the distance from a box.

A fade to one side, a glow and a blob of shadow are each one gradient: straight, in circles or in ellipses. The blurred
shadow of a card is close to a function of the distance from a smaller box within it: constant inside, straight
gradients beside its four sides, circular ones at its corners. Drawn in nine pieces that meet without antialiasing,
these are the simplest form of it that every renderer draws. What is chosen is what tells most for its price:
description length, in levels squared over pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from artkit.algebra import product, solve
from artkit.arrays import Bools, Floats
from artkit.artwork.drawing import Gradient
from artkit.color.palette import name_of
from artkit.tracer.gradients.painting import color_cost
from artkit.tracer.gradients.profiles import Profile, fitted
from artkit.tracer.gradients.ways import Along, Way, best_ways, descended

PRICES = (400.0, 560.0, 720.0, 4000.0)
"""Squared error that a straight way, circles, ellipses and a box must save: the last one has up to nine shapes."""

STOP, STOPS = 100.0, 11
"""Squared error that a stop must save, and the most of them: few would be seen as bands."""

SEARCHED, LOOKED = 1200, 6000
"""Pixels by which ways are compared, and to which the best is fitted."""

CLOSE, WORST = 2.2, 9.0
"""What a gradient may miss, of 255: root mean square, and by all but a hundredth of the pixels."""

LEVELS, ANGLES = (0.12, 0.5), 6
"""Opacities, as parts of the highest one, and directions in a quarter turn, at which boxes around it are tried."""

TRIED = 3
"""Boxes that are looked at more closely."""

SLANTED = 0.9
"""A box that is turned freely must be so much better than one at an angle that was tried."""

INSETS = tuple(k / 12 for k in range(2, 13))
"""How far within the shape that casts a shadow the box is looked for, as parts of half its lesser side."""


FARTHER = 4.0
"""How far the ends of a gradient go on beyond what is known of it, in pixels."""


class Box(NamedTuple):
    """A box as a way: middle x and y, half its two sides, and the angle of the first one."""

    values: tuple[float, ...]

    def local(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Give places along the box's two sides, from its middle."""
        cx, cy, _, _, turn = self.values
        cos, sin = np.cos(turn), np.sin(turn)
        return (x - cx) * cos + (y - cy) * sin, (y - cy) * cos - (x - cx) * sin

    def along(self, x: Floats, y: Floats) -> Floats:
        """Give how far places are from the box, 0 inside."""
        u, v = self.local(x, y)
        _, _, a, b, _ = self.values
        return np.asarray(np.hypot(np.maximum(np.abs(u) - a, 0), np.maximum(np.abs(v) - b, 0)))


class Fade(NamedTuple):
    """A gradient of opacity: colors (K, 3), 0 to 255, and opacities (K,), 0 to 1, at places (K,) along a way."""

    way: Way | Box
    places: Floats
    colors: Floats
    opacities: Floats

    def at(self, x: Floats, y: Floats) -> Floats:
        """Give colors multiplied by their opacity, and the opacity, (..., 4), at places."""
        along = self.way.along(x, y)
        share = np.interp(along, self.places, self.opacities)
        colors = [np.interp(along, self.places, column) * share for column in self.colors.T]
        return np.stack([*colors, share], axis=-1)

    def prolonged(self) -> Fade:
        """Give it with its ends going on as they do before them, by a few pixels or until nothing or all is covered."""
        places, values = self.places, np.column_stack([self.opacities, self.colors])
        if len(places) < 2:
            return self
        for end, before, sign in ((0, 1, -1), (-1, -2, 1)):
            slope = (values[end] - values[before]) / max(abs(places[end] - places[before]), 1e-9)
            room = (1.0 if slope[0] > 0 else 0.0) - values[end][0]
            far = min(FARTHER, room / slope[0]) if abs(slope[0]) > 1e-9 else FARTHER
            if len(self.way.values) > 1 and sign < 0:
                far = min(far, places[0])
            if values[end][0] and far > 0.05:
                more = np.clip(values[end] + far * slope, 0, (1, 255, 255, 255))
                at = 0 if sign < 0 else len(places)
                places = np.insert(places, at, places[end] + sign * far)
                values = np.insert(values, at, more, axis=0)
        return Fade(self.way, places, values[:, 1:], values[:, 0])

    def over(self, height: int, width: int) -> Floats:
        """Give it over a whole sheet: (H, W, 4)."""
        y, x = np.mgrid[:height, :width] + 0.5
        return self.at(x, y)

    def stops(self) -> tuple[tuple[str, ...], tuple[float, ...]]:
        """Give the names of its colors, and its opacities, as a drawing has them."""
        names = tuple(name_of(np.clip(np.rint(color), 0, 255).astype(int)) for color in self.colors)
        return names, tuple(np.round(self.opacities, 3).tolist())

    def gradient(self, start: Floats, way: Floats) -> Gradient:
        """Give it as a straight gradient: where places are 0, and the direction (2,) in which they grow."""
        first, last = self.places[0], max(self.places[-1], self.places[0] + 1e-6)
        names, opacities = self.stops()
        share = tuple(np.round((self.places - first) / (last - first), 4).tolist())
        head, tail = start + first * way, start + last * way
        return Gradient(_pair(head), _pair(tail), names, False, share, opacities, shared=True)

    def rings(self, middle: Floats, turn: float = 0.0, ratio: float = 1.0) -> Gradient:
        """Give it as a gradient in rings around a middle."""
        last = max(float(self.places[-1]), 1e-6)
        names, opacities = self.stops()
        share = tuple(np.round(self.places / last, 4).tolist())
        end = middle + last * np.array([np.cos(turn), np.sin(turn)])
        return Gradient(_pair(middle), _pair(end), names, True, share, opacities, ratio, shared=True)


def _pair(place: Floats) -> tuple[float, float]:
    return float(place[0]), float(place[1])


def found_fade(layer: Floats, known: Bools, *, whole: bool = True) -> Fade | None:
    """Find the gradient that explains what is `known` (H, W) of a premultiplied layer (H, W, 4), opacity 0 to 1.

    None where none comes close. What is not the `whole` of it ends at an outline, and its ends go on beyond.
    """
    spot = np.flatnonzero(known)
    area = len(spot)
    if area < 16:
        return None
    spot = spot[np.arange(min(area, LOOKED)) * area // min(area, LOOKED)]
    y, x = np.divmod(spot, known.shape[1])
    x, y = x + 0.5, y + 0.5
    levels = layer.reshape(-1, 4)[spot] * (1, 1, 1, 255)
    few = np.arange(min(len(x), SEARCHED)) * len(x) // min(len(x), SEARCHED)
    cost = color_cost(x[few], y[few], levels[few], np.ones(len(few)))
    ways: list[Way | Box] = [way for _, way in best_ways(cost, x[few], y[few], levels[few, 3])]
    if whole:
        ways.append(_best_box(cost, x, y, levels[:, 3]))
    fades = [_fitted(way, x, y, levels, area / len(x)) for way in ways]
    offs = [fade.at(x, y) * (1, 1, 1, 255) - levels for fade in fades]
    prices = [
        area * float((off**2).sum(1).mean()) + price + STOP * len(fade.places)
        for off, price, fade in zip(offs, PRICES, fades, strict=False)
    ]
    best = int(np.argmin(prices))
    # What is seen upon white is the color's part and the opacity's; the worst channel counts.
    off = np.abs(offs[best]).max(1)
    close = np.sqrt((off**2).mean()) <= CLOSE and np.quantile(off, 0.99) <= WORST
    if not close:
        return None
    return fades[best].prolonged() if isinstance(fades[best].way, Way) else fades[best]


def _best_box(cost: Callable[[Along], float], x: Floats, y: Floats, alpha: Floats) -> Box:
    """Search for the box from whose distance what is drawn can be told best."""
    starts = []
    for level in LEVELS:
        thick = alpha >= level * alpha.max()
        for turn in np.arange(ANGLES) * np.pi / 2 / ANGLES:
            cos, sin = np.cos(turn), np.sin(turn)
            u, v = (x * cos + y * sin)[thick], (y * cos - x * sin)[thick]
            low, high = np.array([u.min(), v.min()]), np.array([u.max(), v.max()])
            (mu, mv), half = (low + high) / 2, (high - low) / 2
            for inset in INSETS:
                a, b = np.maximum(half - inset * half.min(), 0.0)
                starts.append(Box((float(mu * cos - mv * sin), float(mu * sin + mv * cos), a, b, float(turn))))
    tried = sorted((cost(box), box) for box in starts)[:TRIED]
    size = 0.05 * float(max(np.ptp(x), np.ptp(y)))
    step, end = (size, size, size, size, 0.0), (0.05, 0.05, 0.05, 0.05, 1.0)
    least, best = min(descended(cost, least, box, step, end, _has_sides) for least, box in tried)
    slanted = descended(cost, least, best, (*step[:4], 0.1), (*end[:4], 2e-3), _has_sides)
    return slanted[1] if slanted[0] < SLANTED * least else best


def _has_sides(values: list[float]) -> bool:
    return values[2] >= 0 and values[3] >= 0


def _fitted(way: Way | Box, x: Floats, y: Floats, levels: Floats, scale: float) -> Fade:
    """Fit colors and opacities along a way."""
    along = way.along(x, y)
    profile = fitted(along, levels, np.full(len(along), scale), STOP, 0, 255, STOPS)
    alpha = np.where(profile.values[:, 3] < FAINT, 0, profile.values[:, 3]) / 255
    share = np.interp(along, profile.places, alpha)
    one = (levels[:, :3] * share[:, None]).sum(0) / max(float((share**2).sum()), 1e-9)
    single = np.tile(np.clip(one, 0, 255), (len(alpha), 1))
    several = _colors(profile, along, share, levels[:, :3])
    off = [
        scale * float(((Fade(way, profile.places, colors, alpha).at(x, y)[:, :3] - levels[:, :3]) ** 2).sum())
        for colors in (single, several)
    ]
    colors = single if off[0] - off[1] < STOP * len(alpha) else several
    return Fade(way, profile.places, colors, alpha)


FAINT = 1.0
"""An opacity of less than so many levels of 255 at the end of a gradient is none."""


def _colors(profile: Profile, along: Floats, share: Floats, wanted: Floats) -> Floats:
    """Give colors (K, 3) at the stops such that, multiplied by the `share` (N,), they are closest to those `wanted`."""
    count = len(profile.places)
    hats = np.stack([np.interp(along, profile.places, row) for row in np.eye(count)], axis=1) * share[:, None]
    mean = (wanted * share[:, None]).sum(0) / max(float((share**2).sum()), 1e-9)
    slack = 1e-3 * float((hats**2).sum()) / count + 1e-9
    square = product(hats.T, hats) + slack * np.eye(count)
    return np.clip(solve(square, product(hats.T, wanted) + slack * mean), 0, 255)
