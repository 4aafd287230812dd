"""Pages with photos or gradients of several colors in, plates of dots out: each ink's share of the color at each dot.

The page is rendered, four pixels to a cell of the screen, its colors are separated into the inks that are named, or
into cyan, magenta, yellow and black, and these print on each other. Pictures are not resized: mixed colors would take
other shares of ink than what they are mixed of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from artkit.arrays import Floats, Pixels
from artkit.artwork.drawing import Drawing, Gradient
from artkit.color.palette import name_of, parse
from artkit.errors import UsageError
from artkit.export.sheet import Composed
from artkit.export.sheet.layout import Box, Layout
from artkit.export.sheet.write import rendered
from artkit.pens.names import color_name, pen_name
from artkit.prepress.halftone import ANGLES, LOOKS, Screen, screened
from artkit.prepress.plates import Asked, Plate, Plates, screens_of, well_named
from artkit.prepress.regions import EXTREMES, on_grid
from artkit.prepress.tones import PROCESS, PROCESS_ANGLES, Tone, one_ink, shares

DENSE = 1e-4
"""Of the page, where most ink lies: what counts as the place where there is most."""


def is_continuous(paper: Composed) -> bool:
    """Whether a page has pixels, blurs, shadows, or gradients of several colors: what is no tint of one ink."""
    return any(not item.marks and _varies(item.art) for item in paper.items)


def _varies(art: object) -> bool:
    if not isinstance(art, Drawing):
        return True
    fills = (fill for layer in art.layers for shape in layer.shapes for fill in (shape.fill, shape.stroke))
    return any(layer.blur or layer.shadow for layer in art.layers) or any(
        isinstance(fill, Gradient) and one_ink(fill) is None for fill in fills
    )


def separated_tones(paper: Composed, window: Box, asked: Asked, spots: Mapping[str, str]) -> Plates:
    """Make the plates of what lies in a window of a paper; a UsageError says what cannot be asked of them."""
    import shapely

    _check(asked)
    names = _names(asked, spots)
    screens = _screens(names, asked)
    size = on_grid(window[2] - window[0]), on_grid(window[3] - window[1])
    planes = _planes(_pixels(paper, max(how.lpi for how in screens) * LOOKS, asked.cloth), [*names], asked.cloth)
    plates = []
    for (color, name), how, plane in zip(names.items(), screens, planes, strict=True):
        region = screened(shapely.box(0, 0, *size), _tone(plane, paper.layout, window), how)
        if not region.is_empty:
            plates.append(Plate(name, color, region, shapely.Polygon(), overprints=True))
    if not plates:
        raise UsageError(f"plates: nothing here takes any ink on {asked.cloth}; see --paper and --order")
    return Plates(*size, tuple(plates), dense=float(np.quantile(planes.sum(axis=0), 1 - DENSE)))


def _screens(names: dict[str, str], asked: Asked) -> list[Screen]:
    found = screens_of(names, asked, PROCESS_ANGLES if tuple(names) == PROCESS else ANGLES)
    without = [name for name, how in zip(names.values(), found, strict=True) if how is None]
    if without:
        raise UsageError(f"halftone: {without[0]} has no screen; give --halftone 45lpi for all inks")
    return [how for how in found if how]


def _check(asked: Asked) -> None:
    """Refuse what is of inks that lie beside each other."""
    for name, given in (("trap", asked.trap), ("min-feature", asked.least), ("underbase", asked.underbase)):
        if given:
            raise UsageError(
                f"{name}: there are photos, soft layers or gradients of several colors on this page, whose inks are "
                f"dots that print on each other; leave --{name} out, or trace it in flat colors"
            )
    if asked.cloth in EXTREMES:
        raise UsageError(f"paper: {asked.cloth} is of flat colors, and this page has none; name a color")


def _names(asked: Asked, spots: Mapping[str, str]) -> dict[str, str]:
    """Give the name of each ink by its color, in the order in which they are printed."""
    if not asked.order:
        return {color: pen_name(color).capitalize() for color in PROCESS}
    found: dict[str, str] = {}
    for word, name in asked.order:
        try:
            color = name_of(parse(word))
        except UsageError as error:
            raise UsageError(
                f"order: {word!r} is no color; inks of photos and gradients are named by color, as in "
                "'#0078bf:Blue,#ff48b0:Pink'"
            ) from error
        if color in found:
            raise UsageError(f"order: has {word!r} twice")
        found[color] = name or spots.get(color) or color_name(color)
    return well_named(found)


def _pixels(paper: Composed, dpi: float, cloth: str) -> Pixels:
    """Give the paper's colors on a cloth, (H, W, 3), without marks."""
    image = rendered(paper._replace(items=tuple(item for item in paper.items if not item.marks)), dpi, smooth=False)
    assert image.alpha is not None
    alpha = image.alpha[..., None] / 255
    return np.asarray(np.rint(image.pixels * alpha + np.array(parse(cloth)) * (1 - alpha)), np.uint8)


def _planes(pixels: Pixels, inks: Sequence[str], cloth: str) -> Floats:
    """Give the share of each ink at each pixel, (K, H, W)."""
    height, width, _ = pixels.shape
    keys = (pixels.astype(np.int32) << (16, 8, 0)).sum(axis=-1).ravel()
    colors, which = np.unique(keys, return_inverse=True)
    values = np.asarray(colors[:, None] >> (16, 8, 0) & 255, np.uint8)
    return shares(values, inks, cloth)[:, which].reshape(len(inks), height, width)


def _tone(plane: Floats, layout: Layout, window: Box) -> Tone:
    """Give a plane of a paper as a tone of places in a window."""
    size = np.array(plane.shape[::-1])
    scale = size / (layout.width, layout.height)

    def tone(places: Floats) -> Floats:
        x, y = np.clip(np.floor((places + window[:2]) * scale), 0, size - 1).astype(np.intp).T
        return np.asarray(plane[y, x])

    return tone
