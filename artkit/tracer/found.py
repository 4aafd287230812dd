"""A picture in, its regions out: a label image, the colors, and where the borders run between the pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import TRANSPARENT, Floats
from artkit.artwork.drawing import Fill
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color.palette import colors_of
from artkit.planar.map import PlanarMap, planar_map
from artkit.spans import spanned

if TYPE_CHECKING:
    from artkit.tracer.colored import Colored
    from artkit.tracer.mosaic import Mosaic
    from artkit.tracer.noise import Damage
    from artkit.tracer.regions.flat import Mixtures

Kind = Literal["auto", "flat", "gradient", "line", "photo"]


def is_blank(source: Labels | Image) -> bool:
    """Whether all of the picture is transparent."""
    if isinstance(source, Labels):
        return bool((source.ids == TRANSPARENT).all())
    return source.alpha is not None and not source.alpha.any()


@dataclass(frozen=True, eq=False)
class Regions:
    """A label image and its colors; `offsets` tells where borders run beside their cracks, None where nothing does.

    `given` regions come from an earlier step. `opacity` (K,) of the colors is 0 to 1, None where all are opaque.
    `damage` is what noise and blur have done to flat art.
    Borders of `exact` ones run along the pixels. `fills` are those of each region where colors do not tell it all,
    lowest first. `pixels` (H, W, 3) are the picture's, None where they tell nothing; they are mixtures of `plain` ones'
    colors.
    """

    kind: str
    ids: NDArray[np.int32]
    palette: NDArray[np.uint8]
    offsets: Callable[[PlanarMap], Floats] | None
    given: bool = False
    opacity: Floats | None = None
    damage: Damage | None = None
    exact: bool = False
    fills: list[list[Fill]] | None = None
    pixels: NDArray[np.uint8] | None = None
    plain: bool = False

    @cached_property
    def planar(self) -> PlanarMap:
        """The planar map of the label image."""
        return planar_map(self.ids)


def given_regions(labels: Labels, min_area: float | None) -> Regions:
    """Regions of an earlier step; where their picture is known, it tells where the borders run."""
    from artkit.tracer.regions.edges import contrast_offsets

    ids = labels.ids
    if min_area:
        from artkit.tracer.regions.faces import without_small

        ids = without_small(ids, labels.palette, min_area)
    if labels.source is None:
        return Regions("photo", ids, labels.palette, None, given=True)
    pixels = labels.source.pixels
    return Regions(
        "photo",
        ids,
        labels.palette,
        lambda planar: contrast_offsets(planar, ids, pixels, len(labels.palette)),
        given=True,
    )


def in_colors(labels: Labels, colors: int | None, palette: tuple[str, ...], keep: tuple[str, ...]) -> Labels:
    """Regions of an earlier step in a fixed palette, or in at most so many of their own colors."""
    from artkit.tracer.regions.flat import Mixtures, reduced

    if not palette and colors is None:
        return labels
    own = Mixtures(labels.ids, labels.ids, np.ones(labels.ids.shape, np.float32), labels.palette.astype(np.float64))
    fixed, kept = (colors_of(names) if names else None for names in (palette, keep))
    made = reduced(own, colors, fixed, kept)
    return Labels(made.owner, np.rint(made.palette).astype(np.uint8), labels.source)


def is_translucent(image: Image) -> bool:
    """Whether the picture has even areas that one can see through, or nothing opaque at all."""
    from artkit.tracer.regions import translucent

    if image.alpha is None or image.is_opaque is None:
        return False
    return not image.is_opaque.any() or translucent.is_translucent(image.pixels, image.alpha)


@spanned("translucent regions")
def translucent_regions(image: Image) -> Regions:
    """Regions of flat art with even areas that one can see through."""
    from artkit.tracer.regions.edges import edge_offsets
    from artkit.tracer.regions.translucent import is_nothing, translucent_mixtures

    assert image.alpha is not None
    mixed, colors, opacity = translucent_mixtures(image.pixels, image.alpha)
    ids = np.where(is_nothing(mixed, opacity), np.int32(TRANSPARENT), mixed.owner)
    return Regions("flat", ids, colors, lambda planar: edge_offsets(planar, mixed), opacity=opacity)


@spanned("gradient regions")
def gradient_regions(image: Image, min_area: float | None) -> Regions:
    """Regions of a drawing of gradients."""
    from artkit.tracer.gradients.regions import gradient_mixtures
    from artkit.tracer.regions.edges import edge_offsets

    mixed, fills = gradient_mixtures(image.pixels, image.is_opaque)
    if image.alpha is not None:
        mixed = replace(mixed, alpha=(image.alpha / np.float32(255)).astype(np.float32))
    if min_area:
        mixed = _without_small(mixed, min_area)
    return Regions(
        "gradient",
        mixed.owner,
        np.rint(mixed.palette).astype(np.uint8),
        lambda planar: edge_offsets(planar, mixed),
        fills=fills,
    )


@spanned("grid of pixels")
def grid_regions(
    image: Image,
    colors: int | None,
    palette: tuple[str, ...],
    min_area: float | None,
    keep: tuple[str, ...] = (),
) -> Regions | None:
    """Regions of a picture on a grid, each cell as it is; None where there is no grid."""
    from artkit.tracer.grid import on_grid
    from artkit.tracer.grid_noise import noisy_cells
    from artkit.tracer.regions.flat import pure, reduced

    cells = on_grid(image.pixels, image.is_opaque)
    if cells is None and image.alpha is None:
        cells = noisy_cells(image.pixels)
    if cells is None:
        return None
    fixed, kept = (colors_of(names) if names else None for names in (palette, keep))
    mixed = reduced(pure(cells.spread(), image.is_opaque), colors, fixed, kept)
    if min_area:
        mixed = _without_small(mixed, min_area)
    return Regions("grid", mixed.owner, np.rint(mixed.palette).astype(np.uint8), None, exact=True)


@spanned("flat regions")
def found_regions(
    image: Image,
    kind: Kind,
    colors: int | None,
    palette: tuple[str, ...],
    min_area: float | None,
    *,
    keep: tuple[str, ...] = (),
) -> Regions:
    """Find the regions of flat art or line work."""
    from artkit.tracer.regions.edges import edge_offsets
    from artkit.tracer.regions.flat import mixtures, reduced

    opaque = image.is_opaque
    fixed, kept = (colors_of(names) if names else None for names in (palette, keep))
    pixels = image.pixels
    if kind == "line":
        from artkit.tracer.look import clean

        pixels = clean(pixels, opaque)
    harm = None
    if _is_damaged(image, kind, pixels):
        from artkit.tracer.noise import damage
        from artkit.tracer.regions.noisy import noisy_mixtures

        harm = damage(pixels, opaque)
        mixed = noisy_mixtures(pixels, harm, image.alpha)
    else:
        mixed = mixtures(pixels, image.alpha)
    mixed = reduced(mixed, colors, fixed, kept)
    if min_area:
        mixed = _without_small(mixed, min_area)

    def offsets(planar: PlanarMap) -> Floats:
        if harm is None:
            return edge_offsets(planar, mixed)
        from artkit.tracer.regions.noisy import noisy_offsets

        return noisy_offsets(planar, mixed, pixels, harm)

    return Regions(
        kind,
        mixed.owner,
        np.rint(mixed.palette).astype(np.uint8),
        offsets,
        damage=harm,
        pixels=pixels if image.alpha is None else image.on_white().pixels,  # colors of what is transparent say nothing
        plain=harm is None and colors is None and fixed is None and not min_area,
    )


CLEAN, EXACT, SMALL = 0.7, 16, 9216
"""Art of no more than so many exact colors in so large a part of it is clean: JPEG and noise leave more, or less.

Only up to SMALL pixels: in larger pictures there is enough to tell noise from.
"""

CLEAR = 0.6
"""Line work has this share of its pixels in areas of one color; where it has less, noise lies over it."""


def _is_damaged(image: Image, kind: Kind, pixels: NDArray[np.uint8]) -> bool:
    """Whether noise lies over flat art or line work."""
    from artkit.tracer.noise import damage
    from artkit.tracer.regions.flat import flat_areas, pack

    flat = flat_areas(pixels)
    if kind == "line" and flat.mean() >= CLEAR:
        return False
    exact = flat.size <= SMALL and flat.mean() >= CLEAN and len(np.unique(pack(pixels)[flat])) <= EXACT
    if exact and not damage(pixels).blur:
        return False
    return kind_of(image, "auto", image.is_opaque, plain=True) == "photo"


@spanned("kind of picture")
def kind_of(
    image: Image, kind: Kind, opaque: NDArray[np.bool_] | None, *, plain: bool = False, gradients: bool = False
) -> Kind:
    """Look at the picture, unless it is known what it is; only with `gradients` can it be a drawing of them.

    What is `plain` is looked at as if there were neither noise nor gradients.
    """
    if kind != "auto":
        return kind
    from artkit.tracer.look import kind as look

    # Where alpha fades, colors are rounded off; they would pass for noise.
    solid = None if image.alpha is None else image.alpha == 255
    seen = opaque if solid is None or not solid.any() else solid
    found = look(image.pixels, seen)
    if found == "photo" and not plain:
        from artkit.tracer.gradients.look import is_gradient_art
        from artkit.tracer.noise import is_flat_art

        if gradients and is_gradient_art(image.pixels, seen, lambda: is_flat_art(image.pixels, seen)):
            return "gradient"
        return "flat" if is_flat_art(image.pixels, seen) else "photo"
    return found


def mosaic_regions(found: Mosaic | Colored) -> Regions:
    """Regions of a mosaic, each of its own color or of an ink."""
    from artkit.tracer.colored import Colored
    from artkit.tracer.regions.edges import contrast_offsets, field_offsets

    if isinstance(found, Colored):
        ids, pixels = found.labels, found.mosaic.pixels
        number = len(found.palette)
        return Regions("photo", ids, found.palette, lambda planar: contrast_offsets(planar, ids, pixels, number))
    mosaic = found
    palette = np.clip(np.rint(mosaic.fields.color), 0, 255).astype(np.uint8)
    return Regions(
        "photo",
        mosaic.labels,
        palette,
        lambda planar: field_offsets(planar, mosaic.labels, mosaic.pixels, mosaic.fields)[0],
    )


def _without_small(mixed: Mixtures, min_area: float) -> Mixtures:
    """Give small regions of flat art to their neighbors; their pixels are no mixtures any more."""
    from artkit.tracer.regions.faces import without_small

    owner = without_small(mixed.owner, np.rint(mixed.palette).astype(np.uint8), min_area)
    kept = owner == mixed.owner
    other, coverage = np.where(kept, mixed.other, owner), np.where(kept, mixed.coverage, np.float32(1))
    return replace(mixed, owner=owner, other=other, coverage=coverage)
