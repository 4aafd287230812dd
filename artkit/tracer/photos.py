"""Photos as drawings: mosaics cut to a budget, in levels, with what was measured of them."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import TRANSPARENT, Pixels
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.color.choose import palette_of
from artkit.color.palette import Palette, by_lightness, colors_of
from artkit.errors import UsageError
from artkit.grouping.inks import grouped
from artkit.importance.focus import focus_of
from artkit.importance.skin import SALIENT, with_skin
from artkit.spans import spanned
from artkit.tracer import colored, vector
from artkit.tracer.budget import Budget, fitted
from artkit.tracer.colored import Colored
from artkit.tracer.halved import Halved
from artkit.tracer.lines.drawn import stroked
from artkit.tracer.lines.find import taken_off
from artkit.tracer.lines.fitted import Lines
from artkit.tracer.mosaic import Mosaic, Source
from artkit.tracer.seals import Above, colors_for, seen_with
from artkit.tracer.texture import most_shapes, tones
from artkit.tracer.wanted import Wanted
from artkit.workers import beside

SHAPES = 1000
"""Shapes that a photo comes to have, about, before it is looked at."""

DETAIL = 0.06
"""Mean squared error, of three channels, that a region must save at detail 0.5; more: fewer regions."""

LARGE, LARGE_SHAPES = 1 << 20, 1800
"""Pixels of a large photo, at the least, and shapes that it comes to have, about, before it is looked at."""


@spanned("photo")
def draw(
    image: Image,
    opaque: NDArray[np.bool_] | None,
    wanted: Wanted,
    note: Callable[[str], None],
    advance: Callable[[float], None],
    metadata: Mapping[str, str],
    dotted: Callable[[Callable[[str], None]], Drawing | None],
    finish: Callable[[Mosaic | Colored, float], Drawing] | None = None,
) -> Drawing:
    """Draw a photo as it is wanted; `dotted` draws one of more shapes than are sensible, if it is a screen of dots.

    `finish` draws regions at a share of the usual tolerance, where the usual curves and layers are not wanted.
    """
    limited = wanted.shapes or wanted.bytes or wanted.psnr or wanted.levels
    if not limited and (calm := tones(image.pixels)) is not None:
        if (drawing := dotted(note)) is not None:
            return drawing
        note("a screen or a dither: its tones are traced; shapes = N asks for its dots")
        shown = image.with_pixels(calm)
    else:
        shown = image
    plain = opaque is None and finish is None and wanted.has_strokes
    lines = taken_off(shown.pixels, _expected(wanted, shown)) if plain else None
    source = source_of(image.with_pixels(lines.calm) if lines else shown, opaque, wanted)
    advance(0.05)
    if wanted.levels:
        return _told(_levels(source, wanted), image, note)
    inked = _inker(source, image, opaque, wanted)
    size = wanted.bytes or (None, False)
    budget = Budget(wanted.shapes, size[0], size[1], wanted.psnr, metadata)
    start = budget.shapes if budget.shapes and not budget.bytes else _by_bytes(wanted)
    sensible = most_shapes(source.area, wanted.detail)
    start = start or _by_detail(source, wanted.detail, sensible)
    if inked and not limited:
        start = round(start * MORE * (8 / len(inked.palette)) ** 0.55)
        sensible = round(MOST * sensible)
    if start > sensible and not limited:
        if (drawing := dotted(note)) is not None:
            return drawing
        if not inked:
            note(f"texture: {start} shapes would pay, and {sensible} are drawn; shapes = N asks for more")
        start = sensible
    made, sight = 0, _Sight(not limited and source.area > LARGE)

    def make(regions: int, share: float = 1.0) -> Drawing:
        nonlocal made
        made += 1
        advance(1 - 0.9**made)
        return grouped(made_of(regions, share), wanted.group)

    def made_of(regions: int, share: float) -> Drawing:
        found: Mosaic | Colored
        if inked:
            found = inked.of(source.draft(regions))
        else:
            seals = 0 if finish else colors_for(regions)
            strokes = lines.lines.best(regions // 2) if lines else None
            count = regions - seals - (len(strokes.width) if strokes else 0)
            found = _without_small(source.mosaic(max(count, 1), final=not limited), wanted)
        if finish is not None:
            return finish(found, share)
        if isinstance(found, Colored):
            return colored.drawing(found, wanted.layers, share * (wanted.tolerance or colored.TOLERANCE))
        tolerance = vector.TOLERANCE if wanted.tolerance is None else wanted.tolerance
        return sight.drawn(vector.Followed.of(found, share * tolerance), strokes)

    most = max(source.area // 8, 1)
    drawing = fitted(make, start, most, budget, lambda d: _closeness(d, image)) if limited else make(start)
    drawing = _told(drawing, image, note, sight.seen())
    if wanted.psnr is not None and drawing.facts["psnr"] < wanted.psnr - 0.005:
        note(f"{wanted.psnr:g} dB cannot be had within the other limits; this is the closest")
    return drawing


class _Sight:
    """What a drawing of a mosaic looks like; most of that, if it is `wanted`, is seen while its hairs are closed."""

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted
        self.above: list[Above] = []
        self.drawing: Drawing | None = None

    def drawn(self, followed: vector.Followed, strokes: Lines | None) -> Drawing:
        """Draw a mosaic, and strokes on top of it."""
        self.drawing = vector.drawing(followed, keep=self.above.append if self.wanted else None)
        if strokes:
            self.drawing = self.drawing.replace(layers=[*self.drawing.layers, stroked(strokes, 1 / vector.GRID)])
        return self.drawing

    def seen(self) -> Pixels | None:
        """Give the picture of what was drawn, if it is known."""
        return seen_with(self.above.pop(), self.drawing) if self.drawing and self.above else None


def source_of(image: Image, opaque: NDArray[np.bool_] | None, wanted: Wanted) -> Source:
    """Make a photo ready to be cut into mosaics."""
    gradients = wanted.fills == "gradient" or (wanted.fills == "auto" and not wanted.is_flat)
    if wanted.fills == "gradient" and wanted.colors is not None:
        raise UsageError("fills: gradients have no number of colors; leave out colors, or use fills = flat")
    focus = focus_of(wanted.focus, image)
    weight = None if focus is None else focus.weight(image.width, image.height, salient=0)
    source = Source(image.pixels, opaque, weight, gradients=gradients)
    few = source.area > max(LARGE, ROOMY * _about(wanted)) and not wanted.is_flat and not wanted.psnr
    return Halved(source) if few and opaque is None else source


ROOMY = 7000
"""Pixels of a shape, on the average, from which on shapes are looked for at half the size; less: faster, less close."""


def _about(wanted: Wanted) -> int:
    """Number of shapes that a large photo comes to have, about, before it is looked at."""
    asked = wanted.shapes or _by_bytes(wanted) or max(wanted.levels, default=0)
    return asked or _large_shapes(wanted.detail)


def _large_shapes(detail: float) -> int:
    return round(LARGE_SHAPES * 2 ** (12 / 1.4 * (detail - 0.5)))


MORE = 1.5
"""Regions before they get eight inks, as a multiple of those that pay in colors of their own: neighbors unite. It falls
with a little more than the root of the number of inks."""

MOST = 0.85
"""Regions before they get their inks, at most, as a share of the most shapes of other photos."""

AUTOMATIC = 24
"""Colors of layers where nobody asks for a number."""


def given_photo(
    ids: NDArray[np.int32], palette: Palette, image: Image, tolerance: float | None, *, ordered: bool = False
) -> Drawing:
    """Draw regions (H, W) that an earlier step has found in a photo, a layer for each color from light to dark.

    The colors of `ordered` ones are in the order of the layers.
    """
    order = np.arange(len(palette)) if ordered else by_lightness(palette)[::-1]
    rank = np.append(np.argsort(order, kind="stable"), TRANSPARENT).astype(np.int32)
    found = colored.of_labels(rank[ids], palette[order], image.pixels)
    return colored.drawing(found, "merged", vector.TOLERANCE if tolerance is None else tolerance)


class _Inker(NamedTuple):
    """Gives mosaics the inks of a palette."""

    source: Source
    palette: Palette
    wanted: Wanted

    def of(self, mosaic: Mosaic) -> Colored:
        """Give a mosaic its inks."""
        used = not self.wanted.palette
        return colored.colored(self.source, mosaic, self.palette, self.wanted.min_area, used=used)


def _inker(source: Source, image: Image, opaque: NDArray[np.bool_] | None, wanted: Wanted) -> _Inker | None:
    """Choose the inks that are asked for; None where none are."""
    if not wanted.is_flat:
        return None
    if wanted.palette:
        palette = colors_of(wanted.palette)
    else:
        palette = inks_of(image, opaque, wanted)[::-1]
    return _Inker(source, palette, wanted)


@spanned("choose colors")
def inks_of(image: Image, opaque: NDArray[np.bool_] | None, wanted: Wanted) -> Palette:
    """Choose as many inks for a photo as are wanted, from dark to light."""
    keep = colors_of(wanted.keep) if wanted.keep else None
    focus = focus_of(wanted.focus, image)
    weight = None if focus is None else focus.weight(image.width, image.height, salient=SALIENT)
    count = wanted.colors or AUTOMATIC
    keep = with_skin(image.pixels, focus, count, keep)
    return palette_of(image.pixels, opaque, count, weight=weight, keep=keep)


def _by_bytes(wanted: Wanted) -> int:
    """Number of regions that fit into a file, about; 0 where any size will do."""
    size, gzipped = wanted.bytes or (0, False)
    return max(1, size // (62 if gzipped else 200)) if size else 0


def _expected(wanted: Wanted, image: Image) -> int:
    """Number of shapes that a drawing may come to have, before it is looked at."""
    sensible = min(SHAPES, most_shapes(image.width * image.height, wanted.detail))
    return min(filter(None, (wanted.shapes, _by_bytes(wanted)))) if wanted.shapes or wanted.bytes else sensible


def _by_detail(source: Source, detail: float, sensible: int) -> int:
    """Number of regions that are worth their place at a detail from 0 to 1; closely known up to a `sensible` one."""
    cost = DETAIL * 2 ** (12 * (0.5 - detail)) * source.area
    about = min(source.count_at(cost), sensible)
    if source.area > LARGE:  # grain makes many of what can be seen before there is a tree
        about = min(about, _large_shapes(detail))
    # The tree serves to cut the picture as well, where it was made for about as many regions.
    return max(source.tree(about).count_at(cost), 1)


def _closeness(drawing: Drawing, image: Image) -> float:
    from artkit.render import rendered
    from artkit.tracer.closeness import psnr

    return psnr(rendered(drawing, (image.width, image.height)), image.on_white().pixels)


@spanned("measure")
def _told(drawing: Drawing, image: Image, note: Callable[[str], None], seen: Pixels | None = None) -> Drawing:
    """Measure a drawing, tell it, and write it down; rendering it takes long where it has not been `seen` yet."""
    from artkit.render import rendered
    from artkit.tracer.closeness import closeness

    text = drawing.to_svg()
    packed = beside(lambda: len(gzip.compress(text.encode(), 9, mtime=0)))
    seen = rendered(text, (image.width, image.height)) if seen is None else seen
    close = closeness(seen, image.on_white().pixels)
    facts: dict[str, Any] = {
        "shapes": sum(1 for _ in drawing.shapes) + (drawing.background is not None),
        "segments": drawing.segments,
        "gzip_bytes": packed(),
        "psnr": round(close.psnr, 2),
        "ssim": round(close.ssim, 4),
        "gmsd": round(close.gmsd, 4),
    }
    note(
        f"photo, {facts['shapes']} shapes, {facts['segments']} segments, {len(text)} bytes ({facts['gzip_bytes']} "
        f"gzip), PSNR {close.psnr:.2f} dB, SSIM {close.ssim:.3f}"
    )
    return drawing.replace(facts=facts)


def _without_small(mosaic: Mosaic, wanted: Wanted) -> Mosaic:
    """Merge what is too small."""
    if not wanted.min_area:
        return mosaic
    from artkit.tracer.regions.faces import without_small

    palette = np.clip(np.rint(mosaic.fields.color), 0, 255).astype(np.uint8)
    return mosaic.merged(without_small(mosaic.labels, palette, wanted.min_area))


def _levels(source: Source, wanted: Wanted) -> Drawing:
    """Draw nested levels, the finest on top."""
    counts = sorted(set(wanted.levels))
    finest = source.mosaic(counts[-1], levels=True)
    return vector.nested(vector.Followed.of(finest, wanted.tolerance), counts)


def flat_mosaic(image: Image, opaque: NDArray[np.bool_] | None, wanted: Wanted) -> Mosaic:
    """The regions of a photo, each of one color, for those who draw them in a way of their own."""
    source = source_of(image, opaque, replace(wanted, fills="flat"))
    count = wanted.shapes or _by_detail(source, wanted.detail, most_shapes(source.area, wanted.detail))
    return _without_small(source.mosaic(count), wanted)
