"""Strokes: a picture drawn in chalk or charcoal, or painted with a brush, along the form of things."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np

from artkit.arrays import TRANSPARENT, Mask
from artkit.artwork.drawing import Drawing
from artkit.artwork.image import Image
from artkit.artwork.labels import Labels
from artkit.color.gray import gray_of
from artkit.color.levels import to_uint8
from artkit.color.palette import parse
from artkit.errors import UsageError
from artkit.importance.focus import CLOSE, focus_of
from artkit.ops import frame as geometry
from artkit.raster.bands import Advance, few_rows, leg, spans
from artkit.raster.courses import equalized, flow_of, stroke_mask
from artkit.registry import op
from artkit.registry.colors import ColorName
from artkit.registry.declared import Field
from artkit.registry.parameters import FocusOn

TONES = 20
"""Tones between paper and ink, so that files stay small."""

NEAR = 0.25
"""How much a place must matter, from 0 to 1, for strokes to be finer: as much as faces do."""

Width = Annotated[float, Field(ge=1, le=500, description="Width of a stroke in pixels, about.")]
Length = Annotated[float, Field(ge=1, le=5000, description="Length of a stroke in pixels, about.")]
Lean = Annotated[
    float, Field(ge=-180, le=180, description="Direction of strokes where nothing leads, in degrees: 0 right, 90 up.")
]
Layers = Annotated[
    int, Field(ge=1, le=6, description="How many brushes, one after the other, each half as broad as the last.")
]
Strokes = Annotated[
    float, Field(ge=1, le=50, description="Length of a stroke, for each of its width, where colors let it.")
]
Detail = Annotated[
    float, Field(ge=0, le=1, description="How much of the picture finer brushes paint over: 0 nothing, 1 nearly all.")
]
Variation = Annotated[
    float, Field(ge=0, le=1, description="How much the colors of strokes vary, as on a palette that is mixed.")
]
Smooth = Annotated[float, Field(ge=0, le=500, description="How far around directions are averaged, in pixels.")]


@op
def crayon(
    image: Image,
    *,
    width: Width = 5.0,
    length: Length = 70.0,
    where: Annotated[
        Literal["dark", "light"], Field(description="What strokes stand for: charcoal is dark, chalk light.")
    ] = "dark",
    softness: Annotated[
        float, Field(ge=0, le=1, description="How gradually ink becomes paper: 0 is a cut, 0.5 charcoal.")
    ] = 0.3,
    grain: Annotated[
        float, Field(ge=0, le=1, description="How much the grain of the paper shows in the strokes.")
    ] = 0.25,
    lean: Lean = 50.0,
    smooth: Smooth = 12.0,
    ink: Annotated[ColorName, Field(description="Color of the strokes.")] = "#1a1714",
    paper: Annotated[ColorName, Field(description="Color of the paper.")] = "#f3eadb",
    focus: FocusOn = "auto",
    rng: np.random.Generator | None = None,
    progress: Advance | None = None,
) -> Image:
    """Draw the picture in strokes that follow its forms: the darker it is, or the lighter, the more.

    Each stroke has a tone from which on it is drawn, all of them as often, so that tones are kept. Where `focus`
    is, faces by `auto`, strokes are half as long and wide, or a third in eyes and mouths.
    """
    rng = rng or np.random.default_rng(0)
    gray = gray_of(image.pixels, "lightness")
    mask = _mask(image, gray, width, length, smooth, lean, focus, rng)
    if grain:
        tooth = rng.integers(0, 256, gray.shape, np.uint8)
        mask = equalized(to_uint8(mask * np.float32(1 - grain) + tooth * np.float32(grain)))
    fade = max(softness, 1e-3)
    pixels = np.empty_like(image.pixels)
    color, ground = np.array(parse(ink), np.float32), np.array(parse(paper), np.float32)
    for top, bottom in spans(image.height, few_rows(image.height, image.width), leg(progress, 0.7, 1)):
        tone = gray[top:bottom].astype(np.float32)
        drawn = (255 - tone if where == "dark" else tone) * (1 + fade) - mask[top:bottom]
        share = np.clip(drawn / (255 * fade), 0, 1)  # nothing on white, all of black
        share = np.rint(share * TONES) / np.float32(TONES)
        pixels[top:bottom] = to_uint8(ground + share[..., None] * (color - ground))
    return image.with_pixels(pixels)


@op
def carve(
    image: Image,
    *,
    width: Width = 7.0,
    length: Length = 80.0,
    shadows: Annotated[
        float, Field(ge=0, le=1, description="Lightness, from black, 0, to white, 1, below which nothing is cut away.")
    ] = 0.3,
    lights: Annotated[float, Field(ge=0, le=1, description="Lightness above which everything is cut away.")] = 0.7,
    lean: Lean = 50.0,
    smooth: Smooth = 16.0,
    focus: FocusOn = "auto",
    rng: np.random.Generator | None = None,
) -> Labels:
    """Divide the picture into black and white by strokes of a gouge between shadows and lights.

    They follow its forms, the lighter it is, the more of them. Where `focus` is, faces by `auto`, they are half as long
    and wide, or a third in eyes and mouths.
    """
    if shadows > lights:
        raise UsageError(f"carve: shadows: {shadows:g} is above lights, {lights:g}; use at most that")
    gray = gray_of(image.pixels, "lightness")
    mask = _mask(image, gray, width, length, smooth, lean, focus, rng or np.random.default_rng(0))
    level = 255 * (shadows + (lights - shadows) * (np.arange(256) + 0.5) / 256)
    ids = (gray > level.astype(np.float32)[mask]).astype(np.int32)
    if image.is_opaque is not None:
        ids[~image.is_opaque] = TRANSPARENT
    return Labels(ids, np.array([[0, 0, 0], [255, 255, 255]], np.uint8), image)


def _mask(
    image: Image, gray: Mask, width: float, length: float, smooth: float, lean: float, focus: str,
    rng: np.random.Generator,
) -> Mask:  # fmt: skip
    """Thresholds (H, W) of strokes, finer where `focus` is."""
    mask = stroke_mask(gray, flow_of(gray, smooth, lean), width, length, rng)
    seen = focus_of(focus, image)
    if seen is None or seen.is_plain:
        return mask
    close = seen.close(image.width, image.height)
    for least, share in ((NEAR, 1 / 2), (CLOSE, 1 / 3)):
        fine = stroke_mask(gray, flow_of(gray, share * smooth, lean), share * width, share * length, rng)
        mask = np.where(close >= least, fine, mask)
    return mask


@op
def brush(
    image: Image,
    *,
    width: Annotated[float, Field(ge=2, le=500, description="Width of the broadest brush in pixels, about.")] = 40.0,
    layers: Layers = 3,
    length: Strokes = 5.0,
    detail: Detail = 0.5,
    variation: Variation = 0.3,
    bristles: Annotated[float, Field(ge=0, le=1, description="How much the brush's bristles show in the paint.")] = 0.4,
    relief: Annotated[
        float, Field(ge=0, le=2, description="How much light the ridges of the paint catch: 0 is flat.")
    ] = 0.5,
    lean: Lean = 30.0,
    focus: FocusOn = "auto",
    rng: np.random.Generator | None = None,
    progress: Advance | None = None,
) -> Image:
    """Paint the picture in strokes that follow its forms, broad ones first, finer ones where these fail.

    A stroke has the color of the place where it begins, and ends where the picture is of another. Where `focus` is,
    faces by `auto`, there is one finer brush more. After Hertzmann, "Painterly rendering with curved brush strokes of
    multiple sizes" (1998).
    """
    from artkit.raster.brushed import Paint, painted

    seen = focus_of(focus, image)
    close = None if seen is None or seen.is_plain else seen.close(image.width, image.height)
    paint = Paint(width, layers, length, detail, variation, bristles, relief, lean)
    return image.with_pixels(painted(image.pixels, paint, close, rng or np.random.default_rng(0), progress))


@op
def brush_strokes(
    image: Image,
    *,
    width: Annotated[
        float, Field(ge=0.004, le=0.5, description="Width of the broadest brush, as a share of the longer side.")
    ] = 0.04,
    layers: Layers = 3,
    length: Strokes = 5.0,
    detail: Detail = 0.5,
    variation: Variation = 0.3,
    lean: Lean = 30.0,
    focus: FocusOn = "auto",
    rng: np.random.Generator | None = None,
    progress: Advance | None = None,
) -> Drawing:
    """Draw the picture in strokes of a brush that follow its forms, each one curve of one color.

    As `brush` paints them, without bristles and relief. Each brush has a layer of its own; strokes that others hide are
    left out. None begins in a transparent part.
    """
    from artkit.raster.brushed import Paint
    from artkit.styles import strokes as engine

    if image.is_opaque is not None and not image.is_opaque.any():
        return Drawing(image.width, image.height)
    reduced = geometry.resize(image, size=engine.SIDE)
    seen = focus_of(focus, image)
    close = None if seen is None or seen.is_plain else seen.close(reduced.width, reduced.height)
    across = max(width * max(reduced.width, reduced.height), 2.0)
    paint = Paint(across, layers, length, detail, variation, 0, 0, lean)
    return engine.drawing(
        reduced.pixels, (image.width, image.height), paint, close,
        rng or np.random.default_rng(0), reduced.is_opaque, progress,
    )  # fmt: skip
