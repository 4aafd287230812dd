"""The coats of paint that explain the colors of a smooth cell.

Each choice is worth it if it saves more squared error than its price: description length, in levels of RGB squared
over pixels. A straight way, circles and ellipses are tried for the color, and then for the opacity of one more color
upon it, until none pays. At the end each coat is fitted anew while the others stay.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from artkit.algebra import eigen, inner, norm, product
from artkit.arrays import Floats
from artkit.tracer.gradients.coats import Coats, Paint
from artkit.tracer.gradients.profiles import BINS, Profile, binned, fitted
from artkit.tracer.gradients.ways import Along, Way, best_ways, refined

PRICE = 400.0
"""Squared error that a gradient must save, about."""

KINDS = (1.0, 1.4, 1.8)
"""Prices of straight ways, circles and ellipses, as multiples of it."""

STOP = 150.0
"""Squared error that a stop must save."""

OVERLAY = 3000.0
"""Squared error that a gradient of opacity must save: it repeats its cell's outline."""

UNSEEN = 1.0
"""Squared error of a pixel that nobody sees, roundings included."""

OVERLAYS = 4
"""Gradients of opacity upon one cell, at the most."""


LARGE = 1000
"""Cells of fewer pixels have the ground that comes closest by itself."""

FEW = 600
"""Places at which ways are first compared."""

ROUNDS = 2
"""How often coats are fitted anew."""


class Places:
    """What is to be painted: colors (N, 3) at places x and y, each of which stands for `scale` pixels."""

    def __init__(self, colors: Floats, x: Floats, y: Floats, area: float) -> None:
        self.colors, self.x, self.y = colors, x, y
        self.area, self.scale = area, area / len(x)
        few = min(len(x), FEW)
        self.few = np.arange(few) * len(x) // few

    def off(self, painted: Floats) -> float:
        """Squared error of colors (N, 3), over all pixels."""
        return self.scale * float(((painted - self.colors) ** 2).sum())


def painted(colors: Floats, x: Floats, y: Floats, area: float, *, most: int = OVERLAYS) -> Coats:
    """Find what paints places of the `colors` (N, 3), which stand for `area` pixels."""
    places = Places(colors, x, y, area)
    bases = _bases(places)
    coats = [min(bases, key=lambda base: price(places, [base]))]
    if not most or places.off(Coats(tuple(coats)).at(x, y)) <= OVERLAY + UNSEEN * area:
        return Coats(tuple(coats))
    if area < LARGE:
        bases = coats
    # What comes closest by itself may be a poor ground: the best pair is looked for.
    coats = min((_with_one_more(places, [base]) for base in bases), key=lambda coats: price(places, coats))
    while 1 < len(coats) <= most:
        more = _with_one_more(places, coats)
        if len(more) == len(coats):
            break
        coats = more
    return Coats(tuple(coats))


def price(places: Places, coats: list[Paint]) -> float:
    """Squared error of coats, and what they cost."""
    return places.off(Coats(tuple(coats)).at(places.x, places.y)) + sum(map(_cost, coats))


def _cost(coat: Paint) -> float:
    """What a coat costs: the lowest is there in any case, those of one color as well."""
    if coat.way is None:
        return 0.0
    profile = coat.color if coat.opacity is None else coat.opacity
    upon = 0.0 if coat.opacity is None else OVERLAY
    return upon + PRICE * KINDS[coat.way.kind] + STOP * (len(profile.places) - 2)


def _with_one_more(places: Places, coats: list[Paint]) -> list[Paint]:
    """Add a gradient of opacity, and fit all coats anew; give back the same where none pays."""
    so_far = Coats(tuple(coats)).at(places.x, places.y)
    if places.off(so_far) <= OVERLAY + UNSEEN * places.area:
        return coats
    upon = _overlay(places, so_far)
    return coats if upon is None else _anew(places, [*coats, upon])


def _bases(places: Places) -> list[Paint]:
    """Give the best color, and the best gradients straight, in circles and in ellipses, if one may be worth it."""
    mean = places.colors.mean(0)
    flat = Paint(None, Profile(np.zeros(1), mean[None]))
    if places.off(mean) < PRICE + 0.25 * places.area or len(places.x) < 8:
        return [flat]
    weight, few = np.ones(len(places.x)), places.few
    x, y = places.x[few], places.y[few]
    colors = places.colors[few]
    main = _main(colors - colors.mean(0))
    ways = best_ways(color_cost(x, y, colors, weight[few]), x, y, product(colors, main))
    return [flat, *(_colored(places, places.colors, weight, way) for _, way in ways)]


def color_cost(x: Floats, y: Floats, wanted: Floats, weight: Floats) -> Callable[[Along], float]:
    """Give the function that tells how far colors along a way would be from those that are wanted (N, C)."""
    total = inner((wanted * wanted).sum(1), weight)
    columns = np.ascontiguousarray((wanted * weight[:, None]).T)

    def cost(way: Along) -> float:
        bin_, _ = binned(way.along(x, y))
        mass = np.maximum(np.bincount(bin_, weight, BINS), 1e-9)
        return total - float(sum(((np.bincount(bin_, column, BINS) ** 2) / mass).sum() for column in columns))

    return cost


def _colored(places: Places, wanted: Floats, weight: Floats, way: Way) -> Paint:
    along = way.along(places.x, places.y)
    return Paint(way, fitted(along, wanted, weight * places.scale, STOP, 0, 255))


def _overlay(places: Places, so_far: Floats) -> Paint | None:
    """Find the gradient of opacity that brings what is painted `so_far` closest to the colors; None if none pays."""
    rest = places.colors - so_far
    weight, few = np.ones(len(rest)), places.few
    x, y = places.x[few], places.y[few]
    best: Paint | None = None
    least = places.off(so_far)
    for color in _tints(rest, so_far):
        part, towards = rest[few], (color - so_far)[few]
        share = (part * towards).sum(1) / ((towards * towards).sum(1) + 1)
        for _, way in best_ways(_veil_cost(x, y, part, towards, weight[few]), x, y, share):
            paint = _veiled(places, rest, color, color - so_far, weight, way)
            price = places.off(paint.on(so_far, places.x, places.y)) + _cost(paint)
            if price < least:
                least, best = price, paint
    return best


def _veil_cost(x: Floats, y: Floats, rest: Floats, towards: Floats, weight: Floats) -> Callable[[Way], float]:
    """Give the function that tells how much opacity along a way leaves of the `rest` (N, 3), less all of it."""
    pull = (rest * towards).sum(1) * weight
    strength = ((towards * towards).sum(1) + 1e-6) * weight

    def cost(way: Way) -> float:
        bin_, _ = binned(way.along(x, y))
        push, mass = np.bincount(bin_, pull, BINS), np.bincount(bin_, strength, BINS)
        share = np.clip(push / np.maximum(mass, 1e-9), 0, 1)
        return float((share * share * mass - 2 * share * push).sum())

    return cost


def _veiled(places: Places, rest: Floats, color: Floats, towards: Floats, weight: Floats, way: Way) -> Paint:
    strength = (towards * towards).sum(1) + 1e-6
    share = ((rest * towards).sum(1) / strength)[:, None]
    opacity = fitted(way.along(places.x, places.y), share, strength * weight * places.scale, STOP, 0, 1)
    return Paint(way, Profile(np.zeros(1), color[None]), opacity)


def _anew(places: Places, coats: list[Paint]) -> list[Paint]:
    """Fit each coat anew to what the others leave for it, where that comes closer."""
    x, y = places.x, places.y
    least = places.off(Coats(tuple(coats)).at(x, y))
    for _ in range(ROUNDS):
        before = least
        for k, coat in enumerate(coats):
            if coat.way is None:
                continue
            beneath = Coats(tuple(coats[:k])).at(x, y)
            through, upon = np.ones((len(x), 1)), np.zeros_like(places.colors)
            for other in coats[k + 1 :]:
                share = other.share(x, y)
                through, upon = through * (1 - share), other.on(upon, x, y)
            seen = np.maximum(through, 0.05)
            wanted = (places.colors - upon) / seen
            weight = (seen * seen)[:, 0]
            trial = [*coats[:k], _better(places, coat, coat.way, beneath, wanted, weight), *coats[k + 1 :]]
            off = places.off(Coats(tuple(trial)).at(x, y))
            if off < least:
                coats, least = trial, off
        if least > 0.97 * before:
            break
    return coats


def _better(places: Places, coat: Paint, way: Way, beneath: Floats, wanted: Floats, weight: Floats) -> Paint:
    """Fit one coat to what is `wanted` (N, 3) when it is painted upon what is `beneath`."""
    x, y = places.x, places.y
    if coat.opacity is None:
        way = refined(color_cost(x, y, wanted, weight), way, x, y)
        return _colored(places, wanted, weight, way)
    share = coat.share(x, y)
    heavy = share * weight[:, None]
    color = (heavy * (wanted - beneath * (1 - share))).sum(0) / max(float((heavy * share).sum()), 1e-9)
    color = np.clip(np.rint(color), 0, 255)
    way = refined(_veil_cost(x, y, wanted - beneath, color - beneath, weight), way, x, y)
    return _veiled(places, wanted - beneath, color, color - beneath, weight, way)


def _main(rest: Floats) -> Floats:
    """The direction (3,) in which colors (N, 3) spread most about zero."""
    main: Floats = eigen(product(rest.T, rest))[1][:, -1]
    return main


def _tints(rest: Floats, so_far: Floats) -> list[Floats]:
    """Colors (3,) of paint that would bring what is painted closer: either way along what is commonest in the rest."""
    main = _main(rest)
    found = []
    for way in (main, -main):
        along = np.maximum(product(rest, way), 0)
        mass = float((along * along).sum())
        if mass < 1e-6:
            continue
        start = (so_far * (along * along)[:, None]).sum(0) / mass
        wanted = (rest * along[:, None]).sum(0)
        wanted = wanted / max(norm(wanted), 1e-9)
        counts = np.abs(wanted) > 0.05
        room = np.where(wanted > 0, 255 - start, start)[counts] / np.abs(wanted[counts])
        far = float(np.clip(room.min(initial=400), along.max(), 400))
        found.append(np.clip(np.rint(start + far * wanted), 0, 255))
    return found
