"""Drawings on paper in, plates out: for each ink its name and what it prints, in the order in which they are printed.

Plates are geometry: what is knocked out is cut out, what overprints is not, traps lie beneath. So they print alike as
pages, as layers and as films, whatever the program that reads them makes of overprinting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from artkit.color.palette import parse
from artkit.color.spaces import lightness
from artkit.errors import UsageError, did_you_mean
from artkit.prepress.features import Thin, without_thin
from artkit.prepress.halftone import ANGLES, Screen, screened
from artkit.prepress.regions import GRID, Ink, Piece, Region, Sheet, joined, on_grid, stacked, topmost
from artkit.prepress.trap import Cover, cover_of, trapped

MOST = 32
"""Plates of a print; more are taken for a picture that is none for inks."""

DARK = 0.25
"""OKLab's lightness of inks that show on dark cloth as they are: no underbase lies beneath them."""

UNDERBASE = "Underbase"
RESERVED = {"All": "all plates", "None": "no plate", UNDERBASE: "the white beneath light inks"}
"""Names that no ink may have, and what they stand for (ISO 32000-1, 8.6.6.4)."""

WHITE = "#ffffff"


@dataclass(frozen=True)
class Asked:
    """Plates as they are asked for, in millimetres.

    `order` names inks by color or name, each with the name that it is to have, or none. `cloth` is no ink. `screens`
    are those of inks by name, that of '' for all others; without any, tints are refused.
    """

    order: Sequence[tuple[str, str]] = ()
    overprint: Sequence[str] = ()
    trap: float = 0.0
    least: float = 0.0
    underbase: bool = False
    choke: float = 0.0
    cloth: str = WHITE
    screens: dict[str, Screen] = field(default_factory=dict)


class Plate(NamedTuple):
    """What an ink prints, in millimetres on the sheet, and what of the art it covers: without traps, tints as solid."""

    name: str
    color: str
    region: Region
    art: Region
    overprints: bool = False


class Plates(NamedTuple):
    """A sheet's plates, the first printed first; what was too thin of each ink at first, and what traps cover."""

    width: float
    height: float
    plates: tuple[Plate, ...]
    thin: tuple[Thin, ...] = ()
    cover: Cover | None = None


def separated(pieces: Sequence[Piece], names: dict[str, str], width: float, height: float, asked: Asked) -> Plates:
    """Make the plates of what is painted on a sheet, lowest first; `names` are those of colors.

    A UsageError says what cannot be: unknown inks, too many, a trap or a choke wider than what there is.
    """
    names = _named({piece.color: names.get(piece.color, piece.color) for piece in pieces}, asked)
    over = _overprinting(names, asked)
    _check_screens(names, asked)
    width, height = on_grid(width), on_grid(height)
    base, above = _regions(pieces, over, width, height, [*names], asked.cloth)
    base, thin = without_thin(base, asked.least)
    found = [without_thin(sheet, asked.least) for sheet in above]
    above = [sheet for sheet, _ in found]
    _check_trap(base, names, asked.trap)
    spread = _spread(base, above, asked.trap)
    plates = _plates([*zip(base.inks, spread.inks, strict=True), *_twice(above)], names, over, asked)
    if asked.underbase:
        plates = (_underbase([base, *above], asked.choke), *plates)
    cover = cover_of(base, spread, asked.trap) if asked.trap else None
    return Plates(width, height, plates, _summed([*thin, *(each for _, more in found for each in more)]), cover)


def _named(names: dict[str, str], asked: Asked) -> dict[str, str]:
    """Give the name of each color that is printed, in the order in which it is: as asked for, others light to dark."""
    names = {color: name for color, name in names.items() if color != asked.cloth}
    if not names:
        raise UsageError(f"plates: nothing here has an ink; what is {asked.cloth} is taken for the cloth: see --paper")
    if len(names) > MOST:
        raise UsageError(f"plates: {len(names)} inks are too many, at most {MOST}; trace with fewer, as by --colors 6")
    if len(asked.order) > len(names):
        raise UsageError(
            f"order: names {len(asked.order)} inks, and the art has {len(names)} colors: {', '.join(names.values())}"
        )
    wanted: dict[str, str] = {}
    for word, name in asked.order:
        color = _ink(word, names, "order")
        if color in wanted:
            raise UsageError(f"order: has {word!r} twice")
        if name in RESERVED:
            raise UsageError(f"order: {word}:{name}: this name stands for {RESERVED[name]}; give another one")
        wanted[color] = name or names[color]
    left = [color for color in names if color not in wanted]
    lights = lightness(np.array([parse(color) for color in left], np.uint8).reshape(-1, 3))
    wanted |= {left[k]: names[left[k]] for k in np.argsort(-lights, kind="stable").tolist()}
    if len(set(wanted.values())) < len(wanted):
        twice = next(name for name in wanted.values() if list(wanted.values()).count(name) > 1)
        raise UsageError(f"order: two inks are called {twice!r}; give one of them another name")
    return wanted


def _ink(word: str, names: dict[str, str], option: str) -> str:
    """Give the color of the ink that a word means: by its name, or as a color."""
    from artkit.color.palette import name_of

    for color, name in names.items():
        if name.casefold() == word.casefold():
            return color
    try:
        color = name_of(parse(word))
    except UsageError:
        color = ""
    if color not in names:
        raise UsageError(f"{option}: no ink is called {word!r}{did_you_mean(word, names.values())}")
    return color


def _overprinting(names: dict[str, str], asked: Asked) -> list[str]:
    if "all" in asked.overprint:
        return [*names]
    chosen = {_ink(word, names, "overprint") for word in asked.overprint}
    return [color for color in names if color in chosen]


def _check_screens(names: dict[str, str], asked: Asked) -> None:
    for word in asked.screens:
        if word:
            _ink(word, names, "halftone")


def _regions(
    pieces: Sequence[Piece], over: list[str], width: float, height: float, order: list[str], cloth: str
) -> tuple[Sheet, list[Sheet]]:
    """Give what the inks that knock out cover, and for each that overprints what it does, tints apart.

    What overprints hides nothing but is hidden by what lies above it. Tints have names of their own: color@share.
    """
    faces, face, piece = stacked([each.parts for each in pieces], width, height)
    color = np.array([each.color for each in pieces])
    kinds = [f"{each.color}@{each.tint:g}" for each in pieces]
    rank = sorted(dict.fromkeys(kinds), key=lambda kind: (_rank(kind.split("@")[0], order), -_share(kind)))
    kind = np.array([*(rank.index(each) for each in kinds), -1])
    hides = ~np.isin(color, over)

    def seen(shown: np.ndarray, keep: Sequence[str]) -> Sheet:
        own = shown[piece]
        which = kind[topmost(len(faces), face[own], piece[own])]
        inks = (
            Ink(name, joined(faces[which == k]))
            for k, name in enumerate(rank)
            if name.split("@")[0] in keep and (which == k).any()
        )
        return Sheet(width, height, tuple(inks))

    base = seen(hides, [each for each in order if each not in over and each != cloth])
    return base, [sheet for each in over if (sheet := seen(hides | (color == each), [each])).inks]


def _rank(color: str, order: list[str]) -> int:
    return order.index(color) if color in order else -1


def _share(kind: str) -> float:
    return float(kind.split("@")[1])


def _check_trap(sheet: Sheet, names: dict[str, str], trap: float) -> None:
    """Refuse a trap that is wider than anything of an ink: it would print where nothing of that ink is."""
    import shapely

    for ink in sheet.inks if trap else ():
        if shapely.buffer(ink.region, -trap / 2, quad_segs=2).is_empty:
            parts = shapely.get_parts(ink.region)
            widest = 2 * max(shapely.length(shapely.maximum_inscribed_circle(part, tolerance=0.01)) for part in parts)
            name = names[ink.color.split("@")[0]]
            raise UsageError(
                f"trap: {trap:g} mm is wider than anything of {name}, whose widest part is {widest:.2f} mm; use less, "
                "or --min-feature to be rid of what is so thin"
            )


def _spread(base: Sheet, above: list[Sheet], trap: float) -> Sheet:
    """Trap the inks that knock out, also beneath those that overprint where these lie on bare cloth."""
    import shapely

    if not above or trap <= 0 or not base.inks:
        return trapped(base, trap)
    printed = shapely.union_all([ink.region for ink in base.inks])
    over = shapely.union_all([ink.region for sheet in above for ink in sheet.inks])
    bare = shapely.difference(over, printed, grid_size=GRID)
    spread = trapped(replace(base, inks=(*base.inks, Ink("", bare))), trap)
    return replace(spread, inks=spread.inks[:-1])


def _twice(sheets: list[Sheet]) -> list[tuple[Ink, Ink]]:
    return [(ink, ink) for sheet in sheets for ink in sheet.inks]


def _plates(inks: Sequence[tuple[Ink, Ink]], names: dict[str, str], over: list[str], asked: Asked) -> tuple[Plate, ...]:
    """Put the tints of an ink, each before and after it was trapped, together as its plate."""
    made = []
    for number, (color, name) in enumerate(names.items()):
        own = [pair for pair in inks if pair[0].color.split("@")[0] == color]
        if own:
            printed = [_screened(spread.region, _share(spread.color), color, number, names, asked) for _, spread in own]
            made.append(Plate(name, color, _union(printed), _union([ink.region for ink, _ in own]), color in over))
    if not made:
        raise UsageError("plates: nothing is left to print; ask for a smaller --min-feature")
    return tuple(made)


def _union(parts: list[Region]) -> Region:
    import shapely

    return parts[0] if len(parts) == 1 else shapely.union_all(parts, grid_size=GRID)


def _screened(region: Region, tint: float, color: str, number: int, names: dict[str, str], asked: Asked) -> Region:
    if tint >= 1:
        return region
    chosen = next((how for word, how in asked.screens.items() if word and _ink(word, names, "halftone") == color), None)
    how = chosen or asked.screens.get("")
    if how is None:
        raise UsageError(f"halftone: {names[color]} has tints and no screen; give --halftone 45lpi for all inks")
    angle = ANGLES[number % len(ANGLES)] if how.angle is None else how.angle
    return screened(region, tint, how._replace(angle=angle))


def _underbase(sheets: list[Sheet], choke: float) -> Plate:
    import shapely

    inks = [ink for sheet in sheets for ink in sheet.inks]
    light = [ink.region for ink in inks if lightness(np.array(parse(ink.color.split("@")[0]))).item() > DARK]
    if not light:
        raise UsageError("underbase: all inks are dark, and need none; leave --underbase out")
    region = shapely.buffer(shapely.union_all(light, grid_size=GRID), -choke)
    if region.is_empty:
        raise UsageError(f"choke: {choke:g} mm leaves nothing of the underbase; use less")
    return Plate(UNDERBASE, WHITE, region, region)


def _summed(thin: Sequence[Thin]) -> tuple[Thin, ...]:
    """Give what was thin of each ink, its tints together."""
    found: dict[str, Thin] = {}
    for each in thin:
        color = each.color.split("@")[0]
        before = found.get(color, Thin(color, 0, 0.0))
        found[color] = Thin(color, before.parts + each.parts, before.area + each.area)
    return tuple(found.values())
