"""What varies in, tones of inks out: gradients of opacity as tones of their ink, colors as shares of several inks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from artkit.arrays import Floats, Pixels
from artkit.artwork.drawing import Gradient
from artkit.color.cmyk import CMYK, cmyk_of
from artkit.color.levels import to_uint8
from artkit.color.palette import parse
from artkit.pens.names import LIGHT_FIRST, hex_color

Tone = Callable[[Floats], Floats]
"""The share of ink, 0 to 1, at places (N, 2) in millimetres, (N,)."""

PROCESS = tuple(CMYK[name] for name in LIGHT_FIRST)
"""Colors of the process inks, in the order in which they are printed."""

PROCESS_ANGLES = (0.0, 15.0, 75.0, 45.0)
"""Degrees of their screens: yellow's is seen least, and so comes nearest to another one."""

SWEEPS, SETTLED = 60, 1e-4
"""How often the shares of all inks are made better, one after the other, and by how much less is enough."""


def one_ink(gradient: Gradient) -> str | None:
    """Give the color of a gradient that changes its opacity alone, None for those of several colors."""
    colors = {hex_color(color) for color in gradient.colors}
    return colors.pop() if len(colors) == 1 else None


def fade(gradient: Gradient, opacity: float, scale: float, offset: tuple[float, float]) -> Tone:
    """Give the tone of a gradient's opacity, in millimetres: a unit is `scale`, the origin lies at `offset`."""
    start = np.array(gradient.start) * scale + offset
    x, y = (np.array(gradient.end) - gradient.start) * scale
    length = max(float(np.hypot(x, y)), 1e-9)
    opacities = np.array(gradient.opacities or (1.0,) * len(gradient.colors)) * opacity

    def tone(places: Floats) -> Floats:
        dx, dy = (places - start).T
        along, across = (dx * x + dy * y) / length**2, (dx * y - dy * x) / length**2
        share = np.hypot(along, across / gradient.ratio) if gradient.radial else along
        return np.asarray(np.interp(share, gradient.places, opacities))

    return tone


def shares(pixels: Pixels, inks: Sequence[str], cloth: str) -> Floats:
    """Give how much of each ink (K, N), 0 to 1, colors (N, 3) take on a cloth, so that they come near.

    Inks are translucent and print on each other: on the cloth, a channel is its light times 1 - c (1 - ink) for each
    ink of a share c, on sRGB's values. Dots print wider than they are by about as much (Yule and Nielsen 1951).
    The process inks are those of `cmyk_of`. For others the squares of what is off are least: as this is a parabola in
    the share of any one ink, its lowest place is taken for one after the other.
    """
    light = np.minimum(pixels / np.maximum(np.array(parse(cloth), np.float64), 1.0), 1.0)
    if tuple(inks) == PROCESS:
        cyan, magenta, yellow, black = cmyk_of(to_uint8(255 * light)[None])
        return np.concatenate([yellow, cyan, magenta, black]) / 255.0
    taken = 1 - np.array([parse(ink) for ink in inks], np.float64) / 255
    found = np.zeros((len(inks), len(light)))
    for _ in range(SWEEPS):
        before = found.copy()
        for k, own in enumerate(taken):
            others = np.ones_like(light)
            for j, other in enumerate(taken):
                if j != k:
                    others *= 1 - found[j][:, None] * other
            slope = others * own
            found[k] = np.clip(((others - light) * slope).sum(axis=1) / np.maximum((slope**2).sum(axis=1), 1e-9), 0, 1)
        if np.abs(found - before).max(initial=0) < SETTLED:
            break
    return found
