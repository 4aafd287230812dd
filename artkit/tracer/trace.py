"""A picture or its regions in, a drawing out: each kind of picture goes its way, and unlike parts theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from artkit.artwork.drawing import Drawing, Layer
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.errors import UsageError
from artkit.tracer.assemble import Borders, Layering, drawn
from artkit.tracer.closeness import is_faithful
from artkit.tracer.found import (
    Kind,
    Regions,
    found_regions,
    given_regions,
    gradient_regions,
    grid_regions,
    in_colors,
    is_blank,
    is_translucent,
    kind_of,
    mosaic_regions,
    translucent_regions,
)
from artkit.tracer.gradients.look import is_smooth
from artkit.tracer.inset import Box, insets, with_insets
from artkit.tracer.lettering import Lettering, lettering
from artkit.tracer.regions.ground import Ground, even_ground
from artkit.tracer.strokes.choice import Mode
from artkit.tracer.texture import MANY, description, is_screen, most_regions
from artkit.tracer.wanted import Wanted
from artkit.workers import suited

if TYPE_CHECKING:
    from artkit.tracer.colored import Colored
    from artkit.tracer.mosaic import Mosaic
    from artkit.tracer.soft import Split


class Asked(NamedTuple):
    """What the parameters ask for; `overlap` is how many pixels stacked colors go on beneath others; `dots`, `text`,
    `insets` whether screens of dots, text, photos are looked for."""

    kind: Kind
    palette: tuple[str, ...]
    wanted: Wanted
    borders: Borders
    layers: Layering
    strokes: Mode
    overlap: float = np.inf
    dots: bool = True
    text: bool = True
    insets: bool = True

    @property
    def limited(self) -> bool:
        """Whether the drawing of a photo has a budget."""
        wanted = self.wanted
        return bool(wanted.shapes or wanted.bytes or wanted.psnr or wanted.levels)

    @property
    def of_photos(self) -> bool:
        """Whether what is asked for can be had of photos alone."""
        return self.limited or self.wanted.focus.strip().lower() not in ("", "auto", "off")

    @property
    def usual(self) -> bool:
        """Whether borders are smooth and shapes without seams, as they are by themselves."""
        return self.borders.curves == "spline" and self.layers == "merged"


class Told(NamedTuple):
    """Who is told what is seen and how far it is, and what is written into the file."""

    report: Callable[[str], None]
    progress: Callable[[float], None]
    metadata: Mapping[str, str]


def traced(source: Labels | Image, asked: Asked, told: Told) -> Drawing:
    """Draw a picture or regions in the way that suits them, and as they are asked for; soft parts lie beneath."""
    with suited(source.width * source.height):
        return _over_soft(source, asked, told)


def _over_soft(source: Labels | Image, asked: Asked, told: Told) -> Drawing:
    if isinstance(source, Labels) or asked.layers != "merged" or (parts := _soft_parts(source)) is None:
        return _traced(source, asked, told)
    if is_blank(parts.rest):
        return Drawing(source.width, source.height, parts.layers)
    above = _traced(parts.rest, asked, told)
    return above.replace(layers=[*parts.layers, *above.layers])


def _soft_parts(source: Image) -> Split | None:
    """The soft parts of a picture and its rest, None where nothing is transparent."""
    if source.alpha is None:
        return None
    from artkit.tracer.soft import split

    return split(source)


def _traced(source: Labels | Image, asked: Asked, told: Told) -> Drawing:
    kind, palette, wanted, borders, layers = asked[:5]
    limited, usual, report = asked.limited, asked.usual, told.report
    _refuse(isinstance(source, Labels) and limited, "shapes, bytes, psnr and levels are for pictures, not for regions")
    _refuse(
        bool(wanted.levels) and (wanted.is_flat or not usual),
        "levels go with curves = spline and layers = merged, without colors or palette",
    )
    _refuse(
        wanted.fills == "gradient" and (isinstance(source, Labels) or wanted.is_flat or not usual),
        "fills = gradient goes with pictures, curves = spline and layers = merged, without colors or palette",
    )
    _refuse(bool(wanted.levels) and wanted.group != "none", "levels are groups of their own; group makes others")
    own = not palette and wanted.colors is None
    if isinstance(source, Labels):
        regions = given_regions(in_colors(source, wanted.colors, palette, wanted.keep), wanted.min_area)
        if usual and source.source is not None and kind_of(source.source, "auto", source.source.is_opaque) == "photo":
            from artkit.tracer.photos import given_photo

            return given_photo(regions.ids, regions.palette, source.source, wanted.tolerance, ordered=bool(palette))
    elif (cells := _cells(source, asked)) is not None:
        regions = cells
    elif boxes := _insets(source, asked, ground := cache(lambda: even_ground(source.pixels))):
        report(f"a screenshot with {len(boxes)} photos" if len(boxes) > 1 else "a screenshot with a photo")
        whole = _ungrouped(asked)._replace(insets=False)
        return with_insets(source, boxes, lambda part: _traced(part, whole, Told(report, silent, {})))
    elif (text := _lettering(source, asked, ground)) is not None:
        report(text.seen)
        below = _traced(text.rest, _ungrouped(asked)._replace(text=False), told)
        return below.replace(layers=[*below.layers, Layer(text.shapes, "text")])
    elif own and not asked.of_photos and kind in ("auto", "flat") and is_translucent(source):
        regions = translucent_regions(source)
    elif (opaque := source.is_opaque) is not None and not opaque.any():
        raise UsageError(
            "nothing in the picture is more than half opaque, and what one can see through is traced with kind = auto "
            "or flat, without colors or palette; leave these out"
        )
    else:
        any_kind = (own and layers != "stacked") or asked.of_photos
        seen = (_seen if any_kind else _few)(source, asked, told)
        if isinstance(seen, Drawing):
            return seen
        regions = seen
    return drawn(
        regions, borders, layers, fixed=bool(palette), overlap=asked.overlap, strokes=asked.strokes, report=report
    )


def _seen(source: Image, asked: Asked, told: Told) -> Regions | Drawing:
    """Look at the picture and find its regions; photos, and screens of dots, as a drawing."""
    wanted, opaque = asked.wanted, source.is_opaque
    of_photos, usual = asked.of_photos, asked.usual
    without = _ungrouped(asked)._replace(dots=False, text=False)

    def dotted(report: Callable[[str], None]) -> Drawing | None:
        if asked.kind != "auto" or asked.limited or not (usual and asked.dots):
            return None
        from artkit.tracer.dotted import with_dots

        return with_dots(source, lambda rest: _traced(rest, without, Told(silent, silent, {})), report)

    own = not of_photos and wanted.colors is None and wanted.fills != "flat"
    kind = kind_of(source, asked.kind, opaque, gradients=own)
    if kind == "gradient" and not of_photos:
        regions = gradient_regions(source, wanted.min_area)
        lines: list[str] = []
        smooth = drawn(regions, asked.borders, asked.layers, fixed=False, report=lines.append)
        if asked.kind != "auto" or is_faithful(smooth, source):
            for line in lines:
                told.report(line)
            return smooth
        kind = kind_of(source, asked.kind, opaque)
    if kind != "photo":
        if of_photos:
            raise UsageError(
                f"shapes, bytes, psnr, levels and focus are for photos, and this is {kind} art; add kind = photo"
            )
        regions = found_regions(source, kind, None, (), wanted.min_area)
        found, most = len(regions.planar.face_area), most_regions(regions.ids.size)
        notes: list[str] = []
        drawing = dotted(notes.append) if found > MANY else None
        if drawing is None and MANY < found <= most and asked.kind == "auto" and usual and is_screen(source.pixels):
            drawing = _drawn_as_photo(source, wanted, told._replace(report=notes.append))
        if drawing is not None and (found > most or _is_shorter(drawing, source, regions, asked)):
            for note in notes:
                told.report(note)
            return drawing
        if found <= most:
            return regions
        if asked.kind != "auto":
            raise _too_many(kind, found)
    return _photo(source, asked, told, dotted)


def _few(source: Image, asked: Asked, told: Told) -> Regions | Drawing:
    """Find the regions of a picture in few colors, or in layers of a color each; photos as a drawing."""
    wanted = asked.wanted
    smooth = not asked.palette and wanted.colors is None and wanted.fills != "flat"
    kind = kind_of(source, asked.kind, source.is_opaque, gradients=smooth)
    if kind == "photo" or (kind == "gradient" and not smooth):
        return _photo(source, asked, told)
    if kind == "gradient":
        return gradient_regions(source, wanted.min_area)
    return found_regions(source, kind, wanted.colors, asked.palette, wanted.min_area, keep=wanted.keep)


_Dotted = Callable[[Callable[[str], None]], Drawing | None]
"""Draws a screen of dots, if there is one, and reports it."""


def _no_dots(_: object) -> None:
    return None


def _photo(source: Image, asked: Asked, told: Told, dotted: _Dotted = _no_dots) -> Drawing:
    """Draw a photo from its merge tree, in whatever colors, curves and layers."""
    wanted, borders, layers = asked.wanted, asked.borders, asked.layers
    whole = layers != "cutout" and (layers != "stacked" or asked.overlap == np.inf)
    if whole and borders.curves == "spline":
        return _drawn_as_photo(source, wanted, told, dotted)

    def finish(found: Mosaic | Colored, share: float) -> Drawing:
        closer = borders if borders.tolerance is None else replace(borders, tolerance=share * borders.tolerance)
        return drawn(mosaic_regions(found), closer, layers, fixed=True, overlap=asked.overlap)

    wanted = wanted if wanted.is_flat else replace(wanted, fills="flat")
    return _drawn_as_photo(source, wanted, told, dotted, finish)


def _drawn_as_photo(
    source: Image,
    wanted: Wanted,
    told: Told,
    dotted: _Dotted = _no_dots,
    finish: Callable[[Mosaic | Colored, float], Drawing] | None = None,
) -> Drawing:
    from artkit.tracer.photos import draw

    return draw(source, source.is_opaque, wanted, *told, dotted, finish)


def _is_shorter(drawing: Drawing, source: Image, regions: Regions, asked: Asked) -> bool:
    """Whether a drawing tells the picture in fewer bits than that of its regions."""
    plain = drawn(regions, asked.borders, asked.layers, fixed=False)
    return description(drawing, source) < description(plain, source)


def _ungrouped(asked: Asked) -> Asked:
    """What is asked for of a part of a drawing that is grouped as a whole."""
    return asked._replace(wanted=replace(asked.wanted, group="none"))


STRIP = 3
"""Pixels a side up to which a picture is traced pixel by pixel, whatever it is taken for."""


def _insets(source: Image, asked: Asked, ground: Callable[[], Ground | None]) -> list[Box]:
    """Photos in a picture that is traced by itself, in shapes without seams."""
    wanted = asked.wanted
    if asked.of_photos or not (asked.usual and asked.insets) or asked.kind != "auto":
        return []
    if asked.palette or source.alpha is not None:
        return []
    if wanted.colors is not None or wanted.min_area is not None:
        return []
    return [box for box in insets(source.pixels, ground()) if not is_smooth(box.of(source.pixels))]


def _lettering(source: Image, asked: Asked, ground: Callable[[], Ground | None]) -> Lettering | None:
    """Text and thin lines of a picture that is traced by itself, in shapes without seams."""
    wanted = asked.wanted
    if asked.of_photos or not (asked.usual and asked.text) or asked.kind not in ("auto", "flat"):
        return None
    if asked.palette or wanted.colors is not None or wanted.min_area:
        return None
    return None if source.alpha is not None else lettering(source, asked.borders, ground())


def _cells(source: Image, asked: Asked) -> Regions | None:
    """Regions of a picture on a grid, unless borders may stray, or it is said to be a photo or lines."""
    wanted = asked.wanted
    plain = not asked.of_photos and wanted.tolerance is None and wanted.fills != "gradient"
    strip = min(source.width, source.height) <= STRIP
    if (asked.kind in ("photo", "line") and not strip) or not plain or is_translucent(source):
        return None
    return grid_regions(source, wanted.colors, asked.palette, wanted.min_area, wanted.keep)


def _too_many(kind: str, found: int) -> UsageError:
    return UsageError(
        f"kind = {kind} finds {found} regions here, which are noise or texture; leave kind out, or use kind = photo, "
        "or colors = N with min_area = 20"
    )


def _refuse(asked: bool, what: str) -> None:
    if asked:
        raise UsageError(f"{what}; leave out one or the other")


def silent(_: object) -> None:
    """Tell nobody."""
