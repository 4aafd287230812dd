"""Soft transparency, as of shadows and glows: a picture in, shapes for what is soft and the rest of it out.

Where alpha changes smoothly there are no borders to find. Each such part is a gradient of opacity, or slices of one, if
that explains it (`fades.py`), and else nested shapes along lines of equal alpha (`contours.py`). They lie beneath the
rest, so that what covers them needs to be taken off: with the soft part's alpha s, known around an object and filled in
beneath it, an edge pixel of alpha a is covered by the object to (a - s) / (1 - s) (Porter and Duff 1984).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artkit.arrays import Bools, Floats, Mask
from artkit.artwork.drawing import Layer, Path, Shape
from artkit.artwork.image import Image
from artkit.raster.masks import grown, shrunk
from artkit.spans import spanned
from artkit.tracer.beneath import carried, filled
from artkit.tracer.contours import nested
from artkit.tracer.fades import Box, Fade, found_fade
from artkit.tracer.slices import gradient_of, sliced

LEAST = 48
"""A soft part has at least so many pixels inside it; smaller ones are edges."""

COMMON, TOP = 0.6, 4
"""Where the TOP commonest alphas cover more than this share of a part, it is flat and not soft."""

STEEPEST = 40
"""The most that alpha changes from pixel to pixel in what is soft, of 255; edges are steeper."""

MARGIN = 6
"""How far around a soft part it counts that nothing is there, in pixels."""

MISSED = 3.0
"""What is no farther from a gradient than this, of 255, is explained by it."""

KNOWN = 8.0
"""Where a gradient is fainter than this, of 255, its pixels do not tell whether it goes on."""


class Split(NamedTuple):
    """Layers of what is soft, lowest first, and the picture without it."""

    layers: list[Layer]
    rest: Image


@spanned("soft parts")
def split(image: Image) -> Split | None:
    """Take a picture's soft parts off it; None where it has none."""
    if image.alpha is None or not ((image.alpha > 0) & (image.alpha < 255)).any():
        return None
    soft = is_soft(image.alpha)
    if not soft.any():
        return None
    share = image.alpha / 255.0
    layer = np.dstack([image.pixels * share[..., None], share])  # premultiplied, alpha last
    drawn = _drawn(layer, soft)
    gap = np.abs(layer - drawn.beneath) * (1, 1, 1, OPACITY)
    explained = drawn.faded & (gap <= MISSED).all(2)
    opaque = _lone(image.alpha == 255, explained)
    rest = _rest(image, layer, drawn.beneath, soft | explained | (image.alpha == 0), opaque)
    layers = [Layer(drawn.slices, "soft slices", crisp=True), Layer(drawn.shapes, "soft")]
    return Split([layer for layer in layers if layer.shapes], rest)


class _Soft(NamedTuple):
    """Slices and other shapes of soft parts; the layer (H, W, 4) that they make; and where it is that of gradients."""

    slices: list[Shape]
    shapes: list[Shape]
    beneath: Floats
    faded: Bools


def _drawn(layer: Floats, soft: Bools) -> _Soft:
    """Draw each soft part of a premultiplied layer (H, W, 4), which is known where it is `soft` or empty."""
    import cv2

    alpha = layer[..., 3]
    empty = (alpha == 0) & ~grown(alpha == 1, 2)
    beneath = filled(*carried(layer, soft | empty))
    count, part = cv2.connectedComponents((beneath[..., 3] >= 1 / OPACITY).astype(np.uint8), connectivity=8)
    slices: list[Shape] = []
    shapes: list[Shape] = []
    others, faded = np.zeros(alpha.shape, bool), np.zeros(alpha.shape, bool)
    for k in range(1, count):
        own = part == k
        seen, room = soft & own, grown(own, MARGIN) & (own | (part == 0))
        fade = found_fade(layer, seen | (empty & room))
        within = None
        if fade is None and (fade := found_fade(layer, seen, whole=False)) is not None:
            within = _cover(layer, fade, room, seen)
        if fade is None:
            others |= own
            continue
        more = _shapes(fade, room, within)
        (slices if isinstance(fade.way, Box) else shapes).extend(more)
        share = np.where(room, 1.0 if within is None else within, 0)
        faded |= share > 0
        beneath[room] = (fade.over(*alpha.shape) * share[..., None])[room]
    shapes += nested(np.where(others[..., None], beneath, 0)) if others.any() else []
    return _Soft(slices, shapes, beneath, faded)


def _cover(layer: Floats, fade: Fade, room: Bools, seen: Bools) -> Floats:
    """(H, W): to what part each pixel shows a fade that ends at an outline, known where nothing else is close by."""
    whole = fade.over(*room.shape)
    gap = np.abs(layer - whole) * (1, 1, 1, OPACITY)
    explained = (gap <= MISSED).all(2) & room
    others = grown(_lone(layer[..., 3] == 1, explained), 2)
    strength = whole[..., 3]
    share = np.clip(layer[..., 3] / np.maximum(strength, 1e-6), 0, 1)
    share[~grown(seen | explained, 2)] = 0
    return filled(share[..., None], ~others & (strength * OPACITY > KNOWN) | ~room)[..., 0]


def _shapes(fade: Fade, room: Bools, within: Floats | None) -> list[Shape]:
    """Draw a fade as slices, over the box of its `room`, or `within` an outline."""
    height, width = room.shape
    if isinstance(fade.way, Box):
        return sliced(fade, width, height)
    rows, columns = (np.flatnonzero(room.any(axis=axis)) for axis in (1, 0))
    low, high = np.array([columns[0], rows[0]], float), np.array([columns[-1] + 1, rows[-1] + 1], float)
    box = Path(np.array([low, [high[0], low[1]], high, [low[0], high[1]]]))
    paths = [box] if within is None else _outlined(within)
    return [Shape(paths, gradient_of(fade, (low + high) / 2))] if paths else []


def _outlined(share: Floats) -> list[Path]:
    """Trace what is covered (H, W), 0 to 1, as antialiased flat art."""
    from artkit.tracer.assemble import Borders, drawn
    from artkit.tracer.found import found_regions

    alpha = np.rint(255 * share).astype(np.uint8)
    regions = found_regions(Image(np.zeros((*alpha.shape, 3), np.uint8), alpha), "flat", 1, (), float(LEAST))
    return [
        path
        for shape in drawn(regions, Borders("spline", 28.0, None), "merged", fixed=False).shapes
        for path in shape.paths
    ]


def _lone(opaque: Bools, explained: Bools) -> Bools:
    """Give the opaque pixels without those parts that gradients explain."""
    import cv2

    count, part = cv2.connectedComponents(opaque.view(np.uint8), connectivity=8)
    lone = np.bincount(part[opaque & ~explained], minlength=count) > ROUNDED * np.bincount(
        part[opaque], minlength=count
    )
    alone: Bools = opaque & lone[part]
    return alone


ROUNDED = 0.02
"""An opaque part of which gradients explain all but this share is theirs."""


def is_soft(alpha: Mask) -> Bools:
    """(H, W): where alpha changes smoothly over an area, edges and even areas left out."""
    import cv2

    partial = (alpha > 0) & (alpha < 255)
    wide = alpha.astype(np.int16)
    steep = np.zeros(alpha.shape, bool)
    for axis in (0, 1):
        jump = np.abs(np.diff(wide, axis=axis)) > STEEPEST
        ahead, behind = [(0, 0), (0, 0)], [(0, 0), (0, 0)]
        ahead[axis], behind[axis] = (1, 0), (0, 1)
        steep |= np.pad(jump, ahead) | np.pad(jump, behind)
    inside = shrunk(partial & ~steep, 1)
    count, parts, facts, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=4)
    soft = np.zeros(count, bool)
    for part in np.flatnonzero(facts[:, cv2.CC_STAT_AREA] >= LEAST).tolist():
        if part:
            x, y, width, height = facts[part, :4]
            box = (slice(y, y + height), slice(x, x + width))
            values = np.sort(np.bincount(alpha[box][parts[box] == part], minlength=256))
            soft[part] = values[-TOP:].sum() < COMMON * values.sum()
    # Next to what is opaque, pixels may be mixtures with its edge.
    return grown(soft[parts], 2) & partial & ~steep & ~grown(alpha == 255, 2)


def _rest(image: Image, layer: Floats, beneath: Floats, gone: Bools, opaque: Bools) -> Image:
    """Give what lies on the soft parts, as a picture with a mask.

    A pixel close to opaque ones is a mixture of their color and of what is beneath, and its share of the two is read
    off all four channels; any other one covers as much as its alpha says.
    """
    under = np.clip(beneath[..., 3], 0, 1)
    cover = np.clip((layer[..., 3] - under) / np.maximum(1 - under, 1e-6), 0, 1)
    color = (layer[..., :3] - beneath[..., :3] * (1 - cover)[..., None]) / np.maximum(cover, 1e-6)[..., None]
    y, x, nearest = _beside(opaque)
    if len(y):
        paint = np.column_stack([image.pixels[nearest], np.full(len(y), OPACITY)])
        ground = beneath[y, x] * (1, 1, 1, OPACITY)
        along = paint - ground
        mixed = ((layer[y, x] * (1, 1, 1, OPACITY) - ground) * along).sum(1) / np.maximum((along**2).sum(1), 1e-9)
        cover[y, x], color[y, x] = np.clip(mixed, 0, 1), paint[:, :3]
    cover[gone & ~opaque] = 0
    cover[opaque] = 1
    solid = cover > FAINT
    pixels = np.where(solid[..., None], np.clip(np.rint(color), 0, 255), 0).astype(np.uint8)
    pixels[opaque] = image.pixels[opaque]
    return Image(pixels, np.rint(255 * np.where(solid, cover, 0)).astype(np.uint8))


def _beside(opaque: Bools) -> tuple[NDArray[np.intp], NDArray[np.intp], tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows and columns of pixels within two of opaque ones, and of the opaque one nearest to each."""
    from scipy.ndimage import distance_transform_edt

    y, x = np.nonzero(grown(opaque, 2) & ~opaque)
    if not len(y):
        return y, x, (y, x)
    places = distance_transform_edt(~opaque, return_distances=False, return_indices=True)
    return y, x, (places[0][y, x], places[1][y, x])


OPACITY = 255.0
"""What full opacity counts beside colors from 0 to 255, where mixtures are told apart."""

FAINT = 0.04
"""What covers less of a pixel than this is a rounding."""
