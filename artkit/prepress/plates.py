"""Drawings on paper in, plates out: for each ink its name and what it prints, in the order in which they are printed.

Plates are geometry: what is knocked out is cut out, what overprints is not, traps lie beneath. So they print alike as
pages, as layers and as films, whatever the program that reads them makes of overprinting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from artkit.color.palette import parse
from artkit.color.spaces import lightness
from artkit.errors import UsageError, did_you_mean
from artkit.prepress.halftone import ANGLES, Screen, screened
from artkit.prepress.merge import Thin, without_thin
from artkit.prepress.mixing import mixtures
from artkit.prepress.regions import GRID, Ink, Piece, Region, Sheet, joined, on_grid, stacked, topmost
from artkit.prepress.tones import Tone
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
    are those of inks by name, that of '' for all others; without any, tints are refused. What is thinner than `least`
    grows where it is of the inks to `widen`, else it goes to what lies beside it; without any named, lines that are
    darker than all around them grow.
    """

    order: Sequence[tuple[str, str]] = ()
    overprint: Sequence[str] = ()
    trap: float = 0.0
    least: float = 0.0
    widen: Sequence[str] | None = None
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
    """A sheet's plates, the first printed first; what was too thin of each ink at first, and what traps cover.

    Of dots, `dense` is how many layers of ink lie on each other where there is most.
    """

    width: float
    height: float
    plates: tuple[Plate, ...]
    thin: tuple[Thin, ...] = ()
    cover: Cover | None = None
    dense: float = 0.0


def separated(pieces: Sequence[Piece], names: dict[str, str], width: float, height: float, asked: Asked) -> Plates:
    """Make the plates of what is painted on a sheet, lowest first; `names` are those of colors.

    A UsageError says what cannot be: unknown inks, too many, a trap or a choke wider than what there is.
    """
    called = _named({piece.color: names.get(piece.color, piece.color) for piece in pieces}, asked)
    over = _overprinting(called, asked)
    mixes = _mixes(called, over, asked)
    names = {color: name for color, name in called.items() if color not in mixes}
    over = [color for color in over if color not in mixes]
    screens_of(names, asked)
    width, height = on_grid(width), on_grid(height)
    # Art that shows what overprints gives is taken as it is seen: nothing of it lies beneath anything.
    hidden = [] if mixes else over
    base, above = _regions(pieces, hidden, width, height, [*names, *mixes], asked.cloth)
    found = [without_thin(sheet, asked.least, _widened(sheet, called, asked), asked.cloth) for sheet in (base, *above)]
    (base, thin), *found = found
    above = [sheet for sheet, _ in found]
    _check_trap(base, called, asked.trap)
    spread = _spread(base, above, asked.trap)
    found_inks = [*zip(base.inks, spread.inks, strict=True), *_twice(above)]
    tints = {_kind(number, piece): piece.tint for number, piece in enumerate(pieces)}
    plates = _plates(found_inks, names, over, mixes, asked, tints)
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
        wanted[color] = name or names[color]
    left = [color for color in names if color not in wanted]
    lights = lightness(np.array([parse(color) for color in left], np.uint8).reshape(-1, 3))
    wanted |= {left[k]: names[left[k]] for k in np.argsort(-lights, kind="stable").tolist()}
    return well_named(wanted)


def well_named(inks: dict[str, str]) -> dict[str, str]:
    """Give inks' names by their colors as they are; a UsageError says which are reserved, or there twice."""
    names = [*inks.values()]
    for name in names:
        if name in RESERVED:
            raise UsageError(f"order: {name}: this name stands for {RESERVED[name]}; give another one")
        if names.count(name) > 1:
            raise UsageError(f"order: two inks are called {name!r}; give one of them another name")
    return inks


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


def _mixes(names: dict[str, str], over: list[str], asked: Asked) -> dict[str, tuple[str, ...]]:
    """Give which colors are mixtures of inks that overprint; one that the order names is an ink of its own."""
    found = mixtures([*names]) if over else {}
    own = [*names][: len(asked.order)]
    return {color: inks for color, inks in found.items() if color not in own and set(inks) <= {*over}}


def _overprinting(names: dict[str, str], asked: Asked) -> list[str]:
    if "all" in asked.overprint:
        return [*names]
    chosen = {_ink(word, names, "overprint") for word in asked.overprint}
    return [color for color in names if color in chosen]


def _widened(sheet: Sheet, names: dict[str, str], asked: Asked) -> list[str] | None:
    """Give the inks of a sheet whose thin parts grow, None for those of dark lines."""
    if asked.widen is None:
        return None
    chosen = set(names) if "all" in asked.widen else {_ink(word, names, "thicken") for word in asked.widen}
    return [ink.color for ink in sheet.inks if ink.color.split("@")[0] in chosen]


def _regions(
    pieces: Sequence[Piece], over: list[str], width: float, height: float, order: list[str], cloth: str
) -> tuple[Sheet, list[Sheet]]:
    """Give what the inks that knock out cover, and for each that overprints what it does, tints apart.

    What overprints hides nothing but is hidden by what lies above it. Tints have names of their own: color@share,
    and tones color@1 and a number.
    """
    faces, face, piece = stacked([each.parts for each in pieces], width, height)
    color = np.array([each.color for each in pieces])
    kinds = [_kind(number, each) for number, each in enumerate(pieces)]
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


def _kind(number: int, piece: Piece) -> str:
    """Give the name of a tint of an ink; each tone is one of its own."""
    return f"{piece.color}@{f'1 {number}' if callable(piece.tint) else f'{piece.tint:g}'}"


def _share(kind: str) -> float:
    return float(kind.split("@")[1].partition(" ")[0])


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


def _plates(
    inks: Sequence[tuple[Ink, Ink]],
    names: dict[str, str],
    over: list[str],
    mixes: dict[str, tuple[str, ...]],
    asked: Asked,
    tints: Mapping[str, float | Tone],
) -> tuple[Plate, ...]:
    """Put the tints of an ink, each before and after it was trapped, and its mixtures together as its plate."""
    made = []
    for (color, name), how in zip(names.items(), screens_of(names, asked), strict=True):
        own = [pair for pair in inks if color in mixes.get(base := pair[0].color.split("@")[0], (base,))]
        if own:
            printed = [_printed(spread.region, tints[spread.color], how, name) for _, spread in own]
            made.append(Plate(name, color, _union(printed), _union([ink.region for ink, _ in own]), color in over))
    if not made:
        raise UsageError("plates: nothing is left to print; ask for a smaller --min-feature")
    return tuple(made)


def _printed(region: Region, tint: float | Tone, how: Screen | None, name: str) -> Region:
    if not callable(tint) and tint >= 1:
        return region
    if how is None:
        raise UsageError(f"halftone: {name} has tints and no screen; give --halftone 45lpi for all inks")
    return screened(region, tint, how)


def screens_of(names: dict[str, str], asked: Asked, angles: Sequence[float] = ANGLES) -> list[Screen | None]:
    """Give the screen of each ink, in the order in which they are printed; those without an angle have theirs by turns.

    None stands for an ink without a screen. A UsageError names a screen that is of no ink.
    """
    chosen = {_ink(word, names, "halftone"): how for word, how in asked.screens.items() if word}
    found = [chosen.get(color, asked.screens.get("")) for color in names]
    return [
        how._replace(angle=angles[number % len(angles)]) if how and how.angle is None else how
        for number, how in enumerate(found)
    ]


def _union(parts: list[Region]) -> Region:
    import shapely

    return parts[0] if len(parts) == 1 else shapely.union_all(parts, grid_size=GRID)


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
        widened = before.widened + each.widened
        found[color] = Thin(color, before.parts + each.parts, before.area + each.area, widened)
    return tuple(found.values())
